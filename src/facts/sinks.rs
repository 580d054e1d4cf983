//! Where data leaves or becomes code: each sink's arguments are followed back to their sources.

use swc_ecma_ast::Expr;

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Capability, Role, Sink, Source},
    deliveries::typed,
    edges::is_inner,
    evaluate::Analysis,
    flow::{Kind, MAX_LENGTH, Origin, Trail},
    layers::RawCode,
    model::{CallNode, ImportSyntax, NONE, ScopeId, Specifier},
    seams::{RawEnd, STEPS},
    uses::{Manner, RawUse},
    value::{Hidden, Value},
    ways::plain_key,
    writes::is_own,
};
use crate::span::Span;

/// How many stages of a pipeline are looked at.
const MAX_STAGES: usize = 8;

/// How commands begin that fetch something.
const FETCHERS: [&str; 4] = ["curl ", "powershell ", "powershell.exe ", "wget "];

/// Data from a source that reaches a sink.
pub(super) struct RawFlow {
    pub(super) origin: Origin,
    pub(super) sink: Sink,
    pub(super) api: String,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) target: Vec<String>,
}

impl<'a> Analysis<'a> {
    /// Follows the data of every sink among the uses.
    pub(super) fn find_flows(&mut self) -> (Vec<RawFlow>, Vec<RawCode>) {
        let (mut flows, mut codes) = (Vec::new(), Vec::new());
        let has_source = self
            .uses
            .iter()
            .any(|raw| raw.api.is_some_and(|api| api.source.is_some()) || hears_typing(&raw.path) || replaces(raw));
        let has_sink = !self.sinks.is_empty() || self.uses.iter().any(|raw| raw.api.and_then(sink_of).is_some());
        let meets = has_sink
            || self
                .imports
                .iter()
                .any(|one| one.specifier.as_deref().is_some_and(is_inner));
        let has_source = meets && self.is_given_secrets() || has_source;
        let shares = self.find_shared(has_source, has_sink);
        for index in 0..self.uses.len() {
            let raw = self.uses[index].clone();
            let Some(api) = raw.api else {
                self.decoded_import(&raw, &mut flows);
                continue;
            };
            if raw.manner == Manner::Written
                && let Some(sink) = api.sink
                && (has_source || shares)
            {
                self.written_sink(&raw, sink, &mut flows);
            }
            if raw.manner != Manner::Called {
                continue;
            }
            let code = api
                .arguments
                .iter()
                .position(|role| matches!(role, Role::Code | Role::TimerCode));
            if let Some(position) = code {
                self.code_sink(&raw, position, &mut flows, &mut codes);
            } else if let Some(sink) = sink_of(api)
                && (has_source || shares || sink == Sink::Exec)
            {
                self.data_sink(&raw, api, sink, &mut flows);
            }
        }
        if has_source || shares {
            for raw in std::mem::take(&mut self.sinks) {
                if let Some(api) = raw.api
                    && let Some(sink) = api.sink
                {
                    self.data_sink(&raw, api, sink, &mut flows);
                }
            }
            self.pipes(&mut flows);
        }
        (flows, codes)
    }

    /// Whether a command has a program fetch something whose name is not found in the text: it was put together.
    fn spells(&self, api: &capability::Api, args: &[Value<'a>]) -> bool {
        let commands = api.arguments.iter().zip(args);
        let mut commands = commands.filter(|(role, _)| **role == Role::Command);
        commands.any(|(_, value)| {
            let text = value.as_text().unwrap_or_default();
            FETCHERS
                .iter()
                .any(|program| text.contains(*program) && !self.text.contains(program.trim()))
        })
    }

    /// Whether a use's command or host was decoded first, or its name was.
    pub(super) fn is_concealed(&self, raw: &RawUse<'a>) -> bool {
        let named = self.concealed.contains(&(raw.path.clone(), raw.span.start));
        let Some(api) = raw.api else { return named };
        let decoded = api.arguments.iter().zip(&raw.args).any(|(role, value)| {
            matches!(role, Role::Command | Role::Url | Role::Host) && value.hidden() == Hidden::Decoded
        });
        decoded
            || named
            || self.spells(api, &raw.args)
            || self.concealed_modules.iter().any(|root| raw.path.starts_with(&**root))
    }

    /// The expressions of a use's own arguments.
    pub(super) fn own_arguments(raw: &RawUse<'a>) -> Vec<&'a Expr> {
        let Some(node) = raw.node else {
            return Vec::new();
        };
        let skip = if raw.shift == usize::MAX { 0 } else { raw.shift };
        node.arguments().iter().skip(skip).map(|arg| &*arg.expr).collect()
    }

    /// A module whose name comes out of a decoder, or from outside.
    fn decoded_import(&mut self, raw: &RawUse<'a>, flows: &mut Vec<RawFlow>) {
        if !raw.capabilities.contains(&Capability::DynamicImport) {
            return;
        }
        let mut trail = Trail::default();
        let syntax = |import: &ImportSyntax<'a>| match import.specifier {
            Specifier::Computed(expr) if span_of_expr(expr) == raw.span => Some(expr),
            _ => None,
        };
        let name = Self::own_arguments(raw).first().copied();
        let mut sink = Sink::Load;
        if let Some(expr) = name.or_else(|| self.model.imports.iter().find_map(syntax)) {
            if self.is_told_by_decoder(expr, raw.scope) {
                let span = span_of_expr(expr);
                let mut imports = self.imports.iter_mut();
                if let Some(import) =
                    imports.find(|import| import.span.start <= span.start && span.end <= import.span.end)
                {
                    import.concealed = true;
                }
            }
            self.trace(expr, raw.scope, &mut trail);
            // The address is the code itself, or names what was just made of it.
            let text = self.value(expr, raw.scope).to_partial();
            if text.is_some_and(|text| text.starts_with("data:") || text.starts_with("blob:")) {
                sink = Sink::Code;
            }
        }
        if trail.found.iter().any(|origin| origin.kind == Kind::Decoder) {
            self.concealed.insert((raw.path.clone(), raw.span.start));
        }
        trail
            .found
            .retain(|origin| origin.kind == Kind::Outside(Source::Network));
        self.add_flows(trail, sink, &raw.path, raw.span, raw.scope, &[], flows);
    }

    /// Whether a name is what another module of the package makes of a text that is no name.
    fn is_told_by_decoder(&mut self, expr: &'a Expr, scope: ScopeId) -> bool {
        let Expr::Call(call) = stripped(expr) else { return false };
        let Some(callee) = call.callee.as_expr() else {
            return false;
        };
        let [arg] = call.args.as_slice() else { return false };
        let Expr::Lit(swc_ecma_ast::Lit::Str(text)) = &*arg.expr else {
            return false;
        };
        text.value.as_str().is_some_and(is_encoded) && self.edge(stripped(callee), scope).is_some()
    }

    fn data_sink(&mut self, raw: &RawUse<'a>, api: &'static capability::Api, sink: Sink, flows: &mut Vec<RawFlow>) {
        let mut trail = self.way_back();
        for (index, expr) in Self::own_arguments(raw).into_iter().enumerate() {
            let role = api.arguments.get(index).copied().unwrap_or(Role::None);
            if carries(role, sink) || raw.shift == usize::MAX {
                self.trace(expr, raw.scope, &mut trail);
            }
        }
        if sink == Sink::Exec && trail.found.iter().any(|origin| origin.kind == Kind::Decoder) {
            self.concealed.insert((raw.path.clone(), raw.span.start));
        }
        let words = self.words(raw);
        let target = [words.hosts, words.paths, words.commands].concat();
        self.add_flows(trail, sink, &raw.path, raw.span, raw.scope, &target, flows);
    }

    /// `source.pipe(sink)`: data flows without being named.
    fn pipes(&mut self, flows: &mut Vec<RawFlow>) {
        for index in 0..self.model.pipes.len() {
            let call = self.model.calls[self.model.pipes[index] as usize];
            let (node, scope) = (call.node, call.scope);
            let callee = node.callee().map(stripped);
            let named = callee.and_then(|callee| match callee {
                Expr::Ident(ident) => Some(&*ident.sym),
                callee => as_member(callee).and_then(|member| plain_key(&member.prop)),
            });
            if named == Some("pipeline") {
                self.pipeline(node, scope, flows);
                continue;
            }
            let (Some(member), Some(arg)) = (
                node.callee().map(stripped).and_then(as_member),
                node.arguments().first(),
            ) else {
                continue;
            };
            let target = self.value(&arg.expr, scope);
            let Some((path, sink)) = target.alternatives().iter().find_map(stream_sink) else {
                continue;
            };
            let mut trail = Trail::default();
            self.trace(&member.obj, scope, &mut trail);
            let span = span_of_expr(&arg.expr);
            self.add_flows(trail, sink, &path, span, scope, &[], flows);
        }
    }

    /// A way back from a sink; a short one where only other modules have sources.
    fn way_back(&self) -> Trail<'a> {
        if self.shared.source {
            Trail::default()
        } else {
            Trail::short(MAX_LENGTH, STEPS)
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one sink")]
    pub(super) fn add_flows(
        &mut self,
        trail: Trail<'_>,
        sink: Sink,
        api: &str,
        span: Span,
        scope: ScopeId,
        target: &[String],
        flows: &mut Vec<RawFlow>,
    ) {
        let (outside, edges): (Vec<Origin>, Vec<Origin>) = trail
            .found
            .into_iter()
            .partition(|origin| matches!(origin.kind, Kind::Outside(_)));
        for origin in outside {
            if origin.span != span {
                flows.push(RawFlow {
                    origin,
                    sink,
                    api: api.to_owned(),
                    span,
                    scope,
                    target: target.to_vec(),
                });
            }
        }
        self.keep_passages(edges, &RawEnd::Sink(sink, api.to_owned(), target.to_vec()), span, scope);
    }

    /// Notes a call that takes data somewhere without using a power itself: `worker.postMessage(…)`.
    #[expect(clippy::too_many_arguments, reason = "the parts of one use, told apart only here")]
    pub(super) fn note_sink(
        &mut self,
        path: &str,
        api: &'static capability::Api,
        node: CallNode<'a>,
        args: &[Value<'a>],
        shift: usize,
        span: Span,
        scope: ScopeId,
    ) {
        if self.seen.insert((span.start, path.into()), NONE).is_none() {
            self.sinks.push(RawUse {
                path: path.into(),
                api: Some(api),
                capabilities: &[],
                manner: Manner::Called,
                span,
                scope,
                node: Some(node),
                args: args.to_vec(),
                shift,
                key: None,
            });
        }
    }

    /// `image.src = …`, `location.href = …`: what is assigned goes out.
    fn written_sink(&mut self, raw: &RawUse<'a>, sink: Sink, flows: &mut Vec<RawFlow>) {
        let Some((value, scope)) = self.assigned_value(raw) else {
            return;
        };
        let mut trail = Trail::default();
        self.trace(value, scope, &mut trail);
        let target: Vec<String> = self
            .text(value, scope)
            .map(|text| super::words::shorten(&text))
            .into_iter()
            .collect();
        self.add_flows(trail, sink, &raw.path, raw.span, raw.scope, &target, flows);
    }

    /// What is assigned at a place.
    fn assigned_value(&mut self, raw: &RawUse<'a>) -> Option<(&'a Expr, ScopeId)> {
        if let Some(write) = self.parts().write_at(raw.span.start) {
            let write = &self.model.member_writes[write as usize];
            return Some((write.value, write.scope));
        }
        let name = self.model.known_name(&raw.path.split('.').next()?.into())?;
        let mut at = self.model.names[name as usize].first_assign;
        while let Some(assign) = self.model.assigns.get(at as usize) {
            at = assign.next;
            if let super::model::Source::Expr(value, scope) = assign.source
                && span_of_expr(value) == raw.span
            {
                return Some((value, scope));
            }
        }
        None
    }

    /// `pipeline(a, b, c)`: from the first through the rest.
    fn pipeline(&mut self, node: CallNode<'a>, scope: ScopeId, flows: &mut Vec<RawFlow>) {
        let mut before: Vec<&'a Expr> = Vec::new();
        for arg in node.arguments().iter().take(MAX_STAGES) {
            let target = self.value(&arg.expr, scope);
            if let Some((path, sink)) = target.alternatives().iter().find_map(stream_sink) {
                let mut trail = Trail::default();
                for stage in &before {
                    self.trace(stage, scope, &mut trail);
                }
                self.add_flows(trail, sink, &path, span_of_expr(&arg.expr), scope, &[], flows);
            }
            before.push(&arg.expr);
        }
    }
}

/// Whether a text looks like hexadecimal digits or base64, and not like the name of a module.
fn is_encoded(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let digits = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.len() >= 4 && plain && (text.ends_with('=') || digits || (mixed && has(u8::is_ascii_digit)))
}

/// Where a stream that is piped into takes its data.
fn stream_sink(value: &Value<'_>) -> Option<(String, Sink)> {
    let Value::Api(path) = value else { return None };
    let write = format!("{path}{}write", if path.ends_with('#') { "" } else { "." });
    let sink = capability::api(&write)
        .or_else(|| capability::api(path))
        .and_then(|api| api.sink)?;
    Some((path.to_string(), sink))
}

/// Whether a use puts something in the place of an API, so that data passes through it.
pub(super) fn replaces(raw: &RawUse<'_>) -> bool {
    raw.manner == Manner::Written && raw.capabilities.contains(&Capability::GlobalMutation) && is_replaced(&raw.path)
}

/// Whether data passes through what is at a path: a power, or an export of another package.
pub(super) fn is_replaced(path: &str) -> bool {
    let root = path.split(['.', '#']).next().unwrap_or_default();
    match capability::api(path) {
        _ if is_own(path) => false,
        Some(api) => !api.capabilities.is_empty(),
        None => root == "module" || capability::global(root).is_none(),
    }
}

/// Whether a use listens to what a person types.
fn hears_typing(path: &str) -> bool {
    let name = path.rsplit(['.', '#']).next().unwrap_or_default();
    name == "addEventListener" || name.strip_prefix("on").is_some_and(|event| typed(event).is_some())
}

/// What kind of sink an API is: by the table, else by what its arguments are.
fn sink_of(api: &'static capability::Api) -> Option<Sink> {
    api.sink.or_else(|| {
        let has = |role| api.arguments.contains(&role);
        if has(Role::Command) || has(Role::Argv) {
            Some(Sink::Exec)
        } else if has(Role::Name) && api.capabilities.contains(&Capability::Dns) {
            Some(Sink::Dns)
        } else if api.capabilities.contains(&Capability::Network) && (has(Role::Url) || has(Role::Options)) {
            Some(Sink::Network)
        } else {
            None
        }
    })
}

/// Whether an argument of this role carries data into a sink of this kind.
fn carries(role: Role, sink: Sink) -> bool {
    match sink {
        Sink::Network => matches!(role, Role::Data | Role::Url | Role::Options | Role::Header | Role::Host),
        Sink::Dns => matches!(role, Role::Name | Role::Host),
        Sink::Exec => matches!(role, Role::Command | Role::Argv | Role::Data),
        Sink::Code => matches!(role, Role::Code | Role::TimerCode),
        Sink::FileWrite | Sink::Message => matches!(role, Role::Data),
        Sink::Load => matches!(role, Role::Specifier),
    }
}
