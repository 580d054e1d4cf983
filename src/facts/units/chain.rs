//! What a chain of members and calls does with the name it begins with.

use swc_ecma_ast::{Expr, ExprOrSpread, OptChainBase};

use crate::facts::{
    calls::{as_member, stripped},
    ways::plain_key,
};

/// The member that a chain takes of the name it begins with.
pub(in crate::facts) fn first_member(chain: &Expr) -> Option<&str> {
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

/// How deep helpers around a `require` are looked into.
const MAX_HELPERS: u32 = 4;

/// Whether an expression is a module as it is loaded, or what helpers make of it: `__importStar(require('x')).y`.
pub(super) fn loads_module(expr: &Expr) -> bool {
    loads(expr, MAX_HELPERS)
}

fn loads(expr: &Expr, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match stripped(expr) {
        Expr::Call(call) => match &call.callee {
            swc_ecma_ast::Callee::Import(_) => true,
            swc_ecma_ast::Callee::Expr(callee) => {
                let named = matches!(stripped(callee), Expr::Ident(ident) if ident.sym.contains("require"));
                let member = as_member(stripped(callee));
                named
                    || member.is_some_and(|member| plain_key(&member.prop).is_some_and(|key| key.contains("require")))
                    || call.args.iter().any(|arg| loads(&arg.expr, depth))
            }
            swc_ecma_ast::Callee::Super(_) => false,
        },
        Expr::Await(e) => loads(&e.arg, depth),
        Expr::Member(member) => loads(&member.obj, depth),
        _ => false,
    }
}

/// Whether a chain is a name, or members of one: nothing that a call gives.
pub(super) fn only_members(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Ident(_) => return true,
            Expr::Member(member) => &member.obj,
            Expr::Paren(e) => &e.expr,
            _ => return false,
        };
    }
}
