//! Functions that only look at a module, copy it or give it back: what compilers put around a `require`.
//!
//! `__importStar`, `_interopNamespace`, `__toESM`, … are known by what they do with their argument, not by their
//! names: they never call it or a member of it, and it goes nowhere but into a fresh object that they give back.

use rustc_hash::FxHashMap;
use swc_ecma_ast::{Expr, MemberProp};

use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    collect::function_start,
    evaluate::Analysis,
    model::{BindingId, CallId, Context, FuncId, MemberWrite, NONE, Role, ScopeId, Source},
    value::Value,
};
use crate::parse::span_of;

/// How many uses of a name are looked at.
const MAX_USES: usize = 24;
/// How deep such functions may call each other, and hand their argument from name to name.
const MAX_DEPTH: u32 = 5;

/// What functions do with a parameter, once it was asked for.
pub(in crate::facts) type Copies = FxHashMap<(FuncId, u32, bool), Fate>;

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::facts) struct Fate {
    /// Anything may happen to it.
    pub(in crate::facts) loud: bool,
    /// It, or a copy of it, is given back.
    pub(in crate::facts) back: bool,
    /// The parameters that it is copied into, a bit for each.
    into: u32,
}

const LOUD: Fate = Fate {
    loud: true,
    back: true,
    into: 0,
};

/// A function's own name for a value, or for a copy of it.
#[derive(Clone, Copy)]
struct Held {
    function: FuncId,
    copy: bool,
    depth: u32,
}

impl Fate {
    fn and(self, other: Self) -> Self {
        Self {
            loud: self.loud || other.loud,
            back: self.back || other.back,
            into: self.into | other.into,
        }
    }

    fn back() -> Self {
        Self {
            back: true,
            ..Self::default()
        }
    }
}

impl<'a> Analysis<'a> {
    /// What a function does with its n-th parameter.
    pub(in crate::facts) fn fate(&mut self, function: FuncId, index: usize) -> Fate {
        self.fate_within(function, index, false, MAX_DEPTH)
    }

    fn fate_within(&mut self, function: FuncId, index: usize, copy: bool, depth: u32) -> Fate {
        let key = (function, index as u32, copy);
        if let Some(known) = self.bundles.copies.get(&key) {
            return *known;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return LOUD;
        };
        // What calls itself is taken to do what the rest of it does.
        self.bundles.copies.insert(key, Fate::default());
        let held = Held { function, copy, depth };
        let fate = match self.parameter_binding(function, index) {
            Some(binding) => self.fate_of(binding, held),
            None => LOUD,
        };
        self.bundles.copies.insert(key, fate);
        fate
    }

    fn fate_of(&mut self, binding: BindingId, held: Held) -> Fate {
        let uses: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
            .model
            .refs_to(binding)
            .map(|found| (found.chain, found.context, found.scope))
            .take(MAX_USES + 1)
            .collect();
        let cost = uses.len() as u32;
        if uses.len() > MAX_USES || self.budget <= cost {
            return LOUD;
        }
        self.budget -= cost;
        let mut fate = Fate::default();
        for (chain, context, scope) in uses {
            fate = fate.and(match chain {
                Some(chain @ Expr::Ident(_)) => self.fate_of_value(Some(chain), context, scope, held),
                None => self.fate_of_value(None, context, scope, held),
                Some(chain @ Expr::Member(member)) if member.obj.is_ident() => match &member.prop {
                    MemberProp::Ident(_) if context == Context::Test => Fate::default(),
                    MemberProp::Ident(name) => match &*name.sym {
                        "__esModule" => Fate::default(),
                        // Of a property's descriptor.
                        "get" | "set" | "enumerable" | "writable" | "configurable" if held.copy => Fate::default(),
                        "default" => self.fate_of_value(Some(chain), context, scope, held),
                        _ => LOUD,
                    },
                    MemberProp::Computed(_) => self.fate_of_property(chain, context, held),
                    MemberProp::PrivateName(_) => LOUD,
                },
                Some(Expr::Call(call)) => match call.callee.as_expr().and_then(|callee| as_member(callee)) {
                    Some(member) if member.obj.is_ident() && member.prop.is_ident_with("hasOwnProperty") => {
                        Fate::default()
                    }
                    _ => LOUD,
                },
                Some(_) => LOUD,
            });
            if fate.loud {
                return LOUD;
            }
        }
        fate
    }

    /// Where the value itself goes, or an object that has it.
    fn fate_of_value(&mut self, chain: Option<&'a Expr>, context: Context, scope: ScopeId, held: Held) -> Fate {
        match context {
            Context::Test | Context::Items(_) => Fate::default(),
            Context::Return(from) if from == held.function => Fate::back(),
            Context::Return(from) => self.fate_of_getter(from, held),
            Context::Alias(_) => self.fate_of_alias(context, scope, held),
            Context::Argument(call, index) => self.fate_as_argument(call, index, held),
            Context::Write(_) | Context::Update if held.copy => Fate::default(),
            Context::Value | Context::Stored(_) => chain.map_or(LOUD, |chain| self.fate_of_stored(chain, held)),
            _ => LOUD,
        }
    }

    /// Where `e[k]` goes: to a property of a copy, or to a getter of one.
    fn fate_of_property(&mut self, chain: &'a Expr, context: Context, held: Held) -> Fate {
        match context {
            Context::Test => Fate::default(),
            Context::Write(_) | Context::Update if held.copy => Fate::default(),
            Context::Return(from) if from != held.function => self.fate_of_getter(from, held),
            Context::Value | Context::Stored(_) => self.fate_of_stored(chain, held),
            _ => LOUD,
        }
    }

    fn fate_of_alias(&mut self, context: Context, scope: ScopeId, held: Held) -> Fate {
        let mut names = Vec::new();
        self.names_of(context, scope, &mut |binding| names.push(binding));
        match (names[..].first(), names.len()) {
            (Some(name), 1) => self.fate_of_copy(*name, held),
            _ => LOUD,
        }
    }

    /// What becomes of another name of the function that holds a copy.
    fn fate_of_copy(&mut self, binding: BindingId, held: Held) -> Fate {
        let parameter = self.model.writes_of(binding).find_map(|write| match write.source {
            Source::Param(function, index, _) if function == held.function => Some(index),
            _ => None,
        });
        if let Some(index) = parameter {
            let fate = Fate {
                into: 1u32.checked_shl(index).unwrap_or_default(),
                ..Fate::default()
            };
            // `(m, n) => (n = copy(m), …)`: a parameter may be but a place for the copy.
            return match held.depth.checked_sub(1) {
                Some(depth) => fate.and(self.fate_of(
                    binding,
                    Held {
                        copy: true,
                        depth,
                        ..held
                    },
                )),
                None => LOUD,
            };
        }
        if !self.is_local(binding, held.function) {
            return LOUD;
        }
        match held.depth.checked_sub(1) {
            Some(depth) => self.fate_of(
                binding,
                Held {
                    copy: true,
                    depth,
                    ..held
                },
            ),
            None => LOUD,
        }
    }

    /// Whether a name is declared inside a function.
    fn is_local(&self, binding: BindingId, function: FuncId) -> bool {
        let parent = self.model.functions[function as usize].parent;
        let Some(outside) = self.model.functions.get(parent as usize) else {
            return false;
        };
        let name = self.model.bindings[binding as usize].name;
        self.model.resolve(name, outside.scope) != Some(binding)
    }

    /// What becomes of what is assigned to a member of a copy: `n.default = e`, `n[k] = e[k]`.
    fn fate_of_stored(&mut self, chain: &'a Expr, held: Held) -> Fate {
        let start = span_of_expr(chain).start;
        let writes = &self.model.member_writes;
        let after = writes.partition_point(|write| span_of(write.target.span).start <= start);
        let Some(MemberWrite {
            target,
            value,
            scope,
            root,
        }) = after.checked_sub(1).and_then(|at| writes.get(at))
        else {
            return LOUD;
        };
        if *root == NONE || !target.obj.is_ident() || !std::ptr::eq(stripped(value), stripped(chain)) {
            return LOUD;
        }
        match self.model.resolve(*root, *scope) {
            Some(binding) => self.fate_of_copy(binding, held),
            None => LOUD,
        }
    }

    /// `{ get: () => from[key] }`, handed to what defines properties of a copy.
    fn fate_of_getter(&mut self, getter: FuncId, held: Held) -> Fate {
        match self.model.functions[getter as usize].role {
            Role::Argument(call, index) => self.fate_as_argument(call, index, held),
            // `desc = { enumerable: true, get: function () { return m[k]; } }`
            Role::Alias(alias) if self.model.functions[getter as usize].name == Some("get") => {
                let scope = self.model.functions[getter as usize].scope;
                self.fate_of_alias(Context::Alias(alias), scope, held)
            }
            _ => LOUD,
        }
    }

    fn fate_as_argument(&mut self, call: CallId, index: u16, held: Held) -> Fate {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee().map(stripped) else {
            return LOUD;
        };
        if let Some(fate) = self.fate_in_language(call, callee, index, held) {
            return fate;
        }
        // `(f = function (e) { … })(e)`
        let direct = match callee {
            Expr::Assign(assign) => function_start(&assign.right),
            callee => function_start(callee),
        };
        let target = match direct.and_then(|start| self.model.function_at(start)) {
            Some(function) => Some(function),
            None if callee.is_ident() => match self.value(callee, site.scope) {
                Value::Function(function) => Some(function),
                _ => None,
            },
            None => None,
        };
        let Some(target) = target else { return LOUD };
        let mut fate = self.fate_within(target, index.into(), held.copy, held.depth);
        if fate.loud {
            return LOUD;
        }
        let into = std::mem::take(&mut fate.into);
        if fate.back {
            fate = self.fate_of_result(call, held);
        }
        for (at, arg) in site.node.arguments().iter().enumerate().take(8) {
            if into & (1 << at) != 0 && at != usize::from(index) {
                fate = fate.and(self.fate_into(stripped(&arg.expr), call, site.scope, held));
            }
        }
        fate
    }

    /// What becomes of an object that a copy is put into.
    fn fate_into(&mut self, target: &'a Expr, call: CallId, scope: ScopeId, held: Held) -> Fate {
        match target {
            Expr::Ident(ident) => match self.model.lookup(&ident.sym, scope) {
                Some(binding) => self.fate_of_copy(binding, held),
                None => LOUD,
            },
            Expr::Object(_) | Expr::Call(_) | Expr::Cond(_) => self.fate_of_result(call, held),
            _ => LOUD,
        }
    }

    /// Where the result of a call goes that gives back a copy.
    fn fate_of_result(&mut self, call: CallId, held: Held) -> Fate {
        let site = self.model.calls[call as usize];
        let own = match (site.node, stripped(site.chain)) {
            (crate::facts::model::CallNode::Call(call), Expr::Call(chain)) => std::ptr::eq(call, chain),
            _ => false,
        };
        // `desc = descriptor(e, k) || desc.enumerable`: the chain is more than the call, but nothing is done with it.
        if !own && !matches!(site.context, Context::Test | Context::Alias(_)) {
            return LOUD;
        }
        if !own && !matches!(stripped(site.chain), Expr::Bin(_) | Expr::Cond(_) | Expr::Assign(_)) {
            return LOUD;
        }
        let held = Held { copy: true, ..held };
        self.fate_of_value(Some(site.chain), site.context, site.scope, held)
    }

    /// What a function of the language does with its argument, if this is one that only looks at properties or defines
    /// them.
    fn fate_in_language(&mut self, call: CallId, callee: &'a Expr, index: u16, held: Held) -> Option<Fate> {
        let site = self.model.calls[call as usize];
        let method = self.helper_method(callee, site.scope)?;
        Some(match method {
            "keys" | "getOwnPropertyNames" | "getOwnPropertySymbols" | "hasOwnProperty" | "getPrototypeOf" | "has" => {
                Fate::default()
            }
            "getOwnPropertyDescriptor" | "freeze" | "get" => self.fate_of_result(call, held),
            // Others can ask a map only for what they have themselves.
            "set" if index == 0 => Fate::default(),
            "set" if held.copy => Fate::default(),
            "defineProperty" if index == 0 && !held.copy => LOUD,
            "defineProperty" => {
                let result = match site.context {
                    Context::Test => Fate::default(),
                    _ => self.fate_of_result(call, held),
                };
                match site.node.arguments().first().map(|arg| stripped(&arg.expr)) {
                    Some(_) if index == 0 => result,
                    Some(target) => result.and(self.fate_into(target, call, site.scope, held)),
                    None => LOUD,
                }
            }
            _ => return None,
        })
    }

    /// The method of `Object`, of a weak map, or the test for a property of its own that a callee is.
    fn helper_method(&mut self, callee: &'a Expr, scope: ScopeId) -> Option<&'static str> {
        const METHODS: [&str; 7] = [
            "keys",
            "getOwnPropertyNames",
            "getOwnPropertySymbols",
            "getPrototypeOf",
            "getOwnPropertyDescriptor",
            "defineProperty",
            "freeze",
        ];
        const MAPS: [&str; 3] = ["get", "set", "has"];
        let named = |names: &'static [&'static str], name: &str| names.iter().find(|known| **known == name).copied();
        if let Some(member) = as_member(callee) {
            let MemberProp::Ident(method) = &member.prop else {
                return None;
            };
            if let Expr::Ident(object) = &*member.obj
                && &*object.sym == "Object"
                && self.model.lookup(&object.sym, scope).is_none()
            {
                return named(&METHODS, &method.sym);
            }
            if &*method.sym == "call" && self.is_own_property_test(&member.obj, scope) {
                return Some("hasOwnProperty");
            }
            if let Some(method) = named(&MAPS, &method.sym)
                && self.is_weak_map(&member.obj, scope, MAX_DEPTH)
            {
                return Some(method);
            }
            return None;
        }
        if !callee.is_ident() {
            return None;
        }
        match self.value(callee, scope) {
            Value::Api(path) => path.strip_prefix("Object.").and_then(|name| named(&METHODS, name)),
            _ => None,
        }
    }

    /// `hasOwnProperty` of an object's prototype, or a name for it.
    fn is_own_property_test(&self, expr: &Expr, scope: ScopeId) -> bool {
        match expr {
            Expr::Member(member) => member.prop.is_ident_with("hasOwnProperty"),
            Expr::Ident(ident) => self.model.lookup(&ident.sym, scope).is_some_and(|binding| {
                self.model.writes_of(binding).any(|write| match write.source {
                    Source::Expr(Expr::Member(member), _) => member.prop.is_ident_with("hasOwnProperty"),
                    _ => false,
                })
            }),
            _ => false,
        }
    }

    /// Whether a name holds a `WeakMap`, as the caches of Babel's helpers do.
    fn is_weak_map(&self, expr: &Expr, scope: ScopeId, depth: u32) -> bool {
        let Some(left) = depth.checked_sub(1) else {
            return false;
        };
        match stripped(expr) {
            Expr::New(new) => matches!(&*new.callee, Expr::Ident(name) if &*name.sym == "WeakMap"),
            Expr::Cond(cond) => self.is_weak_map(&cond.cons, scope, left) || self.is_weak_map(&cond.alt, scope, left),
            Expr::Ident(ident) => self.model.lookup(&ident.sym, scope).is_some_and(|binding| {
                let from = |source: &Source<'a>| match source {
                    Source::Expr(expr, scope) => self.is_weak_map(expr, *scope, left),
                    _ => false,
                };
                self.model.writes_of(binding).take(4).any(|write| from(&write.source))
                    || self
                        .model
                        .assigns_of(binding)
                        .take(4)
                        .any(|assign| from(&assign.source))
            }),
            Expr::Call(call) => {
                let Some(Expr::Ident(callee)) = call.callee.as_expr().map(|callee| &**callee) else {
                    return false;
                };
                let Some(binding) = self.model.lookup(&callee.sym, scope) else {
                    return false;
                };
                let function = self.model.writes_of(binding).find_map(|write| match write.source {
                    Source::Function(function) => Some(function),
                    _ => None,
                });
                function.is_some_and(|function| {
                    let mut returns = self.model.returns_of(function).take(4);
                    returns.any(|returned| self.is_weak_map(returned.value, returned.scope, left))
                })
            }
            _ => false,
        }
    }
}
