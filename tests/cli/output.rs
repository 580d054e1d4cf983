//! What is written, for people and for programs.

use expect_test::{expect, expect_file};

use super::folder::{Folder, THIEF, thief_tarball};

fn project() -> Folder {
    let folder = Folder::new();
    folder
        .package("node_modules/colour-log", "colour-log", THIEF)
        .package("node_modules/plain", "plain", "module.exports = (a, b) => a + b;\n")
        .package(
            "node_modules/reader",
            "reader",
            "exports.read = name => require('fs').readFileSync(name);\n",
        )
        .package("node_modules/odd", "odd", "let = = ;\n");
    folder
}

#[test]
fn text_is_for_people() {
    let ran = project().run(["scan"]);
    expect_file!["scan.txt"].assert_eq(&ran.stdout);
    assert_eq!(ran.stderr, "");
}

#[test]
fn json_is_one_document() {
    let ran = project().run(["scan", "--format", "json"]);
    expect_file!["scan.json"].assert_eq(&ran.stdout.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn ndjson_is_the_same_line_by_line() {
    let folder = project();
    let report = folder.report(&[]);
    let lines = folder.run(["scan", "--format", "ndjson"]).stdout;
    let mut lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = lines.pop().unwrap();
    assert_eq!(report["packages"], serde_json::Value::Array(lines));
    assert_eq!((&report["summary"], &report["tool"]), (&last["summary"], &last["tool"]));
    assert!(last.get("packages").is_none());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = project();
    for index in 0..40 {
        let code = if index % 7 == 0 {
            THIEF
        } else {
            "exports.x = require('./y');\n"
        };
        folder.package(&format!("node_modules/p{index}"), &format!("p{index}"), code);
    }
    for format in ["text", "json", "ndjson"] {
        let run = |jobs| folder.run(["scan", "--format", format, "--jobs", jobs]);
        let one = run("1");
        assert!(one.stdout.len() > 1000);
        assert_eq!(one, run("4"), "{format}");
        assert_eq!(one, run("4"), "{format}");
    }
}

#[test]
fn colour_is_for_terminals_or_on_request() {
    let folder = project();
    let plain = folder.run(["scan"]);
    assert!(!plain.stdout.contains('\u{1b}'));
    assert_eq!(folder.run(["scan", "--color", "never"]), plain);
    assert_eq!(folder.run_with(["scan"], &[("NO_COLOR", "1")], b""), plain);
    let forced = folder.run_with(["scan"], &[("CLICOLOR_FORCE", "1")], b"");
    assert!(forced.stdout.contains('\u{1b}'));
    let both = folder.run_with(["scan"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], b"");
    assert_eq!(both, plain);
    let colored = folder.run_with(["scan", "--color", "always"], &[("NO_COLOR", "1")], b"");
    assert_eq!(anstream::adapter::strip_str(&colored.stdout).to_string(), plain.stdout);
    assert_eq!(colored, forced);
}

#[test]
fn a_file_gets_the_report_without_colour() {
    let folder = project();
    let ran = folder.run(["scan", "-o", "report.txt"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    let written = std::fs::read_to_string(folder.path("report.txt")).unwrap();
    assert_eq!(written, folder.run(["scan"]).stdout);
}

#[test]
fn nothing_of_a_package_reaches_the_terminal_as_it_is() {
    let folder = Folder::new();
    let hostile = "\u{1b}]0;pwned\u{7}\u{9b}2J\u{202e}";
    let code = format!("/* {hostile} */ {THIEF}// {hostile}\n").replace("c2.example", &format!("{hostile}.example"));
    folder.package(
        "node_modules/a",
        &format!("a{hostile}").escape_default().to_string(),
        &code,
    );
    let manifest = serde_json::json!({ "name": format!("b{hostile}"), "version": format!("1{hostile}") });
    folder.file(format!("node_modules/b{hostile}/package.json"), manifest.to_string());
    folder.file(format!("node_modules/b{hostile}/index{hostile}.js"), &code);
    for more in [&["--verbose"][..], &["--quiet"], &[]] {
        let ran = folder.run(["scan"].iter().chain(more));
        assert_eq!(ran.status, 1, "{ran:?}");
        let bad = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'];
        assert!(!ran.stdout.contains(bad) && !ran.stderr.contains(bad), "{ran:?}");
    }
}

#[test]
fn a_long_line_is_cut_to_the_terminal() {
    let folder = Folder::new();
    let line = format!(
        "{}{}{}",
        "var a=1;".repeat(20_000),
        THIEF.replace('\n', " "),
        "var b=2;".repeat(20_000)
    );
    folder.package("thief", "thief", &line);
    for columns in ["60", "100"] {
        let ran = folder.run_with(["scan", "thief"], &[("COLUMNS", columns)], b"");
        assert_eq!(ran.status, 1);
        let width = columns.parse().unwrap();
        assert!(
            ran.stdout.lines().all(|line| line.chars().count() <= width),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("^^^"), "{}", ran.stdout);
    }
}

#[test]
fn quiet_and_verbose_say_less_and_more() {
    let folder = project();
    let [quiet, usual, verbose] = ["--quiet", "--jobs=1", "--verbose"].map(|more| folder.run(["scan", more]).stdout);
    assert!(quiet.len() < usual.len() && usual.len() < verbose.len());
    assert!(quiet.contains("colour-log@1.0.0  block") && !quiet.contains("reader"));
    assert!(verbose.contains("fs.readFileSync index.js:1:"), "{verbose}");
    let clean = folder.run(["scan", "--quiet", "node_modules/plain"]).stdout;
    assert_eq!(clean.lines().count(), 3, "{clean}");
}

#[test]
fn standard_input_is_code_or_a_tarball() {
    let folder = Folder::new();
    let arguments = ["scan", "-", "--format", "json"];
    let ran = folder.run_with(arguments, &[], THIEF.as_bytes());
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let package = &report["packages"][0];
    assert_eq!((ran.status, &package["path"]), (1, &"-".into()));
    assert_eq!(package["findings"][0]["file"], "stdin.js");

    let ran = folder.run_with(arguments, &[], &thief_tarball());
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let package = &report["packages"][0];
    assert_eq!((ran.status, &package["name"]), (1, &"thief".into()));

    let typed = format!("const x: number = 1 as any;\n{THIEF}");
    let arguments = ["scan", "-", "--stdin-name", "src/patch.ts"];
    let ran = folder.run_with(arguments, &[], typed.as_bytes());
    assert!(ran.stdout.contains("patch.ts:3:"), "{ran:?}");
    assert!(!ran.stdout.contains("not fully analysed"), "{ran:?}");
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new();
    let listed = folder.run(["rules"]).stdout;
    let rules: serde_json::Value = serde_json::from_str(&folder.run(["rules", "--format", "json"]).stdout).unwrap();
    let rules = rules.as_array().unwrap();
    assert!(rules.len() >= 10);
    assert_eq!(listed.lines().count(), rules.len());
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        let ran = folder.run(["explain", id]);
        assert_eq!(ran.status, 0);
        let title = format!("{id}  {}\n", rule["severity"].as_str().unwrap());
        assert!(ran.stdout.starts_with(&title), "{ran:?}");
        let page = importguard::rules::find(id).unwrap().docs;
        let code = page.lines().filter(|line| line.starts_with("```")).count();
        assert!(!ran.stdout.contains("```") && code % 2 == 0, "{ran:?}");
        let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
        let missing = headings.filter(|heading| !ran.stdout.contains(&format!("\n{heading}\n")));
        assert_eq!(missing.collect::<Vec<_>>(), [""; 0], "{ran:?}");
    }
}

#[test]
fn help_shows_by_example() {
    let folder = Folder::new();
    for arguments in [&["--help"][..], &["scan", "--help"]] {
        let ran = folder.run(arguments);
        assert_eq!(ran.status, 0);
        assert!(ran.stdout.contains("Examples:\n  importguard scan"), "{ran:?}");
        assert!(ran.stdout.contains("Exit status:\n  0  nothing"), "{ran:?}");
    }
    expect![["importguard VERSION\n"]].assert_eq(
        &folder
            .run(["--version"])
            .stdout
            .replace(env!("CARGO_PKG_VERSION"), "VERSION"),
    );
}
