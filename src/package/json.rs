//! JSON with places, read as far as it makes sense: a person's mistake or an attacker's trick costs only what it hits.

use crate::span::Span;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Its place, quotes and brackets included.
    pub span: Span,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, its members in order, equal keys included.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// The key's place, quotes included.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Member {
    /// The place of key and value.
    pub fn span(&self) -> Span {
        Span::new(self.key_span.start, self.node.span.end)
    }
}

impl Value {
    /// What the value is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads a text as strict JSON; what deviates is a problem, and reading goes on. `None` if there is no value at all.
pub fn read(text: &str) -> (Option<Node>, Vec<Problem>) {
    read_as(text, false)
}

/// As [`read`], but comments and commas after last items are no problems.
pub fn read_with_commas(text: &str) -> (Option<Node>, Vec<Problem>) {
    read_as(text, true)
}

fn read_as(text: &str, relaxed: bool) -> (Option<Node>, Vec<Problem>) {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        problems: Vec::new(),
        relaxed,
    };
    if text.starts_with('\u{feff}') {
        reader.at = 3;
    }
    let node = reader.value(0);
    reader.space();
    if reader.at < reader.bytes.len() && node.is_some() {
        reader.problem("text after the end");
    }
    (node, reader.problems)
}

/// What is wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// In words.
    pub message: &'static str,
    /// Byte offset.
    pub at: u32,
}

/// Deeper values are passed over: no field of interest is that deep, and reading recurses.
const DEEPEST: usize = 64;

/// One mistake often causes many: the first few say it all.
const MAX_PROBLEMS: usize = 8;

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    problems: Vec<Problem>,
    /// Comments and commas after last items are allowed.
    relaxed: bool,
}

impl Reader<'_> {
    fn problem(&mut self, message: &'static str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem {
                message,
                at: self.at as u32,
            });
        }
    }

    fn deviation(&mut self, message: &'static str) {
        if !self.relaxed {
            self.problem(message);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space, and comments with a problem.
    fn space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') if self.bytes[self.at..].starts_with(b"//") => {
                    self.deviation("a comment, which JSON does not have");
                    let rest = &self.bytes[self.at..];
                    self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                }
                Some(b'/') if self.bytes[self.at..].starts_with(b"/*") => {
                    self.deviation("a comment, which JSON does not have");
                    self.at = self.text[self.at + 2..]
                        .find("*/")
                        .map_or(self.bytes.len(), |end| self.at + end + 4);
                }
                _ => return,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        self.space();
        let start = self.at;
        let value = match self.peek()? {
            b'{' | b'[' if depth == DEEPEST => {
                self.problem("nested too deeply to be read");
                self.pass_over();
                Value::Null
            }
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Value::String(self.string()),
            _ => self.word()?,
        };
        Some(Node {
            value,
            span: Span::new(start as u32, self.at as u32),
        })
    }

    fn word(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_' | '$')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        let value = match word {
            "" => return None,
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ if word.parse::<f64>().is_ok() => Value::Number(word.to_owned()),
            _ => {
                self.problem("a word that is no JSON value");
                Value::Null
            }
        };
        self.at += length;
        Some(value)
    }

    fn string(&mut self) -> String {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(['"', '\\', '\n']).unwrap_or(rest.len());
            out.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return out;
                }
                Some(b'\\') => self.escape(&mut out),
                _ => {
                    self.problem("a string without its end");
                    return out;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let Some(letter) = self.text[self.at + 1..].chars().next() else {
            self.at += 1;
            return;
        };
        self.at += 1 + letter.len_utf8();
        match letter {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            '"' | '\\' | '/' => out.push(letter),
            'u' => {
                let mut units = vec![self.unit()];
                if matches!(units[0], 0xD800..=0xDBFF) && self.bytes[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    units.push(self.unit());
                }
                out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')));
            }
            _ => {
                self.problem("an unknown escape");
                out.push(letter);
            }
        }
    }

    fn unit(&mut self) -> u16 {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            self.at += 4;
            return unit;
        }
        self.problem("an unknown escape");
        0xFFFD
    }

    fn array(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut items = Vec::new();
        while self.goes_on(b']', items.is_empty()) {
            match self.value(depth + 1) {
                Some(node) => items.push(node),
                None => self.recover(),
            }
        }
        Value::Array(items)
    }

    fn object(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut members = Vec::new();
        while self.goes_on(b'}', members.is_empty()) {
            let start = self.at;
            if self.peek() != Some(b'"') {
                self.problem("a key without quotes");
                self.recover();
                continue;
            }
            let key = self.string();
            let key_span = Span::new(start as u32, self.at as u32);
            self.space();
            if self.peek() == Some(b':') {
                self.at += 1;
            } else {
                self.problem("a key without a colon");
            }
            match self.value(depth + 1) {
                Some(node) => members.push(Member { key, key_span, node }),
                None => self.recover(),
            }
        }
        Value::Object(members)
    }

    /// Steps to the next item of a list; false at its end.
    fn goes_on(&mut self, close: u8, first: bool) -> bool {
        self.space();
        if self.peek() == Some(b',') {
            if first {
                self.problem("a comma before the first item");
            }
            self.at += 1;
            self.space();
            if self.peek() == Some(close) {
                self.deviation("a comma after the last item");
            }
        } else if !first && !matches!(self.peek(), Some(b'}' | b']') | None) {
            self.problem("a comma is missing");
        }
        match self.peek() {
            None => {
                self.problem("it ends too early");
                false
            }
            Some(byte @ (b'}' | b']')) => {
                if byte == close {
                    self.at += 1;
                } else {
                    self.problem("a bracket that does not match");
                    // The one that does may follow; at the top nothing else would consume it.
                    self.at += 1;
                }
                false
            }
            Some(_) => true,
        }
    }

    /// After something that is no value: on to the next string, comma or bracket, at least one byte.
    fn recover(&mut self) {
        self.problem("something that is no JSON");
        let rest = &self.bytes[self.at..];
        let skip = rest
            .iter()
            .skip(1)
            .position(|byte| matches!(byte, b',' | b'"' | b'}' | b']' | b'{' | b'['));
        self.at += skip.map_or(rest.len(), |length| length + 1);
    }

    /// Passes over a value without looking into it.
    fn pass_over(&mut self) {
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value in a short notation, and the problems' messages.
    fn shown(text: &str) -> (String, Vec<&'static str>) {
        fn show(node: &Node) -> String {
            match &node.value {
                Value::Null => "null".to_owned(),
                Value::Bool(value) => value.to_string(),
                Value::Number(value) => value.clone(),
                Value::String(value) => format!("'{value}'"),
                Value::Array(items) => {
                    format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
                }
                Value::Object(members) => {
                    let members: Vec<_> = members.iter().map(|m| format!("{}:{}", m.key, show(&m.node))).collect();
                    format!("{{{}}}", members.join(","))
                }
            }
        }
        let (node, problems) = read(text);
        (
            node.as_ref().map(show).unwrap_or_default(),
            problems.iter().map(|problem| problem.message).collect(),
        )
    }

    #[test]
    fn strict_json() {
        let text = "\u{feff} {\"a\": [1, -2.5e3, true, null, {}], \"b\\u00e4\\n\\ud83d\\ude00\": \"\\\"\\/\"}\n";
        assert_eq!(
            shown(text),
            ("{a:[1,-2.5e3,true,null,{}],bä\n😀:'\"/'}".to_owned(), vec![])
        );
        assert_eq!(shown("7").0, "7");
        assert_eq!(shown("").0, "");
        let (node, _) = read("{\"ä\": \"b\"}");
        let Some(Node {
            value: Value::Object(members),
            span,
        }) = node
        else {
            panic!()
        };
        assert_eq!(
            (span, members[0].key_span, members[0].node.span),
            (Span::new(0, 11), Span::new(1, 5), Span::new(7, 10))
        );
    }

    #[test]
    fn what_can_be_saved_is_saved() {
        for (text, saved, message) in [
            ("{\"a\":1,}", "{a:1}", "a comma after the last item"),
            ("{\"a\":1 \"b\":2}", "{a:1,b:2}", "a comma is missing"),
            ("// x\n{\"a\":/* y */1}", "{a:1}", "a comment, which JSON does not have"),
            ("{\"a\":1", "{a:1}", "it ends too early"),
            ("{\"a\":\"x", "{a:'x'}", "a string without its end"),
            ("{a:1,\"b\":2}", "{b:2}", "a key without quotes"),
            (
                "{\"a\":undefined,\"b\":2}",
                "{a:null,b:2}",
                "a word that is no JSON value",
            ),
            (
                "{\"a\":[1,2},\"b\":3}",
                "{a:[1,2],b:3}",
                "a bracket that does not match",
            ),
            ("{\"a\":'x',\"b\":2}", "{b:2}", "something that is no JSON"),
            ("{} {}", "{}", "text after the end"),
            ("{\"a\" 1}", "{a:1}", "a key without a colon"),
            ("\u{0}", "", ""),
        ] {
            let (value, problems) = shown(text);
            assert_eq!(value, saved, "{text}");
            assert_eq!(problems.first().copied().unwrap_or_default(), message, "{text}");
        }
    }

    #[test]
    fn depth_and_garbage_cost_linear_time() {
        for unit in [
            "[", "{\"a\":", "{\"a\":[", "]", "}", ",", "\"", "\\", "/*", "{{", "[,", "\u{0}", "a:", "\"a\":",
        ] {
            let (_, problems) = read(&unit.repeat(300_000));
            assert!(
                !problems.is_empty() || unit == "]" || unit == "}" || unit == "," || unit == "\\" || unit == "\u{0}",
                "{unit}"
            );
        }
        assert_eq!(
            shown(&format!("{{\"a\":{}{},\"b\":1}}", "[".repeat(1000), "]".repeat(1000))).1,
            ["nested too deeply to be read"]
        );
    }
}
