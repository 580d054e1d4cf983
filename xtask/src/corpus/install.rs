//! The pinned packages of the npm registry, on disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{
    npm::npm,
    shell::{heading, read_file, root, run, step},
};

/// Installs the pinned packages, without running any of their scripts, unless they are there.
pub(crate) fn install() -> Result<PathBuf> {
    install_pinned("corpus")
}

/// Installs the packages that `tests/NAME` pins into `target/NAME`, without running any of their scripts, unless they are
/// there.
pub(crate) fn install_pinned(name: &str) -> Result<PathBuf> {
    let pinned = root().join("tests").join(name);
    let folder = root().join("target").join(name);
    let lock = read_file(&pinned.join("package-lock.json"))?;
    if is_installed(&folder, &lock) {
        return Ok(folder);
    }
    heading(&format!("Installing the packages of tests/{name}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(pinned.join(file), folder.join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    // Not `npm ci`: it refuses the lock where a registry lacks the builds for systems other than this one.
    step("npm install --ignore-scripts");
    let quiet = [
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    run(npm().current_dir(&folder).args(quiet))?;
    if !is_installed(&folder, &lock) {
        bail!("npm did not install exactly what tests/{name}/package-lock.json says");
    }
    Ok(folder)
}

/// Whether npm's own list of what it installed agrees with the lock; packages for other systems are missing from it.
fn is_installed(folder: &Path, lock: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let Some(installed) = fs::read_to_string(folder.join("node_modules/.package-lock.json")).ok() else {
        return false;
    };
    let (Some(lock), Some(installed)) = (parse(lock), parse(&installed)) else {
        return false;
    };
    let (Some(wanted), Some(present)) = (lock["packages"].as_object(), installed["packages"].as_object()) else {
        return false;
    };
    wanted
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .all(|(path, entry)| match present.get(path) {
            Some(there) => there["integrity"] == entry["integrity"],
            None => entry["optional"] == true,
        })
        && present
            .iter()
            .all(|(path, there)| wanted.contains_key(path) || there["optional"] == true)
}

/// The folder of each package that is installed there, nested ones too.
pub(crate) fn packages(folder: &Path) -> Result<Vec<PathBuf>> {
    let lock: Value = serde_json::from_str(&read_file(&folder.join("node_modules/.package-lock.json"))?)?;
    let paths = lock["packages"]
        .as_object()
        .context("npm's list of what it installed has no packages")?;
    Ok(paths.keys().map(|path| folder.join(path)).collect())
}
