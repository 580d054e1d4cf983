//! The programs that the end-to-end tests drive.

use std::{env, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell::{apt_install, on_path};

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
    let places = PLACES.iter().map(PathBuf::from).filter(|path| path.is_file());
    NAMES
        .iter()
        .find_map(|name| on_path(name))
        .or_else(|| places.into_iter().next())
}

/// ripgrep, with which the extension's workbench finds files.
pub(crate) fn ripgrep() -> Result<PathBuf> {
    if let Some(path) = on_path("rg") {
        return Ok(path);
    }
    apt_install(&["ripgrep"], "the extension's tests need ripgrep (`rg`)")?;
    on_path("rg").context("the package ripgrep was installed, but brought no rg")
}
