//! `cargo xtask run`: builds everything, scans a real package, and serves the web page.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{
    npm::npm,
    shell::{cargo, heading, node, program, root, run, step, target_dir},
    stamp::Stamp,
    suites::exe,
    wasm,
};

/// Options of `cargo xtask run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Stop after the scan instead of serving the web page
    #[arg(long)]
    no_serve: bool,
    /// What to scan; without it a well-known package from npm
    path: Option<PathBuf>,
}

const SAMPLE: &str = "express@5.1.0";

/// Runs the main job once, from sources to a report, then shows the page.
pub(crate) fn demo(args: &Args) -> Result<()> {
    wasm::build(&wasm::Args::default())?;
    page()?;

    heading("Command line");
    let program = release()?;
    let path = match &args.path {
        Some(path) => std::path::absolute(path)?,
        None => sample()?,
    };
    step(&format!(
        "importguard scan {}",
        path.strip_prefix(root()).unwrap_or(&path).display()
    ));
    scan(&program, &path)?;

    if args.no_serve {
        return Ok(());
    }
    heading("Web page (Ctrl+C ends it)");
    let mut server = node(root().join("node_modules/vite/bin/vite.js"));
    run(server
        .args(["preview", "--host", "127.0.0.1"])
        .current_dir(root().join("web-demo")))
}

/// Builds the command line as it is released, and says where it is.
pub(crate) fn release() -> Result<PathBuf> {
    step("cargo build --release");
    run(cargo().args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "importguard",
        "--bin",
        "importguard",
    ]))?;
    Ok(target_dir().join("release").join(exe("importguard")))
}

fn scan(importguard: &Path, path: &Path) -> Result<()> {
    let mut command = program(importguard);
    let status = command
        .arg("scan")
        .arg(path)
        .status()
        .context("cannot run importguard")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => {
            step("it has findings at or above the threshold, hence exit code 1");
            Ok(())
        }
        _ => bail!("`importguard scan` failed ({status})"),
    }
}

/// A well-known package and what it depends on, installed without running any of its scripts.
fn sample() -> Result<PathBuf> {
    let home = root().join("target/sample");
    let package = home.join("node_modules/express");
    let stamp = Stamp::new(home.join(".importguard-stamp"), &[], &[SAMPLE])?;
    if !stamp.is_fresh(&[package.join("package.json")]) {
        step(&format!("npm install --ignore-scripts {SAMPLE}"));
        crate::shell::write_file(&home.join("package.json"), "{ \"private\": true }\n")?;
        let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(npm().current_dir(&home).arg("install").args(quiet).arg(SAMPLE))?;
        stamp.set()?;
    }
    Ok(package)
}

/// Builds the web page when it or the analyser has changed.
fn page() -> Result<()> {
    heading("Web page");
    let inputs = ["web-demo", "pkg", "package-lock.json"].map(|name| root().join(name));
    let stamp = Stamp::new(root().join("target/.page-stamp"), &inputs, &[])?;
    if !stamp.is_fresh(&[root().join("web-demo/dist/index.html")]) {
        step("vite build");
        run(npm().args(["run", "--silent", "--workspace", "web-demo", "build"]))?;
        stamp.set()?;
    }
    Ok(())
}
