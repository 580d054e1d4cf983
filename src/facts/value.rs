//! What an expression may be worth, as far as it can be told without running anything.

use std::rc::Rc;

use swc_ecma_ast::ObjectLit;

use super::{
    bundles::Bundled,
    model::{ClassId, FuncId, ScopeId},
};

/// The longest text or byte string that is folded.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// The most alternatives that are told apart.
const MAX_ALTERNATIVES: usize = 8;
/// How deep, and among how many items, a collection is searched for a power.
const MAX_INSIDE: u32 = 3;
const MAX_SEEN: usize = 128;
/// Stands for an unknown part of a text.
pub(super) const GAP: char = '…';

/// An abstract value. `Unknown` is always a right answer; anything else is never wrong.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Unknown,
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    /// A whole text.
    Text(Rc<str>, Hidden),
    /// A text of which parts are unknown, each marked by [`GAP`].
    Partial(Rc<str>),
    /// A buffer or typed array.
    Bytes(Rc<[u8]>, Hidden),
    Array(Rc<[Value<'a>]>),
    Object(&'a ObjectLit, ScopeId),
    Function(FuncId),
    /// A function that keeps the arguments of the calls it was made in.
    Closure(FuncId, Rc<[Frame<'a>]>),
    /// A function with its `this` and its first arguments.
    Bound(Rc<Bound<'a>>),
    /// A class of the module.
    Class(ClassId),
    /// What a class or a constructor function of the module makes; its prototype, too.
    Instance(Maker),
    /// The items of a collection, of which the places are not known, nor whether there are more.
    Bag(Rc<[Value<'a>]>),
    /// An object by its members: an enum, a property's descriptor, what statements put together.
    Record(Rc<[(Rc<str>, Value<'a>)]>),
    /// A `Map` by its keys.
    Map(Rc<[(Rc<str>, Value<'a>)]>),
    /// Something the API table may know, by its canonical path.
    Api(Rc<str>),
    /// `globalThis` and its other names.
    Global,
    /// (A part of) another module: its specifier, the path below its exports.
    Module(Rc<str>, Rc<str>),
    /// One of these, whichever way the program goes.
    OneOf(Rc<[Value<'a>]>),
    /// A part of a bundle's machinery.
    Bundled(Bundled<'a>),
}

/// The arguments of one call of a function.
pub(super) type Frame<'a> = (FuncId, Rc<[Value<'a>]>);

/// What `bind` gives.
#[derive(Debug)]
pub(super) struct Bound<'a> {
    pub(super) target: Value<'a>,
    pub(super) this: Value<'a>,
    pub(super) args: Vec<Value<'a>>,
}

/// What makes instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Maker {
    Class(ClassId),
    Function(FuncId),
}

/// How much a constant's text was hidden in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Hidden {
    /// Written out.
    #[default]
    Plain,
    /// Put together from pieces.
    Assembled,
    /// Decoded: base64, hex, character codes, reversal, XOR, …
    Decoded,
}

impl Value<'_> {
    pub(super) fn text(text: impl AsRef<str>, hidden: Hidden) -> Self {
        let text = text.as_ref();
        if text.len() > MAX_TEXT {
            Self::Unknown
        } else {
            Self::Text(text.into(), hidden)
        }
    }

    pub(super) fn bytes(bytes: Vec<u8>, hidden: Hidden) -> Self {
        if bytes.len() > MAX_TEXT {
            Self::Unknown
        } else {
            Self::Bytes(bytes.into(), hidden)
        }
    }

    pub(super) fn api(path: &str) -> Self {
        Self::Api(path.into())
    }

    /// The join of several possible values.
    pub(super) fn one_of(mut values: Vec<Self>) -> Self {
        if values.len() == 1 {
            return values.swap_remove(0);
        }
        if let Some((Self::OneOf(known), more)) = values.split_first()
            && more
                .iter()
                .all(|value| value.alternatives().iter().all(|part| part.is_among(known)))
        {
            return values.swap_remove(0);
        }
        let mut distinct = if values.iter().any(|value| matches!(value, Self::OneOf(_))) {
            values.iter().flat_map(Self::alternatives).cloned().collect()
        } else {
            values
        };
        // Those that are kept move to the front, in their order.
        let mut kept = 0;
        for at in 0..distinct.len() {
            if !distinct[at].is_among(&distinct[..kept]) {
                distinct.swap(kept, at);
                kept += 1;
                if kept > MAX_ALTERNATIVES {
                    return Self::Unknown;
                }
            }
        }
        distinct.truncate(kept);
        match kept {
            0 => Self::Unknown,
            1 => distinct.swap_remove(0),
            _ => Self::OneOf(distinct.into()),
        }
    }

    fn is_among(&self, known: &[Self]) -> bool {
        known.iter().any(|one| one.same(self))
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown)
            | (Self::Undefined, Self::Undefined)
            | (Self::Null, Self::Null)
            | (Self::Global, Self::Global) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a, _), Self::Text(b, _))
            | (Self::Partial(a), Self::Partial(b))
            | (Self::Api(a), Self::Api(b)) => Rc::ptr_eq(a, b) || a == b,
            (Self::Module(a, x), Self::Module(b, y)) => a == b && x == y,
            (Self::Object(a, _), Self::Object(b, _)) => std::ptr::eq(*a, *b),
            (Self::Array(a), Self::Array(b)) => {
                Rc::ptr_eq(a, b)
                    || a.len() == b.len() && a.len() <= MAX_SEEN && a.iter().zip(&**b).all(|(x, y)| x.same_item(y))
            }
            (Self::Function(a), Self::Function(b)) | (Self::Class(a), Self::Class(b)) => a == b,
            (Self::Record(a), Self::Record(b)) => {
                let same = |at: usize| a[at].0 == b[at].0 && a[at].1.same_item(&b[at].1);
                Rc::ptr_eq(a, b) || a.len() == b.len() && a.len() <= MAX_SEEN && (0..a.len()).all(same)
            }
            (Self::Instance(a), Self::Instance(b)) => a == b,
            (Self::Bound(a), Self::Bound(b)) => Rc::ptr_eq(a, b),
            (Self::Closure(a, x), Self::Closure(b, y)) => a == b && Rc::ptr_eq(x, y),
            (Self::Bag(a), Self::Bag(b)) => Rc::ptr_eq(a, b),
            (Self::Bundled(a), Self::Bundled(b)) => a.same(b),
            _ => false,
        }
    }

    /// Whether some alternative is not wholly known.
    pub(super) fn is_open(&self) -> bool {
        self.alternatives()
            .iter()
            .any(|v| matches!(v, Self::Unknown | Self::Partial(_)))
    }

    /// The same for what is in an array or record; what is nested deeper is not compared.
    fn same_item(&self, other: &Self) -> bool {
        !matches!(self, Self::Array(_) | Self::Record(_)) && self.same(other)
    }

    /// The alternatives, one or several.
    pub(super) fn alternatives(&self) -> &[Self] {
        if let Self::OneOf(values) = self {
            values
        } else {
            std::slice::from_ref(self)
        }
    }

    /// Applies a step to every alternative.
    pub(super) fn map(&self, mut step: impl FnMut(&Self) -> Self) -> Self {
        match self {
            Self::OneOf(values) => Self::one_of(values.iter().map(step).collect()),
            one => step(one),
        }
    }

    /// Whether some alternative leads to a power: an API, the global object, another module.
    pub(super) fn leads_somewhere(&self) -> bool {
        self.alternatives()
            .iter()
            .any(|v| matches!(v, Self::Api(_) | Self::Global | Self::Module(..)))
    }

    /// Whether some alternative is a power, or the object that has them all.
    pub(super) fn leads_to_power(&self) -> bool {
        self.alternatives()
            .iter()
            .any(|v| matches!(v, Self::Api(_) | Self::Global))
    }

    /// Whether some alternative may hold a power inside, or give it when called.
    pub(super) fn is_container(&self) -> bool {
        self.alternatives().iter().any(|v| !v.leads_somewhere() && v.may_hold())
    }

    fn may_hold(&self) -> bool {
        matches!(
            self,
            Self::Function(_)
                | Self::Closure(..)
                | Self::Bound(_)
                | Self::Object(..)
                | Self::Array(_)
                | Self::Class(_)
                | Self::Instance(_)
                | Self::Bag(_)
                | Self::Record(_)
                | Self::Map(_)
                | Self::Bundled(_)
        )
    }

    /// Whether it is, or visibly holds, something that leads to a power.
    pub(super) fn holds_power(&self) -> bool {
        let mut left = MAX_SEEN;
        self.holds(MAX_INSIDE, &mut left)
    }

    fn holds(&self, depth: u32, left: &mut usize) -> bool {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        if depth == 0 {
            return matches!(self, Self::Api(_) | Self::Global | Self::Module(..));
        }
        let mut any = |items: &[Self]| items.iter().any(|item| *left > 0 && item.holds(depth - 1, left));
        match self {
            Self::Api(_) | Self::Global | Self::Module(..) => true,
            Self::OneOf(items) | Self::Array(items) | Self::Bag(items) => any(items),
            Self::Record(members) | Self::Map(members) => members
                .iter()
                .any(|(_, value)| *left > 0 && value.holds(depth - 1, left)),
            Self::Bound(bound) => bound.target.holds(depth - 1, left),
            Self::Closure(_, frames) => frames.iter().any(|(_, args)| any(args)),
            _ => false,
        }
    }

    /// The function of the module that a call of it runs.
    pub(super) fn as_function(&self) -> Option<FuncId> {
        match self {
            Self::Function(function) | Self::Closure(function, _) => Some(*function),
            _ => None,
        }
    }

    /// Whether calling it may run something known.
    pub(super) fn is_callable(&self) -> bool {
        match self {
            Self::Api(_) | Self::Global | Self::Function(_) | Self::Closure(..) | Self::Bound(_) | Self::Class(_) => {
                true
            }
            Self::OneOf(values) => values.iter().any(Self::is_callable),
            _ => false,
        }
    }

    /// One of the items, if it is a collection.
    pub(super) fn items(&self) -> Self {
        match self {
            Self::Array(items) if items.len() < MAX_ALTERNATIVES => Self::one_of(items.to_vec()),
            array @ Self::Array(items) if array.holds_power() => Self::any_of(items),
            Self::Bag(items) => Self::any_of(items),
            Self::Map(entries) => {
                let pairs = entries
                    .iter()
                    .take(MAX_ALTERNATIVES - 1)
                    .map(|(key, value)| Self::Array([Self::Text(key.clone(), Hidden::Plain), value.clone()].into()));
                Self::one_of(pairs.chain([Self::Unknown]).collect())
            }
            Self::OneOf(values) => Self::one_of(values.iter().map(Self::items).collect()),
            _ => Self::Unknown,
        }
    }

    /// The same values, whichever is taken, and whatever else there may be.
    pub(super) fn any_of(items: &[Self]) -> Self {
        let mut distinct: Vec<Self> = items.iter().take(MAX_ALTERNATIVES - 1).cloned().collect();
        distinct.push(Self::Unknown);
        Self::one_of(distinct)
    }

    /// The text, if it is wholly known.
    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Text(text, _) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The number, if it is one.
    pub(super) fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// How hidden the constant was.
    pub(super) fn hidden(&self) -> Hidden {
        match self {
            Self::Text(_, hidden) | Self::Bytes(_, hidden) => *hidden,
            Self::Array(items) | Self::OneOf(items) => items.iter().map(Self::hidden).max().unwrap_or_default(),
            _ => Hidden::Plain,
        }
    }

    /// The value as a JavaScript string conversion gives it, if it is a known primitive.
    pub(super) fn to_text(&self) -> Option<Rc<str>> {
        match self {
            Self::Text(text, _) => Some(text.clone()),
            Self::Number(number) => Some(super::interpret::number_text(*number).into()),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Self::Null => Some("null".into()),
            Self::Undefined => Some("undefined".into()),
            Self::Array(items) => {
                let mut out = String::new();
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    if !matches!(item, Self::Null | Self::Undefined) {
                        out.push_str(&item.to_text()?);
                    }
                }
                Some(out.into())
            }
            _ => None,
        }
    }

    /// The text with a gap for whatever is unknown; `None` if nothing is known.
    pub(super) fn to_partial(&self) -> Option<Rc<str>> {
        match self {
            Self::Partial(text) => Some(text.clone()),
            Self::OneOf(values) => values.iter().find_map(Self::to_partial),
            other => other.to_text(),
        }
    }
}
