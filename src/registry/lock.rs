//! What a lock file would install: every package manager's format as one list.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{package::json::Node, span::Span};

mod berry;
mod bun;
mod npm;
mod pnpm;
mod tree;
mod yaml;
mod yarn;

/// Longer lock files are refused; the largest real ones have about 10 MB.
pub const LARGEST: usize = 64 << 20;

/// What a lock file would install.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Who wrote it.
    pub format: Format,
    /// The version of the format, as the file says.
    pub version: String,
    /// What would be installed, sorted by name, version and source; equal ones are one.
    pub entries: Vec<Entry>,
}

/// A package manager's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// `package-lock.json`, `npm-shrinkwrap.json`.
    Npm,
    /// `pnpm-lock.yaml`.
    Pnpm,
    /// `yarn.lock` of Yarn 1.
    Yarn,
    /// `yarn.lock` of Yarn 2 and later.
    Berry,
    /// `bun.lock`, the text.
    Bun,
}

/// One package that would be installed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The package's own name, whatever it is installed as.
    pub name: String,
    /// The version; for what is not from a registry it may be an address, or empty.
    pub version: String,
    /// Where it comes from.
    pub source: Source,
    /// Subresource-integrity string of the tarball, if the lock has one.
    pub integrity: Option<String>,
    /// The checksum of Yarn 2 and later: of a zip archive that Yarn makes, so no tarball can be compared with it.
    pub checksum: Option<String>,
    /// The address or the path it comes from, if the lock has one.
    pub resolved: Option<String>,
    /// Other names it is installed as, sorted.
    pub aliases: Vec<String>,
    /// Only for development; nothing if the lock does not tell.
    pub dev: Option<bool>,
    /// May be left out; nothing if the lock does not tell.
    pub optional: Option<bool>,
    /// Only since others expect it beside them; nothing if the lock does not tell.
    pub peer: Option<bool>,
    /// Whether it has code that runs when it is installed; nothing if the lock does not tell.
    pub install_script: Option<bool>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Operating systems it is for; a `!` before one excludes it.
    pub os: Vec<String>,
    /// Processors it is for.
    pub cpu: Vec<String>,
    /// Its place in the lock, in bytes; the first one if it has several.
    pub span: Span,
}

/// Where a package comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// A registry.
    #[default]
    Registry,
    /// A commit of a repository.
    Git,
    /// An archive at an address.
    Tarball,
    /// This machine: a folder, an archive, a workspace, a patch.
    Local,
}

/// Why a lock file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LockError {
    /// The name is none of a lock file.
    #[error(
        "`{0}` is no lock file that is known: use package-lock.json, npm-shrinkwrap.json, pnpm-lock.yaml, yarn.lock or bun.lock"
    )]
    Name(String),
    /// `bun.lockb`.
    #[error("`bun.lockb` is binary: write the text with `bun install --save-text-lockfile`, and use bun.lock")]
    Binary,
    /// Longer than [`LARGEST`].
    #[error("the lock file has {0} bytes, and at most {LARGEST} are read: lock a part of the project by itself")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("line {0} is not UTF-8: let the package manager write the lock file again")]
    Encoding(usize),
    /// What git leaves where it could not merge.
    #[error("line {0} is a mark of a merge conflict: resolve it, or let the package manager write the lock file again")]
    Conflict(usize),
    /// Not the syntax that it should have.
    #[error("line {line}: {message}; let the package manager write the lock file again")]
    Syntax {
        /// From 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A version of the format that is not known.
    #[error("version `{version}` of this lock file is not known, only {known}: write it with such a package manager")]
    Version {
        /// As the file says; empty if it does not.
        version: String,
        /// Those that are read.
        known: &'static str,
    },
}

impl Lock {
    /// Reads a lock file; its name, with or without folders, tells the format.
    ///
    /// # Errors
    /// If it is not a lock file, is broken, or has a version that is not known.
    pub fn parse(file_name: &str, bytes: &[u8]) -> Result<Self, LockError> {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        if name == "bun.lockb" {
            return Err(LockError::Binary);
        }
        if !Self::is_name(name) {
            return Err(LockError::Name(name.to_owned()));
        }
        let text = text(bytes)?;
        let (format, (version, entries)) = match name {
            "pnpm-lock.yaml" => (Format::Pnpm, pnpm::read(text)?),
            "bun.lock" => (Format::Bun, bun::read(text)?),
            "yarn.lock" if text.lines().any(|line| line.starts_with("__metadata:")) => {
                (Format::Berry, berry::read(text)?)
            }
            "yarn.lock" => (Format::Yarn, yarn::read(text)?),
            _ => (Format::Npm, npm::read(text)?),
        };
        let entries = merged(entries);
        Ok(Self {
            format,
            version,
            entries,
        })
    }

    /// Whether a file of this name, without folders, is a lock file that is read.
    pub fn is_name(name: &str) -> bool {
        matches!(
            name,
            "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml" | "yarn.lock" | "bun.lock"
        )
    }

    /// What comes from a registry.
    pub fn from_registry(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.source == Source::Registry)
    }
}

fn text(bytes: &[u8]) -> Result<&str, LockError> {
    if bytes.len() > LARGEST {
        return Err(LockError::TooLarge(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        LockError::Encoding(1 + memchr::memchr_iter(b'\n', before).count())
    })?;
    let conflict = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line == "=======";
    match text.lines().position(conflict) {
        Some(line) => Err(LockError::Conflict(line + 1)),
        None => Ok(text),
    }
}

/// An error at a byte of the text.
fn syntax(text: &str, at: usize, message: impl Into<String>) -> LockError {
    let before = &text.as_bytes()[..at.min(text.len())];
    LockError::Syntax {
        line: 1 + memchr::memchr_iter(b'\n', before).count(),
        message: message.into(),
    }
}

/// A name, a version: what a format gives, before equal ones are merged.
type Read = (String, Vec<Entry>);

/// Equal ones become one: needed by anything if by one of them.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    let mut all: BTreeMap<_, Entry> = BTreeMap::new();
    for entry in entries {
        let key = (
            entry.name.clone(),
            entry.version.clone(),
            entry.source,
            entry.resolved.clone(),
            entry.integrity.clone(),
        );
        let Some(known) = all.get_mut(&key) else {
            all.insert(key, entry);
            continue;
        };
        let only = |one: Option<bool>, other: Option<bool>| Some(one? && other?);
        known.dev = only(known.dev, entry.dev);
        known.optional = only(known.optional, entry.optional);
        known.peer = only(known.peer, entry.peer);
        known.install_script = match (known.install_script, entry.install_script) {
            (Some(one), Some(other)) => Some(one || other),
            (one, other) => one.or(other),
        };
        known.deprecated = known.deprecated.take().or(entry.deprecated);
        let aliases: BTreeSet<String> = known.aliases.drain(..).chain(entry.aliases).collect();
        known.aliases = aliases.into_iter().collect();
    }
    all.into_values().collect()
}

/// The name and what follows the `@`: `@scope/name@1.0.0` to `@scope/name` and `1.0.0`.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let at = 1 + text.get(1..)?.find('@')?;
    Some((&text[..at], &text[at + 1..]))
}

/// Where an address leads; nothing for a version or a range of a registry.
fn source_of(spec: &str) -> Option<Source> {
    let starts = |all: &[&str]| all.iter().any(|one| spec.starts_with(one));
    if starts(&[
        "file:",
        "link:",
        "workspace:",
        "portal:",
        "patch:",
        "exec:",
        "./",
        "../",
        "root:",
    ]) {
        return Some(Source::Local);
    }
    let web = starts(&["http://", "https://"]);
    let path = spec.split(['#', '?']).next().unwrap_or(spec);
    let git = starts(&[
        "git+",
        "git:",
        "git@",
        "ssh:",
        "github:",
        "gitlab:",
        "bitbucket:",
        "gist:",
    ]) || web && (path.strip_suffix(".git").is_some() || spec.contains("#commit="));
    match (git, web) {
        (true, _) => Some(Source::Git),
        (_, true) => Some(Source::Tarball),
        _ => None,
    }
}

/// Whether an address looks like one of a registry's tarballs of this package: `…/name/-/name-1.0.0.tgz`.
fn is_registry_tarball(address: &str, name: &str, version: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    let path = address.split(['#', '?']).next().unwrap_or(address);
    let path = path.replace("%2f", "/").replace("%2F", "/");
    path.ends_with(&format!("/{name}/-/{base}-{version}.tgz")) || path.contains("/download/")
}

/// The members of an object that must be one.
fn object<'a>(text: &str, node: &'a Node, what: &str) -> Result<&'a [crate::package::json::Member], LockError> {
    tree::members(node).ok_or_else(|| {
        let message = format!("{what} must be an object, not {}", node.value.kind());
        syntax(text, node.span.start as usize, message)
    })
}
