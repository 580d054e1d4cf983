//! What one file does, on its own: independent of any rule and of any other file, serialisable, cacheable by content.

use serde::{Deserialize, Serialize};

use crate::{
    issue::IssueKind,
    package::{manifest::Manifest, source_map::SourceMap},
    span::{Position, Range},
};

mod blanks;
mod bundles;
mod calls;
pub mod capability;
mod collect;
mod collections;
mod constants;
mod deliveries;
mod eager;
mod edges;
mod evaluate;
mod exports;
mod flow;
mod fold;
mod form;
mod gates;
mod given;
mod grams;
mod handed;
mod heat;
mod index;
mod interpret;
mod joints;
mod kind;
mod layers;
mod loads;
mod members;
mod model;
mod objects;
mod operators;
mod owners;
mod page;
mod parameters;
mod parts;
mod passing;
mod read;
mod reflection;
mod seams;
mod search;
mod shape;
mod signs;
mod sinks;
mod sites;
mod tokens;
mod unicode;
mod unit;
mod units;
mod unknowns;
mod uses;
mod value;
mod ways;
mod words;
mod writes;

use capability::{Capability, Sink, Source};

thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// How many steps the evaluation of values and flows has cost this thread so far; for tests of its growth.
#[doc(hidden)]
pub fn steps() -> u64 {
    STEPS.get()
}

fn count_steps(steps: u32) {
    STEPS.set(STEPS.get() + u64::from(steps));
}

pub use self::{
    blanks::Blank,
    constants::{Constant, ConstantKind},
    form::Form,
    handed::Ways,
    kind::collect,
    layers::{InnerLine, Language, Layer, command_facts},
    page::Page,
    signs::{Flag, Gate, GateKind, Mark, Ran},
    sites::{ImportSite, import_sites, package_name},
    unit::{Export, Function, InnerCall, Link, Take, Target, Unit},
};

/// What one file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its size in bytes.
    pub bytes: u64,
    /// What kind of content it has.
    pub content: Content,
    /// What its first bytes say it is.
    pub form: Form,
    /// What it asks for and sends, if it is a page of markup.
    pub page: Option<Box<Page>>,
    /// What could not be analysed in it, and why.
    pub issues: Vec<(IssueKind, String)>,
}

/// What a file is, by its name and content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Content {
    /// JavaScript or TypeScript with run-time code.
    Module(Box<Facts>),
    /// A `package.json`.
    Manifest(Box<ManifestFacts>),
    /// Another text that holds commands: `binding.gyp`, a shell script.
    Text(Box<Facts>),
    /// Nothing that runs: declarations, data, pictures.
    Inert,
    /// A source map; what it says once it was asked for.
    Map(Option<Box<SourceMap>>),
}

/// What a `package.json` says and does.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ManifestFacts {
    /// What it says.
    pub manifest: Manifest,
    /// Whether it is no JSON object at all.
    pub broken: bool,
    /// What the commands of its install scripts do, and the code that they hold (`node -e …`), each with its script's
    /// name.
    pub inline: Vec<(String, Facts)>,
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
    /// Data that goes from one of them to another.
    pub flows: Vec<Flow>,
    /// Places where data becomes code.
    pub evaluated: Vec<Evaluated>,
    /// Places that cannot be told, and so stand against a proof of purity.
    pub unknowns: Vec<Unknown>,
    /// Signs of obfuscation.
    pub obfuscations: Vec<Obfuscation>,
    /// Characters that a reader does not see.
    pub hidden: Vec<HiddenText>,
    /// Runs of blanks that push what follows out of sight.
    pub blanks: Vec<Blank>,
    /// Texts that tell what the module is for.
    pub constants: Vec<Constant>,
    /// Inner layers of evaluated code that were analysed.
    pub layers: u32,
    /// Whether the text is nested or chained beyond what honest code needs.
    pub evasive: bool,
    /// The statements of the top level; empty where they were not told apart, since nothing hangs on it.
    pub units: Vec<Unit>,
    /// How it gets what it calls with what may be a text.
    pub calls: Ways,
    /// The members that are given what may be `Function`; those that are given what the module is handed; those that it
    /// calls with what may be a text: as hashes of their names, sorted.
    pub kept_as: [Vec<u32>; 3],
    /// What the module exports.
    pub exports: Vec<Export>,
    /// Whether other names may be exported, or other values by these names.
    pub open: bool,
    /// The texts that it runs as code or commands.
    pub inner: Vec<Layer>,
    /// The lines of those texts in which something was found.
    pub inner_lines: Vec<InnerLine>,
    /// The modules inside a bundle that have a path.
    pub parts: Vec<Part>,
    /// The source map that the file names.
    pub source_map: Option<SourceMapLink>,
    /// Data that goes between this module and others of its package.
    pub passages: Vec<Passage>,
    /// Exports that are other modules'.
    pub links: Vec<Link>,
    /// The commands that it runs.
    pub commands: Vec<Ran>,
    /// Constant texts that tell what something is for.
    pub marks: Vec<Mark>,
    /// Branches that are only taken in some places, languages or times.
    pub gates: Vec<Gate>,
    /// Loops that nothing ends.
    pub endless: Vec<Place>,
    /// Calls of what other modules of the package export.
    pub inner_calls: Vec<InnerCall>,
    /// What a call of an export runs: the export's path, and functions by their index, that loading does not run.
    pub runs: Vec<(String, Vec<u32>)>,
}

/// A module inside a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path as the bundle names it.
    pub path: String,
    /// Where it is in the file.
    pub range: Range,
}

/// The source map of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceMapLink {
    /// A file of the same package.
    Beside(String),
    /// In the file itself: the originals of the places that the facts have, in order.
    Inline(Vec<(Position, Claimed)>),
}

/// An [`Original`](crate::finding::Original) with all of its fields: facts are stored in a format that has no names for them, so that none may be
/// left out. File, line, column and name.
pub type Claimed = (String, Option<u32>, Option<u32>, Option<String>);

/// How a module's text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Reading {
    /// Parsed to a tree.
    #[default]
    Tree,
    /// Token by token: too deep, too long or broken for the parser.
    Tokens,
}

/// Where a fact stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The place in the file; for an inner layer, where that layer is evaluated.
    pub range: Range,
    /// Index of the function it stands in.
    pub function: u32,
    /// Depth of the layer of evaluated code it was found in; 0 is the file itself.
    pub layer: u32,
    /// Index of the unit it stands in; beyond the last one where that is not known.
    pub unit: u32,
    /// The line of that layer: its index among [`Facts::inner_lines`], plus one; 0 if there is none.
    pub inner: u32,
}

/// One place that names another module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Import {
    /// The specifier, if it is known.
    pub specifier: Option<String>,
    /// The form of the import.
    pub kind: ImportKind,
    /// The specifier's place, quotes included.
    pub place: Place,
    /// Exported names it takes: `default`, `*` for all.
    pub names: Vec<String>,
    /// Whether the specifier had to be decoded.
    pub concealed: bool,
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
    /// An entry among the dependencies of a `package.json`.
    Dependency,
}

/// One use of a power.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Use {
    /// Which power.
    pub capability: Capability,
    /// The API, canonical.
    pub api: String,
    /// The place.
    pub place: Place,
    /// What is known of the arguments.
    pub arguments: Arguments,
    /// How the API was come by when that is not plain to see.
    pub via: Option<String>,
    /// Whether the API's name or an argument was decoded, or put together where nothing asks for it.
    pub concealed: bool,
}

/// What is known of a use's arguments, after folding; unknown parts of a text are `…`.
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
    /// What the options say.
    pub flags: Vec<Flag>,
}

/// Data from outside that reaches a sink.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// What kind of data.
    pub source: Source,
    /// The API that reads it.
    pub source_api: String,
    /// Where it is read.
    pub source_range: Range,
    /// The names, paths or hosts it is read from, as far as known.
    pub what: Vec<String>,
    /// Where it goes.
    pub sink: Sink,
    /// The API that takes it there.
    pub sink_api: String,
    /// The place of the sink.
    pub place: Place,
    /// Hosts, paths or commands of the sink, as far as known.
    pub target: Vec<String>,
    /// The way in between.
    pub steps: Vec<(Range, String)>,
    /// Whether it was encoded on the way.
    pub encoded: bool,
    /// Whether it was decoded on the way.
    pub decoded: bool,
}

/// One module's part of a way that data takes through several.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Passage {
    /// Where the data comes from.
    pub from: End,
    /// Where it goes.
    pub to: End,
    /// The way in between.
    pub steps: Vec<(Range, String)>,
    /// Whether it was encoded on the way.
    pub encoded: bool,
    /// Whether it was decoded on the way.
    pub decoded: bool,
}

/// An end of a passage.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum End {
    /// Data from outside.
    Source {
        /// What kind of data.
        kind: Source,
        /// The API that reads it.
        api: String,
        /// Where it is read.
        range: Range,
        /// The names, paths or hosts it is read from, as far as known.
        what: Vec<String>,
    },
    /// Data leaves, or is run.
    Sink {
        /// What kind of sink.
        kind: Sink,
        /// The API that takes it there.
        api: String,
        /// The place.
        place: Place,
        /// Hosts, paths or commands, as far as known.
        target: Vec<String>,
    },
    /// The edge of the module.
    Edge {
        /// The module that is imported; none for the module's own exports.
        specifier: Option<String>,
        /// What of it: `name`, `name.member`, `name()` for what a call gives, `name(0)` for an argument, `name#member`
        /// for a member of what `new name` makes.
        path: String,
        /// The place.
        place: Place,
    },
}

impl End {
    fn place_mut(&mut self) -> Option<&mut Place> {
        match self {
            Self::Source { .. } => None,
            Self::Sink { place, .. } | Self::Edge { place, .. } => Some(place),
        }
    }
}

/// A place where data becomes code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evaluated {
    /// The API that runs or compiles it.
    pub api: String,
    /// The place.
    pub place: Place,
    /// What the code is.
    pub code: Code,
    /// The beginning of the code, if it is known.
    pub text: Option<String>,
    /// Where it was decoded, if it was.
    pub steps: Vec<(Range, String)>,
}

/// What is known of evaluated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Code {
    /// A constant, written out.
    Constant,
    /// A constant put together from pieces.
    Assembled,
    /// A constant that had to be decoded first.
    Decoded,
    /// Decoded from something that is only known at run time.
    DecodedUnknown,
    /// Given by the function's caller.
    Caller,
    /// Something else that is only known at run time.
    Unknown,
}

/// A place that cannot be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Unknown {
    /// Why, a short phrase.
    pub message: String,
    /// The place.
    pub place: Place,
    /// How it hands on what may be `Function` to other modules, if that is all: it matters only where one of them calls
    /// what it gets so.
    pub lends: Option<Ways>,
}

/// A sign that a text was made unreadable on purpose.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Obfuscation {
    /// The tool, or the manner.
    pub tool: String,
    /// What shows it.
    pub sign: String,
    /// How sure that is, 0 to 100.
    pub certainty: u8,
    /// The place.
    pub range: Range,
}

/// Characters that a reader does not see, or sees as something else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HiddenText {
    /// The manner of hiding.
    pub kind: HiddenKind,
    /// What is there, in words.
    pub note: String,
    /// The place.
    pub range: Range,
}

/// The manners of hiding text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HiddenKind {
    /// Bidirectional controls that make code read in another order than it runs.
    Bidirectional,
    /// A run of invisible characters long enough to carry data.
    Invisible,
    /// A name that looks like another one.
    Homoglyph,
}
