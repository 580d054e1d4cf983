//! Methods of arrays, and of maps and sets.
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "indices are JavaScript numbers, clamped before they are used"
)]

use std::rc::Rc;

use super::{
    R, Run, Stop,
    heap::{Home, Kind, Native, Text, Val},
};
use crate::{facts::value::Hidden, order};

/// An index as `slice` takes it: from the end if negative, never beyond it.
pub(super) fn relative(number: f64, len: usize) -> usize {
    let number = if number.is_nan() { 0.0 } else { number.trunc() };
    if number < 0.0 {
        (len as f64 + number).max(0.0) as usize
    } else {
        number.min(len as f64) as usize
    }
}

impl Run<'_, '_> {
    /// The range that two optional arguments tell, as `slice` takes them.
    pub(super) fn range(&mut self, args: &[Val], len: usize) -> R<(usize, usize)> {
        let start = match args.first() {
            None | Some(Val::Undefined) => 0,
            Some(start) => relative(self.to_number(start)?, len),
        };
        let end = match args.get(1) {
            None | Some(Val::Undefined) => len,
            Some(end) => relative(self.to_number(end)?, len),
        };
        Ok((start, end.max(start)))
    }

    fn array_items(&mut self, id: u32) -> R<&mut Vec<Val>> {
        match self.kind_mut(id)? {
            Kind::Array(items) => Ok(items),
            _ => Err(Stop::Unknown),
        }
    }

    pub(super) fn array_method(&mut self, native: Native, this: &Val, args: &[Val]) -> R<Val> {
        let name = native.name;
        let first = args.first().cloned().unwrap_or(Val::Undefined);
        if native.home == Home::ArrayStatic {
            return match name {
                "isArray" if first.is_unknown() => Ok(Val::Unknown),
                "isArray" => Ok(Val::Bool(
                    matches!(&first, Val::Obj(id) if matches!(self.obj(*id).kind, Kind::Array(_))),
                )),
                "of" => self.new_array(args.to_vec()),
                _ => self.array_from(&first, args.get(1)),
            };
        }
        let Val::Obj(id) = this else {
            return match this {
                // `Array.prototype.map.call('text', …)`
                Val::Str(_) => {
                    let items = self.items(this)?;
                    let copy = self.new_array(items)?;
                    self.array_method(native, &copy, args)
                }
                _ => Ok(Val::Unknown),
            };
        };
        let id = *id;
        let len = match &self.obj(id).kind {
            Kind::Array(items) => items.len(),
            Kind::Bytes(..) => {
                let items = self.items(this)?;
                let copy = self.new_array(items)?;
                return match name {
                    "slice" | "map" | "join" | "reduce" | "forEach" => self.array_method(native, &copy, args),
                    _ => Ok(Val::Unknown),
                };
            }
            _ => return Err(Stop::Unknown),
        };
        match name {
            "push" => {
                self.room(len + args.len())?;
                self.charge_text(args.len())?;
                let items = self.array_items(id)?;
                items.extend_from_slice(args);
                return Ok(Val::Num(items.len() as f64));
            }
            "pop" => return Ok(self.array_items(id)?.pop().map_or(Val::Undefined, present)),
            "shift" => {
                self.charge_text(len / 8)?;
                let items = self.array_items(id)?;
                return Ok(if items.is_empty() {
                    Val::Undefined
                } else {
                    present(items.remove(0))
                });
            }
            "unshift" => {
                self.room(len + args.len())?;
                self.charge_text(len + args.len())?;
                let items = self.array_items(id)?;
                items.splice(0..0, args.iter().cloned());
                return Ok(Val::Num(items.len() as f64));
            }
            _ => {}
        }
        self.charge_text(len)?;
        match name {
            "reverse" => {
                let items = self.array_items(id)?;
                items.reverse();
                items.iter_mut().for_each(hide);
                Ok(this.clone())
            }
            "sort" if args.is_empty() => {
                let sorted = self.sorted(this)?;
                *self.array_items(id)? = sorted;
                Ok(this.clone())
            }
            "splice" => {
                if args.iter().take(2).any(Val::is_unknown) || args.is_empty() {
                    return Err(Stop::Unknown);
                }
                let start = relative(self.to_number(&first)?, len);
                let count = match args.get(1) {
                    None => len - start,
                    Some(count) => (self.to_number(count)?.max(0.0) as usize).min(len - start),
                };
                let new = args.get(2..).unwrap_or_default().to_vec();
                self.room(len + new.len())?;
                let removed: Vec<Val> = self.array_items(id)?.splice(start..start + count, new).collect();
                self.new_array(removed)
            }
            "fill" => {
                let (start, end) = self.range(args.get(1..).unwrap_or_default(), len)?;
                self.array_items(id)?[start..end].fill(first);
                Ok(this.clone())
            }
            "map" | "forEach" | "filter" | "some" | "every" | "find" | "findIndex" | "reduce" | "flatMap"
            | "reduceRight" => self.iterate(name, this, &first, args.get(1)),
            _ => {
                let items = self.items(this)?;
                self.read_items(name, this, &items, args)
            }
        }
    }

    /// Methods that only read.
    fn read_items(&mut self, name: &str, this: &Val, items: &[Val], args: &[Val]) -> R<Val> {
        if args.iter().any(Val::is_unknown) && name != "concat" {
            return Err(Stop::Unknown);
        }
        let first = args.first().cloned().unwrap_or(Val::Undefined);
        match name {
            "join" | "toString" => {
                let separator = match &first {
                    Val::Undefined => vec![u16::from(b',')],
                    _ if name == "toString" => vec![u16::from(b',')],
                    text => self.to_text(text)?.units.clone(),
                };
                self.join(items, &separator)
            }
            "slice" => {
                let (start, end) = self.range(args, items.len())?;
                self.new_array(items[start..end].to_vec())
            }
            "toReversed" => {
                let mut items: Vec<Val> = items.iter().rev().cloned().collect();
                items.iter_mut().for_each(hide);
                self.new_array(items)
            }
            "toSorted" if args.is_empty() => {
                let sorted = self.sorted(this)?;
                self.new_array(sorted)
            }
            "concat" => {
                let mut all = items.to_vec();
                for arg in args {
                    match arg {
                        Val::Obj(id) if matches!(self.obj(*id).kind, Kind::Array(_)) => all.extend(self.items(arg)?),
                        Val::Obj(_) => return Err(Stop::Unknown),
                        value if value.is_unknown() => return Err(Stop::Unknown),
                        value => all.push(value.clone()),
                    }
                }
                self.new_array(all)
            }
            "at" => {
                let at = self.to_number(&first)?.trunc();
                let at = if at < 0.0 { items.len() as f64 + at } else { at };
                Ok(if at >= 0.0 {
                    items.get(at as usize).cloned().unwrap_or(Val::Undefined)
                } else {
                    Val::Undefined
                })
            }
            "indexOf" | "includes" | "lastIndexOf" => {
                if args.len() != 1 || items.iter().any(Val::is_unknown) {
                    return Ok(Val::Unknown);
                }
                let mut units = 0;
                let mut same = |item: &Val| {
                    if let Val::Str(text) = item {
                        units += text.units.len() / 16;
                    }
                    Self::strict_equal(item, &first)
                        || (name == "includes"
                            && matches!((item, &first), (Val::Num(a), Val::Num(b)) if a.is_nan() && b.is_nan()))
                };
                let at = if name == "lastIndexOf" {
                    items.iter().rposition(&mut same)
                } else {
                    items.iter().position(same)
                };
                self.charge_text(items.len() + units)?;
                Ok(if name == "includes" {
                    Val::Bool(at.is_some())
                } else {
                    Val::Num(at.map_or(-1.0, |at| at as f64))
                })
            }
            "flat" if matches!(first, Val::Undefined) => {
                let mut flat = Vec::new();
                for item in items {
                    match item {
                        Val::Obj(id) if matches!(self.obj(*id).kind, Kind::Array(_)) => flat.extend(self.items(item)?),
                        value if value.is_unknown() => return Err(Stop::Unknown),
                        value => flat.push(value.clone()),
                    }
                }
                self.new_array(flat)
            }
            "keys" => self.new_array((0..items.len()).map(|at| Val::Num(at as f64)).collect()),
            "values" => self.new_array(items.to_vec()),
            "entries" => {
                let mut pairs = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    pairs.push(self.new_array(vec![Val::Num(at as f64), item.clone()])?);
                }
                self.new_array(pairs)
            }
            _ => Ok(Val::Unknown),
        }
    }

    fn sorted(&mut self, this: &Val) -> R<Vec<Val>> {
        let items = self.items(this)?;
        let mut keyed: Vec<(Rc<Text>, Val)> = Vec::with_capacity(items.len());
        for item in items {
            if matches!(item, Val::Undefined) {
                return Err(Stop::Unknown);
            }
            keyed.push((self.to_text(&item)?, item));
        }
        self.charge_text(keyed.len() * 64)?;
        order::sort_by(&mut keyed, |(a, _), (b, _)| a.units.cmp(&b.units));
        Ok(keyed.into_iter().map(|(_, item)| item).collect())
    }

    /// Methods that call a function for each item.
    pub(super) fn iterate(&mut self, name: &str, this: &Val, callback: &Val, start: Option<&Val>) -> R<Val> {
        let items = self.items(this)?;
        if !matches!(callback, Val::Obj(_) | Val::Native(_)) {
            return Err(Stop::Unknown);
        }
        if name.starts_with("reduce") {
            let mut order: Vec<(usize, Val)> = items.into_iter().enumerate().collect();
            if name == "reduceRight" {
                order.reverse();
            }
            let mut order = order.into_iter();
            let mut sum = match start {
                Some(start) => start.clone(),
                None => order.next().map(|(_, item)| item).ok_or(Stop::Unknown)?,
            };
            for (at, item) in order {
                let args = vec![sum, item, Val::Num(at as f64), this.clone()];
                sum = self.call_value(callback, Val::Undefined, args)?;
            }
            return Ok(sum);
        }
        let own = start.cloned().unwrap_or(Val::Undefined);
        let mut out = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            let args = vec![item.clone(), Val::Num(at as f64), this.clone()];
            let value = self.call_value(callback, own.clone(), args)?;
            match name {
                "map" => out.push(value),
                "flatMap" => match &value {
                    Val::Obj(id) if matches!(self.obj(*id).kind, Kind::Array(_)) => out.extend(self.items(&value)?),
                    value if value.is_unknown() => return Err(Stop::Unknown),
                    _ => out.push(value),
                },
                "forEach" => {}
                _ => {
                    let holds = self.truthy(&value)?;
                    match name {
                        "filter" if holds => out.push(item),
                        "some" if holds => return Ok(Val::Bool(true)),
                        "every" if !holds => return Ok(Val::Bool(false)),
                        "find" if holds => return Ok(item),
                        "findIndex" if holds => return Ok(Val::Num(at as f64)),
                        _ => {}
                    }
                }
            }
        }
        Ok(match name {
            "map" | "filter" | "flatMap" => return self.new_array(out),
            "some" => Val::Bool(false),
            "every" => Val::Bool(true),
            "findIndex" => Val::Num(-1.0),
            _ => Val::Undefined,
        })
    }

    fn array_from(&mut self, from: &Val, map: Option<&Val>) -> R<Val> {
        let items = match from {
            Val::Obj(id) if matches!(self.obj(*id).kind, Kind::Plain) => {
                let Val::Num(length) = self.get(from, "length")? else {
                    return Err(Stop::Unknown);
                };
                let length = self.to_key(&Val::Num(length))?;
                let length = super::heap::index(&length).ok_or(Stop::Unknown)?;
                self.room(length)?;
                self.charge_text(length * 4)?;
                let mut items = Vec::new();
                for at in 0..length {
                    items.push(self.get(from, &at.to_string())?);
                }
                items
            }
            _ => self.items(from)?,
        };
        let made = self.new_array(items)?;
        match map {
            None | Some(Val::Undefined) => Ok(made),
            Some(map) => self.iterate("map", &made, map, None),
        }
    }

    pub(super) fn map_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        let Val::Obj(id) = this else {
            return Ok(Val::Unknown);
        };
        let key = args.first().cloned().unwrap_or(Val::Undefined);
        let Kind::Map(entries, set) = &self.obj(*id).kind else {
            return Err(Stop::Unknown);
        };
        if key.is_unknown() {
            return Err(Stop::Unknown);
        }
        let (count, set) = (entries.len(), *set);
        let found = entries.iter().position(|(known, _)| {
            Self::strict_equal(known, &key)
                || matches!((known, &key), (Val::Num(a), Val::Num(b)) if a.is_nan() && b.is_nan())
        });
        let value = found.and_then(|at| entries.get(at)).map(|(_, value)| value.clone());
        self.step(1 + count / 8)?;
        match name {
            "has" => return Ok(Val::Bool(found.is_some())),
            "get" if !set => return Ok(value.unwrap_or(Val::Undefined)),
            _ => {}
        }
        let Kind::Map(entries, _) = self.kind_mut(*id)? else {
            return Err(Stop::Unknown);
        };
        match (name, found) {
            ("add", Some(_)) if set => {}
            ("add", None) if set => entries.push((key, Val::Undefined)),
            ("set", Some(at)) if !set => entries[at].1 = args.get(1).cloned().unwrap_or(Val::Undefined),
            ("set", None) if !set => entries.push((key, args.get(1).cloned().unwrap_or(Val::Undefined))),
            ("delete", Some(at)) => {
                entries.remove(at);
                return Ok(Val::Bool(true));
            }
            ("delete", None) => return Ok(Val::Bool(false)),
            _ => return Err(Stop::Unknown),
        }
        Ok(this.clone())
    }
}

fn present(item: Val) -> Val {
    if matches!(item, Val::Unset) {
        Val::Undefined
    } else {
        item
    }
}

/// Marks a text as decoded: read backwards, it says what it did not say before.
fn hide(item: &mut Val) {
    if let Val::Str(text) = item {
        Rc::make_mut(text).hidden = Hidden::Decoded;
    }
}
