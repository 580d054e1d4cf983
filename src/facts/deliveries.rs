//! Data that arrives as a parameter: from a call, an event, a promise.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Source},
    evaluate::Analysis,
    flow::{Entered, Kind, Trail, parameter_name},
    model::{CallId, CallNode, Context, FuncId, Role, ScopeId},
    owners::OWNER_DEPTH,
    parameters::innermost_call,
    sinks::{is_replaced, replaces},
    uses::RawUse,
    value::Value,
    ways::{plain_key, receives},
    writes::foreign,
};
use crate::{parse::span_of, span::Span};

impl<'a> Analysis<'a> {
    pub(super) fn trace_parameter(&mut self, function: FuncId, index: usize, span: Span, trail: &mut Trail<'a>) {
        if let Some(at) = trail.entered.iter().rposition(|entered| entered.function == function) {
            let inner = trail.entered.split_off(at);
            let Entered { node, scope, .. } = inner[0];
            for arg in given(node.arguments(), index) {
                self.trace(&arg.expr, scope, trail);
            }
            trail.entered.extend(inner);
            return;
        }
        self.arrives_at_port(function, index, span, trail);
        let role = self.model.functions[function as usize].role;
        match role {
            Role::Called(call) => self.trace_argument(call, index, trail),
            Role::Argument(call, at) => {
                self.trace_delivered(call, usize::from(at), index, Some(function), trail);
                self.trace_part(function, index, trail);
            }
            Role::Named(binding) => {
                let places: Vec<(Option<CallNode<'a>>, Context, ScopeId)> = self
                    .model
                    .refs_to(binding)
                    .map(|found| (found.chain.and_then(innermost_call), found.context, found.scope))
                    .collect();
                self.flow_budget = self.flow_budget.saturating_sub(places.len() as u32 / 8);
                let mut known = false;
                for (node, context, scope) in places {
                    if let Some(node) = node {
                        known = true;
                        for arg in given(node.arguments(), index) {
                            self.trace(&arg.expr, scope, trail);
                        }
                    } else if let Context::Argument(call, at) = context {
                        known = true;
                        self.trace_delivered(call, usize::from(at), index, None, trail);
                    } else if let Context::Write(_) = context {
                        // Its own member is written, as of a constructor's prototype.
                    } else if matches!(
                        context,
                        Context::Value | Context::Copied(_) | Context::Stored(_) | Context::Field(..)
                    ) {
                        known = false;
                    }
                }
                if !known {
                    self.caller_fills(function, index, span, trail);
                }
            }
            Role::Other if self.trace_handler(function, trail) => {}
            Role::Alias(_) if self.trace_global(function, trail) => {}
            _ => {
                self.trace_part(function, index, trail);
                self.caller_fills(function, index, span, trail);
            }
        }
    }

    /// An error that is caught: a member of it may be what the request answered that failed.
    pub(super) fn trace_caught(&mut self, start: u32, end: u32, trail: &mut Trail<'a>) {
        if trail.wanted.is_empty() {
            return;
        }
        let inside = |span: Span| start <= span.start && span.end <= end;
        for raw in self.uses.iter().filter(|raw| inside(raw.span)) {
            if raw.api.and_then(|api| api.source) == Some(Source::Network) {
                trail.add(Kind::Outside(Source::Network), &raw.path, raw.span, Vec::new());
            }
        }
    }

    /// A parameter of a method: what it is given where the method is called on such an object.
    fn trace_part(&mut self, function: FuncId, index: usize, trail: &mut Trail<'a>) {
        let entered = self.calls_of_entry(function);
        for (node, scope) in self.calls_of_part(function).into_iter().chain(entered) {
            for arg in given(node.arguments(), index) {
                self.trace(&arg.expr, scope, trail);
            }
        }
    }

    /// `socket.onmessage = (event) => …`: the event is what the object receives.
    pub(super) fn trace_handler(&mut self, function: FuncId, trail: &mut Trail<'a>) -> bool {
        let start = self.model.functions[function as usize].start;
        let Some(write) = self.parts().write_of(start) else {
            return false;
        };
        let write_at = write as usize;
        let write = &self.model.member_writes[write_at];
        let (target, scope) = (write.target, write.scope);
        let key = plain_key(&target.prop);
        if let Some(source) = key.and_then(|key| key.strip_prefix("on")).and_then(typed) {
            trail.add(
                Kind::Outside(source),
                key.unwrap_or_default(),
                span_of(target.span),
                Vec::new(),
            );
            return true;
        }
        if let Some(path) = self.replaced(target, scope).or_else(|| self.wrapped(write_at)) {
            trail.add(
                Kind::Outside(Source::Intercepted),
                &path,
                span_of(target.span),
                Vec::new(),
            );
            return true;
        }
        let object = self.value(&target.obj, scope);
        let network = object.alternatives().iter().find_map(|value| match value {
            Value::Api(path) if receives(path) => Some(path.clone()),
            _ => None,
        });
        match network {
            Some(path) => trail.add(Kind::Outside(Source::Network), &path, span_of(target.span), Vec::new()),
            None if key.is_some_and(|key| key.starts_with("on")) => self.trace_whole(&target.obj, scope, trail),
            None => return false,
        }
        trail.ends > 0
    }

    /// `fetch = function (…) { … }`: what passes through it.
    fn trace_global(&self, function: FuncId, trail: &mut Trail<'a>) -> bool {
        let start = self.model.functions[function as usize].start;
        let assigned = |raw: &&RawUse<'a>| raw.span.start == start && replaces(raw);
        let Some(raw) = self.uses.iter().find(assigned) else {
            return false;
        };
        trail.add(Kind::Outside(Source::Intercepted), &raw.path, raw.span, Vec::new());
        true
    }

    /// The API or the export of another package that a function is put in the place of.
    fn replaced(&mut self, target: &'a ast::MemberExpr, scope: ScopeId) -> Option<Rc<str>> {
        let key = plain_key(&target.prop)?;
        let object = self.value(&target.obj, scope);
        let path = object.alternatives().iter().find_map(|value| match value {
            Value::Global => Some(key.to_owned()),
            Value::Api(path) => Some(capability::member(path, key).into_owned()),
            Value::Module(specifier, path) => foreign(specifier, path, key),
            _ => None,
        })?;
        is_replaced(&path).then(|| path.into())
    }

    pub(super) fn trace_argument(&mut self, call: CallId, index: usize, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        for arg in given(site.node.arguments(), index + site.node.shift()) {
            self.trace(&arg.expr, site.scope, trail);
        }
    }

    /// What a callback is given: a source's data, what its object holds, what the called function calls it with.
    pub(super) fn trace_delivered(
        &mut self,
        call: CallId,
        at: usize,
        index: usize,
        callback: Option<FuncId>,
        trail: &mut Trail<'a>,
    ) {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee() else {
            return;
        };
        let plain = stripped(callee);
        let mut target = self.value(plain, site.scope);
        // Where a wrapper is given nothing, nothing is called.
        let known = |one: &&Value<'a>| matches!(one, Value::Api(path) if capability::api(path).is_some_and(|api| api.source.is_some()));
        if let Some(source) = target.alternatives().iter().find(known).cloned() {
            target = source;
        }
        if at == 0
            && let Some(first) = self.handed_on(plain, site.scope)
        {
            for arg in given(site.node.arguments(), index + first) {
                self.trace(&arg.expr, site.scope, trail);
            }
            return;
        }
        if let Value::Api(path) = &target
            && let Some(api) = capability::api(path)
        {
            if let Some(source) = api.source {
                if path.starts_with("readline.Interface#") && self.trace_lines(plain, site.scope, trail) {
                    return;
                }
                let what = self.described(api, site.node, site.scope);
                trail.add(Kind::Outside(source), path, span_of_expr(callee), what);
                return;
            }
            if path.ends_with("addEventListener")
                && let event = self.argument(site.node, 0, site.scope)
                && let Some(event) = event.as_text()
                && let Some(source) = typed(event)
            {
                let what = vec![event.to_owned()];
                trail.add(Kind::Outside(source), path, span_of_expr(callee), what);
                return;
            }
            // `zlib.gzip(data, (error, packed) => …)`
            let makes = ["zlib.", "crypto."].iter().any(|module| path.starts_with(module));
            if makes && let Some(first) = site.node.arguments().first().filter(|_| at > 0) {
                return self.trace_whole(&first.expr, site.scope, trail);
            }
        }
        if let Some(edge) = self.edge(plain, site.scope) {
            let edge = edge.called_back(at, index);
            return Self::arrives(&edge, span_of_expr(callee), trail);
        }
        if let Value::Function(function) = target {
            return self.trace_called_back(function, at, index, callback, site.node, site.scope, trail);
        }
        if let Some(member) = as_member(plain) {
            if let Some(key) = plain_key(&member.prop) {
                if key == "addEventListener"
                    && let event = self.argument(site.node, 0, site.scope)
                    && let Some(event) = event.as_text()
                    && let Some(source) = typed(event)
                {
                    let what = vec![event.to_owned()];
                    trail.add(
                        Kind::Outside(source),
                        "Element#addEventListener",
                        span_of_expr(callee),
                        what,
                    );
                    return;
                }
                if LISTENS.contains(&key) {
                    self.trace_emitted(&member.obj, site.node, site.scope, index, trail);
                }
                if key == "then" {
                    return self.trace(&member.obj, site.scope, trail);
                }
                if let Some(owner) = self.owner_of(&member.obj, site.scope, OWNER_DEPTH)
                    && let Some(function) = self.method_of(owner, key)
                {
                    return self.trace_called_back(function, at, index, callback, site.node, site.scope, trail);
                }
            }
            self.trace_whole(&member.obj, site.scope, trail);
        }
    }

    /// `readline.createInterface({ input: socket }).on('line', …)`: the lines of what it reads; whether that is known.
    fn trace_lines(&mut self, callee: &'a Expr, scope: ScopeId, trail: &mut Trail<'a>) -> bool {
        let Some(member) = as_member(callee) else { return false };
        let before = trail.found.len();
        self.trace_whole(&member.obj, scope, trail);
        trail.found.len() > before
    }

    /// A function of this module is given a callback: what it calls it with.
    #[expect(clippy::too_many_arguments, reason = "a callback, its place and its call")]
    fn trace_called_back(
        &mut self,
        function: FuncId,
        at: usize,
        index: usize,
        callback: Option<FuncId>,
        node: CallNode<'a>,
        scope: ScopeId,
        trail: &mut Trail<'a>,
    ) {
        let params = self.model.functions[function as usize].params;
        let inner = self.model.functions[function as usize].scope;
        let name = parameter_name(params, at);
        let Some(binding) = name.and_then(|name| self.model.lookup(name, inner)) else {
            return;
        };
        // A callback inside an object is called by its key.
        let whole = node.arguments().get(at).is_some_and(|arg| {
            let start = span_of_expr(&arg.expr).start;
            callback.is_none_or(|id| self.model.functions[id as usize].start == start)
        });
        let key = callback.and_then(|id| self.model.functions[id as usize].name);
        let places: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
            .model
            .refs_to(binding)
            .map(|found| (found.chain, found.context, found.scope))
            .take(MAX_PLACES)
            .collect();
        trail.entered.push(Entered { function, node, scope });
        for (chain, context, scope) in places {
            let called = if whole {
                chain.and_then(innermost_call)
            } else {
                chain.and_then(|chain| method_call(chain, key?))
            };
            if let Some(called) = called {
                for arg in given(called.arguments(), index) {
                    self.trace(&arg.expr, scope, trail);
                }
            } else if let Context::Argument(call, at) = context
                && whole
            {
                if trail.entered.len() < MAX_ENTERED {
                    self.trace_delivered(call, usize::from(at), index, None, trail);
                } else {
                    trail.leave_out();
                }
            }
        }
        trail.entered.pop();
    }

    /// `emitter.on('x', f)`: what `emitter.emit('x', …)` hands over.
    fn trace_emitted(
        &mut self,
        object: &'a Expr,
        node: CallNode<'a>,
        scope: ScopeId,
        index: usize,
        trail: &mut Trail<'a>,
    ) {
        let event = self.argument(node, 0, scope);
        let Some(event) = event.as_text().map(str::to_owned) else {
            return;
        };
        let parts = self.parts();
        let calls = EMITS
            .iter()
            .filter_map(|name| parts.calls(&self.model).methods.get(name));
        let calls: Vec<CallId> = calls.flatten().copied().take(MAX_PLACES / 4).collect();
        for call in calls {
            let site = self.model.calls[call as usize];
            let Some(member) = site.node.callee().map(stripped).and_then(as_member) else {
                continue;
            };
            if self.argument(site.node, 0, site.scope).as_text() != Some(&event)
                || !self.same_object((object, scope), (&member.obj, site.scope))
            {
                continue;
            }
            for arg in given(site.node.arguments(), index + 1) {
                self.trace(&arg.expr, site.scope, trail);
            }
        }
    }

    /// `new Promise(resolve => … resolve(x) …)`: what it resolves to.
    pub(super) fn trace_promise(&mut self, node: CallNode<'a>, trail: &mut Trail<'a>) {
        let Some(executor) = node.arguments().first() else {
            return;
        };
        let Some(function) = self.model.function_at(span_of_expr(&executor.expr).start) else {
            return;
        };
        let scope = self.model.functions[function as usize].scope;
        let Some(first) = parameter_name(self.model.functions[function as usize].params, 0) else {
            return;
        };
        let Some(binding) = self.model.lookup(first, scope) else {
            return;
        };
        let places: Vec<(Option<CallNode<'a>>, Context, ScopeId)> = self
            .model
            .refs_to(binding)
            .map(|found| (found.chain.and_then(innermost_call), found.context, found.scope))
            .take(MAX_PLACES)
            .collect();
        for (node, context, scope) in places {
            if let Some(first) = node.and_then(|node| node.arguments().first()) {
                self.trace(&first.expr, scope, trail);
            } else if let Context::Argument(call, at) = context {
                self.trace_delivered(call, usize::from(at), 0, None, trail);
            }
        }
    }

    /// What `promise.then(f)` resolves to: what `f` returns, if it returns anything.
    pub(super) fn promised(
        &mut self,
        callee: &'a Expr,
        node: CallNode<'a>,
        scope: ScopeId,
    ) -> Option<Vec<(&'a Expr, ScopeId)>> {
        let MemberProp::Ident(name) = &as_member(callee)?.prop else {
            return None;
        };
        if &*name.sym != "then" {
            return None;
        }
        let function = self.as_function(&node.arguments().first()?.expr, scope)?;
        let returns = self.returned_by(function);
        (!returns.is_empty()).then_some(returns)
    }
}

/// Methods that take a listener, and those that call it.
const LISTENS: [&str; 6] = [
    "addEventListener",
    "addListener",
    "on",
    "once",
    "prependListener",
    "subscribe",
];
const EMITS: [&str; 2] = ["emit", "publish"];
/// How many places of one name are looked at.
const MAX_PLACES: usize = 128;
/// How many calls within calls a callback is followed through.
const MAX_ENTERED: usize = 6;

/// What a person does that an event of this name tells.
pub(super) fn typed(event: &str) -> Option<Source> {
    match event {
        "keydown" | "keypress" | "keyup" | "input" | "beforeinput" | "compositionend" | "submit" | "change"
        | "blur" | "focusout" => Some(Source::Input),
        "copy" | "cut" | "paste" => Some(Source::Clipboard),
        _ => None,
    }
}

/// The call `root.key(…)` that a chain begins with.
fn method_call<'a>(chain: &'a Expr, key: &str) -> Option<CallNode<'a>> {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => {
                let callee = call.callee.as_expr()?;
                if let Expr::Member(member) = &**callee
                    && matches!(&*member.obj, Expr::Ident(_))
                    && plain_key(&member.prop) == Some(key)
                {
                    return Some(CallNode::Call(call));
                }
                callee
            }
            Expr::Member(member) => &member.obj,
            _ => return None,
        };
    }
}

/// The arguments that may fill a parameter: the one at its place, or whatever is spread before it.
fn given(args: &[ast::ExprOrSpread], index: usize) -> impl Iterator<Item = &ast::ExprOrSpread> {
    let spread = args.iter().take(index).filter(|arg| arg.spread.is_some());
    spread.chain(args.get(index))
}
