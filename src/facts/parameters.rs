//! What a function is given, by whom, and what it gives back.

use swc_ecma_ast::{Expr, MemberProp};

use super::{
    evaluate::Analysis,
    index::Reading,
    model::{BindingId, CallNode, FuncId, NONE, Owner, Role, ScopeId},
    objects::home_of,
    value::{Frame, Maker, Value},
};

/// How many functions may be entered within each other.
const MAX_FRAMES: usize = 8;

/// How many call sites of a function are looked at for its parameters.
const MAX_SITES: usize = 4;

/// How many reads of a method's name are looked at for its callers.
const MAX_CALLERS: usize = 16;
/// How many reads of a class's name are looked at for those that make it.
const MAX_READS: usize = 64;
/// How far a chain is followed for the call of a method.
const MAX_CHAIN: usize = 16;

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
                if let Some(array) = applied_array(call.node) {
                    let args = self.value(array, call.scope);
                    return match args {
                        Value::Array(items) => items.get(index).cloned().unwrap_or(Value::Undefined),
                        other => other.items(),
                    };
                }
                self.argument(call.node, index + call.node.shift(), call.scope)
            }
            Role::Named(binding) => {
                let Some(sites) = self.call_sites(binding) else {
                    return Value::Unknown;
                };
                let mut values: Vec<Value<'a>> = sites
                    .into_iter()
                    .map(|(node, scope)| self.argument(node, index, scope))
                    .collect();
                // Importers call it, too.
                let name = self.model.bindings[binding as usize].name;
                if self.model.exports_name(self.model.names[name as usize].text) {
                    values.push(Value::Unknown);
                }
                Value::one_of(values)
            }
            Role::Argument(call, at) => match self.delivered(call, index) {
                Value::Unknown => self.handed(function, call, at, index),
                value => value,
            },
            Role::Member => self.given_to_member(function, index),
            _ => Value::Unknown,
        }
    }

    /// What a callback is given, where the language says so: an item, or what a promise of a module resolves to.
    pub(super) fn delivered(&mut self, call: u32, index: usize) -> Value<'a> {
        let call = self.model.calls[call as usize];
        if let Some(first) = call.node.callee().and_then(|callee| self.handed_on(callee, call.scope)) {
            return self.argument(call.node, index + first, call.scope);
        }
        let Some(Expr::Member(callee)) = call.node.callee() else {
            return Value::Unknown;
        };
        let MemberProp::Ident(method) = &callee.prop else {
            return Value::Unknown;
        };
        match (&*method.sym, index) {
            ("then", 0) => match self.value(&callee.obj, call.scope) {
                value if value.holds_power() || matches!(value, Value::Bundled(_)) => value,
                _ => Value::Unknown,
            },
            ("forEach" | "map" | "filter" | "some" | "every" | "find" | "flatMap", 0) => {
                self.value(&callee.obj, call.scope).items()
            }
            _ => Value::Unknown,
        }
    }

    /// From which argument on a timer hands its own arguments to what it calls: `setTimeout(f, 100, x)`.
    pub(super) fn handed_on(&mut self, callee: &'a Expr, scope: ScopeId) -> Option<usize> {
        let value = match callee {
            Expr::Ident(_) | Expr::Member(_) => self.value(callee, scope),
            _ => return None,
        };
        let Value::Api(path) = value else { return None };
        match &*path {
            "setTimeout" | "setInterval" | "timers.setTimeout" | "timers.setInterval" => Some(2),
            "setImmediate" | "timers.setImmediate" | "process.nextTick" => Some(1),
            _ => None,
        }
    }

    /// What a timer calls with one of its own arguments, and which parameter that is for.
    pub(super) fn timed(
        &mut self,
        callee: &'a Expr,
        node: CallNode<'a>,
        index: u16,
        scope: ScopeId,
    ) -> Option<(Value<'a>, Option<u16>)> {
        let first = self.handed_on(callee, scope)?;
        let index = index.checked_sub(first as u16)?;
        Some((self.argument(node, 0, scope), Some(index)))
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
        self.enter_within(function, &[], args)
    }

    /// The same for a function that keeps the arguments of the calls it was made in.
    pub(super) fn enter_within(&mut self, function: FuncId, kept: &[Frame<'a>], args: Vec<Value<'a>>) -> Value<'a> {
        if let Some(value) = self.returned.get(&function) {
            return value.clone();
        }
        if self.frames.len() >= MAX_FRAMES || self.frames.iter().any(|(f, _)| *f == function) {
            return Value::Unknown;
        }
        if self.model.functions[function as usize].first_yield != NONE {
            return self.yielded(function, kept, args);
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
        self.frames.extend_from_slice(kept);
        self.frames.push((function, args.into()));
        let (value, lowest) = self.watched(|analysis| {
            let values = returns.into_iter().map(|(value, scope)| {
                let value = analysis.value(value, scope);
                analysis.captured(value, own)
            });
            Value::one_of(values.collect())
        });
        let innermost = self.frames.len() - 1;
        self.frames.truncate(own);
        if lowest > innermost && !self.is_starved() {
            self.returned.insert(function, value.clone());
        }
        value
    }

    /// What a generator gives, one after the other.
    fn yielded(&mut self, function: FuncId, kept: &[Frame<'a>], args: Vec<Value<'a>>) -> Value<'a> {
        let yields: Vec<(&'a Expr, ScopeId)> = self
            .model
            .yields_of(function)
            .map(|found| (found.value, found.scope))
            .take(MAX_SITES)
            .collect();
        let own = self.frames.len();
        self.frames.extend_from_slice(kept);
        self.frames.push((function, args.into()));
        let values: Vec<Value<'a>> = yields
            .into_iter()
            .map(|(value, scope)| self.value(value, scope))
            .collect();
        self.frames.truncate(own);
        if values.iter().any(|value| value.holds_power() || value.is_container()) {
            Value::Bag(values.into())
        } else {
            Value::Unknown
        }
    }

    /// What a method or constructor is given by those of the module that call it; others may, too.
    fn given_to_member(&mut self, function: FuncId, index: usize) -> Value<'a> {
        let func = &self.model.functions[function as usize];
        let (Owner::Class(class) | Owner::Static(class)) = func.owner else {
            return Value::Unknown;
        };
        let is_static = matches!(func.owner, Owner::Static(_));
        let mut sites: Vec<(CallNode<'a>, ScopeId)> = Vec::new();
        if self.model.classes[class as usize].constructor == function {
            let binding = self.model.classes[class as usize].binding;
            if binding == NONE {
                return Value::Unknown;
            }
            let made = self.model.refs_to(binding).take(MAX_READS).filter_map(|read| {
                let node = innermost_call(read.chain?)?;
                matches!(node, CallNode::New(_)).then_some((node, read.scope))
            });
            sites.extend(made.take(MAX_SITES + 1));
        } else {
            let Some(name) = func.name else { return Value::Unknown };
            let reads = self.member_reads();
            if reads.of(name).nth(MAX_CALLERS).is_some() {
                return Value::Unknown;
            }
            for reading in reads.of(name) {
                let (chain, scope) = match reading {
                    Reading::Ref(read) => {
                        let read = &self.model.refs[read as usize];
                        (read.chain, read.scope)
                    }
                    Reading::Own(own) => {
                        let own = &self.model.own[own as usize];
                        (Some(own.chain), own.scope)
                    }
                };
                let Some((object, node)) = chain.and_then(|chain| method_call(chain, name)) else {
                    continue;
                };
                let wanted = if is_static {
                    Value::Class(class)
                } else {
                    Value::Instance(Maker::Class(class))
                };
                let mut object_value = Value::Unknown;
                self.limited(|analysis| object_value = analysis.value(object, scope));
                let object = object_value;
                if object.alternatives().iter().any(|one| home_of(one) == home_of(&wanted)) {
                    sites.push((node, scope));
                }
            }
        }
        if sites.is_empty() || sites.len() > MAX_SITES {
            return Value::Unknown;
        }
        let mut values: Vec<Value<'a>> = Vec::with_capacity(sites.len() + 1);
        for (node, scope) in sites {
            values.push(self.argument(node, index, scope));
        }
        values.push(Value::Unknown);
        Value::one_of(values)
    }
}

/// The call of a method of this name within a chain, and its object.
fn method_call<'a>(chain: &'a Expr, name: &str) -> Option<(&'a Expr, CallNode<'a>)> {
    let mut at = chain;
    for _ in 0..MAX_CHAIN {
        at = match at {
            Expr::Call(call) => {
                let callee = call.callee.as_expr()?;
                if let Expr::Member(member) = &**callee {
                    let named = match &member.prop {
                        MemberProp::Ident(key) => *key.sym == *name,
                        MemberProp::PrivateName(key) => *key.name == *name,
                        MemberProp::Computed(_) => false,
                    };
                    if named {
                        return Some((&member.obj, CallNode::Call(call)));
                    }
                }
                callee
            }
            Expr::Member(member) => &member.obj,
            Expr::New(new) => &new.callee,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return None,
        };
    }
    None
}

/// The array of `(function () {}).apply(this, array)`.
fn applied_array(node: CallNode<'_>) -> Option<&Expr> {
    let mut callee = node.callee()?;
    while let Expr::Paren(paren) = callee {
        callee = &paren.expr;
    }
    match callee {
        Expr::Member(member) if member.prop.is_ident_with("apply") => Some(&node.arguments().get(1)?.expr),
        _ => None,
    }
}
