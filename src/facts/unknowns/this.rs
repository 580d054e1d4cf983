//! `this` where it may be the global object: in a sloppy function that is called by its name alone.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{Doubts, MAX_LOOKED_AT, applied, is_application};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Global},
    evaluate::Analysis,
    model::{CallNode, Context, FuncId, Loose, Role, ScopeId},
    parameters::innermost_call,
    value::Value,
    ways::plain_key,
};
use crate::span::Span;

/// Methods that call a callback with the object they are called on as `this`.
const ON_RECEIVER: [&str; 8] = [
    "addEventListener",
    "addListener",
    "bind",
    "each",
    "on",
    "once",
    "prependListener",
    "subscribe",
];

impl<'a> Analysis<'a> {
    /// `this` of a sloppy function that somebody calls by its name alone.
    pub(super) fn loose_this(&mut self, doubts: &mut Doubts) {
        if self.model.loose.len() > 16 * MAX_LOOKED_AT {
            doubts.add(Span::new(0, 0), 0, "uses `this` at too many places to look at each");
        }
        for index in 0..self.model.loose.len().min(16 * MAX_LOOKED_AT) {
            if doubts.is_full() {
                return;
            }
            let Loose {
                chain,
                scope,
                context,
                function,
            } = self.model.loose[index];
            let Some(message) = self.doubt_of_this(chain, scope, context) else {
                continue;
            };
            if self.is_loose(function, doubts) {
                doubts.add(span_of_expr(chain), scope, message);
            }
        }
    }

    /// What a use of `this` does if it is the global object.
    fn doubt_of_this(&mut self, chain: &'a Expr, scope: ScopeId, context: Context) -> Option<&'static str> {
        const WRITES: &str =
            "writes to `this`, which is the global object where the function is called by its name alone";
        const READS: &str = "reads of `this` what the global object may have, which it is where the function is called by its name alone";
        const HANDS_ON: &str =
            "hands on `this`, which is the global object where the function is called by its name alone";
        if matches!(context, Context::Write(_) | Context::Update) {
            return Some(WRITES);
        }
        match first_of_this(chain) {
            // `f.apply(this, arguments)` hands it on to a function that is looked at by itself.
            None => match context {
                Context::Argument(call, 0) if is_application(self.model.calls[call as usize].node) => None,
                Context::Test | Context::Items(_) => None,
                _ => Some(HANDS_ON),
            },
            Some(prop) => {
                let key = match prop {
                    MemberProp::Ident(name) => Some((*name.sym).to_owned()),
                    MemberProp::Computed(computed) => self.value(&computed.expr, scope).as_text().map(str::to_owned),
                    MemberProp::PrivateName(_) => return None,
                };
                let powerful = key.is_none_or(|key| {
                    matches!(
                        capability::global(&key),
                        Some(Global::Powerful(_) | Global::GlobalObject)
                    )
                });
                powerful.then_some(READS)
            }
        }
    }

    /// Whether a function's `this` may be the global object: it is called by its name alone, or handed to something that
    /// may do so.
    fn is_loose(&mut self, function: FuncId, doubts: &mut Doubts) -> bool {
        if let Some(known) = doubts.loose.get(&function) {
            return *known;
        }
        doubts.loose.insert(function, false);
        let loose = match self.model.functions[function as usize].role {
            Role::Named(binding) => {
                let mentions: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
                    .model
                    .refs_to(binding)
                    .map(|read| (read.chain, read.context, read.scope))
                    .collect();
                mentions
                    .into_iter()
                    .any(|(chain, context, scope)| self.calls_alone(chain, context, scope, doubts))
            }
            Role::Argument(call, index) => self.is_called_alone(call, index),
            Role::Returned(_) => true,
            // A method is called on what has it.
            Role::Called(_) | Role::Static | Role::Member | Role::Alias(_) | Role::Other => false,
        };
        doubts.loose.insert(function, loose);
        loose
    }

    fn calls_alone(&mut self, chain: Option<&'a Expr>, context: Context, scope: ScopeId, doubts: &mut Doubts) -> bool {
        let Some(chain) = chain else { return false };
        match (innermost_call(chain), applied(chain)) {
            (Some(CallNode::New(_)), _) => false,
            (Some(_), _) => true,
            (None, Some(node)) => match node.arguments().first().map(|arg| stripped(&arg.expr)) {
                // It has the `this` of the function around.
                Some(Expr::This(_)) => {
                    let around = self.model.function_of(scope);
                    self.is_loose(around, doubts)
                }
                None | Some(Expr::Lit(_) | Expr::Unary(_)) => true,
                Some(Expr::Ident(ident)) => &*ident.sym == "undefined",
                Some(_) => false,
            },
            (None, None) => match (chain, context) {
                (Expr::Ident(_), Context::Argument(call, index)) => self.is_called_alone(call, index),
                _ => false,
            },
        }
    }

    /// Whether what a call hands a function to may call it by its name alone.
    fn is_called_alone(&mut self, call: u32, index: u16) -> bool {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee().map(stripped) else {
            return true;
        };
        let method = as_member(callee).and_then(|member| plain_key(&member.prop));
        if method.is_some_and(|method| ON_RECEIVER.contains(&method)) || is_application(site.node) {
            return false;
        }
        // `forEach(f, self)`
        let own_this = method.is_some() && index == 0 && site.node.arguments().len() == 2;
        if own_this {
            return false;
        }
        // What makes a class of a function, or only reads it, does not call it.
        !matches!(self.value(callee, site.scope), Value::Api(path) if path.starts_with("Object.") || &*path == "util.inherits")
    }
}

/// The member that a chain takes of `this`.
fn first_of_this(chain: &Expr) -> Option<&MemberProp> {
    let mut at = chain;
    let mut taken = None;
    loop {
        at = match at {
            Expr::Member(member) => {
                taken = Some(&member.prop);
                &member.obj
            }
            Expr::Call(call) => call.callee.as_expr()?,
            Expr::New(new) => &new.callee,
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => {
                    taken = Some(&member.prop);
                    &member.obj
                }
                ast::OptChainBase::Call(call) => &call.callee,
            },
            Expr::TaggedTpl(tagged) => &tagged.tag,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            Expr::This(_) => return taken,
            _ => return None,
        };
    }
}
