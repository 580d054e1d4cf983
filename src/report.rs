//! The one document that every host shows: versioned, deterministic, complete about what was not analysed.

use serde::{Deserialize, Serialize};

mod assemble;
mod effects;
mod originals;

pub use self::assemble::{assemble, both, scan, scan_with, surface, try_assemble, try_both, wanted};
pub use self::effects::{EffectsReport, ExportEffect, SubpathEffects};
use crate::{facts::FileFacts, registry::names::Twin};
pub use crate::{
    facts::capability::Capability,
    finding::{Confidence, Evidence, Finding, Original, Reach, Severity, Suppressed},
    graph::{Effect, EffectKind, EffectReason, EffectStep},
    issue::{Issue, IssueKind},
    policy::{Policy, Suppression},
    registry::release::Release,
    span::{Position, Range},
};

#[cfg(feature = "cli")]
pub mod text;

/// The version of the report's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// What a scan found out about one or more packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Always 1 for this shape; fields may be added, never renamed.
    pub schema_version: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// One entry per package, sorted by path, then name and version.
    pub packages: Vec<PackageReport>,
    /// Totals over the packages.
    pub summary: Summary,
}

/// Name and version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Tool {
    /// `importguard`.
    pub name: String,
    /// Its semantic version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub(crate) fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// What is known of one package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PackageReport {
    /// Name from the manifest; empty if it has none.
    pub name: String,
    /// Version from the manifest; empty if it has none.
    pub version: String,
    /// Where the host found it.
    pub path: String,
    /// Subresource-integrity string of the tarball, if it came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub integrity: Option<String>,
    /// What to do with the package, derived from its findings.
    pub verdict: Verdict,
    /// Whether importing and calling it can touch the world outside.
    pub effect: Effect,
    /// Every use of a power over the outside world, sorted by file and place.
    pub capabilities: Vec<CapabilityUse>,
    /// What the rules say, strongest first.
    pub findings: Vec<Finding>,
    /// How code of the package gets to run.
    pub entry_points: Vec<EntryPoint>,
    /// What could not be analysed, and why: never silent.
    pub issues: Vec<Issue>,
    /// Counts.
    pub stats: Stats,
}

/// The conclusion for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing that needs a person.
    Pass,
    /// A person should read the findings before the package is used.
    Review,
    /// Do not use it.
    Block,
}

/// One use of a power.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct CapabilityUse {
    /// Which power.
    pub capability: Capability,
    /// The API, canonical: `child_process.exec`, `fetch`, `process.env`.
    pub api: String,
    /// Path inside the package.
    pub file: String,
    /// The place.
    pub range: Range,
    /// How the place is reached.
    pub reach: Reach,
    /// Hosts or URLs among the arguments, if known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub hosts: Vec<String>,
    /// File paths among the arguments, if known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub paths: Vec<String>,
    /// Commands among the arguments, if known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub commands: Vec<String>,
    /// Names of environment variables; `*` for the whole environment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub variables: Vec<String>,
    /// How the API was come by when it is not plain to see: `eval'd code`, `createRequire`, `a layer of decoded code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub via: Option<String>,
    /// The place in the source that this was compiled or bundled from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub original: Option<Original>,
}

/// One way in which code of the package gets to run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct EntryPoint {
    /// Path inside the package.
    pub file: String,
    /// How it is reached.
    pub reach: Reach,
    /// What leads there: `main`, `exports["."].import`, `bin.tool`, `scripts.postinstall`.
    pub condition: String,
}

/// Counts of one package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Stats {
    /// Files in the package.
    pub files: u32,
    /// Their size in bytes.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub bytes: u64,
    /// Modules that were parsed to a tree.
    pub parsed: u32,
    /// Code files that were not.
    pub skipped: u32,
    /// Inner layers of evaluated code that were analysed.
    pub layers: u32,
}

/// Totals of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Summary {
    /// Packages.
    pub packages: u32,
    /// With verdict `block`.
    pub block: u32,
    /// With verdict `review`.
    pub review: u32,
    /// With verdict `pass`.
    pub pass: u32,
    /// Files in all packages.
    pub files: u32,
    /// Their size in bytes.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub bytes: u64,
}

/// What the reader of a report wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Only these rules run; empty means all.
    pub rules: Vec<String>,
    /// These rules do not run.
    pub no_rules: Vec<String>,
    /// Findings below this severity are left out.
    pub min_severity: Option<Severity>,
    /// Findings that weigh nothing, from the policy.
    pub suppress: Vec<Suppression>,
    /// What day it is, `YYYY-MM-DD`; what has a last day does not hold without it.
    pub today: Option<String>,
}

/// A package whose files have each been turned into facts: what a host hands to [`assemble`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Collected {
    /// Where the host found the package.
    pub path: String,
    /// Subresource-integrity string of the tarball, if it came from one.
    pub integrity: Option<String>,
    /// Each file's path inside the package, `/`-separated, and its facts; any order.
    pub files: Vec<(String, FileFacts)>,
    /// What its registry tells of this version, if it was asked.
    pub release: Option<Release>,
    /// Blind spots the host knows of.
    pub issues: Vec<Issue>,
    /// Names that look like popular ones: what [`Collected::look_up`] found.
    pub twins: Vec<(String, Twin)>,
}
