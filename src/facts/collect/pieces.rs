//! The visitor's half for the statements of the top level, and the names that they share.

use swc_ecma_ast::Expr;

use super::Visitor;
use crate::{
    facts::model::{BindingId, Context, NameId, Piece, PieceId, ScopeId},
    span::Span,
};

impl<'a> Visitor<'a> {
    /// Runs for one statement of the top level.
    pub(super) fn piece(&mut self, span: Span, inner: impl FnOnce(&mut Self)) {
        let parent = std::mem::replace(&mut self.piece, self.model.pieces.len() as PieceId);
        self.model.pieces.push(Piece { span, parent });
        inner(self);
        self.piece = parent;
    }

    /// The binding of a name in a scope.
    pub(super) fn declare(&mut self, scope: ScopeId, name: NameId) -> BindingId {
        let known = self.model.bindings.len();
        let binding = self.model.declare(scope, name, self.piece);
        if scope == self.module_scope && self.model.bindings.len() > known {
            self.model.shared.push(binding);
        }
        binding
    }

    /// Walks an expression whose value goes on as it is.
    pub(super) fn as_value(&mut self, expr: &'a Expr, context: Context) {
        let outer = std::mem::take(&mut self.in_text);
        self.expr(expr, context);
        self.in_text = outer;
    }

    /// Walks an expression of which only a text is made, or a member's name.
    pub(super) fn as_text(&mut self, expr: &'a Expr, context: Context) {
        let outer = std::mem::replace(&mut self.in_text, true);
        self.expr(expr, context);
        self.in_text = outer;
    }
}
