//! What is written to that others share: globals, prototypes of built-ins, the parts of a module.

use std::rc::Rc;

use swc_ecma_ast::{Expr, MemberExpr, MemberProp};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Capability, Global},
    collect::asks_for_loader,
    evaluate::{Analysis, global},
    model::{NONE, NameId, ScopeId, Source},
    search::Search,
    uses::Manner,
    value::Value,
};
use crate::{order, parse::span_of, span::Span};

/// Where the loader keeps the modules that it loaded.
const CACHES: [&str; 2] = ["require.cache", "module._cache"];

impl<'a> Analysis<'a> {
    /// `Object.defineProperty(Array.prototype, …)` and its like change something for everybody.
    pub(super) fn definitions(&mut self, search: &Search<'a>) {
        for &(call, scope) in &search.definitions {
            let Some(Expr::Member(callee)) = call.callee.as_expr().map(|e| &**e) else {
                continue;
            };
            let MemberProp::Ident(method) = &callee.prop else {
                continue;
            };
            let Some((target, rest)) = call.args.split_first() else {
                continue;
            };
            let changes = matches!(
                &*method.sym,
                "defineProperty" | "defineProperties" | "assign" | "set" | "setPrototypeOf"
            );
            if !changes || !self.may_be_shared(&target.expr, scope, search) {
                continue;
            }
            let value = self.value(&target.expr, scope);
            if value.leads_to_power() {
                let key = rest.first().map(|arg| self.value(&arg.expr, scope));
                let key = key.as_ref().and_then(Value::as_text);
                self.changed(&value, key, span_of(callee.span), scope);
            }
        }
    }

    /// Whether an object may be one that others share, as far as the name tells that it is reached by.
    fn may_be_shared(&mut self, object: &'a Expr, scope: ScopeId, search: &Search<'a>) -> bool {
        let mut at = object;
        loop {
            at = match stripped(at) {
                Expr::Member(member) => &member.obj,
                Expr::Ident(ident) => {
                    return match self.model.lookup(&ident.sym, scope) {
                        None => {
                            let known = |name: NameId| search.free.contains(&name);
                            capability::global(&ident.sym).is_some()
                                || self.given_value(&ident.sym).is_some()
                                || self.model.known_name(&ident.sym).is_some_and(known)
                        }
                        Some(binding) => search.knows(binding),
                    };
                }
                Expr::Object(_) | Expr::Array(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) => return false,
                _ => return true,
            }
        }
    }

    pub(super) fn member_writes(&mut self, search: &Search<'a>) {
        let guards = guarded(&self.model.guards);
        for index in 0..self.model.member_writes.len() {
            let (target, scope, root, written) = {
                let write = &self.model.member_writes[index];
                (write.target, write.scope, write.root, write.value)
            };
            let counts = matches!(written, Expr::Update(_));
            if root == NONE {
                continue;
            }
            let may_matter = match self.model.resolve(root, scope) {
                None => capability::global(self.model.names[root as usize].text).is_some(),
                Some(binding) => search.knows(binding) && self.binding(binding).leads_somewhere(),
            };
            if !may_matter {
                continue;
            }
            let object = match self.loaded_module(&target.obj, scope) {
                Some(path) => Value::Api(path),
                None => self.value(&target.obj, scope),
            };
            // A counter that is the global object's only where the program goes another way is no change of that.
            if counts && object.alternatives().len() > 1 {
                continue;
            }
            let key = match &target.prop {
                MemberProp::Ident(name) => Some((*name.sym).to_owned()),
                MemberProp::Computed(computed) => self.value(&computed.expr, scope).as_text().map(str::to_owned),
                MemberProp::PrivateName(_) => continue,
            };
            if is_fallback(&guards, target, key.as_deref()) {
                continue;
            }
            // What other packages export is theirs to read data from; a function put there is another matter.
            let theirs = |one: &Value<'a>| matches!(one, Value::Module(..)) || is_package(one);
            if object.alternatives().iter().any(theirs) && self.as_function(written, scope).is_none() {
                continue;
            }
            self.changed(&object, key.as_deref(), span_of(target.span), scope);
        }
    }

    /// `require.cache[path]`, and what is below it: modules that were loaded.
    fn loaded_module(&mut self, object: &'a Expr, scope: ScopeId) -> Option<Rc<str>> {
        let member = as_member(stripped(object))?;
        match &member.prop {
            MemberProp::Ident(name) if *name.sym == *"exports" => self.loaded_module(&member.obj, scope),
            MemberProp::Computed(_) => {
                let cache = self.value(&member.obj, scope);
                let is_cache = |one: &Value<'a>| matches!(one, Value::Api(path) if CACHES.contains(&&**path));
                cache
                    .alternatives()
                    .iter()
                    .any(is_cache)
                    .then(|| "require.cache.*".into())
            }
            _ => None,
        }
    }

    /// Something that others share is written to.
    pub(super) fn changed(&mut self, object: &Value<'a>, key: Option<&str>, span: Span, scope: ScopeId) {
        const MUTATION: &[Capability] = &[Capability::GlobalMutation];
        for alternative in object.alternatives() {
            match alternative {
                Value::Global => {
                    let path = key.unwrap_or("*");
                    match key.and_then(capability::assigned) {
                        Some(api) => self.push_use(
                            path,
                            Some(api),
                            api.capabilities,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        ),
                        None => self.push_use(
                            &format!("globalThis.{path}"),
                            None,
                            MUTATION,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        ),
                    }
                }
                Value::Api(path) => {
                    let path = capability::member(path, key.unwrap_or("*"));
                    let root = capability::root(&path);
                    if is_own(&path) {
                        continue;
                    }
                    if let Some(api) = capability::assigned(&path) {
                        if !api.capabilities.is_empty() {
                            let args = vec![Value::Unknown];
                            self.push_use(
                                &path,
                                Some(api),
                                api.capabilities,
                                Manner::Written,
                                None,
                                args,
                                0,
                                span,
                                scope,
                                None,
                            );
                        }
                    } else if capability::global(root) == Some(Global::Harmless)
                        || root == "Function"
                        || (capability::global(root).is_some() && path.contains(".prototype"))
                        || is_package(alternative)
                    {
                        self.push_use(
                            &path,
                            None,
                            MUTATION,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        );
                    }
                }
                Value::Module(specifier, path) => {
                    if let Some(path) = key.and_then(|key| foreign(specifier, path, key)) {
                        self.push_use(
                            &path,
                            None,
                            MUTATION,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// `fetch = …` without a declaration replaces the global.
    pub(super) fn global_assigns(&mut self) {
        const MUTATION: &[Capability] = &[Capability::GlobalMutation];
        for name in 0..self.model.names.len() {
            let mut at = self.model.names[name].first_assign;
            let text = self.model.names[name].text;
            if at == super::model::NONE
                || matches!(text, "module" | "exports" | "require")
                || capability::global(text).is_none()
            {
                continue;
            }
            while let Some(assign) = self.model.assigns.get(at as usize) {
                at = assign.next;
                let scope = assign.scope;
                let Source::Expr(value, _) = assign.source else {
                    continue;
                };
                if self.model.resolve(name as NameId, scope).is_some() {
                    continue;
                }
                let span = span_of_expr(value);
                if let Some(api) = capability::assigned(text) {
                    let powers = api.capabilities;
                    self.push_use(
                        text,
                        Some(api),
                        powers,
                        Manner::Written,
                        None,
                        Vec::new(),
                        0,
                        span,
                        scope,
                        None,
                    );
                } else {
                    let path = match global(text) {
                        Value::Api(path) => path,
                        _ => format!("globalThis.{text}").into(),
                    };
                    self.push_use(
                        &path,
                        None,
                        MUTATION,
                        Manner::Written,
                        None,
                        Vec::new(),
                        0,
                        span,
                        scope,
                        None,
                    );
                }
            }
        }
    }
}

/// Whether a value is a part of a package that the table knows.
fn is_package(value: &Value<'_>) -> bool {
    let Value::Api(path) = value else { return false };
    let root = capability::root(path);
    capability::global(root).is_none() && capability::known_package(root).is_some()
}

/// The path of a member of another package's exports; nothing for a module of the same package.
pub(super) fn foreign(specifier: &str, path: &str, key: &str) -> Option<String> {
    let ours = specifier.starts_with(['.', '/', '#']);
    let dot = if path.is_empty() { "" } else { "." };
    (!ours).then(|| format!("{specifier}{dot}{path}.{key}"))
}

/// A module's own exports are its own affair; the loader behind it (`module#_compile`) is not.
pub(super) fn is_own(path: &str) -> bool {
    let root = capability::root(path);
    let own = matches!(root, "arguments" | "exports" | "console") || path.starts_with("module#exports");
    own || (root == "module" && !path.contains('_'))
}

/// Branches that are taken only where there is no module loader, in order, none within another.
fn guarded(branches: &[Span]) -> Vec<Span> {
    let mut sorted = branches.to_vec();
    order::sort(&mut sorted);
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match out.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// Whether a new global is only set where there is no module loader: `else { root.Lib = factory(); }`. What replaces a
/// global that there is already is another matter.
fn is_fallback(guards: &[Span], target: &MemberExpr, key: Option<&str>) -> bool {
    if key.is_some_and(|key| capability::global(key).is_some() || capability::assigned(key).is_some()) {
        return false;
    }
    // `(typeof exports === 'object' ? exports : root)[name] = …`
    if let Expr::Cond(cond) = stripped(&target.obj) {
        return asks_for_loader(&cond.test) == Some(true);
    }
    let start = span_of(target.span).start;
    let after = guards.partition_point(|guard| guard.start <= start);
    let last = after.checked_sub(1).and_then(|at| guards.get(at));
    last.is_some_and(|guard| start < guard.end)
}
