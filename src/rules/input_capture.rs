//! What a person types, or what the screen shows, is recorded and sent away.

use super::{Rule, away, look, quoted, weighed};
use crate::{
    facts::{
        ConstantKind,
        capability::{Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
};

pub(super) static RULE: Rule = Rule {
    id: "input-capture",
    title: "records what a person does and sends it away",
    docs: include_str!("input_capture.md"),
    help: "do not use it; change what was typed while it was there, passwords and cards first",
    severity: Severity::Critical,
    check,
};

/// Sources that a person answers knowingly.
const ASKED: [&str; 8] = [
    "Bun.stdin",
    "Deno.stdin",
    "process.openStdin",
    "process.stdin",
    "prompt",
    "readline.",
    "tty.",
    "zx.",
];

/// How much of a person's doings is recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ear {
    /// Every key, the screen, the microphone; or all forms of a page.
    All,
    /// One field or form.
    Field,
    /// What a person answers knowingly.
    Asked,
}

/// Whether a module names fields of passwords or cards.
fn names_fields(module: &Module<'_>) -> bool {
    let constants = &module.facts.constants;
    constants.iter().any(|one| one.kind == ConstantKind::Field)
}

/// Whether an answer goes where nobody can tell who gets it: a program that signs somebody in has a name to send to.
fn hides(flow: &PackageFlow<'_>) -> bool {
    look::telling(flow.target).is_some_and(|(_, known)| look::receives(known.kind))
}

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let mut told = Vec::new();
    // What tells most comes first: one finding is enough for each place that listens, and for each that sends.
    let heard = |all: bool| {
        graph
            .flows
            .iter()
            .filter(move |flow| (ear(flow) == Some(Ear::All)) == all)
    };
    for flow in heard(true).chain(heard(false)) {
        let leaves = matches!(flow.sink, Sink::Network | Sink::Dns);
        let places = [(flow.source_file, flow.source_range), (flow.file, flow.place.range)];
        if flow.source != Source::Input || !leaves || places.iter().any(|place| told.contains(place)) {
            continue;
        }
        let Some(ear) = ear(flow) else { continue };
        let mut to = away::destination(graph, flow);
        if to.is_empty() && flow.target.is_empty() && ear == Ear::All {
            // What was opened elsewhere in the module is what it is sent by.
            let module = graph.modules.get(flow.module).into_iter();
            to = module.flat_map(away::hosts).map(|(_, host)| host).collect();
            to.dedup();
        }
        let precious = graph.modules.get(flow.module).is_some_and(names_fields);
        let (severity, confidence) = match (ear, flow.reach) {
            (Ear::All, Reach::Install | Reach::Import) => (Severity::Critical, Confidence::High),
            (Ear::All | Ear::Field, Reach::Call | Reach::Import) if precious => (Severity::High, Confidence::High),
            (Ear::All, Reach::Call) => (Severity::High, Confidence::High),
            (Ear::Asked, Reach::Call | Reach::Import | Reach::Install) if hides(flow) => {
                (Severity::High, Confidence::High)
            }
            (Ear::Asked, _) | (Ear::Field, Reach::Call | Reach::Unreached) => continue,
            _ => (Severity::Medium, Confidence::Medium),
        };
        if to.is_empty() {
            continue;
        }
        told.extend(places);
        let (what, to) = (described(flow), quoted(&to));
        let severity = weighed(severity, flow.module_reach);
        out.push(
            Finding::of(&RULE, graph, flow, severity, confidence)
                .says(format!("sends {what} to {to}"))
                .because(
                    flow.source_file,
                    flow.source_range,
                    flow.place.layer,
                    format!("`{}` gives {what}", flow.source_api),
                )
                .through(flow)
                .because(
                    flow.file,
                    flow.place.range,
                    flow.place.layer,
                    format!("`{}` sends it to {to}", flow.sink_api),
                ),
        );
    }
}

/// What is listened to; nothing if a program hands it over.
fn ear(flow: &PackageFlow<'_>) -> Option<Ear> {
    let api = flow.source_api;
    if api == "a parameter" {
        return None;
    }
    if ASKED.iter().any(|asked| api.starts_with(asked)) {
        return Some(Ear::Asked);
    }
    let keys = flow.what.iter().any(|event| event.starts_with("key"));
    let left = |event: &String| matches!(event.as_str(), "change" | "blur" | "focusout");
    let page = matches!(api, "document.addEventListener" | "addEventListener") && !flow.what.iter().any(left);
    let field = api.starts_with("Element#") || api.starts_with("document.");
    if keys && !api.starts_with("Element#")
        || page
        || !field && !api.ends_with("addEventListener") && !api.starts_with("on")
    {
        Some(Ear::All)
    } else {
        Some(Ear::Field)
    }
}

fn described(flow: &PackageFlow<'_>) -> &'static str {
    let event = flow.what.first().map_or(flow.source_api, String::as_str);
    if flow.source_api == "Element#elements" {
        "what is filled into forms"
    } else if event.contains("key") || event.contains("hook") {
        "the keys that are pressed"
    } else if event == "submit" || event.contains("onsubmit") {
        "what is filled into forms"
    } else if ["screen", "capture", "Capture", "DisplayMedia"]
        .iter()
        .any(|part| event.contains(part))
    {
        "pictures of the screen"
    } else if ["Media", "mic", "record", "Speech", "webcam"]
        .iter()
        .any(|part| event.contains(part))
    {
        "what microphone or camera record"
    } else {
        "what is typed"
    }
}
