//! A secret is followed from where it is read to where it leaves the program.

use super::{
    Rule, away, look,
    loot::{self, Loot, Way},
    weighed,
};
use crate::{
    facts::{
        Code, ConstantKind,
        capability::{self, Capability, HostKind, SecretClass, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "data-exfiltration",
    title: "sends secrets away",
    docs: include_str!("data_exfiltration.md"),
    help: "do not install it; if it already ran, treat every secret it could read as stolen and change it",
    severity: Severity::Critical,
    check,
};

/// On a longer way through a package some step may be one that the program never takes.
const LONG: usize = 6;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let start = out.len();
    for flows in graph.flows.chunk_by(|a, b| a.module == b.module) {
        let before = out.len();
        for flow in flows {
            out.extend(judge(graph, flows, flow));
        }
        loot::keep_strongest(out, before);
    }
    if out.len() == start {
        gathered(graph, out);
    }
    for module in graph.modules.iter().filter(|module| module.reach > Reach::Unreached) {
        out.extend(copied(module));
    }
}

/// Mails that a caller addresses go to one more reader, whom the package names.
fn copied(module: &Module<'_>) -> Option<Finding> {
    let constants = module.facts.constants.iter();
    let mut copies = constants.filter(|one| one.kind == ConstantKind::BlindCopy);
    let one = copies.next()?;
    // A list of readers is somebody's settings.
    if copies.any(|other| other.text != one.text) {
        return None;
    }
    let says = format!("sends a blind copy of each mail to `{}`", one.text);
    let severity = weighed(Severity::High, module.reach);
    Some(
        Finding::at(&RULE, module.path, one.range, module.reach, severity, Confidence::High)
            .says(says)
            .because(module.path, one.range, 0, "the address is written out in the package"),
    )
}

fn judge(graph: &Graph<'_>, flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Finding> {
    // What happens at install, and what leaves in names, are rules of their own.
    if flow.reach == Reach::Install || loot::way(graph, flow)? != Way::Sent {
        return None;
    }
    if flow.target.is_empty() && loot::stays_here(&away::named(graph, flow)) {
        return None;
    }
    let hosts = away::destination(graph, flow);
    if let Some(finding) = reported(graph, flow) {
        return Some(finding);
    }
    let Some(loot) = loot::loot(flows, flow) else {
        return hoarded(graph, flow, &hosts);
    };
    let severity = severity(graph, flow, loot, &hosts)?;
    let (what, to) = (loot::described(flow), loot::destination(flow));
    let finding = Finding::of(&RULE, graph, flow, severity, Confidence::High).says(format!("sends {what}{to}"));
    Some(loot::told(finding, flow, &what, &to))
}

/// How bad it is: a theft goes to a host that the package fixes; a client goes where its caller says, or to the host
/// that the secret is for.
fn severity(graph: &Graph<'_>, flow: &PackageFlow<'_>, loot: Loot, hosts: &[String]) -> Option<Severity> {
    let written = away::written(graph, flow);
    let known = if hosts.is_empty() { &written } else { hosts };
    let issued = known.iter().any(|host| away::issued(flow, host));
    let foreign = !hosts.is_empty() && !issued;
    let open = |target: &String| target.starts_with(['/', '…']);
    let told_by_caller = hosts.is_empty() && !flow.target.is_empty() && flow.target.iter().all(open);
    let now = flow.reach == Reach::Import;
    Some(match (loot, flow.source) {
        (Loot::Treasure, Source::File) if now && !issued => Severity::Critical,
        (Loot::Treasure, Source::File) if issued || (known.is_empty() || told_by_caller) && for_a_service(flow) => {
            Severity::Low
        }
        (Loot::Treasure, Source::File) => Severity::High,
        (Loot::Treasure, _) if now && (foreign || flow.steps.len() < LONG) => Severity::Critical,
        (Loot::Treasure, Source::Environment | Source::Exec) if foreign => Severity::High,
        (Loot::Treasure, _) if flow.source_api == loot::GIVEN => Severity::High,
        (Loot::Treasure, _) => Severity::Medium,
        (Loot::Variable, Source::Environment) => {
            let much = flow.what.iter().any(|name| away::opens_much(name));
            match (much && foreign, now) {
                (true, _) => Severity::High,
                (false, true) if !issued => Severity::Medium,
                _ => return None,
            }
        }
        (Loot::Variable | Loot::Machine, _) if now && in_hidden_code(graph, flow) => Severity::High,
        (Loot::Variable | Loot::Machine, _) if now => Severity::Medium,
        _ => return None,
    })
}

/// Files, variables and the like go to a webhook or a bot of somebody whom the package names.
fn reported(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Option<Finding> {
    let (host, known) = look::telling(flow.target)?;
    let somebody = !host.split('?').next().unwrap_or_default().contains('…');
    let own = match flow.source {
        Source::File | Source::Clipboard | Source::Exec | Source::Storage => true,
        Source::Environment => flow
            .what
            .iter()
            .any(|name| name == "*" || capability::secret_variable(name)),
        _ => false,
    };
    let kind = matches!(known.kind, HostKind::Webhook | HostKind::Bot);
    if !(somebody && own && kind) || flow.reach < Reach::Call {
        return None;
    }
    let (what, to) = (loot::described(flow), loot::destination(flow));
    let finding = Finding::of(&RULE, graph, flow, Severity::Critical, Confidence::High);
    Some(loot::told(finding.says(format!("sends {what}{to}")), flow, &what, &to))
}

/// Whether it is done by code that is put together just before it runs.
fn in_hidden_code(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let mut codes = graph.modules[flow.module].facts.evaluated.iter();
    let hides = |code: Code| matches!(code, Code::Assembled | Code::Decoded);
    flow.place.layer > 0 && codes.any(|code| hides(code.code) && code.place.range == flow.place.range)
}

/// Files whose names are not known go to a host that the package names, and places of secrets are named with them.
fn hoarded(graph: &Graph<'_>, flow: &PackageFlow<'_>, hosts: &[String]) -> Option<Finding> {
    if hosts.is_empty() {
        return None;
    }
    let hoard = loot::hoard(graph, flow, hosts)?;
    let (what, to) = (hoard.described(), loot::destination(flow));
    let finding = Finding::of(&RULE, graph, flow, Severity::Critical, Confidence::Medium);
    let finding = loot::told(finding.says(format!("sends {what}{to}")), flow, "files", &to);
    Some(hoard.shown(finding))
}

/// Whether a file holds what a client signs in with, at whatever service its caller names.
fn for_a_service(flow: &PackageFlow<'_>) -> bool {
    let signs_in = |path: &String| {
        capability::secret_path(path).is_some_and(|known| {
            matches!(
                known.class,
                SecretClass::Cloud | SecretClass::EnvFile | SecretClass::Git | SecretClass::Npm
            ) || matches!(known.path, ".pgpass" | ".my.cnf")
        })
    };
    flow.what.iter().any(signs_in)
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
