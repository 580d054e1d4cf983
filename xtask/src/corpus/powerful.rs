//! Packages that do frightening things for good reasons: tarballs, as the registry has them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{
    npm::npm,
    shell::{heading, read, read_file, root, step},
};

/// How many tarballs are asked for at once.
const BATCH: usize = 16;

/// The tarballs of the pinned packages, fetched unless they are there; what else lies in the folder is no part of it.
pub(crate) fn install() -> Result<Vec<PathBuf>> {
    let list: BTreeMap<String, Value> = serde_json::from_str(&read_file(&root().join("tests/corpus/powerful.json"))?)
        .context("tests/corpus/powerful.json")?;
    let folder = root().join("target/powerful");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut paths = Vec::new();
    let mut absent: BTreeMap<String, (PathBuf, &str)> = BTreeMap::new();
    for (name, pinned) in &list {
        let part = |key: &str| {
            let word = pinned[key].as_str();
            word.with_context(|| format!("tests/corpus/powerful.json: {name} has no {key}"))
        };
        let (version, integrity) = (part("version")?, part("integrity")?);
        let path = folder.join(format!(
            "{}-{version}.tgz",
            name.trim_start_matches('@').replace('/', "-")
        ));
        if !path.is_file() {
            absent.insert(format!("{name}@{version}"), (path.clone(), integrity));
        }
        paths.push(path);
    }
    if !absent.is_empty() {
        heading("Fetching the packages of tests/corpus/powerful.json");
        let fetched = folder.join("fetched");
        let specs: Vec<&String> = absent.keys().collect();
        for batch in specs.chunks(BATCH) {
            step(&format!("npm pack {} and {} more", batch[0], batch.len() - 1));
            fetch(&fetched, batch, &absent)?;
        }
    }
    Ok(paths)
}

/// Tarballs are moved to their place when they are what the list says, so one that is there is whole.
fn fetch(fetched: &Path, batch: &[&String], wanted: &BTreeMap<String, (PathBuf, &str)>) -> Result<()> {
    fs::create_dir_all(fetched).with_context(|| format!("cannot create {}", fetched.display()))?;
    let mut pack = npm();
    pack.args([
        "pack",
        "--json",
        "--ignore-scripts",
        "--loglevel=error",
        "--pack-destination",
    ]);
    let told: Value =
        serde_json::from_str(&read(pack.arg(fetched).args(batch))?).context("cannot read what npm says")?;
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let entries: Vec<&Value> = match &told {
        Value::Array(entries) => entries.iter().collect(),
        // Newer versions of npm tell by name.
        other => other.as_object().into_iter().flat_map(|map| map.values()).collect(),
    };
    for entry in entries {
        let spec = word(entry, "id");
        let Some((path, integrity)) = wanted.get(&spec) else {
            bail!("npm fetched {spec}, which was not asked for");
        };
        if word(entry, "integrity") != *integrity {
            bail!("{spec} is not the package that tests/corpus/powerful.json pins: its integrity differs");
        }
        // Some versions of npm tell a scoped package's file name with its slash.
        let file = word(entry, "filename").trim_start_matches('@').replace('/', "-");
        fs::rename(fetched.join(&file), path).with_context(|| format!("cannot move {file}"))?;
    }
    match batch.iter().find(|spec| !wanted[**spec].0.is_file()) {
        Some(spec) => bail!("npm did not fetch {spec}"),
        None => Ok(()),
    }
}
