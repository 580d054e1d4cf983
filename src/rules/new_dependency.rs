//! A release brings in a package that hardly anybody can know: how event-stream got its payload.

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "new-dependency",
    title: "brings in a package that is itself new",
    docs: include_str!("new_dependency.md"),
    help: "read the new dependency before taking this version, or stay with the version before",
    severity: Severity::High,
    check,
};

/// A package is young for so many days.
const YOUNG_DAYS: u32 = 30;
/// A package with more versions has been worked on.
const FEW: u32 = 5;
/// Who began to publish so few days ago counts as new.
const NEWCOMER_DAYS: u32 = 90;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(release) = graph.release else { return };
    let newcomer = release
        .publisher
        .as_ref()
        .is_some_and(|who| !who.service && who.days_known < NEWCOMER_DAYS && release.earlier > who.versions_before);
    for dependency in &release.new_dependencies {
        let young = match dependency.days_old {
            Some(days) => days <= YOUNG_DAYS && dependency.versions <= FEW,
            None => dependency.versions == 1,
        };
        if let Some(why) = &dependency.failed {
            let message = format!("brings in `{}`, which could not be looked up", dependency.name);
            let finding = released(&RULE, Severity::Low, Confidence::Low).says(message);
            out.push(finding.noting(why.clone()));
            continue;
        }
        if !young || dependency.known_publisher == Some(true) {
            continue;
        }
        let (severity, confidence) = match (newcomer, dependency.days_old) {
            (true, _) => (Severity::High, Confidence::Medium),
            (false, Some(_)) if dependency.known_publisher.is_some() => (Severity::Medium, Confidence::Medium),
            // Where it is not told who published what, it may well be the same people.
            (false, _) => (Severity::Low, Confidence::Low),
        };
        let mut finding =
            released(&RULE, severity, confidence).says(format!("brings in `{}`, which is itself new", dependency.name));
        let versions = if dependency.versions == 1 {
            "one version".to_owned()
        } else {
            format!("{} versions", dependency.versions)
        };
        let age = dependency
            .days_old
            .map_or_else(String::new, |days| format!(", and was {days} days old"));
        let mut steps = vec![format!("`{}` has {versions}{age}", dependency.name)];
        if dependency.known_publisher == Some(false) {
            steps.push("it is by nobody who published this package".to_owned());
        }
        if let (true, Some(who)) = (newcomer, &release.publisher) {
            steps.push(format!("this release is by `{}`, who is new to the package", who.name));
        }
        for step in steps {
            finding = finding.noting(step);
        }
        out.push(finding);
    }
}
