//! Members that the language's own functions give by name: `Reflect.get(o, key)`, `Object.getOwnPropertyDescriptor(o, key)`.

use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::{Doubts, MAX_LOOKED_AT, is_call, own_keys};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    evaluate::Analysis,
    model::{CallId, CallNode, Context, ScopeId, Source, Step},
    value::Value,
    ways::plain_key,
};
use crate::span::Span;

impl<'a> Analysis<'a> {
    /// `Reflect.get(f, key)(text)`, `Object.getOwnPropertyDescriptor(f, key).value(text)`: members by a computed name, too.
    pub(super) fn reflecting(&mut self, doubts: &mut Doubts<'a>) {
        for (call, span) in self.reflected_members() {
            let site = self.model.calls[call as usize];
            if !is_call(site.chain, site.node) && has_call_beyond(site.chain, site.node) && !doubts.is_full() {
                doubts.add(span, site.scope, "calls a member whose name is only known at run time");
            }
        }
    }

    /// The calls of the language's functions that give members by name, where the name is not known.
    pub(super) fn reflected_members(&mut self) -> Vec<(CallId, Span)> {
        let mut out = Vec::new();
        if !self.model.mentions("Reflect") && !self.model.mentions("Object") {
            return out;
        }
        for index in 0..self.model.calls.len().min(16 * MAX_LOOKED_AT) {
            let call = self.model.calls[index];
            let Some(callee) = call.node.callee().map(stripped) else {
                continue;
            };
            let reflects = match as_member(callee) {
                Some(member) => {
                    plain_key(&member.prop).is_some_and(is_reflection) && self.is_language(&member.obj, call.scope)
                }
                None => match callee {
                    Expr::Ident(ident) => self.is_reflection_name(ident, call.scope),
                    _ => false,
                },
            };
            if !reflects {
                continue;
            }
            let (object, key) = match call.node.arguments() {
                [object, key, ..] if object.spread.is_none() && key.spread.is_none() => {
                    (&*object.expr, Some(&*key.expr))
                }
                [object, ..] => (&*object.expr, None),
                [] => continue,
            };
            // `Object.getOwnPropertyDescriptor(o, key).enumerable`
            let part = match call.chain {
                Expr::Member(member) => plain_key(&member.prop),
                _ => None,
            };
            if part.is_some_and(|part| !matches!(part, "get" | "set" | "value"))
                && !has_call_beyond(call.chain, call.node)
            {
                continue;
            }
            let known = key.is_some_and(|key| {
                !self.is_open_key(key, call.scope) || own_keys::is_own_key(&self.model, object, key, call.scope)
            });
            // The prototypes of the language's classes are no functions.
            let known = known
                || matches!(self.value(object, call.scope), Value::Api(path) if path.ends_with('#') && !path.starts_with("Function"));
            if !known {
                out.push((index as CallId, span_of_expr(call.chain)));
            }
        }
        out
    }

    /// `super.constructor(text)`, `super[key](text)`: of a class itself, and of an object, `super` may be a function.
    pub(super) fn of_parents(&mut self, doubts: &mut Doubts<'a>) {
        for index in 0..self.model.own.len() {
            let own = &self.model.own[index];
            let (chain, scope, context) = (own.chain, own.scope, own.context);
            let Some(parent) = parent_of(chain) else { continue };
            let whole = matches!(stripped(chain), Expr::SuperProp(_));
            if whole && matches!(context, Context::Test | Context::Write(_) | Context::Update) || doubts.is_full() {
                continue;
            }
            let open = match &parent.prop {
                ast::SuperProp::Ident(name) => &*name.sym == "constructor",
                ast::SuperProp::Computed(key) => self.is_open_key(&key.expr, scope),
            };
            // The parent of what a class makes is what its parent makes.
            if open && self.method_around(scope).is_none() {
                doubts.add(
                    span_of_expr(chain),
                    scope,
                    "uses the `constructor` of `super`, or a member whose name is only known at run time",
                );
            }
        }
    }

    fn is_language(&self, object: &Expr, scope: ScopeId) -> bool {
        matches!(object, Expr::Ident(ident)
            if matches!(&*ident.sym, "Object" | "Reflect") && self.model.lookup(&ident.sym, scope).is_none())
    }

    /// `const get = Reflect.get`
    fn is_reflection_name(&self, name: &ast::Ident, scope: ScopeId) -> bool {
        let Some(binding) = self.model.lookup(&name.sym, scope) else {
            return false;
        };
        let mut writes = self
            .model
            .writes_of(binding)
            .map(|write| (write.source, write.path.last().copied()));
        writes.any(|(source, step)| match (source, step) {
            (Source::Expr(expr, scope), None) => as_member(stripped(expr)).is_some_and(|member| {
                plain_key(&member.prop).is_some_and(is_reflection) && self.is_language(&member.obj, scope)
            }),
            (Source::Expr(expr, scope), Some(Step::Key(key))) => {
                is_reflection(key) && self.is_language(stripped(expr), scope)
            }
            _ => false,
        })
    }
}

/// The member of `super` that a chain begins with.
fn parent_of(chain: &Expr) -> Option<&ast::SuperPropExpr> {
    let mut at = chain;
    loop {
        at = match at {
            Expr::SuperProp(prop) => return Some(prop),
            Expr::Call(call) => call.callee.as_expr()?,
            Expr::New(new) => &new.callee,
            Expr::TaggedTpl(tagged) => &tagged.tag,
            Expr::Member(member) => &member.obj,
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => &member.obj,
                ast::OptChainBase::Call(call) => &call.callee,
            },
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return None,
        };
    }
}

/// Methods of `Reflect` and `Object` that give members by name.
fn is_reflection(name: &str) -> bool {
    matches!(name, "getOwnPropertyDescriptor" | "getOwnPropertyDescriptors" | "get")
}

/// Whether a chain calls something that it gets out of what an inner call gives.
fn has_call_beyond(chain: &Expr, node: CallNode<'_>) -> bool {
    let mut at = chain;
    let mut beyond = false;
    loop {
        if is_call(at, node) {
            return beyond;
        }
        at = match at {
            Expr::Call(call) => {
                beyond = true;
                match call.callee.as_expr() {
                    Some(callee) => callee,
                    None => return false,
                }
            }
            Expr::New(new) => {
                beyond = true;
                &new.callee
            }
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return false,
        };
    }
}
