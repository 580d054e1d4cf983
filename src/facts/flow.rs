//! Where data comes from: followed backwards from what is sent, written or run to what was read.

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, MemberProp, Prop, PropOrSpread, UnaryOp};

use super::{
    calls::span_of_expr,
    capability,
    collect::key_text,
    evaluate::Analysis,
    model::{self, BindingId, CallNode, ScopeId},
    owners::Owner,
    value::Value,
    ways::{as_index, is_comparison, keys, plain_key},
};
use crate::{parse::span_of, span::Span};

mod changes;
mod compiled;
mod members;
mod results;
mod trail;

pub(super) use changes::Change;
pub(super) use compiled::is_helped;
pub(super) use members::parameter_name;
use members::{elsewhere, signs, trace_read};
pub(super) use trail::{Barren, Entered, Kind, Origin, Step, Trail};

/// Steps that following the data of one module may cost, and one more for each 16 bytes of it.
pub(super) const FLOW_BUDGET: u32 = 20_000;
/// Steps that following the data of one sink may cost.
pub(super) const MAX_LENGTH: u32 = 2_000;
/// How deep one way may go.
const MAX_DEPTH: usize = 60;
/// How many members within members are told apart.
const MAX_WANTED: usize = 8;
/// How many arguments a rest parameter is followed to.
const MAX_REST: usize = 4;

/// The name of a variable that is not known.
pub(super) const UNKNOWN: &str = "…";

impl<'a> Analysis<'a> {
    /// Follows an expression's value back to its sources.
    pub(super) fn trace(&mut self, expr: &'a Expr, scope: ScopeId, trail: &mut Trail<'a>) {
        let address = std::ptr::from_ref(expr) as usize;
        let here = (address, scope, trail.context());
        let since = trail.events();
        if since.is_some() && self.barren.contains(&here) {
            return;
        }
        let over = self.flow_budget == 0 || trail.length >= MAX_LENGTH || trail.depth >= MAX_DEPTH;
        if over {
            return trail.leave_out();
        }
        if !trail.visits(address, scope) {
            return;
        }
        self.flow_budget -= 1;
        trail.length += 1;
        trail.depth += 1;
        self.trace_inner(expr, scope, trail);
        trail.depth -= 1;
        if self.budget > 0 && self.flow_budget > 0 {
            trail.finds_nothing(since, here, &mut self.barren);
        }
    }

    fn trace_inner(&mut self, expr: &'a Expr, scope: ScopeId, trail: &mut Trail<'a>) {
        match expr {
            Expr::Ident(ident) => self.trace_name(&ident.sym, span_of(ident.span), scope, trail),
            Expr::Member(member) => self.trace_member(member, scope, trail),
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => self.trace_member(member, scope, trail),
                ast::OptChainBase::Call(call) => {
                    self.trace_call(CallNode::Optional(call), scope, trail);
                }
            },
            Expr::Call(call) => self.trace_call(CallNode::Call(call), scope, trail),
            Expr::New(new) => self.trace_call(CallNode::New(new), scope, trail),
            Expr::Paren(e) => self.trace(&e.expr, scope, trail),
            Expr::TsAs(e) => self.trace(&e.expr, scope, trail),
            Expr::TsNonNull(e) => self.trace(&e.expr, scope, trail),
            Expr::TsSatisfies(e) => self.trace(&e.expr, scope, trail),
            Expr::TsTypeAssertion(e) => self.trace(&e.expr, scope, trail),
            Expr::TsConstAssertion(e) => self.trace(&e.expr, scope, trail),
            Expr::This(this) => self.trace_this(span_of(this.span), scope, trail),
            Expr::Unary(unary) if matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde) => {
                self.trace_whole(&unary.arg, scope, trail);
            }
            Expr::TaggedTpl(tagged) => tagged.tpl.exprs.iter().for_each(|e| self.trace_whole(e, scope, trail)),
            Expr::Await(e) => self.trace(&e.arg, scope, trail),
            Expr::Yield(e) => {
                if let Some(arg) = &e.arg {
                    self.trace(arg, scope, trail);
                }
            }
            Expr::Seq(seq) => {
                if let Some(last) = seq.exprs.last() {
                    self.trace(last, scope, trail);
                }
            }
            Expr::Assign(assign) => self.trace(&assign.right, scope, trail),
            Expr::Cond(cond) => {
                self.trace(&cond.cons, scope, trail);
                self.trace(&cond.alt, scope, trail);
            }
            Expr::Bin(bin) => {
                let mut left = bin;
                loop {
                    // A comparison tells no more than yes or no, and what stands before `&&` is a condition.
                    if is_comparison(left.op) {
                        return;
                    }
                    if left.op == BinaryOp::LogicalAnd {
                        return self.trace(&left.right, scope, trail);
                    }
                    if left.op.may_short_circuit() {
                        self.trace(&left.right, scope, trail);
                    } else {
                        self.trace_whole(&left.right, scope, trail);
                    }
                    match &*left.left {
                        Expr::Bin(next) => left = next,
                        other => return self.trace(other, scope, trail),
                    }
                }
            }
            Expr::Tpl(template) => template.exprs.iter().for_each(|e| self.trace_whole(e, scope, trail)),
            Expr::Array(array) => self.trace_array(array, scope, trail),
            Expr::Object(object) => {
                self.trace_object(object, scope, trail);
                self.trace_own_writes(object, scope, trail);
            }
            _ => {}
        }
    }

    /// Follows all of an expression's value, whichever of its members are asked for.
    pub(super) fn trace_whole(&mut self, expr: &'a Expr, scope: ScopeId, trail: &mut Trail<'a>) {
        let wanted = std::mem::take(&mut trail.wanted);
        self.trace(expr, scope, trail);
        trail.wanted = wanted;
    }

    /// Follows the element that is asked for, or all of them.
    fn trace_array(&mut self, array: &'a ast::ArrayLit, scope: ScopeId, trail: &mut Trail<'a>) {
        let index = trail.wanted.last().and_then(|key| as_index(key));
        let one = index.and_then(|index| array.elems.get(..=index)).filter(|upto| {
            let mut upto = upto.iter().flatten();
            upto.all(|element| element.spread.is_none())
        });
        if let Some(upto) = one {
            if let Some(Some(element)) = upto.last() {
                let key = trail.wanted.pop();
                self.trace(&element.expr, scope, trail);
                trail.wanted.extend(key);
            }
            return;
        }
        for element in array.elems.iter().flatten() {
            self.trace_whole(&element.expr, scope, trail);
        }
    }

    /// Follows the member that is asked for, or all of them.
    fn trace_object(&mut self, object: &'a ast::ObjectLit, scope: ScopeId, trail: &mut Trail<'a>) {
        let wanted = trail.wanted.pop();
        for prop in &object.props {
            match prop {
                PropOrSpread::Spread(spread) => {
                    trail.wanted.extend(wanted);
                    self.trace(&spread.expr, scope, trail);
                    if wanted.is_some() {
                        trail.wanted.pop();
                    }
                }
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) if wanted.is_none_or(|key| key == &*ident.sym) => {
                        self.trace_name(&ident.sym, span_of(ident.span), scope, trail);
                    }
                    Prop::KeyValue(pair) if wanted.is_none_or(|key| key_text(&pair.key).is_none_or(|k| k == key)) => {
                        self.trace(&pair.value, scope, trail);
                    }
                    _ => {}
                },
            }
        }
        trail.wanted.extend(wanted);
    }

    fn trace_name(&mut self, text: &'a Atom, span: Span, scope: ScopeId, trail: &mut Trail<'a>) {
        let Some(binding) = self.model.lookup(text, scope) else {
            if &**text == "arguments" {
                self.trace_own_arguments(scope, span, trail);
            } else if let Value::Api(path) = self.named(text, scope) {
                trace_read(&path, span, None, trail);
            }
            return;
        };
        if !trail.visits_binding(binding) {
            return;
        }
        if self.shared.imports
            && let Some(edge) = self.edge_of_name(binding, 4)
        {
            Self::arrives(&edge, span, trail);
            if self.names_module(binding) {
                return;
            }
        }
        trail.steps.push((span, Step::HeldIn(text)));
        self.trace_binding(binding, span, trail);
        trail.steps.pop();
    }

    pub(super) fn trace_binding(&mut self, binding: BindingId, span: Span, trail: &mut Trail<'a>) {
        let before = trail.ends;
        if let Some(key) = trail.wanted.last().copied()
            && !self.model.classes.is_empty()
            && let Some(class) = self.parts().class_named(binding)
        {
            trail.wanted.pop();
            self.trace_field(Owner::Class(class), key, span, trail);
            trail.wanted.push(key);
        }
        let writes: Vec<(model::Source<'a>, Vec<&'a str>)> = self
            .model
            .writes_of(binding)
            .map(|w| (w.source, keys(&w.path)))
            .chain(self.model.assigns_of(binding).map(|a| (a.source, keys(&a.path))))
            .collect();
        self.flow_budget = self.flow_budget.saturating_sub(writes.len() as u32 / 8);
        for (source, keys) in writes {
            let wanted = trail.wanted.len();
            trail.wanted.extend(&keys);
            match source {
                model::Source::Expr(expr, scope) => {
                    let read = match (keys.last(), self.value(expr, scope)) {
                        (Some(key), Value::Api(path)) => trace_read(&path, span_of_expr(expr), Some(key), trail),
                        _ => false,
                    };
                    if !read {
                        self.trace(expr, scope, trail);
                    }
                }
                model::Source::Items(expr, scope) | model::Source::Keys(expr, scope) => {
                    self.trace_whole(expr, scope, trail);
                }
                model::Source::Param(function, index, false) => {
                    self.trace_parameter(function, index as usize, span, trail);
                }
                model::Source::Param(function, index, true) => {
                    for index in index as usize..index as usize + MAX_REST {
                        self.trace_parameter(function, index, span, trail);
                    }
                }
                model::Source::Caught(start, end) => self.trace_caught(start, end, trail),
                model::Source::Function(_)
                | model::Source::Class(_)
                | model::Source::Enum(_)
                | model::Source::Import(..)
                | model::Source::Opaque => {}
            }
            trail.wanted.truncate(wanted);
        }
        // Where it was read is the place to show; failing that, where it is known to be what was read.
        if trail.ends == before
            && let Value::Api(path) = self.binding(binding)
        {
            trace_read(&path, span, None, trail);
        }
        self.trace_changes(binding, trail);
    }

    /// What is pushed, appended or assigned into the object that a name holds.
    fn trace_changes(&mut self, binding: BindingId, trail: &mut Trail<'a>) {
        let changes = self.changes_of(binding);
        self.flow_budget = self.flow_budget.saturating_sub(changes.len() as u32 / 8);
        for change in &*changes {
            match *change {
                Change::Filled(filling, call) => self.trace_filled(filling, call, trail),
                Change::Written(index) => {
                    let write = &self.model.member_writes[index as usize];
                    let (value, key, scope) = (write.value, plain_key(&write.target.prop), write.scope);
                    match (trail.wanted.pop(), key) {
                        (Some(wanted), Some(key)) => {
                            // Only the last member is told: `a.b.c = x` is found for `a.b` and for `a.c`.
                            if wanted == key || !matches!(*write.target.obj, Expr::Ident(_)) {
                                self.trace(value, scope, trail);
                            }
                            trail.wanted.push(wanted);
                        }
                        (wanted, _) => {
                            trail.wanted.extend(wanted);
                            self.trace_whole(value, scope, trail);
                        }
                    }
                }
                Change::Added(args, own, scope) => {
                    if !own || trail.wanted.last().is_none_or(|key| as_index(key).is_some()) {
                        for arg in args {
                            self.trace_whole(&arg.expr, scope, trail);
                        }
                    }
                }
            }
        }
    }

    fn trace_member(&mut self, member: &'a ast::MemberExpr, scope: ScopeId, trail: &mut Trail<'a>) {
        let span = span_of(member.span);
        let object = self.value(&member.obj, scope);
        for value in object.alternatives() {
            if let Value::Api(path) = value {
                if let MemberProp::Computed(computed) = &member.prop
                    && self.trace_variable(path, &computed.expr, span, scope, trail)
                {
                    return;
                }
                let key = match &member.prop {
                    MemberProp::Ident(name) => Some((*name.sym).to_owned()),
                    MemberProp::Computed(computed) => self.value(&computed.expr, scope).as_text().map(str::to_owned),
                    MemberProp::PrivateName(_) => None,
                };
                if trace_read(path, span, key.as_deref(), trail) {
                    return;
                }
                if let Some(key) = key
                    && trace_read(&capability::member(path, &key), span, None, trail)
                {
                    return;
                }
            }
        }
        let found = trail.found.len();
        match plain_key(&member.prop) {
            Some(key) if trail.wanted.len() < MAX_WANTED => {
                trail.wanted.push(key);
                self.trace(&member.obj, scope, trail);
                trail.wanted.pop();
            }
            _ => self.trace_whole(&member.obj, scope, trail),
        }
        if (self.hears || self.picks_bodies) && !trail.outside_since(found) {
            self.trace_field_read(member, scope, trail);
        }
    }
}
