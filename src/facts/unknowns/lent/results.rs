//! Where a value goes that a function gives back, or that a member of some name holds.

use rustc_hash::FxHashMap;
use swc_ecma_ast::{Expr, OptChainBase};

use super::{
    super::{
        callees::{INSIDE, KEEPERS, hash},
        calls_each, is_call, may_make_code,
    },
    Trail, Work,
};
use crate::facts::{
    Ways,
    calls::{as_member, span_of_expr, stripped},
    evaluate::Analysis,
    index::Reading,
    model::{BindingId, CallId, CallNode, Context, FuncId, NONE, Owner, Role, ScopeId, Source, Step, TOP},
    value::Value,
    ways::plain_key,
};
use crate::span::Span;

impl<'a> Analysis<'a> {
    /// What reads a member of this name gets it.
    pub(super) fn member_goes(&mut self, name: &str, trail: &mut Trail<'a>) {
        let reads = self.member_reads();
        for reading in reads.of(name) {
            let (chain, scope, context) = match reading {
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
            member_of_chain(chain, name, context, scope, trail);
        }
        for index in 0..self.model.inside.len() {
            let inside = &self.model.inside[index];
            let (chain, scope, context) = (inside.chain, inside.scope, inside.context);
            member_of_chain(chain, name, context, scope, trail);
        }
        trail.steps += self.model.inside.len() / 8;
        for binding in self.parts_named(name, trail) {
            trail.name(binding);
        }
    }

    /// A member of this name has it: the results of iterators do.
    pub(super) fn kept_by(&mut self, name: &str, trail: &mut Trail<'a>) {
        trail.member(name);
        if name == "value" && (self.model.mentions("Symbol") || !self.functions_named("next", trail).is_empty()) {
            trail.anywhere = true;
            trail.leaves |= Ways::ALL;
            trail.methods_given.push(hash(INSIDE, "="));
        }
    }

    /// Whether what an object that is written out has is but a descriptor of a property.
    pub(super) fn is_descriptor(&mut self, context: Context) -> bool {
        let Context::Argument(call, 2) = context else {
            return false;
        };
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee() else { return false };
        let Value::Api(path) = self.value(callee, site.scope) else {
            return false;
        };
        matches!(&*path, "Object.defineProperty" | "Reflect.defineProperty")
    }

    /// The names that a pattern gives a member of this name.
    fn parts_named(&self, name: &str, trail: &mut Trail<'a>) -> Vec<BindingId> {
        let model = &self.model;
        let parts = trail.parts.get_or_insert_with(|| {
            let mut by_key: FxHashMap<&'a str, Vec<BindingId>> = FxHashMap::default();
            for binding in 0..model.bindings.len() as BindingId {
                let writes = model.writes_of(binding).map(|write| write.path.last());
                let steps = writes.chain(model.assigns_of(binding).map(|assign| assign.path.last()));
                for step in steps {
                    if let Some(Step::Key(key)) = step {
                        by_key.entry(key).or_default().push(binding);
                    }
                }
            }
            by_key
        });
        parts.get(name).cloned().unwrap_or_default()
    }

    /// Whether a function is taken off what has it by this name, to be called by another one.
    fn is_taken(&mut self, name: &str, trail: &mut Trail<'a>) -> bool {
        if !self.parts_named(name, trail).is_empty() {
            return true;
        }
        let reads = self.member_reads();
        reads.of(name).any(|reading| {
            let chain = match reading {
                Reading::Ref(read) => self.model.refs[read as usize].chain,
                Reading::Own(own) => Some(self.model.own[own as usize].chain),
            };
            chain.is_some_and(|chain| !calls_each(chain, name))
        })
    }

    /// Where the results of a function go.
    pub(super) fn result_goes(&mut self, function: FuncId, trail: &mut Trail<'a>) {
        let func = &self.model.functions[function as usize];
        let (role, name, start, owner) = (func.role, func.name, func.start, func.owner);
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
                    match chain.and_then(|chain| Some((chain, call_of_name(chain)?))) {
                        Some((chain, node)) => result_of(chain, node, context, scope, trail),
                        None if context == Context::Test => {}
                        None if self.is_export(context) => {}
                        // It is used as a value: what anybody unknown gives may be its result.
                        None => (trail.anywhere, trail.made.escaped) = (true, true),
                    }
                }
                if self.is_exported(binding) {
                    self.names_outside(function, &mut |name| trail.methods_given.push(hash(name, "=")));
                }
            }
            // `pick(o)(key)(text)`
            Role::Returned(_) if name.is_none() => {
                trail.leaves |= Ways::RESULT;
                for call in 0..self.model.calls.len() as CallId {
                    let site = self.model.calls[call as usize];
                    if site
                        .node
                        .callee()
                        .is_some_and(|callee| self.is_made(callee, site.scope))
                    {
                        self.result_of_call(call, trail);
                    }
                }
            }
            Role::Argument(call, _) => {
                trail.anywhere = true;
                let defines = self.model.calls[call as usize]
                    .node
                    .callee()
                    .and_then(|callee| as_member(stripped(callee)));
                if defines.is_some_and(|member| plain_key(&member.prop) == Some("defineProperty")) {
                    match self.model.calls[call as usize]
                        .node
                        .arguments()
                        .get(1)
                        .map(|arg| &*arg.expr)
                    {
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
                    trail.methods_given.push(hash(name, "="));
                });
                if !named {
                    trail.leaves |= Ways::RESULT;
                }
                trail.made.member = true;
                let Some(name) = name else {
                    (trail.anywhere, trail.made.escaped) = (true, true);
                    return;
                };
                if !matches!(role, Role::Member) && !matches!(owner, Owner::Object(_) | Owner::Write(_))
                    || self.is_taken(name, trail)
                {
                    (trail.anywhere, trail.made.escaped) = (true, true);
                }
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
    pub(super) fn is_made(&self, callee: &'a Expr, scope: ScopeId) -> bool {
        match stripped(callee) {
            Expr::Call(_) => true,
            Expr::Ident(ident) => self.model.lookup(&ident.sym, scope).is_some_and(|binding| {
                let mut sources = self.model.writes_of(binding).map(|write| write.source);
                sources.any(|source| matches!(source, Source::Expr(expr, _) if matches!(stripped(expr), Expr::Call(_))))
            }),
            _ => false,
        }
    }

    pub(super) fn result_of_call(&mut self, call: CallId, trail: &mut Trail<'a>) {
        let site = self.model.calls[call as usize];
        result_of(site.chain, site.node, site.context, site.scope, trail);
    }
}

/// The member of what stands at `inner` in a chain.
fn member_around<'e>(chain: &'e Expr, inner: &Expr) -> Option<&'e swc_ecma_ast::MemberExpr> {
    let mut at = chain;
    loop {
        let (next, _) = inward(at)?;
        if std::ptr::eq(next, inner)
            && let Some(member) = as_member(at)
        {
            return Some(member);
        }
        at = next;
    }
}

/// What the outermost member or call of a chain is taken of, and the call if it is one.
fn inward(at: &Expr) -> Option<(&Expr, Option<CallNode<'_>>)> {
    Some(match at {
        Expr::Call(call) => (&**call.callee.as_expr()?, Some(CallNode::Call(call))),
        Expr::New(new) => (&*new.callee, Some(CallNode::New(new))),
        Expr::TaggedTpl(tagged) => (&*tagged.tag, Some(CallNode::Tagged(tagged))),
        Expr::OptChain(optional) => match &*optional.base {
            OptChainBase::Call(call) => (&*call.callee, Some(CallNode::Optional(call))),
            OptChainBase::Member(member) => (&*member.obj, None),
        },
        Expr::Member(member) => (&*member.obj, None),
        Expr::Await(e) => (&*e.arg, None),
        Expr::Paren(e) => (&*e.expr, None),
        _ => return None,
    })
}

/// The call of the name that a chain begins with, wherever it is called: `pick?.(x)`, too.
fn call_of_name(chain: &Expr) -> Option<CallNode<'_>> {
    let mut at = chain;
    loop {
        let (inner, node) = inward(at)?;
        if let (Expr::Ident(_), Some(_)) = (stripped(inner), node) {
            return node;
        }
        at = inner;
    }
}

/// It is in what a chain begins with: what the chain calls may be it.
pub(super) fn chain_goes<'a>(chain: &'a Expr, context: Context, scope: ScopeId, trail: &mut Trail<'a>) {
    let mut at = chain;
    while let Some((inner, node)) = inward(at) {
        if let Some(node) = node {
            let known = as_member(stripped(inner))
                .and_then(|member| plain_key(&member.prop))
                .is_some_and(|name| !trail.members.contains(name));
            if !known && may_make_code(node, chain, context) {
                trail.called.push((span_of_expr(inner), scope));
            }
        }
        at = inner;
    }
}

pub(super) fn member_of_chain<'a>(
    chain: &'a Expr,
    name: &str,
    context: Context,
    scope: ScopeId,
    trail: &mut Trail<'a>,
) {
    let mut at = chain;
    let mut around: Option<CallNode<'a>> = None;
    while let Some((inner, node)) = inward(at) {
        let node = node.or(if matches!(at, Expr::Paren(_) | Expr::Await(_)) {
            around
        } else {
            None
        });
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

/// A call gives it: either the chain ends there, or it is called, or it is in what the call gives.
pub(super) fn result_of<'a>(
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
    while let Some((inner, outer)) = inward(at) {
        if let Some(outer) = outer {
            if outer.address() == node.address() {
                break;
            }
            let callee = stripped(inner);
            let name = as_member(callee).and_then(|member| plain_key(&member.prop));
            let may_be = name
                .is_none_or(|name| trail.members.contains(name) || matches!(name, "call" | "apply" | "bind" | "value"));
            if may_be && may_make_code(outer, chain, context) {
                trail.called.push((span_of_expr(callee), scope));
            }
        }
        at = inner;
    }
    // A part of it.
    if as_member(chain).is_some() {
        trail.work.push(Work::Value(Some(chain), context, scope));
    } else {
        trail.anywhere = true;
    }
}
