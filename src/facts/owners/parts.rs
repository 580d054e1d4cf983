//! The members of a module's objects, sorted by what has them.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use swc_ecma_ast::{Class, Expr};

use super::{MAX_NAMESAKES, Owner};
use crate::{
    facts::{
        calls::{as_member, span_of_expr, stripped},
        flow::is_helped,
        model::{self, BindingId, CallId, CallNode, Class as ClassDef, FuncId, Model, NONE, ScopeId, Source},
        ways::{function_start, plain_key},
    },
    order,
    parse::span_of,
};

/// How many classes one above the other are told.
const MAX_ANCESTORS: usize = 8;

/// The members of a module's objects, sorted when first asked for.
#[derive(Default)]
pub(in crate::facts) struct Parts<'a> {
    pub(super) class_names: FxHashMap<BindingId, u32>,
    class_nodes: FxHashMap<usize, u32>,
    /// The class that each class extends, and those that extend each.
    parents: Vec<u32>,
    children: FxHashMap<u32, Vec<u32>>,
    /// `this.key = …` by whose `this` it is, and the keys of each.
    pub(super) this_writes: FxHashMap<((u8, usize), &'a str), Vec<u32>>,
    pub(in crate::facts) fields: FxHashMap<(u8, usize), Vec<&'a str>>,
    /// `object.key = …` by the key.
    pub(super) other_writes: FxHashMap<&'a str, Vec<u32>>,
    /// Member writes by where the written value starts, sorted.
    values: Vec<(u32, u32)>,
    /// The same by where the written member starts.
    targets: Vec<(u32, u32)>,
    calls: OnceCell<Calls<'a>>,
}

/// Who calls the members.
#[derive(Default)]
pub(in crate::facts) struct Calls<'a> {
    /// Calls by the method's name.
    pub(in crate::facts) methods: FxHashMap<&'a str, Vec<CallId>>,
    /// `new` by the class that is made, and calls of `super`.
    pub(super) news: FxHashMap<u32, Vec<CallId>>,
    pub(super) supers: Vec<CallId>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(model: &Model<'a>) -> Self {
        let mut parts = Self::default();
        for (index, class) in (0..).zip(&model.classes) {
            parts.class_nodes.insert(std::ptr::from_ref(class.node) as usize, index);
            if class.binding != NONE {
                parts.class_names.insert(class.binding, index);
            }
        }
        if !model.classes.is_empty() {
            for (binding, found) in (0..).zip(&model.bindings) {
                if let Some(write) = model.writes.get(found.first_write as usize)
                    && let Source::Expr(Expr::Class(class), _) = write.source
                    && let Some(class) = parts.class_at(&class.class)
                {
                    parts.class_names.insert(binding, class);
                }
            }
        }
        parts.parents = model.classes.iter().map(|class| parts.parent(model, class)).collect();
        for (class, parent) in (0..).zip(&parts.parents) {
            if *parent != NONE {
                parts.children.entry(*parent).or_default().push(class);
            }
        }
        for (index, write) in (0..).zip(&model.member_writes) {
            parts.values.push((span_of_expr(write.value).start, index));
            parts.targets.push((span_of(write.target.span).start, index));
        }
        order::sort(&mut parts.values);
        order::sort(&mut parts.targets);
        for (index, write) in (0..).zip(&model.member_writes) {
            let Some(key) = plain_key(&write.target.prop) else {
                continue;
            };
            if !matches!(*write.target.obj, Expr::This(_)) {
                parts.other_writes.entry(key).or_default().push(index);
            } else if let Some(owner) = parts.this_owner(model, write.scope) {
                let list = parts.this_writes.entry((owner.id(), key)).or_default();
                if list.is_empty() {
                    parts.fields.entry(owner.id()).or_default().push(key);
                }
                list.push(index);
            }
        }
        parts
    }

    /// The calls of members, sorted when first asked for.
    pub(in crate::facts) fn calls(&self, model: &Model<'a>) -> &Calls<'a> {
        self.calls.get_or_init(|| self.sorted_calls(model))
    }

    fn sorted_calls(&self, model: &Model<'a>) -> Calls<'a> {
        let mut calls = Calls::default();
        for (index, call) in (0..).zip(&model.calls) {
            match call.node {
                CallNode::New(new) => {
                    if let Expr::Ident(ident) = stripped(&new.callee)
                        && let Some(binding) = model.lookup(&ident.sym, call.scope)
                        && let Some(class) = self.class_named(binding)
                    {
                        calls.news.entry(class).or_default().push(index);
                    }
                }
                CallNode::Call(inner) if inner.callee.is_super_() => calls.supers.push(index),
                node => {
                    if let Some(member) = node.callee().map(stripped).and_then(as_member)
                        && let Some(key) = plain_key(&member.prop)
                    {
                        calls.methods.entry(key).or_default().push(index);
                    }
                }
            }
        }
        calls
    }

    pub(super) fn parent(&self, model: &Model<'a>, class: &ClassDef<'a>) -> u32 {
        let parent = class.node.super_class.as_deref().map(stripped);
        let Some(Expr::Ident(ident)) = parent else { return NONE };
        let binding = model.lookup(&ident.sym, class.scope);
        binding.and_then(|b| self.class_names.get(&b).copied()).unwrap_or(NONE)
    }

    /// The member write whose value starts at an offset.
    pub(in crate::facts) fn write_of(&self, start: u32) -> Option<u32> {
        at(&self.values, start)
    }

    /// The member write whose target starts at an offset.
    pub(in crate::facts) fn write_at(&self, start: u32) -> Option<u32> {
        at(&self.targets, start)
    }

    /// The class that a name declares.
    pub(in crate::facts) fn class_named(&self, binding: BindingId) -> Option<u32> {
        self.class_names.get(&binding).copied()
    }

    pub(in crate::facts) fn class_at(&self, class: &Class) -> Option<u32> {
        self.class_nodes.get(&(std::ptr::from_ref(class) as usize)).copied()
    }

    /// What `this` is in a scope.
    pub(in crate::facts) fn this_owner(&self, model: &Model<'a>, scope: ScopeId) -> Option<Owner<'a>> {
        let mut function = model.function_of(scope);
        while function != crate::facts::model::TOP {
            let func = model.functions.get(function as usize)?;
            if let Some(owner) = self.holder(model, function) {
                return Some(owner);
            }
            if !func.arrow && !is_helped(model, function) {
                return Some(Owner::Function(function));
            }
            function = func.parent;
        }
        None
    }

    /// What a function is a part of: a method, a member of an object literal, something assigned to a prototype.
    pub(in crate::facts) fn holder(&self, model: &Model<'a>, function: FuncId) -> Option<Owner<'a>> {
        let func = model.functions.get(function as usize)?;
        let around = model.scopes.get(func.scope as usize)?.parent;
        if let Some((class, _)) = model.scopes.get(around as usize).and_then(Model::class_of) {
            return Some(Owner::Class(class));
        }
        match func.owner {
            model::Owner::Class(class) | model::Owner::Static(class) => return Some(Owner::Class(class)),
            model::Owner::Object(_) if func.arrow => return None,
            model::Owner::Object(object) => {
                return self
                    .prototype_written(model, span_of(object.span).start)
                    .or(Some(Owner::Object(object, around)));
            }
            model::Owner::None | model::Owner::Write(_) => {}
        }
        let write = self.write_of(func.start)?;
        let write = &model.member_writes[write as usize];
        prototype(model, self, &write.target.obj, write.scope)
    }

    /// `X.prototype = {…}`
    pub(super) fn prototype_written(&self, model: &Model<'a>, start: u32) -> Option<Owner<'a>> {
        let write = &model.member_writes[self.write_of(start)? as usize];
        if plain_key(&write.target.prop) != Some("prototype") {
            return None;
        }
        constructor_named(model, self, &write.target.obj, write.scope)
    }

    /// A class with those that it extends and that extend it.
    pub(super) fn family(&self, owner: Owner<'a>) -> Vec<Owner<'a>> {
        let Owner::Class(class) = owner else {
            return vec![owner];
        };
        let below = self.descendants(class).into_iter().skip(1);
        self.ancestors(class).chain(below).map(Owner::Class).collect()
    }

    /// A class and those that extend it.
    pub(super) fn descendants(&self, class: u32) -> Vec<u32> {
        let mut out = vec![class];
        let mut at = 0;
        while let Some(next) = out.get(at).and_then(|class| self.children.get(class)) {
            let room = MAX_NAMESAKES.saturating_sub(out.len());
            out.extend(next.iter().take(room));
            at += 1;
            while at < out.len() && !self.children.contains_key(&out[at]) {
                at += 1;
            }
        }
        out
    }

    /// A class and those that it extends.
    pub(super) fn ancestors(&self, class: u32) -> impl Iterator<Item = u32> {
        let next = |at: &u32| self.parents.get(*at as usize).copied().filter(|up| *up != NONE);
        std::iter::successors(Some(class), next).take(MAX_ANCESTORS)
    }

    /// Whether a member of the one may be a member of the other.
    pub(in crate::facts) fn related(&self, one: Owner<'a>, other: Owner<'a>) -> bool {
        match (one, other) {
            (Owner::Class(a), Owner::Class(b)) => {
                self.ancestors(a).any(|up| up == b) || self.ancestors(b).any(|up| up == a)
            }
            _ => one.id() == other.id(),
        }
    }
}

/// The entry of a sorted list.
fn at(list: &[(u32, u32)], start: u32) -> Option<u32> {
    let first = list.partition_point(|(known, _)| *known < start);
    list.get(first)
        .filter(|(known, _)| *known == start)
        .map(|(_, index)| *index)
}

/// The owner whose prototype `X.prototype` is.
fn prototype<'a>(model: &Model<'a>, parts: &Parts<'a>, obj: &'a Expr, scope: ScopeId) -> Option<Owner<'a>> {
    let Expr::Member(member) = obj else { return None };
    if plain_key(&member.prop) != Some("prototype") {
        return None;
    }
    constructor_named(model, parts, &member.obj, scope)
}

fn constructor_named<'a>(model: &Model<'a>, parts: &Parts<'a>, expr: &'a Expr, scope: ScopeId) -> Option<Owner<'a>> {
    let Expr::Ident(ident) = expr else { return None };
    let binding = model.lookup(&ident.sym, scope)?;
    if let Some(class) = parts.class_named(binding) {
        return Some(Owner::Class(class));
    }
    let mut sources = model.writes_of(binding).map(|write| write.source);
    sources.find_map(|source| match source {
        Source::Function(function) => Some(Owner::Function(function)),
        Source::Expr(expr @ Expr::Fn(_), _) => model.function_at(function_start(expr)?).map(Owner::Function),
        _ => None,
    })
}
