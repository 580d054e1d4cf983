//! `importguard.json`: what a team decided about findings, and why.

use serde::{Deserialize, Serialize};

use crate::{
    finding::{Finding, Suppressed},
    rules,
};

mod pattern;

pub use pattern::matches;

/// The file's name.
pub const FILE: &str = "importguard.json";

/// The content of `importguard.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Where the schema is, for editors.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub schema: Option<String>,
    /// Findings that weigh nothing.
    #[serde(default)]
    pub suppress: Vec<Suppression>,
}

/// Findings of one rule that weigh nothing: in all packages or one, in all its files or some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Suppression {
    /// The rule's id.
    pub rule: String,
    /// Package, `name` or `name@version`; `*` stands for any characters but `/`. All packages without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub package: Option<String>,
    /// Path inside the package; `*` stands for any characters but `/`, `**` for any. All files without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub path: Option<String>,
    /// Why, for those who come later.
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`; for good without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub expires: Option<String>,
}

impl Policy {
    /// Reads the file's text.
    ///
    /// # Errors
    ///
    /// What is wrong, and where: no JSON, an unknown key, an unknown rule, a missing reason, a day that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let policy: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        for (index, entry) in policy.suppress.iter().enumerate() {
            entry.check().map_err(|wrong| format!("suppress[{index}]: {wrong}"))?;
        }
        Ok(policy)
    }
}

impl Suppression {
    fn check(&self) -> Result<(), String> {
        if rules::find(&self.rule).is_none() {
            return Err(format!("there is no rule `{}`", self.rule));
        }
        if self.reason.trim().is_empty() {
            return Err("`reason` is empty; say why, for those who come later".to_owned());
        }
        match &self.expires {
            Some(day) if !is_day(day) => Err(format!("`expires` is `{day}`; it must be a day such as 2030-01-31")),
            _ => Ok(()),
        }
    }

    /// Whether its last day is over. Where nobody knows what day it is, it is over for whatever has one.
    pub fn is_expired(&self, today: Option<&str>) -> bool {
        let Some(last) = &self.expires else { return false };
        today.is_none_or(|today| today > last.as_str())
    }

    /// Whether it speaks of this package.
    pub fn is_about(&self, name: &str, version: &str) -> bool {
        let Some(wanted) = &self.package else { return true };
        // The first letter may be the `@` of a scope.
        match wanted.char_indices().skip(1).find(|(_, letter)| *letter == '@') {
            Some((at, _)) => matches(&wanted[..at], name) && matches(&wanted[at + 1..], version),
            None => matches(wanted, name),
        }
    }

    /// Whether it speaks of this finding in a package that it is about.
    pub fn covers(&self, finding: &Finding) -> bool {
        let here = self.path.as_ref().is_none_or(|path| matches(path, &finding.file));
        finding.rule == self.rule && here
    }
}

/// Notes on each finding of a package who said that it weighs nothing; the first entry that covers it counts.
pub(crate) fn suppress(list: &[Suppression], today: Option<&str>, name: &str, version: &str, findings: &mut [Finding]) {
    let mut active: Vec<&Suppression> = list.iter().filter(|entry| !entry.is_expired(today)).collect();
    active.retain(|entry| entry.is_about(name, version));
    for finding in findings {
        if let Some(entry) = active.iter().find(|entry| entry.covers(finding)) {
            finding.suppressed = Some(Suppressed {
                reason: entry.reason.clone(),
                expires: entry.expires.clone(),
            });
        }
    }
}

/// `YYYY-MM-DD`, so that days are in order as texts are.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, length: usize| {
        let plain = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| plain)
    };
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}
