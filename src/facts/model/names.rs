//! Which binding a name means, and everything that is said of a binding.

use std::cell::Cell;

use swc_atoms::Atom;
use swc_ecma_ast::{Expr, Pat};

use super::{Assign, BindingId, Context, FuncId, Model, NONE, NameId, Params, Ref, ScopeId, Source, Step, Write};

/// How many declarations of a name are looked through.
const FEW_DECLARATIONS: u32 = 8;
/// How many `with` statements are told apart.
const MAX_WITHS: usize = 16;

impl<'a> Model<'a> {
    /// The binding that a name means in a scope; `None` for a global.
    pub(in crate::facts) fn resolve(&self, name: NameId, scope: ScopeId) -> Option<BindingId> {
        let entry = &self.names[name as usize];
        if entry.declarations > FEW_DECLARATIONS {
            return self.resolve_upwards(name, scope);
        }
        let mut innermost = None;
        let mut at = entry.first_declaration;
        while let Some(found) = self.declarations.get(at as usize) {
            at = found.next;
            let around = found.scope <= scope && scope <= self.scopes[found.scope as usize].last;
            if around && innermost.is_none_or(|(known, _)| known < found.scope) {
                innermost = Some((found.scope, found.binding));
            }
        }
        innermost.map(|(_, binding)| binding)
    }

    /// The same for a name that many scopes declare: from scope to scope.
    fn resolve_upwards(&self, name: NameId, mut scope: ScopeId) -> Option<BindingId> {
        loop {
            if let Some(&binding) = self.declared.get(&(scope, name)) {
                return Some(binding);
            }
            scope = self.scopes[scope as usize].parent;
            if scope == NONE {
                return None;
            }
        }
    }

    /// Whether a scope itself declares a name.
    pub(in crate::facts) fn declares(&self, scope: ScopeId, name: NameId) -> bool {
        self.declared.contains_key(&(scope, name))
    }

    /// The binding that a name's text means in a scope.
    pub(in crate::facts) fn lookup(&self, text: &Atom, scope: ScopeId) -> Option<BindingId> {
        self.resolve(self.known_name(text)?, scope)
    }

    /// Sorts the reads and assignments of a name by the binding that each means, once.
    fn settle(&self, name: NameId) {
        let entry = &self.names[name as usize];
        if entry.settled.replace(true) {
            return;
        }
        let mut at = entry.first_ref;
        while let Some(found) = self.refs.get(at as usize) {
            let first = match self.resolve(name, found.scope) {
                Some(binding) => &self.bindings[binding as usize].first_ref,
                None => &entry.first_free,
            };
            found.same.set(first.replace(at));
            at = found.next;
        }
        let mut at = entry.first_assign;
        while let Some(found) = self.assigns.get(at as usize) {
            if let Some(binding) = self.resolve(name, found.scope) {
                found.same.set(self.bindings[binding as usize].first_assign.replace(at));
            }
            at = found.next;
        }
    }

    /// Every read of a binding.
    pub(in crate::facts) fn refs_to(&self, binding: BindingId) -> impl Iterator<Item = &Ref<'a>> {
        self.reads_of(binding).map(|read| &self.refs[read as usize])
    }

    /// Every read of a binding, by its index.
    pub(in crate::facts) fn reads_of(&self, binding: BindingId) -> impl Iterator<Item = u32> {
        let entry = &self.bindings[binding as usize];
        self.settle(entry.name);
        let mut at = entry.first_ref.get();
        std::iter::from_fn(move || {
            let next = self.refs.get(at as usize)?.same.get();
            Some(std::mem::replace(&mut at, next))
        })
    }

    /// Every read of a name that nobody in the module declares, by its index.
    pub(in crate::facts) fn free_reads_of(&self, name: NameId) -> impl Iterator<Item = u32> {
        self.settle(name);
        let mut at = self.names[name as usize].first_free.get();
        std::iter::from_fn(move || {
            let next = self.refs.get(at as usize)?.same.get();
            Some(std::mem::replace(&mut at, next))
        })
    }

    /// Every binding of a name.
    pub(in crate::facts) fn bindings_named(&self, name: NameId) -> impl Iterator<Item = BindingId> {
        let mut at = self.names[name as usize].first_declaration;
        std::iter::from_fn(move || {
            let found = self.declarations.get(at as usize)?;
            at = found.next;
            Some(found.binding)
        })
    }

    /// Every declaration-time value of a binding.
    pub(in crate::facts) fn writes_of(&self, binding: BindingId) -> impl Iterator<Item = &Write<'a>> {
        let mut at = self.bindings[binding as usize].first_write;
        std::iter::from_fn(move || {
            let found = self.writes.get(at as usize)?;
            at = found.next;
            Some(found)
        })
    }

    /// The only value that a binding is ever given, if it is one.
    pub(in crate::facts) fn only_write(&self, binding: BindingId) -> Option<(Source<'a>, Vec<Step<'a>>)> {
        let write = self.writes.get(self.bindings[binding as usize].first_write as usize)?;
        let only = write.next == NONE && self.assigns_of(binding).next().is_none();
        only.then(|| (write.source, write.path.clone()))
    }

    /// Every later assignment to a binding.
    pub(in crate::facts) fn assigns_of(&self, binding: BindingId) -> impl Iterator<Item = &Assign<'a>> {
        let entry = &self.bindings[binding as usize];
        self.settle(entry.name);
        let mut at = entry.first_assign.get();
        std::iter::from_fn(move || {
            let found = self.assigns.get(at as usize)?;
            at = found.same.get();
            Some(found)
        })
    }

    /// Whether a function's n-th parameter is given another value, as far as its pattern tells.
    pub(in crate::facts) fn is_parameter_changed(&self, function: FuncId, index: usize) -> bool {
        let func = &self.functions[function as usize];
        match pattern_of(func.params, index) {
            None => matches!(func.params, Params::Constructor(_)),
            Some(Pat::Ident(ident)) => self
                .lookup(&ident.id.sym, func.scope)
                .is_none_or(|binding| self.assigns_of(binding).next().is_some()),
            Some(_) => true,
        }
    }

    /// A function's n-th parameter, if it is a plain name.
    pub(in crate::facts) fn parameter(&self, function: FuncId, index: usize) -> Option<BindingId> {
        let func = &self.functions[function as usize];
        let Pat::Ident(ident) = pattern_of(func.params, index)? else {
            return None;
        };
        self.lookup(&ident.id.sym, func.scope)
    }

    /// Whether a name may be a member of what a `with` statement around is given.
    pub(in crate::facts) fn is_within_with(&self, text: &Atom, scope: ScopeId) -> bool {
        if self.withs.is_empty() {
            return false;
        }
        if self.withs.len() > MAX_WITHS {
            return true;
        }
        let name = self.known_name(text);
        let mut at = scope;
        while let Some(scope) = self.scopes.get(at as usize) {
            if name.is_some_and(|name| self.declares(at, name)) {
                return false;
            }
            if self.withs.iter().any(|with| with.scope == at) {
                return true;
            }
            at = scope.parent;
        }
        false
    }

    pub(in crate::facts) fn write(&mut self, binding: BindingId, source: Source<'a>, path: Vec<Step<'a>>) {
        let slot = &mut self.bindings[binding as usize].first_write;
        let next = std::mem::replace(slot, self.writes.len() as u32);
        self.writes.push(Write { next, source, path });
    }

    pub(in crate::facts) fn assign(
        &mut self,
        name: NameId,
        scope: ScopeId,
        source: Source<'a>,
        path: Vec<Step<'a>>,
        compound: bool,
        start: u32,
    ) {
        let slot = &mut self.names[name as usize].first_assign;
        let next = std::mem::replace(slot, self.assigns.len() as u32);
        self.assigns.push(Assign {
            next,
            scope,
            source,
            path,
            compound,
            start,
            same: Cell::new(NONE),
        });
    }

    pub(in crate::facts) fn reference(
        &mut self,
        name: NameId,
        scope: ScopeId,
        chain: Option<&'a Expr>,
        start: u32,
        context: Context,
    ) {
        if let Context::Write(write) = context {
            self.member_writes[write as usize].root = name;
        }
        let slot = &mut self.names[name as usize].first_ref;
        let next = std::mem::replace(slot, self.refs.len() as u32);
        self.refs.push(Ref {
            next,
            scope,
            chain,
            start,
            context,
            same: Cell::new(NONE),
        });
    }
}

fn pattern_of(params: Params<'_>, index: usize) -> Option<&Pat> {
    match params {
        Params::None | Params::Constructor(_) => None,
        Params::Function(params) => params.get(index).map(|param| &param.pat),
        Params::Arrow(params) => params.get(index),
    }
}
