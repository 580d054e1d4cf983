//! The module's own objects: what is written to their members, and what `this` is.
//!
//! An object is known by where it is made: an object literal, a function, a class. What is written to a member of such
//! an object, anywhere in the module and under whatever name, is found by the member's name.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use swc_ecma_ast as ast;
use swc_ecma_ast::{ClassMember, Expr};

use super::{
    capability,
    collect::key_text,
    evaluate::Analysis,
    index::{Given, Members, Reads},
    model::{ClassId, Model, NONE, Owner, Role, ScopeId},
    value::{Maker, Value},
};
use crate::{parse::span_of, span::Span};

/// How many writes to members of one name are looked at.
const MAX_WRITES: usize = 24;
/// How many of them may be looked at within each other.
const MAX_NESTED: usize = 8;
/// Steps that one question about an object may cost.
const SHARE: u32 = 400;
/// How many parents a class may have.
const MAX_PARENTS: u32 = 16;
/// How many scopes are left on the way to the owner of `this`.
const MAX_SCOPES: u32 = 256;

/// An object of the module, by where it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Home {
    /// An object literal, by its address.
    Literal(usize),
    /// A function or class itself.
    Maker(Maker),
    /// Whatever it makes, and its prototype.
    Instance(Maker),
    /// The global object.
    Global,
}

/// What is known of the module's own objects, worked out on demand.
#[derive(Default)]
pub(super) struct Objects<'a> {
    pub(super) members: Option<Rc<Members<'a>>>,
    pub(super) reads: Option<Rc<Reads<'a>>>,
    pub(super) known: FxHashMap<(Home, usize), Option<Value<'a>>>,
    pub(super) running: Vec<(Home, usize)>,
    /// The members of objects that are written out, by their address: whatever the calls around are given.
    pub(super) members_of: FxHashMap<usize, FxHashMap<Rc<str>, Value<'a>>>,
    pub(super) parents: u32,
    /// The spread objects that a member is being looked for in.
    pub(super) spreading: Vec<usize>,
    /// Steps that may still be spent on objects in this module.
    pub(super) left: u32,
    /// How many limits are in force.
    pub(super) limits: u32,
}

/// The object of the module that a value is.
pub(super) fn home_of(value: &Value<'_>) -> Option<Home> {
    match value {
        Value::Object(object, _) => Some(Home::Literal(std::ptr::from_ref(*object) as usize)),
        Value::Function(function) | Value::Closure(function, _) => Some(Home::Maker(Maker::Function(*function))),
        Value::Class(class) => Some(Home::Maker(Maker::Class(*class))),
        Value::Instance(maker) => Some(Home::Instance(*maker)),
        Value::Global => Some(Home::Global),
        _ => None,
    }
}

impl<'a> Analysis<'a> {
    /// `this`: the object whose method runs, or the global object.
    pub(super) fn this(&self, mut scope: ScopeId) -> Value<'a> {
        let mut left = MAX_SCOPES;
        let mut at = scope;
        while left > 0 {
            left -= 1;
            let function = self.model.function_of(scope);
            let func = &self.model.functions[function as usize];
            let here = &self.model.scopes[at as usize];
            if let Some((class, is_static)) = Model::class_of(here) {
                return if is_static {
                    Value::Class(class)
                } else {
                    Value::Instance(Maker::Class(class))
                };
            }
            if at != func.scope {
                at = here.parent;
                continue;
            }
            if function == 0 {
                return Value::Global;
            }
            if let Role::Called(call) = func.role {
                // What `call` and `apply` are given is no more than what a caller says it is.
                let applied = self.model.calls[call as usize].node.is_applied();
                return if applied { Value::Unknown } else { Value::Global };
            }
            if !func.arrow {
                return Self::owner(function, func.owner, here.parent);
            }
            scope = here.parent;
            at = scope;
        }
        Value::Unknown
    }

    fn owner(function: u32, owner: Owner<'a>, around: ScopeId) -> Value<'a> {
        match owner {
            Owner::Class(class) => Value::Instance(Maker::Class(class)),
            Owner::Static(class) => Value::Class(class),
            Owner::Object(object) => Value::Object(object, around),
            Owner::Write(_) | Owner::None => Value::Instance(Maker::Function(function)),
        }
    }

    /// `this` as a value: a function that is written to a member of an object belongs to that object.
    pub(super) fn this_value(&mut self, scope: ScopeId) -> Value<'a> {
        let this = self.this(scope);
        if let Value::Instance(Maker::Function(function)) = this
            && let Owner::Write(write) = self.model.functions[function as usize].owner
        {
            let (target, scope) = {
                let write = &self.model.member_writes[write as usize];
                (write.target, write.scope)
            };
            let object = self.value(&target.obj, scope);
            if object
                .alternatives()
                .iter()
                .any(|one| home_of(one).is_some_and(|home| home != Home::Global))
            {
                return Value::one_of(vec![object, this]);
            }
        }
        this
    }

    /// A member of an object that is written out: its own, or what is written to it.
    pub(super) fn literal_member(
        &mut self,
        object: &Value<'a>,
        literal: &'a ast::ObjectLit,
        key: &str,
        scope: ScopeId,
    ) -> Value<'a> {
        let address = std::ptr::from_ref(literal) as usize;
        let known = self
            .objects
            .members_of
            .get(&address)
            .and_then(|members| members.get(key));
        if let Some(known) = known {
            return known.clone();
        }
        let frames = self.frames.len();
        let whole = self.objects.running.is_empty() && self.objects.spreading.is_empty();
        let (found, is_sure) = self.surely(|analysis| {
            analysis.watched(|analysis| {
                let own = analysis.own_property(literal, key, scope);
                analysis.also_stored(object, key, own)
            })
        });
        let (value, lowest) = found;
        if whole && is_sure && lowest >= frames && !self.is_starved() && self.budget > 0 {
            let members = self.objects.members_of.entry(address).or_default();
            members.insert(key.into(), value.clone());
        }
        value
    }

    /// What is written to a member of an object, anywhere in the module.
    pub(super) fn stored(&mut self, home: Home, key: &str) -> Option<Value<'a>> {
        let members = self.members();
        let list = members.writes.get(key)?;
        let id = (home, list.as_ptr() as usize);
        if let Some(known) = self.objects.known.get(&id) {
            return known.clone();
        }
        if self.objects.running.len() >= MAX_NESTED || self.objects.running.contains(&id) {
            return None;
        }
        self.objects.running.push(id);
        let frames = self.frames.len();
        let mut values = Vec::new();
        let (_, lowest) = self.watched(|analysis| {
            analysis.limited(|analysis| {
                for write in list.iter().take(MAX_WRITES) {
                    let object = analysis.value(write.object, write.scope);
                    if object.alternatives().iter().any(|one| home_of(one) == Some(home)) {
                        values.push(analysis.given(write.value, write.scope));
                    }
                }
            });
            Value::Unknown
        });
        self.objects.running.pop();
        if list.len() > MAX_WRITES && !values.is_empty() {
            values.push(Value::Unknown);
        }
        let value = (!values.is_empty()).then(|| Value::one_of(values));
        if lowest >= frames && self.objects.running.is_empty() {
            self.objects.known.insert(id, value.clone());
        }
        value
    }

    /// Works something out about objects within a share of the budget, so that a tangle of them leaves enough for
    /// everything else. What the share did not suffice for is unknown, but only to this asking.
    pub(super) fn limited(&mut self, work: impl FnOnce(&mut Self)) {
        let whole = self.budget;
        let share = whole.min(SHARE).min(self.objects.left);
        if share == 0 {
            return;
        }
        self.budget = share;
        self.objects.limits += 1;
        work(self);
        self.objects.limits -= 1;
        let used = share.saturating_sub(self.budget);
        self.objects.left = self.objects.left.saturating_sub(used);
        self.budget = whole.saturating_sub(used);
    }

    /// Whether a share of the budget was used up, so that what was found is not to be kept.
    pub(super) fn is_starved(&self) -> bool {
        self.objects.limits > 0 && self.budget == 0
    }

    fn given(&mut self, given: Given<'a>, scope: ScopeId) -> Value<'a> {
        match given {
            Given::Expr(expr) => self.value(expr, scope),
            Given::Function(span) => self.function_value(span),
            Given::Getter(span) => self.got(span),
            Given::Descriptor(expr) => {
                let descriptor = self.value(expr, scope);
                let value = self.get(&descriptor, "value", None);
                let getter = self.get(&descriptor, "get", None);
                match getter.as_function() {
                    Some(function) => self.enter(function, Vec::new()),
                    None => value,
                }
            }
            Given::Member(expr, key) => {
                let source = self.value(expr, scope);
                self.get(&source, key, None)
            }
        }
    }

    /// What a getter gives.
    pub(super) fn got(&mut self, span: Span) -> Value<'a> {
        match self.model.function_at(span.start) {
            Some(function) => self.enter(function, Vec::new()),
            None => Value::Unknown,
        }
    }

    /// A member that is not among those an object was made with, or may have been changed.
    pub(super) fn also_stored(&mut self, object: &Value<'a>, key: &str, own: Option<Value<'a>>) -> Value<'a> {
        let stored = home_of(object).and_then(|home| self.stored(home, key));
        match (own, stored) {
            (Some(own), None) => own,
            (Some(own), Some(stored)) => Value::one_of(vec![own, stored]),
            (None, Some(stored)) => Value::one_of(vec![stored, Value::Unknown]),
            (None, None) => Value::Unknown,
        }
    }

    /// A member of a class itself.
    pub(super) fn static_member(&mut self, class: ClassId, key: &str) -> Value<'a> {
        if key == "prototype" {
            return Value::Instance(Maker::Class(class));
        }
        let own = self.class_member(class, key, true);
        let value = self.also_stored(&Value::Class(class), key, own);
        self.or_inherited(value, class, key, Clone::clone)
    }

    /// A member of what a class or constructor function makes.
    pub(super) fn instance_member(&mut self, maker: Maker, key: &str) -> Value<'a> {
        let object = Value::Instance(maker);
        match maker {
            Maker::Class(class) => {
                let own = self.class_member(class, key, false);
                let value = self.also_stored(&object, key, own);
                self.or_inherited(value, class, key, prototype)
            }
            Maker::Function(function) => {
                let value = self.also_stored(&object, key, None);
                let whole = self.stored(Home::Maker(Maker::Function(function)), "prototype");
                match whole {
                    Some(whole) if self.objects.parents < MAX_PARENTS => {
                        self.objects.parents += 1;
                        let inherited = self.get(&whole, key, None).map(of_use);
                        self.objects.parents -= 1;
                        Value::one_of(vec![value, inherited])
                    }
                    _ => value,
                }
            }
        }
    }

    fn or_inherited(
        &mut self,
        value: Value<'a>,
        class: ClassId,
        key: &str,
        part: fn(&Value<'a>) -> Value<'a>,
    ) -> Value<'a> {
        let (parent, scope) = {
            let class = &self.model.classes[class as usize];
            (class.node.super_class.as_deref(), class.scope)
        };
        let Some(parent) = parent else { return value };
        if !matches!(value, Value::Unknown) || self.objects.parents >= MAX_PARENTS {
            return value;
        }
        self.objects.parents += 1;
        let parent = self.value(parent, scope).map(part);
        let inherited = self.get(&parent, key, None).map(of_use);
        self.objects.parents -= 1;
        inherited
    }

    /// A member that a class's body declares.
    fn class_member(&mut self, class: ClassId, key: &str, of_class: bool) -> Option<Value<'a>> {
        let (node, scope, constructor) = {
            let class = &self.model.classes[class as usize];
            (class.node, class.scope, class.constructor)
        };
        self.budget = self.budget.saturating_sub(node.body.len() as u32 / 8);
        let private = key.strip_prefix('#');
        for member in node.body.iter().rev() {
            match member {
                ClassMember::ClassProp(prop) if prop.is_static == of_class && key_text(&prop.key) == Some(key) => {
                    return prop.value.as_deref().map(|value| self.field_value(value, scope));
                }
                ClassMember::PrivateProp(prop) if prop.is_static == of_class && private == Some(&*prop.key.name) => {
                    return prop.value.as_deref().map(|value| self.field_value(value, scope));
                }
                ClassMember::Method(method) if method.is_static == of_class && key_text(&method.key) == Some(key) => {
                    return self.method_value(method.kind, &method.function);
                }
                ClassMember::PrivateMethod(method)
                    if method.is_static == of_class && private == Some(&*method.key.name) =>
                {
                    return self.method_value(method.kind, &method.function);
                }
                _ => {}
            }
        }
        if of_class || constructor == NONE {
            return None;
        }
        self.parameter_property(constructor, key)
    }

    /// A field may have been given something else since.
    fn field_value(&mut self, value: &'a Expr, scope: ScopeId) -> Value<'a> {
        let value = self.value(value, scope);
        Value::one_of(vec![value, Value::Unknown])
    }

    fn method_value(&mut self, kind: ast::MethodKind, function: &'a ast::Function) -> Option<Value<'a>> {
        let span = span_of(function.span);
        match kind {
            ast::MethodKind::Method => Some(self.function_value(span)),
            ast::MethodKind::Getter => Some(self.got(span)),
            ast::MethodKind::Setter => None,
        }
    }

    /// TypeScript's `constructor(private x: X)`.
    fn parameter_property(&mut self, constructor: u32, key: &str) -> Option<Value<'a>> {
        let super::model::Params::Constructor(params) = self.model.functions[constructor as usize].params else {
            return None;
        };
        let scope = self.model.functions[constructor as usize].scope;
        let named = |ident: &'a ast::BindingIdent| (*ident.id.sym == *key).then_some(&ident.id.sym);
        let name = params.iter().find_map(|param| {
            let ast::ParamOrTsParamProp::TsParamProp(prop) = param else {
                return None;
            };
            match &prop.param {
                ast::TsParamPropParam::Ident(ident) => named(ident),
                ast::TsParamPropParam::Assign(assign) => assign.left.as_ident().and_then(named),
            }
        })?;
        Some(self.named(name, scope))
    }

    /// `super.x`
    pub(super) fn super_member(&mut self, prop: &'a ast::SuperPropExpr, scope: ScopeId) -> Value<'a> {
        let (Value::Instance(Maker::Class(class)) | Value::Class(class)) = self.this(scope) else {
            return Value::Unknown;
        };
        let key: Rc<str> = match &prop.prop {
            ast::SuperProp::Ident(name) => (*name.sym).into(),
            ast::SuperProp::Computed(computed) => match self.value(&computed.expr, scope).as_text() {
                Some(text) => text.into(),
                None => return Value::Unknown,
            },
        };
        let of_class = matches!(self.this(scope), Value::Class(_));
        let part = if of_class { Clone::clone } else { prototype };
        self.or_inherited(Value::Unknown, class, &key, part)
    }
}

/// A member that is inherited from an API, if it is one that the API is known to have: any other is the object's own.
fn of_use<'a>(value: &Value<'a>) -> Value<'a> {
    match value {
        Value::Api(path)
            if capability::api(path).is_none_or(|api| api.capabilities.is_empty() && api.returns.is_none()) =>
        {
            Value::Unknown
        }
        other => other.clone(),
    }
}

/// What a parent's instances are.
fn prototype<'a>(parent: &Value<'a>) -> Value<'a> {
    match parent {
        Value::Class(class) => Value::Instance(Maker::Class(*class)),
        Value::Function(function) => Value::Instance(Maker::Function(*function)),
        Value::Api(path) => Value::api(&capability::member(path, "prototype")),
        _ => Value::Unknown,
    }
}
