//! A file was made unreadable on purpose.

use super::{Rule, weighed};
use crate::{
    facts::Place,
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "obfuscated-code",
    title: "was made unreadable on purpose",
    docs: include_str!("obfuscated_code.md"),
    help: "ask the author for readable code; minified code is fine, code that hides from its reader is not",
    severity: Severity::High,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let Some(sign) = module.facts.obfuscations.iter().max_by_key(|sign| sign.certainty) else {
            continue;
        };
        let confidence = if sign.certainty >= 95 {
            Confidence::High
        } else {
            Confidence::Medium
        };
        let place = Place {
            range: sign.range,
            ..Place::default()
        };
        let mut finding = Finding::new(&RULE, module, place, weighed(Severity::High, module.reach), confidence)
            .says(format!("was made unreadable on purpose ({})", sign.tool));
        for sign in &module.facts.obfuscations {
            finding = finding.because(module.path, sign.range, 0, sign.sign.clone());
        }
        out.push(finding);
    }
}
