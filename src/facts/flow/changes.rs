//! What puts data into the object that a name holds, after it was made.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::{Entered, Trail, parameter_name};
use crate::facts::{
    evaluate::Analysis,
    model::{BindingId, CallId, Context, FuncId, ScopeId},
    value::Value,
    ways::added,
};

/// One place that may put data into an object.
#[derive(Clone, Copy)]
pub(in crate::facts) enum Change<'a> {
    /// `object.member = …`: index into the model's writes.
    Written(u32),
    /// `object.push(…)`; whether the method is its own.
    Added(&'a [ast::ExprOrSpread], bool, ScopeId),
    /// It is an argument of a call that may do so.
    Filled(Filling, CallId),
}

/// Who fills an object that it is given.
#[derive(Clone, Copy)]
pub(in crate::facts) enum Filling {
    /// `Object.assign` and `Object.defineProperty`, from the arguments after it.
    Arguments,
    /// A function of the module, by this parameter.
    Parameter(FuncId, BindingId),
}

impl<'a> Analysis<'a> {
    /// The places that may put data into what a name holds; looked for once.
    pub(super) fn changes_of(&mut self, binding: BindingId) -> Rc<[Change<'a>]> {
        if let Some(known) = self.changes.get(&binding) {
            return known.clone();
        }
        let mut out = Vec::new();
        let mut calls = Vec::new();
        let mut looked = 0;
        for found in self.model.refs_to(binding) {
            looked += 1;
            if let Context::Argument(call, index) = found.context
                && found.chain.is_none_or(|chain| matches!(chain, Expr::Ident(_)))
            {
                calls.push((call, index));
            }
            if let Context::Write(index) = found.context {
                out.push(Change::Written(index));
            }
            if let Some((args, own)) = found.chain.and_then(added) {
                out.push(Change::Added(args, own, found.scope));
            }
        }
        self.flow_budget = self.flow_budget.saturating_sub(looked / 8);
        for (call, index) in calls {
            if let Some(filling) = self.filling(call, index) {
                out.push(Change::Filled(filling, call));
            }
        }
        let out: Rc<[Change<'a>]> = out.into();
        self.changes.insert(binding, out.clone());
        out
    }

    /// Whether a call fills the object that is this argument of it.
    fn filling(&mut self, call: CallId, index: u16) -> Option<Filling> {
        let site = self.model.calls[call as usize];
        match self.value(site.node.callee()?, site.scope) {
            Value::Api(path) if index == 0 && matches!(&*path, "Object.assign" | "Object.defineProperty") => {
                Some(Filling::Arguments)
            }
            Value::Function(function) => {
                let func = &self.model.functions[function as usize];
                let name = parameter_name(func.params, usize::from(index))?;
                let binding = self.model.lookup(name, func.scope)?;
                let mut mentions = self.model.refs_to(binding);
                let changed = mentions
                    .any(|found| matches!(found.context, Context::Write(_)) || found.chain.and_then(added).is_some());
                changed.then_some(Filling::Parameter(function, binding))
            }
            _ => None,
        }
    }

    /// An object is an argument of a call that may put data into it: `Object.assign(o, …)`, a function of this module.
    pub(super) fn trace_filled(&mut self, filling: Filling, call: CallId, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        match filling {
            Filling::Arguments => {
                for arg in site.node.arguments().iter().skip(1) {
                    self.trace(&arg.expr, site.scope, trail);
                }
            }
            Filling::Parameter(function, binding) => {
                if trail.visits_binding(binding) {
                    trail.entered.push(Entered {
                        function,
                        node: site.node,
                        scope: site.scope,
                    });
                    self.trace_changes(binding, trail);
                    trail.entered.pop();
                }
            }
        }
    }
}
