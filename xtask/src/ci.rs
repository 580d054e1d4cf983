//! `cargo xtask ci`: everything that must hold before a change is merged, the same here and on the server.

use anyhow::Result;

use crate::{
    generated,
    shell::{cargo, heading, root, run, succeeds},
    suites,
    toolchain::{Route, Task},
};

/// Options of `cargo xtask ci`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Lint for wasm32 with this compiler instead of the first that works
    #[arg(long)]
    route: Option<Route>,
}

/// Stops at the first thing that does not hold.
pub(crate) fn check(args: &Args) -> Result<()> {
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
    wasm_lints(args.route)?;

    if succeeds(cargo().args(["deny", "--version"])) {
        heading("Dependencies");
        run(cargo().args(["deny", "--log-level", "error", "check", "bans", "licenses", "sources"]))?;
    }

    generated::check()?;
    suites::test(&suites::Args::default())
}

/// What only the WASM build compiles is linted by its own compiler.
fn wasm_lints(route: Option<Route>) -> Result<()> {
    heading("Lints for wasm32");
    let mut clippy = Route::choose(route, Task::Clippy)?.cargo("clippy", &root().join("target/wasm"))?;
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
