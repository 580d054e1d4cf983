//! The powers, and the table that says which API means which of them.

use serde::{Deserialize, Serialize};

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
