//! Addresses of other machines that a module spells in codes.

use swc_ecma_ast::Expr;

use super::MAX_OF_KIND;
use crate::{
    facts::{
        calls::span_of_expr,
        evaluate::Analysis,
        model::{CallNode, ScopeId},
        value::Hidden,
        words::shorten,
    },
    span::Span,
};

/// How many calls are looked at.
const MAX_CALLS: usize = 256;
/// Methods that give a text at the end of a decoder.
const DECODERS: [&str; 4] = ["fromCharCode", "fromCodePoint", "join", "toString"];

impl<'a> Analysis<'a> {
    /// What decoders make of texts and numbers that are written out, where it is an address.
    pub(in crate::facts) fn hidden_addresses(&mut self) -> Vec<(String, Span, ScopeId)> {
        let mut places: Vec<(&'a Expr, ScopeId)> = Vec::new();
        let parts = self.parts();
        let methods = &parts.calls(&self.model).methods;
        for call in DECODERS.iter().filter_map(|name| methods.get(name)).flatten() {
            let site = self.model.calls[*call as usize];
            if let (CallNode::Call(node), Expr::Call(chain)) = (site.node, site.chain)
                && std::ptr::eq(node, chain)
                && places.len() < MAX_CALLS
            {
                places.push((site.chain, site.scope));
            }
        }
        if let Some(name) = self.model.known_name(&"atob".into()) {
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(found) = self.model.refs.get(at as usize) {
                at = found.next;
                if let Some(chain @ Expr::Call(_)) = found.chain
                    && places.len() < 2 * MAX_CALLS
                {
                    places.push((chain, found.scope));
                }
            }
        }
        let mut out = Vec::new();
        for (expr, scope) in places {
            if out.len() >= MAX_OF_KIND {
                break;
            }
            let value = self.value(expr, scope);
            if value.hidden() == Hidden::Decoded
                && let Some(text) = value.as_text()
                && is_address(text)
            {
                out.push((shorten(text), span_of_expr(expr), scope));
            }
        }
        out
    }
}

/// Whether a text is the address of another machine: with a scheme of the web, or none.
fn is_address(text: &str) -> bool {
    let schemes = ["https://", "http://", "wss://", "ws://", "//"];
    let Some(rest) = schemes.iter().find_map(|scheme| text.strip_prefix(scheme)) else {
        return false;
    };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    host.len() > 3 && host.contains('.') && !host.starts_with("127.") && host.bytes().all(plain)
}

#[test]
fn only_other_machines_have_addresses() {
    for address in [
        "https://a.example.invalid/x",
        "//js.example.invalid/l.js",
        "ws://192.0.2.1:80",
    ] {
        assert!(is_address(address), "{address}");
    }
    for plain in [
        "https://",
        "//",
        "http://localhost/",
        "// a comment. of code",
        "http://127.0.0.1/",
        "a.b",
    ] {
        assert!(!is_address(plain), "{plain}");
    }
}
