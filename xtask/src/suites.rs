//! `cargo xtask test`: sets up what the tests need and runs them all, or those that are named.

use std::{path::PathBuf, process::Command, time::Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::{
    browser, corpus, generated,
    npm::{self, npm},
    shell::{cargo, heading, node, run, step, succeeds, target_dir},
    wasm,
};

/// Options of `cargo xtask test`.
#[derive(clap::Args, Default)]
pub(crate) struct Args {
    /// Only these suites; all without
    suites: Vec<Suite>,
}

/// A set of tests that is run by one tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// The core and the command line.
    Rust,
    /// Generated files, and TypeScript types against real reports.
    Types,
    /// The WebAssembly build in Node, and its answers against the native ones.
    Wasm,
    /// What is called pure, run and watched.
    Purity,
    /// Well-known packages, and what may be said against them.
    Corpus,
    /// The bundler plugin in real builds.
    Bundler,
    /// The web page in a real browser.
    Web,
    /// The extension in a real workbench.
    Vscode,
}

/// Runs the suites one after the other; a failure of one does not keep the others from running.
pub(crate) fn test(args: &Args) -> Result<()> {
    let all = Suite::value_variants();
    let chosen: Vec<Suite> = all
        .iter()
        .copied()
        .filter(|suite| args.suites.is_empty() || args.suites.contains(suite))
        .collect();
    // Built once for all of them; without it they cannot say anything.
    let built = if chosen.iter().all(|suite| !suite.needs_wasm()) {
        Ok(())
    } else {
        wasm::build(&wasm::Args::default())
    };

    let mut results = Vec::new();
    for suite in chosen {
        let name = suite
            .to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default();
        heading(&format!("Tests: {name}"));
        let start = Instant::now();
        let result = match &built {
            Err(error) if suite.needs_wasm() => Err(anyhow::anyhow!("{error:#}")),
            _ => suite.run(),
        };
        results.push((name, result, start.elapsed().as_secs_f32()));
    }

    heading("Summary");
    for (name, result, seconds) in &results {
        match result {
            Ok(()) => step(&format!("{name:<8} passed  {seconds:>6.1} s")),
            Err(error) => step(&format!("{name:<8} FAILED  {seconds:>6.1} s  {error:#}")),
        }
    }
    let failed = results.iter().filter(|(_, result, _)| result.is_err()).count();
    println!("\n{} passed, {failed} failed", results.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} test suites failed", results.len());
    }
    Ok(())
}

impl Suite {
    /// Whether it uses the WebAssembly build, or the npm packages that are installed with it.
    const fn needs_wasm(self) -> bool {
        !matches!(self, Self::Rust | Self::Purity | Self::Corpus)
    }

    fn run(self) -> Result<()> {
        match self {
            Self::Rust => rust(),
            Self::Types => types(),
            // The native program gives the answers that the others are compared with.
            Self::Wasm => native().and_then(|()| script("tests/hosts", "test", &mut npm())),
            Self::Purity => purity(),
            Self::Corpus => well_known(),
            Self::Bundler => script("bundler-plugin", "test", &mut npm()),
            Self::Web => script("web-demo", "test", npm().env("CHROMIUM", browser::chromium()?)),
            Self::Vscode => vscode(),
        }
    }
}

fn rust() -> Result<()> {
    if succeeds(cargo().args(["nextest", "--version"])) {
        run(cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]))?;
    } else {
        run(cargo().args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]))?;
    }
    run(cargo().args(["test", "--quiet", "--package", "importguard", "--doc"]))
}

fn types() -> Result<()> {
    generated::check()?;
    run(&mut node("tests/types/check.mjs"))?;
    run(npm().args(["run", "--workspaces", "--if-present", "typecheck"]))
}

/// The command line, as the Rust tests build it.
pub(crate) fn native() -> Result<()> {
    run(cargo().args(["build", "--quiet", "--package", "importguard", "--bin", "importguard"]))
}

/// Runs what the native program calls pure in real packages.
fn purity() -> Result<()> {
    native()?;
    let folder = corpus::install_pinned("purity")?;
    let mut tests = node("--test");
    tests
        .arg("tests/purity/purity.test.mjs")
        .env("PURITY_FOLDER", folder)
        .env("IMPORTGUARD_BIN", native_program());
    run(&mut tests)
}

/// Scans well-known packages with the program as the Rust tests build it: what it says is what the released one says.
fn well_known() -> Result<()> {
    native()?;
    corpus::corpus(&corpus::Args {
        importguard: Some(native_program()),
        ..corpus::Args::default()
    })
}

fn vscode() -> Result<()> {
    let chromium = browser::chromium()?;
    let ripgrep = browser::ripgrep()?;
    script("vscode-extension", "test", &mut npm())?;
    script(
        "vscode-extension",
        "test:e2e",
        npm().env("CHROMIUM", chromium).env("RIPGREP", ripgrep),
    )
}

fn script(workspace: &str, name: &str, npm: &mut Command) -> Result<()> {
    if !npm::has_script(workspace, name)? {
        bail!("{workspace}/package.json has no script `{name}`");
    }
    npm.env("IMPORTGUARD_BIN", native_program());
    run(npm.args(["run", "--silent", "--workspace", workspace, name])).with_context(|| format!("in {workspace}"))
}

fn native_program() -> PathBuf {
    target_dir().join("debug").join(exe("importguard"))
}

/// A program's file name on this system.
pub(crate) fn exe(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
