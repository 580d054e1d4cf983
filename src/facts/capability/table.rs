//! Looks paths up in what the table's text files say.

use std::{num::NonZeroU16, sync::OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Api, Capability, Global, On, Role, read::Reader};

/// What the text files say, by path.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) apis: Vec<Api>,
    /// The paths that places lead to.
    pub(super) paths: Vec<&'static str>,
    pub(super) places: FxHashMap<&'static str, Place>,
    /// Modules and globals of which nothing is a power or leads to one.
    harmless: FxHashSet<&'static str>,
}

/// All that is known of one path, small because there are thousands: numbers count from one.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Place {
    pub(super) exact: Option<NonZeroU16>,
    pub(super) default: Option<NonZeroU16>,
    pub(super) assigned: Option<NonZeroU16>,
    /// The path is another's.
    pub(super) alias: Option<NonZeroU16>,
    /// Members that are not listed are those of this path.
    pub(super) inherits: Option<NonZeroU16>,
    /// The export object of the package of this name.
    pub(super) package: Option<NonZeroU16>,
    pub(super) name: Name,
    pub(super) kind: Kind,
}

/// What a free name is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    #[default]
    Unknown,
    Root,
    Object,
    Harmless,
}

/// What kind of name a path is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Member,
    /// One of Node's modules.
    Module,
    /// One of Node's modules, only as `node:…`.
    SchemeModule,
}

/// Assigning to anything of a built-in module changes it for everybody.
static PATCHED: Api = Api {
    path: "*=",
    capabilities: &[Capability::GlobalMutation],
    on: On::Write,
    arguments: &[Role::Data],
    returns: None,
    source: None,
    sink: None,
};

/// How many aliases a path may go through: `document.defaultView.document…` has no end.
const ALIASES: u8 = 4;

/// No entry's path is longer; what is shorter is joined without an allocation.
pub(super) const JOINED: usize = 96;

impl Table {
    pub(super) fn get() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(Reader::read)
    }

    /// Finds the roots of which nothing is a power or leads to one.
    pub(super) fn find_harmless(&mut self) {
        let roots = self.places.iter().filter(|(path, place)| {
            let whole = place.default.and_then(|number| self.at(number));
            root(path) == **path && whole.is_some()
        });
        self.harmless = roots.map(|(path, _)| *path).collect();
        // Until no more leads to a power by another.
        loop {
            let powerful = |place: &Place, own: &str| {
                let numbers = [place.exact, place.default, place.assigned];
                let told = numbers.into_iter().flatten().filter_map(|number| self.at(number));
                let leads = |path: &str| root(path) != own && !self.is_harmless(path);
                let paths = [place.alias, place.inherits, place.package].into_iter();
                let mut paths = paths.filter_map(|number| self.path(number));
                paths.any(leads)
                    || told
                        .into_iter()
                        .any(|api| api.has_power() || api.returns.is_some_and(leads))
            };
            let found = self.places.iter().map(|(path, place)| (root(path), place));
            let found = found.filter(|(root, place)| self.harmless.contains(root) && powerful(place, root));
            let powerful: Vec<&str> = found.map(|(root, _)| root).collect();
            if powerful.is_empty() {
                return;
            }
            for root in powerful {
                self.harmless.remove(root);
            }
        }
    }

    /// Whether nothing of what a path begins with is a power or leads to one.
    pub(super) fn is_harmless(&self, path: &str) -> bool {
        self.harmless.contains(root(path))
    }

    pub(super) fn module(&self, name: &str) -> Option<&'static str> {
        let (key, place) = self.places.get_key_value(name)?;
        matches!(place.kind, Kind::Module | Kind::SchemeModule).then(|| self.path(place.alias).unwrap_or(key))
    }

    pub(super) fn needs_scheme(&self, name: &str) -> bool {
        self.places
            .get(name)
            .is_some_and(|place| place.kind == Kind::SchemeModule)
    }

    pub(super) fn known_package(&self, name: &str) -> Option<&'static str> {
        self.path(self.places.get(name)?.package)
    }

    pub(super) fn global(&self, name: &str) -> Option<Global> {
        let (key, place) = self.places.get_key_value(name)?;
        match place.name {
            Name::Unknown => None,
            Name::Root => Some(Global::Powerful(self.path(place.alias).unwrap_or(key))),
            Name::Object => Some(Global::GlobalObject),
            Name::Harmless => Some(Global::Harmless),
        }
    }

    /// The table's own copy of a path, aliases resolved.
    pub(super) fn known(&self, path: &str) -> Option<&'static str> {
        let (key, place) = self.places.get_key_value(path)?;
        Some(self.path(place.alias).unwrap_or(key))
    }

    pub(super) fn canonical<'p>(&self, path: &'p str) -> &'p str {
        let alias = self.places.get(path).and_then(|place| self.path(place.alias));
        alias.unwrap_or(path)
    }

    /// The path whose members stand for those that this one does not list.
    pub(super) fn inherited(&self, path: &str) -> Option<&'static str> {
        self.path(self.places.get(path)?.inherits)
    }

    /// The path if it is an export object.
    pub(super) fn root(&self, path: &str) -> Option<&'static str> {
        let (key, place) = self.places.get_key_value(path)?;
        (place.kind != Kind::Member || self.path(place.package) == Some(key)).then_some(*key)
    }

    pub(super) fn api(&self, path: &str) -> Option<&Api> {
        self.used(self.without_global_object(path)?, ALIASES)
    }

    pub(super) fn assigned(&self, path: &str) -> Option<&Api> {
        self.changed(self.without_global_object(path)?, ALIASES)
    }

    /// `window.self.fetch` is `fetch`; `window.fs` is a global that nobody knows, not the module.
    fn without_global_object<'p>(&self, path: &'p str) -> Option<&'p str> {
        let name = |path: &str| self.places.get(path).map_or(Name::Unknown, |place| place.name);
        let mut rest = path;
        while let Some((first, inner)) = rest.split_once('.') {
            if name(first) != Name::Object {
                break;
            }
            rest = inner;
        }
        let first = root(rest);
        (rest.len() == path.len() || name(first) != Name::Unknown).then_some(rest)
    }

    fn used(&self, path: &str, aliases: u8) -> Option<&Api> {
        let own = self.places.get(path).copied().unwrap_or_default();
        if let Some(target) = self.path(own.alias) {
            return self.used(target, aliases.checked_sub(1)?);
        }
        if let Some(number) = own.exact {
            return self.at(number);
        }
        let around = self.around(path, aliases);
        // What is used by a mere read is told by its object even if assigning means something else.
        let read = around.filter(|api| api.on == On::Read);
        read.or_else(|| self.at(own.assigned?)).or(around)
    }

    /// The default of the nearest object around a path.
    fn around(&self, path: &str, aliases: u8) -> Option<&Api> {
        for (prefix, rest) in prefixes(path) {
            let Some(place) = self.places.get(prefix) else {
                if prefix.ends_with('#') {
                    return None;
                }
                continue;
            };
            if let Some(target) = self.path(place.alias.or(place.inherits)) {
                return self.used(&[target, rest].concat(), aliases.checked_sub(1)?);
            }
            if let Some(number) = place.default {
                return self.at(number);
            }
            if let Some(number) = place.exact {
                return self.at(number).filter(|api| api.on == On::Read);
            }
            if prefix.ends_with('#') {
                return None;
            }
        }
        None
    }

    fn changed(&self, path: &str, aliases: u8) -> Option<&Api> {
        let own = self.places.get(path).copied().unwrap_or_default();
        if let Some(target) = self.path(own.alias) {
            return self.changed(target, aliases.checked_sub(1)?);
        }
        if let Some(number) = own.assigned {
            return self.at(number);
        }
        if own.name != Name::Unknown {
            return Some(&PATCHED);
        }
        for (prefix, rest) in prefixes(path) {
            if let Some(place) = self.places.get(prefix) {
                if let Some(target) = self.path(place.alias) {
                    return self.changed(&[target, rest].concat(), aliases.checked_sub(1)?);
                }
                if let Some(number) = place.assigned {
                    return self.at(number);
                }
                if place.kind != Kind::Member || place.name == Name::Harmless {
                    return Some(&PATCHED);
                }
            }
            if prefix.ends_with('#') {
                // An instance may be given properties; over one of its known methods it is a hook.
                let method = own.exact.and_then(|number| self.at(number));
                return method.filter(|api| api.on == On::Call).map(|_| &PATCHED);
            }
        }
        None
    }

    fn at(&self, number: NonZeroU16) -> Option<&Api> {
        self.apis.get(usize::from(number.get()) - 1)
    }

    /// The path of a number of a place.
    fn path(&self, number: Option<NonZeroU16>) -> Option<&'static str> {
        self.paths.get(usize::from(number?.get()) - 1).copied()
    }
}

/// The name that a path begins with.
pub(in crate::facts) fn root(path: &str) -> &str {
    let end = path.as_bytes().iter().position(|byte| is_separator(*byte));
    &path[..end.unwrap_or(path.len())]
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'.' | b'#')
}

/// The objects around a member, nearest first, each with what is left: `a.b#c` is in `a.b#` (`c`), `a.b`, `a`.
pub(super) fn prefixes(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut end = path.len();
    std::iter::from_fn(move || {
        let cut = path.as_bytes()[..end].iter().rposition(|byte| is_separator(*byte))?;
        let keep = if path.as_bytes()[cut] == b'#' && cut + 1 < end {
            cut + 1
        } else {
            cut
        };
        end = keep;
        Some((&path[..keep], &path[keep..]))
    })
    .filter(|(prefix, _)| prefix.len() <= JOINED)
}

/// Hands the joined text to `found` without allocating.
pub(super) fn join<R>(path: &str, dot: &str, key: &str, found: impl FnOnce(&str) -> Option<R>) -> Option<R> {
    let mut buffer = [0; JOINED];
    let mut length = 0;
    for part in [path, dot, key] {
        buffer
            .get_mut(length..length + part.len())?
            .copy_from_slice(part.as_bytes());
        length += part.len();
    }
    found(std::str::from_utf8(&buffer[..length]).ok()?)
}
