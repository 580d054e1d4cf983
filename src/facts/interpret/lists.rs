//! Lists of statements: of the module, of a function, of a block; and the statement at a place.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Decl, ModuleDecl, ModuleItem, Program, Stmt};

use crate::{facts::model::Syntax, parse::span_of};

/// A list of statements, of the module itself or of a block.
#[derive(Clone, Copy)]
pub(super) enum List<'a> {
    Items(&'a [ModuleItem]),
    Stmts(&'a [Stmt]),
}

impl<'a> List<'a> {
    pub(super) fn of(syntax: Syntax<'a>) -> Option<Self> {
        Some(match syntax {
            Syntax::Program(Program::Module(module)) => Self::Items(&module.body),
            Syntax::Program(Program::Script(script)) => Self::Stmts(&script.body),
            Syntax::Function(function) => Self::Stmts(&function.body.as_ref()?.stmts),
            Syntax::Arrow(arrow) => match &*arrow.body {
                ast::ArrowFunctionBody::FunctionBody(body) => Self::Stmts(&body.stmts),
                ast::ArrowFunctionBody::Expr(_) => return None,
            },
            Syntax::Other => return None,
        })
    }

    /// The statement at an offset.
    pub(super) fn at(self, at: u32) -> Option<&'a Stmt> {
        let found = match self {
            Self::Items(items) => {
                let after = items.partition_point(|item| item_start(item) <= at);
                match items.get(after.checked_sub(1)?)? {
                    ModuleItem::Stmt(stmt) => stmt,
                    ModuleItem::ModuleDecl(_) => return None,
                }
            }
            Self::Stmts(stmts) => {
                let after = stmts.partition_point(|stmt| statement_span(stmt).0 <= at);
                stmts.get(after.checked_sub(1)?)?
            }
        };
        (at < statement_span(found).1).then_some(found)
    }
}

fn item_start(item: &ModuleItem) -> u32 {
    match item {
        ModuleItem::Stmt(stmt) => statement_span(stmt).0,
        ModuleItem::ModuleDecl(decl) => {
            span_of(match decl {
                ModuleDecl::Import(one) => one.span,
                ModuleDecl::ExportDecl(one) => one.span,
                ModuleDecl::ExportNamed(one) => one.span,
                ModuleDecl::ExportDefaultDecl(one) => one.span,
                ModuleDecl::ExportDefaultExpr(one) => one.span,
                ModuleDecl::ExportAll(one) => one.span,
                ModuleDecl::TsImportEquals(one) => one.span,
                ModuleDecl::TsExportAssignment(one) => one.span,
                ModuleDecl::TsNamespaceExport(one) => one.span,
            })
            .start
        }
    }
}

pub(super) fn statement_span(stmt: &Stmt) -> (u32, u32) {
    use swc_common::Spanned;
    let span = match stmt {
        // A function's own span begins at its name in some forms.
        Stmt::Decl(Decl::Fn(decl)) => span_of(decl.function.span),
        stmt => span_of(stmt.span()),
    };
    (span.start, span.end)
}

/// The list of statements inside a statement that holds an offset.
pub(super) fn inner_list(stmt: &Stmt, at: u32) -> Option<&[Stmt]> {
    let holds = |block: &ast::BlockStmt| {
        let span = span_of(block.span);
        (span.start..span.end).contains(&at)
    };
    let of = |inner: &'_ Stmt| {
        let (start, end) = statement_span(inner);
        (start..end).contains(&at)
    };
    let body = match stmt {
        Stmt::Block(block) => return Some(&block.stmts),
        Stmt::Try(stmt) => {
            let handler = stmt.handler.as_ref().map(|handler| &handler.body);
            return std::iter::once(&stmt.block)
                .chain(handler)
                .chain(&stmt.finalizer)
                .find(|block| holds(block))
                .map(|block| &block.stmts[..]);
        }
        Stmt::If(branch) => match &branch.alt {
            Some(other) if of(other) => other,
            _ => &branch.cons,
        },
        Stmt::While(stmt) => &stmt.body,
        Stmt::DoWhile(stmt) => &stmt.body,
        Stmt::For(stmt) => &stmt.body,
        Stmt::ForIn(stmt) => &stmt.body,
        Stmt::ForOf(stmt) => &stmt.body,
        Stmt::Labeled(stmt) => &stmt.body,
        _ => return None,
    };
    match &**body {
        Stmt::Block(block) if holds(block) => Some(&block.stmts),
        stmt @ Stmt::If(_) if of(stmt) => inner_list(stmt, at),
        _ => None,
    }
}
