//! The same bad input through the command: its exit status, and what it still says of the rest.

use std::{fs, path::PathBuf, process::Command};

use serde_json::Value;

use crate::{EXTREME, PAYLOAD, shapes, shapes::SHAPES, tarball};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("robustness-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, inner: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The exit status and the report.
    fn scan(&self, path: &str) -> (Option<i32>, Value) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_importguard"));
        let output = command
            .current_dir(&self.0)
            .args(["scan", path, "--format", "json"])
            .output()
            .unwrap();
        let report = serde_json::from_slice(&output.stdout);
        (
            output.status.code(),
            report.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr))),
        )
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `package file what` of every entry of a list of all packages.
fn listed(report: &Value, list: &str, what: &str) -> Vec<String> {
    let packages = report["packages"].as_array().unwrap().iter();
    let entries = packages.flat_map(|package| {
        let name = package["name"].as_str().unwrap();
        package[list].as_array().unwrap().iter().map(move |entry| {
            format!(
                "{name} {} {}",
                entry["file"].as_str().unwrap(),
                entry[what].as_str().unwrap()
            )
        })
    });
    entries.collect()
}

#[test]
fn a_project_of_bad_packages_is_scanned_to_its_end() {
    let folder = Folder::new("project");
    folder.file("package.json", "{\"name\":\"project\",\"version\":\"1.0.0\"}");
    let package = |name: &str, manifest: &str, code: &[u8]| {
        folder.file(&format!("node_modules/{name}/package.json"), manifest);
        folder.file(&format!("node_modules/{name}/index.js"), code);
    };
    let manifest = |name: &str| format!("{{\"name\":\"{name}\",\"version\":\"1.0.0\"}}");
    for &shape in SHAPES.iter().filter(|shape| shape.1 == "js") {
        let code = shapes::text(shape, EXTREME / 2) + PAYLOAD;
        package(shape.0, &manifest(shape.0), code.as_bytes());
    }
    package("list", "[]", PAYLOAD.as_bytes());
    package("empty", &manifest("empty"), b"");
    package(
        "bytes",
        &manifest("bytes"),
        &[b"\xFF\xFE = 1;", PAYLOAD.as_bytes()].concat(),
    );
    package("zzz", &manifest("zzz"), PAYLOAD.as_bytes());

    let (status, report) = folder.scan(".");
    assert_eq!(status, Some(1));
    let used = listed(&report, "capabilities", "api");
    for name in SHAPES
        .iter()
        .filter(|shape| shape.1 == "js")
        .map(|shape| shape.0)
        .chain(["bytes", "zzz"])
    {
        assert!(used.contains(&format!("{name} index.js child_process.exec")), "{name}");
    }
    let issues = listed(&report, "issues", "kind");
    for issue in [
        "array index.js too-deep",
        "elseif index.js too-deep",
        "bytes index.js invalid-utf8",
    ] {
        assert!(issues.contains(&issue.to_owned()), "{issue}: {issues:?}");
    }
    assert!(
        issues.iter().any(|issue| issue.ends_with("package.json manifest")),
        "{issues:?}"
    );
}

#[test]
fn a_tarball_that_leads_outside_or_ends_early_is_scanned_as_far_as_it_goes() {
    let folder = Folder::new("tarball");
    let bytes = tarball(&[
        ("package/package.json", "{\"name\":\"p\",\"version\":\"1.0.0\"}"),
        ("package/index.js", PAYLOAD),
        ("package/../../outside.js", PAYLOAD),
    ]);
    folder.file("whole.tgz", &bytes);
    folder.file("cut.tgz", &bytes[..bytes.len() - 12]);
    for path in ["whole.tgz", "cut.tgz"] {
        let (_, report) = folder.scan(path);
        assert!(
            listed(&report, "capabilities", "api").contains(&"p index.js child_process.exec".to_owned()),
            "{path}"
        );
        assert!(
            listed(&report, "issues", "kind")
                .iter()
                .any(|issue| issue.ends_with("archive")),
            "{path}"
        );
        assert!(!folder.0.join("outside.js").exists() && !folder.0.parent().unwrap().join("outside.js").exists());
    }
}
