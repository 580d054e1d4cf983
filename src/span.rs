//! Byte offsets and what a person or an editor reads instead: line and UTF-16 column.

use std::cell::{Cell, RefCell};

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

/// A place in a text as editors count: both from 0, the column in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// Column in UTF-16 code units, from 0.
    pub character: u32,
}

/// A range as every host needs it: positions to show, bytes to cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Range {
    /// First character.
    pub start: Position,
    /// After the last character.
    pub end: Position,
    /// The same as byte offsets, `[start, end]`.
    pub bytes: [u32; 2],
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

/// Turns offsets of one text into positions. It counts no further than it was asked, and a query looks at one chunk and
/// one line.
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    text: &'a str,
    chunks: RefCell<Chunks>,
    /// Whether a `\r` ends a line somewhere.
    returns: bool,
    ascii: bool,
    /// The last offset that was asked for, its line, and where that begins.
    last: Cell<(usize, u32, u32)>,
}

/// What comes before each multiple of [`CHUNK`], as far as it was counted.
#[derive(Debug, Clone, Default)]
struct Chunks {
    /// Line ends, and where the line begins that is on there.
    lines: Vec<(u32, u32)>,
    /// UTF-16 units; unused if the text is ASCII.
    units: Vec<u32>,
}

/// Bytes between two checkpoints: a query counts at most this many.
const CHUNK: usize = 1024;

impl<'a> LineIndex<'a> {
    /// Indexes a text. Lines end at `\n`, `\r\n` and `\r`, as editors count them.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            chunks: RefCell::default(),
            returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            ascii: text.is_ascii(),
            last: Cell::default(),
        }
    }

    /// Line ends and UTF-16 units before a chunk, and where the line begins that is on there.
    fn before(&self, chunk: usize) -> (u32, u32, u32) {
        let mut chunks = self.chunks.borrow_mut();
        let (mut lines, mut begins) = chunks.lines.last().copied().unwrap_or_default();
        let mut units = chunks.units.last().copied().unwrap_or_default();
        for next in chunks.lines.len()..=chunk {
            if let Some(last) = next.checked_sub(1) {
                let (start, end) = (last * CHUNK, next * CHUNK);
                lines += self.line_ends(start, end);
                begins = self.last_start(start, end).unwrap_or(begins);
                if !self.ascii {
                    units += utf16_units(&self.text.as_bytes()[start..end]);
                }
            }
            chunks.lines.push((lines, begins));
            chunks.units.push(units);
        }
        let (lines, begins) = chunks.lines[chunk];
        (lines, begins, chunks.units[chunk])
    }

    /// How many lines end between two offsets.
    fn line_ends(&self, start: usize, end: usize) -> u32 {
        let bytes = &self.text.as_bytes()[start..end];
        let ends = memchr::memchr_iter(b'\n', bytes).count() as u32;
        if !self.returns {
            return ends;
        }
        let alone = |at: &usize| self.text.as_bytes().get(start + at + 1) != Some(&b'\n');
        ends + memchr::memchr_iter(b'\r', bytes).filter(alone).count() as u32
    }

    /// Where the last line begins that begins after the first and up to the second of two offsets.
    fn last_start(&self, start: usize, end: usize) -> Option<u32> {
        let bytes = &self.text.as_bytes()[start..end];
        let found = if self.returns {
            memchr::memrchr2(b'\n', b'\r', bytes)
        } else {
            memchr::memrchr(b'\n', bytes)
        };
        found.map(|at| (start + at) as u32 + 1)
    }

    /// The position of a byte offset. Clamped: past the end, inside a character, between `\r` and `\n`.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.clamp(offset);
        let (mut from, mut line, mut begins) = self.last.get();
        // Most places are asked for in order.
        if offset < from || offset - from > CHUNK {
            from = offset / CHUNK * CHUNK;
            (line, begins, _) = self.before(offset / CHUNK);
        }
        line += self.line_ends(from, offset);
        begins = self.last_start(from, offset).unwrap_or(begins);
        self.last.set((offset, line, begins));
        Position {
            line,
            character: self.units_between(begins as usize, offset),
        }
    }

    /// A span as a range; an end before the start is taken as the start.
    pub fn range(&self, span: Span) -> Range {
        let start = self.clamp(span.start) as u32;
        let end = (self.clamp(span.end) as u32).max(start);
        Range {
            start: self.position(start),
            end: self.position(end),
            bytes: [start, end],
        }
    }

    fn clamp(&self, offset: u32) -> usize {
        let bytes = self.text.as_bytes();
        let mut offset = (offset as usize).min(bytes.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        if offset > 0 && bytes[offset - 1] == b'\r' && bytes.get(offset) == Some(&b'\n') {
            offset -= 1;
        }
        offset
    }

    fn units_between(&self, start: usize, end: usize) -> u32 {
        if self.ascii {
            return (end - start) as u32;
        }
        if end - start <= CHUNK {
            return utf16_units(&self.text.as_bytes()[start..end]);
        }
        self.units_before(end) - self.units_before(start)
    }

    fn units_before(&self, offset: usize) -> u32 {
        let chunk = offset / CHUNK;
        let (_, _, units) = self.before(chunk);
        units + utf16_units(&self.text.as_bytes()[chunk * CHUNK..offset])
    }
}

/// UTF-16 units of the characters that begin in these bytes of a UTF-8 text.
fn utf16_units(bytes: &[u8]) -> u32 {
    if bytes.is_ascii() {
        return bytes.len() as u32;
    }
    bytes
        .iter()
        .map(|&byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and column by walking all characters: slow and plainly right.
    fn walk(text: &str, offset: usize) -> (u32, u32) {
        let (mut line, mut column) = (0, 0);
        let mut characters = text[..offset].chars().peekable();
        while let Some(character) = characters.next() {
            if character == '\n' || (character == '\r' && characters.peek() != Some(&'\n')) {
                (line, column) = (line + 1, 0);
            } else if character != '\r' {
                column += character.len_utf16() as u32;
            }
        }
        (line, column)
    }

    fn at(index: &LineIndex<'_>, offset: usize) -> (u32, u32) {
        let position = index.position(offset as u32);
        (position.line, position.character)
    }

    #[test]
    fn every_boundary_agrees_with_a_walk() {
        let unit = "let a = 'ä€😀';\r\nb\rc\n\n😀\u{2028}x\r\n";
        for text in [
            unit.to_owned(),
            unit.repeat(300),
            "é".repeat(3000),
            "plain\n".repeat(10),
            String::new(),
        ] {
            let index = LineIndex::new(&text);
            let step = if text.len() > 1000 { 7 } else { 1 };
            for offset in (0..=text.len()).step_by(step).filter(|&o| text.is_char_boundary(o)) {
                let inside_line_end = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
                if !inside_line_end {
                    assert_eq!(at(&index, offset), walk(&text, offset), "offset {offset}");
                }
            }
        }
    }

    #[test]
    fn odd_offsets_are_clamped() {
        let index = LineIndex::new("a😀b\r\nc");
        assert_eq!(at(&index, 3), (0, 1));
        assert_eq!(at(&index, 7), (0, 4), "between the bytes of a line end");
        assert_eq!(at(&index, 99), (1, 1));
        assert_eq!(index.range(Span::new(99, 3)).bytes, [9, 9]);
        assert_eq!(index.range(Span::new(3, 5)).bytes, [1, 5]);
    }

    #[test]
    fn one_long_line_is_not_quadratic() {
        let text = "ab€".repeat(2_000_000);
        let index = LineIndex::new(&text);
        let total: u64 = (0..100_000).map(|n| u64::from(index.position(n * 100).character)).sum();
        assert_eq!(total, (0..100_000).map(|n| n * 60).sum::<u64>());
    }
}
