//! Where the members of a name are written and read, in the whole module: worked out once, when first needed.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Prop, PropOrSpread};

use super::{
    collect::key_text,
    evaluate::Analysis,
    model::{NONE, NameId, ScopeId},
    parameters::innermost_call,
};
use crate::{parse::span_of, span::Span};

/// How many members of one chain are told apart.
const MAX_CHAIN: usize = 16;
/// How many writes by a computed key are looked at.
const MAX_COMPUTED: usize = 64;
/// How many calls of `Object.assign` and its like are looked at.
const MAX_DEFINITIONS: usize = 256;
/// How many properties of one object are copied.
const MAX_COPIED: usize = 64;

/// By each member's name, with a `#` if it is private, where it is written.
#[derive(Default)]
pub(super) struct Members<'a> {
    pub(super) writes: FxHashMap<Rc<str>, Vec<Stored<'a>>>,
}

/// By each member's name, without a `#`, where it is read.
#[derive(Default)]
pub(super) struct Reads<'a> {
    /// The first and the last of a name's readings.
    ends: FxHashMap<&'a str, (u32, u32)>,
    /// Each reading, and the name's next one.
    list: Vec<(Reading, u32)>,
}

impl<'a> Reads<'a> {
    fn add(&mut self, key: &'a str, reading: Reading) {
        let new = self.list.len() as u32;
        let (_, last) = self.ends.entry(key).or_insert((new, new));
        if *last != new {
            let (known, next) = &mut self.list[*last as usize];
            if *known == reading {
                return;
            }
            *next = new;
            *last = new;
        }
        self.list.push((reading, NONE));
    }

    /// The readings of a name, in the order in which they were met.
    pub(super) fn of(&self, key: &str) -> impl Iterator<Item = Reading> {
        let mut at = self.ends.get(key).map_or(NONE, |(first, _)| *first);
        std::iter::from_fn(move || {
            let (reading, next) = *self.list.get(at as usize)?;
            at = next;
            Some(reading)
        })
    }
}

/// One write to a member.
pub(super) struct Stored<'a> {
    pub(super) object: &'a Expr,
    pub(super) scope: ScopeId,
    pub(super) value: Given<'a>,
}

/// What is written.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    Expr(&'a Expr),
    Function(Span),
    Getter(Span),
    /// The third argument of `Object.defineProperty`.
    Descriptor(&'a Expr),
    /// The same member of another object.
    Member(&'a Expr, &'a str),
}

/// One chain in which a member is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// It starts at a name: index into the references.
    Ref(u32),
    /// It starts at `this` or `super`: index into the model's `own`.
    Own(u32),
}

impl<'a> Analysis<'a> {
    /// The index of the module's members.
    pub(super) fn members(&mut self) -> Rc<Members<'a>> {
        if let Some(members) = &self.objects.members {
            return members.clone();
        }
        // What is asked for while it is made finds nothing.
        self.objects.members = Some(Rc::default());
        let mut members = Members::default();
        self.index_writes(&mut members);
        self.index_definitions(&mut members);
        let members = Rc::new(members);
        self.objects.members = Some(members.clone());
        members
    }

    /// The index of the members that the module reads.
    pub(super) fn member_reads(&mut self) -> Rc<Reads<'a>> {
        if let Some(reads) = &self.objects.reads {
            return reads.clone();
        }
        let reads = Rc::new(self.index_reads());
        self.objects.reads = Some(reads.clone());
        reads
    }

    fn index_writes(&mut self, members: &mut Members<'a>) {
        let mut computed = 0;
        for index in 0..self.model.member_writes.len() {
            let (target, value, scope) = {
                let write = &self.model.member_writes[index];
                (write.target, write.value, write.scope)
            };
            let key = match &target.prop {
                MemberProp::Computed(key) if !matches!(&*key.expr, Expr::Lit(_)) => {
                    // A name that counts or runs through a list is nothing to follow.
                    if matches!(&*key.expr, Expr::Ident(_) | Expr::Update(_)) || computed == MAX_COMPUTED {
                        continue;
                    }
                    computed += 1;
                    match self.value(&key.expr, scope).as_text() {
                        Some(text) => text.into(),
                        None => continue,
                    }
                }
                prop => match plain_key(prop) {
                    Some(key) => key,
                    None => continue,
                },
            };
            members.writes.entry(key).or_default().push(Stored {
                object: &target.obj,
                scope,
                value: Given::Expr(value),
            });
        }
    }

    /// `Object.assign(object, { … })`, `Object.defineProperty(object, 'key', { … })`, `Reflect.set(object, 'key', x)`.
    fn index_definitions(&mut self, members: &mut Members<'a>) {
        let mut calls: Vec<(&'a ast::CallExpr, ScopeId)> = Vec::new();
        for name in ["Object", "Reflect"] {
            let Some(name) = self.model.known_name(&name.into()) else {
                continue;
            };
            self.each_free(name, |found| {
                if let Some(super::model::CallNode::Call(call)) = found.chain.and_then(called_member)
                    && calls.len() < MAX_DEFINITIONS
                {
                    calls.push((call, found.scope));
                }
            });
        }
        for (call, scope) in calls {
            let method = match call.callee.as_expr().map(|callee| &**callee) {
                Some(Expr::Member(callee)) => match &callee.prop {
                    MemberProp::Ident(name) => &*name.sym,
                    _ => continue,
                },
                _ => continue,
            };
            let Some((object, rest)) = call.args.split_first() else {
                continue;
            };
            let object = &*object.expr;
            match (method, rest) {
                ("assign", sources) => {
                    for source in sources {
                        copied(members, object, &source.expr, scope);
                    }
                }
                ("defineProperty" | "set", [key, value, ..]) => {
                    let Some(key) = self.value(&key.expr, scope).as_text().map(Rc::from) else {
                        continue;
                    };
                    let value = if method == "set" {
                        Given::Expr(&value.expr)
                    } else {
                        Given::Descriptor(&value.expr)
                    };
                    members
                        .writes
                        .entry(key)
                        .or_default()
                        .push(Stored { object, scope, value });
                }
                ("defineProperties", [descriptors, ..]) => {
                    if let Expr::Object(descriptors) = &*descriptors.expr {
                        for (key, value) in pairs(descriptors) {
                            let value = Given::Descriptor(value);
                            members
                                .writes
                                .entry(key.into())
                                .or_default()
                                .push(Stored { object, scope, value });
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Calls `found` with each read of a name that nobody in the module declares.
    pub(super) fn each_free(&self, name: NameId, mut found: impl FnMut(&super::model::Ref<'a>)) {
        for read in self.model.free_reads_of(name) {
            found(&self.model.refs[read as usize]);
        }
    }

    fn index_reads(&self) -> Reads<'a> {
        let mut reads = Reads::default();
        let refs = (0u32..)
            .zip(&self.model.refs)
            .map(|(index, read)| (Reading::Ref(index), read.chain));
        let own = (0u32..)
            .zip(&self.model.own)
            .map(|(index, read)| (Reading::Own(index), Some(read.chain)));
        for (reading, chain) in refs.chain(own) {
            if let Some(chain) = chain
                && !matches!(chain, Expr::Ident(_))
            {
                each_key(chain, |key| reads.add(key, reading));
            }
        }
        reads
    }
}

/// The properties that an object literal copies to an object.
fn copied<'a>(members: &mut Members<'a>, object: &'a Expr, source: &'a Expr, scope: ScopeId) {
    let Expr::Object(literal) = source else { return };
    for prop in literal.props.iter().take(MAX_COPIED) {
        let PropOrSpread::Prop(prop) = prop else { continue };
        let (key, value): (Option<&'a str>, Given<'a>) = match &**prop {
            Prop::Shorthand(ident) => (Some(&ident.sym), Given::Member(source, &ident.sym)),
            Prop::KeyValue(pair) => (key_text(&pair.key), Given::Expr(&pair.value)),
            Prop::Method(method) => (key_text(&method.key), Given::Function(span_of(method.function.span))),
            Prop::Getter(getter) => (key_text(&getter.key), Given::Getter(span_of(getter.function.span))),
            _ => continue,
        };
        if let Some(key) = key {
            members
                .writes
                .entry(key.into())
                .or_default()
                .push(Stored { object, scope, value });
        }
    }
}

/// The plain properties of an object literal.
pub(super) fn pairs(object: &ast::ObjectLit) -> impl Iterator<Item = (&str, &Expr)> {
    object.props.iter().take(MAX_COPIED).filter_map(|prop| match prop {
        PropOrSpread::Prop(prop) => match &**prop {
            Prop::KeyValue(pair) => Some((key_text(&pair.key)?, &*pair.value)),
            _ => None,
        },
        PropOrSpread::Spread(_) => None,
    })
}

/// A member's name if it is written out.
pub(super) fn plain_key(prop: &MemberProp) -> Option<Rc<str>> {
    match prop {
        MemberProp::Ident(name) => Some((*name.sym).into()),
        MemberProp::PrivateName(name) => Some(format!("#{}", name.name).into()),
        MemberProp::Computed(computed) => match &*computed.expr {
            Expr::Lit(ast::Lit::Str(text)) => text.value.as_str().map(Rc::from),
            _ => None,
        },
    }
}

fn read_key(prop: &MemberProp) -> Option<&str> {
    match prop {
        MemberProp::Ident(name) => Some(&name.sym),
        MemberProp::PrivateName(name) => Some(&name.name),
        MemberProp::Computed(computed) => match &*computed.expr {
            Expr::Lit(ast::Lit::Str(text)) => text.value.as_str(),
            _ => None,
        },
    }
}

/// The names of the members that a chain goes through.
fn each_key<'a>(chain: &'a Expr, mut found: impl FnMut(&'a str)) {
    let mut at = chain;
    for _ in 0..MAX_CHAIN {
        at = match at {
            Expr::Member(member) => {
                if let Some(key) = read_key(&member.prop) {
                    found(key);
                }
                &member.obj
            }
            Expr::SuperProp(prop) => {
                if let ast::SuperProp::Ident(name) = &prop.prop {
                    found(&name.sym);
                }
                return;
            }
            Expr::Call(call) => match call.callee.as_expr() {
                Some(callee) => callee,
                None => return,
            },
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => {
                    if let Some(key) = read_key(&member.prop) {
                        found(key);
                    }
                    &member.obj
                }
                ast::OptChainBase::Call(call) => &call.callee,
            },
            Expr::New(new) => &new.callee,
            Expr::TaggedTpl(tagged) => &tagged.tag,
            Expr::Paren(e) => &e.expr,
            Expr::Await(e) => &e.arg,
            Expr::TsAs(e) => &e.expr,
            Expr::TsNonNull(e) => &e.expr,
            _ => return,
        };
    }
}

/// The call of a member of the name itself: `Object.assign(…)` in `Object.assign(…).x`.
fn called_member(chain: &Expr) -> Option<super::model::CallNode<'_>> {
    if innermost_call(chain).is_some() {
        return None;
    }
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => match call.callee.as_expr().map(|callee| &**callee) {
                Some(Expr::Member(member)) if matches!(&*member.obj, Expr::Ident(_)) => {
                    return Some(super::model::CallNode::Call(call));
                }
                Some(callee) => callee,
                None => return None,
            },
            Expr::Member(member) => &member.obj,
            Expr::Paren(e) => &e.expr,
            _ => return None,
        };
    }
}
