//! A file that describes a native addon runs commands at install, with no install script in sight.

use super::{Rule, look};
use crate::{
    facts::{Ran, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "implicit-gyp",
    title: "runs commands by describing a native addon",
    docs: include_str!("implicit_gyp.md"),
    help: "read the commands in binding.gyp as you would read an install script: npm runs them all the same",
    severity: Severity::High,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let gyp = graph
        .modules
        .iter()
        .filter(|module| matches!(module.path.rsplit('.').next(), Some("gyp" | "gypi")));
    for module in gyp {
        let strongest = module
            .facts
            .commands
            .iter()
            .filter_map(|ran| Some((judge(graph, module, ran)?, ran)));
        let strongest = strongest.max_by_key(|((severity, ..), _)| *severity);
        let Some(((severity, says, note), ran)) = strongest else {
            continue;
        };
        let declared = graph.scripts.iter().any(|script| script.name != "postinstall");
        let mut finding = Finding::new(&RULE, module, ran.place, severity, Confidence::Medium).says(says);
        if !declared {
            let note = "npm runs `node-gyp rebuild` by itself: the manifest names no install script";
            finding = finding.because(module.path, ran.place.range, 0, note);
        }
        let line = format!("which runs `{}`", look::brief(&ran.words.join(" ")));
        finding = finding.because(module.path, ran.place.range, ran.place.layer, line);
        out.push(finding.because(module.path, ran.place.range, ran.place.layer, note));
    }
}

/// How bad a command is, in words, and what shows it.
fn judge(graph: &Graph<'_>, module: &Module<'_>, ran: &Ran) -> Option<(Severity, String, String)> {
    let program = ran.program();
    let here = |power: Capability| {
        let mut uses = module.facts.uses.iter();
        let api = format!("shell: {program}");
        uses.any(|used| used.capability == power && used.api == api)
    };
    if here(Capability::Network) {
        let says = format!("has `{program}` reach the network while an addon is configured");
        return Some((Severity::High, says, "a build needs no network".to_owned()));
    }
    // A file of the package that a command of its own runs.
    let file = ran.arguments().iter().find(|word| {
        let word = word.trim_start_matches("./");
        graph.modules.iter().any(|module| module.path == word)
    })?;
    let name = file.trim_start_matches("./");
    let run = graph.modules.iter().find(|module| module.path == name)?;
    let power = |power: Capability| run.facts.uses.iter().find(move |used| used.capability == power);
    let used = power(Capability::Network).or_else(|| power(Capability::DynamicCode));
    let main = graph
        .entries
        .iter()
        .any(|entry| entry.file == name && entry.reach == Reach::Import && entry.named);
    match used {
        Some(used) => Some((
            Severity::High,
            format!("runs `{name}` while an addon is configured, which uses `{}`", used.api),
            "what looks like a build step has powers that no build needs".to_owned(),
        )),
        None if main => Some((
            Severity::Medium,
            format!("runs the package's own code, `{name}`, while an addon is configured"),
            "what is imported is no build step".to_owned(),
        )),
        None => None,
    }
}
