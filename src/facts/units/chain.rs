//! What a chain of members and calls does with the name it begins with.

use swc_ecma_ast::{Expr, ExprOrSpread, OptChainBase};

use crate::facts::{
    calls::{as_member, stripped},
    ways::plain_key,
};

/// The member that a chain takes of the name it begins with.
pub(super) fn first_member(chain: &Expr) -> Option<&str> {
    let mut at = chain;
    let mut taken = None;
    loop {
        at = match at {
            Expr::Member(member) => {
                taken = plain_key(&member.prop);
                &member.obj
            }
            Expr::OptChain(optional) => match &*optional.base {
                OptChainBase::Member(member) => {
                    taken = plain_key(&member.prop);
                    &member.obj
                }
                OptChainBase::Call(call) => {
                    taken = None;
                    &call.callee
                }
            },
            Expr::Call(call) => {
                taken = None;
                call.callee.as_expr()?
            }
            Expr::New(new) => {
                taken = None;
                &new.callee
            }
            Expr::TaggedTpl(tagged) => {
                taken = None;
                &tagged.tag
            }
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            Expr::TsAs(e) => &e.expr,
            Expr::TsNonNull(e) => &e.expr,
            Expr::Seq(seq) => seq.exprs.last()?,
            _ => return taken,
        };
    }
}

/// The first method that a chain calls on the name it begins with, and its arguments; no name if it is computed.
pub(super) fn method_call(chain: &Expr) -> Option<(Option<&str>, &[ExprOrSpread])> {
    let mut at = chain;
    let mut found = None;
    loop {
        at = match at {
            Expr::Call(call) => {
                let callee = stripped(call.callee.as_expr()?);
                if let Some(member) = as_member(callee) {
                    found = Some((plain_key(&member.prop), &*call.args));
                }
                callee
            }
            Expr::OptChain(optional) => match &*optional.base {
                OptChainBase::Member(member) => &member.obj,
                OptChainBase::Call(call) => {
                    if let Some(member) = as_member(&call.callee) {
                        found = Some((plain_key(&member.prop), &*call.args));
                    }
                    &call.callee
                }
            },
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return found,
        };
    }
}

/// Whether a chain calls a member of the very name it begins with: `ns.parse(x)`.
pub(super) fn calls_member_of_root(chain: &Expr) -> bool {
    let mut at = chain;
    let mut direct = false;
    loop {
        at = match at {
            Expr::Call(call) => {
                let Some(callee) = call.callee.as_expr() else {
                    return false;
                };
                let callee = stripped(callee);
                direct = as_member(callee).is_some_and(|member| matches!(&*member.obj, Expr::Ident(_)));
                callee
            }
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return direct,
        };
    }
}

/// Whether an expression is a module as it is loaded, or what a helper makes of it.
pub(super) fn loads_module(expr: &Expr) -> bool {
    match stripped(expr) {
        Expr::Call(_) => true,
        Expr::Await(e) => loads_module(&e.arg),
        Expr::Member(member) => loads_module(&member.obj),
        _ => false,
    }
}
