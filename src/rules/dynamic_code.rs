//! Data from outside the package becomes code.

use super::{Rule, weighed};
use crate::{
    facts::{
        Code,
        capability::{Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "dynamic-code",
    title: "runs code that does not come with the package",
    docs: include_str!("dynamic_code.md"),
    help: "whoever controls that data controls the program: use it only if that is what the package is for",
    severity: Severity::High,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for (index, module) in graph.modules.iter().enumerate() {
        let mut told: Vec<_> = graph
            .flows_into(index)
            .iter()
            .filter(|flow| flow.sink == Sink::Code && flow.source == Source::Network)
            .map(|flow| flow.place.range)
            .collect();
        for flow in graph.flows_into(index).iter().filter(|flow| flow.sink == Sink::Code) {
            // Commands are rules of their own, and so is what the network says.
            if flow.sink_api.starts_with("shell: ") {
                continue;
            }
            let (severity, from) = match (flow.source, flow.reach) {
                (Source::Storage, Reach::Import) => (Severity::High, "browser storage"),
                (Source::Clipboard, _) => (Severity::High, "the clipboard"),
                (Source::Environment, Reach::Install | Reach::Import) => (Severity::Medium, "an environment variable"),
                (Source::Exec, Reach::Install | Reach::Import) => (Severity::Medium, "a program's output"),
                _ => continue,
            };
            if told.contains(&flow.place.range) {
                continue;
            }
            told.push(flow.place.range);
            out.push(
                Finding::of(&RULE, graph, flow, severity, Confidence::High)
                    .says(format!("runs {from} as code"))
                    .because(
                        flow.source_file,
                        flow.source_range,
                        flow.place.layer,
                        format!("`{}` gives {from}", flow.source_api),
                    )
                    .through(flow)
                    .because(
                        flow.file,
                        flow.place.range,
                        flow.place.layer,
                        format!("`{}` runs it", flow.sink_api),
                    ),
            );
        }
        for code in &module.facts.evaluated {
            let reach = module.reach_of(code.place);
            if code.code == Code::Unknown && reach >= Reach::Import && !told.contains(&code.place.range) {
                out.push(
                    Finding::new(
                        &RULE,
                        module,
                        code.place,
                        weighed(Severity::Low, module.reach),
                        Confidence::Low,
                    )
                    .says(format!("runs code that is only known at run time with `{}`", code.api)),
                );
            }
        }
    }
}
