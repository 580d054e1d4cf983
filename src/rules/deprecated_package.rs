//! The authors say that a version should not be used any more.

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "deprecated-package",
    title: "its authors advise against it",
    docs: include_str!("deprecated_package.md"),
    help: "follow what its authors advise",
    severity: Severity::Low,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(reason) = graph.release.and_then(|release| release.deprecated.as_ref()) else {
        return;
    };
    let message = if reason.trim().is_empty() {
        "deprecated by its authors".to_owned()
    } else {
        format!("deprecated by its authors: {}", reason.trim())
    };
    out.push(released(&RULE, Severity::Low, Confidence::High).says(message));
}
