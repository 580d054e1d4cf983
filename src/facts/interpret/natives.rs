//! The functions and objects of the language that are known, and those without a kind of value of their own.

use std::rc::Rc;

use super::{
    R, Run, Stop,
    coerce::{parse_float, parse_int},
    expr::power,
    heap::{Home, Kind, Native, Val},
    tables::{GLOBALS, NUMBERS, is_function_name},
};
use crate::facts::value::Hidden;

impl Run<'_, '_> {
    /// A name that the module does not declare.
    pub(super) fn global(&mut self, name: &str) -> Val {
        match name {
            "undefined" => return Val::Undefined,
            "NaN" => return Val::Num(f64::NAN),
            "Infinity" => return Val::Num(f64::INFINITY),
            _ => {}
        }
        if self.is_patched(name) {
            return Val::Unknown;
        }
        if name == "globalThis" {
            return Val::global("globalThis");
        }
        let number = NUMBERS.iter().find(|known| **known == name);
        match number.or_else(|| GLOBALS.iter().find(|known| **known == name)) {
            Some(name) => Val::global(name),
            None => Val::Unknown,
        }
    }

    pub(super) fn native(&mut self, native: Native, this: &Val, args: &[Val]) -> R<Val> {
        match native.home {
            Home::Array | Home::ArrayStatic => return self.array_method(native, this, args),
            Home::Map => return self.map_method(native.name, this, args),
            Home::Function => return self.function_method(native.name, this, args),
            Home::ObjectStatic => return self.object_static(native.name, args),
            Home::Object => return self.object_method(native.name, this, args),
            _ => {}
        }
        if this.is_unknown() || args.iter().any(Val::is_unknown) {
            return Ok(Val::Unknown);
        }
        match native.home {
            Home::Global => self.global_call(native.name, args),
            Home::String => self.text_method(native.name, this, args),
            Home::Number | Home::Boolean => self.number_method(native.name, this, args),
            Home::RegExp => self.regex_method(native.name, this, args),
            Home::Bytes => self.bytes_method(native.name, this, args),
            Home::StringStatic => self.characters(native.name, args),
            Home::NumberStatic => Ok(match (native.name, args.first()) {
                ("isNaN", Some(Val::Num(n))) => Val::Bool(n.is_nan()),
                ("isFinite", Some(Val::Num(n))) => Val::Bool(n.is_finite()),
                ("isInteger", Some(Val::Num(n))) => Val::Bool(n.is_finite() && n.fract() == 0.0),
                ("isNaN" | "isFinite" | "isInteger", _) => Val::Bool(false),
                _ => Val::Unknown,
            }),
            Home::MathStatic => self.math(native.name, args),
            Home::BufferStatic | Home::BytesStatic => self.bytes_static(native, args),
            Home::JsonStatic => self.json(native.name, args),
            Home::Decoder | Home::Encoder => self.coder(native.name, this, args),
            _ => Ok(Val::Unknown),
        }
    }

    pub(super) fn global_call(&mut self, name: &str, args: &[Val]) -> R<Val> {
        let first = args.first().cloned().unwrap_or(Val::Undefined);
        let decode = matches!(name, "unescape" | "decodeURI" | "decodeURIComponent" | "atob" | "btoa");
        if decode || matches!(name, "escape" | "encodeURI" | "encodeURIComponent") {
            let text = self.to_text(&first)?;
            self.charge_text(text.units.len() * 2)?;
            return Self::transcode(name, &text);
        }
        Ok(match name {
            "String" if args.is_empty() => Val::text("", Hidden::Assembled),
            "String" => Val::Str(self.to_text(&first)?),
            "Number" if args.is_empty() => Val::Num(0.0),
            "Number" => Val::Num(self.to_number(&first)?),
            "Boolean" => Val::Bool(self.truthy(&first)?),
            "parseInt" => {
                let text = self.to_text(&first)?;
                self.charge_text(text.units.len())?;
                let radix = args.get(1).map_or(Ok(0.0), |radix| self.to_number(radix))?;
                Val::Num(parse_int(&text, radix))
            }
            "parseFloat" => {
                let text = self.to_text(&first)?;
                self.charge_text(text.units.len())?;
                Val::Num(parse_float(&text))
            }
            "isNaN" => Val::Bool(self.to_number(&first)?.is_nan()),
            "isFinite" => Val::Bool(self.to_number(&first)?.is_finite()),
            "Date" => Val::Gapped(date()),
            "Function" => match self.constant_function(args) {
                Some(value) => self.alloc(Kind::Returns(value)).map(Val::Obj)?,
                None => return Err(Stop::Unknown),
            },
            "Array" | "RegExp" | "Object" | "Uint8Array" | "Buffer" => {
                let Some(name) = GLOBALS.iter().find(|known| **known == name) else {
                    return Ok(Val::Unknown);
                };
                let native = Native {
                    home: Home::Global,
                    name,
                };
                return self.construct(native, args);
            }
            _ => Val::Unknown,
        })
    }

    fn function_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        let own = args.first().cloned().unwrap_or(Val::Undefined);
        match name {
            "call" => self.call_value(this, own, args.get(1..).unwrap_or_default().to_vec()),
            "apply" => {
                let list = match args.get(1) {
                    None | Some(Val::Undefined | Val::Null) => Vec::new(),
                    Some(list) => self.items(list)?,
                };
                self.call_value(this, own, list)
            }
            "bind" => {
                let rest = args.get(1..).unwrap_or_default().to_vec();
                self.alloc(Kind::Bound(this.clone(), own, rest)).map(Val::Obj)
            }
            "toString" => self.to_primitive(this, true),
            _ => Ok(Val::Unknown),
        }
    }

    fn object_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        match (name, this) {
            ("hasOwnProperty", Val::Obj(id)) => {
                let key = self.to_key(args.first().unwrap_or(&Val::Undefined))?;
                let special = matches!(self.obj(*id).kind, Kind::Function(_)) && is_function_name(&key);
                Ok(if special {
                    Val::Unknown
                } else {
                    Val::Bool(self.has_own(*id, &key))
                })
            }
            ("toString", Val::Obj(id)) if matches!(self.obj(*id).kind, Kind::Plain) => {
                Ok(Val::text("[object Object]", Hidden::Assembled))
            }
            ("valueOf", value) => Ok(value.clone()),
            _ => Ok(Val::Unknown),
        }
    }

    fn object_static(&mut self, name: &str, args: &[Val]) -> R<Val> {
        let Some(first) = args.first() else {
            return Ok(Val::Unknown);
        };
        if first.is_unknown() {
            return Ok(Val::Unknown);
        }
        match name {
            "keys" => {
                let keys = self.keys(first)?;
                let keys = keys.iter().map(|key| Val::text(key, Hidden::Assembled)).collect();
                self.new_array(keys)
            }
            "values" | "entries" => {
                let mut items = Vec::new();
                for key in self.keys(first)? {
                    let value = self.get(first, &key)?;
                    items.push(if name == "values" {
                        value
                    } else {
                        self.new_array(vec![Val::text(&key, Hidden::Assembled), value])?
                    });
                }
                self.new_array(items)
            }
            "fromEntries" => {
                let made = self.alloc(Kind::Plain)?;
                for pair in self.items(first)? {
                    let (key, value) = (self.get(&pair, "0")?, self.get(&pair, "1")?);
                    let key = self.to_key(&key)?;
                    self.set_prop(made, &key, Some(value))?;
                }
                Ok(Val::Obj(made))
            }
            "assign" => {
                for from in args.iter().skip(1) {
                    if from.is_unknown() {
                        return Err(Stop::Unknown);
                    }
                    for key in self.keys(from)? {
                        let value = self.get(from, &key)?;
                        self.set(first, &key, value)?;
                    }
                }
                Ok(first.clone())
            }
            "create" if matches!(first, Val::Null) && args.len() == 1 => self.alloc(Kind::Plain).map(Val::Obj),
            // Whether a write that does nothing throws depends on more than is known.
            _ => Err(Stop::Unknown),
        }
    }

    fn math(&mut self, name: &str, args: &[Val]) -> R<Val> {
        let mut numbers = Vec::with_capacity(args.len());
        for arg in args {
            numbers.push(self.to_number(arg)?);
        }
        let first = numbers.first().copied().unwrap_or(f64::NAN);
        let second = numbers.get(1).copied().unwrap_or(f64::NAN);
        let extreme = |start: f64, better: fn(f64, f64) -> bool| {
            numbers.iter().fold(start, |best, n| {
                if best.is_nan() || n.is_nan() {
                    f64::NAN
                } else if better(*n, best) {
                    *n
                } else {
                    best
                }
            })
        };
        Ok(match name {
            "abs" => Val::Num(first.abs()),
            "ceil" => Val::Num(first.ceil()),
            "floor" => Val::Num(first.floor()),
            "trunc" => Val::Num(first.trunc()),
            "round" => {
                let below = first.floor();
                Val::Num(if first - below >= 0.5 { below + 1.0 } else { below })
            }
            "sqrt" => Val::Num(first.sqrt()),
            "sign" if first == 0.0 || first.is_nan() => Val::Num(first),
            "sign" => Val::Num(first.signum()),
            "pow" => power(first, second).map_or(Val::Unknown, Val::Num),
            "imul" => {
                let (a, b) = (crate::facts::fold::to_i32(first), crate::facts::fold::to_i32(second));
                Val::Num(f64::from(a.wrapping_mul(b)))
            }
            "max" => Val::Num(extreme(f64::NEG_INFINITY, |n, best| n > best)),
            "min" => Val::Num(extreme(f64::INFINITY, |n, best| n < best)),
            _ => Val::Unknown,
        })
    }

    fn number_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        match (name, this) {
            ("toString", Val::Bool(_)) => self.to_text(this).map(Val::Str),
            ("toString", Val::Num(n)) => {
                let radix = match args.first() {
                    None | Some(Val::Undefined) => 10,
                    Some(radix) => u32::try_from(crate::facts::fold::to_i32(self.to_number(radix)?)).unwrap_or(0),
                };
                let hidden = if radix == 10 {
                    Hidden::Assembled
                } else {
                    Hidden::Decoded
                };
                Ok(super::coerce::radix_text(*n, radix).map_or(Val::Unknown, |text| Val::text(&text, hidden)))
            }
            ("valueOf", _) => Ok(this.clone()),
            _ => Ok(Val::Unknown),
        }
    }
}

/// What `Date()` begins with, as far as its form tells: `Mon Jan 01 2024 00:00:00 GMT+0000`.
fn date() -> Rc<[u16]> {
    let gap = char::from_u32(u32::from(super::heap::GAP)).unwrap_or('\u{fffd}');
    let form = "??? ??? ?? ???? ??:??:?? GMT".replace('?', &gap.to_string());
    super::coerce::gapped(&form)
}
