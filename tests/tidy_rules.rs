//! Rules judge what a package does, never who it is: no name, author or hash is special-cased.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

/// Names of packages that rules know as something else than who is judged, by rule.
const OTHERWISE: [(&str, &[&str]); 7] = [
    // Words that hosts and texts of the same origin share.
    ("away.rs", &["npm", "vercel"]),
    // Commands that a package's own may hide.
    ("bin_shadowing.rs", &["npm", "pnpm", "tar", "touch", "which", "yarn"]),
    // Commands, and modules that are called.
    ("destructive.rs", &["del", "rimraf", "temp", "tmp", "trash"]),
    // An archive that holds a program's code.
    ("persistence.rs", &["asar"]),
    ("protestware.rs", &["del", "rimraf"]),
    // An API that opens a connection; a member of a request.
    ("remote_code.rs", &["cookie", "ws"]),
    // Commands that publish.
    ("self_propagation.rs", &["npm", "pnpm", "yarn"]),
];

/// Rules that compare what a package says it is with what is in the package, with what its registry says it is, or with
/// the list that the host brought.
const OWN: [(&str, &[&str]); 4] = [
    ("bin_shadowing.rs", &[".name"]),
    ("manifest_confusion.rs", &[".name", ".version"]),
    ("module_hook.rs", &[".name"]),
    ("typosquat.rs", &[".name"]),
];

/// Fields of a manifest or a report that tell who a package is.
const IDENTITY: [&str; 8] = [
    ".name",
    ".version",
    ".author",
    ".maintainers",
    ".publisher",
    ".integrity",
    ".repository",
    ".homepage",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rules' files, without comments and tests.
fn rules() -> Vec<(String, String)> {
    let files = fs::read_dir(root().join("src/rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sources = files.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let code = |text: &str| {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    };
    sources
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, code(&fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

/// What stands between double quotes.
fn literals(code: &str) -> Vec<&str> {
    code.lines()
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect()
}

/// The names of more than a thousand well-known packages.
fn known_names() -> BTreeSet<String> {
    let read = |file: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(root().join("tests/corpus").join(file)).unwrap()).unwrap()
    };
    let lock = read("package-lock.json");
    let paths = lock["packages"].as_object().unwrap().keys();
    let mut names: BTreeSet<String> = paths
        .filter_map(|path| path.rsplit("node_modules/").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    names.extend(read("powerful.json").as_object().unwrap().keys().cloned());
    assert!(names.len() > 1_000, "only {} names", names.len());
    names
}

#[test]
fn no_rule_names_a_package() {
    let names = known_names();
    let mut wrong = Vec::new();
    for (file, code) in rules() {
        for literal in literals(&code) {
            let means_another = |(rule, words): &(&str, &[&str])| *rule == file && words.contains(&literal);
            if names.contains(literal) && !OTHERWISE.iter().any(means_another) {
                wrong.push(format!("{file}: {literal}"));
            }
        }
    }
    assert!(wrong.is_empty(), "names of packages in rules: {wrong:#?}");
}

#[test]
fn no_rule_asks_who_a_package_is() {
    let mut wrong = Vec::new();
    for (file, code) in rules() {
        for (index, line) in code.lines().enumerate() {
            let asks = |field: &&&str| {
                let manifest = line.split(**field).next().unwrap_or_default().ends_with("manifest");
                manifest && line.contains(**field)
            };
            let own = |field: &str| {
                OWN.iter()
                    .any(|(rule, fields)| *rule == file && fields.contains(&field))
            };
            if let Some(field) = IDENTITY.iter().find(asks).filter(|field| !own(field)) {
                wrong.push(format!("{file}:{}: manifest{field}", index + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "rules that ask who a package is: {wrong:#?}");
}

#[test]
fn no_rule_knows_a_hash() {
    let is_hash = |word: &str| {
        let hex = word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex || ["sha1-", "sha256-", "sha384-", "sha512-"]
            .iter()
            .any(|start| word.starts_with(start))
    };
    assert!(is_hash("da39a3ee5e6b4b0d3255bfef95601890afd80709") && !is_hash("0123456789abcdef"));
    let mut wrong = Vec::new();
    for (file, code) in rules() {
        wrong.extend(
            literals(&code)
                .into_iter()
                .filter(|word| is_hash(word))
                .map(|word| format!("{file}: {word}")),
        );
    }
    assert!(wrong.is_empty(), "hashes in rules: {wrong:#?}");
}
