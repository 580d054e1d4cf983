//! Characters that a reader does not see: bidirectional controls, invisible runs, names that look like others.
//!
//! A direction mark in a translation, one zero-width joiner in an emoji, a byte order mark: none of these is hidden
//! text. What counts is a control that reorders *code*, and a run long enough to carry data.

use super::{HiddenKind, HiddenText};
use crate::span::{LineIndex, Span};

/// The shortest run of invisible characters that can carry data; the longest flag emoji has eight tags.
const MIN_RUN: usize = 12;

/// The hidden text of a module.
pub(super) fn hidden(text: &str) -> Vec<HiddenText> {
    if text.is_ascii() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let mut out = Vec::new();
    bidirectional(text, &lines, &mut out);
    invisible(text, &lines, &mut out);
    homoglyphs(text, &lines, &mut out);
    out
}

/// A line on which an override or isolate is opened and not closed before code follows, as in Trojan Source
/// (Boucher and Anderson, 2021): what is shown after it is not what runs.
fn bidirectional(text: &str, lines: &LineIndex<'_>, out: &mut Vec<HiddenText>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.is_ascii()
            && let Some((at, control)) = reordered(line)
        {
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
        start += line.len();
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

fn invisible(text: &str, lines: &LineIndex<'_>, out: &mut Vec<HiddenText>) {
    let mut run: Option<(usize, usize)> = None;
    let mut end = 0;
    for (at, c) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        if is_invisible(c) {
            let (start, count) = run.unwrap_or((at, 0));
            run = Some((start, count + 1));
            end = at + c.len_utf8();
        } else if let Some((start, count)) = run.take()
            && count >= MIN_RUN
        {
            out.push(HiddenText {
                kind: HiddenKind::Invisible,
                note: format!("{count} invisible characters in a row"),
                range: lines.range(Span::new(start as u32, end as u32)),
            });
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{180b}'..='\u{180d}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// Names that mix Latin letters with look-alikes of another script.
fn homoglyphs(text: &str, lines: &LineIndex<'_>, out: &mut Vec<HiddenText>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|b| !b.is_ascii()) {
        at += found;
        let start = text[..at]
            .char_indices()
            .rev()
            .find(|(_, c)| !is_name(*c))
            .map_or(0, |(i, c)| i + c.len_utf8());
        let end = text[at..]
            .char_indices()
            .find(|(_, c)| !is_name(*c))
            .map_or(text.len(), |(i, _)| at + i);
        if end <= at {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let word = &text[start..end];
        if word.len() < 80 && is_mixed(word) && is_identifier_place(text, start, end) {
            out.push(HiddenText {
                kind: HiddenKind::Homoglyph,
                note: format!("the name `{word}` mixes Latin letters with look-alikes of another script"),
                range: lines.range(Span::new(start as u32, end as u32)),
            });
        }
        at = end;
    }
    out.truncate(64);
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Latin letters together with Cyrillic or Greek letters that look Latin.
fn is_mixed(word: &str) -> bool {
    const LOOKALIKES: &str = "аеорсухіјѕԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοАВЕКМНОРСТХ";
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
