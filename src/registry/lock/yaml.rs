//! YAML to the same values as JSON: one document, no anchors, no tags, and no deeper than a lock file is.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{LockError, syntax};
use crate::{
    package::json::{Member, Node, Value},
    span::Span,
};

/// Lock files have five levels.
const DEEPEST: usize = 32;

/// What is open, and the key that waits for its value.
struct Open {
    value: Value,
    start: u32,
    key: Option<(String, Span)>,
}

/// Reads a text. Anchors are refused: no package manager writes them, and they can make a little text a lot.
pub(super) fn read(text: &str) -> Result<Node, LockError> {
    let places = Places::new(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| LockError::Syntax {
            line: error.marker().line(),
            message: error.info().to_owned(),
        })?;
        let span = Span::new(places.byte(span.start.index()), places.byte(span.end.index()));
        let refuse = |message: &str| Err(syntax(text, span.start as usize, message));
        let done = match event {
            Event::Alias(_) => return refuse("an alias (`*`), which no lock file has"),
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) | Event::Scalar(_, _, anchor, _)
                if anchor != 0 =>
            {
                return refuse("an anchor (`&`), which no lock file has");
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() == DEEPEST => {
                return refuse("nested too deeply");
            }
            Event::DocumentStart(_) if root.is_some() => return refuse("a second document"),
            Event::SequenceStart(..) => {
                open.push(Open::new(Value::Array(Vec::new()), span.start));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::new(Value::Object(Vec::new()), span.start));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(closed) = open.pop() else { continue };
                Node {
                    value: closed.value,
                    span: Span::new(closed.start, span.end.max(closed.start)),
                }
            }
            Event::Scalar(scalar, style, ..) => Node {
                value: scalar_value(&scalar, style),
                span,
            },
            _ => continue,
        };
        match open.last_mut() {
            None => root = Some(done),
            Some(parent) => {
                if !parent.take(done) {
                    return refuse("a key that is not a text");
                }
            }
        }
    }
    root.ok_or_else(|| syntax(text, text.len(), "the file is empty"))
}

impl Open {
    fn new(value: Value, start: u32) -> Self {
        Self {
            value,
            start,
            key: None,
        }
    }

    /// Takes the next part; false if it cannot be one.
    fn take(&mut self, node: Node) -> bool {
        match &mut self.value {
            Value::Array(items) => items.push(node),
            Value::Object(members) => {
                if let Some((key, key_span)) = self.key.take() {
                    members.push(Member { key, key_span, node });
                } else {
                    let key = match node.value {
                        Value::String(key) => key,
                        Value::Null => "null".to_owned(),
                        Value::Bool(value) => value.to_string(),
                        _ => return false,
                    };
                    self.key = Some((key, node.span));
                }
            }
            _ => {}
        }
        true
    }
}

/// Numbers stay texts: versions such as `5.4` are compared as written.
fn scalar_value(scalar: &str, style: ScalarStyle) -> Value {
    match scalar {
        "true" if style == ScalarStyle::Plain => Value::Bool(true),
        "false" if style == ScalarStyle::Plain => Value::Bool(false),
        "" | "~" | "null" if style == ScalarStyle::Plain => Value::Null,
        text => Value::String(text.to_owned()),
    }
}

/// The parser counts characters, and we bytes.
struct Places(Option<Vec<u32>>, u32);

impl Places {
    fn new(text: &str) -> Self {
        let end = text.len() as u32;
        let places = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at as u32).collect());
        Self(places, end)
    }

    fn byte(&self, character: usize) -> u32 {
        match &self.0 {
            None => (character as u32).min(self.1),
            Some(places) => places.get(character).copied().unwrap_or(self.1),
        }
    }
}
