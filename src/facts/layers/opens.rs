//! What opens a layer: everything that runs a text it is given.
//!
//! The API table says most of it by its roles: `code` and `timer` (eval, Function, vm, timers, `module._compile`),
//! `command` and `argv` (child processes), `html` (markup that is put into the page). A `url` opens a layer if it carries
//! code itself (`data:`, `javascript:`, a blob's) and its API runs what it loads: workers, `importScripts`, navigation.
//! Options (`eval: true`, `shell`, `execArgv`), script elements and imports are told here.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use swc_ecma_ast::{Expr, Prop, PropOrSpread};

use super::{Given, markup};
use crate::{
    facts::{
        Code,
        calls::{as_member, may_be_text, span_of_expr, stripped},
        capability::{self, Capability, Role},
        collect::key_text,
        evaluate::Analysis,
        flow::{Kind, Trail},
        model::{CallNode, ScopeId, Source, Specifier},
        sinks::{RawFlow, add_flows},
        uses::{Manner, RawUse},
        value::{GAP, Hidden, Value},
    },
    package::shell::{self, Script},
    parse::span_of,
    span::Span,
};

/// How many names a value is followed through to where it was made.
const MAX_HOPS: usize = 8;
/// How many calls of a made function are looked for.
const MAX_LOOKS: u32 = 16;
/// How many assignments to a global are looked at.
const MAX_ASSIGNS: u32 = 16;

/// What the analysis of one text knows of the code around it, and where it stands with its own layers.
#[derive(Default)]
pub(in crate::facts) struct Inside {
    /// What names mean that the code around declares.
    pub(in crate::facts) given: FxHashMap<String, Given>,
    looks: u32,
    /// The assignments to members, by place; filled when first asked.
    writes: FxHashMap<Span, u32>,
}

/// A text that runs as code.
pub(in crate::facts) struct RawCode {
    pub(in crate::facts) api: String,
    pub(in crate::facts) span: Span,
    pub(in crate::facts) scope: ScopeId,
    pub(in crate::facts) code: Code,
    pub(in crate::facts) text: Option<String>,
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
    pub(in crate::facts) text: String,
    pub(in crate::facts) script: Script,
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
        let mut trail = Trail::default();
        if let Some(expr) = Self::own_arguments(raw).get(position).copied() {
            let timer = raw
                .api
                .is_some_and(|api| api.arguments.get(position) == Some(&Role::TimerCode));
            if timer && !may_be_text(expr, Some(&value)) {
                return;
            }
            self.trace(expr, raw.scope, &mut trail);
        }
        let decoder = trail.found.iter().find(|o| o.kind == Kind::Decoder);
        let texts: Vec<&str> = value.alternatives().iter().filter_map(Value::as_text).collect();
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
        let texts: Vec<Option<&str>> = match texts.as_slice() {
            [] => vec![None],
            texts => texts.iter().copied().map(Some).collect(),
        };
        for text in texts {
            codes.push(RawCode {
                api: raw.path.to_string(),
                span: raw.span,
                scope: raw.scope,
                code,
                text: text.map(str::to_owned),
                steps: steps.clone(),
                decoder: decoder.clone(),
                names: text.map_or(Names::Globals, |_| self.names_in(raw)),
            });
        }
        add_flows(
            trail,
            capability::Sink::Code,
            &raw.path,
            raw.span,
            raw.scope,
            &[],
            flows,
        );
    }

    /// What names mean in the code that an API is given.
    fn names_in(&mut self, raw: &RawUse<'a>) -> Names {
        match &*raw.path {
            // Only a call by this very name sees the names around it.
            "eval" => match raw.node {
                Some(CallNode::Call(call)) if matches!(call.callee.as_expr().map(|e| &**e), Some(Expr::Ident(_))) => {
                    Names::Around(raw.scope)
                }
                _ => Names::Globals,
            },
            "Function" => {
                let last = raw.args.len().saturating_sub(1);
                let Some(names) = parameters(raw.args.get(..last).unwrap_or_default()) else {
                    return Names::Globals;
                };
                let given = raw.node.and_then(|node| self.called_with(node));
                let names = names.into_iter().enumerate().filter_map(|(index, name)| {
                    let given = given
                        .as_ref()
                        .map(|given| given.get(index).map_or(Given::Unknown, give));
                    // A parameter of this name is filled with what it says.
                    (given.is_some() || name != "require").then(|| (name, given.unwrap_or(Given::Unknown)))
                });
                Names::These(names.collect())
            }
            "vm.compileFunction" => match raw.args.get(1) {
                Some(Value::Array(items)) => match parameters(items) {
                    Some(names) => {
                        let unknown = names.into_iter().filter(|name| name != "require");
                        Names::These(unknown.map(|name| (name, Given::Unknown)).collect())
                    }
                    None => Names::Globals,
                },
                _ => Names::Globals,
            },
            "vm.runInNewContext" | "vm.runInContext" => {
                let sandbox = raw.args.get(1).cloned().unwrap_or(Value::Undefined);
                let sandbox = match sandbox {
                    Value::Object(..) => sandbox,
                    _ => self.sandbox(raw).unwrap_or(Value::Unknown),
                };
                Names::These(self.members(&sandbox))
            }
            _ => Names::Globals,
        }
    }

    /// The object that `vm.createContext` made a context of.
    fn sandbox(&mut self, raw: &RawUse<'a>) -> Option<Value<'a>> {
        let expr = Self::own_arguments(raw).get(1).copied()?;
        let (made, scope) = self.origin(expr, raw.scope)?;
        let object = self.argument_of(made, scope, "vm.createContext", 0)?;
        Some(self.value(object, scope))
    }

    /// The members of an object that is written out.
    fn members(&mut self, value: &Value<'a>) -> Vec<(String, Given)> {
        let Value::Object(object, _) = value else {
            return Vec::new();
        };
        let keys = object.props.iter().filter_map(|prop| match prop {
            PropOrSpread::Prop(prop) => match &**prop {
                Prop::Shorthand(name) => Some(&*name.sym),
                Prop::KeyValue(pair) => key_text(&pair.key),
                Prop::Method(method) => key_text(&method.key),
                _ => None,
            },
            PropOrSpread::Spread(_) => None,
        });
        keys.take(64)
            .map(|key| (key.to_owned(), give(&self.get(value, key, None))))
            .collect()
    }

    /// What a name means at a place, for code that is run there; `None` if it is a global.
    pub(in crate::facts) fn given_at(&mut self, name: &str, scope: ScopeId) -> Option<Given> {
        match self.model.lookup(&name.into(), scope) {
            Some(binding) => Some(give(&self.meant(Some(binding), name))),
            None => self.inside.given.get(name).cloned(),
        }
    }

    /// The value of a name that the code around this layer declares.
    pub(in crate::facts) fn given_value(&self, name: &str) -> Option<Value<'a>> {
        Some(match self.inside.given.get(name)? {
            Given::Unknown => Value::Unknown,
            Given::Api(path) => Value::Api(path.clone()),
            Given::Module(specifier, path) => Value::Module(specifier.clone(), path.clone()),
            Given::Text(text) => Value::Text(text.clone(), Hidden::Plain),
            Given::Global => Value::Global,
        })
    }

    /// What a function that a call makes is called with on the spot: `Function('a', code)(x)`.
    fn called_with(&mut self, node: CallNode<'a>) -> Option<Vec<Value<'a>>> {
        if self.inside.looks >= MAX_LOOKS {
            return None;
        }
        self.inside.looks += 1;
        let address = node.address();
        let call = self.model.calls.iter().find(|call| {
            let callee = call.node.callee().map(stripped);
            match callee {
                Some(Expr::Call(call)) => std::ptr::from_ref(call) as usize == address,
                Some(Expr::New(new)) => std::ptr::from_ref(new) as usize == address,
                _ => false,
            }
        })?;
        let (node, scope) = (call.node, call.scope);
        Some(self.arguments(node, scope))
    }

    /// Everything else that runs a text: commands, markup, URLs that carry code, script elements, imports.
    pub(in crate::facts) fn find_layers(&mut self, codes: &mut Vec<RawCode>) -> Vec<RawCommand> {
        let mut commands = Vec::new();
        for index in 0..self.uses.len() {
            let raw = &self.uses[index];
            let Some(api) = raw.api else { continue };
            let may_open = match raw.manner {
                Manner::Called => {
                    raw.capabilities
                        .iter()
                        .any(|power| matches!(power, Capability::ProcessExec | Capability::Worker | Capability::Dom))
                        || &*raw.path == "importScripts"
                }
                Manner::Written => raw.capabilities.contains(&Capability::Dom),
                Manner::Read | Manner::Passed => false,
            };
            if !may_open || api.arguments.is_empty() && !raw.path.starts_with("Element#") {
                continue;
            }
            let raw = raw.clone();
            if raw.capabilities.contains(&Capability::ProcessExec) {
                commands.extend(self.command_line(&raw, api));
            } else if raw.manner == Manner::Written {
                self.written_code(&raw, api, codes);
            } else {
                self.called_code(&raw, api, codes);
            }
        }
        self.imported_code(codes);
        commands
    }

    /// A call that puts markup or a script into the page, or starts a worker.
    fn called_code(&mut self, raw: &RawUse<'a>, api: &'static capability::Api, codes: &mut Vec<RawCode>) {
        let expressions = Self::own_arguments(raw);
        if &*raw.path == "worker_threads.Worker" {
            let evals = raw.args.get(1).cloned().unwrap_or(Value::Undefined);
            let evals =
                matches!(evals, Value::Object(..)) && matches!(self.get(&evals, "eval", None), Value::Bool(true));
            match raw.args.first() {
                Some(Value::Text(text, _)) if evals => push_code(raw, text, false, codes),
                Some(value) => self.url(raw, value, None, codes),
                None => {}
            }
            return;
        }
        if raw.path.starts_with("Element#") {
            self.element_call(raw, &expressions, codes);
        }
        for (index, role) in api.arguments.iter().enumerate() {
            let Some(value) = raw.args.get(index) else { break };
            match role {
                Role::Html => markup_code(raw, value, codes),
                Role::Url => self.url(raw, value, expressions.get(index).copied(), codes),
                _ => {}
            }
        }
    }

    /// `setAttribute('onclick', code)`, `script.append(code)`.
    fn element_call(&mut self, raw: &RawUse<'a>, expressions: &[&'a Expr], codes: &mut Vec<RawCode>) {
        match &*raw.path {
            "Element#setAttribute" => {
                let (Some(name), Some(value)) = (raw.args.first().and_then(Value::as_text), raw.args.get(1)) else {
                    return;
                };
                let name = name.to_ascii_lowercase();
                if name.starts_with("on") {
                    if let Some(text) = value.as_text() {
                        push_code(raw, text, false, codes);
                    }
                } else if name == "srcdoc" {
                    markup_code(raw, value, codes);
                } else if matches!(name.as_str(), "src" | "href" | "action" | "formaction" | "data") {
                    self.url(raw, value, None, codes);
                }
            }
            "Element#appendChild" | "Element#append" | "Element#prepend" | "Element#replaceChildren" => {
                let object = raw.node.and_then(CallNode::callee).map(stripped).and_then(as_member);
                let Some(object) = object.map(|member| &*member.obj) else {
                    return;
                };
                if !self.is_script(object, raw.scope) {
                    return;
                }
                for (index, expr) in expressions.iter().enumerate() {
                    let text = match raw.args.get(index) {
                        Some(Value::Text(text, _)) => Some(text.clone()),
                        _ => self.text_node(expr, raw.scope),
                    };
                    if let Some(text) = text {
                        push_code(raw, &text, false, codes);
                    }
                }
            }
            _ => {}
        }
    }

    fn text_node(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<Rc<str>> {
        let (made, scope) = self.origin(expr, scope)?;
        let text = self.argument_of(made, scope, "document.createTextNode", 0)?;
        match self.value(text, scope) {
            Value::Text(text, _) => Some(text),
            _ => None,
        }
    }

    /// `element.innerHTML = markup`, `script.text = code`, `location.href = 'javascript:…'`.
    fn written_code(&mut self, raw: &RawUse<'a>, api: &'static capability::Api, codes: &mut Vec<RawCode>) {
        let Some((object, value, scope)) = self.assigned_at(raw.span) else {
            return;
        };
        let member = raw.path.strip_prefix("Element#").unwrap_or_default();
        let script = matches!(member, "text" | "textContent" | "innerText" | "innerHTML" | "src")
            && object.is_some_and(|object| self.is_script(object, scope));
        let worth = self.value(value, scope);
        match api.arguments.first() {
            _ if script && member != "src" => {
                if let Some(text) = worth.as_text() {
                    push_code(raw, text, worth.hidden() == Hidden::Decoded, codes);
                }
            }
            Some(Role::Html) => markup_code(raw, &worth, codes),
            Some(Role::Url) => self.url(raw, &worth, script.then_some(value), codes),
            _ => {}
        }
    }

    /// The object and value of the assignment at a place.
    fn assigned_at(&mut self, span: Span) -> Option<(Option<&'a Expr>, &'a Expr, ScopeId)> {
        if self.inside.writes.is_empty() {
            for (index, write) in (0u32..).zip(&self.model.member_writes) {
                self.inside.writes.insert(span_of(write.target.span), index);
            }
        }
        if let Some(&index) = self.inside.writes.get(&span) {
            let write = self.model.member_writes.get(index as usize)?;
            return Some((Some(&write.target.obj), write.value, write.scope));
        }
        // `location = '…'`: the place is the value's.
        let name = self.model.known_name(&"location".into())?;
        let mut at = self.model.names.get(name as usize)?.first_assign;
        for _ in 0..MAX_ASSIGNS {
            let assign = self.model.assigns.get(at as usize)?;
            at = assign.next;
            if let Source::Expr(value, scope) = assign.source
                && span_of_expr(value) == span
            {
                return Some((None, value, scope));
            }
        }
        None
    }

    /// A URL that may carry its code with it.
    fn url(&mut self, raw: &RawUse<'a>, value: &Value<'a>, made: Option<&'a Expr>, codes: &mut Vec<RawCode>) {
        for text in value.alternatives().iter().filter_map(Value::as_text) {
            for code in markup::code_of_url(text) {
                push_code(raw, &code, false, codes);
            }
        }
        let loads = raw.capabilities.contains(&Capability::Worker)
            || raw.capabilities.contains(&Capability::DynamicCode)
            || &*raw.path == "Element#src";
        if loads && let Some(text) = made.and_then(|expr| self.blob(expr, raw.scope)) {
            push_code(raw, &text, false, codes);
        }
    }

    /// The text of `URL.createObjectURL(new Blob([text]))`.
    fn blob(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<String> {
        let (made, scope) = self.origin(expr, scope)?;
        let (made, scope) = match self.argument_of(made, scope, "URL", 0) {
            Some(inner) => self.origin(inner, scope)?,
            None => (made, scope),
        };
        let blob = ["URL.createObjectURL", "webkitURL.createObjectURL"]
            .iter()
            .find_map(|api| self.argument_of(made, scope, api, 0))?;
        let (blob, scope) = self.origin(blob, scope)?;
        let parts = ["Blob", "File"]
            .iter()
            .find_map(|api| self.argument_of(blob, scope, api, 0))?;
        let Value::Array(parts) = self.value(parts, scope) else {
            return None;
        };
        let mut text = String::new();
        for part in parts.iter() {
            text.push_str(part.as_text()?);
        }
        Some(text)
    }

    /// Whether an expression is an element made as a script.
    fn is_script(&mut self, expr: &'a Expr, scope: ScopeId) -> bool {
        let Some((made, scope)) = self.origin(expr, scope) else {
            return false;
        };
        let name = self
            .argument_of(made, scope, "document.createElement", 0)
            .or_else(|| self.argument_of(made, scope, "document.createElementNS", 1));
        let Some(name) = name else { return false };
        let name = self.value(name, scope);
        name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("script"))
    }

    /// The n-th argument of a call or construction of an API.
    fn argument_of(&mut self, made: &'a Expr, scope: ScopeId, api: &str, index: usize) -> Option<&'a Expr> {
        let node = match made {
            Expr::Call(call) => CallNode::Call(call),
            Expr::New(new) => CallNode::New(new),
            _ => return None,
        };
        let callee = self.value(stripped(node.callee()?), scope);
        let meant = callee
            .alternatives()
            .iter()
            .any(|value| matches!(value, Value::Api(path) if &**path == api));
        let argument = node.arguments().get(index).filter(|arg| arg.spread.is_none())?;
        meant.then_some(&*argument.expr)
    }

    /// The expression that made a value, through names that are given one value only.
    fn origin(&self, expr: &'a Expr, scope: ScopeId) -> Option<(&'a Expr, ScopeId)> {
        let (mut at, mut scope) = (expr, scope);
        for _ in 0..MAX_HOPS {
            at = stripped(at);
            if let Expr::Await(awaited) = at {
                at = &awaited.arg;
                continue;
            }
            let Expr::Ident(name) = at else {
                return Some((at, scope));
            };
            let binding = self.model.lookup(&name.sym, scope)?;
            let writes = self.model.writes_of(binding).map(|w| (w.source, w.path.is_empty()));
            let assigns = self
                .model
                .assigns_of(binding)
                .map(|a| (a.source, a.path.is_empty() && !a.compound));
            let mut given = writes.chain(assigns);
            let (Some((Source::Expr(value, around), true)), None) = (given.next(), given.next()) else {
                return None;
            };
            (at, scope) = (value, around);
        }
        None
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
                text: Some(text),
                steps: Vec::new(),
                decoder: decoded.then(|| "a `data:` URL".to_owned()),
                names: Names::Globals,
            });
        }
    }

    /// The command line that a program is started with.
    fn command_line(&mut self, raw: &RawUse<'a>, api: &'static capability::Api) -> Option<RawCommand> {
        let at = |role| api.arguments.iter().position(|known| *known == role);
        let options = raw
            .args
            .iter()
            .rev()
            .find(|value| matches!(value, Value::Object(..)))
            .cloned();
        let option = |analysis: &mut Self, name| {
            options
                .as_ref()
                .map_or(Value::Undefined, |options| analysis.get(options, name, None))
        };
        if &*raw.path == "child_process.fork" {
            let Value::Array(flags) = option(self, "execArgv") else {
                return None;
            };
            let mut words = vec!["node".to_owned()];
            words.extend(flags.iter().map(word));
            return Some(command(raw, words.join(" "), shell::read_words(words), Hidden::Plain));
        }
        let first = raw.args.get(at(Role::Command)?)?;
        let hidden = raw.args.iter().map(Value::hidden).max().unwrap_or_default();
        let mut words: Vec<String> = match first {
            Value::Array(items) => items.iter().map(word).collect(),
            value => vec![value.alternatives().iter().map(word).find(|word| !is_gap(word))?],
        };
        let argv = at(Role::Argv);
        match argv.and_then(|at| raw.args.get(at)) {
            Some(Value::Array(items)) => words.extend(items.iter().map(word)),
            Some(Value::Object(..)) | None => {}
            Some(_) => words.push(GAP.to_string()),
        }
        if let Value::Array(items) = option(self, "args") {
            words.extend(items.iter().map(word));
        }
        let through_shell = match option(self, "shell") {
            Value::Bool(shell) => shell,
            Value::Text(..) => true,
            _ => argv.is_none() && !matches!(first, Value::Array(_)),
        };
        let text = words.join(" ");
        let script = if through_shell {
            shell::read(&text)
        } else {
            shell::read_words(words)
        };
        Some(command(raw, text, script, hidden))
    }
}

fn command(raw: &RawUse<'_>, text: String, script: Script, hidden: Hidden) -> RawCommand {
    RawCommand {
        api: raw.path.to_string(),
        span: raw.span,
        scope: raw.scope,
        text,
        script,
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

/// The names that texts of parameters declare; `None` if they cannot be told.
fn parameters(values: &[Value<'_>]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for value in values {
        names.extend(value.as_text()?.split(',').map(|name| name.trim().to_owned()));
    }
    Some(names)
}

/// What an inner text may know of a value of the code around it.
fn give(value: &Value<'_>) -> Given {
    match value {
        Value::Api(path) => Given::Api(path.clone()),
        Value::Module(specifier, path) => Given::Module(specifier.clone(), path.clone()),
        Value::Text(text, _) => Given::Text(text.clone()),
        Value::Global => Given::Global,
        _ => Given::Unknown,
    }
}

fn markup_code(raw: &RawUse<'_>, value: &Value<'_>, codes: &mut Vec<RawCode>) {
    let text = match value {
        Value::Text(text, _) => text,
        _ => return,
    };
    let decoded = value.hidden() == Hidden::Decoded;
    for code in markup::scripts(text) {
        push_code(raw, &code, decoded, codes);
    }
}

/// Notes code whose text is known. Bundlers put whole workers and style loaders into texts, so only what was decoded
/// before it became markup counts as hidden.
fn push_code(raw: &RawUse<'_>, text: &str, decoded: bool, codes: &mut Vec<RawCode>) {
    codes.push(RawCode {
        api: raw.path.to_string(),
        span: raw.span,
        scope: raw.scope,
        code: if decoded { Code::Decoded } else { Code::Constant },
        text: Some(text.to_owned()),
        steps: Vec::new(),
        decoder: decoded.then(String::new),
        names: Names::Globals,
    });
}
