//! Members: read, written, listed, deleted; of objects, texts and whatever else has some.
#![expect(
    clippy::cast_precision_loss,
    reason = "lengths are far below what a number holds exactly"
)]

use std::rc::Rc;

use swc_ecma_ast::{Expr, Lit, MemberProp};

use super::{
    MAX_SIZE, R, Run, Stop,
    heap::{GAP, Home, Kind, Native, Parent, Val, index},
    tables::{self, method},
};
use crate::facts::value::Hidden;

impl<'a> Run<'_, 'a> {
    pub(super) fn member(&mut self, object: &Val, prop: &'a MemberProp, env: Parent) -> R<Val> {
        if let MemberProp::Ident(name) = prop {
            return self.get(object, &name.sym);
        }
        if let MemberProp::Computed(computed) = prop {
            if let Expr::Lit(Lit::Str(text)) = &*computed.expr
                && let Some(key) = text.value.as_str()
            {
                return self.get(object, key);
            }
            let key = self.eval(&computed.expr, env)?;
            if object.is_nullish() {
                return Err(Stop::Throw(Val::Unknown));
            }
            if key.is_unknown() {
                return Err(Stop::Unknown);
            }
            if let Some(value) = self.indexed(object, &key) {
                return Ok(value);
            }
            let key = self.to_key(&key)?;
            return self.get(object, &key);
        }
        let key = self.member_key(prop, env)?;
        self.get(object, &key)
    }

    /// The common case: an item of an array or a text by a number.
    #[expect(clippy::cast_sign_loss, reason = "checked to be positive")]
    fn indexed(&self, object: &Val, key: &Val) -> Option<Val> {
        let Val::Num(n) = key else { return None };
        if n.fract() != 0.0 || !(0.0..1e9).contains(n) {
            return None;
        }
        self.item(object, *n as usize)
    }

    fn item(&self, object: &Val, at: usize) -> Option<Val> {
        match object {
            Val::Str(text) => Some(text.units.get(at).map_or(Val::Undefined, |unit| {
                Val::units(vec![*unit], text.hidden.max(Hidden::Assembled))
            })),
            Val::Gapped(units) => Some(match units.get(at) {
                Some(unit) if *unit != GAP => Val::units(vec![*unit], Hidden::Decoded),
                _ => Val::Unknown,
            }),
            Val::Obj(id) => match &self.obj(*id).kind {
                Kind::Array(items) => Some(match items.get(at) {
                    None | Some(Val::Unset) => Val::Undefined,
                    Some(item) => item.clone(),
                }),
                Kind::Bytes(bytes, _) => Some(bytes.get(at).map_or(Val::Undefined, |byte| Val::Num(f64::from(*byte)))),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn get(&mut self, object: &Val, key: &str) -> R<Val> {
        self.step(1)?;
        if let Some(at) = index(key)
            && let Some(item) = self.item(object, at)
        {
            return Ok(item);
        }
        Ok(match object {
            Val::Unknown | Val::Gapped(_) => Val::Unknown,
            Val::Unset => return Err(Stop::Unknown),
            Val::Undefined | Val::Null => return Err(Stop::Throw(Val::Unknown)),
            Val::Str(text) if key == "length" => Val::Num(text.units.len() as f64),
            Val::Str(_) => self.inherited(Home::String, "String", key),
            Val::Num(_) => self.inherited(Home::Number, "Number", key),
            Val::Bool(_) => self.inherited(Home::Boolean, "Boolean", key),
            Val::Native(native) => self.native_member(*native, key),
            Val::Obj(id) => return self.object_member(*id, key),
        })
    }

    /// A method of the language, whose object nobody has changed as far as one sees.
    fn inherited(&mut self, home: Home, constructor: &'static str, key: &str) -> Val {
        if self.replaced.has(key) || self.is_patched(constructor) || self.is_patched("Object") {
            return Val::Unknown;
        }
        if key == "constructor" {
            return Val::global(constructor);
        }
        match method(home, key).or_else(|| method(Home::Object, key)) {
            Some(native) => Val::Native(native),
            // A name that nobody adds to a prototype.
            None if key == "undefined" || !key.starts_with(|c: char| c.is_alphabetic() || "$_".contains(c)) => {
                Val::Undefined
            }
            None => Val::Unknown,
        }
    }

    pub(super) fn own_or_inherited(&self, id: u32, key: &str) -> Option<Val> {
        let mut at = Some(id);
        for _ in 0..16 {
            let object = self.obj(at?);
            if let Some(value) = object.props.get(key) {
                return Some(value.clone());
            }
            at = object.proto;
        }
        Some(Val::Unknown)
    }

    fn object_member(&mut self, id: u32, key: &str) -> R<Val> {
        if let Some(value) = self.own_or_inherited(id, key) {
            return Ok(value);
        }
        let object = self.obj(id);
        let (home, constructor) = match &object.kind {
            Kind::Plain => {
                return Ok(match method(Home::Object, key) {
                    _ if self.replaced.has(key) => Val::Unknown,
                    Some(native) => Val::Native(native),
                    None if key == "constructor" && object.proto.is_none() => Val::global("Object"),
                    None if key == "__proto__" || key == "constructor" => Val::Unknown,
                    None => Val::Undefined,
                });
            }
            Kind::Array(items) if key == "length" => return Ok(Val::Num(items.len() as f64)),
            Kind::Bytes(bytes, _) if matches!(key, "length" | "byteLength") => return Ok(Val::Num(bytes.len() as f64)),
            Kind::Function(closure) if key == "prototype" && !closure.arrow => {
                let prototype = Val::Obj(self.alloc(Kind::Plain)?);
                if let Val::Obj(made) = prototype {
                    self.set_prop(made, "constructor", Some(Val::Obj(id)))?;
                }
                self.set_prop(id, "prototype", Some(prototype.clone()))?;
                return Ok(prototype);
            }
            Kind::Function(closure) if key == "length" => return Ok(Val::Num(closure.code.params.len() as f64)),
            Kind::Function(_) if key == "name" => return Ok(Val::Unknown),
            Kind::Function(_) if !tables::is_function_name(key) && method(Home::Object, key).is_none() => {
                return Ok(Val::Undefined);
            }
            Kind::Regex(source, _) if key == "source" => return Ok(Val::Str(source.clone())),
            Kind::Map(entries, _) if key == "size" => return Ok(Val::Num(entries.len() as f64)),
            Kind::Array(_) => (Home::Array, "Array"),
            Kind::Bytes(_, true) => (Home::Bytes, "Buffer"),
            Kind::Bytes(_, false) => (Home::Bytes, "Uint8Array"),
            Kind::Function(_) | Kind::Bound(..) | Kind::Returns(_) => (Home::Function, "Function"),
            Kind::Regex(..) => (Home::RegExp, "RegExp"),
            Kind::Map(_, true) => (Home::Map, "Set"),
            Kind::Map(_, false) => (Home::Map, "Map"),
            Kind::Coder(true) => (Home::Decoder, "TextDecoder"),
            Kind::Coder(false) => (Home::Encoder, "TextEncoder"),
        };
        Ok(self.inherited(home, constructor, key))
    }

    fn native_member(&mut self, native: Native, key: &str) -> Val {
        if self.is_patched(native.name) {
            return Val::Unknown;
        }
        match (native.home, native.name) {
            (Home::Global, "globalThis") => return self.global(key),
            (Home::Prototype, name) => return self.inherited(tables::home_of(name), native.name, key),
            (Home::Global, name) => {
                if key == "prototype" && tables::has_prototype(name) {
                    return Val::Native(Native {
                        home: Home::Prototype,
                        name: native.name,
                    });
                }
                if let Some(number) = tables::constant(name, key) {
                    return Val::Num(number);
                }
                if let Some(found) = tables::static_member(name, key) {
                    return Val::Native(found);
                }
                if native.is_object() {
                    return Val::Unknown;
                }
            }
            _ => {}
        }
        match key {
            "name" => Val::text(native.name, Hidden::Assembled),
            "length" | "prototype" => Val::Unknown,
            _ => self.inherited(Home::Function, "Function", key),
        }
    }

    pub(super) fn set(&mut self, object: &Val, key: &str, value: Val) -> R<()> {
        self.step(1)?;
        let Val::Obj(id) = object else {
            return Err(Stop::Unknown);
        };
        if key == "__proto__" {
            return Err(Stop::Unknown);
        }
        let id = *id;
        match (&self.obj(id).kind, index(key)) {
            (Kind::Array(items), Some(at)) => {
                let len = items.len();
                if at >= len + 1024 || at >= MAX_SIZE {
                    return Err(Stop::Unknown);
                }
                if self.strict && self.is_foreign(id) && at >= len {
                    return self.cache_item(id, at, value);
                }
                if let Kind::Array(items) = self.kind_mut(id)? {
                    if at >= items.len() {
                        items.resize(at + 1, Val::Unset);
                    }
                    items[at] = value;
                }
                Ok(())
            }
            (Kind::Bytes(..), Some(at)) => {
                let number = self.to_number(&value)?;
                if let Kind::Bytes(bytes, _) = self.kind_mut(id)?
                    && let Some(byte) = bytes.get_mut(at)
                {
                    *byte = crate::facts::fold::to_i32(number).to_le_bytes()[0];
                }
                Ok(())
            }
            (Kind::Array(_), None) if key == "length" => {
                let length = self.to_key(&value)?;
                let length = index(&length).ok_or(Stop::Unknown)?;
                if let Kind::Array(items) = self.kind_mut(id)? {
                    if length > items.len() {
                        return Err(Stop::Unknown);
                    }
                    items.truncate(length);
                }
                Ok(())
            }
            (
                Kind::Regex(..) | Kind::Map(..) | Kind::Coder(_) | Kind::Bytes(..) | Kind::Bound(..) | Kind::Returns(_),
                _,
            ) => Err(Stop::Unknown),
            _ => self.set_prop(id, key, Some(value)),
        }
    }

    /// An array of the module that is filled as its items are asked for.
    fn cache_item(&mut self, id: u32, at: usize, value: Val) -> R<()> {
        let Kind::Array(items) = &self.obj(id).kind else {
            return Err(Stop::Unknown);
        };
        let before = items.clone();
        self.charge_text(before.len())?;
        self.mem.journal.push(super::Undo::Kind(id, Kind::Array(before)));
        self.cached = true;
        if let Kind::Array(items) = &mut self.mem.heap[id as usize].kind {
            items.resize(at + 1, Val::Unset);
            items[at] = value;
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, expr: &'a Expr, env: Parent) -> R<Val> {
        let Expr::Member(member) = expr else {
            return Err(Stop::Unknown);
        };
        let object = self.eval(&member.obj, env)?;
        let key = self.member_key(&member.prop, env)?;
        match object {
            Val::Obj(id) if matches!(self.obj(id).kind, Kind::Plain | Kind::Function(_)) => {
                self.set_prop(id, &key, None)?;
                Ok(Val::Bool(true))
            }
            _ => Err(Stop::Unknown),
        }
    }

    pub(super) fn has_property(&mut self, key: &Val, object: &Val) -> R<Val> {
        let key = self.to_key(key)?;
        let Val::Obj(id) = object else {
            return Ok(Val::Unknown);
        };
        if self.has_own(*id, &key) {
            return Ok(Val::Bool(true));
        }
        Ok(match self.own_or_inherited(*id, &key) {
            None if matches!(self.obj(*id).kind, Kind::Plain) && method(Home::Object, &key).is_none() => {
                Val::Bool(&*key == "constructor" || &*key == "__proto__")
            }
            _ => Val::Unknown,
        })
    }

    pub(super) fn has_own(&self, id: u32, key: &str) -> bool {
        let object = self.obj(id);
        let at = index(key);
        object.props.get(key).is_some()
            || match &object.kind {
                Kind::Array(items) => {
                    key == "length"
                        || at
                            .and_then(|at| items.get(at))
                            .is_some_and(|item| !matches!(item, Val::Unset))
                }
                Kind::Bytes(bytes, _) => at.is_some_and(|at| at < bytes.len()),
                _ => false,
            }
    }

    /// The names that `Object.keys` and `for … in` tell.
    pub(super) fn keys(&mut self, object: &Val) -> R<Vec<Rc<str>>> {
        let count = |count: usize| (0..count).map(|at| Rc::from(at.to_string()));
        let keys: Vec<Rc<str>> = match object {
            Val::Str(text) => count(text.units.len()).collect(),
            Val::Undefined | Val::Null => Vec::new(),
            Val::Obj(id) => {
                let object = self.obj(*id);
                if object.proto.is_some() {
                    return Err(Stop::Unknown);
                }
                let own = object.props.keys();
                match &object.kind {
                    Kind::Array(items) => (0..items.len())
                        .filter(|at| !matches!(items[*at], Val::Unset))
                        .map(|at| at.to_string().into())
                        .chain(own)
                        .collect(),
                    Kind::Bytes(bytes, _) => count(bytes.len()).chain(own).collect(),
                    Kind::Plain => own,
                    _ => return Err(Stop::Unknown),
                }
            }
            _ => return Err(Stop::Unknown),
        };
        self.charge_text(keys.len() * 4)?;
        Ok(keys)
    }
}
