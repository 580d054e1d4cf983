//! A lexer that never fails and never recurses: it follows brackets closely enough to know a regular expression from
//! a division, a block from an object and a tag from a comparison without a parser's help.

mod kind;
mod scan;

pub(crate) use kind::Kind;
use kind::word_kind;
use scan::Class;

use super::Dialect;

/// One token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether a line ends between it and the token before.
    pub(crate) newline: bool,
}

/// Tokens of a text, one by one.
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    newline: bool,
    prev: Kind,
    /// What `prev` alone does not say about the token just read.
    note: Note,
    frame: Frame,
    outer: Vec<Frame>,
    balanced: bool,
    /// HTML-like comments before the current token; the parser recurses for each.
    markup: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    None,
    /// An `async` that begins a statement.
    Async,
    /// A `:` that answers a `?`.
    Answer,
}

/// One open bracket.
#[derive(Clone, Copy)]
struct Frame {
    open: Open,
    /// `?` that wait for their `:`.
    questions: u16,
    /// A `function` that waits for its parameters.
    function: Pending,
    /// A `class` that waits for its body.
    class: Pending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Top,
    Paren,
    /// Of `if`, `for`, `while`, `with`.
    Head,
    Parameters(Pending),
    Bracket,
    Block,
    /// Braces that end an operand.
    Object,
    Template,
    Tag,
    Children,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    None,
    Declaration,
    Expression,
}

impl Frame {
    fn new(open: Open) -> Self {
        Self {
            open,
            questions: 0,
            function: Pending::None,
            class: Pending::None,
        }
    }

    fn holds_statements(self) -> bool {
        matches!(self.open, Open::Top | Open::Block)
    }
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: scan::preamble(text.as_bytes()),
            dialect,
            newline: true,
            prev: Kind::Edge,
            note: Note::None,
            frame: Frame::new(Open::Top),
            outer: Vec::with_capacity(64),
            balanced: true,
            markup: 0,
        }
    }

    /// Whether every bracket so far met its like; at the end, whether all are closed.
    pub(crate) fn balanced(&self) -> bool {
        self.balanced && (self.at < self.bytes.len() || self.outer.is_empty())
    }

    /// How many HTML-like comments stood before the current token.
    pub(crate) fn markup(&self) -> u32 {
        self.markup
    }

    /// Whether the `:` just read answers a `?`.
    pub(crate) fn answers(&self) -> bool {
        self.note == Note::Answer
    }

    /// The next token; [`Kind::Edge`] at the end.
    #[inline]
    pub(crate) fn next_token(&mut self) -> Token {
        self.newline = self.prev == Kind::Edge;
        self.markup = 0;
        if self.frame.open == Open::Children {
            return self.children();
        }
        let begins = self.skip_space();
        let start = self.at;
        let Some((byte, class)) = begins else {
            return self.emit(Kind::Edge, start);
        };
        if self.frame.open == Open::Tag
            && let Some(kind) = self.tag(byte)
        {
            return self.emit(kind, start);
        }
        let kind = match class {
            Class::Word => self.word(),
            Class::Digit => self.number(),
            Class::Quote => self.string(byte),
            Class::Backtick => self.template(Kind::TemplateHead, Kind::Template),
            _ => self.punctuation(byte),
        };
        self.emit(kind, start)
    }

    #[inline]
    fn emit(&mut self, kind: Kind, start: usize) -> Token {
        self.prev = kind;
        Token {
            kind,
            start: start as u32,
            end: self.at as u32,
            newline: self.newline,
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    #[inline]
    fn word(&mut self) -> Kind {
        let start = self.at;
        self.at = scan::word_end(self.bytes, start).max(start + 1);
        let word = &self.bytes[start..self.at];
        if matches!(self.prev, Kind::Dot | Kind::Chain) {
            return Kind::Word;
        }
        let kind = word_kind(word, self.dialect != Dialect::JavaScript);
        match kind {
            Kind::Word if word == b"of" && self.frame.open == Open::Head && self.prev.ends_operand() => Kind::Infix,
            Kind::Word | Kind::Async if word == b"async" => {
                self.note = if self.statement_begins() {
                    Note::Async
                } else {
                    Note::None
                };
                kind
            }
            Kind::Function => {
                self.frame.function = self.pending();
                kind
            }
            Kind::Class => {
                self.frame.class = self.pending();
                kind
            }
            _ => kind,
        }
    }

    /// What a `function` or `class` that stands here is.
    fn pending(&self) -> Pending {
        let after_async = matches!(self.prev, Kind::Word | Kind::Async) && self.note == Note::Async && !self.newline;
        if after_async || self.statement_begins() {
            Pending::Declaration
        } else {
            Pending::Expression
        }
    }

    /// Whether a statement begins here, as opposed to an operand.
    fn statement_begins(&self) -> bool {
        match self.prev {
            Kind::Edge
            | Kind::Semi
            | Kind::BlockClose
            | Kind::HeadClose
            | Kind::Else
            | Kind::Do
            | Kind::Statement
            | Kind::Case => true,
            Kind::BraceOpen => self.frame.open == Open::Block,
            Kind::Label | Kind::Colon => self.frame.holds_statements() && self.note != Note::Answer,
            prev => prev.ends_operand() && self.newline,
        }
    }

    fn punctuation(&mut self, byte: u8) -> Kind {
        let next = self.peek(1);
        let (kind, length) = match byte {
            b'(' => (self.open_paren(), 1),
            b')' => (self.close_paren(), 1),
            b'[' => {
                self.push(Open::Bracket);
                (Kind::BracketOpen, 1)
            }
            b']' => {
                self.pop(|open| open == Open::Bracket);
                (Kind::BracketClose, 1)
            }
            b'{' => {
                let open = self.brace();
                self.push(open);
                (Kind::BraceOpen, 1)
            }
            b'}' if self.frame.open == Open::Template => {
                return self.template(Kind::TemplateMiddle, Kind::TemplateTail);
            }
            b'}' => {
                let object = self.frame.open == Open::Object;
                self.pop(|open| matches!(open, Open::Block | Open::Object));
                (if object { Kind::ObjectClose } else { Kind::BlockClose }, 1)
            }
            b';' => (self.separator(Kind::Semi), 1),
            b',' => (self.separator(Kind::Comma), 1),
            b'.' if next == b'.' && self.peek(2) == b'.' => (Kind::Spread, 3),
            b'.' if next.is_ascii_digit() => return self.number(),
            b'.' => (Kind::Dot, 1),
            b'?' if next == b'.' && !self.peek(2).is_ascii_digit() => (Kind::Chain, 2),
            b'?' if next == b'?' => (Kind::Binary, 2),
            b'?' => {
                self.frame.questions = self.frame.questions.saturating_add(1);
                (Kind::Question, 1)
            }
            b':' => (self.colon(), 1),
            b'=' if next == b'>' => (Kind::Arrow, 2),
            b'=' | b'!' if next == b'=' => (Kind::Binary, 2 + usize::from(self.peek(2) == b'=')),
            b'=' => (Kind::Assign, 1),
            b'!' if self.dialect != Dialect::JavaScript && self.prev.ends_operand() && !self.newline => {
                (Kind::Postfix, 1)
            }
            b'!' | b'~' => (Kind::Unary, 1),
            b'+' | b'-' if next == byte => (Kind::Step, 2),
            b'/' if !self.prev.ends_operand() => return self.regex(),
            b'<' if next == b'<' => (Kind::Binary, 2),
            b'<' if self.dialect != Dialect::TypeScript
                && !self.prev.ends_operand()
                && scan::element_follows(self.bytes, self.at) =>
            {
                self.push(Open::Tag);
                (Kind::ElementOpen, 1)
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' if next == b'=' => (Kind::Assign, 2),
            b'*' if next == b'*' => (Kind::Power, 2),
            b'&' | b'|' if next == byte => (Kind::Binary, 2),
            b'+' | b'-' => (Kind::Sign, 1),
            b'<' => (Kind::Less, 1),
            b'>' if next == b'=' => (Kind::Binary, 2),
            b'>' => (Kind::Greater, 1),
            b'*' | b'/' | b'%' | b'&' | b'|' | b'^' => (Kind::Binary, 1),
            b'@' => (Kind::At, 1),
            b'#' if scan::is_word(next) || next == b'\\' => {
                self.at = scan::word_end(self.bytes, self.at + 1);
                return Kind::Word;
            }
            _ => (Kind::Stray, 1),
        };
        self.at += length;
        kind
    }

    fn separator(&mut self, kind: Kind) -> Kind {
        self.frame.function = Pending::None;
        self.frame.class = Pending::None;
        self.frame.questions = 0;
        kind
    }

    fn colon(&mut self) -> Kind {
        let questions = self.frame.questions;
        self.separator(Kind::Colon);
        self.note = if questions > 0 { Note::Answer } else { Note::None };
        self.frame.questions = questions.saturating_sub(1);
        let label =
            matches!(self.prev, Kind::Word | Kind::Async) && self.note != Note::Answer && self.frame.holds_statements();
        if label { Kind::Label } else { Kind::Colon }
    }

    fn open_paren(&mut self) -> Kind {
        let open = match self.prev {
            Kind::If | Kind::For | Kind::While | Kind::With => Open::Head,
            // `for await (`
            Kind::Await if self.frame.holds_statements() && self.after_for() => Open::Head,
            _ if self.frame.function != Pending::None => Open::Parameters(self.frame.function),
            _ => Open::Paren,
        };
        self.frame.function = Pending::None;
        self.push(open);
        Kind::ParenOpen
    }

    fn after_for(&self) -> bool {
        let before = self.bytes[..self.at].trim_ascii_end();
        before
            .strip_suffix(b"await")
            .is_some_and(|before| before.trim_ascii_end().ends_with(b"for"))
    }

    fn close_paren(&mut self) -> Kind {
        let open = self.frame.open;
        self.pop(|open| matches!(open, Open::Paren | Open::Head | Open::Parameters(_)));
        match open {
            Open::Head => Kind::HeadClose,
            Open::Parameters(pending) => {
                self.frame.function = pending;
                Kind::ParenClose
            }
            _ => Kind::ParenClose,
        }
    }

    /// What a `{` that stands here opens.
    fn brace(&mut self) -> Open {
        let (class, function) = (self.frame.class, self.frame.function);
        if self.prev == Kind::ParenClose && function != Pending::None {
            self.frame.function = Pending::None;
            return if function == Pending::Expression {
                Open::Object
            } else {
                Open::Block
            };
        }
        if class != Pending::None && (self.prev.ends_operand() || matches!(self.prev, Kind::Class | Kind::Greater)) {
            self.frame.class = Pending::None;
            return if class == Pending::Expression {
                Open::Object
            } else {
                Open::Block
            };
        }
        match self.prev {
            // A block may follow whatever ended before; a method's or a handler's body follows its parameters.
            Kind::Arrow | Kind::Handler | Kind::ParenClose => Open::Block,
            Kind::Statement if self.bytes[..self.at].trim_ascii_end().ends_with(b"try") => Open::Block,
            Kind::Statement | Kind::Case => Open::Object,
            Kind::Jump if self.newline => Open::Block,
            prev if prev.ends_operand() || self.statement_begins() => Open::Block,
            _ => Open::Object,
        }
    }

    fn push(&mut self, open: Open) {
        self.outer.push(std::mem::replace(&mut self.frame, Frame::new(open)));
    }

    fn pop(&mut self, fits: fn(Open) -> bool) {
        if !fits(self.frame.open) {
            self.balanced = false;
            return;
        }
        if let Some(frame) = self.outer.pop() {
            self.frame = frame;
        }
    }
}
