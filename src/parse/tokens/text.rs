//! What a literal or a name spells once its escapes are read.

use std::str::Chars;

/// Longer texts are cut.
const LONGEST: usize = 64 * 1024;

/// The text inside a literal's quotes.
pub(super) fn literal(raw: &str) -> String {
    let inner = raw.get(1..).unwrap_or_default();
    let quote = raw.as_bytes().first().copied().unwrap_or_default();
    let inner = if raw.len() > 1 && raw.as_bytes()[raw.len() - 1] == quote {
        &inner[..inner.len() - 1]
    } else {
        inner
    };
    decoded(inner)
}

/// A template's chunk, without the backtick, `}` or `${` around it.
pub(super) fn chunk(raw: &str) -> String {
    let inner = raw.get(1..).unwrap_or_default();
    decoded(
        inner
            .strip_suffix("${")
            .or_else(|| inner.strip_suffix('`'))
            .unwrap_or(inner),
    )
}

/// A name, its `\u` escapes read.
pub(super) fn name(raw: &str) -> String {
    if raw.contains('\\') {
        decoded(raw)
    } else {
        raw.to_owned()
    }
}

fn decoded(inner: &str) -> String {
    let cut = &inner[..inner.floor_char_boundary(LONGEST)];
    if !cut.contains('\\') {
        return cut.to_owned();
    }
    let mut out = String::with_capacity(cut.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = cut.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            flush(&mut units, &mut out);
            out.push(c);
            continue;
        }
        match escape(&mut rest) {
            Escape::Unit(unit) => units.push(unit),
            Escape::Character(c) => {
                flush(&mut units, &mut out);
                out.push(c);
            }
            Escape::Nothing => {}
        }
    }
    flush(&mut units, &mut out);
    out
}

/// Halves of a surrogate pair come as two escapes, so units are joined before they become characters.
fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or('\u{FFFD}')));
}

enum Escape {
    Unit(u16),
    Character(char),
    Nothing,
}

fn escape(rest: &mut Chars<'_>) -> Escape {
    let Some(c) = rest.next() else {
        return Escape::Nothing;
    };
    match c {
        'n' => Escape::Character('\n'),
        't' => Escape::Character('\t'),
        'r' => Escape::Character('\r'),
        'b' => Escape::Character('\u{8}'),
        'f' => Escape::Character('\u{c}'),
        'v' => Escape::Character('\u{b}'),
        '\n' | '\u{2028}' | '\u{2029}' => Escape::Nothing,
        '\r' => {
            if rest.as_str().starts_with('\n') {
                rest.next();
            }
            Escape::Nothing
        }
        'x' => digits(rest, 2).map_or(Escape::Character('x'), |value| Escape::Unit(value as u16)),
        'u' if rest.as_str().starts_with('{') => {
            let Some(end) = rest.as_str().find('}').filter(|&end| end <= 9) else {
                return Escape::Character('u');
            };
            let value = u32::from_str_radix(&rest.as_str()[1..end], 16)
                .ok()
                .and_then(char::from_u32);
            rest.nth(end);
            Escape::Character(value.unwrap_or('\u{FFFD}'))
        }
        'u' => digits(rest, 4).map_or(Escape::Character('u'), |value| Escape::Unit(value as u16)),
        '0'..='7' => {
            let mut value = c as u32 - '0' as u32;
            while let Some(digit) = rest.as_str().chars().next().and_then(|c| c.to_digit(8))
                && value * 8 + digit < 256
            {
                value = value * 8 + digit;
                rest.next();
            }
            Escape::Unit(value as u16)
        }
        c => Escape::Character(c),
    }
}

fn digits(rest: &mut Chars<'_>, count: usize) -> Option<u32> {
    let digits = rest.as_str().get(..count)?;
    let value = u32::from_str_radix(digits, 16)
        .ok()
        .filter(|_| !digits.starts_with('+'))?;
    rest.nth(count - 1);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        for (raw, expected) in [
            ("'plain ä'", "plain ä"),
            (r#""\x63\u0068\u{69}\154\d""#, "child"),
            (r"'\ud83d\ude00\n\0'", "😀\n\0"),
            (r"'\ud83d'", "\u{FFFD}"),
            ("'a\\\r\nb\\\nc'", "abc"),
            (r"'\u12'", "u12"),
            (r"'\u{110000}\x'", "\u{FFFD}x"),
            ("'open", "open"),
            ("'", ""),
        ] {
            assert_eq!(literal(raw), expected, "{raw}");
        }
        assert_eq!(
            (chunk("`a${"), chunk("}b`"), chunk("`")),
            ("a".to_owned(), "b".to_owned(), String::new())
        );
        assert_eq!(name(r"\u0065val"), "eval");
        assert_eq!(literal(&format!("'{}'", "é".repeat(50_000))).len(), 64 * 1024);
    }
}
