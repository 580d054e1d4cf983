//! The memory of the last module's tables, kept for the next: fresh pages cost more than what is written to them.

use std::cell::RefCell;

use swc_atoms::Atom;

use super::{
    Alias, Assign, Binding, Call, Declaration, Func, MemberWrite, Model, Name, Ref, Return, Scope, ScopeId, Write,
};

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
    declarations: Vec<Declaration>,
    names: Vec<Name<'static>>,
    functions: Vec<Func<'static>>,
    returns: Vec<Return<'static>>,
    member_writes: Vec<MemberWrite<'static>>,
    methods: Vec<(&'static Atom, ScopeId)>,
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
        model.declarations = emptied(&mut spare.declarations);
        model.names = emptied(&mut spare.names);
        model.functions = emptied(&mut spare.functions);
        model.returns = emptied(&mut spare.returns);
        model.member_writes = emptied(&mut spare.member_writes);
        model.methods = emptied(&mut spare.methods);
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
            keep(&mut self.declarations, &mut spare.declarations);
            keep(&mut self.names, &mut spare.names);
            keep(&mut self.functions, &mut spare.functions);
            keep(&mut self.returns, &mut spare.returns);
            keep(&mut self.member_writes, &mut spare.member_writes);
            keep(&mut self.methods, &mut spare.methods);
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
