//! A release so young that nobody can have looked at it.

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "fresh-release",
    title: "published only just now",
    docs: include_str!("fresh_release.md"),
    help: "wait: most malicious releases are found and taken down within days",
    severity: Severity::Medium,
    check,
};

/// What is waited for if nobody says otherwise.
const USUAL_HOURS: u32 = 24;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(release) = graph.release else { return };
    let Some(age) = release.hours_old else { return };
    if age >= release.cool_down.unwrap_or(USUAL_HOURS) {
        return;
    }
    // Somebody who says how long to wait wants to be held to it.
    let severity = if release.cool_down.is_some() {
        Severity::Medium
    } else {
        Severity::Low
    };
    let ago = match age {
        0 => "less than an hour ago".to_owned(),
        1 => "an hour ago".to_owned(),
        2..48 => format!("{age} hours ago"),
        _ => format!("{} days ago", age / 24),
    };
    let mut finding = released(&RULE, severity, Confidence::High).says(format!("published {ago}"));
    if let Some(hours) = release.cool_down {
        let why = format!("releases are to be {hours} hours old here");
        finding = finding.noting(why);
    }
    out.push(finding);
}
