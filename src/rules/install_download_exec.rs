//! Something is downloaded and run while the package is installed.

use super::{Rule, look};
use crate::{
    facts::{
        Use,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
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
    for (index, module) in graph.modules.iter().enumerate() {
        if module.reach != Reach::Install {
            continue;
        }
        let before = out.len();
        let flows = || {
            graph
                .flows_into(index)
                .iter()
                .filter(|flow| flow.reach == Reach::Install)
        };
        for flow in flows() {
            followed(graph, flow, out);
        }
        fetched(module, before, out);
        let mut written = flows().filter(|flow| flow.source == Source::Network && flow.sink == Sink::FileWrite);
        if out.len() == before
            && let Some(flow) = written.next()
        {
            written_and_run(graph, module, flow, out);
        }
    }
}

/// Whether a use is a command that fetches.
fn fetches(used: &Use) -> bool {
    used.capability == Capability::Network
        && used
            .api
            .strip_prefix("shell: ")
            .is_some_and(|name| FETCHERS.contains(&name))
}

/// Commands that fetch, where nothing says that the reply is run.
fn fetched(module: &Module<'_>, before: usize, out: &mut Vec<Finding>) {
    let now = |used: &&Use| fetches(used) && module.reach_of(used.place) == Reach::Install;
    for used in module.facts.uses.iter().filter(now) {
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
fn followed(graph: &Graph<'_>, flow: &PackageFlow<'_>, out: &mut Vec<Finding>) {
    let shell = flow.source_api == super::look::SHELL_SOCKET;
    if shell || flow.source != Source::Network || !matches!(flow.sink, Sink::Exec | Sink::Code) {
        return;
    }
    let what = match super::quoted(flow.what) {
        what if what.is_empty() => "something".to_owned(),
        what => what,
    };
    out.push(
        Finding::of(&RULE, graph, flow, Severity::Critical, Confidence::High)
            .says(format!("downloads {what} and runs it while it is installed"))
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
    let powers =
        |capability| {
            module.facts.uses.iter().filter(move |used: &&Use| {
                used.capability == capability && module.reach_of(used.place) == Reach::Install
            })
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
    // What is left running unseen, and has no name, is what came.
    let same = same || look::is_unseen(started) && started.arguments.commands.iter().all(|line| line.contains('…'));
    let later = module.later.contains(&started.place.function);
    let (severity, confidence) = match (same, checked || later) {
        (true, false) => (Severity::Critical, Confidence::High),
        (false, false) => (Severity::High, Confidence::Medium),
        (_, true) => (Severity::Medium, Confidence::Medium),
    };
    let note = if later {
        "starts a program, when a user of the package asks for it"
    } else if checked {
        "starts a program; a hash is computed, so it may be checked first"
    } else {
        "starts a program, and no hash is checked before"
    };
    let says = if later {
        "downloads something while it is installed, and runs it later"
    } else {
        RULE.title
    };
    out.push(
        Finding::new(&RULE, module, started.place, severity, confidence)
            .says(says)
            .downloaded(flow)
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
