//! What the one visitor records of a module: scopes, names, writes, references, functions and calls.
//!
//! Everything here is cheap to record and says nothing yet. Values, uses and flows are worked out afterwards,
//! backwards from the few places that matter, over these tables and the borrowed tree.

use std::cell::Cell;

use rustc_hash::{FxBuildHasher, FxHashMap};
use swc_atoms::Atom;
use swc_ecma_ast::{Expr, MemberExpr, Pat};

use crate::span::Span;

mod call;
mod spare;

pub(super) use call::{Call, CallNode, Syntax};

pub(super) type NameId = u32;
pub(super) type ScopeId = u32;
pub(super) type FuncId = u32;
pub(super) type BindingId = u32;
pub(super) type CallId = u32;

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
    /// Calls of a method `pipe`.
    pub(super) pipes: Vec<CallId>,
    /// Calls and constructions of a computed member whose key is no plain literal.
    pub(super) computed_calls: Vec<(&'a Expr, ScopeId)>,
    /// `with` statements: names inside mean anything.
    pub(super) withs: Vec<Span>,
    /// How deep the tree is, in levels that the visitor goes down.
    pub(super) depth: u32,
}

/// One identifier's text and where its uses begin.
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) first_ref: u32,
    pub(super) first_assign: u32,
    /// Whether any scope of the module declares it.
    pub(super) declared: bool,
    /// Whether its reads and assignments were sorted by binding.
    settled: Cell<bool>,
}

pub(super) struct Scope {
    pub(super) parent: ScopeId,
    pub(super) function: FuncId,
}

pub(super) struct Binding {
    pub(super) name: NameId,
    /// Where it is declared.
    pub(super) scope: ScopeId,
    pub(super) first_write: u32,
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
    /// A class, an enum, a caught error, …: nothing to follow.
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

/// A chain that starts at no name but may still lead to a power.
pub(super) struct Rootless<'a> {
    pub(super) chain: &'a Expr,
    pub(super) scope: ScopeId,
    pub(super) context: Context,
}

/// What happens to an expression's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Context {
    /// Anything not said below: it may go anywhere.
    Value,
    /// Only looked at: a condition, `typeof`, a statement of its own.
    Test,
    /// Bound to the names of a pattern.
    Alias(u32),
    /// An argument of a call.
    Argument(CallId, u16),
    /// Returned from a function.
    Return(FuncId),
    /// The object of an assigned member.
    Write(u32),
    /// Counted up or down.
    Update,
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
            pipes: Vec::new(),
            computed_calls: Vec::new(),
            withs: Vec::new(),
            depth: 0,
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
                settled: Cell::new(false),
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
        self.scopes.push(Scope { parent, function });
        self.scopes.len() as u32 - 1
    }

    /// Declares a name in a scope, once.
    pub(super) fn declare(&mut self, scope: ScopeId, name: NameId) -> BindingId {
        self.names[name as usize].declared = true;
        *self.declared.entry((scope, name)).or_insert_with(|| {
            self.bindings.push(Binding {
                name,
                scope,
                first_write: NONE,
                first_ref: Cell::new(NONE),
                first_assign: Cell::new(NONE),
            });
            self.bindings.len() as u32 - 1
        })
    }

    /// Makes a name of an inner scope visible in an outer one too, unless that has its own.
    pub(super) fn hoist(&mut self, scope: ScopeId, name: NameId, binding: BindingId) {
        self.declared.entry((scope, name)).or_insert(binding);
    }

    pub(super) fn write(&mut self, binding: BindingId, source: Source<'a>, path: Vec<Step<'a>>) {
        let slot = &mut self.bindings[binding as usize].first_write;
        let next = std::mem::replace(slot, self.writes.len() as u32);
        self.writes.push(Write { next, source, path });
    }

    pub(super) fn assign(
        &mut self,
        name: NameId,
        scope: ScopeId,
        source: Source<'a>,
        path: Vec<Step<'a>>,
        compound: bool,
        start: u32,
    ) {
        let slot = &mut self.names[name as usize].first_assign;
        let next = std::mem::replace(slot, self.assigns.len() as u32);
        self.assigns.push(Assign {
            next,
            scope,
            source,
            path,
            compound,
            start,
            same: Cell::new(NONE),
        });
    }

    pub(super) fn reference(
        &mut self,
        name: NameId,
        scope: ScopeId,
        chain: Option<&'a Expr>,
        start: u32,
        context: Context,
    ) {
        if let Context::Write(write) = context {
            self.member_writes[write as usize].root = name;
        }
        let slot = &mut self.names[name as usize].first_ref;
        let next = std::mem::replace(slot, self.refs.len() as u32);
        self.refs.push(Ref {
            next,
            scope,
            chain,
            start,
            context,
            same: Cell::new(NONE),
        });
    }

    /// The binding that a name means in a scope; `None` for a global.
    pub(super) fn resolve(&self, name: NameId, mut scope: ScopeId) -> Option<BindingId> {
        if !self.names[name as usize].declared {
            return None;
        }
        loop {
            if let Some(&binding) = self.declared.get(&(scope, name)) {
                return Some(binding);
            }
            scope = self.scopes[scope as usize].parent;
            if scope == NONE {
                return None;
            }
        }
    }

    /// The binding that a name's text means in a scope.
    pub(super) fn lookup(&self, text: &Atom, scope: ScopeId) -> Option<BindingId> {
        self.resolve(self.known_name(text)?, scope)
    }

    /// Sorts the reads and assignments of a name by the binding that each means, once.
    fn settle(&self, name: NameId) {
        let entry = &self.names[name as usize];
        if entry.settled.replace(true) {
            return;
        }
        let mut at = entry.first_ref;
        while let Some(found) = self.refs.get(at as usize) {
            if let Some(binding) = self.resolve(name, found.scope) {
                found.same.set(self.bindings[binding as usize].first_ref.replace(at));
            }
            at = found.next;
        }
        let mut at = entry.first_assign;
        while let Some(found) = self.assigns.get(at as usize) {
            if let Some(binding) = self.resolve(name, found.scope) {
                found.same.set(self.bindings[binding as usize].first_assign.replace(at));
            }
            at = found.next;
        }
    }

    /// Every read of a binding.
    pub(super) fn refs_to(&self, binding: BindingId) -> impl Iterator<Item = &Ref<'a>> {
        self.reads_of(binding).map(|read| &self.refs[read as usize])
    }

    /// Every read of a binding, by its index.
    pub(super) fn reads_of(&self, binding: BindingId) -> impl Iterator<Item = u32> {
        let entry = &self.bindings[binding as usize];
        self.settle(entry.name);
        let mut at = entry.first_ref.get();
        std::iter::from_fn(move || {
            let next = self.refs.get(at as usize)?.same.get();
            Some(std::mem::replace(&mut at, next))
        })
    }

    /// Every declaration-time value of a binding.
    pub(super) fn writes_of(&self, binding: BindingId) -> impl Iterator<Item = &Write<'a>> {
        let mut at = self.bindings[binding as usize].first_write;
        std::iter::from_fn(move || {
            let found = self.writes.get(at as usize)?;
            at = found.next;
            Some(found)
        })
    }

    /// Every later assignment to a binding.
    pub(super) fn assigns_of(&self, binding: BindingId) -> impl Iterator<Item = &Assign<'a>> {
        let entry = &self.bindings[binding as usize];
        self.settle(entry.name);
        let mut at = entry.first_assign.get();
        std::iter::from_fn(move || {
            let found = self.assigns.get(at as usize)?;
            at = found.same.get();
            Some(found)
        })
    }

    /// Every value a function returns.
    pub(super) fn returns_of(&self, function: FuncId) -> impl Iterator<Item = &Return<'a>> {
        let mut at = self.functions[function as usize].first_return;
        std::iter::from_fn(move || {
            let found = self.returns.get(at as usize)?;
            at = found.next;
            Some(found)
        })
    }

    /// The function that starts at an offset.
    pub(super) fn function_at(&self, start: u32) -> Option<FuncId> {
        self.functions
            .binary_search_by_key(&start, |f| f.start)
            .ok()
            .map(|i| i as u32)
    }

    /// The function a scope belongs to.
    pub(super) fn function_of(&self, scope: ScopeId) -> FuncId {
        self.scopes[scope as usize].function
    }
}
