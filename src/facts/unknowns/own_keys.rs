//! Keys that a loop takes from the object it then reads: `for (const key in o) o[key]`, `Object.keys(o).map((key) => o[key])`.
//!
//! What they find was put there by name: no function has its `constructor` among the keys that are counted.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberExpr, MemberProp};

use crate::facts::{
    calls::{as_member, stripped},
    model::{BindingId, Context, Model, NONE, Role, ScopeId, Source},
    ways::plain_key,
};

/// How far names and lists are followed.
const MAX_DEPTH: u32 = 6;

/// Methods of a list that give items of it, in a list.
const SAME_ITEMS: [&str; 5] = ["concat", "filter", "reverse", "slice", "sort"];
/// Methods of a list that call a function with an item, first.
const EACH: [&str; 8] = ["every", "filter", "find", "flatMap", "forEach", "map", "some", "sort"];

/// Whether a member's key is one of those of its object.
pub(super) fn has_own_key(model: &Model<'_>, member: &MemberExpr, scope: ScopeId) -> bool {
    match &member.prop {
        MemberProp::Computed(key) => is_own_key(model, &member.obj, &key.expr, scope),
        _ => false,
    }
}

/// Whether a key is one of an object's.
pub(super) fn is_own_key(model: &Model<'_>, object: &Expr, key: &Expr, scope: ScopeId) -> bool {
    object_of(model, object, scope).is_some_and(|object| is_key(model, key, scope, object, MAX_DEPTH))
}

/// The name of an object that is given one value, and of which nothing is deleted.
fn object_of(model: &Model<'_>, expr: &Expr, scope: ScopeId) -> Option<BindingId> {
    let Expr::Ident(ident) = stripped(expr) else {
        return None;
    };
    let binding = model.lookup(&ident.sym, scope)?;
    let once = model.assigns_of(binding).next().is_none();
    let whole = model.refs_to(binding).all(|found| found.context != Context::Update);
    (once && whole).then_some(binding)
}

fn is_key(model: &Model<'_>, key: &Expr, scope: ScopeId, object: BindingId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match stripped(key) {
        Expr::Ident(ident) => {
            let Some(binding) = model.lookup(&ident.sym, scope) else {
                return false;
            };
            let given = |source: Source<'_>, whole: bool| {
                whole
                    && match source {
                        Source::Keys(of, scope) => object_of(model, of, scope) == Some(object),
                        Source::Items(list, scope) => is_list(model, list, scope, object, depth),
                        Source::Expr(value, scope) => is_key(model, value, scope, object, depth),
                        Source::Param(function, 0, false) => {
                            let Role::Argument(call, 0) = model.functions[function as usize].role else {
                                return false;
                            };
                            let site = &model.calls[call as usize];
                            let method = site.node.callee().and_then(as_member);
                            method.is_some_and(|method| {
                                plain_key(&method.prop).is_some_and(|name| EACH.contains(&name))
                                    && is_list(model, &method.obj, site.scope, object, depth)
                            })
                        }
                        _ => false,
                    }
            };
            let mut writes = 0;
            let all = model.writes_of(binding).all(|write| {
                writes += 1;
                given(write.source, write.path.is_empty())
            }) && model.assigns_of(binding).all(|assign| {
                writes += 1;
                !assign.compound && given(assign.source, assign.path.is_empty())
            });
            all && writes > 0
        }
        // `keys[i]`: any item will do, but not a member of another name.
        Expr::Member(member) => match &member.prop {
            MemberProp::Computed(index) => {
                super::numbers::is_number(model, &index.expr, scope)
                    && is_list(model, &member.obj, scope, object, depth)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a list holds keys of an object and nothing else.
fn is_list(model: &Model<'_>, list: &Expr, scope: ScopeId, object: BindingId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match stripped(list) {
        Expr::Call(call) => {
            let Some(method) = call.callee.as_expr().and_then(|callee| as_member(stripped(callee))) else {
                return false;
            };
            let Some(name) = plain_key(&method.prop) else {
                return false;
            };
            if name == "keys" {
                let of_language = matches!(stripped(&method.obj), Expr::Ident(ident) if &*ident.sym == "Object" && model.lookup(&ident.sym, scope).is_none());
                let own = call.args.first().and_then(|arg| object_of(model, &arg.expr, scope));
                return of_language && own == Some(object);
            }
            let others = name == "concat" && !call.args.is_empty();
            SAME_ITEMS.contains(&name) && !others && is_list(model, &method.obj, scope, object, depth)
        }
        Expr::Ident(ident) => {
            let Some(binding) = model.lookup(&ident.sym, scope) else {
                return false;
            };
            // Nobody but this name has the list, so that nothing is put into it.
            let mut sources = model
                .writes_of(binding)
                .map(|write| (write.source, write.path.is_empty()))
                .chain(
                    model
                        .assigns_of(binding)
                        .map(|assign| (assign.source, assign.path.is_empty() && !assign.compound)),
                );
            let kept = model
                .refs_to(binding)
                .all(|found| keeps_items(model, found.chain, found.context));
            kept && sources.all(
                |(source, whole)| matches!(source, Source::Expr(value, scope) if whole && is_list(model, value, scope, object, depth)),
            ) && model.bindings[binding as usize].first_write != NONE
        }
        _ => false,
    }
}

/// Whether a use of a list leaves its items as they are, and gives the list to nobody.
fn keeps_items(model: &Model<'_>, chain: Option<&Expr>, context: Context) -> bool {
    match chain {
        Some(Expr::Ident(_)) => matches!(context, Context::Test | Context::Items(_)),
        Some(Expr::Member(member)) => {
            let item = member.prop.is_computed() || plain_key(&member.prop) == Some("length");
            item && !matches!(context, Context::Write(_) | Context::Update)
        }
        Some(Expr::Call(call)) => {
            let method = call.callee.as_expr().and_then(|callee| as_member(callee));
            match method.and_then(|method| plain_key(&method.prop)) {
                Some("sort" | "reverse") => context == Context::Test && call.args.is_empty(),
                Some("concat" | "includes" | "indexOf" | "join" | "pop" | "shift" | "slice") => true,
                Some(name) if EACH.contains(&name) => {
                    call.args.len() == 1 && call.args.iter().all(|arg| takes_two(model, &arg.expr))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a function gets no more than the first two arguments: the third one is the list.
fn takes_two(model: &Model<'_>, function: &Expr) -> bool {
    match stripped(function) {
        Expr::Arrow(arrow) => arrow.params.len() < 3 && !arrow.params.iter().any(ast::Pat::is_rest),
        Expr::Fn(function) => {
            let params = &function.function.params;
            params.len() < 3 && !params.iter().any(|param| param.pat.is_rest()) && !model.mentions("arguments")
        }
        _ => false,
    }
}
