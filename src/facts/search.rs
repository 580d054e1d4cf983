//! Which names a followed value goes on to: those of a pattern, of a parameter, of a function that returns it.

use rustc_hash::FxHashSet;
use swc_atoms::Atom;

use super::{
    calls::span_of_expr,
    collect::{for_each_assigned_name, for_each_name},
    evaluate::Analysis,
    model::{Alias, BindingId, CallId, Context, FuncId, Params, Role, ScopeId},
    value::Value,
};

/// The bindings still to be followed, and what was done.
#[derive(Default)]
pub(super) struct Search {
    pub(super) queue: Vec<BindingId>,
    queued: FxHashSet<BindingId>,
    pub(super) calls: FxHashSet<CallId>,
}

impl Search {
    /// Whether a binding may hold a power.
    pub(super) fn knows(&self, binding: BindingId) -> bool {
        self.queued.contains(&binding)
    }

    /// Remembers a binding without following it.
    pub(super) fn remember(&mut self, binding: BindingId) {
        self.queued.insert(binding);
    }

    pub(super) fn push(&mut self, binding: BindingId) {
        if self.queued.insert(binding) {
            self.queue.push(binding);
        }
    }
}

impl<'a> Analysis<'a> {
    /// The bindings that an expression in this context gives its value to: a pattern's names, the parameters of a
    /// function that is called on the spot.
    pub(super) fn names_of(&mut self, context: Context, scope: ScopeId, found: &mut impl FnMut(BindingId)) {
        let (names, scope) = match context {
            Context::Alias(alias) => (self.alias_names(alias), scope),
            Context::Argument(call, index) => {
                let site = self.model.calls[call as usize];
                let callee = site.node.callee().map(|callee| self.value(callee, site.scope));
                let Some(Value::Function(function)) = callee else {
                    return;
                };
                let scope = self.model.functions[function as usize].scope;
                (self.parameter_names(function, index), scope)
            }
            _ => return,
        };
        names
            .into_iter()
            .filter_map(|text| self.model.lookup(text, scope))
            .for_each(found);
    }

    fn alias_names(&self, alias: u32) -> Vec<&'a Atom> {
        let mut names = Vec::new();
        match &self.model.aliases[alias as usize] {
            Alias::Pattern(pat) => for_each_name(pat, &mut |text| names.push(text)),
            Alias::AssignPattern(pat) => for_each_assigned_name(pat, &mut |text| names.push(text)),
            Alias::Name(name) => names.push(name),
        }
        names
    }

    pub(super) fn queue_alias(&mut self, alias: u32, scope: ScopeId, search: &mut Search) {
        for text in self.alias_names(alias) {
            let binding = self.model.lookup(text, scope);
            if let Some(binding) = binding {
                search.push(binding);
            }
            // A name that nothing reads still reads what it is given: `const { TOKEN } = process.env`.
            self.meant(binding, text);
        }
    }

    /// Follows a function's value to its callers; false if they cannot be known.
    pub(super) fn queue_function(&mut self, function: FuncId, search: &mut Search) -> bool {
        match self.model.functions[function as usize].role {
            Role::Named(binding) => {
                search.push(binding);
                true
            }
            Role::Called(call) => {
                search.calls.insert(call) && {
                    let call = self.model.calls[call as usize];
                    let value = self.call(call.node, call.scope);
                    let whole = self.value(call.chain, call.scope);
                    let _ = value;
                    self.flows_on(&whole, span_of_expr(call.chain), call.scope, call.context, search);
                    true
                }
            }
            _ => false,
        }
    }

    pub(super) fn queue_parameter(&mut self, function: FuncId, index: u16, search: &mut Search) {
        let scope = self.model.functions[function as usize].scope;
        for text in self.parameter_names(function, index) {
            if let Some(binding) = self.model.lookup(text, scope) {
                search.push(binding);
            }
        }
    }

    pub(super) fn parameter_names(&self, function: FuncId, index: u16) -> Vec<&'a Atom> {
        let mut names = Vec::new();
        let index = usize::from(index);
        let pat = match self.model.functions[function as usize].params {
            Params::Function(params) => params.get(index).map(|param| &param.pat),
            Params::Arrow(params) => params.get(index),
            Params::None | Params::Constructor(_) => None,
        };
        if let Some(pat) = pat {
            for_each_name(pat, &mut |text| names.push(text));
        }
        names
    }
}
