//! The language's own ways around a name: `Reflect`, `Object`, `Promise`, `Proxy`, `arguments`, `with`.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use swc_atoms::Atom;
use swc_ecma_ast::{Expr, Prop, PropOrSpread};

use super::{
    calls::{Site, as_member, passed_through, spread, stripped},
    collect::key_text,
    collections::MUTATORS,
    evaluate::Analysis,
    index::pairs,
    model::{BindingId, Context, Model, NONE, Role, ScopeId},
    objects::Home,
    value::Value,
    ways::plain_key,
};

/// How many properties of an object are listed.
const MAX_LISTED: usize = 64;
/// How many assignments to an undeclared name are looked at.
const MAX_ASSIGNS: usize = 16;
/// How many objects may be spread from each other.
const MAX_SPREADS: usize = 6;
/// How many properties a returned object may have to be told apart by the call.
const MAX_CAPTURED: usize = 2;
/// How many `with` statements may stand around a name.
const MAX_WITHS: usize = 8;

/// The longest object of which an unknown member may be any.
const MAX_TABLE: usize = 6;

impl<'a> Analysis<'a> {
    /// What a call of one of the language's own functions gives that only hands on what it got.
    pub(super) fn reflected(&mut self, path: &str, args: &[Value<'a>], site: Site<'a>) -> Option<Value<'a>> {
        let first = args.first().cloned().unwrap_or(Value::Undefined);
        let second = args.get(1);
        Some(match path {
            "Reflect.apply" => {
                let this = second.cloned().unwrap_or(Value::Undefined);
                self.invoke(&first, this, spread(args.get(2)), site.apart())
            }
            "Reflect.construct" => self.invoke(&first, Value::Undefined, spread(second), site.apart()),
            "Reflect.get" => match second.and_then(Value::as_text) {
                Some(key) => self.get(&first, key, Some((site.span, site.scope))),
                None => Value::Unknown,
            },
            "Object.getOwnPropertyDescriptor" | "Reflect.getOwnPropertyDescriptor" => {
                let key = second.and_then(Value::as_text)?;
                let value = self.get(&first, key, Some((site.span, site.scope)));
                Value::Record([("value".into(), value)].into())
            }
            "Object.values" | "Object.entries" => self.listed(&first, path == "Object.entries")?,
            "Object.freeze"
            | "Object.seal"
            | "Object.preventExtensions"
            | "Object.defineProperty"
            | "Object.defineProperties"
            | "Object.setPrototypeOf" => first,
            "Object.create" | "Object.assign" => {
                if first.leads_somewhere() {
                    return Some(first);
                }
                let source = args.iter().find(|arg| arg.leads_somewhere()).cloned();
                match (first, source) {
                    (Value::Unknown, source) => source.unwrap_or(Value::Unknown),
                    (first, None) => first,
                    (first, Some(source)) => Value::one_of(vec![source, first]),
                }
            }
            // A handler that does nothing changes nothing; any other may still let through what it guards.
            "Proxy" => {
                let plain = matches!(second, Some(Value::Object(handler, _)) if handler.props.is_empty());
                if plain { first } else { passed_through(first)? }
            }
            "Map" | "WeakMap" => Self::collection("Map", args)?,
            "Set" | "WeakSet" => Self::collection("Set", args)?,
            "Promise.all" | "Promise.resolve" | "Promise.allSettled" | "Array.from" if first.holds_power() => first,
            "Promise.race" | "Promise.any" => first.items(),
            "Array.of" => Value::Array(args.into()),
            "util.promisify" | "util.callbackify" | "util.deprecate" if first.leads_to_power() => first,
            _ => return None,
        })
    }

    /// The values of an object, in no order, and perhaps more of them.
    fn listed(&mut self, object: &Value<'a>, entries: bool) -> Option<Value<'a>> {
        let Value::Object(literal, scope) = object else {
            return None;
        };
        let mut items = Vec::new();
        for prop in literal.props.iter().take(MAX_LISTED) {
            let PropOrSpread::Prop(prop) = prop else { continue };
            let key = match &**prop {
                Prop::Shorthand(ident) => Some(&*ident.sym),
                Prop::KeyValue(pair) => key_text(&pair.key),
                Prop::Method(method) => key_text(&method.key),
                _ => None,
            };
            let Some(key) = key else { continue };
            let value = self.property(literal, key, *scope);
            if !value.holds_power() && !value.is_container() {
                continue;
            }
            items.push(if entries {
                Value::Array([Value::text(key, super::value::Hidden::Plain), value].into())
            } else {
                value
            });
        }
        (!items.is_empty()).then(|| Value::Bag(items.into()))
    }

    /// `promise.then(f)` where it is known what the promise becomes.
    pub(super) fn settled(&mut self, object: &Value<'a>, key: &str, args: &[Value<'a>]) -> Option<Value<'a>> {
        if !matches!(key, "then" | "catch" | "finally") || !object.holds_power() {
            return None;
        }
        // A path may have a `then` of its own.
        if let Value::Api(path) = object
            && path.contains('#')
        {
            return None;
        }
        if key != "then" {
            return Some(object.clone());
        }
        let callback = args.first()?;
        let Some(function) = callback.as_function() else {
            return matches!(callback, Value::Unknown | Value::Undefined | Value::Null).then_some(Value::Unknown);
        };
        if let Value::Closure(_, frames) = callback {
            return Some(self.enter_within(function, &frames.clone(), vec![object.clone()]));
        }
        self.delivered_to.push((function, 0));
        Some(self.enter(function, vec![object.clone()]))
    }

    /// `arguments` of the function around.
    pub(super) fn all_arguments(&mut self, scope: ScopeId) -> Value<'a> {
        let mut function = self.model.function_of(scope);
        while function != 0 && self.model.functions[function as usize].arrow {
            function = self.model.functions[function as usize].parent;
        }
        if function == 0 {
            return Value::api("arguments");
        }
        if let Some(at) = self.frames.iter().rposition(|(own, _)| *own == function) {
            self.lowest = self.lowest.min(at);
            let args = self.frames[at].1.clone();
            return self.perhaps_changed(function, args);
        }
        match self.rest_parameter(function, 0) {
            Value::Unknown => Value::api("arguments"),
            Value::Array(args) => self.perhaps_changed(function, args),
            known => known,
        }
    }

    /// Arguments, of which each is what its parameter is given later, too.
    fn perhaps_changed(&self, function: u32, args: Rc<[Value<'a>]>) -> Value<'a> {
        let count = args.len().min(self.model.functions[function as usize].params.len());
        if count > MAX_LISTED {
            return Value::Unknown;
        }
        if !(0..count).any(|at| self.model.is_parameter_changed(function, at)) {
            return Value::Array(args);
        }
        let changed = |(at, arg): (usize, &Value<'a>)| {
            if at < count && self.model.is_parameter_changed(function, at) {
                or_another(arg.clone())
            } else {
                arg.clone()
            }
        };
        Value::Array(args.iter().enumerate().map(changed).collect())
    }

    /// What a parameter is worth that was given a value: `arguments[0] = x` gives it another.
    pub(super) fn perhaps_reassigned(&mut self, function: u32, value: Value<'a>) -> Value<'a> {
        let model = &self.model;
        let changed = self
            .reassigned
            .get_or_insert_with(|| functions_changing_arguments(model));
        if !changed.is_empty() && changed.contains(&function) {
            or_another(value)
        } else {
            value
        }
    }

    /// A global that the module makes itself: `run = exec` without a declaration, `globalThis.run = exec`.
    pub(super) fn free_global(&mut self, text: &str) -> Value<'a> {
        let mut values = Vec::new();
        if let Some(name) = self.model.known_name(&text.into()) {
            let mut at = self.model.names[name as usize].first_assign;
            for _ in 0..MAX_ASSIGNS {
                let Some(found) = self.model.assigns.get(at as usize) else {
                    break;
                };
                at = found.next;
                if let (super::model::Source::Expr(expr, scope), false, true) =
                    (found.source, found.compound, found.path.is_empty())
                    && self.model.resolve(name, found.scope).is_none()
                {
                    values.push(self.value(expr, scope));
                }
            }
            if at != NONE {
                values.push(Value::Unknown);
            }
        }
        if let Some(value) = self.stored(Home::Global, text) {
            values.push(value);
        }
        if values.is_empty() {
            return Value::Unknown;
        }
        values.push(Value::Unknown);
        Value::one_of(values)
    }

    /// What a name means inside `with (object) { … }`.
    pub(super) fn member_of_with(
        &mut self,
        text: &Atom,
        binding: Option<BindingId>,
        scope: ScopeId,
    ) -> Option<Value<'a>> {
        let mut at = scope;
        for _ in 0..self.model.scopes.len().min(256) {
            if let Some(name) = self.model.known_name(text)
                && binding.is_some()
                && self.model.declares(at, name)
            {
                return None;
            }
            let found = self.model.withs.iter().take(MAX_WITHS).find(|with| with.scope == at);
            if let Some(object) = found.map(|with| with.object) {
                let outer = self.model.scopes[at as usize].parent;
                let object = self.value(object, outer);
                let inside = if object.leads_to_power() || object.is_container() {
                    self.get(&object, text, None)
                } else {
                    Value::Unknown
                };
                let outside = self.meant(binding, text);
                return Some(Value::one_of(vec![inside, outside]));
            }
            at = self.model.scopes[at as usize].parent;
            if at == NONE {
                return None;
            }
        }
        None
    }

    /// What a parameter and all after it are given: `...rest`, `arguments`.
    pub(super) fn rest_parameter(&mut self, function: u32, from: usize) -> Value<'a> {
        let sites = match self.model.functions[function as usize].role {
            Role::Called(call) => {
                let call = self.model.calls[call as usize];
                vec![(call.node, call.scope)]
            }
            Role::Named(binding) => match self.call_sites(binding) {
                Some(sites) => sites,
                None => return Value::Unknown,
            },
            _ => return Value::Unknown,
        };
        let mut values = Vec::with_capacity(sites.len());
        for (node, scope) in sites {
            let args = self.arguments(node, scope);
            let own = args.get(from + node.shift()..).unwrap_or_default();
            values.push(Value::Array(own.into()));
        }
        Value::one_of(values)
    }

    /// The values of an object literal's properties that `key` names, for all that it is spread from.
    pub(super) fn spread_member(&mut self, spread: &'a Expr, key: &str, scope: ScopeId) -> Value<'a> {
        // `options = { …, ...options }` is spread from itself, too.
        let id = std::ptr::from_ref(spread) as usize;
        if self.objects.spreading.len() >= MAX_SPREADS || self.objects.spreading.contains(&id) {
            return Value::Unknown;
        }
        self.objects.spreading.push(id);
        let value = self.spread_source(spread, key, scope);
        self.objects.spreading.pop();
        value
    }

    fn spread_source(&mut self, spread: &'a Expr, key: &str, scope: ScopeId) -> Value<'a> {
        let source = self.value(spread, scope);
        match &source {
            Value::Object(object, _) if pairs(object).next().is_none() && object.props.is_empty() => Value::Undefined,
            Value::Array(_) => Value::Unknown,
            _ => self.get(&source, key, None),
        }
    }

    /// What a member of unknown name of an object literal may be, if that leads to a power.
    pub(super) fn any_member(&mut self, literal: &'a swc_ecma_ast::ObjectLit, scope: ScopeId) -> Value<'a> {
        let mut items = Vec::new();
        let mut plain = Vec::new();
        let is_table = literal.props.len() <= MAX_TABLE;
        self.limited(|analysis| {
            for (_, part) in pairs(literal) {
                if !is_table && matches!(part, Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_)) {
                    continue;
                }
                let value = analysis.value(part, scope);
                if value.leads_to_power() {
                    items.push(value);
                } else if matches!(value, Value::Text(..) | Value::Partial(_) | Value::Function(_)) {
                    plain.push(value);
                }
            }
        });
        if !items.is_empty() {
            return Value::any_of(&items);
        }
        if !is_table || plain.len() != literal.props.len() {
            return Value::Unknown;
        }
        // A table of a few paths, hosts or functions, such as one for each platform; or what all objects have.
        plain.push(Value::Unknown);
        Value::one_of(plain)
    }

    /// A returned object that holds what the function was given (`{ default: module }`) is another in each call.
    pub(super) fn captured(&mut self, value: Value<'a>, frame: usize) -> Value<'a> {
        if let Value::OneOf(values) = &value {
            let values = values.iter().map(|one| self.captured(one.clone(), frame)).collect();
            return Value::one_of(values);
        }
        let Value::Object(literal, scope) = &value else {
            return value;
        };
        if literal.props.is_empty() || literal.props.len() > MAX_CAPTURED {
            return value;
        }
        let mut members = Vec::new();
        let (_, lowest) = self.watched(|analysis| {
            for (key, part) in pairs(literal) {
                members.push((key.into(), analysis.value(part, *scope)));
            }
            Value::Unknown
        });
        if lowest < frame || lowest == usize::MAX || members.len() != literal.props.len() {
            return value;
        }
        Value::Record(members.into())
    }

    /// A text for a key, shared.
    pub(super) fn key_of(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<Rc<str>> {
        self.value(expr, scope).as_text().map(Rc::from)
    }
}

/// The functions that write to their `arguments`, or call a method that does.
fn functions_changing_arguments(model: &Model<'_>) -> FxHashSet<u32> {
    let mut found = FxHashSet::default();
    let Some(name) = model.known_name(&"arguments".into()) else {
        return found;
    };
    let mut at = model.names[name as usize].first_ref;
    while let Some(read) = model.refs.get(at as usize) {
        at = read.next;
        let changes = match read.context {
            Context::Write(_) | Context::Update => true,
            // Whoever has it by another name may do the same.
            Context::Alias(_) => matches!(read.chain, Some(Expr::Ident(_))),
            // `[].shift.call(arguments)`
            Context::Argument(call, 0) => model.calls[call as usize]
                .node
                .callee()
                .and_then(|callee| as_member(stripped(callee)))
                .and_then(|applied| plain_key(&as_member(stripped(&applied.obj))?.prop))
                .is_some_and(|method| MUTATORS.contains(&method)),
            _ => false,
        };
        if changes {
            let mut function = model.function_of(read.scope);
            while function != 0 && model.functions[function as usize].arrow {
                function = model.functions[function as usize].parent;
            }
            found.insert(function);
        }
    }
    found
}

/// A value that may have been changed: a power may still be it, a constant is not known any more.
fn or_another(value: Value<'_>) -> Value<'_> {
    if value.holds_power() || value.is_container() {
        Value::one_of(vec![value, Value::Unknown])
    } else {
        Value::Unknown
    }
}
