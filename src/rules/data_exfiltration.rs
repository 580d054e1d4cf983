//! A secret, or a fact about the machine, is followed to where it leaves the program.

use super::{Rule, quoted};
use crate::{
    facts::capability::{self, Capability, SecretClass, Sink, Source},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, PackageFlow},
    order,
};

pub(super) static RULE: Rule = Rule {
    id: "data-exfiltration",
    title: "sends secrets away",
    docs: include_str!("data_exfiltration.md"),
    help: "do not install it; if it already ran, treat every secret it could read as stolen and change it",
    severity: Severity::Critical,
    check,
};

/// Programs that carry their arguments to another machine.
const CARRIERS: [&str; 12] = [
    "curl",
    "wget",
    "nslookup",
    "dig ",
    "ping ",
    "nc ",
    "ncat",
    "powershell",
    "invoke-webrequest",
    "scp ",
    "telnet",
    "host ",
];

/// How telling a piece of data is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loot {
    /// A fact about the machine or the user.
    Machine,
    /// One variable that looks like a secret.
    Variable,
    /// A file that holds secrets, all of the environment, the clipboard.
    Treasure,
}

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for flows in graph.flows.chunk_by(|a, b| a.module == b.module) {
        let before = out.len();
        for flow in flows {
            if let Some(finding) = judge(graph, flow, secrets_sent(flows, flow)) {
                out.push(finding);
            }
        }
        keep_strongest(out, before);
    }
    if !out.iter().any(|finding| finding.rule == RULE.id) {
        together_at_install(graph, out);
    }
    if !out.iter().any(|finding| finding.rule == RULE.id) {
        gathered(graph, out);
    }
}

/// Whether everything goes to this very machine.
fn stays_here(target: &[String]) -> bool {
    let here = |host: &String| {
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|name| host.contains(name))
    };
    !target.is_empty() && target.iter().all(here)
}

/// Programs whose output describes the machine or the user.
const TELLERS: [&str; 8] = [
    "whoami",
    "hostname",
    "uname",
    "ifconfig",
    "ip addr",
    "systeminfo",
    "ipconfig",
    "id ",
];

/// What a program's output is worth, by its command.
fn output(commands: &[String]) -> Option<Loot> {
    if commands
        .iter()
        .any(|command| capability::secret_in_command(command).is_some())
    {
        return Some(Loot::Treasure);
    }
    let tells = commands
        .iter()
        .any(|command| TELLERS.iter().any(|teller| command.starts_with(teller)));
    tells.then_some(Loot::Machine)
}

/// How many secret variables reach the same sink.
fn secrets_sent(flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> usize {
    let together = flows
        .iter()
        .filter(|other| other.place == flow.place && other.source == Source::Environment);
    let mut names: Vec<&String> = together
        .flat_map(|other| other.what)
        .filter(|name| capability::secret_variable(name))
        .collect();
    order::sort(&mut names);
    names.dedup();
    names.len()
}

fn judge(graph: &Graph<'_>, flow: &PackageFlow<'_>, secrets: usize) -> Option<Finding> {
    if stays_here(flow.target) {
        return None;
    }
    let leaves = match flow.sink {
        Sink::Network | Sink::Dns => true,
        Sink::Exec => flow
            .target
            .iter()
            .any(|command| CARRIERS.iter().any(|carrier| command.to_lowercase().contains(carrier))),
        Sink::Code | Sink::FileWrite | Sink::Message => false,
    };
    let loot = match if leaves { loot(flow)? } else { return None } {
        // Nobody needs three secrets of three services at once.
        Loot::Variable if secrets >= 3 => Loot::Treasure,
        loot => loot,
    };
    let severity = match (loot, flow.reach) {
        (Loot::Treasure, Reach::Install | Reach::Import) => Severity::Critical,
        (Loot::Machine | Loot::Variable, Reach::Install) if flow.sink != Sink::Network => Severity::Critical,
        (Loot::Variable | Loot::Machine, Reach::Install) => Severity::High,
        (Loot::Treasure, _) if flow.sink == Sink::Dns || flow.source == Source::File => Severity::High,
        (Loot::Treasure, _) => Severity::Medium,
        (_, Reach::Import) if flow.sink == Sink::Dns => Severity::Critical,
        (Loot::Variable | Loot::Machine, Reach::Import) => Severity::Medium,
        _ => return None,
    };
    let what = described(flow);
    let to = if flow.target.is_empty() {
        String::new()
    } else {
        format!(" to {}", quoted(flow.target))
    };
    Some(
        Finding::of(&RULE, graph, flow, severity, Confidence::High)
            .says(format!("sends {what}{to}"))
            .because(
                flow.source_file,
                flow.source_range,
                flow.place.layer,
                format!("`{}` reads {what}", flow.source_api),
            )
            .through(flow)
            .because(
                flow.file,
                flow.place.range,
                flow.place.layer,
                format!("`{}` sends it{to}", flow.sink_api),
            ),
    )
}

fn loot(flow: &PackageFlow<'_>) -> Option<Loot> {
    match flow.source {
        Source::Environment if flow.what.iter().any(|name| name == "*") => Some(Loot::Treasure),
        Source::Environment => flow
            .what
            .iter()
            .any(|name| capability::secret_variable(name))
            .then_some(Loot::Variable),
        Source::File => flow
            .what
            .iter()
            .any(|path| capability::secret_path(path).is_some())
            .then_some(Loot::Treasure),
        Source::System => Some(Loot::Machine),
        Source::Clipboard => Some(Loot::Treasure),
        Source::Exec => output(flow.what),
        Source::Storage if flow.sink_api != "document.cookie" => Some(Loot::Variable),
        Source::Network | Source::Input | Source::Storage => None,
    }
}

fn described(flow: &PackageFlow<'_>) -> String {
    match flow.source {
        Source::Environment if flow.what.iter().any(|name| name == "*") => "all environment variables".to_owned(),
        Source::Environment => format!("the environment variable {}", quoted(flow.what)),
        Source::File => flow
            .what
            .iter()
            .find_map(|path| capability::secret_path(path))
            .map_or_else(|| "a file".to_owned(), |secret| secret.what.to_owned()),
        Source::System => "facts about this machine".to_owned(),
        Source::Clipboard => "the clipboard".to_owned(),
        Source::Exec => format!("the output of {}", quoted(flow.what)),
        Source::Storage => "what the browser stores".to_owned(),
        _ => "data".to_owned(),
    }
}

/// One finding a sink is enough: the one with the worst source.
fn keep_strongest(out: &mut Vec<Finding>, from: usize) {
    let mut found: Vec<Finding> = out.drain(from..).collect();
    crate::order::sort_by(&mut found, |a, b| (a.range, b.severity).cmp(&(b.range, a.severity)));
    found.dedup_by(|next, kept| next.range == kept.range);
    out.extend(found);
}

/// Install-time code that opens secrets and the network, even where the way between them is not seen.
fn together_at_install(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let at_install = || {
        graph.modules.iter().flat_map(|module| {
            module
                .facts
                .uses
                .iter()
                .filter(|used| module.reach_of(used.place) == Reach::Install)
                .map(move |used| (module, used))
        })
    };
    let Some((sender, sent)) =
        at_install().find(|(_, used)| matches!(used.capability, Capability::Network | Capability::Dns))
    else {
        return;
    };
    for (module, used) in at_install() {
        let what = match used.capability {
            Capability::FsRead => used
                .arguments
                .paths
                .iter()
                .find_map(|path| capability::secret_path(path))
                .map(|secret| secret.what),
            Capability::Env
                if used
                    .arguments
                    .variables
                    .iter()
                    .any(|name| capability::secret_variable(name)) =>
            {
                Some("a secret variable")
            }
            _ => None,
        };
        let Some(what) = what else { continue };
        out.push(
            Finding::new(&RULE, sender, sent.place, Severity::High, Confidence::Medium)
                .says(format!("reads {what} and opens the network while it is installed"))
                .because(
                    module.path,
                    used.place.range,
                    used.place.layer,
                    format!("`{}` reads {what}", used.api),
                )
                .because(
                    sender.path,
                    sent.place.range,
                    sent.place.layer,
                    format!("`{}` reaches the network", sent.api),
                ),
        );
        return;
    }
}

/// A package that takes all variables, opens a file of secrets and reaches the network, each in a place of its own.
fn gathered(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let uses = || {
        graph.modules.iter().flat_map(|module| {
            module
                .facts
                .uses
                .iter()
                .filter(|used| module.reach_of(used.place) > Reach::Unreached)
                .map(move |used| (module, used))
        })
    };
    let all = uses().find(|(_, used)| {
        used.capability == Capability::Env && used.arguments.variables.iter().any(|name| name == "*")
    });
    let sent = uses().find(|(_, used)| matches!(used.capability, Capability::Network | Capability::Dns));
    let secret = uses().find_map(|(module, used)| {
        let secret = used
            .arguments
            .paths
            .iter()
            .find_map(|path| capability::secret_path(path))?;
        let telling = matches!(
            secret.class,
            SecretClass::Browser
                | SecretClass::Chat
                | SecretClass::Npm
                | SecretClass::PasswordManager
                | SecretClass::ShellHistory
                | SecretClass::Ssh
                | SecretClass::Wallet
        );
        let read = capability::api(&used.api).is_some_and(|api| api.source.is_some());
        (telling && read && used.capability == Capability::FsRead).then_some((module, used, secret.what))
    });
    let (Some((taker, all)), Some((holder, opened, what)), Some((sender, sent))) = (all, secret, sent) else {
        return;
    };
    out.push(
        Finding::new(&RULE, sender, sent.place, Severity::High, Confidence::Medium)
            .says(format!("takes all environment variables and {what}, and can send them"))
            .because(
                taker.path,
                all.place.range,
                all.place.layer,
                format!("`{}` is taken whole", all.api),
            )
            .because(
                holder.path,
                opened.place.range,
                opened.place.layer,
                format!("`{}` opens {what}", opened.api),
            )
            .because(
                sender.path,
                sent.place.range,
                sent.place.layer,
                format!("`{}` reaches the network", sent.api),
            ),
    );
}
