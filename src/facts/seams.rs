//! Where a module's data meets the other modules of its package: what comes in by imports and by the parameters of
//! exported functions, what goes out by exports and by the arguments of imported functions.

use swc_ecma_ast::{Expr, Prop, PropOrSpread};

use super::{
    End, Link, Passage, Place,
    calls::{as_member, span_of_expr, stripped},
    capability::Sink,
    collect::key_text,
    edges::{Edge, below, is_inner},
    evaluate::Analysis,
    exports::{Exports, MAX_EXPOSED, Shown},
    flow::{Kind, MAX_LENGTH, Origin, Trail, parameter_name},
    model::{BindingId, CallNode, Context, FuncId, ScopeId, Source, TOP},
    parameters::innermost_call,
    search::Search,
    ways::plain_key,
};
use crate::span::{LineIndex, Span};

/// The most passages that are kept of one module, and of one end.
pub(super) const MAX_PASSAGES: usize = 128;
const FEW_PASSAGES: usize = 24;
/// How many exports are told of a module that neither reads nor sends anything.
pub(super) const FEW_EXPORTS: usize = 32;
const MAX_OF_ONE: usize = 12;
/// What following the data of one end may cost, with a source in the module and without.
pub(super) const STEPS: u32 = 200;
const FEW_STEPS: u32 = 12;
/// What all ends of a module may cost, with a source in it and without; and one more for so many bytes.
pub(super) const BUDGET: u32 = 4_000;
pub(super) const SMALL_BUDGET: u32 = 24;
const BYTES_PER_STEP: usize = 1024;
/// What evaluating may cost meanwhile.
pub(super) const VALUES: u32 = 4_000;
pub(super) const FEW_VALUES: u32 = 64;
/// How many bindings that hold something imported are followed.
const MAX_HELD: usize = 512;
/// How many uses of one of them are looked at.
const MAX_PLACES: usize = 256;

/// What the module shares with others.
#[derive(Default)]
pub(super) struct Shared<'a> {
    /// Whether it imports modules of the same package.
    pub(super) imports: bool,
    pub(super) exports: Exports<'a>,
    pub(super) passages: Vec<RawPassage>,
    /// Whether something in it is a source.
    pub(super) source: bool,
}

/// A passage before it is worded.
pub(super) struct RawPassage {
    origin: Origin,
    to: RawEnd,
    span: Span,
    scope: ScopeId,
}

/// Where a passage leads.
#[derive(Clone)]
pub(super) enum RawEnd {
    Sink(Sink, String, Vec<String>),
    Export(String),
    Argument(Edge),
}

impl<'a> Analysis<'a> {
    /// Learns what the module shares; whether there is anything.
    pub(super) fn find_shared(&mut self, source: bool, sink: bool) -> bool {
        self.shared.source = source;
        let mut inner = self.imports.iter().filter_map(|import| import.specifier.as_deref());
        self.shared.imports = inner.any(is_inner);
        // What neither reads nor sends anything, nor joins others, is on nobody's way.
        if source || sink || self.shared.imports {
            let budget = std::mem::replace(&mut self.budget, 0);
            let edge = source || sink;
            let flow_budget = std::mem::replace(&mut self.flow_budget, if edge { BUDGET } else { SMALL_BUDGET * 2 });
            self.budget = budget.min(if edge { VALUES } else { FEW_VALUES });
            let given = self.budget;
            self.shared.exports = self.exports(if edge { MAX_EXPOSED } else { FEW_EXPORTS });
            self.budget = budget - (given - self.budget);
            self.flow_budget = flow_budget;
        }
        self.shared.imports || !self.shared.exports.functions.is_empty()
    }

    /// Notes that a parameter may be filled by another module.
    pub(super) fn arrives_at_port(&self, function: FuncId, index: usize, span: Span, trail: &mut Trail<'a>) {
        let functions = &self.shared.exports.functions;
        let first = functions.partition_point(|(id, _)| *id < function);
        if functions.get(first).is_none_or(|(id, _)| *id != function) {
            return;
        }
        let mut path = String::new();
        for key in trail.wanted.iter().rev() {
            path.push('.');
            path.push_str(key);
        }
        trail.add(Kind::Port(function, index as u32), "", span, vec![path]);
    }

    /// Keeps those of a way's origins that lie at an edge.
    pub(super) fn keep_passages(&mut self, found: Vec<Origin>, to: &RawEnd, span: Span, scope: ScopeId) {
        for origin in found.into_iter().take(MAX_OF_ONE) {
            let passes = match origin.kind {
                Kind::Edge => true,
                // What a function gives back of what it is given is told where it is called.
                Kind::Port(..) => !matches!(to, RawEnd::Export(path) if path.contains("()")),
                Kind::Outside(_) => !matches!(to, RawEnd::Sink(..)),
                Kind::Decoder | Kind::Caller => false,
            };
            let most = if self.shared.source || matches!(to, RawEnd::Sink(..)) {
                MAX_PASSAGES
            } else {
                FEW_PASSAGES
            };
            if passes && self.shared.passages.len() < most {
                let to = to.clone();
                self.shared.passages.push(RawPassage {
                    origin,
                    to,
                    span,
                    scope,
                });
            }
        }
    }

    /// Follows what goes out by exports and by arguments.
    pub(super) fn find_seams(&mut self, text_len: usize) {
        let source = self.shared.source;
        if !source && !self.shared.imports {
            return;
        }
        let share = (text_len / BYTES_PER_STEP) as u32;
        let budget = self.budget;
        let flow_budget = self.flow_budget;
        self.flow_budget = share + if source { BUDGET } else { SMALL_BUDGET };
        self.budget = budget.min(share + if source { VALUES } else { FEW_VALUES });
        let given = self.budget;
        if self.shared.imports {
            self.outgoing_arguments();
        }
        self.outgoing_values();
        if source {
            self.called_back();
        }
        (self.budget, self.flow_budget) = (budget - (given - self.budget), flow_budget);
    }

    fn short_trail(&self) -> Trail<'a> {
        Trail::short(MAX_LENGTH, if self.shared.source { STEPS } else { FEW_STEPS })
    }

    fn outgoing_values(&mut self) {
        let values = std::mem::take(&mut self.shared.exports.values);
        for (path, shown) in &values {
            if self.flow_budget == 0 {
                break;
            }
            let mut trail = self.short_trail();
            let (span, scope) = match *shown {
                Shown::Expr(expr, scope) => {
                    self.trace(expr, scope, &mut trail);
                    (span_of_expr(expr), scope)
                }
                Shown::Name(binding, start) => {
                    let span = self.declared_at(binding).unwrap_or(Span::new(start, start));
                    self.trace_binding(binding, span, &mut trail);
                    (span, TOP)
                }
                Shown::Field(owner, key) => {
                    self.trace_field(owner, key, Span::default(), &mut trail);
                    (Span::default(), TOP)
                }
            };
            self.keep_passages(trail.found, &RawEnd::Export(path.clone()), span, scope);
        }
        self.shared.exports.values = values;
    }

    /// Where a name gets its value.
    pub(super) fn declared_at(&self, binding: BindingId) -> Option<Span> {
        let writes = self.model.writes_of(binding).map(|write| write.source);
        let mut sources = writes.chain(self.model.assigns_of(binding).map(|assign| assign.source));
        sources.find_map(|source| match source {
            Source::Expr(expr, _) | Source::Items(expr, _) | Source::Keys(expr, _) => Some(span_of_expr(expr)),
            _ => None,
        })
    }

    /// The arguments of calls of what is imported.
    fn outgoing_arguments(&mut self) {
        let mut search = Search::default();
        self.imported_names(&mut search);
        let mut told = 0;
        while let Some(binding) = search.queue.pop() {
            told += 1;
            if told > MAX_HELD {
                return;
            }
            let reads = self.model.refs_to(binding).take(MAX_PLACES);
            let places: Vec<(Option<&'a Expr>, Context, ScopeId)> =
                reads.map(|found| (found.chain, found.context, found.scope)).collect();
            if self.flow_budget == 0 {
                return;
            }
            for (chain, context, scope) in places {
                let Some(chain) = chain else { continue };
                self.arguments_along(chain, scope);
                if !matches!(chain, Expr::Ident(_)) {
                    self.names_of(context, scope, &mut |binding| search.push(binding));
                }
            }
        }
    }

    /// The names that hold imported modules of the package or parts of them.
    fn imported_names(&mut self, search: &mut Search<'a>) {
        for binding in 0..self.model.bindings.len() as BindingId {
            let first = self.model.bindings[binding as usize].first_write;
            if let Some(write) = self.model.writes.get(first as usize)
                && let Source::Import(import, _) = write.source
                && let super::model::Specifier::Constant(text) = self.model.imports[import as usize].specifier
                && text.value.as_str().is_some_and(is_inner)
            {
                search.push(binding);
            }
        }
        let mut places = Vec::new();
        if let Some(name) = self.model.known_name(&"require".into()) {
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(found) = self.model.refs.get(at as usize) {
                at = found.next;
                places.push((found.chain, found.context, found.scope));
            }
        }
        for found in &self.model.rootless {
            places.push((Some(found.chain), found.context, found.scope));
        }
        for (chain, context, scope) in places.into_iter().take(MAX_HELD) {
            let Some(chain) = chain else { continue };
            self.arguments_along(chain, scope);
            self.names_of(context, scope, &mut |binding| search.push(binding));
            self.resolved_names(chain, scope, search);
            // `const a = __importStar(require('./a'))`
            if let Context::Argument(call, _) = context {
                let site = self.model.calls[call as usize];
                self.names_of(site.context, site.scope, &mut |binding| search.push(binding));
            }
        }
    }

    /// `import('./a').then((a) => …)`
    fn resolved_names(&mut self, chain: &'a Expr, scope: ScopeId, search: &mut Search<'a>) {
        let Expr::Call(call) = chain else { return };
        let member = call.callee.as_expr().and_then(|callee| as_member(callee));
        if member.and_then(|member| plain_key(&member.prop)) == Some("then")
            && let Some(first) = call.args.first()
            && let Some(function) = self.as_function(&first.expr, scope)
        {
            self.queue_parameter(function, 0, search);
        }
    }

    /// The calls along a chain: what of another module each calls, and with what.
    fn arguments_along(&mut self, chain: &'a Expr, scope: ScopeId) {
        let mut at = chain;
        loop {
            let node = match at {
                Expr::Call(call) => Some(CallNode::Call(call)),
                Expr::New(new) => Some(CallNode::New(new)),
                Expr::Member(member) => {
                    at = &member.obj;
                    continue;
                }
                Expr::Await(e) => {
                    at = &e.arg;
                    continue;
                }
                Expr::Paren(e) => {
                    at = &e.expr;
                    continue;
                }
                _ => return,
            };
            let Some((node, callee)) = node.and_then(|node| Some((node, stripped(node.callee()?)))) else {
                return;
            };
            if !node.arguments().is_empty()
                && self.flow_budget > 0
                && let Some(edge) = self.edge(callee, scope)
            {
                self.arguments_of(&edge, node, scope);
            }
            at = callee;
        }
    }

    fn arguments_of(&mut self, edge: &Edge, node: CallNode<'a>, scope: ScopeId) {
        for (index, arg) in node.arguments().iter().enumerate().take(MAX_OF_ONE) {
            if matches!(&*arg.expr, Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_)) {
                continue;
            }
            let edge = edge.clone().suffixed(&format!("({index})"));
            self.goes_out(&arg.expr, scope, &RawEnd::Argument(edge));
        }
    }

    /// Follows a value that goes out; an object's members one by one.
    fn goes_out(&mut self, expr: &'a Expr, scope: ScopeId, to: &RawEnd) {
        if let Expr::Object(object) = expr {
            for prop in &object.props {
                let (key, value) = match prop {
                    PropOrSpread::Spread(spread) => (None, &*spread.expr),
                    PropOrSpread::Prop(prop) => match &**prop {
                        Prop::KeyValue(pair) => (key_text(&pair.key), &*pair.value),
                        Prop::Shorthand(ident) => {
                            if let Some(binding) = self.model.lookup(&ident.sym, scope) {
                                let mut trail = self.short_trail();
                                let span = crate::parse::span_of(ident.span);
                                self.trace_binding(binding, span, &mut trail);
                                self.keep_passages(trail.found, &to.member(&ident.sym), span, scope);
                            }
                            continue;
                        }
                        _ => continue,
                    },
                };
                let to = key.map_or_else(|| to.clone(), |key| to.member(key));
                let mut trail = self.short_trail();
                self.trace(value, scope, &mut trail);
                self.keep_passages(trail.found, &to, span_of_expr(value), scope);
            }
            return;
        }
        let mut trail = self.short_trail();
        self.trace(expr, scope, &mut trail);
        self.keep_passages(trail.found, to, span_of_expr(expr), scope);
    }

    /// What exported functions call back with.
    fn called_back(&mut self) {
        let functions = std::mem::take(&mut self.shared.exports.functions);
        for (function, path) in &functions {
            let func = &self.model.functions[*function as usize];
            let (params, scope) = (func.params, func.scope);
            for at in 0..4 {
                let Some(name) = parameter_name(params, at) else { break };
                let Some(binding) = self.model.lookup(name, scope) else {
                    continue;
                };
                let calls = self.model.refs_to(binding).take(MAX_PLACES);
                let calls = calls.filter_map(|found| Some((found.chain.and_then(innermost_call)?, found.scope)));
                let calls: Vec<_> = calls.collect();
                for (node, scope) in calls {
                    for (index, arg) in node.arguments().iter().enumerate().take(MAX_OF_ONE) {
                        self.goes_out(&arg.expr, scope, &RawEnd::Export(format!("{path}({at})({index})")));
                    }
                }
            }
        }
        self.shared.exports.functions = functions;
    }

    /// The passages and links in words.
    pub(super) fn worded(&mut self, lines: &LineIndex<'_>) -> (Vec<Passage>, Vec<Link>) {
        let place = |span: Span, scope: ScopeId| Place {
            range: lines.range(span),
            function: self.model.function_of(scope),
            unit: self.model.piece_at(span.start).unwrap_or(crate::facts::model::NONE),
            ..Place::default()
        };
        let mut out: Vec<Passage> = Vec::new();
        for raw in std::mem::take(&mut self.shared.passages) {
            let at = place(raw.span, raw.scope);
            let to = match raw.to {
                RawEnd::Sink(kind, api, target) => End::Sink {
                    kind,
                    api,
                    place: at,
                    target,
                },
                RawEnd::Export(path) => End::Edge {
                    specifier: None,
                    path,
                    place: at,
                },
                RawEnd::Argument(edge) => End::Edge {
                    specifier: Some(edge.specifier.to_string()),
                    path: edge.path,
                    place: at,
                },
            };
            let steps = raw.origin.steps;
            let steps: Vec<_> = steps
                .into_iter()
                .map(|(span, note)| (lines.range(span), note))
                .collect();
            let here = place(raw.origin.span, raw.scope);
            let mut starts = Vec::new();
            match raw.origin.kind {
                Kind::Outside(kind) => starts.push(End::Source {
                    kind,
                    api: raw.origin.api.to_string(),
                    range: here.range,
                    what: raw.origin.what,
                }),
                Kind::Edge => starts.extend(raw.origin.what.into_iter().map(|path| End::Edge {
                    specifier: Some(raw.origin.api.to_string()),
                    path,
                    place: here,
                })),
                Kind::Port(function, index) => {
                    let functions = &self.shared.exports.functions;
                    let first = functions.partition_point(|(id, _)| *id < function);
                    let own = functions[first..].iter().take_while(|(id, _)| *id == function);
                    for (_, path) in own {
                        starts.extend(raw.origin.what.iter().map(|members| End::Edge {
                            specifier: None,
                            path: format!("{path}({index}){members}"),
                            place: here,
                        }));
                    }
                }
                Kind::Decoder | Kind::Caller => {}
            }
            for from in starts.into_iter().take(MAX_OF_ONE) {
                out.push(Passage {
                    from,
                    to: to.clone(),
                    steps: steps.clone(),
                    encoded: raw.origin.encoded,
                    decoded: raw.origin.decoded,
                });
            }
        }
        out.truncate(MAX_PASSAGES);
        let elsewhere = std::mem::take(&mut self.shared.exports.links);
        let elsewhere = elsewhere.into_iter().filter(|(_, specifier, _)| is_inner(specifier));
        let elsewhere = elsewhere.map(|(name, specifier, path)| Link { name, specifier, path });
        (out, elsewhere.collect())
    }
}

impl RawEnd {
    fn member(&self, key: &str) -> Self {
        let mut to = self.clone();
        match &mut to {
            Self::Export(path) => below(path, key),
            Self::Argument(edge) => below(&mut edge.path, key),
            Self::Sink(..) => {}
        }
        to
    }
}
