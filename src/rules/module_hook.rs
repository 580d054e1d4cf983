//! Other packages are changed: by a hook in the loader that talks to the network, or by writing to their files.

use super::{Rule, away, weighed};
use crate::{
    facts::{
        Use,
        capability::{Capability, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module},
};

pub(super) static RULE: Rule = Rule {
    id: "module-hook",
    title: "changes what other packages do",
    docs: include_str!("module_hook.md"),
    help: "remove it and install the other packages anew: what it changed stays changed",
    severity: Severity::Critical,
    check,
};

/// Parts of the loader; what stands in their place decides what every `require` gives.
const LOADER: [&str; 6] = [
    "module._load",
    "module._extensions",
    "module#_compile",
    "module#load",
    "module#require",
    "require.cache",
];
/// Programs that are changed through a file of theirs.
const PROGRAMS: [&str; 3] = ["app.asar", "discord_desktop_core", "discord_modules"];
/// Endings of files that run.
const RUNS: [&str; 6] = [".js", ".cjs", ".mjs", ".ts", ".node", "package.json"];

/// Whether an API is a part of the loader.
pub(super) fn is_loader(api: &str) -> bool {
    LOADER.iter().any(|part| api.starts_with(part))
}

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let own = graph.manifest.map_or("", |facts| facts.manifest.name.as_str());
    for (index, module) in graph.modules.iter().enumerate() {
        for used in &module.facts.uses {
            if used.capability == Capability::FsWrite
                && let Some(finding) = written(module, used, own)
            {
                out.push(finding);
                break;
            }
        }
        let mutation = |used: &&Use| used.capability == Capability::GlobalMutation;
        let mut hooks = module.facts.uses.iter().filter(mutation);
        if let Some(hook) = hooks.find(|used| is_loader(&used.api)) {
            let seen = graph.flows_into(index).iter();
            let seen = seen.filter(|flow| flow.source == Source::Intercepted && is_loader(flow.source_api));
            out.extend(hooked(module, hook, seen.count() > 0));
        }
    }
}

/// The loader is changed where hosts are named, too: what is loaded, or what is given to it, can go there.
fn hooked(module: &Module<'_>, hook: &Use, followed: bool) -> Option<Finding> {
    let (sent, host) = away::hosts(module).next()?;
    let eager = module.reach_of(hook.place) >= Reach::Import;
    let (severity, confidence) = match (eager, followed) {
        (true, true) => (Severity::Critical, Confidence::High),
        (true, false) => (Severity::Critical, Confidence::Medium),
        (false, _) => (Severity::Medium, Confidence::Medium),
    };
    let finding = Finding::new(&RULE, module, hook.place, weighed(severity, module.reach), confidence);
    Some(
        finding
            .says(format!(
                "changes the module loader (`{}`) and talks to `{host}`",
                hook.api
            ))
            .because(
                module.path,
                hook.place.range,
                hook.place.layer,
                format!("`{}` is replaced: every later `require` comes through here", hook.api),
            )
            .because(
                module.path,
                sent.range,
                sent.layer,
                format!("and `{host}` is reached from the same file"),
            ),
    )
}

/// A file of another package, or of a known program, is written.
fn written(module: &Module<'_>, used: &Use, own: &str) -> Option<Finding> {
    let (path, whose) = used.arguments.paths.iter().find_map(|path| {
        let program = PROGRAMS.iter().find(|program| path.contains(*program));
        // A tool that packs programs does so when it is called.
        if let Some(program) = program.filter(|_| module.reach_of(used.place) >= Reach::Import) {
            return Some((path, (*program).to_owned()));
        }
        let runs = RUNS.iter().any(|end| path.ends_with(end));
        Some((path, other_package(module.path, path, own).filter(|_| runs)?))
    })?;
    let (severity, confidence) = match module.reach_of(used.place) {
        Reach::Install | Reach::Import => (Severity::Critical, Confidence::High),
        Reach::Call | Reach::Unreached => (Severity::Medium, Confidence::Medium),
    };
    let finding = Finding::new(&RULE, module, used.place, weighed(severity, module.reach), confidence);
    Some(finding.says(format!("rewrites a file of `{whose}`")).because(
        module.path,
        used.place.range,
        used.place.layer,
        format!("`{}` writes to `{path}`", used.api),
    ))
}

/// The other installed package that a path leads into: below `node_modules`, or beside this package.
fn other_package(file: &str, path: &str, own: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let rest = match path.rsplit_once("node_modules/") {
        Some((_, rest)) => rest.to_owned(),
        None => beside(file, &path)?,
    };
    let mut parts = rest.split('/');
    let first = parts.next()?;
    let name = if first.starts_with('@') {
        format!("{first}/{}", parts.next()?)
    } else {
        first.to_owned()
    };
    // Tools keep their caches in folders such as `.cache`; a name that is not known says nothing.
    let known = !name.is_empty() && !name.starts_with('.') && !name.contains('…');
    (known && name != own && parts.next().is_some()).then_some(name)
}

/// What is left of a path from a file of this package that leads out of its folder by one step.
fn beside(file: &str, path: &str) -> Option<String> {
    let path = path.strip_prefix("./")?;
    let mut folder: Vec<&str> = file.split('/').collect();
    folder.pop();
    let mut left = path.split('/').peekable();
    let mut out = 0;
    while left.next_if_eq(&"..").is_some() {
        if folder.pop().is_none() {
            out += 1;
        }
    }
    let rest: Vec<&str> = left.collect();
    (out == 1).then(|| rest.join("/"))
}
