//! What each statement of a module's top level may run: for telling what one export reaches.
//!
//! A statement *needs* another if it mentions a name that the other one declares, or if it uses a value that the other
//! one may have changed: whoever can name code can run it, and nothing else can. That holds whatever is called, passed
//! on, stored or read through a getter, so what is not reached by needs is not run.

use std::rc::Rc;

use swc_ecma_ast::{Expr, Lit};

use super::{
    Export, Import, ImportKind, Take, Target, Unit,
    calls::{as_member, span_of_expr, stripped},
    capability,
    evaluate::Analysis,
    model::{BindingId, Context, FuncId, NONE, PieceId, Role, ScopeId, Source, Specifier, TOP},
    value::Value,
    ways::plain_key,
};
use crate::{
    order,
    span::{LineIndex, Range},
};

mod chain;
mod exports;
mod plain;
mod readers;
mod state;

pub(super) use self::chain::first_member;
use self::{
    chain::{calls_member_of_root, loads_module, method_call, only_members},
    plain::is_plain,
    readers::{READERS, is_reader},
};

/// A module of more statements is taken as one: every export reaches all of it.
const MAX_UNITS: usize = 1 << 15;

/// Members that every function has.
const OF_FUNCTIONS: [&str; 7] = ["apply", "bind", "call", "length", "name", "prototype", "toString"];

/// The statements of a module and what they export.
pub(super) struct Units {
    pub(super) list: Vec<Unit>,
    pub(super) exports: Vec<Export>,
    /// Whether names may be exported that are not listed, or other values by a listed name.
    pub(super) open: bool,
}

/// The work in progress: one entry for each piece.
struct Draft<'a> {
    pieces: Vec<Piece<'a>>,
    exports: Vec<Export>,
    open: bool,
    /// The statements that load a module into a name; what is taken of it is told where the name is used.
    loads: Vec<(PieceId, Rc<str>)>,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is told of a statement by itself")]
struct Piece<'a> {
    name: &'a str,
    needs: Vec<PieceId>,
    takes: Vec<(Rc<str>, Rc<str>)>,
    shares: bool,
    offers: bool,
    lends: bool,
    active: bool,
    alters: bool,
}

/// One mention of a name.
struct Mention<'a> {
    piece: PieceId,
    /// The member that is taken of it, if one is.
    member: Option<&'a str>,
    chain: Option<&'a Expr>,
    context: Context,
    scope: ScopeId,
}

/// What a shared name holds, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A text, a number: nothing can be put into it.
    Constant,
    /// A function or a class: others may set members of it.
    Function,
    /// Anything else.
    Container,
}

impl<'a> Analysis<'a> {
    /// The statements of the module, if they are `wanted`, and what it exports; `None` if they cannot be told apart.
    pub(super) fn units(&mut self, wanted: bool, imports: &[Import], lines: &LineIndex<'a>) -> Option<Units> {
        let count = self.model.pieces.len();
        if count > MAX_UNITS {
            return None;
        }
        let mut draft = Draft {
            pieces: (0..count).map(|_| Piece::default()).collect(),
            exports: Vec::new(),
            open: false,
            loads: Vec::new(),
        };
        for (index, piece) in self.model.pieces.iter().enumerate() {
            if let Some(parent) = draft.pieces.get_mut(piece.parent as usize) {
                parent.needs.push(index as PieceId);
            }
        }
        if !wanted {
            self.told_exports(&mut draft);
            draft.pieces.clear();
            return Some(draft.finish(self, lines));
        }
        for binding in self.model.shared.clone() {
            self.share(binding, &mut draft);
        }
        unbound_loads(imports, &mut draft);
        self.told_exports(&mut draft);
        self.loads_in_passing(&mut draft);
        self.own_state(&mut draft);
        self.activity(&mut draft);
        Some(draft.finish(self, lines))
    }

    /// Ties the statements that mention a name to the one that declares it.
    fn share(&mut self, binding: BindingId, draft: &mut Draft<'a>) {
        let home = self.model.bindings[binding as usize].piece;
        if home == NONE {
            draft.open = true;
            return;
        }
        let text = self.model.names[self.model.bindings[binding as usize].name as usize].text;
        let slot = &mut draft.pieces[home as usize].name;
        if slot.is_empty() {
            *slot = text;
        }
        let modules = self.modules_held(binding);
        for (specifier, _) in &modules {
            draft.loads.push((home, specifier.clone()));
        }
        let holds = if modules.is_empty() {
            self.holds(binding)
        } else {
            Holds::Function
        };
        let mentions = self.mentions(binding);
        let mut shared = false;
        for mention in &mentions {
            if modules.is_empty() {
                draft.need(mention.piece, home);
            }
            for (specifier, path) in &modules {
                let name = path.split('.').next().filter(|name| !name.is_empty());
                let name = name.or(mention.member).unwrap_or("*");
                draft.take(mention.piece, specifier, name);
            }
            if !modules.is_empty() && self.alters(mention.context) {
                draft.pieces[mention.piece as usize].alters = true;
            }
            match self.changes(mention, holds) {
                Some(unknown) if modules.is_empty() => {
                    draft.need(home, mention.piece);
                    shared |= unknown;
                }
                Some(_) => draft.pieces[mention.piece as usize].lends |= !is_direct(mention, &modules),
                None => {}
            }
        }
        let assigns: Vec<(Source<'a>, ScopeId)> = self
            .model
            .assigns_of(binding)
            .map(|assign| (assign.source, assign.scope))
            .collect();
        for (source, scope) in assigns {
            let piece = match source {
                Source::Expr(expr, _) | Source::Items(expr, _) | Source::Keys(expr, _) => {
                    self.model.piece_at(span_of_expr(expr).start)
                }
                _ => self.piece_of(scope),
            };
            match piece {
                Some(piece) => draft.need(home, piece),
                None => draft.open = true,
            }
            shared |= !matches!(source, Source::Expr(expr, scope) if is_plain(self, expr, scope));
        }
        draft.pieces[home as usize].shares |= shared;
    }

    /// The piece that a scope's function stands in; `None` for the module's own scope.
    fn piece_of(&self, scope: ScopeId) -> Option<PieceId> {
        let function = self.model.function_of(scope);
        if function == TOP {
            return None;
        }
        self.model.piece_at(self.model.functions[function as usize].start)
    }

    fn mentions(&self, binding: BindingId) -> Vec<Mention<'a>> {
        let reads = self.model.refs_to(binding);
        let mention = |read: &super::model::Ref<'a>| {
            Some(Mention {
                piece: self.model.piece_at(read.start)?,
                member: read.chain.and_then(first_member),
                chain: read.chain,
                context: read.context,
                scope: read.scope,
            })
        };
        reads.filter_map(mention).collect()
    }

    /// The modules that a name stands for, each with the path below its exports; empty if it may hold anything else.
    fn modules_held(&mut self, binding: BindingId) -> Vec<(Rc<str>, Rc<str>)> {
        if self.model.assigns_of(binding).next().is_some() {
            return Vec::new();
        }
        let sources: Vec<Source<'a>> = self.model.writes_of(binding).map(|write| write.source).collect();
        let mut out: Vec<(Rc<str>, Rc<str>)> = Vec::new();
        for source in &sources {
            match source {
                Source::Import(index, name) => {
                    let Specifier::Constant(text) = self.model.imports[*index as usize].specifier else {
                        return Vec::new();
                    };
                    let specifier = text.value.to_string_lossy();
                    if capability::builtin_module(&specifier).is_some() {
                        return Vec::new();
                    }
                    out.push((Rc::from(&*specifier), if *name == "*" { "" } else { name }.into()));
                }
                Source::Expr(expr, _) if loads_module(expr) => {}
                _ => return Vec::new(),
            }
        }
        if !out.is_empty() {
            return out;
        }
        let value = self.binding(binding);
        for alternative in value.alternatives() {
            match alternative {
                Value::Module(specifier, path) => out.push((specifier.clone(), path.clone())),
                _ => return Vec::new(),
            }
        }
        out
    }

    fn holds(&self, binding: BindingId) -> Holds {
        let kind = |source: Source<'a>| match source {
            Source::Function(_) => Holds::Function,
            Source::Expr(expr, _) => match stripped(expr) {
                Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) => Holds::Function,
                Expr::Lit(Lit::Regex(_)) => Holds::Container,
                Expr::Lit(_) | Expr::Tpl(_) => Holds::Constant,
                _ => Holds::Container,
            },
            _ => Holds::Container,
        };
        let mut writes = self.model.writes_of(binding).map(|write| kind(write.source));
        let first = writes.next().unwrap_or(Holds::Constant);
        if writes.all(|other| other == first) {
            first
        } else {
            Holds::Container
        }
    }

    /// Whether a mention may change what the name holds, and if so whether what is put there may come from elsewhere.
    fn changes(&mut self, mention: &Mention<'a>, holds: Holds) -> Option<bool> {
        if holds == Holds::Constant {
            return None;
        }
        // A deleted member puts nothing there.
        if mention.context == Context::Update {
            return Some(false);
        }
        if let Context::Write(index) = mention.context {
            let write = &self.model.member_writes[index as usize];
            let (value, scope) = (write.value, write.scope);
            return Some(!is_plain(self, value, scope));
        }
        let chain = mention.chain?;
        if let Some((method, args)) = method_call(chain) {
            return match method {
                Some(name) if READERS.contains(&name) => None,
                Some(name) if holds == Holds::Function && OF_FUNCTIONS.contains(&name) => None,
                _ if args.is_empty() => None,
                _ => Some(!args.iter().all(|arg| is_plain(self, &arg.expr, mention.scope))),
            };
        }
        // Only the whole value can be changed by whoever gets it; what a function returns or a member holds is found
        // where that is changed.
        if !only_members(chain) || holds == Holds::Function {
            return None;
        }
        // What the top level does with it is found where the outcome is changed; what a function does with it may put in
        // whatever that function was called with.
        let unknown = !self.is_module_level(self.model.function_of(mention.scope));
        match mention.context {
            Context::Argument(call, index) => {
                let site = self.model.calls[call as usize];
                let callee = site.node.callee()?;
                match self.value(callee, site.scope) {
                    Value::Api(path) if is_reader(&path) || (&*path == "Object.assign" && index > 0) => None,
                    _ => Some(unknown),
                }
            }
            Context::Test | Context::Write(_) | Context::Items(_) | Context::Copied(_) => None,
            _ => Some(unknown),
        }
    }

    /// Which statements run code of the module when it is loaded.
    fn activity(&mut self, draft: &mut Draft<'a>) {
        for index in 0..self.model.calls.len() {
            let call = self.model.calls[index];
            if !self.is_module_level(self.model.function_of(call.scope)) {
                continue;
            }
            let Some(callee) = call.node.callee() else { continue };
            let Some(piece) = self.model.piece_at(span_of_expr(callee).start) else {
                continue;
            };
            if draft.pieces[piece as usize].active || self.is_inert_call(callee, call.scope) {
                continue;
            }
            draft.pieces[piece as usize].active = true;
        }
    }

    /// Whether a function's body is the module's: the top level, or what is called there on the spot.
    fn is_module_level(&self, mut function: FuncId) -> bool {
        while function != TOP {
            let func = &self.model.functions[function as usize];
            if !func.wraps && !matches!(func.role, Role::Called(_)) {
                return false;
            }
            function = func.parent;
        }
        true
    }

    /// Whether a call runs no code of the module: it loads a module, makes a plain object, or its own body is looked at
    /// statement by statement.
    fn is_inert_call(&mut self, callee: &'a Expr, scope: ScopeId) -> bool {
        let applied = as_member(callee).filter(|member| matches!(plain_key(&member.prop), Some("call" | "apply")));
        if super::collect::is_function(applied.map_or(callee, |member| &*member.obj)) {
            return true;
        }
        match self.value(callee, scope) {
            Value::Api(path) => {
                matches!(&*path, "require" | "util.inherits") || is_reader(&path) || path.starts_with("Object.")
            }
            _ => false,
        }
    }
}

/// Modules that are loaded where no name holds them: all of them is taken there.
fn unbound_loads(imports: &[Import], draft: &mut Draft<'_>) {
    for import in imports {
        let Some(specifier) = &import.specifier else { continue };
        let piece = import.place.unit;
        let loads = matches!(import.kind, ImportKind::Require | ImportKind::Dynamic);
        if !loads
            || draft
                .loads
                .iter()
                .any(|(home, held)| *home == piece && **held == **specifier)
        {
            continue;
        }
        if (piece as usize) < draft.pieces.len() {
            draft.take(piece, &Rc::from(specifier.as_str()), "*");
        } else {
            draft.open = true;
        }
    }
}

impl Draft<'_> {
    fn need(&mut self, piece: PieceId, needed: PieceId) {
        let needs = &mut self.pieces[piece as usize].needs;
        if piece != needed && needs.last() != Some(&needed) {
            needs.push(needed);
        }
    }

    fn take(&mut self, piece: PieceId, specifier: &Rc<str>, name: &str) {
        let takes = &mut self.pieces[piece as usize].takes;
        if !takes.iter().rev().take(16).any(|(s, n)| s == specifier && &**n == name) {
            takes.push((specifier.clone(), name.into()));
        }
    }

    fn export(&mut self, name: &str, target: Target) {
        let name = name.to_owned();
        self.exports.push(Export { name, target });
    }

    fn finish(self, analysis: &Analysis<'_>, lines: &LineIndex<'_>) -> Units {
        let units = self
            .pieces
            .into_iter()
            .zip(&analysis.model.pieces)
            .map(|(mut piece, place)| {
                order::sort(&mut piece.needs);
                piece.needs.dedup();
                let start = place.span.start;
                let at = lines.position(start);
                Unit {
                    name: piece.name.to_owned(),
                    range: Range {
                        start: at,
                        end: at,
                        bytes: [start, start],
                    },
                    needs: piece.needs,
                    takes: piece
                        .takes
                        .into_iter()
                        .map(|(specifier, name)| Take {
                            specifier: specifier.to_string(),
                            name: name.to_string(),
                        })
                        .collect(),
                    shares: piece.shares,
                    offers: piece.offers,
                    lends: piece.lends,
                    active: piece.active,
                    alters: piece.alters,
                    calls: super::Ways::NONE,
                }
            });
        Units {
            list: units.collect(),
            exports: self.exports,
            open: self.open,
        }
    }
}

/// Whether a mention of a module only calls what it exports: `ns.parse(x)`.
fn is_direct(mention: &Mention<'_>, modules: &[(Rc<str>, Rc<str>)]) -> bool {
    let namespace = modules.iter().all(|(_, path)| path.is_empty());
    namespace && mention.chain.is_some_and(calls_member_of_root)
}
