//! Reads the table's text files.

use std::num::NonZeroU16;

use rustc_hash::FxHashMap;

use super::{
    Api, Capability, On, Role, Sink, Source,
    table::{Kind, Name, Place, Table, prefixes},
};

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

/// Builds the table; the files are ours and tested, so a bad line is left out.
#[derive(Default)]
pub(super) struct Reader {
    table: Table,
    interned: Interned,
}

impl Reader {
    pub(super) fn read() -> Table {
        let mut reader = Self::default();
        reader.table.apis.reserve(2048);
        reader.table.paths.reserve(512);
        reader.table.places.reserve(3500);
        reader.names(NAMES);
        reader.entries(NODE, Roots::Modules);
        reader.entries(WEB, Roots::Globals);
        reader.entries(PACKAGES, Roots::Packages);
        reader.table.find_harmless();
        reader.table
    }

    fn place(&mut self, path: &'static str) -> &mut Place {
        self.table.places.entry(path).or_default()
    }

    /// A default's base is a package unless it is a member of one: `electron.shell`, or has instances: `x.Y#`.
    fn package(&mut self, base: &'static str) {
        let within = |(prefix, _): (&str, _)| {
            self.table
                .places
                .get(prefix)
                .is_some_and(|place| place.package.is_some())
        };
        if !base.contains('#') && !prefixes(base).any(within) {
            // `npm:open` is the package whose name is a global's, too.
            let number = self.path(base);
            self.place(base.strip_prefix("npm:").unwrap_or(base)).package = number;
        }
    }

    /// Lines of `kind name name=path …`.
    fn names(&mut self, text: &'static str) {
        for line in lines(text) {
            let mut words = line.split(' ');
            let kind = words.next().unwrap_or_default();
            for word in words {
                let (name, target) = match word.split_once('=') {
                    Some((name, target)) => (name, Some(target)),
                    None => (word, None),
                };
                let target = target.and_then(|target| self.path(target));
                let place = self.place(name);
                if kind != "package" {
                    place.alias = target;
                }
                match kind {
                    "package" => place.package = target,
                    "module" => place.kind = Kind::Module,
                    "scheme" => place.kind = Kind::SchemeModule,
                    "harmless" => place.name = Name::Harmless,
                    "object" => place.name = Name::Object,
                    "root" => place.name = Name::Root,
                    _ => debug_assert!(false, "names.txt: unknown kind in `{line}`"),
                }
            }
        }
    }

    /// Lines of `path = path` or `path capabilities (roles) >returns <source !sink @on`.
    fn entries(&mut self, text: &'static str, roots: Roots) {
        for line in lines(text) {
            let mut words = line.split(' ');
            let (Some(path), Some(second)) = (words.next(), words.next()) else {
                debug_assert!(false, "an entry needs a path and capabilities: `{line}`");
                continue;
            };
            if second == "=" {
                let target = words.next().and_then(|target| self.path(target));
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
                capabilities: self.interned.capabilities(second),
                on: if path.ends_with('=') { On::Write } else { On::Call },
                arguments: &[],
                returns: None,
                source: None,
                sink: None,
            };
            for word in words {
                match (word.as_bytes()[0], &word[1..]) {
                    (b'(', rest) => api.arguments = self.interned.roles(rest.trim_end_matches(')')),
                    (b'>', rest) => api.returns = Some(rest),
                    (b'<', rest) => api.source = source(rest),
                    (b'!', rest) => api.sink = sink(rest),
                    (b'@', rest) => api.on = on(rest),
                    _ => debug_assert!(false, "unknown word `{word}` in `{line}`"),
                }
            }
            self.table.apis.push(api);
            let number = NonZeroU16::new(self.table.apis.len() as u16);
            if let Some(base) = path.strip_suffix('=') {
                self.place(base).assigned = number;
            } else if let Some(base) = path.strip_suffix(".*").or_else(|| path.strip_suffix('*')) {
                self.place(base).default = number;
                if roots == Roots::Packages {
                    self.package(base);
                }
            } else {
                self.place(path).exact = number;
            }
            if roots == Roots::Globals {
                let root = path.split(['.', '#', '=', '*']).next().unwrap_or(path);
                let place = self.place(root);
                if place.name == Name::Unknown {
                    place.name = Name::Root;
                }
            }
        }
    }

    /// The number that leads to a path.
    fn path(&mut self, path: &'static str) -> Option<NonZeroU16> {
        self.table.paths.push(path);
        NonZeroU16::new(self.table.paths.len() as u16)
    }
}

/// The table's lines without comments and blanks.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
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
            let named = |name| Capability::ALL.into_iter().find(|capability| capability.name() == name);
            let list: Vec<_> = text.split(',').filter_map(named).collect();
            debug_assert_eq!(list.len(), text.split(',').count(), "unknown capability in `{text}`");
            Box::leak(list.into_boxed_slice())
        })
    }

    fn roles(&mut self, text: &'static str) -> &'static [Role] {
        self.roles
            .entry(text)
            .or_insert_with(|| Box::leak(text.split(',').map(role).collect::<Vec<_>>().into_boxed_slice()))
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
        "html" => Role::Html,
        _ => {
            debug_assert!(false, "unknown role `{name}`");
            Role::None
        }
    }
}

pub(crate) fn source(name: &str) -> Option<Source> {
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

pub(crate) fn sink(name: &str) -> Option<Sink> {
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
