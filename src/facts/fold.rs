//! Constant folding of operators and of the methods that hide text: pure functions over known values.
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "JavaScript's numbers are converted as it converts them, after a check of their range"
)]

use std::rc::Rc;

use base64::Engine as _;
use swc_ecma_ast::BinaryOp;

use super::value::{GAP, Hidden, MAX_TEXT, Value};

/// `left + right`, with gaps for unknown parts once a text is involved.
pub(super) fn add<'a>(left: &Value<'a>, right: &Value<'a>) -> Value<'a> {
    if let (Value::Number(a), Value::Number(b)) = (left, right) {
        return Value::Number(a + b);
    }
    if let (Value::OneOf(several), one) | (one, Value::OneOf(several)) = (left, right)
        && !matches!(one, Value::OneOf(_))
    {
        let whole = matches!(left, Value::OneOf(_));
        let sums = several
            .iter()
            .map(|part| if whole { add(part, one) } else { add(one, part) });
        return Value::one_of(sums.collect());
    }
    let textual = |v: &Value<'_>| matches!(v, Value::Text(..) | Value::Partial(_) | Value::Array(_));
    if !textual(left) && !textual(right) {
        return Value::Unknown;
    }
    if let (Some(a), Some(b)) = (left.to_text(), right.to_text()) {
        let hidden = left.hidden().max(right.hidden()).max(Hidden::Assembled);
        return Value::text(format!("{a}{b}"), hidden);
    }
    let part = |v: &Value<'_>| v.to_partial().unwrap_or_else(|| GAP.to_string().into());
    partial(&format!("{}{}", part(left), part(right)))
}

/// A text with gaps, neighbouring gaps merged; unknown if it is nothing but a gap.
pub(super) fn partial<'a>(text: &str) -> Value<'a> {
    let mut merged = String::with_capacity(text.len());
    for c in text.chars() {
        if c != GAP || !merged.ends_with(GAP) {
            merged.push(c);
        }
    }
    if merged.chars().all(|c| c == GAP) || merged.len() > MAX_TEXT {
        Value::Unknown
    } else if merged.contains(GAP) {
        Value::Partial(merged.into())
    } else {
        Value::text(merged, Hidden::Assembled)
    }
}

/// Any other operator on numbers and comparisons.
#[expect(clippy::cast_sign_loss, reason = "JavaScript's own conversion to 32 bits")]
pub(super) fn binary<'a>(op: BinaryOp, left: &Value<'a>, right: &Value<'a>) -> Value<'a> {
    if let (BinaryOp::EqEqEq | BinaryOp::EqEq, Some(a), Some(b)) = (op, left.as_text(), right.as_text()) {
        return Value::Bool(a == b);
    }
    let (Some(a), Some(b)) = (number(left), number(right)) else {
        return Value::Unknown;
    };
    let (x, y) = (to_i32(a), to_i32(b));
    match op {
        BinaryOp::Sub => Value::Number(a - b),
        BinaryOp::Mul => Value::Number(a * b),
        BinaryOp::Div => Value::Number(a / b),
        BinaryOp::Mod => Value::Number(a % b),
        BinaryOp::Exp => Value::Number(a.powf(b)),
        BinaryOp::BitXor => Value::Number(f64::from(x ^ y)),
        BinaryOp::BitAnd => Value::Number(f64::from(x & y)),
        BinaryOp::BitOr => Value::Number(f64::from(x | y)),
        BinaryOp::LShift => Value::Number(f64::from(x.wrapping_shl(y as u32))),
        BinaryOp::RShift => Value::Number(f64::from(x.wrapping_shr(y as u32))),
        BinaryOp::ZeroFillRShift => Value::Number(f64::from((x as u32).wrapping_shr(y as u32))),
        _ => Value::Unknown,
    }
}

fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(n) => Some(*n),
        Value::Bool(b) => Some(f64::from(u8::from(*b))),
        Value::Text(text, _) => text.trim().parse().ok(),
        _ => None,
    }
}

/// JavaScript's `ToInt32`.
pub(super) fn to_i32(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    let wrapped = number.trunc().rem_euclid(4_294_967_296.0);
    (wrapped as u32).cast_signed()
}

/// A method of a known text, array or buffer.
pub(super) fn method<'a>(object: &Value<'a>, name: &str, args: &[Value<'a>]) -> Value<'a> {
    match object {
        Value::Text(text, hidden) => text_method(text, *hidden, name, args),
        Value::Partial(text) => partial_method(text, name),
        Value::Array(items) => array_method(items, name, args),
        Value::Bytes(bytes, hidden) => match name {
            "toString" | "decode" => {
                decode_bytes(bytes, args.first().and_then(Value::as_text).unwrap_or("utf8"), *hidden)
            }
            "reverse" => Value::bytes(bytes.iter().rev().copied().collect(), Hidden::Decoded),
            "slice" | "subarray" => {
                let (start, end) = range(args, bytes.len());
                Value::bytes(bytes[start..end].to_vec(), *hidden)
            }
            _ => Value::Unknown,
        },
        Value::Number(n) => match (name, args.first().map(Value::as_number)) {
            ("toString", Some(Some(radix))) => radix_text(*n, radix),
            ("toString", None) => object
                .to_text()
                .map_or(Value::Unknown, |t| Value::text(t, Hidden::Assembled)),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn partial_method<'a>(text: &str, name: &str) -> Value<'a> {
    match name {
        "toString" | "trim" | "valueOf" => Value::Partial(text.into()),
        "toLowerCase" => partial(&text.to_lowercase()),
        _ => Value::Unknown,
    }
}

fn text_method<'a>(text: &str, hidden: Hidden, name: &str, args: &[Value<'a>]) -> Value<'a> {
    let text_arg = |index: usize| args.get(index).and_then(Value::as_text);
    let same = |out: String| Value::text(out, hidden.max(Hidden::Assembled));
    match name {
        "toString" | "valueOf" | "normalize" => Value::text(text, hidden),
        "trim" => same(text.trim().to_owned()),
        "toLowerCase" | "toLocaleLowerCase" => same(text.to_lowercase()),
        "toUpperCase" | "toLocaleUpperCase" => same(text.to_uppercase()),
        "concat" => args.iter().fold(Value::text(text, hidden), |sum, part| add(&sum, part)),
        "split" => match text_arg(0) {
            Some("") => Value::Array(text.chars().map(|c| Value::text(c.to_string(), hidden)).collect()),
            Some(separator) => Value::Array(text.split(separator).map(|part| Value::text(part, hidden)).collect()),
            None => Value::Unknown,
        },
        "slice" | "substring" | "substr" => {
            let units: Vec<u16> = text.encode_utf16().collect();
            let (start, end) = match name {
                "substr" => substr_range(args, units.len()),
                "substring" => substring_range(args, units.len()),
                _ => range(args, units.len()),
            };
            // Half of a pair of surrogates is no text.
            String::from_utf16(&units[start..end]).map_or(Value::Unknown, same)
        }
        "charAt" | "at" => match index_of(args, text.encode_utf16().count(), name == "at") {
            Some(index) => unit_text(text, index, hidden),
            None => Value::Unknown,
        },
        "charCodeAt" | "codePointAt" => match index_of(args, text.encode_utf16().count(), false) {
            Some(index) => Value::Number(text.encode_utf16().nth(index).map_or(f64::NAN, f64::from)),
            None => Value::Unknown,
        },
        "replace" | "replaceAll" => match (text_arg(0), text_arg(1)) {
            (Some(from), Some(to)) if name == "replaceAll" => decoded(text.replace(from, to)),
            (Some(from), Some(to)) => decoded(text.replacen(from, to, 1)),
            _ => Value::Unknown,
        },
        "repeat" => match args.first().and_then(Value::as_number) {
            Some(count) if count >= 0.0 && count * text.len() as f64 <= MAX_TEXT as f64 => {
                same(text.repeat(count as usize))
            }
            _ => Value::Unknown,
        },
        "padStart" | "padEnd" | "trimStart" | "trimEnd" if args.is_empty() => Value::text(text, hidden),
        _ => Value::Unknown,
    }
}

/// One unit of a text, unless it is half of a pair.
pub(super) fn unit_text<'a>(text: &str, index: usize, hidden: Hidden) -> Value<'a> {
    let unit = text.encode_utf16().nth(index).into_iter().collect::<Vec<u16>>();
    String::from_utf16(&unit).map_or(Value::Unknown, |text| Value::text(text, hidden))
}

fn array_method<'a>(items: &Rc<[Value<'a>]>, name: &str, args: &[Value<'a>]) -> Value<'a> {
    match name {
        "join" => {
            let separator = match args.first() {
                None | Some(Value::Undefined) => ",",
                Some(value) => match value.as_text() {
                    Some(text) => text,
                    None => return Value::Unknown,
                },
            };
            let known: Option<Vec<Rc<str>>> = items.iter().map(Value::to_text).collect();
            let hidden = items
                .iter()
                .map(Value::hidden)
                .max()
                .unwrap_or_default()
                .max(Hidden::Assembled);
            match known {
                Some(parts) => Value::text(parts.join(separator), hidden),
                None => partial(
                    &items
                        .iter()
                        .map(|v| v.to_partial().unwrap_or_else(|| GAP.to_string().into()))
                        .collect::<Vec<_>>()
                        .join(separator),
                ),
            }
        }
        "reverse" | "toReversed" => Value::Array(items.iter().rev().map(hide).collect()),
        "slice" => {
            let (start, end) = range(args, items.len());
            Value::Array(items[start..end].into())
        }
        "concat" => {
            let mut out = items.to_vec();
            for arg in args {
                match arg {
                    Value::Array(more) => out.extend(more.iter().cloned()),
                    other => out.push(other.clone()),
                }
            }
            Value::Array(out.into())
        }
        "at" => index_of(args, items.len(), true)
            .and_then(|i| items.get(i))
            .cloned()
            .unwrap_or(Value::Unknown),
        "toString" => Value::Array(items.clone())
            .to_text()
            .map_or(Value::Unknown, |t| Value::text(t, Hidden::Assembled)),
        _ => Value::Unknown,
    }
}

/// The same value, marked as decoded.
fn hide<'a>(value: &Value<'a>) -> Value<'a> {
    match value {
        Value::Text(text, _) => Value::Text(text.clone(), Hidden::Decoded),
        other => other.clone(),
    }
}

fn decoded<'a>(text: impl AsRef<str>) -> Value<'a> {
    Value::text(text, Hidden::Decoded)
}

/// A function of the language that turns data into text or back, by its path.
pub(super) fn intrinsic<'a>(path: &str, args: &[Value<'a>]) -> Value<'a> {
    let first = args.first();
    let text = first.and_then(Value::as_text);
    match path {
        "String.fromCharCode" | "String.fromCodePoint" => {
            // `fromCharCode(...codes)`
            let all = args.iter().flat_map(|value| match value {
                Value::Array(items) => &items[..],
                one => std::slice::from_ref(one),
            });
            let codes: Option<Vec<u32>> = all.map(|v| v.as_number().map(|n| n as u32)).collect();
            codes.map_or(Value::Unknown, |codes| {
                decoded(
                    codes
                        .iter()
                        .map(|&c| char::from_u32(c).unwrap_or('\u{fffd}'))
                        .collect::<String>(),
                )
            })
        }
        "String" => first.and_then(Value::to_text).map_or(Value::Unknown, |t| {
            Value::text(t, first.map(Value::hidden).unwrap_or_default())
        }),
        "Number" | "parseFloat" => first.and_then(number).map_or(Value::Unknown, Value::Number),
        "parseInt" | "Number.parseInt" => parse_int(text, args.get(1)),
        "atob" => text
            .and_then(base64)
            .map_or(Value::Unknown, |bytes| decoded(latin1(&bytes))),
        "btoa" => text.map_or(Value::Unknown, |t| {
            Value::text(base64::engine::general_purpose::STANDARD.encode(t), Hidden::Assembled)
        }),
        "unescape" | "decodeURI" | "decodeURIComponent" => {
            text.map_or(Value::Unknown, |t| percent(t, path == "unescape"))
        }
        "Buffer.from" | "Buffer" => match first {
            Some(Value::Text(text, hidden)) => {
                encode_bytes(text, args.get(1).and_then(Value::as_text).unwrap_or("utf8"), *hidden)
            }
            Some(Value::Array(items)) => byte_items(items),
            Some(Value::Bytes(bytes, hidden)) => Value::Bytes(bytes.clone(), *hidden),
            _ => Value::Unknown,
        },
        "Uint8Array" | "Uint8Array.from" | "Array.from" | "Array.of" => match first {
            Some(Value::Array(items)) if path.starts_with("Uint8") => byte_items(items),
            Some(value @ (Value::Array(_) | Value::Bytes(..))) => value.clone(),
            Some(Value::Text(text, hidden)) => {
                Value::Array(text.chars().map(|c| Value::text(c.to_string(), *hidden)).collect())
            }
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn byte_items<'a>(items: &[Value<'a>]) -> Value<'a> {
    let bytes: Option<Vec<u8>> = items.iter().map(|v| v.as_number().map(|n| to_i32(n) as u8)).collect();
    bytes.map_or(Value::Unknown, |bytes| Value::bytes(bytes, Hidden::Decoded))
}

fn parse_int<'a>(text: Option<&str>, radix: Option<&Value<'a>>) -> Value<'a> {
    let Some(text) = text.map(str::trim) else {
        return Value::Unknown;
    };
    let radix = radix.and_then(Value::as_number).map_or(10, |n| n as u32);
    let (text, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) if radix == 10 || radix == 16 => (hex, 16),
        _ => (text, radix),
    };
    if !(2..=36).contains(&radix) {
        return Value::Unknown;
    }
    let end = text
        .char_indices()
        .find(|(i, c)| !(c.is_digit(radix) || (*i == 0 && *c == '-')))
        .map_or(text.len(), |(i, _)| i);
    i64::from_str_radix(&text[..end], radix).map_or(Value::Unknown, |n| Value::Number(n as f64))
}

fn encode_bytes<'a>(text: &str, encoding: &str, hidden: Hidden) -> Value<'a> {
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" | "base64url" => {
            return base64(text).map_or(Value::Unknown, |b| Value::bytes(b, Hidden::Decoded));
        }
        "hex" => return hex(text).map_or(Value::Unknown, |b| Value::bytes(b, Hidden::Decoded)),
        "latin1" | "binary" | "ascii" => text.chars().map(|c| c as u32 as u8).collect(),
        "utf8" | "utf-8" => text.as_bytes().to_vec(),
        "utf16le" | "ucs2" | "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => return Value::Unknown,
    };
    Value::bytes(bytes, hidden)
}

fn decode_bytes<'a>(bytes: &[u8], encoding: &str, hidden: Hidden) -> Value<'a> {
    let text = match encoding.to_ascii_lowercase().as_str() {
        "base64" => base64::engine::general_purpose::STANDARD.encode(bytes),
        "hex" => bytes
            .iter()
            .flat_map(|b| [b >> 4, b & 15])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect(),
        "latin1" | "binary" => latin1(bytes),
        "ascii" => bytes.iter().map(|&b| char::from(b & 0x7f)).collect(),
        "utf8" | "utf-8" => String::from_utf8_lossy(bytes).into_owned(),
        "utf16le" | "ucs2" | "utf-16le" => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|b| u16::from_le_bytes([b[0], b[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => return Value::Unknown,
    };
    Value::text(text, hidden)
}

/// Base64 as JavaScript reads it: either alphabet, padding optional, white space ignored.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let cleaned: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace() && *c != '=')
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    base64::engine::general_purpose::STANDARD_NO_PAD
        .decode(&cleaned)
        .or_else(|_| {
            base64::engine::general_purpose::STANDARD_NO_PAD
                .decode(cleaned.get(..cleaned.len() - cleaned.len() % 4).unwrap_or_default())
        })
        .ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&b| char::from(b)).collect()
}

fn percent<'a>(text: &str, legacy: bool) -> Value<'a> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut units = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        if legacy && rest.starts_with('u') && rest.len() >= 5 {
            let Some(unit) = rest
                .get(1..5)
                .and_then(|h| u32::from_str_radix(h, 16).ok())
                .and_then(char::from_u32)
            else {
                return Value::Unknown;
            };
            units.clear();
            units.push(unit);
            bytes.extend_from_slice(units.as_bytes());
            rest = &rest[5..];
        } else {
            let Some(byte) = rest.get(..2).and_then(|h| u8::from_str_radix(h, 16).ok()) else {
                return Value::Unknown;
            };
            bytes.push(byte);
            rest = &rest[2..];
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    decoded(String::from_utf8(bytes).unwrap_or_else(|e| latin1(e.as_bytes())))
}

fn radix_text<'a>(number: f64, radix: f64) -> Value<'a> {
    super::interpret::radix_text(number, radix as u32).map_or(Value::Unknown, decoded)
}

/// Start and end as `slice` takes them; the whole if they are unknown is never assumed: unknown bounds give an empty
/// range only when the arguments are absent or known.
fn range(args: &[Value<'_>], len: usize) -> (usize, usize) {
    let clamp = |value: Option<&Value<'_>>, absent: usize| match value.and_then(Value::as_number) {
        Some(n) if n < 0.0 => len.saturating_sub((-n) as usize),
        Some(n) => (n as usize).min(len),
        None => absent,
    };
    let start = clamp(args.first(), 0);
    (start, clamp(args.get(1), len).max(start))
}

fn substring_range(args: &[Value<'_>], len: usize) -> (usize, usize) {
    let clamp = |value: Option<&Value<'_>>, absent: usize| {
        value
            .and_then(Value::as_number)
            .map_or(absent, |n| (n.max(0.0) as usize).min(len))
    };
    let (a, b) = (clamp(args.first(), 0), clamp(args.get(1), len));
    (a.min(b), a.max(b))
}

fn substr_range(args: &[Value<'_>], len: usize) -> (usize, usize) {
    let (start, _) = range(&args[..args.len().min(1)], len);
    let count = args
        .get(1)
        .and_then(Value::as_number)
        .map_or(len, |n| n.max(0.0) as usize);
    (start, start.saturating_add(count).min(len))
}

fn index_of(args: &[Value<'_>], len: usize, from_end: bool) -> Option<usize> {
    let index = args.first().map_or(Some(0.0), Value::as_number)?;
    if from_end && index < 0.0 {
        return len.checked_sub((-index) as usize);
    }
    (index >= 0.0 && (index as usize) < len).then_some(index as usize)
}

/// Whether any argument that a method's result hangs on is unknown.
pub(super) fn all_known(args: &[Value<'_>]) -> bool {
    args.iter().all(|v| {
        matches!(
            v,
            Value::Undefined
                | Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(..)
                | Value::Bytes(..)
                | Value::Array(_)
        )
    })
}
