//! What the one visitor records of a module: scopes, names, writes, references, functions and calls.
//!
//! Everything here is cheap to record and says nothing yet. Values, uses and flows are worked out afterwards,
//! backwards from the few places that matter, over these tables and the borrowed tree.

use std::{cell::Cell, collections::hash_map::Entry};

use rustc_hash::{FxBuildHasher, FxHashMap};
use swc_atoms::Atom;
use swc_ecma_ast::{Expr, MemberExpr, Pat};

use crate::span::Span;

mod call;
mod class;
mod context;
mod exported;
mod functions;
mod names;
mod outside;
mod patched;
mod piece;
mod rootless;
mod signs;
mod spare;

pub(super) use self::{
    call::{Call, CallNode, Syntax},
    class::{Class, ClassId, Owner},
    context::{Context, With},
    exported::{Export, Exported},
    outside::Outside,
    patched::Patched,
    piece::Piece,
    rootless::{Loose, Rootless},
    signs::{Branch, Signs},
};

pub(super) type NameId = u32;
pub(super) type ScopeId = u32;
pub(super) type FuncId = u32;
pub(super) type BindingId = u32;
pub(super) type CallId = u32;
pub(super) type PieceId = u32;

/// No entry, in every linked list and optional index here.
pub(super) const NONE: u32 = u32::MAX;
/// For how many names there is room from the beginning, at most.
const MAX_NAMES: usize = 1 << 12;
/// The scope and the function of the module itself.
pub(super) const TOP: u32 = 0;

/// The tables of one module.
pub(super) struct Model<'a> {
    pub(super) names: Vec<Name<'a>>,
    name_ids: FxHashMap<&'a Atom, NameId>,
    pub(super) scopes: Vec<Scope>,
    pub(super) bindings: Vec<Binding>,
    declared: FxHashMap<(ScopeId, NameId), BindingId>,
    declarations: Vec<Declaration>,
    pub(super) writes: Vec<Write<'a>>,
    pub(super) assigns: Vec<Assign<'a>>,
    pub(super) refs: Vec<Ref<'a>>,
    pub(super) functions: Vec<Func<'a>>,
    pub(super) returns: Vec<Return<'a>>,
    pub(super) calls: Vec<Call<'a>>,
    pub(super) aliases: Vec<Alias<'a>>,
    pub(super) member_writes: Vec<MemberWrite<'a>>,
    /// Places that name another module by syntax: `import`, `export … from`, `import(…)`.
    pub(super) imports: Vec<ImportSyntax<'a>>,
    /// Chains that start at no name: `this.x`, `import.meta.y`, `(…).constructor(…)`.
    pub(super) rootless: Vec<Rootless<'a>>,
    /// The methods that are called, and where.
    pub(super) methods: Vec<(&'a Atom, ScopeId)>,
    pub(super) classes: Vec<Class<'a>>,
    /// Members of `this` and `super` inside functions that are not called on the spot.
    pub(super) own: Vec<Rootless<'a>>,
    /// Chains that start at an array or object that is written out.
    pub(super) inside: Vec<Rootless<'a>>,
    /// What generators yield.
    pub(super) yields: Vec<Return<'a>>,
    /// Calls of a method `pipe`, and of a `pipeline`.
    pub(super) pipes: Vec<CallId>,
    /// Calls and constructions of a member whose key is no plain literal, or `constructor`.
    pub(super) doubtful_calls: Vec<CallId>,
    /// Such members that a name is given.
    pub(super) doubtful_reads: Vec<(&'a Expr, ScopeId, u32)>,
    /// Such members that go anywhere else.
    pub(super) open_members: Vec<(&'a Expr, ScopeId, Context)>,
    /// The values that are no functions written out, nor literals, of objects that are written out, and the names that
    /// these give them; none for a name that is put together.
    pub(super) kept_as: Vec<(Option<&'a str>, &'a Expr)>,
    /// The names that others have for what the module declares.
    outside: Outside<'a>,
    /// Whether a class or a member has a decorator.
    pub(super) decorated: bool,
    /// Whether a pattern writes into a member.
    pub(super) written_by_patterns: bool,
    /// Members of a name that is only known at run time that a pattern writes into another one.
    pub(super) lost: Vec<(Span, ScopeId)>,
    /// Where getters and setters start, in order.
    pub(super) accessors: Vec<u32>,
    /// Reads of a member `constructor` whose value goes anywhere else.
    pub(super) makers: Vec<(&'a Expr, ScopeId, Context)>,
    /// Names that a pattern gives a member `constructor`, or one by a computed key: the name, its scope, the key, where.
    pub(super) parts: Vec<(&'a Atom, ScopeId, Option<&'a Expr>, Span)>,
    /// Reads of a member `caller`.
    pub(super) callers: Vec<(&'a swc_ecma_ast::MemberExpr, ScopeId)>,
    /// Uses of `this` in sloppy functions.
    pub(super) loose: Vec<Loose<'a>>,
    /// `with` statements: names inside mean anything.
    pub(super) withs: Vec<With<'a>>,
    /// Branches that are taken only where there is no module loader.
    pub(super) guards: Vec<Span>,
    /// How deep the tree is, in levels that the visitor goes down.
    pub(super) depth: u32,
    /// What the module exports by syntax; what it assigns to `exports` is among the member writes.
    pub(super) exports: Vec<Export<'a>>,
    /// The statements of the module's top level, and of a function that wraps all of it, in order.
    pub(super) pieces: Vec<Piece>,
    /// The bindings that several pieces may share.
    pub(super) shared: Vec<BindingId>,
    /// Whether functions are members of objects that are written out.
    pub(super) object_methods: bool,
    pub(super) signs: Signs<'a>,
}

/// One identifier's text and where its uses begin.
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) first_ref: u32,
    pub(super) first_assign: u32,
    /// Whether any scope of the module declares it.
    pub(super) declared: bool,
    /// Its declarations, the latest first.
    first_declaration: u32,
    declarations: u32,
    /// Whether its reads and assignments were sorted by binding.
    settled: Cell<bool>,
    /// The first of its reads that means no binding, once it is settled.
    first_free: Cell<u32>,
}

/// One scope that declares a name.
struct Declaration {
    scope: ScopeId,
    binding: BindingId,
    /// The name's declaration before.
    next: u32,
}

/// A scope. They are numbered as they begin, so that those inside of one come right after it.
pub(super) struct Scope {
    pub(super) parent: ScopeId,
    /// The last scope inside, or itself.
    last: ScopeId,
    pub(super) function: FuncId,
    /// The class whose fields stand in it: twice its number, one more if they are static.
    pub(super) class: u32,
}

pub(super) struct Binding {
    pub(super) name: NameId,
    /// Where it is declared.
    pub(super) scope: ScopeId,
    pub(super) first_write: u32,
    /// The piece that declares it.
    pub(super) piece: PieceId,
    /// Its own reads and assignments, once its name is settled.
    first_ref: Cell<u32>,
    first_assign: Cell<u32>,
}

/// A value a binding gets where it is declared.
pub(super) struct Write<'a> {
    pub(super) next: u32,
    pub(super) source: Source<'a>,
    pub(super) path: Vec<Step<'a>>,
}

/// Where a written value comes from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// `const x = expr`
    Expr(&'a Expr, ScopeId),
    /// `for (x of expr)`
    Items(&'a Expr, ScopeId),
    /// `for (x in expr)`
    Keys(&'a Expr, ScopeId),
    /// The n-th parameter of a function; a rest parameter when `true`.
    Param(FuncId, u32, bool),
    /// A function declaration, or a function expression's own name.
    Function(FuncId),
    /// An imported name: index into `imports`, exported name (`*` for the namespace).
    Import(u32, &'a str),
    /// A class declaration, or a class expression's own name.
    Class(ClassId),
    /// TypeScript's `enum`.
    Enum(&'a swc_ecma_ast::TsEnumDecl),
    /// An error that is caught, of what stands between two offsets.
    Caught(u32, u32),
    /// Anything else: nothing to follow.
    Opaque,
}

/// One step of a destructuring pattern.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
    Rest,
    Computed(&'a Expr),
}

/// An assignment to a plain name; which binding it means is resolved on demand.
pub(super) struct Assign<'a> {
    pub(super) next: u32,
    pub(super) scope: ScopeId,
    pub(super) source: Source<'a>,
    pub(super) path: Vec<Step<'a>>,
    /// `+=` and the like: the old value flows in too.
    pub(super) compound: bool,
    /// Where it stands.
    pub(super) start: u32,
    /// The next assignment to the same binding.
    same: Cell<u32>,
}

/// One read of a name.
pub(super) struct Ref<'a> {
    pub(super) next: u32,
    pub(super) scope: ScopeId,
    /// The outermost member/call chain that starts at this name, or the name itself; `None` for `{ name }`.
    pub(super) chain: Option<&'a Expr>,
    /// Where the name stands.
    pub(super) start: u32,
    /// What happens to the chain's value.
    pub(super) context: Context,
    /// The next read of the same binding.
    same: Cell<u32>,
}

pub(super) struct Func<'a> {
    pub(super) parent: FuncId,
    pub(super) scope: ScopeId,
    /// Where it starts; functions are in this order.
    pub(super) start: u32,
    pub(super) name: Option<&'a str>,
    pub(super) params: Params<'a>,
    pub(super) first_return: u32,
    pub(super) role: Role,
    /// Whether `this` inside is its own.
    pub(super) arrow: bool,
    /// Whether the module's own code stands in it: it is called on the spot, at the top level.
    pub(super) wraps: bool,
    /// Whose member it is.
    pub(super) owner: Owner<'a>,
    pub(super) first_yield: u32,
    pub(super) syntax: Syntax<'a>,
}

/// A function's parameters, as the tree has them.
#[derive(Clone, Copy)]
pub(super) enum Params<'a> {
    None,
    Function(&'a [swc_ecma_ast::Param]),
    Arrow(&'a [Pat]),
    Constructor(&'a [swc_ecma_ast::ParamOrTsParamProp]),
}

impl Params<'_> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::None => 0,
            Self::Function(params) => params.len(),
            Self::Arrow(params) => params.len(),
            Self::Constructor(params) => params.len(),
        }
    }
}

/// What the syntax around a function expression does with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// Called on the spot: `(function () {})()`.
    Called(CallId),
    /// An argument of a call, or inside an array or object that is one.
    Argument(CallId, u16),
    /// Assigned to the names of a pattern, or inside an array or object that is.
    Alias(u32),
    /// Returned from a function.
    Returned(FuncId),
    /// A static block: runs with its class.
    Static,
    /// A declaration or the initial value of a name.
    Named(BindingId),
    /// A method, accessor or constructor of a class.
    Member,
    /// Anything else.
    Other,
}

pub(super) struct Return<'a> {
    pub(super) next: u32,
    pub(super) value: &'a Expr,
    pub(super) scope: ScopeId,
}

/// A pattern or name that takes a value.
pub(super) enum Alias<'a> {
    Pattern(&'a Pat),
    AssignPattern(&'a swc_ecma_ast::AssignTargetPat),
    Name(&'a Atom),
}

/// `object.member = value`
pub(super) struct MemberWrite<'a> {
    pub(super) target: &'a MemberExpr,
    pub(super) value: &'a Expr,
    pub(super) scope: ScopeId,
    /// The name that the object's chain begins with.
    pub(super) root: NameId,
}

/// One import by syntax.
pub(super) struct ImportSyntax<'a> {
    pub(super) kind: crate::facts::ImportKind,
    /// A constant specifier and its span.
    pub(super) specifier: Specifier<'a>,
    pub(super) scope: ScopeId,
    /// Exported names it takes; `*` for all, `default`.
    pub(super) names: Vec<&'a str>,
}

pub(super) enum Specifier<'a> {
    Constant(&'a swc_ecma_ast::Str),
    Computed(&'a Expr),
}

impl<'a> Model<'a> {
    pub(super) fn new(text_len: usize) -> Self {
        let mut model = Self {
            names: Vec::new(),
            name_ids: FxHashMap::with_capacity_and_hasher((text_len / 256).min(MAX_NAMES), FxBuildHasher),
            scopes: Vec::new(),
            bindings: Vec::new(),
            declared: FxHashMap::with_capacity_and_hasher((text_len / 256).min(MAX_NAMES), FxBuildHasher),
            declarations: Vec::new(),
            writes: Vec::new(),
            assigns: Vec::new(),
            refs: Vec::new(),
            functions: Vec::new(),
            returns: Vec::new(),
            calls: Vec::new(),
            aliases: Vec::new(),
            member_writes: Vec::new(),
            imports: Vec::new(),
            rootless: Vec::new(),
            methods: Vec::new(),
            classes: Vec::new(),
            own: Vec::new(),
            inside: Vec::new(),
            yields: Vec::new(),
            pipes: Vec::new(),
            doubtful_calls: Vec::new(),
            doubtful_reads: Vec::new(),
            open_members: Vec::new(),
            kept_as: Vec::new(),
            outside: Outside::default(),
            accessors: Vec::new(),
            decorated: false,
            written_by_patterns: false,
            lost: Vec::new(),
            makers: Vec::new(),
            parts: Vec::new(),
            callers: Vec::new(),
            loose: Vec::new(),
            withs: Vec::new(),
            guards: Vec::new(),
            depth: 0,
            exports: Vec::new(),
            pieces: Vec::new(),
            shared: Vec::new(),
            object_methods: false,
            signs: Signs::default(),
        };
        spare::lend(&mut model);
        model.refs.reserve(text_len / 24);
        model.calls.reserve(text_len / 96);
        model
    }

    /// The number of a name.
    pub(super) fn name(&mut self, text: &'a Atom) -> NameId {
        *self.name_ids.entry(text).or_insert_with(|| {
            self.names.push(Name {
                text,
                first_ref: NONE,
                first_assign: NONE,
                declared: false,
                first_declaration: NONE,
                declarations: 0,
                settled: Cell::new(false),
                first_free: Cell::new(NONE),
            });
            self.names.len() as u32 - 1
        })
    }

    /// The number of a name that the module mentions.
    pub(super) fn known_name(&self, text: &Atom) -> Option<NameId> {
        self.name_ids.get(text).copied()
    }

    /// Whether the module mentions a name.
    pub(super) fn mentions(&self, text: &str) -> bool {
        self.known_name(&text.into()).is_some()
    }

    pub(super) fn push_scope(&mut self, parent: ScopeId, function: FuncId) -> ScopeId {
        self.scopes.push(Scope {
            parent,
            last: NONE,
            function,
            class: NONE,
        });
        self.scopes.len() as u32 - 1
    }

    /// Ends a scope.
    pub(super) fn close_scope(&mut self, scope: ScopeId) {
        self.scopes[scope as usize].last = self.scopes.len() as u32 - 1;
    }

    /// Declares a name in a scope, once.
    pub(super) fn declare(&mut self, scope: ScopeId, name: NameId, piece: PieceId) -> BindingId {
        let entry = match self.declared.entry((scope, name)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(entry) => entry,
        };
        let binding = self.bindings.len() as u32;
        entry.insert(binding);
        self.bindings.push(Binding {
            name,
            scope,
            piece,
            first_write: NONE,
            first_ref: Cell::new(NONE),
            first_assign: Cell::new(NONE),
        });
        self.note_declaration(scope, name, binding);
        binding
    }

    /// Makes a name of an inner scope visible in an outer one too, unless that has its own.
    pub(super) fn hoist(&mut self, scope: ScopeId, name: NameId, binding: BindingId) {
        if let Entry::Vacant(entry) = self.declared.entry((scope, name)) {
            entry.insert(binding);
            self.note_declaration(scope, name, binding);
        }
    }

    fn note_declaration(&mut self, scope: ScopeId, name: NameId, binding: BindingId) {
        let entry = &mut self.names[name as usize];
        entry.declared = true;
        entry.declarations += 1;
        let next = std::mem::replace(&mut entry.first_declaration, self.declarations.len() as u32);
        self.declarations.push(Declaration { scope, binding, next });
    }
}
