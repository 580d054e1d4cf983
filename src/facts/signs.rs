//! Facts that are no power by themselves, but tell what a power is used for.

use serde::{Deserialize, Serialize};

use super::{Place, capability::MarkKind};
use crate::span::Range;

/// A command that is run, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// The program and its arguments, expanded as a shell expands them; unknown parts are `…`.
    pub words: Vec<String>,
    /// Where it is run.
    pub place: Place,
}

impl Ran {
    /// The program's name: no folder, no extension, lower case.
    pub fn program(&self) -> String {
        self.words
            .first()
            .map(|word| crate::package::shell::base(word))
            .unwrap_or_default()
    }

    /// The program's arguments.
    pub fn arguments(&self) -> &[String] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Whether one of the arguments is this word.
    pub fn has(&self, word: &str) -> bool {
        self.arguments().iter().any(|known| known == word)
    }

    /// The first argument that is no option.
    pub fn subcommand(&self) -> Option<&str> {
        let mut words = self.arguments().iter().map(String::as_str);
        words.find(|word| !word.starts_with('-'))
    }
}

/// A constant text that tells what something is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What it tells.
    pub kind: MarkKind,
    /// Its beginning.
    pub text: String,
    /// The place.
    pub place: Place,
}

/// What a call's options say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Flag {
    /// A program that outlives the one that starts it.
    Detached,
    /// Whatever is in a folder, too.
    Recursive,
    /// A command line that a shell reads.
    Shell,
    /// A program whose output nobody sees.
    Silent,
    /// A program without a window.
    Windowless,
}

/// A branch that is only taken in some places, languages or times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// What the condition asks.
    pub kind: GateKind,
    /// The condition.
    pub place: Place,
    /// What it compares with, as far as known.
    pub says: Vec<String>,
    /// The bytes whose code runs or does not by the condition.
    pub covers: [u32; 2],
    /// The functions that are called there, by their index.
    pub functions: Vec<u32>,
}

/// What a condition asks of its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GateKind {
    /// The machine's language.
    Language,
    /// The machine's time zone.
    Zone,
    /// A country that somebody tells.
    Country,
    /// Whether a date is reached.
    Date,
    /// What a request says in its headers, its query or its body.
    Request,
}

impl Gate {
    /// Whether a place hangs on the condition.
    pub fn guards(&self, range: Range) -> bool {
        self.covers[0] <= range.bytes[0] && range.bytes[1] <= self.covers[1]
    }
}
