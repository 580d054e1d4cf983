//! What to do next is fetched from a public note, and then done.

use super::{Rule, look};
use crate::{
    facts::capability::{Sink, Source, TellingHost, telling_host},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "dead-drop",
    title: "takes its orders from a public note",
    docs: include_str!("dead_drop.md"),
    help: "do not use it: whoever writes that note decides what this code does next",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for (index, _) in graph.modules.iter().enumerate() {
        let flows = graph.flows_into(index);
        let replies = flows.iter().filter(|flow| flow.source == Source::Network);
        out.extend(
            replies
                .filter_map(|flow| judge(graph, flows, flow))
                .max_by_key(|found| found.severity),
        );
    }
}

/// The first of some hosts where anybody may leave a note.
fn note<'h>(hosts: &[&'h str]) -> Option<(&'h str, TellingHost)> {
    let known = hosts.iter().filter_map(|host| Some((*host, telling_host(host)?)));
    known.into_iter().find(|(_, known)| look::leaves_notes(known.kind))
}

fn judge(graph: &Graph<'_>, flows: &[PackageFlow<'_>], flow: &PackageFlow<'_>) -> Option<Finding> {
    let hosts = look::answering(graph, flow);
    let (host, note) = note(&hosts)?;
    let (what, does) = match flow.sink {
        Sink::Code => ("code", "runs it"),
        Sink::Exec => ("commands", "runs them"),
        Sink::Load => ("the name of a module", "loads it"),
        Sink::Network | Sink::Dns => ("an address", "goes there"),
        Sink::FileWrite | Sink::Message => return None,
    };
    // What comes from there and is run as well.
    let run = flows.iter().find(|next| {
        next.source == Source::Network
            && matches!(next.sink, Sink::Code | Sink::Exec)
            && (next.source_range == flow.place.range || next.place.range.bytes[0] >= flow.place.range.bytes[0])
    });
    let runs = flow.sink == Sink::Code || flow.sink == Sink::Exec || run.is_some();
    let early = flow.reach >= Reach::Import;
    let (severity, confidence) = match (runs, flow.decoded, early) {
        (true, _, true) => (Severity::Critical, Confidence::High),
        (true, true, false) => (Severity::High, Confidence::High),
        (true, false, false) | (false, true, true) => (Severity::High, Confidence::Medium),
        (false, true, false) => (Severity::Medium, Confidence::Medium),
        // A service's answer that leads to another of its pages.
        (false, false, _) => return None,
    };
    let mut finding = Finding::of(&RULE, graph, flow, severity, confidence)
        .says(format!(
            "takes {what} from {}, `{}`, and {does}",
            note.what,
            look::brief(host)
        ))
        .because(
            flow.source_file,
            flow.source_range,
            flow.place.layer,
            format!("`{}` reads {}", flow.source_api, note.what),
        )
        .through(flow)
        .because(
            flow.file,
            flow.place.range,
            flow.place.layer,
            format!("`{}` gets what it says", flow.sink_api),
        );
    if let Some(next) = run.filter(|next| next.place.range != flow.place.range) {
        let note = format!("`{}` runs what comes from there", next.sink_api);
        finding = finding.because(next.file, next.place.range, next.place.layer, note);
    }
    Some(finding)
}
