//! Code that stands where nobody scrolls to: behind hundreds of blanks in a line, or far below blank lines.

use serde::{Deserialize, Serialize};

use crate::span::{LineIndex, Range, Span};

/// The least run of blanks that hides what follows; wider than a window, deeper than a screen.
const MIN_COLUMNS: usize = 120;
const MIN_LINES: usize = 80;
/// How many runs of one module are told.
const MAX_TOLD: usize = 16;
/// How far a line is looked back for the quote that it would stand in.
const MAX_LINE: usize = 4096;

/// A run of blanks with something behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blank {
    /// How many blank columns there are before the text, if the run is in one line.
    pub columns: u32,
    /// How many line ends there are in it.
    pub lines: u32,
    /// What follows in the same line.
    pub after: Range,
}

/// The runs of blanks in a module. Of each run some byte stands at a multiple of the least length.
pub(super) fn blanks(text: &str) -> Vec<Blank> {
    let bytes = text.as_bytes();
    let mut found: Vec<(u32, u32, Span)> = Vec::new();
    let least = MIN_COLUMNS.min(MIN_LINES);
    let mut at = least - 1;
    while at < bytes.len() && found.len() < MAX_TOLD {
        if !is_blank(bytes[at]) {
            at += least;
            continue;
        }
        let start = at - bytes[..at].iter().rev().take_while(|b| is_blank(**b)).count();
        let end = at + bytes[at..].iter().take_while(|b| is_blank(**b)).count();
        let run = &bytes[start..end];
        let lines = memchr::memchr_iter(b'\n', run).count();
        let columns = run.iter().rev().take_while(|b| **b != b'\n').count();
        let wide = columns >= MIN_COLUMNS;
        if (wide || lines >= MIN_LINES) && end < bytes.len() && !(wide && is_quoted(bytes, start, end)) {
            let rest = bytes[end..].iter().take_while(|b| !matches!(b, b'\n' | b'\r')).count();
            let columns = if wide { columns } else { 0 };
            let span = Span::new(end as u32, (end + rest) as u32);
            found.push((columns as u32, lines as u32, span));
        }
        at = end + least;
    }
    if found.is_empty() {
        return Vec::new();
    }
    let index = LineIndex::new(text);
    let blank = |(columns, lines, span)| Blank {
        columns,
        lines,
        after: index.range(span),
    };
    found.into_iter().map(blank).collect()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a run of blanks is part of a text or of a comment, as in a banner or a table.
fn is_quoted(bytes: &[u8], start: usize, end: usize) -> bool {
    if matches!(bytes[end], b'"' | b'\'' | b'`' | b'*' | b'|' | b'\\') || bytes[end..].starts_with(b"//") {
        return true;
    }
    let line = &bytes[start.saturating_sub(MAX_LINE)..start];
    let from = line.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
    let line = &line[from..];
    let odd = |quote: u8| memchr::memchr_iter(quote, line).count() % 2 == 1;
    odd(b'"') || odd(b'\'') || odd(b'`') || line.windows(2).any(|pair| pair == b"//" || pair == b"/*")
}

#[cfg(test)]
mod tests {
    use super::blanks;

    /// Each run as `columns/lines: what follows`.
    fn told(text: &str) -> Vec<String> {
        let told = |found: super::Blank| {
            let [start, end] = found.after.bytes;
            let after = &text[start as usize..end as usize];
            format!("{}/{}: {after}", found.columns, found.lines)
        };
        blanks(text).into_iter().map(told).collect()
    }

    #[test]
    fn runs_of_blanks_are_told_with_what_follows() {
        let wide = " ".repeat(150);
        assert_eq!(told(&format!("a();{wide}b();\nc();")), ["150/0: b();"]);
        assert_eq!(told(&format!("a();\n{wide}b();")), ["150/1: b();"]);
        assert_eq!(told(&format!("a();{}b();", "\n".repeat(90))), ["0/90: b();"]);
        assert_eq!(told(&format!("'use strict';{wide}b();")), ["150/0: b();"]);
    }

    #[test]
    fn padding_in_texts_and_comments_is_not() {
        let wide = " ".repeat(150);
        for text in [
            format!("a('{wide}b');"),
            format!("a('x{wide}');"),
            format!("a();{wide}// b"),
            format!("/* a{wide}b */"),
            format!("a();{wide}"),
            format!("a();{}b();", " ".repeat(100)),
        ] {
            assert!(told(&text).is_empty(), "{text}");
        }
    }
}
