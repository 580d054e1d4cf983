//! Reads the table's text files once and looks paths up in them.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Api, Capability, Global, On, Role, Sink, Source};

/// What the text files say, by path.
#[derive(Debug, Default)]
pub(super) struct Table {
    apis: Vec<Api>,
    places: FxHashMap<&'static str, Place>,
}

/// All that is known of one path; indexes are into `apis`.
#[derive(Debug, Default, Clone, Copy)]
struct Place {
    exact: Option<u16>,
    default: Option<u16>,
    assigned: Option<u16>,
    alias: Option<&'static str>,
    /// Members that are not listed are those of this path.
    inherits: Option<&'static str>,
    global: Option<Global>,
    kind: Kind,
    /// The export object of the package of this name.
    package: Option<&'static str>,
}

/// What kind of name a path is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Member,
    /// One of Node's modules.
    Module,
    /// One of Node's modules, only as `node:…`.
    SchemeModule,
}

/// A file of entries and what its roots are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roots {
    Modules,
    Globals,
    Packages,
}

pub(super) const NAMES: &str = include_str!("names.txt");
pub(super) const NODE: &str = include_str!("node.txt");
pub(super) const WEB: &str = include_str!("web.txt");
pub(super) const PACKAGES: &str = include_str!("packages.txt");

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

/// Longest path that is joined without an allocation; no entry is longer.
const JOINED: usize = 96;

impl Table {
    pub(super) fn get() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(Self::read)
    }

    pub(super) fn read() -> Self {
        let mut table = Self::default();
        table.apis.reserve(2048);
        table.places.reserve(3072);
        let mut interned = Interned::default();
        table.names(NAMES);
        table.entries(NODE, Roots::Modules, &mut interned);
        table.entries(WEB, Roots::Globals, &mut interned);
        table.entries(PACKAGES, Roots::Packages, &mut interned);
        table
    }

    pub(super) fn module(&self, name: &str) -> Option<&'static str> {
        let (key, place) = self.places.get_key_value(name)?;
        matches!(place.kind, Kind::Module | Kind::SchemeModule).then(|| place.alias.unwrap_or(key))
    }

    pub(super) fn needs_scheme(&self, name: &str) -> bool {
        self.places
            .get(name)
            .is_some_and(|place| place.kind == Kind::SchemeModule)
    }

    pub(super) fn known_package(&self, name: &str) -> Option<&'static str> {
        self.places.get(name)?.package
    }

    pub(super) fn global(&self, name: &str) -> Option<Global> {
        self.places.get(name)?.global
    }

    /// The table's own copy of a path, aliases resolved.
    pub(super) fn known(&self, path: &str) -> Option<&'static str> {
        let (key, place) = self.places.get_key_value(path)?;
        Some(place.alias.unwrap_or(key))
    }

    pub(super) fn canonical<'p>(&self, path: &'p str) -> &'p str {
        self.places
            .get(path)
            .and_then(|place| place.alias)
            .unwrap_or(path)
    }

    /// The path whose members stand for those that this one does not list.
    pub(super) fn inherited(&self, path: &str) -> Option<&'static str> {
        self.places.get(path)?.inherits
    }

    /// The path if it is an export object.
    pub(super) fn root(&self, path: &str) -> Option<&'static str> {
        let (key, place) = self.places.get_key_value(path)?;
        (place.kind != Kind::Member || place.package == Some(key)).then_some(*key)
    }

    pub(super) fn api(&self, path: &str) -> Option<&Api> {
        if let Some(place) = self.places.get(path) {
            if let Some(target) = place.alias {
                return self.api(target);
            }
            if let Some(index) = place.exact.or(place.assigned) {
                return self.at(index);
            }
        }
        for (prefix, rest) in prefixes(path) {
            let Some(place) = self.places.get(prefix) else {
                continue;
            };
            if let Some(target) = place.alias {
                return self.api(&[target, rest].concat());
            }
            if place.global == Some(Global::GlobalObject) {
                return self.api(&rest[1..]);
            }
            if let Some(target) = place.inherits {
                return self.api(&[target, rest].concat());
            }
            if let Some(index) = place.default {
                return self.at(index);
            }
            if let Some(index) = place.exact {
                return self.at(index).filter(|api| api.on == On::Read);
            }
            if prefix.ends_with('#') {
                return None;
            }
        }
        None
    }

    pub(super) fn assigned(&self, path: &str) -> Option<&Api> {
        let own = self.places.get(path).copied().unwrap_or_default();
        if let Some(target) = own.alias {
            return self.assigned(target);
        }
        if let Some(index) = own.assigned {
            return self.at(index);
        }
        if own.global.is_some() {
            return Some(&PATCHED);
        }
        for (prefix, rest) in prefixes(path) {
            if let Some(place) = self.places.get(prefix) {
                if let Some(target) = place.alias {
                    return self.assigned(&[target, rest].concat());
                }
                if place.global == Some(Global::GlobalObject) {
                    return self.assigned(&rest[1..]);
                }
                if let Some(index) = place.assigned {
                    return self.at(index);
                }
                if place.kind != Kind::Member || place.global == Some(Global::Harmless) {
                    return Some(&PATCHED);
                }
            }
            if prefix.ends_with('#') {
                // An instance may be given properties; over one of its known methods it is a hook.
                let method = own.exact.and_then(|index| self.at(index));
                return method.filter(|api| api.on == On::Call).map(|_| &PATCHED);
            }
        }
        None
    }

    fn at(&self, index: u16) -> Option<&Api> {
        self.apis.get(usize::from(index))
    }

    fn place(&mut self, path: &'static str) -> &mut Place {
        self.places.entry(path).or_default()
    }

    /// A default's base is a package unless it is a member of one: `electron.shell`, or has instances: `x.Y#`.
    fn package(&mut self, base: &'static str) {
        let within = |(prefix, _): (&str, _)| {
            self.places
                .get(prefix)
                .is_some_and(|place| place.package.is_some())
        };
        if !base.contains('#') && !prefixes(base).any(within) {
            // `npm:open` is the package whose name is a global's, too.
            self.place(base.strip_prefix("npm:").unwrap_or(base))
                .package = Some(base);
        }
    }

    /// Lines of `kind name name=path …`.
    fn names(&mut self, text: &'static str) {
        for line in lines(text) {
            let mut words = line.split_ascii_whitespace();
            let kind = words.next().unwrap_or_default();
            for word in words {
                let (name, target) = match word.split_once('=') {
                    Some((name, target)) => (name, Some(target)),
                    None => (word, None),
                };
                let place = self.place(name);
                if kind != "package" {
                    place.alias = target;
                }
                match kind {
                    "package" => place.package = target,
                    "module" => place.kind = Kind::Module,
                    "scheme" => place.kind = Kind::SchemeModule,
                    "harmless" => place.global = Some(Global::Harmless),
                    "object" => place.global = Some(Global::GlobalObject),
                    "root" => place.global = Some(Global::Powerful(target.unwrap_or(name))),
                    _ => debug_assert!(false, "names.txt: unknown kind in `{line}`"),
                }
            }
        }
    }

    /// Lines of `path = path` or `path capabilities (roles) >returns <source !sink @on`.
    fn entries(&mut self, text: &'static str, roots: Roots, interned: &mut Interned) {
        for line in lines(text) {
            let mut words = line.split_ascii_whitespace();
            let (Some(path), Some(second)) = (words.next(), words.next()) else {
                debug_assert!(false, "an entry needs a path and capabilities: `{line}`");
                continue;
            };
            if second == "=" {
                let target = words.next();
                match path.strip_suffix(".*") {
                    Some(base) => {
                        self.place(base).inherits = target;
                        self.package(base);
                    }
                    None => self.place(path).alias = target,
                }
                continue;
            }
            let mut api = Api {
                path,
                capabilities: interned.capabilities(second),
                on: On::Call,
                arguments: &[],
                returns: None,
                source: None,
                sink: None,
            };
            for word in words {
                match (word.as_bytes()[0], &word[1..]) {
                    (b'(', rest) => api.arguments = interned.roles(rest.trim_end_matches(')')),
                    (b'>', rest) => api.returns = Some(rest),
                    (b'<', rest) => api.source = source(rest),
                    (b'!', rest) => api.sink = sink(rest),
                    (b'@', rest) => api.on = on(rest),
                    _ => debug_assert!(false, "unknown word `{word}` in `{line}`"),
                }
            }
            let index = self.apis.len() as u16;
            if let Some(base) = path.strip_suffix('=') {
                api.on = On::Write;
                self.place(base).assigned = Some(index);
            } else if let Some(base) = path.strip_suffix(".*").or_else(|| path.strip_suffix('*')) {
                self.place(base).default = Some(index);
                if roots == Roots::Packages {
                    self.package(base);
                }
            } else {
                self.place(path).exact = Some(index);
            }
            self.apis.push(api);
            if roots == Roots::Globals {
                let root = path.split(['.', '#', '=', '*']).next().unwrap_or(path);
                self.place(root)
                    .global
                    .get_or_insert(Global::Powerful(root));
            }
        }
    }
}

/// The table's lines without comments and blanks.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The objects around a member, nearest first, each with what is left: `a.b#c` is in `a.b#` (`c`), `a.b`, `a`.
fn prefixes(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut end = path.len();
    std::iter::from_fn(move || {
        let cut = path[..end].rfind(['.', '#'])?;
        let keep = if path.as_bytes()[cut] == b'#' && cut + 1 < end {
            cut + 1
        } else {
            cut
        };
        end = keep;
        Some((&path[..keep], &path[keep..]))
    })
}

/// Hands the joined text to `found` without allocating.
pub(super) fn join<R>(
    path: &str,
    dot: &str,
    key: &str,
    found: impl FnOnce(&str) -> Option<R>,
) -> Option<R> {
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

/// Lists that many entries share.
#[derive(Default)]
struct Interned {
    capabilities: FxHashMap<&'static str, &'static [Capability]>,
    roles: FxHashMap<&'static str, &'static [Role]>,
}

impl Interned {
    fn capabilities(&mut self, text: &'static str) -> &'static [Capability] {
        if text == "-" {
            return &[];
        }
        self.capabilities.entry(text).or_insert_with(|| {
            let named = |name| {
                Capability::ALL
                    .into_iter()
                    .find(|capability| capability.name() == name)
            };
            let list: Vec<_> = text.split(',').filter_map(named).collect();
            debug_assert_eq!(
                list.len(),
                text.split(',').count(),
                "unknown capability in `{text}`"
            );
            Box::leak(list.into_boxed_slice())
        })
    }

    fn roles(&mut self, text: &'static str) -> &'static [Role] {
        self.roles.entry(text).or_insert_with(|| {
            Box::leak(
                text.split(',')
                    .map(role)
                    .collect::<Vec<_>>()
                    .into_boxed_slice(),
            )
        })
    }
}

fn role(name: &str) -> Role {
    match name {
        "_" => Role::None,
        "url" => Role::Url,
        "host" => Role::Host,
        "path" => Role::Path,
        "command" => Role::Command,
        "argv" => Role::Argv,
        "code" => Role::Code,
        "timer" => Role::TimerCode,
        "data" => Role::Data,
        "options" => Role::Options,
        "callback" => Role::Callback,
        "specifier" => Role::Specifier,
        "name" => Role::Name,
        "variable" => Role::Variable,
        "header" => Role::Header,
        _ => {
            debug_assert!(false, "unknown role `{name}`");
            Role::None
        }
    }
}

fn source(name: &str) -> Option<Source> {
    let found = match name {
        "environment" => Some(Source::Environment),
        "file" => Some(Source::File),
        "system" => Some(Source::System),
        "network" => Some(Source::Network),
        "input" => Some(Source::Input),
        "clipboard" => Some(Source::Clipboard),
        "storage" => Some(Source::Storage),
        "exec" => Some(Source::Exec),
        _ => None,
    };
    debug_assert!(found.is_some(), "unknown source `{name}`");
    found
}

fn sink(name: &str) -> Option<Sink> {
    let found = match name {
        "network" => Some(Sink::Network),
        "dns" => Some(Sink::Dns),
        "exec" => Some(Sink::Exec),
        "code" => Some(Sink::Code),
        "file" => Some(Sink::FileWrite),
        "message" => Some(Sink::Message),
        _ => None,
    };
    debug_assert!(found.is_some(), "unknown sink `{name}`");
    found
}

fn on(name: &str) -> On {
    match name {
        "read" => On::Read,
        "import" => On::Import,
        _ => {
            debug_assert!(false, "unknown occasion `@{name}`");
            On::Call
        }
    }
}
