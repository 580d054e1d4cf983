//! Members of a name that is only known at run time, followed to where they are called: `pick(o, key)(text)`.
//!
//! Of a function such a member may be its `constructor`, which makes code of text. It is followed forward through names,
//! parameters, results and members of the module. Where it goes into a list, or to somebody unknown of the module, all
//! calls of what the module does not know count; where it leaves the module, those of other modules do, too.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast::{ClassMember, Expr};

use super::{
    Doubts, MAX_LOOKED_AT, applied,
    callees::{Made, hash},
    may_make_code,
    shared::has_tag,
};
use crate::facts::{
    Ways,
    calls::{as_member, span_of_expr},
    collect::{SYMBOL, key_text},
    evaluate::Analysis,
    model::{BindingId, CallId, Context, Export, Exported, FuncId, ScopeId, Source, TOP},
    parameters::innermost_call,
    ways::plain_key,
};
use crate::span::Span;

const CALLED: &str =
    "calls what may be a member of a name that is only known at run time: of a function it may be `Function`";
const LEAVES: &str = "hands on a member whose name is only known at run time: of a function it may be `Function`, and what \
                      is handed on may be called with a text";
mod arguments;
mod results;

/// How many steps one module's members are followed.
const MAX_STEPS: usize = 1 << 14;

/// What is followed.
#[derive(Default)]
struct Trail<'a> {
    work: Vec<Work<'a>>,
    names: FxHashSet<BindingId>,
    members: FxHashSet<Rc<str>>,
    results: FxHashSet<FuncId>,
    steps: usize,
    /// It is in a list, or somebody unknown of the module has it.
    anywhere: bool,
    /// A function that is not known has it.
    handed: bool,
    /// The methods that are given it, as hashes.
    methods_given: Vec<u32>,
    /// How it leaves the module.
    leaves: Ways,
    called: Vec<(Span, ScopeId)>,
    /// Whose results may be it.
    made: Made,
    /// By the address of a value, the names of members that objects which are written out give it.
    kept: Option<FxHashMap<usize, Option<&'a str>>>,
    /// The calls of methods, by name.
    methods: Option<FxHashMap<&'a str, Vec<CallId>>>,
    /// The names that a pattern gives a member, by the member's name.
    parts: Option<FxHashMap<&'a str, Vec<BindingId>>>,
    /// The functions that are members, by name.
    functions: Option<FxHashMap<&'a str, Vec<FuncId>>>,
}

enum Work<'a> {
    Value(Option<&'a Expr>, Context, ScopeId),
    Name(BindingId),
    Member(Rc<str>),
    Result(FuncId),
}

impl Trail<'_> {
    fn name(&mut self, binding: BindingId) {
        if self.names.insert(binding) {
            self.work.push(Work::Name(binding));
        }
    }

    fn member(&mut self, name: &str) {
        if !self.members.contains(name) {
            let name: Rc<str> = name.into();
            self.members.insert(name.clone());
            self.work.push(Work::Member(name));
        }
    }

    fn result(&mut self, function: FuncId) {
        if self.results.insert(function) {
            self.work.push(Work::Result(function));
        }
    }
}

impl<'a> Analysis<'a> {
    /// Follows members of unknown names; gives the places where they leave the module.
    pub(super) fn lent_members(&mut self, doubts: &mut Doubts<'a>) {
        let sources = self.open_sources();
        if sources.is_empty() {
            return;
        }
        let mut trail = Trail::default();
        for source in &sources {
            // A descriptor has it as its value.
            if source.0.is_some_and(|expr| matches!(expr, Expr::Call(_))) {
                trail.member("value");
            }
            match source.1 {
                Ok(context) => trail.work.push(Work::Value(source.0, context, source.2)),
                Err(binding) => trail.name(binding),
            }
        }
        while let Some(work) = trail.work.pop() {
            trail.steps += 1;
            if trail.steps > MAX_STEPS || self.budget == 0 {
                (trail.anywhere, trail.leaves) = (true, Ways::ALL);
                break;
            }
            match work {
                Work::Value(expr, context, scope) => self.value_goes(expr, context, scope, &mut trail),
                Work::Name(binding) => self.name_goes(binding, &mut trail),
                Work::Member(name) => self.member_goes(&name, &mut trail),
                Work::Result(function) => self.result_goes(function, &mut trail),
            }
        }
        let (scope, span) = (sources[0].2, sources[0].3);
        // What a proxy answers, what a decorator gives in place of a member, and what a pattern writes into a member
        // has no name to be found by.
        let named = trail.anywhere || trail.made.member;
        if (named || !trail.results.is_empty()) && self.model.mentions("Proxy")
            || self.model.decorated && !trail.results.is_empty()
            || trail.anywhere && self.model.written_by_patterns
        {
            trail.called.push((span, scope));
        }
        if trail.anywhere || trail.handed || trail.made.member {
            let items = trail.anywhere || trail.made.member;
            let places = self.called_items(items, trail.made);
            trail.called.extend(places);
        }
        trail.called.sort_unstable_by_key(|(span, _)| span.start);
        trail.called.dedup();
        for (span, scope) in trail.called {
            if !doubts.is_full() {
                doubts.add(span, scope, CALLED);
            }
        }
        doubts.kept_as.extend(trail.members.iter().map(|name| hash(name, "")));
        doubts.kept_as.append(&mut trail.methods_given);
        if trail.leaves != Ways::NONE || !doubts.kept_as.is_empty() {
            for (_, _, scope, span) in sources {
                doubts.leaving.push((span, scope, LEAVES, trail.leaves));
            }
        }
    }

    /// The members of unknown names, and where each goes.
    #[expect(
        clippy::type_complexity,
        reason = "an expression and its context, or a name that it is given"
    )]
    fn open_sources(&mut self) -> Vec<(Option<&'a Expr>, Result<Context, BindingId>, ScopeId, Span)> {
        let mut out = Vec::new();
        for index in 0..self.model.open_members.len().min(MAX_LOOKED_AT) {
            let (member, scope, context) = self.model.open_members[index];
            if self.may_hold_maker(member, scope) {
                out.push((Some(member), Ok(context), scope, span_of_expr(member)));
            }
        }
        for index in 0..self.model.doubtful_reads.len().min(MAX_LOOKED_AT) {
            let (member, scope, alias) = self.model.doubtful_reads[index];
            let computed = as_member(member).is_some_and(|member| member.prop.is_computed());
            if computed && self.may_hold_maker(member, scope) {
                out.push((Some(member), Ok(Context::Alias(alias)), scope, span_of_expr(member)));
            }
        }
        for index in 0..self.model.parts.len().min(MAX_LOOKED_AT) {
            let (name, scope, key, span) = self.model.parts[index];
            let (Some(key), Some(binding)) = (key, self.model.lookup(name, scope)) else {
                continue;
            };
            if self.is_open_key(key, scope) {
                out.push((None, Err(binding), scope, span));
            }
        }
        for (call, span) in self.reflected_members() {
            let site = self.model.calls[call as usize];
            out.push((Some(site.chain), Ok(site.context), site.scope, span));
        }
        out
    }

    fn value_goes(&mut self, expr: Option<&'a Expr>, context: Context, scope: ScopeId, trail: &mut Trail<'a>) {
        if let Some(expr) = expr {
            let model = &self.model;
            let kept = trail.kept.get_or_insert_with(|| {
                let address =
                    |(name, value): &(Option<&'a str>, &'a Expr)| (std::ptr::from_ref(*value) as usize, *name);
                model.kept_as.iter().map(address).collect()
            });
            match kept.get(&(std::ptr::from_ref(expr) as usize)).copied() {
                // Whoever reads that member gets it; the object around is not it.
                Some(Some(name)) => {
                    // What a proxy asks for, or what has a symbol as its name, is called by the language.
                    let traps = matches!(name, "construct" | "get") && self.model.mentions("Proxy");
                    if traps || matches!(name, "apply" | "bind" | "call" | SYMBOL) {
                        trail.called.push((span_of_expr(expr), scope));
                    }
                    if self.is_descriptor(context) {
                        return trail.member(name);
                    }
                    return self.kept_by(name, trail);
                }
                Some(None) => trail.anywhere = true,
                None => {}
            }
        }
        match context {
            Context::Test | Context::Write(_) | Context::Update => {}
            Context::Alias(_) | Context::Items(_) | Context::Copied(_) => {
                let mut names = Vec::new();
                self.names_of(context, scope, &mut |binding| names.push(binding));
                trail.anywhere |= names.is_empty();
                for binding in names {
                    if !self.takes_part(binding, expr) {
                        trail.name(binding);
                    }
                }
            }
            Context::Argument(call, index) => self.argument_goes(call, index, trail),
            Context::Return(function) => trail.result(function),
            Context::Stored(write) => {
                let write = &self.model.member_writes[write as usize];
                match plain_key(&write.target.prop) {
                    Some(name) => {
                        if self.is_export(context) {
                            trail.called.push((span_of_expr(write.value), TOP));
                        }
                        if matches!(name, "apply" | "bind" | "call") {
                            trail.called.push((span_of_expr(write.value), scope));
                        }
                        let name = name.to_owned();
                        self.kept_by(&name, trail);
                        for function in self.functions_named(&name, trail) {
                            let start = self.model.functions[function as usize].start;
                            if self.model.accessors.binary_search(&start).is_ok() {
                                self.parameter_goes(function, Some(0), trail);
                            }
                        }
                    }
                    None => trail.anywhere = true,
                }
            }
            Context::Field(class, index) => match self.model.classes[class as usize].node.body.get(index as usize) {
                Some(ClassMember::ClassProp(prop)) => match key_text(&prop.key) {
                    Some(name) => self.kept_by(name, trail),
                    None => trail.anywhere = true,
                },
                Some(ClassMember::PrivateProp(prop)) => trail.member(&prop.key.name),
                _ => trail.anywhere = true,
            },
            Context::Parent(class) => {
                let parent = self.model.classes[class as usize].node.super_class.as_deref();
                let span = parent.map(span_of_expr).unwrap_or_default();
                trail.called.push((span, scope));
            }
            Context::Inside(index) => {
                let inside = &self.model.inside[index as usize];
                let (chain, scope, context) = (inside.chain, inside.scope, inside.context);
                trail.anywhere = true;
                results::chain_goes(chain, context, scope, trail);
            }
            Context::Value => {
                let address = |export: &Export<'a>| match (export.value, expr) {
                    (Exported::Expr(value), Some(expr)) => std::ptr::eq(value, expr),
                    _ => false,
                };
                if let (true, Some(expr)) = (self.model.exports.iter().any(address), expr) {
                    trail.called.push((span_of_expr(expr), TOP));
                }
                trail.anywhere = true;
                trail.leaves |= Ways::RESULT;
            }
        }
    }

    /// Whether a name is given only items or members of this very value: `const { length } = value`.
    fn takes_part(&self, binding: BindingId, expr: Option<&'a Expr>) -> bool {
        let Some(expr) = expr else { return false };
        let part = |source: Source<'a>, whole: bool| match source {
            Source::Expr(value, _) => std::ptr::eq(value, expr).then_some(!whole),
            Source::Items(value, _) => std::ptr::eq(value, expr).then_some(true),
            _ => None,
        };
        let written = self.model.writes_of(binding);
        let written = written.filter_map(|write| part(write.source, write.path.is_empty()));
        let assigned = self.model.assigns_of(binding);
        let assigned = assigned.filter_map(|assign| part(assign.source, assign.path.is_empty()));
        let mut count = 0;
        written.chain(assigned).inspect(|_| count += 1).all(|part| part) && count > 0
    }

    fn name_goes(&mut self, binding: BindingId, trail: &mut Trail<'a>) {
        let text = self.model.names[self.model.bindings[binding as usize].name as usize].text;
        let exported = self.model.exports_name(text);
        if exported {
            trail.called.extend(self.declared_at(binding).map(|span| (span, TOP)));
        }
        let reads: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
            .model
            .refs_to(binding)
            .map(|read| (read.chain, read.context, read.scope))
            .collect();
        for (chain, context, scope) in reads {
            let Some(chain) = chain else {
                trail.member(text);
                continue;
            };
            if let Expr::Ident(_) = chain {
                trail.work.push(Work::Value(Some(chain), context, scope));
                continue;
            }
            let called = match innermost_call(chain) {
                Some(node) => may_make_code(node, chain, context),
                None => applied(chain).is_some_and(|node| may_make_code(node, chain, context)) || has_tag(chain),
            };
            if called {
                trail.called.push((span_of_expr(chain), scope));
            }
        }
    }
}
