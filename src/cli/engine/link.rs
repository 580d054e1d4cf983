//! Effects through dependencies: finds the packages that a package imports as Node does, on disk, and asks the core.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use importguard::{
    graph::{Effect, Linker, Surface},
    report::{EffectsReport, Options},
};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxHashMap;

use super::{Scanned, guard::guarded, package};
use crate::{
    discover::{Source, Target, installed_package},
    progress::Progress,
};

/// Packages, and where each finds those that it imports.
struct Library {
    surfaces: Vec<Surface>,
    /// The real folder of each; none for an archive.
    folders: Vec<Option<PathBuf>>,
    installed: Vec<FxHashMap<String, usize>>,
    by_folder: FxHashMap<PathBuf, usize>,
}

/// Tells the packages' effects, those through dependencies among them. A package that uses powers itself has its answer;
/// of the others also the dependencies that are not among the targets are looked into.
pub(super) fn effects(scanned: &mut [Scanned], targets: &[Target], options: &Options) {
    let surfaces = scanned.iter_mut().map(|one| std::mem::take(&mut one.surface));
    let mut library = Library::new(surfaces.zip(targets).map(|(surface, target)| (surface, folder(target))));
    library.complete(options, |surface| !surface.has_powers());
    let told = guarded(|| library.effects(scanned.len()));
    for (one, mut effect) in scanned.iter_mut().zip(told.unwrap_or_default()) {
        for reason in effect.reasons.iter_mut().filter(|reason| reason.package.is_none()) {
            (reason.path, reason.reach) = (Vec::new(), None);
        }
        one.report.effect = effect;
    }
}

fn folder(target: &Target) -> Option<PathBuf> {
    match &target.source {
        Source::Folder { root, .. } if !target.named => Some(root.clone()),
        _ => None,
    }
}

impl Library {
    fn new(packages: impl Iterator<Item = (Surface, Option<PathBuf>)>) -> Self {
        let mut library = Self {
            surfaces: Vec::new(),
            folders: Vec::new(),
            installed: Vec::new(),
            by_folder: FxHashMap::default(),
        };
        for (surface, folder) in packages {
            library.add(surface, folder);
        }
        library
    }

    fn add(&mut self, surface: Surface, folder: Option<PathBuf>) {
        if let Some(folder) = &folder {
            self.by_folder.insert(folder.clone(), self.surfaces.len());
        }
        self.surfaces.push(surface);
        self.folders.push(folder);
        self.installed.push(FxHashMap::default());
    }

    /// Finds where each package gets those that it imports; what is not known yet is read, for packages that are `curious`.
    fn complete(&mut self, options: &Options, curious: impl Fn(&Surface) -> bool) {
        let mut first = 0;
        while first < self.surfaces.len() {
            let mut missing: FxHashMap<PathBuf, Vec<(usize, String)>> = FxHashMap::default();
            let mut order = Vec::new();
            for index in first..self.surfaces.len() {
                let Some(folder) = self.folders[index].clone() else {
                    continue;
                };
                let curious = curious(&self.surfaces[index]);
                let names: Vec<String> = self.surfaces[index]
                    .dependencies()
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                for name in names {
                    let Some(found) = resolve(&folder, &name) else { continue };
                    if let Some(known) = self.by_folder.get(&found) {
                        self.installed[index].insert(name, *known);
                    } else if curious {
                        let askers = missing.entry(found.clone()).or_insert_with(|| {
                            order.push(found);
                            Vec::new()
                        });
                        askers.push((index, name));
                    }
                }
            }
            first = self.surfaces.len();
            let read: Vec<Option<Surface>> = order.par_iter().map(|folder| surface(folder, options)).collect();
            for (folder, surface) in order.into_iter().zip(read) {
                let Some(surface) = surface else { continue };
                for (asker, name) in missing.remove(&folder).unwrap_or_default() {
                    self.installed[asker].insert(name, self.surfaces.len());
                }
                self.add(surface, Some(folder));
            }
        }
    }

    /// The effects of the first packages.
    fn effects(&self, count: usize) -> Vec<Effect> {
        self.ask(|linker| (0..count).map(|index| linker.package(index)).collect())
    }

    /// Asks the core something about the packages.
    fn ask<T>(&self, question: impl FnOnce(&mut Linker<'_>) -> T) -> T {
        let surfaces: Vec<&Surface> = self.surfaces.iter().collect();
        question(&mut Linker::new(&surfaces, &self.installed))
    }
}

/// What the exports of a package reach; `None` if it does not have that subpath.
pub(crate) fn effects_of(target: &Target, subpath: Option<&str>) -> anyhow::Result<Option<EffectsReport>> {
    let options = Options::default();
    super::pool(0)?.install(|| {
        let scanned = package::scan(target, &options, &Progress::new(0, false));
        let mut library = Library::new(std::iter::once((scanned.surface, folder(target))));
        library.complete(&options, |_| true);
        guarded(|| library.ask(|linker| linker.report(0, &target.path, subpath))).map_err(anyhow::Error::msg)
    })
}

/// Reads a package that is not among those to report.
fn surface(folder: &Path, options: &Options) -> Option<Surface> {
    let target = installed_package(folder)?;
    Some(package::scan(&target, options, &Progress::new(0, false)).surface)
}

/// The real folder of a package that is imported by name from a folder, as Node looks for it.
pub(crate) fn resolve(from: &Path, name: &str) -> Option<PathBuf> {
    from.ancestors().find_map(|dir| {
        let modules = if dir.file_name() == Some(OsStr::new("node_modules")) {
            dir.to_owned()
        } else {
            dir.join("node_modules")
        };
        let folder = modules.join(name);
        folder.is_dir().then(|| fs::canonicalize(folder).ok()).flatten()
    })
}
