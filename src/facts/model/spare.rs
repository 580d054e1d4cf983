//! The memory of the last module's tables, kept for the next: fresh pages cost more than what is written to them.

use std::cell::RefCell;

use super::{Alias, Assign, Binding, Call, Model, Ref, Scope, Write};

/// The most entries that a kept table may hold.
const MAX_KEPT: usize = 1 << 20;

#[derive(Default)]
struct Spare {
    refs: Vec<Ref<'static>>,
    calls: Vec<Call<'static>>,
    writes: Vec<Write<'static>>,
    assigns: Vec<Assign<'static>>,
    aliases: Vec<Alias<'static>>,
    scopes: Vec<Scope>,
    bindings: Vec<Binding>,
}

thread_local! {
    static SPARE: RefCell<Spare> = RefCell::default();
}

/// Gives an empty model the memory that is kept.
pub(super) fn lend(model: &mut Model<'_>) {
    SPARE.with_borrow_mut(|spare| {
        model.refs = emptied(&mut spare.refs);
        model.calls = emptied(&mut spare.calls);
        model.writes = emptied(&mut spare.writes);
        model.assigns = emptied(&mut spare.assigns);
        model.aliases = emptied(&mut spare.aliases);
        model.scopes = emptied(&mut spare.scopes);
        model.bindings = emptied(&mut spare.bindings);
    });
}

impl Drop for Model<'_> {
    fn drop(&mut self) {
        SPARE.with_borrow_mut(|spare| {
            keep(&mut self.refs, &mut spare.refs);
            keep(&mut self.calls, &mut spare.calls);
            keep(&mut self.writes, &mut spare.writes);
            keep(&mut self.assigns, &mut spare.assigns);
            keep(&mut self.aliases, &mut spare.aliases);
            keep(&mut self.scopes, &mut spare.scopes);
            keep(&mut self.bindings, &mut spare.bindings);
        });
    }
}

fn keep<A, B>(used: &mut Vec<A>, spare: &mut Vec<B>) {
    if (spare.capacity()..=MAX_KEPT).contains(&used.capacity()) {
        *spare = emptied(used);
    }
}

/// The same memory for entries of a like type: nothing is left in it, and collecting in place keeps the allocation.
fn emptied<A, B>(from: &mut Vec<A>) -> Vec<B> {
    let mut from = std::mem::take(from);
    from.clear();
    from.into_iter().map(|_| unreachable!("it was cleared")).collect()
}
