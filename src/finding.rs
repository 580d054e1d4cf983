//! What a rule says about one place.

use serde::{Deserialize, Serialize};

use crate::span::Range;

/// How bad it is if true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A small risk or an untidiness.
    Low,
    /// A person should look.
    Medium,
    /// Very likely harmful, or a power that nobody expects here.
    High,
    /// A complete chain of harmful behaviour.
    Critical,
}

/// How sure the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A hint.
    Low,
    /// Likely.
    Medium,
    /// The facts leave little room for another reading.
    High,
}

/// How code is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// No path from an entry point: tests, documentation, leftovers.
    Unreached,
    /// Only when an exported function, or the package's command, is called.
    Call,
    /// When the package is imported.
    Import,
    /// When the package is installed.
    Install,
}

/// One step of the reasoning behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Path inside the package.
    pub file: String,
    /// The place.
    pub range: Range,
    /// What happens there, a short phrase.
    pub note: String,
    /// Depth of the layer of evaluated code the place was found in; absent for plain code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub layer: Option<u32>,
    /// The place in the source that this was compiled or bundled from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub original: Option<Original>,
}

/// One rule's statement about one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// How bad it is if true.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// Path inside the package.
    pub file: String,
    /// The primary place.
    pub range: Range,
    /// How the place is reached.
    pub reach: Reach,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The steps that lead to the statement, in order.
    pub evidence: Vec<Evidence>,
    /// Why a person silenced it; a suppressed finding is shown and counted, but weighs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub suppressed: Option<Suppressed>,
    /// The place in the source that this was compiled or bundled from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub original: Option<Original>,
}

/// A place in the source that a file was compiled or bundled from, as a source map or the bundle itself says: a claim
/// of the package, to be shown beside the place and believed by nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Original {
    /// The path that is told; it may be anything.
    pub file: String,
    /// Line, from 0, if it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub line: Option<u32>,
    /// Column in UTF-16 code units, from 0, if it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub character: Option<u32>,
    /// The name that stood there, if it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub name: Option<String>,
}

/// A person's reason to silence a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Suppressed {
    /// The reason, as written in the policy.
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`; for good without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub expires: Option<String>,
}
