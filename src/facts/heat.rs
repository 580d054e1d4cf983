//! Which parts of a module a power was seen in. An object, function or class without one in it holds none: where it
//! goes is followed only if that changes.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::{
    bundles::Bundled,
    evaluate::Analysis,
    model::{Context, FuncId, ScopeId, TOP},
    search::Search,
    value::{Maker, Value},
};
use crate::{parse::span_of, span::Span};

/// How often what was left is looked at again; then it is followed whatever it holds.
const MAX_ROUNDS: u32 = 16;
/// How deep within each other collections are looked into.
const MAX_INSIDE: u32 = 4;

/// Where powers were seen.
#[derive(Default)]
pub(super) struct Heat<'a> {
    /// Where each expression begins that gives one.
    places: BTreeSet<u32>,
    /// The functions around.
    functions: FxHashSet<FuncId>,
    /// What holds none, as far as is known.
    cold: Vec<Cold<'a>>,
    rounds: u32,
}

/// A value that was not followed, and where it went.
pub(super) struct Cold<'a> {
    value: Value<'a>,
    span: Span,
    scope: ScopeId,
    context: Context,
}

impl<'a> Analysis<'a> {
    /// Whether a value is or may hold a power; then its place is one where a power was seen. What is not will be looked
    /// at again.
    pub(super) fn is_hot(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        context: Context,
        search: &mut Search<'a>,
    ) -> bool {
        if value.leads_to_power() || self.holds_hot(value, MAX_INSIDE, &search.heat) {
            self.heat(span, scope, &mut search.heat);
            return true;
        }
        if value.is_container() {
            let value = value.clone();
            search.heat.cold.push(Cold {
                value,
                span,
                scope,
                context,
            });
        }
        false
    }

    fn heat(&self, span: Span, scope: ScopeId, heat: &mut Heat<'a>) {
        heat.places.insert(span.start);
        let mut function = self.model.function_of(scope);
        while function != TOP && heat.functions.insert(function) {
            function = self.model.functions[function as usize].parent;
        }
    }

    /// Follows what has turned out to hold a power; whether there was any.
    pub(super) fn follow_heated(&mut self, search: &mut Search<'a>) -> bool {
        search.heat.rounds += 1;
        let all = search.heat.rounds > MAX_ROUNDS;
        let mut any = false;
        for left in std::mem::take(&mut search.heat.cold) {
            if all || self.holds_hot(&left.value, MAX_INSIDE, &search.heat) {
                any = true;
                self.heat(left.span, left.scope, &mut search.heat);
                self.flows_from(&left.value, left.span, left.scope, left.context, search);
            } else {
                search.heat.cold.push(left);
            }
        }
        any
    }

    fn holds_hot(&self, value: &Value<'a>, depth: u32, heat: &Heat<'a>) -> bool {
        let within = |span: Span| heat.places.range(span.start..span.end).next().is_some();
        let of_maker = |maker: Maker| match maker {
            Maker::Class(class) => within(span_of(self.model.classes[class as usize].node.span)),
            Maker::Function(function) => heat.functions.contains(&function),
        };
        let any = |values: &[Value<'a>]| depth == 0 || values.iter().any(|one| self.holds_hot(one, depth - 1, heat));
        match value {
            Value::Api(_) | Value::Global => true,
            Value::Object(object, _) => within(span_of(object.span)),
            Value::Function(function) => heat.functions.contains(function),
            Value::Closure(function, frames) => {
                heat.functions.contains(function) || frames.iter().any(|(_, args)| any(args))
            }
            Value::Class(class) => of_maker(Maker::Class(*class)),
            Value::Instance(maker) => of_maker(*maker),
            Value::OneOf(values) | Value::Array(values) | Value::Bag(values) => any(values),
            Value::Record(members) | Value::Map(members) => {
                depth == 0 || members.iter().any(|(_, one)| self.holds_hot(one, depth - 1, heat))
            }
            Value::Bound(bound) => {
                depth == 0
                    || any(&bound.args)
                    || self.holds_hot(&bound.this, depth - 1, heat)
                    || self.holds_hot(&bound.target, depth - 1, heat)
            }
            Value::Bundled(part) => match part {
                Bundled::Exports(module) | Bundled::Load(module) => {
                    let inner = self.bundles.modules.get(*module as usize);
                    inner.is_none_or(|inner| heat.functions.contains(&inner.function))
                }
                Bundled::Getter(value) => depth == 0 || self.holds_hot(value, depth - 1, heat),
                _ => true,
            },
            _ => false,
        }
    }
}
