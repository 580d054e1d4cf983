//! The powers, and the table that says which API means which of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

mod hosts;
mod marks;
mod read;
mod secrets;
mod table;
#[cfg(test)]
mod tests;

pub use hosts::{HostKind, TellingHost, telling_host};
pub use marks::MarkKind;
pub(super) use marks::mark;
pub(crate) use read::{sink as sink_named, source as source_named};
pub use secrets::{Secret, SecretClass, secret_in_command, secret_path, secret_variable};
pub(super) use table::root;
use table::{Table, join};

/// A power over the world outside the module's own values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Opens connections.
    Network,
    /// Looks up names.
    Dns,
    /// Reads files.
    FsRead,
    /// Writes, moves or deletes files.
    FsWrite,
    /// Starts programs.
    ProcessExec,
    /// Turns data into code: `eval`, `Function`, `vm`.
    DynamicCode,
    /// Imports a module whose name is only known when it runs.
    DynamicImport,
    /// Reads environment variables.
    Env,
    /// Reads facts about the machine or the user.
    SystemInfo,
    /// Loads native code.
    Native,
    /// Runs WebAssembly.
    Wasm,
    /// Starts threads or workers.
    Worker,
    /// Uses cryptography (informational).
    Crypto,
    /// Reads or changes the page.
    Dom,
    /// Reads or writes browser storage.
    Storage,
    /// Reads or writes the clipboard.
    Clipboard,
    /// Uses camera, location, USB and the like.
    Device,
    /// Talks to a wallet in the page.
    Wallet,
    /// Changes built-ins, globals or the module loader for everybody.
    GlobalMutation,
    /// Ends or alters the running process, or inspects it.
    ProcessControl,
}

impl Capability {
    /// Every capability, in the order of the enum.
    pub const ALL: [Self; 20] = [
        Self::Network,
        Self::Dns,
        Self::FsRead,
        Self::FsWrite,
        Self::ProcessExec,
        Self::DynamicCode,
        Self::DynamicImport,
        Self::Env,
        Self::SystemInfo,
        Self::Native,
        Self::Wasm,
        Self::Worker,
        Self::Crypto,
        Self::Dom,
        Self::Storage,
        Self::Clipboard,
        Self::Device,
        Self::Wallet,
        Self::GlobalMutation,
        Self::ProcessControl,
    ];

    /// The name in reports and in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Dns => "dns",
            Self::FsRead => "fs-read",
            Self::FsWrite => "fs-write",
            Self::ProcessExec => "process-exec",
            Self::DynamicCode => "dynamic-code",
            Self::DynamicImport => "dynamic-import",
            Self::Env => "env",
            Self::SystemInfo => "system-info",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Worker => "worker",
            Self::Crypto => "crypto",
            Self::Dom => "dom",
            Self::Storage => "storage",
            Self::Clipboard => "clipboard",
            Self::Device => "device",
            Self::Wallet => "wallet",
            Self::GlobalMutation => "global-mutation",
            Self::ProcessControl => "process-control",
        }
    }
}

/// Beyond this length a path is cut to the entry it belongs to: a chain of a thousand members costs no more than ten.
const LONGEST: usize = 256;

/// What the table knows of one API path.
#[derive(Debug)]
pub struct Api {
    /// The path as the table writes it; a default ends in `.*`, what assigning means ends in `=`.
    pub path: &'static str,
    /// The powers; empty means known and harmless.
    pub capabilities: &'static [Capability],
    /// When the power is used.
    pub on: On,
    /// What the arguments mean, by position; for [`On::Write`] the first is the assigned value.
    pub arguments: &'static [Role],
    /// The path of what a call or `new` gives; of a promise, what it resolves to.
    pub returns: Option<&'static str>,
    /// The result, or what a callback receives, is data from outside.
    pub source: Option<Source>,
    /// Data given to it leaves the program or is run.
    pub sink: Option<Sink>,
}

impl Api {
    /// Whether using it is a power, or takes data in or out, or runs some.
    fn has_power(&self) -> bool {
        let runs = |role: &Role| matches!(role, Role::Code | Role::TimerCode);
        !self.capabilities.is_empty() || self.source.is_some() || self.sink.is_some() || self.arguments.iter().any(runs)
    }
}

/// What uses the power of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Calling it, `new` included.
    Call,
    /// Merely reading it.
    Read,
    /// Assigning to it.
    Write,
    /// Loading the module.
    Import,
}

/// What an argument means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing of interest.
    None,
    /// A URL, or something that carries one.
    Url,
    /// A host name or address.
    Host,
    /// A file path.
    Path,
    /// A program, or a command line for a shell.
    Command,
    /// A program's arguments.
    Argv,
    /// Source code.
    Code,
    /// Source code if it is a string, else a function.
    TimerCode,
    /// Data that is handed over.
    Data,
    /// An object of options; hosts, paths, data may be among its properties.
    Options,
    /// A function that is called back.
    Callback,
    /// A module's specifier.
    Specifier,
    /// A DNS name.
    Name,
    /// The name of an environment variable.
    Variable,
    /// A header's name or value.
    Header,
    /// Markup that is put into the page; scripts in it run.
    Html,
}

/// Where data comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Environment variables.
    Environment,
    /// A file's content.
    File,
    /// Facts about the machine or the user.
    System,
    /// The network.
    Network,
    /// What a person types.
    Input,
    /// The clipboard.
    Clipboard,
    /// Browser storage.
    Storage,
    /// A program's output.
    Exec,
    /// What passes through a function that the module puts in another's place.
    Intercepted,
}

/// Where data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sink {
    /// The network.
    Network,
    /// A name that is looked up.
    Dns,
    /// A program's arguments or input.
    Exec,
    /// Code that is run.
    Code,
    /// A file.
    FileWrite,
    /// Another thread, window or extension.
    Message,
    /// The name of a module that is loaded.
    Load,
}

/// What a free name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Global {
    /// The root of this path of the table; whether it has a power is the path's matter.
    Powerful(&'static str),
    /// An object whose properties are the globals.
    GlobalObject,
    /// Without any power: the language itself and inert constructors.
    Harmless,
}

/// The canonical path of one of Node's modules: `node:fs` and `fs` give `fs`, `fs/promises` gives `fs.promises`.
pub fn builtin_module(specifier: &str) -> Option<&'static str> {
    let table = Table::get();
    match specifier.strip_prefix("node:") {
        Some(bare) => table.module(bare),
        None => table.module(specifier).filter(|_| !table.needs_scheme(specifier)),
    }
}

/// The canonical path of the export object of a package whose API is a power by itself.
pub fn known_package(name: &str) -> Option<&'static str> {
    Table::get().known_package(name)
}

/// What a free name means in any JavaScript environment; `None` if it is not known.
pub fn global(name: &str) -> Option<Global> {
    Table::get().global(name)
}

/// Whether nothing of the module or global that a path begins with is a power or leads to one.
pub fn is_harmless(path: &str) -> bool {
    Table::get().is_harmless(path)
}

/// What using a path means: its own entry, else the default of the nearest object around it (`fs.*`).
///
/// A member of an entry that is merely read belongs to that entry; a member of a function (`fs.open.length`) has
/// none, nor has an instance's member that is not listed (`net.Socket#unref`).
pub fn api(path: &str) -> Option<&'static Api> {
    Table::get().api(path)
}

/// What assigning to a path means: its own or its object's `=` entry (`location.href`, `process.env.X`), else global
/// mutation for a global, for whatever belongs to a module of Node's and for a known method of an instance.
pub fn assigned(path: &str) -> Option<&'static Api> {
    Table::get().assigned(path)
}

/// The canonical path of a member, aliases resolved: `child_process` + `default` is `child_process` again.
///
/// A class's `prototype` is its instances: `net.Socket` + `prototype` is `net.Socket#`, and `write` of that is
/// `net.Socket#write`. A member of the global object that is no known global keeps its object: `globalThis.fs` is not
/// the module.
pub fn member(path: &str, key: &str) -> Cow<'static, str> {
    let table = Table::get();
    let path = table.canonical(path);
    if matches!(key, "default" | "module.exports")
        && let Some(root) = table.root(path)
    {
        return Cow::Borrowed(root);
    }
    if table.global(path) == Some(Global::GlobalObject) {
        return match (table.global(key), table.known(key)) {
            (Some(_), Some(known)) => Cow::Borrowed(known),
            _ => Cow::Owned(format!("globalThis.{key}")),
        };
    }
    if key == "prototype" && !path.ends_with('#') {
        return join(path, "#", "", |joined| table.known(joined))
            .map_or_else(|| Cow::Owned(format!("{path}#")), Cow::Borrowed);
    }
    if path.len() > LONGEST {
        return Cow::Borrowed(api(path).map_or("", |api| api.path));
    }
    let dot = if path.ends_with('#') { "" } else { "." };
    match (
        join(path, dot, key, |joined| table.known(joined)),
        table.inherited(path),
    ) {
        (Some(known), _) => Cow::Borrowed(known),
        (None, Some(parent)) => member(parent, key),
        (None, None) => Cow::Owned(format!("{path}{dot}{key}")),
    }
}
