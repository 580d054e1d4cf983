//! Calls of what somebody handed over, with what may be a text: if that is `Function`, it makes code.
//!
//! That alone is everyday code; it stands against a proof only where a member of unknown name may have been handed over
//! (see [`super::lent`]).

use swc_ecma_ast::{
    BinaryOp, Callee, ClassMember, Expr, ExprOrSpread, MemberExpr, MemberProp, ParamOrTsParamProp, TsParamPropParam,
};

use super::{may_make_code, numbers::is_symbol};
use crate::{
    facts::{
        Ways,
        calls::{as_member, span_of_expr, stripped},
        collect::{function_start, key_text},
        evaluate::Analysis,
        model::{BindingId, CallNode, Export, Exported, FuncId, MemberWrite, NONE, Owner, Role, ScopeId, Source, Step, TOP},
        parameters::innermost_call,
        ways::plain_key,
    },
    span::Span,
};

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
const GIVERS: [&str; 10] = [
    "at",
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
            let Some(callee) = call.node.callee().map(stripped) else { continue };
            if !may_make_code(call.node, call.chain, call.context) {
                continue;
            }
            if let Some(name) = self.foreign_method(callee, call.scope) {
                out.called_as.push(hash(name));
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

    /// The functions around a scope, by the names by which others may call them.
    fn methods_around(&self, scope: ScopeId, out: &mut Vec<u32>) {
        let mut function = self.model.function_of(scope);
        while function != TOP {
            self.names_outside(function, &mut |name| out.push(hash(&format!("{name}()"))));
            function = self.model.functions[function as usize].parent;
        }
    }

    /// The names by which others may call a function; none for a default export, or for all that a module exports.
    pub(super) fn names_outside(&self, function: FuncId, found: &mut dyn FnMut(&str)) {
        let model = &self.model;
        let func = &model.functions[function as usize];
        if let Some(name) = func.name {
            found(name);
        }
        let mut written = |write: &MemberWrite<'a>| match plain_key(&write.target.prop) {
            Some("exports") | None => found(""),
            Some(name) => found(name),
        };
        if let Owner::Write(write) = func.owner {
            written(&model.member_writes[write as usize]);
        }
        let binding = match (func.role, func.owner) {
            (Role::Named(binding), _) => binding,
            (_, Owner::Class(class)) if func.name == Some("constructor") => model.classes[class as usize].binding,
            _ => NONE,
        };
        let text = model.bindings.get(binding as usize);
        let text = text.map(|binding| model.names[binding.name as usize].text);
        let is_it = |value: &Expr| matches!((value, text), (Expr::Ident(ident), Some(text)) if *ident.sym == *text);
        model
            .member_writes
            .iter()
            .filter(|write| is_it(write.value))
            .for_each(written);
        for (name, value) in &model.kept_as {
            if is_it(value) {
                found(name.unwrap_or_default());
            }
        }
        for export in &model.exports {
            let is_it = match export.value {
                Exported::Local(local) => text == Some(&**local),
                Exported::Function(exported) => exported == function,
                Exported::Expr(expr) => function_start(expr) == Some(func.start) || is_it(expr),
                Exported::Class(_) => func.name == Some("constructor"),
                Exported::From(..) => false,
            };
            if is_it {
                found(if export.name == "default" { "" } else { export.name });
            }
        }
        if let Some(text) = text {
            found(text);
        }
    }

    /// The names of functions of other modules that are called by their name alone.
    fn taken_off(&self, out: &mut Vec<u32>) {
        let model = &self.model;
        let mut add = |name: &str| out.push(hash(&format!("{}!", if name == "default" { "" } else { name })));
        for binding in 0..model.bindings.len() as BindingId {
            for write in model.writes_of(binding) {
                let name = match write.source {
                    Source::Import(_, name) => name,
                    Source::Expr(expr, _) => match (write.path.last(), expr) {
                        (Some(Step::Key(name)), _) => name,
                        (None, Expr::Member(member)) => plain_key(&member.prop).unwrap_or_default(),
                        (None, expr) if is_import(expr) => "",
                        _ => continue,
                    },
                    _ => continue,
                };
                let mut reads = model.refs_to(binding);
                if reads.any(|read| matches!(read.chain.and_then(innermost_call), Some(CallNode::Call(_)))) {
                    add(name);
                }
            }
        }
        // `(0, a.f)()`
        for call in &model.calls {
            if let Some(Expr::Paren(paren)) = call.node.callee()
                && let Some(member) = as_member(stripped(&paren.expr))
            {
                add(plain_key(&member.prop).unwrap_or_default());
            }
        }
    }

    /// The names of what the module calls of others.
    fn called_names(&self, out: &mut Vec<u32>) {
        let model = &self.model;
        let mut add = |name: &str| out.push(hash(&format!("{}=", if name == "default" { "" } else { name })));
        for (name, _) in &model.methods {
            if !GIVERS.contains(&&***name) && !KEEPERS.contains(&&***name) {
                add(name);
            }
        }
        for binding in 0..model.bindings.len() as BindingId {
            for write in model.writes_of(binding) {
                match write.source {
                    Source::Import(_, name) => add(name),
                    Source::Expr(expr, _) if is_import(expr) => match write.path.last() {
                        Some(Step::Key(name)) => add(name),
                        _ => add(""),
                    },
                    Source::Expr(Expr::Member(member), _) => add(plain_key(&member.prop).unwrap_or_default()),
                    _ => {}
                }
            }
        }
    }

    /// The name of a method that is called on something that is not the language's.
    fn foreign_method(&self, callee: &'a Expr, scope: ScopeId) -> Option<&'a str> {
        let member = as_member(callee)?;
        let MemberProp::Ident(name) = &member.prop else {
            return None;
        };
        let of_language = match stripped(&member.obj) {
            Expr::Lit(_) | Expr::Tpl(_) => true,
            Expr::Ident(ident) => {
                !matches!(&*ident.sym, "arguments" | "exports" | "module")
                    && self.model.lookup(&ident.sym, scope).is_none()
            }
            _ => false,
        };
        (!of_language).then_some(&*name.sym)
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
        let mut ways = Ways::NONE;
        for write in self.model.writes_of(binding) {
            ways |= self.ways_of_source(write.source, depth);
        }
        for assign in self.model.assigns_of(binding).filter(|assign| !assign.compound) {
            ways |= self.ways_of_source(assign.source, depth);
        }
        ways
    }

    fn ways_of_source(&self, source: Source<'a>, depth: u32) -> Ways {
        let (function, index) = match source {
            Source::Function(_) | Source::Class(_) | Source::Import(..) | Source::Enum(_) | Source::Keys(..) => {
                return Ways::NONE;
            }
            Source::Expr(expr, scope) | Source::Items(expr, scope) => return self.ways_of(expr, scope, depth),
            Source::Opaque => return Ways::RESULT,
            Source::Param(function, index, _) => (function, index as usize),
        };
        match self.model.functions[function as usize].role {
            Role::Named(name) => {
                let Some(sites) = self.calls_of_named(function) else {
                    return both(Ways::ARGUMENT, Ways::METHOD);
                };
                let mut ways = if self.is_exported(name) { Ways::METHOD } else { Ways::NONE };
                for (node, scope) in sites {
                    let args = node.arguments();
                    if args.iter().take(index + 1).any(|arg| arg.spread.is_some()) {
                        return Ways::ALL;
                    }
                    if let Some(arg) = args.get(index) {
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

    /// Whether other modules may call what a name holds.
    pub(super) fn is_exported(&self, binding: BindingId) -> bool {
        let text = self.model.names[self.model.bindings[binding as usize].name as usize].text;
        let by_syntax = |export: &Export<'_>| match export.value {
            Exported::Local(local) => &**local == text,
            Exported::Function(function) => self.model.functions[function as usize].role == Role::Named(binding),
            _ => false,
        };
        self.model.exports.iter().any(by_syntax)
            || self
                .model
                .refs_to(binding)
                .any(|found| self.is_export(found.context) || found.chain.is_none())
    }

    /// The members that are given what was handed over.
    fn kept(&self, out: &mut Vec<u32>) {
        let model = &self.model;
        let foreign = |expr: &'a Expr, scope: ScopeId| self.ways_of(expr, scope, MAX_DEPTH) != Ways::NONE;
        for write in &model.member_writes {
            if let Some(name) = plain_key(&write.target.prop)
                && foreign(write.value, write.scope)
            {
                out.push(hash(name));
            }
        }
        for class in &model.classes {
            for member in &class.node.body {
                match member {
                    ClassMember::ClassProp(prop) => {
                        if let (Some(name), Some(value)) = (key_text(&prop.key), &prop.value)
                            && foreign(value, class.scope)
                        {
                            out.push(hash(name));
                        }
                    }
                    ClassMember::Constructor(constructor) => {
                        for param in &constructor.params {
                            if let ParamOrTsParamProp::TsParamProp(prop) = param
                                && let TsParamPropParam::Ident(ident) = &prop.param
                            {
                                out.push(hash(&ident.id.sym));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The places where the module calls what it takes out of a list, a map or a promise, one of each statement; or else
    /// what the functions that it hands to others are given.
    pub(super) fn called_items(&self, items: bool) -> Vec<(Span, ScopeId)> {
        let mut out = Vec::new();
        let mut done = 0..0;
        for call in &self.model.calls {
            let Some(callee) = call.node.callee().map(stripped) else { continue };
            let span = span_of_expr(callee);
            if done.contains(&span.start)
                || !may_make_code(call.node, call.chain, call.context)
                || !if items {
                    self.calls_item(callee, call.node, call.scope)
                } else {
                    self.calls_parameter(callee, call.scope)
                }
            {
                continue;
            }
            let piece = self.model.piece_at(span.start);
            if let Some(piece) = piece.and_then(|piece| self.model.pieces.get(piece as usize)) {
                done = piece.span.start..piece.span.end;
            }
            out.push((span, call.scope));
        }
        out
    }

    /// Whether it calls a parameter of a function that is handed to somebody.
    fn calls_parameter(&self, callee: &'a Expr, scope: ScopeId) -> bool {
        let applied = as_member(callee)
            .filter(|member| matches!(plain_key(&member.prop), Some("call" | "apply" | "bind")))
            .map_or(callee, |member| stripped(&member.obj));
        let Expr::Ident(ident) = applied else { return false };
        let Some(binding) = self.model.lookup(&ident.sym, scope) else {
            return false;
        };
        self.model.writes_of(binding).any(|write| match write.source {
            Source::Param(function, ..) => match self.model.functions[function as usize].role {
                Role::Named(_) => self.calls_of_named(function).is_none(),
                Role::Argument(..) | Role::Alias(_) | Role::Returned(_) => true,
                _ => false,
            },
            _ => false,
        })
    }

    fn calls_item(&self, callee: &'a Expr, node: CallNode<'a>, scope: ScopeId) -> bool {
        let name = as_member(callee).and_then(|member| plain_key(&member.prop));
        match (as_member(callee), name) {
            (Some(member), Some("call" | "apply" | "bind")) => self.is_item(&member.obj, scope, MAX_DEPTH),
            (Some(_), Some(name)) if KEEPERS.contains(&name) => {
                let mut args = callbacks(name, node);
                args.any(|arg| self.is_item(&arg.expr, scope, MAX_DEPTH))
            }
            _ => self.is_item(callee, scope, MAX_DEPTH),
        }
    }

    /// Whether a value may be one that was put into a list, a map or a promise.
    fn is_item(&self, expr: &'a Expr, scope: ScopeId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let item = |expr: &'a Expr| self.is_item(expr, scope, depth);
        match stripped(expr) {
            Expr::Ident(ident) => self
                .model
                .lookup(&ident.sym, scope)
                .is_some_and(|binding| self.is_item_name(binding, depth)),
            Expr::Bin(bin) if bin.op.may_short_circuit() => item(&bin.left) || item(&bin.right),
            Expr::Cond(cond) => item(&cond.cons) || item(&cond.alt),
            Expr::Assign(assign) => item(&assign.right),
            Expr::Await(_) | Expr::Yield(_) => true,
            Expr::Member(member) => match &member.prop {
                MemberProp::Computed(key) => !is_symbol(&self.model, &key.expr, scope),
                prop => matches!(plain_key(prop), Some("value" | "callee")),
            },
            Expr::Call(call) => {
                let Some(callee) = call.callee.as_expr().map(|callee| stripped(callee)) else {
                    return false;
                };
                match (callee, as_member(callee)) {
                    (_, Some(member)) => plain_key(&member.prop).is_some_and(|name| GIVERS.contains(&name)),
                    (Expr::Ident(ident), None) => self.model.lookup(&ident.sym, scope).is_some_and(|binding| {
                        let sources = self.model.writes_of(binding).map(|write| write.source);
                        let functions = sources.filter_map(|source| match source {
                            Source::Function(function) => Some(function),
                            Source::Expr(expr, _) => {
                                let start = function_start(expr)?;
                                self.model.function_at(start)
                            }
                            _ => None,
                        });
                        functions
                            .flat_map(|function| self.model.returns_of(function))
                            .any(|returned| self.is_item(returned.value, returned.scope, depth))
                    }),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn is_item_name(&self, binding: BindingId, depth: u32) -> bool {
        let item = |source: Source<'a>, path: &[Step<'a>]| match source {
            _ if path.iter().any(|step| matches!(step, Step::Index(_) | Step::Computed(_))) => true,
            Source::Items(..) | Source::Opaque => true,
            Source::Expr(expr, scope) => self.is_item(expr, scope, depth),
            Source::Param(_, _, true) => true,
            Source::Param(function, index, false) => match self.model.functions[function as usize].role {
                Role::Named(_) => self.calls_of_named(function).is_some_and(|sites| {
                    sites.into_iter().any(|(node, scope)| {
                        let args = node.arguments();
                        args.iter().any(|arg| arg.spread.is_some())
                            || args
                                .get(index as usize)
                                .is_some_and(|arg| self.is_item(&arg.expr, scope, depth))
                    })
                }),
                Role::Argument(call, _) => {
                    let callee = self.model.calls[call as usize].node.callee();
                    let name = callee
                        .and_then(|callee| as_member(stripped(callee)))
                        .and_then(|member| plain_key(&member.prop));
                    name.is_none_or(|name| KEEPERS.contains(&name) || CALLERS.contains(&name))
                }
                _ => false,
            },
            _ => false,
        };
        self.model
            .writes_of(binding)
            .any(|write| item(write.source, &write.path))
            || self
                .model
                .assigns_of(binding)
                .any(|assign| !assign.compound && item(assign.source, &assign.path))
    }
}

/// `require('x')`
fn is_import(expr: &Expr) -> bool {
    matches!(stripped(expr), Expr::Call(call)
        if matches!(call.callee.as_expr().map(|callee| stripped(callee)), Some(Expr::Ident(ident)) if &*ident.sym == "require"))
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

/// A name as a number, the same on every platform (FNV-1a).
pub(super) fn hash(name: &str) -> u32 {
    let start = 0x811c_9dc5_u32;
    name.bytes()
        .fold(start, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
