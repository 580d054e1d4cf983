//! The flows of a package: those inside its modules, and those that pass from module to module.
//!
//! Each module tells its own part of a way ([`Passage`]): from a source to an export, from an import to an argument of
//! another import, from a parameter of an export to a sink. Here the ends that meet are joined.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Module, resolve::Resolver};
use crate::{
    facts::{
        End, Facts, Link, Passage, Place,
        capability::{Sink, Source},
    },
    finding::Reach,
    span::Range,
};

/// How many modules' parts one way may have.
const MAX_PARTS: usize = 6;
/// The longest way through several modules that is told.
const MAX_STEPS: usize = 16;
/// How many flows across modules are told of one package.
const MAX_FLOWS: usize = 256;
/// How many joints are tried in one package.
const MAX_JOINTS: usize = 50_000;
/// How far a re-export is followed.
const MAX_LINKS: usize = 6;
/// How many modules an `export *` may stand for.
const MAX_CANDIDATES: usize = 12;

/// Data from outside that reaches a sink, in one module or through several.
#[derive(Debug, Clone)]
pub struct PackageFlow<'a> {
    /// What kind of data.
    pub source: Source,
    /// The API that reads it.
    pub source_api: &'a str,
    /// Where it is read.
    pub source_file: &'a str,
    /// Where it is read.
    pub source_range: Range,
    /// The names, paths or hosts it is read from, as far as known.
    pub what: &'a [String],
    /// Where it goes.
    pub sink: Sink,
    /// The API that takes it there.
    pub sink_api: &'a str,
    /// The module of the sink, among those of the graph.
    pub module: usize,
    /// The file of the sink.
    pub file: &'a str,
    /// The place of the sink.
    pub place: Place,
    /// Hosts, paths or commands of the sink, as far as known.
    pub target: &'a [String],
    /// The way in between, each step in its file.
    pub steps: Vec<(&'a str, Range, &'a str)>,
    /// Whether it was encoded on the way.
    pub encoded: bool,
    /// Whether it was decoded on the way.
    pub decoded: bool,
    /// How the place is reached that brings the data and the sink together.
    pub reach: Reach,
    /// How the module of that place is reached.
    pub module_reach: Reach,
}

/// All flows of a package, in the order of their sinks.
pub(super) fn flows<'a>(modules: &[Module<'a>], resolver: &Resolver<'_, 'a>) -> Vec<PackageFlow<'a>> {
    let mut out = Vec::new();
    for (index, module) in modules.iter().enumerate() {
        inside(index, module, &mut out);
    }
    let across = Joiner::new(modules, resolver).across();
    let mut known: FxHashSet<(&str, Range, &str, Range)> = out.iter().map(identity).collect();
    for flow in across {
        if known.insert(identity(&flow)) {
            out.push(flow);
        }
    }
    crate::order::sort_by_key(&mut out, |flow| (flow.module, flow.place.range));
    out
}

fn identity<'a>(flow: &PackageFlow<'a>) -> (&'a str, Range, &'a str, Range) {
    (flow.source_file, flow.source_range, flow.file, flow.place.range)
}

fn inside<'a>(index: usize, module: &Module<'a>, out: &mut Vec<PackageFlow<'a>>) {
    let facts: &'a Facts = module.facts;
    for flow in &facts.flows {
        let steps = flow
            .steps
            .iter()
            .map(|(range, note)| (module.path, *range, note.as_str()));
        out.push(PackageFlow {
            source: flow.source,
            source_api: &flow.source_api,
            source_file: module.path,
            source_range: flow.source_range,
            what: &flow.what,
            sink: flow.sink,
            sink_api: &flow.sink_api,
            module: index,
            file: module.path,
            place: flow.place,
            target: &flow.target,
            steps: steps.collect(),
            encoded: flow.encoded,
            decoded: flow.decoded,
            reach: module.reach_of(flow.place),
            module_reach: module.reach,
        });
    }
}

/// One module's part of a way.
type Part<'a> = (usize, &'a Passage);

/// Paths below what a module exports, by that module and the first name of the path.
type Ends<'a> = BTreeMap<(usize, String), Vec<(String, Part<'a>)>>;

pub(super) struct Joiner<'m, 'a> {
    modules: &'m [Module<'a>],
    resolver: &'m Resolver<'m, 'a>,
    by_path: BTreeMap<&'a str, usize>,
    /// Parts that begin at a parameter of the module's own exports.
    ports: Ends<'a>,
    /// Parts that begin at something imported, by what it is where it is exported.
    imports: Ends<'a>,
    joints: usize,
}

impl<'m, 'a> Joiner<'m, 'a> {
    pub(super) fn new(modules: &'m [Module<'a>], resolver: &'m Resolver<'m, 'a>) -> Self {
        // The code in a manifest's scripts has the manifest's path and exports nothing.
        let by_path = modules.iter().enumerate().map(|(index, module)| (module.path, index));
        Self {
            modules,
            resolver,
            by_path: by_path.collect(),
            ports: Ends::new(),
            imports: Ends::new(),
            joints: 0,
        }
    }

    fn across(mut self) -> Vec<PackageFlow<'a>> {
        let mut starts: Vec<Part<'a>> = Vec::new();
        let mut leads = false;
        for (index, module) in self.modules.iter().enumerate() {
            let facts: &'a Facts = module.facts;
            for passage in &facts.passages {
                leads |= matches!(passage.to, End::Sink { .. });
                if matches!(passage.from, End::Source { .. }) || begins_at_request(passage) {
                    starts.push((index, passage));
                }
            }
        }
        if starts.is_empty() || !leads {
            return Vec::new();
        }
        for (index, module) in self.modules.iter().enumerate() {
            let facts: &'a Facts = module.facts;
            for passage in &facts.passages {
                let End::Edge { specifier, path, .. } = &passage.from else {
                    continue;
                };
                if let Some(specifier) = specifier {
                    for (target, path) in self.meant(index, specifier, path) {
                        let key = (target, base(&path).to_owned());
                        self.imports.entry(key).or_default().push((path, (index, passage)));
                    }
                } else {
                    let key = (index, base(path).to_owned());
                    self.ports
                        .entry(key)
                        .or_default()
                        .push((path.clone(), (index, passage)));
                }
            }
        }
        let mut out = Vec::new();
        for start in starts {
            let mut way = vec![start];
            self.follow(&mut way, &mut out);
        }
        out
    }

    /// Goes on from the last part of a way to all that it may go on to.
    fn follow(&mut self, way: &mut Vec<Part<'a>>, out: &mut Vec<PackageFlow<'a>>) {
        let Some(&(index, passage)) = way.last() else { return };
        let End::Edge { specifier, path, .. } = &passage.to else {
            out.extend(self.told(way));
            return;
        };
        if way.len() >= MAX_PARTS {
            return;
        }
        let next: Vec<Part<'a>> = match specifier {
            Some(specifier) => {
                let meant = self.meant(index, specifier, path);
                meant
                    .into_iter()
                    .flat_map(|(target, path)| Self::meeting(&self.ports, target, &path))
                    .collect()
            }
            None => Self::meeting(&self.imports, index, path),
        };
        for part in next {
            self.joints += 1;
            if self.joints > MAX_JOINTS || out.len() >= MAX_FLOWS {
                return;
            }
            if way.iter().any(|(_, known)| std::ptr::eq(*known, part.1)) {
                continue;
            }
            way.push(part);
            self.follow(way, out);
            way.pop();
        }
    }

    /// The parts that begin where a path ends: at the same thing, at a part of it, or at what it is a part of.
    fn meeting(ends: &Ends<'a>, target: usize, path: &str) -> Vec<Part<'a>> {
        // A whole module holds whatever it exports.
        let whole = ends.get(&(target, String::new())).into_iter().flatten();
        let same = ends.get(&(target, base(path).to_owned())).into_iter().flatten();
        let same = same.filter(|_| !base(path).is_empty());
        whole
            .chain(same)
            .filter(|(begins, _)| meets(path, begins))
            .map(|(_, part)| *part)
            .collect()
    }

    /// What something imported is where it is exported: re-exports are followed, and a default import of a module
    /// without one is the module itself.
    pub(super) fn meant(&self, from: usize, specifier: &str, path: &str) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        let Some(target) = self.target(from, specifier) else {
            return out;
        };
        let mut queue = vec![(target, path.to_owned(), 0)];
        while let Some((target, path, depth)) = queue.pop() {
            if depth > MAX_LINKS || out.len() >= MAX_CANDIDATES {
                break;
            }
            let facts: &'a Facts = self.modules[target].facts;
            for link in &facts.links {
                if let Some(path) = through(link, &path)
                    && let Some(next) = self.target(target, &link.specifier)
                {
                    queue.push((next, path, depth + 1));
                }
            }
            if let Some(rest) = path.strip_prefix("default")
                && (rest.is_empty() || rest.starts_with(['.', '(', '#']))
            {
                let rest = rest.trim_start_matches('.').to_owned();
                out.push((target, rest));
            }
            out.push((target, path));
        }
        out
    }

    fn target(&self, from: usize, specifier: &str) -> Option<usize> {
        let path = self.resolver.resolve(self.modules[from].path, specifier)?;
        self.by_path.get(path).copied()
    }

    /// The flow that a whole way is.
    fn told(&self, way: &[Part<'a>]) -> Option<PackageFlow<'a>> {
        let (&(first, begin), &(last, end)) = (way.first()?, way.last()?);
        let (source, source_api, range, what) = match &begin.from {
            End::Source { kind, api, range, what } => (kind, api.as_str(), range, what.as_slice()),
            End::Edge { place, .. } => (&Source::Network, REQUEST, &place.range, [].as_slice()),
            End::Sink { .. } => return None,
        };
        let End::Sink {
            kind: sink,
            api: sink_api,
            place,
            target,
        } = &end.to
        else {
            return None;
        };
        if source_api == REQUEST && !matches!(sink, Sink::Code | Sink::Exec) {
            return None;
        }
        // Data goes up through what calls give back, then down through arguments: in between, one place has both.
        let turn = way
            .iter()
            .rposition(|(_, part)| !is_port(&part.from))
            .unwrap_or_default();
        let (at, turning) = way[turn];
        let together = match &turning.to {
            End::Sink { place, .. } | End::Edge { place, .. } => *place,
            End::Source { .. } => return None,
        };
        let mut steps: Vec<(&'a str, Range, &'a str)> = Vec::new();
        for (position, (index, part)) in way.iter().enumerate() {
            let file = self.modules[*index].path;
            steps.extend(part.steps.iter().map(|(range, note)| (file, *range, note.as_str())));
            if let End::Edge { specifier, place, .. } = &part.to {
                let note = match (specifier, position) {
                    (Some(_), _) => "given to another module",
                    (None, _) => "exported",
                };
                steps.push((file, place.range, note));
            }
        }
        if steps.len() > MAX_STEPS {
            return None;
        }
        Some(PackageFlow {
            source: *source,
            source_api,
            source_file: self.modules[first].path,
            source_range: *range,
            what,
            sink: *sink,
            sink_api,
            module: last,
            file: self.modules[last].path,
            place: *place,
            target,
            steps,
            encoded: way.iter().any(|(_, part)| part.encoded),
            decoded: way.iter().any(|(_, part)| part.decoded),
            reach: self.modules[at].reach_of(together),
            module_reach: self.modules[at].reach,
        })
    }
}

/// What a request brings besides its body, as flows name it.
pub(crate) const REQUEST: &str = "request.headers";

/// Whether a part of a way takes what comes with a request to another module: its sender is anybody.
fn begins_at_request(passage: &Passage) -> bool {
    let (
        End::Edge {
            specifier: None, path, ..
        },
        End::Edge { specifier: Some(_), .. },
    ) = (&passage.from, &passage.to)
    else {
        return false;
    };
    let mut members = path.split('.').skip(1);
    members.any(|name| matches!(name, "headers" | "rawHeaders" | "cookie" | "cookies" | "signedCookies"))
}

fn is_port(end: &End) -> bool {
    matches!(end, End::Edge { specifier: None, .. })
}

/// The first name of a path.
fn base(path: &str) -> &str {
    path.split(['.', '(', '#']).next().unwrap_or_default()
}

/// Whether data that lies at one path is found where the other path looks: the whole of it or a part, or what has it
/// as a member. What a function gives is no member of the function, but what a value's method gives comes from it.
fn meets(lies: &str, looks: &str) -> bool {
    if let Some(rest) = looks.strip_prefix(lies) {
        return lies.is_empty() || rest.is_empty() || rest.starts_with('.');
    }
    lies.strip_prefix(looks).is_some_and(|rest| {
        let member = looks.is_empty() || looks.ends_with('#') || rest.starts_with('.');
        member && !rest.contains(['(', '#'])
    })
}

/// A path as it goes on behind a re-export.
fn through(link: &Link, path: &str) -> Option<String> {
    let rest = match link.name.as_str() {
        "*" if path == "default" || path.starts_with("default.") => return None,
        "*" | "" => path,
        name => path
            .strip_prefix(name)
            .filter(|rest| rest.is_empty() || rest.starts_with(['.', '(', '#']))?,
    };
    let rest = if link.path.is_empty() {
        rest.trim_start_matches('.').to_owned()
    } else if rest.is_empty() || rest.starts_with(['.', '(', '#']) {
        rest.to_owned()
    } else {
        format!(".{rest}")
    };
    Some(format!("{}{rest}", link.path))
}
