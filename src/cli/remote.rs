//! Packages from a registry become targets: which version, what is new about it, its tarball; several at once.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use importguard::registry::{
    lock,
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

/// A package to fetch.
#[derive(Debug)]
pub(crate) struct Wanted {
    spec: Spec,
    /// What a lock file promises of its tarball.
    promised: Option<String>,
    /// Whether the user named it, who may have meant a file.
    named: bool,
}

impl Wanted {
    /// What the user asked for.
    pub(crate) fn named(spec: Spec) -> Self {
        Self {
            spec,
            promised: None,
            named: true,
        }
    }

    /// What a lock file would install. With a hash it does not matter where the bytes come from; without one, only a
    /// registry's word tells which they are, and an address in the lock may be anybody's.
    pub(crate) fn locked(entry: &lock::Entry) -> Result<Self, String> {
        let (name, version) = (&entry.name, &entry.version);
        let odd = || format!("`{name}@{version}` is no package that a registry could have; it was not scanned");
        if let (None, Some(address)) = (&entry.integrity, &entry.resolved) {
            return Err(format!(
                "`{name}@{version}` comes from {} without a hash, so nobody can tell which bytes would be installed",
                url::host(address)
            ));
        }
        Ok(Self {
            spec: Spec::parse(&format!("{name}@{version}")).ok_or_else(odd)?,
            promised: entry.integrity.clone(),
            named: false,
        })
    }
}

/// Adds the packages that are to be fetched to those found on disk; what cannot be had is among the errors.
pub(crate) fn add(found: &mut Found, args: &registry::Args) -> anyhow::Result<()> {
    if found.remote.is_empty() {
        return Ok(());
    }
    let registry = Registry::open(args)?;
    for problem in registry.problems() {
        complain(problem);
    }
    let wanted = std::mem::take(&mut found.remote);
    let count = wanted.len();
    if count > AT_ONCE {
        say(&format!("fetching {count} packages"));
    }
    for result in each(&wanted, |one| target(&registry, one)) {
        match result {
            Ok(target) if found.targets.iter().any(|other| other.path == target.path) => {}
            Ok(target) => found.targets.push(target),
            Err(error) => found.errors.push(error),
        }
    }
    found.targets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}

fn target(registry: &Registry, wanted: &Wanted) -> Result<Target, String> {
    let spec = &wanted.spec;
    let packument = registry.packument(&spec.name).map_err(|why| {
        if wanted.named {
            format!("{why}, and no file or folder of that name here")
        } else {
            why
        }
    })?;
    let entry = pick(&packument, &spec.wanted).map_err(|error| error.to_string())?;
    let source = match registry.tarball(&spec.name, entry, wanted.promised.as_deref())? {
        Tarball::File(path) => Source::Archive(path),
        Tarball::Bytes(bytes) => Source::ArchiveBytes(bytes),
    };
    let address = registry.of(&spec.name)?;
    let mut release = Release::of(&packument, entry, url::host(&address), now());
    release.cool_down = registry.cool_down();
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
