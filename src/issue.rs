//! What could not be analysed: a recorded blind spot, never silence.

use serde::{Deserialize, Serialize};

/// Something that could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Issue {
    /// What kind of blind spot.
    pub kind: IssueKind,
    /// Path inside the package; empty for the package itself.
    pub file: String,
    /// What happened, in words.
    pub message: String,
}

/// The kinds of blind spots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum IssueKind {
    /// The archive is damaged or hostile; what could be read was analysed.
    Archive,
    /// The manifest is missing, broken or odd.
    Manifest,
    /// The file does not parse; it got a reading by tokens.
    Unparsed,
    /// Nested too deeply or chained too long for the parser; it got a reading by tokens.
    TooDeep,
    /// Over the size limit; its beginning got a reading by tokens.
    TooLarge,
    /// Not valid UTF-8; bad bytes were replaced.
    InvalidUtf8,
    /// The host could not read it.
    Unreadable,
    /// An analysis limit was met; results may be incomplete.
    Limit,
    /// The analyser failed on it and was restarted.
    Crashed,
    /// Skipped on purpose; the message says why.
    Skipped,
    /// The registry does not tell it.
    Untold,
}
