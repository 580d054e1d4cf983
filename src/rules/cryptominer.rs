//! It mines for somebody else.

use super::{Rule, away, look, weighed};
use crate::{
    facts::{
        ConstantKind, Place, Ran,
        capability::{Capability, HostKind, telling_host},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "cryptominer",
    title: "mines coins for somebody else",
    docs: include_str!("cryptominer.md"),
    help: "do not install it; if it ran, end the miner and look for what starts it again",
    severity: Severity::Critical,
    check,
};

/// Programs that mine.
const MINERS: [&str; 14] = [
    "ccminer",
    "cgminer",
    "cpuminer",
    "ethminer",
    "gminer",
    "lolminer",
    "minerd",
    "nanominer",
    "nbminer",
    "phoenixminer",
    "t-rex",
    "trex",
    "xmr-stak",
    "xmrig",
];
/// Options that only miners have.
const OPTIONS: [&str; 7] = [
    "--coin=monero",
    "--cpu-max-threads-hint",
    "--donate-level",
    "--max-cpu-usage",
    "--nicehash",
    "--randomx-mode",
    "--rig-id",
];

/// Words of pools that others have, too.
const COMMON: [&str; 3] = ["job_id", "nonce", "hashrate"];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let run = module.facts.commands.iter().find_map(|ran| Some((ran, mines(ran)?)));
        if let Some((ran, note)) = run {
            let severity = match module.reach_of(ran.place) {
                Reach::Install | Reach::Import => Severity::Critical,
                Reach::Call | Reach::Unreached => Severity::High,
            };
            out.push(finding(module, ran.place, severity, "starts a miner", note));
            continue;
        }
        out.extend(joins(module).or_else(|| speaks(module)));
    }
}

fn finding(module: &Module<'_>, place: Place, severity: Severity, says: &str, note: String) -> Finding {
    Finding::new(&RULE, module, place, weighed(severity, module.reach), Confidence::High)
        .says(says)
        .because(module.path, place.range, place.layer, note)
}

fn is_pool(text: &str) -> bool {
    telling_host(text).is_some_and(|known| known.kind == HostKind::Pool)
}

/// What shows that a command starts a miner.
fn mines(ran: &Ran) -> Option<String> {
    let program = ran.program();
    let begins = |word: &&String| OPTIONS.iter().any(|option| word.starts_with(option));
    if let Some(pool) = ran.arguments().iter().find(|word| is_pool(word)) {
        return Some(format!("`{program}` is given the pool `{}`", look::brief(pool)));
    }
    if let Some(option) = ran.arguments().iter().find(begins) {
        return Some(format!("`{program}` is given `{}`", look::brief(option)));
    }
    MINERS
        .contains(&program.as_str())
        .then(|| format!("`{program}` is a miner"))
}

/// A pool is named by code that can reach it.
fn joins(module: &Module<'_>) -> Option<Finding> {
    let named = module.facts.marks.iter();
    let named = named
        .filter(|mark| look::host_of(mark) == Some(HostKind::Pool))
        .map(|mark| (mark.place, mark.text.as_str()));
    let uses = module
        .facts
        .uses
        .iter()
        .filter(|used| used.capability == Capability::Network);
    let reached = uses.filter_map(|used| {
        let pool = used.arguments.hosts.iter().find(|host| is_pool(host))?;
        Some((used.place, pool.as_str()))
    });
    let (place, pool) = reached.chain(named).max_by_key(|(place, _)| module.reach_of(*place))?;
    let has = |power| module.facts.uses.iter().find(|used| used.capability == power);
    let works = has(Capability::Wasm).or_else(|| has(Capability::Worker));
    let starts = works
        .or_else(|| has(Capability::ProcessExec))
        .or_else(|| has(Capability::Network))?;
    let severity = match (module.reach_of(place), works.is_some()) {
        (Reach::Install, _) | (Reach::Import, true) => Severity::Critical,
        (Reach::Import, false) | (Reach::Call, true) => Severity::High,
        (Reach::Call, false) => Severity::Medium,
        (Reach::Unreached, _) => return None,
    };
    let note = format!("names the pool `{}`", look::brief(pool));
    let finding = finding(module, place, severity, "works for a mining pool", note);
    let note = format!("`{}` does the work", starts.api);
    Some(finding.because(module.path, starts.place.range, starts.place.layer, note))
}

/// Code that speaks to a fixed host as to a pool, and has something that works: a client of somebody's own pool is
/// told where to go.
fn speaks(module: &Module<'_>) -> Option<Finding> {
    let constants = module.facts.constants.iter();
    let words: Vec<_> = constants.filter(|one| one.kind == ConstantKind::Mining).collect();
    let own = words.iter().filter(|one| !COMMON.contains(&one.text.as_str())).count();
    let has = |power| module.facts.uses.iter().find(|used| used.capability == power);
    let engine = has(Capability::Wasm).or_else(|| has(Capability::Worker));
    // Jobs and nonces are not of miners alone.
    let worker = if own >= 2 {
        engine.or_else(|| has(Capability::Crypto))
    } else {
        engine
    }?;
    if words.len() < 2 {
        return None;
    }
    let (place, host) = away::hosts(module).next()?;
    let severity = match module.reach_of(place) {
        Reach::Install | Reach::Import => Severity::Critical,
        Reach::Unreached if module.reach == Reach::Unreached => return None,
        Reach::Call | Reach::Unreached => Severity::High,
    };
    let note = format!("goes to `{}`", look::brief(&host));
    let mut finding = finding(module, place, severity, "works for a mining pool", note);
    for word in words.iter().take(3) {
        let note = format!("`{}` is a word of pools", word.text);
        finding = finding.because(module.path, word.range, 0, note);
    }
    let note = format!("`{}` does the work", worker.api);
    Some(finding.because(module.path, worker.place.range, worker.place.layer, note))
}
