//! Bad input costs a clear issue, and nothing of the rest of the scan.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{io::Write, thread};

use flate2::{Compression, write::GzEncoder};
use importguard::{
    facts::{self, Content, How, Reading},
    issue::{Issue, IssueKind},
    package::{
        File, Package,
        archive::{self, Limits},
    },
    parse,
    report::{self, Collected, Options, PackageReport, Verdict},
    scan,
};

#[cfg(feature = "cli")]
#[path = "robustness/cli.rs"]
mod cli;
#[path = "robustness/shapes.rs"]
mod shapes;
use shapes::{FLAT, SHAPES, Shape};

/// What the native host gives its threads.
const STACK: usize = 512 << 20;

/// What a thread has by default on most systems: enough wherever nobody told the parser of more.
const SMALL_STACK: usize = 8 << 20;

/// Far beyond any limit.
const EXTREME: usize = 100_000;

const PAYLOAD: &str = "\n;require('child_process').exec('id');\n";

fn on_a_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    on_a_stack(STACK, || {
        parse::assume_stack(STACK);
        work()
    })
}

fn on_a_stack<T: Send + 'static>(size: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new()
        .stack_size(size)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap()
}

fn file(path: &str, bytes: impl Into<Vec<u8>>) -> File {
    File {
        path: path.to_owned(),
        bytes: bytes.into(),
    }
}

fn scanned(files: Vec<File>) -> PackageReport {
    let package = Package {
        path: "test".to_owned(),
        files,
        ..Package::default()
    };
    on_a_large_stack(move || scan(&package, &Options::default()).packages.remove(0))
}

/// A bad file, among good ones: the report.
fn among_good_ones(bad: File) -> PackageReport {
    let report = scanned(vec![
        file(
            "package.json",
            "{\"name\":\"p\",\"version\":\"1.0.0\",\"main\":\"a.js\"}",
        ),
        file(
            "a.js",
            "require('./bad'); require('http').get('http://example.invalid/')",
        ),
        bad,
        file("z.js", "require('fs').readFileSync('z')"),
    ]);
    assert!(uses(&report, "a.js", "http.get"), "{:?}", report.capabilities);
    assert!(uses(&report, "z.js", "fs.readFileSync"), "{:?}", report.capabilities);
    report
}

fn uses(report: &PackageReport, file: &str, api: &str) -> bool {
    report
        .capabilities
        .iter()
        .any(|used| used.file == file && used.api == api)
}

fn has_issue(report: &PackageReport, kind: IssueKind, file: &str) -> bool {
    report
        .issues
        .iter()
        .any(|issue| issue.kind == kind && issue.file == file && !issue.message.is_empty())
}

fn accepted(shape: Shape, n: usize) -> bool {
    on_a_stack(SMALL_STACK, move || {
        parse::parse(&format!("a.{}", shape.1), &shapes::text(shape, n)).is_ok()
    })
}

/// The longest text of a shape that gets a tree.
fn longest(shape: Shape) -> usize {
    // No limit is higher; a flat shape has none.
    let (mut good, mut bad) = (0, 4000);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        if accepted(shape, middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}

#[test]
fn every_shape_is_refused_where_it_could_hurt_and_its_payload_seen() {
    for &shape in SHAPES {
        let (name, extension, _) = shape;
        let text = shapes::text(shape, EXTREME) + PAYLOAD;
        let path = format!("a.{extension}");
        let facts = on_a_large_stack(move || facts::collect(&path, text.as_bytes(), How::ByName));
        let Content::Module(module) = facts.content else {
            panic!("{name}")
        };
        if FLAT.contains(&name) {
            assert_eq!((module.reading, facts.issues.len()), (Reading::Tree, 0), "{name}");
        } else {
            assert_eq!(module.reading, Reading::Tokens, "{name}");
            assert!(
                matches!(facts.issues[0].0, IssueKind::TooDeep | IssueKind::Unparsed),
                "{name}: {:?}",
                facts.issues
            );
        }
        assert!(
            module
                .imports
                .iter()
                .any(|import| import.specifier.as_deref() == Some("child_process")),
            "{name}"
        );
        assert!(
            module.uses.iter().any(|used| used.api == "child_process.exec"),
            "{name}"
        );
    }
}

#[test]
fn the_deepest_that_gets_a_tree_is_no_danger_and_plenty() {
    for &shape in SHAPES {
        let (name, extension, _) = shape;
        if !accepted(shape, 2) {
            continue; // Valid at no length: the parser only begins on it.
        }
        let n = longest(shape);
        // TypeScript's parser tries some shapes twice on each level: those get fewer.
        let enough = if extension == "js" { 80 } else { 5 };
        assert!(n >= enough, "{name}: honest code may be {n} deep");
        let path = format!("a.{extension}");
        on_a_stack(SMALL_STACK, move || {
            drop(facts::collect(&path, shapes::text(shape, n).as_bytes(), How::ByName));
        });
    }
}

/// On a stack that the parser was told of, texts of every size up to what fits are parsed before their depth is known.
#[test]
fn what_fits_a_large_stack_is_no_danger_on_it() {
    for &shape in SHAPES {
        let (name, extension, _) = shape;
        for n in [500, 20_000, 80_000, 250_000] {
            let path = format!("a.{extension}");
            let facts = on_a_large_stack(move || facts::collect(&path, shapes::text(shape, n).as_bytes(), How::ByName));
            let Content::Module(module) = facts.content else {
                panic!("{name}")
            };
            let few = n == 500 || FLAT.contains(&name);
            assert!(few || module.reading == Reading::Tokens, "{name}: {n} got a tree");
        }
    }
}

#[test]
fn shapes_inside_shapes_are_counted_together() {
    let mut state = 7usize;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let nested: Vec<Shape> = SHAPES
        .iter()
        .copied()
        .filter(|shape| shape.1 == "js" && !shape.2[3].is_empty() && accepted(*shape, 2))
        .collect();
    for _ in 0..60 {
        let (mut before, mut after) = (String::new(), String::new());
        for _ in 0..40 {
            let (_, _, [_, unit, _, close, _]) = nested[random(nested.len())];
            before.push_str(unit);
            after.insert_str(0, close);
        }
        for copies in [1, 3, 10, 100] {
            let text = format!("{}1{}", before.repeat(copies), after.repeat(copies));
            on_a_stack(SMALL_STACK, move || {
                drop(facts::collect("a.js", text.as_bytes(), How::ByName));
            });
        }
    }
}

#[test]
fn a_file_on_which_the_analyser_failed_is_for_a_person_to_look_at() {
    let failed = Issue {
        kind: IssueKind::Crashed,
        file: "a.js".to_owned(),
        message: "the analyser failed on this file".to_owned(),
    };
    let collected = Collected {
        path: "test".to_owned(),
        integrity: None,
        release: None,
        files: Vec::new(),
        issues: vec![failed],
        ..Collected::default()
    };
    let report = report::assemble(&collected, &Options::default());
    assert_eq!(report.verdict, Verdict::Review);
}

#[test]
fn else_if_chains_of_forty_thousand_links() {
    let text = format!("if(a){{}}{}{PAYLOAD}", "else if(a){}".repeat(40_000));
    let report = among_good_ones(file("bad.js", text));
    assert!(has_issue(&report, IssueKind::TooDeep, "bad.js"), "{:?}", report.issues);
    assert!(uses(&report, "bad.js", "child_process.exec"));
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.rule == "unparseable" && finding.file == "bad.js")
    );
}

#[test]
fn one_line_of_fifty_megabytes() {
    let text = PAYLOAD.trim().to_owned() + &"a('b');".repeat(50 * 1024 * 1024 / 7);
    let report = among_good_ones(file("bad.js", text));
    assert!(has_issue(&report, IssueKind::TooLarge, "bad.js"), "{:?}", report.issues);
    assert!(uses(&report, "bad.js", "child_process.exec"));
}

#[test]
fn texts_that_are_no_text() {
    let report = among_good_ones(file(
        "bad.js",
        [b"\xFF\xFE = 1;".as_slice(), PAYLOAD.as_bytes()].concat(),
    ));
    assert!(
        has_issue(&report, IssueKind::InvalidUtf8, "bad.js"),
        "{:?}",
        report.issues
    );
    assert!(uses(&report, "bad.js", "child_process.exec"));

    let report = among_good_ones(file("bad.js", ""));
    assert!(report.issues.is_empty(), "{:?}", report.issues);

    for broken in [
        "<!doctype html><p>",
        "{\"a\":1,\"b\":[]}",
        "a b c",
        "\0\0\0",
        "'",
        "`",
        "/*",
    ] {
        let report = among_good_ones(file("bad.js", format!("{broken}\n{PAYLOAD}")));
        let found = uses(&report, "bad.js", "child_process.exec") || broken == "/*";
        assert!(found, "{broken}: {:?}", report.capabilities);
    }
}

#[test]
fn manifests_that_are_none() {
    for manifest in [
        "[]",
        "",
        "{",
        "null",
        "\u{FEFF}[1]",
        "{\"name\":[],\"main\":7,\"scripts\":null}",
    ] {
        let report = scanned(vec![
            file("package.json", manifest),
            file("index.js", "require('http').get('http://example.invalid/')"),
        ]);
        assert!(
            has_issue(&report, IssueKind::Manifest, "package.json"),
            "{manifest}: {:?}",
            report.issues
        );
        assert!(uses(&report, "index.js", "http.get"), "{manifest}");
    }
}

fn header(path: &str, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..path.len()].copy_from_slice(path.as_bytes());
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = b'0';
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

fn tarball(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (path, content) in files {
        tar.extend(header(path, content.len()));
        tar.extend_from_slice(content.as_bytes());
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&tar).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn archives_that_lead_outside_or_end_early() {
    let noise: String = (0..60_000u32)
        .map(|n| char::from(b'a' + (n.wrapping_mul(n).wrapping_mul(2_654_435_761) >> 27) as u8 % 26))
        .collect();
    let noise = format!("'{noise}'");
    let bytes = tarball(&[
        ("package/package.json", "{\"name\":\"p\",\"version\":\"1.0.0\"}"),
        ("package/../../x", "outside"),
        ("package/index.js", "require('http').get('http://example.invalid/')"),
        ("package/noise.js", &noise),
    ]);
    let whole = archive::unpack(&bytes, &Limits::default()).unwrap();
    assert!(whole.files.iter().all(|file| !file.path.contains("..")));
    assert!(
        whole
            .issues
            .iter()
            .any(|issue| issue.kind == IssueKind::Archive && issue.file == "package/../../x")
    );

    let cut = archive::unpack(&bytes[..bytes.len() * 3 / 4], &Limits::default()).unwrap();
    let report = on_a_large_stack(move || scan(&cut, &Options::default()).packages.remove(0));
    assert_eq!(
        (report.name.as_str(), uses(&report, "index.js", "http.get")),
        ("p", true)
    );
    assert!(
        has_issue(&report, IssueKind::Archive, "package/noise.js"),
        "{:?}",
        report.issues
    );

    assert!(archive::unpack(b"no archive", &Limits::default()).is_err());
}
