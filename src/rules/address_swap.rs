//! Addresses of wallets are replaced on their way: in requests, in calls of a wallet, in the clipboard, in a text.

use super::{Rule, weighed};
use crate::{
    facts::{
        Constant, ConstantKind, Use,
        capability::{self, Capability, MarkKind, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "address-swap",
    title: "replaces addresses of wallets by its own",
    docs: include_str!("address_swap.md"),
    help: "do not use it; compare the address of every payment that was made while it was installed",
    severity: Severity::Critical,
    check,
};

/// What payments pass through: requests, replies, the wallet of a page.
const HOOKED: [&str; 8] = [
    "fetch",
    "XMLHttpRequest#",
    "WebSocket#",
    "http.request",
    "https.request",
    "ethereum.",
    "solana.",
    "navigator.clipboard.",
];

/// Programs that read the clipboard, and those that fill it.
const READERS: [&str; 4] = ["pbpaste", "xclip", "xsel", "wl-paste"];
const WRITERS: [&str; 5] = ["pbcopy", "xclip", "xsel", "wl-copy", "clip"];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        let of_kind = |kind| {
            module
                .facts
                .constants
                .iter()
                .find(move |one: &&Constant| one.kind == kind)
        };
        let Some(address) = of_kind(ConstantKind::Address) else {
            continue;
        };
        let pattern = of_kind(ConstantKind::AddressPattern);
        let mut places: Vec<(Range, String, Reach)> = Vec::new();
        if let Some(swap) = of_kind(ConstantKind::Swap) {
            places.push((
                swap.range,
                "puts it in the place of every address in a text".to_owned(),
                module.reach,
            ));
        }
        // What is asked of a wallet is looked into, or addresses are.
        let transfers = pattern.or_else(|| of_kind(ConstantKind::Transfer));
        if let Some(hook) = of_kind(ConstantKind::Hooked).filter(|_| transfers.is_some()) {
            let note = "is replaced, and called by what replaces it: what passes through it can be changed".to_owned();
            places.push((hook.range, note, module.reach));
        }
        let uses = &module.facts.uses;
        for hook in uses.iter().filter(|used| is_hook(used)) {
            let note = format!("`{}` is replaced: what passes through it can be changed", hook.api);
            places.push((hook.place.range, note, module.reach_of(hook.place)));
        }
        if places.is_empty() && pattern.is_some() {
            clipboard(module, &mut places);
        }
        let several = count(module, ConstantKind::Address).min(count(module, ConstantKind::AddressPattern)) >= 2;
        if places.is_empty() && several {
            tools(module, &mut places);
            out.extend(elsewhere(graph, module, address));
        }
        let Some((range, _, _)) = places.first() else { continue };
        let reach = places.iter().map(|(.., reach)| *reach).max().unwrap_or(module.reach);
        let confidence = if pattern.is_some() {
            Confidence::High
        } else {
            Confidence::Medium
        };
        let severity = match reach {
            Reach::Install | Reach::Import => Severity::Critical,
            Reach::Call if several => Severity::High,
            Reach::Call | Reach::Unreached => Severity::Medium,
        };
        let severity = weighed(severity, module.reach);
        let mut finding = Finding::at(&RULE, module.path, *range, reach, severity, confidence)
            .says(format!(
                "replaces addresses of wallets by its own, such as `{}`",
                address.text
            ))
            .because(module.path, address.range, 0, "an address that money is sent to");
        if let Some(pattern) = pattern {
            finding = finding.because(module.path, pattern.range, 0, "a pattern that finds such addresses");
        }
        for (range, note, _) in places {
            finding = finding.because(module.path, range, 0, note);
        }
        out.push(finding);
    }
}

fn count(module: &Module<'_>, kind: ConstantKind) -> usize {
    module.facts.constants.iter().filter(|one| one.kind == kind).count()
}

/// Programs that have the clipboard stand in the module's text, whichever of them is run.
fn tools(module: &Module<'_>, places: &mut Vec<(Range, String, Reach)>) {
    let named = |kind| module.facts.constants.iter().find(move |one| one.kind == kind);
    let (Some(read), Some(fill)) = (named(ConstantKind::ClipRead), named(ConstantKind::ClipFill)) else {
        return;
    };
    places.push((read.range, "reads the clipboard".to_owned(), module.reach));
    places.push((fill.range, "fills the clipboard".to_owned(), module.reach));
}

/// A table of addresses and of the patterns that find such, beside another module that reads and fills the clipboard.
fn elsewhere(graph: &Graph<'_>, table: &Module<'_>, address: &Constant) -> Option<Finding> {
    let pattern = table
        .facts
        .constants
        .iter()
        .find(|one| one.kind == ConstantKind::AddressPattern)?;
    let folder = |path: &str| {
        path.rsplit_once('/')
            .map_or(String::new(), |(folder, _)| folder.to_owned())
    };
    graph.modules.iter().find_map(|module| {
        if module.path == table.path || module.reach < Reach::Call || folder(module.path) != folder(table.path) {
            return None;
        }
        let mut places = Vec::new();
        clipboard(module, &mut places);
        let [(range, note, reach), (also, other, also_reach)] = places.as_slice() else {
            return None;
        };
        let reach = *reach.max(also_reach);
        let severity = match reach {
            Reach::Install | Reach::Import => Severity::Critical,
            Reach::Call | Reach::Unreached => Severity::High,
        };
        let severity = weighed(severity, module.reach);
        let finding = Finding::at(&RULE, module.path, *range, reach, severity, Confidence::High)
            .says(format!(
                "replaces addresses of wallets by its own, such as `{}`",
                address.text
            ))
            .because(table.path, address.range, 0, "an address that money is sent to")
            .because(table.path, pattern.range, 0, "a pattern that finds such addresses")
            .because(module.path, *range, 0, note.clone())
            .because(module.path, *also, 0, other.clone());
        Some(finding)
    })
}

fn is_hook(used: &Use) -> bool {
    used.capability == Capability::GlobalMutation && HOOKED.iter().any(|api| used.api.starts_with(api))
}

/// What is copied is looked at, and something else is put there.
fn clipboard(module: &Module<'_>, places: &mut Vec<(Range, String, Reach)>) {
    let uses = module.facts.uses.iter();
    let clipboard = uses.filter(|used| used.capability == Capability::Clipboard);
    let (mut reads, mut writes) = (None, None);
    for used in clipboard {
        let program = used.api.strip_prefix("shell: ");
        let api = capability::api(&used.api);
        let is_read = program.map_or(api.is_some_and(|api| api.source == Some(Source::Clipboard)), |name| {
            READERS.contains(&name)
        });
        let is_write = program.map_or(api.is_some_and(|api| api.source.is_none()), |name| {
            WRITERS.contains(&name)
        });
        let elsewhere = |read: &Use| read.place.range != used.place.range;
        if is_read && reads.is_none() {
            reads = Some(used);
        } else if is_write && reads.is_none_or(elsewhere) {
            writes = Some(used);
        }
    }
    let copied = module
        .facts
        .constants
        .iter()
        .find(|one| one.kind == ConstantKind::Copied);
    if let (Some(read), Some(write)) = (reads, writes) {
        for (used, note) in [(read, "reads the clipboard"), (write, "fills the clipboard")] {
            let note = format!("`{}` {note}", used.api);
            places.push((used.place.range, note, module.reach_of(used.place)));
        }
    } else if let Some(found) = programs(module) {
        places.extend(found);
    } else if let Some(copied) = copied {
        places.push((copied.range, "says what is copied".to_owned(), module.reach));
    }
}

/// Programs that read and fill the clipboard are written out, and programs are started: which of them is chosen where it
/// runs.
fn programs(module: &Module<'_>) -> Option<[(Range, String, Reach); 2]> {
    let mut uses = module.facts.uses.iter();
    let started = uses.find(|used| used.capability == Capability::ProcessExec)?;
    let named = |programs: &[&str], skipped: Option<Range>| {
        let marks = module
            .facts
            .marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Clipboard);
        let mut marks = marks.filter(|mark| Some(mark.place.range) != skipped);
        marks.find(|mark| programs.iter().any(|program| mark.text.starts_with(program)))
    };
    let reads = named(&READERS, None)?;
    let writes = named(&WRITERS, Some(reads.place.range))?;
    let reach = module.reach_of(started.place);
    Some([reads, writes].map(|mark| {
        (
            mark.place.range,
            format!("`{}` is one of the programs", mark.text),
            reach,
        )
    }))
}
