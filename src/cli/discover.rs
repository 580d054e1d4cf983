//! From the paths a user gives to the packages that are scanned.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use importguard::{
    registry::{
        lock::{self, LARGEST, Lock},
        release::Release,
        spec::Spec,
    },
    report::Issue,
};

use super::{args::Scan, read, remote::Wanted};

mod copies;
mod names;
mod tree;
mod walk;

use names::{has_manifest, in_node_modules, is_archive_start, is_workspace, shown};
pub(crate) use names::{is_archive_name, is_code_name};
use tree::Finder;

/// One package to scan.
#[derive(Debug)]
pub(crate) struct Target {
    /// The path the report shows.
    pub(crate) path: String,
    /// Where its files come from.
    pub(crate) source: Source,
    /// The user named this very file: it is code whatever its name says, and it must be readable.
    pub(crate) named: bool,
    /// Blind spots met while looking for its files.
    pub(crate) issues: Vec<Issue>,
    /// What its registry tells, if it comes from one.
    pub(crate) release: Option<Release>,
}

/// Where a package's files come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A folder, and its files relative to it, sorted.
    Folder { root: PathBuf, files: Vec<PathBuf> },
    /// A tarball on disk.
    Archive(PathBuf),
    /// A tarball from standard input.
    ArchiveBytes(Vec<u8>),
    /// A source text from standard input.
    Text { name: String, bytes: Vec<u8> },
}

impl Found {
    /// How many packages there are to scan.
    fn count(&self) -> usize {
        self.targets.len() + self.remote.len()
    }

    /// Whether a path added nothing, not even an error.
    fn is_unchanged(&self, count: usize, errors: usize) -> bool {
        (self.count(), self.errors.len()) == (count, errors)
    }
}

impl Source {
    /// How many files are known before anything is read.
    pub(crate) fn files(&self) -> usize {
        match self {
            Self::Folder { files, .. } => files.len(),
            _ => 1,
        }
    }
}

/// What the given paths hold.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The packages, sorted by shown path.
    pub(crate) targets: Vec<Target>,
    /// What the user should know about the choice, one line each.
    pub(crate) notes: Vec<String>,
    /// Paths that could not be used at all.
    pub(crate) errors: Vec<String>,
    /// Packages to fetch from a registry.
    pub(crate) remote: Vec<Wanted>,
    /// Folders left out because another has the same name and the same bytes.
    pub(crate) copies: usize,
}

/// Finds all packages under the given paths; what cannot be read is told, and ends nothing.
pub(crate) fn discover(scan: &Scan) -> Found {
    let mut finder = Finder::new(scan.include_root);
    for path in &scan.paths {
        if path.as_os_str() == OsStr::new("-") {
            standard_input(&mut finder, &scan.stdin_name);
            continue;
        }
        let before = finder.found.count();
        let errors = finder.found.errors.len();
        match given_path(&mut finder, path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && spec(path).is_some() => {
                finder.found.remote.extend(spec(path).map(Wanted::named));
            }
            Err(error) => finder
                .found
                .errors
                .push(format!("cannot read `{}`: {}", path.display(), reason(&error))),
            Ok(Given::New) if finder.found.is_unchanged(before, errors) => {
                finder
                    .found
                    .errors
                    .push(format!("nothing to scan in `{}`", path.display()));
            }
            Ok(_) => {}
        }
    }
    let mut found = finder.finish();
    found.copies = copies::leave_out(&mut found.targets);
    found.targets.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The package at a registry that an argument may mean when nothing of that name lies here.
fn spec(path: &Path) -> Option<Spec> {
    if is_archive_name(path.as_os_str()) {
        return None;
    }
    Spec::parse(path.to_str()?)
}

/// The package in a folder, with nothing of the packages inside it.
pub(crate) fn installed_package(folder: &Path) -> Option<Target> {
    let mut finder = Finder::new(false);
    finder.begin(folder, &shown(folder));
    finder.package(folder, &shown(folder));
    finder.finish().targets.into_iter().next()
}

#[derive(PartialEq, Eq)]
enum Given {
    New,
    SeenBefore,
}

fn given_path(finder: &mut Finder, path: &Path) -> io::Result<Given> {
    let metadata = fs::metadata(path)?;
    let real = fs::canonicalize(path)?;
    if metadata.is_dir() {
        if !finder.begin(&real, &shown(path)) {
            return Ok(Given::SeenBefore);
        }
        // Told here, because a folder that cannot be listed is the user's whole request.
        fs::read_dir(&real)?;
        folder(finder, &real, &shown(path));
        return Ok(Given::New);
    }
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "neither a file nor a folder",
        ));
    }
    if !finder.first_visit(&real) {
        return Ok(Given::SeenBefore);
    }
    if path.file_name().and_then(OsStr::to_str).is_some_and(Lock::is_name) {
        read_lock(finder, path)?;
        return Ok(Given::New);
    }
    if is_archive_name(path.file_name().unwrap_or_default()) || is_archive_start(&read::head(path)?) {
        finder.named(shown(path), Source::Archive(real));
    } else {
        let root = real.parent().unwrap_or(&real).to_owned();
        let files = real.file_name().map(PathBuf::from).into_iter().collect();
        finder.named(shown(path), Source::Folder { root, files });
    }
    Ok(Given::New)
}

/// What a lock file would install: packages of registries are fetched, of all else it is said that they are not.
fn read_lock(finder: &mut Finder, path: &Path) -> io::Result<()> {
    let shown = path.display();
    let bytes = read::whole(path, LARGEST as u64)?;
    let lock = match Lock::parse(&path.to_string_lossy(), &bytes) {
        Ok(lock) => lock,
        Err(error) => {
            finder.found.errors.push(format!("`{shown}`: {error}"));
            return Ok(());
        }
    };
    for entry in &lock.entries {
        match entry.source {
            lock::Source::Registry => match Wanted::locked(entry) {
                Ok(wanted) => finder.found.remote.push(wanted),
                Err(error) => finder.found.errors.push(format!("`{shown}`: {error}")),
            },
            lock::Source::Local => {}
            lock::Source::Git | lock::Source::Tarball => {
                let from = entry.resolved.as_deref().unwrap_or(&entry.version);
                finder.found.errors.push(format!(
                    "`{shown}`: `{}` comes from {from}, not from a registry: it was not scanned; install it apart and scan it",
                    entry.name
                ));
            }
        }
    }
    let local = lock.entries.iter().filter(|entry| entry.source == lock::Source::Local);
    let names: Vec<&str> = local.map(|entry| entry.name.as_str()).collect();
    if !names.is_empty() {
        finder.note(
            &shown.to_string(),
            &format!("not fetched, since it is on this machine: {}", names.join(", ")),
        );
    }
    Ok(())
}

/// What a folder is decides what is scanned: see the help of `scan`.
fn folder(finder: &mut Finder, real: &Path, shown: &str) {
    if real.file_name() == Some(OsStr::new("node_modules")) {
        finder.node_modules(real, shown);
    } else if has_manifest(real) && in_node_modules(real) {
        finder.package(real, shown);
    } else if real.join("node_modules").is_dir() || (has_manifest(real) && is_workspace(real)) {
        project(finder, real, shown);
    } else if has_manifest(real) {
        finder.package(real, shown);
    } else {
        container(finder, real, shown);
    }
    finder.drain();
}

fn project(finder: &mut Finder, real: &Path, shown: &str) {
    let listing = walk::list(real, finder.bounds());
    for nested in &listing.nested {
        finder.queue(real.join(nested), names::join(shown, nested));
    }
    finder.drain();
    if finder.include_root || listing.nested.is_empty() {
        finder.folder_target(real, shown, listing);
    } else if listing.files.iter().any(|file| is_code_name(file.as_os_str())) {
        let note = "its own code is not scanned, only its node_modules; --include-root scans both";
        finder.note(shown, note);
    }
}

/// A folder that is no package itself: whatever packages and tarballs it holds, or else its own files.
fn container(finder: &mut Finder, real: &Path, shown: &str) {
    let before = finder.found.targets.len();
    let loose = finder.container(real, shown);
    finder.drain();
    if finder.found.targets.len() == before {
        if !loose.files.is_empty() || !loose.issues.is_empty() {
            finder.folder_target(real, shown, loose);
        }
    } else if finder.include_root && !loose.files.is_empty() {
        finder.folder_target(real, shown, loose);
    } else {
        let code = |file: &&PathBuf| is_code_name(file.as_os_str());
        let count = loose.files.iter().filter(code).count();
        if count > 0 {
            let s = if count == 1 { "" } else { "s" };
            let note = format!("{count} file{s} of code outside of packages not scanned");
            finder.note(shown, &format!("{note}; --include-root scans them too"));
        }
    }
}

fn standard_input(finder: &mut Finder, name: &str) {
    match read::stdin(read::ARCHIVE_LIMIT) {
        Err(error) => finder
            .found
            .errors
            .push(format!("cannot read standard input: {}", reason(&error))),
        Ok(bytes) if is_archive_start(&bytes) => {
            finder.named("-".to_owned(), Source::ArchiveBytes(bytes));
        }
        Ok(bytes) => {
            let name = name.replace('\\', "/");
            let name = name
                .rsplit('/')
                .next()
                .filter(|name| !name.is_empty())
                .unwrap_or("stdin.js")
                .to_owned();
            finder.named("-".to_owned(), Source::Text { name, bytes });
        }
    }
}

/// The system's words for an error, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}
