//! A coding agent on the machine is made to work without asking.

use super::{Rule, look, weighed};
use crate::{
    facts::{
        Place, Ran,
        capability::{self, Capability, MarkKind, SecretClass},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "agent-abuse",
    title: "drives a coding agent with its safety off",
    docs: include_str!("agent_abuse.md"),
    help: "do not install it; look at what the agents on that machine were told and did since",
    severity: Severity::Critical,
    check,
};

/// Command lines of coding agents.
const AGENTS: [&str; 12] = [
    "aider",
    "amazonq",
    "amp",
    "claude",
    "codex",
    "copilot",
    "cursor-agent",
    "gemini",
    "goose",
    "opencode",
    "q",
    "qwen",
];
/// Options that let them do anything without asking.
const UNSAFE: [&str; 10] = [
    "--allow-all-tools",
    "--approval-mode=yolo",
    "--dangerously-allow-all",
    "--dangerously-bypass-approvals-and-sandbox",
    "--dangerously-skip-permissions",
    "--full-auto",
    "--permission-mode=bypassPermissions",
    "--trust-all-tools",
    "--yes-always",
    "--yolo",
];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let before = out.len();
        if let Some(ran) = module.facts.commands.iter().find(|ran| is_unsafe(ran)) {
            let note = format!("runs `{}`", look::brief(&ran.words.join(" ")));
            let says = format!("runs `{}` without letting it ask", ran.program());
            out.extend(finding(module, ran.place, &says, note, Confidence::High));
        }
        if out.len() == before {
            out.extend(named(module));
        }
        out.extend(instructions(graph, module));
    }
}

fn is_unsafe(ran: &Ran) -> bool {
    AGENTS.contains(&ran.program().as_str()) && ran.arguments().iter().any(|word| UNSAFE.contains(&word.as_str()))
}

/// The option is written out, and programs are started; which of them gets it cannot be told.
fn named(module: &Module<'_>) -> Option<Finding> {
    let mark = module.facts.marks.iter().find(|mark| mark.kind == MarkKind::Agent)?;
    let started = module
        .facts
        .uses
        .iter()
        .filter(|used| used.capability == Capability::ProcessExec);
    let started = started.max_by_key(|used| module.reach_of(used.place))?;
    let reach = module.reach_of(started.place).min(module.reach);
    let place = if reach > module.reach_of(mark.place) {
        started.place
    } else {
        mark.place
    };
    let says = format!("starts programs, one of them with `{}`", mark.text);
    let note = format!("`{}` starts a program", started.api);
    let finding = finding(module, place, &says, note, Confidence::High)?;
    Some(finding.because(
        module.path,
        mark.place.range,
        mark.place.layer,
        format!("`{}` keeps a coding agent from asking", mark.text),
    ))
}

fn finding(module: &Module<'_>, place: Place, says: &str, note: String, confidence: Confidence) -> Option<Finding> {
    let (severity, when) = match module.reach_of(place) {
        Reach::Install => (Severity::Critical, ", while it is installed"),
        Reach::Import => (Severity::High, ", when it is imported"),
        // What agents are driven with does so on its user's command.
        Reach::Call => (Severity::Low, ""),
        Reach::Unreached => return None,
    };
    Some(
        Finding::new(&RULE, module, place, weighed(severity, module.reach), confidence)
            .says(format!("{says}{when}"))
            .because(module.path, place.range, place.layer, note),
    )
}

/// Instructions or servers for agents are written where nobody asked for them.
fn instructions(graph: &Graph<'_>, module: &Module<'_>) -> Option<Finding> {
    let writes = module
        .facts
        .uses
        .iter()
        .filter(|used| used.capability == Capability::FsWrite);
    let (used, what) = writes
        .filter(|used| module.reach_of(used.place) >= Reach::Import && !used.api.contains("mkdir"))
        .find_map(|used| {
            let secret = used
                .arguments
                .paths
                .iter()
                .find_map(|path| capability::secret_path(path))?;
            (secret.class == SecretClass::Agent).then_some((used, secret.what))
        })?;
    // A command that an agent is to run is written out, too.
    let fetching = look::marks(graph).find(|(_, mark, _)| mark.kind == MarkKind::Fetching);
    let (severity, confidence) = match (module.reach_of(used.place), fetching) {
        (_, Some(_)) => (Severity::Critical, Confidence::High),
        (Reach::Install, None) => (Severity::High, Confidence::Medium),
        _ => (Severity::Medium, Confidence::Medium),
    };
    let finding = Finding::new(&RULE, module, used.place, weighed(severity, module.reach), confidence);
    let finding = match fetching {
        Some((at, mark, _)) => {
            let note = format!("`{}` downloads something and runs it", look::brief(&mark.text));
            finding.because(at.path, mark.place.range, mark.place.layer, note)
        }
        None => finding,
    };
    Some(finding.says(format!("writes {what}")).because(
        module.path,
        used.place.range,
        used.place.layer,
        format!("`{}` writes {what}", used.api),
    ))
}
