//! Where data leaves or becomes code: each sink's arguments are followed back to their sources.

use swc_ecma_ast::Expr;

use super::{
    calls::{as_member, stripped},
    capability::{self, Capability, Role, Sink},
    evaluate::Analysis,
    flow::{Kind, Origin, Trail},
    layers::RawCode,
    model::ScopeId,
    uses::{Manner, RawUse},
    value::{Hidden, Value},
};
use crate::span::Span;

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
            .any(|raw| raw.api.is_some_and(|api| api.source.is_some()));
        for index in 0..self.uses.len() {
            let raw = self.uses[index].clone();
            let Some(api) = raw.api else {
                self.decoded_import(&raw);
                continue;
            };
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
                && (has_source || sink == Sink::Exec)
            {
                self.data_sink(&raw, api, sink, &mut flows);
            }
        }
        if has_source {
            self.pipes(&mut flows);
        }
        (flows, codes)
    }

    /// Whether a use's command or host was decoded first, or its name was.
    pub(super) fn is_concealed(&self, raw: &RawUse<'a>) -> bool {
        let named = self.concealed.contains(&(raw.path.clone(), raw.span.start));
        let Some(api) = raw.api else { return named };
        let decoded = api.arguments.iter().zip(&raw.args).any(|(role, value)| {
            matches!(role, Role::Command | Role::Url | Role::Host) && value.hidden() == Hidden::Decoded
        });
        decoded || named || self.concealed_modules.iter().any(|root| raw.path.starts_with(&**root))
    }

    /// The expressions of a use's own arguments.
    pub(super) fn own_arguments(raw: &RawUse<'a>) -> Vec<&'a Expr> {
        let Some(node) = raw.node else {
            return Vec::new();
        };
        let skip = if raw.shift == usize::MAX { 0 } else { raw.shift };
        node.arguments().iter().skip(skip).map(|arg| &*arg.expr).collect()
    }

    /// A module whose name comes out of a decoder.
    fn decoded_import(&mut self, raw: &RawUse<'a>) {
        if !raw.capabilities.contains(&Capability::DynamicImport) {
            return;
        }
        let mut trail = Trail::default();
        if let Some(expr) = Self::own_arguments(raw).first() {
            self.trace(expr, raw.scope, &mut trail);
        }
        if trail.found.iter().any(|origin| origin.kind == Kind::Decoder) {
            self.concealed.insert((raw.path.clone(), raw.span.start));
        }
    }

    fn data_sink(&mut self, raw: &RawUse<'a>, api: &'static capability::Api, sink: Sink, flows: &mut Vec<RawFlow>) {
        let mut trail = Trail::default();
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
        add_flows(trail, sink, &raw.path, raw.span, raw.scope, &target, flows);
    }

    /// `source.pipe(sink)`: data flows without being named.
    fn pipes(&mut self, flows: &mut Vec<RawFlow>) {
        for index in 0..self.model.pipes.len() {
            let call = self.model.calls[self.model.pipes[index] as usize];
            let (node, scope) = (call.node, call.scope);
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
            let span = super::calls::span_of_expr(&arg.expr);
            add_flows(trail, sink, &path, span, scope, &[], flows);
        }
    }
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
    }
}

pub(super) fn add_flows(
    trail: Trail<'_>,
    sink: Sink,
    api: &str,
    span: Span,
    scope: ScopeId,
    target: &[String],
    flows: &mut Vec<RawFlow>,
) {
    for origin in trail.found {
        if matches!(origin.kind, Kind::Outside(_)) && origin.span != span {
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
}
