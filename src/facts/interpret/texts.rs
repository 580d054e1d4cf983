//! Methods of texts, and the functions that turn texts into other texts.
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices are JavaScript numbers, clamped before they are used"
)]

use std::{fmt::Write as _, rc::Rc};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    R, Run, Stop,
    coerce::is_space,
    heap::{Kind, Text, Val},
};
use crate::facts::{fold::to_i32, value::Hidden};

/// What `escape`, `encodeURI` and `encodeURIComponent` leave as it is, beside letters and digits.
const ESCAPE: &[u8] = b"@*_+-./";
const COMPONENT: &[u8] = b"-_.!~*'()";
const RESERVED: &[u8] = b";/?:@&=+$,#";

impl Run<'_, '_> {
    pub(super) fn characters(&mut self, name: &str, args: &[Val]) -> R<Val> {
        let mut units = Vec::with_capacity(args.len());
        for arg in args {
            let code = self.to_number(arg)?;
            if name == "fromCharCode" {
                units.push(to_i32(code) as u16);
            } else {
                let valid = code.fract() == 0.0 && (0.0..=1_114_111.0).contains(&code);
                let code = if valid { char::from_u32(code as u32) } else { None };
                let Some(c) = code else {
                    return Err(Stop::Unknown);
                };
                units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            }
        }
        Ok(Val::units(units, Hidden::Decoded))
    }

    pub(super) fn text_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        if this.is_nullish() {
            return Err(Stop::Throw(Val::Unknown));
        }
        let text = self.to_text(this)?;
        let len = text.units.len();
        let first = args.first().cloned().unwrap_or(Val::Undefined);
        let hidden = text.hidden.max(Hidden::Assembled);
        match name {
            "toString" | "valueOf" => return Ok(Val::Str(text)),
            "charCodeAt" | "codePointAt" | "charAt" | "at" => {
                let at = if args.is_empty() {
                    0.0
                } else {
                    self.to_number(&first)?.trunc()
                };
                let at = if at.is_nan() { 0.0 } else { at };
                let at = if name == "at" && at < 0.0 { len as f64 + at } else { at };
                let unit = if at >= 0.0 {
                    text.units.get(at as usize).copied()
                } else {
                    None
                };
                return Ok(match (name, unit) {
                    ("charCodeAt", unit) => Val::Num(unit.map_or(f64::NAN, f64::from)),
                    ("codePointAt", Some(unit)) if (0xd800..0xdc00).contains(&unit) => {
                        let pair = text.units.get(at as usize..).unwrap_or_default().iter().copied();
                        match char::decode_utf16(pair).next() {
                            Some(Ok(c)) => Val::Num(f64::from(u32::from(c))),
                            _ => Val::Num(f64::from(unit)),
                        }
                    }
                    ("codePointAt", Some(unit)) => Val::Num(f64::from(unit)),
                    ("charAt", None) => Val::text("", hidden),
                    (_, Some(unit)) => Val::units(vec![unit], hidden),
                    (_, None) => Val::Undefined,
                });
            }
            _ => {}
        }
        self.charge_text(len)?;
        match name {
            "slice" => {
                let (start, end) = self.range(args, len)?;
                Ok(Val::units(text.units[start..end].to_vec(), hidden))
            }
            "substring" => {
                let clamp = |n: f64| {
                    if n.is_nan() {
                        0
                    } else {
                        n.clamp(0.0, len as f64) as usize
                    }
                };
                let start = clamp(self.to_number(&first)?);
                let end = match args.get(1) {
                    None | Some(Val::Undefined) => len,
                    Some(end) => clamp(self.to_number(end)?),
                };
                Ok(Val::units(text.units[start.min(end)..start.max(end)].to_vec(), hidden))
            }
            "substr" => {
                let start = super::arrays::relative(self.to_number(&first)?, len);
                let count = match args.get(1) {
                    None | Some(Val::Undefined) => len,
                    Some(count) => self.to_number(count)?.max(0.0) as usize,
                };
                let end = start.saturating_add(count).min(len);
                Ok(Val::units(text.units[start..end].to_vec(), hidden))
            }
            "concat" => {
                let mut sum = Val::Str(text);
                for arg in args {
                    let part = Val::Str(self.to_text(arg)?);
                    sum = self.add(sum, part)?;
                }
                Ok(sum)
            }
            "toLowerCase" | "toUpperCase" => {
                let Some(plain) = text.to_string() else {
                    return Ok(Val::Unknown);
                };
                let changed = if name == "toLowerCase" {
                    plain.to_lowercase()
                } else {
                    plain.to_uppercase()
                };
                Ok(Val::text(&changed, hidden))
            }
            "trim" | "trimStart" | "trimEnd" | "trimLeft" | "trimRight" => {
                let mut units = &text.units[..];
                while let (true, Some((unit, rest))) = (!matches!(name, "trimEnd" | "trimRight"), units.split_first())
                    && is_space(*unit)
                {
                    units = rest;
                }
                while let (true, Some((unit, rest))) = (!matches!(name, "trimStart" | "trimLeft"), units.split_last())
                    && is_space(*unit)
                {
                    units = rest;
                }
                Ok(Val::units(units.to_vec(), hidden))
            }
            "indexOf" | "lastIndexOf" | "includes" | "startsWith" | "endsWith" => {
                if matches!(first, Val::Obj(_)) {
                    return Ok(Val::Unknown);
                }
                let part = self.to_text(&first)?;
                let from = match args.get(1) {
                    None => 0,
                    Some(from) if matches!(name, "indexOf" | "includes") => {
                        let from = self.to_number(from)?;
                        if from.is_nan() {
                            0
                        } else {
                            from.clamp(0.0, len as f64) as usize
                        }
                    }
                    Some(_) => return Ok(Val::Unknown),
                };
                self.charge_text(len.saturating_mul(part.units.len().clamp(1, 64)))?;
                let tail = &text.units[from..];
                Ok(match name {
                    "startsWith" => Val::Bool(tail.starts_with(&part.units)),
                    "endsWith" => Val::Bool(tail.ends_with(&part.units)),
                    "lastIndexOf" => Val::Num(find_last(tail, &part.units).map_or(-1.0, |at| at as f64)),
                    "includes" => Val::Bool(find(tail, &part.units).is_some()),
                    _ => Val::Num(find(tail, &part.units).map_or(-1.0, |at| (at + from) as f64)),
                })
            }
            "repeat" => {
                let count = self.to_number(&first)?;
                if !(0.0..=1e7).contains(&count) {
                    return Err(Stop::Unknown);
                }
                let size = len.saturating_mul(count as usize);
                self.room(size)?;
                self.charge_text(size)?;
                Ok(Val::units(text.units.repeat(count as usize), hidden))
            }
            "padStart" | "padEnd" => {
                let target = self.to_number(&first)?;
                let target = if target.is_nan() {
                    0
                } else {
                    target.clamp(0.0, 1e9) as usize
                };
                let filler = match args.get(1) {
                    None | Some(Val::Undefined) => vec![u16::from(b' ')],
                    Some(filler) => self.to_text(filler)?.units.clone(),
                };
                if target <= len || filler.is_empty() {
                    return Ok(Val::Str(text));
                }
                self.room(target)?;
                self.charge_text(target)?;
                let pad = filler.iter().copied().cycle().take(target - len);
                let units = if name == "padStart" {
                    pad.chain(text.units.iter().copied()).collect()
                } else {
                    text.units.iter().copied().chain(pad).collect()
                };
                Ok(Val::units(units, hidden))
            }
            "split" | "replace" | "replaceAll" | "match" | "search" => self.pattern_method(name, &text, args),
            "normalize" if text.units.iter().all(|unit| *unit < 128) => Ok(Val::Str(text)),
            "anchor" | "link" | "fontcolor" | "fontsize" => {
                let value = self
                    .to_text(&first)?
                    .to_string()
                    .ok_or(Stop::Unknown)?
                    .replace('"', "&quot;");
                let (tag, attribute) = match name {
                    "anchor" => ("a", "name"),
                    "link" => ("a", "href"),
                    "fontcolor" => ("font", "color"),
                    _ => ("font", "size"),
                };
                self.wrap(&format!("<{tag} {attribute}=\"{value}\">"), &text, &format!("</{tag}>"))
            }
            "big" | "blink" | "bold" | "fixed" | "italics" | "small" | "strike" | "sub" | "sup" => {
                let tag = match name {
                    "bold" => "b",
                    "fixed" => "tt",
                    "italics" => "i",
                    other => other,
                };
                self.wrap(&format!("<{tag}>"), &text, &format!("</{tag}>"))
            }
            _ => Ok(Val::Unknown),
        }
    }

    fn wrap(&mut self, before: &str, text: &Rc<Text>, after: &str) -> R<Val> {
        let sum = self.add(Val::text(before, Hidden::Assembled), Val::Str(text.clone()))?;
        self.add(sum, Val::text(after, Hidden::Assembled))
    }

    /// `escape`, `decodeURIComponent`, `atob` and their kind.
    pub(super) fn transcode(name: &str, text: &Text) -> R<Val> {
        let latin1 = || {
            text.units
                .iter()
                .map(|unit| u8::try_from(*unit).ok())
                .collect::<Option<Vec<u8>>>()
        };
        let from_bytes = |bytes: &[u8]| Val::units(bytes.iter().copied().map(u16::from).collect(), Hidden::Decoded);
        Ok(match name {
            "atob" => {
                let bytes = latin1().and_then(|bytes| strict_base64(&bytes));
                bytes.map_or(Val::Unknown, |bytes| from_bytes(&bytes))
            }
            "btoa" => latin1().map_or(Val::Unknown, |bytes| {
                Val::text(&STANDARD.encode(bytes), text.hidden.max(Hidden::Assembled))
            }),
            "unescape" => Val::units(unescape(&text.units), Hidden::Decoded),
            "escape" => Val::text(&escape(&text.units), text.hidden.max(Hidden::Assembled)),
            "encodeURI" | "encodeURIComponent" => {
                let Some(plain) = text.to_string() else {
                    return Err(Stop::Throw(Val::Unknown));
                };
                let mut out = String::with_capacity(plain.len());
                for byte in plain.bytes() {
                    let kept = byte.is_ascii_alphanumeric()
                        || COMPONENT.contains(&byte)
                        || (name == "encodeURI" && RESERVED.contains(&byte));
                    if kept {
                        out.push(char::from(byte));
                    } else {
                        let _ = write!(out, "%{byte:02X}");
                    }
                }
                Val::text(&out, text.hidden.max(Hidden::Assembled))
            }
            _ => {
                let Some(plain) = text.to_string() else {
                    return Ok(Val::Unknown);
                };
                match decode_uri(&plain, name == "decodeURI") {
                    Some(text) => Val::text(&text, Hidden::Decoded),
                    None => return Err(Stop::Throw(Val::Unknown)),
                }
            }
        })
    }

    pub(super) fn coder(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        let Val::Obj(id) = this else {
            return Ok(Val::Unknown);
        };
        match (&self.obj(*id).kind, name, args) {
            (Kind::Coder(true), "decode", [Val::Obj(bytes)]) => match &self.obj(*bytes).kind {
                Kind::Bytes(bytes, _) => {
                    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    self.charge_text(text.len())?;
                    Ok(Val::text(&text, Hidden::Decoded))
                }
                _ => Ok(Val::Unknown),
            },
            (Kind::Coder(false), "encode", [text]) => {
                let text = self.to_text(text)?;
                let bytes = String::from_utf16_lossy(&text.units).into_bytes();
                self.new_bytes(bytes, false)
            }
            _ => Ok(Val::Unknown),
        }
    }
}

/// Where a part begins.
pub(super) fn find(units: &[u16], part: &[u16]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    units.windows(part.len()).position(|window| window == part)
}

fn find_last(units: &[u16], part: &[u16]) -> Option<usize> {
    if part.is_empty() {
        return Some(units.len());
    }
    units.windows(part.len()).rposition(|window| window == part)
}

/// Base64 without anything that decoders differ on.
pub(super) fn strict_base64(text: &[u8]) -> Option<Vec<u8>> {
    let cleaned: Vec<u8> = text
        .iter()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| match b {
            b'-' => b'+',
            b'_' => b'/',
            b => *b,
        })
        .collect();
    let end = cleaned.iter().rposition(|b| *b != b'=').map_or(0, |at| at + 1);
    let mut body = cleaned[..end].to_vec();
    if body.len() % 4 == 1 {
        return None;
    }
    while !body.len().is_multiple_of(4) {
        body.push(b'=');
    }
    let lenient = base64::engine::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent);
    base64::engine::GeneralPurpose::new(&base64::alphabet::STANDARD, lenient)
        .decode(body)
        .ok()
}

fn escape(units: &[u16]) -> String {
    let mut out = String::new();
    for unit in units {
        match u8::try_from(*unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() || ESCAPE.contains(&byte) => out.push(char::from(byte)),
            Ok(byte) => {
                let _ = write!(out, "%{byte:02X}");
            }
            Err(_) => {
                let _ = write!(out, "%u{unit:04X}");
            }
        }
    }
    out
}

fn hex(units: Option<&[u16]>) -> Option<u16> {
    let digits: String = units?
        .iter()
        .map(|unit| char::from_u32(u32::from(*unit)).unwrap_or('?'))
        .collect();
    let valid = digits.bytes().all(|b| b.is_ascii_hexdigit());
    if valid {
        u16::from_str_radix(&digits, 16).ok()
    } else {
        None
    }
}

fn unescape(units: &[u16]) -> Vec<u16> {
    let mut out = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        if *unit == u16::from(b'%') {
            if units.get(at + 1) == Some(&u16::from(b'u'))
                && let Some(code) = hex(units.get(at + 2..at + 6))
            {
                out.push(code);
                at += 6;
                continue;
            }
            if let Some(code) = hex(units.get(at + 1..at + 3)) {
                out.push(code);
                at += 3;
                continue;
            }
        }
        out.push(*unit);
        at += 1;
    }
    out
}

/// `decodeURIComponent`, or `decodeURI` where what is reserved stays escaped; none where it throws.
fn decode_uri(text: &str, keeps_reserved: bool) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let digits = text
                .get(at + 1..at + 3)
                .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            let code = u8::from_str_radix(digits, 16).ok()?;
            if keeps_reserved && RESERVED.contains(&code) {
                out.extend_from_slice(&bytes[at..at + 3]);
            } else {
                out.push(code);
            }
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}
