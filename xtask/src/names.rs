//! `cargo xtask names`: the list of popular names, from counts that npm packages publish.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{
    npm::npm,
    shell::{heading, read_file, root, run, step},
};

/// Both are data under the MIT licence: downloads of a month by name, and the names of high impact, what many depend on
/// first.
const COUNTS: &str = "download-counts@2.20260301.0";
const IMPACT: &str = "npm-high-impact@1.13.0";
/// The list goes to every page and editor.
const MOST_BYTES: usize = 195_000;
/// How many names more are tried at a time.
const STRIDE: usize = 250;

/// Fetches the data and writes `src/registry/names.fst`.
pub(crate) fn make() -> Result<()> {
    heading("Popular names");
    let folder = root().join("target/names");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    step(&format!("npm install {COUNTS} {IMPACT}"));
    run(npm().current_dir(&folder).args([
        "install",
        "--prefix=.",
        "--ignore-scripts",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        COUNTS,
        IMPACT,
    ]))?;
    let ranked = ranked(&folder.join("node_modules"))?;
    let (mut kept, mut bytes) = (0, Vec::new());
    while kept < ranked.len() {
        let more = (kept + STRIDE).min(ranked.len());
        let larger = list(&ranked[..more])?;
        if larger.len() > MOST_BYTES {
            break;
        }
        (kept, bytes) = (more, larger);
    }
    if kept < 15_000 {
        bail!("only {kept} names fit into {MOST_BYTES} bytes; raise MOST_BYTES or make the list denser");
    }
    let path = root().join("src/registry/names.fst");
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    step(&format!("{kept} names, {} bytes", bytes.len()));
    Ok(())
}

/// Names and their levels, the most popular first.
fn ranked(modules: &Path) -> Result<Vec<(String, u64)>> {
    let counts: Value = serde_json::from_str(&read_file(&modules.join("download-counts/counts.json"))?)
        .context("download-counts: counts.json")?;
    let counts = counts.as_object().context("download-counts has no object of counts")?;
    let depended = read_file(&modules.join("npm-high-impact/lib/top-dependent.js"))?;
    let quoted = depended.lines().filter_map(|line| line.trim().strip_prefix('\''));
    let depended: BTreeSet<&str> = quoted.filter_map(|line| line.split('\'').next()).collect();
    if depended.is_empty() {
        bail!("npm-high-impact lists no names as it used to, one a line between single quotes");
    }
    let mut names: Vec<(&str, u64)> = counts
        .iter()
        .filter_map(|(name, count)| Some((name.as_str(), count.as_u64()?)))
        .filter(|(_, count)| *count > 0)
        .collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let level = |(name, count): (&str, u64)| {
        // What people name themselves is mistyped more often than what comes along with it.
        let typed = u64::from(depended.contains(name));
        let level = u64::from(count.ilog2() / 2).saturating_sub(7) + typed;
        (name.to_owned(), level.max(1))
    };
    Ok(names.into_iter().map(level).collect())
}

fn list(names: &[(String, u64)]) -> Result<Vec<u8>> {
    let sorted: BTreeMap<&str, u64> = names.iter().map(|(name, level)| (name.as_str(), *level)).collect();
    let mut builder = fst::MapBuilder::memory();
    builder.extend_iter(sorted)?;
    Ok(builder.into_inner()?)
}
