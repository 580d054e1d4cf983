//! Which functions run when the module is loaded, and which only when somebody calls them.

use rustc_hash::FxHashSet;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::{as_member, stripped},
    model::{Context, FuncId, Model, Role, TOP},
    parameters::innermost_call,
};

/// Methods of the language's own objects: a function that happens to have such a name is not what is called.
const COMMON: [&str; 28] = [
    "add", "apply", "assign", "bind", "call", "catch", "concat", "create", "delete", "exec", "filter", "forEach",
    "get", "has", "indexOf", "join", "keys", "log", "map", "match", "push", "replace", "set", "slice", "split", "test",
    "then", "toString",
];

/// For each function, whether loading the module runs it.
pub(super) fn eager_functions(model: &Model<'_>) -> Vec<bool> {
    let mut eager = vec![false; model.functions.len()];
    eager[TOP as usize] = true;
    let mut calls = method_calls(model);
    let mut methods = FxHashSet::default();
    let mut waiting: Vec<FuncId> = (1..model.functions.len() as FuncId).collect();
    loop {
        calls.retain(|(caller, method)| {
            let runs = eager[*caller as usize];
            if runs {
                methods.insert(*method);
            }
            !runs
        });
        let before = waiting.len();
        waiting.retain(|&id| {
            let runs = runs(model, &eager, &methods, id);
            eager[id as usize] = runs;
            !runs
        });
        if waiting.len() == before {
            return eager;
        }
    }
}

fn runs(model: &Model<'_>, eager: &[bool], methods: &FxHashSet<&str>, id: FuncId) -> bool {
    let function = &model.functions[id as usize];
    let at = |scope| eager[model.function_of(scope) as usize];
    match function.role {
        Role::Called(call) | Role::Argument(call, _) => at(model.calls[call as usize].scope),
        Role::Static => eager[function.parent as usize],
        Role::Named(binding) => model.refs_to(binding).any(|found| {
            let called =
                found.chain.and_then(innermost_call).is_some() || matches!(found.context, Context::Argument(..));
            called && at(found.scope)
        }),
        Role::Member | Role::Alias(_) | Role::Other | Role::Returned(_) => {
            eager[function.parent as usize] && function.name.is_some_and(|name| methods.contains(name))
        }
    }
}

/// The methods that are called, each with the function that calls it; `constructor` for a class of the module's own.
fn method_calls<'a>(model: &Model<'a>) -> Vec<(FuncId, &'a str)> {
    let mut out = Vec::new();
    for call in &model.calls {
        let Some(callee) = call.node.callee().map(stripped) else {
            continue;
        };
        if let Some(member) = as_member(callee) {
            if let MemberProp::Ident(name) = &member.prop
                && !COMMON.contains(&&*name.sym)
            {
                out.push((model.function_of(call.scope), &*name.sym));
            }
        } else if let (Expr::Ident(ident), super::model::CallNode::New(_)) = (callee, call.node)
            && model.lookup(&ident.sym, call.scope).is_some()
        {
            out.push((model.function_of(call.scope), "constructor"));
        }
    }
    out
}
