//! What a module of Node's own system assigns to its exports, by hand or by a compiler's helpers.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Prop, PropOrSpread};

use super::{Exports, MAX_DEPTH, MAX_RETURNS};
use crate::{
    facts::{
        collect::key_text,
        edges::below,
        evaluate::Analysis,
        model::{BindingId, Context, ScopeId, Source},
        ways::{function_start, plain_key},
    },
    parse::span_of,
};

/// How many places that mention `exports` or `module` are looked at.
const MAX_ASSIGNED: usize = 2_048;

impl<'a> Analysis<'a> {
    /// `exports.x = …`, `module.exports = …`, and what helpers of compilers do with them.
    pub(super) fn assigned_exports(&mut self, out: &mut Exports<'a>) {
        for text in ["exports", "module"] {
            let Some(name) = self.model.known_name(&text.into()) else {
                continue;
            };
            let mut places = Vec::new();
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(found) = self.model.refs.get(at as usize) {
                at = found.next;
                // A wrapper hands `exports` in as a parameter; another name of that text is no such thing.
                let own = self.model.resolve(name, found.scope).is_none_or(|binding| {
                    self.model
                        .writes_of(binding)
                        .all(|write| matches!(write.source, Source::Param(..)))
                });
                if own {
                    places.push((found.chain, found.context, found.scope));
                }
            }
            places.reverse();
            let named = if text == "module" { self.namesakes() } else { Vec::new() };
            for (chain, context, scope) in places.into_iter().take(MAX_ASSIGNED) {
                if out.is_full() {
                    return;
                }
                match context {
                    Context::Write(index) => {
                        let write = &self.model.member_writes[index as usize];
                        let (target, value, scope) = (write.target, write.value, write.scope);
                        let Some(mut path) = exports_path(&target.obj) else {
                            // `module.exports = …`
                            if text == "module" && plain_key(&target.prop) == Some("exports") {
                                self.expose(String::new(), value, scope, MAX_DEPTH, out);
                                let address = std::ptr::from_ref(last_assigned(value)) as usize;
                                for (_, binding) in named.iter().filter(|(at, _)| *at == address).take(MAX_RETURNS) {
                                    self.expose_written("", *binding, MAX_DEPTH, out);
                                }
                            }
                            continue;
                        };
                        if let Some(key) = plain_key(&target.prop) {
                            below(&mut path, key);
                            self.expose(path, value, scope, MAX_DEPTH, out);
                        }
                    }
                    Context::Argument(call, index)
                        if chain.is_none_or(|c| exports_path(c).is_some_and(|p| p.is_empty())) =>
                    {
                        self.exports_handed_on(call, index, scope, out);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The names that are given what is assigned on the way: `api` of `const api = module.exports = {}`, by the address
    /// of the last value.
    fn namesakes(&self) -> Vec<(usize, BindingId)> {
        let named = (0..).zip(&self.model.bindings).filter_map(|(id, binding)| {
            let write = self.model.writes.get(binding.first_write as usize)?;
            let Source::Expr(first @ Expr::Assign(_), _) = write.source else {
                return None;
            };
            Some((std::ptr::from_ref(last_assigned(first)) as usize, id))
        });
        named.collect()
    }

    /// `Object.defineProperty(exports, 'x', …)`, `__exportStar(require('./a'), exports)`, `Object.assign(exports, …)`.
    fn exports_handed_on(&mut self, call: u32, index: u16, scope: ScopeId, out: &mut Exports<'a>) {
        let node = self.model.calls[call as usize].node;
        let args = node.arguments();
        if index == 1
            && let Some(first) = args.first()
        {
            if let Some(edge) = self.edge(&first.expr, scope)
                && edge.path.is_empty()
            {
                out.links
                    .push(("*".to_owned(), edge.specifier.to_string(), String::new()));
            }
            return;
        }
        let Some(second) = args.get(1) else { return };
        match (&*second.expr, args.get(2).map(|arg| &*arg.expr)) {
            (Expr::Object(object), None) => self.expose_object("", object, scope, MAX_DEPTH, out),
            (_, None) => {
                if let Some(edge) = self.edge(&second.expr, scope) {
                    out.links.push(("*".to_owned(), edge.specifier.to_string(), edge.path));
                }
            }
            (key, Some(Expr::Object(descriptor))) => {
                let key = self.value(key, scope).as_text().map(str::to_owned);
                if let Some(key) = key {
                    self.described_property(&key, descriptor, scope, out);
                }
            }
            _ => {}
        }
    }

    fn described_property(&mut self, key: &str, descriptor: &'a ast::ObjectLit, scope: ScopeId, out: &mut Exports<'a>) {
        for prop in &descriptor.props {
            let PropOrSpread::Prop(prop) = prop else { continue };
            match &**prop {
                Prop::KeyValue(pair) if key_text(&pair.key) == Some("value") => {
                    self.expose(key.to_owned(), &pair.value, scope, MAX_DEPTH, out);
                }
                Prop::KeyValue(pair) if key_text(&pair.key) == Some("get") => {
                    if let Some(getter) = function_start(&pair.value).and_then(|start| self.model.function_at(start)) {
                        self.expose_returns(key, getter, MAX_DEPTH, out);
                    }
                }
                Prop::Method(method) if key_text(&method.key) == Some("get") => {
                    if let Some(getter) = self.model.function_at(span_of(method.function.span).start) {
                        self.expose_returns(key, getter, MAX_DEPTH, out);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The path below `exports` that an expression is: empty for `exports` and `module.exports` themselves.
fn exports_path(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Ident(ident) if &*ident.sym == "exports" => Some(String::new()),
        Expr::Member(member) => {
            let key = plain_key(&member.prop)?;
            if let Expr::Ident(root) = &*member.obj
                && &*root.sym == "module"
            {
                return (key == "exports").then(String::new);
            }
            let mut path = exports_path(&member.obj)?;
            below(&mut path, key);
            Some(path)
        }
        _ => None,
    }
}

/// What is assigned in the end: `x` of `a = b = x`.
fn last_assigned(value: &Expr) -> &Expr {
    let mut at = value;
    while let Expr::Assign(assign) = at {
        at = &assign.right;
    }
    at
}
