//! What the sources promise about themselves: sizes, first lines, the direction of imports, no I/O in the core.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules in the order in which data goes; each may import only what stands before it.
/// Those in one row import nothing of each other.
const FLOW: [&[&str]; 10] = [
    &["order", "span"],
    &["issue", "finding"],
    &["package"],
    &["registry"],
    &["parse"],
    &["facts"],
    &["graph"],
    &["rules"],
    &["policy"],
    &["report"],
];

/// What the core must not know of: whoever calls it brings the bytes and shows the result.
const OUTSIDE: [&str; 8] = [
    "std::fs",
    "std::env",
    "std::time",
    "std::net",
    "std::thread",
    "std::process",
    "std::io::stdin",
    "std::os",
];

const LONGEST: usize = 500;

struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.path.ends_with(extension))
    }

    /// The library without its hosts.
    fn is_core(&self) -> bool {
        self.path.starts_with("src/")
            && self.is(&[".rs"])
            && !self.path.starts_with("src/cli/")
            && !self.path.starts_with("src/wasm")
    }

    /// The code without comments, and without the tests at the end of the file.
    fn code(&self) -> String {
        let code = self.text.split("#[cfg(test)]").next().unwrap();
        code.lines()
            .map(|line| line.split("//").next().unwrap().to_owned() + "\n")
            .collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let foreign = ["target", "node_modules", "pkg", "dist", ".git"].contains(&name.as_str())
            || (path.is_dir() && name.starts_with("dist"));
        if path.is_dir() && !foreign {
            walk(&path, files);
        } else if path.is_file() {
            files.push(path);
        }
    }
}

/// Every text file that belongs to the project.
fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    walk(root(), &mut files);
    files.sort();
    let sources: Vec<Source> = files
        .into_iter()
        .filter_map(|file| {
            let path = file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            Some(Source {
                path,
                text: fs::read_to_string(file).ok()?,
            })
        })
        .collect();
    assert!(
        sources.iter().any(|source| source.path == "src/lib.rs"),
        "the sources were not found"
    );
    sources
}

fn assert_none(wrong: &[String], what: &str) {
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}

#[test]
fn files_stay_short_enough_to_read() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|source| source.is(&[".rs", ".ts", ".tsx", ".mjs"]) && source.path != "src/wasm/report.ts")
        .filter(|source| !source.path.contains("test") && !source.path.contains("e2e"))
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert_none(&wrong, "split these files before they grow further");
}

#[test]
fn rust_files_say_what_they_are_for() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|source| source.is(&[".rs"]) && !source.text.starts_with("//! "))
        .map(|source| source.path.clone())
        .collect();
    assert_none(&wrong, "these files do not open with a `//!` sentence");
}

#[test]
fn imports_follow_the_flow_of_data() {
    let rank = |module: &str| FLOW.iter().position(|row| row.contains(&module));
    let mut wrong = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| source.is_core() && source.path != "src/lib.rs")
    {
        let module = source.path["src/".len()..].split(['/', '.']).next().unwrap();
        let Some(own) = rank(module) else {
            wrong.push(format!("{}: `{module}` has no place in the flow", source.path));
            continue;
        };
        for other in crate_modules(&source.code()) {
            if other != module && rank(&other).is_none_or(|other| other >= own) {
                wrong.push(format!("{}: `{module}` must not know of `{other}`", source.path));
            }
        }
    }
    assert_none(&wrong, "imports against the flow of data (src/lib.rs)");
}

/// The modules that paths beginning with `crate` name.
fn crate_modules(code: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            modules.push(first_word(rest));
            continue;
        };
        let mut depth = 0;
        let mut item = 0;
        for (index, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                ',' if depth == 0 => {
                    modules.push(first_word(&group[item..]));
                    item = index + 1;
                }
                '}' if depth == 0 => {
                    modules.push(first_word(&group[item..]));
                    break;
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    modules.retain(|module| !module.is_empty());
    modules
}

fn first_word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}

#[test]
fn nested_imports_are_understood() {
    let code = "use crate::{facts::{self, Facts}, span::Range};\nfn f(x: crate::graph::Graph) {}";
    assert_eq!(crate_modules(code), ["facts", "span", "graph"]);
}

#[test]
fn only_parse_and_facts_know_the_parser() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.starts_with("src/") && source.is(&[".rs"]))
        .filter(|source| !source.path.starts_with("src/parse") && !source.path.starts_with("src/facts"))
        .filter(|source| source.code().contains("swc_"))
        .map(|source| source.path.clone())
        .collect();
    assert_none(&wrong, "the parser's types must not leave src/parse and src/facts");
}

#[test]
fn the_core_does_no_io() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.is_core()) {
        let code = source.code();
        // `use std::{fs, …}` names the same module as `std::fs`.
        let grouped = code.match_indices("std::{").flat_map(|(at, _)| {
            let group = code[at + "std::{".len()..].split(';').next().unwrap();
            group
                .split([',', '{', '}'])
                .map(|item| format!("std::{}", first_word(item)))
                .collect::<Vec<_>>()
        });
        let grouped: Vec<String> = grouped.collect();
        for outside in OUTSIDE {
            if code.contains(&format!("{outside}::")) || grouped.iter().any(|item| item == outside) {
                wrong.push(format!("{}: {outside}", source.path));
            }
        }
    }
    assert_none(&wrong, "the core takes bytes and gives a report; this is for hosts");
}

#[test]
fn no_file_names_a_registry_or_this_machine() {
    let registries = [
        concat!("registry.", "npmjs."),
        concat!("registry.", "yarnpkg."),
        concat!("\"resolved\": \"", "http"),
    ];
    let here = root().to_string_lossy().into_owned();
    let mut wrong = Vec::new();
    for source in sources() {
        for word in registries
            .iter()
            .copied()
            .chain((root().components().count() > 2).then_some(here.as_str()))
        {
            if let Some(line) = source.text.lines().position(|line| line.contains(word)) {
                wrong.push(format!("{}:{}: {word}", source.path, line + 1));
            }
        }
    }
    assert_none(&wrong, "these would break, or point elsewhere, on another machine");
}

#[test]
fn all_packages_have_one_version() {
    let wanted = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let wrong: Vec<&str> = ["src/wasm", "web-demo", "vscode-extension", "bundler-plugin"]
        .into_iter()
        .filter(|folder| {
            !fs::read_to_string(root().join(folder).join("package.json"))
                .unwrap()
                .contains(&wanted)
        })
        .collect();
    assert!(wrong.is_empty(), "the package.json in {wrong:?} must say {wanted}");
}

#[test]
fn both_halves_of_wasm_bindgen_have_one_version() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let version = |name: &str| {
        let entry = format!("name = \"{name}\"\nversion = ");
        lock.split(&entry).nth(1).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(
        version("wasm-bindgen"),
        version("wasm-bindgen-cli-support"),
        "change both, or the module will not load"
    );
}

#[test]
fn every_rule_has_code_and_a_page() {
    let mut code = Vec::new();
    let mut pages = Vec::new();
    for source in sources().iter().filter(|source| source.path.starts_with("src/rules/")) {
        let name = source.path["src/rules/".len()..].to_owned();
        match name.rsplit_once('.') {
            Some((stem, "md")) => pages.push(stem.to_owned()),
            Some((stem, "rs")) if source.text.contains("static RULE: Rule") => {
                code.push(stem.to_owned());
            }
            _ => {}
        }
    }
    assert_eq!(code, pages, "left: rules with code, right: rules with a page");
}
