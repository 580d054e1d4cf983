//! Characters that a reader does not see change or carry code.

use super::{Rule, weighed};
use crate::{
    facts::{Code, Evaluated, HiddenKind, Place},
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
};

pub(super) static RULE: Rule = Rule {
    id: "hidden-unicode",
    title: "hides text in characters that cannot be seen",
    docs: include_str!("hidden_unicode.md"),
    help: "look at the line with invisible characters shown; do not trust what the editor displays",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        for hidden in &module.facts.hidden {
            let run = module.facts.evaluated.iter().find(|code| is_decoded(code));
            let run = run.filter(|_| hidden.kind == HiddenKind::Invisible);
            let (severity, confidence) = match hidden.kind {
                HiddenKind::Invisible if run.is_some() => (Severity::Critical, Confidence::High),
                // What a page of the documentation shows deceives nobody who reads code.
                HiddenKind::Bidirectional if module.reach == Reach::Unreached => (Severity::Medium, Confidence::Medium),
                HiddenKind::Bidirectional | HiddenKind::Invisible => (Severity::High, Confidence::High),
                HiddenKind::Homoglyph => (Severity::Medium, Confidence::Medium),
            };
            let place = Place {
                range: hidden.range,
                ..Place::default()
            };
            let mut finding = Finding::new(&RULE, module, place, weighed(severity, module.reach), confidence)
                .says(hidden.note.clone());
            if let Some(code) = run {
                let text = code.text.as_ref().map_or(String::new(), |text| format!(": {text}"));
                let note = format!("a text is decoded here and run with `{}`{text}", code.api);
                finding = finding.because(module.path, code.place.range, code.place.layer, note);
            }
            out.push(finding);
        }
    }
}

/// Whether code is decoded before it is run.
fn is_decoded(code: &Evaluated) -> bool {
    matches!(code.code, Code::Decoded | Code::DecodedUnknown)
}
