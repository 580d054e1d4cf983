//! From the evaluator's values to the interpreter's, and back.

use super::{
    R, Run, Stop,
    heap::{Home, Kind, Parent, Val},
};
use crate::facts::value::{Hidden, MAX_TEXT, Value};

/// The most items of an array that is handed back, and how deep they may be nested.
const MAX_ITEMS: usize = 1 << 16;
const MAX_NESTED: u32 = 4;
/// The most properties of an object that is handed back.
const MAX_PROPERTIES: usize = 256;

/// Whether a value is wholly known and can be handed to a run.
pub(super) fn is_constant(value: &Value<'_>) -> bool {
    match value {
        Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(..) | Value::Bytes(..) => true,
        Value::Array(items) => items.len() <= MAX_ITEMS && items.iter().all(is_constant),
        Value::Object(object, _) => object.props.is_empty(),
        _ => false,
    }
}

/// Whether all values are.
pub(in crate::facts) fn are_constant(values: &[Value<'_>]) -> bool {
    values.iter().all(is_constant)
}

/// A constant in words, to tell it from others.
pub(super) fn key_of(value: &Value<'_>, out: &mut String) -> Option<()> {
    match value {
        Value::Number(n) => out.push_str(&n.to_bits().to_string()),
        Value::Text(text, _) if text.len() < 4096 => {
            out.push('"');
            out.push_str(text);
        }
        Value::Bool(true) => out.push('t'),
        Value::Bool(false) => out.push('f'),
        Value::Null => out.push('n'),
        Value::Undefined => out.push('u'),
        _ => return None,
    }
    out.push('\0');
    Some(())
}

impl<'a> Run<'_, 'a> {
    pub(super) fn from_value(&mut self, value: &Value<'_>) -> R<Val> {
        Ok(match value {
            Value::Undefined => Val::Undefined,
            Value::Null => Val::Null,
            Value::Bool(b) => Val::Bool(*b),
            Value::Number(n) => Val::Num(*n),
            Value::Text(text, hidden) => {
                self.charge_text(text.len())?;
                // What was replaced where the text was read may have been anything.
                if text.contains('\u{fffd}') {
                    Val::Unknown
                } else {
                    Val::text(text, *hidden)
                }
            }
            Value::Bytes(bytes, _) => return self.new_bytes(bytes.to_vec(), true),
            Value::Array(items) => {
                self.deeper()?;
                let mut list = Vec::with_capacity(items.len());
                for item in items.iter() {
                    list.push(self.from_value(item)?);
                }
                self.depth -= 1;
                return self.new_array(list);
            }
            Value::Object(object, _) if object.props.is_empty() => Val::Obj(self.alloc(Kind::Plain)?),
            _ => Val::Unknown,
        })
    }

    /// What a run found, as the evaluator has it: unknown where it has no such value.
    pub(super) fn to_value(&mut self, value: &Val, least: Hidden, nested: u32) -> R<Value<'a>> {
        self.step(1)?;
        Ok(match value {
            Val::Undefined => Value::Undefined,
            Val::Null => Value::Null,
            Val::Bool(b) => Value::Bool(*b),
            Val::Num(n) => Value::Number(*n),
            Val::Str(text) => {
                self.charge_text(text.units.len())?;
                match text.to_string() {
                    Some(plain) if plain.len() <= MAX_TEXT => Value::text(plain, text.hidden.max(least)),
                    _ => Value::Unknown,
                }
            }
            Val::Native(native) => match (native.home, native.name) {
                (Home::Global, "globalThis") => Value::Global,
                (Home::Global, name) => Value::api(name),
                (Home::StringStatic, name) => Value::api(&format!("String.{name}")),
                (Home::BufferStatic, name) => Value::api(&format!("Buffer.{name}")),
                _ => Value::Unknown,
            },
            Val::Obj(id) => {
                let object = self.obj(*id);
                match &object.kind {
                    Kind::Array(items) if items.len() <= MAX_ITEMS && nested < MAX_NESTED => {
                        let items = items.clone();
                        let mut out = Vec::with_capacity(items.len());
                        for item in &items {
                            out.push(match item {
                                Val::Unset => Value::Undefined,
                                item => self.to_value(item, least, nested + 1)?,
                            });
                        }
                        Value::Array(out.into())
                    }
                    Kind::Bytes(bytes, _) => Value::bytes(bytes.clone(), Hidden::Decoded),
                    Kind::Plain if object.proto.is_none() && nested < MAX_NESTED => {
                        let keys = object.props.keys();
                        let mut entries = Vec::new();
                        for key in keys.into_iter().take(MAX_PROPERTIES) {
                            let value = self.get(value, &key)?;
                            entries.push((key, self.to_value(&value, least, nested + 1)?));
                        }
                        Value::Record(entries.into())
                    }
                    // A function that knows no more than its place in the module tells.
                    Kind::Function(closure) if matches!(closure.env, Parent::Module(_)) => self
                        .model
                        .function_at(closure.span.0)
                        .map_or(Value::Unknown, Value::Function),
                    _ => Value::Unknown,
                }
            }
            Val::Unknown | Val::Gapped(_) | Val::Unset => Value::Unknown,
        })
    }

    /// Whether two results of the same call are the same, so that what it remembers does not matter.
    pub(super) fn same_result(&mut self, left: &Val, right: &Val) -> R<bool> {
        Ok(match (left, right) {
            (Val::Obj(a), Val::Obj(b)) => {
                let (Kind::Array(a), Kind::Array(b)) = (&self.obj(*a).kind, &self.obj(*b).kind) else {
                    return Err(Stop::Unknown);
                };
                let (a, b) = (a.clone(), b.clone());
                self.charge_text(a.len())?;
                a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| identical(a, b))
            }
            (left, right) => identical(left, right),
        })
    }
}

fn identical(left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::Num(a), Val::Num(b)) => a.to_bits() == b.to_bits(),
        (Val::Obj(_), _) | (_, Val::Obj(_)) => false,
        (left, right) => Run::strict_equal(left, right),
    }
}
