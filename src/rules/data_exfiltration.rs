//! A secret is followed from where it is read to where it leaves the program.

use super::{
    Rule, away,
    loot::{self, Loot, Way},
};
use crate::{
    facts::capability::{self, Capability, SecretClass, Sink, Source},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "data-exfiltration",
    title: "sends secrets away",
    docs: include_str!("data_exfiltration.md"),
    help: "do not install it; if it already ran, treat every secret it could read as stolen and change it",
    severity: Severity::Critical,
    check,
};

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
}

fn judge(graph: &Graph<'_>, flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Finding> {
    // What happens at install, and what leaves in names, are rules of their own.
    if flow.reach == Reach::Install || loot::way(flow)? != Way::Sent {
        return None;
    }
    if flow.target.is_empty() && loot::stays_here(&away::named(graph, flow)) {
        return None;
    }
    let severity = match (loot::loot(flows, flow)?, flow.reach) {
        (Loot::Treasure, Reach::Import) => Severity::Critical,
        (Loot::Treasure, Reach::Call) if signs_in(flow) => Severity::Low,
        (Loot::Treasure, _) if flow.source == Source::File || flow.source_api == loot::GIVEN => Severity::High,
        (Loot::Variable | Loot::Machine, Reach::Import) | (Loot::Treasure, _) => Severity::Medium,
        _ => return None,
    };
    let (what, to) = (loot::described(flow), loot::destination(flow));
    let finding = Finding::of(&RULE, graph, flow, severity, Confidence::High).says(format!("sends {what}{to}"));
    Some(loot::told(finding, flow, &what, &to))
}

/// Whether a cloud provider's credentials go to wherever the caller says: that is what a client of it does.
fn signs_in(flow: &PackageFlow<'_>) -> bool {
    let of_cloud = |path: &String| capability::secret_path(path).is_some_and(|known| known.class == SecretClass::Cloud);
    let open = |target: &String| target.starts_with(['/', '…']);
    flow.source == Source::File
        && flow.sink == Sink::Network
        && flow.what.iter().any(of_cloud)
        && flow.target.iter().all(open)
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
