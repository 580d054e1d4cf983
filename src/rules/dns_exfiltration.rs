//! Data leaves in names that are looked up.

use super::{
    Rule,
    loot::{self, Loot, Way},
    quoted,
};
use crate::{
    facts::{
        End,
        capability::{Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
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
    for module in graph.modules.iter().filter(|module| module.reach > Reach::Unreached) {
        out.extend(carried(module));
    }
}

/// What a caller hands over is encoded and put into a name under a zone that is written out: nobody encodes what a
/// resolver is to understand.
fn carried(module: &Module<'_>) -> Option<Finding> {
    let passages = module.facts.passages.iter().filter(|passage| passage.encoded);
    let (passage, api, place, target) =
        passages
            .into_iter()
            .find_map(|passage| match (&passage.from, &passage.to) {
                (
                    End::Edge { specifier: None, .. },
                    End::Sink {
                        kind: Sink::Dns,
                        api,
                        place,
                        target,
                    },
                ) if has_zone(target) => Some((passage, api, *place, target)),
                _ => None,
            })?;
    let mut finding = Finding::new(&RULE, module, place, Severity::High, Confidence::High).says(format!(
        "hides what its caller hands over in a name that it looks up, {}",
        quoted(target)
    ));
    for (range, step) in &passage.steps {
        finding = finding.because(module.path, *range, place.layer, step.clone());
    }
    Some(finding.because(module.path, place.range, place.layer, format!("`{api}` looks it up")))
}

fn judge(graph: &Graph<'_>, flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Finding> {
    if loot::way(graph, flow)? != Way::Asked || !has_zone(flow.target) {
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
