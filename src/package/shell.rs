//! Shell command lines: what commands they run, with which words, and where each gets its input.
//!
//! Nothing is run. Variables that the line sets itself, substitutions whose output can be told (`$(echo … | base64
//! -d)`) and shells within shells (`sh -c '…'`, `… | base64 -d | sh`) are followed; what stays unknown is a [`GAP`] in
//! its word.

mod expand;
mod output;
mod parse;
mod programs;

pub use self::{
    output::{Known, decoder, is_filter},
    programs::{base, option_value},
};

/// Stands for an unknown part of a word.
pub const GAP: char = '…';
/// The longest text that is worked out.
const MAX_TEXT: usize = 1 << 16;

/// A command line and all lines within it, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// The line itself, then those found inside.
    pub lines: Vec<Line>,
    /// The commands, in the order in which they are told to run; a substitution's before the command around it.
    pub commands: Vec<Command>,
}

/// One text of commands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The text; empty for the line itself.
    pub text: String,
    /// The command that runs it; none for the line itself.
    pub outer: Option<u32>,
    /// How many lines are around it.
    pub depth: u32,
    /// The command that decoded it, if one did.
    pub decoder: Option<&'static str>,
}

/// One command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// Variables set for it, `(name, value)`.
    pub variables: Vec<(String, String)>,
    /// The program and its arguments, unquoted and expanded; programs that only start it (`sudo`, `env`) are left out.
    pub words: Vec<String>,
    /// Where its input comes from.
    pub input: Input,
    /// Commands whose output stands in its words.
    pub parts: Vec<u32>,
    /// Variables of the environment in its words.
    pub names: Vec<String>,
    /// Files that its input comes from.
    pub reads: Vec<String>,
    /// Files that its output goes to.
    pub writes: Vec<String>,
    /// Index of the line it stands in.
    pub line: u32,
    /// Whether the program's name is put together from pieces.
    pub assembled: bool,
    /// Code in another language that it is told to run.
    pub code: Option<Code>,
}

/// Code handed to an interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its language.
    pub language: Language,
    /// The text.
    pub text: String,
    /// The command that decoded it, if one did.
    pub decoder: Option<&'static str>,
}

/// The languages that interpreters run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// JavaScript: `node -e`.
    JavaScript,
    /// PowerShell, of which only signs are read.
    PowerShell,
    /// Another one, which is not read: Python, Perl, Ruby, PHP, `AppleScript`.
    Other,
}

/// Where a command's input comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Input {
    /// Nothing that the line tells.
    #[default]
    Own,
    /// The output of another command.
    Pipe(u32),
    /// A text that is known.
    Text(Known),
}

impl Command {
    /// The program's name: no folder, no extension, lower case.
    pub fn program(&self) -> String {
        self.words.first().map(|word| base(word)).unwrap_or_default()
    }

    /// The program's arguments.
    pub fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether an argument or its input is another command's output that is read like a file: `<(…)`.
    pub fn reads_output(&self) -> bool {
        let mut files = self.arguments().iter().chain(&self.reads);
        files.any(|word| word.starts_with(parse::SUBSTITUTED))
    }

    /// Whether it is an interpreter that runs its input: it is given no file, or told to by `-s`.
    pub fn runs_input(&self) -> bool {
        let words = self.arguments();
        words.iter().all(|word| word.starts_with('-')) || words.iter().any(|word| word == "-s")
    }

    /// The command as a person would write it.
    pub fn shown(&self) -> String {
        self.words.join(" ")
    }
}

/// Reads a command line.
pub fn read(line: &str) -> Script {
    expand::read(line)
}

/// Reads a program and its arguments, which no shell splits.
pub fn read_words(words: Vec<String>) -> Script {
    expand::read_words(words)
}

#[cfg(test)]
mod tests;
