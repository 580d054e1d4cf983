//! A function that others use is replaced, and what passes through it is sent away.

use super::{Rule, away, look, quoted};
use crate::{
    facts::{
        ConstantKind,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "monkey-patch",
    title: "replaces a shared function and sends away what passes through it",
    docs: include_str!("monkey_patch.md"),
    help: "do not use it: whatever the program sends or hands to that function is read by somebody else",
    severity: Severity::Critical,
    check,
};

/// How the place is reached that puts the function there.
fn replaced_at(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> Reach {
    let modules = graph.modules.iter().filter(|module| module.path == flow.source_file);
    let reaches = modules.flat_map(|module| {
        let uses = module.facts.uses.iter();
        uses.filter(|used| used.capability == Capability::GlobalMutation && used.api == flow.source_api)
            .map(|used| module.reach_of(used.place))
    });
    reaches.max().unwrap_or(flow.reach)
}

/// Whether what passes through goes where nobody can tell who gets it.
fn hides(flow: &PackageFlow<'_>) -> bool {
    look::telling(flow.target).is_some_and(|(_, known)| look::receives(known.kind))
}

/// Whether the module of the function picks passwords or headers that sign in.
fn names_secrets(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let modules = graph.modules.iter().filter(|module| module.path == flow.source_file);
    let mut constants = modules.flat_map(|module| &module.facts.constants);
    constants.any(|one| one.kind == ConstantKind::Field)
}

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let mut told = Vec::new();
    for flow in &graph.flows {
        let leaves = matches!(flow.sink, Sink::Network | Sink::Dns);
        let passed_on = flow.sink_api == flow.source_api && away::foreign_to(flow).is_empty();
        if flow.source != Source::Intercepted || !leaves || passed_on || super::module_hook::is_loader(flow.source_api)
        {
            continue;
        }
        let to = away::destination(graph, flow);
        let place = (flow.source_file, flow.source_range);
        if to.is_empty() || told.contains(&place) {
            continue;
        }
        told.push(place);
        let (severity, confidence) = match replaced_at(graph, flow) {
            Reach::Install | Reach::Import => (Severity::Critical, Confidence::High),
            Reach::Call if hides(flow) || names_secrets(graph, flow) => (Severity::High, Confidence::High),
            Reach::Call | Reach::Unreached => (Severity::High, Confidence::Medium),
        };
        let api = flow.source_api;
        let to = quoted(&to);
        out.push(
            Finding::of(&RULE, graph, flow, severity, confidence)
                .says(format!("sends what passes through `{api}` to {to}"))
                .because(
                    flow.source_file,
                    flow.source_range,
                    flow.place.layer,
                    if api == "request.body" {
                        "what others send to the server passes here".to_owned()
                    } else {
                        format!("`{api}` is replaced by a function of this package")
                    },
                )
                .through(flow)
                .because(
                    flow.file,
                    flow.place.range,
                    flow.place.layer,
                    format!("`{}` sends what it is given to {to}", flow.sink_api),
                ),
        );
    }
}
