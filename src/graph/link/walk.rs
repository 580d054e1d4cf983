//! What one question reaches inside its own package: modules that are loaded, statements that may run.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    facts::Ways,
    finding::Reach,
    graph::surface::{Behind, Fact, Link, Surface},
    span::Range,
};

/// The longest way that is told.
const MAX_STEPS: usize = 12;

/// No spot.
const NONE: u32 = u32::MAX;

/// A place that was reached: loading a module, or one of its statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Spot {
    /// Nothing of the package's code: its scripts, what could not be read of it.
    Package,
    Load(u32),
    Unit(u32, u32),
}

/// Where something happens, and how it comes to that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    spot: Spot,
    pub(super) reach: Reach,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            spot: Spot::Package,
            reach: Reach::Call,
        }
    }
}

/// What was reached, and from where.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is told of the walk by itself")]
pub(super) struct Walk<'a> {
    surface: &'a Surface,
    /// In the order they were reached.
    spots: Vec<Place>,
    /// By spot, where it was reached from, while the walk goes on; [`NONE`] for those that were not.
    before: Vec<u32>,
    /// Before each module's first unit, how many spots there are.
    first: Vec<u32>,
    /// The same of the spots that are kept, as far as a way is told.
    from: FxHashMap<Spot, Spot>,
    /// Whether it reaches values that callers of the package may have put code into.
    pub(super) shares: bool,
    /// Whether it reaches exported values that importers of the package may have changed.
    pub(super) offers: bool,
    /// How what it reaches gets what it calls.
    pub(super) calls: Ways,
    /// By module.
    callers: FxHashMap<u32, Ways>,
    /// What is taken from other packages, and where.
    taken: Vec<(String, String, String, Place)>,
    missing: Vec<(Fact, Place)>,
    /// Exports that are still to be looked up: module, name, and from where.
    wanted: Vec<(u32, String, Place)>,
    asked: FxHashSet<(u32, String)>,
    lends: bool,
    alters: bool,
    /// Where it reaches all of the package: that is walked once for all.
    pub(super) whole: Option<Place>,
}

impl<'a> Walk<'a> {
    fn new(surface: &'a Surface) -> Self {
        // The package itself is the first spot; each module's loading comes before its units.
        let mut count = 1;
        let first = surface.modules.iter().map(|module| {
            let at = count;
            count += module.units.len() as u32 + 1;
            at
        });
        let first: Vec<u32> = first.collect();
        Self {
            surface,
            spots: Vec::new(),
            before: vec![NONE; count as usize],
            first,
            from: FxHashMap::default(),
            shares: false,
            offers: false,
            calls: Ways::NONE,
            callers: FxHashMap::default(),
            taken: Vec::new(),
            missing: Vec::new(),
            wanted: Vec::new(),
            asked: FxHashSet::default(),
            lends: surface.lends,
            alters: surface.alters,
            whole: None,
        }
    }

    /// All of a package that something reaches, but for its scripts.
    pub(super) fn whole(surface: &'a Surface) -> Self {
        let mut walk = Self::new(surface);
        walk.add(Spot::Package, Reach::Call, Spot::Package);
        walk.everything(Reach::Call);
        walk.finish()
    }

    /// All of a package that something reaches.
    pub(super) fn package(surface: &'a Surface) -> Self {
        let mut walk = Self::new(surface);
        walk.add(Spot::Package, Reach::Install, Spot::Package);
        walk.everything(Reach::Import);
        walk.finish()
    }

    /// An export by a subpath; `*` for all of them, nothing for merely loading the module.
    pub(super) fn export(surface: &'a Surface, subpath: &str, name: &str) -> Self {
        let mut walk = Self::new(surface);
        walk.add(Spot::Package, Reach::Import, Spot::Package);
        for module in surface.at(subpath).unwrap_or_default() {
            walk.add(Spot::Load(module), Reach::Import, Spot::Package);
        }
        // What loading does is told before what calling does.
        let at = walk.follow(0);
        if !name.is_empty() {
            for module in surface.at(subpath).unwrap_or_default() {
                walk.want(module, name, Spot::Load(module), Reach::Call);
            }
        }
        walk.follow(at);
        walk.finish()
    }

    fn everything(&mut self, reach: Reach) {
        for (number, module) in (0..).zip(&self.surface.modules) {
            if module.reached {
                self.add(Spot::Load(number), reach, Spot::Package);
            }
        }
        let at = self.follow(0);
        for (number, module) in (0..).zip(&self.surface.modules) {
            if module.reached {
                self.want(number, "*", Spot::Load(number), Reach::Call);
            }
        }
        self.follow(at);
    }

    fn finish(mut self) -> Self {
        let mut spots = std::mem::take(&mut self.spots);
        spots.retain(|place| match place.spot {
            Spot::Package => true,
            Spot::Load(module) => !self.surface.modules[module as usize].facts.is_empty(),
            Spot::Unit(module, unit) => !self.surface.modules[module as usize].units[unit as usize]
                .facts
                .is_empty(),
        });
        let before = std::mem::take(&mut self.before);
        let taken = self.taken.iter().map(|(.., place)| place);
        let missing = self.missing.iter().map(|(_, place)| place);
        for place in spots.iter().chain(taken).chain(missing).chain(&self.whole) {
            let mut at = place.spot;
            for _ in 0..MAX_STEPS {
                let from = self.spot(before[self.number(at)]);
                if self.from.insert(at, from).is_some() || from == at {
                    break;
                }
                at = from;
            }
        }
        spots.shrink_to_fit();
        self.spots = spots;
        (self.first, self.asked, self.wanted) = Default::default();
        self
    }

    /// The number of a spot.
    fn number(&self, spot: Spot) -> usize {
        let number = match spot {
            Spot::Package => 0,
            Spot::Load(module) => self.first[module as usize],
            Spot::Unit(module, unit) => self.first[module as usize] + 1 + unit,
        };
        number as usize
    }

    /// The spot of a number.
    fn spot(&self, number: u32) -> Spot {
        let Some(module) = self.first.partition_point(|first| *first <= number).checked_sub(1) else {
            return Spot::Package;
        };
        match number - self.first[module] {
            0 => Spot::Load(module as u32),
            unit => Spot::Unit(module as u32, unit - 1),
        }
    }

    fn add(&mut self, spot: Spot, reach: Reach, from: Spot) {
        let (number, from) = (self.number(spot), self.number(from) as u32);
        if let Some(before) = self.before.get_mut(number).filter(|before| **before == NONE) {
            *before = from;
            self.spots.push(Place { spot, reach });
        }
    }

    /// Follows what the spots from an index on, and the wanted exports, lead to.
    fn follow(&mut self, mut at: usize) -> usize {
        loop {
            if let Some((number, name, place)) = self.wanted.pop() {
                self.export_of(number, &name, place);
                continue;
            }
            let Some(place) = self.spots.get(at).copied() else {
                return at;
            };
            at += 1;
            match place.spot {
                Spot::Package => {}
                Spot::Load(number) => self.load(number, place),
                Spot::Unit(number, index) => self.unit(number, index, place),
            }
        }
    }

    fn load(&mut self, number: u32, place: Place) {
        let surface = self.surface;
        let Some(module) = surface.modules.get(number as usize) else {
            return;
        };
        self.called(number, module.calls);
        for (link, _, eager) in &module.loads {
            if *eager {
                self.take(link, if module.whole { "*" } else { "" }, place);
            }
        }
        for (index, unit) in (0..).zip(&module.units) {
            if unit.active {
                self.add(Spot::Unit(number, index), place.reach, place.spot);
            }
        }
    }

    fn unit(&mut self, number: u32, index: u32, place: Place) {
        let surface = self.surface;
        let Some(unit) = surface.modules[number as usize].units.get(index as usize) else {
            return;
        };
        for needed in &unit.needs {
            self.add(Spot::Unit(number, *needed), place.reach, place.spot);
        }
        for (link, name) in &unit.takes {
            self.take(link, name, place);
        }
        self.offers |= unit.offers;
        self.called(number, unit.calls);
        // Whatever the package has may have been put there.
        if unit.shares || (unit.offers && self.lends) {
            self.shares |= unit.shares;
            self.whole.get_or_insert(place);
        }
    }

    fn called(&mut self, module: u32, ways: Ways) {
        if ways != Ways::NONE {
            self.calls |= ways;
            *self.callers.entry(module).or_default() |= ways;
        }
    }

    /// The modules that hand on what may be `Function`, and those that call what they get: number, component, ways.
    pub(super) fn lenders(&self) -> impl Iterator<Item = (u32, u32, Ways)> {
        self.facts().filter_map(|(fact, place)| match (fact.lends, place.spot) {
            (Some(ways), Spot::Load(module) | Spot::Unit(module, _)) => Some((module, self.component(module), ways)),
            _ => None,
        })
    }

    /// See [`Self::lenders`].
    pub(super) fn callers(&self) -> impl Iterator<Item = (u32, u32, Ways)> {
        self.callers
            .iter()
            .map(|(module, ways)| (*module, self.component(*module), *ways))
    }

    fn component(&self, module: u32) -> u32 {
        self.surface.modules[module as usize].component
    }

    fn want(&mut self, number: u32, name: &str, from: Spot, reach: Reach) {
        if self.asked.insert((number, name.to_owned())) {
            self.wanted.push((number, name.to_owned(), Place { spot: from, reach }));
        }
    }

    /// Something is taken from where a link leads; no name means that it is only loaded.
    fn take(&mut self, link: &Link, name: &str, place: Place) {
        match link {
            Link::Module(target) => {
                self.add(Spot::Load(*target), place.reach, place.spot);
                if !name.is_empty() {
                    self.want(*target, name, place.spot, place.reach);
                }
            }
            Link::Package(package, subpath) => {
                let known = self
                    .taken
                    .iter()
                    .any(|(p, s, n, _)| p == package && s == subpath && n == name);
                if !known {
                    self.taken
                        .push((package.clone(), subpath.clone(), name.to_owned(), place));
                }
            }
            Link::Missing(specifier) => {
                let message = format!("imports `{specifier}`, which is not there or not code");
                if !self.missing.iter().any(|(fact, _)| fact.message == message) {
                    let range = self.import_range(&place, link);
                    let fact = Fact {
                        capability: None,
                        message,
                        range,
                        lends: None,
                    };
                    self.missing.push((fact, place));
                }
            }
            Link::Inert => {}
        }
    }

    /// What a module exports by a name: the statements behind it, or where it is passed on from. A name that is not
    /// known may be anything.
    fn export_of(&mut self, number: u32, name: &str, place: Place) {
        let surface = self.surface;
        let Some(module) = surface.modules.get(number as usize) else {
            return;
        };
        if self.alters {
            self.whole.get_or_insert(place);
        }
        let exact = module.exports.iter().any(|(known, _)| known == name);
        let passed_on = module.exports.iter().any(|(known, _)| known == "*");
        let whole = name == "*" || module.open || (!exact && !passed_on);
        if whole {
            for index in 0..module.units.len() as u32 {
                self.add(Spot::Unit(number, index), place.reach, place.spot);
            }
        }
        for (known, behind) in &module.exports {
            if !whole && known != name && (exact || known != "*") {
                continue;
            }
            match behind {
                Behind::Unit(unit) if (*unit as usize) < module.units.len() => {
                    self.add(Spot::Unit(number, *unit), place.reach, place.spot);
                }
                // Nothing hangs on which statement it is.
                Behind::Unit(_) => {}
                Behind::From(link, inside) => self.take(link, if known == "*" { name } else { inside }, place),
            }
        }
    }

    /// What is done, and where.
    pub(super) fn facts(&self) -> impl Iterator<Item = (&Fact, Place)> {
        let of = |place: &Place| match place.spot {
            Spot::Package => &[][..],
            Spot::Load(module) => &self.surface.modules[module as usize].facts,
            Spot::Unit(module, unit) => &self.surface.modules[module as usize].units[unit as usize].facts,
        };
        let installed = self.spots.first().filter(|place| place.reach == Reach::Install);
        let scripts = installed.map_or(&[][..], |_| &self.surface.scripts);
        let scripts = scripts.iter().map(|fact| {
            (
                fact,
                Place {
                    spot: Spot::Package,
                    reach: Reach::Install,
                },
            )
        });
        let blind = self.surface.blind.iter().map(|fact| (fact, Place::default()));
        let missing = self.missing.iter().map(|(fact, place)| (fact, *place));
        let found = self
            .spots
            .iter()
            .flat_map(move |place| of(place).iter().map(|fact| (fact, *place)));
        found.chain(scripts).chain(missing).chain(blind)
    }

    /// What is taken from other packages: name, subpath, export, place.
    pub(super) fn taken(&self) -> Vec<(String, String, String, Place)> {
        self.taken.clone()
    }

    /// The file that a place is in.
    pub(super) fn file(&self, place: &Place) -> &'a str {
        match place.spot {
            Spot::Package => "package.json",
            Spot::Load(module) | Spot::Unit(module, _) => &self.surface.modules[module as usize].path,
        }
    }

    /// Where the module of a place imports something.
    fn import_range(&self, place: &Place, link: &Link) -> Range {
        match place.spot {
            Spot::Load(module) | Spot::Unit(module, _) => {
                let mut loads = self.surface.modules[module as usize].loads.iter();
                loads
                    .find(|(known, ..)| known == link)
                    .map(|(_, range, _)| *range)
                    .unwrap_or_default()
            }
            Spot::Package => Range::default(),
        }
    }

    /// Where the module of a place imports another package.
    pub(super) fn package_range(&self, place: &Place, name: &str, subpath: &str) -> Range {
        self.import_range(place, &Link::Package(name.to_owned(), subpath.to_owned()))
    }

    /// The statements that lead to a place, the first one first: file, name, range.
    pub(super) fn steps(&self, place: &Place) -> Vec<(&'a str, &'a str, Range)> {
        let mut out = Vec::new();
        let mut at = place.spot;
        while out.len() < MAX_STEPS {
            match at {
                Spot::Package => break,
                Spot::Load(module) => {
                    if let Some(module) = self.surface.modules.get(module as usize) {
                        out.push((module.path.as_str(), "", Range::default()));
                    }
                }
                Spot::Unit(module, unit) => {
                    if let Some(module) = self.surface.modules.get(module as usize)
                        && let Some(unit) = module.units.get(unit as usize)
                    {
                        out.push((module.path.as_str(), unit.name.as_str(), unit.range));
                    }
                }
            }
            match self.from.get(&at) {
                Some(before) if *before != at => at = *before,
                _ => break,
            }
        }
        out.reverse();
        out
    }
}
