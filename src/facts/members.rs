//! What a member of a value is, and whether reading it uses a power.
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices and lengths are JavaScript numbers, and checked to be positive"
)]

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Prop, PropOrSpread};

use super::{
    capability,
    collect::key_text,
    evaluate::{Analysis, global},
    fold,
    model::ScopeId,
    value::{Hidden, Value},
};
use crate::{parse::span_of, span::Span};

impl<'a> Analysis<'a> {
    pub(super) fn member(&mut self, member: &'a ast::MemberExpr, scope: ScopeId) -> Value<'a> {
        let object = self.value(&member.obj, scope);
        let span = span_of(member.span);
        match &member.prop {
            MemberProp::Ident(name) if &*name.sym == "constructor" => self.constructor(&object, &member.obj, scope),
            MemberProp::Ident(name) => self.get(&object, &name.sym, Some((span, scope))),
            MemberProp::PrivateName(_) => Value::Unknown,
            MemberProp::Computed(computed) => {
                let key = self.value(&computed.expr, scope);
                self.get_computed(&object, &key, &member.obj, span, scope)
            }
        }
    }

    pub(super) fn get_computed(
        &mut self,
        object: &Value<'a>,
        key: &Value<'a>,
        obj: &'a Expr,
        span: Span,
        scope: ScopeId,
    ) -> Value<'a> {
        let mut values = Vec::new();
        for key in key.alternatives() {
            values.push(match (object, key) {
                (_, Value::Text(text, _)) if &**text == "constructor" => self.constructor(object, obj, scope),
                (Value::Array(items), Value::Number(n)) if *n >= 0.0 => {
                    items.get(*n as usize).cloned().unwrap_or(Value::Undefined)
                }
                (Value::Text(text, hidden), Value::Number(n)) if *n >= 0.0 => {
                    if *n < text.encode_utf16().count() as f64 {
                        fold::unit_text(text, *n as usize, *hidden)
                    } else {
                        Value::Undefined
                    }
                }
                (Value::Bytes(bytes, _), Value::Number(n)) if *n >= 0.0 => bytes
                    .get(*n as usize)
                    .map_or(Value::Undefined, |b| Value::Number(f64::from(*b))),
                (_, key) => match key.to_text() {
                    Some(text) => {
                        let value = self.get(object, &text, Some((span, scope)));
                        if let (true, Value::Api(path)) = (key.hidden() > Hidden::Plain, &value) {
                            self.concealed.insert((path.clone(), span.start));
                        }
                        value
                    }
                    None => self.get_unknown(object, span, scope),
                },
            });
        }
        Value::one_of(values)
    }

    /// A member of a value; where `place` is given, reading it may be a use.
    pub(super) fn get(&mut self, object: &Value<'a>, key: &str, place: Option<(Span, ScopeId)>) -> Value<'a> {
        match object {
            Value::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|v| self.get(v, key, place)).collect())
            }
            Value::Global => global(key),
            Value::Api(path) => {
                self.note_read(path, Some(key), place);
                if &**path == "process.env" {
                    return if matches!(key, "HOME" | "USERPROFILE") {
                        Value::Partial("~".into())
                    } else {
                        Value::Unknown
                    };
                }
                Value::api(&capability::member(path, key))
            }
            Value::Module(specifier, path) => {
                let path = if path.is_empty() {
                    key.into()
                } else {
                    format!("{path}.{key}").into()
                };
                Value::Module(specifier.clone(), path)
            }
            Value::Object(object, scope) => self.property(object, key, *scope),
            Value::Record(entries) => entries
                .iter()
                .find(|(known, _)| **known == *key)
                .map_or(Value::Unknown, |(_, value)| value.clone()),
            Value::Array(items) if key == "length" => Value::Number(items.len() as f64),
            Value::Text(text, _) if key == "length" => Value::Number(text.encode_utf16().count() as f64),
            Value::Bytes(bytes, _) if key == "length" => Value::Number(bytes.len() as f64),
            _ => Value::Unknown,
        }
    }

    /// A member whose name is not known.
    pub(super) fn get_unknown(&mut self, object: &Value<'a>, span: Span, scope: ScopeId) -> Value<'a> {
        for value in object.alternatives() {
            if let Value::Api(path) = value {
                self.note_read(path, None, Some((span, scope)));
            }
        }
        Value::Unknown
    }

    /// `x.constructor`: of a function it is `Function`, which makes code from text.
    pub(super) fn constructor(&mut self, object: &Value<'a>, obj: &'a Expr, scope: ScopeId) -> Value<'a> {
        if let Value::Function(_) = object {
            return Value::api("Function");
        }
        if let Value::Api(path) = object {
            return match &**path {
                "module#" => Value::api("module"),
                path if path.ends_with('#') || path.contains(".prototype") => Value::Unknown,
                _ => Value::api("Function"),
            };
        }
        match obj {
            Expr::Paren(inner) => self.constructor(object, &inner.expr, scope),
            Expr::Member(inner) if inner.prop.is_ident_with("constructor") => Value::api("Function"),
            Expr::Member(inner) => match &inner.prop {
                MemberProp::Computed(key) if self.value(&key.expr, scope).as_text() == Some("constructor") => {
                    Value::api("Function")
                }
                _ => Value::Unknown,
            },
            // Object.getPrototypeOf(async function () {}).constructor
            Expr::Call(call) => match call.args.first().map(|arg| self.value(&arg.expr, scope)) {
                Some(Value::Function(_)) => Value::api("Function"),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    pub(super) fn property(&mut self, object: &'a ast::ObjectLit, key: &str, scope: ScopeId) -> Value<'a> {
        let mut spread = false;
        for prop in object.props.iter().rev() {
            match prop {
                PropOrSpread::Spread(_) => spread = true,
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) if *ident.sym == *key => return self.named(&ident.sym, scope),
                    Prop::KeyValue(pair) if key_text(&pair.key) == Some(key) => {
                        return self.value(&pair.value, scope);
                    }
                    Prop::Method(method) if key_text(&method.key) == Some(key) => {
                        return self.function_value(span_of(method.function.span));
                    }
                    _ => {}
                },
            }
        }
        let _ = spread;
        Value::Unknown
    }
}
