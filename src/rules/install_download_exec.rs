//! Something is downloaded and run while the package is installed.

use super::Rule;
use crate::{
    facts::{
        Flow, Use,
        capability::{Capability, Sink, Source},
        command_facts,
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, Script},
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
const FETCHERS: [&str; 15] = [
    "aria2c",
    "bitsadmin",
    "certutil",
    "curl",
    "iwr",
    "mshta",
    "osascript",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "ruby",
    "wget",
];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for script in &graph.scripts {
        for (file, text) in &script.texts {
            shell_file(script, file, text, out);
        }
    }
    for module in graph.modules.iter().filter(|module| module.reach == Reach::Install) {
        let before = out.len();
        for flow in &module.facts.flows {
            followed(module, flow, out);
        }
        fetched(module, before, out);
        if out.len() == before {
            written_and_run(graph, module, out);
        }
    }
}

/// A shell script of the package that a lifecycle script runs.
fn shell_file(script: &Script, file: &str, text: &str, out: &mut Vec<Finding>) {
    let facts = command_facts([(text, shell::read(text))], script.range);
    let severity = if facts.flows.iter().any(runs_reply) {
        Severity::Critical
    } else if facts.uses.iter().any(fetches) {
        Severity::High
    } else {
        return;
    };
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

/// Whether a use is a command that fetches.
fn fetches(used: &Use) -> bool {
    used.capability == Capability::Network
        && used
            .api
            .strip_prefix("shell: ")
            .is_some_and(|name| FETCHERS.contains(&name))
}

fn runs_reply(flow: &Flow) -> bool {
    flow.source == Source::Network && matches!(flow.sink, Sink::Exec | Sink::Code)
}

/// Commands that fetch, where nothing says that the reply is run.
fn fetched(module: &Module<'_>, before: usize, out: &mut Vec<Finding>) {
    for used in module.facts.uses.iter().filter(|used| fetches(used)) {
        if out.iter().skip(before).any(|found| found.range == used.place.range) {
            continue;
        }
        let from = match super::quoted(&used.arguments.hosts) {
            hosts if hosts.is_empty() => String::new(),
            hosts => format!(" from {hosts}"),
        };
        out.push(
            Finding::new(&RULE, module, used.place, Severity::High, Confidence::High)
                .says(format!("downloads{from} with a command while it is installed"))
                .because(
                    module.path,
                    used.place.range,
                    used.place.layer,
                    format!("`{}` fetches from the network", used.api),
                ),
        );
    }
}

/// A reply of the network that becomes a command or code.
fn followed(module: &Module<'_>, flow: &Flow, out: &mut Vec<Finding>) {
    if !runs_reply(flow) {
        return;
    }
    let what = match super::quoted(&flow.what) {
        what if what.is_empty() => "something".to_owned(),
        what => what,
    };
    out.push(
        Finding::new(&RULE, module, flow.place, Severity::Critical, Confidence::High)
            .says(format!("downloads {what} and runs it while it is installed"))
            .because(
                module.path,
                flow.source_range,
                flow.place.layer,
                format!("`{}` downloads", flow.source_api),
            )
            .along(module.path, &flow.steps)
            .because(
                module.path,
                flow.place.range,
                flow.place.layer,
                format!("`{}` runs what came", flow.sink_api),
            ),
    );
}

/// A reply that is written to a file, and a program that is started: the same file, or nobody can tell.
fn written_and_run(graph: &Graph<'_>, module: &Module<'_>, out: &mut Vec<Finding>) {
    let Some(flow) = module
        .facts
        .flows
        .iter()
        .find(|flow| flow.source == Source::Network && flow.sink == Sink::FileWrite)
    else {
        return;
    };
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
                module.path,
                flow.source_range,
                flow.place.layer,
                format!("`{}` downloads", flow.source_api),
            )
            .because(
                module.path,
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
