//! Every place that names another module: by syntax, by a call, by a name that is only known at run time.

use std::rc::Rc;

use super::{
    ImportKind,
    calls::span_of_expr,
    capability::{self, Capability, On},
    evaluate::{Analysis, module_value},
    model::{CallNode, NONE, ScopeId, Source, Specifier},
    search::Search,
    uses::{Manner, RawImport},
    value::Value,
};
use crate::{parse::span_of, span::Span};

impl<'a> Analysis<'a> {
    /// Notes that a module is loaded by a call.
    pub(super) fn note_load(
        &mut self,
        path: &str,
        node: CallNode<'a>,
        specifier: &Value<'a>,
        span: Span,
        scope: ScopeId,
    ) {
        if self.is_forwarded(node, scope) {
            return;
        }
        let place = node.arguments().first().map_or(span, |arg| span_of_expr(&arg.expr));
        if self.seen.insert((place.start, "#load".into()), NONE).is_some() {
            return;
        }
        let mut known = true;
        for alternative in specifier.alternatives() {
            let text: Option<Rc<str>> = alternative.as_text().map(Rc::from);
            known &= text.is_some();
            if alternative.hidden() > super::value::Hidden::Plain
                && let Some(path) = text.as_deref().and_then(capability::builtin_module)
            {
                self.concealed_modules.push(path.into());
            }
            self.load_of(text, ImportKind::Require, place, scope);
            if let Some(last) = self.imports.last_mut() {
                last.concealed = alternative.hidden() == super::value::Hidden::Decoded;
            }
        }
        if !known {
            const DYNAMIC: &[Capability] = &[Capability::DynamicImport];
            let args = vec![specifier.clone()];
            self.push_use(
                path,
                None,
                DYNAMIC,
                Manner::Called,
                Some(node),
                args,
                0,
                span,
                scope,
                None,
            );
        }
    }

    pub(super) fn note_resolve(&mut self, args: &[Value<'a>], span: Span, scope: ScopeId) {
        if let Some(text) = args.first().and_then(Value::as_text)
            && self.seen.insert((span.start, "#resolve".into()), NONE).is_none()
        {
            let specifier = Some(text.into());
            self.imports.push(RawImport {
                specifier,
                concealed: false,
                kind: ImportKind::Resolve,
                span,
                scope,
                names: Vec::new(),
            });
        }
    }

    pub(super) fn load_of(&mut self, specifier: Option<Rc<str>>, kind: ImportKind, span: Span, scope: ScopeId) {
        if let Some(path) = specifier.as_deref().and_then(capability::builtin_module)
            && let Some(api) = capability::api(path).filter(|api| api.on == On::Import)
        {
            self.push_use(
                path,
                Some(api),
                api.capabilities,
                Manner::Read,
                None,
                Vec::new(),
                0,
                span,
                scope,
                None,
            );
        }
        if let Some(text) = &specifier
            && text.ends_with(".node")
        {
            const NATIVE: &[Capability] = &[Capability::Native];
            self.push_use(
                "require",
                None,
                NATIVE,
                Manner::Called,
                None,
                vec![Value::text(text, super::value::Hidden::Plain)],
                0,
                span,
                scope,
                None,
            );
        }
        self.imports.push(RawImport {
            specifier,
            concealed: false,
            kind,
            span,
            scope,
            names: vec!["*".to_owned()],
        });
    }

    pub(super) fn syntax_imports(&mut self, search: &mut Search<'a>) {
        for index in 0..self.model.imports.len() {
            let (kind, scope, names) = {
                let import = &self.model.imports[index];
                (
                    import.kind,
                    import.scope,
                    import.names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(),
                )
            };
            let (specifier, span) = match &self.model.imports[index].specifier {
                Specifier::Constant(text) => (
                    Value::text(text.value.to_string_lossy(), super::value::Hidden::Plain),
                    span_of(text.span),
                ),
                Specifier::Computed(expr) => {
                    let expr = *expr;
                    (self.value(expr, scope), span_of_expr(expr))
                }
            };
            for alternative in specifier.alternatives() {
                let text: Option<Rc<str>> = alternative.as_text().map(Rc::from);
                if text.is_none() {
                    const DYNAMIC: &[Capability] = &[Capability::DynamicImport];
                    self.push_use(
                        "import",
                        None,
                        DYNAMIC,
                        Manner::Called,
                        None,
                        vec![specifier.clone()],
                        0,
                        span,
                        scope,
                        None,
                    );
                }
                if kind == ImportKind::ReExport
                    && let Some(text) = &text
                {
                    let module = module_value(text);
                    for name in &names {
                        let value = if name == "*" {
                            module.clone()
                        } else {
                            self.get(&module, name, None)
                        };
                        self.escapes(&value, span, scope);
                    }
                }
                self.load_of(text, kind, span, scope);
                if let Some(last) = self.imports.last_mut() {
                    last.names.clone_from(&names);
                }
            }
        }
        for binding in 0..self.model.bindings.len() as u32 {
            let first = self.model.bindings[binding as usize].first_write;
            if let Some(found) = self.model.writes.get(first as usize)
                && matches!(found.source, Source::Import(..))
            {
                search.push(binding);
            }
        }
    }
}
