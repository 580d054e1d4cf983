//! Calls of what a module takes out of a list, a map or a promise, or gets in a callback.

use swc_ecma_ast::{Expr, MemberProp};

use super::{
    super::{may_make_code, numbers::is_symbol},
    CALLERS, GIVERS, KEEPERS, MAX_DEPTH, callbacks, is_import,
};
use crate::{
    facts::{
        calls::{as_member, span_of_expr, stripped},
        collect::function_start,
        evaluate::Analysis,
        model::{BindingId, CallNode, Role, ScopeId, Source, Step},
        ways::plain_key,
    },
    span::Span,
};

/// Whose results may be such a value, besides those of the functions that are called by their names.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::facts::unknowns) struct Made {
    /// Those of members whose name is not known.
    pub(in crate::facts::unknowns) member: bool,
    /// Those of all functions that are not known.
    pub(in crate::facts::unknowns) escaped: bool,
}

impl<'a> Analysis<'a> {
    /// The places where the module calls what it takes out of a list, a map or a promise, one of each statement; or else
    /// what the functions that it hands to others are given.
    pub(in crate::facts::unknowns) fn called_items(&self, items: bool, made: Made) -> Vec<(Span, ScopeId)> {
        let mut out = Vec::new();
        let mut done = 0..0;
        for call in &self.model.calls {
            let Some(callee) = call.node.callee().map(stripped) else {
                continue;
            };
            let span = span_of_expr(callee);
            if done.contains(&span.start)
                || !may_make_code(call.node, call.chain, call.context)
                || !if items {
                    self.calls_item(callee, call.node, call.scope, made)
                } else {
                    self.calls_parameter(callee, call.scope)
                }
            {
                continue;
            }
            let piece = self.model.piece_at(span.start);
            if let Some(piece) = piece.and_then(|piece| self.model.pieces.get(piece as usize)) {
                done = piece.span.start..piece.span.end;
            }
            out.push((span, call.scope));
        }
        out
    }

    /// Whether it calls a parameter of a function that is handed to somebody.
    pub(super) fn calls_parameter(&self, callee: &'a Expr, scope: ScopeId) -> bool {
        let applied = as_member(callee)
            .filter(|member| matches!(plain_key(&member.prop), Some("call" | "apply" | "bind")))
            .map_or(callee, |member| stripped(&member.obj));
        let Expr::Ident(ident) = applied else { return false };
        let Some(binding) = self.model.lookup(&ident.sym, scope) else {
            return false;
        };
        self.model.writes_of(binding).any(|write| match write.source {
            Source::Param(function, ..) => match self.model.functions[function as usize].role {
                Role::Named(_) => self.calls_of_named(function).is_none(),
                Role::Argument(..) | Role::Alias(_) | Role::Returned(_) => true,
                _ => false,
            },
            _ => false,
        })
    }

    pub(super) fn calls_item(&self, callee: &'a Expr, node: CallNode<'a>, scope: ScopeId, made: Made) -> bool {
        let name = as_member(callee).and_then(|member| plain_key(&member.prop));
        match (as_member(callee), name) {
            (Some(member), Some("call" | "apply" | "bind")) => self.is_item(&member.obj, scope, (MAX_DEPTH, made)),
            (Some(_), Some(name)) if KEEPERS.contains(&name) => {
                let mut args = callbacks(name, node);
                args.any(|arg| self.is_item(&arg.expr, scope, (MAX_DEPTH, made)))
            }
            _ => self.is_item(callee, scope, (MAX_DEPTH, made)),
        }
    }

    /// Whether a value may be one that was put into a list, a map or a promise.
    pub(super) fn is_item(&self, expr: &'a Expr, scope: ScopeId, (depth, made): (u32, Made)) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let depth = (depth, made);
        let item = |expr: &'a Expr| self.is_item(expr, scope, depth);
        match stripped(expr) {
            Expr::Ident(ident) => self
                .model
                .lookup(&ident.sym, scope)
                .is_some_and(|binding| self.is_item_name(binding, depth)),
            Expr::Bin(bin) if bin.op.may_short_circuit() => item(&bin.left) || item(&bin.right),
            Expr::Cond(cond) => item(&cond.cons) || item(&cond.alt),
            Expr::Assign(assign) => item(&assign.right),
            Expr::Await(_) | Expr::Yield(_) | Expr::OptChain(_) => true,
            Expr::Member(member) => match &member.prop {
                MemberProp::Computed(key) => !is_symbol(&self.model, &key.expr, scope),
                prop => matches!(plain_key(prop), Some("value" | "callee")),
            },
            Expr::Call(call) => {
                let Some(callee) = call.callee.as_expr().map(|callee| stripped(callee)) else {
                    return false;
                };
                match (callee, as_member(callee)) {
                    (_, Some(member)) => plain_key(&member.prop).map_or(made.member, |name| GIVERS.contains(&name)),
                    (Expr::Ident(ident), None) if made.escaped && self.is_unknown_function(ident, scope) => true,
                    (Expr::Ident(ident), None) => self.model.lookup(&ident.sym, scope).is_some_and(|binding| {
                        let sources = self.model.writes_of(binding).map(|write| write.source);
                        let functions = sources.filter_map(|source| match source {
                            Source::Function(function) => Some(function),
                            Source::Expr(expr, _) => {
                                let start = function_start(expr)?;
                                self.model.function_at(start)
                            }
                            _ => None,
                        });
                        functions
                            .flat_map(|function| self.model.returns_of(function))
                            .any(|returned| self.is_item(returned.value, returned.scope, depth))
                    }),
                    (_, None) => made.escaped,
                }
            }
            _ => false,
        }
    }

    /// Whether a name may hold a function that the module hands about.
    fn is_unknown_function(&self, name: &'a swc_ecma_ast::Ident, scope: ScopeId) -> bool {
        self.model.lookup(&name.sym, scope).is_some_and(|binding| {
            let known = |source: Source<'a>| match source {
                Source::Function(_) | Source::Class(_) | Source::Import(..) | Source::Enum(_) => true,
                Source::Expr(expr, _) => function_start(expr).is_some() || is_import(expr),
                _ => false,
            };
            !self.model.writes_of(binding).all(|write| known(write.source))
                || self.model.assigns_of(binding).next().is_some()
        })
    }

    pub(super) fn is_item_name(&self, binding: BindingId, depth: (u32, Made)) -> bool {
        let item = |source: Source<'a>, path: &[Step<'a>]| match source {
            _ if path
                .iter()
                .any(|step| matches!(step, Step::Index(_) | Step::Computed(_))) =>
            {
                true
            }
            Source::Items(..) | Source::Caught(..) | Source::Opaque | Source::Param(_, _, true) => true,
            Source::Expr(expr, scope) => self.is_item(expr, scope, depth),
            Source::Param(function, index, false) => match self.model.functions[function as usize].role {
                Role::Named(_) => self.calls_of_named(function).is_some_and(|sites| {
                    sites.into_iter().any(|(node, scope)| {
                        let args = node.arguments();
                        args.iter().any(|arg| arg.spread.is_some())
                            || args.get(index as usize).is_some_and(|arg| {
                                !self.is_parameter_itself(&arg.expr, scope, function, index as usize)
                                    && self.is_item(&arg.expr, scope, depth)
                            })
                    })
                }),
                Role::Argument(call, _) => {
                    let callee = self.model.calls[call as usize].node.callee();
                    let name = callee
                        .and_then(|callee| as_member(stripped(callee)))
                        .and_then(|member| plain_key(&member.prop));
                    name.is_none_or(|name| KEEPERS.contains(&name) || CALLERS.contains(&name))
                }
                _ => false,
            },
            _ => false,
        };
        self.model
            .writes_of(binding)
            .any(|write| item(write.source, &write.path))
            || self
                .model
                .assigns_of(binding)
                .any(|assign| !assign.compound && item(assign.source, &assign.path))
    }
}
