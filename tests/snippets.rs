//! A table of small programs: what the analysis sees in each, and its near miss that it must not see.
//!
//! Each file in `tests/snippets/` is one topic:
//!
//! ````text
//! ### a title, told when the snippet fails
//! const { exec: e } = require('child_process');
//! e('ls -l');
//! => process-exec child_process.exec `ls -l`
//! ### its near miss
//! function exec() {}
//! exec('ls -l');
//! => nothing
//! ````
//!
//! `@ lib/a.js` begins a file of that name; without it, all is `index.js`. What can be expected stands in [`check`].

use std::{collections::BTreeMap, fs, path::Path};

use importguard::{
    facts::{self, Content, FileFacts, How},
    graph::{self, Effect, Graph, Linker, Surface},
    package::{File, Package},
    report::{self, Collected, Options, PackageReport},
};
use rustc_hash::FxHashMap;

/// The fewest snippets there must be.
const FEWEST: usize = 1000;

struct Snippet {
    at: String,
    files: Vec<File>,
    expected: Vec<String>,
}

fn snippets() -> Vec<Snippet> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snippets");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of snippets")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    names.sort();
    let mut out = Vec::new();
    for path in names {
        let text = fs::read_to_string(&path).expect("a file of snippets");
        let topic = path.file_stem().expect("a name").to_string_lossy().into_owned();
        read(&topic, &text, &mut out);
    }
    out
}

fn read(topic: &str, text: &str, out: &mut Vec<Snippet>) {
    let mut current: Option<Snippet> = None;
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(title) = line.strip_prefix("### ") {
            out.extend(current.take());
            current = Some(Snippet {
                at: format!("{topic}:{number}: {title}"),
                files: Vec::new(),
                expected: Vec::new(),
            });
            continue;
        }
        let Some(snippet) = &mut current else { continue };
        if let Some(expectation) = line.strip_prefix("=> ") {
            snippet.expected.push(expectation.trim().to_owned());
        } else if let Some(name) = line.strip_prefix("@ ") {
            snippet.files.push(file(name));
        } else {
            if snippet.files.is_empty() {
                snippet.files.push(file("index.js"));
            }
            let last = snippet.files.last_mut().expect("a file");
            last.bytes.extend_from_slice(line.as_bytes());
            last.bytes.push(b'\n');
        }
    }
    out.extend(current);
}

fn file(name: &str) -> File {
    File {
        path: name.trim().to_owned(),
        bytes: Vec::new(),
    }
}

/// What is known of a snippet.
struct Known {
    report: PackageReport,
    facts: BTreeMap<String, FileFacts>,
    surface: Surface,
}

fn analyse(snippet: &Snippet) -> Known {
    let mut files = snippet.files.clone();
    if !files.iter().any(|file| file.path == "package.json") {
        files.push(File {
            path: "package.json".to_owned(),
            bytes: br#"{"name":"snippet","version":"1.0.0"}"#.to_vec(),
        });
    }
    let mut collected = Collected {
        path: "snippet".to_owned(),
        files: files
            .iter()
            .map(|file| (file.path.clone(), facts::collect(&file.path, &file.bytes, How::ByName)))
            .collect(),
        ..Collected::default()
    };
    for path in report::wanted(&collected) {
        let bytes = files.iter().find(|file| file.path == path).map(|file| &*file.bytes);
        let slot = collected.files.iter_mut().find(|(known, _)| *known == path);
        if let (Some(bytes), Some((_, slot))) = (bytes, slot) {
            *slot = facts::collect(&path, bytes, How::AsCode);
        }
    }
    let package = Package {
        path: "snippet".to_owned(),
        files,
        ..Package::default()
    };
    let mut report = importguard::scan(&package, &Options::default());
    Known {
        report: report.packages.remove(0),
        surface: report::surface(&collected),
        facts: collected.files.into_iter().collect(),
    }
}

/// Why an expectation does not hold; `None` if it does.
fn check(expectation: &str, known: &Known) -> Option<String> {
    let (plain, texts) = split(expectation);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let holds = match words.as_slice() {
        // No power is used.
        ["nothing"] => known.report.capabilities.is_empty(),
        // The power is not used.
        ["not", capability] => !known.uses(capability, None, &[]),
        // Not so: not through this API, or not with these texts.
        ["not", capability, api] => !known.uses(capability, Some(api), &texts),
        // The effect of the package.
        [effect @ ("pure" | "effects" | "unknown" | "impure")] => is_told(&known.report.effect, effect),
        // The effect of importing the package's main module and using this export; `impure` is anything but `pure`.
        ["export", export, effect @ ("pure" | "effects" | "unknown" | "impure")] => {
            known.export(export).is_some_and(|known| is_told(&known, effect))
        }
        // The effect of merely importing it.
        ["import", effect @ ("pure" | "effects" | "unknown" | "impure")] => {
            known.export("").is_some_and(|known| is_told(&known, effect))
        }
        // The names that it exports are known, and this is not one of them.
        ["no", "export", export] => known.export(export).is_none(),
        // Data flows from a source to a sink; the texts are among what is known of the target or of what was read.
        ["flow", source, sink] => known.flows(source, sink, &texts),
        // No data flows from any source to any sink, or from this one to that one.
        ["no", "flow"] => known.count_flows() == 0,
        ["no", "flow", source, sink] => !known.flows(source, sink, &texts),
        // A flow's steps go through these files.
        ["steps"] => known.steps(&texts),
        // Code that holds these texts is run.
        ["runs"] => known.runs(&texts),
        // So many inner layers of code were opened.
        ["layers", count] => known.report.stats.layers.to_string() == *count,
        // Some finding's evidence says these texts; the second form also: so many layers deep.
        ["evidence"] => known.tells(None, &texts),
        ["evidence", depth] => known.tells(depth.parse().ok(), &texts),
        // A branch leads to a function with a fact in it, wherever that stands.
        ["gate", "calls"] => known.gates().any(|gate| !gate.functions.is_empty()),
        // A branch hangs on this, and the texts are among what it compares with; none does.
        ["gate", kind] => known.gates().any(|gate| {
            let has = |text: &&str| gate.says.iter().any(|said| said.contains(*text));
            format!("{:?}", gate.kind).eq_ignore_ascii_case(kind) && texts.iter().all(has)
        }),
        ["no", "gate"] => known.gates().next().is_none(),
        // Nothing leads out of some loop; of none.
        ["endless"] => known.modules().any(|facts| !facts.endless.is_empty()),
        ["no", "endless"] => known.modules().all(|facts| facts.endless.is_empty()),
        // A constant text tells something; none does.
        ["mark", kind] => known.modules().flat_map(|facts| &facts.marks).any(|mark| {
            format!("{:?}", mark.kind).eq_ignore_ascii_case(kind) && texts.iter().all(|text| mark.text.contains(text))
        }),
        ["no", "mark"] => known.modules().all(|facts| facts.marks.is_empty()),
        // A command with these words is run.
        ["ran"] => known
            .modules()
            .flat_map(|facts| &facts.commands)
            .any(|ran| texts.iter().all(|text| ran.words.iter().any(|word| word == text))),
        // Some use's options say this; none do.
        ["flag", flag] => known.flags().any(|known| known.eq_ignore_ascii_case(flag)),
        ["no", "flag"] => known.flags().next().is_none(),
        // A rule speaks, or does not.
        ["finding", rule] => known.report.findings.iter().any(|found| found.rule == *rule),
        ["no", "finding", rule] => known.report.findings.iter().all(|found| found.rule != *rule),
        // It says so with this severity.
        ["finding", rule, severity] => known.says(rule, severity),
        ["no", "finding", rule, severity] => !known.says(rule, severity),
        // How some use of a power is reached.
        ["reach", capability, reach] => known
            .report
            .capabilities
            .iter()
            .any(|used| used.capability.name() == *capability && name(&used.reach) == *reach),
        // Some use has this original, with its line and column from 1 if they are told; no use has any.
        ["original", place] => known.originals().any(|told| told == *place),
        ["no", "original"] => known.originals().next().is_none(),
        // A bundle names this module; no file names any.
        ["part", path] => known
            .modules()
            .any(|facts| facts.parts.iter().any(|part| part.path == *path)),
        ["no", "part"] => known.modules().all(|facts| facts.parts.is_empty()),
        // A power is used, through this API if one is named, with these texts among its arguments.
        [capability] => known.uses(capability, None, &texts),
        [capability, api] => known.uses(capability, Some(api), &texts),
        _ => return Some(format!("`{expectation}` is no expectation")),
    };
    (!holds).then(|| format!("expected `{expectation}`, {}", known.told()))
}

/// Whether an effect is what an expectation says; `impure` leaves open which of the two.
fn is_told(effect: &Effect, expected: &str) -> bool {
    let told = name(&effect.kind);
    told == expected || (expected == "impure" && told != "pure")
}

/// The words of an expectation, and its texts in backquotes.
fn split(expectation: &str) -> (String, Vec<&str>) {
    let mut parts = expectation.split('`');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    let mut texts = Vec::new();
    while let Some(text) = parts.next() {
        texts.push(text);
        plain.push_str(parts.next().unwrap_or_default());
    }
    (plain, texts)
}

/// A value's name in JSON.
fn name(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).expect("a plain value");
    value.as_str().expect("a name").to_owned()
}

impl Known {
    fn modules(&self) -> impl Iterator<Item = &facts::Facts> {
        self.facts.values().flat_map(|file| match &file.content {
            Content::Module(facts) | Content::Text(facts) => vec![&**facts],
            Content::Manifest(manifest) => manifest.inline.iter().map(|(_, facts)| facts).collect(),
            _ => Vec::new(),
        })
    }

    fn gates(&self) -> impl Iterator<Item = &facts::Gate> {
        self.modules().flat_map(|facts| &facts.gates)
    }

    fn says(&self, rule: &str, severity: &str) -> bool {
        let mut findings = self.report.findings.iter();
        findings.any(|found| found.rule == *rule && format!("{:?}", found.severity).eq_ignore_ascii_case(severity))
    }

    fn flags(&self) -> impl Iterator<Item = String> {
        let uses = self.modules().flat_map(|facts| &facts.uses);
        uses.flat_map(|used| &used.arguments.flags)
            .map(|flag| format!("{flag:?}"))
    }

    fn tells(&self, depth: Option<u32>, texts: &[&str]) -> bool {
        self.report
            .findings
            .iter()
            .flat_map(|found| &found.evidence)
            .any(|step| {
                depth.is_none_or(|depth| step.layer == Some(depth)) && texts.iter().all(|text| step.note.contains(text))
            })
    }

    /// The effect of using an export, or of merely importing if the name is empty; `None` if there surely is none such.
    fn export(&self, name: &str) -> Option<Effect> {
        let installed = [FxHashMap::default()];
        let surfaces = [&self.surface];
        let mut linker = Linker::new(&surfaces, &installed);
        let (names, open) = linker.names(0, ".");
        if !name.is_empty() && !open && !names.iter().any(|known| known == name) {
            return None;
        }
        linker.export(0, ".", name)
    }

    fn uses(&self, capability: &str, api: Option<&str>, texts: &[&str]) -> bool {
        self.report.capabilities.iter().any(|used| {
            let arguments = [&used.hosts, &used.paths, &used.commands, &used.variables];
            let has = |text: &&str| {
                arguments
                    .iter()
                    .any(|list| list.iter().any(|known| known.contains(*text)))
            };
            used.capability.name() == capability && api.is_none_or(|api| used.api == api) && texts.iter().all(has)
        })
    }

    fn flows(&self, source: &str, sink: &str, texts: &[&str]) -> bool {
        self.graph().flows.iter().any(|flow| {
            let has = |text: &&str| flow.what.iter().chain(flow.target).any(|known| known.contains(*text));
            name(&flow.source) == source && name(&flow.sink) == sink && texts.iter().all(has)
        })
    }

    fn count_flows(&self) -> usize {
        self.graph().flows.len()
    }

    fn graph(&self) -> Graph<'_> {
        graph::build(&self.facts.iter().map(|(path, facts)| (path.as_str(), facts)).collect())
    }

    fn steps(&self, files: &[&str]) -> bool {
        self.graph().flows.iter().any(|flow| {
            let through = |file: &&str| flow.source_file == *file || flow.steps.iter().any(|(at, ..)| at == file);
            files.iter().all(through)
        })
    }

    fn runs(&self, texts: &[&str]) -> bool {
        self.modules().flat_map(|facts| &facts.evaluated).any(|code| {
            let known = code.text.as_deref().unwrap_or_default();
            !known.is_empty() && texts.iter().all(|text| known.contains(text))
        })
    }

    fn originals(&self) -> impl Iterator<Item = String> {
        let told = self
            .report
            .capabilities
            .iter()
            .filter_map(|used| used.original.as_ref());
        told.map(|original| match (original.line, original.character) {
            (Some(line), Some(column)) => format!("{}:{}:{}", original.file, line + 1, column + 1),
            _ => original.file.clone(),
        })
    }

    fn told(&self) -> String {
        let uses: Vec<String> = self
            .report
            .capabilities
            .iter()
            .map(|used| {
                let arguments = [&used.hosts, &used.paths, &used.commands, &used.variables];
                let arguments: Vec<&str> = arguments.into_iter().flatten().map(String::as_str).collect();
                format!(
                    "{} {} {arguments:?} ({})",
                    used.capability.name(),
                    used.api,
                    name(&used.reach)
                )
            })
            .collect();
        let flows: Vec<String> = self
            .graph()
            .flows
            .iter()
            .map(|flow| {
                format!(
                    "{} to {} {:?} {:?}",
                    name(&flow.source),
                    name(&flow.sink),
                    flow.what,
                    flow.target
                )
            })
            .collect();
        let rules: Vec<&str> = self.report.findings.iter().map(|found| &*found.rule).collect();
        let originals: Vec<String> = self.originals().collect();
        let effect = &self.report.effect;
        let reasons: Vec<&str> = effect.reasons.iter().map(|reason| &*reason.message).collect();
        format!(
            "found uses {uses:?}, originals {originals:?}, flows {flows:?}, rules {rules:?}, {} because of {reasons:?}, {} layers, {:?}",
            name(&effect.kind),
            self.report.stats.layers,
            self.report
                .issues
                .iter()
                .map(|issue| &*issue.message)
                .collect::<Vec<_>>(),
        )
    }
}

#[test]
fn each_snippet_shows_what_it_does_and_nothing_else() {
    let snippets = snippets();
    let mut wrong = Vec::new();
    for snippet in &snippets {
        if snippet.expected.is_empty() {
            wrong.push(format!("{}: expects nothing at all", snippet.at));
        }
        let known = analyse(snippet);
        for expectation in &snippet.expected {
            if let Some(why) = check(expectation, &known) {
                wrong.push(format!("{}\n    {why}", snippet.at));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} expectations of {} snippets do not hold:\n{}",
        wrong.len(),
        snippets.len(),
        wrong.join("\n")
    );
    assert!(snippets.len() >= FEWEST, "only {} snippets", snippets.len());
}
