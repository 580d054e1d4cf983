//! Finds packages in `node_modules` folders of every layout, each real folder once.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

use importguard::report::{Issue, IssueKind};
use rustc_hash::FxHashSet;

use super::{
    Found, Source, Target,
    names::{has_manifest, in_node_modules, is_archive_name, is_code_name, is_workspace, join},
    reason,
    walk::{self, Bounds, Entry, Listing, classify},
};

/// Folders that package managers and build tools fill for themselves at the top of a project's `node_modules`.
const TOOL_FOLDERS: [&str; 4] = [".bin", ".cache", ".vite", ".vite-temp"];

/// Collects targets; folders wait in a queue so that the shallowest path names a package that has several.
pub(super) struct Finder {
    pub(super) found: Found,
    pub(super) include_root: bool,
    given: PathBuf,
    given_shown: String,
    bounds: Bounds,
    seen: FxHashSet<PathBuf>,
    waiting: VecDeque<(PathBuf, String)>,
    own: Vec<String>,
}

impl Finder {
    pub(super) fn new(include_root: bool) -> Self {
        Self {
            found: Found::default(),
            include_root,
            given: PathBuf::new(),
            given_shown: String::new(),
            bounds: Bounds::default(),
            seen: FxHashSet::default(),
            waiting: VecDeque::new(),
            own: Vec::new(),
        }
    }

    /// Starts with a folder that the user gave: links may lead anywhere inside it, or inside its workspace.
    pub(super) fn begin(&mut self, real: &Path, shown: &str) -> bool {
        let workspace = real.ancestors().skip(1).find(|dir| is_workspace(dir));
        real.clone_into(&mut self.given);
        shown.clone_into(&mut self.given_shown);
        let project = real
            .parent()
            .filter(|_| real.file_name() == Some(OsStr::new("node_modules")));
        self.bounds = Bounds {
            inside: project.unwrap_or(real).to_owned(),
            workspace: workspace.map(Path::to_owned),
        };
        self.first_visit(real)
    }

    pub(super) fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Whether a file or folder, by its real path, has not been met yet.
    pub(super) fn first_visit(&mut self, real: &Path) -> bool {
        self.seen.insert(real.to_owned())
    }

    pub(super) fn add(&mut self, path: String, source: Source, issues: Vec<Issue>) {
        self.found.targets.push(Target {
            path,
            source,
            named: false,
            issues,
            release: None,
        });
    }

    /// Adds a file that the user named.
    pub(super) fn named(&mut self, path: String, source: Source) {
        self.found.targets.push(Target {
            path,
            source,
            named: true,
            issues: Vec::new(),
            release: None,
        });
    }

    /// Something the user should know about a folder.
    pub(super) fn note(&mut self, shown: &str, note: &str) {
        let shown = if shown.is_empty() { "." } else { shown };
        self.found.notes.push(format!("{shown}: {note}"));
    }

    pub(super) fn folder_target(&mut self, real: &Path, shown: &str, listing: Listing) {
        let path = if shown.is_empty() {
            ".".to_owned()
        } else {
            shown.to_owned()
        };
        self.add(
            path,
            Source::Folder {
                root: real.to_owned(),
                files: listing.files,
            },
            listing.issues,
        );
    }

    /// Adds the package in a folder; the `node_modules` folders in it wait for their turn.
    pub(super) fn package(&mut self, real: &Path, shown: &str) {
        let mut listing = walk::list(real, &self.bounds);
        for nested in std::mem::take(&mut listing.nested) {
            self.queue(real.join(&nested), join(shown, &nested));
        }
        self.folder_target(real, shown, listing);
    }

    /// Lets a `node_modules` folder wait for its turn.
    pub(super) fn queue(&mut self, dir: PathBuf, shown: String) {
        self.waiting.push_back((dir, shown));
    }

    /// Looks into all that wait.
    pub(super) fn drain(&mut self) {
        while let Some((dir, shown)) = self.waiting.pop_front() {
            let Ok(real) = fs::canonicalize(&dir) else {
                continue;
            };
            if !self.first_visit(&real) {
                continue;
            }
            if real.file_name() == Some(OsStr::new("node_modules")) {
                self.node_modules(&real, &shown);
            } else {
                let loose = self.container(&real, &shown);
                self.loose_target(&real, &shown, loose);
            }
        }
    }

    /// Adds each package of one `node_modules` folder.
    pub(super) fn node_modules(&mut self, real: &Path, shown: &str) {
        let mut loose = Listing::default();
        let nested = in_node_modules(real);
        for (name, path) in entries(real, Path::new(""), &mut loose) {
            let bytes = name.as_encoded_bytes();
            if !nested && TOOL_FOLDERS.iter().any(|tool| name == *tool) {
                continue;
            }
            if bytes.starts_with(b"@") && real.join(&path).is_dir() {
                for (_, path) in entries(real, &path, &mut loose) {
                    self.installed(real, &path, shown, &mut loose);
                }
            } else if bytes.starts_with(b".") && real.join(&path).is_dir() && !real.join(&path).is_symlink() {
                self.queue(real.join(&path), join(shown, &path));
            } else {
                self.installed(real, &path, shown, &mut loose);
            }
        }
        self.loose_target(real, shown, loose);
    }

    /// One entry of a `node_modules` folder or of a scope in it.
    fn installed(&mut self, modules: &Path, path: &Path, shown: &str, loose: &mut Listing) {
        let full = modules.join(path);
        let kind = match fs::symlink_metadata(&full) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return loose.issue(IssueKind::Unreadable, path, &reason(&error)),
        };
        match classify(&full, kind, &self.bounds) {
            Entry::File if is_code_name(path.as_os_str()) => loose.files.push(path.to_owned()),
            Entry::File => {}
            Entry::Folder => {
                if self.first_visit(&full) {
                    self.package(&full, &join(shown, path));
                }
            }
            Entry::LinkedFolder(real) => self.linked(&real, modules, join(shown, path)),
            Entry::Nothing(kind, message) if full.is_symlink() => {
                let issue = Issue {
                    kind,
                    file: String::new(),
                    message,
                };
                let nothing = Source::Folder {
                    root: full,
                    files: Vec::new(),
                };
                self.add(join(shown, path), nothing, vec![issue]);
            }
            Entry::Nothing(kind, message) => loose.issue(kind, path, &message),
        }
    }

    /// A link in the `node_modules` folder `modules` to a folder in bounds.
    fn linked(&mut self, real: &Path, modules: &Path, shown: String) {
        if !in_node_modules(real) {
            let covered = self.include_root && real.starts_with(&self.given);
            if real != self.bounds.inside && !covered {
                self.own.push(shown);
            }
        } else if self.first_visit(real) {
            // The links between packages of a store say less than the store's own folders.
            let inner = real.strip_prefix(&self.given).ok().filter(|_| in_node_modules(modules));
            let shown = inner.map_or(shown, |inner| join(&self.given_shown, inner));
            self.package(real, &shown);
        }
    }

    /// Looks for packages and tarballs at any depth; gives back the files and blind spots outside of them.
    pub(super) fn container(&mut self, root: &Path, shown: &str) -> Listing {
        let mut loose = Listing::default();
        let mut waiting = vec![PathBuf::new()];
        while let Some(inner) = waiting.pop() {
            for (name, path) in entries(root, &inner, &mut loose) {
                let full = root.join(&path);
                let Ok(metadata) = fs::symlink_metadata(&full) else {
                    continue;
                };
                match classify(&full, metadata.file_type(), &self.bounds) {
                    Entry::File if is_archive_name(&name) => {
                        let real = fs::canonicalize(&full).unwrap_or(full);
                        if self.first_visit(&real) {
                            self.add(join(shown, &path), Source::Archive(real), Vec::new());
                        }
                    }
                    Entry::File => loose.files.push(path),
                    Entry::Folder if name == "node_modules" => self.queue(full, join(shown, &path)),
                    Entry::Folder if has_manifest(&full) => {
                        if self.first_visit(&full) {
                            super::folder(self, &full, &join(shown, &path));
                        }
                    }
                    Entry::Folder => waiting.push(path),
                    // In bounds it is found under its own name.
                    Entry::LinkedFolder(_) => {}
                    Entry::Nothing(kind, message) => loose.issue(kind, &path, &message),
                }
            }
        }
        loose.files.sort();
        loose.issues.sort();
        loose
    }

    /// Files that lie in a `node_modules` folder without a package around them can be imported all the same.
    fn loose_target(&mut self, real: &Path, shown: &str, mut loose: Listing) {
        loose.files.retain(|file| is_code_name(file.as_os_str()));
        if !loose.files.is_empty() || !loose.issues.is_empty() {
            self.folder_target(real, shown, loose);
        }
    }

    /// All that was found.
    pub(super) fn finish(mut self) -> Found {
        self.own.sort();
        self.own.dedup();
        if !self.own.is_empty() {
            let first = self
                .own
                .iter()
                .take(5)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            let more = if self.own.len() > 5 { ", …" } else { "" };
            let why = "not scanned: a link to the project's own code";
            self.found.notes.push(format!("{first}{more}: {why}"));
        }
        self.found
    }
}

/// The entries of a folder in order of their names, as paths relative to `root`.
fn entries(root: &Path, inner: &Path, loose: &mut Listing) -> Vec<(OsString, PathBuf)> {
    let mut entries = Vec::new();
    match fs::read_dir(root.join(inner)) {
        Ok(found) => {
            entries.extend(
                found
                    .flatten()
                    .map(|entry| (entry.file_name(), inner.join(entry.file_name()))),
            );
        }
        Err(error) => {
            loose.issue(
                IssueKind::Unreadable,
                inner,
                &format!("cannot list the folder: {}", reason(&error)),
            );
        }
    }
    entries.retain(|(name, _)| name != ".git");
    entries.sort();
    entries
}
