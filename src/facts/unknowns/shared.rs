//! Doubts about values that go somewhere: `Function` under another name, prototypes that everybody shares, texts for timers.

use swc_ecma_ast::{Expr, MemberProp};

use super::{Doubts, MAX_LOOKED_AT, applied, may_make_code};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    evaluate::Analysis,
    model::{BindingId, Context, ScopeId, Source},
    parameters::innermost_call,
    value::Value,
    ways::plain_key,
};

/// How far a name is followed to the prototype that it may hold.
const MAX_NAMES: u32 = 4;

const MAKER: &str = "gives away the `constructor` of something unknown: of a function it is `Function`";
const PART: &str = "calls a member whose name is only known at run time";
const PROTOTYPE: &str = "writes to a prototype that others may share";
const TIMER: &str = "gives a timer what may be a text, which browsers run as code";

impl<'a> Analysis<'a> {
    /// `return f.constructor`, `list.push(f.constructor)`: whoever gets it may make code with it.
    pub(super) fn handed_makers(&mut self, doubts: &mut Doubts<'a>) {
        for index in 0..self.model.makers.len().min(MAX_LOOKED_AT) {
            if doubts.is_full() {
                return;
            }
            let (member, scope, context) = self.model.makers[index];
            if let Context::Argument(call, _) = context {
                let site = self.model.calls[call as usize];
                let callee = site.node.callee().map(|callee| self.value(callee, site.scope));
                if matches!(callee, Some(Value::Api(path)) if &*path == "Object.create" || path.starts_with("Object.get"))
                {
                    continue;
                }
            }
            if self.may_be_function(member, scope) {
                doubts.add(span_of_expr(member), scope, MAKER);
            }
        }
    }

    /// `const { constructor: F } = f; F(text)`
    pub(super) fn doubtful_parts(&mut self, doubts: &mut Doubts<'a>) {
        for index in 0..self.model.parts.len().min(MAX_LOOKED_AT) {
            if doubts.is_full() {
                return;
            }
            let (name, scope, key, span) = self.model.parts[index];
            let Some(binding) = self.model.lookup(name, scope) else {
                continue;
            };
            if !self.makes_code(binding, key.is_none()) {
                continue;
            }
            let open = key.is_none_or(|key| {
                let key = self.value(key, scope);
                let known = |one: &Value<'_>| match one {
                    Value::Text(text, _) => &**text != "constructor",
                    Value::Number(_) | Value::Bool(_) => true,
                    _ => false,
                };
                !key.alternatives().iter().all(known)
            });
            if open {
                doubts.add(span, scope, if key.is_none() { MAKER } else { PART });
            }
        }
    }

    /// Whether a name that may hold `Function` is used to make code; `whole` if handing it on counts, too.
    pub(super) fn makes_code(&mut self, binding: BindingId, whole: bool) -> bool {
        let reads: Vec<(Option<&'a Expr>, Context)> = self
            .model
            .refs_to(binding)
            .map(|read| (read.chain, read.context))
            .collect();
        reads.into_iter().any(|(chain, context)| {
            let Some(chain) = chain else { return whole };
            if let Some(node) = innermost_call(chain) {
                return may_make_code(node, chain, context);
            }
            if applied(chain).is_some() || has_tag(chain) {
                return true;
            }
            whole && matches!(chain, Expr::Ident(_)) && !matches!(context, Context::Test | Context::Write(_))
        })
    }

    /// `Object.getPrototypeOf([]).x = …`, `o.__proto__.x = …`, `o.constructor.prototype.x = …`
    pub(super) fn prototypes(&mut self, doubts: &mut Doubts<'a>) {
        for index in 0..self.model.member_writes.len() {
            if doubts.is_full() {
                return;
            }
            let (object, scope, span) = {
                let write = &self.model.member_writes[index];
                (&*write.target.obj, write.scope, span_of_expr(&write.target.obj))
            };
            if self.is_shared_prototype(object, scope, MAX_NAMES) {
                doubts.add(span, scope, PROTOTYPE);
            }
        }
        let defines = |name: &str| {
            matches!(
                name,
                "defineProperty" | "defineProperties" | "assign" | "set" | "setPrototypeOf"
            )
        };
        if !self.model.methods.iter().any(|(name, _)| defines(name)) {
            return;
        }
        for index in 0..self.model.calls.len() {
            let call = self.model.calls[index];
            let Some(callee) = call.node.callee().and_then(as_member) else {
                continue;
            };
            let of_language = matches!(&*callee.obj, Expr::Ident(ident) if matches!(&*ident.sym, "Object" | "Reflect"));
            if !of_language || !plain_key(&callee.prop).is_some_and(defines) || doubts.is_full() {
                continue;
            }
            if let Some(target) = call.node.arguments().first()
                && self.is_shared_prototype(&target.expr, call.scope, MAX_NAMES)
            {
                doubts.add(span_of_expr(&target.expr), call.scope, PROTOTYPE);
            }
        }
    }

    /// Whether an expression may be the prototype of something that the module did not make.
    fn is_shared_prototype(&self, expr: &'a Expr, scope: ScopeId, names: u32) -> bool {
        let Some(names) = names.checked_sub(1) else {
            return true;
        };
        match stripped(expr) {
            Expr::Member(member) => match plain_key(&member.prop) {
                Some("__proto__" | "constructor") => !matches!(stripped(&member.obj), Expr::This(_)),
                Some("prototype") => self.is_shared_prototype(&member.obj, scope, names),
                _ => false,
            },
            Expr::Call(call) => {
                let Some(callee) = call.callee.as_expr().and_then(|callee| as_member(stripped(callee))) else {
                    return false;
                };
                let asked = plain_key(&callee.prop) == Some("getPrototypeOf");
                asked
                    && call
                        .args
                        .first()
                        .is_none_or(|arg| !matches!(stripped(&arg.expr), Expr::This(_)))
            }
            Expr::Ident(ident) => {
                let Some(binding) = self.model.lookup(&ident.sym, scope) else {
                    return false;
                };
                let written = self.model.writes_of(binding).map(|write| write.source);
                let assigned = self.model.assigns_of(binding).map(|assign| assign.source);
                written.chain(assigned).take(8).any(|source| match source {
                    // A plain copy leads on; a call of the module's own is looked at where it is.
                    Source::Expr(value, scope) if !matches!(value, Expr::Ident(_)) => {
                        self.is_shared_prototype(value, scope, names)
                    }
                    Source::Expr(value, scope) => names > 1 && self.is_shared_prototype(value, scope, names),
                    _ => false,
                })
            }
            _ => false,
        }
    }

    /// `setTimeout(x)`: browsers and old engines run a text.
    pub(super) fn timers(&mut self, doubts: &mut Doubts<'a>) {
        for name in ["setTimeout", "setInterval"] {
            let Some(name) = self.model.known_name(&name.into()) else {
                continue;
            };
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(read) = self.model.refs.get(at as usize) {
                at = read.next;
                let (chain, scope) = (read.chain, read.scope);
                if doubts.is_full() || self.model.resolve(name, scope).is_some() {
                    continue;
                }
                let Some(node) = chain.and_then(innermost_call) else {
                    continue;
                };
                let Some(first) = node.arguments().first() else {
                    continue;
                };
                if first.spread.is_some() || self.may_be_text(&first.expr, scope) {
                    doubts.add(span_of_expr(&first.expr), scope, TIMER);
                }
            }
        }
    }

    /// Whether a value that is not known may be a text: not if it is surely a function, or is also called.
    fn may_be_text(&mut self, expr: &'a Expr, scope: ScopeId) -> bool {
        match stripped(expr) {
            Expr::Fn(_) | Expr::Arrow(_) => return false,
            // `f.bind(x)` is a function, `this.tick` is somebody's method.
            Expr::Call(call) => {
                let callee = call.callee.as_expr().and_then(|callee| as_member(stripped(callee)));
                if callee.is_some_and(|callee| plain_key(&callee.prop) == Some("bind")) {
                    return false;
                }
            }
            _ => {}
        }
        let value = self.value(expr, scope);
        // A text that is known is told as code.
        value
            .alternatives()
            .iter()
            .any(|one| matches!(one, Value::Unknown | Value::Partial(_)))
    }
}

/// Whether a chain uses something as a tag of a template.
pub(super) fn has_tag(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::TaggedTpl(_) => return true,
            Expr::Call(call) => match call.callee.as_expr() {
                Some(callee) => callee,
                None => return false,
            },
            Expr::Member(member) => match &member.prop {
                MemberProp::PrivateName(_) => return false,
                _ => &member.obj,
            },
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return false,
        };
    }
}
