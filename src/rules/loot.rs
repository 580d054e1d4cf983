//! What is worth stealing, and which way it leaves: what the rules about theft have in common.

use std::collections::BTreeSet;

use super::{away, look, quoted};
use crate::{
    facts::{
        Constant, ConstantKind, Ran,
        capability::{self, SecretClass, Sink, Source},
    },
    finding::Finding,
    graph::{Graph, PackageFlow},
};

/// How many names of secrets a finding shows.
const MAX_NAMED: usize = 4;

/// Programs that carry their arguments to another machine.
const CARRIERS: [&str; 10] = [
    "curl",
    "wget",
    "nc ",
    "ncat",
    "powershell",
    "invoke-webrequest",
    "scp ",
    "telnet",
    "socat",
    "openssl s_client",
];
/// Programs that look up the names among their arguments.
const ASKERS: [&str; 5] = ["nslookup", "dig ", "ping ", "host ", "drill "];
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

/// Programs that print the whole environment.
const PRINTERS: [&str; 3] = ["env", "export -p", "printenv"];

/// Programs that tell what a keychain holds.
const KEEPERS: [&str; 6] = [
    "cmdkey /list",
    "netsh wlan show profile",
    "secret-tool ",
    "security dump-keychain",
    "security find-generic-password",
    "security find-internet-password",
];

/// Hosts that tell a cloud machine its credentials.
const METADATA: [&str; 4] = [
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "metadata.google.internal",
];

/// How flows name what a parameter by its name is the key to.
pub(super) const GIVEN: &str = "a parameter";

/// How telling a piece of data is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loot {
    /// A fact about the machine or the user.
    Machine,
    /// One variable that looks like a secret.
    Variable,
    /// A file that holds secrets, all of the environment, the clipboard.
    Treasure,
}

/// Which way data leaves the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A request, a message, a command that sends.
    Sent,
    /// A name that is looked up.
    Asked,
}

/// Which way a flow leaves the machine, if it does.
pub(super) fn way(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Option<Way> {
    let runs = |programs: &[&str]| {
        let commands = flow.target.iter().map(|command| command.to_lowercase());
        let mut commands = commands.chain(flow.sink_api.strip_prefix("shell: ").map(|name| format!("{name} ")));
        commands.any(|command| programs.iter().any(|program| command.contains(program)))
    };
    match flow.sink {
        _ if stays_here(flow.target) => None,
        Sink::Network | Sink::Exec if runs(&ASKERS) => Some(Way::Asked),
        Sink::Network => Some(Way::Sent),
        Sink::Dns => Some(Way::Asked),
        Sink::Exec if runs(&CARRIERS) || is_piped(graph, flow) => Some(Way::Sent),
        _ => None,
    }
}

/// Whether data goes to the standard input of a program that sends what it reads there.
fn is_piped(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let module = graph.modules.get(flow.module);
    let module = module.filter(|_| flow.sink_api.contains("stdin"));
    let sends = |ran: &Ran| match ran.program().as_str() {
        "curl" => ran.arguments().iter().any(|word| word == "@-" || word == "-T-"),
        "nc" | "ncat" | "netcat" => true,
        _ => false,
    };
    module.is_some_and(|module| module.facts.commands.iter().any(sends))
}

/// Whether everything goes to this very machine.
pub(super) fn stays_here(target: &[String]) -> bool {
    let here = |host: &String| {
        ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|name| host.contains(name))
    };
    !target.is_empty() && target.iter().all(here)
}

/// What the data of a flow is worth; `flows` are those of the same module.
pub(super) fn loot(flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Loot> {
    match alone(flow)? {
        // Nobody needs three secrets of three services at once.
        Loot::Variable if secrets_sent(flows, flow) >= 3 => Some(Loot::Treasure),
        loot => Some(loot),
    }
}

fn alone(flow: &PackageFlow<'_>) -> Option<Loot> {
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
        // A key that the caller hands over, by the parameter's name, goes nowhere that the caller did not name.
        Source::Input if flow.source_api == GIVEN && !away::foreign_to(flow).is_empty() => Some(Loot::Treasure),
        // A cloud's own client goes where its settings say.
        Source::Network if of_machine(flow.what) && !of_machine(flow.target) && !away::foreign_to(flow).is_empty() => {
            Some(Loot::Treasure)
        }
        Source::Network | Source::Input | Source::Intercepted | Source::Storage => None,
    }
}

/// Whether a host is the one that tells a cloud machine its credentials.
fn of_machine(hosts: &[String]) -> bool {
    hosts
        .iter()
        .any(|host| METADATA.iter().any(|known| host.contains(known)))
}

/// What a program's output is worth, by its command.
fn output(commands: &[String]) -> Option<Loot> {
    let parts = || {
        commands
            .iter()
            .flat_map(|line| line.split([';', '&', '|']))
            .map(str::trim)
    };
    let keeps = |part: &str| KEEPERS.iter().any(|keeper| part.starts_with(keeper));
    let treasure =
        |part: &str| capability::secret_in_command(part).is_some() || PRINTERS.contains(&part) || keeps(part);
    if parts().any(treasure) {
        return Some(Loot::Treasure);
    }
    let tells = |part: &str| TELLERS.iter().any(|teller| part.starts_with(teller));
    parts().any(tells).then_some(Loot::Machine)
}

/// What a module names that reads files: places of secrets, and patterns that find them.
pub(super) struct Hoard<'g> {
    path: &'g str,
    named: Vec<&'g Constant>,
}

/// What the modules on the way of a file's data name that hold secrets, where they name enough to tell a purpose: a
/// pattern that finds them, a store that no other program has to do with, or several places.
pub(super) fn hoard<'g>(graph: &'g Graph<'_>, flow: &PackageFlow<'_>, hosts: &[String]) -> Option<Hoard<'g>> {
    let open = |path: &String| path.contains('…') || path.starts_with('~') || path == ".";
    let open = match flow.source {
        Source::File => flow.what.iter().all(open),
        Source::Environment => flow.what.iter().any(|name| name.contains('…')),
        _ => false,
    };
    if !open {
        return None;
    }
    let on_way = |path: &str| flow.source_file == path || flow.steps.iter().any(|(file, ..)| *file == path);
    let folder = |path: &str| {
        path.rsplit_once('/')
            .map_or(String::new(), |(folder, _)| folder.to_owned())
    };
    // A list of what to look for may stand in a file of its own, beside.
    let beside = |path: &str| flow.source == Source::File && folder(path) == folder(flow.source_file);
    let modules = graph.modules.iter().filter(|module| on_way(module.path));
    let modules = modules.chain(graph.modules.iter().filter(|module| beside(module.path)));
    modules.into_iter().find_map(|module| {
        let (mut places, mut telling) = (BTreeSet::new(), false);
        let here = on_way(module.path);
        let mut named = Vec::new();
        for constant in &module.facts.constants {
            match constant.kind {
                ConstantKind::SecretVariable if flow.source == Source::Environment => {
                    let name = &constant.text;
                    if hosts.iter().any(|host| away::of_variable(name, host)) {
                        continue;
                    }
                    places.insert(name.split('_').next().unwrap_or_default());
                }
                ConstantKind::SecretPattern if flow.source == Source::File && here => telling = true,
                ConstantKind::SecretName if flow.source == Source::File => {
                    let Some(secret) = capability::secret_path(&constant.text) else {
                        continue;
                    };
                    if hosts.iter().any(|host| away::of_class(secret.class, host)) {
                        continue;
                    }
                    telling |= matches!(
                        secret.class,
                        SecretClass::Browser
                            | SecretClass::Chat
                            | SecretClass::PasswordManager
                            | SecretClass::ShellHistory
                            | SecretClass::Ssh
                            | SecretClass::Wallet
                    );
                    places.insert(secret.path);
                }
                _ => continue,
            }
            named.push(constant);
        }
        (telling || places.len() > 1).then_some(Hoard {
            path: module.path,
            named,
        })
    })
}

impl Hoard<'_> {
    /// What it is, in words.
    pub(super) fn described(&self) -> String {
        let secret = self.named.iter().find_map(|one| capability::secret_path(&one.text));
        match secret {
            Some(secret) => format!("what it finds in files, {} among them", secret.what),
            None => "secrets that it looks for".to_owned(),
        }
    }

    /// A finding with the places where secrets are named.
    pub(super) fn shown(&self, mut finding: Finding) -> Finding {
        for one in self.named.iter().take(MAX_NAMED) {
            finding = finding.because(self.path, one.range, 0, format!("`{}` is looked for", one.text));
        }
        finding
    }
}

/// Secrets of how many issuers reach the same sink, by the first words of their variables.
fn secrets_sent(flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> usize {
    let together = flows
        .iter()
        .filter(|other| other.place == flow.place && other.source == Source::Environment);
    let names: BTreeSet<&String> = together
        .flat_map(|other| other.what)
        .filter(|name| capability::secret_variable(name))
        .collect();
    let issuers: BTreeSet<&str> = names.iter().filter_map(|name| name.split('_').next()).collect();
    issuers.len()
}

/// What the data of a flow is, in words.
pub(super) fn described(flow: &PackageFlow<'_>) -> String {
    match flow.source {
        Source::Environment if flow.what.iter().any(|name| name == "*") => "all environment variables".to_owned(),
        Source::Environment if flow.what.iter().all(|name| name.contains('…')) => "environment variables".to_owned(),
        Source::Environment => format!("the environment variable {}", quoted(flow.what)),
        Source::File => flow
            .what
            .iter()
            .find_map(|path| capability::secret_path(path))
            .map_or_else(|| "a file".to_owned(), |secret| secret.what.to_owned()),
        Source::System => fact(flow.source_api).to_owned(),
        Source::Clipboard => "the clipboard".to_owned(),
        Source::Input => format!("the key {} that its caller hands over", quoted(flow.what)),
        Source::Exec => format!("the output of {}", quoted(flow.what)),
        Source::Storage => "what the browser stores".to_owned(),
        Source::Network if of_machine(flow.what) => "a cloud machine's credentials".to_owned(),
        _ => "data".to_owned(),
    }
}

/// What an API tells of the machine.
fn fact(api: &str) -> &'static str {
    match api {
        "os.hostname" | "Deno.hostname" | "shell: hostname" => "the machine's name",
        "os.userInfo" | "shell: whoami" | "shell: id" => "the user's name",
        "os.homedir" => "the home folder's path",
        "os.networkInterfaces" | "shell: ifconfig" | "shell: ipconfig" => "the network addresses",
        _ => "facts about this machine",
    }
}

/// Where it goes, in words, with what the host is known for.
pub(super) fn destination(flow: &PackageFlow<'_>) -> String {
    match (look::telling(flow.target), flow.target.is_empty()) {
        (Some((host, known)), _) => format!(" to {}, `{}`", known.what, look::brief(host)),
        (None, true) => String::new(),
        (None, false) => format!(" to {}", quoted(flow.target)),
    }
}

/// The steps of a theft: read, carried, sent.
pub(super) fn told(finding: Finding, flow: &PackageFlow<'_>, what: &str, to: &str) -> Finding {
    let layer = flow.place.layer;
    let read = format!("`{}` reads {what}", flow.source_api);
    let sent = format!("`{}` sends it{to}", flow.sink_api);
    finding
        .because(flow.source_file, flow.source_range, layer, read)
        .through(flow)
        .because(flow.file, flow.place.range, layer, sent)
}

/// One finding a sink is enough: the one with the worst source.
pub(super) fn keep_strongest(out: &mut Vec<Finding>, from: usize) {
    let mut found: Vec<Finding> = out.drain(from..).collect();
    crate::order::sort_by(&mut found, |a, b| (a.range, b.severity).cmp(&(b.range, a.severity)));
    found.dedup_by(|next, kept| next.range == kept.range);
    out.extend(found);
}
