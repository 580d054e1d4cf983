//! How far each token goes.

use super::{Kind, Lexer, Open, Token};

/// A set of bytes.
type Set = [bool; 256];

const fn set(bytes: &[u8]) -> Set {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// Bytes that a word goes on with. Bytes beyond ASCII count until a character of them is known to be a space.
static WORD: Set = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80;
        byte += 1;
    }
    table
};

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    LineEnd,
    Word,
    Digit,
    Quote,
    Backtick,
    /// A comment, a division or a regular expression.
    Slash,
    /// `<` and `-`: an operator, or a comment as in HTML.
    Markup,
    /// A character beyond ASCII.
    Beyond,
    Other,
}

static CLASS: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | 0x0B | 0x0C => Class::Space,
            b'\n' | b'\r' => Class::LineEnd,
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' => Class::Word,
            b'"' | b'\'' => Class::Quote,
            b'`' => Class::Backtick,
            b'/' => Class::Slash,
            b'<' | b'-' => Class::Markup,
            0x80.. => Class::Beyond,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
};

/// Where a word in ASCII stops.
static NO_WORD: Set = {
    let mut table = [true; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = !WORD[byte];
        byte += 1;
    }
    table
};

static STRING_STOP: Set = set(b"\"'\\\n\r");
static TEMPLATE_STOP: Set = set(b"`$\\");
static TEXT_STOP: Set = set(b"<{");

/// The next place of one of these bytes, or the end.
#[inline]
fn find(bytes: &[u8], at: usize, stop: &Set) -> usize {
    let mut at = at;
    while let Some(&byte) = bytes.get(at)
        && !stop[byte as usize]
    {
        at += 1;
    }
    at
}

/// Whether a word may go on with the byte.
#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    WORD[byte as usize]
}

/// Length of a byte order mark and a hashbang line.
pub(super) fn preamble(bytes: &[u8]) -> usize {
    let mark = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    if bytes[mark..].starts_with(b"#!") {
        line_end(bytes, mark)
    } else {
        mark
    }
}

/// Where the word that begins at `at` ends, escapes like `\u0061` and `\u{61}` included.
#[inline]
pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    let at = find(bytes, at, &NO_WORD);
    match bytes.get(at) {
        Some(0x80.. | b'\\') => unusual_word_end(bytes, at),
        _ => at,
    }
}

#[cold]
fn unusual_word_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if byte >= 0x80 {
            let (length, space, _) = beyond_ascii(&bytes[at..]);
            if space {
                break;
            }
            at += length;
        } else if is_word(byte) {
            at += 1;
        } else if byte == b'\\' && bytes.get(at + 1) == Some(&b'u') {
            at += 2;
            if bytes.get(at) == Some(&b'{') {
                at += bytes[at..]
                    .iter()
                    .take(12)
                    .position(|&b| b == b'}')
                    .map_or(1, |length| length + 1);
            }
        } else {
            break;
        }
    }
    at
}

/// Whether an element's name or a fragment's `>` follows the `<` at `at`, rather than a generic function's parameters.
pub(super) fn element_follows(bytes: &[u8], at: usize) -> bool {
    let name = &bytes[at + 1..];
    let name = &name[name.len() - name.trim_ascii_start().len()..];
    match name.first() {
        Some(b'>') => true,
        Some(&byte) if is_word(byte) && !byte.is_ascii_digit() => {
            let after = name[word_end(name, 0)..].trim_ascii_start();
            let generic = after.starts_with(b",")
                || after
                    .strip_prefix(b"extends")
                    .and_then(|rest| rest.first())
                    .is_some_and(u8::is_ascii_whitespace);
            !generic
        }
        _ => false,
    }
}

/// Where the line ends that `at` is on.
fn line_end(bytes: &[u8], at: usize) -> usize {
    // `0xE2` begins the two line ends beyond ASCII.
    memchr::memchr3_iter(b'\n', b'\r', 0xE2, &bytes[at..])
        .map(|length| at + length)
        .find(|&end| bytes[end] != 0xE2 || beyond_ascii(&bytes[end..]).2)
        .unwrap_or(bytes.len())
}

/// Length of the character, whether it is a space, whether it ends a line.
fn beyond_ascii(bytes: &[u8]) -> (usize, bool, bool) {
    match bytes {
        [0xC2, 0xA0, ..] => (2, true, false),
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => (3, true, true),
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xEF, 0xBB, 0xBF, ..] => (3, true, false),
        [0xC0..=0xDF, _, ..] => (2, false, false),
        [0xE0..=0xEF, _, _, ..] => (3, false, false),
        [0xF0..=0xFF, _, _, _, ..] => (4, false, false),
        _ => (1, false, false),
    }
}

impl Lexer<'_> {
    /// Skips spaces and comments, `<!--` and a line's leading `-->` among them, as scripts allow; the first byte after
    /// them and what it may begin.
    #[inline]
    pub(super) fn skip_space(&mut self) -> Option<(u8, Class)> {
        loop {
            let &byte = self.bytes.get(self.at)?;
            let class = CLASS[byte as usize];
            match class {
                Class::Space => self.at += 1,
                Class::LineEnd => {
                    self.newline = true;
                    self.at += 1;
                }
                Class::Slash if self.peek(1) == b'/' => self.at = line_end(self.bytes, self.at),
                Class::Slash if self.peek(1) == b'*' => self.block_comment(),
                Class::Markup if byte == b'<' && self.bytes[self.at..].starts_with(b"<!--") => self.markup_comment(),
                Class::Markup if self.newline && self.bytes[self.at..].starts_with(b"-->") => self.markup_comment(),
                Class::Beyond => match beyond_ascii(&self.bytes[self.at..]) {
                    (length, true, newline) => {
                        self.newline |= newline;
                        self.at += length;
                    }
                    _ => return Some((byte, Class::Word)),
                },
                class => return Some((byte, class)),
            }
        }
    }

    fn markup_comment(&mut self) {
        self.markup += 1;
        self.at = line_end(self.bytes, self.at);
    }

    fn block_comment(&mut self) {
        let body = &self.bytes[self.at + 2..];
        let length = memchr::memchr_iter(b'*', body).find(|&at| body.get(at + 1) == Some(&b'/'));
        let body = &body[..length.unwrap_or(body.len())];
        self.newline |=
            memchr::memchr3_iter(b'\n', b'\r', 0xE2, body).any(|at| body[at] != 0xE2 || beyond_ascii(&body[at..]).2);
        self.at += 2 + body.len() + if length.is_some() { 2 } else { 0 };
    }

    pub(super) fn number(&mut self) -> Kind {
        let mut dots = 0;
        loop {
            match self.peek(0) {
                b'.' if dots == 0 => {
                    dots = 1;
                    self.at += 1;
                }
                byte if byte < 0x80 && is_word(byte) => {
                    self.at += 1;
                    let exponent = matches!(byte, b'e' | b'E') && matches!(self.peek(0), b'+' | b'-');
                    if exponent && self.peek(1).is_ascii_digit() {
                        self.at += 1;
                    }
                }
                _ => return Kind::Number,
            }
        }
    }

    pub(super) fn string(&mut self, quote: u8) -> Kind {
        self.at = find(self.bytes, self.at + 1, &STRING_STOP);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => break,
                b'\\' => {
                    self.at += if self.peek(1) == b'\r' && self.peek(2) == b'\n' {
                        3
                    } else {
                        2
                    }
                }
                _ => {
                    self.at += 1;
                    if byte == quote {
                        break;
                    }
                }
            }
            self.at = find(self.bytes, self.at, &STRING_STOP);
        }
        self.at = self.at.min(self.bytes.len());
        Kind::Str
    }

    /// Reads from a backtick or a `}` on; `opens` if a substitution follows, `closes` if the template ends.
    pub(super) fn template(&mut self, opens: Kind, closes: Kind) -> Kind {
        let inside = self.frame.open == Open::Template && self.peek(0) == b'}';
        self.at = find(self.bytes, self.at + 1, &TEMPLATE_STOP);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'`' => {
                    self.at += 1;
                    if inside {
                        self.pop(|open| open == Open::Template);
                    }
                    return closes;
                }
                b'$' if self.peek(1) == b'{' => {
                    self.at += 2;
                    if !inside {
                        self.push(Open::Template);
                    }
                    return opens;
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                _ => self.at += 1,
            }
            self.at = find(self.bytes, self.at, &TEMPLATE_STOP);
        }
        self.balanced = false;
        closes
    }

    pub(super) fn regex(&mut self) -> Kind {
        self.at += 1;
        let mut class = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => return Kind::Regex,
                b'\\' if !matches!(self.peek(1), b'\n' | b'\r') => self.at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.at = word_end(self.bytes, self.at + 1);
                    return Kind::Regex;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
        Kind::Regex
    }

    /// Inside an opening tag: what differs from ordinary tokens.
    pub(super) fn tag(&mut self, byte: u8) -> Option<Kind> {
        match byte {
            b'>' => {
                self.at += 1;
                if self.prev == Kind::Less {
                    return Some(Kind::Greater);
                }
                self.frame.open = Open::Children;
                Some(Kind::TagEnd)
            }
            b'/' if self.peek(1) == b'>' => {
                self.at += 2;
                self.pop(|open| open == Open::Tag);
                Some(Kind::ElementClose)
            }
            b'"' | b'\'' => {
                // No escapes, and lines may end inside.
                let rest = &self.bytes[self.at + 1..];
                self.at += rest
                    .iter()
                    .position(|&b| b == byte)
                    .map_or(rest.len(), |length| length + 1)
                    + 1;
                self.at = self.at.min(self.bytes.len());
                Some(Kind::Str)
            }
            _ if is_word(byte) => {
                while is_word(self.peek(0)) || self.peek(0) == b'-' {
                    self.at += 1;
                }
                Some(if self.prev == Kind::Dot {
                    Kind::Word
                } else {
                    Kind::Attribute
                })
            }
            _ => None,
        }
    }

    /// Between tags: text, a substitution or a tag.
    pub(super) fn children(&mut self) -> Token {
        let start = self.at;
        let kind = match self.bytes.get(self.at) {
            None => Kind::Edge,
            Some(b'{') => {
                self.at += 1;
                self.push(Open::Object);
                Kind::BraceOpen
            }
            Some(b'<') if self.bytes[self.at + 1..].trim_ascii_start().starts_with(b"/") => {
                let rest = &self.bytes[self.at..];
                self.at += rest
                    .iter()
                    .position(|&b| b == b'>')
                    .map_or(rest.len(), |length| length + 1);
                self.pop(|open| open == Open::Children);
                Kind::ElementClose
            }
            Some(b'<') => {
                self.at += 1;
                self.push(Open::Tag);
                Kind::ElementOpen
            }
            Some(_) => {
                self.at = find(self.bytes, self.at, &TEXT_STOP);
                Kind::ElementText
            }
        };
        self.emit(kind, start)
    }
}
