//! Whether a value can hold no code but what its own statement names.

use swc_atoms::Atom;
use swc_ecma_ast::{Expr, Prop, PropOrSpread, UnaryOp};

use crate::facts::{
    evaluate::Analysis,
    model::{ScopeId, Source},
};

/// How deep a literal is looked into.
const MAX_DEPTH: u32 = 6;

/// Whether a value is a text, a number, or something made on the spot out of such and of names that the module shares:
/// nothing that a caller handed in can be in it.
pub(super) fn is_plain<'a>(analysis: &Analysis<'a>, expr: &'a Expr, scope: ScopeId) -> bool {
    plain(analysis, expr, scope, MAX_DEPTH)
}

fn plain<'a>(analysis: &Analysis<'a>, expr: &'a Expr, scope: ScopeId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let inner = |expr: &'a Expr| plain(analysis, expr, scope, depth);
    match expr {
        Expr::Lit(_) | Expr::Tpl(_) | Expr::Update(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) => true,
        Expr::Unary(unary) => unary.op != UnaryOp::Delete,
        Expr::Bin(bin) => !bin.op.may_short_circuit() || (inner(&bin.left) && inner(&bin.right)),
        Expr::Paren(e) => inner(&e.expr),
        Expr::Cond(cond) => inner(&cond.cons) && inner(&cond.alt),
        Expr::Assign(assign) => inner(&assign.right),
        Expr::Seq(seq) => seq.exprs.last().is_some_and(|last| inner(last)),
        Expr::Array(array) => array.elems.iter().flatten().all(|item| inner(&item.expr)),
        Expr::Object(object) => object.props.iter().all(|prop| match prop {
            PropOrSpread::Spread(spread) => inner(&spread.expr),
            PropOrSpread::Prop(prop) => match &**prop {
                Prop::Shorthand(ident) => is_shared(analysis, &ident.sym, scope),
                Prop::KeyValue(pair) => inner(&pair.value),
                _ => true,
            },
        }),
        Expr::New(new) => {
            let made = matches!(&*new.callee, Expr::Ident(ident) if is_made(&ident.sym) && analysis.model.lookup(&ident.sym, scope).is_none());
            made && new.args.iter().flatten().all(|arg| inner(&arg.expr))
        }
        Expr::Ident(ident) => {
            matches!(&*ident.sym, "undefined" | "NaN" | "Infinity") || is_shared(analysis, &ident.sym, scope)
        }
        _ => false,
    }
}

/// The language's own containers, which hold what they are given and nothing else.
fn is_made(name: &str) -> bool {
    matches!(
        name,
        "Map" | "Set" | "WeakMap" | "WeakSet" | "Array" | "Object" | "RegExp" | "Date" | "Error" | "TypeError"
    )
}

/// Whether a name is declared at the top level, by something other than a parameter: whoever mentions it needs it.
fn is_shared(analysis: &Analysis<'_>, name: &Atom, scope: ScopeId) -> bool {
    let Some(binding) = analysis.model.lookup(name, scope) else {
        return false;
    };
    let is_param = |source: Source<'_>| matches!(source, Source::Param(..));
    analysis.model.is_shared(binding) && !analysis.model.writes_of(binding).any(|write| is_param(write.source))
}
