//! Code or a native program lies in a file that says it is something else.

use super::{Rule, look, weighed};
use crate::{
    facts::{
        End, Form, Ran, Use,
        capability::{Capability, Sink, Source},
    },
    finding::{Confidence, Finding, Reach, Severity},
    graph::{Graph, Module, PackageFlow},
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "mismatched-file",
    title: "runs what is in a file that says it is something else",
    docs: include_str!("mismatched_file.md"),
    help: "open the file as text: code has no reason to be called a picture, a font or a document",
    severity: Severity::Critical,
    check,
};

/// Endings of pictures, sounds, fonts and documents: nothing in them runs.
const MEDIA: &[&str] = &[
    "avif", "bmp", "csv", "css", "eot", "gif", "ico", "jpeg", "jpg", "map", "md", "mp3", "mp4", "ogg", "otf", "pdf",
    "png", "svg", "tiff", "ttf", "wav", "webm", "webp", "woff", "woff2", "xml",
];
/// Endings of data that may be anything.
const DATA: &[&str] = &["bin", "dat", "data", "db", "json", "lock", "log", "txt", "yaml", "yml"];

/// What a file says it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    Media,
    Data,
}

/// What the name of a file says it is, if that is nothing that runs.
fn claim(path: &str) -> Option<Claim> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if name.contains(".d.") && (name.ends_with("ts")) {
        return Some(Claim::Media);
    }
    let Some((_, ending)) = name.rsplit_once('.') else {
        let document = ["readme", "license", "licence", "changelog"];
        let document = document.iter().any(|known| name.eq_ignore_ascii_case(known));
        return document.then_some(Claim::Media);
    };
    let is = |list: &[&str]| list.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if is(MEDIA) {
        Some(Claim::Media)
    } else {
        is(DATA).then_some(Claim::Data)
    }
}

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    for module in &graph.modules {
        // The commands in a manifest's scripts are meant to run.
        if module.path == "package.json" {
            continue;
        }
        if let Some(claim) = claim(module.path).filter(|_| module.reach > Reach::Unreached) {
            out.extend(loaded(module, claim));
        }
    }
    for (path, form) in &graph.programs {
        if claim(path) == Some(Claim::Media) {
            out.push(program(graph, path, *form));
        }
    }
    let from = out.len();
    for flow in &graph.flows {
        let read =
            flow.source == Source::File && (flow.sink == Sink::Code || is_fed(graph, flow) || is_unpacked(graph, flow));
        let file = flow.what.iter().find_map(|path| Some((path, claim(path)?)));
        let Some((path, claim)) = file.filter(|_| read) else {
            continue;
        };
        let known = |found: &Finding| path.ends_with(&found.file) || found.range == flow.place.range;
        if out.iter().any(|found| found.rule == RULE.id && known(found)) {
            continue;
        }
        let (severity, confidence) = match severity(claim, flow.reach) {
            // Who encodes code and calls it data does not want it to be read.
            (Severity::Low | Severity::Medium | Severity::High, _) if flow.decoded => {
                (Severity::High, Confidence::High)
            }
            known => known,
        };
        out.push(
            Finding::of(&RULE, graph, flow, severity, confidence)
                .says(format!("takes code out of `{}` and runs it", plain(path)))
                .because(
                    flow.source_file,
                    flow.source_range,
                    flow.place.layer,
                    format!("`{}` reads it", flow.source_api),
                )
                .through(flow)
                .because(
                    flow.file,
                    flow.place.range,
                    flow.place.layer,
                    format!("`{}` runs what was in it", flow.sink_api),
                ),
        );
    }
    for module in &graph.modules {
        out.extend(imported(module, &out[from..]));
    }
}

/// Whether data of the package is written to a file which the module then runs.
fn is_unpacked(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let own = |path: &String| path.starts_with("./") && !path.contains('…');
    if flow.sink != Sink::FileWrite || !flow.what.iter().any(own) {
        return false;
    }
    let module = graph.modules.get(flow.module);
    module.is_some_and(|module| look::kept(module).0.is_some())
}

/// Whether data goes to the standard input of a program that runs what it reads there.
fn is_fed(graph: &Graph<'_>, flow: &PackageFlow<'_>) -> bool {
    let fed = flow.sink == Sink::Exec && flow.sink_api.contains("stdin");
    let reads = |ran: &Ran| {
        let runs = matches!(
            ran.program().as_str(),
            "node" | "bash" | "sh" | "zsh" | "python" | "python3" | "perl" | "ruby" | "php" | "powershell" | "pwsh"
        );
        runs && ran.arguments().iter().all(|word| word.starts_with('-'))
    };
    let module = graph.modules.get(flow.module).filter(|_| fed);
    module.is_some_and(|module| module.facts.commands.iter().any(reads))
}

fn severity(claim: Claim, reach: Reach) -> (Severity, Confidence) {
    match (claim, reach) {
        (Claim::Media, Reach::Install | Reach::Import) => (Severity::Critical, Confidence::High),
        (Claim::Media, _) | (Claim::Data, Reach::Install) => (Severity::High, Confidence::Medium),
        (Claim::Data, Reach::Import) => (Severity::Medium, Confidence::Medium),
        (Claim::Data, _) => (Severity::Low, Confidence::Medium),
    }
}

/// A module with such a name: something loads it, or it would not have been read as code.
fn loaded(module: &Module<'_>, claim: Claim) -> Option<Finding> {
    let strong = |used: &&Use| !matches!(used.capability, Capability::Dom | Capability::Crypto);
    let used = module.facts.uses.iter().find(strong)?;
    let (severity, confidence) = severity(claim, module.reach);
    let finding = Finding::new(&RULE, module, used.place, severity, confidence);
    Some(
        finding
            .says(format!("runs `{}` as code", module.path))
            .because(
                module.path,
                Range::default(),
                0,
                "something loads this file, and it is code",
            )
            .because(
                module.path,
                used.place.range,
                used.place.layer,
                format!("which uses `{}`", used.api),
            ),
    )
}

/// A native program that is called a picture or a document.
fn program(graph: &Graph<'_>, path: &str, form: Form) -> Finding {
    let system = form.system().unwrap_or_default();
    let message = format!("`{path}` is a program for {system}");
    let named = named(graph, path);
    let Some((module, used)) = named else {
        let reach = Reach::Unreached;
        let (severity, confidence) = (Severity::High, Confidence::Medium);
        return Finding::at(&RULE, path, Range::default(), reach, severity, confidence).says(message);
    };
    let runs = |used: &Use| matches!(used.capability, Capability::ProcessExec | Capability::Native);
    let starts = module.facts.uses.iter().find(|used| runs(used));
    let (severity, confidence) = match (module.reach_of(used.place), starts) {
        (Reach::Install | Reach::Import, Some(_)) => (Severity::Critical, Confidence::High),
        _ => (Severity::High, Confidence::Medium),
    };
    let finding = Finding::new(&RULE, module, used.place, weighed(severity, module.reach), confidence)
        .says(message)
        .because(
            path,
            Range::default(),
            0,
            format!("its first bytes are those of a program for {system}"),
        )
        .because(
            module.path,
            used.place.range,
            used.place.layer,
            format!("`{}` takes it", used.api),
        );
    match starts {
        Some(used) => finding.because(
            module.path,
            used.place.range,
            used.place.layer,
            format!("`{}` starts a program", used.api),
        ),
        None => finding,
    }
}

/// The first use, best reached, that names a file of the package by its name.
pub(super) fn named<'g>(graph: &'g Graph<'_>, path: &str) -> Option<(&'g Module<'g>, &'g Use)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let names = |used: &&Use| {
        let texts = used.arguments.paths.iter().chain(&used.arguments.commands);
        texts.into_iter().any(|text| names_file(text, name))
    };
    graph
        .modules
        .iter()
        .flat_map(|module| {
            let uses = module.facts.uses.iter().filter(names);
            uses.map(move |used| (module, used))
        })
        .max_by_key(|(module, used)| (module.reach_of(used.place), used.capability == Capability::ProcessExec))
}

/// Whether a path or a command line names a file, as a whole word.
fn names_file(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let after = text[at + name.len()..].chars().next();
        !text[..at].ends_with(is_part) && !after.is_some_and(is_part)
    })
}

/// A path as a sentence shows it.
fn plain(path: &str) -> &str {
    path.trim_start_matches("./")
}

/// A value of a JSON file that is run: it is imported as data.
fn imported(module: &Module<'_>, told: &[Finding]) -> Option<Finding> {
    module.facts.passages.iter().find_map(|passage| {
        let (
            End::Edge {
                specifier: Some(specifier),
                place: taken,
                ..
            },
            End::Sink {
                kind: Sink::Code,
                api,
                place,
                ..
            },
        ) = (&passage.from, &passage.to)
        else {
            return None;
        };
        let known = |found: &Finding| found.file == module.path && found.range == place.range;
        if claim(specifier) != Some(Claim::Data) || told.iter().any(known) {
            return None;
        }
        let severity = match module.reach_of(*place) {
            Reach::Install | Reach::Import => Severity::High,
            Reach::Call | Reach::Unreached => Severity::Medium,
        };
        let finding = Finding::new(&RULE, module, *place, weighed(severity, module.reach), Confidence::High);
        Some(
            finding
                .says(format!("runs a text out of `{specifier}` as code"))
                .because(module.path, taken.range, taken.layer, format!("`{specifier}` is data"))
                .along(module.path, &passage.steps)
                .because(module.path, place.range, place.layer, format!("`{api}` runs it")),
        )
    })
}
