//! A package with code files that hold nothing: what depends on it gets nothing.

use super::Rule;
use crate::{
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "empty-package",
    title: "does nothing and exports nothing",
    docs: include_str!("empty_package.md"),
    help: "find out whether it was emptied or is a placeholder, and remove the dependency",
    severity: Severity::Low,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(manifest) = graph.manifest.map(|facts| &facts.manifest) else {
        return;
    };
    let (Some(first), None) = (graph.modules.first(), &manifest.types) else {
        return;
    };
    let described = manifest.exports.is_empty() && manifest.bin.is_empty() && manifest.scripts.is_empty();
    if !described || !graph.modules.iter().all(is_empty) {
        return;
    }
    let (severity, confidence) = (Severity::Low, Confidence::Medium);
    let finding = Finding::at(&RULE, first.path, Range::default(), Reach::Import, severity, confidence);
    out.push(finding.because(
        first.path,
        Range::default(),
        0,
        "nothing is exported, imported or used in any code file",
    ));
}

fn is_empty(module: &Module<'_>) -> bool {
    let facts = module.facts;
    // What cannot be told may be exported.
    let plain = facts.exports.is_empty() && !facts.open && facts.unknowns.is_empty();
    plain && facts.imports.is_empty() && facts.uses.is_empty() && facts.evaluated.is_empty()
}
