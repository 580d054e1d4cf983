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
    callees::{KEEPERS, hash},
    is_call, may_make_code,
    shared::has_tag,
};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    collect::{SYMBOL, key_text},
    Ways,
    evaluate::Analysis,
    index::Reading,
    model::{BindingId, CallId, CallNode, Context, Export, Exported, FuncId, NONE, Params, Role, ScopeId, Source, Step, TOP},
    parameters::innermost_call,
    value::Value,
    ways::plain_key,
};
use crate::span::Span;

const CALLED: &str = "calls what may be a member of a name that is only known at run time: of a function it may be `Function`";
const LEAVES: &str = "hands on a member whose name is only known at run time: of a function it may be `Function`, and what \
                      is handed on may be called with a text";
/// How many steps one module's members are followed.
const MAX_STEPS: usize = 4096;

/// Functions of the language that keep and give back nothing of what they are given; a `.` at the end means all members.
const LOOKS: [&str; 20] = [
    "Array.isArray",
    "BigInt",
    "Boolean",
    "Date",
    "JSON.stringify",
    "Math.",
    "Number",
    "Number.",
    "Object.is",
    "Object.keys",
    "RegExp",
    "String",
    "String.",
    "console.",
    "decodeURIComponent",
    "encodeURIComponent",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
];

/// Methods of the language that look at what they are given.
const LOOKERS: [&str; 14] = [
    "charAt",
    "charCodeAt",
    "codePointAt",
    "delete",
    "endsWith",
    "has",
    "hasOwnProperty",
    "includes",
    "indexOf",
    "isPrototypeOf",
    "lastIndexOf",
    "localeCompare",
    "startsWith",
    "test",
];

/// Methods of the language that put what they are given into what they are called on.
const KEEPS: [&str; 8] = ["add", "concat", "fill", "push", "set", "splice", "unshift", "with"];

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
    /// By the address of a value, the names of members that objects which are written out give it.
    kept: Option<FxHashMap<usize, Option<&'a str>>>,
    /// The calls of methods, by name.
    methods: Option<FxHashMap<&'a str, Vec<CallId>>>,
    /// The functions that are members, by name.
    functions: Option<FxHashMap<&'a str, Vec<FuncId>>>,
}

enum Work<'a> {
    Value(Option<&'a Expr>, Context, ScopeId),
    Name(BindingId),
    Member(Rc<str>),
    Result(FuncId),
}

impl<'a> Trail<'a> {
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
        if trail.anywhere || trail.handed {
            let places = self.called_items(trail.anywhere);
            trail.called.extend(places);
        }
        trail.called.sort_unstable_by_key(|(span, _)| span.start);
        trail.called.dedup();
        for (span, scope) in trail.called {
            if doubts.is_full() {
                return;
            }
            doubts.add(span, scope, CALLED);
        }
        doubts.kept_as.extend(trail.members.iter().map(|name| hash(name)));
        doubts.kept_as.append(&mut trail.methods_given);
        if trail.leaves != Ways::NONE || !doubts.kept_as.is_empty() {
            for (_, _, scope, span) in sources {
                doubts.leaving.push((span, scope, LEAVES, trail.leaves));
            }
        }
    }

    /// The members of unknown names, and where each goes.
    #[expect(clippy::type_complexity, reason = "an expression and its context, or a name that it is given")]
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
                let address = |(name, value): &(Option<&'a str>, &'a Expr)| (std::ptr::from_ref(*value) as usize, *name);
                model.kept_as.iter().map(address).collect()
            });
            match kept.get(&(std::ptr::from_ref(expr) as usize)).copied() {
                // Whoever reads that member gets it; the object around is not it.
                Some(Some(name)) => {
                    // What a proxy asks for, or what has a symbol as its name, is called by the language.
                    let traps = matches!(name, "apply" | "construct" | "get") && self.model.mentions("Proxy");
                    if traps || name == SYMBOL {
                        trail.called.push((span_of_expr(expr), scope));
                    }
                    return trail.member(name);
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
                        let name = name.to_owned();
                        trail.member(&name);
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
            Context::Field(class, index) => {
                match self.model.classes[class as usize].node.body.get(index as usize) {
                    Some(ClassMember::ClassProp(prop)) => match key_text(&prop.key) {
                        Some(name) => trail.member(name),
                        None => trail.anywhere = true,
                    },
                    Some(ClassMember::PrivateProp(prop)) => trail.member(&prop.key.name),
                    _ => trail.anywhere = true,
                }
            }
            Context::Parent(class) => {
                let parent = self.model.classes[class as usize].node.super_class.as_deref();
                let span = parent.map(span_of_expr).unwrap_or_default();
                trail.called.push((span, scope));
            }
            Context::Inside(index) => {
                let inside = &self.model.inside[index as usize];
                let (chain, scope, context) = (inside.chain, inside.scope, inside.context);
                trail.anywhere = true;
                self.chain_goes(chain, context, scope, trail);
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

    /// It is in what a chain begins with: what the chain calls may be it.
    fn chain_goes(&mut self, chain: &'a Expr, context: Context, scope: ScopeId, trail: &mut Trail<'a>) {
        let mut at = chain;
        loop {
            at = match at {
                Expr::Call(call) => {
                    let Some(callee) = call.callee.as_expr() else { return };
                    let node = CallNode::Call(call);
                    let known = as_member(stripped(callee))
                        .and_then(|member| plain_key(&member.prop))
                        .is_some_and(|name| !trail.members.contains(name));
                    if !known && may_make_code(node, chain, context) {
                        trail.called.push((span_of_expr(callee), scope));
                    }
                    callee
                }
                Expr::New(new) => &new.callee,
                Expr::Member(member) => &member.obj,
                Expr::Await(e) => &e.arg,
                Expr::Paren(e) => &e.expr,
                _ => return,
            };
        }
    }

    fn argument_goes(&mut self, call: CallId, index: u16, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee().map(stripped) else {
            trail.anywhere = true;
            trail.leaves |= Ways::ARGUMENT;
            return;
        };
        let member = as_member(callee);
        let method = member.and_then(|member| plain_key(&member.prop));
        let reflects = member.is_some_and(|member| matches!(&*member.obj, Expr::Ident(ident) if &*ident.sym == "Reflect"));
        let (target, index) = match (member, method) {
            _ if reflects => (callee, Some(index)),
            (Some(member), Some("call")) if index > 0 => (stripped(&member.obj), Some(index - 1)),
            (Some(member), Some("call" | "apply" | "bind")) => (stripped(&member.obj), None),
            _ => (callee, Some(index)),
        };
        match self.value(target, site.scope) {
            // The language calls it, or puts it where any name may stand for it.
            Value::Api(path) if matches!(&*path, "Reflect.apply" | "Reflect.construct" | "Object.fromEntries" | "Reflect.set") => {
                trail.called.push((span_of_expr(callee), site.scope));
            }
            Value::Api(path) => {
                if !looks(&path) {
                    trail.anywhere = true;
                    self.value_goes(Some(site.chain), site.context, site.scope, trail);
                }
            }
            Value::Function(function) | Value::Closure(function, _) => self.parameter_goes(function, index, trail),
            Value::Class(class) => {
                let constructor = self.model.classes[class as usize].constructor;
                if constructor == NONE {
                    trail.anywhere = true;
                    trail.leaves |= Ways::ARGUMENT;
                } else {
                    self.parameter_goes(constructor, index, trail);
                }
            }
            Value::Module(_, path) => {
                trail.leaves |= Ways::METHOD;
                let name = path.rsplit('.').next().filter(|name| *name != "default");
                trail.methods_given.push(hash(&format!("{}()", name.unwrap_or_default())));
            }
            _ => match (target, method) {
                (Expr::Ident(ident), _) => self.callback_goes(ident, site.scope, index, trail),
                (_, Some(name)) if LOOKERS.contains(&name) => {}
                // The language calls it.
                (_, Some(name)) if KEEPERS.contains(&name) && matches!(index, Some(0 | 1)) => {
                    trail.called.push((span_of_expr(callee), site.scope));
                }
                (_, Some(name)) => {
                    for function in self.functions_named(name, trail) {
                        self.parameter_goes(function, index, trail);
                    }
                    trail.anywhere |= KEEPS.contains(&name);
                    trail.leaves |= Ways::METHOD;
                    trail.methods_given.push(hash(&format!("{name}()")));
                }
                _ => {
                    trail.handed = true;
                    trail.leaves |= Ways::ARGUMENT;
                }
            },
        }
    }

    /// The functions of a name.
    fn functions_named(&self, name: &str, trail: &mut Trail<'a>) -> Vec<FuncId> {
        let model = &self.model;
        let functions = trail.functions.get_or_insert_with(|| {
            let mut by_name: FxHashMap<&'a str, Vec<FuncId>> = FxHashMap::default();
            for (id, function) in (0..).zip(&model.functions) {
                if let Some(name) = function.name {
                    by_name.entry(name).or_default().push(id);
                }
            }
            by_name
        });
        functions.get(name).cloned().unwrap_or_default()
    }

    /// A parameter is called with it: so are the functions that are handed in for that parameter.
    fn callback_goes(
        &mut self,
        name: &'a swc_ecma_ast::Ident,
        scope: ScopeId,
        index: Option<u16>,
        trail: &mut Trail<'a>,
    ) {
        trail.leaves |= Ways::ARGUMENT;
        let Some(binding) = self.model.lookup(&name.sym, scope) else {
            trail.handed = true;
            return;
        };
        let sources: Vec<Source<'a>> = self.model.writes_of(binding).map(|write| write.source).collect();
        let assigned = self.model.assigns_of(binding).next().is_some();
        let [Source::Param(function, at, false)] = sources[..] else {
            trail.handed = true;
            return;
        };
        let Some(sites) = self.calls_of_named(function).filter(|_| !assigned) else {
            trail.handed = true;
            return;
        };
        for (node, scope) in sites {
            let Some(arg) = node.arguments().get(at as usize) else { continue };
            match self.value(&arg.expr, scope) {
                Value::Function(function) | Value::Closure(function, _) => {
                    self.parameter_goes(function, index, trail);
                }
                _ => trail.handed = true,
            }
        }
    }

    /// The calls of a named function, if it is used in no other way; those of its importers are not among them.
    pub(super) fn calls_of_named(&self, function: FuncId) -> Option<Vec<(CallNode<'a>, ScopeId)>> {
        let Role::Named(binding) = self.model.functions[function as usize].role else {
            return None;
        };
        let mut sites = Vec::new();
        for found in self.model.refs_to(binding) {
            match found.chain.and_then(innermost_call) {
                Some(node) => sites.push((node, found.scope)),
                None if found.context == Context::Test => {}
                // `module.exports = f`: others call it.
                None if self.is_export(found.context) => {}
                None => return None,
            }
        }
        Some(sites)
    }

    pub(super) fn is_export(&self, context: Context) -> bool {
        let Context::Stored(write) = context else { return false };
        let target = self.model.member_writes[write as usize].target;
        match stripped(&target.obj) {
            Expr::Ident(ident) => matches!(&*ident.sym, "exports" | "module"),
            Expr::Member(inner) => matches!(stripped(&inner.obj), Expr::Ident(ident) if &*ident.sym == "module"),
            _ => false,
        }
    }

    fn parameter_goes(&mut self, function: FuncId, index: Option<u16>, trail: &mut Trail<'a>) {
        let func = &self.model.functions[function as usize];
        let scope = func.scope;
        let count = match func.params {
            Params::None => 0,
            Params::Function(params) => params.len(),
            Params::Arrow(params) => params.len(),
            Params::Constructor(params) => params.len(),
        };
        let arguments = self.model.mentions("arguments");
        let indices = match index {
            Some(index) => index..index + 1,
            None => 0..count.min(16) as u16,
        };
        for index in indices {
            let names = self.parameter_names(function, index);
            let plain = self.model.parameter(function, usize::from(index)).is_some();
            trail.anywhere |= arguments || (!names.is_empty() && !plain);
            for name in names {
                if let Some(binding) = self.model.lookup(name, scope) {
                    trail.name(binding);
                }
            }
        }
    }

    fn name_goes(&mut self, binding: BindingId, trail: &mut Trail<'a>) {
        let text = self.model.names[self.model.bindings[binding as usize].name as usize].text;
        let exported = self
            .model
            .exports
            .iter()
            .any(|export| matches!(export.value, Exported::Local(local) if &**local == text));
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

    /// What reads a member of this name gets it.
    fn member_goes(&mut self, name: &str, trail: &mut Trail<'a>) {
        let members = self.members();
        for reading in members.reads.get(name).into_iter().flatten() {
            let (chain, scope, context) = match *reading {
                Reading::Ref(read) => {
                    let read = &self.model.refs[read as usize];
                    (read.chain, read.scope, read.context)
                }
                Reading::Own(own) => {
                    let own = &self.model.own[own as usize];
                    (Some(own.chain), own.scope, own.context)
                }
            };
            let Some(chain) = chain else { continue };
            self.member_of_chain(chain, name, context, scope, trail);
        }
        for index in 0..self.model.inside.len() {
            let inside = &self.model.inside[index];
            let (chain, scope, context) = (inside.chain, inside.scope, inside.context);
            self.member_of_chain(chain, name, context, scope, trail);
        }
        for binding in 0..self.model.bindings.len() as BindingId {
            let writes = self.model.writes_of(binding).map(|write| write.path.last());
            let mut steps = writes.chain(self.model.assigns_of(binding).map(|assign| assign.path.last()));
            if steps.any(|step| matches!(step, Some(Step::Key(key)) if *key == name)) {
                trail.name(binding);
            }
        }
    }

    fn member_of_chain(&mut self, chain: &'a Expr, name: &str, context: Context, scope: ScopeId, trail: &mut Trail<'a>) {
        let mut at = chain;
        let mut around: Option<CallNode<'a>> = None;
        loop {
            let (inner, node) = match at {
                Expr::Call(call) => match call.callee.as_expr() {
                    Some(callee) => (&**callee, Some(CallNode::Call(call))),
                    None => return,
                },
                Expr::New(new) => (&*new.callee, Some(CallNode::New(new))),
                Expr::TaggedTpl(tagged) => (&*tagged.tag, Some(CallNode::Tagged(tagged))),
                Expr::OptChain(optional) => match &*optional.base {
                    swc_ecma_ast::OptChainBase::Call(call) => (&*call.callee, Some(CallNode::Optional(call))),
                    swc_ecma_ast::OptChainBase::Member(member) => (&*member.obj, None),
                },
                Expr::Member(member) => (&*member.obj, None),
                Expr::Paren(e) => (&*e.expr, around),
                Expr::Await(e) => (&*e.arg, around),
                _ => return,
            };
            if let Some(member) = as_member(at)
                && plain_key(&member.prop) == Some(name)
            {
                match around {
                    Some(node) if may_make_code(node, chain, context) => {
                        trail.called.push((span_of_expr(at), scope));
                    }
                    Some(_) => {}
                    None if std::ptr::eq(at, chain) => trail.work.push(Work::Value(Some(chain), context, scope)),
                    // `x.name.call(…)`
                    None => {
                        if let Some(member) = member_around(chain, at)
                            && matches!(plain_key(&member.prop), Some("call" | "apply" | "bind"))
                        {
                            trail.called.push((span_of_expr(at), scope));
                        }
                    }
                }
            }
            around = node;
            at = inner;
        }
    }

    /// Where the results of a function go.
    fn result_goes(&mut self, function: FuncId, trail: &mut Trail<'a>) {
        let func = &self.model.functions[function as usize];
        let (role, name, start) = (func.role, func.name, func.start);
        trail.anywhere |= func.first_yield != NONE;
        match role {
            Role::Called(call) => self.result_of_call(call, trail),
            Role::Named(binding) => {
                let reads: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
                    .model
                    .refs_to(binding)
                    .map(|read| (read.chain, read.context, read.scope))
                    .collect();
                for (chain, context, scope) in reads {
                    match chain.and_then(|chain| Some((chain, innermost_call(chain)?))) {
                        Some((chain, node)) => self.result_of(chain, node, context, scope, trail),
                        None if context == Context::Test => {}
                        None => trail.anywhere |= !self.is_export(context),
                    }
                }
                if self.is_exported(binding) {
                    self.names_outside(function, &mut |name| trail.methods_given.push(hash(&format!("{name}="))));
                }
            }
            // `pick(o)(key)(text)`
            Role::Returned(_) if name.is_none() => {
                trail.leaves |= Ways::RESULT;
                for call in 0..self.model.calls.len() as CallId {
                    let site = self.model.calls[call as usize];
                    if site.node.callee().is_some_and(|callee| self.is_made(callee, site.scope)) {
                        self.result_of_call(call, trail);
                    }
                }
            }
            Role::Argument(call, _) => {
                trail.anywhere = true;
                let defines = self.model.calls[call as usize].node.callee().and_then(|callee| as_member(stripped(callee)));
                if defines.is_some_and(|member| plain_key(&member.prop) == Some("defineProperty")) {
                    match self.model.calls[call as usize].node.arguments().get(1).map(|arg| &*arg.expr) {
                        Some(Expr::Lit(swc_ecma_ast::Lit::Str(text))) => {
                            trail.member(text.value.as_str().unwrap_or_default());
                        }
                        _ => trail.called.push((Span::new(start, start), TOP)),
                    }
                }
                let callee = self.model.calls[call as usize].node.callee();
                let builtin = callee
                    .and_then(|callee| as_member(stripped(callee)))
                    .and_then(|member| plain_key(&member.prop))
                    .is_some_and(|name| KEEPERS.contains(&name) || name == "forEach" || name == "replace");
                if !builtin {
                    trail.leaves |= Ways::ARGUMENT;
                }
            }
            _ => {
                let mut named = false;
                self.names_outside(function, &mut |name| {
                    named = true;
                    trail.methods_given.push(hash(&format!("{name}=")));
                });
                if !named {
                    trail.leaves |= Ways::RESULT;
                }
                let Some(name) = name else { return };
                if self.model.accessors.binary_search(&start).is_ok() {
                    trail.member(name);
                }
                let model = &self.model;
                let methods = trail.methods.get_or_insert_with(|| {
                    let mut by_name: FxHashMap<&'a str, Vec<CallId>> = FxHashMap::default();
                    for (id, call) in (0..).zip(&model.calls) {
                        let callee = call.node.callee().map(stripped);
                        let name = callee.and_then(|callee| match callee {
                            Expr::SuperProp(swc_ecma_ast::SuperPropExpr {
                                prop: swc_ecma_ast::SuperProp::Ident(name),
                                ..
                            }) => Some(&*name.sym),
                            callee => as_member(callee).and_then(|method| plain_key(&method.prop)),
                        });
                        if let Some(name) = name {
                            by_name.entry(name).or_default().push(id);
                        }
                    }
                    by_name
                });
                for call in methods.get(name).cloned().unwrap_or_default() {
                    self.result_of_call(call, trail);
                }
            }
        }
    }

    /// Whether a callee is what a call gives.
    fn is_made(&self, callee: &'a Expr, scope: ScopeId) -> bool {
        match stripped(callee) {
            Expr::Call(_) => true,
            Expr::Ident(ident) => self.model.lookup(&ident.sym, scope).is_some_and(|binding| {
                let mut sources = self.model.writes_of(binding).map(|write| write.source);
                sources.any(|source| matches!(source, Source::Expr(expr, _) if matches!(stripped(expr), Expr::Call(_))))
            }),
            _ => false,
        }
    }

    fn result_of_call(&mut self, call: CallId, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        self.result_of(site.chain, site.node, site.context, site.scope, trail);
    }

    /// A call gives it: either the chain ends there, or it is called, or it is in what the call gives.
    fn result_of(
        &mut self,
        chain: &'a Expr,
        node: CallNode<'a>,
        context: Context,
        scope: ScopeId,
        trail: &mut Trail<'a>,
    ) {
        if is_call(chain, node) {
            trail.work.push(Work::Value(Some(chain), context, scope));
            return;
        }
        // `pick(…)(text)`, `pick(…)[0](text)`, `pick(…).x(text)`, `pick(…).next().value(text)`
        let mut at = chain;
        loop {
            let (inner, outer) = match at {
                Expr::Call(call) => match call.callee.as_expr() {
                    Some(callee) => (&**callee, Some(CallNode::Call(call))),
                    None => return,
                },
                Expr::New(new) => (&*new.callee, Some(CallNode::New(new))),
                Expr::TaggedTpl(tagged) => (&*tagged.tag, Some(CallNode::Tagged(tagged))),
                Expr::Member(member) => (&*member.obj, None),
                Expr::Await(e) => (&*e.arg, None),
                Expr::Paren(e) => (&*e.expr, None),
                _ => return,
            };
            if let Some(outer) = outer {
                if outer.address() == node.address() {
                    break;
                }
                let callee = stripped(inner);
                let name = as_member(callee).and_then(|member| plain_key(&member.prop));
                let may_be = name.is_none_or(|name| {
                    trail.members.contains(name) || matches!(name, "call" | "apply" | "bind" | "value")
                });
                if may_be && may_make_code(outer, chain, context) {
                    trail.called.push((span_of_expr(callee), scope));
                }
            }
            at = inner;
        }
        // A part of it.
        if !matches!(chain, Expr::Call(_) | Expr::New(_)) {
            trail.work.push(Work::Value(Some(chain), context, scope));
        } else {
            trail.anywhere = true;
        }
    }
}

/// The member of what stands at `inner` in a chain.
fn member_around<'e>(chain: &'e Expr, inner: &Expr) -> Option<&'e swc_ecma_ast::MemberExpr> {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Member(member) if std::ptr::eq(&*member.obj, inner) => return Some(member),
            Expr::Member(member) => &member.obj,
            Expr::Call(call) => call.callee.as_expr()?,
            Expr::New(new) => &new.callee,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return None,
        };
    }
}

fn looks(path: &str) -> bool {
    LOOKS
        .iter()
        .any(|known| path == *known || known.ends_with('.') && path.starts_with(known))
}
