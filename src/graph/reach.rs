//! What reaches what: from the entry points along imports, and along commands that run a file of the package.

use std::collections::{BTreeMap, BinaryHeap};

use super::{
    asked::{Asked, Running},
    entries::Entry,
    resolve::{self, Resolver},
};
use crate::{
    facts::{
        Content, Facts, FileFacts, Form, ImportKind, Place, Ran,
        capability::{Capability, Sink, Source},
    },
    finding::Reach,
};

/// The outcome of a walk.
pub(super) struct Reached<'a> {
    pub(super) reach: BTreeMap<&'a str, Reach>,
    pub(super) wanted: Vec<String>,
    /// What the install asks of the modules that it loads.
    pub(super) asked: BTreeMap<&'a str, Asked<'a>>,
}

/// A module that is reached, and what the install asks of it.
type Step<'a> = (Reach, &'a str, Asked<'a>);

/// Walks the imports from every entry point. Of the modules that are `loaded` by others than the install, it runs no
/// more than what it asks for.
pub(super) fn reach<'a, 'e>(
    files: &BTreeMap<&'a str, &'a FileFacts>,
    resolver: &Resolver<'_, 'a>,
    entries: impl Iterator<Item = &'e Entry>,
    loaded: &BTreeMap<&'a str, Reach>,
) -> Reached<'a> {
    let mut found = Reached {
        reach: BTreeMap::new(),
        wanted: Vec::new(),
        asked: BTreeMap::new(),
    };
    // Nothing is reached more strongly than what leads to it: the strongest first, so that each file is walked once.
    let mut queue: BinaryHeap<Step<'a>> = BinaryHeap::new();
    for entry in entries {
        if let Some((path, _)) = files.get_key_value(entry.file.as_str())
            && !is_soft(path)
            && !is_json(path)
        {
            queue.push((entry.reach, path, Asked::script()));
        }
    }
    while let Some((reach, path, asked)) = queue.pop() {
        let more = reach == Reach::Install && found.asked.entry(path).or_default().add(asked);
        if !more && found.reach.get(path).is_some_and(|known| *known >= reach) {
            continue;
        }
        found.reach.insert(path, reach);
        let asked = found.asked.get(path).cloned().unwrap_or_default();
        let Some(file) = files.get(path) else {
            continue;
        };
        if let Content::Text(facts) = &file.content {
            walk(path, facts, reach, (&asked, &Running::Whole), resolver, &mut queue);
            let words = facts.commands.iter().flat_map(Ran::arguments);
            for word in words.filter(|word| word.trim_start_matches("./").contains('.')) {
                let target = resolver.at(word.trim_start_matches("./"));
                queue.extend(target.map(|target| (reach, target, Asked::script())));
            }
            continue;
        }
        let Content::Module(facts) = &file.content else {
            if file.form == Form::Other
                && matches!(file.content, Content::Inert)
                && may_be_code(path)
                && !found.wanted.iter().any(|w| w == path)
            {
                found.wanted.push(path.to_owned());
            }
            continue;
        };
        let running = if reach == Reach::Install && loaded.contains_key(path) {
            asked.running(facts)
        } else {
            Running::Whole
        };
        walk(path, facts, reach, (&asked, &running), resolver, &mut queue);
    }
    crate::order::sort(&mut found.wanted);
    found
}

fn walk<'a>(
    path: &'a str,
    facts: &'a Facts,
    reach: Reach,
    (asked, running): (&Asked<'a>, &Running),
    resolver: &Resolver<'_, 'a>,
    queue: &mut BinaryHeap<Step<'a>>,
) {
    let at = |place: Place| {
        let function = facts.functions.get(place.function as usize);
        let runs = match reach {
            Reach::Install => running.has(facts, place),
            _ => function.is_none_or(|function| function.eager),
        };
        if runs { reach } else { reach.min(Reach::Call) }
    };
    for import in &facts.imports {
        let Some(specifier) = &import.specifier else {
            continue;
        };
        match resolver.resolve(path, specifier) {
            Some(target) if import.kind == ImportKind::Resolve => {
                queue.push((at(import.place).min(Reach::Call), target, Asked::script()));
            }
            // Bundlers import styles and declarations; only Node's `require` takes them for code.
            Some(target) if is_soft(target) && import.kind != ImportKind::Require => {}
            // JSON is read, not run.
            Some(target) if is_json(target) => {}
            Some(target) => {
                let reach = at(import.place);
                let asked = match reach {
                    Reach::Install => asked.through(facts, running, specifier),
                    _ => Asked::script(),
                };
                queue.push((reach, target, asked));
            }
            None => {}
        }
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named = |word: &str| {
        let target = resolve::join(folder, word.trim_start_matches('…').trim_start_matches('/'));
        target.and_then(|p| resolver.at(&p)).or_else(|| resolver.at(word))
    };
    for used in facts
        .uses
        .iter()
        .filter(|used| matches!(used.capability, Capability::ProcessExec | Capability::Worker))
    {
        for text in used.arguments.commands.iter().chain(&used.arguments.paths) {
            for word in text.split([' ', '"', '\'']).filter(|word| word.contains('.')) {
                if let Some(target) = named(word) {
                    queue.push((at(used.place), target, Asked::script()));
                }
            }
        }
    }
    for (path, place) in read_and_run(facts) {
        queue.extend(named(path).map(|target| (at(place), target, Asked::script())));
    }
}

/// Files that are read and run as code, by the flows of a module.
fn read_and_run(facts: &Facts) -> impl Iterator<Item = (&String, Place)> {
    let run = |flow: &&crate::facts::Flow| flow.source == Source::File && flow.sink == Sink::Code;
    let flows = facts.flows.iter().filter(run);
    flows.flat_map(|flow| flow.what.iter().map(|path| (path, flow.place)))
}

/// Whether a name is one of documents, styles or declarations, which Node's `require` runs as code all the same.
fn is_soft(path: &str) -> bool {
    [".md", ".css", ".d.ts", ".d.mts", ".d.cts"]
        .iter()
        .any(|end| path.ends_with(end))
}

fn is_json(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json")
}

/// Whether a file that something loads may be code in disguise: whatever is not data by a well-known name.
fn may_be_code(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    !matches!(
        ending,
        "node" | "wasm" | "scss" | "less" | "sass" | "html" | "svg" | "gyp" | "gypi"
    )
}
