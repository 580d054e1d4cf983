//! How code of the package gets to run: lifecycle scripts, what an import finds, commands.

use super::resolve::Resolver;
use crate::{
    facts::Content,
    finding::Reach,
    package::manifest::{GIT_SCRIPTS, Run},
    span::Range,
};

/// One way in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path inside the package.
    pub file: String,
    /// How it is reached.
    pub reach: Reach,
    /// What leads there.
    pub condition: String,
    /// Whether the manifest names it; otherwise it can only be imported by its path.
    pub named: bool,
}

/// A command that runs when the package is installed.
#[derive(Debug, Clone)]
pub struct Script {
    /// The script's name.
    pub name: String,
    /// Its command line.
    pub command: String,
    /// The command line's place in `package.json`.
    pub range: Range,
    /// What it runs.
    pub runs: Vec<Run>,
    /// Whether it does nothing but build, patch or print with a well-known tool.
    pub harmless: bool,
}

impl Script {
    /// Whether it starts a program other than the runtime on a file of the package.
    pub fn starts_program(&self) -> bool {
        self.runs.iter().any(|run| matches!(run, Run::Program(_)))
    }
}

/// Tools that only build from the package's own sources, pick a prebuilt binary of it, or print.
const BUILD_TOOLS: [&str; 22] = [
    ":",
    "cmake-js",
    "echo",
    "exit",
    "husky",
    "husky-run",
    "is-ci",
    "lefthook",
    "make",
    "node-gyp",
    "node-gyp-build",
    "node-pre-gyp",
    "opencollective",
    "opencollective-postinstall",
    "patch-package",
    "prebuild-install",
    "prebuildify",
    "simple-git-hooks",
    "true",
    "tsc",
    "test",
    "napi-postinstall",
];

/// Folders and names of files that no user of a package imports.
const ASIDE: [&str; 22] = [
    "__fixtures__",
    "__mocks__",
    "__tests__",
    "bench",
    "benchmark",
    "benchmarks",
    "coverage",
    "demo",
    "demos",
    "doc",
    "docs",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "spec",
    "specs",
    "test",
    "test-d",
    "testing",
    "tests",
    ".github",
];

/// The scripts that run at install, in their order.
pub(super) fn scripts(resolver: &Resolver<'_, '_>) -> Vec<Script> {
    let Some(manifest) = resolver.manifest else {
        return Vec::new();
    };
    manifest
        .install_scripts()
        .map(|script| {
            let runs = manifest.runs(&script.name);
            let harmless = runs.iter().all(is_build_tool);
            Script {
                name: script.name.clone(),
                command: script.value.clone(),
                range: script.range,
                runs,
                harmless,
            }
        })
        .collect()
}

fn is_build_tool(run: &Run) -> bool {
    let Run::Program(words) = run else {
        return false;
    };
    let Some(program) = words.first() else {
        return true;
    };
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    BUILD_TOOLS.contains(&name)
}

/// Every way in, sorted.
pub(super) fn entries(resolver: &Resolver<'_, '_>, scripts: &[Script]) -> Vec<Entry> {
    let mut out = Vec::new();
    for script in scripts {
        run_entries(resolver, &script.runs, Reach::Install, &script.name, &mut out);
    }
    let Some(manifest) = resolver.manifest else {
        all_files(resolver, "file", true, &mut out);
        return out;
    };
    if builds_addon(resolver, scripts) {
        let gyp = |path: &&&str| !path.contains('/') && matches!(path.rsplit('.').next(), Some("gyp" | "gypi"));
        out.extend(resolver.files.keys().filter(gyp).map(|path| Entry {
            file: (*path).to_owned(),
            reach: Reach::Install,
            condition: "node-gyp rebuild".to_owned(),
            named: true,
        }));
    }
    for name in GIT_SCRIPTS {
        run_entries(resolver, &manifest.runs(name), Reach::Call, name, &mut out);
    }
    let mut add = |file: Option<&str>, reach: Reach, condition: String| {
        if let Some(file) = file {
            out.push(Entry {
                file: file.to_owned(),
                reach,
                condition,
                named: true,
            });
        }
    };
    let main = manifest.main.as_ref().map_or("index.js", |main| main.value.as_str());
    let found = resolver.at(main).or_else(|| resolver.at("index.js"));
    if manifest.exports.is_empty() {
        add(found, Reach::Import, "main".to_owned());
    }
    for (text, condition) in [(&manifest.module, "module"), (&manifest.browser, "browser")] {
        add(
            text.as_ref().and_then(|text| resolver.at(&text.value)),
            Reach::Import,
            condition.to_owned(),
        );
    }
    for target in manifest
        .browser_map
        .iter()
        .chain(&manifest.exports)
        .chain(&manifest.imports)
    {
        for file in target.file.iter().flat_map(|file| resolver.matching(file)) {
            add(Some(file), Reach::Import, target.path.clone());
        }
    }
    for bin in &manifest.bin {
        add(resolver.at(&bin.value), Reach::Call, format!("bin.{}", bin.name));
    }
    if let Some(folder) = &manifest.bin_folder {
        let folder = format!("{}/", folder.value.trim_start_matches("./").trim_end_matches('/'));
        for file in resolver.files.keys().filter(|path| path.starts_with(&folder)) {
            add(Some(file), Reach::Call, "directories.bin".to_owned());
        }
    }
    if manifest.exports.is_empty() {
        all_files(resolver, "deep import", false, &mut out);
    }
    out.retain(|entry| entry.named || !out_of_the_way(&entry.file));
    crate::order::sort(&mut out);
    out.dedup();
    out
}

/// Whether installing the package configures a native addon: npm runs `node-gyp rebuild` by itself where the manifest
/// names nothing else.
fn builds_addon(resolver: &Resolver<'_, '_>, scripts: &[Script]) -> bool {
    let gyp = |run: &Run| matches!(run, Run::Program(words) if words.iter().any(|word| word.contains("gyp")));
    resolver.files.contains_key("binding.gyp")
        && if scripts.iter().any(|script| script.name != "postinstall") {
            scripts.iter().flat_map(|script| &script.runs).any(gyp)
        } else {
            resolver
                .manifest
                .is_some_and(|manifest| manifest.gypfile != Some(false))
        }
}

fn run_entries(resolver: &Resolver<'_, '_>, runs: &[Run], reach: Reach, script: &str, out: &mut Vec<Entry>) {
    for run in runs {
        let file = match run {
            Run::File(file) => resolver.at(file),
            Run::Program(words) => words
                .iter()
                .skip(1)
                .find_map(|word| resolver.at(word.trim_start_matches("./"))),
            Run::Code(_) => None,
        };
        if let Some(file) = file {
            out.push(Entry {
                file: file.to_owned(),
                reach,
                condition: format!("scripts.{script}"),
                named: true,
            });
        }
    }
}

fn all_files(resolver: &Resolver<'_, '_>, condition: &str, named: bool, out: &mut Vec<Entry>) {
    for (path, file) in resolver.files {
        if matches!(file.content, Content::Module(_)) {
            out.push(Entry {
                file: (*path).to_owned(),
                reach: Reach::Import,
                condition: condition.to_owned(),
                named,
            });
        }
    }
}

/// Tests, documentation, and the configuration of build tools.
fn out_of_the_way(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    folder
        .split('/')
        .any(|part| ASIDE.contains(&part.to_ascii_lowercase().as_str()))
        || [
            ".test.",
            ".spec.",
            ".bench.",
            ".stories.",
            ".config.",
            ".conf.",
            "-test.",
            "_test.",
        ]
        .iter()
        .any(|mark| lower.contains(mark))
        || lower.starts_with('.')
        || matches!(
            lower.split('.').next(),
            Some(
                "gruntfile"
                    | "gulpfile"
                    | "jakefile"
                    | "makefile"
                    | "test"
                    | "tests"
                    | "bench"
                    | "benchmark"
                    | "example"
            )
        )
}
