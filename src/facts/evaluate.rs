//! What an expression is worth: evaluated backwards, on demand, from the few places that matter.
//!
//! Nothing is run. A value is followed through bindings, parameters with known arguments, returns, objects and
//! constant operations; where that ends, or the budget does, it is unknown.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    capability::{self, Global},
    interpret::Memory,
    model::{Assign, BindingId, CallNode, Context, FuncId, Model, NONE, Role, ScopeId, Source, Step},
    operators::literal,
    uses::{RawImport, RawUse},
    value::Value,
};
use crate::{parse::span_of, span::Span};

/// Steps of evaluation one module may cost, on top of its size's share.
const BUDGET: u32 = 40_000;
/// How deep one evaluation may go: expressions, bindings and calls together.
const MAX_DEPTH: u32 = 96;

/// Methods that change the array or object they are called on.
pub(super) const MUTATORS: [&str; 12] = [
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

/// The state of analysing one module.
pub(super) struct Analysis<'a> {
    pub(super) model: Model<'a>,
    memo: Vec<Memo>,
    values: Vec<Value<'a>>,
    pub(super) frames: Vec<(FuncId, Vec<Value<'a>>)>,
    /// The lowest of the frames that were looked into since this was last reset.
    lowest: usize,
    /// What functions return whatever they are given.
    pub(super) returned: FxHashMap<FuncId, Value<'a>>,
    depth: u32,
    pub(super) budget: u32,
    pub(super) flow_budget: u32,
    /// What both were at the beginning.
    granted: u32,
    /// Uses of powers found so far, and where, so that none is told twice.
    pub(super) uses: Vec<RawUse<'a>>,
    pub(super) seen: FxHashSet<(u32, Rc<str>)>,
    /// Places that name another module.
    pub(super) imports: Vec<RawImport>,
    /// APIs reached by a name that is put together or decoded: path and place.
    pub(super) concealed: FxHashSet<(Rc<str>, u32)>,
    /// Places where the global object is handed on.
    pub(super) handed_on: Vec<(Span, ScopeId)>,
    pub(super) text: &'a str,
    /// What the interpreter keeps from run to run, once it was needed.
    pub(super) memory: Option<Box<Memory<'a>>>,
    /// Built-in modules loaded by such a name.
    pub(super) concealed_modules: Vec<Rc<str>>,
}

/// What is known of a binding's value, small because there are many: not asked for yet, being worked out, or the index
/// of a value from [`DONE`] on.
type Memo = u32;
const NEW: Memo = 0;
const RUNNING: Memo = 1;
const DONE: Memo = 2;

impl<'a> Analysis<'a> {
    pub(super) fn new(model: Model<'a>, text: &'a str) -> Self {
        let memo = vec![NEW; model.bindings.len()];
        let budget = BUDGET + (text.len() / 4) as u32;
        let flow_budget = super::flow::FLOW_BUDGET + (text.len() / 16) as u32;
        Self {
            model,
            memo,
            values: Vec::new(),
            frames: Vec::new(),
            lowest: usize::MAX,
            returned: FxHashMap::default(),
            depth: 0,
            budget,
            flow_budget,
            granted: budget + flow_budget,
            uses: Vec::new(),
            seen: FxHashSet::default(),
            imports: Vec::new(),
            concealed: FxHashSet::default(),
            concealed_modules: Vec::new(),
            handed_on: Vec::new(),
            text,
            memory: None,
        }
    }

    /// The steps that evaluation and flows have cost so far.
    pub(super) fn spent(&self) -> u32 {
        self.granted.saturating_sub(self.budget + self.flow_budget)
    }

    /// The value of an expression in a scope.
    pub(super) fn value(&mut self, expr: &'a Expr, scope: ScopeId) -> Value<'a> {
        if self.budget == 0 || self.depth >= MAX_DEPTH {
            return Value::Unknown;
        }
        self.budget -= 1;
        self.depth += 1;
        let value = self.evaluate(expr, scope);
        self.depth -= 1;
        value
    }

    fn evaluate(&mut self, expr: &'a Expr, scope: ScopeId) -> Value<'a> {
        if let Some(value) = self.interpreted_constant(expr, scope) {
            return value;
        }
        match expr {
            Expr::Ident(ident) => self.name_at(ident, scope),
            Expr::Lit(lit) => literal(lit),
            Expr::Member(member) => self.member(member, scope),
            Expr::Call(call) => match &call.callee {
                ast::Callee::Expr(_) => match self.call(CallNode::Call(call), scope) {
                    Value::Unknown => self
                        .interpreted_expression(expr, span_of(call.span).start, scope)
                        .unwrap_or(Value::Unknown),
                    value => value,
                },
                ast::Callee::Import(_) => self.imported(call.args.first().map(|arg| &*arg.expr), scope),
                ast::Callee::Super(_) => Value::Unknown,
            },
            Expr::New(new) => self.call(CallNode::New(new), scope),
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => self.member(member, scope),
                ast::OptChainBase::Call(call) => self.call(CallNode::Optional(call), scope),
            },
            Expr::TaggedTpl(tagged) => self.tagged(tagged, scope),
            Expr::Paren(e) => self.value(&e.expr, scope),
            Expr::TsAs(e) => self.value(&e.expr, scope),
            Expr::TsNonNull(e) => self.value(&e.expr, scope),
            Expr::TsSatisfies(e) => self.value(&e.expr, scope),
            Expr::TsTypeAssertion(e) => self.value(&e.expr, scope),
            Expr::TsConstAssertion(e) => self.value(&e.expr, scope),
            Expr::Await(e) => self.value(&e.arg, scope),
            Expr::Seq(seq) => seq.exprs.last().map_or(Value::Unknown, |last| self.value(last, scope)),
            Expr::Assign(assign) if assign.op == ast::AssignOp::Assign => self.value(&assign.right, scope),
            Expr::Cond(cond) => {
                let values = vec![self.value(&cond.cons, scope), self.value(&cond.alt, scope)];
                Value::one_of(values)
            }
            Expr::Bin(bin) => self.binary(bin, scope),
            Expr::Unary(unary) => self.unary(unary, scope),
            Expr::Tpl(template) => self.template(template, scope),
            Expr::Array(array) => self.array(array, scope),
            Expr::Object(object) => Value::Object(object, scope),
            Expr::Fn(function) => self.function_value(span_of(function.function.span)),
            Expr::Arrow(arrow) => self.function_value(span_of(arrow.span)),
            Expr::This(_) => self.this(scope),
            Expr::MetaProp(_) => Value::api("import.meta"),
            _ => Value::Unknown,
        }
    }

    pub(super) fn function_value(&self, span: Span) -> Value<'a> {
        self.model
            .function_at(span.start)
            .map_or(Value::Unknown, Value::Function)
    }

    /// `this` where it may be the global object.
    fn this(&self, scope: ScopeId) -> Value<'a> {
        let mut function = self.model.function_of(scope);
        while function != 0 {
            let func = &self.model.functions[function as usize];
            if matches!(func.role, Role::Called(_)) {
                return Value::Global;
            }
            if !func.arrow {
                return Value::Unknown;
            }
            function = func.parent;
        }
        Value::Global
    }

    /// The value of a name at its place: where statements change it, those before it count.
    fn name_at(&mut self, ident: &ast::Ident, scope: ScopeId) -> Value<'a> {
        let binding = self.model.lookup(&ident.sym, scope);
        let value = self.meant(binding, &ident.sym);
        match binding {
            Some(binding) if value.is_open() || matches!(value, Value::Object(..)) => self
                .interpreted_name(
                    binding,
                    span_of(ident.span).start,
                    scope,
                    matches!(value, Value::Object(..)),
                )
                .unwrap_or(value),
            _ => value,
        }
    }

    /// The value of a name.
    pub(super) fn named(&mut self, text: &Atom, scope: ScopeId) -> Value<'a> {
        self.meant(self.model.lookup(text, scope), text)
    }

    /// The value of a name that means this binding, or a global.
    pub(super) fn meant(&mut self, binding: Option<BindingId>, text: &str) -> Value<'a> {
        match binding {
            // AMD and browserify wrappers hand `require` to the module as a parameter.
            Some(binding) if text == "require" => match self.binding(binding) {
                Value::Unknown if self.is_parameter(binding) => Value::api("require"),
                value => value,
            },
            Some(binding) => self.binding(binding),
            None => global(text),
        }
    }

    /// Whether a name is a parameter of a function that somebody else calls with it: a wrapper's.
    fn is_parameter(&self, binding: BindingId) -> bool {
        self.model.writes_of(binding).any(|write| match write.source {
            Source::Param(function, ..) => !matches!(
                self.model.functions[function as usize].role,
                Role::Named(_) | Role::Member
            ),
            _ => false,
        })
    }

    /// The value of a binding: the join of everything it is ever given.
    pub(super) fn binding(&mut self, binding: BindingId) -> Value<'a> {
        if self.budget == 0 || self.depth >= MAX_DEPTH {
            return Value::Unknown;
        }
        self.budget -= 1;
        self.depth += 1;
        let value = self.bound(binding);
        self.depth -= 1;
        value
    }

    fn bound(&mut self, binding: BindingId) -> Value<'a> {
        if let Some(value) = self.frame_value(binding) {
            return value;
        }
        match self.memo[binding as usize] {
            NEW => {}
            RUNNING => return Value::Unknown,
            done => return self.values[(done - DONE) as usize].clone(),
        }
        self.memo[binding as usize] = RUNNING;
        let (value, lowest) = self.watched(|analysis| analysis.written(binding));
        // What hangs on the arguments of a call around is another value in another call.
        self.memo[binding as usize] = if lowest >= self.frames.len() {
            self.values.push(value.clone());
            DONE + self.values.len() as u32 - 1
        } else {
            NEW
        };
        value
    }

    /// A value, and the lowest of the entered calls whose arguments it was worked out from.
    pub(super) fn watched(&mut self, work: impl FnOnce(&mut Self) -> Value<'a>) -> (Value<'a>, usize) {
        let before = std::mem::replace(&mut self.lowest, usize::MAX);
        let value = work(self);
        let lowest = self.lowest;
        self.lowest = lowest.min(before);
        (value, lowest)
    }

    /// The argument of the innermost call that is being evaluated, for a parameter of its function.
    fn frame_value(&mut self, binding: BindingId) -> Option<Value<'a>> {
        if self.frames.is_empty() {
            return None;
        }
        let first = self.model.bindings[binding as usize].first_write;
        let write = self
            .model
            .writes
            .get(first as usize)
            .filter(|write| write.next == NONE)?;
        let Source::Param(function, index, rest) = write.source else {
            return None;
        };
        let path = write.path.clone();
        let at = self.frames.iter().rposition(|(f, _)| *f == function)?;
        self.lowest = self.lowest.min(at);
        let args = &self.frames[at].1;
        if self.model.assigns_of(binding).next().is_some() {
            return Some(Value::Unknown);
        }
        let value = if rest {
            Value::Array(args.get(index as usize..).unwrap_or_default().into())
        } else {
            args.get(index as usize).cloned().unwrap_or(Value::Undefined)
        };
        Some(self.walk(value, &path, 0))
    }

    fn written(&mut self, binding: BindingId) -> Value<'a> {
        let writes: Vec<(Source<'a>, Vec<Step<'a>>)> = self
            .model
            .writes_of(binding)
            .map(|w| (w.source, w.path.clone()))
            .collect();
        let assigns: Vec<(Source<'a>, Vec<Step<'a>>, bool)> = self
            .model
            .assigns_of(binding)
            .map(
                |Assign {
                     source, path, compound, ..
                 }| (*source, path.clone(), *compound),
            )
            .collect();
        let mut values = Vec::with_capacity(writes.len() + assigns.len());
        let grows = assigns.iter().any(|(_, _, compound)| *compound);
        for (source, path) in writes {
            let value = self.source(source, &path);
            // What a text that is put together piece by piece begins with says nothing of it.
            if !(grows && value.as_text() == Some("")) {
                values.push(value);
            }
        }
        for (source, path, compound) in assigns {
            values.push(if compound {
                Value::Unknown
            } else {
                self.source(source, &path)
            });
        }
        let value = Value::one_of(values);
        if matches!(value, Value::Array(_) | Value::Object(..) | Value::Bytes(..)) && !self.is_frozen(binding) {
            return if matches!(value, Value::Object(..)) {
                value
            } else {
                Value::Unknown
            };
        }
        value
    }

    /// Whether an array that a name holds is only ever read through that name.
    fn is_frozen(&self, binding: BindingId) -> bool {
        self.model.refs_to(binding).all(|r| {
            let Some(chain) = r.chain else { return false };
            match chain {
                Expr::Ident(_) => r.context == Context::Test,
                _ if matches!(r.context, Context::Write(_)) && is_ident(chain) => false,
                _ if r.context == Context::Update => false,
                chain => !calls_mutator(chain),
            }
        })
    }

    /// The value that a declaration's source gives.
    fn source(&mut self, source: Source<'a>, path: &[Step<'a>]) -> Value<'a> {
        let (value, scope) = match source {
            Source::Expr(expr, scope) => (self.value(expr, scope), scope),
            Source::Items(expr, scope) => {
                let value = match self.value(expr, scope) {
                    Value::Array(items) => Value::one_of(items.to_vec()),
                    _ => Value::Unknown,
                };
                (value, scope)
            }
            Source::Keys(..) | Source::Opaque => return Value::Unknown,
            Source::Param(function, index, rest) => {
                let value = if rest {
                    Value::Unknown
                } else {
                    self.parameter(function, index as usize)
                };
                (value, self.model.functions[function as usize].scope)
            }
            Source::Function(function) => return Value::Function(function),
            Source::Import(index, name) => return self.import_value(index, name),
        };
        self.walk(value, path, scope)
    }

    fn walk(&mut self, mut value: Value<'a>, path: &[Step<'a>], scope: ScopeId) -> Value<'a> {
        for step in path {
            value = match step {
                Step::Key(key) => self.get(&value, key, None),
                Step::Index(index) => match &value {
                    Value::Array(items) => items.get(*index).cloned().unwrap_or(Value::Undefined),
                    _ => Value::Unknown,
                },
                Step::Computed(expr) => match self.value(expr, scope).as_text() {
                    Some(key) => self.get(&value, key, None),
                    None => Value::Unknown,
                },
                // What is left of a namespace is still that namespace.
                Step::Rest => value.map(|v| {
                    if matches!(v, Value::Api(_) | Value::Module(..)) {
                        v.clone()
                    } else {
                        Value::Unknown
                    }
                }),
            };
        }
        value
    }

    fn import_value(&mut self, index: u32, name: &str) -> Value<'a> {
        let super::model::Specifier::Constant(specifier) = self.model.imports[index as usize].specifier else {
            return Value::Unknown;
        };
        let module = module_value(&specifier.value.to_string_lossy());
        if name == "*" {
            module
        } else {
            self.get(&module, name, None)
        }
    }

    fn imported(&mut self, specifier: Option<&'a Expr>, scope: ScopeId) -> Value<'a> {
        let Some(specifier) = specifier else {
            return Value::Unknown;
        };
        let value = self.value(specifier, scope);
        value.map(|v| v.as_text().map_or(Value::Unknown, module_value))
    }

    /// The text of an expression with gaps, for showing: hosts, paths, commands.
    pub(super) fn text(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<Rc<str>> {
        self.value(expr, scope).to_partial()
    }
}

/// The value of a free name.
pub(super) fn global<'a>(name: &str) -> Value<'a> {
    match (name, capability::global(name)) {
        ("undefined", _) => Value::Undefined,
        ("NaN", _) => Value::Number(f64::NAN),
        ("__dirname", _) => Value::Partial(".".into()),
        ("require", _) => Value::api("require"),
        ("module", _) => Value::api("module#"),
        (_, Some(Global::Powerful(path))) => Value::api(path),
        (_, Some(Global::GlobalObject)) => Value::Global,
        (_, Some(Global::Harmless)) => Value::api(name),
        (_, None) => Value::Unknown,
    }
}

/// The value of a module by its specifier.
pub(super) fn module_value<'a>(specifier: &str) -> Value<'a> {
    match capability::builtin_module(specifier).or_else(|| capability::known_package(specifier)) {
        Some(path) => Value::api(path),
        None => Value::Module(specifier.into(), "".into()),
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
                        _ => true,
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
