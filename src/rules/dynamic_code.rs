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
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let mut told = Vec::new();
        for flow in module.facts.flows.iter().filter(|flow| flow.sink == Sink::Code) {
            let reach = module.reach_of(flow.place);
            let command = flow.sink_api.starts_with("shell: ");
            let (severity, from) = match (flow.source, reach) {
                // A tool may install another one when its user says so.
                (Source::Network, Reach::Call | Reach::Unreached) if command => {
                    (Severity::Medium, "a reply from the network")
                }
                // At install, it is `install-download-exec`.
                _ if command && (flow.source != Source::Network || reach == Reach::Install) => continue,
                (Source::Network, Reach::Install | Reach::Import) => (Severity::Critical, "a reply from the network"),
                (Source::Network, _) => (Severity::High, "a reply from the network"),
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
                Finding::new(
                    &RULE,
                    module,
                    flow.place,
                    weighed(severity, module.reach),
                    Confidence::High,
                )
                .says(format!("runs {from} as code"))
                .because(
                    module.path,
                    flow.source_range,
                    flow.place.layer,
                    format!("`{}` gives {from}", flow.source_api),
                )
                .along(module.path, &flow.steps)
                .because(
                    module.path,
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
