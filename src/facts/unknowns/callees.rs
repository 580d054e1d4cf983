//! Calls of what somebody handed over, with what may be a text: if that is `Function`, it makes code.
//!
//! That alone is everyday code; it stands against a proof only where a member of unknown name may have been handed over
//! (see [`super::lent`]).

use swc_ecma_ast::{BinaryOp, Callee, Expr, ExprOrSpread, Lit, MemberExpr, MemberProp};

use super::may_make_code;
use crate::facts::{
    Ways,
    calls::{as_member, span_of_expr, stripped},
    capability,
    evaluate::Analysis,
    model::{BindingId, CallNode, Exported, FuncId, NONE, Role, ScopeId, Source},
    ways::plain_key,
};

mod items;
mod names;

pub(super) use items::Made;

/// How far values are followed.
const MAX_DEPTH: u32 = 6;
/// Methods of the language that call what they are given and keep what that gives.
pub(super) const KEEPERS: [&str; 9] = [
    "catch",
    "construct",
    "flatMap",
    "from",
    "map",
    "parse",
    "reduce",
    "reduceRight",
    "then",
];
/// Stands for the name of a method whose result is gone through or awaited.
pub(super) const INSIDE: &str = "*";
/// Methods of the language that call what they are given, and drop what that gives.
const CALLERS: [&str; 10] = [
    "every",
    "filter",
    "finally",
    "find",
    "findIndex",
    "forEach",
    "replace",
    "replaceAll",
    "some",
    "sort",
];
/// Methods of the language that give what is in a list or a map.
const GIVERS: [&str; 11] = [
    "at",
    "deref",
    "find",
    "findLast",
    "get",
    "next",
    "pop",
    "reduce",
    "reduceRight",
    "return",
    "shift",
];

/// How the statements of a module get what they call.
#[derive(Debug, Default)]
pub(in crate::facts) struct UnknownCalls {
    /// By piece.
    pub(in crate::facts) pieces: Vec<Ways>,
    /// All of them.
    pub(in crate::facts) any: Ways,
    /// The members that are given what was handed over, and those that are called; see [`crate::facts::Facts::kept_as`].
    pub(in crate::facts) kept_as: Vec<u32>,
    pub(in crate::facts) called_as: Vec<u32>,
}

impl UnknownCalls {
    fn add(&mut self, piece: Option<u32>, ways: Ways) {
        self.any |= ways;
        if let Some(slot) = piece.and_then(|piece| self.pieces.get_mut(piece as usize)) {
            *slot |= ways;
        }
    }
}

impl<'a> Analysis<'a> {
    /// How the module gets what it calls with what may be a text.
    pub(in crate::facts) fn unknown_calls(&self) -> UnknownCalls {
        let model = &self.model;
        let mut out = UnknownCalls {
            pieces: vec![Ways::NONE; model.pieces.len()],
            ..UnknownCalls::default()
        };
        // Calls stand about in order, so that most of a statement that is told already can be passed over.
        let mut done = 0..0;
        let mut around = NONE;
        for call in &model.calls {
            let Some(callee) = call.node.callee().map(stripped) else {
                continue;
            };
            if !may_make_code(call.node, call.chain, call.context) {
                continue;
            }
            if let Some(name) = self.foreign_method(callee, call.scope) {
                out.called_as.push(hash(name, ""));
            }
            let start = span_of_expr(callee).start;
            if done.contains(&start) {
                continue;
            }
            let ways = self.ways_of_callee(callee, call.node, call.scope);
            if ways == Ways::NONE {
                continue;
            }
            let function = model.function_of(call.scope);
            if ways.meets(Ways::METHOD) && function != around {
                around = function;
                self.methods_around(call.scope, &mut out.called_as);
            }
            let piece = model.piece_at(start);
            out.add(piece, ways);
            if let Some(piece) = piece
                && out.pieces.get(piece as usize).is_some_and(|ways| ways.is_all())
            {
                let span = model.pieces[piece as usize].span;
                done = span.start..span.end;
            }
        }
        for class in &model.classes {
            if let Some(parent) = &class.node.super_class {
                let ways = self.ways_of(parent, class.scope, MAX_DEPTH);
                out.add(model.piece_at(span_of_expr(parent).start), ways);
            }
        }
        // What is exported may be called by another module.
        for export in &model.exports {
            let ways = match export.value {
                Exported::Local(local) => model
                    .lookup(local, export.scope)
                    .map_or(Ways::NONE, |binding| self.ways_of_name(binding, MAX_DEPTH)),
                Exported::Expr(expr) => self.ways_of(expr, export.scope, MAX_DEPTH),
                _ => Ways::NONE,
            };
            out.add(model.piece_at(export.start), ways);
        }
        self.kept(&mut out.kept_as);
        self.taken_off(&mut out.called_as);
        if out.any.meets(Ways::METHOD_RESULT) {
            self.called_names(&mut out.called_as);
        }
        out
    }

    fn ways_of_callee(&self, callee: &'a Expr, node: CallNode<'a>, scope: ScopeId) -> Ways {
        let Some(member) = as_member(callee) else {
            return self.ways_of(callee, scope, MAX_DEPTH);
        };
        match plain_key(&member.prop) {
            Some("call" | "apply" | "bind") => self.ways_of(&member.obj, scope, MAX_DEPTH),
            // `list.map(f)`, `promise.then(f)`: the language calls it, and keeps what it gives.
            Some(name) if KEEPERS.contains(&name) => {
                let mut ways = Ways::NONE;
                for arg in callbacks(name, node) {
                    ways |= self.ways_of(&arg.expr, scope, MAX_DEPTH);
                }
                ways
            }
            Some(_) => Ways::NONE,
            None => self.ways_of(callee, scope, MAX_DEPTH),
        }
    }

    /// How a value may have come from another module.
    fn ways_of(&self, expr: &'a Expr, scope: ScopeId, depth: u32) -> Ways {
        let Some(depth) = depth.checked_sub(1) else {
            return Ways::ALL;
        };
        let ways = |expr: &'a Expr| self.ways_of(expr, scope, depth);
        match stripped(expr) {
            Expr::Ident(ident) => self
                .model
                .lookup(&ident.sym, scope)
                .map_or(Ways::NONE, |binding| self.ways_of_name(binding, depth)),
            Expr::Bin(bin) if bin.op == BinaryOp::LogicalAnd => ways(&bin.right),
            Expr::Bin(bin) if bin.op.may_short_circuit() => both(ways(&bin.left), ways(&bin.right)),
            Expr::Cond(cond) => both(ways(&cond.cons), ways(&cond.alt)),
            Expr::Assign(assign) => ways(&assign.right),
            Expr::Await(e) => ways(&e.arg),
            Expr::Call(call) => match &call.callee {
                Callee::Expr(callee) => self.ways_of_result(stripped(callee), scope, depth),
                _ => Ways::NONE,
            },
            // What is exported is told there, and what is given to a member by its name.
            Expr::Member(MemberExpr {
                obj,
                prop: MemberProp::Computed(_),
                ..
            }) => ways(obj),
            Expr::Yield(_) => Ways::ARGUMENT,
            Expr::TaggedTpl(_) | Expr::OptChain(_) => Ways::ALL,
            _ => Ways::NONE,
        }
    }

    /// How what a call gives may have come from another module.
    fn ways_of_result(&self, callee: &'a Expr, scope: ScopeId, depth: u32) -> Ways {
        if let Expr::Ident(ident) = callee {
            if &*ident.sym == "require" {
                return Ways::NONE;
            }
            let Some(binding) = self.model.lookup(&ident.sym, scope) else {
                return Ways::NONE;
            };
            let mut sources = self.model.writes_of(binding).map(|write| write.source);
            if let Some(Source::Function(function)) = sources.next()
                && self.model.assigns_of(binding).next().is_none()
            {
                let mut ways = Ways::NONE;
                for returned in self.model.returns_of(function) {
                    ways |= self.ways_of(returned.value, returned.scope, depth);
                }
                return ways;
            }
            return both(Ways::METHOD_RESULT, self.ways_of_name(binding, depth));
        }
        match as_member(callee) {
            Some(member) => match stripped(&member.obj) {
                Expr::Ident(ident) if self.model.lookup(&ident.sym, scope).is_none() => Ways::NONE,
                _ => Ways::METHOD_RESULT,
            },
            None => both(Ways::METHOD_RESULT, self.ways_of(callee, scope, depth)),
        }
    }

    fn ways_of_name(&self, binding: BindingId, depth: u32) -> Ways {
        if let Some(known) = self.ways.borrow().get(&(binding, depth)) {
            return *known;
        }
        let mut ways = Ways::NONE;
        for write in self.model.writes_of(binding) {
            ways |= self.ways_of_source(write.source, depth);
        }
        for assign in self.model.assigns_of(binding).filter(|assign| !assign.compound) {
            ways |= self.ways_of_source(assign.source, depth);
        }
        self.ways.borrow_mut().insert((binding, depth), ways);
        ways
    }

    fn ways_of_source(&self, source: Source<'a>, depth: u32) -> Ways {
        let (function, index) = match source {
            Source::Function(_) | Source::Class(_) | Source::Import(..) | Source::Enum(_) | Source::Keys(..) => {
                return Ways::NONE;
            }
            Source::Expr(expr, scope) | Source::Items(expr, scope) => return self.ways_of(expr, scope, depth),
            Source::Caught(..) | Source::Opaque => return Ways::RESULT,
            Source::Param(function, index, _) => (function, index as usize),
        };
        match self.model.functions[function as usize].role {
            Role::Named(name) => {
                let Some(sites) = self.calls_of_named(function) else {
                    return both(Ways::ARGUMENT, Ways::METHOD);
                };
                let mut ways = if self.is_exported(name) {
                    Ways::METHOD
                } else {
                    Ways::NONE
                };
                for (node, scope) in sites {
                    let args = node.arguments();
                    if args.iter().take(index + 1).any(|arg| arg.spread.is_some()) {
                        return Ways::ALL;
                    }
                    if let Some(arg) = args
                        .get(index)
                        .filter(|arg| !self.is_parameter_itself(&arg.expr, scope, function, index))
                    {
                        ways |= self.ways_of(&arg.expr, scope, depth);
                    }
                }
                ways
            }
            Role::Argument(call, at) => {
                let site = &self.model.calls[call as usize];
                let Some(callee) = site.node.callee().map(stripped) else {
                    return Ways::ALL;
                };
                // `new Promise((resolve, reject) => …)`
                if let (Expr::Ident(ident), 0) = (callee, at)
                    && &*ident.sym == "Promise"
                    && self.model.lookup(&ident.sym, site.scope).is_none()
                {
                    return Ways::NONE;
                }
                // `list.map((item) => …)`
                match as_member(callee).map(|member| (member, plain_key(&member.prop))) {
                    Some((member, Some(name))) if KEEPERS.contains(&name) || CALLERS.contains(&name) => {
                        self.ways_of(&member.obj, site.scope, depth)
                    }
                    _ => Ways::ALL,
                }
            }
            Role::Member | Role::Other => Ways::METHOD,
            _ => both(Ways::METHOD, Ways::ARGUMENT),
        }
    }

    /// Whether a function hands on its own parameter to itself.
    fn is_parameter_itself(&self, expr: &Expr, scope: ScopeId, function: FuncId, index: usize) -> bool {
        matches!(stripped(expr), Expr::Ident(ident)
            if self.model.lookup(&ident.sym, scope).is_some_and(|binding| self.model.parameter(function, index) == Some(binding)))
    }
}

/// `require('x')` of what is no built-in module.
fn is_import(expr: &Expr) -> bool {
    let Expr::Call(call) = stripped(expr) else {
        return false;
    };
    let callee = call.callee.as_expr().map(|callee| stripped(callee));
    let specifier = call.args.first().and_then(|arg| match &*arg.expr {
        Expr::Lit(Lit::Str(text)) => text.value.as_str(),
        _ => None,
    });
    matches!(callee, Some(Expr::Ident(ident)) if &*ident.sym == "require")
        && specifier.is_none_or(|name| capability::builtin_module(name).is_none())
}

/// The arguments of a method of the language that it calls.
fn callbacks<'a>(method: &str, node: CallNode<'a>) -> impl Iterator<Item = &'a ExprOrSpread> {
    let (first, count) = match method {
        "from" | "parse" => (1, 1),
        "then" => (0, 2),
        _ => (0, 1),
    };
    node.arguments().iter().skip(first).take(count)
}

fn both(mut one: Ways, other: Ways) -> Ways {
    one |= other;
    one
}

/// A name as a number, the same on every platform (FNV-1a); `way` tells what is meant of it.
pub(super) fn hash(name: &str, way: &str) -> u32 {
    let start = 0x811c_9dc5_u32;
    name.bytes()
        .chain(way.bytes())
        .fold(start, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
