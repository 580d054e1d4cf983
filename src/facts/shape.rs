//! The shapes that obfuscators leave, by structure: names, string tables, decoders, escapes.
//!
//! Minified is not obfuscated: short names, one long line and large tables say nothing here.

use super::{Obfuscation, grams::Grams, model::Model};
use crate::span::{LineIndex, Span};

/// Names such as `_0x3f2a1c` that one file must have before they mean anything.
const MIN_HEX_NAMES: usize = 6;
/// Letters and digits written as `\x61` that one file must have, and their share of its bytes in percent.
const MIN_ESCAPES: usize = 40;
const ESCAPED_PERCENT: usize = 15;
/// How far the loop reaches that turns a string table, and how often a table is looked up in at least.
const MAX_LOOP: usize = 1200;
const MIN_LOOKUPS: usize = 3;
/// A text of nothing but `[]()!+` must be at least this long.
const MIN_JSFUCK: usize = 200;

/// The signs of obfuscation in a module.
pub(super) fn obfuscations(grams: &Grams<'_>, model: &Model<'_>, lines: &LineIndex<'_>) -> Vec<Obfuscation> {
    let text = grams.text();
    let mut out = Vec::new();
    let mut found = |tool: &str, sign: String, certainty: u8, span: Span| {
        out.push(Obfuscation {
            tool: tool.to_owned(),
            sign,
            certainty,
            range: lines.range(span),
        });
    };
    let rotated = rotation(grams);
    if let Some((count, span)) = hex_names(model, text) {
        let table = rotated.is_some();
        let sign = if table {
            format!(
                "{count} names like `{}` and a string table that is rotated until a checksum fits",
                cut(text, span)
            )
        } else {
            format!("{count} names like `{}`", cut(text, span))
        };
        found("obfuscator.io", sign, if table { 98 } else { 85 }, span);
    } else if let Some(span) = rotated {
        let sign = "a string table is rotated until a checksum of its numbers fits".to_owned();
        found("obfuscator.io", sign, 95, span);
    }
    if let Some(at) = find_if(
        rotated.is_some() || model.mentions("constructor"),
        grams,
        "(((.+)+)+)+$",
    ) {
        let span = Span::new(at as u32, at as u32 + 12);
        let sign = "code that has been made readable hangs itself up in a regular expression".to_owned();
        found("obfuscator.io", sign, 97, span);
    }
    if let Some((name, span)) = string_table(model, text) {
        let sign = format!("every text is looked up in the shuffled table `{name}`");
        found("freejsobfuscator", sign, 95, span);
    }
    if let Some(at) = find_if(model.mentions("eval"), grams, "with($.split(") {
        let span = Span::new(at as u32, at as u32 + 13);
        found(
            "jscrush",
            "code is unpacked by repeated splitting and run".to_owned(),
            97,
            span,
        );
    }
    if model.mentions("eval")
        && let Some(span) = packer(grams)
    {
        found(
            "packer",
            "code is unpacked by `eval(function(p,a,c,k,e,d)…`".to_owned(),
            97,
            span,
        );
    }
    if let Some(span) = jsfuck(text) {
        found(
            "jsfuck",
            "code is written with the characters `[]()!+` alone".to_owned(),
            97,
            span,
        );
    }
    if let Some(at) = find_if(!text.is_ascii(), grams, "ﾟωﾟﾉ") {
        found(
            "aaencode",
            "code is written as emoticons".to_owned(),
            97,
            Span::new(at as u32, at as u32 + 12),
        );
    }
    if let Some(at) = find_if(model.mentions("$"), grams, "=~[];") {
        let tail = text[at..]
            .chars()
            .take(400)
            .filter(|c| matches!(c, '$' | '_' | '+' | '[' | ']' | '{' | '}'))
            .count();
        if tail > 200 {
            found(
                "jjencode",
                "code is written with `$`, `_` and operators".to_owned(),
                95,
                Span::new(at as u32, at as u32 + 5),
            );
        }
    }
    if let Some((count, span)) = escapes(text) {
        found(
            "escapes",
            format!(
                "{count} plain letters are written as escapes such as `{}`",
                cut(text, span)
            ),
            80,
            span,
        );
    }
    out
}

fn cut(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// The loop that turns a string table until numbers in it give a checksum.
fn rotation(grams: &Grams<'_>) -> Option<Span> {
    let text = grams.text();
    let loop_at = |test: usize| Some(text[..test].trim_end_matches(' ').strip_suffix("while")?.len());
    let at = grams.find_all("(!![])").find_map(loop_at)?;
    let end = text.floor_char_boundary((at + MAX_LOOP).min(text.len()));
    let body = &text[at..end];
    let sums = body.matches("parseInt(").count() >= 3;
    (sums && body.contains("push") && body.contains("shift")).then(|| Span::new(at as u32, at as u32 + 11))
}

/// A name such as `_$_1e42` that is looked up in again and again.
fn string_table<'a>(model: &Model<'a>, text: &str) -> Option<(&'a str, Span)> {
    let is_table = |name: &&str| {
        name.strip_prefix("_$_")
            .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let name = model.names.iter().map(|name| name.text).find(is_table)?;
    let at = text.find(name)?;
    let uses = text
        .match_indices(name)
        .filter(|(at, _)| text[at + name.len()..].starts_with('['));
    (uses.count() >= MIN_LOOKUPS).then(|| (name, Span::new(at as u32, (at + name.len()) as u32)))
}

/// Names of the form `_0x` and hexadecimal digits.
fn hex_names(model: &Model<'_>, text: &str) -> Option<(usize, Span)> {
    let mut names = model.names.iter().filter(|name| is_hex_name(name.text));
    let first = names.next()?;
    let count = 1 + names.count();
    let at = text.find(first.text)? as u32;
    (count >= MIN_HEX_NAMES).then(|| (count, Span::new(at, at + first.text.len() as u32)))
}

fn is_hex_name(name: &str) -> bool {
    let Some(digits) = name.strip_prefix("_0x").or_else(|| name.strip_prefix("a0_0x")) else {
        return false;
    };
    digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

fn packer(grams: &Grams<'_>) -> Option<Span> {
    let at = grams.find("eval(function(p,a,c,k,e,")?;
    Some(Span::new(at as u32, at as u32 + 23))
}

/// A run of the six characters of `JSFuck`, white space aside. Some byte of it stands at a multiple of its least length.
fn jsfuck(text: &str) -> Option<Span> {
    let bytes = text.as_bytes();
    let is_part = |at: &usize| b"[]()!+ \n\r\t".contains(&bytes[*at]);
    let mut at = MIN_JSFUCK - 1;
    while at < bytes.len() {
        if is_part(&at) {
            let start = (0..at).rev().take_while(is_part).last().unwrap_or(at);
            let end = (at..bytes.len()).find(|at| !is_part(at)).unwrap_or(bytes.len());
            let six = b"[]()!+".iter().all(|part| bytes[start..end].contains(part));
            if end - start >= MIN_JSFUCK && six {
                return Some(Span::new(start as u32, end as u32));
            }
            at = at.max(end);
        }
        at += MIN_JSFUCK;
    }
    None
}

fn find_if(wanted: bool, grams: &Grams<'_>, part: &str) -> Option<usize> {
    if wanted { grams.find(part) } else { None }
}

/// Letters and digits that are written as escapes although nothing asks for it.
fn escapes(text: &str) -> Option<(usize, Span)> {
    let bytes = text.as_bytes();
    let mut count = 0;
    let mut first = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        at += found;
        let code = match bytes.get(at + 1) {
            Some(b'x') => text.get(at + 2..at + 4).map(|digits| (digits, 4)),
            Some(b'u') => text.get(at + 2..at + 6).map(|digits| (digits, 6)),
            _ => None,
        };
        if let Some((digits, length)) = code
            && let Ok(code) = u32::from_str_radix(digits, 16)
            && char::from_u32(code).is_some_and(|c| c.is_ascii_alphanumeric())
        {
            count += 1;
            first.get_or_insert(Span::new(at as u32, (at + length) as u32));
        }
        at = text.ceil_char_boundary(at + 2);
    }
    let dense = count * 4 * 100 >= bytes.len() * ESCAPED_PERCENT;
    first
        .filter(|_| count >= MIN_ESCAPES && dense)
        .map(|span| (count, span))
}
