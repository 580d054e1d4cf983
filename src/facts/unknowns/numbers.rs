//! What is a number whatever its value: a counter, a difference.

use swc_ecma_ast::{BinaryOp, Expr, Lit, MemberProp, UnaryOp};

use crate::facts::{
    calls::stripped,
    model::{Model, ScopeId, Source},
};

/// How far names are followed, and how many values of one are looked at.
const MAX_DEPTH: u32 = 6;
const MAX_WRITES: usize = 16;

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
