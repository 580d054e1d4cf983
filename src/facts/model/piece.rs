//! The statements of a module's top level.

use super::{BindingId, Model, PieceId};
use crate::span::Span;

/// One statement of the module's top level.
#[derive(Clone, Copy)]
pub(in crate::facts) struct Piece {
    pub(in crate::facts) span: Span,
    /// The statement around it: the one that calls the function whose body it stands in.
    pub(in crate::facts) parent: PieceId,
}

impl Model<'_> {
    /// The innermost piece that an offset stands in.
    pub(in crate::facts) fn piece_at(&self, offset: u32) -> Option<PieceId> {
        let mut at = self
            .pieces
            .partition_point(|piece| piece.span.start <= offset)
            .checked_sub(1)? as PieceId;
        while let Some(piece) = self.pieces.get(at as usize) {
            if offset < piece.span.end {
                return Some(at);
            }
            at = piece.parent;
        }
        None
    }

    /// Whether several pieces may mention a binding.
    pub(in crate::facts) fn is_shared(&self, binding: BindingId) -> bool {
        self.shared.binary_search(&binding).is_ok()
    }
}
