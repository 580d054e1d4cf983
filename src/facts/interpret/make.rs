//! What is made by a constructor of the language, or read from JSON.

use std::rc::Rc;

use super::{
    R, Run, Stop,
    heap::{Home, Kind, Native, Text, Val},
};
use crate::{facts::value::Hidden, package::json};

impl Run<'_, '_> {
    /// `Function('return escape')`: what calling it gives, for the few texts that only name something.
    pub(super) fn constant_function(&mut self, args: &[Val]) -> Option<Val> {
        let [Val::Str(code)] = args else { return None };
        let code = code.to_string()?;
        let code = code.trim().trim_end_matches(';').strip_prefix("return")?;
        if !code.starts_with([' ', '/']) {
            return None;
        }
        let name = code.trim();
        if name == "this" {
            return Some(Val::global("globalThis"));
        }
        if let Some(source) = name.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'))
            && source.bytes().all(|b| b.is_ascii_alphanumeric())
            && !source.is_empty()
        {
            let text = |text: &str| {
                Rc::new(Text {
                    units: text.encode_utf16().collect(),
                    hidden: Hidden::Decoded,
                })
            };
            return self.alloc(Kind::Regex(text(source), text(""))).ok().map(Val::Obj);
        }
        match self.global(name) {
            value @ (Val::Native(_) | Val::Num(_)) => Some(value),
            _ => None,
        }
    }

    /// `new X(…)` of something of the language.
    pub(super) fn construct(&mut self, native: Native, args: &[Val]) -> R<Val> {
        let first = args.first();
        if args.iter().any(Val::is_unknown) && native.name != "Array" {
            return Ok(Val::Unknown);
        }
        match (native.home, native.name) {
            (Home::Global, "Array") => match (args, first) {
                ([_], Some(Val::Num(count))) => {
                    let count = self.to_key(&Val::Num(*count))?;
                    let count = super::heap::index(&count).ok_or(Stop::Unknown)?;
                    self.room(count)?;
                    self.new_array(vec![Val::Unset; count])
                }
                ([one], _) if one.is_unknown() => Err(Stop::Unknown),
                _ => self.new_array(args.to_vec()),
            },
            (Home::Global, "Object") if args.is_empty() => self.alloc(Kind::Plain).map(Val::Obj),
            (Home::Global, "RegExp") => {
                let source = match first {
                    None => Rc::new(Text {
                        units: "(?:)".encode_utf16().collect(),
                        hidden: Hidden::Assembled,
                    }),
                    Some(Val::Obj(id)) => match &self.obj(*id).kind {
                        Kind::Regex(source, _) => source.clone(),
                        _ => return Ok(Val::Unknown),
                    },
                    Some(source) => self.to_text(source)?,
                };
                let flags = match args.get(1) {
                    None | Some(Val::Undefined) => Rc::default(),
                    Some(flags) => self.to_text(flags)?,
                };
                self.alloc(Kind::Regex(source, flags)).map(Val::Obj)
            }
            (Home::Global, "Uint8Array" | "Buffer") => self.bytes_from(native.name == "Buffer", args),
            (Home::Global, name @ ("Map" | "Set")) => {
                let items = match first {
                    None | Some(Val::Undefined | Val::Null) => Vec::new(),
                    Some(items) => self.items(items)?,
                };
                let made = Val::Obj(self.alloc(Kind::Map(Vec::new(), name == "Set"))?);
                for item in items {
                    if name == "Set" {
                        self.map_method("add", &made, &[item])?;
                    } else {
                        let (key, value) = (self.get(&item, "0")?, self.get(&item, "1")?);
                        self.map_method("set", &made, &[key, value])?;
                    }
                }
                Ok(made)
            }
            (Home::Global, name @ ("TextDecoder" | "TextEncoder")) => {
                let utf8 = match first {
                    None => true,
                    Some(label) => {
                        let label = self.to_text(label)?.to_string().unwrap_or_default();
                        matches!(&*label.to_ascii_lowercase(), "utf-8" | "utf8")
                    }
                };
                if !utf8 || args.len() > 1 {
                    return Ok(Val::Unknown);
                }
                self.alloc(Kind::Coder(name == "TextDecoder")).map(Val::Obj)
            }
            (Home::Global, "Function") => self.global_call("Function", args),
            _ => Ok(Val::Unknown),
        }
    }

    pub(super) fn json(&mut self, name: &str, args: &[Val]) -> R<Val> {
        let Some(Val::Str(text)) = args.first() else {
            return Ok(Val::Unknown);
        };
        if name != "parse" || args.len() > 1 {
            return Ok(Val::Unknown);
        }
        self.charge_text(text.units.len() * 8)?;
        let Some(source) = text.to_string() else {
            return Ok(Val::Unknown);
        };
        match json::read(&source) {
            (Some(node), problems) if problems.is_empty() => self.json_value(&node.value, text.hidden),
            _ => Ok(Val::Unknown),
        }
    }

    fn json_value(&mut self, value: &json::Value, hidden: Hidden) -> R<Val> {
        self.deeper()?;
        let made = match value {
            json::Value::Null => Val::Null,
            json::Value::Bool(b) => Val::Bool(*b),
            json::Value::Number(n) => Val::Num(n.parse().map_err(|_| Stop::Unknown)?),
            json::Value::String(text) => Val::text(text, hidden),
            json::Value::Array(items) => {
                let mut list = Vec::new();
                for item in items {
                    list.push(self.json_value(&item.value, hidden)?);
                }
                self.new_array(list)?
            }
            json::Value::Object(members) => {
                let id = self.alloc(Kind::Plain)?;
                for member in members {
                    let item = self.json_value(&member.node.value, hidden)?;
                    self.set_prop(id, &member.key, Some(item))?;
                }
                Val::Obj(id)
            }
        };
        self.depth -= 1;
        Ok(made)
    }
}
