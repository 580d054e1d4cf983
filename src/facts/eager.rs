//! Which functions run when the module is loaded, and which only when somebody calls them.

use std::collections::BTreeSet;

use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::{as_member, stripped},
    evaluate::innermost_call,
    model::{Context, FuncId, Model, Role, TOP},
};

/// Methods of the language's own objects: a function that happens to have such a name is not what is called.
const COMMON: [&str; 28] = [
    "add", "apply", "assign", "bind", "call", "catch", "concat", "create", "delete", "exec",
    "filter", "forEach", "get", "has", "indexOf", "join", "keys", "log", "map", "match", "push",
    "replace", "set", "slice", "split", "test", "then", "toString",
];

/// For each function, whether loading the module runs it.
pub(super) fn eager_functions(model: &Model<'_>) -> Vec<bool> {
    let mut eager = vec![false; model.functions.len()];
    eager[TOP as usize] = true;
    loop {
        let methods = called_methods(model, &eager);
        let mut changed = false;
        for id in 0..model.functions.len() {
            if !eager[id] && runs(model, &eager, &methods, id as FuncId) {
                eager[id] = true;
                changed = true;
            }
        }
        if !changed {
            return eager;
        }
    }
}

fn runs(model: &Model<'_>, eager: &[bool], methods: &BTreeSet<&str>, id: FuncId) -> bool {
    let function = &model.functions[id as usize];
    let at = |scope| eager[model.function_of(scope) as usize];
    match function.role {
        Role::Called(call) | Role::Argument(call, _) => at(model.calls[call as usize].scope),
        Role::Static => eager[function.parent as usize],
        Role::Named(binding) => {
            let name = model.bindings[binding as usize].name;
            model.refs_of(name).any(|found| {
                let called = found.chain.and_then(innermost_call).is_some()
                    || matches!(found.context, Context::Argument(..));
                called && at(found.scope) && model.resolve(name, found.scope) == Some(binding)
            })
        }
        Role::Member | Role::Alias(_) | Role::Other | Role::Returned(_) => {
            eager[function.parent as usize]
                && function.name.is_some_and(|name| methods.contains(name))
        }
    }
}

/// The names of the methods that code which runs on loading calls; `constructor` if it constructs a class of its own.
fn called_methods<'a>(model: &Model<'a>, eager: &[bool]) -> BTreeSet<&'a str> {
    let mut out = BTreeSet::new();
    for call in &model.calls {
        if !eager[model.function_of(call.scope) as usize] {
            continue;
        }
        let Some(callee) = call.node.callee().map(stripped) else {
            continue;
        };
        if let Some(member) = as_member(callee) {
            if let MemberProp::Ident(name) = &member.prop
                && !COMMON.contains(&&*name.sym)
            {
                out.insert(&*name.sym);
            }
        } else if let (Expr::Ident(ident), super::model::CallNode::New(_)) = (callee, call.node)
            && model.lookup(&ident.sym, call.scope).is_some()
        {
            out.insert("constructor");
        }
    }
    out
}
