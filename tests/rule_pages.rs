//! Every rule's page is a test: each example tagged `bad` gives exactly one finding of that rule, each `ok` none.

use importguard::{
    package::{File, Package},
    registry::names::Names,
    registry::{packument::Packument, release::Release},
    report::Options,
    rules::{RULES, Rule},
};

/// 2026-11-24, in milliseconds since 1970: what day it is on every page.
const NOW: i64 = 1_795_478_400_000;

/// One example: its tag and its files.
struct Case {
    bad: bool,
    line: usize,
    files: Vec<File>,
}

/// The fences of a page. ` ```js bad file=x.js ` begins an example, ` ```js also file=y.js ` adds a file to it.
fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let mut body = String::new();
        for (_, line) in lines.by_ref().take_while(|(_, line)| *line != "```") {
            body.push_str(line);
            body.push('\n');
        }
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or("js");
        let words: Vec<&str> = words.collect();
        let named = words.iter().find_map(|word| word.strip_prefix("file="));
        let path = named.map_or_else(|| format!("index.{language}"), str::to_owned);
        let file = File {
            path,
            bytes: body.into_bytes(),
        };
        if words.contains(&"also") {
            cases.last_mut().expect("an example to add to").files.push(file);
        } else if words.contains(&"bad") || words.contains(&"ok") {
            cases.push(Case {
                bad: words.contains(&"bad"),
                line: at + 1,
                files: vec![file],
            });
        }
    }
    cases
}

fn findings(rule: &Rule, case: &Case) -> Vec<String> {
    let options = Options {
        rules: vec![rule.id.to_owned()],
        ..Options::default()
    };
    let (told, files): (Vec<File>, Vec<File>) = case
        .files
        .iter()
        .cloned()
        .partition(|file| file.path.starts_with("registry"));
    let release = release(&files, &told);
    let package = Package {
        files,
        ..Package::default()
    };
    let names = Names::new(include_bytes!("../src/registry/names.fst")).expect("the list is good");
    let report = importguard::scan_with(&package, &options, Some(&names), release);
    report
        .packages
        .iter()
        .flat_map(|package| &package.findings)
        .map(|finding| format!("{:?}: {}", finding.severity, finding.message))
        .collect()
}

/// What `registry.json`, and `registry/NAME.json` of a new dependency, tell of the version in `package.json`.
fn release(files: &[File], told: &[File]) -> Option<Release> {
    let document = |path: &str| told.iter().find(|file| file.path == path).map(|file| &*file.bytes);
    let packument = Packument::parse(document("registry.json")?).expect("a packument");
    let manifest: serde_json::Value = serde_json::from_slice(&files[0].bytes).expect("a package.json");
    let version = manifest["version"].as_str().expect("a version").trim_start_matches('v');
    let entry = packument.version(version).expect("the version in registry.json");
    let mut release = Release::of(&packument, entry, "registry.example.invalid", NOW);
    for (name, spec) in release.clone().added_dependencies() {
        if let Some(bytes) = document(&format!("registry/{name}.json")) {
            let found = Packument::parse(bytes).expect("a packument");
            release.add_dependency((name, spec), Ok(&found), &packument);
        }
    }
    Some(release)
}

#[test]
fn examples_hold() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for case in cases(rule.docs) {
            let found = findings(rule, &case);
            if found.len() != usize::from(case.bad) {
                wrong.push(format!(
                    "{} line {}: {} {found:?}",
                    rule.id,
                    case.line,
                    if case.bad { "bad" } else { "ok" }
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pages_are_whole() {
    for rule in RULES {
        assert!(
            rule.docs.starts_with(&format!("# {}\n", rule.id)),
            "{}: the page begins with its id",
            rule.id
        );
        for heading in ["## Why", "## What to do", "## Examples"] {
            assert!(rule.docs.contains(heading), "{}: no `{heading}`", rule.id);
        }
        let cases = cases(rule.docs);
        let bad = cases.iter().filter(|case| case.bad).count();
        assert!(
            bad >= 3 && cases.len() - bad >= 3,
            "{}: {bad} bad and {} ok examples",
            rule.id,
            cases.len() - bad
        );
    }
}

#[test]
fn rules_are_sorted_and_named_after_their_pages() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert!(
        ids.is_sorted()
            && ids
                .iter()
                .all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')),
        "{ids:?}"
    );
}
