//! What others hand over: objects whose methods the module wraps, keys by the names of parameters, forms of a page.

use std::rc::Rc;

use swc_ecma_ast::{Expr, MemberExpr, MemberProp};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::Source,
    deliveries::typed,
    evaluate::Analysis,
    flow::{Kind, Trail, parameter_name},
    model::{CallNode, Context, FuncId, ScopeId, Source as MadeBy},
    owners::OWNER_DEPTH,
    search::Search,
    value::{Hidden, Value},
    ways::{function_start, plain_key},
};
use crate::{parse::span_of, span::Span};

/// How many reads of one name, writes of members and listeners are looked at.
const MAX_READS: usize = 128;
const MAX_WRITES: usize = 1 << 12;
const MAX_LISTENERS: usize = 256;
/// How many calls by names that are put together are looked at.
const MAX_HIDDEN: usize = 512;

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

/// Parts of the names of packages that work with such keys.
const CURVES: [&str; 9] = [
    "bip39",
    "bs58",
    "curves",
    "ed25519",
    "elliptic",
    "ethers",
    "nacl",
    "secp256k1",
    "solana",
];
/// Methods that find elements of a page, and parts of what fields are found by.
const FINDERS: [&str; 5] = [
    "getElementById",
    "getElementsByName",
    "getElementsByTagName",
    "querySelector",
    "querySelectorAll",
];
const FIELDS: [&str; 6] = ["input", "passw", "card", "cvc", "cvv", "textarea"];
/// Properties of elements in the frameworks of pages that listen to what is typed.
const LISTENERS: [&str; 8] = [
    "onBeforeInput",
    "onChange",
    "onInput",
    "onKeyDown",
    "onKeyPress",
    "onKeyUp",
    "onSubmit",
    "onPaste",
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

    /// Whether the module works with keys of wallets: services call what they give their customers a secret key, too.
    fn has_wallets(&self) -> bool {
        let mut names = self.imports.iter().filter_map(|import| import.specifier.as_deref());
        names.any(|name| CURVES.iter().any(|part| name.contains(part)))
            || ["Keypair", "keypair", "mnemonic", "privateKey", "seedPhrase"]
                .iter()
                .any(|name| self.model.mentions(name))
    }

    /// A text that the module assigns to one of its own exports, once: `exports.host = '…'`.
    pub(super) fn own_export(&mut self, expr: &'a Expr) -> Option<Value<'a>> {
        let is_exports = |object: &Expr| matches!(stripped(object), Expr::Ident(ident) if &*ident.sym == "exports");
        let member = as_member(stripped(expr)).filter(|member| is_exports(&member.obj))?;
        let key = plain_key(&member.prop)?;
        let writes = self.model.member_writes.iter().take(MAX_WRITES);
        let mut writes =
            writes.filter(|write| plain_key(&write.target.prop) == Some(key) && is_exports(&write.target.obj));
        let (only, None) = (writes.next()?, writes.next()) else {
            return None;
        };
        let (value, scope) = (only.value, only.scope);
        Some(self.value(value, scope)).filter(|value| value.as_text().is_some())
    }

    /// Whether something that others hand over may carry what a person would not want to leave.
    pub(super) fn is_given_secrets(&mut self) -> bool {
        self.hears = self.hears_forms();
        let picked = [
            "body.passw",
            "body.card",
            "body.cvv",
            "body?.passw",
            "body?.card",
            "body.token",
            "\"password\" in ",
            "\"password\"in ",
            "'password' in ",
        ];
        self.picks_bodies = picked.iter().any(|word| self.grams.has(word));
        let names = [
            "mnemonic",
            "privateKey",
            "privKey",
            "secretKey",
            "seedPhrase",
            "private_key",
            "secret_key",
        ];
        if self.hears || self.picks_bodies || names.iter().any(|name| self.model.mentions(name)) {
            return true;
        }
        let writes = self.model.member_writes.len().min(MAX_WRITES);
        (0..writes).any(|write| self.wraps_given(write))
    }

    /// Whether something waits for what is typed or filled in, or looks for fields, on whatever object.
    fn hears_forms(&mut self) -> bool {
        let words = LISTENERS.iter().any(|name| {
            let found = self.grams.find_all(name);
            found.take(MAX_READS).any(|at| {
                let after = self.text.as_bytes().get(at + name.len());
                after.is_some_and(|b| matches!(b, b'=' | b':' | b'"' | b'\'' | b' '))
            })
        });
        if words {
            return true;
        }
        let mut writes = self.model.member_writes.iter().take(MAX_WRITES);
        let handler = |key: &str| key.strip_prefix("on").and_then(typed) == Some(Source::Input);
        if writes.any(|write| plain_key(&write.target.prop).is_some_and(handler)) {
            return true;
        }
        let parts = self.parts();
        let calls = parts.calls(&self.model);
        let named = |name: &str| calls.methods.get(name).into_iter().flatten().copied();
        let listeners: Vec<_> = named("addEventListener").take(MAX_LISTENERS).collect();
        let finders = FINDERS.iter().flat_map(|name| named(name).take(MAX_LISTENERS));
        let finders: Vec<_> = finders.collect();
        let mut first = |call: u32| {
            let site = self.model.calls[call as usize];
            self.argument(site.node, 0, site.scope)
        };
        listeners
            .into_iter()
            .any(|call| first(call).as_text().and_then(typed) == Some(Source::Input))
            || finders.into_iter().any(|call| {
                let found = first(call);
                let found = found.as_text().unwrap_or_default().to_ascii_lowercase();
                FIELDS.iter().any(|field| found.contains(field))
            })
    }

    /// A member of a form or of a field, in a module that waits for what is filled in.
    pub(super) fn trace_field_read(&self, member: &MemberExpr, scope: ScopeId, trail: &mut Trail<'_>) {
        let telling = trail.wanted.last().is_none_or(|key| is_secret_field(key));
        if self.picks_bodies
            && telling
            && plain_key(&member.prop) == Some("body")
            && self.is_request(&member.obj, scope)
        {
            let span = span_of(member.span);
            return trail.add(Kind::Outside(Source::Intercepted), "request.body", span, Vec::new());
        }
        if !self.hears {
            return;
        }
        let api = match plain_key(&member.prop) {
            Some("elements") => "Element#elements",
            Some("value") => "Element#value",
            _ => return,
        };
        trail.add(Kind::Outside(Source::Input), api, span_of(member.span), Vec::new());
    }

    /// Whether a name is that of a request, which a server hands to whoever stands in its way.
    fn is_request(&self, object: &Expr, scope: ScopeId) -> bool {
        let Expr::Ident(ident) = stripped(object) else {
            return false;
        };
        let Some(binding) = self.model.lookup(&ident.sym, scope) else {
            return false;
        };
        let mut writes = self.model.writes_of(binding);
        writes.any(|write| match write.source {
            // `(request, reply, next) => …`
            MadeBy::Param(function, 0, false) => self.model.functions[function as usize].params.len() == 3,
            _ => false,
        })
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
            && (!name.to_ascii_lowercase().starts_with("secret") || self.has_wallets())
        {
            trail.add(Kind::Outside(Source::Input), "a parameter", span, vec![name.to_owned()]);
        }
        trail.add(Kind::Caller, "", span, Vec::new());
    }
}

impl<'a> Analysis<'a> {
    /// `new FormData(form)`: all fields of a form.
    pub(super) fn trace_form(&mut self, node: CallNode<'a>, span: Span, scope: ScopeId, trail: &mut Trail<'a>) {
        let found = trail.found.len();
        self.trace_arguments(node, scope, trail);
        if !trail.outside_since(found) && self.hears && !node.arguments().is_empty() {
            trail.add(Kind::Outside(Source::Input), "Element#elements", span, Vec::new());
        }
    }

    /// Calls of members whose name is put together and is `constructor`: of a function that is `Function`.
    pub(super) fn hidden_constructors(&mut self, search: &mut Search<'a>) {
        for index in 0..self.model.doubtful_calls.len().min(MAX_HIDDEN) {
            let call = self.model.calls[self.model.doubtful_calls[index] as usize];
            let Some(member) = call.node.callee().map(stripped).and_then(as_member) else {
                continue;
            };
            let MemberProp::Computed(computed) = &member.prop else {
                continue;
            };
            let key = self.value(&computed.expr, call.scope);
            if key.as_text() != Some("constructor") {
                continue;
            }
            let made = self.value(&member.obj, call.scope);
            if let Value::Api(path) = self.constructor(&made, &member.obj, call.scope)
                && matches!(made, Value::Function(_) | Value::Closure(..) | Value::Class(_))
            {
                let span = span_of_expr(call.chain);
                if key.hidden() != Hidden::Plain {
                    self.concealed.insert((path, span.start));
                }
                let value = self.value(call.chain, call.scope);
                self.flows_on(&value, span, call.scope, call.context, search);
            }
        }
    }
}

/// Whether a member of a request's body is one that only its server should see.
fn is_secret_field(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["passw", "card", "cvv", "cvc", "pin"]
        .iter()
        .any(|part| key.starts_with(part))
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
