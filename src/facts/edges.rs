//! What comes from another module of the package: its specifier, and the path below what that exports.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::{
    calls::{as_member, stripped},
    evaluate::Analysis,
    flow::{Kind, Trail},
    model::{BindingId, CallNode, ScopeId, Source, Step},
    value::Value,
    ways::plain_key,
};
use crate::span::Span;

/// How far back a value is followed to the import it comes from.
const MAX_EDGE: u32 = 6;
/// The longest path that is told.
const MAX_PATH: usize = 120;

/// Something of another module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) specifier: Rc<str>,
    pub(super) path: String,
}

impl Edge {
    /// A member of it.
    pub(super) fn member(mut self, key: &str) -> Self {
        below(&mut self.path, key);
        self
    }

    /// What it calls its n-th argument with.
    pub(super) fn called_back(self, argument: usize, index: usize) -> Self {
        self.suffixed(&format!("({argument})({index})"))
    }

    pub(super) fn suffixed(mut self, suffix: &str) -> Self {
        self.path.push_str(suffix);
        self
    }
}

/// Adds a member's name to a path.
pub(super) fn below(path: &mut String, key: &str) {
    if path.len() > MAX_PATH {
        return;
    }
    if !path.is_empty() && !path.ends_with('#') {
        path.push('.');
    }
    path.push_str(key);
}

/// Whether a specifier may name a module of the same package.
pub(super) fn is_inner(specifier: &str) -> bool {
    specifier.starts_with('.') || specifier.starts_with('#')
}

impl<'a> Analysis<'a> {
    /// The part of another module that an expression stands for.
    pub(super) fn edge(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<Edge> {
        if !self.shared.imports {
            return None;
        }
        self.edge_within(expr, scope, MAX_EDGE)
    }

    fn edge_within(&mut self, expr: &'a Expr, scope: ScopeId, depth: u32) -> Option<Edge> {
        let depth = depth.checked_sub(1)?;
        self.flow_budget = self.flow_budget.checked_sub(1)?;
        match expr {
            Expr::Paren(e) => self.edge_within(&e.expr, scope, depth),
            Expr::Await(e) => self.edge_within(&e.arg, scope, depth),
            Expr::TsAs(e) => self.edge_within(&e.expr, scope, depth),
            Expr::TsNonNull(e) => self.edge_within(&e.expr, scope, depth),
            Expr::Seq(seq) => self.edge_within(seq.exprs.last()?, scope, depth),
            Expr::Ident(ident) => {
                let binding = self.model.lookup(&ident.sym, scope)?;
                self.edge_of_name(binding, depth)
            }
            Expr::Member(_) | Expr::OptChain(_) => {
                if let Some(member) = as_member(expr) {
                    let key = plain_key(&member.prop)?;
                    // What a promise is followed by is told by what it resolves to.
                    if matches!(key, "then" | "catch" | "finally") {
                        return None;
                    }
                    return Some(self.edge_within(&member.obj, scope, depth)?.member(key));
                }
                let Expr::OptChain(optional) = expr else { return None };
                let ast::OptChainBase::Call(call) = &*optional.base else {
                    return None;
                };
                Some(self.edge_within(&call.callee, scope, depth)?.suffixed("()"))
            }
            Expr::New(new) => Some(self.edge_within(&new.callee, scope, depth)?.suffixed("#")),
            Expr::Call(call) => {
                if let Some(inner) = module_of(&self.value(expr, scope)) {
                    return Some(inner);
                }
                let callee = stripped(call.callee.as_expr()?);
                Some(self.edge_within(callee, scope, depth)?.suffixed("()"))
            }
            _ => None,
        }
    }

    /// The same of a name.
    pub(super) fn edge_of_name(&mut self, binding: BindingId, depth: u32) -> Option<Edge> {
        let value = self.binding(binding);
        if let Some(inner) = module_of(&value) {
            return Some(inner);
        }
        let mut sources = self.model.writes_of(binding).map(|w| (w.source, w.path.clone()));
        let first = sources.next();
        let one = first.filter(|_| sources.next().is_none());
        drop(sources);
        let assigned = self
            .model
            .assigns_of(binding)
            .map(|a| (a.source, a.path.clone()))
            .next();
        let (Source::Expr(expr, scope), path) = one.or(assigned)? else {
            return None;
        };
        let mut edge = self.edge_within(expr, scope, depth)?;
        for step in &path {
            let Step::Key(key) = step else { return None };
            edge = edge.member(key);
        }
        Some(edge)
    }

    /// Whether a name holds a part of another module itself, rather than something got from it.
    pub(super) fn names_module(&mut self, binding: BindingId) -> bool {
        module_of(&self.binding(binding)).is_some()
    }

    /// Notes that what is being followed comes from another module.
    pub(super) fn arrives(edge: &Edge, span: Span, trail: &mut Trail<'a>) {
        let mut path = edge.path.clone();
        for key in trail.wanted.iter().rev() {
            below(&mut path, key);
        }
        trail.add(Kind::Edge, &edge.specifier, span, vec![path]);
    }

    /// What is given back by a call of something of another module; whether it was one.
    pub(super) fn arrives_by_call(
        &mut self,
        callee: &'a Expr,
        node: CallNode<'a>,
        span: Span,
        scope: ScopeId,
        trail: &mut Trail<'a>,
    ) -> bool {
        if !self.shared.imports {
            return false;
        }
        if let Expr::Ident(ident) = callee
            && &*ident.sym == "require"
        {
            let specifier = self.argument(node, 0, scope);
            if let Some(specifier) = specifier.as_text().filter(|text| is_inner(text)) {
                let edge = Edge {
                    specifier: specifier.into(),
                    path: String::new(),
                };
                Self::arrives(&edge, span, trail);
                return true;
            }
        }
        let Some(edge) = self.edge(callee, scope) else {
            return false;
        };
        let suffix = if matches!(node, CallNode::New(_)) { "#" } else { "()" };
        Self::arrives(&edge.suffixed(suffix), span, trail);
        true
    }
}

/// The part of another module of the package that a value is.
fn module_of(value: &Value<'_>) -> Option<Edge> {
    value.alternatives().iter().find_map(|one| match one {
        Value::Module(specifier, path) if is_inner(specifier) => Some(Edge {
            specifier: specifier.clone(),
            path: path.to_string(),
        }),
        _ => None,
    })
}
