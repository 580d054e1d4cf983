//! `importguard.json`: found, believed, complained about.

use super::folder::{Folder, THIEF};

const OURS: &str = r#"{"suppress": [
  {"rule": "data-exfiltration", "package": "thief", "reason": "our own beacon"},
  {"rule": "credential-access", "package": "thief@1.*", "path": "*.js", "reason": "our own beacon", "expires": "2999-12-31"}
]}"#;

fn project() -> Folder {
    let folder = Folder::new();
    folder.package("node_modules/thief", "thief", THIEF);
    folder
}

#[test]
fn what_is_suppressed_is_shown_and_counted_and_ends_nothing() {
    let folder = project();
    assert_eq!(folder.run(["scan"]).status, 1);
    folder.file("importguard.json", OURS);
    let ran = folder.run(["scan", "--verbose"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert!(ran.stdout.contains("suppressed: our own beacon"), "{ran:?}");
    assert!(ran.stdout.contains(" suppressed"), "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&folder.run(["scan", "--format", "json"]).stdout).unwrap();
    assert_eq!(report["packages"][0]["verdict"], "pass");
    assert_eq!(
        report["packages"][0]["findings"][0]["suppressed"]["reason"],
        "our own beacon"
    );
    assert_eq!(folder.run(["scan", "--no-policy"]).status, 1);
}

#[test]
fn a_policy_is_named_or_stands_above() {
    let folder = project();
    folder.file("other.json", OURS);
    assert_eq!(folder.run(["scan", "--policy", "other.json"]).status, 0);
    let ran = folder.run(["scan", "--policy", "absent.json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.starts_with("error: cannot read absent.json"), "{ran:?}");
}

#[test]
fn a_package_does_not_vouch_for_itself() {
    let folder = Folder::new();
    folder.package(".", "thief", THIEF).file("importguard.json", OURS);
    let ran = folder.run(["scan"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(
        ran.stderr,
        "`importguard.json` is part of what is scanned, so it does not count; `--policy importguard.json` uses it\n"
    );
    assert_eq!(folder.run(["scan", "--policy", "importguard.json"]).status, 0);
}

#[test]
fn what_is_wrong_with_it_is_said() {
    let folder = project();
    folder.file(
        "importguard.json",
        r#"{"suppress": [{"rule": "data-exfiltration", "reason": " "}]}"#,
    );
    let ran = folder.run(["scan"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr
            .ends_with("importguard.json: suppress[0]: `reason` is empty; say why, for those who come later\n"),
        "{ran:?}"
    );
}

#[test]
fn entries_of_no_use_are_named() {
    let folder = project();
    folder.file(
        "importguard.json",
        r#"{"suppress": [
          {"rule": "data-exfiltration", "package": "thief", "reason": "x", "expires": "2020-01-01"},
          {"rule": "hidden-unicode", "package": "thief", "reason": "x"},
          {"rule": "hidden-unicode", "package": "absent", "reason": "x"}
        ]}"#,
    );
    let ran = folder.run(["scan"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.stderr,
        "importguard.json: suppress[0] (`data-exfiltration` for `thief`) expired on 2020-01-01, so 1 finding counts again\n\
         importguard.json: suppress[1] (`hidden-unicode` for `thief`) silences nothing any more\n"
    );
}
