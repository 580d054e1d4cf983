//! What a function is given, by whom, and what it gives back.

use swc_ecma_ast::{Expr, MemberProp};

use super::{
    evaluate::Analysis,
    model::{BindingId, CallNode, FuncId, Role, ScopeId},
    value::Value,
};

/// How many functions may be entered within each other.
const MAX_FRAMES: usize = 8;

/// How many call sites of a function are looked at for its parameters.
const MAX_SITES: usize = 4;

/// The call whose callee is the chain's root name itself: `f(…)` in `f(…).x`.
pub(super) fn innermost_call(chain: &Expr) -> Option<CallNode<'_>> {
    let mut at = chain;
    loop {
        let (node, inner) = match at {
            Expr::Call(call) => (Some(CallNode::Call(call)), &**call.callee.as_expr()?),
            Expr::New(new) => (Some(CallNode::New(new)), &*new.callee),
            Expr::Member(member) => (None, &*member.obj),
            Expr::Await(e) => (None, &*e.arg),
            Expr::Paren(e) => (None, &*e.expr),
            _ => return None,
        };
        match (inner, node) {
            (Expr::Ident(_), Some(node)) => return Some(node),
            (Expr::Ident(_), None) => return None,
            (next, _) => at = next,
        }
    }
}

impl<'a> Analysis<'a> {
    /// What a parameter is worth over all known calls of its function.
    pub(super) fn parameter(&mut self, function: FuncId, index: usize) -> Value<'a> {
        if let Some(given) = self.bundles.given.get(&(function, index as u32)) {
            return given.clone();
        }
        match self.model.functions[function as usize].role {
            Role::Called(call) => {
                let call = self.model.calls[call as usize];
                self.argument(call.node, index, call.scope)
            }
            Role::Named(binding) => {
                let Some(sites) = self.call_sites(binding) else {
                    return Value::Unknown;
                };
                let values = sites
                    .into_iter()
                    .map(|(node, scope)| self.argument(node, index, scope))
                    .collect();
                Value::one_of(values)
            }
            Role::Argument(call, at) => match self.delivered(call, index) {
                Value::Unknown => self.handed(function, call, at, index),
                value => value,
            },
            _ => Value::Unknown,
        }
    }

    /// What a callback is given, where the language says so: an item, or what a promise of a module resolves to.
    pub(super) fn delivered(&mut self, call: u32, index: usize) -> Value<'a> {
        let call = self.model.calls[call as usize];
        let Some(Expr::Member(callee)) = call.node.callee() else {
            return Value::Unknown;
        };
        let MemberProp::Ident(method) = &callee.prop else {
            return Value::Unknown;
        };
        match (&*method.sym, index) {
            ("then", 0) => match self.value(&callee.obj, call.scope) {
                value if value.leads_somewhere() || matches!(value, Value::Bundled(_)) => value,
                _ => Value::Unknown,
            },
            ("forEach" | "map" | "filter" | "some" | "every" | "find" | "flatMap", 0) => {
                match self.value(&callee.obj, call.scope) {
                    Value::Array(items) => Value::one_of(items.to_vec()),
                    _ => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        }
    }

    /// The calls of a named function, if all its uses are calls and they are few.
    pub(super) fn call_sites(&self, binding: BindingId) -> Option<Vec<(CallNode<'a>, ScopeId)>> {
        let mut sites = Vec::new();
        for found in self.model.refs_to(binding) {
            let node = innermost_call(found.chain?)?;
            if sites.len() == MAX_SITES {
                return None;
            }
            sites.push((node, found.scope));
        }
        Some(sites)
    }

    /// The value of a call's n-th argument.
    pub(super) fn argument(&mut self, node: CallNode<'a>, index: usize, scope: ScopeId) -> Value<'a> {
        let args = node.arguments();
        if args.iter().take(index + 1).any(|arg| arg.spread.is_some()) {
            return Value::Unknown;
        }
        args.get(index)
            .map_or(Value::Undefined, |arg| self.value(&arg.expr, scope))
    }

    /// All arguments' values.
    pub(super) fn arguments(&mut self, node: CallNode<'a>, scope: ScopeId) -> Vec<Value<'a>> {
        let mut values = Vec::with_capacity(node.arguments().len());
        for arg in node.arguments() {
            let value = self.value(&arg.expr, scope);
            match (arg.spread.is_some(), value) {
                (false, value) => values.push(value),
                (true, Value::Array(items)) => values.extend(items.iter().cloned()),
                (true, _) => {
                    values.push(Value::Unknown);
                    break;
                }
            }
        }
        values
    }

    /// Runs a function of the module on known arguments: the join of what it returns.
    pub(super) fn enter(&mut self, function: FuncId, args: Vec<Value<'a>>) -> Value<'a> {
        if let Some(value) = self.returned.get(&function) {
            return value.clone();
        }
        if self.frames.len() >= MAX_FRAMES || self.frames.iter().any(|(f, _)| *f == function) {
            return Value::Unknown;
        }
        let returns: Vec<(&'a Expr, ScopeId)> = self
            .model
            .returns_of(function)
            .map(|r| (r.value, r.scope))
            .take(MAX_SITES + 1)
            .collect();
        if returns.is_empty() || returns.len() > MAX_SITES {
            return Value::Unknown;
        }
        let own = self.frames.len();
        self.frames.push((function, args));
        let (value, lowest) = self.watched(|analysis| {
            let values = returns.into_iter().map(|(value, scope)| analysis.value(value, scope));
            Value::one_of(values.collect())
        });
        self.frames.pop();
        if lowest > own {
            self.returned.insert(function, value.clone());
        }
        value
    }
}
