//! Data that arrives as a parameter: from a call, an event, a promise.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Source},
    evaluate::Analysis,
    flow::{Entered, Kind, Trail},
    model::{self, CallId, CallNode, Context, FuncId, Role, ScopeId},
    parameters::innermost_call,
    value::Value,
    ways::receives,
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
        let role = self.model.functions[function as usize].role;
        match role {
            Role::Called(call) => self.trace_argument(call, index, trail),
            Role::Argument(call, _) => self.trace_delivered(call, index, trail),
            Role::Named(binding) => {
                let places: Vec<(Option<CallNode<'a>>, Context, ScopeId)> = self
                    .model
                    .refs_to(binding)
                    .map(|found| (found.chain.and_then(innermost_call), found.context, found.scope))
                    .collect();
                let mut known = false;
                for (node, context, scope) in places {
                    if let Some(node) = node {
                        known = true;
                        if let Some(arg) = node.arguments().get(index) {
                            self.trace(&arg.expr, scope, trail);
                        }
                    } else if let Context::Argument(call, _) = context {
                        known = true;
                        self.trace_delivered(call, index, trail);
                    } else if matches!(
                        context,
                        Context::Value | Context::Copied(_) | Context::Stored(_) | Context::Field(..)
                    ) {
                        known = false;
                    }
                }
                if !known {
                    trail.add(Kind::Caller, "", span, Vec::new());
                }
            }
            Role::Other if self.trace_handler(function, trail) => {}
            _ => trail.add(Kind::Caller, "", span, Vec::new()),
        }
    }

    /// `socket.onmessage = (event) => …`: the event is what the object receives.
    pub(super) fn trace_handler(&mut self, function: FuncId, trail: &mut Trail<'a>) -> bool {
        let start = self.model.functions[function as usize].start;
        let write = self
            .model
            .member_writes
            .iter()
            .find(|write| span_of_expr(write.value).start == start);
        let Some((target, scope)) = write.map(|write| (write.target, write.scope)) else {
            return false;
        };
        let object = self.value(&target.obj, scope);
        let network = object.alternatives().iter().find_map(|value| match value {
            Value::Api(path) if receives(path) => Some(path.clone()),
            _ => None,
        });
        match network {
            Some(path) => trail.add(Kind::Outside(Source::Network), &path, span_of(target.span), Vec::new()),
            None => self.trace_whole(&target.obj, scope, trail),
        }
        !trail.found.is_empty()
    }

    pub(super) fn trace_argument(&mut self, call: CallId, index: usize, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        if let Some(arg) = site.node.arguments().get(index + site.node.shift()) {
            self.trace(&arg.expr, site.scope, trail);
        }
    }

    /// What a callback is given: a source's data, or what its object holds.
    pub(super) fn trace_delivered(&mut self, call: CallId, index: usize, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee() else {
            return;
        };
        if let Value::Api(path) = self.value(callee, site.scope)
            && let Some(api) = capability::api(&path)
            && let Some(source) = api.source
        {
            let what = self.described(api, site.node, site.scope);
            trail.add(Kind::Outside(source), &path, span_of_expr(callee), what);
            return;
        }
        let _ = index;
        if let Some(member) = as_member(stripped(callee)) {
            self.trace_whole(&member.obj, site.scope, trail);
        } else if let Value::Function(function) = self.value(callee, site.scope) {
            // A local function that calls its callback: what it calls it with is looked for in its body.
            let _ = function;
            self.trace_arguments(site.node, site.scope, trail);
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
        let first = match self.model.functions[function as usize].params {
            model::Params::Arrow([ast::Pat::Ident(first), ..]) => &first.id.sym,
            model::Params::Function([first, ..]) => match &first.pat {
                ast::Pat::Ident(ident) => &ident.id.sym,
                _ => return,
            },
            _ => return,
        };
        let Some(binding) = self.model.lookup(first, scope) else {
            return;
        };
        let places: Vec<(CallNode<'a>, ScopeId)> = self
            .model
            .refs_to(binding)
            .filter_map(|found| Some((found.chain.and_then(innermost_call)?, found.scope)))
            .collect();
        for (node, scope) in places {
            self.trace_arguments(node, scope, trail);
        }
    }

    /// What `promise.then(f)` resolves to: what `f` returns, if it returns anything.
    pub(super) fn promised(&mut self, callee: &'a Expr, node: CallNode<'a>) -> Option<Vec<(&'a Expr, ScopeId)>> {
        let MemberProp::Ident(name) = &as_member(callee)?.prop else {
            return None;
        };
        if &*name.sym != "then" {
            return None;
        }
        let function = self
            .model
            .function_at(span_of_expr(&node.arguments().first()?.expr).start)?;
        let returns: Vec<(&'a Expr, ScopeId)> = self.model.returns_of(function).map(|r| (r.value, r.scope)).collect();
        (!returns.is_empty()).then_some(returns)
    }
}

/// The arguments that may fill a parameter: the one at its place, or whatever is spread before it.
fn given(args: &[ast::ExprOrSpread], index: usize) -> impl Iterator<Item = &ast::ExprOrSpread> {
    let spread = args.iter().take(index).filter(|arg| arg.spread.is_some());
    spread.chain(args.get(index))
}
