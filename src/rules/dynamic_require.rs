//! A module is loaded whose name was decoded, or came from the network.

use super::{Rule, quoted, weighed};
use crate::{
    facts::{
        Import,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "dynamic-require",
    title: "loads a module whose name is hidden or comes from elsewhere",
    docs: include_str!("dynamic_require.md"),
    help: "find out what it loads; a name that is written out can be checked, this one cannot",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for flow in &graph.flows {
        if flow.sink != Sink::Load || flow.source != Source::Network {
            continue;
        }
        let (severity, confidence) = match flow.reach {
            Reach::Install | Reach::Import => (Severity::Critical, Confidence::High),
            Reach::Call | Reach::Unreached => (Severity::Medium, Confidence::Medium),
        };
        let from = match quoted(flow.what) {
            what if what.is_empty() => String::new(),
            what => format!(" from {what}"),
        };
        out.push(
            Finding::of(&RULE, graph, flow, severity, confidence)
                .says(format!("loads whatever module a reply{from} names"))
                .because(
                    flow.source_file,
                    flow.source_range,
                    flow.place.layer,
                    format!("`{}` gives the reply", flow.source_api),
                )
                .through(flow)
                .because(
                    flow.file,
                    flow.place.range,
                    flow.place.layer,
                    format!("`{}` loads what it names", flow.sink_api),
                ),
        );
    }
    for module in &graph.modules {
        let uses = module.facts.uses.iter();
        for used in uses.filter(|used| used.capability == Capability::DynamicImport && used.concealed) {
            // `decoded-code` tells a name that could be decoded.
            let mut imports = module.facts.imports.iter();
            let known = |import: &Import| import.concealed && import.place.range.start == used.place.range.start;
            if !used.arguments.paths.is_empty() || imports.any(known) {
                continue;
            }
            let severity = match module.reach_of(used.place) {
                Reach::Install | Reach::Import => Severity::High,
                Reach::Call | Reach::Unreached => Severity::Low,
            };
            let severity = weighed(severity, module.reach);
            out.push(
                Finding::new(&RULE, module, used.place, severity, Confidence::Medium)
                    .says("loads a module whose name is decoded first")
                    .because(
                        module.path,
                        used.place.range,
                        used.place.layer,
                        format!("`{}` is given what a decoder gives", used.api),
                    ),
            );
        }
    }
}
