//! `importguard name`: answers, formats, standard input and the exit status.

use std::io::Write as _;

use super::folder::Folder;

#[test]
fn names_are_told_apart() {
    let folder = Folder::new();
    let ran = folder.run(["name", "expresss", "preact"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(
        ran.stdout,
        "expresss: doubles or drops a doubled letter of `express`, one of the most popular packages\n\
         preact: looks like no popular name\n"
    );
    let ran = folder.run(["name", "express", "@babel/core", "a-name-of-our-own"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn each_line_is_an_answer() {
    let folder = Folder::new();
    let ran = folder.run(["name", "--format", "ndjson", "crossenv", "react"]);
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (
            1,
            "{\"name\":\"crossenv\",\"target\":\"cross-env\",\"why\":\"differs only in separators from `cross-env`, one of \
             the most popular packages\"}\n{\"name\":\"react\",\"target\":null,\"why\":\"\"}\n"
        )
    );
    let ran = folder.run(["name", "--format", "json", "react"]);
    let list: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(list[0]["target"], serde_json::Value::Null);
}

#[test]
fn names_come_from_standard_input() {
    let folder = Folder::new();
    let asked = |input: &[u8]| {
        let mut child = folder
            .command()
            .args(["name", "-", "--format", "ndjson"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap().lines().count(),
        )
    };
    assert_eq!(asked(b"react\n\n l0dash \r\n"), (Some(1), 2));
    assert_eq!(asked(b"react\n"), (Some(0), 1));
    assert_eq!(asked(b"\n"), (Some(2), 0), "no names");
    assert_eq!(asked(b"\xff\xfe\n"), (Some(2), 0), "no text");
    assert_eq!(folder.run(["name"]).status, 2, "no name at all");
}

#[test]
fn a_scan_tells_of_dependencies() {
    let folder = Folder::new();
    folder.package("app", "app", "module.exports = 1;\n");
    let manifest = r#"{"name":"app","version":"1.0.0","dependencies":{"l0dash":"^4.0.0","react":"^19.0.0"}}"#;
    std::fs::write(folder.path("app/package.json"), manifest).unwrap();
    let ran = folder.run(["scan", "app"]);
    assert!(ran.stdout.contains("whose name looks like `lodash`"), "{ran:?}");
    assert!(ran.stdout.contains("app@1.0.0  review"), "{ran:?}");
}
