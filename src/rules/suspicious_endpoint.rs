//! It talks to a host that is good for hiding behind.

use super::{Rule, look, weighed};
use crate::{
    facts::{
        ConstantKind, Place,
        capability::{Capability, HostKind, TellingHost, telling_host},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "suspicious-endpoint",
    title: "talks to a host that is good for hiding behind",
    docs: include_str!("suspicious_endpoint.md"),
    help: "check what is sent there and why: who owns such an address cannot be told",
    severity: Severity::Medium,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in graph.modules.iter().filter(|module| module.reach > Reach::Unreached) {
        let mut told: Vec<HostKind> = Vec::new();
        let uses = module.facts.uses.iter();
        let uses = uses.filter(|used| matches!(used.capability, Capability::Network | Capability::Dns));
        for used in uses {
            let found = used
                .arguments
                .hosts
                .iter()
                .find_map(|host| Some((host, telling_host(host)?)));
            if let Some((host, known)) = found
                && !told.contains(&known.kind)
            {
                let note = format!("`{}` reaches it", used.api);
                let found = finding(module, used.place, host, known, true, note);
                told.extend(found.as_ref().map(|_| known.kind));
                out.extend(found);
            }
        }
        out.extend(hidden(module));
        for mark in &module.facts.marks {
            if let Some(kind) = look::host_of(mark)
                && !told.contains(&kind)
                && let Some(known) = telling_host(&mark.text)
            {
                let note = "the address stands here".to_owned();
                let found = finding(module, mark.place, &mark.text, known, false, note);
                told.extend(found.as_ref().map(|_| kind));
                out.extend(found);
            }
        }
    }
}

fn finding(
    module: &Module<'_>,
    place: Place,
    host: &str,
    known: TellingHost,
    reached: bool,
    note: String,
) -> Option<Finding> {
    let reach = module.reach_of(place);
    let severity = match (known.kind, reach) {
        // An API like any other, and one that many ask.
        (HostKind::Forge, _) | (HostKind::Locator | HostKind::Ledger | HostKind::Note, Reach::Call) => return None,
        (HostKind::Catcher | HostKind::Onion | HostKind::Tunnel | HostKind::Webhook | HostKind::Bot, Reach::Import)
            if reached =>
        {
            Severity::Medium
        }
        (_, Reach::Install) if reached => Severity::Medium,
        _ => Severity::Low,
    };
    Some(
        Finding::new(
            &RULE,
            module,
            place,
            weighed(severity, module.reach),
            Confidence::Medium,
        )
        .says(format!("names {}: `{}`", known.what, look::brief(host)))
        .because(module.path, place.range, place.layer, note),
    )
}

/// An address is spelled in codes: of what is honest, readers may see where it goes.
fn hidden(module: &Module<'_>) -> Option<Finding> {
    let constants = &module.facts.constants;
    let address = constants.iter().find(|one| one.kind == ConstantKind::HiddenAddress)?;
    let severity = weighed(Severity::High, module.reach);
    let told = look::brief(&address.text);
    let found = Finding::at(
        &RULE,
        module.path,
        address.range,
        module.reach,
        severity,
        Confidence::Medium,
    )
    .says(format!("spells an address in codes: `{told}`"));
    Some(found.because(
        module.path,
        address.range,
        0,
        "what stands here is only an address once it is decoded",
    ))
}
