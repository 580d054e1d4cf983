//! Arrays, maps and sets that hold functions: what is in them, also when they change.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::stripped,
    evaluate::Analysis,
    model::{BindingId, CallId, CallNode, Context, ScopeId},
    value::Value,
};

/// Methods that change the array or object they are called on.
pub(super) const MUTATORS: [&str; 13] = [
    "add",
    "copyWithin",
    "delete",
    "fill",
    "pop",
    "push",
    "reverse",
    "set",
    "shift",
    "sort",
    "splice",
    "unshift",
    "clear",
];

/// How many items are added to what is known of a changing collection.
const MAX_ADDED: usize = 16;
/// How many members of an enum are told apart.
const MAX_MEMBERS: usize = 256;

impl<'a> Analysis<'a> {
    /// Whether an array that a name holds is only ever read through that name.
    pub(super) fn is_frozen(&self, binding: BindingId) -> bool {
        self.model.refs_to(binding).all(|r| {
            let Some(chain) = r.chain else { return false };
            match chain {
                Expr::Ident(_) => match r.context {
                    Context::Test | Context::Items(_) => true,
                    Context::Argument(call, index) => self.only_takes_items(call, index),
                    _ => false,
                },
                _ if matches!(r.context, Context::Write(_)) && is_ident(chain) => false,
                _ if r.context == Context::Update => false,
                chain => !calls_mutator(chain),
            }
        })
    }

    /// Whether a call takes no more of an array than its items: `f(...list)`, `f.apply(x, list)`, `Buffer.from(list)`.
    fn only_takes_items(&self, call: CallId, index: u16) -> bool {
        let call = self.model.calls[call as usize];
        if let Some(arg) = call.node.arguments().get(usize::from(index))
            && arg.spread.is_some()
        {
            return true;
        }
        let global = |expr: &Expr, names: &[&str]| match expr {
            Expr::Ident(name) => names.contains(&&*name.sym) && self.model.lookup(&name.sym, call.scope).is_none(),
            _ => false,
        };
        match (call.node, call.node.callee().map(stripped)) {
            (CallNode::New(_), Some(callee)) => index == 0 && global(callee, &["Uint8Array", "Uint16Array"]),
            (_, Some(Expr::Member(member))) => match member.prop.as_ident().map(|name| &*name.sym) {
                Some("from") => index == 0 && global(&member.obj, &["Array", "Buffer", "Uint8Array"]),
                Some("apply") => match &*member.obj {
                    Expr::Member(inner) => index == 1 && global(&inner.obj, &["String"]),
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        }
    }

    /// A collection that is changed: of constants nothing is known any more, but a power that was ever put into it may
    /// be what is taken out.
    pub(super) fn changing(&mut self, value: &Value<'a>, binding: BindingId) -> Value<'a> {
        let mut items: Vec<Value<'a>> = match value {
            Value::Array(items) => items
                .iter()
                .filter(|item| may_run(item))
                .take(MAX_ADDED)
                .cloned()
                .collect(),
            Value::Map(entries) => {
                let values = entries.iter().map(|(_, value)| value);
                values.filter(|item| may_run(item)).take(MAX_ADDED).cloned().collect()
            }
            _ => Vec::new(),
        };
        let added: Vec<(&'a Expr, ScopeId)> = self
            .model
            .refs_to(binding)
            .filter_map(|read| Some((added(read.chain?)?, read.scope)))
            .take(MAX_ADDED)
            .collect();
        for (expr, scope) in added {
            let item = self.value(expr, scope);
            if may_run(&item) {
                items.push(item);
            }
        }
        if items.is_empty() {
            Value::Unknown
        } else {
            Value::Bag(items.into())
        }
    }

    /// `new Map([[key, value], …])`, `new Set([…])`
    pub(super) fn collection(path: &str, args: &[Value<'a>]) -> Option<Value<'a>> {
        let items = match args.first() {
            None | Some(Value::Undefined | Value::Null) => &[][..],
            Some(Value::Array(items)) => items,
            Some(bag @ Value::Bag(_)) if path == "Set" => return Some(bag.clone()),
            Some(_) => return None,
        };
        if path == "Set" {
            return Some(Value::Array(items.into()));
        }
        let mut entries: Vec<(Rc<str>, Value<'a>)> = Vec::with_capacity(items.len());
        for item in items {
            let Value::Array(pair) = item else { return None };
            let key = pair.first()?.as_text()?;
            entries.push((key.into(), pair.get(1).cloned().unwrap_or(Value::Undefined)));
        }
        Some(Value::Map(entries.into()))
    }

    /// TypeScript's `enum`: its members, and for numbers their names.
    pub(super) fn enumeration(decl: &'a ast::TsEnumDecl) -> Value<'a> {
        let mut members: Vec<(Rc<str>, Value<'a>)> = Vec::new();
        let mut next = Some(0.0);
        for member in decl.members.iter().take(MAX_MEMBERS) {
            let ast::TsEnumMemberId::Ident(name) = &member.id else {
                next = None;
                continue;
            };
            let value = match (member.init.as_deref(), next) {
                (Some(Expr::Lit(lit)), _) => super::operators::literal(lit),
                (None, Some(number)) => Value::Number(number),
                _ => Value::Unknown,
            };
            next = value.as_number().map(|number| number + 1.0);
            members.push(((*name.sym).into(), value));
        }
        Value::Record(members.into())
    }

    /// What a method takes out of a collection of which the places are not known, or out of a map.
    pub(super) fn taken(object: &Value<'a>, key: &str, args: &[Value<'a>]) -> Option<Value<'a>> {
        match (object, key) {
            (Value::Map(entries), "get") => Some(match args.first().and_then(Value::as_text) {
                Some(key) => {
                    let found = entries.iter().rev().find(|(name, _)| &**name == key);
                    found.map_or(Value::Undefined, |(_, value)| value.clone())
                }
                None => Value::any_of(&entries.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>()),
            }),
            (Value::Map(entries), "values") => {
                Some(Value::Bag(entries.iter().map(|(_, value)| value.clone()).collect()))
            }
            (Value::Bag(items), "get" | "at" | "pop" | "shift" | "find") => Some(Value::any_of(items)),
            (Value::Map(_), "entries")
            | (
                Value::Bag(_),
                "values" | "slice" | "filter" | "reverse" | "concat" | "splice" | "sort" | "push" | "add" | "set",
            ) => Some(object.clone()),
            (Value::Array(items), "pop") if args.is_empty() => Some(items.last().cloned().unwrap_or(Value::Undefined)),
            (Value::Array(items), "shift") if args.is_empty() => {
                Some(items.first().cloned().unwrap_or(Value::Undefined))
            }
            (Value::Array(_), "values") if args.is_empty() => Some(object.clone()),
            _ => None,
        }
    }
}

/// Whether a value is worth to be kept where it may be one of many: it can be called, or leads somewhere.
fn may_run(value: &Value<'_>) -> bool {
    value.holds_power() || value.is_container() && !matches!(value, Value::Array(_))
}

/// What a chain adds to the collection that its root name holds: `list.push(x)`, `map.set(key, x)`.
fn added(chain: &Expr) -> Option<&Expr> {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => match call.callee.as_expr().map(|callee| &**callee)? {
                Expr::Member(member) if is_ident(&member.obj) => {
                    let MemberProp::Ident(method) = &member.prop else {
                        return None;
                    };
                    let arg = match &*method.sym {
                        "push" | "unshift" | "add" => call.args.first(),
                        "set" => call.args.get(1),
                        _ => None,
                    };
                    return arg.filter(|arg| arg.spread.is_none()).map(|arg| &*arg.expr);
                }
                callee => callee,
            },
            Expr::Member(member) => &member.obj,
            _ => return None,
        };
    }
}

/// Whether a computed key may name a changing method.
fn may_be_mutator(key: &Expr) -> bool {
    match key {
        Expr::Lit(ast::Lit::Num(_)) => false,
        Expr::Lit(ast::Lit::Str(text)) => text.value.as_str().is_none_or(|text| MUTATORS.contains(&text)),
        _ => true,
    }
}

fn is_ident(expr: &Expr) -> bool {
    matches!(expr, Expr::Ident(_))
}

/// Whether a chain calls a changing method directly on its root name.
fn calls_mutator(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => match call.callee.as_expr().map(|e| &**e) {
                Some(Expr::Member(member)) if is_ident(&member.obj) => {
                    return match &member.prop {
                        MemberProp::Ident(name) => MUTATORS.contains(&&*name.sym),
                        MemberProp::Computed(key) => may_be_mutator(&key.expr),
                        MemberProp::PrivateName(_) => false,
                    };
                }
                // The name itself is called: whatever it holds is not an array.
                Some(Expr::Ident(_)) | None => return true,
                Some(other) => other,
            },
            Expr::Member(member) => &member.obj,
            Expr::Paren(e) => &e.expr,
            Expr::Await(e) => &e.arg,
            _ => return false,
        };
    }
}
