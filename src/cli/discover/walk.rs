//! The files of one folder: nested `node_modules` and `.git` apart, links followed only where they stay inside.

use std::{
    fs::{self, FileType},
    path::{Path, PathBuf},
};

use importguard::report::{Issue, IssueKind};

use super::reason;

/// What a folder holds; paths are relative to it.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Files, sorted.
    pub(super) files: Vec<PathBuf>,
    /// The outermost `node_modules` folders, sorted.
    pub(super) nested: Vec<PathBuf>,
    /// What could not be read or was not followed.
    pub(super) issues: Vec<Issue>,
}

impl Listing {
    /// Notes a blind spot at a path inside the folder.
    pub(super) fn issue(&mut self, kind: IssueKind, path: &Path, message: &str) {
        let file = super::names::shown(path);
        self.issues.push(Issue {
            kind,
            file,
            message: message.to_owned(),
        });
    }
}

/// How far links may lead.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    /// The folder that the user gave, or the project around the `node_modules` that the user gave.
    pub(super) inside: PathBuf,
    /// The workspace around it: what is installed anywhere in it is in bounds too.
    pub(super) workspace: Option<PathBuf>,
}

impl Bounds {
    fn hold(&self, real: &Path) -> bool {
        let installed = |workspace: &PathBuf| {
            let inner = real.strip_prefix(workspace);
            inner.is_ok_and(|inner| inner.iter().any(|name| name == "node_modules"))
        };
        real.starts_with(&self.inside) || self.workspace.as_ref().is_some_and(installed)
    }
}

/// What a directory entry is, links seen through.
pub(super) enum Entry {
    File,
    Folder,
    /// A link to a folder, and the folder's real path.
    LinkedFolder(PathBuf),
    /// Nothing to read; the kind and the words say why.
    Nothing(IssueKind, String),
}

/// Looks through a link, but not out of bounds, and never opens what is neither file nor folder.
pub(super) fn classify(path: &Path, kind: FileType, bounds: &Bounds) -> Entry {
    if kind.is_dir() {
        return Entry::Folder;
    }
    if kind.is_file() {
        return Entry::File;
    }
    if !kind.is_symlink() {
        return Entry::Nothing(IssueKind::Skipped, "neither a file nor a folder; not opened".to_owned());
    }
    match fs::canonicalize(path) {
        Err(error) => Entry::Nothing(
            IssueKind::Unreadable,
            format!("a symbolic link that leads nowhere: {}", reason(&error)),
        ),
        Ok(real) if !bounds.hold(&real) => {
            let message = "a symbolic link out of the scanned folder; not followed";
            Entry::Nothing(IssueKind::Skipped, message.to_owned())
        }
        Ok(real) => match fs::metadata(&real) {
            Err(error) => Entry::Nothing(IssueKind::Unreadable, reason(&error)),
            Ok(metadata) if metadata.is_dir() => Entry::LinkedFolder(real),
            Ok(metadata) => classify(&real, metadata.file_type(), bounds),
        },
    }
}

/// Lists a folder; `root` must be a real path.
pub(super) fn list(root: &Path, bounds: &Bounds) -> Listing {
    let mut listing = Listing::default();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        let entries = match fs::read_dir(root.join(&inner)) {
            Ok(entries) => entries,
            Err(error) => {
                listing.issue(
                    IssueKind::Unreadable,
                    &inner,
                    &format!("cannot list the folder: {}", reason(&error)),
                );
                continue;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    listing.issue(
                        IssueKind::Unreadable,
                        &inner,
                        &format!("cannot list all of it: {}", reason(&error)),
                    );
                    break;
                }
            };
            let (name, path) = (entry.file_name(), inner.join(entry.file_name()));
            if name == ".git" {
                continue;
            }
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) => {
                    listing.issue(IssueKind::Unreadable, &path, &reason(&error));
                    continue;
                }
            };
            match classify(&entry.path(), kind, bounds) {
                Entry::File => listing.files.push(path),
                Entry::Folder | Entry::LinkedFolder(_) if name == "node_modules" => {
                    listing.nested.push(path);
                }
                Entry::Folder => waiting.push(path),
                // What it leads to inside this folder is listed under its own name.
                Entry::LinkedFolder(real) if real.starts_with(root) => {}
                Entry::LinkedFolder(_) => {
                    listing.issue(
                        IssueKind::Skipped,
                        &path,
                        "a symbolic link to another folder; not followed",
                    );
                }
                Entry::Nothing(kind, message) => listing.issue(kind, &path, &message),
            }
        }
    }
    listing.files.sort();
    listing.nested.sort();
    listing.issues.sort();
    listing
}
