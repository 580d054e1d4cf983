//! What a member of a value is, and whether reading it uses a power.
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices and lengths are JavaScript numbers, and checked to be positive"
)]

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Prop, PropName, PropOrSpread};

use super::{
    bundles::Bundled,
    capability,
    collect::key_text,
    evaluate::{Analysis, global},
    fold,
    model::ScopeId,
    value::{Hidden, Maker, Value},
};
use crate::{parse::span_of, span::Span};

impl<'a> Analysis<'a> {
    pub(super) fn member(&mut self, member: &'a ast::MemberExpr, scope: ScopeId) -> Value<'a> {
        let object = self.value(&member.obj, scope);
        let span = span_of(member.span);
        match &member.prop {
            MemberProp::Ident(name) if &*name.sym == "constructor" => self.constructor(&object, &member.obj, scope),
            MemberProp::Ident(name) => self.get(&object, &name.sym, Some((span, scope))),
            MemberProp::PrivateName(name) => self.get(&object, &format!("#{}", name.name), Some((span, scope))),
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
            Value::Global => match global(key) {
                Value::Unknown => self.also_stored(object, key, None),
                known => known,
            },
            Value::Api(path) => {
                self.note_read(path, Some(key), place);
                if &**path == "process.env" {
                    return if matches!(key, "HOME" | "USERPROFILE") {
                        Value::Partial("~".into())
                    } else {
                        Value::Unknown
                    };
                }
                // `import fsp from 'fs/promises'`: the default export is the module, also of a part of another.
                if key == "default"
                    && path.contains('.')
                    && capability::builtin_module(&path.replace('.', "/")).is_some()
                {
                    return object.clone();
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
            Value::Object(literal, scope) => self.literal_member(object, literal, key, *scope),
            Value::Class(class) => self.static_member(*class, key),
            Value::Instance(maker) => self.instance_member(*maker, key),
            Value::Function(function) if key == "prototype" => Value::Instance(Maker::Function(*function)),
            // A bundle's loader makes getters of modules, whatever else its member may be.
            Value::Function(function) if key == "n" && self.bundles.is_loader(*function) => Value::one_of(vec![
                Value::Bundled(Bundled::MakeGetter),
                self.also_stored(object, key, None),
            ]),
            Value::Function(_) | Value::Closure(..) => self.also_stored(object, key, None),
            Value::Record(members) => {
                let found = members.iter().rev().find(|(name, _)| &**name == key);
                found.map_or(Value::Unknown, |(_, value)| value.clone())
            }
            Value::Bag(items) if key.bytes().all(|byte| byte.is_ascii_digit()) => Value::any_of(items),
            Value::Array(items) if key.parse::<usize>().is_ok() => {
                let index = key.parse::<usize>().unwrap_or(usize::MAX);
                items.get(index).cloned().unwrap_or(Value::Undefined)
            }
            Value::Bundled(part) => self.get_bundled(part, key),
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
        match object {
            Value::Array(_) | Value::Bag(_) if object.holds_power() => object.items(),
            Value::Object(literal, scope) => self.any_member(literal, *scope),
            _ => Value::Unknown,
        }
    }

    /// `x.constructor`: of a function it is `Function`, which makes code from text.
    pub(super) fn constructor(&mut self, object: &Value<'a>, obj: &'a Expr, scope: ScopeId) -> Value<'a> {
        match object {
            Value::Function(_) | Value::Closure(..) | Value::Class(_) => return Value::api("Function"),
            // `this.constructor` is the class.
            Value::Instance(Maker::Class(class)) => return Value::Class(*class),
            Value::Instance(Maker::Function(function)) => return Value::Function(*function),
            _ => {}
        }
        if let Value::Api(path) = object {
            return match &**path {
                "module#" | "process.mainModule" | "require.main" => Value::api("module"),
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
        self.own_property(object, key, scope).unwrap_or(Value::Unknown)
    }

    /// What an object literal gives a property; `None` if it does not name it.
    pub(super) fn own_property(&mut self, object: &'a ast::ObjectLit, key: &str, scope: ScopeId) -> Option<Value<'a>> {
        let mut maybe = Vec::new();
        for prop in object.props.iter().rev() {
            let found = match prop {
                PropOrSpread::Spread(spread) => match self.spread_member(&spread.expr, key, scope) {
                    Value::Undefined => continue,
                    value => {
                        maybe.push(value);
                        continue;
                    }
                },
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) if *ident.sym == *key => self.named(&ident.sym, scope),
                    Prop::KeyValue(pair) => match &pair.key {
                        PropName::Computed(computed) => match self.key_of(&computed.expr, scope) {
                            Some(text) if &*text == key => self.value(&pair.value, scope),
                            Some(_) => continue,
                            None => {
                                maybe.push(Value::Unknown);
                                continue;
                            }
                        },
                        name if key_text(name) == Some(key) => self.value(&pair.value, scope),
                        _ => continue,
                    },
                    Prop::Method(method) if key_text(&method.key) == Some(key) => {
                        self.function_value(span_of(method.function.span))
                    }
                    Prop::Getter(getter) if key_text(&getter.key) == Some(key) => {
                        self.got(span_of(getter.function.span))
                    }
                    _ => continue,
                },
            };
            maybe.push(found);
            return Some(Value::one_of(maybe));
        }
        maybe.push(Value::Unknown);
        (maybe.len() > 1).then(|| Value::one_of(maybe))
    }
}
