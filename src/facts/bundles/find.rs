//! Finds a bundle's machinery by its form: a function that runs the functions of a map, and the map.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Prop, PropOrSpread};

use super::{Bundled, Inner, Map, id_text, literal_id};
use crate::{
    facts::{
        calls::{as_member, span_of_expr, stripped},
        collect::function_start,
        evaluate::Analysis,
        model::{Call, CallNode, FuncId, NONE, Role, ScopeId, Source},
        search::Search,
        value::Value,
    },
    parse::span_of,
    span::Span,
};

/// How many machines of one kind are looked at in one module.
const MAX_MACHINES: usize = 64;

/// Which of a module function's parameters are `module`, `exports` and the function that loads.
#[derive(Clone, Copy)]
struct Roles {
    object: Option<usize>,
    exports: Option<usize>,
    load: Option<usize>,
}

/// What browserify and the first Parcel give each module.
const PAIRED: Roles = Roles {
    object: Some(1),
    exports: Some(2),
    load: Some(0),
};

impl<'a> Analysis<'a> {
    /// Finds the modules of a bundle, and follows what they are given.
    pub(in crate::facts) fn find_bundles(&mut self, search: &mut Search<'a>) {
        let mut paired = false;
        let mut machines = 0;
        for index in 0..self.model.calls.len() {
            let call = self.model.calls[index];
            let Some(callee) = call.node.callee() else {
                continue;
            };
            let found = match stripped(callee) {
                Expr::Member(member) => match &member.prop {
                    MemberProp::Computed(_) => self.dispatch(member, call, 0, search, &mut paired),
                    MemberProp::Ident(name) => match &*member.obj {
                        Expr::Member(inner) if inner.prop.is_computed() && &*name.sym == "call" => {
                            self.dispatch(inner, call, 1, search, &mut paired)
                        }
                        Expr::Call(inner) if &*name.sym == "then" => self.imported_later(inner, call, search),
                        _ => false,
                    },
                    MemberProp::PrivateName(_) => false,
                },
                Expr::Ident(ident) if call.node.arguments().len() == 2 => self.maker(ident, call, search),
                _ => false,
            };
            machines += usize::from(found);
            if machines >= MAX_MACHINES {
                break;
            }
        }
        self.registers(search);
        self.chunks(search);
    }

    /// `map[id](module, module.exports, load)` inside of `load`.
    fn dispatch(
        &mut self,
        callee: &'a ast::MemberExpr,
        call: Call<'a>,
        shift: usize,
        search: &mut Search<'a>,
        paired: &mut bool,
    ) -> bool {
        let MemberProp::Computed(key) = &callee.prop else {
            return false;
        };
        let args = call.node.arguments().get(shift..).unwrap_or_default();
        if args.len() < 2 {
            return false;
        }
        let exports = args.iter().position(|arg| exports_of(&arg.expr).is_some());
        let Some(exports) = exports else {
            return false;
        };
        if let (Expr::Lit(_), Expr::Member(inner)) = (&*key.expr, &*callee.obj) {
            if inner.prop.is_computed() && !std::mem::replace(paired, true) {
                self.paired_maps(search);
                return true;
            }
            return false;
        }
        // esbuild: `(0, cb[names(cb)[0]])((mod = { exports: {} }).exports, mod)`
        if let Expr::Ident(map) = &*callee.obj
            && !matches!(&*key.expr, Expr::Ident(_))
        {
            return self.maker(map, call, search);
        }
        let (Expr::Ident(map), Expr::Ident(_)) = (&*callee.obj, &*key.expr) else {
            return false;
        };
        let load = args.iter().position(|arg| self.is_enclosing(&arg.expr, call.scope));
        let Some(load) = load else {
            return false;
        };
        let Expr::Ident(loader) = &*args[load].expr else {
            return false;
        };
        let Some(literal) = self.literal_of(map, call.scope) else {
            return false;
        };
        if !self.bundles.literals.insert(std::ptr::from_ref(literal.0) as usize) {
            return false;
        }
        let object = args.iter().position(|arg| matches!(&*arg.expr, Expr::Ident(ident) if exports_of(&args[exports].expr).is_some_and(|root| root.sym == ident.sym)));
        let roles = Roles {
            object,
            exports: Some(exports),
            load: Some(load),
        };
        let number = self.add_map(false);
        if let Some(binding) = self.model.lookup(&loader.sym, call.scope)
            && let Value::Function(function) = self.binding(binding)
        {
            self.bundles.loaders.insert(function, number);
            search.push(binding);
        }
        self.modules_of(literal, number, roles, search);
        true
    }

    /// `….then(load.bind(load, 5)).then((module) => …)`
    fn imported_later(&mut self, promise: &'a ast::CallExpr, call: Call<'a>, search: &mut Search<'a>) -> bool {
        let bound = promise.args.first().and_then(|arg| arg.expr.as_call());
        let bound = bound
            .and_then(|bound| bound.callee.as_expr())
            .and_then(|callee| as_member(callee));
        let callback = call.node.arguments().first().and_then(|arg| function_start(&arg.expr));
        if bound.is_some_and(|member| member.prop.is_ident_with("bind"))
            && let Some(function) = callback.and_then(|start| self.model.function_at(start))
        {
            self.queue_parameter(function, 0, search);
        }
        false
    }

    /// Whether an expression is the name of a function around a scope.
    fn is_enclosing(&mut self, expr: &'a Expr, scope: ScopeId) -> bool {
        let Expr::Ident(ident) = expr else {
            return false;
        };
        let Some(binding) = self.model.lookup(&ident.sym, scope) else {
            return false;
        };
        let named = self.model.writes_of(binding).find_map(|write| match write.source {
            Source::Function(function) => Some(function),
            Source::Expr(expr, _) => function_start(expr).and_then(|start| self.model.function_at(start)),
            _ => None,
        });
        let Some(named) = named else {
            return false;
        };
        let mut at = self.model.function_of(scope);
        for _ in 0..4 {
            if at == named {
                return true;
            }
            if at == NONE {
                return false;
            }
            at = self.model.functions[at as usize].parent;
            if at == NONE {
                return false;
            }
        }
        false
    }

    /// The object or array literal that a name holds from its declaration, or as the argument of a function called on
    /// the spot.
    fn literal_of(&self, ident: &ast::Ident, scope: ScopeId) -> Option<(&'a Expr, ScopeId)> {
        let binding = self.model.lookup(&ident.sym, scope)?;
        let write = self.model.writes_of(binding).next()?;
        if !write.path.is_empty() {
            return None;
        }
        let (expr, scope) = match write.source {
            Source::Expr(expr, scope) => (expr, scope),
            Source::Param(function, index, false) => {
                let Role::Called(call) = self.model.functions[function as usize].role else {
                    return None;
                };
                let call = &self.model.calls[call as usize];
                (&*call.node.arguments().get(index as usize)?.expr, call.scope)
            }
            _ => return None,
        };
        let expr = stripped(expr);
        matches!(expr, Expr::Object(_) | Expr::Array(_)).then_some((expr, scope))
    }

    pub(super) fn add_map(&mut self, outward: bool) -> u32 {
        self.bundles.maps.push(Map { open: false, outward });
        self.bundles.maps.len() as u32 - 1
    }

    /// The modules of a map's literal.
    fn modules_of(&mut self, (literal, _): (&'a Expr, ScopeId), map: u32, roles: Roles, search: &mut Search<'a>) {
        match literal {
            Expr::Object(object) => {
                for prop in &object.props {
                    let PropOrSpread::Prop(prop) = prop else { continue };
                    if let Some((id, start, span)) = function_property(prop) {
                        self.add_module(map, id, start, span, roles, None, search);
                    }
                }
            }
            Expr::Array(array) => {
                for (index, element) in (0u32..).zip(&array.elems) {
                    let Some(element) = element else { continue };
                    if let Some(start) = function_start(&element.expr) {
                        let id = index.to_string().into();
                        self.add_module(map, id, start, span_of_expr(&element.expr), roles, None, search);
                    }
                }
            }
            _ => {}
        }
    }

    /// `{ 1: [function (require, module, exports) { … }, { './a': 2 }] }` as the argument of some call.
    fn paired_maps(&mut self, search: &mut Search<'a>) {
        for index in 0..self.model.calls.len() {
            let call = self.model.calls[index];
            for arg in call.node.arguments() {
                if let Expr::Object(object) = stripped(&arg.expr)
                    && object.props.iter().take(1).any(|prop| paired_property(prop).is_some())
                {
                    let map = self.add_map(true);
                    for prop in &object.props {
                        if let Some((id, expr, names)) = paired_property(prop)
                            && let Some(start) = function_start(expr)
                        {
                            self.add_module(map, id, start, span_of_expr(expr), PAIRED, names, search);
                        }
                    }
                }
            }
        }
    }

    /// Adds a module and gives its function what the machinery gives it.
    #[expect(clippy::too_many_arguments, reason = "the parts of one module, told apart only here")]
    fn add_module(
        &mut self,
        map: u32,
        id: Rc<str>,
        start: u32,
        span: Span,
        roles: Roles,
        names: Option<&'a ast::ObjectLit>,
        search: &mut Search<'a>,
    ) {
        let Some(function) = self.model.function_at(start) else {
            return;
        };
        let module = self.new_module(map, id, function, span, names);
        if let Some(at) = roles.object {
            self.give_object(module, at, search);
        }
        if let Some(at) = roles.exports {
            self.give_exports(module, at, search);
        }
        if let Some(at) = roles.load {
            let loader = Value::Bundled(Bundled::Loader(map, Some(module)));
            self.give(function, at as u32, loader, search);
        }
    }

    pub(super) fn new_module(
        &mut self,
        map: u32,
        id: Rc<str>,
        function: FuncId,
        span: Span,
        names: Option<&'a ast::ObjectLit>,
    ) -> u32 {
        let module = self.bundles.modules.len() as u32;
        self.bundles.ids.insert((map, id.clone()), module);
        self.bundles.by_function.insert(function, module);
        for prop in names.into_iter().flat_map(|names| &names.props) {
            if let PropOrSpread::Prop(prop) = prop
                && let Prop::KeyValue(pair) = &**prop
                && let (Some(name), Some(id)) = (id_text(&pair.key), literal_id(&pair.value))
            {
                self.bundles.names.insert((module, name), id);
            }
        }
        self.bundles.modules.push(Inner {
            function,
            id,
            span,
            map,
            object: None,
            exports: None,
            found: None,
            whole: None,
        });
        module
    }

    pub(super) fn give_object(&mut self, module: u32, at: usize, search: &mut Search<'a>) {
        let function = self.bundles.modules[module as usize].function;
        self.bundles.modules[module as usize].object = self.parameter_binding(function, at);
        self.give(function, at as u32, Value::Bundled(Bundled::Object(module)), search);
    }

    pub(super) fn give_exports(&mut self, module: u32, at: usize, search: &mut Search<'a>) {
        let function = self.bundles.modules[module as usize].function;
        self.bundles.modules[module as usize].exports = self.parameter_binding(function, at);
        self.give(function, at as u32, Value::Bundled(Bundled::Exports(module)), search);
    }

    /// `(cb, mod) => () => (mod || cb((mod = { exports: {} }).exports, mod), mod.exports)`: what it is called with are
    /// modules.
    fn maker(&mut self, callback: &'a ast::Ident, call: Call<'a>, search: &mut Search<'a>) -> bool {
        let args = call.node.arguments();
        let [first, second] = args else { return false };
        let (Expr::Member(exports), Expr::Ident(object)) = (&*first.expr, &*second.expr) else {
            return false;
        };
        if !exports.prop.is_ident_with("exports") || !assigns(&exports.obj, object) {
            return false;
        }
        let Some(binding) = self.model.lookup(&callback.sym, call.scope) else {
            return false;
        };
        let maker = self.model.writes_of(binding).find_map(|write| match write.source {
            Source::Param(function, 0, false) => Some(function),
            _ => None,
        });
        let Some(maker) = maker else { return false };
        let Role::Named(name) = self.model.functions[maker as usize].role else {
            return false;
        };
        self.bundles.makers.insert(maker);
        let map = self.add_map(false);
        let reads: Vec<u32> = self.model.reads_of(name).collect();
        for read in reads {
            let Some(Expr::Call(made)) = self.model.refs[read as usize].chain.map(stripped) else {
                continue;
            };
            let context = self.model.refs[read as usize].context;
            let scope = self.model.refs[read as usize].scope;
            let Some(callback) = made.args.first() else { continue };
            let found = match stripped(&callback.expr) {
                Expr::Object(object) => object.props.first().and_then(|prop| match prop {
                    PropOrSpread::Prop(prop) => function_property(prop),
                    PropOrSpread::Spread(_) => None,
                }),
                expr => function_start(expr).map(|start| (start.to_string().into(), start, span_of_expr(expr))),
            };
            let Some((id, start, span)) = found else { continue };
            let Some(function) = self.model.function_at(start) else {
                continue;
            };
            let module = self.new_module(map, id, function, span, None);
            self.give_exports(module, 0, search);
            self.give_object(module, 1, search);
            self.bundles.wrapped.insert(CallNode::Call(made).address(), module);
            self.names_of(context, scope, &mut |binding| search.push(binding));
        }
        true
    }

    /// Maps that a chunk hands to a loader in another file: `exports.modules = { … }`, `push([[1], { … }])`.
    fn chunks(&mut self, search: &mut Search<'a>) {
        if !self.bundles.is_empty() {
            return;
        }
        let mut literals: Vec<&'a ast::ObjectLit> = Vec::new();
        for write in &self.model.member_writes {
            if write.target.prop.is_ident_with("modules")
                && let Expr::Object(object) = stripped(write.value)
            {
                literals.push(object);
            }
        }
        for call in &self.model.calls {
            if let Some(Expr::Member(callee)) = call.node.callee()
                && callee.prop.is_ident_with("push")
                && let [only] = call.node.arguments()
                && let Expr::Array(array) = &*only.expr
                && let [Some(ids), Some(modules), ..] = &array.elems[..]
                && let (Expr::Array(_), Expr::Object(object)) = (&*ids.expr, stripped(&modules.expr))
            {
                literals.push(object);
            }
        }
        for object in literals.into_iter().take(MAX_MACHINES) {
            let functions = object.props.iter().filter(|prop| match prop {
                PropOrSpread::Prop(prop) => function_property(prop).is_some(),
                PropOrSpread::Spread(_) => false,
            });
            if object.props.is_empty() || functions.count() < object.props.len() {
                continue;
            }
            let map = self.add_map(false);
            // Others may load what it has.
            self.bundles.maps[map as usize].open = true;
            let roles = Roles {
                object: Some(0),
                exports: Some(1),
                load: Some(2),
            };
            for prop in &object.props {
                if let PropOrSpread::Prop(prop) = prop
                    && let Some((id, start, span)) = function_property(prop)
                {
                    self.add_module(map, id, start, span, roles, None, search);
                }
            }
        }
    }
}

/// The object of `object.exports`.
fn exports_of(expr: &Expr) -> Option<&ast::Ident> {
    match expr {
        Expr::Member(member) if member.prop.is_ident_with("exports") => match &*member.obj {
            Expr::Ident(ident) => Some(ident),
            Expr::Paren(paren) => match &*paren.expr {
                Expr::Assign(assign) => assign.left.as_ident().map(|ident| &ident.id),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// `(name = …)`
fn assigns(expr: &Expr, name: &ast::Ident) -> bool {
    match expr {
        Expr::Paren(paren) => assigns(&paren.expr, name),
        Expr::Assign(assign) => assign.left.as_ident().is_some_and(|ident| ident.id.sym == name.sym),
        _ => false,
    }
}

/// A property that is a function: its key, where the function starts, and the whole.
pub(super) fn function_property(prop: &Prop) -> Option<(Rc<str>, u32, Span)> {
    match prop {
        Prop::KeyValue(pair) => Some((
            id_text(&pair.key)?,
            function_start(&pair.value)?,
            span_of_expr(&pair.value),
        )),
        Prop::Method(method) => {
            let span = span_of(method.function.span);
            Some((id_text(&method.key)?, span.start, span))
        }
        _ => None,
    }
}

/// `id: [function, { names }]`
fn paired_property(prop: &PropOrSpread) -> Option<(Rc<str>, &Expr, Option<&ast::ObjectLit>)> {
    let PropOrSpread::Prop(prop) = prop else { return None };
    let Prop::KeyValue(pair) = &**prop else { return None };
    let Expr::Array(array) = &*pair.value else { return None };
    let [Some(function), Some(names)] = &array.elems[..] else {
        return None;
    };
    let Expr::Object(names) = &*names.expr else { return None };
    function_start(&function.expr)?;
    Some((id_text(&pair.key)?, &function.expr, Some(names)))
}
