//! The visitor's half for patterns: which name gets which part of a value.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, ObjectPatProp, Pat, PropName};

use swc_atoms::Atom;

use super::Visitor;
use crate::{
    facts::{
        calls::span_of_expr,
        model::{Alias, Context, ScopeId, Source, Step},
    },
    parse::span_of,
    span::Span,
};

impl<'a> Visitor<'a> {
    /// Declares the names of a pattern in a scope.
    pub(super) fn pattern(&mut self, pat: &'a Pat, scope: ScopeId, source: Source<'a>) {
        if let Pat::Ident(ident) = pat {
            self.declare_with(&ident.id.sym, scope, source);
        } else {
            self.bind(pat, Some(scope), source, &mut Vec::new());
        }
    }

    /// Assigns to the names of a pattern.
    pub(super) fn assign_pattern(&mut self, pat: &'a Pat, source: Source<'a>, path: &mut Vec<Step<'a>>) {
        self.bind(pat, None, source, path);
    }

    pub(super) fn assign_target_pattern(&mut self, pat: &'a ast::AssignTargetPat, source: Source<'a>) {
        let mut path = Vec::new();
        match pat {
            ast::AssignTargetPat::Array(array) => self.array(array, None, source, &mut path),
            ast::AssignTargetPat::Object(object) => self.object(object, None, source, &mut path),
            ast::AssignTargetPat::Invalid(_) => {}
        }
    }

    fn name_gets(&mut self, text: &'a Atom, start: u32, scope: Option<ScopeId>, source: Source<'a>, path: &[Step<'a>]) {
        let name = self.model.name(text);
        for step in path {
            let key = match step {
                Step::Key("constructor") => None,
                Step::Computed(Expr::Lit(_)) => continue,
                Step::Computed(key) => Some(*key),
                _ => continue,
            };
            let start = match (key, source) {
                (Some(key), _) => span_of_expr(key),
                (None, Source::Expr(expr, _)) => span_of_expr(expr),
                _ => {
                    let start = self.model.functions[self.function as usize].start;
                    Span { start, end: start }
                }
            };
            self.model.parts.push((text, scope.unwrap_or(self.scope), key, start));
        }
        if let Some(scope) = scope {
            let binding = self.declare(scope, name);
            self.model.write(binding, source, path.to_vec());
        } else {
            self.model.assign(name, self.scope, source, path.to_vec(), false, start);
        }
    }

    fn bind(&mut self, pat: &'a Pat, scope: Option<ScopeId>, source: Source<'a>, path: &mut Vec<Step<'a>>) {
        self.deeper(1, |v| v.bind_parts(pat, scope, source, path));
    }

    fn bind_parts(&mut self, pat: &'a Pat, scope: Option<ScopeId>, source: Source<'a>, path: &mut Vec<Step<'a>>) {
        match pat {
            Pat::Ident(ident) => self.name_gets(&ident.id.sym, span_of(ident.id.span).start, scope, source, path),
            Pat::Array(array) => self.array(array, scope, source, path),
            Pat::Object(object) => self.object(object, scope, source, path),
            Pat::Rest(rest) => {
                path.push(Step::Rest);
                self.bind(&rest.arg, scope, source, path);
                path.pop();
            }
            Pat::Assign(assign) => {
                self.bind(&assign.left, scope, source, path);
                self.default(&assign.left, scope, &assign.right);
            }
            Pat::Expr(target) => {
                self.lost(target, path);
                self.expression_target(target);
            }
            Pat::Invalid(_) => {}
        }
    }

    /// `({ [key]: a.b } = o)`: nobody can tell any more what `a.b` holds.
    fn lost(&mut self, target: &'a Expr, path: &[Step<'a>]) {
        let open = |step: &Step<'a>| match step {
            Step::Key(key) => *key == "constructor",
            Step::Computed(key) => !matches!(key, Expr::Lit(_)),
            _ => false,
        };
        self.model.written_by_patterns |= matches!(target, Expr::Member(member) if !member.prop.is_computed());
        if path.iter().any(open) {
            self.model.lost.push((span_of_expr(target), self.scope));
        }
    }

    /// `[a.b] = …`: a member written inside a pattern.
    fn expression_target(&mut self, target: &'a Expr) {
        match target {
            Expr::Ident(ident) => {
                let name = self.model.name(&ident.sym);
                let start = span_of(ident.span).start;
                self.model
                    .assign(name, self.scope, Source::Opaque, Vec::new(), false, start);
            }
            Expr::Paren(inner) => self.expression_target(&inner.expr),
            Expr::Member(member) => {
                // What is written there is not told; the member itself stands for it.
                let write = self.member_write(member, target);
                self.expr(&member.obj, write);
                if let ast::MemberProp::Computed(computed) = &member.prop {
                    self.expr(&computed.expr, Context::Value);
                }
            }
            other => self.expr(other, Context::Value),
        }
    }

    /// A default value is one more value that the name may get.
    fn default(&mut self, pat: &'a Pat, scope: Option<ScopeId>, value: &'a Expr) {
        if let Pat::Ident(ident) = pat {
            self.default_name(&ident.id.sym, scope, value);
        } else {
            self.bind_again(pat, scope, value);
        }
    }

    fn default_name(&mut self, text: &'a Atom, scope: Option<ScopeId>, value: &'a Expr) {
        let source = Source::Expr(value, self.scope);
        self.name_gets(text, span_of_expr(value).start, scope, source, &[]);
        self.model.aliases.push(Alias::Name(text));
        self.expr(value, Context::Alias(self.model.aliases.len() as u32 - 1));
    }

    fn bind_again(&mut self, pat: &'a Pat, scope: Option<ScopeId>, value: &'a Expr) {
        // Only the names matter: inner defaults and computed keys were walked the first time.
        let source = Source::Expr(value, self.scope);
        for_each_name(pat, &mut |text| {
            self.name_gets(text, span_of_expr(value).start, scope, source, &[Step::Rest]);
        });
        self.expr(value, Context::Value);
    }

    fn array(
        &mut self,
        array: &'a ast::ArrayPat,
        scope: Option<ScopeId>,
        source: Source<'a>,
        path: &mut Vec<Step<'a>>,
    ) {
        for (index, element) in array.elems.iter().enumerate() {
            if let Some(element) = element {
                path.push(Step::Index(index));
                self.bind(element, scope, source, path);
                path.pop();
            }
        }
    }

    #[expect(
        clippy::cast_sign_loss,
        reason = "a property that is called by a negative number is no index"
    )]
    fn object(
        &mut self,
        object: &'a ast::ObjectPat,
        scope: Option<ScopeId>,
        source: Source<'a>,
        path: &mut Vec<Step<'a>>,
    ) {
        for prop in &object.props {
            match prop {
                ObjectPatProp::KeyValue(pair) => {
                    path.push(match &pair.key {
                        PropName::Ident(ident) => Step::Key(&ident.sym),
                        PropName::Str(text) => text.value.as_str().map_or(Step::Rest, Step::Key),
                        PropName::Num(number) if number.value >= 0.0 => Step::Index(number.value as usize),
                        PropName::Computed(computed) => {
                            self.expr(&computed.expr, Context::Value);
                            Step::Computed(&computed.expr)
                        }
                        PropName::Num(_) | PropName::BigInt(_) => Step::Rest,
                    });
                    self.bind(&pair.value, scope, source, path);
                    path.pop();
                }
                ObjectPatProp::Assign(assign) => {
                    let text = &assign.key.id.sym;
                    path.push(Step::Key(text));
                    self.name_gets(text, span_of(assign.key.id.span).start, scope, source, path);
                    path.pop();
                    if let Some(value) = &assign.value {
                        self.default_name(text, scope, value);
                    }
                }
                ObjectPatProp::Rest(rest) => {
                    path.push(Step::Rest);
                    self.bind(&rest.arg, scope, source, path);
                    path.pop();
                }
            }
        }
    }
}

/// Calls `found` with every name that a pattern binds.
pub(in crate::facts) fn for_each_name<'a>(pat: &'a Pat, found: &mut impl FnMut(&'a Atom)) {
    match pat {
        Pat::Ident(ident) => found(&ident.id.sym),
        Pat::Array(array) => array_names(array, found),
        Pat::Object(object) => object_names(object, found),
        Pat::Rest(rest) => for_each_name(&rest.arg, found),
        Pat::Assign(assign) => for_each_name(&assign.left, found),
        Pat::Expr(_) | Pat::Invalid(_) => {}
    }
}

/// The names of an assigned pattern.
pub(in crate::facts) fn for_each_assigned_name<'a>(pat: &'a ast::AssignTargetPat, found: &mut impl FnMut(&'a Atom)) {
    match pat {
        ast::AssignTargetPat::Array(array) => array_names(array, found),
        ast::AssignTargetPat::Object(object) => object_names(object, found),
        ast::AssignTargetPat::Invalid(_) => {}
    }
}

fn array_names<'a>(array: &'a ast::ArrayPat, found: &mut impl FnMut(&'a Atom)) {
    for element in array.elems.iter().flatten() {
        for_each_name(element, found);
    }
}

fn object_names<'a>(object: &'a ast::ObjectPat, found: &mut impl FnMut(&'a Atom)) {
    for prop in &object.props {
        match prop {
            ObjectPatProp::KeyValue(pair) => for_each_name(&pair.value, found),
            ObjectPatProp::Assign(assign) => found(&assign.key.id.sym),
            ObjectPatProp::Rest(rest) => for_each_name(&rest.arg, found),
        }
    }
}
