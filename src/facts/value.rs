//! What an expression may be worth, as far as it can be told without running anything.

use std::rc::Rc;

use swc_ecma_ast::ObjectLit;

use super::model::{FuncId, ScopeId};

/// The longest text or byte string that is folded.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// The most alternatives that are told apart.
const MAX_ALTERNATIVES: usize = 8;
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
    /// An object whose properties were put together by statements.
    Record(Rc<[(Rc<str>, Value<'a>)]>),
    Function(FuncId),
    /// Something the API table may know, by its canonical path.
    Api(Rc<str>),
    /// `globalThis` and its other names.
    Global,
    /// (A part of) another module: its specifier, the path below its exports.
    Module(Rc<str>, Rc<str>),
    /// One of these, whichever way the program goes.
    OneOf(Rc<[Value<'a>]>),
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
    pub(super) fn one_of(values: Vec<Self>) -> Self {
        let mut distinct: Vec<Self> = Vec::new();
        for value in values {
            let parts: &[Self] = if let Self::OneOf(parts) = &value {
                parts
            } else {
                std::slice::from_ref(&value)
            };
            for part in parts {
                if !distinct.iter().any(|known| known.same(part)) {
                    distinct.push(part.clone());
                }
            }
        }
        match distinct.len() {
            0 => Self::Unknown,
            1 => distinct.swap_remove(0),
            n if n > MAX_ALTERNATIVES => Self::Unknown,
            _ => Self::OneOf(distinct.into()),
        }
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
            | (Self::Api(a), Self::Api(b)) => a == b,
            (Self::Module(a, x), Self::Module(b, y)) => a == b && x == y,
            (Self::Function(a), Self::Function(b)) => a == b,
            (Self::Object(a, _), Self::Object(b, _)) => std::ptr::eq(*a, *b),
            _ => false,
        }
    }

    /// Whether some alternative is not wholly known.
    pub(super) fn is_open(&self) -> bool {
        self.alternatives()
            .iter()
            .any(|v| matches!(v, Self::Unknown | Self::Partial(_)))
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
        self.alternatives().iter().any(|v| {
            matches!(
                v,
                Self::Function(_) | Self::Object(..) | Self::Record(_) | Self::Array(_)
            )
        })
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
