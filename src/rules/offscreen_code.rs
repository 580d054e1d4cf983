//! Code stands behind so many blanks that nobody sees it.

use super::{Rule, weighed};
use crate::{
    facts::{Blank, Place, capability::Capability},
    finding::{Confidence, Finding, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "offscreen-code",
    title: "hides code far outside of the window",
    docs: include_str!("offscreen_code.md"),
    help: "turn on line wrapping and read what stands there; no tool and no person writes code like that",
    severity: Severity::High,
    check,
};

/// Blank lines that are more than a build leaves where it takes comments out.
const MANY_LINES: u32 = 300;

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        for blank in &module.facts.blanks {
            let Some((place, what)) = behind(module, blank) else {
                continue;
            };
            let (severity, confidence, message) = match (blank.columns, blank.lines) {
                (0, lines) if lines < MANY_LINES => continue,
                (0, lines) => {
                    let message = format!("uses `{what}` below {lines} empty lines");
                    (Severity::Medium, Confidence::Medium, message)
                }
                (columns, _) => {
                    let message = format!("uses `{what}` behind {columns} blanks in the same line");
                    (Severity::High, Confidence::High, message)
                }
            };
            let severity = weighed(severity, module.reach);
            out.push(
                Finding::new(&RULE, module, place, severity, confidence)
                    .says(message)
                    .because(module.path, blank.after, 0, "what the blanks push out of sight"),
            );
            break;
        }
    }
}

/// The first use of a power or import behind the blanks: in the same line, or anywhere below.
fn behind(module: &Module<'_>, blank: &Blank) -> Option<(Place, String)> {
    let [start, end] = blank.after.bytes;
    let end = if blank.columns == 0 { u32::MAX } else { end };
    let is_behind = |place: &Place| (start..end).contains(&place.range.bytes[0]);
    let harmless = [Capability::Dom, Capability::Crypto, Capability::GlobalMutation];
    let powers = module.facts.uses.iter();
    let powers = powers.filter(|used| !harmless.contains(&used.capability));
    let powers = powers.map(|used| (used.place, used.api.clone()));
    let codes = module.facts.evaluated.iter().map(|code| (code.place, code.api.clone()));
    powers.chain(codes).find(|(place, _)| is_behind(place))
}
