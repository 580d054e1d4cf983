//! The browser and the editor that the end-to-end tests drive.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    npm::npm,
    shell::{apt_install, on_path, root, run, step},
    stamp::Stamp,
};

const NAMES: [&str; 7] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
];

const PLACES: [&str; 6] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
];

/// The first browser of the Chromium family; on Debian it is installed if there is none.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if path.is_file() {
            return Ok(path);
        }
        bail!("CHROMIUM names {}, which is not a file", path.display());
    }
    if let Some(path) = installed() {
        return Ok(path);
    }
    apt_install(
        &["chromium"],
        "the browser tests need Chromium, Chrome or Edge (CHROMIUM may name its program)",
    )?;
    installed().context("the package chromium was installed, but brought no program of that name")
}

fn installed() -> Option<PathBuf> {
    let places = PLACES
        .iter()
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    NAMES
        .iter()
        .find_map(|name| on_path(name))
        .or_else(|| places.into_iter().next())
}

/// The folder of a real VS Code workbench and its server, installed once from npm and kept in target/.
pub(crate) fn workbench() -> Result<PathBuf> {
    let source = root().join("xtask/workbench");
    let home = root().join("target/workbench");
    let vscode = home.join("node_modules/code-server/lib/vscode");
    let rg = vscode
        .join("node_modules/@vscode/ripgrep/bin")
        .join(crate::suites::exe("rg"));
    let manifests = ["package.json", "package-lock.json"].map(|name| source.join(name));
    let stamp = Stamp::new(home.join(".importguard-stamp"), &manifests, &[])?;
    if stamp.is_fresh(&[vscode.join("out/server-main.js"), rg.clone()]) {
        return Ok(vscode);
    }

    step("npm ci (the workbench, about 330 MB, once)");
    fs::create_dir_all(&home).with_context(|| format!("cannot create {}", home.display()))?;
    for file in &manifests {
        let copy = home.join(file.file_name().unwrap_or_default());
        fs::copy(file, &copy).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    let quiet = [
        "--ignore-scripts",
        "--omit=dev",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    run(npm().current_dir(&home).arg("ci").args(quiet))?;
    // Both ship a list of versions and hashes of their own.
    for folder in [&vscode, &vscode.join("extensions")] {
        run(npm().current_dir(folder).arg("ci").args(quiet))?;
    }
    link_ripgrep(&rg)?;
    stamp.set()?;
    Ok(vscode)
}

/// The workbench finds files with ripgrep, which its own package would fetch with an install script.
fn link_ripgrep(link: &Path) -> Result<()> {
    let program = if let Some(path) = on_path("rg") {
        path
    } else {
        apt_install(&["ripgrep"], "the extension's tests need ripgrep (`rg`)")?;
        on_path("rg").context("the package ripgrep was installed, but brought no rg")?
    };
    if let Some(folder) = link.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::copy(&program, link)
        .with_context(|| format!("cannot copy {} to {}", program.display(), link.display()))?;
    Ok(())
}
