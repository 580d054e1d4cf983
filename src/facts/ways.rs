//! The shapes of code through which data passes: added to, encoded, received.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::as_member,
    model::{self, CallNode},
};
use crate::parse::span_of;

/// The members within members that a destructuring pattern takes, the first one last; as far as they are written out.
pub(super) fn keys<'a>(path: &[model::Step<'a>]) -> Vec<&'a str> {
    let known = path.iter().map_while(|step| match step {
        model::Step::Key(key) => Some(*key),
        model::Step::Index(index) => index_key(*index),
        _ => None,
    });
    let mut keys: Vec<&'a str> = known.collect();
    keys.reverse();
    keys
}

/// Whether an operator tells no more of its operands than yes or no.
pub(super) fn is_comparison(op: ast::BinaryOp) -> bool {
    use ast::BinaryOp::{EqEq, EqEqEq, Gt, GtEq, In, InstanceOf, Lt, LtEq, NotEq, NotEqEq};
    matches!(
        op,
        EqEq | EqEqEq | NotEq | NotEqEq | Lt | LtEq | Gt | GtEq | In | InstanceOf
    )
}

/// The member's name, if it is written out.
pub(super) fn plain_key(prop: &MemberProp) -> Option<&str> {
    match prop {
        MemberProp::Ident(name) => Some(&name.sym),
        MemberProp::Computed(computed) => match &*computed.expr {
            Expr::Lit(ast::Lit::Str(text)) => text.value.as_str(),
            _ => None,
        },
        MemberProp::PrivateName(name) => Some(&name.name),
    }
}

/// The arguments of a call that adds to the object it is called on, or, when false, to a member of it.
pub(super) fn added(chain: &Expr) -> Option<(&[ast::ExprOrSpread], bool)> {
    let Expr::Call(call) = chain else { return None };
    let Expr::Member(member) = &**call.callee.as_expr()? else {
        return None;
    };
    let MemberProp::Ident(name) = &member.prop else {
        return None;
    };
    let adds = matches!(
        &*name.sym,
        "push" | "unshift" | "append" | "set" | "add" | "concat" | "update" | "write" | "end"
    );
    // What is added to `url.searchParams` is in the URL, too.
    let own = match &*member.obj {
        Expr::Ident(_) => true,
        Expr::Member(inner) if matches!(&*inner.obj, Expr::Ident(_)) => false,
        _ => return None,
    };
    adds.then_some((&*call.args, own))
}

/// Whether a call turns data into another writing of itself.
pub(super) fn encodes(callee: &Expr, node: CallNode<'_>) -> bool {
    let name = match callee {
        Expr::Ident(ident) => &*ident.sym,
        other => match as_member(other).map(|member| &member.prop) {
            Some(MemberProp::Ident(name)) => &*name.sym,
            _ => return false,
        },
    };
    match name {
        "btoa" | "stringify" | "encodeURIComponent" | "escape" | "createCipheriv" | "gzipSync" | "deflateSync" | "publicEncrypt" => true,
        "toString" => node.arguments().first().is_some_and(
            |arg| matches!(&*arg.expr, Expr::Lit(ast::Lit::Str(text)) if matches!(text.value.as_str(), Some("base64" | "hex" | "base64url"))),
        ),
        _ => false,
    }
}

/// Whether an object's events carry data from the network.
pub(super) fn receives(path: &str) -> bool {
    ["WebSocket", "EventSource", "XMLHttpRequest", "RTCDataChannel", "ws"]
        .iter()
        .any(|name| path.trim_end_matches('#') == *name)
}

/// Where a function expression starts.
pub(super) fn function_start(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::Fn(function) => Some(span_of(function.function.span).start),
        Expr::Arrow(arrow) => Some(span_of(arrow.span).start),
        Expr::Paren(paren) => function_start(&paren.expr),
        _ => None,
    }
}

/// The members that an array pattern takes, by their index.
const INDICES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The name of an element, if it is one of the first few.
pub(super) fn index_key(index: usize) -> Option<&'static str> {
    INDICES.get(index).copied()
}

/// Whether a member's name is an element's index.
pub(super) fn as_index(key: &str) -> Option<usize> {
    INDICES.iter().position(|index| *index == key)
}

/// Whether a chain goes through a member that may be `Function`, by its own name or one that is not known.
pub(super) fn leads_astray(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => match call.callee.as_expr() {
                Some(callee) => callee,
                None => return true,
            },
            Expr::New(new) => &new.callee,
            Expr::Member(member) => match &member.prop {
                MemberProp::Ident(name) if &*name.sym != "constructor" => &member.obj,
                _ => return true,
            },
            Expr::Paren(paren) => &paren.expr,
            Expr::Await(inner) => &inner.arg,
            Expr::Ident(_) => return false,
            _ => return true,
        };
    }
}

/// Whether a chain of members and calls goes through a member whose name is computed.
pub(super) fn has_computed_member(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => match call.callee.as_expr() {
                Some(callee) => callee,
                None => return false,
            },
            Expr::Member(member) if member.prop.is_computed() => return true,
            Expr::Member(member) => &member.obj,
            Expr::Paren(paren) => &paren.expr,
            Expr::Ident(_) => return false,
            _ => return true,
        };
    }
}
