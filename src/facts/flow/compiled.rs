//! Data through what a compiler makes of `async` functions and generators.

use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::Trail;
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    evaluate::Analysis,
    model::{CallId, CallNode, FuncId, Model, Role, ScopeId, Source},
    ways::{function_start, plain_key},
};

/// What a step of a compiled generator does: it waits for a value, or returns it.
const WAITS: f64 = 4.0;
const RETURNS: f64 = 2.0;

impl<'a> Analysis<'a> {
    /// Follows a call of a compiler's helper to what the function written by a person returns; whether it was one.
    pub(super) fn trace_compiled(
        &mut self,
        callee: &'a Expr,
        node: CallNode<'a>,
        scope: ScopeId,
        trail: &mut Trail<'a>,
    ) -> bool {
        if let Some(member) = as_member(callee)
            && plain_key(&member.prop) == Some("sent")
            && let Expr::Ident(state) = &*member.obj
        {
            let Some(function) = self.generator_of(&state.sym, scope) else {
                return false;
            };
            let at = span_of_expr(callee).start;
            let waited = self.model.returns_of(function).filter_map(|found| {
                let value = step(found.value, WAITS)?;
                let start = span_of_expr(value).start;
                (start < at).then_some((start, value, found.scope))
            });
            if let Some((_, value, scope)) = waited.max_by_key(|(start, ..)| *start) {
                self.trace(value, scope, trail);
            }
            return true;
        }
        // `_asyncToGenerator(function* () {…})()`
        let (helper, node) = match callee {
            Expr::Call(inner) => {
                let Some(helper) = inner.callee.as_expr() else {
                    return false;
                };
                (stripped(helper), CallNode::Call(inner))
            }
            _ => (callee, node),
        };
        let Some(kind) = helper_named(helper) else { return false };
        let inner = node.arguments().iter().rev().find_map(|arg| function_start(&arg.expr));
        let Some(function) = inner.and_then(|start| self.model.function_at(start)) else {
            return false;
        };
        let returns: Vec<(&'a Expr, ScopeId)> = self
            .model
            .returns_of(function)
            .filter_map(|found| match kind {
                Helper::Waiter => Some((found.value, found.scope)),
                Helper::Generator => Some((step(found.value, RETURNS)?, found.scope)),
            })
            .collect();
        for (value, scope) in returns {
            self.trace(value, scope, trail);
        }
        true
    }

    /// The function whose first parameter this name is, if it is a generator's.
    fn generator_of(&self, state: &swc_atoms::Atom, scope: ScopeId) -> Option<FuncId> {
        let binding = self.model.lookup(state, scope)?;
        self.model.writes_of(binding).find_map(|write| match write.source {
            Source::Param(function, 0, false) => is_helped(&self.model, function).then_some(function),
            _ => None,
        })
    }
}

/// What a compiler's helper is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Helper {
    /// Runs a generator as an `async` function.
    Waiter,
    /// Runs a function of numbered steps as a generator.
    Generator,
}

fn helper_named(callee: &Expr) -> Option<Helper> {
    let name = match callee {
        Expr::Ident(ident) => &*ident.sym,
        other => plain_key(&as_member(other)?.prop)?,
    };
    match name {
        "__awaiter" | "__async" | "_asyncToGenerator" | "_async_to_generator" | "asyncToGenerator" => {
            Some(Helper::Waiter)
        }
        "__generator" | "_ts_generator" => Some(Helper::Generator),
        _ => None,
    }
}

/// The value of a step, `[kind, value]`.
fn step(expr: &Expr, kind: f64) -> Option<&Expr> {
    let Expr::Array(array) = expr else { return None };
    let [Some(first), Some(second)] = array.elems.as_slice() else {
        return None;
    };
    match &*first.expr {
        Expr::Lit(ast::Lit::Num(number)) if number.value.to_bits() == kind.to_bits() => Some(&second.expr),
        _ => None,
    }
}

/// Whether a function is what a compiler's helper runs, with the `this` around it.
pub(in crate::facts) fn is_helped(model: &Model<'_>, function: FuncId) -> bool {
    let helps = |call: CallId| {
        let callee = model.calls[call as usize].node.callee().map(stripped);
        callee.and_then(helper_named).is_some()
    };
    match model.functions[function as usize].role {
        Role::Argument(call, _) => helps(call),
        _ => false,
    }
}
