//! A file was made unreadable on purpose.

use super::{Rule, quoted, weighed};
use crate::{
    facts::{Arguments, Place},
    finding::{Confidence, Finding, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "obfuscated-code",
    title: "was made unreadable on purpose",
    docs: include_str!("obfuscated_code.md"),
    help: "ask the author for readable code; minified code is fine, code that hides from its reader is not",
    severity: Severity::High,
    check,
};

/// How much of what was decoded is shown.
const MAX_DECODED: usize = 6;

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
        for (place, note) in decoded(module).into_iter().take(MAX_DECODED) {
            finding = finding.because(module.path, place.range, place.layer, note);
        }
        out.push(finding);
    }
}

/// What the analysis made readable: texts that are run, modules that are loaded, and what powers are given.
fn decoded(module: &Module<'_>) -> Vec<(Place, String)> {
    let facts = module.facts;
    let mut out: Vec<(Place, String)> = Vec::new();
    for layer in facts.inner.iter().filter(|layer| layer.decoder.is_some()) {
        out.push((layer.place, format!("decoded, it runs: {}", layer.text)));
    }
    for import in facts.imports.iter().filter(|import| import.concealed) {
        if let Some(name) = &import.specifier {
            out.push((import.place, format!("decoded, it loads `{name}`")));
        }
    }
    for used in facts.uses.iter().filter(|used| used.concealed) {
        let Arguments {
            hosts,
            paths,
            commands,
            variables,
            ..
        } = &used.arguments;
        let given = [hosts, paths, commands, variables].into_iter().flatten();
        let given: Vec<String> = given.cloned().collect();
        let with = match quoted(&given) {
            given if given.is_empty() => String::new(),
            given => format!(" with {given}"),
        };
        out.push((used.place, format!("decoded, it uses `{}`{with}", used.api)));
    }
    out
}
