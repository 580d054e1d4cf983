//! The npm packages of the TypeScript hosts.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    shell::{program, read, read_file, root, run, step, write_file},
    stamp::Stamp,
};

const OLDEST_NODE: (u32, u32) = (20, 19);

/// npm, to be run in the top folder.
pub(crate) fn npm() -> Command {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Installs what the lock file says, unless that has been done already.
pub(crate) fn setup() -> Result<()> {
    check_node()?;
    let manifests = workspaces()?
        .into_iter()
        .map(|folder| root().join(folder).join("package.json"));
    let inputs: Vec<PathBuf> = manifests
        .chain([root().join("package.json"), root().join("package-lock.json")])
        .collect();
    let modules = root().join("node_modules");
    let file = modules.join(".importguard-stamp");
    if Stamp::new(file.clone(), &inputs, &[])?.is_fresh(&[modules.join(".package-lock.json")]) {
        return Ok(());
    }
    // A person who has just edited a package.json wants the lock to follow; a machine wants exactly the lock.
    let exact = env::var_os("CI").is_some() || !modules.exists();
    let verb = if exact { "ci" } else { "install" };
    step(&format!("npm {verb}"));
    run(npm().args([verb, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    Stamp::new(file, &inputs, &[])?.set()
}

/// Whether a workspace's package.json has this script.
pub(crate) fn has_script(workspace: &str, script: &str) -> Result<bool> {
    let path = root().join(workspace).join("package.json");
    let manifest: serde_json::Value =
        serde_json::from_str(&read_file(&path)?).with_context(|| format!("cannot parse {}", path.display()))?;
    Ok(manifest["scripts"][script].is_string())
}

/// Writes pkg/package.json: the workspaces refer to it, so it must be there before anything is installed.
pub(crate) fn write_pkg_manifest() -> Result<()> {
    write_file(
        &root().join("pkg/package.json"),
        &read_file(&root().join("src/wasm/package.json"))?,
    )
}

fn check_node() -> Result<()> {
    let version = read(program("node").arg("--version"))
        .context("Node.js is needed for the web page, the extension and the WASM build")?;
    let mut parts = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST_NODE {
        let (major, minor) = OLDEST_NODE;
        bail!(
            "Node.js {} is too old: {major}.{minor} or later is needed",
            version.trim()
        );
    }
    Ok(())
}

fn workspaces() -> Result<Vec<String>> {
    let manifest: serde_json::Value = serde_json::from_str(&read_file(&root().join("package.json"))?)?;
    let list = manifest["workspaces"]
        .as_array()
        .context("package.json has no workspaces")?;
    Ok(list
        .iter()
        .filter_map(|folder| folder.as_str().map(str::to_owned))
        .collect())
}
