//! What others hand over: objects whose methods the module wraps, keys by the names of parameters, forms of a page.

use std::rc::Rc;

use swc_ecma_ast::{Expr, MemberExpr};

use super::{
    calls::stripped,
    capability::Source,
    deliveries::typed,
    evaluate::Analysis,
    flow::{Kind, Trail, parameter_name},
    model::{Context, FuncId, ScopeId},
    owners::OWNER_DEPTH,
    value::Value,
    ways::{function_start, plain_key},
};
use crate::{parse::span_of, span::Span};

/// How many reads of one name, writes of members and listeners are looked at.
const MAX_READS: usize = 128;
const MAX_WRITES: usize = 1 << 12;
const MAX_LISTENERS: usize = 256;

/// Parameters by whose name somebody hands over the key to money or to an identity, in lower case without `_`.
const KEYS: [&str; 10] = [
    "keypairsecret",
    "mnemonic",
    "mnemonicphrase",
    "privatekey",
    "privkey",
    "recoveryphrase",
    "secretkey",
    "secretphrase",
    "seedphrase",
    "walletkey",
];

impl<'a> Analysis<'a> {
    /// Whether a write puts a function in the place of a method of an object that is not the module's own, and the
    /// module keeps or calls the method that was there.
    pub(super) fn wraps_given(&mut self, write: usize) -> bool {
        let write = &self.model.member_writes[write];
        let (target, value, scope) = (write.target, write.value, write.scope);
        let (Some(_), Some(key), Expr::Ident(ident)) = (
            function_start(stripped(value)),
            plain_key(&target.prop),
            stripped(&target.obj),
        ) else {
            return false;
        };
        if key.starts_with("on") {
            return false;
        }
        let Some(binding) = self.model.lookup(&ident.sym, scope) else {
            return false;
        };
        let reads = self.model.refs_to(binding).take(MAX_READS);
        let kept = |chain: &'a Expr| reads_member(chain, key);
        let mut reads = reads.filter(|read| !matches!(read.context, Context::Write(_)));
        let wraps = reads.any(|read| read.chain.is_some_and(kept));
        drop(reads);
        if !wraps {
            return false;
        }
        // The module's own objects are its own business.
        self.owner_of(&target.obj, scope, OWNER_DEPTH).is_none() && self.may_be_foreign(&target.obj, scope)
    }

    fn may_be_foreign(&mut self, object: &'a Expr, scope: ScopeId) -> bool {
        let value = self.value(object, scope);
        value.alternatives().iter().any(|one| {
            matches!(
                one,
                Value::Unknown | Value::Api(_) | Value::Module(..) | Value::Undefined
            )
        })
    }

    /// The method that a write wraps, as `client.login`.
    pub(super) fn wrapped(&mut self, write: usize) -> Option<Rc<str>> {
        if !self.wraps_given(write) {
            return None;
        }
        let target = self.model.member_writes[write].target;
        let Expr::Ident(ident) = stripped(&target.obj) else {
            return None;
        };
        Some(format!("{}.{}", ident.sym, plain_key(&target.prop)?).into())
    }

    /// Whether something that others hand over may carry what a person would not want to leave.
    pub(super) fn is_given_secrets(&mut self) -> bool {
        self.hears = self.hears_forms();
        let names = [
            "mnemonic",
            "privateKey",
            "privKey",
            "secretKey",
            "seedPhrase",
            "private_key",
            "secret_key",
        ];
        if self.hears || names.iter().any(|name| self.model.mentions(name)) {
            return true;
        }
        let writes = self.model.member_writes.len().min(MAX_WRITES);
        (0..writes).any(|write| self.wraps_given(write))
    }

    /// Whether a listener waits for what is typed or filled in, on whatever object.
    fn hears_forms(&mut self) -> bool {
        let parts = self.parts();
        let calls = parts.calls(&self.model).methods.get("addEventListener");
        let calls: Vec<_> = calls.into_iter().flatten().copied().take(MAX_LISTENERS).collect();
        calls.into_iter().any(|call| {
            let site = self.model.calls[call as usize];
            let event = self.argument(site.node, 0, site.scope);
            event.as_text().and_then(typed) == Some(Source::Input)
        })
    }

    /// A member of a form or of a field, in a module that waits for what is filled in.
    pub(super) fn trace_field_read(member: &MemberExpr, trail: &mut Trail<'_>) {
        let api = match plain_key(&member.prop) {
            Some("elements") => "Element#elements",
            Some("value") => "Element#value",
            _ => return,
        };
        trail.add(Kind::Outside(Source::Input), api, span_of(member.span), Vec::new());
    }

    /// A parameter that callers outside fill: what it is by its name.
    pub(super) fn caller_fills(&mut self, function: FuncId, index: usize, span: Span, trail: &mut Trail<'a>) {
        let params = self.model.functions[function as usize].params;
        let name = trail.wanted.last().copied();
        let name = name.or_else(|| parameter_name(params, index).map(|name| &**name));
        if trail.methods == 0
            && trail.worked == 0
            && let Some(name) = name
            && is_key(name)
        {
            trail.add(Kind::Outside(Source::Input), "a parameter", span, vec![name.to_owned()]);
        }
        trail.add(Kind::Caller, "", span, Vec::new());
    }
}

/// Whether a name is that of a private key or of the words of a wallet.
fn is_key(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    KEYS.contains(&plain.to_ascii_lowercase().as_str())
}

/// Whether a chain begins with `root.key`.
fn reads_member(chain: &Expr, key: &str) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Member(member) if matches!(stripped(&member.obj), Expr::Ident(_)) => {
                return plain_key(&member.prop) == Some(key);
            }
            Expr::Member(member) => &member.obj,
            Expr::Call(call) => match call.callee.as_expr() {
                Some(callee) => callee,
                None => return false,
            },
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return false,
        };
    }
}

/// Whether a call hands on what it is given, in the same or another writing.
pub(super) fn hands_on(callee: &Expr) -> bool {
    let name = match callee {
        Expr::Ident(ident) => &*ident.sym,
        Expr::Member(member) => match plain_key(&member.prop) {
            Some(name) => name,
            None => return false,
        },
        _ => return false,
    };
    [
        "add",
        "append",
        "btoa",
        "concat",
        "encode",
        "encodeURIComponent",
        "encrypt",
        "escape",
        "from",
        "hexlify",
        "join",
        "push",
        "publicEncrypt",
        "replace",
        "set",
        "slice",
        "splice",
        "stringify",
        "String",
        "toHex",
        "toString",
        "trim",
        "unshift",
        "Uint8Array",
        "Blob",
        "FormData",
        "URLSearchParams",
        "URL",
    ]
    .contains(&name)
}
