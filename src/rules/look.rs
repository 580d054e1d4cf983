//! What several rules look at: facts with their modules and how they are reached, and hosts of telling kinds.

use crate::{
    facts::{
        Flag, Import, Mark, Ran, Use,
        capability::{Capability, HostKind, MarkKind, TellingHost, telling_host},
    },
    finding::Reach,
    graph::{Graph, Module, PackageFlow},
};

/// A connection that a shell opens by itself, as flows name it.
pub(super) const SHELL_SOCKET: &str = "shell: /dev/tcp";

/// Every use of a power.
pub(super) fn uses<'g>(graph: &'g Graph<'_>) -> impl Iterator<Item = (&'g Module<'g>, &'g Use, Reach)> {
    graph.modules.iter().flat_map(|module| {
        let found = module.facts.uses.iter();
        found.map(move |used| (module, used, module.reach_of(used.place)))
    })
}

/// Every use of one power.
pub(super) fn powers<'g>(
    graph: &'g Graph<'_>,
    power: Capability,
) -> impl Iterator<Item = (&'g Module<'g>, &'g Use, Reach)> {
    uses(graph).filter(move |(_, used, _)| used.capability == power)
}

/// Every command that is run, as far as the package is used as its manifest says.
pub(super) fn commands<'g>(graph: &'g Graph<'_>) -> impl Iterator<Item = (&'g Module<'g>, &'g Ran, Reach)> {
    graph.modules.iter().flat_map(|module| {
        let found = module.facts.commands.iter();
        found.map(move |ran| (module, ran, module.offered_reach_of(ran.place)))
    })
}

/// Every constant text that tells what something is for; how it is reached likewise.
pub(super) fn marks<'g>(graph: &'g Graph<'_>) -> impl Iterator<Item = (&'g Module<'g>, &'g Mark, Reach)> {
    graph.modules.iter().flat_map(|module| {
        let found = module.facts.marks.iter();
        found.map(move |mark| (module, mark, module.offered_reach_of(mark.place)))
    })
}

/// The first of some hosts that is of a telling kind.
pub(super) fn telling<'h>(hosts: impl IntoIterator<Item = &'h String>) -> Option<(&'h str, TellingHost)> {
    hosts
        .into_iter()
        .find_map(|host| Some((host.as_str(), telling_host(host)?)))
}

/// Whether a host is good for receiving what nobody should see.
pub(super) fn receives(kind: HostKind) -> bool {
    !matches!(
        kind,
        HostKind::Forge | HostKind::Ledger | HostKind::Locator | HostKind::Note
    )
}

/// Whether a host is good for leaving a message that nobody can trace.
pub(super) fn leaves_notes(kind: HostKind) -> bool {
    matches!(
        kind,
        HostKind::Ledger | HostKind::Note | HostKind::Paste | HostKind::Bot
    )
}

/// The kind of the host of a mark.
pub(super) fn host_of(mark: &Mark) -> Option<HostKind> {
    match mark.kind {
        MarkKind::Host(kind) => Some(kind),
        _ => None,
    }
}

/// A text as a finding shows it: its beginning.
pub(super) fn brief(text: &str) -> String {
    match text.char_indices().nth(90) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The hosts that a reply may come from: what the flow tells, else what its module reaches or names.
pub(super) fn answering<'g>(graph: &'g Graph<'_>, flow: &PackageFlow<'g>) -> Vec<&'g str> {
    if !flow.what.is_empty() {
        return flow.what.iter().map(String::as_str).collect();
    }
    let module = graph.modules.iter().find(|module| module.path == flow.source_file);
    let mut out: Vec<&str> = Vec::new();
    if let Some(module) = module {
        let uses = module
            .facts
            .uses
            .iter()
            .filter(|used| used.capability == Capability::Network);
        let hosts = uses.flat_map(|used| &used.arguments.hosts).map(String::as_str);
        let named = module.facts.marks.iter().filter(|mark| host_of(mark).is_some());
        for host in hosts.chain(named.map(|mark| mark.text.as_str())) {
            if !out.contains(&host) {
                out.push(host);
            }
        }
    }
    out
}

/// Whether a program is started so that it outlives its starter, and nobody sees what it says.
pub(super) fn is_unseen(used: &Use) -> bool {
    let has = |flag| used.arguments.flags.contains(&flag);
    used.capability == Capability::ProcessExec && has(Flag::Detached) && has(Flag::Silent)
}

/// What a module starts, or loads, that it has written itself, by the file's name.
pub(super) fn kept<'m>(module: &'m Module<'_>) -> (Option<&'m Use>, Option<&'m Import>) {
    let name = |text: &String| {
        let name = text.rsplit(['/', '\\', ' ']).next().unwrap_or_default();
        (name.trim_matches('…').len() >= 3).then(|| name.to_owned())
    };
    let written = module
        .facts
        .uses
        .iter()
        .filter(|used| used.capability == Capability::FsWrite);
    let written: Vec<String> = written
        .flat_map(|used| &used.arguments.paths)
        .filter_map(name)
        .collect();
    let used = module.facts.uses.iter().find(|used| {
        let starts = matches!(
            used.capability,
            Capability::ProcessExec | Capability::DynamicImport | Capability::Native
        );
        let words = used.arguments.commands.iter().flat_map(|line| line.split(' '));
        let named = words.map(str::to_owned).chain(used.arguments.paths.iter().cloned());
        starts && named.filter_map(|text| name(&text)).any(|name| written.contains(&name))
    });
    let imports = &mut module.facts.imports.iter();
    let import = imports.find(|import| {
        let named = import.specifier.as_ref().and_then(name);
        named.is_some_and(|name| written.contains(&name))
    });
    (used, import)
}
