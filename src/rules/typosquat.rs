//! The package, or one that it depends on, has a name that looks like a popular one.

use super::Rule;
use crate::{
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
    package::manifest::DependencyKind,
    registry::names::{Twin, asked_for},
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "typosquat",
    title: "has a name that looks like a popular one",
    docs: include_str!("typosquat.md"),
    help: "make sure that this package is meant, and not the popular one",
    severity: Severity::Medium,
    check,
};

/// From this level on a package is worth imitating for many: about four million downloads a month.
const POPULAR: u8 = 4;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(facts) = graph.manifest else { return };
    let twin = |name: &str| {
        let mut twins = graph.twins.iter();
        twins.find(|(asked, _)| asked == name).map(|(_, twin)| twin)
    };
    let manifest = &facts.manifest;
    if let Some(twin) = twin(&manifest.name) {
        let severity = severity(twin);
        out.push(found(&manifest.name, Range::default(), Reach::Import, severity, twin));
    }
    for dependency in &manifest.dependencies {
        let Some(name) = asked_for(&dependency.name, &dependency.spec) else {
            continue;
        };
        let Some(twin) = twin(name) else { continue };
        // What only the package's own developers install does not come along with it.
        let severity = match dependency.kind {
            DependencyKind::Development => Severity::Low,
            _ => severity(twin),
        };
        let says = format!("depends on `{name}`, whose name looks like `{}`", twin.target);
        out.push(found(name, dependency.range, Reach::Install, severity, twin).says(says));
    }
}

fn severity(twin: &Twin) -> Severity {
    if twin.likeness.is_strong() && twin.level >= POPULAR {
        Severity::Medium
    } else {
        Severity::Low
    }
}

fn found(name: &str, range: Range, reach: Reach, severity: Severity, twin: &Twin) -> Finding {
    Finding::at(&RULE, "package.json", range, reach, severity, Confidence::Medium)
        .says(format!("its name looks like `{}`", twin.target))
        .because("package.json", range, 0, format!("`{name}` {}", twin.why()))
}
