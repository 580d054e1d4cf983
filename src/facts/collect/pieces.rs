//! The visitor's half for the statements of the top level, and the names that they share.

use super::Visitor;
use crate::{
    facts::model::{BindingId, NameId, Piece, PieceId, ScopeId},
    span::Span,
};

impl Visitor<'_> {
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
}
