//! Where a value goes that is given to somebody: parameters, callbacks, methods by their names.

use rustc_hash::FxHashMap;
use swc_ecma_ast::Expr;

use super::{
    super::callees::{INSIDE, KEEPERS, hash},
    Trail,
};
use crate::facts::{
    Ways,
    calls::{as_member, span_of_expr, stripped},
    evaluate::Analysis,
    model::{CallId, CallNode, Context, FuncId, NONE, Params, Role, ScopeId, Source},
    parameters::innermost_call,
    value::Value,
    ways::plain_key,
};

/// Functions of the language that keep and give back nothing of what they are given; a `.` at the end means all members.
const LOOKS: [&str; 20] = [
    "Array.isArray",
    "BigInt",
    "Boolean",
    "Date",
    "JSON.stringify",
    "Math.",
    "Number",
    "Number.",
    "Object.is",
    "Object.keys",
    "RegExp",
    "String",
    "String.",
    "console.",
    "decodeURIComponent",
    "encodeURIComponent",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
];

/// Methods of the language that look at what they are given.
const LOOKERS: [&str; 14] = [
    "charAt",
    "charCodeAt",
    "codePointAt",
    "delete",
    "endsWith",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "isPrototypeOf",
    "lastIndexOf",
    "localeCompare",
    "startsWith",
    "test",
];

/// Methods of the language that put what they are given into what they are called on.
const KEEPS: [&str; 11] = [
    "add", "concat", "fill", "next", "push", "return", "set", "splice", "throw", "unshift", "with",
];

impl<'a> Analysis<'a> {
    pub(super) fn argument_goes(&mut self, call: CallId, index: u16, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee().map(stripped) else {
            trail.anywhere = true;
            trail.leaves |= Ways::ARGUMENT;
            return;
        };
        let member = as_member(callee);
        let method = member.and_then(|member| plain_key(&member.prop));
        let reflects =
            member.is_some_and(|member| matches!(&*member.obj, Expr::Ident(ident) if &*ident.sym == "Reflect"));
        let (target, index) = match (member, method) {
            _ if reflects => (callee, Some(index)),
            (Some(member), Some("call")) if index > 0 => (stripped(&member.obj), Some(index - 1)),
            (Some(member), Some("call" | "apply" | "bind")) => (stripped(&member.obj), None),
            _ => (callee, Some(index)),
        };
        // Whatever has such a method keeps what it is given.
        let set = method == Some("set") && self.model.mentions("Reflect");
        let kept = member.is_some() && !set && method.is_some_and(|name| KEEPS.contains(&name));
        let value = if kept {
            Value::Unknown
        } else {
            self.value(target, site.scope)
        };
        match value {
            // The language calls it, or puts it where any name may stand for it.
            Value::Api(path)
                if matches!(
                    &*path,
                    "Reflect.apply" | "Reflect.construct" | "Object.fromEntries" | "Reflect.set"
                ) =>
            {
                trail.called.push((span_of_expr(callee), site.scope));
            }
            Value::Api(path) => {
                if !looks(&path) {
                    trail.anywhere = true;
                    self.value_goes(Some(site.chain), site.context, site.scope, trail);
                }
            }
            Value::Function(function) | Value::Closure(function, _) => self.parameter_goes(function, index, trail),
            Value::Class(class) => {
                let constructor = self.model.classes[class as usize].constructor;
                if constructor == NONE {
                    trail.anywhere = true;
                    trail.leaves |= Ways::ARGUMENT;
                } else {
                    self.parameter_goes(constructor, index, trail);
                }
            }
            Value::Module(_, path) => {
                trail.leaves |= Ways::METHOD;
                let name = path.rsplit('.').next().filter(|name| *name != "default");
                trail.methods_given.push(hash(name.unwrap_or_default(), "()"));
            }
            _ => match (target, method) {
                (Expr::Ident(ident), _) => self.callback_goes(ident, site.scope, index, trail),
                (_, Some(name)) if LOOKERS.contains(&name) => {}
                // The language calls it.
                (_, Some(name)) if KEEPERS.contains(&name) && matches!(index, Some(0 | 1)) => {
                    trail.called.push((span_of_expr(callee), site.scope));
                }
                (_, Some(name)) => {
                    for function in self.functions_named(name, trail) {
                        self.parameter_goes(function, index, trail);
                    }
                    trail.anywhere |= KEEPS.contains(&name);
                    trail.leaves |= Ways::METHOD;
                    trail.methods_given.push(hash(name, "()"));
                }
                _ => {
                    trail.handed = true;
                    trail.leaves |= Ways::ARGUMENT;
                }
            },
        }
    }

    /// The functions of a name.
    pub(super) fn functions_named(&self, name: &str, trail: &mut Trail<'a>) -> Vec<FuncId> {
        let model = &self.model;
        let functions = trail.functions.get_or_insert_with(|| {
            let mut by_name: FxHashMap<&'a str, Vec<FuncId>> = FxHashMap::default();
            for (id, function) in (0..).zip(&model.functions) {
                if let Some(name) = function.name {
                    by_name.entry(name).or_default().push(id);
                }
            }
            by_name
        });
        functions.get(name).cloned().unwrap_or_default()
    }

    /// A parameter is called with it: so are the functions that are handed in for that parameter.
    pub(super) fn callback_goes(
        &mut self,
        name: &'a swc_ecma_ast::Ident,
        scope: ScopeId,
        index: Option<u16>,
        trail: &mut Trail<'a>,
    ) {
        trail.leaves |= Ways::ARGUMENT;
        let Some(binding) = self.model.lookup(&name.sym, scope) else {
            trail.handed = true;
            return;
        };
        let sources: Vec<Source<'a>> = self.model.writes_of(binding).map(|write| write.source).collect();
        let assigned = self.model.assigns_of(binding).next().is_some();
        let [Source::Param(function, at, false)] = sources[..] else {
            trail.handed = true;
            return;
        };
        let Some(sites) = self.calls_of_named(function).filter(|_| !assigned) else {
            trail.handed = true;
            // `{ then(done) { done(o[key]); } }`: whoever awaits it gets it.
            if self.is_thenable(function) {
                (trail.anywhere, trail.leaves) = (true, Ways::ALL);
                trail.methods_given.push(hash(INSIDE, "="));
            }
            return;
        };
        for (node, scope) in sites {
            let Some(arg) = node.arguments().get(at as usize) else {
                continue;
            };
            match self.value(&arg.expr, scope) {
                Value::Function(function) | Value::Closure(function, _) => {
                    self.parameter_goes(function, index, trail);
                }
                _ => trail.handed = true,
            }
        }
    }

    /// Whether the language may call a function because somebody waits for what has it.
    fn is_thenable(&self, function: FuncId) -> bool {
        let func = &self.model.functions[function as usize];
        let mut then = func.name == Some("then");
        self.names_outside(function, &mut |name| then |= name == "then");
        then || self.model.kept_as.iter().any(|(name, _)| *name == Some("then"))
    }

    /// The calls of a named function, if it is used in no other way; those of its importers are not among them.
    pub(in crate::facts::unknowns) fn calls_of_named(&self, function: FuncId) -> Option<Vec<(CallNode<'a>, ScopeId)>> {
        let Role::Named(binding) = self.model.functions[function as usize].role else {
            return None;
        };
        let mut sites = Vec::new();
        for found in self.model.refs_to(binding) {
            match found.chain.and_then(innermost_call) {
                Some(node) => sites.push((node, found.scope)),
                None if found.context == Context::Test => {}
                // `module.exports = f`: others call it.
                None if self.is_export(found.context) => {}
                None => return None,
            }
        }
        Some(sites)
    }

    pub(in crate::facts::unknowns) fn is_export(&self, context: Context) -> bool {
        let Context::Stored(write) = context else { return false };
        let target = self.model.member_writes[write as usize].target;
        match stripped(&target.obj) {
            Expr::Ident(ident) => matches!(&*ident.sym, "exports" | "module"),
            Expr::Member(inner) => matches!(stripped(&inner.obj), Expr::Ident(ident) if &*ident.sym == "module"),
            _ => false,
        }
    }

    pub(super) fn parameter_goes(&mut self, function: FuncId, index: Option<u16>, trail: &mut Trail<'a>) {
        let func = &self.model.functions[function as usize];
        let scope = func.scope;
        let count = match func.params {
            Params::None => 0,
            Params::Function(params) => params.len(),
            Params::Arrow(params) => params.len(),
            Params::Constructor(params) => params.len(),
        };
        let arguments = self.model.mentions("arguments");
        let indices = match index {
            Some(index) => index..index + 1,
            None => 0..count.min(16) as u16,
        };
        for index in indices {
            let names = self.parameter_names(function, index);
            let plain = self.model.parameter(function, usize::from(index)).is_some();
            trail.anywhere |= arguments || (!names.is_empty() && !plain);
            for name in names {
                if let Some(binding) = self.model.lookup(name, scope) {
                    trail.name(binding);
                }
            }
        }
    }
}

fn looks(path: &str) -> bool {
    LOOKS
        .iter()
        .any(|known| path == *known || known.ends_with('.') && path.starts_with(known))
}
