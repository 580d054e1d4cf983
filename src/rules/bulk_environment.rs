//! The whole environment is taken while the package is installed or imported.

use super::{Rule, weighed};
use crate::{
    facts::capability::Capability,
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "bulk-environment",
    title: "reads all environment variables at once",
    docs: include_str!("bulk_environment.md"),
    help: "check what the copy is used for: a package needs the variables it documents, not all of them",
    severity: Severity::Medium,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let reads = module
            .facts
            .uses
            .iter()
            .filter(|u| u.capability == Capability::Env && u.arguments.variables.iter().any(|v| v == "*"));
        let strongest = reads.max_by_key(|used| module.reach_of(used.place));
        let Some(used) = strongest else { continue };
        let severity = match module.reach_of(used.place) {
            Reach::Install => Severity::Medium,
            Reach::Import => Severity::Low,
            Reach::Call | Reach::Unreached => continue,
        };
        out.push(
            Finding::new(
                &RULE,
                module,
                used.place,
                weighed(severity, module.reach),
                Confidence::Medium,
            )
            .because(
                module.path,
                used.place.range,
                used.place.layer,
                format!("all of `{}` is read here", used.api),
            ),
        );
    }
}
