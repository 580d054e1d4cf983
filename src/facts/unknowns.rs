//! What stands against a proof of purity: places where code may come by a power that nobody can see it has.
//!
//! Code without a power's name has it only if somebody gives it, or by one of the language's own ways: a name that means
//! anything, `Function` through a member whose name is not known, and `this` where it is the global object.

use rustc_hash::FxHashMap;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    Ways,
    calls::{as_member, span_of_expr, stripped},
    capability,
    evaluate::Analysis,
    index::Reading,
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
pub(super) mod callees;
mod lent;
mod numbers;
mod own_keys;
mod reflected;
mod shared;
mod this;

struct Doubts<'a> {
    found: Vec<(Span, ScopeId, String)>,
    /// Functions whose `this` may be the global object; `None` while that is being worked out.
    loose: FxHashMap<FuncId, bool>,
    /// Names of methods that are taken off what has them; `None` until somebody asks.
    detached: Option<this::Detached<'a>>,
    /// Where members of unknown names leave the module.
    leaving: Vec<(Span, ScopeId, &'static str, Ways)>,
    /// The members that are given them.
    kept_as: Vec<u32>,
}

/// What stands against a proof.
pub(super) struct Found {
    /// By itself.
    pub(super) unknowns: Vec<(Span, ScopeId, String)>,
    /// Together with calls of what is handed over.
    pub(super) leaving: Vec<(Span, ScopeId, &'static str, Ways)>,
    /// The members that are given what leaves, as hashes of their names.
    pub(super) kept_as: Vec<u32>,
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
    /// Members of unknown names are only `followed` where something may hang on it.
    pub(super) fn find_unknowns(&mut self, followed: bool) -> Found {
        let mut doubts = Doubts {
            found: Vec::new(),
            loose: FxHashMap::default(),
            detached: None,
            leaving: Vec::new(),
            kept_as: Vec::new(),
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
        self.of_parents(&mut doubts);
        for &(span, scope) in &self.model.lost {
            doubts.add(
                span,
                scope,
                "writes a member whose name is only known at run time into another one",
            );
        }
        self.prototypes(&mut doubts);
        self.timers(&mut doubts);
        self.around(&mut doubts);
        self.loose_this(&mut doubts);
        for (span, scope) in std::mem::take(&mut self.handed_on) {
            doubts.add(span, scope, "hands on the global object");
        }
        if followed {
            self.lent_members(&mut doubts);
        }
        if self.budget == 0 {
            doubts.add(Span::new(0, 0), 0, "too tangled to follow within the budget");
        }
        // What is left out stands against all of the module.
        if doubts.is_full() {
            doubts.found.truncate(MAX_UNKNOWNS - 1);
            doubts.add(
                Span::new(0, 0),
                0,
                "has too many places that cannot be told to keep each",
            );
        }
        if doubts.leaving.len() > MAX_UNKNOWNS {
            let ways = doubts.leaving.iter().fold(Ways::NONE, |mut all, (.., ways)| {
                all |= *ways;
                all
            });
            let message = doubts.leaving[0].2;
            doubts.leaving.truncate(MAX_UNKNOWNS - 1);
            doubts.leaving.push((Span::new(0, 0), 0, message, ways));
        }
        Found {
            unknowns: doubts.found,
            leaving: doubts.leaving,
            kept_as: doubts.kept_as,
        }
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
            let exported = whole && names.iter().any(|binding| self.is_exported(*binding));
            let called = names.into_iter().any(|binding| self.makes_code(binding, whole));
            if exported && self.may_hold_maker(member, scope) || called && self.may_be_function(member, scope) {
                doubts.add(span_of_expr(member), scope, said_of(member));
            }
        }
    }

    /// Whether a key may be `constructor`.
    fn is_open_key(&mut self, key: &'a Expr, scope: ScopeId) -> bool {
        if numbers::is_other_key(&self.model, key, scope) {
            return false;
        }
        if self.is_given(key, scope) {
            return true;
        }
        let key = self.value(key, scope);
        let open = |one: &Value<'_>| match one {
            Value::Unknown | Value::Partial(_) | Value::OneOf(_) | Value::Object(..) | Value::Array(_) => true,
            Value::Text(text, _) => &**text == "constructor",
            _ => false,
        };
        key.alternatives().iter().any(open)
    }

    /// The method of a class, or of a prototype, whose `this` a scope has.
    fn method_around(&self, scope: ScopeId) -> Option<FuncId> {
        let mut function = self.model.function_of(scope);
        while self.model.functions[function as usize].arrow {
            function = self.model.functions[function as usize].parent;
        }
        let of_class = match self.model.functions[function as usize].owner {
            Owner::Class(_) => true,
            Owner::Write(write) => {
                let target = &self.model.member_writes[write as usize].target.obj;
                as_member(stripped(target)).is_some_and(|member| plain_key(&member.prop) == Some("prototype"))
            }
            _ => false,
        };
        of_class.then_some(function)
    }

    /// Whether a method is called on something else than what has it, or handed to somebody who may do so.
    fn is_lent_out(&mut self, method: FuncId) -> bool {
        let func = &self.model.functions[method as usize];
        if func.name == Some("constructor") && matches!(func.owner, Owner::Class(_)) {
            return false;
        }
        let Some(name) = self.model.functions[method as usize]
            .name
            .map(str::to_owned)
            .or_else(|| match self.model.functions[method as usize].owner {
                Owner::Write(write) => {
                    plain_key(&self.model.member_writes[write as usize].target.prop).map(str::to_owned)
                }
                _ => None,
            })
        else {
            return true;
        };
        let reads = self.member_reads();
        reads.of(&name).any(|reading| {
            let chain = match reading {
                Reading::Ref(read) => self.model.refs[read as usize].chain,
                Reading::Own(own) => Some(self.model.own[own as usize].chain),
            };
            chain.is_some_and(|chain| !calls_each(chain, &name))
        })
    }

    /// Whether a name is a parameter of what others call: following all of its calls would tell nothing.
    fn is_given(&self, expr: &Expr, scope: ScopeId) -> bool {
        let Expr::Ident(ident) = stripped(expr) else {
            return false;
        };
        let Some(binding) = self.model.lookup(&ident.sym, scope) else {
            return false;
        };
        self.model.writes_of(binding).any(|write| match write.source {
            Source::Param(function, ..) => match self.model.functions[function as usize].role {
                Role::Called(_) => false,
                Role::Named(binding) => self.is_exported(binding),
                _ => true,
            },
            _ => false,
        })
    }

    /// Whether a member may be `Function` without that being known: that is told as a power.
    fn may_be_function(&mut self, callee: &'a Expr, scope: ScopeId) -> bool {
        self.may_hold_maker(callee, scope)
            && !matches!(self.value(callee, scope), Value::Api(path) if &*path == "Function")
    }

    /// Whether a member may be `Function`: its name is not known or `constructor`, and what has it may be a function.
    fn may_hold_maker(&mut self, callee: &'a Expr, scope: ScopeId) -> bool {
        let Some(member) = as_member(stripped(callee)) else {
            return true;
        };
        match &member.prop {
            // A method's `this` has the class as its constructor.
            MemberProp::Ident(_) if matches!(stripped(&member.obj), Expr::This(_)) => {
                return self.method_around(scope).is_none_or(|method| self.is_lent_out(method));
            }
            MemberProp::Computed(_) if own_keys::has_own_key(&self.model, member, scope) => return false,
            MemberProp::Computed(computed) if !self.is_open_key(&computed.expr, scope) => return false,
            MemberProp::PrivateName(_) => return false,
            MemberProp::Ident(_) | MemberProp::Computed(_) => {}
        }
        if self.is_given(&member.obj, scope) {
            return true;
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
        !object.alternatives().iter().all(plain)
    }
}

/// Whether a chain calls its members of a name, wherever it has them: `x.name(…)`.
fn calls_each(chain: &Expr, name: &str) -> bool {
    let mut at = chain;
    let mut called = false;
    loop {
        if as_member(at).is_some_and(|member| plain_key(&member.prop) == Some(name)) && !called {
            return false;
        }
        (at, called) = match at {
            Expr::Call(call) => match call.callee.as_expr() {
                Some(inner) => (inner, true),
                None => return true,
            },
            Expr::New(new) => (&new.callee, true),
            Expr::Member(member) => (&member.obj, false),
            Expr::Await(e) => (&e.arg, false),
            Expr::Paren(e) => (&e.expr, called),
            _ => return true,
        };
    }
}

/// Whether a call that turns out to be one of `Function` would matter: it is given what may be a text, and what it
/// makes of it is used.
fn may_make_code(node: CallNode<'_>, chain: &Expr, context: Context) -> bool {
    let used = context != Context::Test || !is_call(chain, node);
    let text = if let CallNode::Tagged(_) = node {
        true
    } else {
        // `f.call(this, text)`
        let applied = node.callee().map(stripped).and_then(as_member);
        let skip = match applied.and_then(|member| plain_key(&member.prop)) {
            Some("call" | "apply" | "bind") => 1,
            _ => 0,
        };
        let args = node.arguments();
        let args = match args.first() {
            Some(first) if skip > 0 && first.spread.is_none() => &args[skip..],
            _ => args,
        };
        args.iter().any(|arg| arg.spread.is_some() || !is_no_text(&arg.expr))
            && !args.iter().any(|arg| is_no_code(&arg.expr))
    };
    used && text
}

/// Whether an argument is a text that no code has in it: `./module`.
fn is_no_code(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ast::Lit::Str(text)) if text.value.as_str().is_some_and(|text| text.starts_with("./") || text.starts_with("../")))
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

/// Whether an argument is surely no text.
fn is_no_text(expr: &Expr) -> bool {
    match stripped(expr) {
        Expr::Lit(lit) => !matches!(lit, ast::Lit::Str(_)),
        // A function's text but declares it; what a class initialises runs.
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Update(_) => true,
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
