//! Branches, and which of them are taken only where there is no module loader: the last one of a UMD wrapper.

use swc_common::Spanned;
use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, Lit, Stmt, UnaryOp};

use super::Visitor;
use crate::{facts::model::Context, parse::span_of};

/// How deep a test is looked into.
const MAX_DEPTH: u32 = 6;

impl<'a> Visitor<'a> {
    /// An `if` and all that hangs on it by `else if`.
    pub(super) fn ladder(&mut self, branch: &'a ast::IfStmt) {
        self.branch(branch);
        self.guard(&branch.test, &branch.cons, branch.alt.as_ref());
        self.expr(&branch.test, Context::Test);
        self.statement(&branch.cons);
        // An `else if` ladder is a chain, not a nest: walked in a loop.
        let mut alternative = branch.alt.as_deref();
        let mut links = 0;
        while let Some(Stmt::If(next)) = alternative {
            self.branch(next);
            self.guard(&next.test, &next.cons, next.alt.as_ref());
            self.expr(&next.test, Context::Test);
            self.statement(&next.cons);
            alternative = next.alt.as_deref();
            links += 1;
        }
        self.deeper(links, |v| alternative.into_iter().for_each(|last| v.statement(last)));
    }

    /// Remembers the branch that a test for a module loader leaves to those who have none.
    #[inline]
    pub(super) fn guard(&mut self, test: &Expr, then: &impl Spanned, otherwise: Option<&impl Spanned>) {
        if let Expr::Bin(_) | Expr::Unary(_) | Expr::Paren(_) | Expr::Member(_) | Expr::Ident(_) = test {
            match asks_for_loader(test) {
                Some(true) => self.model.guards.extend(otherwise.map(|branch| span_of(branch.span()))),
                Some(false) => self.model.guards.push(span_of(then.span())),
                None => {}
            }
        }
    }
}

/// Whether a test asks if there is a module loader: `true` if it holds where there is one, `false` if it holds where
/// there is none.
pub(in crate::facts) fn asks_for_loader(test: &Expr) -> Option<bool> {
    asks(test, MAX_DEPTH)
}

fn asks(test: &Expr, depth: u32) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    match test {
        Expr::Paren(paren) => asks(&paren.expr, depth),
        Expr::Unary(unary) if unary.op == UnaryOp::Bang => asks(&unary.arg, depth).map(|holds| !holds),
        Expr::Bin(bin) => match bin.op {
            BinaryOp::EqEq | BinaryOp::EqEqEq => compares(bin),
            BinaryOp::NotEq | BinaryOp::NotEqEq => compares(bin).map(|holds| !holds),
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr => asks(&bin.left, depth).or_else(|| asks(&bin.right, depth)),
            _ => None,
        },
        Expr::Ident(ident) => matches!(&*ident.sym, "define" | "module" | "exports").then_some(true),
        Expr::Member(member) => match &*member.obj {
            Expr::Ident(object) if &*object.sym == "module" => member.prop.is_ident_with("exports").then_some(true),
            Expr::Ident(object) if &*object.sym == "define" => member.prop.is_ident_with("amd").then_some(true),
            _ => None,
        },
        _ => None,
    }
}

/// `typeof exports == 'object'`, `'undefined' == typeof module`
fn compares(bin: &ast::BinExpr) -> Option<bool> {
    let ((Expr::Unary(kind), Expr::Lit(Lit::Str(text))) | (Expr::Lit(Lit::Str(text)), Expr::Unary(kind))) =
        (&*bin.left, &*bin.right)
    else {
        return None;
    };
    let Expr::Ident(name) = &*kind.arg else { return None };
    let asked = kind.op == UnaryOp::TypeOf && matches!(&*name.sym, "exports" | "module" | "define");
    asked.then(|| text.value.as_str() != Some("undefined"))
}
