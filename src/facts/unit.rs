//! What of a module can be reached on its own: its statements, and what they export.

use serde::{Deserialize, Serialize};

use super::{Place, Ways};
use crate::span::Range;

/// One statement of a module's top level: what can be reached on its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is told of a statement by itself")]
pub struct Unit {
    /// The first name it declares; may be empty.
    pub name: String,
    /// Where it begins.
    pub range: Range,
    /// The units that whoever reaches this one may reach, too.
    pub needs: Vec<u32>,
    /// What it takes from other modules.
    pub takes: Vec<Take>,
    /// Whether it holds values that code elsewhere may have been put into.
    pub shares: bool,
    /// Whether it declares an exported value that other modules may put code into.
    pub offers: bool,
    /// Whether it may put code into values of other modules.
    pub lends: bool,
    /// Whether it runs code of the module when the module is loaded.
    pub active: bool,
    /// Whether it may replace members of what other modules export.
    pub alters: bool,
    /// How it gets what it calls with what may be a text.
    pub calls: Ways,
}

/// Something taken from another module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// The specifier.
    pub specifier: String,
    /// The exported name; `*` for all.
    pub name: String,
}

/// One exported name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The name: `default`, `*` for all that another module exports.
    pub name: String,
    /// What stands behind it.
    pub target: Target,
}

/// What stands behind an exported name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A unit of the module.
    Unit(u32),
    /// An export of another module.
    From(Take),
}

/// An export that is another module's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The exported name; `*` for all that the other module exports, empty for the module itself.
    pub name: String,
    /// The other module.
    pub specifier: String,
    /// What of it, empty for the module itself.
    pub path: String,
}

/// A call of something that another module of the package exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InnerCall {
    /// The other module.
    pub specifier: String,
    /// What of it: `name`, `name.member`, empty for the module itself.
    pub path: String,
    /// Where it is called.
    pub place: Place,
    /// Whether loading the module surely calls it.
    pub eager: bool,
}

/// One function of a module.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Function {
    /// Its name, if it has one.
    pub name: String,
    /// Whether loading the module runs it.
    pub eager: bool,
    /// Whether it is what a command of a program does: it runs when its user asks for it.
    pub command: bool,
}
