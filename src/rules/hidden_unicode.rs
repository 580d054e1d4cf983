//! Characters that a reader does not see change or carry code.

use super::{Rule, weighed};
use crate::{
    facts::{HiddenKind, Place},
    finding::{Confidence, Finding, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "hidden-unicode",
    title: "hides text in characters that cannot be seen",
    docs: include_str!("hidden_unicode.md"),
    help: "look at the line with invisible characters shown; do not trust what the editor displays",
    severity: Severity::High,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        for hidden in &module.facts.hidden {
            let (severity, confidence) = match hidden.kind {
                HiddenKind::Bidirectional => (Severity::High, Confidence::Medium),
                HiddenKind::Invisible => (Severity::High, Confidence::High),
                HiddenKind::Homoglyph => (Severity::Medium, Confidence::Medium),
            };
            let place = Place {
                range: hidden.range,
                ..Place::default()
            };
            out.push(
                Finding::new(&RULE, module, place, weighed(severity, module.reach), confidence)
                    .says(hidden.note.clone()),
            );
        }
    }
}
