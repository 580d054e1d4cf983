//! Facts of a text that got no tree: what its tokens show, marked as such.

use super::{
    Arguments, Facts, Function, Import, ImportKind, Place, Reading, Unknown, Use,
    capability::{self, Global, On, Role},
    layers::{MAX_INNER, Opening, Within, open_commands},
    words::shorten,
};
use crate::{
    package::shell,
    parse::tokens::{self, Chain, Form},
    span::LineIndex,
};

/// Reads a text by its tokens.
pub(super) fn facts(text: &str) -> Facts {
    let reading = tokens::read(text);
    let lines = LineIndex::new(text);
    let place = |span| Place {
        range: lines.range(span),
        ..Place::default()
    };
    let mut facts = Facts {
        reading: Reading::Tokens,
        functions: vec![Function {
            eager: true,
            command: false,
            ..Function::default()
        }],
        open: true,
        ..Facts::default()
    };
    for import in reading.imports {
        let kind = match import.form {
            Form::Import => ImportKind::Import,
            Form::ReExport => ImportKind::ReExport,
            Form::Dynamic => ImportKind::Dynamic,
            Form::Require => ImportKind::Require,
            Form::Resolve => ImportKind::Resolve,
        };
        facts.imports.push(Import {
            specifier: import.specifier,
            kind,
            place: place(import.span),
            names: vec!["*".to_owned()],
            concealed: false,
        });
    }
    let mut openings = Vec::new();
    for chain in reading.chains {
        let Some((path, api)) = api_of(&chain) else {
            continue;
        };
        let command = api.arguments.iter().position(|role| *role == Role::Command);
        if let Some(Some(text)) = command.and_then(|at| chain.arguments.get(at)) {
            let opening = Opening {
                place: place(chain.span),
                api: path.clone(),
                decoder: None,
                bundle: None,
                depth: 0,
            };
            openings.push((text.clone(), opening));
        }
        for &capability in api.capabilities {
            facts.uses.push(Use {
                capability,
                api: path.clone(),
                place: place(chain.span),
                arguments: arguments(api, &chain, &path),
                via: Some("seen in its tokens only".to_owned()),
                concealed: false,
            });
        }
    }
    let mut room = Within::room(text.len());
    for (text, opening) in openings.into_iter().take(MAX_INNER) {
        open_commands(&text, &shell::read(&text), &opening, &mut room, &mut facts);
    }
    facts.unknowns.push(Unknown {
        message: "was read by its tokens only".to_owned(),
        place: Place::default(),
        lends: None,
    });
    facts
}

/// The entry of the table that a dotted name means, if using it so uses a power.
fn api_of(chain: &Chain) -> Option<(String, &'static capability::Api)> {
    let (first, rest) = chain.names.split_first()?;
    let root = if chain.module {
        capability::builtin_module(first).or_else(|| capability::known_package(first))?
    } else if chain.local {
        return None;
    } else {
        match capability::global(first)? {
            Global::Powerful(path) => path,
            Global::GlobalObject | Global::Harmless => return None,
        }
    };
    let path = rest
        .iter()
        .fold(root.to_owned(), |path, key| capability::member(&path, key).into_owned());
    let api = capability::api(&path)?;
    let used = match api.on {
        On::Call => chain.called,
        On::Read => true,
        On::Write | On::Import => false,
    };
    (used && !api.capabilities.is_empty()).then_some((path, api))
}

fn arguments(api: &capability::Api, chain: &Chain, path: &str) -> Arguments {
    let mut out = Arguments::default();
    if api.path == "process.env" {
        out.variables
            .push(path.strip_prefix("process.env.").unwrap_or("*").to_owned());
    }
    for (role, text) in api.arguments.iter().zip(&chain.arguments) {
        let Some(text) = text else { continue };
        let list = match role {
            Role::Url | Role::Host | Role::Name => &mut out.hosts,
            Role::Path => &mut out.paths,
            Role::Command => &mut out.commands,
            _ => continue,
        };
        list.push(shorten(text));
    }
    out
}
