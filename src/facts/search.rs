//! Which names a followed value goes on to: those of a pattern, of a parameter, of a function that returns it.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use swc_atoms::Atom;
use swc_ecma_ast::{CallExpr, ParamOrTsParamProp, TsParamPropParam};

use super::{
    collect::{for_each_assigned_name, for_each_name},
    evaluate::Analysis,
    heat::Heat,
    index::Reading,
    model::{Alias, BindingId, CallId, Context, FuncId, NameId, Params, ScopeId},
    value::Value,
};

/// How many member names of one module are followed.
const MAX_KEYS: usize = 256;
/// How many reads of `arguments` are looked at for each function that gets a power.
const MAX_ARGUMENTS: usize = 256;

/// The bindings still to be followed, and what was done.
#[derive(Default)]
pub(super) struct Search<'a> {
    pub(super) queue: Vec<BindingId>,
    queued: FxHashSet<BindingId>,
    remembered: FxHashSet<BindingId>,
    pub(super) calls: FxHashSet<CallId>,
    /// The members still to be followed, by name.
    pub(super) keys: Vec<Rc<str>>,
    known_keys: FxHashSet<Rc<str>>,
    /// The chains with such members that were followed.
    pub(super) chains: FxHashSet<Reading>,
    pub(super) inside: FxHashSet<u32>,
    pub(super) parameters: FxHashSet<(FuncId, u16)>,
    /// The functions whose `arguments` were followed.
    arguments: FxHashSet<FuncId>,
    /// The undeclared names that were followed.
    pub(super) free: FxHashSet<NameId>,
    /// Where powers were seen.
    pub(super) heat: Heat<'a>,
    /// Calls of `Object.defineProperty` and its like.
    pub(super) definitions: Vec<(&'a CallExpr, ScopeId)>,
}

impl Search<'_> {
    /// Whether a binding may hold a power.
    pub(super) fn knows(&self, binding: BindingId) -> bool {
        self.queued.contains(&binding) || self.remembered.contains(&binding)
    }

    /// Remembers a binding without following it.
    pub(super) fn remember(&mut self, binding: BindingId) {
        self.remembered.insert(binding);
    }

    /// Follows the members of a name.
    pub(super) fn follow_key(&mut self, key: Option<Rc<str>>) {
        if let Some(key) = key
            && self.known_keys.len() < MAX_KEYS
            && self.known_keys.insert(key.clone())
        {
            self.keys.push(key);
        }
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
            Context::Alias(alias) | Context::Copied(alias) | Context::Items(alias) => (self.alias_names(alias), scope),
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

    pub(super) fn queue_alias(&mut self, alias: u32, scope: ScopeId, search: &mut Search<'a>) {
        for text in self.alias_names(alias) {
            let binding = self.model.lookup(text, scope);
            if let Some(binding) = binding {
                search.push(binding);
            }
            if binding.is_none() {
                self.follow_free(text, search);
            }
            // A name that nothing reads still reads what it is given: `const { TOKEN } = process.env`.
            self.meant(binding, text);
        }
    }

    pub(super) fn queue_parameter(&mut self, function: FuncId, index: u16, search: &mut Search<'a>) {
        let scope = self.model.functions[function as usize].scope;
        let properties = matches!(self.model.functions[function as usize].params, Params::Constructor(_));
        for text in self.parameter_names(function, index) {
            if let Some(binding) = self.model.lookup(text, scope) {
                search.push(binding);
            }
            if properties {
                search.follow_key(Some((**text).into()));
            }
        }
        self.queue_arguments(function, search);
    }

    /// Follows `arguments` of a function.
    fn queue_arguments(&mut self, function: FuncId, search: &mut Search<'a>) {
        let Some(name) = self.model.known_name(&"arguments".into()) else {
            return;
        };
        if !search.arguments.insert(function) {
            return;
        }
        let mut reads = Vec::new();
        let mut at = self.model.names[name as usize].first_ref;
        for _ in 0..MAX_ARGUMENTS {
            let Some(found) = self.model.refs.get(at as usize) else {
                break;
            };
            if self.model.function_of(found.scope) == function {
                reads.push((at, found.scope));
            }
            at = found.next;
        }
        for (read, scope) in reads {
            let root = self.all_arguments(scope);
            self.reference(&root, name, read, search);
        }
    }

    pub(super) fn parameter_names(&self, function: FuncId, index: u16) -> Vec<&'a Atom> {
        let mut names = Vec::new();
        let index = usize::from(index);
        match self.model.functions[function as usize].params {
            Params::Function(params) => {
                let at = index.min(params.len().saturating_sub(1));
                if let Some(param) = params.get(at)
                    && (at == index || param.pat.is_rest())
                {
                    for_each_name(&param.pat, &mut |text| names.push(text));
                }
            }
            Params::Arrow(params) => {
                let at = index.min(params.len().saturating_sub(1));
                if let Some(pat) = params.get(at)
                    && (at == index || pat.is_rest())
                {
                    for_each_name(pat, &mut |text| names.push(text));
                }
            }
            Params::Constructor(params) => match params.get(index) {
                Some(ParamOrTsParamProp::Param(param)) => for_each_name(&param.pat, &mut |text| names.push(text)),
                Some(ParamOrTsParamProp::TsParamProp(prop)) => match &prop.param {
                    TsParamPropParam::Ident(ident) => names.push(&ident.id.sym),
                    TsParamPropParam::Assign(assign) => for_each_name(&assign.left, &mut |text| names.push(text)),
                },
                None => {}
            },
            Params::None => {}
        }
        names
    }
}
