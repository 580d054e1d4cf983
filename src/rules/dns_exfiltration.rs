//! Data leaves in names that are looked up.

use super::{
    Rule,
    loot::{self, Loot, Way},
    quoted,
};
use crate::{
    facts::capability::Source,
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, PackageFlow},
    package::shell::GAP,
};

pub(super) static RULE: Rule = Rule {
    id: "dns-exfiltration",
    title: "hides data in the names it looks up",
    docs: include_str!("dns_exfiltration.md"),
    help: "do not use it: names pass where requests are blocked, and whoever owns the zone reads them",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for flows in graph.flows.chunk_by(|a, b| a.module == b.module) {
        let before = out.len();
        for flow in flows {
            out.extend(judge(graph, flows, flow));
        }
        loot::keep_strongest(out, before);
    }
}

fn judge(graph: &Graph<'_>, flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Finding> {
    if loot::way(flow)? != Way::Asked || !has_zone(flow.target) {
        return None;
    }
    let loot = match loot::loot(flows, flow) {
        Some(loot) => loot,
        // Nobody encodes what a resolver is to understand.
        None if flow.encoded && matches!(flow.source, Source::File | Source::Exec | Source::Input) => Loot::Variable,
        None => return None,
    };
    let severity = match (loot, flow.reach) {
        (_, Reach::Install | Reach::Import) => Severity::Critical,
        (Loot::Treasure, _) => Severity::High,
        _ => Severity::Medium,
    };
    let (what, to) = (loot::described(flow), loot::destination(flow));
    let finding = Finding::of(&RULE, graph, flow, severity, Confidence::High).says(format!(
        "hides {what} in a name that it looks up, {}",
        quoted(flow.target)
    ));
    Some(loot::told(finding, flow, &what, &to))
}

/// Whether data is put before a name that is written out: looking up the machine's own name tells nobody anything.
fn has_zone(target: &[String]) -> bool {
    let zone = |name: &String| {
        let end = name.rsplit(GAP).next().unwrap_or_default();
        name.contains(GAP) && end.starts_with('.') && end.len() > 3
    };
    target
        .iter()
        .any(|text| text.split_whitespace().any(|word| zone(&word.to_owned())))
}
