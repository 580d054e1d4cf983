//! Chains that begin at no name.

use swc_ecma_ast::Expr;

use super::{Context, FuncId, ScopeId};

/// A chain that starts at no name but may still lead to a power.
pub(in crate::facts) struct Rootless<'a> {
    pub(in crate::facts) chain: &'a Expr,
    pub(in crate::facts) scope: ScopeId,
    pub(in crate::facts) context: Context,
}

/// A use of `this` where it is the global object if the function is called by its name alone.
pub(in crate::facts) struct Loose<'a> {
    pub(in crate::facts) chain: &'a Expr,
    pub(in crate::facts) scope: ScopeId,
    pub(in crate::facts) context: Context,
    /// The function whose `this` it is.
    pub(in crate::facts) function: FuncId,
}
