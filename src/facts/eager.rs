//! Which functions run when the module is loaded, and which only when somebody calls them.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast::{Expr, MemberExpr};

use super::{
    calls::stripped,
    model::{CallNode, Context, FuncId, Model, Role, ScopeId, TOP},
    parameters::innermost_call,
};
use crate::order;

/// Methods of the language's own objects: a function that happens to have such a name is not what is called.
fn is_common(name: &str) -> bool {
    matches!(
        name,
        "add"
            | "apply"
            | "assign"
            | "bind"
            | "call"
            | "catch"
            | "concat"
            | "create"
            | "delete"
            | "exec"
            | "filter"
            | "forEach"
            | "get"
            | "has"
            | "indexOf"
            | "join"
            | "keys"
            | "log"
            | "map"
            | "match"
            | "push"
            | "replace"
            | "set"
            | "slice"
            | "split"
            | "test"
            | "then"
            | "toString"
    )
}

/// What calls the functions that it is given.
const CALLS_BACK: [&str; 13] = [
    "Promise",
    "catch",
    "finally",
    "forEach",
    "map",
    "nextTick",
    "queueMicrotask",
    "reduce",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "then",
    "unref",
];

/// How many calls of one chain are looked at.
const MAX_CHAIN: usize = 64;

/// What a function needs to run.
#[derive(Default)]
struct Needs {
    /// The functions of which one must run it.
    callers: Vec<FuncId>,
    /// A function that must have run before: a method's class must have been defined.
    parent: Option<FuncId>,
}

/// What runs what, as far as it matters for some functions.
pub(super) struct Runs {
    needs: FxHashMap<FuncId, Needs>,
    /// The functions that may run once one runs.
    waiting: FxHashMap<FuncId, Vec<FuncId>>,
}

/// What runs some functions, and those of them that loading the module runs. Whoever is given a function may call it
/// later, if ever: `sure` asks for those that are called all the same.
pub(super) fn eager_functions(
    model: &Model<'_>,
    bundled: &FxHashMap<FuncId, Vec<FuncId>>,
    wanted: &[FuncId],
    sure: bool,
) -> (Runs, FxHashSet<FuncId>) {
    let mut methods = None;
    let mut needs: FxHashMap<FuncId, Needs> = FxHashMap::default();
    let mut order = Vec::new();
    let mut queue = wanted.to_vec();
    while let Some(id) = queue.pop() {
        if id == TOP || needs.contains_key(&id) {
            continue;
        }
        let found = match bundled.get(&id) {
            // A module of a bundle runs where it is loaded.
            Some(callers) => Needs {
                callers: callers.clone(),
                parent: None,
            },
            None => needs_of(model, id, &mut methods, sure),
        };
        queue.extend(&found.callers);
        queue.extend(found.parent);
        order.push(id);
        needs.insert(id, found);
    }
    let mut waiting: FxHashMap<FuncId, Vec<FuncId>> = FxHashMap::default();
    for id in &order {
        let Needs { callers, parent } = &needs[id];
        for other in callers.iter().chain(parent) {
            waiting.entry(*other).or_default().push(*id);
        }
    }
    let runs = Runs { needs, waiting };
    let mut eager = FxHashSet::default();
    runs.from(TOP, &mut eager);
    (runs, eager)
}

impl Runs {
    /// Adds a function, and all that it runs, to those that run; which are new.
    pub(super) fn from(&self, root: FuncId, running: &mut FxHashSet<FuncId>) -> Vec<FuncId> {
        let mut queue = vec![root];
        let mut new = Vec::new();
        running.insert(root);
        while let Some(runs) = queue.pop() {
            new.push(runs);
            for id in self.waiting.get(&runs).into_iter().flatten() {
                let Needs { callers, parent } = &self.needs[id];
                if running.contains(id) {
                    continue;
                }
                // What runs is a caller, or the parent, and then a caller may run already.
                let called = *parent != Some(runs) || callers.iter().any(|caller| running.contains(caller));
                if called && parent.is_none_or(|parent| running.contains(&parent)) && running.insert(*id) {
                    queue.push(*id);
                }
            }
        }
        new
    }
}

fn needs_of<'a>(model: &Model<'a>, id: FuncId, methods: &mut Option<Methods<'a>>, sure: bool) -> Needs {
    let function = &model.functions[id as usize];
    match function.role {
        Role::Argument(call, _) if sure && !calls_back(&model.calls[call as usize].node) => Needs::default(),
        Role::Called(call) | Role::Argument(call, _) => Needs {
            callers: vec![model.function_of(model.calls[call as usize].scope)],
            parent: None,
        },
        Role::Static => Needs {
            callers: vec![function.parent],
            parent: None,
        },
        Role::Named(binding) => {
            let called = model.refs_to(binding).filter(|found| {
                let given = match found.context {
                    Context::Argument(call, _) => !sure || calls_back(&model.calls[call as usize].node),
                    _ => false,
                };
                given || found.chain.and_then(innermost_call).is_some()
            });
            Needs {
                callers: functions_of(model, called.map(|found| found.scope)),
                parent: None,
            }
        }
        _ if function.wraps => Needs {
            callers: vec![function.parent],
            parent: None,
        },
        Role::Member | Role::Alias(_) | Role::Other | Role::Returned(_) => {
            let methods = methods.get_or_insert_with(|| method_calls(model));
            let calls = function.name.and_then(|name| methods.get(name));
            Needs {
                callers: calls.cloned().unwrap_or_default(),
                parent: Some(function.parent),
            }
        }
    }
}

/// Whether a function is what a command of a program does, or stands in one.
pub(super) fn in_command(model: &Model<'_>, mut id: FuncId) -> bool {
    while id != TOP {
        let function = &model.functions[id as usize];
        if matches!(function.role, Role::Argument(call, _) if is_command(&model.calls[call as usize].node)) {
            return true;
        }
        id = function.parent;
    }
    false
}

/// Whether a call tells what a command does: `program.command('x').description('…').action(f)`.
fn is_command(node: &CallNode<'_>) -> bool {
    let named = |member: &MemberExpr, name: &str| member.prop.as_ident().is_some_and(|found| found.sym == *name);
    let Some(Expr::Member(action)) = node.callee().map(stripped) else {
        return false;
    };
    let mut at = &*action.obj;
    for _ in 0..if named(action, "action") { MAX_CHAIN } else { 0 } {
        let Expr::Call(call) = stripped(at) else { return false };
        let Some(Expr::Member(callee)) = call.callee.as_expr().map(|callee| stripped(callee)) else {
            return false;
        };
        if named(callee, "command") {
            return true;
        }
        at = &callee.obj;
    }
    false
}

/// Whether a call surely calls the function that it is given, sooner or later.
fn calls_back(node: &CallNode<'_>) -> bool {
    let name = match node.callee().map(stripped) {
        Some(Expr::Ident(name)) => &*name.sym,
        Some(Expr::Member(member)) => member.prop.as_ident().map_or("", |name| &*name.sym),
        _ => "",
    };
    CALLS_BACK.contains(&name)
}

fn functions_of(model: &Model<'_>, scopes: impl Iterator<Item = ScopeId>) -> Vec<FuncId> {
    let mut functions: Vec<FuncId> = scopes.map(|scope| model.function_of(scope)).collect();
    order::sort(&mut functions);
    functions.dedup();
    functions
}

/// For each method that is called, the functions that call it; `constructor` for a class of the module's own.
type Methods<'a> = FxHashMap<&'a str, Vec<FuncId>>;

fn method_calls<'a>(model: &Model<'a>) -> Methods<'a> {
    let mut out = Methods::default();
    let mut add = |name: &'a str, scope: ScopeId| {
        let callers = out.entry(name).or_default();
        let caller = model.function_of(scope);
        if callers.last() != Some(&caller) {
            callers.push(caller);
        }
    };
    for (name, scope) in &model.methods {
        if !is_common(name) {
            add(name, *scope);
        }
    }
    for call in &model.calls {
        if let CallNode::New(new) = call.node
            && let Expr::Ident(ident) = stripped(&new.callee)
            && model.lookup(&ident.sym, call.scope).is_some()
        {
            add("constructor", call.scope);
        }
    }
    out
}
