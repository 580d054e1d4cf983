//! Where the value of an expression goes, and `with`, inside which names mean something else.

use swc_ecma_ast::Expr;

use super::{CallId, ClassId, FuncId, ScopeId};
use crate::span::Span;

/// What happens to an expression's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::facts) enum Context {
    /// Anything not said below: it may go anywhere.
    Value,
    /// Only looked at: a condition, `typeof`, a statement of its own.
    Test,
    /// Bound to the names of a pattern.
    Alias(u32),
    /// An argument of a call.
    Argument(CallId, u16),
    /// Returned from a function.
    Return(FuncId),
    /// Its items are bound to the names of a pattern, one after the other.
    Items(u32),
    /// Its members are copied to what is bound to the names of a pattern.
    Copied(u32),
    /// The object of an assigned member.
    Write(u32),
    /// Assigned to a member.
    Stored(u32),
    /// The initial value of a class's field: its place among the members.
    Field(ClassId, u32),
    /// What a class extends.
    Parent(ClassId),
    /// Changed in place: a name that is counted up or down, a member that is deleted.
    Update,
    /// In an array or object that a chain starts with: index into `inside`.
    Inside(u32),
}

/// One `with` statement.
pub(in crate::facts) struct With<'a> {
    pub(in crate::facts) span: Span,
    pub(in crate::facts) object: &'a Expr,
    /// The scope of its body.
    pub(in crate::facts) scope: ScopeId,
}
