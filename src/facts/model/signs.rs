//! Things that say what a module is for: telling texts, branches, loops without an end.

use swc_ecma_ast::Expr;

use super::ScopeId;
use crate::{facts::capability::MarkKind, span::Span};

/// What the visitor records of them.
#[derive(Default)]
pub(in crate::facts) struct Signs<'a> {
    pub(in crate::facts) marks: Vec<(MarkKind, &'a str, Span, ScopeId)>,
    pub(in crate::facts) branches: Vec<Branch<'a>>,
    /// Loops that nothing in them leaves.
    pub(in crate::facts) endless: Vec<(Span, ScopeId)>,
}

/// A test and what hangs on it.
pub(in crate::facts) struct Branch<'a> {
    pub(in crate::facts) test: &'a Expr,
    /// The whole statement or expression, test included.
    pub(in crate::facts) span: Span,
    pub(in crate::facts) scope: ScopeId,
    /// Whether what follows hangs on it, too: `if (test) return;`
    pub(in crate::facts) leaves: bool,
}
