//! Tiny hand-written packages: every malicious one is found, no benign one is accused, and each report is pinned.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use importguard::{
    finding::Severity,
    package::{File, Package},
    report::{Options, Report, Verdict},
    rules::find,
};

/// Set to rewrite the pinned reports.
const UPDATE: &str = "UPDATE_SNAPSHOTS";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packages")
}

fn packages(kind: &str) -> Vec<(String, Package)> {
    let mut out: Vec<(String, Package)> = fs::read_dir(root().join(kind))
        .expect("the folder of fixtures")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a name");
            let mut files = Vec::new();
            read(&entry.path(), "", &mut files);
            (
                name.clone(),
                Package {
                    path: format!("{kind}/{name}"),
                    files,
                    ..Package::default()
                },
            )
        })
        .collect();
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

fn read(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name");
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{prefix}{name}/"), files);
        } else {
            files.push(File {
                path: format!("{prefix}{name}"),
                bytes: fs::read(entry.path()).expect("a file"),
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
}

fn strongest(report: &Report) -> Option<Severity> {
    report
        .packages
        .iter()
        .flat_map(|p| &p.findings)
        .map(|f| f.severity)
        .max()
}

fn told(report: &Report) -> String {
    let package = &report.packages[0];
    let findings: Vec<String> = package
        .findings
        .iter()
        .map(|f| {
            format!(
                "{:?} {}: {} ({}:{})",
                f.severity,
                f.rule,
                f.message,
                f.file,
                f.range.start.line + 1
            )
        })
        .collect();
    format!("{:?} {:?} {findings:#?}", package.verdict, package.effect.kind)
}

#[test]
fn every_malicious_package_is_found() {
    let mut missed = BTreeMap::new();
    for (name, package) in packages("malicious") {
        let report = importguard::scan(&package, &Options::default());
        if strongest(&report) < Some(Severity::High) {
            missed.insert(name, told(&report));
        }
    }
    assert!(
        missed.is_empty(),
        "{} without a high or critical finding: {missed:#?}",
        missed.len()
    );
}

/// The rules that `about.md` expects, where it expects them to the letter: "Expected: block; `a`, `b`."
fn expected(package: &Package) -> Option<Vec<String>> {
    let about = package.files.iter().find(|file| file.path == "about.md")?;
    let text = String::from_utf8_lossy(&about.bytes).into_owned();
    let list = text.split("Expected: block; ").nth(1)?.trim().strip_suffix('.')?;
    let rule = |name: &str| {
        let name = name.strip_prefix('`')?.strip_suffix('`')?;
        (!name.contains('`')).then(|| name.to_owned())
    };
    list.split(", ").map(rule).collect()
}

#[test]
fn what_a_package_says_of_itself_is_found() {
    let mut missed = BTreeMap::new();
    let mut told_of = 0;
    for (name, package) in packages("malicious") {
        let Some(rules) = expected(&package) else { continue };
        told_of += 1;
        let report = importguard::scan(&package, &Options::default());
        let found = &report.packages[0];
        let all = rules.iter().all(|rule| found.findings.iter().any(|f| f.rule == *rule));
        if found.verdict != Verdict::Block || !all {
            missed.insert(name, told(&report));
        }
    }
    assert!(missed.is_empty(), "{} not as expected: {missed:#?}", missed.len());
    assert!(told_of > 30, "only {told_of} say what is expected");
}

#[test]
fn no_benign_package_is_accused() {
    let mut accused = BTreeMap::new();
    for (name, package) in packages("benign") {
        let report = importguard::scan(&package, &Options::default());
        if strongest(&report) >= Some(Severity::High) || report.packages[0].verdict == Verdict::Block {
            accused.insert(name, told(&report));
        }
    }
    assert!(
        accused.is_empty(),
        "{} with a high or critical finding: {accused:#?}",
        accused.len()
    );
}

/// What a fixture's `about.md` expects of its report, and what does not hold.
fn unmet(kind: &str, name: &str, report: &Report) -> Vec<String> {
    let about = fs::read_to_string(root().join(kind).join(name).join("about.md")).unwrap_or_default();
    let Some(expected) = about.lines().find_map(|line| line.strip_prefix("Expected: ")) else {
        return vec!["about.md expects nothing".to_owned()];
    };
    let mut out = Vec::new();
    let package = &report.packages[0];
    let (verdict, rest) = expected.split_once(';').unwrap_or((expected, ""));
    let wanted = match verdict.trim_end_matches('.') {
        "block" => Some(Verdict::Block),
        "pass" => Some(Verdict::Pass),
        _ => None,
    };
    if wanted.is_some_and(|wanted| wanted != package.verdict) {
        out.push(format!("{:?} in the place of {verdict}", package.verdict));
    }
    let rules = rest.split('`').skip(1).step_by(2).filter(|name| find(name).is_some());
    let found = |id: &&str| package.findings.iter().any(|finding| finding.rule == **id);
    let missing: Vec<&str> = rules.clone().filter(|id| !found(id)).collect();
    if kind == "benign" {
        return out;
    }
    // `a` or `b`: one of them will do.
    let either = rest.contains("` or ") || rest.contains(", or ");
    let enough = missing.is_empty() || (either && rules.count() > missing.len());
    if !enough {
        out.push(format!("no {missing:?}"));
    }
    out
}

#[test]
fn what_is_expected_holds() {
    let mut wrong = BTreeMap::new();
    for kind in ["benign", "malicious"] {
        for (name, package) in packages(kind) {
            let report = importguard::scan(&package, &Options::default());
            let unmet = unmet(kind, &name, &report);
            if !unmet.is_empty() {
                wrong.insert(name, (unmet, told(&report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn reports_are_pinned() {
    let folder = root().join("reports");
    let update = std::env::var_os(UPDATE).is_some();
    let mut stale = Vec::new();
    for kind in ["benign", "malicious"] {
        for (name, package) in packages(kind) {
            let report = importguard::scan(&package, &Options::default());
            let text = serde_json::to_string_pretty(&report).expect("a report is JSON") + "\n";
            let path = folder.join(format!("{kind}-{name}.json"));
            if update {
                fs::create_dir_all(&folder).expect("a folder");
                fs::write(&path, &text).expect("a file");
            } else if fs::read_to_string(&path).unwrap_or_default() != text {
                stale.push(name);
            }
        }
    }
    assert!(
        stale.is_empty(),
        "the reports of {stale:?} changed; look at them, then run the test with {UPDATE}=1"
    );
}

#[test]
fn order_of_files_changes_nothing() {
    for kind in ["benign", "malicious"] {
        for (name, mut package) in packages(kind) {
            let report = importguard::scan(&package, &Options::default());
            assert_eq!(
                report,
                importguard::scan(&package, &Options::default()),
                "{name}: twice"
            );
            package.files.reverse();
            assert_eq!(
                report,
                importguard::scan(&package, &Options::default()),
                "{name}: reversed"
            );
        }
    }
}
