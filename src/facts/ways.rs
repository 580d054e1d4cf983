//! The shapes of code through which data passes: added to, encoded, received.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::as_member,
    model::{self, CallNode},
};

/// The member that a destructuring pattern takes first.
pub(super) fn first_key<'a>(path: &[model::Step<'a>]) -> Option<&'a str> {
    match path.first() {
        Some(model::Step::Key(key)) => Some(key),
        _ => None,
    }
}

/// The member's name, if it is written out.
pub(super) fn plain_key(prop: &MemberProp) -> Option<&str> {
    match prop {
        MemberProp::Ident(name) => Some(&name.sym),
        MemberProp::Computed(computed) => match &*computed.expr {
            Expr::Lit(ast::Lit::Str(text)) => text.value.as_str(),
            _ => None,
        },
        MemberProp::PrivateName(_) => None,
    }
}

/// The arguments of a call that adds to the object it is called on.
pub(super) fn added(chain: &Expr) -> Option<&[ast::ExprOrSpread]> {
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
    (adds && matches!(&*member.obj, Expr::Ident(_))).then_some(&call.args)
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
