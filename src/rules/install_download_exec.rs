//! Something is downloaded and run while the package is installed.

use super::Rule;
use crate::{
    facts::{
        Use,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow, Script},
    package::shell,
};

pub(super) static RULE: Rule = Rule {
    id: "install-download-exec",
    title: "downloads something and runs it while it is installed",
    docs: include_str!("install_download_exec.md"),
    help: "do not install it: what it downloads can change at any time and was never published for review",
    severity: Severity::Critical,
    check,
};

/// Programs that fetch.
const FETCHERS: [&str; 8] = [
    "curl",
    "wget",
    "certutil",
    "bitsadmin",
    "mshta",
    "iwr",
    "invoke-webrequest",
    "aria2c",
];
/// Programs that run what they are given.
const RUNNERS: [&str; 15] = [
    "sh", "bash", "zsh", "dash", "ksh", "node", "python", "python3", "perl", "ruby", "php", "iex", "bun", "deno",
    "pwsh",
];
/// Words of one-liners that fetch and run by themselves.
const ONE_LINERS: [&str; 8] = [
    "downloadstring",
    "downloadfile",
    "invoke-expression",
    "iex(",
    "iex (",
    "urlopen(",
    "$(curl",
    "$(wget",
];

/// What a command line does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Nothing,
    Fetches,
    FetchesAndRuns,
}

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for script in &graph.scripts {
        lifecycle(script, out);
    }
    for (index, module) in graph.modules.iter().enumerate() {
        if module.reach != Reach::Install {
            continue;
        }
        let before = out.len();
        let flows = graph.flows_into(index);
        for used in module
            .facts
            .uses
            .iter()
            .filter(|used| used.capability == Capability::ProcessExec)
        {
            let worst = used
                .arguments
                .commands
                .iter()
                .map(|command| deed(command))
                .max()
                .unwrap_or(Deed::Nothing);
            if let Some(severity) = severity(worst) {
                out.push(
                    Finding::new(&RULE, module, used.place, severity, Confidence::High)
                        .says(format!(
                            "starts {} while it is installed",
                            super::quoted(&used.arguments.commands)
                        ))
                        .because(
                            module.path,
                            used.place.range,
                            used.place.layer,
                            format!("`{}` runs the command", used.api),
                        ),
                );
            }
        }
        for flow in flows {
            followed(flow, out);
        }
        let mut written = flows
            .iter()
            .filter(|flow| flow.source == Source::Network && flow.sink == Sink::FileWrite);
        if out.len() == before
            && let Some(flow) = written.next()
        {
            written_and_run(graph, module, flow, out);
        }
    }
}

fn severity(deed: Deed) -> Option<Severity> {
    match deed {
        Deed::Nothing => None,
        Deed::Fetches => Some(Severity::High),
        Deed::FetchesAndRuns => Some(Severity::Critical),
    }
}

fn lifecycle(script: &Script, out: &mut Vec<Finding>) {
    let own = ("package.json", script.command.as_str());
    let files = script.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    for (file, text) in std::iter::once(own).chain(files) {
        if let Some(severity) = severity(deed(text)) {
            out.push(
                Finding::at(
                    &RULE,
                    "package.json",
                    script.range,
                    Reach::Install,
                    severity,
                    Confidence::High,
                )
                .because(
                    "package.json",
                    script.range,
                    0,
                    format!("npm runs the `{}` script", script.name),
                )
                .because(file, script.range, 0, "which fetches from the network with a command"),
            );
        }
    }
}

/// Reads a command line, or a shell script.
fn deed(text: &str) -> Deed {
    let lower = text.to_lowercase();
    if ONE_LINERS.iter().any(|word| lower.contains(word)) {
        return Deed::FetchesAndRuns;
    }
    let commands = shell::commands(text);
    let mut fetched: Vec<&str> = Vec::new();
    let mut worst = Deed::Nothing;
    for command in &commands {
        let Some(program) = command.words.first() else {
            continue;
        };
        let name = program
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(program)
            .trim_end_matches(".exe")
            .to_lowercase();
        if FETCHERS.contains(&name.as_str()) {
            worst = worst.max(Deed::Fetches);
            fetched.extend(
                command
                    .words
                    .iter()
                    .skip(1)
                    .map(String::as_str)
                    .filter(|word| !word.starts_with('-')),
            );
            continue;
        }
        if worst == Deed::Nothing {
            continue;
        }
        let runs_pipe = command.piped && RUNNERS.contains(&name.as_str());
        let runs_file = command.words.iter().any(|word| {
            fetched
                .iter()
                .any(|got| word.trim_start_matches("./").ends_with(got.trim_start_matches("./")))
        });
        if runs_pipe || runs_file || name == "chmod" {
            return Deed::FetchesAndRuns;
        }
    }
    worst
}

/// A reply of the network that becomes a command or code.
fn followed(flow: &PackageFlow<'_>, out: &mut Vec<Finding>) {
    if flow.source != Source::Network || !matches!(flow.sink, Sink::Exec | Sink::Code) {
        return;
    }
    out.push(
        Finding::of(&RULE, flow, Severity::Critical, Confidence::High)
            .because(
                flow.source_file,
                flow.source_range,
                flow.place.layer,
                format!("`{}` downloads", flow.source_api),
            )
            .through(flow)
            .because(
                flow.file,
                flow.place.range,
                flow.place.layer,
                format!("`{}` runs what came", flow.sink_api),
            ),
    );
}

/// A reply that is written to a file, and a program that is started: the same file, or nobody can tell.
fn written_and_run(graph: &Graph<'_>, module: &Module<'_>, flow: &PackageFlow<'_>, out: &mut Vec<Finding>) {
    let powers = |capability| {
        module
            .facts
            .uses
            .iter()
            .filter(move |used: &&Use| used.capability == capability)
    };
    let written: Vec<&String> = powers(Capability::FsWrite)
        .flat_map(|used| &used.arguments.paths)
        .collect();
    let Some(started) = powers(Capability::ProcessExec)
        .chain(powers(Capability::DynamicImport))
        .chain(powers(Capability::Native))
        .next()
    else {
        return;
    };
    let same = powers(Capability::ProcessExec)
        .chain(powers(Capability::DynamicImport))
        .flat_map(|used| used.arguments.commands.iter().chain(&used.arguments.paths))
        .any(|text| {
            written
                .iter()
                .any(|path| base(path).is_some_and(|base| text.contains(base)))
        });
    let checked = graph.modules.iter().filter(|m| m.reach == Reach::Install).any(|m| {
        m.facts.uses.iter().any(|used| {
            matches!(
                used.api.as_str(),
                "crypto.createHash" | "crypto.hash" | "crypto.createVerify" | "crypto.verify"
            )
        })
    });
    let (severity, confidence) = match (same, checked) {
        (true, false) => (Severity::Critical, Confidence::High),
        (false, false) => (Severity::High, Confidence::Medium),
        (_, true) => (Severity::Medium, Confidence::Medium),
    };
    let note = if checked {
        "starts a program; a hash is computed, so it may be checked first"
    } else {
        "starts a program, and no hash is checked before"
    };
    out.push(
        Finding::new(&RULE, module, started.place, severity, confidence)
            .because(
                flow.source_file,
                flow.source_range,
                flow.place.layer,
                format!("`{}` downloads", flow.source_api),
            )
            .because(
                flow.file,
                flow.place.range,
                flow.place.layer,
                format!("`{}` writes it to a file", flow.sink_api),
            )
            .because(
                module.path,
                started.place.range,
                started.place.layer,
                format!("`{}` {note}", started.api),
            ),
    );
}

/// The last part of a path, if it says something.
fn base(path: &str) -> Option<&str> {
    path.rsplit(['/', '\\', '…']).next().filter(|base| base.len() >= 3)
}
