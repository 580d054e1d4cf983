//! It harms by country, language or date, or for everybody by never ending.

use super::{Rule, look, weighed};
use crate::{
    facts::{Gate, GateKind, Place, Use, capability::Capability},
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "protestware",
    title: "treats some of its users as targets",
    docs: include_str!("protestware.md"),
    help: "pin the last version that does not do this, and look for another package",
    severity: Severity::Critical,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let before = out.len();
        for gate in module.facts.gates.iter().filter(|gate| gate.kind != GateKind::Request) {
            if out.len() == before {
                out.extend(harm(module, gate));
            }
        }
        if out.len() == before {
            out.extend(module.facts.gates.iter().find_map(|gate| difference(module, gate)));
        }
        if out.len() == before {
            out.extend(endless(module));
        }
    }
}

/// Something that cannot be undone hangs on a gate.
fn harm(module: &Module<'_>, gate: &Gate) -> Option<Finding> {
    let guarded = |place: Place| gate.guards(place.range) || gate.functions.contains(&place.function);
    let used = module.facts.uses.iter().find(|used| harms(used) && guarded(used.place));
    let stuck = module.facts.endless.iter().find(|place| guarded(**place));
    let (place, what, note) = match (used, stuck) {
        (Some(used), _) => {
            let (what, verb) = if used.capability == Capability::ProcessExec {
                ("starts programs", "starts a program")
            } else {
                ("deletes or overwrites files", "changes files")
            };
            (used.place, what, format!("`{}` {verb}", used.api))
        }
        (None, Some(place)) => (*place, "never ends", "a loop that nothing leaves".to_owned()),
        (None, None) => return None,
    };
    let destroys = used.is_none_or(destroys);
    let reach = module.reach_of(place);
    let (severity, confidence) = match (gate.kind, reach) {
        (_, Reach::Unreached) => return None,
        (GateKind::Country | GateKind::Zone, Reach::Install | Reach::Import) if destroys => {
            (Severity::Critical, Confidence::High)
        }
        (GateKind::Country | GateKind::Zone, _) if destroys => (Severity::High, Confidence::Medium),
        (GateKind::Country | GateKind::Zone, Reach::Install | Reach::Import) => (Severity::High, Confidence::Medium),
        (GateKind::Date | GateKind::Language, Reach::Install | Reach::Import) if destroys => {
            (Severity::High, Confidence::Medium)
        }
        _ => return None,
    };
    Some(
        Finding::new(&RULE, module, place, weighed(severity, module.reach), confidence)
            .says(format!("{what} {}", condition(gate)))
            .because(module.path, gate.place.range, gate.place.layer, asked(gate))
            .because(module.path, place.range, place.layer, note),
    )
}

/// Whether a use may take something away from its user.
fn harms(used: &Use) -> bool {
    matches!(used.capability, Capability::FsWrite | Capability::ProcessExec)
        && !used.api.contains("mkdir")
        && !used.api.contains("createWriteStream")
}

/// Whether it deletes or overwrites, rather than starting or creating something.
fn destroys(used: &Use) -> bool {
    let name = used.api.rsplit(['.', '#', ' ']).next().unwrap_or_default();
    used.capability == Capability::FsWrite
        && [
            "rm",
            "unlink",
            "writeFile",
            "truncate",
            "remove",
            "emptyDir",
            "rimraf",
            "del",
            "shred",
        ]
        .iter()
        .any(|verb| name.starts_with(verb))
        && !used.arguments.paths.iter().any(|path| is_own(path))
}

/// Whether a path that is written out is a file of the package or the project itself: nobody's loss.
fn is_own(path: &str) -> bool {
    path.starts_with(|c: char| c.is_ascii_alphanumeric())
        && path.contains(['.', '/'])
        && !path.starts_with("node_modules")
}

/// At install or import, some time zones get something else than others.
fn difference(module: &Module<'_>, gate: &Gate) -> Option<Finding> {
    let named = gate
        .says
        .iter()
        .any(|text| text.contains('/') && text.starts_with(|c: char| c.is_ascii_uppercase()));
    if gate.kind != GateKind::Zone || !named || module.reach_of(gate.place) < Reach::Import {
        return None;
    }
    let severity = weighed(Severity::Medium, module.reach);
    Some(
        Finding::new(&RULE, module, gate.place, severity, Confidence::Medium)
            .says(format!("does something else {}", condition(gate)))
            .because(module.path, gate.place.range, gate.place.layer, asked(gate)),
    )
}

/// A loop without an end that everybody runs into.
fn endless(module: &Module<'_>) -> Option<Finding> {
    let place = module
        .facts
        .endless
        .iter()
        .find(|place| module.offered_reach_of(**place) >= Reach::Import)?;
    let when = match module.reach_of(*place) {
        Reach::Install => "installed",
        _ => "imported",
    };
    Some(
        Finding::new(
            &RULE,
            module,
            *place,
            weighed(Severity::High, module.reach),
            Confidence::High,
        )
        .says(format!("never ends when it is {when}"))
        .because(module.path, place.range, place.layer, "nothing leads out of this loop"),
    )
}

fn condition(gate: &Gate) -> String {
    let by = match gate.kind {
        GateKind::Country => "by the country that the user is in",
        GateKind::Zone => "by the time zone of the machine",
        GateKind::Language => "by the language of the machine",
        GateKind::Date => "once a date is reached",
        GateKind::Request => "when a request says so",
    };
    match super::quoted(&gate.says) {
        says if says.is_empty() => by.to_owned(),
        says => format!("{by} ({says})"),
    }
}

fn asked(gate: &Gate) -> String {
    let what = match gate.kind {
        GateKind::Country => "which country it is",
        GateKind::Zone => "which time zone it is",
        GateKind::Language => "which language it is",
        GateKind::Date => "which day it is",
        GateKind::Request => "what a request says",
    };
    format!("asks {what}: {}", look::brief(&super::quoted(&gate.says)))
}
