//! What opens a layer: everything that runs a text it is given.
//!
//! The API table says most of it by its roles: `code` and `timer` (eval, Function, vm, timers, `module._compile`),
//! `command` and `argv` (child processes), `html` (markup that is put into the page). A `url` opens a layer if it carries
//! code itself (`data:`, `javascript:`, a blob's) and its API runs what it loads: workers, `importScripts`, navigation.
//! Options (`eval: true`, `shell`, `execArgv`), script elements and imports are told here.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Given, MAX_INNER, markup, page::element};
use crate::{
    facts::{
        Code,
        calls::{may_be_text, span_of_expr},
        capability::{self, Capability, Role},
        evaluate::Analysis,
        flow::{Kind, Trail},
        model::{ScopeId, Specifier},
        sinks::RawFlow,
        uses::{Manner, RawUse},
        value::{GAP, Hidden, Value},
    },
    span::Span,
};

/// How many programs one call may start, whichever way it goes.
const MAX_WAYS: usize = 4;
/// How many bytes of texts are looked through in the smallest module.
const ROOM: usize = 1 << 20;

/// What the analysis of one text knows of the code around it, and where it stands with its own layers.
#[derive(Default)]
pub(in crate::facts) struct Inside {
    /// What names mean that the code around declares.
    pub(in crate::facts) given: FxHashMap<String, Given>,
    pub(super) looks: u32,
    /// How many bytes of texts may still be looked through.
    room: usize,
    /// The assignments to members, by place; filled when first asked.
    pub(super) writes: FxHashMap<Span, u32>,
}

impl Inside {
    /// The state for a text of this length.
    pub(in crate::facts) fn of(length: usize) -> Self {
        Self {
            room: length.saturating_mul(2).saturating_add(ROOM),
            ..Self::default()
        }
    }

    pub(super) fn spend(&mut self, bytes: usize) -> bool {
        let left = self.room.checked_sub(bytes);
        self.room = left.unwrap_or(self.room);
        left.is_some()
    }
}

/// A text that runs as code.
pub(in crate::facts) struct RawCode {
    pub(in crate::facts) api: String,
    pub(in crate::facts) span: Span,
    pub(in crate::facts) scope: ScopeId,
    pub(in crate::facts) code: Code,
    pub(in crate::facts) text: Option<Rc<str>>,
    pub(in crate::facts) steps: Vec<(Span, String)>,
    pub(in crate::facts) decoder: Option<String>,
    pub(in crate::facts) names: Names,
}

/// What names mean in a text that runs as code.
pub(in crate::facts) enum Names {
    /// What they mean everywhere.
    Globals,
    /// What they mean where it is run: a direct `eval`.
    Around(ScopeId),
    /// The same as everywhere but for these: parameters, a sandbox's members.
    These(Vec<(String, Given)>),
}

/// A command line that is run.
pub(in crate::facts) struct RawCommand {
    pub(in crate::facts) api: String,
    pub(in crate::facts) span: Span,
    pub(in crate::facts) scope: ScopeId,
    /// The program and its arguments, or the line that a shell splits.
    pub(in crate::facts) words: Vec<String>,
    pub(in crate::facts) shell: bool,
    pub(in crate::facts) decoded: bool,
}

impl<'a> Analysis<'a> {
    /// An API runs its argument as code.
    pub(in crate::facts) fn code_sink(
        &mut self,
        raw: &RawUse<'a>,
        position: usize,
        flows: &mut Vec<RawFlow>,
        codes: &mut Vec<RawCode>,
    ) {
        // `Function(a, b, body)`: the last argument is the code.
        let position = if matches!(&*raw.path, "Function") {
            raw.args.len().saturating_sub(1)
        } else {
            position
        };
        let value = raw.args.get(position).cloned().unwrap_or(Value::Undefined);
        if matches!(value, Value::Function(_) | Value::Undefined) {
            return;
        }
        let mut trail = Trail::with_callers();
        let plain = |one: &Value<'_>| matches!(one, Value::Text(_, Hidden::Plain));
        // What is written out comes from nowhere else.
        let written_out = value.alternatives().iter().all(plain);
        if let Some(expr) = Self::own_arguments(raw).get(position).copied().filter(|_| !written_out) {
            let timer = raw
                .api
                .is_some_and(|api| api.arguments.get(position) == Some(&Role::TimerCode));
            if timer && !may_be_text(expr, Some(&value)) {
                return;
            }
            self.trace(expr, raw.scope, &mut trail);
        }
        let decoder = trail.found.iter().find(|o| o.kind == Kind::Decoder);
        let texts: Vec<Rc<str>> = value
            .alternatives()
            .iter()
            .filter_map(|value| match value {
                Value::Text(text, _) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let all = texts.len() == value.alternatives().len();
        let code = match value.hidden() {
            Hidden::Plain if all => Code::Constant,
            Hidden::Assembled if all => Code::Assembled,
            Hidden::Decoded if all => Code::Decoded,
            _ if decoder.is_some() => Code::DecodedUnknown,
            _ if trail.found.iter().any(|o| o.kind == Kind::Caller) => Code::Caller,
            _ => Code::Unknown,
        };
        let steps: Vec<(Span, String)> = decoder
            .map(|o| vec![(o.span, format!("decoded by `{}`", o.api))])
            .unwrap_or_default();
        let decoder = match code {
            Code::Decoded => Some(decoder.map_or_else(String::new, |o| o.api.to_string())),
            _ => None,
        };
        let texts: Vec<Option<Rc<str>>> = if texts.is_empty() {
            vec![None]
        } else {
            texts.into_iter().map(Some).collect()
        };
        for text in texts {
            let names = text.as_ref().map_or(Names::Globals, |_| self.names_in(raw));
            codes.push(RawCode {
                api: raw.path.to_string(),
                span: raw.span,
                scope: raw.scope,
                code,
                text,
                steps: steps.clone(),
                decoder: decoder.clone(),
                names,
            });
        }
        self.add_flows(
            trail,
            capability::Sink::Code,
            &raw.path,
            raw.span,
            raw.scope,
            &[],
            flows,
        );
    }

    /// Everything else that runs a text: commands, markup, URLs that carry code, script elements, imports.
    pub(in crate::facts) fn find_layers(&mut self, codes: &mut Vec<RawCode>) -> Vec<RawCommand> {
        let mut commands = Vec::new();
        for index in 0..self.uses.len() {
            let raw = &self.uses[index];
            let element = element(raw);
            let Some(api) = element.as_ref().map_or(raw.api, |(_, api)| *api) else {
                continue;
            };
            // A member of the page's body is read by its name, called or not.
            let called = raw.manner == Manner::Called || (element.is_some() && raw.node.is_some());
            let may_open = match raw.manner {
                _ if called => {
                    raw.capabilities
                        .iter()
                        .any(|power| matches!(power, Capability::ProcessExec | Capability::Worker | Capability::Dom))
                        || &*raw.path == "importScripts"
                }
                Manner::Written => raw.capabilities.contains(&Capability::Dom),
                _ => false,
            };
            let known = element.is_some() || raw.path.starts_with("Element#");
            if !may_open || api.arguments.is_empty() && !known {
                continue;
            }
            let mut raw = raw.clone();
            if let Some((path, _)) = element {
                raw.path = path;
                if let Some(node) = raw.node.filter(|_| called) {
                    raw.args = self.arguments(node, raw.scope);
                }
            }
            let size = raw.args.iter().filter_map(Value::as_text).map(str::len).sum();
            if !self.inside.spend(size) {
                continue;
            }
            if raw.capabilities.contains(&Capability::ProcessExec) {
                if commands.len() < MAX_INNER {
                    commands.extend(self.command_line(&raw, api));
                }
            } else if raw.manner == Manner::Written {
                self.written_code(&raw, api, codes);
            } else {
                self.called_code(&raw, api, codes);
            }
        }
        self.imported_code(codes);
        commands
    }

    /// `import('data:…')`, `import x from 'data:…'`, `import(URL.createObjectURL(…))`.
    fn imported_code(&mut self, codes: &mut Vec<RawCode>) {
        let mut found: Vec<(String, bool, Span, ScopeId)> = Vec::new();
        for import in &self.imports {
            if let Some(text) = import.specifier.as_deref().filter(|text| text.starts_with("data:")) {
                let texts = markup::code_of_url(text).into_iter();
                found.extend(texts.map(|code| (code, markup::is_encoded(text), import.span, import.scope)));
            }
        }
        for index in 0..self.model.imports.len() {
            let import = &self.model.imports[index];
            let scope = import.scope;
            if let Specifier::Computed(expr) = import.specifier
                && let Some(text) = self.blob(expr, scope)
            {
                found.push((text, false, span_of_expr(expr), scope));
            }
        }
        for (text, decoded, span, scope) in found {
            codes.push(RawCode {
                api: "import".to_owned(),
                span,
                scope,
                code: if decoded { Code::Decoded } else { Code::Constant },
                text: Some(text.into()),
                steps: Vec::new(),
                decoder: decoded.then(|| "a `data:` URL".to_owned()),
                names: Names::Globals,
            });
        }
    }

    /// The command line that a program is started with.
    fn command_line(&mut self, raw: &RawUse<'a>, api: &'static capability::Api) -> Vec<RawCommand> {
        let at = |role| api.arguments.iter().position(|known| *known == role);
        let options = raw.args.iter().rev().find(|value| matches!(value, Value::Object(..)));
        let option =
            |analysis: &mut Self, name| options.map_or(Value::Undefined, |options| analysis.get(options, name, None));
        if &*raw.path == "child_process.fork" {
            let Value::Array(flags) = option(self, "execArgv") else {
                return Vec::new();
            };
            let mut words = vec!["node".to_owned()];
            words.extend(flags.iter().map(word));
            return vec![command(raw, words, false, Hidden::Plain)];
        }
        let Some(first) = at(Role::Command).and_then(|at| raw.args.get(at)) else {
            return Vec::new();
        };
        let hidden = raw.args.iter().map(Value::hidden).max().unwrap_or_default();
        let argv = at(Role::Argv);
        let given = argv.and_then(|at| raw.args.get(at)).cloned();
        let more = option(self, "args");
        let through_shell = match option(self, "shell") {
            Value::Bool(shell) => shell,
            Value::Text(..) => true,
            _ => argv.is_none() && !matches!(first, Value::Array(_)),
        };
        let mut out = Vec::new();
        for (index, start) in first.alternatives().iter().enumerate().take(MAX_WAYS) {
            let all = first.alternatives().len();
            let mut words: Vec<String> = match start {
                Value::Array(items) => items.iter().map(word).collect(),
                value => vec![word(value)],
            };
            if words.iter().all(|word| is_gap(word)) {
                continue;
            }
            match given.as_ref().map(|given| one_way(given, index, all)) {
                Some(Value::Array(items)) => words.extend(items.iter().map(|item| word(one_way(item, index, all)))),
                Some(Value::Object(..)) | None => {}
                Some(_) => words.push(GAP.to_string()),
            }
            if let Value::Array(items) = &more {
                words.extend(items.iter().map(word));
            }
            out.push(command(raw, words, through_shell, hidden));
        }
        out
    }
}

/// `win ? 'cmd' : 'sh'` with `win ? '/c' : '-c'`: what is chosen together is taken together.
fn one_way<'v, 'a>(value: &'v Value<'a>, index: usize, all: usize) -> &'v Value<'a> {
    let ways = value.alternatives();
    if ways.len() == all {
        ways.get(index).unwrap_or(value)
    } else {
        value
    }
}

fn command(raw: &RawUse<'_>, words: Vec<String>, shell: bool, hidden: Hidden) -> RawCommand {
    RawCommand {
        api: raw.path.to_string(),
        span: raw.span,
        scope: raw.scope,
        words,
        shell,
        decoded: hidden == Hidden::Decoded,
    }
}

/// A word of a command; the running Node is `node`.
fn word(value: &Value<'_>) -> String {
    match value {
        Value::Api(path) if matches!(&**path, "process.execPath" | "process.argv0" | "process.argv.0") => {
            "node".to_owned()
        }
        value => value
            .to_partial()
            .map_or_else(|| GAP.to_string(), |text| text.to_string()),
    }
}

fn is_gap(word: &str) -> bool {
    word.chars().all(|c| c == GAP)
}

/// Notes code whose text is known. Bundlers put whole workers and style loaders into texts, so only what was decoded
/// before it became markup counts as hidden.
pub(super) fn push_code(raw: &RawUse<'_>, text: &str, decoded: bool, codes: &mut Vec<RawCode>) {
    codes.push(RawCode {
        api: raw.path.to_string(),
        span: raw.span,
        scope: raw.scope,
        code: if decoded { Code::Decoded } else { Code::Constant },
        text: Some(text.into()),
        steps: Vec::new(),
        decoder: decoded.then(String::new),
        names: Names::Globals,
    });
}
