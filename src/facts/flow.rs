//! Where data comes from: followed backwards from what is sent, written or run to what was read.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Prop, PropOrSpread};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Api, On, Source},
    evaluate::Analysis,
    model::{self, BindingId, CallNode, Context, ScopeId},
    value::Value,
    ways::{added, encodes, first_key},
};
use crate::{parse::span_of, span::Span};

/// Steps that following the data of one module may cost.
pub(super) const FLOW_BUDGET: u32 = 20_000;
/// The longest way that is told.
const MAX_STEPS: usize = 10;
/// How deep one way may go.
const MAX_DEPTH: usize = 60;

/// Functions that turn text into what it stood for.
const DECODERS: [&str; 12] = [
    "atob",
    "unescape",
    "decodeURIComponent",
    "decodeURI",
    "String.fromCharCode",
    "String.fromCodePoint",
    "zlib.inflateSync",
    "zlib.gunzipSync",
    "zlib.unzipSync",
    "zlib.brotliDecompressSync",
    "zlib.inflateRawSync",
    "crypto.createDecipheriv",
];

/// Where one piece of data comes from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) kind: Kind,
    pub(super) api: Rc<str>,
    pub(super) span: Span,
    /// Names, paths or hosts that it was read from.
    pub(super) what: Vec<String>,
    /// The way from the source to the sink.
    pub(super) steps: Vec<(Span, String)>,
    /// Whether it was encoded, or decoded, on the way.
    pub(super) encoded: bool,
    pub(super) decoded: bool,
}

/// What an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Outside(Source),
    /// A decoder's result, whatever it decodes.
    Decoder,
    /// A parameter that outside code fills.
    Caller,
}

/// One way back.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) found: Vec<Origin>,
    visited: FxHashSet<(usize, ScopeId)>,
    bindings: FxHashSet<BindingId>,
    steps: Vec<(Span, String)>,
    encoded: u32,
    decoded: u32,
    depth: usize,
}

impl Trail {
    pub(super) fn add(&mut self, kind: Kind, api: &str, span: Span, what: Vec<String>) {
        let known = self
            .found
            .iter_mut()
            .find(|o| o.kind == kind && o.span == span && &*o.api == api);
        if let Some(known) = known {
            known.what.extend(
                what.into_iter()
                    .filter(|name| !known.what.contains(name))
                    .collect::<Vec<_>>(),
            );
            return;
        }
        let mut steps = self.steps.clone();
        steps.reverse();
        steps.truncate(MAX_STEPS);
        self.found.push(Origin {
            kind,
            api: api.into(),
            span,
            what,
            steps,
            encoded: self.encoded > 0,
            decoded: self.decoded > 0,
        });
    }
}

impl<'a> Analysis<'a> {
    /// Follows an expression's value back to its sources.
    pub(super) fn trace(&mut self, expr: &'a Expr, scope: ScopeId, trail: &mut Trail) {
        let key = (std::ptr::from_ref(expr) as usize, scope);
        if self.flow_budget == 0 || trail.depth >= MAX_DEPTH || !trail.visited.insert(key) {
            return;
        }
        self.flow_budget -= 1;
        trail.depth += 1;
        self.trace_inner(expr, scope, trail);
        trail.depth -= 1;
    }

    fn trace_inner(&mut self, expr: &'a Expr, scope: ScopeId, trail: &mut Trail) {
        match expr {
            Expr::Ident(ident) => self.trace_name(&ident.sym, span_of(ident.span), scope, trail),
            Expr::Member(member) => self.trace_member(member, scope, trail),
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => self.trace_member(member, scope, trail),
                ast::OptChainBase::Call(call) => {
                    self.trace_call(CallNode::Optional(call), scope, trail);
                }
            },
            Expr::Call(call) => self.trace_call(CallNode::Call(call), scope, trail),
            Expr::New(new) => self.trace_call(CallNode::New(new), scope, trail),
            Expr::Paren(e) => self.trace(&e.expr, scope, trail),
            Expr::TsAs(e) => self.trace(&e.expr, scope, trail),
            Expr::TsNonNull(e) => self.trace(&e.expr, scope, trail),
            Expr::Await(e) => self.trace(&e.arg, scope, trail),
            Expr::Yield(e) => {
                if let Some(arg) = &e.arg {
                    self.trace(arg, scope, trail);
                }
            }
            Expr::Seq(seq) => {
                if let Some(last) = seq.exprs.last() {
                    self.trace(last, scope, trail);
                }
            }
            Expr::Assign(assign) => self.trace(&assign.right, scope, trail),
            Expr::Cond(cond) => {
                self.trace(&cond.cons, scope, trail);
                self.trace(&cond.alt, scope, trail);
            }
            Expr::Bin(bin) => {
                let mut left = bin;
                loop {
                    self.trace(&left.right, scope, trail);
                    match &*left.left {
                        Expr::Bin(next) => left = next,
                        other => return self.trace(other, scope, trail),
                    }
                }
            }
            Expr::Tpl(template) => template.exprs.iter().for_each(|e| self.trace(e, scope, trail)),
            Expr::Array(array) => array
                .elems
                .iter()
                .flatten()
                .for_each(|e| self.trace(&e.expr, scope, trail)),
            Expr::Object(object) => {
                for prop in &object.props {
                    match prop {
                        PropOrSpread::Spread(spread) => self.trace(&spread.expr, scope, trail),
                        PropOrSpread::Prop(prop) => match &**prop {
                            Prop::Shorthand(ident) => {
                                self.trace_name(&ident.sym, span_of(ident.span), scope, trail);
                            }
                            Prop::KeyValue(pair) => self.trace(&pair.value, scope, trail),
                            _ => {}
                        },
                    }
                }
            }
            _ => {}
        }
    }

    fn trace_name(&mut self, text: &'a str, span: Span, scope: ScopeId, trail: &mut Trail) {
        let Some(binding) = self.model.lookup(text, scope) else {
            if let Value::Api(path) = self.named(text, scope) {
                trace_read(&path, span, None, trail);
            }
            return;
        };
        if !trail.bindings.insert(binding) {
            return;
        }
        trail.steps.push((span, format!("held in `{text}`")));
        self.trace_binding(binding, span, trail);
        trail.steps.pop();
    }

    fn trace_binding(&mut self, binding: BindingId, span: Span, trail: &mut Trail) {
        let before = trail.found.len();
        let writes: Vec<(model::Source<'a>, Option<String>)> = self
            .model
            .writes_of(binding)
            .map(|w| (w.source, first_key(&w.path)))
            .chain(self.model.assigns_of(binding).map(|a| (a.source, first_key(&a.path))))
            .collect();
        for (source, key) in writes {
            match source {
                model::Source::Expr(expr, scope) => {
                    if let (Some(key), Value::Api(path)) = (&key, self.value(expr, scope))
                        && trace_read(&path, span_of_expr(expr), Some(key), trail)
                    {
                        continue;
                    }
                    self.trace(expr, scope, trail);
                }
                model::Source::Items(expr, scope) | model::Source::Keys(expr, scope) => {
                    self.trace(expr, scope, trail);
                }
                model::Source::Param(function, index, _) => {
                    self.trace_parameter(function, index as usize, span, trail);
                }
                model::Source::Function(_) | model::Source::Import(..) | model::Source::Opaque => {}
            }
        }
        // Where it was read is the place to show; failing that, where it is known to be what was read.
        if trail.found.len() == before
            && let Value::Api(path) = self.binding(binding)
        {
            trace_read(&path, span, None, trail);
        }
        self.trace_changes(binding, trail);
    }

    /// What is pushed, appended or assigned into the object that a name holds.
    fn trace_changes(&mut self, binding: BindingId, trail: &mut Trail) {
        let places: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
            .model
            .refs_to(binding)
            .map(|found| (found.chain, found.context, found.scope))
            .collect();
        for (chain, context, scope) in places {
            if let Context::Write(index) = context {
                let value = self.model.member_writes[index as usize].value;
                self.trace(value, scope, trail);
            }
            if let Some(args) = chain.and_then(added) {
                for arg in args {
                    self.trace(&arg.expr, scope, trail);
                }
            }
        }
    }

    fn trace_member(&mut self, member: &'a ast::MemberExpr, scope: ScopeId, trail: &mut Trail) {
        let span = span_of(member.span);
        let object = self.value(&member.obj, scope);
        for value in object.alternatives() {
            if let Value::Api(path) = value {
                let key = match &member.prop {
                    MemberProp::Ident(name) => Some((*name.sym).to_owned()),
                    MemberProp::Computed(computed) => self.value(&computed.expr, scope).as_text().map(str::to_owned),
                    MemberProp::PrivateName(_) => None,
                };
                if trace_read(path, span, key.as_deref(), trail) {
                    return;
                }
                if let Some(key) = key
                    && trace_read(&capability::member(path, &key), span, None, trail)
                {
                    return;
                }
            }
        }
        self.trace(&member.obj, scope, trail);
    }

    fn trace_call(&mut self, node: CallNode<'a>, scope: ScopeId, trail: &mut Trail) {
        let Some(callee) = node.callee() else {
            return node
                .arguments()
                .iter()
                .for_each(|arg| self.trace(&arg.expr, scope, trail));
        };
        let plain = stripped(callee);
        let target = self.value(plain, scope);
        let mut through_object = true;
        for value in target.alternatives() {
            match value {
                Value::Api(path) => {
                    if let Some(api) = capability::api(path)
                        && let Some(source) = api.source
                        && api.on == On::Call
                    {
                        let what = self.described(api, node, scope);
                        trail.add(Kind::Outside(source), path, span_of_expr(plain), what);
                        return;
                    }
                    // What a WASM module exports is its code, not the bytes it came as.
                    if path.starts_with("WebAssembly") {
                        return;
                    }
                    if &**path == "Promise" {
                        return self.trace_promise(node, trail);
                    }
                    if self.decodes(path, node, scope) {
                        trail.add(Kind::Decoder, path, span_of_expr(plain), Vec::new());
                        trail.decoded += 1;
                        self.trace_arguments(node, scope, trail);
                        trail.decoded -= 1;
                        return;
                    }
                    if let "Object.keys" | "Object.entries" | "Object.values" | "JSON.stringify" | "Object.assign" =
                        &**path
                    {
                        through_object = false;
                    }
                }
                Value::Function(function) => {
                    through_object = false;
                    let returns: Vec<(&'a Expr, ScopeId)> =
                        self.model.returns_of(*function).map(|r| (r.value, r.scope)).collect();
                    let name = self.model.functions[*function as usize].name.unwrap_or("a function");
                    trail.steps.push((span_of_expr(plain), format!("returned by `{name}`")));
                    for (value, scope) in returns {
                        self.trace(value, scope, trail);
                    }
                    trail.steps.pop();
                }
                _ => {}
            }
        }
        if let Some(replies) = self.promised(plain, node) {
            return replies
                .into_iter()
                .for_each(|(value, scope)| self.trace(value, scope, trail));
        }
        let encodes = encodes(plain, node);
        trail.encoded += u32::from(encodes);
        if encodes {
            trail.steps.push((span_of_expr(plain), "encoded".to_owned()));
        }
        if through_object && let Some(member) = as_member(plain) {
            self.trace(&member.obj, scope, trail);
        }
        self.trace_arguments(node, scope, trail);
        if encodes {
            trail.steps.pop();
        }
        trail.encoded -= u32::from(encodes);
    }

    pub(super) fn trace_arguments(&mut self, node: CallNode<'a>, scope: ScopeId, trail: &mut Trail) {
        for arg in node.arguments() {
            self.trace(&arg.expr, scope, trail);
        }
    }

    fn decodes(&mut self, path: &str, node: CallNode<'a>, scope: ScopeId) -> bool {
        if matches!(path, "Buffer.from" | "Buffer" | "buffer.Buffer.from") {
            let encoding = self.argument(node, 1, scope);
            return matches!(
                encoding.as_text(),
                Some("base64" | "hex" | "base64url" | "latin1" | "binary")
            );
        }
        DECODERS.contains(&path) || path.starts_with("crypto.Decipher") || path.starts_with("crypto.createDecipher")
    }

    /// The paths, names or hosts in a source's arguments.
    pub(super) fn described(&mut self, api: &'static Api, node: CallNode<'a>, scope: ScopeId) -> Vec<String> {
        let mut out = Vec::new();
        for (index, role) in api.arguments.iter().enumerate() {
            if matches!(
                role,
                capability::Role::Path
                    | capability::Role::Url
                    | capability::Role::Host
                    | capability::Role::Variable
                    | capability::Role::Command
            ) && let Some(arg) = node.arguments().get(index)
                && let Some(text) = self.text(&arg.expr, scope)
            {
                out.push(super::words::shorten(&text));
            }
        }
        out
    }
}

/// A read of something that is a source by merely being read.
fn trace_read(path: &str, span: Span, key: Option<&str>, trail: &mut Trail) -> bool {
    let Some(api) = capability::api(path).filter(|api| api.on == On::Read) else {
        return false;
    };
    let Some(source) = api.source else {
        return false;
    };
    let what = if source == Source::Environment {
        vec![key.unwrap_or("*").to_owned()]
    } else {
        Vec::new()
    };
    trail.add(Kind::Outside(source), path, span, what);
    true
}
