//! What an install script reads of the machine leaves it.

use super::{
    Rule, away, look,
    loot::{self, Loot, Way},
};
use crate::{
    facts::capability::{self, Capability, Source},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "install-exfiltration",
    title: "sends what it reads of this machine while it is installed",
    docs: include_str!("install_exfiltration.md"),
    help: "do not install it; if it was installed, treat every secret on that machine as stolen and change it",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let start = out.len();
    for flows in graph.flows.chunk_by(|a, b| a.module == b.module) {
        let before = out.len();
        for flow in flows.iter().filter(|flow| flow.reach == Reach::Install) {
            out.extend(judge(graph, flows, flow));
        }
        loot::keep_strongest(out, before);
        // A request is begun and ended: the finding that knows where it goes says it all.
        let goes = |found: &Finding| found.message.contains(" to ");
        if out.iter().skip(before).any(goes) {
            let mut index = 0;
            out.retain(|found| {
                index += 1;
                index <= before || goes(found)
            });
        }
    }
    if out.len() == start {
        together(graph, out);
    }
}

fn judge(graph: &Graph<'_>, flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Finding> {
    if loot::way(graph, flow)? != Way::Sent {
        return None;
    }
    let Some(loot) = loot::loot(flows, flow) else {
        return hoarded(graph, flow);
    };
    let telling = look::telling(flow.target).is_some_and(|(_, host)| look::receives(host.kind));
    let facts = machine_facts(flows, flow);
    let severity = if loot == Loot::Treasure || flow.source == Source::Exec || telling || facts.len() > 1 {
        Severity::Critical
    } else {
        Severity::High
    };
    let (mut what, to) = (loot::described(flow), loot::destination(flow));
    if loot == Loot::Machine && facts.len() > 1 {
        what = listed(&facts);
    }
    let finding = Finding::of(&RULE, graph, flow, severity, Confidence::High)
        .says(format!("sends {what}{to} while it is installed"));
    Some(loot::told(finding, flow, &what, &to))
}

/// Files whose names are not known are sent, and places of secrets are named with them.
fn hoarded(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Option<Finding> {
    let hoard = loot::hoard(graph, flow, &away::destination(graph, flow))?;
    let (what, to) = (hoard.described(), loot::destination(flow));
    let finding = Finding::of(&RULE, graph, flow, Severity::Critical, Confidence::Medium);
    let finding = finding.says(format!("sends {what}{to} while it is installed"));
    Some(hoard.shown(loot::told(finding, flow, "files", &to)))
}

/// `a, b and c`
fn listed(facts: &[String]) -> String {
    match facts {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => facts.join(""),
    }
}

/// The facts about machine and user that reach one sink.
fn machine_facts(flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let together = |other: &&PackageFlow<'_>| other.source == Source::System && other.place == flow.place;
    for other in flows.iter().filter(together) {
        let fact = loot::described(other);
        if !out.contains(&fact) {
            out.push(fact);
        }
    }
    out
}

/// Install-time code that opens secrets and the network, even where the way between them is not seen.
fn together(graph: &Graph<'_>, out: &mut Vec<Finding>) {
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
