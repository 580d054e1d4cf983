//! A reading by tokens, for texts that get no tree: too deep, too large or broken. Linear, iterative, it never fails.
//!
//! It knows nothing of scopes or of what runs: it says which modules are named, which dotted names are used or called
//! and with which literals, and which strings stand there. That is enough to tell an accident from a hiding place.

mod names;
mod stream;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::span::Span;
use names::Names;
use stream::Stream;

/// What the tokens of a text show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenReading {
    /// Modules that are named, in order.
    pub imports: Vec<Import>,
    /// Dotted names that are used, in order, each way of using one once; aliases of modules and other names are resolved.
    pub chains: Vec<Chain>,
    /// String literals and templates, neighbours joined by `+` folded into one, in order.
    pub strings: Vec<Text>,
    /// Whether a limit ended the reading before the text did.
    pub truncated: bool,
}

/// A place that names a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The module; `None` if it is no literal.
    pub specifier: Option<String>,
    /// How it is named.
    pub form: Form,
    /// The literal's place, quotes included; without one, that of the callee.
    pub span: Span,
}

/// How a module is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `import … from 'x'`, `import 'x'`
    Import,
    /// `export … from 'x'`
    ReExport,
    /// `import('x')`
    Dynamic,
    /// `require('x')`, also through `createRequire`, `module.require`, `process.getBuiltinModule`
    Require,
    /// `require.resolve('x')`, `import.meta.resolve('x')`
    Resolve,
}

/// A dotted name and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chain {
    /// The names, outermost first, aliases resolved and `globalThis` and its like dropped: `["process", "env", "HOME"]`,
    /// `["child_process", "exec"]`. Members by a constant key count as names.
    pub names: Vec<String>,
    /// Whether the first name is a module's.
    pub module: bool,
    /// Whether the first name is declared in this text and bound to nothing known: then it is not the global.
    pub local: bool,
    /// Whether it is called, tagged or constructed.
    pub called: bool,
    /// The first arguments; `None` where one is no literal.
    pub arguments: Vec<Option<String>>,
    /// The name's place, without the arguments.
    pub span: Span,
}

/// A literal and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The decoded text, cut at a limit.
    pub value: String,
    /// From the first quote to the last.
    pub span: Span,
}

/// Only the beginning of a larger text is read.
pub const MAX_READ: usize = 8 * 1024 * 1024;

/// Entries of each list. Modules' members are counted apart from other names, lest a flood of names hides them.
const MAX_ENTRIES: usize = 50_000;

/// Reads a text by its tokens.
pub fn read(text: &str) -> TokenReading {
    let beginning = &text[..text.floor_char_boundary(MAX_READ)];
    let mut reading = TokenReading {
        truncated: beginning.len() < text.len(),
        ..TokenReading::default()
    };
    let stream = Stream::new(beginning);
    let names = Names::of(&stream);
    let mut kept = Kept::default();
    let mut at = 0;
    while at < stream.len() {
        at = step(&stream, &names, at, &mut kept, &mut reading);
    }
    crate::order::sort_by_key(&mut reading.imports, |import| import.span);
    reading.imports.dedup();
    reading
}

/// Places that name the same module in the same form; more of them would crowd out others.
const MAX_REPEATS: usize = 1000;

/// What has been kept so far, places aside.
#[derive(Default)]
struct Kept {
    chains: BTreeSet<Chain>,
    of_modules: usize,
    /// How often each module was named in each form.
    imports: BTreeMap<(Option<String>, Form), usize>,
}

impl Kept {
    /// Whether a chain is new and there is room for it; `None` if there is no room.
    fn admit(&mut self, chain: &Chain) -> Option<bool> {
        let key = Chain {
            span: Span::default(),
            ..chain.clone()
        };
        if self.chains.contains(&key) {
            return Some(false);
        }
        let others = self.chains.len() - self.of_modules;
        if if chain.module { self.of_modules } else { others } >= MAX_ENTRIES {
            return None;
        }
        self.of_modules += usize::from(chain.module);
        Some(self.chains.insert(key))
    }

    fn import(&mut self, import: Import, reading: &mut TokenReading) {
        let room = self.imports.len() < MAX_ENTRIES;
        let repeats = self.imports.entry((import.specifier.clone(), import.form)).or_default();
        *repeats += 1;
        if room && *repeats <= MAX_REPEATS {
            reading.imports.push(import);
        } else {
            reading.truncated = true;
        }
    }
}

/// Reads what begins at a token; the token to go on with.
fn step(stream: &Stream<'_>, names: &Names, at: usize, kept: &mut Kept, reading: &mut TokenReading) -> usize {
    if let Some((value, span, next)) = stream.constant(at) {
        if reading.strings.len() < MAX_ENTRIES {
            reading.strings.push(Text { value, span });
        } else {
            reading.truncated = true;
        }
        return next;
    }
    if let Some((form, literal)) = stream.declaration(at)
        && let Some((specifier, span, _)) = stream.constant(literal)
    {
        let import = Import {
            specifier: Some(specifier),
            form,
            span,
        };
        kept.import(import, reading);
    }
    let Some(found) = stream.chain(at) else {
        return at + 1;
    };
    let called = stream.is_call(found.next) || stream.is_constructed(at);
    let telling = called || found.names.len() > 1 || found.module || names.knows(&found.names[0]);
    let no_use = stream.is_declared(at) || stream.is_assigned(at, found.next) || stream.is_key(at, found.next);
    if !telling || no_use {
        return found.next.max(at + 1);
    }
    let arguments = if called {
        stream.arguments(found.next)
    } else {
        Vec::new()
    };
    if let Some(import) = found.required {
        kept.import(import, reading);
    }
    for (names, module, local) in names.resolve(&found.names, found.module) {
        if let Some(form) = loader(&names).filter(|_| called && !local) {
            let literal = stream.constant(found.next + 1);
            let (specifier, span) = literal.map_or((None, found.span), |(text, span, _)| (Some(text), span));
            let import = Import { specifier, form, span };
            kept.import(import, reading);
        }
        let chain = Chain {
            names,
            module,
            local,
            called,
            arguments: arguments.clone(),
            span: found.span,
        };
        match kept.admit(&chain) {
            Some(true) => reading.chains.push(chain),
            Some(false) => {}
            None => reading.truncated = true,
        }
    }
    // The strings among the arguments and the keys are read on their own.
    found.literals.unwrap_or(found.next).max(at + 1)
}

/// How a call of this name loads a module.
fn loader(names: &[String]) -> Option<Form> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["import"] => Some(Form::Dynamic),
        [.., "require", "resolve"] | ["import", "meta", "resolve"] => Some(Form::Resolve),
        ["require"]
        | ["module" | "mainModule", .., "require"]
        | ["process", "mainModule", "require"]
        | ["process", "getBuiltinModule"] => Some(Form::Require),
        _ => None,
    }
}

/// Names that stand for the global object.
const GLOBAL_OBJECTS: [&str; 5] = ["globalThis", "global", "window", "self", "top"];

type Bindings = BTreeMap<String, Vec<(Vec<String>, bool)>>;
type Declared = BTreeSet<String>;

#[cfg(test)]
mod tests;
