//! What a module inside a bundle exports: read off the uses of its `module` and `exports`, once.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Lit, MemberProp, Prop, PropOrSpread};

use super::{Bundled, find::function_property, id_text};
use crate::facts::{
    calls::{as_member, stripped},
    collect::function_start,
    evaluate::Analysis,
    model::{CallId, Context, FuncId, ScopeId},
    value::Value,
};

/// How many modules may be worked out within each other.
const MAX_RUNNING: usize = 12;
/// How many writes to one export are told apart.
const MAX_WRITES: usize = 8;

/// The exports of one module, not yet evaluated.
#[derive(Default)]
pub(super) struct Exports<'a> {
    named: FxHashMap<Rc<str>, Vec<Export<'a>>>,
    /// `module.exports = …`
    whole: Vec<(&'a Expr, ScopeId)>,
    /// Modules of which all is exported again.
    stars: Vec<(&'a Expr, ScopeId)>,
}

/// One export.
#[derive(Clone, Copy)]
enum Export<'a> {
    Value(&'a Expr, ScopeId),
    /// A function that gives the value.
    Getter(FuncId),
}

impl<'a> Analysis<'a> {
    /// What loading a module of the bundle gives.
    pub(super) fn exported(&mut self, module: u32) -> Value<'a> {
        let itself = Value::Bundled(Bundled::Exports(module));
        let Some(inner) = self.bundles.modules.get(module as usize) else {
            return Value::Unknown;
        };
        if let Some(whole) = &inner.whole {
            return whole.clone();
        }
        let exports = self.exports_of(module);
        if exports.whole.is_empty() || !exports.named.is_empty() || !self.enter_module(module) {
            return itself;
        }
        let values = exports.whole.iter().take(MAX_WRITES);
        let values = values.map(|(expr, scope)| self.value(expr, *scope)).collect();
        self.bundles.running.pop();
        let value = match Value::one_of(values) {
            Value::Unknown | Value::Undefined => itself,
            value => value,
        };
        self.bundles.modules[module as usize].whole = Some(value.clone());
        value
    }

    /// A member of a part of a bundle.
    pub(in crate::facts) fn get_bundled(&mut self, part: &Bundled<'a>, key: &str) -> Value<'a> {
        match (part, key) {
            // Loads a module and makes a namespace of it.
            (Bundled::Loader(..), "t") => Value::Bundled(part.clone()),
            // A loading function that a promise was given stands for what the promise gives.
            (Bundled::Load(_), "then" | "catch" | "finally") => Value::Unknown,
            (Bundled::Loader(..), "n") => Value::Bundled(Bundled::MakeGetter),
            (Bundled::Object(module), "exports") => Value::Bundled(Bundled::Exports(*module)),
            (Bundled::Getter(value), "a") => (**value).clone(),
            (Bundled::Exports(module) | Bundled::Load(module), key) => self.export(*module, key),
            _ => Value::Unknown,
        }
    }

    fn export(&mut self, module: u32, key: &str) -> Value<'a> {
        if !self.enter_module(module) {
            return Value::Unknown;
        }
        let exports = self.exports_of(module);
        let mut values = Vec::new();
        for export in exports.named.get(key).into_iter().flatten().take(MAX_WRITES) {
            let value = match export {
                Export::Value(expr, scope) => self.value(expr, *scope),
                Export::Getter(function) => self.enter(*function, Vec::new()),
            };
            // `exports.a = exports.b = void 0` only says that they will be.
            if !matches!(value, Value::Undefined) {
                values.push(value);
            }
        }
        if values.is_empty() {
            for (expr, scope) in exports.whole.iter().take(MAX_WRITES) {
                let whole = self.value(expr, *scope);
                values.push(if key == "default" && !matches!(whole, Value::Object(..)) {
                    whole
                } else {
                    self.get(&whole, key, None)
                });
            }
            for (expr, scope) in exports.stars.iter().take(MAX_WRITES) {
                let all = self.value(expr, *scope);
                values.push(self.get(&all, key, None));
            }
        }
        self.bundles.running.pop();
        // A module that was no ES module is its own default.
        if values.is_empty() && key == "default" {
            return Value::Bundled(Bundled::Exports(module));
        }
        Value::one_of(values)
    }

    fn enter_module(&mut self, module: u32) -> bool {
        let running = &mut self.bundles.running;
        if running.len() >= MAX_RUNNING || running.contains(&module) {
            return false;
        }
        running.push(module);
        true
    }

    fn exports_of(&mut self, module: u32) -> Rc<Exports<'a>> {
        let Some(inner) = self.bundles.modules.get(module as usize) else {
            return Rc::default();
        };
        if let Some(found) = &inner.found {
            return found.clone();
        }
        let mut out = Exports::default();
        for (binding, is_object) in [(inner.object, true), (inner.exports, false)] {
            let Some(binding) = binding else { continue };
            for found in self.model.refs_to(binding) {
                match found.context {
                    Context::Write(write) => {
                        let write = &self.model.member_writes[write as usize];
                        out.written(write.target, write.value, write.scope, is_object);
                    }
                    Context::Argument(call, index) if is_exports(found.chain, is_object) => {
                        self.exported_by(call, index, &mut out);
                    }
                    _ => {}
                }
            }
        }
        let out = Rc::new(out);
        self.bundles.modules[module as usize].found = Some(out.clone());
        out
    }

    /// A call that is given the exports may define some: `d(exports, { a: () => a })`, `Object.defineProperty(…)`.
    fn exported_by(&self, call: CallId, index: u16, out: &mut Exports<'a>) {
        let site = &self.model.calls[call as usize];
        let (args, scope) = (site.node.arguments(), site.scope);
        let method = site
            .node
            .callee()
            .and_then(as_member)
            .and_then(|member| match &member.prop {
                MemberProp::Ident(name) => Some(&*name.sym),
                _ => None,
            });
        let second = args.get(1).map(|arg| stripped(&arg.expr));
        match (index, second, method) {
            (0, Some(Expr::Lit(Lit::Str(key))), Some("defineProperty")) => {
                let (Some(key), Some(Expr::Object(object))) = (key.value.as_str(), args.get(2).map(|arg| &*arg.expr))
                else {
                    return;
                };
                if let Some(export) = self.descriptor(object, scope) {
                    out.add(key.into(), export);
                }
            }
            (0, Some(Expr::Lit(Lit::Str(key))), Some("d")) => {
                let getter = args.get(2).and_then(|arg| self.getter(&arg.expr));
                if let (Some(key), Some(getter)) = (key.value.as_str(), getter) {
                    out.add(key.into(), getter);
                }
            }
            (0, Some(Expr::Object(object)), _) => {
                for prop in &object.props {
                    if let PropOrSpread::Prop(prop) = prop
                        && let Some((key, start, _)) = function_property(prop)
                        && let Some(function) = self.model.function_at(start)
                    {
                        out.add(key, Export::Getter(function));
                    }
                }
            }
            (0, Some(Expr::Array(list)), Some("d")) => self.listed_exports(list, scope, out),
            (0, Some(other), _) => out.stars.push((other, scope)),
            (1, _, _) => out.stars.extend(args.first().map(|arg| (&*arg.expr, scope))),
            _ => {}
        }
    }

    /// `['a', 0, value, 'b', () => b]`
    fn listed_exports(&self, list: &'a ast::ArrayLit, scope: ScopeId, out: &mut Exports<'a>) {
        let mut items = list.elems.iter().flatten().map(|item| &*item.expr);
        while let (Some(key), Some(next)) = (items.next(), items.next()) {
            let Expr::Lit(Lit::Str(key)) = key else { return };
            let export = match next {
                Expr::Lit(_) => items.next().map(|value| Export::Value(value, scope)),
                getter => self.getter(getter),
            };
            if let (Some(key), Some(export)) = (key.value.as_str(), export) {
                out.add(key.into(), export);
            }
        }
    }

    fn getter(&self, expr: &Expr) -> Option<Export<'a>> {
        let start = function_start(expr)?;
        self.model.function_at(start).map(Export::Getter)
    }

    /// `{ enumerable: true, get: function () { return … } }`, `{ value: … }`
    fn descriptor(&self, object: &'a ast::ObjectLit, scope: ScopeId) -> Option<Export<'a>> {
        object.props.iter().find_map(|prop| {
            let PropOrSpread::Prop(prop) = prop else { return None };
            if let Some((key, start, _)) = function_property(prop)
                && &*key == "get"
            {
                return self.model.function_at(start).map(Export::Getter);
            }
            match &**prop {
                Prop::KeyValue(pair) if id_text(&pair.key).as_deref() == Some("value") => {
                    Some(Export::Value(&pair.value, scope))
                }
                _ => None,
            }
        })
    }
}

impl<'a> Exports<'a> {
    fn add(&mut self, key: Rc<str>, export: Export<'a>) {
        let known = self.named.entry(key).or_default();
        if known.len() < MAX_WRITES {
            known.push(export);
        }
    }

    /// `exports.key = value`, `module.exports.key = value`, `module.exports = value`
    fn written(&mut self, target: &'a ast::MemberExpr, value: &'a Expr, scope: ScopeId, is_object: bool) {
        let key = match &target.prop {
            MemberProp::Ident(name) => &*name.sym,
            MemberProp::Computed(computed) => match &*computed.expr {
                Expr::Lit(Lit::Str(text)) => text.value.as_str().unwrap_or_default(),
                _ => return,
            },
            MemberProp::PrivateName(_) => return,
        };
        match &*target.obj {
            Expr::Ident(_) if is_object && key == "exports" && self.whole.len() < MAX_WRITES => {
                self.whole.push((value, scope));
            }
            Expr::Ident(_) if is_object => {}
            Expr::Ident(_) => self.add(key.into(), Export::Value(value, scope)),
            Expr::Member(inner) if is_object && inner.prop.is_ident_with("exports") => {
                self.add(key.into(), Export::Value(value, scope));
            }
            _ => {}
        }
    }
}

/// Whether a chain that starts at `module` or `exports` is the exports themselves.
fn is_exports(chain: Option<&Expr>, is_object: bool) -> bool {
    match chain {
        Some(Expr::Ident(_)) => !is_object,
        Some(Expr::Member(member)) => {
            is_object && member.prop.is_ident_with("exports") && matches!(&*member.obj, Expr::Ident(_))
        }
        _ => false,
    }
}
