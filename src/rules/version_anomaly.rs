//! A number that jumps so far that every range without an upper end takes it.

use nodejs_semver::Version;

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "version-anomaly",
    title: "a version number out of line",
    docs: include_str!("version_anomaly.md"),
    help: "find out why the number jumps; a private package of the same name may be meant",
    severity: Severity::Medium,
    check,
};

/// A package's own major versions come one by one; so many at once is no development.
const JUMP: u64 = 20;
/// Numbers like these are chosen to be higher than any that a company uses inside.
const HIGH: u64 = 90;
/// Versions after the calendar begin at the year.
const YEARS: std::ops::RangeInclusive<u64> = 2010..=2100;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(release) = graph.release else { return };
    let Ok(number) = Version::parse(&release.version) else {
        return;
    };
    let is_date = |major: u64| YEARS.contains(&major) || (10..=40).contains(&major) || major > 20_100_000;
    let before = release
        .highest_before
        .as_deref()
        .and_then(|text| Version::parse(text).ok());
    let (message, severity) = match before {
        Some(before) if number.major() >= before.major() + JUMP && !is_date(number.major()) => {
            (format!("the number jumps from {before} to {number}"), Severity::Medium)
        }
        None if number.major() >= HIGH && !is_date(number.major()) => {
            (format!("its first version is {number}"), Severity::Medium)
        }
        _ => return,
    };
    out.push(released(&RULE, severity, Confidence::High).says(message));
}
