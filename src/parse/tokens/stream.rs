//! The tokens of a text and the shapes among them.

use super::{
    Form, Import,
    text::{chunk, literal, name},
};
use crate::{
    parse::{
        Dialect,
        lex::{Kind, Lexer, Token},
    },
    span::Span,
};

/// The tokens of a text.
pub(super) struct Stream<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// For each closing brace, by its index, the index of the one that opens it.
    opening: Vec<u32>,
}

/// A dotted name in the text.
pub(super) struct Found {
    pub(super) names: Vec<String>,
    /// Whether it begins with `require('x')`, and the first name is that module's.
    pub(super) module: bool,
    pub(super) required: Option<Import>,
    pub(super) span: Span,
    /// The token after it.
    pub(super) next: usize,
    /// The first of its tokens that may be a literal of interest on its own.
    pub(super) literals: Option<usize>,
}

/// Tokens that an import's clause or a skipped argument may have.
const LONGEST_CLAUSE: usize = 2000;
const LONGEST_ARGUMENT: usize = 64;
const MOST_ARGUMENTS: usize = 4;

/// Times that reading starts again behind a quote that swallowed the rest.
const RESTARTS: usize = 8;

impl<'a> Stream<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut stream = Self {
            text,
            tokens: Vec::new(),
            opening: Vec::new(),
        };
        let mut from = 0;
        for _ in 0..RESTARTS {
            match stream.lex(from) {
                Some(swallowed) => from = swallowed,
                None => break,
            }
        }
        stream.match_braces();
        stream
    }

    /// Reads tokens from an offset on. Where a template or an element never ends, it returns the place behind its
    /// beginning: in a text that does not parse this may be a trick or a misreading, so its inside is read as well.
    fn lex(&mut self, from: usize) -> Option<usize> {
        let dialect = if from == 0 {
            Dialect::JavaScript
        } else {
            Dialect::TypeScript
        };
        let mut lexer = Lexer::new(&self.text[from..], dialect);
        let mut element = None;
        let mut open_elements = 0usize;
        loop {
            let mut token = lexer.next_token();
            token.start += from as u32;
            token.end += from as u32;
            match token.kind {
                Kind::Edge => return element.filter(|_| open_elements > 0),
                Kind::ElementOpen => {
                    if open_elements == 0 {
                        element = Some(token.end as usize);
                    }
                    open_elements += 1;
                }
                Kind::ElementClose => open_elements = open_elements.saturating_sub(1),
                Kind::Template | Kind::TemplateTail
                    if token.end as usize == self.text.len() && !self.raw(token)[1..].ends_with('`') =>
                {
                    return Some(token.start as usize + 1);
                }
                _ => {}
            }
            self.tokens.push(token);
        }
    }

    fn match_braces(&mut self) {
        let mut open = Vec::new();
        self.opening = vec![u32::MAX; self.tokens.len()];
        for at in 0..self.tokens.len() {
            match self.tokens[at].kind {
                Kind::BraceOpen => open.push(at as u32),
                Kind::BlockClose | Kind::ObjectClose => {
                    self.opening[at] = open.pop().unwrap_or(u32::MAX);
                }
                _ => {}
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::Edge, |token| token.kind)
    }

    fn raw(&self, token: Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    pub(super) fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |&token| self.raw(token))
    }

    fn span(&self, first: usize, last: usize) -> Span {
        Span::new(self.tokens[first].start, self.tokens[last].end)
    }

    /// A name that is no keyword of a statement or an operator.
    pub(super) fn name(&self, at: usize) -> Option<String> {
        matches!(self.kind(at), Kind::Word | Kind::Async | Kind::Contextual).then(|| name(self.word(at)))
    }

    /// Index of the brace that opens what a brace closes.
    pub(super) fn opening(&self, at: usize) -> Option<usize> {
        self.opening
            .get(at)
            .map(|&open| open as usize)
            .filter(|&open| open != u32::MAX as usize)
    }

    /// The literals joined by `+` that begin here: their text, place, and the token after them.
    pub(super) fn constant(&self, at: usize) -> Option<(String, Span, usize)> {
        let mut text = self.literal(at)?;
        let mut next = at + 1;
        while self.kind(next) == Kind::Sign
            && self.word(next) == "+"
            && let Some(more) = self.literal(next + 1)
        {
            // A member of the literal that follows binds tighter.
            if matches!(self.kind(next + 2), Kind::Dot | Kind::Chain | Kind::BracketOpen) {
                break;
            }
            text.push_str(&more);
            next += 2;
        }
        Some((text, self.span(at, next - 1), next))
    }

    fn literal(&self, at: usize) -> Option<String> {
        let token = *self.tokens.get(at)?;
        match token.kind {
            Kind::Str => Some(literal(self.raw(token))),
            Kind::Template | Kind::TemplateHead | Kind::TemplateMiddle | Kind::TemplateTail => {
                Some(chunk(self.raw(token)))
            }
            _ => None,
        }
    }

    /// Whether a token is a whole literal, not a part of a template.
    fn is_whole(&self, at: usize) -> bool {
        matches!(self.kind(at), Kind::Str | Kind::Template)
    }

    /// `import … from 'x'`, `export … from 'x'`, `import 'x'`: the form and the literal's index.
    pub(super) fn declaration(&self, at: usize) -> Option<(Form, usize)> {
        let form = match self.word(at) {
            "import" if self.kind(at) == Kind::Statement => Form::Import,
            "export" if self.kind(at) == Kind::Statement => Form::ReExport,
            _ => return None,
        };
        if form == Form::Import && self.kind(at + 1) == Kind::Str {
            return Some((form, at + 1));
        }
        let end = (at + LONGEST_CLAUSE).min(self.len());
        for next in at + 1..end {
            match self.kind(next) {
                Kind::Str if self.word(next - 1) == "from" => return Some((form, next)),
                Kind::Word
                | Kind::Contextual
                | Kind::Comma
                | Kind::BraceOpen
                | Kind::BlockClose
                | Kind::ObjectClose
                | Kind::Binary
                | Kind::Case
                | Kind::Infix
                | Kind::Str => {}
                _ => return None,
            }
        }
        None
    }

    /// The dotted name that begins at a token, if one does.
    pub(super) fn chain(&self, at: usize) -> Option<Found> {
        let import = self.kind(at) == Kind::Statement && self.word(at) == "import";
        let first = if import {
            matches!(self.kind(at + 1), Kind::ParenOpen | Kind::Dot).then(|| "import".to_owned())
        } else {
            self.name(at)
                .filter(|_| at == 0 || !matches!(self.kind(at - 1), Kind::Dot | Kind::Chain))
        }?;
        let mut found = Found {
            names: vec![first],
            module: false,
            required: None,
            span: Span::default(),
            next: at + 1,
            literals: None,
        };
        loop {
            let next = found.next;
            match self.kind(next) {
                Kind::Dot | Kind::Chain
                    if matches!(self.kind(next + 1), Kind::Word | Kind::Async | Kind::Contextual) =>
                {
                    found.names.push(name(self.word(next + 1)));
                    found.next += 2;
                }
                Kind::Chain if self.kind(next + 1) == Kind::BracketOpen => found.next += 1,
                Kind::BracketOpen => match self.key(next + 1) {
                    Some((key, after)) => {
                        found.literals.get_or_insert(next + 1);
                        found.names.push(key);
                        found.next = after;
                    }
                    None => break,
                },
                Kind::Postfix => found.next += 1,
                Kind::ParenOpen if found.required.is_none() && super::loader(&found.names).is_some() => {
                    match self.constant(next + 1) {
                        Some((specifier, span, after))
                            if self.kind(after) == Kind::ParenClose && self.is_whole(next + 1) =>
                        {
                            let form = super::loader(&found.names).unwrap_or(Form::Require);
                            if form == Form::Resolve {
                                break;
                            }
                            found.literals.get_or_insert(next + 1);
                            found.names = vec![module_name(&specifier)];
                            found.module = true;
                            found.required = Some(Import {
                                specifier: Some(specifier),
                                form,
                                span,
                            });
                            found.next = after + 1;
                        }
                        _ => break,
                    }
                }
                // `(await import('x')).y`, `(require('x')).y`
                Kind::ParenClose
                    if found.module && matches!(self.kind(next + 1), Kind::Dot | Kind::Chain | Kind::BracketOpen) =>
                {
                    found.next += 1;
                }
                _ => break,
            }
        }
        found.span = self.span(at, found.next - 1);
        Some(found)
    }

    /// A constant key and the token after its `]`.
    fn key(&self, at: usize) -> Option<(String, usize)> {
        if !self.is_whole(at) {
            return None;
        }
        let (key, _, next) = self.constant(at)?;
        (self.kind(next) == Kind::BracketClose).then_some((key, next + 1))
    }

    /// Whether a call's arguments or a tagged template begin here.
    pub(super) fn is_call(&self, at: usize) -> bool {
        match self.kind(at) {
            Kind::ParenOpen | Kind::Template | Kind::TemplateHead => true,
            // `a?.(…)`, `(0, a.b)(…)`
            Kind::Chain | Kind::ParenClose => self.kind(at + 1) == Kind::ParenOpen,
            _ => false,
        }
    }

    /// Whether `new` stands before the token.
    pub(super) fn is_constructed(&self, at: usize) -> bool {
        at > 0 && self.kind(at - 1) == Kind::New
    }

    /// Whether the name is being declared as a function or a class, not used.
    pub(super) fn is_declared(&self, at: usize) -> bool {
        at > 0
            && (matches!(self.kind(at - 1), Kind::Function | Kind::Class)
                || (at > 1 && self.word(at - 1) == "*" && self.kind(at - 2) == Kind::Function))
    }

    /// Whether a single name is being set, not used.
    pub(super) fn is_assigned(&self, at: usize, next: usize) -> bool {
        next == at + 1 && self.kind(next) == Kind::Assign && self.word(next) == "="
    }

    /// Whether a single name is the key of a property or a method's name with its body.
    pub(super) fn is_key(&self, at: usize, next: usize) -> bool {
        next == at + 1
            && at > 0
            && matches!(self.kind(at - 1), Kind::Comma | Kind::BraceOpen)
            && matches!(self.kind(next), Kind::Colon | Kind::Label)
    }

    /// The first arguments of the call whose parenthesis is at or right after a token.
    pub(super) fn arguments(&self, at: usize) -> Vec<Option<String>> {
        let mut at = at;
        while matches!(self.kind(at), Kind::Chain | Kind::ParenClose) {
            at += 1;
        }
        let mut out = Vec::new();
        if matches!(self.kind(at), Kind::Template) {
            out.extend(self.literal(at).map(Some));
            return out;
        }
        if self.kind(at) != Kind::ParenOpen {
            return out;
        }
        at += 1;
        while out.len() < MOST_ARGUMENTS && !matches!(self.kind(at), Kind::ParenClose | Kind::Edge) {
            let constant = self.constant(at).filter(|_| self.is_whole(at));
            match constant {
                Some((text, _, next)) if matches!(self.kind(next), Kind::Comma | Kind::ParenClose) => {
                    out.push(Some(text));
                    at = next;
                }
                _ => {
                    out.push(None);
                    match self.argument_end(at) {
                        Some(next) => at = next,
                        None => break,
                    }
                }
            }
            if self.kind(at) == Kind::Comma {
                at += 1;
            }
        }
        out
    }

    /// Where an argument ends, if that is near.
    fn argument_end(&self, at: usize) -> Option<usize> {
        let mut depth = 0usize;
        for next in at..(at + LONGEST_ARGUMENT).min(self.len()) {
            match self.kind(next) {
                Kind::ParenOpen | Kind::BracketOpen | Kind::BraceOpen | Kind::TemplateHead => {
                    depth += 1;
                }
                Kind::ParenClose | Kind::Comma if depth == 0 => return Some(next),
                Kind::ParenClose
                | Kind::HeadClose
                | Kind::BracketClose
                | Kind::BlockClose
                | Kind::ObjectClose
                | Kind::TemplateTail => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }
}

/// A module's name as the API table has it: without `node:`.
pub(super) fn module_name(specifier: &str) -> String {
    specifier.strip_prefix("node:").unwrap_or(specifier).to_owned()
}
