//! The syntax of command lines: words made of pieces, redirections, and what joins commands.

/// How deep substitutions within substitutions are read; deeper ones are text.
const MAX_NESTED: u32 = 12;
/// No line needs more commands.
const MOST: usize = 1000;
/// What stands for a file that is a command's output.
pub(super) const SUBSTITUTED: &str = "/dev/fd/";
/// The longest text between the braces of `${…}`.
const MAX_INNER: usize = 256;

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it stands.
    Text(String),
    /// `$name`, `${name…}` with what follows the name, `%name%`.
    Variable {
        name: String,
        operator: String,
        quoted: bool,
    },
    /// `$(…)`, backticks, `<(…)`: what commands print.
    Output { commands: Vec<Simple>, quoted: bool },
}

pub(super) type Word = Vec<Piece>;

/// One command before anything in it is expanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) assigns: Vec<(String, Word)>,
    pub(super) words: Vec<Word>,
    pub(super) redirects: Vec<(Redirect, Word)>,
    /// Whether its input is the output of the command before it.
    pub(super) piped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirect {
    /// `< file`
    From,
    /// `> file`, `>> file`
    To,
    /// `<<< text` and here-documents
    Text,
}

/// Splits a line into its commands: at `;`, `&`, `&&`, `|`, `||` and line ends; groups are taken apart. Never fails: an
/// open quote ends with the line.
pub(super) fn parse(text: &str) -> Vec<Simple> {
    let mut parser = Parser {
        text,
        at: 0,
        count: 0,
        nested: 0,
    };
    parser.list(None)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    count: usize,
    nested: u32,
}

/// The commands of one list as they grow.
#[derive(Default)]
struct Growing {
    done: Vec<Simple>,
    current: Simple,
    word: Word,
    /// Whether a word has begun, be it empty.
    in_word: bool,
    /// Whether it has only unquoted text so far.
    plain: bool,
    redirect: Option<Redirect>,
    /// Here-documents whose text begins at the next line: the end mark.
    documents: Vec<String>,
    parens: u32,
}

impl Growing {
    fn push(&mut self, c: char, quoted: bool) {
        if !self.in_word {
            self.plain = true;
        }
        self.plain &= !quoted;
        self.in_word = true;
        match self.word.last_mut() {
            Some(Piece::Text(text)) => text.push(c),
            _ => self.word.push(Piece::Text(c.to_string())),
        }
    }

    fn piece(&mut self, piece: Piece) {
        self.in_word = true;
        self.plain = false;
        self.word.push(piece);
    }

    fn quote(&mut self) {
        self.in_word = true;
        self.plain = false;
    }

    fn end_word(&mut self) {
        if !std::mem::take(&mut self.in_word) {
            return;
        }
        let plain = std::mem::take(&mut self.plain);
        let word = std::mem::take(&mut self.word);
        if let Some(redirect) = self.redirect.take() {
            self.current.redirects.push((redirect, word));
            return;
        }
        if self.current.words.is_empty() {
            if let Some(assign) = assignment(&word) {
                self.current.assigns.push(assign);
                return;
            }
            // Words of the shell's own that stand before a command, and braces that group.
            if plain
                && let [Piece::Text(text)] = &*word
                && matches!(
                    text.as_str(),
                    "{" | "}" | "!" | "then" | "do" | "else" | "elif" | "if" | "while" | "until" | "fi" | "done"
                )
            {
                return;
            }
        }
        if plain
            && let [Piece::Text(text)] = &*word
            && let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'))
            && inner.contains(',')
        {
            // `{curl,-s,url}` is three words.
            let parts = inner.split(',').map(|part| vec![Piece::Text(part.to_owned())]);
            self.current.words.extend(parts);
            return;
        }
        self.current.words.push(word);
    }
}

/// `name=value` at the beginning of a command.
fn assignment(word: &[Piece]) -> Option<(String, Word)> {
    let Some(Piece::Text(first)) = word.first() else {
        return None;
    };
    let (name, value) = first.split_once('=')?;
    if !is_name(name) {
        return None;
    }
    let mut pieces = Vec::with_capacity(word.len());
    if !value.is_empty() {
        pieces.push(Piece::Text(value.to_owned()));
    }
    pieces.extend(word.iter().skip(1).cloned());
    Some((name.to_owned(), pieces))
}

/// Whether a text can name a variable.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Commands up to the closing character, or the end.
    fn list(&mut self, closing: Option<char>) -> Vec<Simple> {
        let mut grown = Growing::default();
        while let Some(c) = self.bump() {
            match c {
                _ if Some(c) == closing && grown.parens == 0 => break,
                '\'' => {
                    grown.quote();
                    while let Some(c) = self.bump().filter(|&c| c != '\'') {
                        grown.push(c, true);
                    }
                }
                '"' => self.quoted(&mut grown),
                '\\' => match self.bump() {
                    Some('\n') | None => {}
                    Some('\r') => drop(self.eat("\n")),
                    Some(next) => grown.push(next, true),
                },
                '$' | '%' => self.expansion(c, false, &mut grown),
                '`' => self.output('`', false, &mut grown),
                '(' => {
                    grown.parens += 1;
                    self.end(&mut grown, false);
                }
                ')' => {
                    grown.parens = grown.parens.saturating_sub(1);
                    self.end(&mut grown, false);
                }
                '&' if self.eat(">>") || self.eat(">") => self.redirect(Redirect::To, &mut grown),
                '\n' => {
                    // A pipe may stand at the end of a line.
                    let open = grown.current.piped && grown.current.words.is_empty() && !grown.in_word;
                    if !open {
                        self.end(&mut grown, false);
                    }
                    self.documents(&mut grown);
                }
                ';' | '&' => self.end(&mut grown, false),
                '|' => {
                    let or = self.eat("|");
                    self.eat("&");
                    self.end(&mut grown, !or);
                }
                '<' | '>' => self.angle(c, &mut grown),
                '#' if !grown.in_word => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.bump();
                    }
                }
                c if c.is_whitespace() => grown.end_word(),
                c => grown.push(c, false),
            }
        }
        self.end(&mut grown, false);
        grown.done
    }

    fn end(&mut self, grown: &mut Growing, pipe: bool) {
        grown.end_word();
        grown.redirect = None;
        let command = std::mem::take(&mut grown.current);
        grown.current.piped = pipe;
        let empty = command.words.is_empty() && command.assigns.is_empty() && command.redirects.is_empty();
        if !empty && self.count < MOST {
            self.count += 1;
            grown.done.push(command);
        } else if empty && command.piped {
            grown.current.piped = true;
        }
    }

    fn quoted(&mut self, grown: &mut Growing) {
        grown.quote();
        while let Some(c) = self.bump() {
            match c {
                '"' => return,
                // A backslash protects only these; elsewhere it is itself, as in Windows paths.
                '\\' => match self.peek() {
                    Some(next @ ('"' | '\\' | '$' | '`')) => {
                        self.bump();
                        grown.push(next, true);
                    }
                    Some('\n') => drop(self.bump()),
                    _ => grown.push('\\', true),
                },
                '$' | '%' => self.expansion(c, true, grown),
                '`' => self.output('`', true, grown),
                c => grown.push(c, true),
            }
        }
    }

    /// What follows a `$`, or a `%` of the Windows shell.
    fn expansion(&mut self, sign: char, quoted: bool, grown: &mut Growing) {
        if sign == '%' {
            let rest = self.rest().as_bytes();
            let length = rest
                .iter()
                .take(64)
                .take_while(|b| b.is_ascii_uppercase() || **b == b'_')
                .count();
            // `date +%Y-%m` is no variable, nor is an encoded URL.
            if length < 3 || rest.get(length) != Some(&b'%') {
                return grown.push('%', quoted);
            }
            let name = self.rest()[..length].to_owned();
            self.at += length + 1;
            let operator = String::new();
            return grown.piece(Piece::Variable { name, operator, quoted });
        }
        if self.rest().starts_with("((") {
            // Arithmetic.
            return grown.push('$', quoted);
        }
        if self.eat("(") {
            return self.output(')', quoted, grown);
        }
        if !quoted && self.eat("'") {
            return self.escaped(grown);
        }
        if !quoted && self.peek() == Some('"') {
            return;
        }
        let (name, operator) = if self.eat("{") {
            let inner: String = self.rest().chars().take(MAX_INNER).take_while(|&c| c != '}').collect();
            self.at += inner.len();
            self.eat("}");
            let end = inner
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(inner.len());
            (inner[..end].to_owned(), inner[end..].to_owned())
        } else if self.eat("env:") {
            // PowerShell's.
            (self.name(), String::new())
        } else {
            (self.name(), String::new())
        };
        if name.is_empty() && operator.is_empty() {
            return match self.peek() {
                Some(c @ ('@' | '*' | '#' | '?' | '!' | '$' | '0'..='9')) => {
                    self.bump();
                    let name = c.to_string();
                    grown.piece(Piece::Variable { name, operator, quoted });
                }
                _ => grown.push('$', quoted),
            };
        }
        grown.piece(Piece::Variable { name, operator, quoted });
    }

    fn name(&mut self) -> String {
        let rest = self.rest();
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return String::new();
        }
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        self.at += end;
        name
    }

    /// `$'…'`: text with the escapes of C.
    fn escaped(&mut self, grown: &mut Growing) {
        grown.quote();
        let start = self.at;
        while let Some(c) = self.bump() {
            match c {
                '\'' => break,
                '\\' => drop(self.bump()),
                _ => {}
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        for c in super::output::unescape(raw.strip_suffix('\'').unwrap_or(raw)).chars() {
            grown.push(c, true);
        }
    }

    /// A substitution up to its closing character.
    fn output(&mut self, closing: char, quoted: bool, grown: &mut Growing) {
        if self.nested >= MAX_NESTED {
            return;
        }
        self.nested += 1;
        let commands = self.list(Some(closing));
        self.nested -= 1;
        grown.piece(Piece::Output { commands, quoted });
    }

    fn angle(&mut self, c: char, grown: &mut Growing) {
        if self.peek() == Some('(') && !grown.in_word {
            // A substitution that is read like a file.
            self.bump();
            SUBSTITUTED.chars().for_each(|c| grown.push(c, true));
            return self.output(')', true, grown);
        }
        // `2>` names a stream, not a word.
        if grown.plain && matches!(&*grown.word, [Piece::Text(text)] if text.chars().all(|c| c.is_ascii_digit())) {
            grown.word.clear();
            grown.in_word = false;
        }
        grown.end_word();
        if c == '<' {
            if self.eat("<<") {
                self.redirect(Redirect::Text, grown);
            } else if self.eat("<-") || self.eat("<") {
                self.document(grown);
            } else if self.eat("&") {
                self.descriptor();
            } else {
                self.eat(">");
                self.redirect(Redirect::From, grown);
            }
            return;
        }
        let _ = self.eat(">") || self.eat("|");
        if self.eat("&") && self.descriptor() {
            return;
        }
        self.redirect(Redirect::To, grown);
    }

    /// `>&2`: another stream, no file.
    fn descriptor(&mut self) -> bool {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_digit() && c != '-')
            .unwrap_or(rest.len());
        self.at += length;
        length > 0
    }

    fn redirect(&mut self, redirect: Redirect, grown: &mut Growing) {
        grown.end_word();
        grown.redirect = Some(redirect);
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.bump();
        }
    }

    /// `<<END`: its text begins at the next line.
    fn document(&mut self, grown: &mut Growing) {
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.bump();
        }
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | '<' | '>' | ')'))
            .unwrap_or(rest.len());
        let mark: String = rest[..end]
            .chars()
            .filter(|c| !matches!(c, '\'' | '"' | '\\'))
            .collect();
        self.at += end;
        grown.documents.push(mark);
        grown.current.redirects.push((Redirect::Text, Vec::new()));
    }

    /// The texts of the here-documents of the line that ended.
    fn documents(&mut self, grown: &mut Growing) {
        for mark in std::mem::take(&mut grown.documents) {
            let mut text = String::new();
            while self.at < self.text.len() {
                let line = self.rest().split('\n').next().unwrap_or_default().to_owned();
                self.at = (self.at + line.len() + 1).min(self.text.len());
                if line.trim() == mark {
                    break;
                }
                text.push_str(&line);
                text.push('\n');
            }
            let open = grown
                .done
                .iter_mut()
                .rev()
                .take(8)
                .flat_map(|command| &mut command.redirects)
                .find(|(redirect, word)| *redirect == Redirect::Text && word.is_empty());
            if let Some((_, word)) = open {
                word.push(Piece::Text(text));
            }
        }
    }
}
