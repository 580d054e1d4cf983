//! What stands against a proof of purity: places where code may come by a power that nobody can see it has.
//!
//! Code without a power's name has it only if somebody gives it, or by one of the language's own ways: a name that means
//! anything, `Function` through a member whose name is not known, and `this` where it is the global object.

use rustc_hash::FxHashMap;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability,
    evaluate::Analysis,
    model::{CallNode, Context, FuncId, NameId, Owner, Role, ScopeId, Source},
    value::Value,
    ways::plain_key,
};
use crate::span::Span;

/// The most unknown places that are kept of one module.
const MAX_UNKNOWNS: usize = 32;
/// The most places that are looked at; with more of them the module is unknown as a whole.
const MAX_LOOKED_AT: usize = 4096;

mod around;
mod numbers;
mod shared;
mod this;

struct Doubts<'a> {
    found: Vec<(Span, ScopeId, String)>,
    /// Functions whose `this` may be the global object; `None` while that is being worked out.
    loose: FxHashMap<FuncId, bool>,
    /// Names of methods that are taken off what has them; `None` until somebody asks.
    detached: Option<this::Detached<'a>>,
}

impl Doubts<'_> {
    fn add(&mut self, span: Span, scope: ScopeId, message: &str) {
        self.found.push((span, scope, message.to_owned()));
    }

    fn is_full(&self) -> bool {
        self.found.len() >= MAX_UNKNOWNS
    }
}

impl<'a> Analysis<'a> {
    /// Every place that cannot be told, as far as one module shows it.
    pub(super) fn find_unknowns(&mut self) -> Vec<(Span, ScopeId, String)> {
        let mut doubts = Doubts {
            found: Vec::new(),
            loose: FxHashMap::default(),
            detached: None,
        };
        for with in &self.model.withs {
            doubts.add(with.span, 0, "inside `with`, any name may mean anything");
        }
        self.undeclared(&mut doubts);
        self.doubtful_callees(&mut doubts);
        self.doubtful_names(&mut doubts);
        self.handed_makers(&mut doubts);
        self.doubtful_parts(&mut doubts);
        self.reflecting(&mut doubts);
        self.prototypes(&mut doubts);
        self.timers(&mut doubts);
        self.around(&mut doubts);
        self.loose_this(&mut doubts);
        for (span, scope) in std::mem::take(&mut self.handed_on) {
            doubts.add(span, scope, "hands on the global object");
        }
        if self.budget == 0 {
            doubts.add(Span::new(0, 0), 0, "too tangled to follow within the budget");
        }
        let mut found = doubts.found;
        found.truncate(MAX_UNKNOWNS);
        found
    }

    /// Names that nobody declares and nobody knows.
    fn undeclared(&self, doubts: &mut Doubts<'a>) {
        let model = &self.model;
        for (index, name) in model.names.iter().enumerate() {
            // A name of the module's own scope means the same everywhere.
            if name.declared && model.resolve(index as NameId, 0).is_some() {
                continue;
            }
            self.undeclared_writes(index as NameId, doubts);
            if capability::global(name.text).is_some() || is_language(name.text) {
                continue;
            }
            if self.inside.given.contains_key(name.text) || self.bundles.is_outer(name.text) {
                continue;
            }
            for read in model.free_reads_of(index as NameId) {
                let reference = &model.refs[read as usize];
                let looks = matches!(reference.context, Context::Test | Context::Update | Context::Items(_));
                if !looks || !matches!(reference.chain, Some(Expr::Ident(_))) {
                    let span = Span::new(reference.start, reference.start + name.text.len() as u32);
                    let message = format!("`{}` is a global that nobody here declares", name.text);
                    doubts.add(span, reference.scope, &message);
                    break;
                }
            }
        }
    }

    /// `x = 1` where nobody declares `x` makes a global, or changes one.
    fn undeclared_writes(&self, name: NameId, doubts: &mut Doubts<'a>) {
        let text = self.model.names[name as usize].text;
        if matches!(text, "module" | "exports" | "require") || capability::global(text).is_some() {
            return;
        }
        let mut at = self.model.names[name as usize].first_assign;
        while let Some(assign) = self.model.assigns.get(at as usize) {
            at = assign.next;
            if self.model.resolve(name, assign.scope).is_some() {
                continue;
            }
            let span = match assign.source {
                Source::Expr(expr, _) | Source::Items(expr, _) | Source::Keys(expr, _) => span_of_expr(expr),
                _ => Span::new(0, 0),
            };
            let message = format!("assigns to `{text}`, a global that nobody here declares");
            return doubts.add(span, assign.scope, &message);
        }
    }

    /// `f[key](text)`, `x.constructor(text)`: may be `Function`, which makes code of text.
    fn doubtful_callees(&mut self, doubts: &mut Doubts<'a>) {
        if self.model.doubtful_calls.len() > MAX_LOOKED_AT {
            doubts.add(
                Span::new(0, 0),
                0,
                "calls too many members by computed names to look at each",
            );
        }
        for index in 0..self.model.doubtful_calls.len().min(MAX_LOOKED_AT) {
            if doubts.is_full() {
                return;
            }
            let call = self.model.calls[self.model.doubtful_calls[index] as usize];
            let Some(callee) = call.node.callee() else { continue };
            if let Some(applied) = super::collect::applied_member(callee) {
                let used = call.context != Context::Test || !is_call(call.chain, call.node);
                if used && as_member(stripped(applied)).is_some() && self.may_be_function(applied, call.scope) {
                    doubts.add(span_of_expr(applied), call.scope, said_of(applied));
                }
            } else if may_make_code(call.node, call.chain, call.context) && self.may_be_function(callee, call.scope) {
                doubts.add(span_of_expr(callee), call.scope, said_of(callee));
            }
        }
    }

    /// The same where a name holds the member before it is called.
    fn doubtful_names(&mut self, doubts: &mut Doubts<'a>) {
        if self.model.doubtful_reads.len() > MAX_LOOKED_AT {
            doubts.add(
                Span::new(0, 0),
                0,
                "reads too many members by computed names to look at each",
            );
        }
        for index in 0..self.model.doubtful_reads.len().min(MAX_LOOKED_AT) {
            if doubts.is_full() {
                return;
            }
            let (member, scope, alias) = self.model.doubtful_reads[index];
            let mut names = Vec::new();
            self.names_of(Context::Alias(alias), scope, &mut |binding| names.push(binding));
            let whole = as_member(member).is_some_and(|member| !member.prop.is_computed());
            let called = names.into_iter().any(|binding| self.makes_code(binding, whole));
            if called && self.may_be_function(member, scope) {
                doubts.add(span_of_expr(member), scope, said_of(member));
            }
        }
    }

    /// `Reflect.get(f, key)(text)`, `Object.getOwnPropertyDescriptor(f, key).value(text)`: members by a computed name, too.
    fn reflecting(&mut self, doubts: &mut Doubts<'a>) {
        if !self.model.methods.iter().any(|(name, _)| is_reflection(name)) {
            return;
        }
        for index in 0..self.model.calls.len() {
            let call = self.model.calls[index];
            let Some(callee) = call.node.callee().and_then(as_member) else {
                continue;
            };
            let of_language = matches!(&*callee.obj, Expr::Ident(ident)
                if matches!(&*ident.sym, "Object" | "Reflect") && self.model.lookup(&ident.sym, call.scope).is_none());
            if !of_language {
                continue;
            }
            if !plain_key(&callee.prop).is_some_and(is_reflection) || doubts.is_full() {
                continue;
            }
            let known = |value: Value<'_>| matches!(&value, Value::Text(text, _) if &**text != "constructor");
            let keyed = call.node.arguments().len() > 1;
            if keyed && known(self.argument(call.node, 1, call.scope)) {
                continue;
            }
            let mut names = Vec::new();
            self.names_of(call.context, call.scope, &mut |binding| names.push(binding));
            let mut held = names.into_iter().flat_map(|binding| self.model.refs_to(binding));
            let later = held.any(|read| {
                matches!(read.context, Context::Argument(list, 0) if self.lists_values(list))
                    || read
                        .chain
                        .is_some_and(|chain| !matches!(chain, Expr::Ident(_)) && has_call(chain))
            });
            let listed = matches!(call.context, Context::Argument(list, 0) if self.lists_values(list));
            if later || listed || (!is_call(call.chain, call.node) && has_call_beyond(call.chain, call.node)) {
                doubts.add(
                    span_of_expr(call.chain),
                    call.scope,
                    "calls a member whose name is only known at run time",
                );
            }
        }
    }

    /// Whether a scope's `this` is that of a method of a class or of an object, not of the class itself.
    fn is_method(&self, scope: ScopeId) -> bool {
        let mut function = self.model.function_of(scope);
        while self.model.functions[function as usize].arrow {
            function = self.model.functions[function as usize].parent;
        }
        let of_class = !matches!(self.model.functions[function as usize].owner, Owner::Static(_));
        let role = self.model.functions[function as usize].role;
        of_class && matches!(role, Role::Member | Role::Alias(_) | Role::Other)
    }

    /// Whether a call is one of `Object.values` or `Object.entries`.
    fn lists_values(&self, call: u32) -> bool {
        let member = self.model.calls[call as usize].node.callee().and_then(as_member);
        member.is_some_and(|member| matches!(plain_key(&member.prop), Some("values" | "entries")))
    }

    /// Whether a member may be `Function`: its name is not known or `constructor`, and what has it may be a function.
    fn may_be_function(&mut self, callee: &'a Expr, scope: ScopeId) -> bool {
        let Some(member) = as_member(stripped(callee)) else {
            return true;
        };
        match &member.prop {
            // A method's `this` has the class as its constructor.
            MemberProp::Ident(_) if matches!(stripped(&member.obj), Expr::This(_)) => {
                return !self.is_method(scope);
            }
            MemberProp::Ident(_) => {}
            MemberProp::Computed(computed) if numbers::is_number(&self.model, &computed.expr, scope) => return false,
            MemberProp::Computed(computed) => {
                let key = self.value(&computed.expr, scope);
                let open = |one: &Value<'_>| match one {
                    Value::Unknown | Value::Partial(_) | Value::OneOf(_) | Value::Object(..) | Value::Array(_) => true,
                    Value::Text(text, _) => &**text == "constructor",
                    _ => false,
                };
                if !key.alternatives().iter().any(open) {
                    return false;
                }
            }
            MemberProp::PrivateName(_) => return false,
        }
        let object = self.value(&member.obj, scope);
        let plain = |one: &Value<'_>| {
            matches!(
                one,
                Value::Object(..)
                    | Value::Record(_)
                    | Value::Array(_)
                    | Value::Text(..)
                    | Value::Number(_)
                    | Value::Bool(_)
                    | Value::Bytes(..)
            )
        };
        // A power that is known is told as one.
        let known = |one: &Value<'_>| matches!(one, Value::Api(path) if &**path == "Function");
        !object.alternatives().iter().all(plain) && !known(&self.value(callee, scope))
    }
}

/// Whether a call that turns out to be one of `Function` would matter: it is given what may be a text, and what it
/// makes of it is used.
fn may_make_code(node: CallNode<'_>, chain: &Expr, context: Context) -> bool {
    let used = context != Context::Test || !is_call(chain, node);
    let text = match node {
        CallNode::Tagged(_) => true,
        _ => node
            .arguments()
            .iter()
            .any(|arg| arg.spread.is_some() || !is_no_text(&arg.expr)),
    };
    used && text
}

/// What is said of a doubtful member.
fn said_of(member: &Expr) -> &'static str {
    match as_member(stripped(member)).map(|member| &member.prop) {
        Some(MemberProp::Ident(_)) => "calls the `constructor` of something unknown: of a function it is `Function`",
        _ => "calls a member whose name is only known at run time",
    }
}

/// The call of a chain `f.call(…)…` or `f.apply(…)…`.
fn applied(chain: &Expr) -> Option<CallNode<'_>> {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => {
                let callee = stripped(call.callee.as_expr()?);
                if let Some(member) = as_member(callee)
                    && matches!(&*member.obj, Expr::Ident(_))
                {
                    let node = CallNode::Call(call);
                    return is_application(node).then_some(node);
                }
                callee
            }
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return None,
        };
    }
}

fn is_application(node: CallNode<'_>) -> bool {
    let member = node.callee().and_then(as_member);
    member.is_some_and(|member| matches!(plain_key(&member.prop), Some("call" | "apply" | "bind")))
}

/// Whether an expression is this very call.
fn is_call(chain: &Expr, node: CallNode<'_>) -> bool {
    match (chain, node) {
        (Expr::Call(call), CallNode::Call(other)) => std::ptr::eq(call, other),
        (Expr::New(new), CallNode::New(other)) => std::ptr::eq(new, other),
        (Expr::Await(e), _) => is_call(&e.arg, node),
        (Expr::Paren(e), _) => is_call(&e.expr, node),
        _ => false,
    }
}

/// Methods of `Reflect` and `Object` that give members by name.
fn is_reflection(name: &str) -> bool {
    matches!(name, "getOwnPropertyDescriptor" | "getOwnPropertyDescriptors") || (name.len() == 3 && name == "get")
}

/// Whether a chain calls something.
fn has_call(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(_) | Expr::New(_) | Expr::TaggedTpl(_) => return true,
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return false,
        };
    }
}

/// Whether a chain calls something that it gets out of what an inner call gives.
fn has_call_beyond(chain: &Expr, node: CallNode<'_>) -> bool {
    let mut at = chain;
    let mut beyond = false;
    loop {
        if is_call(at, node) {
            return beyond;
        }
        at = match at {
            Expr::Call(call) => {
                beyond = true;
                match call.callee.as_expr() {
                    Some(callee) => callee,
                    None => return false,
                }
            }
            Expr::New(new) => {
                beyond = true;
                &new.callee
            }
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            _ => return false,
        };
    }
}

/// Whether an argument is surely no text.
fn is_no_text(expr: &Expr) -> bool {
    match stripped(expr) {
        Expr::Lit(lit) => !matches!(lit, ast::Lit::Str(_)),
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) | Expr::This(_) | Expr::Update(_) => true,
        Expr::Unary(unary) => unary.op != ast::UnaryOp::TypeOf,
        Expr::Bin(bin) => bin.op != ast::BinaryOp::Add && !bin.op.may_short_circuit(),
        _ => false,
    }
}

/// Names that mean something only to the language or a loader, and lead nowhere.
fn is_language(name: &str) -> bool {
    matches!(
        name,
        "undefined" | "arguments" | "exports" | "module" | "require" | "__dirname" | "__filename"
    )
}
