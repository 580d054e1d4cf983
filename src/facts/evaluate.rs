//! What an expression is worth: evaluated backwards, on demand, from the few places that matter.
//!
//! Nothing is run. A value is followed through bindings, parameters with known arguments, returns, objects and
//! constant operations; where that ends, or the budget does, it is unknown.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::{
    bundles::Bundles,
    capability,
    flow::{Barren, Change},
    grams::Grams,
    interpret::Memory,
    model::{Assign, BindingId, CallNode, FuncId, Model, NONE, Patched, ScopeId, Source, Step},
    objects::Objects,
    operators::literal,
    owners::Parts,
    seams::Shared,
    uses::{RawImport, RawUse},
    value::{Frame, Value},
};
use crate::{parse::span_of, span::Span};

mod names;

pub(super) use self::names::global;

/// Steps of evaluation one module may cost, on top of its size's share.
const BUDGET: u32 = 40_000;
/// How deep one evaluation may go: expressions, bindings and calls together.
const MAX_DEPTH: u32 = 96;

/// How many values that hang on one being worked out are worked out again, so that they are whole.
const MAX_UNSURE: u32 = 128;
/// What working it out may have cost.
const MAX_UNSURE_COST: u32 = 64;

/// The state of analysing one module.
pub(super) struct Analysis<'a> {
    pub(super) model: Model<'a>,
    memo: Vec<Memo>,
    values: Vec<Value<'a>>,
    pub(super) frames: Vec<Frame<'a>>,
    /// The lowest of the frames that were looked into since this was last reset.
    pub(super) lowest: usize,
    /// How the values of names may have come from other modules, by how far they are still followed.
    pub(super) ways: std::cell::RefCell<FxHashMap<(BindingId, u32), super::Ways>>,
    /// What functions return whatever they are given.
    pub(super) returned: FxHashMap<FuncId, Value<'a>>,
    depth: u32,
    pub(super) budget: u32,
    pub(super) flow_budget: u32,
    /// What both were at the beginning.
    granted: u32,
    /// Uses of powers found so far, and where, so that none is told twice.
    pub(super) uses: Vec<RawUse<'a>>,
    pub(super) seen: FxHashMap<(u32, Rc<str>), u32>,
    /// Places that name another module.
    pub(super) imports: Vec<RawImport>,
    /// APIs reached by a name that is put together or decoded: path and place.
    pub(super) concealed: FxHashSet<(Rc<str>, u32)>,
    /// Places where the global object is handed on.
    pub(super) handed_on: Vec<(Span, ScopeId)>,
    pub(super) text: &'a str,
    /// The same, for words that are looked for in it.
    pub(super) grams: Grams<'a>,
    /// Functions that write to their `arguments`, once they were asked for.
    pub(super) reassigned: Option<FxHashSet<FuncId>>,
    /// Methods of the language that the module replaces, once they were asked for.
    pub(super) patched: Option<Rc<Patched<'a>>>,
    /// What the interpreter keeps from run to run, once it was needed.
    pub(super) memory: Option<Box<Memory<'a>>>,
    /// Built-in modules loaded by such a name.
    pub(super) concealed_modules: Vec<Rc<str>>,
    /// What is known of the module's own objects.
    pub(super) objects: Objects<'a>,
    /// Parameters that a call found on the way gives something that leads to a power.
    pub(super) delivered_to: Vec<(FuncId, u16)>,
    /// How many values hang on a binding that was being worked out, and are worked out again.
    pub(super) unsure: u32,
    /// How many bindings are being worked out, and whether one of them was asked for again ([`NONE`] if not).
    open: u32,
    cut: u32,
    /// What is known of the code around, if this is a layer.
    pub(super) inside: super::layers::Inside,
    /// The modules inside a bundle.
    pub(super) bundles: Bundles<'a>,
    /// Calls that take data somewhere without using a power themselves.
    pub(super) sinks: Vec<RawUse<'a>>,
    /// What nothing comes from, as far as data was followed.
    pub(super) barren: Barren,
    /// Whether the module waits for what a person types or fills in.
    pub(super) hears: bool,
    /// Whether it picks passwords or cards out of requests.
    pub(super) picks_bodies: bool,
    /// What puts data into the objects that names hold, as far as it was asked for.
    pub(super) changes: FxHashMap<BindingId, Rc<[Change<'a>]>>,
    /// The members of the module's objects, once asked for.
    pub(super) parts: Option<Rc<Parts<'a>>>,
    /// What the module shares with other modules of its package, once asked for.
    pub(super) shared: Shared<'a>,
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
            ways: std::cell::RefCell::default(),
            returned: FxHashMap::default(),
            depth: 0,
            budget,
            flow_budget,
            granted: budget + flow_budget,
            uses: Vec::new(),
            seen: FxHashMap::default(),
            imports: Vec::new(),
            concealed: FxHashSet::default(),
            concealed_modules: Vec::new(),
            objects: Objects {
                left: budget / 3,
                ..Objects::default()
            },
            delivered_to: Vec::new(),
            unsure: 0,
            open: 0,
            cut: NONE,
            handed_on: Vec::new(),
            inside: super::layers::Inside::of(text.len()),
            bundles: Bundles::default(),
            sinks: Vec::new(),
            barren: Barren::default(),
            hears: false,
            picks_bodies: false,
            changes: FxHashMap::default(),
            parts: None,
            shared: Shared::default(),
            text,
            grams: Grams::of(text),
            reassigned: None,
            patched: None,
            memory: None,
        }
    }

    /// The steps that evaluation and flows have cost so far.
    pub(super) fn spent(&self) -> u32 {
        self.granted.saturating_sub(self.budget + self.flow_budget)
    }

    /// The methods of the language that the module replaces.
    pub(super) fn patched(&mut self) -> Rc<Patched<'a>> {
        let (model, grams) = (&self.model, &self.grams);
        self.patched
            .get_or_insert_with(|| Rc::new(Patched::of(model, grams)))
            .clone()
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
            Expr::This(_) => self.this_value(scope),
            Expr::SuperProp(prop) => self.super_member(prop, scope),
            Expr::Class(class) => self.model.class_at(&class.class).map_or(Value::Unknown, Value::Class),
            Expr::MetaProp(_) => Value::api("import.meta"),
            _ => Value::Unknown,
        }
    }

    /// A function of the module, with the arguments of the calls around it that are being evaluated.
    pub(super) fn function_value(&mut self, span: Span) -> Value<'a> {
        let Some(function) = self.model.function_at(span.start) else {
            return Value::Unknown;
        };
        if self.frames.is_empty() {
            return Value::Function(function);
        }
        let mut kept = Vec::new();
        for (at, frame) in self.frames.iter().enumerate() {
            if self.model.is_inside(function, frame.0) {
                kept.push(frame.clone());
                self.lowest = self.lowest.min(at);
            }
        }
        if kept.is_empty() {
            Value::Function(function)
        } else {
            Value::Closure(function, kept.into())
        }
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
            RUNNING => {
                self.cut = 0;
                return Value::Unknown;
            }
            done => return self.values[(done - DONE) as usize].clone(),
        }
        self.memo[binding as usize] = RUNNING;
        let cut = std::mem::replace(&mut self.cut, NONE);
        let budget = self.budget;
        self.open += 1;
        let (value, lowest) = self.watched(|analysis| analysis.written(binding));
        self.open -= 1;
        // What was found without one of the bindings around may be more when that is known.
        let unsure =
            self.cut != NONE && self.open > 0 && self.unsure < MAX_UNSURE && budget - self.budget < MAX_UNSURE_COST;
        self.unsure += u32::from(unsure);
        self.cut = self.cut.min(cut);
        if self.open == 0 {
            self.cut = NONE;
        }
        // What hangs on the arguments of a call around is another value in another call.
        self.memo[binding as usize] = if lowest >= self.frames.len() && !unsure && !self.is_starved() {
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

    /// What some work gives, and whether it hung on no binding that was being worked out around it.
    pub(super) fn surely<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let cut = std::mem::replace(&mut self.cut, NONE);
        let found = work(self);
        let is_sure = self.cut == NONE;
        self.cut = self.cut.min(cut);
        (found, is_sure)
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
        let value = self.perhaps_reassigned(function, value);
        Some(self.walk(value, &path, 0))
    }

    fn written(&mut self, binding: BindingId) -> Value<'a> {
        if let Some(loader) = self.bundles.loader_named(binding) {
            return loader;
        }
        if let Some((source, path)) = self.model.only_write(binding) {
            let value = self.source(source, &path);
            return self.as_changed(value, binding);
        }
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
        self.as_changed(value, binding)
    }

    /// What a name holds, after it may have been put more into.
    fn as_changed(&mut self, value: Value<'a>, binding: BindingId) -> Value<'a> {
        if matches!(value, Value::Array(_) | Value::Map(_) | Value::Bytes(..)) && !self.is_frozen(binding) {
            return self.changing(&value, binding);
        }
        value
    }

    /// The value that a declaration's source gives.
    fn source(&mut self, source: Source<'a>, path: &[Step<'a>]) -> Value<'a> {
        let (value, scope) = match source {
            Source::Expr(expr, scope) => (self.value(expr, scope), scope),
            Source::Items(expr, scope) => {
                let value = self.value(expr, scope);
                (value.items(), scope)
            }
            Source::Keys(..) | Source::Caught(..) | Source::Opaque => return Value::Unknown,
            Source::Param(function, index, rest) => {
                let value = if rest {
                    self.rest_parameter(function, index as usize)
                } else {
                    self.parameter(function, index as usize)
                };
                let value = self.perhaps_reassigned(function, value);
                (value, self.model.functions[function as usize].scope)
            }
            Source::Function(function) => {
                let start = self.model.functions[function as usize].start;
                return self.function_value(Span { start, end: start });
            }
            Source::Class(class) => return Value::Class(class),
            Source::Enum(decl) => return Self::enumeration(decl),
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
                    other => other.items(),
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

/// The value of a module by its specifier.
pub(super) fn module_value<'a>(specifier: &str) -> Value<'a> {
    match capability::builtin_module(specifier).or_else(|| capability::known_package(specifier)) {
        Some(path) => Value::api(path),
        None => Value::Module(specifier.into(), "".into()),
    }
}
