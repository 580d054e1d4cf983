//! Where the modules of a package call each other, and what of a module others may call.

use super::{
    calls::{span_of_expr, stripped},
    edges::Edge,
    evaluate::Analysis,
    model::{FuncId, ScopeId},
    seams::{BUDGET, FEW_EXPORTS, FEW_VALUES, MAX_PASSAGES, SMALL_BUDGET, VALUES},
};
use crate::span::Span;

/// How many calls are looked at for what they call of other modules.
const MAX_CALLS: usize = 4_000;

impl Analysis<'_> {
    /// The calls of what other modules of the package export.
    pub(super) fn inner_calls(&mut self) -> Vec<(Edge, Span, ScopeId)> {
        let mut out = Vec::new();
        if !self.shared.imports {
            return out;
        }
        let (budget, flow_budget) = (self.budget, self.flow_budget);
        (self.budget, self.flow_budget) = (budget.min(VALUES), BUDGET);
        let given = self.budget;
        for index in 0..self.model.calls.len().min(MAX_CALLS) {
            let call = self.model.calls[index];
            let Some(callee) = call.node.callee().map(stripped) else {
                continue;
            };
            if out.len() == MAX_PASSAGES || self.flow_budget == 0 || self.budget == 0 {
                break;
            }
            if let Some(edge) = self.edge(callee, call.scope)
                && !edge.path.contains(['(', '#'])
            {
                out.push((edge, span_of_expr(callee), call.scope));
            }
        }
        (self.budget, self.flow_budget) = (budget - (given - self.budget), flow_budget);
        out
    }

    /// The functions that the module exports, by their paths.
    pub(super) fn open_functions(&mut self) -> Vec<(FuncId, String)> {
        if self.shared.exports.functions.is_empty() && !self.shared.imports {
            let (budget, flow_budget) = (self.budget, self.flow_budget);
            (self.budget, self.flow_budget) = (budget.min(FEW_VALUES), SMALL_BUDGET);
            let given = self.budget;
            self.shared.exports = self.exports(FEW_EXPORTS);
            (self.budget, self.flow_budget) = (budget - (given - self.budget), flow_budget);
        }
        let functions = self.shared.exports.functions.iter();
        functions
            .filter(|(_, path)| !path.contains(['(', '#']))
            .take(FEW_EXPORTS)
            .cloned()
            .collect()
    }
}
