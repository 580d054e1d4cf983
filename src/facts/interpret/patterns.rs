//! What texts do with patterns: `replace`, `split`, `match`, `test`.
#![expect(
    clippy::cast_precision_loss,
    reason = "offsets are far below what a number holds exactly"
)]

use std::rc::Rc;

use super::{
    MAX_SIZE, R, Run, Stop,
    heap::{Kind, Text, Val},
    regex::{Groups, Regex},
    texts::find,
};
use crate::facts::value::Hidden;

/// Steps of matching that one step of the run pays for.
const SHARE: usize = 4;

impl Run<'_, '_> {
    fn regex(&mut self, source: &Text, flags: &Text) -> R<Regex> {
        self.charge_text(source.units.len() * 4)?;
        let flags = flags.to_string().unwrap_or_default();
        let source = source.to_string().ok_or(Stop::Unknown)?;
        Regex::new(&source, &flags).ok_or(Stop::Unknown)
    }

    fn search(&mut self, regex: &Regex, text: &Text, from: usize) -> R<Option<Groups>> {
        let mut budget = (self.mem.steps as usize).saturating_mul(SHARE);
        let before = budget;
        let found = regex.find(&text.units, from, &mut budget);
        self.step(1 + (before - budget) / SHARE)?;
        found.ok_or(Stop::Unknown)
    }

    /// All matches of a global pattern, else the first.
    fn matches(&mut self, regex: &Regex, text: &Text) -> R<Vec<Groups>> {
        if regex.sticky {
            return Err(Stop::Unknown);
        }
        let mut found = Vec::new();
        let mut from = 0;
        while from <= text.units.len()
            && let Some(groups) = self.search(regex, text, from)?
        {
            let (start, end) = whole(&groups);
            from = if end == start { end + 1 } else { end };
            found.push(groups);
            if !regex.global {
                break;
            }
        }
        Ok(found)
    }

    fn parts_of(&self, value: &Val) -> Option<(Rc<Text>, Rc<Text>)> {
        let Val::Obj(id) = value else { return None };
        match &self.obj(*id).kind {
            Kind::Regex(source, flags) => Some((source.clone(), flags.clone())),
            _ => None,
        }
    }

    pub(super) fn pattern_method(&mut self, name: &str, text: &Rc<Text>, args: &[Val]) -> R<Val> {
        let first = args.first().cloned().unwrap_or(Val::Undefined);
        let regex = match self.parts_of(&first) {
            Some((source, flags)) => Some(self.regex(&source, &flags)?),
            None if matches!(first, Val::Obj(_)) => return Ok(Val::Unknown),
            None => None,
        };
        match (name, regex) {
            ("split", regex) => {
                if !matches!(args.get(1), None | Some(Val::Undefined)) {
                    return Ok(Val::Unknown);
                }
                self.split(text, &first, regex.as_ref())
            }
            ("replace" | "replaceAll", regex) => {
                let matches = if let Some(regex) = &regex {
                    self.matches(regex, text)?
                } else {
                    let part = self.to_text(&first)?;
                    self.charge_text(text.units.len().saturating_mul(part.units.len().clamp(1, 64)))?;
                    plain_matches(&text.units, &part.units, name == "replaceAll")
                };
                self.replace(text, &matches, args.get(1).unwrap_or(&Val::Undefined))
            }
            ("match" | "search", None) => {
                // `search('…')` makes a pattern of its text.
                let source = self.to_text(&first)?;
                let regex = self.regex(&source, &Text::default())?;
                self.found(name, &regex, text)
            }
            (_, Some(regex)) => self.found(name, &regex, text),
            _ => Ok(Val::Unknown),
        }
    }

    fn found(&mut self, name: &str, regex: &Regex, text: &Rc<Text>) -> R<Val> {
        let matches = self.matches(regex, text)?;
        if name == "search" {
            return Ok(Val::Num(matches.first().map_or(-1.0, |groups| whole(groups).0 as f64)));
        }
        let Some(first) = matches.first() else {
            return Ok(Val::Null);
        };
        let items: Vec<Val> = if regex.global {
            matches.iter().map(|groups| part(text, Some(whole(groups)))).collect()
        } else {
            first.iter().map(|group| part(text, *group)).collect()
        };
        self.new_array(items)
    }

    fn split(&mut self, text: &Rc<Text>, separator: &Val, regex: Option<&Regex>) -> R<Val> {
        let units = &text.units;
        let mut items = Vec::new();
        if let Some(regex) = regex {
            if regex.groups > 0 {
                return Ok(Val::Unknown);
            }
            let mut start = 0;
            let mut from = 0;
            while from < units.len()
                && let Some(groups) = self.search(regex, text, from)?
            {
                let (at, end) = whole(&groups);
                if at >= units.len() {
                    break;
                }
                if end == start || end == at && at == start {
                    from = at.max(from) + 1;
                    continue;
                }
                items.push(part(text, Some((start, at))));
                start = end;
                from = if end == at { end + 1 } else { end };
            }
            if units.is_empty() && self.search(regex, text, 0)?.is_some() {
                return self.new_array(Vec::new());
            }
            items.push(part(text, Some((start, units.len()))));
            return self.new_array(items);
        }
        if matches!(separator, Val::Undefined) {
            return self.new_array(vec![Val::Str(text.clone())]);
        }
        let separator = self.to_text(separator)?;
        if separator.units.is_empty() {
            self.charge_text(units.len() * 8)?;
            let items = (0..units.len()).map(|at| part(text, Some((at, at + 1)))).collect();
            return self.new_array(items);
        }
        self.charge_text(units.len().saturating_mul(separator.units.len().clamp(1, 64)))?;
        let mut start = 0;
        while let Some(at) = find(&units[start..], &separator.units) {
            items.push(part(text, Some((start, start + at))));
            start += at + separator.units.len();
        }
        items.push(part(text, Some((start, units.len()))));
        self.new_array(items)
    }

    fn replace(&mut self, text: &Rc<Text>, matches: &[Groups], with: &Val) -> R<Val> {
        let function = match with {
            Val::Obj(id) => matches!(self.obj(*id).kind, Kind::Function(_) | Kind::Bound(..)),
            Val::Native(_) => true,
            _ => false,
        };
        let template = if function { Rc::default() } else { self.to_text(with)? };
        let mut out: Vec<u16> = Vec::with_capacity(text.units.len());
        let mut hidden = text.hidden.max(template.hidden).max(Hidden::Assembled);
        let mut last = 0;
        for groups in matches {
            let (start, end) = whole(groups);
            out.extend_from_slice(text.units.get(last..start).unwrap_or_default());
            if function {
                let mut args: Vec<Val> = groups.iter().map(|group| part(text, *group)).collect();
                args.push(Val::Num(start as f64));
                args.push(Val::Str(text.clone()));
                let value = self.call_value(with, Val::Undefined, args)?;
                let value = self.to_text(&value)?;
                hidden = hidden.max(value.hidden);
                out.extend_from_slice(&value.units);
            } else {
                expand(&template.units, text, groups, &mut out);
            }
            if out.len() > MAX_SIZE {
                return Err(Stop::Unknown);
            }
            last = end;
        }
        out.extend_from_slice(text.units.get(last..).unwrap_or_default());
        self.room(out.len())?;
        self.charge_text(out.len())?;
        if !matches.is_empty() {
            hidden = Hidden::Decoded;
        }
        Ok(Val::units(out, hidden))
    }

    pub(super) fn regex_method(&mut self, name: &str, this: &Val, args: &[Val]) -> R<Val> {
        if name == "toString" {
            return self.to_primitive(this, true);
        }
        let Some((source, flags)) = self.parts_of(this) else {
            return Ok(Val::Unknown);
        };
        let regex = self.regex(&source, &flags)?;
        // A global pattern remembers where it was.
        if regex.global || regex.sticky || !matches!(name, "test" | "exec") {
            return Err(Stop::Unknown);
        }
        let text = self.to_text(args.first().unwrap_or(&Val::Undefined))?;
        match (name, self.search(&regex, &text, 0)?) {
            ("test", found) => Ok(Val::Bool(found.is_some())),
            (_, Some(groups)) => {
                let items = groups.iter().map(|group| part(&text, *group)).collect();
                self.new_array(items)
            }
            (_, None) => Ok(Val::Null),
        }
    }
}

fn whole(groups: &Groups) -> (usize, usize) {
    groups.first().copied().flatten().unwrap_or_default()
}

fn part(text: &Text, range: Option<(usize, usize)>) -> Val {
    range.map_or(Val::Undefined, |(start, end)| {
        Val::units(
            text.units.get(start..end).unwrap_or_default().to_vec(),
            text.hidden.max(Hidden::Assembled),
        )
    })
}

fn plain_matches(units: &[u16], part: &[u16], all: bool) -> Vec<Groups> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = units.get(from..).and_then(|rest| find(rest, part)) {
        let start = from + at;
        found.push(vec![Some((start, start + part.len()))]);
        from = start + part.len().max(1);
        if !all {
            break;
        }
    }
    found
}

/// A replacement with its `$&`, `$1` and so on filled in.
fn expand(template: &[u16], text: &Text, groups: &Groups, out: &mut Vec<u16>) {
    let mut at = 0;
    while let Some(unit) = template.get(at) {
        let next = template.get(at + 1).and_then(|unit| u8::try_from(*unit).ok());
        if *unit != u16::from(b'$') {
            out.push(*unit);
            at += 1;
            continue;
        }
        let (start, end) = whole(groups);
        let mut add = |range: Option<(usize, usize)>| {
            if let Some((start, end)) = range {
                out.extend_from_slice(text.units.get(start..end).unwrap_or_default());
            }
        };
        match next {
            Some(b'$') => out.push(u16::from(b'$')),
            Some(b'&') => add(Some((start, end))),
            Some(b'`') => add(Some((0, start))),
            Some(b'\'') => add(Some((end, text.units.len()))),
            Some(digit @ b'1'..=b'9') => {
                let one = usize::from(digit - b'0');
                let second = template.get(at + 2).and_then(|unit| u8::try_from(*unit).ok());
                let two = second
                    .filter(u8::is_ascii_digit)
                    .map(|second| one * 10 + usize::from(second - b'0'));
                if let Some(two) = two.filter(|two| *two < groups.len()) {
                    add(groups[two]);
                    at += 1;
                } else if let Some(group) = groups.get(one) {
                    add(*group);
                } else {
                    out.extend_from_slice(&template[at..at + 2]);
                }
            }
            _ => {
                out.push(*unit);
                at += 1;
                continue;
            }
        }
        at += 2;
    }
}
