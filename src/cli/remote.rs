//! Packages from a registry become targets: which version, what is new about it, its tarball; several at once.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use importguard::registry::{
    packument::Packument,
    release::Release,
    spec::{Spec, pick},
    url,
};

use super::{
    discover::{Found, Source, Target},
    output::{complain, say},
    registry::{self, Registry, Tarball, now},
};

/// How many answers are waited for at once.
const AT_ONCE: usize = 8;
/// More new dependencies than this are not looked up one by one.
const MOST_DEPENDENCIES: usize = 20;

/// Adds the packages that are to be fetched to those found on disk; what cannot be had is among the errors.
pub(crate) fn add(found: &mut Found, args: &registry::Args) -> anyhow::Result<()> {
    if found.remote.is_empty() {
        return Ok(());
    }
    let registry = Registry::open(args)?;
    for problem in registry.problems() {
        complain(problem);
    }
    let specs = std::mem::take(&mut found.remote);
    let count = specs.len();
    if count > AT_ONCE {
        say(&format!("fetching {count} packages"));
    }
    for result in each(&specs, |spec| target(&registry, spec)) {
        match result {
            Ok(target) if found.targets.iter().any(|other| other.path == target.path) => {}
            Ok(target) => found.targets.push(target),
            Err(error) => found.errors.push(error),
        }
    }
    found.targets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}

fn target(registry: &Registry, spec: &Spec) -> Result<Target, String> {
    let packument = registry.packument(&spec.name)?;
    let entry = pick(&packument, &spec.wanted).map_err(|error| error.to_string())?;
    let source = match registry.tarball(&spec.name, entry)? {
        Tarball::File(path) => Source::Archive(path),
        Tarball::Bytes(bytes) => Source::ArchiveBytes(bytes),
    };
    let address = registry.of(&spec.name)?;
    let mut release = Release::of(&packument, entry, url::host(&address), now());
    look_up(registry, &packument, &mut release);
    Ok(Target {
        path: format!("{}@{}", spec.name, entry.version),
        source,
        named: true,
        issues: Vec::new(),
        release: Some(release),
    })
}

/// What is known of the dependencies that a version brings in.
fn look_up(registry: &Registry, packument: &Packument, release: &mut Release) {
    let added: Vec<(String, String)> = release
        .added_dependencies()
        .into_iter()
        .take(MOST_DEPENDENCIES)
        .map(|(name, spec)| (name.to_owned(), spec.to_owned()))
        .collect();
    for (name, spec) in &added {
        // `npm:other@1` stands for another package; addresses are another rule's business.
        let real = match spec.strip_prefix("npm:") {
            Some(alias) => Spec::parse(alias).map(|spec| spec.name),
            None if spec.contains([':', '/']) => None,
            None => Some(name.clone()),
        };
        if let Some(real) = real {
            let found = registry.packument(&real);
            release.add_dependency((name, spec), found.as_ref().map_err(Clone::clone), packument);
        }
    }
}

/// Calls a function for each item on several threads; the results come in the order of the items.
fn each<T: Sync, R: Send>(items: &[T], call: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, call(item))),
                None => return done,
            }
        }
    };
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE.min(items.len())).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|one| one.join().unwrap_or_default())
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
