//! What an install runs of the modules that it loads: of a program that its users run, too, it asks for a part.

use std::collections::BTreeSet;

use crate::facts::{Facts, Place, Take, Target};

/// The exports of a module that an install may use.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked<'a> {
    /// It is what the install runs.
    script: bool,
    /// Any of its exports may be used.
    whole: bool,
    names: BTreeSet<&'a str>,
}

/// What an install runs of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Running {
    /// All of it.
    Whole,
    /// All but what the commands of a program do when their user asks for them.
    Loaded,
    /// The same, and of that no more than these statements of the top level: one for each of [`Facts::units`].
    Units(Vec<bool>),
}

impl Running {
    /// Whether a place of the module may run at install.
    pub fn has(&self, facts: &Facts, place: Place) -> bool {
        let function = facts.functions.get(place.function as usize);
        let asked_for = function.is_some_and(|function| function.command);
        match self {
            Self::Whole => true,
            Self::Loaded => !asked_for,
            Self::Units(units) => !asked_for && units.get(place.unit as usize).is_none_or(|runs| *runs),
        }
    }
}

impl<'a> Asked<'a> {
    /// What is asked of an install script.
    pub(super) fn script() -> Self {
        Self {
            script: true,
            ..Self::default()
        }
    }

    /// Asks for more; whether that was not asked for before.
    pub(super) fn add(&mut self, other: Self) -> bool {
        let before = (self.script, self.whole, self.names.len());
        self.script |= other.script;
        self.whole |= other.whole;
        self.names.extend(other.names);
        before != (self.script, self.whole, self.names.len())
    }

    /// What of the module runs.
    pub(super) fn running(&self, facts: &Facts) -> Running {
        if self.script {
            return Running::Whole;
        }
        let has = |name: &&str| facts.exports.iter().any(|export| export.name == **name);
        if self.whole || facts.open || facts.units.is_empty() || !self.names.iter().all(has) {
            return Running::Loaded;
        }
        let mut runs = vec![false; facts.units.len()];
        let exported = facts.exports.iter().filter_map(|export| match export.target {
            Target::Unit(unit) if export.name == "*" || self.names.contains(&*export.name) => Some(unit),
            _ => None,
        });
        // What others may call by themselves runs, too.
        let loose = (0_u32..).zip(&facts.units);
        let loose = loose.filter(|(_, unit)| unit.active || unit.shares || unit.offers || unit.lends);
        let mut queue: Vec<u32> = exported.chain(loose.map(|(index, _)| index)).collect();
        while let Some(index) = queue.pop() {
            if let Some(known) = runs.get_mut(index as usize).filter(|known| !**known) {
                *known = true;
                queue.extend(&facts.units[index as usize].needs);
            }
        }
        Running::Units(runs)
    }

    /// Functions of the module, by their index, that other exports run, and none of those that are asked for as far as
    /// anybody sees.
    pub(super) fn later(&self, facts: &Facts) -> Vec<u32> {
        if self.script || self.whole {
            return Vec::new();
        }
        let asked_for = |path: &str| self.names.contains(path.split('.').next().unwrap_or_default());
        let (now, then): (Vec<_>, Vec<_>) = facts.runs.iter().partition(|(path, _)| asked_for(path));
        let now = |function: &u32| now.iter().any(|(_, runs)| runs.contains(function));
        let later = then.into_iter().flat_map(|(_, runs)| runs).copied();
        later.filter(|function| !now(function)).collect()
    }

    /// What is asked of another module, when this is asked of the one with these facts.
    pub(super) fn through(&self, facts: &'a Facts, running: &Running, specifier: &str) -> Self {
        let mut out = Self {
            whole: facts.open || facts.units.is_empty(),
            ..Self::default()
        };
        let mut takes = |take: &'a Take| {
            // What `default` means hangs on the form of the other module.
            out.whole |= matches!(&*take.name, "*" | "default" | "");
            out.names.insert(&take.name);
        };
        let runs = |index: usize| match running {
            Running::Units(units) => units.get(index).is_none_or(|runs| *runs),
            _ => true,
        };
        let units = facts.units.iter().enumerate().filter(|(index, _)| runs(*index));
        let all = units.flat_map(|(_, unit)| &unit.takes);
        all.filter(|take| take.specifier == specifier).for_each(&mut takes);
        let mut handed_on = false;
        for export in &facts.exports {
            let Target::From(take) = &export.target else { continue };
            if take.specifier != specifier {
                continue;
            }
            if export.name == "*" {
                handed_on = true;
            } else if self.script || self.whole || self.names.contains(&*export.name) {
                takes(take);
            }
        }
        if handed_on {
            out.whole |= self.script || self.whole;
            out.names.extend(&self.names);
        }
        out
    }
}
