//! What is written to that others share: globals, prototypes of built-ins, the parts of a module.

use swc_ecma_ast::{Expr, MemberExpr, MemberProp};

use super::{
    calls::{span_of_expr, stripped},
    capability::{self, Capability, Global},
    collect::asks_for_loader,
    evaluate::{Analysis, global},
    model::{NONE, NameId, ScopeId, Source},
    search::Search,
    uses::Manner,
    value::Value,
};
use crate::{order, parse::span_of, span::Span};

impl<'a> Analysis<'a> {
    /// `Object.defineProperty(Array.prototype, …)` and its like change something for everybody.
    pub(super) fn definition(&mut self, call: &'a swc_ecma_ast::CallExpr, scope: ScopeId) {
        let Some(Expr::Member(callee)) = call.callee.as_expr().map(|e| &**e) else {
            return;
        };
        let MemberProp::Ident(method) = &callee.prop else {
            return;
        };
        if !matches!(
            &*method.sym,
            "defineProperty" | "defineProperties" | "assign" | "set" | "setPrototypeOf"
        ) {
            return;
        }
        let Some(target) = call.args.first() else {
            return;
        };
        let value = self.value(&target.expr, scope);
        let key = call
            .args
            .get(1)
            .and_then(|arg| self.value(&arg.expr, scope).as_text().map(str::to_owned));
        self.changed(&value, key.as_deref(), span_of(callee.span), scope);
    }

    pub(super) fn member_writes(&mut self, search: &Search) {
        let guards = guarded(&self.model.guards);
        for index in 0..self.model.member_writes.len() {
            let (target, scope, root, counts) = {
                let write = &self.model.member_writes[index];
                (
                    write.target,
                    write.scope,
                    write.root,
                    matches!(write.value, Expr::Update(_)),
                )
            };
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
            let object = self.value(&target.obj, scope);
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
            self.changed(&object, key.as_deref(), span_of(target.span), scope);
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
                    // A module's own exports are its own affair; the loader behind it (`module#_compile`) is not.
                    let own = matches!(root, "arguments" | "exports" | "console") || path.starts_with("module#exports");
                    if own || (root == "module" && !path.contains('_')) {
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
