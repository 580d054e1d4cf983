//! The effect of a package: `pure` is a proof, `effects` names the powers, whatever cannot be told is `unknown`.

use serde::{Deserialize, Serialize};

use crate::{
    finding::Reach,
    issue::{Issue, IssueKind},
    span::Range,
};

/// Whether code can touch the world outside its own values, and why that is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Effect {
    /// The three-valued answer.
    pub kind: EffectKind,
    /// For `effects` the powers, for `unknown` the places that cannot be told; empty for `pure`.
    pub reasons: Vec<EffectReason>,
}

/// `pure` is a proof; whatever cannot be resolved is `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum EffectKind {
    /// Proved to use no power.
    Pure,
    /// Uses at least one power.
    Effects,
    /// Cannot tell.
    Unknown,
}

/// One reason of an effect verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct EffectReason {
    /// The reason, a short phrase.
    pub message: String,
    /// Path inside the package.
    pub file: String,
    /// The place.
    pub range: Range,
    /// The package that the file is in, `name@version`; absent for the package itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub package: Option<String>,
    /// How the place is reached; absent where that does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub reach: Option<Reach>,
    /// The statements that lead there, each mentioning or importing the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<EffectStep>>"))]
    pub path: Vec<EffectStep>,
}

/// One statement on the way to a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct EffectStep {
    /// The package, `name@version`.
    pub package: String,
    /// Path inside the package.
    pub file: String,
    /// The name that the statement declares; empty if it declares none, or if the file is loaded as a whole.
    pub name: String,
    /// Where the statement begins.
    pub range: Range,
}

/// Whether behind a blind spot there may be code that nobody read.
pub(super) fn hides_code(issue: &Issue) -> bool {
    matches!(
        issue.kind,
        IssueKind::Archive | IssueKind::Unreadable | IssueKind::TooLarge | IssueKind::Limit | IssueKind::Crashed
    )
}
