//! What once went wrong.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use importguard::{
    package::{File, Package},
    report::{Options, PackageReport},
};

fn scan(code: &str) -> PackageReport {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let manifest = r#"{ "name": "p", "version": "1.0.0", "main": "index.js" }"#;
    let files = vec![file("package.json", manifest), file("index.js", code)];
    let package = Package {
        files,
        ..Package::default()
    };
    let mut report = importguard::scan(&package, &Options::default());
    report.packages.pop().unwrap()
}

/// The value of `tree` was looked up in the same call for ever, until the stack was used up.
#[test]
fn a_function_that_hands_its_own_argument_on_to_itself() {
    let report = scan(
        "const { exec } = require('child_process');
function pick({ tree }) {
    exec(pick({ tree }));
    return tree;
}
exports.pick = pick;
",
    );
    let apis: Vec<_> = report.capabilities.iter().map(|used| &*used.api).collect();
    assert_eq!(apis, ["child_process.exec"]);
}
