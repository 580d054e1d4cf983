//! What a module keeps of what others give it, and what it changes of others'.

use rustc_hash::FxHashSet;
use swc_ecma_ast::Expr;

use super::{Draft, Holds, chain::method_call, is_plain, is_reader};
use crate::facts::{
    Target,
    calls::{span_of_expr, stripped},
    evaluate::Analysis,
    model::{BindingId, Context, Exported, MemberWrite, PieceId, Role},
    value::Value,
};

impl<'a> Analysis<'a> {
    /// Whether the module may hold what others put there.
    pub(in crate::facts) fn keeps_state(&self) -> bool {
        let model = &self.model;
        let assigned = |binding: &BindingId| {
            model.assigns_of(*binding).next().is_some() || self.holds(*binding) == Holds::Container
        };
        !model.member_writes.is_empty()
            || model.shared.iter().any(assigned)
            || model.exports.iter().any(|export| {
                matches!(
                    export.value,
                    Exported::Expr(Expr::Object(_) | Expr::New(_) | Expr::Call(_) | Expr::Array(_))
                )
            })
    }

    /// Whether something is written to, or handed to what writes to it.
    pub(super) fn alters(&mut self, context: Context) -> bool {
        match context {
            Context::Write(_) => true,
            Context::Argument(call, 0) => {
                let site = self.model.calls[call as usize];
                let callee = site.node.callee().map(|callee| self.value(callee, site.scope));
                matches!(callee, Some(Value::Api(path))
                    if path.starts_with("Object.") && !is_reader(&path) || path.starts_with("Reflect.") && !is_reader(&path))
            }
            _ => false,
        }
    }

    /// `require('./x').y = …`: what is done with a module that no name holds.
    pub(super) fn loads_in_passing(&mut self, draft: &mut Draft<'a>) {
        for index in 0..self.model.calls.len() {
            let call = self.model.calls[index];
            let Some(Expr::Ident(callee)) = call.node.callee() else {
                continue;
            };
            if &*callee.sym != "require" {
                continue;
            }
            let Some(piece) = self.model.piece_at(span_of_expr(call.chain).start) else {
                continue;
            };
            let alters = self.alters(call.context);
            let piece = &mut draft.pieces[piece as usize];
            piece.alters |= alters;
            piece.lends |= matches!(method_call(call.chain), Some((_, args)) if !args.is_empty());
        }
    }

    /// `this.x = value` where `this` is a class or the exports themselves, not one of many instances.
    pub(super) fn own_state(&mut self, draft: &mut Draft<'a>) {
        let exported: FxHashSet<PieceId> = draft
            .exports
            .iter()
            .filter_map(|export| match export.target {
                Target::Unit(unit) => Some(unit),
                Target::From(_) => None,
            })
            .collect();
        for index in 0..self.model.member_writes.len() {
            let MemberWrite {
                target, value, scope, ..
            } = self.model.member_writes[index];
            if !begins_with_this(&target.obj) {
                continue;
            }
            let mut function = self.model.function_of(scope);
            while self.model.functions[function as usize].arrow {
                function = self.model.functions[function as usize].parent;
            }
            let of_class = matches!(
                self.model.functions[function as usize].owner,
                crate::facts::model::Owner::Static(_)
            );
            let role = self.model.functions[function as usize].role;
            let Some(piece) = self.model.piece_at(span_of_expr(&target.obj).start) else {
                continue;
            };
            let of_exports = exported.contains(&piece) && matches!(role, Role::Alias(_) | Role::Other);
            if (of_class || of_exports) && !is_plain(self, value, scope) {
                draft.pieces[piece as usize].shares = true;
            }
        }
    }
}

fn begins_with_this(expr: &Expr) -> bool {
    match stripped(expr) {
        Expr::This(_) => true,
        Expr::Member(member) => begins_with_this(&member.obj),
        _ => false,
    }
}
