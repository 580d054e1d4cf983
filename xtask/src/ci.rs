//! `cargo xtask ci`: everything that must hold before a change is merged, the same here and on the server.

use anyhow::Result;

use crate::{
    generated,
    shell::{cargo, heading, root, run, succeeds},
    suites,
    toolchain::{Route, Task},
};

/// Stops at the first thing that does not hold.
pub(crate) fn check() -> Result<()> {
    heading("Format");
    run(cargo().args(["fmt", "--all", "--check"]))?;

    heading("Lints");
    run(cargo().args([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-Dwarnings",
    ]))?;
    wasm_lints()?;

    if succeeds(cargo().args(["deny", "--version"])) {
        heading("Dependencies");
        run(cargo().args([
            "deny",
            "--log-level",
            "error",
            "check",
            "bans",
            "licenses",
            "sources",
        ]))?;
    }

    generated::check()?;
    suites::test(&suites::Args::default())
}

/// What only the WASM build compiles is linted by its own compiler.
fn wasm_lints() -> Result<()> {
    heading("Lints for wasm32");
    let mut clippy = Route::find(Task::Clippy)?.cargo("clippy", &root().join("target/wasm"))?;
    run(clippy.args([
        "--quiet",
        "--package",
        "importguard",
        "--lib",
        "--no-default-features",
        "--",
        "-Dwarnings",
    ]))
}
