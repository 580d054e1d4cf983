//! `package.json`, read tolerantly: what npm and Node take from it, with the places to point a person to.

mod read;
mod runs;

use serde::{Deserialize, Serialize};

use crate::span::Range;

pub use runs::Run;

/// What a `package.json` says, with the places it says it at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `name`, or empty.
    pub name: String,
    /// `version`, or empty.
    pub version: String,
    /// Whether `type` is `module`: `.js` files are ES modules then.
    pub is_module: bool,
    /// `main`
    pub main: Option<Text>,
    /// `module`, which bundlers prefer to `main`.
    pub module: Option<Text>,
    /// `browser`, when it is one file.
    pub browser: Option<Text>,
    /// `browser`, when it replaces files or packages; no target means that the file becomes empty.
    pub browser_map: Vec<Target>,
    /// `types` or `typings`
    pub types: Option<Text>,
    /// Every file pattern of `exports`, in order.
    pub exports: Vec<Target>,
    /// Every target of `imports`, in order.
    pub imports: Vec<Target>,
    /// Commands that get installed: `bin`, by name.
    pub bin: Vec<Named>,
    /// `directories.bin`: every file in it gets installed as a command.
    pub bin_folder: Option<Text>,
    /// `scripts`, by name.
    pub scripts: Vec<Named>,
    /// Dependencies of all kinds.
    pub dependencies: Vec<Dependency>,
    /// `bundleDependencies`: packages shipped inside this one; `*` for all.
    pub bundled: Vec<String>,
    /// `gypfile`: `Some(false)` keeps npm from building a shipped `binding.gyp`.
    pub gypfile: Option<bool>,
    /// `files`
    pub files: Vec<String>,
    /// `workspaces`
    pub workspaces: Vec<String>,
    /// `repository`, its URL or shorthand.
    pub repository: Option<Text>,
}

/// A string and its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The string.
    pub value: String,
    /// Its place, quotes included.
    pub range: Range,
}

/// A named string: a script's command, a command's file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The key.
    pub name: String,
    /// The string.
    pub value: String,
    /// The string's place, quotes included.
    pub range: Range,
}

/// One file that `exports`, `imports` or `browser` leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// How a person would write the place: `exports["./x"].import`.
    pub path: String,
    /// The subpath or key: `.`, `./x`, `./features/*`, `#internal`.
    pub key: String,
    /// The conditions on the way to it, outermost first.
    pub conditions: Vec<String>,
    /// The file or pattern; `None` where the key is closed.
    pub file: Option<String>,
    /// Its place.
    pub range: Range,
}

/// One entry of a dependency list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The version range, URL or path.
    pub spec: String,
    /// Which list it is in.
    pub kind: DependencyKind,
    /// The place of the name.
    pub range: Range,
}

/// The lists of dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DependencyKind {
    /// `dependencies`
    Normal,
    /// `devDependencies`
    Development,
    /// `peerDependencies`
    Peer,
    /// `optionalDependencies`
    Optional,
}

/// The scripts npm runs, in this order, when a package is installed as a dependency.
pub const INSTALL_SCRIPTS: [&str; 3] = ["preinstall", "install", "postinstall"];

/// The scripts npm runs besides, in this order, when a dependency comes from a git repository.
pub const GIT_SCRIPTS: [&str; 5] = ["prepack", "preprepare", "prepare", "postprepare", "postpack"];

impl Manifest {
    /// A script by name.
    pub fn script(&self, name: &str) -> Option<&Named> {
        self.scripts.iter().find(|script| script.name == name)
    }

    /// The name of every dependency, whatever its kind, and the place of the name.
    pub fn dependency_sites(&self) -> impl Iterator<Item = (&str, Range)> {
        self.dependencies
            .iter()
            .map(|dependency| (dependency.name.as_str(), dependency.range))
    }

    /// The scripts that run when the package is installed from a registry, in the order they run.
    pub fn install_scripts(&self) -> impl Iterator<Item = &Named> {
        INSTALL_SCRIPTS.iter().filter_map(|name| self.script(name))
    }
}

#[cfg(test)]
mod tests;
