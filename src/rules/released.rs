//! Findings about a version as a whole: not about a place of its files, but about what its registry tells.

use super::Rule;
use crate::{
    finding::{Confidence, Finding, Reach, Severity},
    span::Range,
};

/// Where the version stands.
const FILE: &str = "package.json";

/// A finding about the version.
pub(super) fn released(rule: &Rule, severity: Severity, confidence: Confidence) -> Finding {
    Finding::at(rule, FILE, Range::default(), Reach::Install, severity, confidence)
}

impl Finding {
    /// Adds a step that no file shows.
    pub(super) fn noting(self, note: impl Into<String>) -> Self {
        self.because(FILE, Range::default(), 0, note)
    }
}
