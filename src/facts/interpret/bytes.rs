//! Bytes: `Buffer` and `Uint8Array`.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "lengths are far below what a number holds exactly; bytes wrap as JavaScript's do"
)]

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{
    R, Run, Stop,
    heap::{Home, Kind, Native, Text, Val},
    texts::{find, strict_base64},
};
use crate::facts::{fold::to_i32, value::Hidden};

impl Run<'_, '_> {
    fn encoding(&mut self, name: Option<&Val>) -> R<String> {
        match name {
            None | Some(Val::Undefined) => Ok("utf8".to_owned()),
            Some(name) => {
                let name = self.to_text(name)?.to_string().unwrap_or_default();
                Ok(name.to_ascii_lowercase())
            }
        }
    }

    fn encode(&mut self, text: &Text, encoding: &str) -> R<Option<Vec<u8>>> {
        self.charge_text(text.units.len())?;
        Ok(match encoding {
            "utf8" | "utf-8" => Some(String::from_utf16_lossy(&text.units).into_bytes()),
            "latin1" | "binary" | "ascii" => Some(text.units.iter().map(|unit| *unit as u8).collect()),
            "base64" | "base64url" => text.to_string().and_then(|text| strict_base64(text.as_bytes())),
            "hex" => text.to_string().and_then(|text| {
                let digits = text.as_bytes();
                let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
                let valid = digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit);
                if valid {
                    digits.chunks_exact(2).map(pair).collect()
                } else {
                    None
                }
            }),
            "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => {
                Some(text.units.iter().flat_map(|unit| unit.to_le_bytes()).collect())
            }
            _ => None,
        })
    }

    pub(super) fn bytes_from(&mut self, buffer: bool, args: &[Val]) -> R<Val> {
        let Some(first) = args.first() else {
            return self.new_bytes(Vec::new(), buffer);
        };
        match first {
            Val::Str(text) if buffer => {
                let encoding = self.encoding(args.get(1))?;
                match self.encode(text, &encoding)? {
                    Some(bytes) => self.new_bytes(bytes, true),
                    None => Ok(Val::Unknown),
                }
            }
            Val::Num(count) => {
                let count = self.to_key(&Val::Num(*count))?;
                let count = super::heap::index(&count).ok_or(Stop::Unknown)?;
                self.room(count)?;
                self.new_bytes(vec![0; count], buffer)
            }
            Val::Obj(id) if matches!(self.obj(*id).kind, Kind::Array(_) | Kind::Bytes(..)) && args.len() == 1 => {
                let mut bytes = Vec::new();
                for item in self.items(first)? {
                    if item.is_unknown() {
                        return Ok(Val::Unknown);
                    }
                    bytes.push(to_i32(self.to_number(&item)?) as u8);
                }
                self.new_bytes(bytes, buffer)
            }
            _ => Ok(Val::Unknown),
        }
    }

    pub(super) fn bytes_static(&mut self, native: Native, args: &[Val]) -> R<Val> {
        let buffer = native.home == Home::BufferStatic;
        match native.name {
            "from" if buffer => match args.first() {
                Some(Val::Num(_)) => Ok(Val::Unknown),
                _ => self.bytes_from(true, args),
            },
            "from" if args.len() == 2 => {
                let made = self.bytes_from(false, &args[..1])?;
                self.bytes_method("map", &made, &args[1..])
            }
            "from" => match args.first() {
                Some(text @ Val::Str(_)) => {
                    let items = self.items(text)?;
                    let items = self.new_array(items)?;
                    self.bytes_from(false, &[items])
                }
                _ => self.bytes_from(false, args),
            },
            "of" => {
                let items = self.new_array(args.to_vec())?;
                self.bytes_from(false, &[items])
            }
            "alloc" if args.len() == 1 => self.bytes_from(true, args),
            "isBuffer" => Ok(Val::Bool(
                matches!(args.first(), Some(Val::Obj(id)) if matches!(self.obj(*id).kind, Kind::Bytes(_, true))),
            )),
            "concat" if args.len() == 1 => {
                let mut all = Vec::new();
                for part in self.items(&args[0])? {
                    let Val::Obj(id) = part else {
                        return Ok(Val::Unknown);
                    };
                    let Kind::Bytes(bytes, _) = &self.obj(id).kind else {
                        return Ok(Val::Unknown);
                    };
                    all.extend_from_slice(bytes);
                    self.room(all.len())?;
                }
                self.new_bytes(all, true)
            }
            "byteLength" => match args {
                [Val::Str(text)] => Ok(Val::Num(String::from_utf16_lossy(&text.units).len() as f64)),
                _ => Ok(Val::Unknown),
            },
            _ => Ok(Val::Unknown),
        }
    }

    pub(super) fn bytes_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        let Val::Obj(id) = this else {
            return Ok(Val::Unknown);
        };
        let id = *id;
        let Kind::Bytes(bytes, buffer) = &self.obj(id).kind else {
            return Err(Stop::Unknown);
        };
        let (bytes, buffer) = (bytes.clone(), *buffer);
        self.charge_text(bytes.len())?;
        let first = args.first().cloned().unwrap_or(Val::Undefined);
        match name {
            "toString" if buffer => {
                let encoding = self.encoding(args.first())?;
                let (start, end) = self.range(args.get(1..).unwrap_or_default(), bytes.len())?;
                Ok(decode(&bytes[start..end], &encoding).unwrap_or(Val::Unknown))
            }
            "toString" => self.to_primitive(this, true),
            "slice" | "subarray" => {
                let (start, end) = self.range(args, bytes.len())?;
                let part = self.new_bytes(bytes[start..end].to_vec(), buffer)?;
                if buffer || name == "subarray" {
                    // Both have the same memory.
                    if let Val::Obj(made) = part {
                        self.mem.heap[made as usize].shared = true;
                    }
                    self.mem.heap[id as usize].shared = true;
                }
                Ok(part)
            }
            "map" => {
                let mapped = self.iterate("map", this, &first, None)?;
                self.bytes_from(buffer, &[mapped])
            }
            "forEach" | "reduce" | "some" | "every" | "find" => self.iterate(name, this, &first, args.get(1)),
            "filter" => {
                let kept = self.iterate(name, this, &first, None)?;
                self.bytes_from(buffer, &[kept])
            }
            "join" => {
                let items = self.items(this)?;
                let separator = match &first {
                    Val::Undefined => vec![u16::from(b',')],
                    text => self.to_text(text)?.units.clone(),
                };
                self.join(&items, &separator)
            }
            "at" | "readUInt8" => {
                let at = self.to_number(&first)?;
                let at = if at < 0.0 { bytes.len() as f64 + at } else { at };
                let key = self.to_key(&Val::Num(at))?;
                self.get(this, &key)
            }
            "indexOf" | "includes" => {
                let part = match (&first, args.len()) {
                    (Val::Num(n), 1) => vec![u16::from(to_i32(*n) as u8)],
                    _ => return Ok(Val::Unknown),
                };
                let units: Vec<u16> = bytes.iter().copied().map(u16::from).collect();
                let at = find(&units, &part);
                Ok(if name == "includes" {
                    Val::Bool(at.is_some())
                } else {
                    Val::Num(at.map_or(-1.0, |at| at as f64))
                })
            }
            "reverse" | "fill" => {
                if let Kind::Bytes(own, _) = self.kind_mut(id)? {
                    match (name, &first, args.len()) {
                        ("reverse", ..) => own.reverse(),
                        (_, Val::Num(n), 1) => own.fill(to_i32(*n) as u8),
                        _ => return Err(Stop::Unknown),
                    }
                }
                Ok(this.clone())
            }
            "writeUInt8" | "set" | "swap16" => Err(Stop::Unknown),
            _ => Ok(Val::Unknown),
        }
    }
}

/// Bytes as a text of an encoding.
fn decode(bytes: &[u8], encoding: &str) -> Option<Val> {
    let latin1 = |mask: u8| bytes.iter().map(|b| u16::from(b & mask)).collect();
    let units: Vec<u16> = match encoding {
        "utf8" | "utf-8" => String::from_utf8_lossy(bytes).encode_utf16().collect(),
        "latin1" | "binary" => latin1(0xff),
        "ascii" => latin1(0x7f),
        "base64" => STANDARD.encode(bytes).encode_utf16().collect(),
        "base64url" => URL_SAFE_NO_PAD.encode(bytes).encode_utf16().collect(),
        "hex" => bytes
            .iter()
            .flat_map(|b| format!("{b:02x}").into_bytes())
            .map(u16::from)
            .collect(),
        "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => bytes
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect(),
        _ => return None,
    };
    let hidden = if matches!(encoding, "base64" | "base64url" | "hex") {
        Hidden::Assembled
    } else {
        Hidden::Decoded
    };
    Some(Val::units(units, hidden))
}
