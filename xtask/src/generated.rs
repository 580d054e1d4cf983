//! `cargo xtask gen`: writes what is derived from the Rust sources and the fixtures, or with `--check` says what is stale.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

use crate::{
    fixtures,
    shell::{cargo, heading, read, root, step, write_file},
};

/// Options of `cargo xtask gen`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only say what is stale, and fail if anything is
    #[arg(long)]
    check: bool,
}

/// Writes or compares every generated file.
pub(crate) fn generate(args: &Args) -> Result<()> {
    heading("Generated files");
    update(args.check)
}

/// Fails if a generated file is stale.
pub(crate) fn check() -> Result<()> {
    generate(&Args { check: true })
}

fn update(check: bool) -> Result<()> {
    let run = [
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "types",
        "--bin",
        "xtask-types",
    ];
    let mut files: BTreeMap<String, String> =
        serde_json::from_str(&read(cargo().args(run))?).context("cannot read what xtask-types printed")?;
    files.insert(fixtures::LIST.to_owned(), fixtures::cases()?);
    let mut stale = Vec::new();
    for (name, text) in &files {
        let path = root().join(name);
        if check {
            if !std::fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                stale.push(name.as_str());
            }
        } else {
            write_file(&path, text)?;
        }
    }
    if !stale.is_empty() {
        bail!(
            "stale: {}; type `cargo xtask gen` and commit the result",
            stale.join(", ")
        );
    }
    step(&format!("{} files are up to date", files.len()));
    Ok(())
}
