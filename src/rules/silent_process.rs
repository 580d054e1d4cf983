//! A program is started so that nobody sees it and it outlives the install.

use super::{Rule, look, weighed};
use crate::{
    facts::{Flag, Ran, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "silent-process",
    title: "starts a program that nobody sees",
    docs: include_str!("silent_process.md"),
    help: "look at what it starts: an install has no reason to leave something running",
    severity: Severity::High,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let mut told = Vec::new();
        for used in &module.facts.uses {
            let flags = &used.arguments.flags;
            let hidden = flags.contains(&Flag::Detached) && flags.contains(&Flag::Silent);
            if used.capability != Capability::ProcessExec || !hidden || told.contains(&used.place.range) {
                continue;
            }
            let reach = module.reach_of(used.place);
            let Some((severity, when)) = severity(reach) else {
                continue;
            };
            told.push(used.place.range);
            let what = match super::quoted(&used.arguments.commands) {
                commands if commands.is_empty() => "a program".to_owned(),
                commands => look::brief(&commands),
            };
            let mut note = format!("`{}` starts it detached, its output ignored", used.api);
            if flags.contains(&Flag::Windowless) {
                note.push_str(", without a window");
            }
            out.push(
                Finding::new(
                    &RULE,
                    module,
                    used.place,
                    weighed(severity, module.reach),
                    Confidence::Medium,
                )
                .says(format!("leaves {what} running unseen when it is {when}"))
                .because(module.path, used.place.range, used.place.layer, note),
            );
        }
        for ran in &module.facts.commands {
            if told.contains(&ran.place.range) || !hides_window(ran) {
                continue;
            }
            let Some((severity, when)) = severity(module.reach_of(ran.place)) else {
                continue;
            };
            told.push(ran.place.range);
            out.push(hidden_window(module, ran, severity, when));
        }
    }
}

/// A tool may start what its user asks for; nobody asks an import for anything.
fn severity(reach: Reach) -> Option<(Severity, &'static str)> {
    match reach {
        Reach::Install => Some((Severity::High, "installed")),
        Reach::Import => Some((Severity::Medium, "imported")),
        Reach::Call | Reach::Unreached => None,
    }
}

/// PowerShell with a hidden window.
fn hides_window(ran: &Ran) -> bool {
    let mut words = ran.arguments().iter().map(|word| word.to_ascii_lowercase());
    matches!(ran.program().as_str(), "powershell" | "pwsh")
        && words.any(|word| word.starts_with("-w"))
        && ran
            .arguments()
            .iter()
            .any(|word| word.eq_ignore_ascii_case("hidden") || word == "1")
}

fn hidden_window(module: &Module<'_>, ran: &Ran, severity: Severity, when: &str) -> Finding {
    let severity = weighed(severity, module.reach);
    let finding = Finding::new(&RULE, module, ran.place, severity, Confidence::Medium)
        .says(format!("runs commands in a hidden window when it is {when}"));
    let note = format!("runs `{}`", look::brief(&ran.words.join(" ")));
    finding.because(module.path, ran.place.range, ran.place.layer, note)
}
