//! What an expression is worth: evaluated backwards, on demand, from the few places that matter.
//!
//! Nothing is run. A value is followed through bindings, parameters with known arguments, returns, objects and
//! constant operations; where that ends, or the budget does, it is unknown.
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices and lengths are JavaScript numbers, and checked to be positive"
)]

use std::rc::Rc;

use rustc_hash::FxHashSet;
use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, Lit, MemberProp, Prop, PropOrSpread};

use super::{
    capability::{self, Global},
    collect::key_text,
    fold,
    model::{
        Assign, BindingId, CallNode, Context, FuncId, Model, NONE, Role, ScopeId, Source, Step,
    },
    uses::{RawImport, RawUse},
    value::{GAP, Hidden, Value},
};
use crate::{parse::span_of, span::Span};

/// Steps of evaluation one module may cost, on top of its size's share.
const BUDGET: u32 = 40_000;
/// How deep one evaluation may go: expressions, bindings and calls together.
const MAX_DEPTH: u32 = 96;
/// How many functions may be entered within each other.
const MAX_FRAMES: usize = 8;
/// How many call sites of a function are looked at for its parameters.
const MAX_SITES: usize = 4;

/// Methods that change the array or object they are called on.
const MUTATORS: [&str; 12] = [
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
    memo: Vec<Memo<'a>>,
    frames: Vec<(FuncId, Vec<Value<'a>>)>,
    depth: u32,
    pub(super) budget: u32,
    pub(super) flow_budget: u32,
    /// Uses of powers found so far, and where, so that none is told twice.
    pub(super) uses: Vec<RawUse<'a>>,
    pub(super) seen: FxHashSet<(u32, Rc<str>)>,
    /// Places that name another module.
    pub(super) imports: Vec<RawImport>,
    /// APIs reached by a name that is put together or decoded: path and place.
    pub(super) concealed: FxHashSet<(Rc<str>, u32)>,
    /// Places where the global object is handed on.
    pub(super) handed_on: Vec<(Span, ScopeId)>,
    /// Built-in modules loaded by such a name.
    pub(super) concealed_modules: Vec<Rc<str>>,
}

#[derive(Clone)]
enum Memo<'a> {
    New,
    Running,
    Done(Value<'a>),
}

impl<'a> Analysis<'a> {
    pub(super) fn new(model: Model<'a>, text_len: usize) -> Self {
        let memo = vec![Memo::New; model.bindings.len()];
        let budget = BUDGET + (text_len / 4) as u32;
        Self {
            model,
            memo,
            frames: Vec::new(),
            depth: 0,
            budget,
            flow_budget: super::flow::FLOW_BUDGET,
            uses: Vec::new(),
            seen: FxHashSet::default(),
            imports: Vec::new(),
            concealed: FxHashSet::default(),
            concealed_modules: Vec::new(),
            handed_on: Vec::new(),
        }
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
        match expr {
            Expr::Ident(ident) => self.named(&ident.sym, scope),
            Expr::Lit(lit) => literal(lit),
            Expr::Member(member) => self.member(member, scope),
            Expr::Call(call) => match &call.callee {
                ast::Callee::Expr(_) => self.call(CallNode::Call(call), scope),
                ast::Callee::Import(_) => {
                    self.imported(call.args.first().map(|arg| &*arg.expr), scope)
                }
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
            Expr::Seq(seq) => seq
                .exprs
                .last()
                .map_or(Value::Unknown, |last| self.value(last, scope)),
            Expr::Assign(assign) if assign.op == ast::AssignOp::Assign => {
                self.value(&assign.right, scope)
            }
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

    fn function_value(&self, span: Span) -> Value<'a> {
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

    /// The value of a name.
    pub(super) fn named(&mut self, text: &str, scope: ScopeId) -> Value<'a> {
        match self.model.lookup(text, scope) {
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
        self.model
            .writes_of(binding)
            .any(|write| match write.source {
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
        match &self.memo[binding as usize] {
            Memo::Done(value) => return value.clone(),
            Memo::Running => return Value::Unknown,
            Memo::New => {}
        }
        self.memo[binding as usize] = Memo::Running;
        let value = self.written(binding);
        // Inside a call the value may hang on that call's arguments.
        self.memo[binding as usize] = if self.frames.is_empty() {
            Memo::Done(value.clone())
        } else {
            Memo::New
        };
        value
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
        let args = &self.frames.iter().rev().find(|(f, _)| *f == function)?.1;
        if self.model.assigns_of(binding).next().is_some() {
            return Some(Value::Unknown);
        }
        let value = if rest {
            Value::Array(args.get(index as usize..).unwrap_or_default().into())
        } else {
            args.get(index as usize)
                .cloned()
                .unwrap_or(Value::Undefined)
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
                     source,
                     path,
                     compound,
                     ..
                 }| (*source, path.clone(), *compound),
            )
            .collect();
        let mut values = Vec::with_capacity(writes.len() + assigns.len());
        for (source, path) in writes {
            values.push(self.source(source, &path));
        }
        for (source, path, compound) in assigns {
            values.push(if compound {
                Value::Unknown
            } else {
                self.source(source, &path)
            });
        }
        let value = Value::one_of(values);
        if matches!(value, Value::Array(_) | Value::Object(..)) && !self.is_frozen(binding) {
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
        let name = self.model.bindings[binding as usize].name;
        self.model
            .refs_of(name)
            .filter(|r| self.model.resolve(name, r.scope) == Some(binding))
            .all(|r| {
                let Some(chain) = r.chain else { return false };
                match chain {
                    Expr::Ident(_) => r.context == Context::Test,
                    _ if matches!(r.context, Context::Write(_)) && is_ident(chain) => false,
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

    /// What a parameter is worth over all known calls of its function.
    fn parameter(&mut self, function: FuncId, index: usize) -> Value<'a> {
        match self.model.functions[function as usize].role {
            Role::Called(call) => {
                let call = self.model.calls[call as usize];
                self.argument(call.node, index, call.scope)
            }
            Role::Named(binding) => {
                let Some(sites) = self.call_sites(binding) else {
                    return Value::Unknown;
                };
                let values = sites
                    .into_iter()
                    .map(|(node, scope)| self.argument(node, index, scope))
                    .collect();
                Value::one_of(values)
            }
            Role::Argument(call, _) => self.delivered(call, index),
            _ => Value::Unknown,
        }
    }

    /// What a callback is given, where the language says so: an item, or what a promise of a module resolves to.
    fn delivered(&mut self, call: u32, index: usize) -> Value<'a> {
        let call = self.model.calls[call as usize];
        let Some(Expr::Member(callee)) = call.node.callee() else {
            return Value::Unknown;
        };
        let MemberProp::Ident(method) = &callee.prop else {
            return Value::Unknown;
        };
        match (&*method.sym, index) {
            ("then", 0) => match self.value(&callee.obj, call.scope) {
                value if value.leads_somewhere() => value,
                _ => Value::Unknown,
            },
            ("forEach" | "map" | "filter" | "some" | "every" | "find" | "flatMap", 0) => {
                match self.value(&callee.obj, call.scope) {
                    Value::Array(items) => Value::one_of(items.to_vec()),
                    _ => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        }
    }

    /// The calls of a named function, if all its uses are calls and they are few.
    pub(super) fn call_sites(&self, binding: BindingId) -> Option<Vec<(CallNode<'a>, ScopeId)>> {
        let name = self.model.bindings[binding as usize].name;
        let mut sites = Vec::new();
        for found in self.model.refs_of(name) {
            if self.model.resolve(name, found.scope) != Some(binding) {
                continue;
            }
            let node = innermost_call(found.chain?)?;
            if sites.len() == MAX_SITES {
                return None;
            }
            sites.push((node, found.scope));
        }
        Some(sites)
    }

    /// The value of a call's n-th argument.
    pub(super) fn argument(
        &mut self,
        node: CallNode<'a>,
        index: usize,
        scope: ScopeId,
    ) -> Value<'a> {
        let args = node.arguments();
        if args.iter().take(index + 1).any(|arg| arg.spread.is_some()) {
            return Value::Unknown;
        }
        args.get(index)
            .map_or(Value::Undefined, |arg| self.value(&arg.expr, scope))
    }

    /// All arguments' values.
    pub(super) fn arguments(&mut self, node: CallNode<'a>, scope: ScopeId) -> Vec<Value<'a>> {
        let mut values = Vec::with_capacity(node.arguments().len());
        for arg in node.arguments() {
            let value = self.value(&arg.expr, scope);
            match (arg.spread.is_some(), value) {
                (false, value) => values.push(value),
                (true, Value::Array(items)) => values.extend(items.iter().cloned()),
                (true, _) => {
                    values.push(Value::Unknown);
                    break;
                }
            }
        }
        values
    }

    /// Runs a function of the module on known arguments: the join of what it returns.
    pub(super) fn enter(&mut self, function: FuncId, args: Vec<Value<'a>>) -> Value<'a> {
        if self.frames.len() >= MAX_FRAMES || self.frames.iter().any(|(f, _)| *f == function) {
            return Value::Unknown;
        }
        let returns: Vec<(&'a Expr, ScopeId)> = self
            .model
            .returns_of(function)
            .map(|r| (r.value, r.scope))
            .take(MAX_SITES + 1)
            .collect();
        if returns.is_empty() || returns.len() > MAX_SITES {
            return Value::Unknown;
        }
        self.frames.push((function, args));
        let values = returns
            .into_iter()
            .map(|(value, scope)| self.value(value, scope))
            .collect();
        self.frames.pop();
        Value::one_of(values)
    }

    fn import_value(&mut self, index: u32, name: &str) -> Value<'a> {
        let super::model::Specifier::Constant(specifier) =
            self.model.imports[index as usize].specifier
        else {
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

    fn member(&mut self, member: &'a ast::MemberExpr, scope: ScopeId) -> Value<'a> {
        let object = self.value(&member.obj, scope);
        let span = span_of(member.span);
        match &member.prop {
            MemberProp::Ident(name) if &*name.sym == "constructor" => {
                self.constructor(&object, &member.obj, scope)
            }
            MemberProp::Ident(name) => self.get(&object, &name.sym, Some((span, scope))),
            MemberProp::PrivateName(_) => Value::Unknown,
            MemberProp::Computed(computed) => {
                let key = self.value(&computed.expr, scope);
                self.get_computed(&object, &key, &member.obj, span, scope)
            }
        }
    }

    fn get_computed(
        &mut self,
        object: &Value<'a>,
        key: &Value<'a>,
        obj: &'a Expr,
        span: Span,
        scope: ScopeId,
    ) -> Value<'a> {
        let mut values = Vec::new();
        for key in key.alternatives() {
            values.push(match (object, key) {
                (_, Value::Text(text, _)) if &**text == "constructor" => {
                    self.constructor(object, obj, scope)
                }
                (Value::Array(items), Value::Number(n)) if *n >= 0.0 => {
                    items.get(*n as usize).cloned().unwrap_or(Value::Undefined)
                }
                (Value::Text(text, hidden), Value::Number(n)) if *n >= 0.0 => {
                    match text.encode_utf16().nth(*n as usize) {
                        Some(unit) => Value::text(String::from_utf16_lossy(&[unit]), *hidden),
                        None => Value::Undefined,
                    }
                }
                (Value::Bytes(bytes, _), Value::Number(n)) if *n >= 0.0 => bytes
                    .get(*n as usize)
                    .map_or(Value::Undefined, |b| Value::Number(f64::from(*b))),
                (_, key) => match key.to_text() {
                    Some(text) => {
                        let value = self.get(object, &text, Some((span, scope)));
                        if let (true, Value::Api(path)) = (key.hidden() > Hidden::Plain, &value) {
                            self.concealed.insert((path.clone(), span.start));
                        }
                        value
                    }
                    None => self.get_unknown(object, span, scope),
                },
            });
        }
        Value::one_of(values)
    }

    /// A member of a value; where `place` is given, reading it may be a use.
    pub(super) fn get(
        &mut self,
        object: &Value<'a>,
        key: &str,
        place: Option<(Span, ScopeId)>,
    ) -> Value<'a> {
        match object {
            Value::OneOf(values) => {
                let values = values.clone();
                Value::one_of(values.iter().map(|v| self.get(v, key, place)).collect())
            }
            Value::Global => global(key),
            Value::Api(path) => {
                self.note_read(path, Some(key), place);
                if &**path == "process.env" {
                    return if matches!(key, "HOME" | "USERPROFILE") {
                        Value::Partial("~".into())
                    } else {
                        Value::Unknown
                    };
                }
                Value::api(&capability::member(path, key))
            }
            Value::Module(specifier, path) => {
                let path = if path.is_empty() {
                    key.into()
                } else {
                    format!("{path}.{key}").into()
                };
                Value::Module(specifier.clone(), path)
            }
            Value::Object(object, scope) => self.property(object, key, *scope),
            Value::Array(items) if key == "length" => Value::Number(items.len() as f64),
            Value::Text(text, _) if key == "length" => {
                Value::Number(text.encode_utf16().count() as f64)
            }
            Value::Bytes(bytes, _) if key == "length" => Value::Number(bytes.len() as f64),
            _ => Value::Unknown,
        }
    }

    /// A member whose name is not known.
    fn get_unknown(&mut self, object: &Value<'a>, span: Span, scope: ScopeId) -> Value<'a> {
        for value in object.alternatives() {
            if let Value::Api(path) = value {
                self.note_read(path, None, Some((span, scope)));
            }
        }
        Value::Unknown
    }

    /// `x.constructor`: of a function it is `Function`, which makes code from text.
    fn constructor(&mut self, object: &Value<'a>, obj: &'a Expr, scope: ScopeId) -> Value<'a> {
        if let Value::Function(_) = object {
            return Value::api("Function");
        }
        if let Value::Api(path) = object {
            return match &**path {
                "module#" => Value::api("module"),
                path if path.ends_with('#') || path.contains(".prototype") => Value::Unknown,
                _ => Value::api("Function"),
            };
        }
        match obj {
            Expr::Paren(inner) => self.constructor(object, &inner.expr, scope),
            Expr::Member(inner) if inner.prop.is_ident_with("constructor") => {
                Value::api("Function")
            }
            Expr::Member(inner) => match &inner.prop {
                MemberProp::Computed(key)
                    if self.value(&key.expr, scope).as_text() == Some("constructor") =>
                {
                    Value::api("Function")
                }
                _ => Value::Unknown,
            },
            // Object.getPrototypeOf(async function () {}).constructor
            Expr::Call(call) => match call.args.first().map(|arg| self.value(&arg.expr, scope)) {
                Some(Value::Function(_)) => Value::api("Function"),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn property(&mut self, object: &'a ast::ObjectLit, key: &str, scope: ScopeId) -> Value<'a> {
        let mut spread = false;
        for prop in object.props.iter().rev() {
            match prop {
                PropOrSpread::Spread(_) => spread = true,
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) if *ident.sym == *key => return self.named(key, scope),
                    Prop::KeyValue(pair) if key_text(&pair.key) == Some(key) => {
                        return self.value(&pair.value, scope);
                    }
                    Prop::Method(method) if key_text(&method.key) == Some(key) => {
                        return self.function_value(span_of(method.function.span));
                    }
                    _ => {}
                },
            }
        }
        let _ = spread;
        Value::Unknown
    }

    fn binary(&mut self, bin: &'a ast::BinExpr, scope: ScopeId) -> Value<'a> {
        match bin.op {
            BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => {
                let left = self.value(&bin.left, scope);
                Value::one_of(vec![left, self.value(&bin.right, scope)])
            }
            BinaryOp::LogicalAnd => self.value(&bin.right, scope),
            BinaryOp::Add => {
                // A long concatenation leans left: folded in a loop.
                let mut arms = vec![&*bin.right];
                let mut left = &*bin.left;
                while let Expr::Bin(next) = left
                    && next.op == BinaryOp::Add
                {
                    arms.push(&next.right);
                    left = &next.left;
                }
                let mut sum = self.value(left, scope);
                while let Some(arm) = arms.pop() {
                    let right = self.value(arm, scope);
                    sum = fold::add(&sum, &right);
                }
                sum
            }
            op => {
                let (left, right) = (self.value(&bin.left, scope), self.value(&bin.right, scope));
                fold::binary(op, &left, &right)
            }
        }
    }

    fn unary(&mut self, unary: &'a ast::UnaryExpr, scope: ScopeId) -> Value<'a> {
        match (unary.op, self.value(&unary.arg, scope)) {
            (ast::UnaryOp::Minus, Value::Number(n)) => Value::Number(-n),
            (ast::UnaryOp::Plus, Value::Number(n)) => Value::Number(n),
            (ast::UnaryOp::Tilde, Value::Number(n)) => Value::Number(f64::from(!fold::to_i32(n))),
            (ast::UnaryOp::Void, _) => Value::Undefined,
            (ast::UnaryOp::Bang, Value::Number(n)) => Value::Bool(n == 0.0),
            (ast::UnaryOp::Bang, Value::Bool(b)) => Value::Bool(!b),
            (ast::UnaryOp::Bang, Value::Array(_)) => Value::Bool(false),
            _ => Value::Unknown,
        }
    }

    fn template(&mut self, template: &'a ast::Tpl, scope: ScopeId) -> Value<'a> {
        let mut out = String::new();
        let mut hidden = if template.exprs.is_empty() {
            Hidden::Plain
        } else {
            Hidden::Assembled
        };
        for (index, quasi) in template.quasis.iter().enumerate() {
            match &quasi.cooked {
                Some(text) => out.push_str(&text.to_string_lossy()),
                None => return Value::Unknown,
            }
            if let Some(expr) = template.exprs.get(index) {
                let value = self.value(expr, scope);
                hidden = hidden.max(value.hidden());
                match value.to_partial() {
                    Some(text) => out.push_str(&text),
                    None => out.push(GAP),
                }
            }
        }
        if out.contains(GAP) {
            fold::partial(&out)
        } else {
            Value::text(out, hidden)
        }
    }

    fn tagged(&mut self, tagged: &'a ast::TaggedTpl, scope: ScopeId) -> Value<'a> {
        if let Value::Api(path) = self.value(&tagged.tag, scope) {
            if &*path == "String.raw" {
                return self.template(&tagged.tpl, scope);
            }
            return self.api_call(&path, CallNode::Tagged(tagged), Vec::new(), scope);
        }
        Value::Unknown
    }

    fn array(&mut self, array: &'a ast::ArrayLit, scope: ScopeId) -> Value<'a> {
        let mut items = Vec::with_capacity(array.elems.len());
        for element in &array.elems {
            let Some(element) = element else {
                items.push(Value::Undefined);
                continue;
            };
            let value = self.value(&element.expr, scope);
            match (element.spread.is_some(), value) {
                (false, value) => items.push(value),
                (true, Value::Array(more)) => items.extend(more.iter().cloned()),
                (true, Value::Text(text, hidden)) => {
                    items.extend(text.chars().map(|c| Value::text(c.to_string(), hidden)));
                }
                (true, _) => return Value::Unknown,
            }
        }
        Value::Array(items.into())
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

fn literal<'a>(lit: &Lit) -> Value<'a> {
    match lit {
        Lit::Str(text) => Value::text(text.value.to_string_lossy(), Hidden::Plain),
        Lit::Num(number) => Value::Number(number.value),
        Lit::Bool(value) => Value::Bool(value.value),
        Lit::Null(_) => Value::Null,
        _ => Value::Unknown,
    }
}

fn is_ident(expr: &Expr) -> bool {
    matches!(expr, Expr::Ident(_))
}

/// The call whose callee is the chain's root name itself: `f(…)` in `f(…).x`.
pub(super) fn innermost_call(chain: &Expr) -> Option<CallNode<'_>> {
    let mut at = chain;
    loop {
        let (node, inner) = match at {
            Expr::Call(call) => (Some(CallNode::Call(call)), &**call.callee.as_expr()?),
            Expr::New(new) => (Some(CallNode::New(new)), &*new.callee),
            Expr::Member(member) => (None, &*member.obj),
            Expr::Await(e) => (None, &*e.arg),
            Expr::Paren(e) => (None, &*e.expr),
            _ => return None,
        };
        match (inner, node) {
            (Expr::Ident(_), Some(node)) => return Some(node),
            (Expr::Ident(_), None) => return None,
            (next, _) => at = next,
        }
    }
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
