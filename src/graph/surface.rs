//! A package condensed to what telling its effects takes: its modules' statements, and what each may reach.
//!
//! It is made once per package version, and is all that is kept of a package for the sake of others that import it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    Graph,
    effect::hides_code,
    resolve::{Resolver, find},
};
use crate::{
    facts::{self, Facts, FileFacts, ImportKind, Place, Reading, Target, Ways, capability::Capability},
    finding::Reach,
    issue::Issue,
    order,
    package::manifest,
    span::Range,
};

mod joined;

use joined::{connect, united};

/// The most reasons of one kind that are kept of a unit.
const MAX_REASONS: usize = 4;

/// What a package may reach, by module and statement.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Surface {
    /// Name from the manifest; empty if it has none.
    pub name: String,
    /// Version from the manifest; empty if it has none.
    pub version: String,
    /// The modules, sorted by path as far as `files`; behind them the code that install scripts hold themselves.
    pub(super) modules: Vec<Module>,
    files: u32,
    /// The modules that an import of the bare name finds, whatever the platform.
    main: Vec<u32>,
    /// The patterns of `exports` and their targets; `None` where the manifest has none.
    exports: Option<Vec<(String, String)>>,
    /// What the package does besides being imported: its scripts at install.
    pub(super) scripts: Vec<Fact>,
    /// What could not be read of it: anything may be in there.
    pub(super) blind: Vec<Fact>,
    /// Whether it may put code of its own into values of packages that it imports.
    pub(super) lends: bool,
    /// Whether it may replace members of what its modules export.
    pub(super) alters: bool,
    /// Those of all of its modules (see [`Facts::kept_as`]).
    pub(super) kept_as: [Vec<u32>; 3],
}

/// One module.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Module {
    pub(super) path: String,
    /// Whether something reaches it.
    pub(super) reached: bool,
    /// The same number for all modules that load each other, through whatever many.
    pub(super) component: u32,
    /// What loading it does.
    pub(super) facts: Vec<Fact>,
    /// What it loads, where first, and whether loading it does.
    pub(super) loads: Vec<(Link, Range, bool)>,
    pub(super) units: Vec<Unit>,
    pub(super) exports: Vec<(String, Behind)>,
    /// Whether other names may be exported, or other values by these names.
    pub(super) open: bool,
    /// Whether its statements were not told apart: it may use all of what it loads.
    pub(super) whole: bool,
    /// How it gets what it calls with what may be a text, where its statements were not told apart.
    pub(super) calls: Ways,
}

/// One statement of a module's top level.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is told of a statement by itself")]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) range: Range,
    /// What functions in it do that loading does not run.
    pub(super) facts: Vec<Fact>,
    pub(super) needs: Vec<u32>,
    pub(super) takes: Vec<(Link, String)>,
    pub(super) shares: bool,
    pub(super) offers: bool,
    pub(super) lends: bool,
    pub(super) active: bool,
    pub(super) alters: bool,
    pub(super) calls: Ways,
}

/// What stands behind an exported name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Behind {
    Unit(u32),
    From(Link, String),
}

/// Where a specifier leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Link {
    /// A module of the package.
    Module(u32),
    /// Another package: its name, and the subpath as `exports` has it: `.`, `./x`.
    Package(String, String),
    /// A file that is not there, or was not read.
    Missing(String),
    /// Something that runs no code of a package: a built-in module, data.
    Inert,
}

/// One thing that tells on an effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Fact {
    /// The power; `None` where it cannot be told what happens.
    pub(super) capability: Option<Capability>,
    pub(super) message: String,
    pub(super) range: Range,
    /// How it hands on what may be `Function`, if that is all.
    pub(super) lends: Option<Ways>,
}

impl Surface {
    /// The surface of a package.
    pub fn new(graph: &Graph<'_>, files: &BTreeMap<&str, &FileFacts>, blind_spots: &[Issue]) -> Self {
        let manifest = graph.manifest.map(|facts| &facts.manifest);
        let resolver = Resolver::new(files, manifest);
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        for (number, module) in (0..).zip(&graph.modules) {
            // Code that an install script holds itself has the manifest's path; nobody imports it.
            if module.path != "package.json" {
                numbers.insert(module.path, number);
            }
        }
        let link = |from: &str, specifier: &str| link(&resolver, &numbers, from, specifier);
        let mut modules: Vec<Module> = graph.modules.iter().map(|module| condensed(module, &link)).collect();
        connect(&mut modules);
        let unreadable = blind_spots.iter().filter(|issue| hides_code(issue)).map(|issue| Fact {
            capability: None,
            message: match issue.file.as_str() {
                "" => issue.message.clone(),
                file => format!("{file}: {}", issue.message),
            },
            range: Range::default(),
            lends: None,
        });
        let mut blind: Vec<Fact> = unreadable.collect();
        if graph.modules.is_empty() && graph.manifest.is_none() {
            blind.push(unknown(
                "nothing of it could be read as code".to_owned(),
                Range::default(),
            ));
        }
        let scripts = graph
            .scripts
            .iter()
            .filter(|script| !script.harmless)
            .map(|script| Fact {
                capability: Some(Capability::ProcessExec),
                message: format!("process-exec through the `{}` script", script.name),
                range: script.range,
                lends: None,
            });
        let any = |told: fn(&Unit) -> bool| modules.iter().flat_map(|module| &module.units).any(told);
        let (lends, alters) = (any(|unit| unit.lends), any(|unit| unit.alters));
        Self {
            name: manifest.map(|m| m.name.clone()).unwrap_or_default(),
            version: manifest.map(|m| m.version.clone()).unwrap_or_default(),
            modules,
            files: numbers.len() as u32,
            main: main(&resolver, manifest, &numbers),
            exports: manifest.filter(|m| !m.exports.is_empty()).map(patterns),
            scripts: scripts.collect(),
            blind,
            lends,
            alters,
            kept_as: [0, 1, 2].map(|kind| united(graph, kind)),
        }
    }

    /// The surface of a package of which nothing could be read.
    pub fn unseen(blind_spots: &[Issue]) -> Self {
        let blind = blind_spots
            .iter()
            .map(|issue| unknown(issue.message.clone(), Range::default()));
        Self {
            blind: blind.collect(),
            ..Self::default()
        }
    }

    /// Whether some code of it that can be reached uses a power.
    pub fn has_powers(&self) -> bool {
        let reached = self.modules.iter().filter(|module| module.reached);
        let facts = reached.flat_map(|module| {
            module
                .facts
                .iter()
                .chain(module.units.iter().flat_map(|unit| &unit.facts))
        });
        facts.chain(&self.scripts).any(|fact| fact.capability.is_some())
    }

    /// The names of the packages that it imports.
    pub fn dependencies(&self) -> Vec<&str> {
        let loads = self
            .modules
            .iter()
            .flat_map(|module| module.loads.iter().map(|(link, ..)| link));
        let units = self.modules.iter().flat_map(|module| &module.units);
        let takes = units.flat_map(|unit| unit.takes.iter().map(|(link, _)| link));
        let behind = self.modules.iter().flat_map(|module| &module.exports);
        let from = behind.filter_map(|(_, behind)| match behind {
            Behind::From(link, _) => Some(link),
            Behind::Unit(_) => None,
        });
        let mut names: Vec<&str> = loads
            .chain(takes)
            .chain(from)
            .filter_map(|link| match link {
                Link::Package(name, _) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        order::sort(&mut names);
        names.dedup();
        names
    }

    /// The subpaths by which it can be imported, `.` first; those of `exports` with a `*` are left out.
    pub fn subpaths(&self) -> Vec<String> {
        let mut out = vec![".".to_owned()];
        for (key, _) in self.exports.iter().flatten() {
            if !key.contains('*') && !out.contains(key) && !self.at(key).unwrap_or_default().is_empty() {
                out.push(key.clone());
            }
        }
        out
    }

    /// The modules that an import of a subpath may find; `None` if there is nothing by that name.
    pub(super) fn at(&self, subpath: &str) -> Option<Vec<u32>> {
        let by_path = |path: &str| {
            let files = self.modules.get(..self.files as usize).unwrap_or_default();
            let index = files.binary_search_by(|module| module.path.as_str().cmp(path));
            index.ok()
        };
        let file = |path: &str| {
            let found = find(path, |path| by_path(path));
            found.map(|index| index as u32)
        };
        if let Some(exports) = &self.exports {
            let mut known = false;
            let mut out: Vec<u32> = Vec::new();
            for (key, target) in exports {
                let target = match key.split_once('*') {
                    _ if key == subpath => target.clone(),
                    Some((before, after)) => {
                        match subpath.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) {
                            Some(star) => target.replace('*', star),
                            None => continue,
                        }
                    }
                    None => continue,
                };
                known = true;
                out.extend(file(&target).filter(|found| !out.contains(found)));
            }
            return known.then_some(out);
        }
        match subpath.strip_prefix("./") {
            None => Some(self.main.clone()),
            Some(path) => match file(path) {
                Some(found) => Some(vec![found]),
                None => is_data(path).then(Vec::new),
            },
        }
    }
}

/// Files that hold no code that an import runs.
fn is_data(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(
        ending,
        "json" | "css" | "scss" | "less" | "svg" | "png" | "txt" | "md" | "html" | "wasm" | "node" | "yml" | "yaml"
    )
}

/// Whether an address is that of code outside the package, or is code itself.
fn holds_code(specifier: &str) -> bool {
    let scheme = specifier.split_once(':').map_or("", |(scheme, _)| scheme);
    let code = ["data", "blob", "http", "https", "file"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    code && !specifier.starts_with("data:application/json") && !specifier.starts_with("data:text/css")
}

fn unknown(message: String, range: Range) -> Fact {
    Fact {
        capability: None,
        message,
        range,
        lends: None,
    }
}

/// Where a specifier in a module leads.
fn link(resolver: &Resolver<'_, '_>, numbers: &FxHashMap<&str, u32>, from: &str, specifier: &str) -> Link {
    if let Some(path) = resolver.resolve(from, specifier) {
        return match numbers.get(path) {
            Some(number) => Link::Module(*number),
            None if is_data(path) => Link::Inert,
            None => Link::Missing(specifier.to_owned()),
        };
    }
    match facts::package_name(specifier) {
        Some((name, "")) => Link::Package(name.to_owned(), ".".to_owned()),
        Some((name, rest)) => {
            let rest = rest.split(['?', '#']).next().unwrap_or(rest);
            Link::Package(name.to_owned(), format!("./{rest}"))
        }
        None if specifier.starts_with(['.', '/', '#']) && !is_data(specifier) => Link::Missing(specifier.to_owned()),
        None if holds_code(specifier) => {
            let start: String = specifier.chars().take(60).collect();
            Link::Missing(start)
        }
        None => Link::Inert,
    }
}

fn main(
    resolver: &Resolver<'_, '_>,
    manifest: Option<&manifest::Manifest>,
    numbers: &FxHashMap<&str, u32>,
) -> Vec<u32> {
    let Some(manifest) = manifest else {
        return numbers.values().copied().min().into_iter().collect();
    };
    let text = |text: &Option<manifest::Text>| text.as_ref().and_then(|text| resolver.at(&text.value));
    let found = match &manifest.main {
        Some(_) => text(&manifest.main),
        None => None,
    };
    let found = found.or_else(|| resolver.at("index.js"));
    let mut out = Vec::new();
    for path in [found, text(&manifest.module), text(&manifest.browser)]
        .into_iter()
        .flatten()
    {
        if let Some(number) = numbers.get(path)
            && !out.contains(number)
        {
            out.push(*number);
        }
    }
    out
}

fn patterns(manifest: &manifest::Manifest) -> Vec<(String, String)> {
    let targets = manifest.exports.iter();
    let open = targets.filter_map(|target| Some((target.key.clone(), target.file.clone()?)));
    open.filter(|(_, file)| ![".d.ts", ".d.mts", ".d.cts"].iter().any(|end| file.ends_with(end)))
        .collect()
}

fn condensed(module: &super::Module<'_>, find: &dyn Fn(&str, &str) -> Link) -> Module {
    let facts = module.facts;
    // Each specifier is looked for once.
    let mut known: FxHashMap<&str, Link> = FxHashMap::default();
    let mut link = |specifier| {
        known
            .entry(specifier)
            .or_insert_with(|| find(module.path, specifier))
            .clone()
    };
    let mut out = Module {
        path: module.path.to_owned(),
        reached: module.reach > Reach::Unreached,
        open: facts.open,
        whole: facts.units.is_empty() && !facts.imports.is_empty(),
        calls: if facts.units.is_empty() {
            facts.calls
        } else {
            Ways::NONE
        },
        ..Module::default()
    };
    for unit in &facts.units {
        out.units.push(Unit {
            name: unit.name.clone(),
            range: unit.range,
            facts: Vec::new(),
            needs: unit.needs.clone(),
            takes: unit
                .takes
                .iter()
                .map(|take| (link(take.specifier.as_str()), take.name.clone()))
                .filter(|(link, _)| *link != Link::Inert)
                .collect(),
            shares: unit.shares,
            offers: unit.offers,
            lends: unit.lends,
            active: unit.active,
            alters: unit.alters,
            calls: unit.calls,
        });
    }
    for export in &facts.exports {
        let behind = match &export.target {
            Target::Unit(unit) => Behind::Unit(*unit),
            Target::From(take) => Behind::From(link(take.specifier.as_str()), take.name.clone()),
        };
        out.exports.push((export.name.clone(), behind));
    }
    for import in &facts.imports {
        let Some(specifier) = &import.specifier else { continue };
        if import.kind == ImportKind::Resolve {
            continue;
        }
        let eager = out.whole || unit_of(facts, import.place).is_none();
        let link = link(specifier.as_str());
        match out.loads.iter_mut().find(|(known, ..)| *known == link) {
            _ if link == Link::Inert => {}
            Some((_, _, known)) => *known |= eager,
            None => out.loads.push((link, import.place.range, eager)),
        }
    }
    told(module, &mut out);
    out
}

/// Sorts what a module does to the unit that does it, or to its loading.
fn told(module: &super::Module<'_>, out: &mut Module) {
    let facts = module.facts;
    if facts.reading == Reading::Tokens {
        let message = "could not be parsed, only its tokens were read".to_owned();
        out.facts.push(unknown(message, Range::default()));
    }
    let mut add = |place: Place, fact: Fact| {
        let list = match unit_of(facts, place).and_then(|unit| out.units.get_mut(unit as usize)) {
            Some(unit) => &mut unit.facts,
            None => &mut out.facts,
        };
        let like = |known: &&Fact| (known.capability, known.lends) == (fact.capability, fact.lends);
        let same = list.iter().filter(like).count();
        if same < if fact.capability.is_some() { 1 } else { MAX_REASONS } {
            list.push(fact);
        }
    };
    for used in &facts.uses {
        let fact = if used.capability == Capability::DynamicImport {
            unknown(
                "imports a module whose name is only known at run time".to_owned(),
                used.place.range,
            )
        } else {
            Fact {
                capability: Some(used.capability),
                message: format!("{} through `{}`", used.capability.name(), used.api),
                range: used.place.range,
                lends: None,
            }
        };
        add(used.place, fact);
    }
    for found in &facts.unknowns {
        let fact = unknown(found.message.clone(), found.place.range);
        add(
            found.place,
            Fact {
                lends: found.lends,
                ..fact
            },
        );
    }
}

/// The unit that a fact belongs to; `None` if loading the module makes it happen.
fn unit_of(facts: &Facts, place: Place) -> Option<u32> {
    let function = facts.functions.get(place.function as usize)?;
    (!function.eager).then_some(place.unit)
}
