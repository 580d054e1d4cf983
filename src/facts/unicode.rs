//! Characters that a reader does not see: bidirectional controls, invisible runs, names that look like others.
//!
//! A direction mark in a translation, one zero-width joiner in an emoji, a byte order mark: none of these is hidden
//! text. What counts is a control that reorders *code*, and a run long enough to carry data.

use super::{HiddenKind, HiddenText};
use crate::span::{LineIndex, Span};

/// The shortest run of invisible characters that can carry data; the longest flag emoji has eight tags.
const MIN_RUN: usize = 12;
/// How many names with look-alikes are told of one module.
const MAX_HOMOGLYPHS: usize = 64;
/// Cyrillic and Greek letters that look Latin.
const LOOKALIKES: &str = "аеорсухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХ";

/// The hidden text of a module.
pub(super) fn hidden(text: &str) -> Vec<HiddenText> {
    if text.is_ascii() {
        return Vec::new();
    }
    let suspects: Vec<(usize, char)> = beyond_ascii(text).filter(|&(_, c)| is_suspect(c)).collect();
    if suspects.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let mut out = Vec::new();
    bidirectional(text, &suspects, &lines, &mut out);
    invisible(&suspects, &lines, &mut out);
    homoglyphs(text, &suspects, &lines, &mut out);
    out
}

/// The characters beyond ASCII, and where they stand.
fn beyond_ascii(text: &str) -> impl Iterator<Item = (usize, char)> {
    const WORD: usize = size_of::<u64>();
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(word) = bytes.get(at..at + WORD)
            && word.is_ascii()
        {
            at += WORD;
        }
        at += bytes[at..].iter().position(|byte| !byte.is_ascii())?;
        let c = text[at..].chars().next()?;
        let start = at;
        at += c.len_utf8();
        Some((start, c))
    })
}

fn is_suspect(c: char) -> bool {
    is_control(c) || is_invisible(c) || is_lookalike(c)
}

fn is_lookalike(c: char) -> bool {
    ('\u{370}'..='\u{52f}').contains(&c) && LOOKALIKES.contains(c)
}

fn is_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A line on which an override or isolate is opened and not closed before code follows, as in Trojan Source
/// (Boucher and Anderson, 2021): what is shown after it is not what runs.
fn bidirectional(text: &str, suspects: &[(usize, char)], lines: &LineIndex<'_>, out: &mut Vec<HiddenText>) {
    let mut seen = 0;
    for &(at, _) in suspects.iter().filter(|&&(_, c)| is_control(c)) {
        if at < seen {
            continue;
        }
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        seen = end;
        if let Some((at, control)) = reordered(&text[start..end]) {
            let at = (start + at) as u32;
            out.push(HiddenText {
                kind: HiddenKind::Bidirectional,
                note: format!(
                    "U+{:04X} makes this line read in another order than it runs",
                    u32::from(control)
                ),
                range: lines.range(Span::new(at, at + control.len_utf8() as u32)),
            });
        }
    }
}

fn reordered(line: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in line.char_indices() {
        match c {
            '\u{202a}'..='\u{202b}' | '\u{202d}'..='\u{202e}' | '\u{2066}'..='\u{2068}' => {
                open.push((at, c));
            }
            '\u{202c}' | '\u{2069}' => {
                open.pop();
            }
            // Real translations close what they open before the text ends; code behind an open control is shown elsewhere.
            '"' | '\'' | '`' | '/' | '*' | ';' | '{' | '}'
                if open.len() >= 2 || open.iter().any(|(_, c)| matches!(c, '\u{202d}' | '\u{202e}')) =>
            {
                return open.first().copied();
            }
            _ => {}
        }
    }
    None
}

fn invisible(suspects: &[(usize, char)], lines: &LineIndex<'_>, out: &mut Vec<HiddenText>) {
    let after = |&(at, c): &(usize, char)| at + c.len_utf8();
    let runs = suspects.chunk_by(|a, b| is_invisible(a.1) && is_invisible(b.1) && after(a) == b.0);
    for run in runs.filter(|run| run.len() >= MIN_RUN) {
        let end = run.last().map_or(0, after);
        out.push(HiddenText {
            kind: HiddenKind::Invisible,
            note: format!("{} invisible characters in a row", run.len()),
            range: lines.range(Span::new(run[0].0 as u32, end as u32)),
        });
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{180b}'..='\u{180d}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Names that mix Latin letters with look-alikes of another script.
fn homoglyphs(text: &str, suspects: &[(usize, char)], lines: &LineIndex<'_>, out: &mut Vec<HiddenText>) {
    let first = out.len();
    let mut seen = 0;
    for &(at, _) in suspects.iter().filter(|&&(_, c)| is_lookalike(c)) {
        if at < seen {
            continue;
        }
        let start = text[..at].rfind(|c| !is_name(c)).map_or(0, |before| {
            before + text[before..].chars().next().map_or(0, char::len_utf8)
        });
        let end = text[at..]
            .find(|c| !is_name(c))
            .map_or(text.len(), |length| at + length);
        seen = end;
        let word = &text[start..end];
        if word.len() < 80 && is_mixed(word) && is_identifier_place(text, start, end) {
            out.push(HiddenText {
                kind: HiddenKind::Homoglyph,
                note: format!("the name `{word}` mixes Latin letters with look-alikes of another script"),
                range: lines.range(Span::new(start as u32, end as u32)),
            });
        }
    }
    out.truncate(first + MAX_HOMOGLYPHS);
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Latin letters together with Cyrillic or Greek letters that look Latin.
fn is_mixed(word: &str) -> bool {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    let foreign: Vec<char> = word.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).collect();
    latin && !foreign.is_empty() && foreign.iter().all(|c| LOOKALIKES.contains(*c))
}

/// Whether a word stands where a name stands, not in a text or a comment: it is assigned, called, declared or a member.
fn is_identifier_place(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].trim_end();
    let after = text[end..].trim_start();
    let declared = ["const", "let", "var", "function", "class", "return", "new", "await"]
        .iter()
        .any(|word| before.ends_with(word));
    declared
        || after.starts_with('(')
        || (after.starts_with('=') && !after.starts_with("=="))
        || (after.starts_with('.') && !before.ends_with(['\'', '"']))
}
