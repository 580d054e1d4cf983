//! Bytes become a package: a set of files with a `package.json`.

use crate::issue::Issue;

pub mod archive;
pub mod gyp;
pub mod json;
pub mod manifest;
pub mod shell;
pub mod source_map;

/// The files of one package, and what went wrong while reading them.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Where the host found it: a folder, a tarball's name.
    pub path: String,
    /// Subresource-integrity string (`sha512-…`) of the tarball it came from.
    pub integrity: Option<String>,
    /// Its files, in any order.
    pub files: Vec<File>,
    /// Blind spots: entries refused, truncated data, files the host could not read.
    pub issues: Vec<Issue>,
}

/// One file of a package.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Path inside the package, `/`-separated, without a leading `./`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}
