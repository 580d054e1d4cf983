//! From syntax to commands: variables, substitutions and shells within shells, within a budget.

use rustc_hash::FxHashMap;

use super::{
    Command, GAP, Input, Known, Line, MAX_TEXT, Script,
    output::printed,
    parse::{self, Piece, Redirect, Simple},
    programs::{Inner, base, inner, starters},
};

/// How deep shells within shells are read.
const MAX_DEPTH: u32 = 4;
/// The most commands of one line, those within included.
const MAX_COMMANDS: usize = 1000;
/// The most text that reading one line may make.
const MAX_MADE: usize = 1 << 20;

/// What a variable of the line holds.
#[derive(Debug, Clone)]
enum Held {
    Known(Known),
    /// The output of these commands, and these variables of the environment.
    From(Vec<u32>, Vec<String>),
}

/// What went into a word besides its text.
#[derive(Default)]
struct Went {
    parts: Vec<u32>,
    names: Vec<String>,
    decoder: Option<&'static str>,
    /// Whether some of it was put together from known variables or outputs.
    assembled: bool,
}

struct Reader {
    script: Script,
    held: FxHashMap<String, Held>,
    /// What each command prints, if it is known.
    prints: Vec<Option<Known>>,
    made: usize,
    /// The line whose words are being expanded.
    line: u32,
}

pub(super) fn read(text: &str) -> Script {
    let mut reader = Reader::new();
    reader.list(&parse::parse(text), 0);
    reader.script
}

pub(super) fn read_words(words: Vec<String>) -> Script {
    let mut reader = Reader::new();
    reader.command(
        Command {
            words,
            ..Command::default()
        },
        &Went::default(),
    );
    reader.script
}

impl Reader {
    fn new() -> Self {
        Self {
            script: Script {
                lines: vec![Line::default()],
                commands: Vec::new(),
            },
            held: FxHashMap::default(),
            prints: Vec::new(),
            made: 0,
            line: 0,
        }
    }

    /// Reads the commands of a list; gives those whose output is the list's.
    fn list(&mut self, list: &[Simple], line: u32) -> Vec<u32> {
        let mut ends: Vec<u32> = Vec::new();
        let mut before = None;
        for simple in list {
            let previous = if simple.piped { before } else { None };
            if previous.is_some() {
                ends.pop();
            }
            before = self.simple(simple, previous, line);
            ends.extend(before);
        }
        ends
    }

    fn simple(&mut self, simple: &Simple, previous: Option<u32>, line: u32) -> Option<u32> {
        let mut went = Went::default();
        self.line = line;
        let mut command = Command {
            line,
            ..Command::default()
        };
        for (name, value) in &simple.assigns {
            let mut inside = Went::default();
            let text = self.word(value, false, &mut inside).concat();
            if simple.words.is_empty() {
                self.hold(name, &text, &inside);
            }
            command.variables.push((name.clone(), text));
            went.parts.extend(inside.parts);
            went.names.extend(inside.names);
        }
        for (index, word) in simple.words.iter().enumerate() {
            let before = std::mem::take(&mut went.assembled);
            let fields = self.word(word, true, &mut went);
            command.assembled |= index == 0 && went.assembled;
            went.assembled |= before;
            command.words.extend(fields);
        }
        if let Some(previous) = previous {
            command.input = match self.prints.get(previous as usize) {
                Some(Some(known)) => Input::Text(known.clone()),
                _ => Input::Pipe(previous),
            };
        }
        for (redirect, word) in &simple.redirects {
            let text = self.word(word, false, &mut went).concat();
            match redirect {
                Redirect::From => command.reads.push(text),
                Redirect::To => command.writes.push(text),
                Redirect::Text if text.contains(GAP) => {}
                Redirect::Text => {
                    let decoder = went.decoder;
                    command.input = Input::Text(Known { text, decoder });
                }
            }
        }
        command.parts = std::mem::take(&mut went.parts);
        command.names = std::mem::take(&mut went.names);
        self.command(command, &went)
    }

    /// Keeps a command, and reads the commands that it runs itself.
    fn command(&mut self, mut command: Command, went: &Went) -> Option<u32> {
        if self.script.commands.len() >= MAX_COMMANDS {
            return None;
        }
        let start = starters(&command.words, &mut command.variables);
        if command.words.get(start).is_some() {
            command.words.drain(..start);
        }
        let program = command.program();
        if matches!(
            program.as_str(),
            "export" | "declare" | "local" | "readonly" | "set" | "typeset"
        ) {
            for word in command.arguments() {
                if let Some((name, value)) = word.split_once('=') {
                    self.hold(name, value, went);
                }
            }
        }
        let input = match &command.input {
            Input::Text(known) => Some(known.clone()),
            Input::Own | Input::Pipe(_) => None,
        };
        let prints = printed(&program, command.arguments(), input.as_ref())
            .filter(|known| known.text.len() <= MAX_TEXT)
            .map(|known| Known {
                decoder: known.decoder.or(went.decoder),
                ..known
            });
        let index = self.script.commands.len() as u32;
        let mut inside = inner(&program, command.arguments(), input.as_ref());
        if let Inner::Code(code) = &mut inside {
            code.decoder = code.decoder.or(went.decoder);
            command.code = Some(code.clone());
        }
        let line = command.line;
        let more = executed(&command.words);
        self.script.commands.push(command);
        self.prints.push(prints);
        if let Inner::Commands(known) = inside {
            self.nested(known, went, index, line);
        }
        if let Some(words) = more.filter(|words| executed(words).is_none()) {
            let command = Command {
                words,
                line,
                ..Command::default()
            };
            self.command(command, &Went::default());
        }
        Some(index)
    }

    /// Reads a line that a command runs.
    fn nested(&mut self, known: Known, went: &Went, outer: u32, line: u32) {
        let depth = self.script.lines.get(line as usize).map_or(0, |line| line.depth) + 1;
        self.made += known.text.len();
        if depth > MAX_DEPTH || self.made > MAX_MADE || known.text.chars().all(|c| c == GAP || c.is_whitespace()) {
            return;
        }
        let list = parse::parse(&known.text);
        let number = self.script.lines.len() as u32;
        self.script.lines.push(Line {
            text: known.text,
            outer: Some(outer),
            depth,
            decoder: known.decoder.or(went.decoder),
        });
        self.list(&list, number);
    }

    fn hold(&mut self, name: &str, text: &str, went: &Went) {
        let held = if text.contains(GAP) {
            Held::From(went.parts.clone(), went.names.clone())
        } else {
            Held::Known(Known {
                text: text.to_owned(),
                decoder: went.decoder,
            })
        };
        self.held.insert(name.to_owned(), held);
    }

    /// The fields that a word expands to.
    fn word(&mut self, word: &[Piece], split: bool, went: &mut Went) -> Vec<String> {
        let mut fields = Fields {
            begun: word.is_empty(),
            ..Fields::default()
        };
        for piece in word {
            match piece {
                Piece::Text(text) => {
                    fields.push(text);
                }
                Piece::Variable { name, operator, quoted } => match self.variable(name, operator, went) {
                    Some(text) => {
                        went.assembled |= !text.is_empty();
                        self.add(&text, split && !quoted, &mut fields);
                    }
                    None => fields.push(&GAP.to_string()),
                },
                Piece::Output { commands, quoted } => {
                    let made = self.list(commands, self.line);
                    let mut whole = Some(String::new());
                    for index in &made {
                        let known = self.prints.get(*index as usize).and_then(Option::as_ref);
                        went.decoder = went.decoder.or(known.and_then(|known| known.decoder));
                        whole = whole.zip(known).map(|(whole, known)| whole + &known.text);
                    }
                    if let Some(text) = whole.filter(|_| !made.is_empty()) {
                        went.assembled = true;
                        self.add(text.trim_end_matches('\n'), split && !quoted, &mut fields);
                    } else {
                        went.parts.extend(made);
                        fields.push(&GAP.to_string());
                    }
                }
            }
        }
        fields.finish()
    }

    fn add(&mut self, text: &str, split: bool, fields: &mut Fields) {
        self.made += text.len();
        if self.made > MAX_MADE {
            fields.push(&GAP.to_string());
        } else if split {
            if text.starts_with(char::is_whitespace) {
                fields.end();
            }
            for (index, part) in text.split_whitespace().enumerate() {
                if index > 0 {
                    fields.end();
                }
                fields.push(part);
            }
            if text.ends_with(char::is_whitespace) {
                fields.end();
            }
        } else {
            fields.push(text);
        }
    }

    /// What a variable holds; a name of the environment is noted.
    fn variable(&mut self, name: &str, operator: &str, went: &mut Went) -> Option<String> {
        match name {
            "IFS" => return Some(" ".to_owned()),
            "HOME" | "USERPROFILE" if operator.is_empty() => return Some("~".to_owned()),
            // The usual way to a slash without one.
            "HOME" | "PATH" | "PWD" if operator == ":0:1" => return Some("/".to_owned()),
            "@" | "*" | "#" | "?" | "!" | "$" | "_" => return Some(String::new()),
            _ if name.bytes().all(|b| b.is_ascii_digit()) => return Some(String::new()),
            _ => {}
        }
        match self.held.get(name) {
            Some(Held::Known(known)) => {
                went.decoder = went.decoder.or(known.decoder);
                sliced(&known.text, operator)
            }
            Some(Held::From(parts, names)) => {
                went.parts.extend(parts.iter().take(16));
                went.names.extend(names.iter().take(16).cloned());
                None
            }
            None => {
                if went.names.len() < 16 && !went.names.iter().any(|known| known == name) {
                    went.names.push(name.to_owned());
                }
                None
            }
        }
    }
}

/// `${name:1:2}`; other operators are not followed.
fn sliced(text: &str, operator: &str) -> Option<String> {
    let Some(range) = operator.strip_prefix(':') else {
        return operator.is_empty().then(|| text.to_owned());
    };
    let mut numbers = range.split(':').map(|number| number.trim().parse::<usize>().ok());
    let start = numbers.next().flatten()?;
    let length = match numbers.next() {
        Some(length) => length?,
        None => usize::MAX,
    };
    Some(text.chars().skip(start).take(length).collect())
}

/// The command of `find … -exec command ;`.
fn executed(words: &[String]) -> Option<Vec<String>> {
    if words.first().map(|word| base(word)).as_deref() != Some("find") {
        return None;
    }
    let at = words.iter().position(|word| word == "-exec" || word == "-execdir")?;
    let words = words
        .get(at + 1..)?
        .iter()
        .take_while(|word| !matches!(word.as_str(), ";" | "+"));
    let words: Vec<String> = words.cloned().collect();
    (!words.is_empty()).then_some(words)
}

/// The fields of a word as they grow.
#[derive(Default)]
struct Fields {
    done: Vec<String>,
    current: String,
    begun: bool,
}

impl Fields {
    fn push(&mut self, text: &str) {
        self.current.push_str(text);
        self.begun = true;
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.begun) {
            self.done.push(std::mem::take(&mut self.current));
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.end();
        self.done
    }
}
