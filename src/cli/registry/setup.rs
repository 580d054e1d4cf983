//! npm's configuration from where npm reads it: its files, weakest first, then the environment, then npm itself.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use importguard::registry::{
    npmrc::{Config, Level},
    url,
};

/// What holds in the current folder; `registry` overrules it.
pub(super) fn config(registry: Option<&str>) -> anyhow::Result<Config> {
    let mut config = Config::default();
    let mut environment = Config::default();
    for (name, value) in env::vars_os() {
        if let (Some(name), Some(value)) = (name.to_str(), value.to_str()) {
            environment.add_variable(name, value);
        }
    }
    let named = |key: &str| environment.get(key).map(PathBuf::from);
    let files = [
        (Level::Global, named("globalconfig").or_else(global)),
        (Level::User, named("userconfig").or_else(user)),
        (Level::Project, project()),
    ];
    for (level, path) in files {
        let Some(path) = path else { continue };
        // The same file twice, from a home folder that is a project, would be read as a stranger's.
        match fs::read_to_string(&path) {
            Ok(text) => config.add_text(level, &path.display().to_string(), &text, &|name| env::var(name).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => config.problems.push(format!("cannot read {}: {error}", path.display())),
        }
    }
    for (name, value) in env::vars_os() {
        if let (Some(name), Some(value)) = (name.to_str(), value.to_str()) {
            config.add_variable(name, value);
        }
    }
    if let Some(given) = registry {
        let Some(address) = url::normal(given) else {
            bail!("--registry wants an http or https address, not `{given}`");
        };
        config.add("registry", &address);
    } else if config.get("registry").is_none()
        && let Some(default) = ask_npm()
    {
        config.add("registry", &default);
    }
    if let Some(file) = config.get("cafile").map(str::to_owned) {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read npm's `cafile` {file}"))?;
        config.add("ca", &text);
    }
    Ok(config)
}

fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}

fn user() -> Option<PathBuf> {
    Some(home()?.join(".npmrc"))
}

/// Beside Node: npm's prefix is the folder above the one that Node is in.
fn global() -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let program = if cfg!(windows) { "node.exe" } else { "node" };
    let node = env::split_paths(&paths)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())?;
    let folder = node.parent()?;
    let prefix = if cfg!(windows) { folder } else { folder.parent()? };
    Some(prefix.join("etc").join("npmrc"))
}

/// Beside the nearest `package.json` or `node_modules` at or above the current folder, unless that is the user's home.
fn project() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let is_root = |folder: &&Path| folder.join("package.json").is_file() || folder.join("node_modules").is_dir();
    let root = here.ancestors().find(is_root).unwrap_or(&here);
    let own = home().and_then(|home| fs::canonicalize(home).ok());
    (fs::canonicalize(root).ok() != own || own.is_none()).then(|| root.join(".npmrc"))
}

/// The default that npm has built in.
fn ask_npm() -> Option<String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(npm)
        .args(["config", "get", "registry"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    url::normal(text.trim())
}
