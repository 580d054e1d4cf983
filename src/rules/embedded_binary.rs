//! A native program comes along, in a file or in a text, and is run when nobody asked for it.

use super::{Rule, mismatched_file::named, weighed};
use crate::{
    facts::{ConstantKind, Use, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "embedded-binary",
    title: "runs a native program that it brings along",
    docs: include_str!("embedded_binary.md"),
    help: "ask where the program was built and from which source; nobody can read what it does",
    severity: Severity::Critical,
    check,
};

/// Programs of Windows that run what is in a library.
const RUNNERS: [&str; 3] = ["rundll32", "regsvr32", "installutil"];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for (path, form) in &graph.programs {
        let Some((module, used)) = named(graph, path) else {
            continue;
        };
        let (Capability::ProcessExec, Some(system)) = (used.capability, form.system()) else {
            continue;
        };
        let runner = RUNNERS.iter().find(|runner| {
            let commands = used.arguments.commands.iter();
            commands
                .into_iter()
                .any(|command| command.to_lowercase().contains(**runner))
        });
        let (severity, confidence) = match (module.reach_of(used.place), runner) {
            (Reach::Install | Reach::Import, Some(_)) => (Severity::Critical, Confidence::High),
            (Reach::Install, None) => (Severity::High, Confidence::Medium),
            (Reach::Import, None) => (Severity::Low, Confidence::Medium),
            (Reach::Call, Some(_)) => (Severity::Medium, Confidence::Medium),
            _ => continue,
        };
        let severity = weighed(severity, module.reach);
        let finding = Finding::new(&RULE, module, used.place, severity, confidence)
            .says(format!("runs `{path}`, a program for {system} that it brings along"));
        let with = runner.map_or(String::new(), |runner| format!(" with `{runner}`"));
        out.push(finding.because(
            module.path,
            used.place.range,
            used.place.layer,
            format!("`{}` runs it{with}", used.api),
        ));
    }
    in_text(graph, out);
}

/// A program in base64, a file that is written, and a program that is started.
fn in_text(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let holder = graph.modules.iter().find_map(|module| {
        let mut constants = module.facts.constants.iter();
        let program = constants.find(|one| one.kind == ConstantKind::Program)?;
        Some((module, program))
    });
    let Some((holder, program)) = holder else { return };
    let Some((module, written, started)) = graph.modules.iter().find_map(writes_and_starts) else {
        return;
    };
    let (severity, confidence) = match module.reach_of(started.place) {
        Reach::Install | Reach::Import => (Severity::Critical, Confidence::High),
        Reach::Call | Reach::Unreached => (Severity::High, Confidence::Medium),
    };
    out.push(
        Finding::new(
            &RULE,
            module,
            started.place,
            weighed(severity, module.reach),
            confidence,
        )
        .says("writes a native program out of a text to a file, and starts a program")
        .because(
            holder.path,
            program.range,
            0,
            format!("a native program as text: {}…", program.text),
        )
        .because(
            module.path,
            written.place.range,
            written.place.layer,
            format!("`{}` writes a file", written.api),
        )
        .because(
            module.path,
            started.place.range,
            started.place.layer,
            format!("`{}` starts a program", started.api),
        ),
    );
}

fn writes_and_starts<'m, 'a>(module: &'m Module<'a>) -> Option<(&'m Module<'a>, &'m Use, &'m Use)> {
    let first = |wanted: &[Capability]| module.facts.uses.iter().find(|used| wanted.contains(&used.capability));
    let written = first(&[Capability::FsWrite])?;
    let started = first(&[Capability::ProcessExec, Capability::Native])?;
    Some((module, written, started))
}
