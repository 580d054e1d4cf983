//! A package wakes up after years: its owner came back, or somebody came into the account.

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "dormant-revival",
    title: "a release after years of silence",
    docs: include_str!("dormant_revival.md"),
    help: "wait some weeks, and read what changed since the version before",
    severity: Severity::Medium,
    check,
};

/// So long must nothing have been published.
const YEARS: u32 = 2;
/// A release that has been out for so long without harm is no news.
const NEWS_FOR_HOURS: u32 = 180 * 24;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(release) = graph.release else { return };
    let (Some(previous), Some(hours)) = (&release.previous, release.hours_old) else {
        return;
    };
    let Some(years) = previous
        .days_quiet
        .map(|days| days / 365)
        .filter(|years| *years >= YEARS)
    else {
        return;
    };
    if hours > NEWS_FOR_HOURS {
        return;
    }
    let newcomer = release
        .publisher
        .as_ref()
        .is_some_and(|who| who.versions_before == 0 && !who.service);
    let severity = if newcomer { Severity::Medium } else { Severity::Low };
    let mut finding = released(&RULE, severity, Confidence::High).says(format!("the first release in {years} years"));
    if newcomer {
        let why = "who publishes it never did before";
        finding = finding.noting(why);
    }
    out.push(finding);
}
