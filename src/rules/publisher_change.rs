//! Somebody publishes a package who did not before: the start of the event-stream story.

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "publisher-change",
    title: "published by somebody new",
    docs: include_str!("publisher_change.md"),
    help: "read what changed since the version before, as for a major version, or stay with that one",
    severity: Severity::Medium,
    check,
};

/// A newcomer is one for so many days: the first release may be harmless, and the next one not.
const NEW_FOR_DAYS: u32 = 90;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(release) = graph.release else { return };
    let (Some(publisher), Some(previous)) = (&release.publisher, &release.previous) else {
        return;
    };
    // A build service publishes for those who set it up; what it builds from is the provenance's business.
    if publisher.service || publisher.days_known >= NEW_FOR_DAYS {
        return;
    }
    // Nobody is new to a package that is itself new, or to one whose versions are all by one account.
    let others = release.earlier.saturating_sub(publisher.versions_before);
    if others == 0 || previous.publisher.is_none() {
        return;
    }
    let first = publisher.versions_before == 0;
    // Who could publish all along was let in by those who did: a team whose members take turns.
    let severity = if first && publisher.was_maintainer {
        Severity::Low
    } else {
        Severity::Medium
    };
    let message = if first {
        format!("`{}` never published this package before", publisher.name)
    } else {
        let (days, count) = (publisher.days_known, publisher.versions_before);
        let releases = if count == 1 { "release" } else { "releases" };
        format!(
            "`{}` began to publish this package {days} days before, with {count} other {releases}",
            publisher.name
        )
    };
    let mut finding = released(&RULE, severity, Confidence::High).says(message);
    if let Some(before) = previous.publisher.as_ref().filter(|before| **before != publisher.name) {
        finding = finding.noting(format!("version {} is by `{before}`", previous.version));
    }
    for (accounts, did) in [
        (&release.maintainers_added, "may publish it since this version"),
        (&release.maintainers_removed, "may not publish it any more"),
    ] {
        for account in accounts.iter().flatten() {
            finding = finding.noting(format!("`{account}` {did}"));
        }
    }
    out.push(finding);
}
