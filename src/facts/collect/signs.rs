//! The visitor's half for telling texts, branches and loops without an end.

use swc_common::Spanned;
use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, Lit, Stmt, UnaryOp};

use super::Visitor;
use crate::{
    facts::{capability::mark, model::Branch},
    parse::span_of,
};

impl<'a> Visitor<'a> {
    /// A constant text.
    #[inline]
    pub(super) fn constant(&mut self, text: &'a ast::Str) {
        let Some(raw) = text.raw.as_deref() else { return };
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        // An escape at its beginning hides what it is.
        let inner = match inner.as_bytes() {
            [b'\\', ..] => text.value.as_str().unwrap_or_default(),
            _ => inner,
        };
        if let Some(kind) = mark(inner.as_bytes()) {
            self.model
                .signs
                .marks
                .push((kind, inner, span_of(text.span), self.scope));
        }
    }

    /// The constant parts of a template.
    pub(super) fn quasis(&mut self, template: &'a ast::Tpl) {
        for part in &template.quasis {
            if let Some(kind) = mark(part.raw.as_bytes()) {
                let span = span_of(template.span);
                self.model.signs.marks.push((kind, &part.raw, span, self.scope));
            }
        }
    }

    pub(super) fn branch(&mut self, branch: &'a ast::IfStmt) {
        self.model.signs.branches.push(Branch {
            test: &branch.test,
            span: span_of(branch.span),
            scope: self.scope,
            leaves: branch.alt.is_none() && leaves(&branch.cons),
        });
    }

    /// `test ? a : b`, `test && a`
    pub(super) fn choice(&mut self, test: &'a Expr, whole: &impl Spanned) {
        self.model.signs.branches.push(Branch {
            test,
            span: span_of(whole.span()),
            scope: self.scope,
            leaves: false,
        });
    }

    /// Visits a loop; if its test always holds and nothing in it leads out, it is endless.
    pub(super) fn looped(&mut self, test: Option<&'a Expr>, whole: &impl Spanned, inner: impl FnOnce(&mut Self)) {
        let before = self.exits;
        inner(self);
        if self.exits == before && test.is_none_or(always) {
            self.model.signs.endless.push((span_of(whole.span()), self.scope));
        }
    }
}

/// Whether a statement leaves the function or the block around it.
fn leaves(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Return(_) | Stmt::Throw(_) => true,
        Stmt::Block(block) => block.stmts.last().is_some_and(leaves),
        Stmt::Expr(stmt) => exits_process(&stmt.expr),
        _ => false,
    }
}

/// `process.exit()`
pub(super) fn exits_process(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    match call.callee.as_expr().map(|callee| &**callee) {
        Some(Expr::Member(member)) => {
            let process = matches!(&*member.obj, Expr::Ident(name) if &*name.sym == "process");
            process && matches!(&member.prop, ast::MemberProp::Ident(name) if matches!(&*name.sym, "exit" | "abort"))
        }
        _ => false,
    }
}

/// Whether a test always holds: `true`, `1`, `!0`, `i < Infinity`.
fn always(test: &Expr) -> bool {
    match test {
        Expr::Lit(Lit::Bool(value)) => value.value,
        Expr::Lit(Lit::Num(number)) => number.value != 0.0,
        Expr::Unary(unary) if unary.op == UnaryOp::Bang => match &*unary.arg {
            Expr::Lit(Lit::Bool(value)) => !value.value,
            Expr::Lit(Lit::Num(number)) => number.value == 0.0,
            _ => false,
        },
        Expr::Bin(bin) if matches!(bin.op, BinaryOp::Lt | BinaryOp::LtEq) => {
            matches!(&*bin.right, Expr::Ident(name) if &*name.sym == "Infinity")
        }
        Expr::Paren(paren) => always(&paren.expr),
        _ => false,
    }
}
