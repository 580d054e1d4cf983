//! What names of a text stand for: modules, members of modules, other names.

use super::{
    Bindings, Declared, GLOBAL_OBJECTS,
    stream::{Stream, module_name},
};
use crate::{order, parse::lex::Kind};

/// What the names of a text are bound to, wherever that happens.
pub(super) struct Names {
    bound: Bindings,
    declared: Declared,
}

/// Bindings of one name that are kept; names of one destructuring.
const MOST_BINDINGS: usize = 4;
const MOST_MEMBERS: usize = 500;

/// Aliases of aliases are followed this far.
const MOST_STEPS: usize = 6;

impl Names {
    pub(super) fn of(stream: &Stream<'_>) -> Self {
        let mut names = Self {
            bound: Bindings::new(),
            declared: Declared::new(),
        };
        for at in 0..stream.len() {
            match stream.kind(at) {
                Kind::Assign if stream.word(at) == "=" && at > 0 => names.assignment(stream, at),
                Kind::Statement if stream.word(at) == "import" => names.import(stream, at),
                Kind::Statement | Kind::Function | Kind::Class => {
                    let star = usize::from(stream.word(at + 1) == "*");
                    if !matches!(stream.word(at), "export" | "break" | "continue" | "try" | "switch") {
                        names.declared.extend(stream.name(at + 1 + star));
                    }
                }
                _ => {}
            }
        }
        names
    }

    /// `x = require('m').y`, `{ a, b: c } = require('m')`, `x = process`.
    fn assignment(&mut self, stream: &Stream<'_>, at: usize) {
        let mut value = at + 1;
        while matches!(stream.kind(value), Kind::ParenOpen | Kind::Await) {
            value += 1;
        }
        let Some(found) = stream.chain(value) else {
            return;
        };
        let called = stream.kind(found.next) == Kind::ParenOpen;
        let loader = found.names.last().is_some_and(|last| last == "createRequire");
        let target = match (called, loader) {
            (false, _) => (found.names, found.module),
            (true, true) => (vec!["require".to_owned()], false),
            (true, false) => return,
        };
        let before = at - 1;
        if let Some(name) = stream.name(before) {
            let member = before > 0 && matches!(stream.kind(before - 1), Kind::Dot | Kind::Chain);
            if !member {
                self.bind(&name, target.0, target.1);
            }
        } else if let Some(open) = stream.opening(before) {
            for (key, name) in members(stream, open + 1, before) {
                let mut names = target.0.clone();
                names.push(key);
                self.bind(&name, names, target.1);
            }
        }
    }

    /// The names that an import declaration binds.
    fn import(&mut self, stream: &Stream<'_>, at: usize) {
        let Some((_, literal)) = stream.declaration(at) else {
            return;
        };
        let Some((specifier, _, _)) = stream.constant(literal) else {
            return;
        };
        let module = module_name(&specifier);
        let mut next = at + 1;
        while next < literal {
            match stream.kind(next) {
                Kind::BraceOpen => {
                    let close =
                        (next..literal).find(|&at| matches!(stream.kind(at), Kind::BlockClose | Kind::ObjectClose));
                    let close = close.unwrap_or(literal);
                    for (key, name) in members(stream, next + 1, close) {
                        let names = if key == "default" {
                            vec![module.clone()]
                        } else {
                            vec![module.clone(), key]
                        };
                        self.bind(&name, names, true);
                    }
                    next = close;
                }
                _ => {
                    if let Some(name) = stream
                        .name(next)
                        .filter(|name| name != "from" && name != "as" && name != "type")
                    {
                        self.bind(&name, vec![module.clone()], true);
                    }
                }
            }
            next += 1;
        }
    }

    fn bind(&mut self, name: &str, names: Vec<String>, module: bool) {
        let bound = self.bound.entry(name.to_owned()).or_default();
        let target = (names, module);
        if bound.len() < MOST_BINDINGS && !bound.contains(&target) && (module || target.0[0] != name) {
            bound.push(target);
        }
    }

    /// Whether the name is bound to something known.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.bound
            .get(name)
            .is_some_and(|bound| bound.iter().any(|(names, module)| *module || names.len() > 1))
    }

    /// What a chain may stand for: names, whether the first is a module's, whether it is a local unknown.
    pub(super) fn resolve(&self, names: &[String], module: bool) -> Vec<(Vec<String>, bool, bool)> {
        let mut open = vec![(names.to_vec(), module, 0)];
        let mut done = Vec::new();
        while let Some((names, module, steps)) = open.pop() {
            let names = without_global_object(names);
            let bound = self.bound.get(&names[0]).filter(|_| !module && steps < MOST_STEPS);
            if let Some(bound) = bound {
                for (target, module) in bound {
                    let whole: Vec<String> = target.iter().chain(&names[1..]).cloned().collect();
                    if whole.len() <= MOST_STEPS + names.len() {
                        open.push((whole, *module, steps + 1));
                    }
                }
            } else {
                let local = !module && (self.declared.contains(&names[0]) || self.bound.contains_key(&names[0]));
                done.push((names, module, local));
            }
            if done.len() >= MOST_BINDINGS {
                break;
            }
        }
        order::sort(&mut done);
        done.dedup();
        done
    }
}

fn without_global_object(mut names: Vec<String>) -> Vec<String> {
    while names.len() > 1 && GLOBAL_OBJECTS.contains(&names[0].as_str()) {
        names.remove(0);
    }
    names
}

/// The `(key, local name)` pairs of `{ a, b: c, d as e, f = 1 }`; nested patterns are passed over.
fn members(stream: &Stream<'_>, from: usize, to: usize) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut depth = 0usize;
    for at in from..to.min(from + MOST_MEMBERS * 4) {
        match stream.kind(at) {
            Kind::BraceOpen | Kind::BracketOpen | Kind::ParenOpen => depth += 1,
            Kind::BlockClose | Kind::ObjectClose | Kind::BracketClose | Kind::ParenClose => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        let begins = at == from || stream.kind(at - 1) == Kind::Comma;
        if depth > 0 || !begins || out.len() >= MOST_MEMBERS {
            continue;
        }
        let Some(key) = key(stream, at) else { continue };
        let renamed = matches!(stream.kind(at + 1), Kind::Colon | Kind::Label) || stream.word(at + 1) == "as";
        let name = if renamed { stream.name(at + 2) } else { stream.name(at) };
        out.extend(name.map(|name| (key, name)));
    }
    out
}

fn key(stream: &Stream<'_>, at: usize) -> Option<String> {
    match stream.kind(at) {
        Kind::Str => stream.constant(at).map(|(text, _, _)| text),
        Kind::Case => Some(stream.word(at).to_owned()),
        _ => stream.name(at),
    }
}
