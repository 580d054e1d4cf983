//! Source maps: which place of the original source a place of a compiled file comes from.
//!
//! A map is a claim of the package: it is shown beside a place and changes nothing else. Only the places that are asked
//! for are decoded, in one pass; what is broken or out of range gives no place.

use serde::{Deserialize, Serialize};

use super::json::{self, Value};
use crate::{finding::Original, order, span::Position};

/// The largest map that is read, in bytes.
pub const MAX_SIZE: usize = 8 * 1024 * 1024;
/// The most sections of an index map.
const MAX_SECTIONS: usize = 4096;
/// The most sources or names of one section.
const MAX_TEXTS: usize = 1 << 16;
/// The longest path or name that is shown, in characters.
const MAX_SHOWN: usize = 200;

/// One map, its mappings not yet decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMap {
    sections: Vec<Section>,
}

/// A map for the generated text from a place on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Section {
    from: (u32, u32),
    sources: Vec<String>,
    names: Vec<String>,
    mappings: String,
}

/// Where the text of one segment comes from.
#[derive(Clone, Copy)]
struct Segment {
    source: Option<(i64, i64, i64)>,
    name: Option<i64>,
}

impl SourceMap {
    /// Whether a text begins like a map, which no JavaScript does.
    pub fn is_like(bytes: &[u8]) -> bool {
        let head = &bytes[..bytes.len().min(256)];
        let head = String::from_utf8_lossy(head);
        let head = without_guard(&head).trim_start();
        let Some(key) = head
            .strip_prefix('{')
            .and_then(|rest| rest.trim_start().strip_prefix('"'))
        else {
            return false;
        };
        key.split_once('"')
            .is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
    }

    /// Reads a map that lies at a path inside its package; `None` if it is none.
    pub fn read(text: &str, path: &str) -> Option<Self> {
        if text.len() > MAX_SIZE {
            return None;
        }
        let text = without_guard(text);
        let parts = members(text)?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut sections = Vec::new();
        if let Some(list) = value_of(&parts, "sections") {
            for item in items(list)?.into_iter().take(MAX_SECTIONS) {
                let parts = members(item)?;
                let offset = members(value_of(&parts, "offset")?)?;
                let number = |key| value_of(&offset, key).and_then(|text| text.trim().parse::<u32>().ok());
                let mut section = Section::read(&members(value_of(&parts, "map")?)?, folder)?;
                section.from = (number("line")?, number("column")?);
                sections.push(section);
            }
            order::sort_by_key(&mut sections, |section| section.from);
        } else {
            sections.push(Section::read(&parts, folder)?);
        }
        Some(Self { sections })
    }

    /// The original of each place that has one. The places are in order.
    pub fn originals(&self, places: &[Position]) -> Vec<(Position, Original)> {
        let mut out = Vec::new();
        for (index, section) in self.sections.iter().enumerate() {
            let (line, column) = section.from;
            let start = places.partition_point(|place| (place.line, place.character) < (line, column));
            let end = match self.sections.get(index + 1) {
                Some(next) => places.partition_point(|place| (place.line, place.character) < next.from),
                None => places.len(),
            };
            section.find(places.get(start..end).unwrap_or_default(), &mut out);
        }
        out
    }
}

impl Section {
    fn read(parts: &[(&str, &str)], folder: &str) -> Option<Self> {
        let mappings = value_of(parts, "mappings")?;
        let root = value_of(parts, "sourceRoot").and_then(text_of).unwrap_or_default();
        let texts = |key| match value_of(parts, key).map(json::read) {
            Some((Some(node), _)) => match node.value {
                Value::Array(items) => items
                    .into_iter()
                    .take(MAX_TEXTS)
                    .map(|item| match item.value {
                        Value::String(text) => text,
                        _ => String::new(),
                    })
                    .collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let sources: Vec<String> = texts("sources");
        Some(Self {
            from: (0, 0),
            sources: sources
                .iter()
                .map(|source| original_path(source, &root, folder))
                .collect(),
            names: texts("names").into_iter().map(|name| shortened(&name)).collect(),
            mappings: text_of(mappings)?,
        })
    }

    /// Decodes as far as the last of the places, and finds the segment before or at each.
    fn find(&self, places: &[Position], out: &mut Vec<(Position, Original)>) {
        let mut wanted = places.iter().copied().peekable();
        let (mut line, first_column) = self.from;
        let mut before: Option<Segment> = None;
        let mut segment = Decoder::default();
        let (mut column, mut state) = (0i64, [0i64; 4]);
        let column_of = |place: Position, line: u32| {
            let shift = if line == self.from.0 { first_column } else { 0 };
            (line == place.line).then(|| i64::from(place.character) - i64::from(shift))
        };
        for byte in self.mappings.bytes().chain([b';']) {
            if byte != b',' && byte != b';' {
                match segment.add(byte) {
                    Some(()) => continue,
                    None => return,
                }
            }
            if segment.shift > 0 || wanted.peek().is_none() {
                return;
            }
            // A line that nothing is asked of still moves what the next one starts from.
            if let Some(fields) = segment.take() {
                column = column.saturating_add(fields[0]);
                let next = advance(&mut state, fields);
                while let Some(at) = wanted.peek().copied()
                    && column_of(at, line).is_some_and(|asked| asked < column)
                {
                    out.extend(self.original(at, before));
                    wanted.next();
                }
                before = Some(next);
            }
            if byte == b';' {
                while let Some(at) = wanted.peek().copied()
                    && at.line <= line
                {
                    out.extend(self.original(at, before));
                    wanted.next();
                }
                line = line.saturating_add(1);
                (before, column) = (None, 0);
            }
        }
    }

    fn original(&self, place: Position, segment: Option<Segment>) -> Option<(Position, Original)> {
        let (source, line, column) = segment?.source?;
        let file = self.sources.get(usize::try_from(source).ok()?)?;
        if file.is_empty() {
            return None;
        }
        let name = segment?
            .name
            .and_then(|name| self.names.get(usize::try_from(name).ok()?));
        let original = Original {
            file: file.clone(),
            line: Some(u32::try_from(line).ok()?),
            character: Some(u32::try_from(column).ok()?),
            name: name.filter(|name| !name.is_empty()).cloned(),
        };
        Some((place, original))
    }
}

/// Moves on by the fields of a segment, which are differences.
fn advance(state: &mut [i64; 4], fields: &[i64]) -> Segment {
    let moved = fields.get(1..).filter(|moved| moved.len() >= 3).unwrap_or_default();
    for (known, by) in state.iter_mut().zip(moved) {
        *known = known.saturating_add(*by);
    }
    let [source, line, character, name] = *state;
    Segment {
        source: (moved.len() >= 3).then_some((source, line, character)),
        name: (moved.len() == 4).then_some(name),
    }
}

/// Reads the numbers of one segment, written as Base64 VLQ, digit by digit.
#[derive(Default)]
struct Decoder {
    fields: [i64; 5],
    count: usize,
    value: i64,
    shift: u32,
}

/// What each byte is worth as a digit; 64 for those that are none.
static DIGITS: [u8; 256] = {
    let mut table = [64; 256];
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut at = 0;
    while at < digits.len() {
        table[digits[at] as usize] = at as u8;
        at += 1;
    }
    table
};

impl Decoder {
    /// Adds a digit; `None` if it is none, or one too many.
    #[inline]
    fn add(&mut self, byte: u8) -> Option<()> {
        let digit = DIGITS[usize::from(byte)];
        self.value |= i64::from(digit & 31) << self.shift;
        if digit < 32 {
            let number = self.value >> 1;
            *self.fields.get_mut(self.count)? = if self.value & 1 == 1 { -number } else { number };
            (self.value, self.shift) = (0, 0);
            self.count += 1;
            return Some(());
        }
        self.shift += 5;
        (digit < 64 && self.shift <= 35).then_some(())
    }

    /// The numbers, if there are any; then the next segment begins.
    fn take(&mut self) -> Option<&[i64]> {
        let count = std::mem::take(&mut self.count);
        self.fields.get(..count).filter(|fields| !fields.is_empty())
    }
}

/// A source's path for showing: relative to the package if it can be, without what bundlers put around it.
pub fn original_path(source: &str, root: &str, folder: &str) -> String {
    let whole = if root.is_empty() || source.contains("://") || source.starts_with('/') {
        source.to_owned()
    } else {
        format!("{}/{source}", root.trim_end_matches('/'))
    };
    if let Some((scheme, rest)) = whole.split_once("://") {
        if !scheme.starts_with("webpack") && scheme != "file" {
            return shortened(&whole);
        }
        let path = rest.split_once('/').map_or(rest, |(_, path)| path);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        return shortened(&if scheme == "file" {
            format!("/{path}")
        } else {
            joined("", path)
        });
    }
    shortened(&if whole.starts_with('/') {
        whole
    } else {
        joined(folder, &whole)
    })
}

/// A path beside a folder, `.` and `..` resolved; what leads out of the package keeps its `..`.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The text without the line that keeps a browser from running it.
fn without_guard(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    match text.strip_prefix(")]}'") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => text,
    }
}

/// A JSON string's text.
fn text_of(json: &str) -> Option<String> {
    let json = json.trim();
    let plain = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(plain) = plain.filter(|plain| memchr::memchr2(b'\\', b'"', plain.as_bytes()).is_none()) {
        return Some(plain.to_owned());
    }
    match json::read(json).0?.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn value_of<'t>(parts: &[(&'t str, &'t str)], key: &str) -> Option<&'t str> {
    parts.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
}

/// The members of a JSON object, keys as written, values not read: most of a map are texts that nobody asked for.
fn members(text: &str) -> Option<Vec<(&str, &str)>> {
    let text = text.trim().strip_prefix('{')?;
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.starts_with('}') {
        let (key, after) = cut_string(rest)?;
        let (value, after) = cut_value(after.trim_start().strip_prefix(':')?.trim_start())?;
        if out.len() >= 64 {
            return None;
        }
        out.push((key.trim_matches('"'), value));
        rest = after.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(out)
}

/// The items of a JSON array, not read.
fn items(text: &str) -> Option<Vec<&str>> {
    let text = text.trim().strip_prefix('[')?;
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.starts_with(']') {
        let (value, after) = cut_value(rest)?;
        out.push(value);
        rest = after.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(out)
}

/// A string with its quotes, and what follows.
fn cut_string(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(text.split_at(at + 1));
        }
        at += 2;
    }
}

/// A value, and what follows.
fn cut_value(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0usize, 0u32);
    loop {
        match bytes.get(at)? {
            b'"' => at += cut_string(text.get(at..)?)?.0.len(),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b',' if depth == 0 => break,
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            _ => at += 1,
        }
        if depth == 0 && matches!(bytes.get(at - 1), Some(b'"' | b'}' | b']')) {
            break;
        }
    }
    (at > 0).then(|| text.split_at_checked(at)).flatten()
}

#[cfg(test)]
mod tests;
