//! A file could not be parsed: only its tokens, or nothing, could be read.

use super::{Rule, weighed};
use crate::{
    facts::{Place, Reading, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "unparseable",
    title: "could not be parsed, so only its tokens were read",
    docs: include_str!("unparseable.md"),
    help: "open the file: a runtime may still run what the parser refuses, and what could not be read cannot be vouched for",
    severity: Severity::High,
    check,
};

/// Powers that nothing broken needs.
const STRONG: [Capability; 4] = [
    Capability::ProcessExec,
    Capability::DynamicCode,
    Capability::Network,
    Capability::Dns,
];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        if module.facts.reading != Reading::Tokens {
            continue;
        }
        let strong = module.facts.uses.iter().find(|used| STRONG.contains(&used.capability));
        let severity = match (module.reach, strong.is_some(), module.facts.evasive) {
            (_, true, true) | (Reach::Install, true, _) => Severity::High,
            (_, false, true) | (Reach::Import, true, _) => Severity::Medium,
            _ => Severity::Low,
        };
        let place = strong.map_or_else(Place::default, |used| used.place);
        let mut finding = Finding::new(
            &RULE,
            module,
            place,
            weighed(severity, module.reach),
            Confidence::Medium,
        );
        finding.reach = module.reach;
        if module.facts.evasive {
            finding =
                finding.says("is nested or chained beyond what any parser follows, and only its tokens were read");
        }
        if let Some(used) = strong {
            let note = format!("its tokens show `{}` ({})", used.api, used.capability.name());
            finding = finding.because(module.path, used.place.range, 0, note);
        }
        out.push(finding);
    }
    if let Some(manifest) = graph.manifest
        && manifest.broken
    {
        out.push(
            Finding::at(
                &RULE,
                "package.json",
                Range::default(),
                Reach::Import,
                Severity::Medium,
                Confidence::High,
            )
            .says("package.json is not a JSON object, so what runs and when is a guess"),
        );
    }
}
