//! One call and the parts of its syntax, whatever form it has; and that of a function.

use swc_ecma_ast::{ArrowExpr, CallExpr, Expr, ExprOrSpread, Function, NewExpr, OptCall, Program, TaggedTpl};

use super::{Context, ScopeId};

/// One call, construction or tagged template.
#[derive(Clone, Copy)]
pub(in crate::facts) struct Call<'a> {
    pub(in crate::facts) node: CallNode<'a>,
    pub(in crate::facts) scope: ScopeId,
    /// The outermost chain that the call is a part of, and where its value goes.
    pub(in crate::facts) chain: &'a Expr,
    pub(in crate::facts) context: Context,
}

#[derive(Clone, Copy)]
pub(in crate::facts) enum CallNode<'a> {
    Call(&'a CallExpr),
    New(&'a NewExpr),
    Optional(&'a OptCall),
    Tagged(&'a TaggedTpl),
}

impl<'a> CallNode<'a> {
    /// The callee, unless it is `super` or `import`.
    pub(in crate::facts) fn callee(self) -> Option<&'a Expr> {
        match self {
            Self::Call(call) => call.callee.as_expr().map(|e| &**e),
            Self::New(new) => Some(&new.callee),
            Self::Optional(call) => Some(&call.callee),
            Self::Tagged(tagged) => Some(&tagged.tag),
        }
    }

    /// Whether it is `f.call(…)` or `f.apply(…)` of a function that is written out.
    pub(in crate::facts) fn is_applied(self) -> bool {
        let mut callee = self.callee();
        while let Some(Expr::Paren(paren)) = callee {
            callee = Some(&paren.expr);
        }
        matches!(callee, Some(Expr::Member(_)))
    }

    /// How many arguments come before the function's own: one for `f.call(this, …)`.
    pub(in crate::facts) fn shift(self) -> usize {
        let mut callee = self.callee();
        while let Some(Expr::Paren(paren)) = callee {
            callee = Some(&paren.expr);
        }
        match callee {
            Some(Expr::Member(member)) if member.prop.is_ident_with("call") => 1,
            _ => 0,
        }
    }

    /// Tells this node from every other of the tree.
    pub(in crate::facts) fn address(self) -> usize {
        match self {
            Self::Call(call) => std::ptr::from_ref(call) as usize,
            Self::New(new) => std::ptr::from_ref(new) as usize,
            Self::Optional(call) => std::ptr::from_ref(call) as usize,
            Self::Tagged(tagged) => std::ptr::from_ref(tagged) as usize,
        }
    }

    /// The arguments; none for a tagged template.
    pub(in crate::facts) fn arguments(self) -> &'a [ExprOrSpread] {
        match self {
            Self::Call(call) => &call.args,
            Self::New(new) => new.args.as_deref().unwrap_or_default(),
            Self::Optional(call) => &call.args,
            Self::Tagged(_) => &[],
        }
    }
}

/// The syntax of a function that can be run.
#[derive(Clone, Copy)]
pub(in crate::facts) enum Syntax<'a> {
    Function(&'a Function),
    Arrow(&'a ArrowExpr),
    /// The module itself.
    Program(&'a Program),
    Other,
}
