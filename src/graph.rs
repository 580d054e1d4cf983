//! How the modules of a package hang together: who imports whom, what reaches what, and the package's effect.

use std::collections::BTreeMap;

use crate::{
    facts::{Content, Facts, FileFacts, Form, ManifestFacts, Page, Place},
    finding::Reach,
    registry::names::Twin,
    registry::release::Release,
};

mod asked;
mod early;
mod effect;
mod entries;
mod flows;
mod link;
mod reach;
mod resolve;
mod surface;

pub(crate) use self::flows::REQUEST;
pub use self::{
    asked::Running,
    effect::{Effect, EffectKind, EffectReason, EffectStep},
    entries::{Entry, Script},
    flows::PackageFlow,
    link::Linker,
    surface::Surface,
};

/// A package as rules see it.
#[derive(Debug)]
pub struct Graph<'a> {
    /// What the manifest says, if there is one.
    pub manifest: Option<&'a ManifestFacts>,
    /// The code files, by path.
    pub modules: Vec<Module<'a>>,
    /// How code of the package gets to run.
    pub entries: Vec<Entry>,
    /// The commands that run when the package is installed, and what is known of them.
    pub scripts: Vec<Script>,
    /// Pages of markup that ask for something or lead on.
    pub pages: Vec<(&'a str, &'a Page)>,
    /// Native programs and libraries by their first bytes, whatever their names.
    pub programs: Vec<(&'a str, Form)>,
    /// Files that something names as code although their names do not say so.
    pub wanted: Vec<String>,
    /// Data that goes from outside to a sink, inside a module or through several, in the order of the sinks.
    pub flows: Vec<PackageFlow<'a>>,
    /// What its registry tells of this version, if it was asked.
    pub release: Option<&'a Release>,
    /// Names of the package and of its dependencies that look like popular ones, if the host brought a list.
    pub twins: &'a [(String, Twin)],
}

/// One code file in its place.
#[derive(Debug)]
pub struct Module<'a> {
    /// Path inside the package.
    pub path: &'a str,
    /// What it does.
    pub facts: &'a Facts,
    /// How its top level is reached.
    pub reach: Reach,
    /// Whether a way in that the manifest names leads there; else only its own path does.
    pub offered: bool,
    /// How other modules that call its exports reach its functions, by their index; empty if none do by themselves.
    pub called: Vec<Reach>,
    /// What an install runs of it, if it loads it.
    pub running: Running,
    /// Functions, by their index, that the install seems to leave to the package's users.
    pub later: Vec<u32>,
}

impl Module<'_> {
    /// How a place is reached by those who use the package as its manifest says.
    pub fn offered_reach_of(&self, place: Place) -> Reach {
        let reach = self.reach_of(place);
        if self.offered { reach } else { reach.min(Reach::Call) }
    }

    /// How a place of the module is reached.
    pub fn reach_of(&self, place: Place) -> Reach {
        let eager = self
            .facts
            .functions
            .get(place.function as usize)
            .is_none_or(|function| function.eager);
        match self.reach {
            // What only an install script loads, it loads to call.
            Reach::Install if self.running.has(self.facts, place) => Reach::Install,
            reach if eager => reach,
            reach => {
                let called = self.called.get(place.function as usize).copied();
                reach.min(called.unwrap_or(Reach::Call).max(Reach::Call))
            }
        }
    }
}

impl<'a> Graph<'a> {
    /// The flows into the sinks of one module.
    pub fn flows_into(&self, module: usize) -> &[PackageFlow<'a>] {
        let first = self.flows.partition_point(|flow| flow.module < module);
        let rest = &self.flows[first..];
        &rest[..rest.partition_point(|flow| flow.module == module)]
    }
}

/// Builds the graph of a package from its files' facts.
pub fn build<'a>(files: &BTreeMap<&'a str, &'a FileFacts>) -> Graph<'a> {
    let manifest = files.get("package.json").and_then(|file| match &file.content {
        Content::Manifest(manifest) => Some(&**manifest),
        _ => None,
    });
    let pages = files
        .iter()
        .filter_map(|(path, file)| Some((*path, file.page.as_deref()?)));
    let pages = pages.collect();
    let programs = files.iter().map(|(path, file)| (*path, file.form));
    let programs = programs.filter(|(_, form)| form.system().is_some()).collect();
    let resolver = resolve::Resolver::new(files, manifest.map(|facts| &facts.manifest));
    let scripts = entries::scripts(&resolver);
    let entries = entries::entries(&resolver, &scripts);
    let loaded = entries
        .iter()
        .filter(|entry| entry.named && entry.reach != Reach::Install);
    let loaded = reach::reach(files, &resolver, loaded, &BTreeMap::new()).reach;
    let found = reach::reach(files, &resolver, entries.iter(), &loaded);
    let named = entries.iter().filter(|entry| entry.named);
    let offered = reach::reach(files, &resolver, named, &loaded).reach;
    let inline = manifest.iter().flat_map(|manifest| &manifest.inline);
    let inline = inline.map(|(_, facts)| Module {
        path: "package.json",
        facts,
        reach: Reach::Install,
        offered: true,
        called: Vec::new(),
        running: Running::Whole,
        later: Vec::new(),
    });
    let asked = |path: &str| found.asked.get(path).filter(|_| loaded.contains_key(path));
    let mut modules: Vec<Module<'a>> = files
        .iter()
        .filter_map(|(path, file)| match &file.content {
            Content::Module(facts) => Some(Module {
                path,
                facts,
                reach: found.reach.get(path).copied().unwrap_or(Reach::Unreached),
                offered: offered.contains_key(path),
                called: Vec::new(),
                running: asked(path).map_or(Running::Whole, |asked| asked.running(facts)),
                later: asked(path).map(|asked| asked.later(facts)).unwrap_or_default(),
            }),
            Content::Text(facts) if found.reach.get(path) == Some(&Reach::Install) => Some(Module {
                path,
                facts,
                reach: Reach::Install,
                offered: true,
                called: Vec::new(),
                running: Running::Whole,
                later: Vec::new(),
            }),
            _ => None,
        })
        .chain(inline)
        .collect();
    early::call(&mut modules, &resolver, &offered);
    let flows = flows::flows(&modules, &resolver);
    Graph {
        manifest,
        modules,
        entries,
        scripts,
        pages,
        programs,
        wanted: found.wanted,
        flows,
        release: None,
        twins: &[],
    }
}
