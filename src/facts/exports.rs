//! What a module gives to others: its exported functions and values, by the path that an importer uses.

use swc_ecma_ast as ast;
use swc_ecma_ast::{ClassMember, Expr, Prop, PropOrSpread};

use super::{
    collect::key_text,
    edges::below,
    evaluate::Analysis,
    model::{BindingId, Context, Exported, FuncId, ScopeId, Source, Specifier},
    owners::{OWNER_DEPTH, Owner},
    value::Value,
    ways::{function_start, plain_key},
};
use crate::{order, parse::span_of};

mod assigned;

/// How many exported things of one module are told.
pub(super) const MAX_EXPOSED: usize = 256;
/// How deep objects within objects are.
const MAX_DEPTH: u32 = 5;
/// How many returned values of a function are looked at.
const MAX_RETURNS: usize = 8;
/// How many places of one name are looked at.
const MAX_PLACES: usize = 256;

/// What a module exports.
#[derive(Default)]
pub(super) struct Exports<'a> {
    /// Functions by their paths.
    pub(super) functions: Vec<(FuncId, String)>,
    /// Other values by their paths.
    pub(super) values: Vec<(String, Shown<'a>)>,
    /// What is another module's: own path, specifier, path there.
    pub(super) links: Vec<(String, String, String)>,
    /// The most that is told.
    most: usize,
}

/// An exported value.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Expr(&'a Expr, ScopeId),
    /// A name, and where it is exported if it is by syntax.
    Name(BindingId, u32),
    /// A member of an object that was made by a class.
    Field(Owner<'a>, &'a str),
}

impl Exports<'_> {
    fn is_full(&self) -> bool {
        self.functions.len() + self.values.len() + self.links.len() >= self.most
    }
}

impl<'a> Analysis<'a> {
    /// Everything that the module exports, by whatever syntax.
    pub(super) fn exports(&mut self, most: usize) -> Exports<'a> {
        let mut out = Exports {
            most,
            ..Exports::default()
        };
        for index in 0..self.model.exports.len() {
            let export = &self.model.exports[index];
            let (name, value, scope, start) = (export.name, export.value, export.scope, export.start);
            let before = out.values.len();
            let path = if name == "=" { "" } else { name };
            match value {
                Exported::Local(local) => {
                    if let Some(binding) = self.model.lookup(local, scope) {
                        self.expose_name(path.to_owned(), binding, MAX_DEPTH, &mut out);
                    }
                }
                Exported::Expr(expr) => self.expose(path.to_owned(), expr, scope, MAX_DEPTH, &mut out),
                Exported::Function(function) => self.expose_function(path.to_owned(), function, MAX_DEPTH, &mut out),
                Exported::Class(class) => {
                    if let Some(class) = self.parts().class_at(class) {
                        self.expose_class(path, class, MAX_DEPTH, &mut out);
                    }
                }
                Exported::From(import, inside) => {
                    if let Specifier::Constant(specifier) = self.model.imports[import as usize].specifier {
                        let specifier = specifier.value.to_string_lossy().into_owned();
                        let inside = if inside == "*" { "" } else { inside };
                        out.links.push((path.to_owned(), specifier, inside.to_owned()));
                    }
                }
            }
            for (_, shown) in out.values.iter_mut().skip(before) {
                if let Shown::Name(_, at) = shown {
                    *at = start;
                }
            }
        }
        self.assigned_exports(&mut out);
        order::sort(&mut out.functions);
        out
    }

    /// What a function returns, at a path of its own.
    fn expose_returns(&mut self, path: &str, function: FuncId, depth: u32, out: &mut Exports<'a>) {
        let returns = self.returned_by(function);
        for (value, scope) in returns.into_iter().take(MAX_RETURNS) {
            self.expose(path.to_owned(), value, scope, depth, out);
        }
    }

    /// Tells what of an expression others can reach at a path.
    fn expose(&mut self, path: String, expr: &'a Expr, scope: ScopeId, depth: u32, out: &mut Exports<'a>) {
        let Some(depth) = depth.checked_sub(1).filter(|_| !out.is_full()) else {
            return;
        };
        match expr {
            Expr::Paren(e) => self.expose(path, &e.expr, scope, depth + 1, out),
            Expr::TsAs(e) => self.expose(path, &e.expr, scope, depth + 1, out),
            Expr::TsSatisfies(e) => self.expose(path, &e.expr, scope, depth + 1, out),
            Expr::Await(e) => self.expose(path, &e.arg, scope, depth, out),
            Expr::Assign(assign) => self.expose(path, &assign.right, scope, depth, out),
            Expr::Seq(seq) => {
                if let Some(last) = seq.exprs.last() {
                    self.expose(path, last, scope, depth, out);
                }
            }
            Expr::Fn(_) | Expr::Arrow(_) => {
                if let Some(function) = function_start(expr).and_then(|start| self.model.function_at(start)) {
                    self.expose_function(path, function, depth, out);
                }
            }
            Expr::Class(class) => {
                if let Some(class) = self.parts().class_at(&class.class) {
                    self.expose_class(&path, class, depth, out);
                }
            }
            Expr::Object(object) => self.expose_object(&path, object, scope, depth, out),
            Expr::Lit(_) | Expr::Unary(_) | Expr::Update(_) => {}
            Expr::Ident(ident) => {
                if let Some(binding) = self.model.lookup(&ident.sym, scope) {
                    self.expose_name(path, binding, depth, out);
                }
            }
            _ => {
                if let Some(edge) = self.edge(expr, scope) {
                    out.links.push((path, edge.specifier.to_string(), edge.path));
                    return;
                }
                if let Expr::New(_) = expr
                    && let Some(Owner::Class(class)) = self.owner_of(expr, scope, OWNER_DEPTH)
                {
                    return self.expose_members(&format!("{path}."), class, depth, out);
                }
                // A compiler's helper gives back the object of exports that it was handed.
                if let Expr::Call(call) = expr
                    && let [only] = &*call.args
                    && let Expr::Ident(ident) = &*only.expr
                    && let Some(binding) = self.model.lookup(&ident.sym, scope)
                {
                    self.expose_name(path.clone(), binding, depth, out);
                }
                out.values.push((path, Shown::Expr(expr, scope)));
            }
        }
    }

    fn expose_name(&mut self, path: String, binding: BindingId, depth: u32, out: &mut Exports<'a>) {
        let Some(depth) = depth.checked_sub(1).filter(|_| !out.is_full()) else {
            return;
        };
        if self.shared.imports
            && let Some(edge) = self.edge_of_name(binding, 4)
        {
            out.links.push((path, edge.specifier.to_string(), edge.path));
            return;
        }
        if !self.model.classes.is_empty()
            && let Some(class) = self.parts().class_named(binding)
        {
            return self.expose_class(&path, class, depth, out);
        }
        let writes = self
            .model
            .writes_of(binding)
            .map(|write| (write.source, write.path.is_empty()));
        let assigns = self
            .model
            .assigns_of(binding)
            .map(|a| (a.source, a.path.is_empty() && !a.compound));
        let sources: Vec<(Source<'a>, bool)> = writes.chain(assigns).take(MAX_RETURNS).collect();
        let mut other = sources.is_empty();
        for (source, whole) in sources {
            match source {
                Source::Function(function) => self.expose_function(path.clone(), function, depth, out),
                Source::Expr(expr, scope) if whole && !matches!(expr, Expr::Call(_) | Expr::Ident(_)) => {
                    self.expose(path.clone(), expr, scope, depth, out);
                }
                _ => other = true,
            }
        }
        if other {
            out.values.push((path.clone(), Shown::Name(binding, 0)));
        }
        self.expose_written(&path, binding, depth, out);
    }

    /// `api.send = …`, `Client.prototype.send = …`, `__export(api, { send: () => send })`
    fn expose_written(&mut self, path: &str, binding: BindingId, depth: u32, out: &mut Exports<'a>) {
        let reads = self.model.refs_to(binding).take(MAX_PLACES);
        let places: Vec<(Context, ScopeId)> = reads.map(|found| (found.context, found.scope)).collect();
        for (context, scope) in places {
            match context {
                Context::Write(index) => {
                    let write = &self.model.member_writes[index as usize];
                    let (target, value, scope) = (write.target, write.value, write.scope);
                    let Some(key) = plain_key(&target.prop) else { continue };
                    let mut inner = path.to_owned();
                    match &*target.obj {
                        Expr::Ident(_) => {}
                        Expr::Member(above) if plain_key(&above.prop) == Some("prototype") => inner.push('#'),
                        _ => continue,
                    }
                    below(&mut inner, key);
                    self.expose(inner, value, scope, depth, out);
                }
                Context::Argument(call, 0) => {
                    let node = self.model.calls[call as usize].node;
                    let Some(Expr::Object(object)) = node.arguments().get(1).map(|arg| &*arg.expr) else {
                        continue;
                    };
                    for prop in object.props.iter().take(MAX_EXPOSED) {
                        if let PropOrSpread::Prop(prop) = prop
                            && let Prop::KeyValue(pair) = &**prop
                            && let (Some(key), Expr::Arrow(arrow)) = (key_text(&pair.key), &*pair.value)
                            && let ast::ArrowFunctionBody::Expr(value) = &*arrow.body
                        {
                            let mut inner = path.to_owned();
                            below(&mut inner, key);
                            self.expose(inner, value, scope, depth, out);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn expose_object(
        &mut self,
        path: &str,
        object: &'a ast::ObjectLit,
        scope: ScopeId,
        depth: u32,
        out: &mut Exports<'a>,
    ) {
        for prop in object.props.iter().take(MAX_EXPOSED) {
            match prop {
                PropOrSpread::Spread(spread) => match self.edge(&spread.expr, scope) {
                    Some(edge) if path.is_empty() => {
                        out.links.push(("*".to_owned(), edge.specifier.to_string(), edge.path));
                    }
                    _ => out.values.push((path.to_owned(), Shown::Expr(&spread.expr, scope))),
                },
                PropOrSpread::Prop(prop) => {
                    let mut inner = path.to_owned();
                    match &**prop {
                        Prop::Shorthand(ident) => {
                            below(&mut inner, &ident.sym);
                            if let Some(binding) = self.model.lookup(&ident.sym, scope) {
                                self.expose_name(inner, binding, depth, out);
                            }
                        }
                        Prop::KeyValue(pair) => {
                            let Some(key) = key_text(&pair.key) else { continue };
                            below(&mut inner, key);
                            self.expose(inner, &pair.value, scope, depth, out);
                        }
                        Prop::Method(method) => {
                            let Some(key) = key_text(&method.key) else { continue };
                            below(&mut inner, key);
                            if let Some(function) = self.model.function_at(span_of(method.function.span).start) {
                                self.expose_function(inner, function, depth, out);
                            }
                        }
                        Prop::Getter(getter) => {
                            let Some(key) = key_text(&getter.key) else { continue };
                            below(&mut inner, key);
                            if let Some(function) = self.model.function_at(span_of(getter.function.span).start) {
                                self.expose_returns(&inner, function, depth, out);
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    fn expose_function(&mut self, path: String, function: FuncId, depth: u32, out: &mut Exports<'a>) {
        if out.is_full() {
            return;
        }
        self.expose_returns(&format!("{path}()"), function, depth, out);
        out.functions.push((function, path));
    }

    fn expose_class(&mut self, path: &str, class: u32, depth: u32, out: &mut Exports<'a>) {
        if let Some(constructor) = self.constructor_of(Owner::Class(class)) {
            out.functions.push((constructor, path.to_owned()));
        }
        self.expose_members(&format!("{path}#"), class, depth, out);
    }

    /// The members of what a class makes; a static one is the class's own.
    fn expose_members(&mut self, path: &str, class: u32, depth: u32, out: &mut Exports<'a>) {
        let node = self.model.classes[class as usize].node;
        let owner = Owner::Class(class);
        let plain = path.trim_end_matches('#').to_owned();
        for member in node.body.iter().take(MAX_EXPOSED) {
            match member {
                ClassMember::Method(method) if method.function.body.is_some() => {
                    let Some(key) = key_text(&method.key) else { continue };
                    let Some(function) = self.model.function_at(span_of(method.function.span).start) else {
                        continue;
                    };
                    let mut inner = plain.clone();
                    if !method.is_static {
                        path.trim_end_matches('.').clone_into(&mut inner);
                    }
                    below(&mut inner, key);
                    match method.kind {
                        ast::MethodKind::Method => self.expose_function(inner, function, depth, out),
                        ast::MethodKind::Getter => self.expose_returns(&inner, function, depth, out),
                        ast::MethodKind::Setter => {}
                    }
                }
                ClassMember::ClassProp(prop) => {
                    let (Some(key), Some(value)) = (key_text(&prop.key), prop.value.as_deref()) else {
                        continue;
                    };
                    let mut inner = if prop.is_static {
                        plain.clone()
                    } else {
                        path.trim_end_matches('.').to_owned()
                    };
                    below(&mut inner, key);
                    self.expose(inner, value, self.model.classes[class as usize].scope, depth, out);
                }
                _ => {}
            }
        }
        let parts = self.parts();
        for key in parts
            .fields
            .get(&owner.id())
            .into_iter()
            .flatten()
            .take(MAX_RETURNS * 4)
        {
            let mut inner = path.trim_end_matches('.').to_owned();
            below(&mut inner, key);
            out.values.push((inner, Shown::Field(owner, key)));
        }
    }

    /// What calling a function gives: what it returns, or yields.
    pub(super) fn returned_by(&self, function: FuncId) -> Vec<(&'a Expr, ScopeId)> {
        let returns = self.model.returns_of(function).map(|found| (found.value, found.scope));
        let mut out: Vec<_> = returns.collect();
        if !self.model.yields.is_empty() {
            let yields = self.model.yields_of(function);
            out.extend(yields.map(|found| (found.value, found.scope)));
        }
        out
    }

    /// Whether a value is a function of this module.
    pub(super) fn as_function(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<FuncId> {
        if let Some(start) = function_start(expr) {
            return self.model.function_at(start);
        }
        self.value(expr, scope)
            .alternatives()
            .iter()
            .find_map(|value| match value {
                Value::Function(function) => Some(*function),
                _ => None,
            })
    }
}
