//! Whose member a `this.x` is: the class, the object literal or the constructor function that a part belongs to.
//!
//! Members are told apart by what has them, not by their names alone: two classes may both have a `token`.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{ClassMember, Expr, ObjectLit};

use super::{
    calls::{as_member, stripped},
    collect::key_text,
    evaluate::Analysis,
    model::{self, BindingId, CallId, CallNode, Class as ClassDef, FuncId, Model, Role, ScopeId, Source},
    parameters::innermost_call,
    value::Value,
    ways::{function_start, plain_key},
};
use crate::{order, parse::span_of};

mod parts;

pub(super) use parts::Parts;

/// How far back an object is followed to what made it.
pub(super) const OWNER_DEPTH: u32 = 8;
/// How many writes to a member of that name, or calls of a method of that name, are looked at.
const MAX_NAMESAKES: usize = 32;

/// Methods that add to a collection.
const ADDS: [&str; 5] = ["add", "append", "push", "set", "unshift"];

/// What has members.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    /// Index into the model's classes.
    Class(u32),
    Object(&'a ObjectLit, ScopeId),
    /// A function that is called with `new`, and its prototype.
    Function(FuncId),
}

impl Owner<'_> {
    /// Tells it from every other owner.
    pub(super) fn id(self) -> (u8, usize) {
        match self {
            Self::Class(class) => (0, class as usize),
            Self::Object(object, _) => (1, std::ptr::from_ref(object) as usize),
            Self::Function(function) => (2, function as usize),
        }
    }
}

/// A value that a member is given.
pub(super) enum Given<'a> {
    Expr(&'a Expr, ScopeId),
    /// A parameter of the constructor that is a member, too.
    Parameter(FuncId, u32),
    /// What a getter returns.
    Getter(FuncId),
}

impl<'a> Analysis<'a> {
    pub(super) fn parts(&mut self) -> Rc<Parts<'a>> {
        if let Some(parts) = &self.parts {
            return parts.clone();
        }
        let parts = Rc::new(Parts::new(&self.model));
        self.parts = Some(parts.clone());
        parts
    }

    pub(super) fn this_owner(&mut self, scope: ScopeId) -> Option<Owner<'a>> {
        let parts = self.parts();
        parts.this_owner(&self.model, scope)
    }

    /// What an expression's value is an instance of, or the class itself.
    pub(super) fn owner_of(&mut self, expr: &'a Expr, scope: ScopeId, depth: u32) -> Option<Owner<'a>> {
        let depth = depth.checked_sub(1)?;
        self.flow_budget = self.flow_budget.checked_sub(1)?;
        match expr {
            Expr::This(_) => self.this_owner(scope),
            Expr::Paren(e) => self.owner_of(&e.expr, scope, depth),
            Expr::Await(e) => self.owner_of(&e.arg, scope, depth),
            Expr::TsAs(e) => self.owner_of(&e.expr, scope, depth),
            Expr::TsNonNull(e) => self.owner_of(&e.expr, scope, depth),
            Expr::Object(object) => Some(Owner::Object(object, scope)),
            Expr::New(new) => self.owner_of(&new.callee, scope, depth),
            Expr::Assign(assign) => self.owner_of(&assign.right, scope, depth),
            Expr::Class(class) => self.parts().class_at(&class.class).map(Owner::Class),
            Expr::Fn(_) => {
                let start = function_start(expr)?;
                self.model.function_at(start).map(Owner::Function)
            }
            Expr::Bin(bin) if bin.op.may_short_circuit() => self
                .owner_of(&bin.right, scope, depth)
                .or_else(|| self.owner_of(&bin.left, scope, depth)),
            Expr::Cond(cond) => self
                .owner_of(&cond.cons, scope, depth)
                .or_else(|| self.owner_of(&cond.alt, scope, depth)),
            Expr::Ident(ident) => {
                let binding = self.model.lookup(&ident.sym, scope)?;
                self.owner_of_name(binding, depth)
            }
            Expr::Member(member) => {
                let owner = self.owner_of(&member.obj, scope, depth)?;
                let key = plain_key(&member.prop)?;
                if key == "prototype" {
                    return Some(owner);
                }
                if let Owner::Object(object, scope) = owner
                    && let Some(value) = property(object, key)
                {
                    return self.owner_of(value, scope, depth);
                }
                self.member_values(owner, key)
                    .into_iter()
                    .find_map(|given| match given {
                        Given::Expr(value, scope) => self.owner_of(value, scope, depth),
                        _ => None,
                    })
            }
            Expr::Call(call) => {
                let Value::Function(function) = self.value(call.callee.as_expr()?, scope) else {
                    return None;
                };
                let returns: Vec<_> = self.model.returns_of(function).map(|r| (r.value, r.scope)).collect();
                returns
                    .into_iter()
                    .find_map(|(value, scope)| self.owner_of(value, scope, depth))
            }
            _ => None,
        }
    }

    fn owner_of_name(&mut self, binding: BindingId, depth: u32) -> Option<Owner<'a>> {
        if !self.model.classes.is_empty()
            && let Some(class) = self.parts().class_named(binding)
        {
            return Some(Owner::Class(class));
        }
        let writes = self
            .model
            .writes_of(binding)
            .filter(|w| w.path.is_empty())
            .map(|w| w.source);
        let assigns = self
            .model
            .assigns_of(binding)
            .filter(|a| a.path.is_empty())
            .map(|a| a.source);
        let sources: Vec<Source<'a>> = writes.chain(assigns).take(MAX_NAMESAKES).collect();
        sources.into_iter().find_map(|source| match source {
            Source::Expr(expr, scope) => self.owner_of(expr, scope, depth),
            Source::Function(function) => Some(Owner::Function(function)),
            Source::Param(function, index, false) => {
                let sites = match self.model.functions[function as usize].role {
                    Role::Named(binding) => self.call_sites(binding)?,
                    Role::Called(call) => {
                        let call = self.model.calls[call as usize];
                        vec![(call.node, call.scope)]
                    }
                    _ => return None,
                };
                sites.into_iter().find_map(|(node, scope)| {
                    let arg = node.arguments().get(index as usize)?;
                    self.owner_of(&arg.expr, scope, depth)
                })
            }
            _ => None,
        })
    }

    /// The values that a member is ever given, by what has it.
    pub(super) fn member_values(&mut self, owner: Owner<'a>, key: &str) -> Vec<Given<'a>> {
        let parts = self.parts();
        let mut out = Vec::new();
        let family = parts.family(owner);
        for one in &family {
            if let Owner::Class(class) = one {
                let class = &self.model.classes[*class as usize];
                class_values(&self.model, class, key, &mut out);
            }
            for index in parts.this_writes.get(&(one.id(), key)).into_iter().flatten() {
                let write = &self.model.member_writes[*index as usize];
                out.push(Given::Expr(write.value, write.scope));
            }
        }
        let others = parts.other_writes.get(key).into_iter().flatten();
        for index in others.take(MAX_NAMESAKES) {
            let (target, value, scope) = {
                let write = &self.model.member_writes[*index as usize];
                (write.target, write.value, write.scope)
            };
            if let Some(other) = self.owner_of(&target.obj, scope, OWNER_DEPTH)
                && parts.related(owner, other)
            {
                out.push(Given::Expr(value, scope));
            }
        }
        out
    }

    /// What is added to a member that holds a collection: `this.queue.push(x)`.
    pub(super) fn added_to(&mut self, owner: Owner<'a>, key: &str) -> Vec<(&'a Expr, ScopeId)> {
        let parts = self.parts();
        let calls = &parts.calls(&self.model).methods;
        let calls = ADDS.iter().filter_map(|name| calls.get(name)).flatten();
        let on_member = |call: &&CallId| {
            let callee = self.model.calls[**call as usize].node.callee().map(stripped);
            let object = callee.and_then(as_member).map(|member| &*member.obj);
            matches!(object, Some(Expr::Member(inner)) if plain_key(&inner.prop) == Some(key))
        };
        let calls: Vec<CallId> = calls
            .copied()
            .filter(|call| on_member(&call))
            .take(MAX_NAMESAKES)
            .collect();
        let mut out = Vec::new();
        for call in calls {
            let site = self.model.calls[call as usize];
            if let Some(member) = site.node.callee().map(stripped).and_then(as_member)
                && let Expr::Member(inner) = &*member.obj
                && let Some(other) = self.owner_of(&inner.obj, site.scope, OWNER_DEPTH)
                && parts.related(owner, other)
            {
                out.extend(site.node.arguments().iter().map(|arg| (&*arg.expr, site.scope)));
            }
        }
        out
    }

    /// A method of that name.
    pub(super) fn method_of(&mut self, owner: Owner<'a>, key: &str) -> Option<FuncId> {
        let parts = self.parts();
        for one in parts.family(owner) {
            let found = match one {
                Owner::Class(class) => {
                    self.model.classes[class as usize]
                        .node
                        .body
                        .iter()
                        .find_map(|member| match member {
                            ClassMember::Method(method)
                                if method.kind == ast::MethodKind::Method && key_text(&method.key) == Some(key) =>
                            {
                                self.model.function_at(span_of(method.function.span).start)
                            }
                            ClassMember::PrivateMethod(method) if &*method.key.name == key => {
                                self.model.function_at(span_of(method.function.span).start)
                            }
                            _ => None,
                        })
                }
                Owner::Object(object, scope) => match self.property(object, key, scope) {
                    Value::Function(function) => Some(function),
                    _ => None,
                },
                Owner::Function(_) => None,
            };
            if found.is_some() {
                return found;
            }
        }
        self.member_values(owner, key)
            .into_iter()
            .find_map(|given| match given {
                Given::Expr(expr, _) => self.model.function_at(function_start(expr)?),
                _ => None,
            })
    }

    /// The constructor of a class, its own or the nearest above.
    pub(super) fn constructor_of(&mut self, owner: Owner<'a>) -> Option<FuncId> {
        match owner {
            Owner::Function(function) => Some(function),
            Owner::Object(..) => None,
            Owner::Class(class) => {
                let parts = self.parts();
                parts
                    .ancestors(class)
                    .find_map(|class| own_constructor(&self.model, &self.model.classes[class as usize]))
            }
        }
    }

    /// The known calls of a function that is a part of something.
    pub(super) fn calls_of_part(&mut self, function: FuncId) -> Vec<(CallNode<'a>, ScopeId)> {
        let parts = self.parts();
        let owner = parts.holder(&self.model, function);
        let name = self.model.functions[function as usize].name.or_else(|| {
            let start = self.model.functions[function as usize].start;
            let write = &self.model.member_writes[parts.write_of(start)? as usize];
            plain_key(&write.target.prop)
        });
        let (Some(owner), Some(name)) = (owner, name) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        if let (Owner::Class(class), "constructor") = (owner, name) {
            for below in parts.descendants(class) {
                let found = &self.model.classes[below as usize];
                if below == class || own_constructor(&self.model, found).is_none() {
                    let calls = parts.calls(&self.model).news.get(&below);
                    out.extend(calls.into_iter().flatten().take(MAX_NAMESAKES));
                }
            }
            for call in parts.calls(&self.model).supers.iter().take(MAX_NAMESAKES) {
                let scope = self.model.calls[*call as usize].scope;
                if let Some(Owner::Class(below)) = parts.this_owner(&self.model, scope)
                    && below != class
                    && parts.ancestors(below).any(|up| up == class)
                {
                    out.push(*call);
                }
            }
            order::sort(&mut out);
            out.dedup();
        } else {
            for call in parts
                .calls(&self.model)
                .methods
                .get(name)
                .into_iter()
                .flatten()
                .take(MAX_NAMESAKES)
            {
                let site = self.model.calls[*call as usize];
                let member = site.node.callee().map(stripped).and_then(as_member);
                if let Some(member) = member
                    && let Some(other) = self.owner_of(&member.obj, site.scope, OWNER_DEPTH)
                    && parts.related(owner, other)
                {
                    out.push(*call);
                }
            }
        }
        let site = |call: CallId| {
            let site = self.model.calls[call as usize];
            (site.node, site.scope)
        };
        out.into_iter().map(site).collect()
    }

    /// The calls of a table's entries by a key that is only known at run time: each of its functions may be meant.
    pub(super) fn calls_of_entry(&mut self, function: FuncId) -> Vec<(CallNode<'a>, ScopeId)> {
        let model::Owner::Object(table) = self.model.functions[function as usize].owner else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for index in 0..self.model.doubtful_calls.len().min(MAX_NAMESAKES) {
            let site = self.model.calls[self.model.doubtful_calls[index] as usize];
            let callee = site.node.callee().map(stripped);
            if callee.is_some_and(|callee| self.is_entry(callee, site.scope, table)) {
                out.push((site.node, site.scope));
            }
        }
        for index in 0..self.model.doubtful_reads.len().min(MAX_NAMESAKES) {
            let (read, scope, alias) = self.model.doubtful_reads[index];
            let model::Alias::Pattern(ast::Pat::Ident(name)) = &self.model.aliases[alias as usize] else {
                continue;
            };
            let Some(binding) = self.model.lookup(&name.id.sym, scope) else {
                continue;
            };
            if self.is_entry(read, scope, table) {
                let calls = self.model.refs_to(binding).take(MAX_NAMESAKES);
                out.extend(calls.filter_map(|found| Some((innermost_call(found.chain?)?, found.scope))));
            }
        }
        out
    }

    /// Whether an expression is a member, by a computed key, of an object that is written out.
    fn is_entry(&mut self, expr: &'a Expr, scope: ScopeId, table: &'a ObjectLit) -> bool {
        let Some(member) = as_member(expr).filter(|member| member.prop.is_computed()) else {
            return false;
        };
        let owner = self.owner_of(&member.obj, scope, OWNER_DEPTH);
        matches!(owner, Some(Owner::Object(object, _)) if std::ptr::eq(object, table))
    }

    /// Whether two expressions stand for the same object.
    pub(super) fn same_object(&mut self, one: (&'a Expr, ScopeId), other: (&'a Expr, ScopeId)) -> bool {
        if let (Expr::Ident(a), Expr::Ident(b)) = (one.0, other.0)
            && let binding @ Some(_) = self.model.lookup(&a.sym, one.1)
            && binding == self.model.lookup(&b.sym, other.1)
        {
            return true;
        }
        if let (Expr::Member(a), Expr::Member(b)) = (one.0, other.0) {
            return plain_key(&a.prop).is_some_and(|key| Some(key) == plain_key(&b.prop))
                && self.same_object((&a.obj, one.1), (&b.obj, other.1));
        }
        let owner = self.owner_of(one.0, one.1, OWNER_DEPTH);
        let (Some(a), Some(b)) = (owner, self.owner_of(other.0, other.1, OWNER_DEPTH)) else {
            return false;
        };
        self.parts().related(a, b)
    }
}

/// The value of an object literal's plain property.
fn property<'a>(object: &'a ObjectLit, key: &str) -> Option<&'a Expr> {
    object.props.iter().find_map(|prop| match prop {
        ast::PropOrSpread::Prop(prop) => match &**prop {
            ast::Prop::KeyValue(pair) if key_text(&pair.key) == Some(key) => Some(&*pair.value),
            _ => None,
        },
        ast::PropOrSpread::Spread(_) => None,
    })
}

fn own_constructor(model: &Model<'_>, class: &ClassDef<'_>) -> Option<FuncId> {
    class.node.body.iter().find_map(|member| match member {
        ClassMember::Constructor(constructor) if constructor.body.is_some() => {
            model.function_at(span_of(constructor.span).start)
        }
        _ => None,
    })
}

fn class_values<'a>(model: &Model<'a>, class: &ClassDef<'a>, key: &str, out: &mut Vec<Given<'a>>) {
    for member in &class.node.body {
        match member {
            ClassMember::ClassProp(prop) if key_text(&prop.key) == Some(key) => {
                out.extend(prop.value.as_deref().map(|value| Given::Expr(value, class.scope)));
            }
            ClassMember::PrivateProp(prop) if &*prop.key.name == key => {
                out.extend(prop.value.as_deref().map(|value| Given::Expr(value, class.scope)));
            }
            ClassMember::Method(method)
                if method.kind == ast::MethodKind::Getter && key_text(&method.key) == Some(key) =>
            {
                let getter = model.function_at(span_of(method.function.span).start);
                out.extend(getter.map(Given::Getter));
            }
            ClassMember::Constructor(constructor) => {
                for (index, param) in (0..).zip(&constructor.params) {
                    if let ast::ParamOrTsParamProp::TsParamProp(prop) = param
                        && let ast::TsParamPropParam::Ident(ident) = &prop.param
                        && &*ident.id.sym == key
                    {
                        let function = model.function_at(span_of(constructor.span).start);
                        out.extend(function.map(|function| Given::Parameter(function, index)));
                    }
                }
            }
            _ => {}
        }
    }
}
