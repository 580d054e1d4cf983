//! A command runs when the package is installed.

use super::Rule;
use crate::{
    facts::capability::Capability,
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Script},
};

pub(super) static RULE: Rule = Rule {
    id: "install-script",
    title: "runs a command when it is installed",
    docs: include_str!("install_script.md"),
    help: "install with scripts switched off unless you know why this one is needed",
    severity: Severity::Medium,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for script in &graph.scripts {
        let powers = powers(graph);
        let (severity, message) = if script.harmless {
            (
                Severity::Info,
                format!(
                    "runs `{}` when it is installed, a well-known build step",
                    script.command
                ),
            )
        } else if powers.contains(&Capability::Network) && powers.contains(&Capability::ProcessExec) {
            (
                Severity::Medium,
                format!(
                    "runs `{}` when it is installed, which opens the network and starts programs",
                    script.command
                ),
            )
        } else {
            (Severity::Low, format!("runs `{}` when it is installed", script.command))
        };
        out.push(finding(script, severity, message));
    }
}

fn finding(script: &Script, severity: Severity, message: String) -> Finding {
    Finding::at(
        &RULE,
        "package.json",
        script.range,
        Reach::Install,
        severity,
        Confidence::High,
    )
    .says(message)
    .because(
        "package.json",
        script.range,
        0,
        format!("npm runs the `{}` script", script.name),
    )
}

/// What code that runs at install can do.
fn powers(graph: &Graph<'_>) -> Vec<Capability> {
    let mut powers: Vec<Capability> = Vec::new();
    for module in &graph.modules {
        for used in module
            .facts
            .uses
            .iter()
            .filter(|used| module.reach_of(used.place) == Reach::Install)
        {
            powers.push(used.capability);
        }
    }
    powers
}
