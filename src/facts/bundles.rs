//! Modules inside a bundle: which functions they are, who loads them, and what they are worth to each other.
//!
//! A bundler puts each module into a function and has a function of its own that runs them by number or path. Where
//! that machinery is found, by its form and not by its names, a load inside the bundle gives the exports of the module
//! that it means, so that `n(317).exec(…)` is the same use as `require('child_process').exec(…)` was before.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, PropName};

use super::{
    calls::{Site, stripped},
    evaluate::{Analysis, module_value},
    model::{BindingId, CallNode, FuncId, NONE, ScopeId},
    search::Search,
    value::Value,
};
use crate::span::Span;

mod callbacks;
mod exports;
mod find;
mod interop;
mod outer;
mod registers;

pub(super) use self::{interop::Copies, outer::Outer};

/// What the bundle of a module is made of; empty for most modules.
#[derive(Default)]
pub(super) struct Bundles<'a> {
    pub(super) modules: Vec<Inner<'a>>,
    /// The modules by map and id.
    ids: FxHashMap<(u32, Rc<str>), u32>,
    /// The names that a module loads others by, and the ids that they mean.
    names: FxHashMap<(u32, Rc<str>), Rc<str>>,
    maps: Vec<Map>,
    /// The literals that were read as maps.
    literals: FxHashSet<usize>,
    by_function: FxHashMap<FuncId, u32>,
    /// What a parameter is given by the machinery around its function.
    pub(super) given: FxHashMap<(FuncId, u32), Value<'a>>,
    /// Functions that load a module of a map by its id.
    loaders: FxHashMap<FuncId, u32>,
    /// Names that hold such a function of another file.
    named: FxHashMap<BindingId, u32>,
    /// Functions that make a loading function of the one module that they are given.
    makers: FxHashSet<FuncId>,
    /// The modules that these calls wrap.
    wrapped: FxHashMap<usize, u32>,
    /// From where each module's function is run.
    pub(super) callers: FxHashMap<FuncId, Vec<FuncId>>,
    /// The modules whose exports are being worked out.
    running: Vec<u32>,
    /// Powers that a module of the bundle exports as a whole: who loads it uses them.
    kept: Vec<Kept<'a>>,
    /// What parameters are only looked at, copied or given back.
    pub(super) copies: Copies,
    /// The bundle around this code.
    outer: Option<Rc<Outer>>,
    /// The modules of a map that are from outside.
    outside: Option<(u32, Outside)>,
}

/// Modules from outside by their ids in the bundle.
type Outside = Rc<FxHashMap<Box<str>, (bool, Box<str>)>>;

/// One map of modules.
#[derive(Default)]
struct Map {
    /// Whether a module of it is loaded by an id that is not known.
    open: bool,
    /// Whether what it does not have is loaded from outside.
    outward: bool,
}

/// One module inside a bundle.
pub(super) struct Inner<'a> {
    pub(super) function: FuncId,
    /// Its id, which may be its path.
    pub(super) id: Rc<str>,
    /// The expression or property that it is.
    span: Span,
    map: u32,
    /// Its parameters `module` and `exports`.
    object: Option<BindingId>,
    exports: Option<BindingId>,
    found: Option<Rc<exports::Exports<'a>>>,
    whole: Option<Value<'a>>,
}

struct Kept<'a> {
    module: u32,
    value: Value<'a>,
    span: Span,
    scope: ScopeId,
}

/// A part of a bundle's machinery as a value.
#[derive(Debug, Clone)]
pub(super) enum Bundled<'a> {
    /// Loads modules of a map by their ids, for the module that it was given to.
    Loader(u32, Option<u32>),
    /// The object `module` of a module.
    Object(u32),
    /// The exports of a module.
    Exports(u32),
    /// Gives the exports of a module when called.
    Load(u32),
    /// Makes a getter of what it is given.
    MakeGetter,
    /// Gives a value when called.
    Getter(Rc<Value<'a>>),
}

impl Bundled<'_> {
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loader(a, x), Self::Loader(b, y)) => a == b && x == y,
            (Self::Object(a), Self::Object(b))
            | (Self::Exports(a), Self::Exports(b))
            | (Self::Load(a), Self::Load(b)) => a == b,
            (Self::MakeGetter, Self::MakeGetter) => true,
            _ => false,
        }
    }
}

impl Value<'_> {
    /// Whether calling it does nothing but keep a module, to give it back when it is asked.
    pub(super) fn makes_getter(&self) -> bool {
        matches!(self, Self::Bundled(Bundled::MakeGetter))
    }
}

impl Bundles<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    pub(super) fn is_loader(&self, function: FuncId) -> bool {
        self.loaders.contains_key(&function)
    }

    /// The modules that may have a path.
    pub(super) fn paths(&self) -> impl Iterator<Item = (Span, Rc<str>)> {
        self.modules.iter().map(|inner| (inner.span, inner.id.clone()))
    }

    /// The function that a name holds, if it loads modules that are registered in this file.
    pub(super) fn loader_named<'a>(&self, binding: BindingId) -> Option<Value<'a>> {
        let map = self.named.get(&binding)?;
        Some(Value::Bundled(Bundled::Loader(*map, None)))
    }

    /// The module that a call makes a loading function of.
    fn wrapped_by(&self, node: CallNode<'_>) -> Option<u32> {
        self.wrapped.get(&node.address()).copied()
    }
}

impl<'a> Analysis<'a> {
    /// The value of calling a part of a bundle.
    pub(super) fn call_bundled(&mut self, part: &Bundled<'a>, args: Vec<Value<'a>>, site: Site<'a>) -> Value<'a> {
        match part {
            Bundled::Loader(map, from) => self.load_bundled(*map, *from, site.node, &args, site.span, site.scope),
            Bundled::Load(module) => {
                self.runs(*module, site.scope);
                self.exported(*module)
            }
            Bundled::MakeGetter => args
                .into_iter()
                .next()
                .map_or(Value::Unknown, |value| Value::Bundled(Bundled::Getter(Rc::new(value)))),
            Bundled::Getter(value) => (**value).clone(),
            Bundled::Exports(module) => {
                let whole = self.exported(*module);
                // What a module exports may be another module's exports, or its own: that leads nowhere.
                let plain = whole
                    .alternatives()
                    .iter()
                    .filter(|one| !matches!(one, Value::Bundled(_)));
                let values = plain.map(|one| self.invoke(one, Value::Undefined, args.clone(), site));
                Value::one_of(values.collect())
            }
            Bundled::Object(_) => Value::Unknown,
        }
    }

    /// `load.bind(load, 5)`, which an `import()` is made into, is a function that loads that module.
    pub(super) fn bound_loader(&mut self, loader: &Value<'a>, args: &[Value<'a>], scope: ScopeId) -> Option<Value<'a>> {
        let (map, from) = match loader {
            Value::Bundled(Bundled::Loader(map, from)) => (*map, *from),
            Value::Function(function) => (*self.bundles.loaders.get(function)?, None),
            _ => return None,
        };
        let module = self.module_by_id(map, from, &args.get(1)?.to_text()?)?;
        self.runs(module, scope);
        Some(Value::Bundled(Bundled::Load(module)))
    }

    /// The value of calling a function of the module that is a part of a bundle's machinery.
    pub(super) fn call_machinery(
        &mut self,
        function: FuncId,
        node: CallNode<'a>,
        args: &[Value<'a>],
        span: Span,
        scope: ScopeId,
    ) -> Option<Value<'a>> {
        if let Some(&map) = self.bundles.loaders.get(&function) {
            return Some(self.load_bundled(map, None, node, args, span, scope));
        }
        if self.bundles.makers.contains(&function) {
            let module = self.bundles.wrapped_by(node)?;
            return Some(Value::Bundled(Bundled::Load(module)));
        }
        None
    }

    /// Loads a module of the bundle around this code.
    fn load_outer(&mut self, node: CallNode<'a>, args: &[Value<'a>], span: Span, scope: ScopeId) -> Value<'a> {
        let Some(id) = args.first() else {
            return Value::Unknown;
        };
        // Which of the bundle's modules that is can only be told at run time.
        if id.alternatives().iter().any(|one| one.to_text().is_none()) {
            self.note_load("require", node, id, span, scope);
        }
        id.map(|one| {
            let id = one.to_text();
            id.and_then(|id| self.bundles.outer_module(&id))
                .unwrap_or(Value::Unknown)
        })
    }

    fn load_bundled(
        &mut self,
        map: u32,
        from: Option<u32>,
        node: CallNode<'a>,
        args: &[Value<'a>],
        span: Span,
        scope: ScopeId,
    ) -> Value<'a> {
        if map == outer::OUTER {
            return self.load_outer(node, args, span, scope);
        }
        let Some(id) = args.first() else {
            return Value::Unknown;
        };
        let mut values = Vec::new();
        let mut outside = false;
        for alternative in id.alternatives() {
            let found = alternative.to_text().map(|id| self.module_by_id(map, from, &id));
            match found {
                Some(Some(module)) => {
                    self.runs(module, scope);
                    values.push(self.exported(module));
                }
                Some(None) => outside = true,
                None => {
                    outside = true;
                    if let Some(map) = self.bundles.maps.get_mut(map as usize) {
                        map.open = true;
                    }
                }
            }
        }
        if outside {
            let outward = self.bundles.maps.get(map as usize).is_some_and(|map| map.outward);
            if outward {
                self.note_load("require", node, id, span, scope);
                values.push(id.map(|v| v.as_text().map_or(Value::Unknown, module_value)));
            } else {
                values.push(Value::Unknown);
            }
        }
        Value::one_of(values)
    }

    fn module_by_id(&self, map: u32, from: Option<u32>, id: &str) -> Option<u32> {
        let id: Rc<str> = id.into();
        let meant = from.and_then(|from| self.bundles.names.get(&(from, id.clone())).cloned());
        let id = meant.unwrap_or(id);
        self.bundles.ids.get(&(map, id)).copied()
    }

    /// Notes that something in a scope runs a module of the bundle.
    fn runs(&mut self, module: u32, scope: ScopeId) {
        let caller = self.model.function_of(scope);
        if let Some(inner) = self.bundles.modules.get(module as usize) {
            let callers = self.bundles.callers.entry(inner.function).or_default();
            if !callers.contains(&caller) && callers.len() < 64 {
                callers.push(caller);
            }
        }
    }

    /// Whether a power that escapes is only what a module of the bundle exports: whoever loads that module has it, and
    /// is followed.
    pub(super) fn is_kept(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) -> bool {
        if self.bundles.is_empty() {
            return false;
        }
        let writes = &self.model.member_writes;
        let after = writes.partition_point(|write| crate::parse::span_of(write.target.span).start <= span.start);
        let Some(write) = after.checked_sub(1).and_then(|at| writes.get(at)) else {
            return false;
        };
        let whole = super::calls::span_of_expr(stripped(write.value)) == span;
        let Some(root) = (write.root != NONE && whole && write.target.prop.is_ident_with("exports"))
            .then(|| self.model.resolve(write.root, write.scope))
            .flatten()
        else {
            return false;
        };
        let Value::Bundled(Bundled::Object(module)) = self.binding(root) else {
            return false;
        };
        self.bundles.kept.push(Kept {
            module,
            value: value.clone(),
            span,
            scope,
        });
        true
    }

    /// Tells what the modules of the bundle export to nobody who is known, and from where each of them is run.
    pub(super) fn close_bundles(&mut self) {
        let evaluating = self.evaluating_maps();
        // Nobody can say that all was followed.
        let spent = self.budget == 0;
        let known = |bundles: &Bundles<'a>, module: u32| {
            let inner = bundles.modules.get(module as usize)?;
            let open = bundles.maps.get(inner.map as usize).is_some_and(|map| map.open);
            let loaded = bundles.callers.contains_key(&inner.function) || evaluating.contains(&inner.map);
            (!open && loaded && !spent).then_some(())
        };
        for kept in std::mem::take(&mut self.bundles.kept) {
            if known(&self.bundles, kept.module).is_none() {
                self.tell_escape(&kept.value, kept.span, kept.scope);
            }
        }
        for inner in &self.bundles.modules {
            let parent = self.model.functions[inner.function as usize].parent;
            self.bundles
                .callers
                .entry(inner.function)
                .or_insert_with(|| vec![parent]);
        }
    }

    /// Gives a parameter its value, and follows it where that may be a power.
    fn give(&mut self, function: FuncId, index: u32, value: Value<'a>, search: &mut Search<'a>) {
        self.bundles.given.insert((function, index), value);
        if let Ok(index) = u16::try_from(index) {
            self.queue_parameter(function, index, search);
        }
    }

    /// The binding of a plain parameter.
    fn parameter_binding(&self, function: FuncId, index: usize) -> Option<BindingId> {
        let index = u16::try_from(index).ok()?;
        let name = self.parameter_names(function, index).first().copied()?;
        self.model.lookup(name, self.model.functions[function as usize].scope)
    }
}

/// The text of a property's key, numbers included.
pub(super) fn id_text(key: &PropName) -> Option<Rc<str>> {
    match key {
        PropName::Ident(ident) => Some((*ident.sym).into()),
        PropName::Str(text) => text.value.as_str().map(Into::into),
        PropName::Num(number) => Value::Number(number.value).to_text(),
        _ => None,
    }
}

/// A literal as an id.
fn literal_id(expr: &Expr) -> Option<Rc<str>> {
    match expr {
        Expr::Lit(ast::Lit::Str(text)) => text.value.as_str().map(Into::into),
        Expr::Lit(ast::Lit::Num(number)) => Value::Number(number.value).to_text(),
        _ => None,
    }
}
