//! The exit status, and what is said on standard error.

use std::io::Read;

use super::folder::{Folder, THIEF, thief_tarball};

#[test]
fn the_status_says_what_was_found() {
    let folder = Folder::new();
    folder
        .package("thief", "thief", THIEF)
        .package("plain", "plain", "module.exports = 1;\n");
    let table: [(&[&str], i32); 14] = [
        (&["scan", "plain"], 0),
        (&["scan", "thief"], 1),
        (&["scan", "thief", "plain"], 1),
        (&["scan", "thief", "--fail-on", "critical"], 1),
        (&["scan", "thief", "--fail-on", "never"], 0),
        (&["scan", "thief", "--rule", "hidden-unicode"], 0),
        (&["scan", "thief", "--format", "json"], 1),
        (&["scan", "thief", "--format", "ndjson"], 1),
        (&["scan", "nowhere"], 2),
        (&["scan", "thief", "nowhere"], 2),
        (&["scan", "thief", "--fail-on", "info"], 2),
        (&["scan", "thief", "-o", "no/such/folder"], 2),
        (&["frobnicate"], 2),
        (&["--version"], 0),
    ];
    for (arguments, status) in table {
        let ran = folder.run(arguments);
        assert_eq!(ran.status, status, "{arguments:?}: {ran:?}");
        assert_eq!(ran.stderr.is_empty(), status != 2, "{arguments:?}: {ran:?}");
    }
}

#[test]
fn a_missing_path_is_named_and_the_others_scanned() {
    let folder = Folder::new();
    folder.package("thief", "thief", THIEF);
    let ran = folder.run(["scan", "no\u{1b}where", "thief"]);
    assert_eq!(ran.stderr, "error: cannot read `no␛where`: no such file or directory\n");
    assert!(ran.stdout.contains("thief@1.0.0  block"), "{ran:?}");
    std::fs::create_dir(folder.path("empty")).unwrap();
    let ran = folder.run(["scan", "empty"]);
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (2, "error: nothing to scan in `empty`\n")
    );
}

#[test]
fn an_unknown_rule_is_refused_with_a_guess() {
    let folder = Folder::new();
    let guess = "error: no rule `dynmic-code`; did you mean `dynamic-code`? (`importguard rules` lists all)\n";
    for arguments in [["scan", "--rule", "dynmic-code"], ["scan", "--no-rule", "dynmic-code"]] {
        let ran = folder.run(arguments);
        assert_eq!((ran.status, ran.stderr.as_str()), (2, guess));
    }
    let ran = folder.run(["explain", "dynmic-code"]);
    assert_eq!((ran.status, ran.stderr.as_str(), ran.stdout.as_str()), (2, guess, ""));
    let ran = folder.run(["explain", "zzzz"]);
    assert_eq!(ran.stderr, "error: no rule `zzzz`; `importguard rules` lists all\n");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::new();
    for index in 0..200 {
        folder.package(&format!("node_modules/thief-{index}"), &format!("thief-{index}"), THIEF);
    }
    for format in ["text", "json", "ndjson"] {
        let mut child = folder.command().args(["scan", "--format", format]).spawn().unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(1), &b""[..]),
            "{format}"
        );
    }
}

#[test]
fn a_tarball_that_is_none_or_broken_is_said_so() {
    let folder = Folder::new();
    let good = thief_tarball();
    folder
        .file("no.tgz", "these are not the bytes of a tarball")
        .file("cut.tgz", &good[..good.len() / 2])
        .file("head.tgz", &good[..12])
        .package("thief", "thief", THIEF);
    let ran = folder.run(["scan", "no.tgz", "thief"]);
    let said = "error: cannot read `no.tgz`: neither a gzip file nor a tar archive\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (2, said));
    assert!(ran.stdout.contains("thief@1.0.0  block"), "{ran:?}");
    assert_eq!(folder.run(["scan", "head.tgz"]).status, 2);
    // Found in a folder it is a blind spot, as any file there that cannot be read.
    let report = folder.report(&["."]);
    let of = |path: &str| {
        let mut packages = report["packages"].as_array().unwrap().iter();
        packages.find(|package| package["path"] == path).unwrap()
    };
    for path in ["no.tgz", "cut.tgz", "head.tgz"] {
        assert_eq!(of(path)["issues"][0]["kind"], "archive", "{report}");
    }
    assert_eq!(of("no.tgz")["effect"]["kind"], "unknown");
    assert_eq!(folder.run(["scan", "no.tgz", "--fail-on", "never"]).status, 2);
}
