//! The report for a terminal: what a person must read first, with the source under each statement.
//!
//! Everything that comes from a package passes through [`one_line`] or the excerpt's window: no escape sequence,
//! no invisible or right-to-left character of a package reaches the terminal.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{PackageReport, Severity};

mod clean;
mod effects;
mod excerpt;
mod finding;
mod numbers;
mod overview;
mod package;
mod paint;
#[cfg(test)]
mod tests;

pub use clean::one_line;
pub use effects::effects;
pub use overview::overview;
pub use package::package;
pub use paint::{Paint, wrap};

/// How the text should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether colours are wanted.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// How much is told.
    pub detail: Detail,
    /// Weak findings in a line each: for a report on many packages.
    pub brief: bool,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Only packages with something to say.
    Quiet,
    /// What most people want to know.
    #[default]
    Usual,
    /// Every package, each use of a power, every blind spot.
    Verbose,
}

impl Look {
    fn is_quiet(&self) -> bool {
        self.detail == Detail::Quiet
    }

    fn is_verbose(&self) -> bool {
        self.detail == Detail::Verbose
    }
}

impl Default for Look {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            detail: Detail::Usual,
            brief: false,
        }
    }
}

/// The contents of the files that [`files_shown`] names, as far as the host has them.
pub type Sources<'a> = BTreeMap<&'a str, Cow<'a, [u8]>>;

/// The files of a package that its text shows an excerpt of.
pub fn files_shown(report: &PackageReport) -> BTreeSet<&str> {
    let findings = report.findings.iter().filter(|finding| finding.suppressed.is_none());
    findings
        .flat_map(|finding| {
            let steps = finding.evidence.iter().map(|step| step.file.as_str());
            steps.chain([finding.file.as_str()])
        })
        .collect()
}

/// The word for a severity.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// `name@version`, or as much of it as there is, or the path.
pub(crate) fn label(report: &PackageReport) -> String {
    match (report.name.as_str(), report.version.as_str()) {
        ("", _) => one_line(&report.path),
        (name, "") => one_line(name),
        (name, version) => one_line(&format!("{name}@{version}")),
    }
}
