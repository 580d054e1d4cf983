//! What is a number whatever its value: a counter, a difference.

use swc_ecma_ast::{BinaryOp, Expr, Lit, MemberProp, UnaryOp};

use crate::facts::{
    calls::stripped,
    model::{Model, ScopeId, Source},
};

/// How far names are followed, and how many values of one are looked at.
const MAX_DEPTH: u32 = 6;
const MAX_WRITES: usize = 16;

/// Whether a key cannot be `constructor`: a number, a symbol of the language, or a text that begins or ends otherwise.
pub(super) fn is_other_key(model: &Model<'_>, key: &Expr, scope: ScopeId) -> bool {
    match stripped(key) {
        Expr::Bin(bin) if bin.op == BinaryOp::Add => {
            let begins = text_of(&bin.left).is_some_and(|text| !"constructor".starts_with(text));
            let ends = text_of(&bin.right).is_some_and(|text| !"constructor".ends_with(text));
            begins || ends || is_number(model, &bin.left, scope) || is_number(model, &bin.right, scope)
        }
        Expr::Tpl(template) => {
            let cooked = |part: Option<&swc_ecma_ast::TplElement>| {
                part.and_then(|part| Some(part.cooked.as_ref()?.as_str()?.to_owned()))
                    .unwrap_or_default()
            };
            !"constructor".starts_with(&*cooked(template.quasis.first()))
                || !"constructor".ends_with(&*cooked(template.quasis.last()))
        }
        key => is_symbol(model, key, scope) || is_number(model, key, scope),
    }
}

/// `Symbol.iterator`
pub(super) fn is_symbol(model: &Model<'_>, key: &Expr, scope: ScopeId) -> bool {
    let Expr::Member(member) = stripped(key) else {
        return false;
    };
    matches!((stripped(&member.obj), &member.prop), (Expr::Ident(ident), MemberProp::Ident(_))
        if &*ident.sym == "Symbol" && model.lookup(&ident.sym, scope).is_none())
}

fn text_of(expr: &Expr) -> Option<&str> {
    match stripped(expr) {
        Expr::Lit(Lit::Str(text)) => text.value.as_str(),
        _ => None,
    }
}

/// Whether an expression gives a number, so that no member but an item has it as a name.
pub(super) fn is_number(model: &Model<'_>, expr: &Expr, scope: ScopeId) -> bool {
    number(model, expr, scope, MAX_DEPTH)
}

fn number(model: &Model<'_>, expr: &Expr, scope: ScopeId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match stripped(expr) {
        Expr::Lit(Lit::Num(_)) | Expr::Update(_) => true,
        Expr::Unary(unary) => matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde),
        Expr::Bin(bin) => match bin.op {
            BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Mod
            | BinaryOp::Exp
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor
            | BinaryOp::LShift
            | BinaryOp::RShift
            | BinaryOp::ZeroFillRShift => true,
            BinaryOp::Add => number(model, &bin.left, scope, depth) && number(model, &bin.right, scope, depth),
            _ => false,
        },
        // Only what has items has a length that anybody counts with; an object's own may be anything.
        Expr::Member(member) => {
            matches!(&member.prop, MemberProp::Ident(name) if &*name.sym == "length")
                && matches!(&*member.obj, Expr::Array(_) | Expr::Lit(Lit::Str(_)))
        }
        Expr::Ident(ident) => {
            let Some(binding) = model.lookup(&ident.sym, scope) else {
                return false;
            };
            let written = model
                .writes_of(binding)
                .map(|write| (write.source, write.path.is_empty(), false));
            let assigned = model
                .assigns_of(binding)
                .map(|assign| (assign.source, assign.path.is_empty(), assign.compound));
            let mut count = 0;
            let all = written
                .chain(assigned)
                .take(MAX_WRITES + 1)
                .all(|(source, whole, compound)| {
                    count += 1;
                    match source {
                        Source::Expr(value, scope) => whole && number(model, value, scope, depth),
                        // Counted up or down.
                        Source::Caught(..) | Source::Opaque => compound,
                        _ => false,
                    }
                });
            all && (1..=MAX_WRITES).contains(&count)
        }
        _ => false,
    }
}
