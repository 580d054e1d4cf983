//! Where a power goes that is given to somebody: to a function's parameter, to a member of an object, into a collection.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{ClassMember, Expr, MemberProp};

use super::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, On},
    collect::key_text,
    evaluate::Analysis,
    index::{Reading, pairs, plain_key},
    model::{BindingId, CallId, ClassId, FuncId, NONE, Owner, Params, Role, ScopeId},
    objects::{Home, home_of},
    search::Search,
    value::{Maker, Value},
};
use crate::span::Span;

/// How many reads of members of one name are followed.
const MAX_READS: usize = 128;
/// How many members of one module are followed.
const MAX_KEYS: usize = 256;
/// How many properties of one object are looked at for its methods.
const MAX_PROPERTIES: usize = 64;
/// How many chains at `this` are followed in a module with a class that extends a power.
const MAX_OWN: usize = 512;
/// How many `with` statements of a module are looked into, and at how many names.
const MAX_WITHS: usize = 8;
const MAX_INSIDE_WITH: usize = 4096;
/// How far a chain is followed to its beginning.
const MAX_CHAIN: usize = 16;

impl<'a> Analysis<'a> {
    /// A value that leads to a power is an argument of a call.
    pub(super) fn passed(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        call: CallId,
        index: u16,
        search: &mut Search<'a>,
    ) {
        let site = self.model.calls[call as usize];
        let (target, index) = self.callee_of(call, index);
        if let (Some(function), Some(index)) = (target.as_function(), index)
            && self.model.functions[function as usize].role != Role::Called(call)
        {
            let fate = self.fate(function, index.into());
            if !fate.loud {
                return self.copied(value, span, scope, call, fate.back, search);
            }
        }
        let mut functions = target.alternatives().iter().filter(|one| one.makes_getter()).count();
        for alternative in target.alternatives() {
            let function = match alternative {
                Value::Class(class) => Some(self.model.classes[*class as usize].constructor).filter(|f| *f != NONE),
                other => other.as_function(),
            };
            let Some(function) = function else { continue };
            functions += 1;
            match index {
                Some(index) => self.queue_parameter(function, index, search),
                None => self.queue_parameters(function, search),
            }
            if self.model.functions[function as usize].role == Role::Called(call) {
                return;
            }
        }
        if functions > 0 && functions == target.alternatives().len() {
            if !search.calls.insert(call) {
                return;
            }
            let result = self.value(site.chain, site.scope);
            if result.holds_power() || matches!(result, Value::Instance(_)) {
                self.flows_on(&result, span_of_expr(site.chain), site.scope, site.context, search);
            }
            self.note_reads(value, span, scope);
            return;
        }
        self.store_by_call(&target, call, search);
        let again = !search.calls.insert(call);
        let result = if again {
            Value::Unknown
        } else {
            self.value(site.chain, site.scope)
        };
        let holds = result.holds_power();
        if holds || result.is_container() {
            self.flows_on(&result, span_of_expr(site.chain), site.scope, site.context, search);
        }
        if holds {
            self.note_reads(value, span, scope);
        } else {
            self.escapes(value, span, scope);
            return;
        }
        // `JSON.stringify(process.env)` gives something to follow on, but has already read all of it.
        if matches!(&target, Value::Api(path) if capability::api(path).is_some_and(|api| api.on == On::Call)) {
            self.escapes_environment(value, span, scope);
        }
    }

    /// A value is handed to a function that only looks at it, copies it or gives it back.
    fn copied(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        call: CallId,
        back: bool,
        search: &mut Search<'a>,
    ) {
        self.note_reads(value, span, scope);
        let site = self.model.calls[call as usize];
        if search.calls.insert(call) {
            let result = self.value(site.chain, site.scope);
            self.flows_on(&result, span_of_expr(site.chain), site.scope, site.context, search);
            // It came back, but could not be followed as far as that.
            if back && self.budget == 0 {
                self.escapes(value, span, scope);
            }
        }
    }

    /// What a call runs, and which of its parameters an argument is for; `None` for all of them.
    fn callee_of(&mut self, call: CallId, index: u16) -> (Value<'a>, Option<u16>) {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee().map(stripped) else {
            return (Value::Unknown, Some(index));
        };
        if let Some(member) = as_member(callee)
            && let MemberProp::Ident(name) = &member.prop
            && matches!(&*name.sym, "call" | "apply")
        {
            let object = self.value(&member.obj, site.scope);
            if object.alternatives().iter().any(|one| one.as_function().is_some()) {
                return match (&*name.sym, index) {
                    (_, 0) => (Value::Unknown, None),
                    ("call", index) => (object, Some(index - 1)),
                    _ => (object, None),
                };
            }
        }
        if let Some(timed) = self.timed(callee, site.node, index, site.scope) {
            return timed;
        }
        (self.value(callee, site.scope), Some(index))
    }

    fn queue_parameters(&mut self, function: FuncId, search: &mut Search<'a>) {
        let count = match self.model.functions[function as usize].params {
            Params::Function(params) => params.len(),
            Params::Arrow(params) => params.len(),
            Params::None | Params::Constructor(_) => 0,
        };
        for index in 0..count.min(16) as u16 {
            self.queue_parameter(function, index, search);
        }
    }

    /// `Object.assign(object, { power })`, `list.push(power)`: it is now a part of the object.
    fn store_by_call(&mut self, target: &Value<'a>, call: CallId, search: &mut Search<'a>) {
        let site = self.model.calls[call as usize];
        let args = site.node.arguments();
        if let Value::Api(path) = target {
            let Some((object, rest)) = args.split_first() else {
                return;
            };
            let keys: Vec<Rc<str>> = match &**path {
                "Object.assign" | "Object.defineProperties" => rest
                    .iter()
                    .filter_map(|arg| arg.expr.as_object())
                    .flat_map(names)
                    .collect(),
                "Object.defineProperty" | "Reflect.set" => {
                    let key = rest.first().and_then(|key| self.key_of(&key.expr, site.scope));
                    key.into_iter().collect()
                }
                _ => return,
            };
            return self.store_at(&object.expr, site.scope, &keys, search);
        }
        if let Some(Expr::Member(callee)) = site.node.callee()
            && let (Expr::Ident(object), MemberProp::Ident(method)) = (&*callee.obj, &callee.prop)
            && matches!(&*method.sym, "push" | "unshift" | "add" | "set")
            && let Some(binding) = self.model.lookup(&object.sym, site.scope)
        {
            search.push(binding);
        }
    }

    pub(super) fn store_at_write(&mut self, write: u32, search: &mut Search<'a>) {
        let (target, scope) = {
            let write = &self.model.member_writes[write as usize];
            (write.target, write.scope)
        };
        let key = match &target.prop {
            MemberProp::Computed(computed) => self.key_of(&computed.expr, scope),
            prop => plain_key(prop),
        };
        let keys: Vec<Rc<str>> = key.into_iter().collect();
        self.store_at(&target.obj, scope, &keys, search);
    }

    pub(super) fn store_in_field(&mut self, class: ClassId, index: u32, search: &mut Search<'a>) {
        let (node, binding) = {
            let class = &self.model.classes[class as usize];
            (class.node, class.binding)
        };
        let key: Option<Rc<str>> = match node.body.get(index as usize) {
            Some(ClassMember::ClassProp(prop)) => key_text(&prop.key).map(Rc::from),
            Some(ClassMember::PrivateProp(prop)) => Some((*prop.key.name).into()),
            _ => None,
        };
        search.follow_key(key);
        if binding != NONE {
            search.push(binding);
        }
    }

    /// A power is now what members of these names of an object are.
    fn store_at(&mut self, object: &'a Expr, scope: ScopeId, keys: &[Rc<str>], search: &mut Search<'a>) {
        let value = self.value(object, scope);
        for alternative in value.alternatives() {
            let Some(home) = home_of(alternative) else { continue };
            let names = keys.iter().cloned();
            names.for_each(|key| search.follow_key(Some(key)));
            match home {
                Home::Maker(maker) | Home::Instance(maker) => self.push_maker(maker, search),
                Home::Global => keys.iter().for_each(|key| self.follow_free(key, search)),
                Home::Literal(_) => {}
            }
        }
        if let Some(binding) = self.root_binding(object, scope) {
            search.push(binding);
        }
    }

    fn push_maker(&self, maker: Maker, search: &mut Search<'a>) {
        let binding = match maker {
            Maker::Class(class) => self.model.classes[class as usize].binding,
            Maker::Function(function) => match self.model.functions[function as usize].role {
                Role::Named(binding) => binding,
                _ => NONE,
            },
        };
        if binding != NONE {
            search.push(binding);
        }
    }

    fn root_binding(&self, object: &'a Expr, scope: ScopeId) -> Option<BindingId> {
        let mut at = object;
        loop {
            at = match at {
                Expr::Ident(ident) => return self.model.lookup(&ident.sym, scope),
                Expr::Member(member) => &member.obj,
                Expr::Paren(e) => &e.expr,
                Expr::TsAs(e) => &e.expr,
                _ => return None,
            };
        }
    }

    /// Follows the reads of a global that the module made itself.
    pub(super) fn follow_free(&mut self, text: &str, search: &mut Search<'a>) {
        if capability::global(text).is_some() {
            return;
        }
        let Some(name) = self.model.known_name(&text.into()) else {
            return;
        };
        if !search.free.insert(name) {
            return;
        }
        let root = self.free_global(text);
        let reads: Vec<u32> = self.model.free_reads_of(name).take(MAX_READS).collect();
        for read in reads {
            self.reference(&root, name, read, search);
        }
    }

    /// Follows every read of a member of this name.
    pub(super) fn follow_member(&mut self, key: &str, search: &mut Search<'a>) {
        if search.chains.len() > MAX_KEYS * MAX_READS {
            return;
        }
        let reads = self.member_reads();
        for reading in reads.of(key.trim_start_matches('#')).take(MAX_READS) {
            if !search.chains.insert(reading) {
                continue;
            }
            let (chain, scope, context) = match reading {
                Reading::Ref(read) => {
                    let read = &self.model.refs[read as usize];
                    (read.chain, read.scope, read.context)
                }
                Reading::Own(own) => {
                    let own = &self.model.own[own as usize];
                    (Some(own.chain), own.scope, own.context)
                }
            };
            let Some(chain) = chain else { continue };
            let mut value = Value::Unknown;
            self.limited(|analysis| value = analysis.value(chain, scope));
            self.flows_on(&value, span_of_expr(chain), scope, context, search);
        }
    }

    /// The methods of an object that holds a power read it through `this`.
    pub(super) fn methods_of(&mut self, root: &Value<'a>, search: &mut Search<'a>) {
        if self.model.own.is_empty() {
            return;
        }
        for alternative in root.alternatives() {
            if let Value::Object(object, scope) = alternative {
                for (key, value) in pairs(object).take(MAX_PROPERTIES) {
                    if !matches!(value, Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_))
                        && self.value(value, *scope).holds_power()
                    {
                        search.follow_key(Some(key.into()));
                    }
                }
            }
        }
    }

    /// The members of a class that are its parent's.
    pub(super) fn follow_parent(&mut self, value: &Value<'a>, class: ClassId, search: &mut Search<'a>) {
        let prototypes: Vec<Rc<str>> = value
            .alternatives()
            .iter()
            .filter_map(|one| match one {
                Value::Api(path) => Some(capability::member(path, "prototype").into()),
                _ => None,
            })
            .collect();
        if prototypes.is_empty() {
            return;
        }
        self.push_maker(Maker::Class(class), search);
        for index in 0..self.model.own.len().min(MAX_OWN) {
            let (chain, scope, context) = {
                let own = &self.model.own[index];
                (own.chain, own.scope, own.context)
            };
            let Some(key) = own_key(chain) else { continue };
            let powerful = prototypes.iter().any(|path| {
                let api = capability::api(&capability::member(path, key));
                api.is_some_and(|api| !api.capabilities.is_empty())
            });
            if powerful && search.chains.insert(Reading::Own(index as u32)) {
                let value = self.value(chain, scope);
                self.flows_on(&value, span_of_expr(chain), scope, context, search);
            }
        }
    }

    /// Inside `with (power) { … }` any name may be one of its members.
    pub(super) fn follow_withs(&mut self, search: &mut Search<'a>) {
        let mut scopes = Vec::new();
        for index in 0..self.model.withs.len().min(MAX_WITHS) {
            let (object, scope) = (self.model.withs[index].object, self.model.withs[index].scope);
            let outer = self.model.scopes[scope as usize].parent;
            if self.value(object, outer).leads_to_power() {
                scopes.push(scope);
            }
        }
        if scopes.is_empty() {
            return;
        }
        for read in 0..self.model.refs.len().min(MAX_INSIDE_WITH) {
            let (chain, scope, context) = {
                let read = &self.model.refs[read];
                (read.chain, read.scope, read.context)
            };
            let Some(chain) = chain else { continue };
            if self.model.is_within(scope, &scopes) {
                let value = self.value(chain, scope);
                self.flows_on(&value, span_of_expr(chain), scope, context, search);
            }
        }
    }

    /// `[power].forEach(…)`: what the chain does with it.
    pub(super) fn follow_inside(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        index: u32,
        search: &mut Search<'a>,
    ) {
        self.escapes(value, span, scope);
        if !search.inside.insert(index) {
            return;
        }
        let (chain, scope, context) = {
            let inside = &self.model.inside[index as usize];
            (inside.chain, inside.scope, inside.context)
        };
        let result = self.value(chain, scope);
        self.flows_on(&result, span_of_expr(chain), scope, context, search);
    }

    /// Follows a function's value to its callers; false if they cannot be known.
    pub(super) fn queue_function(&mut self, function: FuncId, search: &mut Search<'a>) -> bool {
        let (role, owner, name) = {
            let func = &self.model.functions[function as usize];
            (func.role, func.owner, func.name)
        };
        if !matches!(owner, Owner::None) {
            search.follow_key(name.map(Rc::from));
        }
        match (role, owner) {
            (Role::Named(binding), _) => {
                search.push(binding);
                true
            }
            (Role::Called(call), _) => {
                search.calls.insert(call) && {
                    self.follow_call(call, search);
                    true
                }
            }
            (Role::Argument(call, _), _) => {
                if search.calls.insert(call) {
                    let site = self.model.calls[call as usize];
                    let target = site.node.callee().map(|callee| self.value(callee, site.scope));
                    self.store_by_call(&target.unwrap_or(Value::Unknown), call, search);
                    self.follow_call(call, search);
                }
                false
            }
            (Role::Returned(outer), _) if outer < function => self.queue_function(outer, search),
            (Role::Alias(alias), _) => {
                let scope = self.model.functions[function as usize].scope;
                let scope = self.model.scopes[scope as usize].parent;
                self.queue_alias(alias, scope, search);
                false
            }
            (_, Owner::Class(class) | Owner::Static(class)) => {
                self.push_maker(Maker::Class(class), search);
                false
            }
            (_, Owner::Write(write)) => {
                self.store_at_write(write, search);
                false
            }
            _ => false,
        }
    }

    fn follow_call(&mut self, call: CallId, search: &mut Search<'a>) {
        let call = self.model.calls[call as usize];
        let whole = self.value(call.chain, call.scope);
        self.flows_on(&whole, span_of_expr(call.chain), call.scope, call.context, search);
    }
}

/// The member of `this` or `super` that a chain starts with.
fn own_key(chain: &Expr) -> Option<&str> {
    let mut at = chain;
    for _ in 0..MAX_CHAIN {
        at = match at {
            Expr::Member(member) => match (&*member.obj, &member.prop) {
                (Expr::This(_), MemberProp::Ident(name)) => return Some(&name.sym),
                (object, _) => object,
            },
            Expr::SuperProp(prop) => return prop.prop.as_ident().map(|name| &*name.sym),
            Expr::Call(call) => call.callee.as_expr()?,
            Expr::Paren(e) => &e.expr,
            Expr::Await(e) => &e.arg,
            _ => return None,
        };
    }
    None
}

/// The names of an object's own properties.
fn names(object: &ast::ObjectLit) -> impl Iterator<Item = Rc<str>> {
    object.props.iter().take(MAX_PROPERTIES).filter_map(|prop| {
        let ast::PropOrSpread::Prop(prop) = prop else {
            return None;
        };
        let name = match &**prop {
            ast::Prop::Shorthand(ident) => Some(&*ident.sym),
            ast::Prop::KeyValue(pair) => key_text(&pair.key),
            ast::Prop::Method(method) => key_text(&method.key),
            ast::Prop::Getter(getter) => key_text(&getter.key),
            _ => None,
        };
        name.map(Rc::from)
    })
}
