//! What a name is worth.

use swc_atoms::Atom;
use swc_ecma_ast as ast;

use crate::{
    facts::{
        capability::{self, Global},
        evaluate::Analysis,
        model::{BindingId, Role, ScopeId, Source},
        value::Value,
    },
    parse::span_of,
};

impl<'a> Analysis<'a> {
    /// The value of a name at its place: where statements change it, those before it count.
    pub(in crate::facts) fn name_at(&mut self, ident: &ast::Ident, scope: ScopeId) -> Value<'a> {
        let binding = self.model.lookup(&ident.sym, scope);
        let value = self.named_as(&ident.sym, binding, scope);
        let object = matches!(value, Value::Object(..));
        if !object && !value.is_open() || self.model.is_within_with(&ident.sym, scope) {
            return value;
        }
        let Some(binding) = binding else {
            return value;
        };
        match self.interpreted_name(binding, span_of(ident.span).start, scope, object) {
            // An object of which the members are not all known says more by its place.
            Some(Value::Record(members)) if object && members.iter().any(|(_, value)| says_less(value)) => value,
            Some(found) => found,
            None => value,
        }
    }

    /// The value of a name.
    pub(in crate::facts) fn named(&mut self, text: &Atom, scope: ScopeId) -> Value<'a> {
        let binding = self.model.lookup(text, scope);
        self.named_as(text, binding, scope)
    }

    fn named_as(&mut self, text: &Atom, binding: Option<BindingId>, scope: ScopeId) -> Value<'a> {
        if binding.is_none() && &**text == "arguments" {
            return self.all_arguments(scope);
        }
        if !self.model.withs.is_empty()
            && let Some(value) = self.member_of_with(text, binding, scope)
        {
            return value;
        }
        self.meant(binding, text)
    }

    /// The value of a name that means this binding, or a global.
    pub(in crate::facts) fn meant(&mut self, binding: Option<BindingId>, text: &str) -> Value<'a> {
        match binding {
            // AMD and browserify wrappers hand `require` to the module as a parameter.
            Some(binding) if text == "require" => match self.binding(binding) {
                Value::Unknown if self.is_parameter(binding) => Value::api("require"),
                value => value,
            },
            Some(binding) => self.binding(binding),
            None => self
                .bundles
                .outer_name(text)
                .or_else(|| self.given_value(text))
                .unwrap_or_else(|| match global(text) {
                    Value::Unknown => self.free_global(text),
                    known => known,
                }),
        }
    }

    /// Whether a name is a parameter of a function that somebody else calls with it: a wrapper's.
    fn is_parameter(&self, binding: BindingId) -> bool {
        self.model.writes_of(binding).any(|write| match write.source {
            Source::Param(function, ..) => !matches!(
                self.model.functions[function as usize].role,
                Role::Named(_) | Role::Member
            ),
            _ => false,
        })
    }
}

/// Whether a member is unknown, or one that may be called, or holds such a one.
fn says_less(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => true,
        Value::Record(members) => members.iter().any(|(_, value)| says_less(value)),
        Value::Array(items) => items.iter().any(says_less),
        value => value.is_callable(),
    }
}

/// The value of a free name.
pub(in crate::facts) fn global<'a>(name: &str) -> Value<'a> {
    match (name, capability::global(name)) {
        ("undefined", _) => Value::Undefined,
        ("NaN", _) => Value::Number(f64::NAN),
        ("__dirname", _) => Value::Partial(".".into()),
        ("require", _) => Value::api("require"),
        ("module", _) => Value::api("module#"),
        (_, Some(Global::Powerful(path))) => Value::api(path),
        (_, Some(Global::GlobalObject)) => Value::Global,
        (_, Some(Global::Harmless)) => Value::api(name),
        (_, None) => Value::Unknown,
    }
}
