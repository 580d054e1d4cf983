//! The effect of a package: `pure` is a proof, `effects` names the powers, whatever cannot be told is `unknown`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Graph;
use crate::{
    facts::{Reading, capability::Capability},
    finding::Reach,
    issue::{Issue, IssueKind},
    span::Range,
};

/// The most reasons that are listed.
const MAX_REASONS: usize = 20;

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
}

/// Whether behind a blind spot there may be code that nobody read.
fn hides_code(issue: &Issue) -> bool {
    matches!(
        issue.kind,
        IssueKind::Archive | IssueKind::Unreadable | IssueKind::TooLarge | IssueKind::Limit | IssueKind::Crashed
    )
}

impl Graph<'_> {
    /// The package's effect.
    pub fn effect(&self, blind_spots: &[Issue]) -> Effect {
        let powers = self.powers();
        if !powers.is_empty() {
            return Effect {
                kind: EffectKind::Effects,
                reasons: powers.into_values().collect(),
            };
        }
        let mut reasons = self.unknowns();
        reasons.extend(
            blind_spots
                .iter()
                .filter(|issue| hides_code(issue))
                .map(|issue| EffectReason {
                    message: issue.message.clone(),
                    file: issue.file.clone(),
                    range: Range::default(),
                }),
        );
        if self.modules.is_empty() && self.manifest.is_none() {
            reasons.push(EffectReason {
                message: "nothing of it could be read as code".to_owned(),
                file: String::new(),
                range: Range::default(),
            });
        }
        if reasons.is_empty() {
            return Effect {
                kind: EffectKind::Pure,
                reasons,
            };
        }
        reasons.truncate(MAX_REASONS);
        Effect {
            kind: EffectKind::Unknown,
            reasons,
        }
    }

    /// The first place of each power that something reaches. Importing what is not known stays unknown.
    fn powers(&self) -> BTreeMap<Capability, EffectReason> {
        let mut powers = BTreeMap::new();
        for module in self.modules.iter().filter(|module| module.reach > Reach::Unreached) {
            for used in module
                .facts
                .uses
                .iter()
                .filter(|used| used.capability != Capability::DynamicImport)
            {
                powers.entry(used.capability).or_insert_with(|| EffectReason {
                    message: format!("{} through `{}`", used.capability.name(), used.api),
                    file: module.path.to_owned(),
                    range: used.place.range,
                });
            }
        }
        for script in &self.scripts {
            if !script.harmless {
                powers.entry(Capability::ProcessExec).or_insert_with(|| EffectReason {
                    message: format!("process-exec through the `{}` script", script.name),
                    file: "package.json".to_owned(),
                    range: script.range,
                });
            }
        }
        powers
    }

    fn unknowns(&self) -> Vec<EffectReason> {
        let mut reasons = Vec::new();
        for module in self.modules.iter().filter(|module| module.reach > Reach::Unreached) {
            let mut add = |message: String, range: Range| {
                reasons.push(EffectReason {
                    message,
                    file: module.path.to_owned(),
                    range,
                });
            };
            if module.facts.reading == Reading::Tokens {
                add(
                    "could not be parsed, only its tokens were read".to_owned(),
                    Range::default(),
                );
            }
            for used in &module.facts.uses {
                add(
                    "imports a module whose name is only known at run time".to_owned(),
                    used.place.range,
                );
            }
            for unknown in &module.facts.unknowns {
                add(unknown.message.clone(), unknown.place.range);
            }
        }
        for (name, file, place) in &self.externals {
            reasons.push(EffectReason {
                message: format!("imports `{name}`, which is not part of this package"),
                file: (*file).to_owned(),
                range: place.range,
            });
        }
        reasons
    }
}
