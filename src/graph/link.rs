//! Effects across packages: what an export reaches, through its module, its package and the packages that it imports.
//!
//! Each question (all of a package, or one export of it) is a node. What a node does inside its own package is walked
//! once; what it takes from other packages are edges to their nodes. Powers are then spread along the edges until nothing
//! changes, so that packages may import each other in circles.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    effect::{Effect, EffectKind, EffectReason, EffectStep},
    surface::{Fact, Link, Surface},
};
use crate::{
    facts::{Ways, capability::Capability},
    finding::Reach,
};

mod walk;

use walk::{Place, Walk};

/// The bit of what cannot be told, beyond those of the capabilities.
const UNKNOWN: u32 = 1 << 30;
/// The bit of values that callers may have put code into.
const SHARES: u32 = 1 << 31;
/// The bit of exported values that importers may have changed.
const OFFERS: u32 = 1 << 29;
/// The bits of the ways in which what may be `Function` is handed on between modules, and of those in which modules get
/// what they call: where both have one in common, it is [`UNKNOWN`].
const LENDS: [(Ways, u32); 3] = [
    (Ways::RESULT, 1 << 28),
    (Ways::ARGUMENT, 1 << 27),
    (Ways::METHOD, 1 << 23),
];
const CALLS: [(Ways, u32); 2] = [(Ways::RESULT, 1 << 26), (Ways::ARGUMENT, 1 << 25)];
/// The bit of members that are given it.
const KEEPS: u32 = 1 << 24;
/// The most reasons that are listed for an unknown effect.
const MAX_REASONS: usize = 20;

/// Tells effects across packages.
#[derive(Debug)]
pub struct Linker<'a> {
    surfaces: &'a [&'a Surface],
    /// For each package, where each package that it imports is among the surfaces; `None` if it is not installed.
    installed: &'a [FxHashMap<String, usize>],
    nodes: Vec<Node<'a>>,
    numbers: FxHashMap<Question, usize>,
}

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Question {
    /// All that a package can do: import it by any path, call anything, install it.
    Package(usize),
    /// The same without installing it.
    Whole(usize),
    /// All that importing a package by a subpath and using this export can do; `*` is everything exported, nothing means
    /// that it is only loaded.
    Export(usize, String, String),
}

#[derive(Debug)]
struct Node<'a> {
    package: usize,
    /// What it does itself: a bit for each capability, [`UNKNOWN`] and [`SHARES`].
    own: u32,
    /// The same, through what it imports, too.
    all: u32,
    /// The nodes of other packages, and where they are taken.
    edges: Vec<(usize, Place)>,
    /// Packages that are not installed.
    missing: Vec<(String, crate::span::Range, Place)>,
    walk: Walk<'a>,
}

fn bit(fact: &Fact) -> u32 {
    if let Some(ways) = fact.lends {
        return KEEPS | bits_of(ways, &LENDS);
    }
    fact.capability.map_or(UNKNOWN, |capability| 1 << capability as u32)
}

fn bits_of(ways: Ways, table: &[(Ways, u32)]) -> u32 {
    let bits = table.iter().filter(|(way, _)| way.meets(ways));
    bits.fold(0, |bits, (_, bit)| bits | bit)
}

impl<'a> Linker<'a> {
    /// A linker over packages and, for each, where the packages that it imports are among them.
    pub fn new(surfaces: &'a [&'a Surface], installed: &'a [FxHashMap<String, usize>]) -> Self {
        Self {
            surfaces,
            installed,
            nodes: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }

    /// A package by its number.
    pub fn surface(&self, package: usize) -> Option<&'a Surface> {
        self.surfaces.get(package).copied()
    }

    /// The effect of a package: whatever of it is imported or called, and installing it.
    pub fn package(&mut self, package: usize) -> Effect {
        let node = self.node(Question::Package(package));
        self.effect(node)
    }

    /// The effect of importing a subpath of a package (`.`, `./x`) and using this export; `*` for all of them, nothing for
    /// merely loading it. `None` if there is no such subpath.
    pub fn export(&mut self, package: usize, subpath: &str, name: &str) -> Option<Effect> {
        self.surfaces.get(package)?.at(subpath)?;
        let node = self.node(Question::Export(package, subpath.to_owned(), name.to_owned()));
        Some(self.effect(node))
    }

    /// The names that a subpath of a package exports, sorted; those of other packages that it passes on among them. The
    /// second value tells whether there may be more.
    pub fn names(&self, package: usize, subpath: &str) -> (Vec<String>, bool) {
        let mut names = BTreeSet::new();
        let mut open = false;
        let mut seen = FxHashSet::default();
        let mut queue = vec![(package, subpath.to_owned(), None)];
        while let Some((package, subpath, module)) = queue.pop() {
            let Some(surface) = self.surfaces.get(package) else {
                continue;
            };
            let modules = match module {
                Some(module) => vec![module],
                None => surface.at(&subpath).unwrap_or_default(),
            };
            for module in modules {
                if !seen.insert((package, module)) {
                    continue;
                }
                let module = &surface.modules[module as usize];
                open |= module.open;
                for (name, behind) in &module.exports {
                    match behind {
                        _ if name != "*" => {
                            names.insert(name.clone());
                        }
                        super::surface::Behind::From(Link::Module(target), _) => {
                            queue.push((package, String::new(), Some(*target)));
                        }
                        super::surface::Behind::From(Link::Package(name, subpath), _) => {
                            match self.installed[package].get(name) {
                                Some(target) => queue.push((*target, subpath.clone(), None)),
                                None => open = true,
                            }
                        }
                        super::surface::Behind::From(..) => {}
                        super::surface::Behind::Unit(_) => open = true,
                    }
                }
            }
        }
        (names.into_iter().collect(), open)
    }

    /// The node of a question, with everything that it reaches known.
    fn node(&mut self, question: Question) -> usize {
        if let Some(known) = self.numbers.get(&question) {
            return *known;
        }
        let first = self.nodes.len();
        let root = self.number(question);
        let mut at = first;
        while at < self.nodes.len() {
            self.connect(at);
            at += 1;
        }
        self.spread(first);
        root
    }

    /// The number of a question's node; a new one is walked, its edges are not yet followed.
    fn number(&mut self, question: Question) -> usize {
        if let Some(known) = self.numbers.get(&question) {
            return *known;
        }
        let (package, walk) = match &question {
            Question::Package(package) => (*package, Walk::package(self.surfaces[*package])),
            Question::Whole(package) => (*package, Walk::whole(self.surfaces[*package])),
            Question::Export(package, subpath, name) => {
                (*package, Walk::export(self.surfaces[*package], subpath, name))
            }
        };
        let mut own = walk.facts().fold(0, |bits, (fact, _)| bits | bit(fact));
        own |= if walk.shares { SHARES } else { 0 };
        own |= if walk.offers { OFFERS } else { 0 };
        own |= bits_of(walk.calls, &CALLS);
        self.nodes.push(Node {
            package,
            own,
            all: own,
            edges: Vec::new(),
            missing: Vec::new(),
            walk,
        });
        self.numbers.insert(question, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// Follows what a node takes from other packages.
    fn connect(&mut self, at: usize) {
        let package = self.nodes[at].package;
        for (name, subpath, taken, place) in self.nodes[at].walk.taken() {
            let target = self.installed[package].get(&name).copied();
            let lacks = match target {
                None => Some(format!("imports `{name}`, which is not at hand")),
                Some(target) if self.surfaces[target].at(&subpath).is_none() => {
                    let path = subpath.trim_start_matches('.');
                    Some(format!("imports `{name}{path}`, which is not there"))
                }
                Some(_) => None,
            };
            if let Some(message) = lacks {
                let node = &mut self.nodes[at];
                let range = node.walk.package_range(&place, &name, &subpath);
                node.own |= UNKNOWN;
                if !node.missing.iter().any(|(known, ..)| *known == message) {
                    node.missing.push((message, range, place));
                }
                continue;
            }
            let Some(target) = target else { continue };
            let node = self.number(Question::Export(target, subpath, taken));
            self.nodes[at].edges.push((node, place));
        }
        if let Some(place) = self.nodes[at].walk.whole {
            let whole = self.number(Question::Whole(package));
            if whole != at {
                self.nodes[at].edges.push((whole, place));
            }
        }
        self.nodes[at].all |= self.nodes[at].own;
    }

    /// Spreads powers from the nodes that others take from to those, starting with the new ones.
    fn spread(&mut self, first: usize) {
        let mut takers: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for at in first..self.nodes.len() {
            for (target, _) in &self.nodes[at].edges {
                takers.entry(*target).or_default().push(at);
            }
        }
        let mut queue: Vec<usize> = (first..self.nodes.len()).rev().collect();
        // What was known before is final, but new nodes take from it.
        let known: Vec<usize> = takers.keys().copied().filter(|target| *target < first).collect();
        queue.extend(known);
        while let Some(at) = queue.pop() {
            let mut bits = self.nodes[at].all;
            if bits & (SHARES | OFFERS) != 0 {
                bits = self.lent(at, bits, &mut takers, &mut queue);
            }
            for taker in takers.get(&at).cloned().unwrap_or_default() {
                if self.nodes[taker].all | bits != self.nodes[taker].all {
                    self.nodes[taker].all |= bits;
                    queue.push(taker);
                }
            }
        }
    }

    /// A node reaches values into which its own package may have put code: all of that package is reached, then.
    fn lent(&mut self, at: usize, bits: u32, takers: &mut FxHashMap<usize, Vec<usize>>, queue: &mut Vec<usize>) -> u32 {
        let package = self.nodes[at].package;
        let outside = bits & !self.nodes[at].own;
        if outside & SHARES == 0 && !(outside & OFFERS != 0 && self.surfaces[package].lends) {
            return bits;
        }
        let known = self.nodes.len();
        let whole = self.number(Question::Package(package));
        if whole == at || self.nodes[at].edges.iter().any(|(target, _)| *target == whole) {
            return bits;
        }
        self.nodes[at].edges.push((whole, Place::default()));
        takers.entry(whole).or_default().push(at);
        let mut next = known;
        while next < self.nodes.len() {
            self.connect(next);
            for (target, _) in self.nodes[next].edges.clone() {
                takers.entry(target).or_default().push(next);
                queue.push(target);
            }
            queue.push(next);
            next += 1;
        }
        queue.push(whole);
        bits | self.nodes[whole].all
    }

    /// The effect of a node, with a reason for each power, or for not knowing.
    fn effect(&self, root: usize) -> Effect {
        let bits = self.nodes[root].all;
        let powers: Vec<Capability> = Capability::ALL
            .into_iter()
            .filter(|capability| bits & (1 << *capability as u32) != 0)
            .collect();
        let meets = |(lends, calls): ((Ways, u32), (Ways, u32))| bits & lends.1 != 0 && bits & calls.1 != 0;
        let lent = bits & KEEPS != 0
            && (LENDS.into_iter().zip(CALLS).any(meets) && self.calls_what_is_lent(root)
                || self.calls_what_is_kept(root));
        if powers.is_empty() && bits & UNKNOWN == 0 && !lent {
            return Effect {
                kind: EffectKind::Pure,
                reasons: Vec::new(),
            };
        }
        let ways = self.ways(root);
        if !powers.is_empty() {
            let reasons = powers.into_iter().filter_map(|power| self.power(&ways, power));
            return Effect {
                kind: EffectKind::Effects,
                reasons: reasons.collect(),
            };
        }
        let mut reasons = Vec::new();
        for way in &ways {
            let node = &self.nodes[way.node];
            if node.own & UNKNOWN == 0 && (!lent || node.own & KEEPS == 0) {
                continue;
            }
            let told = node
                .walk
                .facts()
                .filter(|(fact, _)| fact.capability.is_none() && (lent || fact.lends.is_none()))
                .map(|(fact, place)| (fact.message.as_str(), fact.range, place));
            let missing = node
                .missing
                .iter()
                .map(|(message, range, place)| (message.as_str(), *range, *place));
            for (message, range, place) in told.chain(missing) {
                let reason = self.reason(&ways, way, message, range, &place);
                let same = |known: &EffectReason| {
                    (&known.package, &known.file, known.range, &known.message)
                        == (&reason.package, &reason.file, reason.range, &reason.message)
                };
                if !reasons.iter().any(same) {
                    reasons.push(reason);
                }
            }
            if reasons.len() >= MAX_REASONS {
                break;
            }
        }
        reasons.truncate(MAX_REASONS);
        Effect {
            kind: EffectKind::Unknown,
            reasons,
        }
    }

    /// Whether a module hands on what may be `Function` in a way in which another one that it is connected with gets what
    /// it calls.
    fn calls_what_is_lent(&self, root: usize) -> bool {
        let ways = self.ways(root);
        ways.iter().any(|from| {
            let lender = &self.nodes[from.node];
            lender.own & KEEPS != 0
                && lender.walk.lenders().any(|(module, component, lends)| {
                    ways.iter().any(|to| {
                        let caller = &self.nodes[to.node];
                        let apart = caller.package != lender.package;
                        caller.walk.callers().any(|(number, of, calls)| {
                            calls.meets(lends) && (apart || number != module && of == component)
                        })
                    })
                })
        })
    }

    /// Whether a member of some name is given what may be `Function`, and one of that name is called, in all packages that
    /// a node reaches.
    fn calls_what_is_kept(&self, root: usize) -> bool {
        let packages: BTreeSet<usize> = self.ways(root).iter().map(|way| self.nodes[way.node].package).collect();
        let surfaces = || packages.iter().map(|package| self.surfaces[*package]);
        let handed = self.nodes[root].all & (LENDS[1].1 | LENDS[2].1) != 0;
        let kept = |name: &u32| {
            surfaces().any(|surface| {
                let [given, handed_in, _] = &surface.kept_as;
                given.binary_search(name).is_ok() || handed && handed_in.binary_search(name).is_ok()
            })
        };
        surfaces().any(|surface| surface.kept_as[2].iter().any(kept))
    }

    /// The nodes that a node reaches, nearest first, each with the way there.
    fn ways(&self, root: usize) -> Vec<Way> {
        let mut ways = vec![Way { node: root, from: None }];
        let mut seen = FxHashSet::from_iter([root]);
        let mut at = 0;
        while at < ways.len() {
            for (index, (target, _)) in self.nodes[ways[at].node].edges.iter().enumerate() {
                if seen.insert(*target) {
                    ways.push(Way {
                        node: *target,
                        from: Some((at, index)),
                    });
                }
            }
            at += 1;
        }
        ways
    }

    fn power(&self, ways: &[Way], power: Capability) -> Option<EffectReason> {
        let way = ways
            .iter()
            .find(|way| self.nodes[way.node].own & (1 << power as u32) != 0)?;
        let mut facts = self.nodes[way.node].walk.facts();
        let (fact, place) = facts.find(|(fact, _)| fact.capability == Some(power))?;
        Some(self.reason(ways, way, &fact.message, fact.range, &place))
    }

    /// A reason, with the calls and imports that lead to it.
    fn reason(&self, ways: &[Way], way: &Way, message: &str, range: crate::span::Range, place: &Place) -> EffectReason {
        let node = &self.nodes[way.node];
        let mut steps = self.steps(node, place);
        let mut at = way;
        let mut reach = place.reach;
        while let Some((before, index)) = at.from {
            at = &ways[before];
            let taker = &self.nodes[at.node];
            if let Some((_, place)) = taker.edges.get(index) {
                reach = if place.reach == Reach::Import {
                    reach.min(Reach::Import)
                } else {
                    place.reach
                };
                let mut before = self.steps(taker, place);
                before.append(&mut steps);
                steps = before;
            }
        }
        EffectReason {
            message: message.to_owned(),
            file: node.walk.file(place).to_owned(),
            range,
            package: (node.package != self.nodes[ways[0].node].package).then(|| self.title(node.package)),
            reach: Some(reach),
            path: steps,
        }
    }

    fn steps(&self, node: &Node<'_>, place: &Place) -> Vec<EffectStep> {
        let package = self.title(node.package);
        let steps = node.walk.steps(place);
        steps
            .into_iter()
            .map(|(file, name, range)| EffectStep {
                package: package.clone(),
                file: file.to_owned(),
                name: name.to_owned(),
                range,
            })
            .collect()
    }

    fn title(&self, package: usize) -> String {
        let surface = self.surfaces[package];
        if surface.version.is_empty() {
            surface.name.clone()
        } else {
            format!("{}@{}", surface.name, surface.version)
        }
    }
}

/// A node that is reached, and from which: index into the ways, and of the edge.
struct Way {
    node: usize,
    from: Option<(usize, usize)>,
}
