//! Code looks whether it is watched, and behaves then.

use std::collections::BTreeSet;

use super::{Rule, weighed};
use crate::{
    facts::{Constant, ConstantKind, Use, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "anti-analysis",
    title: "looks whether somebody watches it",
    docs: include_str!("anti_analysis.md"),
    help: "read what it does where nobody watches; honest code has no reason to ask",
    severity: Severity::High,
    check,
};

/// How many names of tools and sandboxes are no accident.
const MIN_NAMES: usize = 3;
/// The longest text that is nothing but a trap for debuggers.
const MAX_TRAP: usize = 80;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        if module.reach > Reach::Unreached {
            out.extend(names(module).or_else(|| trap(module)).or_else(|| asks(module)));
        }
    }
}

/// Names of tools that take programs apart, where the names of what runs here are looked up.
fn names(module: &Module<'_>) -> Option<Finding> {
    let of_kinds = |kinds: &'static [ConstantKind]| {
        let constants = module.facts.constants.iter();
        constants.filter(move |one: &&Constant| kinds.contains(&one.kind))
    };
    let watchers: Vec<&Constant> = of_kinds(&[ConstantKind::Tool, ConstantKind::Sandbox]).collect();
    let machines = of_kinds(&[ConstantKind::VirtualMachine]).count();
    let first = watchers
        .first()
        .filter(|_| watchers.len() >= 2 && watchers.len() + machines >= MIN_NAMES)?;
    let looks = |used: &&Use| matches!(used.capability, Capability::SystemInfo | Capability::ProcessExec);
    let uses = &module.facts.uses;
    let looked = uses
        .iter()
        .filter(looks)
        .max_by_key(|used| module.reach_of(used.place))?;
    let ends = uses.iter().find(|used| ends_process(used));
    let severity = match (module.reach_of(looked.place), ends) {
        (Reach::Install | Reach::Import, Some(_)) => Severity::High,
        (Reach::Install | Reach::Import, None) | (Reach::Call, Some(_)) => Severity::Medium,
        _ => Severity::Low,
    };
    let names: BTreeSet<String> = watchers.iter().map(|one| one.text.to_lowercase()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let severity = weighed(severity, module.reach);
    let mut finding = Finding::new(&RULE, module, looked.place, severity, Confidence::Medium)
        .says(format!(
            "looks for tools that would watch it: {}",
            super::quoted(&names)
        ))
        .because(module.path, first.range, 0, "names of tools and sandboxes")
        .because(
            module.path,
            looked.place.range,
            looked.place.layer,
            format!("`{}` tells what runs here", looked.api),
        );
    if let Some(ends) = ends {
        let note = format!("`{}` ends the program", ends.api);
        finding = finding.because(module.path, ends.place.range, ends.place.layer, note);
    }
    Some(finding)
}

fn ends_process(used: &Use) -> bool {
    matches!(
        used.api.as_str(),
        "process.exit" | "process.kill" | "process.abort" | "process.reallyExit"
    )
}

/// `debugger` as a text that is run: a breakpoint that no search finds, as a rule in a loop.
fn trap(module: &Module<'_>) -> Option<Finding> {
    let (code, text) = module.facts.evaluated.iter().find_map(|code| {
        let text = code.text.as_deref().filter(|text| text.len() <= MAX_TRAP)?;
        let text = text.trim();
        let endless = text.replace(' ', "").starts_with("while(true){}");
        (text.starts_with("debugger") || endless).then_some((code, text))
    })?;
    let severity = match module.reach_of(code.place) {
        Reach::Install | Reach::Import => Severity::Medium,
        Reach::Call | Reach::Unreached => Severity::Low,
    };
    let severity = weighed(severity, module.reach);
    Some(
        Finding::new(&RULE, module, code.place, severity, Confidence::High)
            .says("stops whoever attaches a debugger")
            .because(
                module.path,
                code.place.range,
                code.place.layer,
                format!("`{}` runs the text `{text}`", code.api),
            ),
    )
}

/// Whether a debugger is attached is asked, and the program ends.
fn asks(module: &Module<'_>) -> Option<Finding> {
    let uses = &module.facts.uses;
    let asked = uses
        .iter()
        .find(|used| used.api == "inspector.url" && module.reach_of(used.place) >= Reach::Import)?;
    let ends = uses
        .iter()
        .find(|used| ends_process(used) && module.reach_of(used.place) >= Reach::Import)?;
    Some(
        Finding::new(&RULE, module, asked.place, Severity::Medium, Confidence::Medium)
            .says("looks whether a debugger is attached, and ends the program")
            .because(
                module.path,
                asked.place.range,
                asked.place.layer,
                "`inspector.url` tells whether a debugger is attached",
            )
            .because(
                module.path,
                ends.place.range,
                ends.place.layer,
                format!("`{}` ends the program", ends.api),
            ),
    )
}
