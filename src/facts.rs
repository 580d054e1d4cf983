//! What one file does, on its own: independent of any rule and of any other file, serialisable, cacheable by content.

use serde::{Deserialize, Serialize};

use crate::{issue::IssueKind, package::manifest::Manifest, span::Range};

pub mod capability;

use capability::Capability;

/// What one file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its size in bytes.
    pub bytes: u64,
    /// What kind of content it has.
    pub content: Content,
    /// What could not be analysed in it, and why.
    pub issues: Vec<(IssueKind, String)>,
}

/// What a file is, by its name and content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Content {
    /// JavaScript or TypeScript with run-time code.
    Module(Box<Facts>),
    /// A `package.json`.
    Manifest(Box<Manifest>),
    /// Another text that may hold commands (`binding.gyp`, a shell script), kept whole if it is small.
    Text(String),
    /// Nothing that runs: declarations, data, pictures.
    Inert,
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum How {
    /// By its name.
    #[default]
    ByName,
    /// As JavaScript whatever its name: an import or a script names it.
    AsCode,
}

/// What one module does.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Whether the tree or only the tokens were read.
    pub reading: Reading,
    /// Every place that names another module.
    pub imports: Vec<Import>,
    /// The functions; the first is the module's top level.
    pub functions: Vec<Function>,
    /// Uses of powers over the outside world.
    pub uses: Vec<Use>,
}

/// How a module's text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Reading {
    /// Parsed to a tree.
    #[default]
    Tree,
    /// Token by token: too deep, too long or broken for the parser.
    Tokens,
}

/// One place that names another module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Import {
    /// The specifier, if it is known.
    pub specifier: Option<String>,
    /// The form of the import.
    pub kind: ImportKind,
    /// The specifier's place, quotes included.
    pub range: Range,
    /// Index of the function it stands in.
    pub function: u32,
}

/// The forms an import takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ImportKind {
    /// `import … from 'x'`
    Import,
    /// `export … from 'x'`
    ReExport,
    /// `import('x')`
    Dynamic,
    /// `require('x')`, also through `createRequire`, `module.require`, …
    Require,
    /// `require.resolve('x')`, `import.meta.resolve('x')`: named, not run.
    Resolve,
}

/// One function of a module.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Function {
    /// Its name, if it has one.
    pub name: String,
}

/// One use of a power.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Use {
    /// Which power.
    pub capability: Capability,
    /// The API, canonical.
    pub api: String,
    /// The place.
    pub range: Range,
    /// Index of the function it stands in.
    pub function: u32,
    /// What is known of the arguments.
    pub arguments: Arguments,
    /// How the API was come by when that is not plain to see.
    pub via: Option<String>,
}

/// What is known of a use's arguments, after folding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arguments {
    /// Hosts or URLs.
    pub hosts: Vec<String>,
    /// File paths.
    pub paths: Vec<String>,
    /// Commands.
    pub commands: Vec<String>,
    /// Names of environment variables; `*` for all.
    pub variables: Vec<String>,
}

/// Reads one file. Never fails: what cannot be read is an issue among the facts.
pub fn collect(path: &str, bytes: &[u8], how: How) -> FileFacts {
    let _ = (path, bytes, how);
    unimplemented!("skeleton")
}
