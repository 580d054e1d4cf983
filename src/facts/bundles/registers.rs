//! Modules that are registered by name with a loader: AMD's `define`, `SystemJS`, Metro.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Lit, Prop, PropOrSpread};

use super::{Bundled, callbacks::names_in, literal_id};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    collect::function_start,
    evaluate::{Analysis, module_value},
    model::FuncId,
    search::Search,
    value::Value,
};

/// How many registrations of one kind are looked at.
const MAX_REGISTRATIONS: usize = 4096;

/// One registration.
struct Registration<'a> {
    name: Option<&'a str>,
    names: Vec<Option<&'a str>>,
    function: FuncId,
    callback: &'a Expr,
}

impl<'a> Analysis<'a> {
    pub(super) fn registers(&mut self, search: &mut Search<'a>) {
        for (root, method) in [
            ("define", None),
            ("require", None),
            ("requirejs", None),
            ("System", Some("register")),
        ] {
            let found = self.registrations(root, method);
            if !found.is_empty() {
                self.register(&found, method.is_some(), search);
            }
        }
        self.numbered(search);
    }

    /// The calls of a global function that are given a list of names and a function.
    fn registrations(&mut self, root: &str, method: Option<&str>) -> Vec<Registration<'a>> {
        let mut out = Vec::new();
        for call in self.global_calls(root) {
            let callee = call.callee.as_expr().map(|callee| stripped(callee));
            let fits = match (callee, method) {
                (Some(Expr::Ident(_)), None) => true,
                (Some(callee), Some(method)) => {
                    as_member(callee).is_some_and(|member| member.prop.is_ident_with(method) && member.obj.is_ident())
                }
                _ => false,
            };
            let Some(callback) = call.args.last().filter(|_| fits).map(|arg| stripped(&arg.expr)) else {
                continue;
            };
            let Some(function) = function_start(callback).and_then(|start| self.model.function_at(start)) else {
                continue;
            };
            let name = match call.args.first().map(|arg| &*arg.expr) {
                Some(Expr::Lit(Lit::Str(text))) => text.value.as_str(),
                _ => None,
            };
            let names = call.args.iter().take(2).find_map(|arg| names_in(&arg.expr));
            let names = match names {
                Some(names) => names,
                // `define(function (require, exports, module) { … })`
                None if root == "define" => vec![Some("require"), Some("exports"), Some("module")],
                None => continue,
            };
            out.push(Registration {
                name,
                names,
                function,
                callback,
            });
        }
        out
    }

    /// The calls whose callee begins with a global name, or one that some wrapper hands in.
    fn global_calls(&self, root: &str) -> Vec<&'a ast::CallExpr> {
        let Some(name) = self.model.known_name(&root.into()) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        let mut at = self.model.names[name as usize].first_ref;
        while let Some(found) = self.model.refs.get(at as usize) {
            at = found.next;
            if let Some(Expr::Call(call)) = found.chain
                && (root != "require" || call.args.first().is_some_and(|arg| arg.expr.is_array()))
                && self.model.resolve(name, found.scope).is_none()
                && out.len() < MAX_REGISTRATIONS
            {
                out.push(call);
            }
        }
        out
    }

    fn register(&mut self, found: &[Registration<'a>], system: bool, search: &mut Search<'a>) {
        let map = self.add_map(true);
        let mut modules = Vec::with_capacity(found.len());
        let mut known: FxHashMap<&'a str, u32> = FxHashMap::default();
        for one in found {
            let id: Rc<str> = one.name.unwrap_or_default().into();
            let module = self.new_module(map, id, one.function, span_of_expr(one.callback), None);
            modules.push(module);
            if let Some(name) = one.name {
                known.insert(name, module);
            }
        }
        for (one, module) in found.iter().zip(modules) {
            let setters = if system { self.setters(one.callback) } else { Vec::new() };
            for (index, name) in one.names.iter().enumerate() {
                let Some(name) = name else { continue };
                match *name {
                    "exports" => self.give_exports(module, index, search),
                    "module" => self.give_object(module, index, search),
                    name => {
                        let value = if name == "require" {
                            Value::api("require")
                        } else if let Some(other) = resolved(one.name, name).and_then(|name| known.get(&*name)) {
                            Value::Bundled(Bundled::Exports(*other))
                        } else {
                            module_value(name)
                        };
                        match setters.get(index) {
                            Some(setter) => {
                                if let Some(setter) = setter {
                                    self.give(*setter, 0, value, search);
                                }
                            }
                            None if system => {}
                            None => self.give(one.function, index as u32, value, search),
                        }
                    }
                }
            }
        }
    }

    /// The functions that `SystemJS` gives each dependency to: `return { setters: [function (m) { … }], … }`.
    fn setters(&self, callback: &Expr) -> Vec<Option<FuncId>> {
        let Some(function) = function_start(callback).and_then(|start| self.model.function_at(start)) else {
            return Vec::new();
        };
        for returned in self.model.returns_of(function).take(4) {
            let Expr::Object(object) = stripped(returned.value) else {
                continue;
            };
            for prop in &object.props {
                if let PropOrSpread::Prop(prop) = prop
                    && let Prop::KeyValue(pair) = &**prop
                    && super::id_text(&pair.key).as_deref() == Some("setters")
                    && let Expr::Array(array) = &*pair.value
                {
                    let function = |element: &Option<ast::ExprOrSpread>| {
                        let start = function_start(&element.as_ref()?.expr)?;
                        self.model.function_at(start)
                    };
                    return array.elems.iter().map(function).collect();
                }
            }
        }
        Vec::new()
    }

    /// Metro: `__d(function (global, require, importDefault, importAll, module, exports, dependencies) { … }, 0, [1], 'a.js')`;
    /// Parcel: `parcelRequire.register('id', function (module, exports) { … })`.
    fn numbered(&mut self, search: &mut Search<'a>) {
        let metro = self.global_calls("__d");
        if !metro.is_empty() {
            let map = self.add_map(false);
            for call in metro {
                let Some(callback) = call.args.first().map(|arg| stripped(&arg.expr)) else {
                    continue;
                };
                let function = function_start(callback).and_then(|start| self.model.function_at(start));
                let id = call.args.get(1).and_then(|arg| literal_id(&arg.expr));
                let (Some(function), Some(id)) = (function, id) else {
                    continue;
                };
                let module = self.new_module(map, id.clone(), function, span_of_expr(callback), None);
                for index in 1..4 {
                    let loader = Value::Bundled(Bundled::Loader(map, None));
                    self.give(function, index, loader, search);
                }
                self.give_object(module, 4, search);
                self.give_exports(module, 5, search);
                if let Some(Expr::Array(list)) = call.args.get(2).map(|arg| &*arg.expr) {
                    let item = |element: &Option<ast::ExprOrSpread>| {
                        let id = element.as_ref().and_then(|element| literal_id(&element.expr));
                        id.map_or(Value::Unknown, |id| Value::text(id, crate::facts::value::Hidden::Plain))
                    };
                    let items = list.elems.iter().map(item).collect();
                    self.give(function, 6, Value::Array(items), search);
                }
                if let Some(Expr::Lit(Lit::Str(path))) = call.args.get(3).map(|arg| &*arg.expr)
                    && let Some(path) = path.value.as_str()
                {
                    self.bundles.modules[module as usize].id = path.into();
                }
            }
        }
        self.parcel(search);
    }

    fn parcel(&mut self, search: &mut Search<'a>) {
        let names: Vec<u32> = (0..self.model.names.len() as u32)
            .filter(|name| self.model.names[*name as usize].text.starts_with("parcelRequire"))
            .collect();
        for name in names {
            let mut registered = Vec::new();
            let mut loader = None;
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(found) = self.model.refs.get(at as usize) {
                at = found.next;
                let Some(binding) = self.model.resolve(name, found.scope) else {
                    continue;
                };
                loader = Some(binding);
                if let Some(Expr::Call(call)) = found.chain
                    && let Some(member) = call.callee.as_expr().and_then(|callee| as_member(callee))
                    && member.prop.is_ident_with("register")
                    && let [id, callback] = &call.args[..]
                    && let Some(id) = literal_id(&id.expr)
                    && let Some(function) = function_start(&callback.expr).and_then(|at| self.model.function_at(at))
                    && registered.len() < MAX_REGISTRATIONS
                {
                    registered.push((id, function, span_of_expr(&callback.expr)));
                }
            }
            let Some(loader) = loader.filter(|_| !registered.is_empty()) else {
                continue;
            };
            let map = self.add_map(false);
            for (id, function, span) in registered {
                let module = self.new_module(map, id, function, span, None);
                self.give_object(module, 0, search);
                self.give_exports(module, 1, search);
            }
            self.bundles.named.insert(loader, map);
            search.push(loader);
        }
    }
}

/// A name beside another one: `./b` for `lib/a` is `lib/b`.
fn resolved<'n>(from: Option<&str>, name: &'n str) -> Option<std::borrow::Cow<'n, str>> {
    if !name.starts_with('.') {
        return Some(name.into());
    }
    let mut parts: Vec<&str> = from?.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/").into())
}
