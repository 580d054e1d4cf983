//! JavaScript's conversions, exactly: to texts, numbers, primitives and truth.
#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "exponents and radix digits are small, and checked to be"
)]

use std::rc::Rc;

use super::{
    R, Run, Stop,
    heap::{Home, Kind, Text, Val},
};
use crate::facts::value::Hidden;

impl Run<'_, '_> {
    #[expect(clippy::unused_self, reason = "a conversion of the run, beside the others")]
    pub(super) fn truthy(&self, value: &Val) -> R<bool> {
        Ok(match value {
            Val::Unknown | Val::Gapped(_) | Val::Unset => return Err(Stop::Unknown),
            Val::Undefined | Val::Null => false,
            Val::Bool(b) => *b,
            Val::Num(n) => *n != 0.0 && !n.is_nan(),
            Val::Str(text) => !text.units.is_empty(),
            Val::Obj(_) | Val::Native(_) => true,
        })
    }

    /// The primitive that an operator sees; `text` when a text is preferred.
    pub(super) fn to_primitive(&mut self, value: &Val, text: bool) -> R<Val> {
        let Val::Obj(id) = value else {
            return Ok(match value {
                Val::Native(native) => match (native.home, native.name) {
                    (Home::Global, "Math") => Val::text("[object Math]", Hidden::Assembled),
                    (Home::Global, "JSON") => Val::text("[object JSON]", Hidden::Assembled),
                    // The global object prints differently in Node and in a browser, but begins alike.
                    (Home::Global, "globalThis") => Val::Gapped(gapped("[object ")),
                    (Home::Global, "Reflect") | (Home::Prototype, _) => Val::Unknown,
                    (_, name) => Val::text(&format!("function {name}() {{ [native code] }}"), Hidden::Assembled),
                },
                other => other.clone(),
            });
        };
        let order = if text {
            ["toString", "valueOf"]
        } else {
            ["valueOf", "toString"]
        };
        for name in order {
            let own = self.own_or_inherited(*id, name);
            if let Some(method @ Val::Obj(_)) = own {
                let result = self.call_value(&method, value.clone(), Vec::new())?;
                if !matches!(result, Val::Obj(_) | Val::Native(_)) {
                    return Ok(result);
                }
            } else if own.is_some() {
                return Ok(Val::Unknown);
            } else if name == "toString" {
                return self.object_text(*id);
            }
        }
        Err(Stop::Unknown)
    }

    fn object_text(&mut self, id: u32) -> R<Val> {
        let hidden = Hidden::Assembled;
        let object = self.obj(id);
        Ok(match &object.kind {
            Kind::Plain => Val::text("[object Object]", hidden),
            Kind::Array(items) => {
                let items = items.clone();
                return self.join(&items, &[u16::from(b',')]);
            }
            Kind::Bytes(bytes, true) => match std::str::from_utf8(bytes) {
                Ok(text) => Val::text(text, Hidden::Decoded),
                Err(_) => Val::Unknown,
            },
            Kind::Bytes(bytes, false) => {
                let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
                Val::text(&list.join(","), hidden)
            }
            Kind::Function(closure) => {
                let (start, end) = closure.span;
                match self.text.get(start as usize..end as usize) {
                    Some(source) => Val::text(source, hidden),
                    None => Val::Unknown,
                }
            }
            Kind::Regex(source, flags) => {
                let mut units = vec![u16::from(b'/')];
                units.extend(&source.units);
                units.push(u16::from(b'/'));
                units.extend(&flags.units);
                Val::units(units, hidden)
            }
            Kind::Map(_, set) => Val::text(if *set { "[object Set]" } else { "[object Map]" }, hidden),
            Kind::Coder(_) | Kind::Bound(..) | Kind::Returns(_) => Val::Unknown,
        })
    }

    /// The items' texts with something in between, as `join` has it.
    pub(super) fn join(&mut self, items: &[Val], separator: &[u16]) -> R<Val> {
        let mut out: Vec<u16> = Vec::new();
        let mut hidden = Hidden::Assembled;
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(separator);
            }
            if !item.is_nullish() {
                if item.is_unknown() {
                    return Ok(Val::Unknown);
                }
                let text = self.to_text(item)?;
                hidden = hidden.max(text.hidden);
                self.charge_text(text.units.len() + separator.len())?;
                self.room(out.len() + text.units.len())?;
                out.extend_from_slice(&text.units);
            }
        }
        Ok(Val::units(out, hidden))
    }

    pub(super) fn to_text(&mut self, value: &Val) -> R<Rc<Text>> {
        let plain = |text: &str| {
            Ok(Rc::new(Text {
                units: text.encode_utf16().collect(),
                hidden: Hidden::Assembled,
            }))
        };
        match value {
            Val::Str(text) => Ok(text.clone()),
            Val::Undefined => plain("undefined"),
            Val::Null => plain("null"),
            Val::Bool(true) => plain("true"),
            Val::Bool(false) => plain("false"),
            Val::Num(n) => plain(&number_text(*n)),
            Val::Obj(_) | Val::Native(_) => {
                self.deeper()?;
                let primitive = self.to_primitive(value, true)?;
                self.depth -= 1;
                match primitive {
                    Val::Obj(_) | Val::Native(_) => Err(Stop::Unknown),
                    primitive => self.to_text(&primitive),
                }
            }
            Val::Unknown | Val::Gapped(_) | Val::Unset => Err(Stop::Unknown),
        }
    }

    /// A property's name.
    pub(super) fn to_key(&mut self, value: &Val) -> R<Rc<str>> {
        if let Val::Num(n) = value
            && n.fract() == 0.0
            && (0.0..1e9).contains(n)
        {
            return Ok((*n as u32).to_string().into());
        }
        let text = self.to_text(value)?;
        text.to_string().map(Into::into).ok_or(Stop::Unknown)
    }

    pub(super) fn to_number(&mut self, value: &Val) -> R<f64> {
        Ok(match value {
            Val::Num(n) => *n,
            Val::Undefined => f64::NAN,
            Val::Null => 0.0,
            Val::Bool(b) => f64::from(u8::from(*b)),
            Val::Str(text) => text_number(text),
            Val::Obj(_) | Val::Native(_) => match self.to_primitive(value, false)? {
                Val::Obj(_) | Val::Native(_) => return Err(Stop::Unknown),
                primitive => return self.to_number(&primitive),
            },
            Val::Unknown | Val::Gapped(_) | Val::Unset => return Err(Stop::Unknown),
        })
    }

    pub(super) fn strict_equal(left: &Val, right: &Val) -> bool {
        match (left, right) {
            (Val::Undefined, Val::Undefined) | (Val::Null, Val::Null) => true,
            (Val::Bool(a), Val::Bool(b)) => a == b,
            #[expect(clippy::float_cmp, reason = "JavaScript compares exactly")]
            (Val::Num(a), Val::Num(b)) => a == b,
            (Val::Str(a), Val::Str(b)) => a.units == b.units,
            (Val::Obj(a), Val::Obj(b)) => a == b,
            (Val::Native(a), Val::Native(b)) => a == b,
            _ => false,
        }
    }

    pub(super) fn loose_equal(&mut self, left: &Val, right: &Val) -> R<bool> {
        let is_object = |v: &Val| matches!(v, Val::Obj(_) | Val::Native(_));
        let is_number = |v: &Val| matches!(v, Val::Bool(_) | Val::Num(_) | Val::Str(_));
        if left.is_nullish() || right.is_nullish() {
            return Ok(left.is_nullish() && right.is_nullish());
        }
        if is_object(left) != is_object(right) {
            let (left, right) = (self.to_primitive(left, false)?, self.to_primitive(right, false)?);
            if left.is_unknown() || right.is_unknown() || is_object(&left) || is_object(&right) {
                return Err(Stop::Unknown);
            }
            return self.loose_equal(&left, &right);
        }
        if std::mem::discriminant(left) != std::mem::discriminant(right) && is_number(left) && is_number(right) {
            #[expect(clippy::float_cmp, reason = "JavaScript compares exactly")]
            return Ok(self.to_number(left)? == self.to_number(right)?);
        }
        Ok(Self::strict_equal(left, right))
    }
}

/// A text that goes on in a way that is not known.
pub(super) fn gapped(start: &str) -> Rc<[u16]> {
    start.encode_utf16().chain([super::heap::GAP; 64]).collect()
}

/// What `trim` takes away.
pub(super) fn is_space(unit: u16) -> bool {
    matches!(unit, 9..=13 | 32 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000 | 0xfeff)
}

/// A text as a number, as `Number` reads it.
pub(super) fn text_number(text: &Text) -> f64 {
    let Some(whole) = text.to_string() else {
        return f64::NAN;
    };
    let text = whole.trim_matches(|c| u16::try_from(u32::from(c)).is_ok_and(is_space));
    let radix = |digits: &str, radix: u32| {
        let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        if valid { digits_value(digits, radix) } else { f64::NAN }
    };
    match text.get(..2) {
        Some("0x" | "0X") => return radix(&text[2..], 16),
        Some("0o" | "0O") => return radix(&text[2..], 8),
        Some("0b" | "0B") => return radix(&text[2..], 2),
        _ => {}
    }
    match text {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        text if text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// Digits of a radix, each known to be one.
pub(super) fn digits_value(digits: &str, radix: u32) -> f64 {
    if radix == 10 {
        return digits.parse().unwrap_or(f64::NAN);
    }
    digits.chars().fold(0.0, |sum, c| {
        sum * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0))
    })
}

/// A number as JavaScript prints it.
pub(in crate::facts) fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    // The shortest digits that read back as the same number, and the power of ten of the first.
    let shortest = format!("{:e}", number.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let count = digits.len() as i32;
    let text = if count <= point && point <= 21 {
        format!("{digits}{}", "0".repeat((point - count) as usize))
    } else if 0 < point && point <= 21 {
        let (whole, rest) = digits.split_at(point as usize);
        format!("{whole}.{rest}")
    } else if -6 < point && point <= 0 {
        format!("0.{}{digits}", "0".repeat(-point as usize))
    } else {
        let sign = if point > 0 { '+' } else { '-' };
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        format!("{first}{dot}{rest}e{sign}{}", (point - 1).abs())
    };
    if number < 0.0 { format!("-{text}") } else { text }
}

/// `Number.prototype.toString` of a radix; none where digits after the point would have to be told exactly.
pub(in crate::facts) fn radix_text(number: f64, radix: u32) -> Option<String> {
    if radix == 10 {
        return Some(number_text(number));
    }
    if number.fract() != 0.0 || number.abs() > 9_007_199_254_740_992.0 || !(2..=36).contains(&radix) {
        return None;
    }
    let mut rest = number.abs() as u64;
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit((rest % u64::from(radix)) as u32, radix));
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    if number < 0.0 {
        digits.push('-');
    }
    Some(digits.iter().rev().collect())
}

/// `parseInt` of a text.
pub(super) fn parse_int(text: &Text, radix: f64) -> f64 {
    let units: Vec<u16> = text.units.iter().copied().skip_while(|u| is_space(*u)).collect();
    let (negative, units) = match units.first().and_then(|u| u8::try_from(*u).ok()) {
        Some(b'-') => (true, &units[1..]),
        Some(b'+') => (false, &units[1..]),
        _ => (false, &units[..]),
    };
    let mut radix = crate::facts::fold::to_i32(radix);
    let hex = units.len() >= 2 && units[0] == u16::from(b'0') && matches!(units[1], 0x78 | 0x58);
    let units = if hex && (radix == 0 || radix == 16) {
        radix = 16;
        &units[2..]
    } else {
        units
    };
    if radix == 0 {
        radix = 10;
    }
    let Some(radix) = u32::try_from(radix).ok().filter(|r| (2..=36).contains(r)) else {
        return f64::NAN;
    };
    let digits: String = units
        .iter()
        .map_while(|u| char::from_u32(u32::from(*u)).filter(|c| c.is_digit(radix)))
        .collect();
    if digits.is_empty() {
        return f64::NAN;
    }
    let value = digits_value(&digits, radix);
    if negative { -value } else { value }
}

/// `parseFloat` of a text.
pub(super) fn parse_float(text: &Text) -> f64 {
    let Some(whole) = text.to_string() else {
        return f64::NAN;
    };
    let text = whole.trim_start_matches(|c| u16::try_from(u32::from(c)).is_ok_and(is_space));
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with("Infinity") {
        return if text.starts_with('-') {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
    }
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = text.len() - unsigned.len();
    let whole_digits = digits(end);
    end += whole_digits;
    let mut any = whole_digits;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        any += fraction;
        if any > 0 {
            end += 1 + fraction;
        }
    }
    if any > 0 && matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = bytes.get(end + 1 + sign..).map_or(0, |_| digits(end + 1 + sign));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    text[..end].parse().unwrap_or(f64::NAN)
}
