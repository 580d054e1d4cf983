//! What a piece of syntax looks like, without a table to look it up in.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Decl, Expr, MemberProp, OptChainBase, PropName, Stmt};

use super::functions::function_like;
use crate::facts::{
    calls::{as_member, stripped},
    model::{Context, Role},
};

/// Whether a statement declares a name that its block keeps to itself.
pub(super) fn declares_in_block(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Decl(Decl::Var(decl)) => decl.kind != ast::VarDeclKind::Var,
        Stmt::Decl(Decl::Fn(_) | Decl::Class(_) | Decl::Using(_) | Decl::TsEnum(_)) => true,
        _ => false,
    }
}

/// Where a function expression starts, parentheses seen through.
pub(in crate::facts) fn function_start(expr: &Expr) -> Option<u32> {
    function_like(expr).map(|(start, ..)| start)
}

pub(super) fn export_name(name: &ast::ModuleExportName) -> &str {
    match name {
        ast::ModuleExportName::Ident(ident) => &ident.sym,
        ast::ModuleExportName::Str(text) => text.value.as_str().unwrap_or_default(),
    }
}

/// The call part of an optional chain.
pub(super) fn optional_parts(base: &OptChainBase) -> Result<&ast::MemberExpr, &ast::OptCall> {
    match base {
        OptChainBase::Member(member) => Ok(member),
        OptChainBase::Call(call) => Err(call),
    }
}

/// Whether an expression begins with an array that is written out: the way of code without names.
pub(super) fn begins_with_array(expr: &Expr) -> bool {
    let mut at = expr;
    for _ in 0..8 {
        at = match at {
            Expr::Array(_) => return true,
            Expr::Paren(paren) => &paren.expr,
            Expr::Member(member) if member.prop.is_computed() => &member.obj,
            Expr::Bin(bin) => &bin.left,
            Expr::Unary(unary) => &unary.arg,
            _ => return false,
        };
    }
    false
}

/// Whether an expression is a function written out.
pub(in crate::facts) fn is_function(expr: &Expr) -> bool {
    function_like(expr).is_some()
}

/// Whether a member's name is this one; its length in the source tells most others apart without a look at their text.
pub(super) fn is_named(name: &ast::IdentName, text: &str) -> bool {
    let length = name.span.hi.0 - name.span.lo.0;
    length as usize >= text.len() && &*name.sym == text
}

/// The text of a plain property key.
pub(in crate::facts) fn key_text(key: &PropName) -> Option<&str> {
    match key {
        PropName::Ident(ident) => Some(&ident.sym),
        PropName::Str(text) => text.value.as_str(),
        _ => None,
    }
}

/// Stands for the name of a property whose name is one of the language's symbols.
pub(in crate::facts) const SYMBOL: &str = "Symbol";

/// The same, or [`SYMBOL`].
pub(super) fn key_name(key: &PropName) -> Option<&str> {
    let symbol = match key {
        PropName::Computed(computed) => as_member(&computed.expr)
            .is_some_and(|member| matches!(&*member.obj, Expr::Ident(ident) if &*ident.sym == SYMBOL)),
        _ => false,
    };
    if symbol { Some(SYMBOL) } else { key_text(key) }
}

/// The `f` of a callee `f.call`, `f.apply` or `f.bind`.
pub(in crate::facts) fn applied_member(callee: &Expr) -> Option<&Expr> {
    let member = as_member(stripped(callee))?;
    let applied = matches!(&member.prop, MemberProp::Ident(name) if matches!(&*name.sym, "call" | "apply" | "bind"));
    applied.then_some(&*member.obj)
}

/// Whether an expression may give a function that is not written out in it.
pub(super) fn may_be_handed(expr: &Expr) -> bool {
    !matches!(
        expr,
        Expr::Lit(_)
            | Expr::Tpl(_)
            | Expr::Object(_)
            | Expr::Array(_)
            | Expr::Unary(_)
            | Expr::Update(_)
            | Expr::Class(_)
            | Expr::Fn(_)
            | Expr::Arrow(_)
            | Expr::New(_)
            | Expr::This(_)
    )
}

/// Whether an expression may be a member `constructor`, or one whose name is not written out.
pub(super) fn may_be_maker(expr: &Expr) -> bool {
    let expr = stripped(expr);
    if let Some(member) = as_member(expr) {
        return match &member.prop {
            MemberProp::Computed(computed) => !matches!(&*computed.expr, Expr::Lit(_)),
            MemberProp::Ident(name) => is_named(name, "constructor"),
            MemberProp::PrivateName(_) => false,
        };
    }
    match expr {
        Expr::Await(e) => may_be_maker(&e.arg),
        Expr::Cond(cond) => may_be_maker(&cond.cons) || may_be_maker(&cond.alt),
        Expr::Bin(bin) if bin.op.may_short_circuit() => may_be_maker(&bin.left) || may_be_maker(&bin.right),
        Expr::Assign(assign) => may_be_maker(&assign.right),
        _ => false,
    }
}

/// Text built from a value is no alias of it, but still carries it.
pub(super) fn part_of(context: Context) -> Context {
    if matches!(
        context,
        Context::Alias(_)
            | Context::Copied(_)
            | Context::Items(_)
            | Context::Return(_)
            | Context::Stored(_)
            | Context::Field(..)
    ) {
        Context::Value
    } else {
        context
    }
}

pub(super) fn role_of(context: Context) -> Role {
    match context {
        Context::Argument(call, index) => Role::Argument(call, index),
        Context::Alias(alias) => Role::Alias(alias),
        Context::Return(function) => Role::Returned(function),
        _ => Role::Other,
    }
}
