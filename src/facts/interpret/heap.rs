//! The interpreter's values, its objects and the scopes of the calls that it runs.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Pat, Stmt};

use crate::{
    facts::{model::ScopeId, value::Hidden},
    order,
};

pub(super) type ObjId = u32;
pub(super) type EnvId = u32;

/// A value. `Unknown` may be held and handed on; nothing is decided by it.
#[derive(Clone, Debug)]
pub(super) enum Val {
    Unknown,
    /// A text of which some units are not known: [`GAP`]. Unknown to everything but `+` and an index.
    Gapped(Rc<[u16]>),
    /// A binding that has no value yet.
    Unset,
    Undefined,
    Null,
    Bool(bool),
    Num(f64),
    Str(Rc<Text>),
    Obj(ObjId),
    Native(Native),
}

/// Stands for an unknown unit in [`Val::Gapped`]; no text that is asked for has it.
pub(super) const GAP: u16 = 0xffff;

/// A text as JavaScript has it, and how hidden it was in the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) units: Vec<u16>,
    pub(super) hidden: Hidden,
}

/// A function or object of the language: what it belongs to, and its name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Native {
    pub(super) home: Home,
    pub(super) name: &'static str,
}

/// Where functions of the language are found: methods of a kind of value, or members of a global.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    Global,
    /// A prototype itself: its name is that of the constructor.
    Prototype,
    Array,
    String,
    Number,
    Boolean,
    Function,
    Object,
    RegExp,
    Bytes,
    Map,
    /// Members of the constructor or namespace of that name.
    ArrayStatic,
    StringStatic,
    NumberStatic,
    ObjectStatic,
    BufferStatic,
    MathStatic,
    JsonStatic,
    BytesStatic,
    Decoder,
    Encoder,
}

/// What an object is.
#[derive(Clone)]
pub(super) enum Kind<'a> {
    Plain,
    Array(Vec<Val>),
    /// A typed array of bytes; a `Buffer` when `true`.
    Bytes(Vec<u8>, bool),
    Function(Closure<'a>),
    Regex(Rc<Text>, Rc<Text>),
    Map(Vec<(Val, Val)>, bool),
    /// `new TextDecoder()`, `new TextEncoder()`
    Coder(bool),
    /// A function of the language, its `this` and its first arguments.
    Bound(Val, Val, Vec<Val>),
    /// A function made of a text that only names what it gives.
    Returns(Val),
}

#[derive(Clone)]
pub(super) struct Obj<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) props: Props,
    pub(super) proto: Option<ObjId>,
    /// Whether another one has the same bytes, so that neither may be written to.
    pub(super) shared: bool,
}

/// Named properties in the order in which they were added.
#[derive(Clone, Default)]
pub(super) struct Props {
    index: FxHashMap<Rc<str>, u32>,
    entries: Vec<(Rc<str>, Option<Val>)>,
}

impl Props {
    pub(super) fn get(&self, key: &str) -> Option<&Val> {
        let at = *self.index.get(key)?;
        self.entries.get(at as usize)?.1.as_ref()
    }

    /// Sets a property; gives what it was before.
    pub(super) fn set(&mut self, key: &str, value: Option<Val>) -> Option<Val> {
        if let Some(at) = self.index.get(key)
            && let Some(entry) = self.entries.get_mut(*at as usize)
        {
            if value.is_none() {
                self.index.remove(key);
            }
            return std::mem::replace(&mut entry.1, value);
        }
        if value.is_some() {
            let key: Rc<str> = key.into();
            self.index.insert(key.clone(), self.entries.len() as u32);
            self.entries.push((key, value));
        }
        None
    }

    /// The keys as JavaScript orders them: indices first.
    pub(super) fn keys(&self) -> Vec<Rc<str>> {
        let live = self
            .entries
            .iter()
            .filter(|(_, value)| value.is_some())
            .map(|(key, _)| key.clone());
        let (mut numbers, rest): (Vec<_>, Vec<_>) = live.partition(|key| index(key).is_some());
        order::sort_by_key(&mut numbers, |key| index(key));
        numbers.extend(rest);
        numbers
    }
}

/// A property name that is an array's index.
pub(super) fn index(key: &str) -> Option<usize> {
    let plain = key.len() <= 9 && key.bytes().all(|b| b.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
    if plain { key.parse().ok() } else { None }
}

/// A function of the module with the scope that it was made in.
#[derive(Clone)]
pub(super) struct Closure<'a> {
    pub(super) code: Code<'a>,
    pub(super) env: Parent,
    /// The `this` of an arrow function's surroundings is found in its scope.
    pub(super) arrow: bool,
    pub(super) own_name: Option<&'a Atom>,
    /// Its source's place, for `toString`.
    pub(super) span: (u32, u32),
}

/// The parts of a function's syntax that running it needs.
#[derive(Clone, Copy)]
pub(super) struct Code<'a> {
    pub(super) params: Parameters<'a>,
    pub(super) body: Body<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Parameters<'a> {
    Function(&'a [ast::Param]),
    Arrow(&'a [Pat]),
}

impl<'a> Parameters<'a> {
    pub(super) fn get(self, index: usize) -> Option<&'a Pat> {
        match self {
            Self::Function(params) => params.get(index).map(|param| &param.pat),
            Self::Arrow(params) => params.get(index),
        }
    }

    pub(super) fn len(self) -> usize {
        match self {
            Self::Function(params) => params.len(),
            Self::Arrow(params) => params.len(),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Block(&'a [Stmt]),
    Value(&'a ast::Expr),
}

/// What is around a scope: another one of the run, or the module as the model has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    Env(EnvId),
    Module(ScopeId),
}

/// The names of one scope.
pub(super) struct Env<'a> {
    pub(super) vars: Vec<(&'a Atom, Val)>,
    pub(super) parent: Parent,
    /// Present where `this` and `arguments` are a scope's own.
    pub(super) call: Option<Box<Call>>,
}

/// What a call gives its function beside the parameters.
pub(super) struct Call {
    pub(super) this: Val,
    pub(super) args: Vec<Val>,
    /// Where the function stands.
    pub(super) start: u32,
    /// The object that `arguments` is, once it was asked for.
    pub(super) arguments: Option<ObjId>,
}

impl Val {
    pub(super) fn text(text: &str, hidden: Hidden) -> Self {
        Self::Str(Rc::new(Text {
            units: text.encode_utf16().collect(),
            hidden,
        }))
    }

    pub(super) fn units(units: Vec<u16>, hidden: Hidden) -> Self {
        Self::Str(Rc::new(Text { units, hidden }))
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown | Self::Gapped(_))
    }

    pub(super) fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    pub(super) fn global(name: &'static str) -> Self {
        Self::Native(Native {
            home: Home::Global,
            name,
        })
    }
}

impl Text {
    /// The text; none if it has a surrogate without its other half.
    pub(super) fn to_string(&self) -> Option<String> {
        String::from_utf16(&self.units).ok()
    }
}

/// The names that a list of statements declares.
pub(super) struct Hoist<'a> {
    /// `var` names, of inner blocks, too.
    pub(super) vars: Vec<&'a Atom>,
    /// `let`, `const` and `class` names of the list itself.
    pub(super) lexical: Vec<&'a Atom>,
    /// Functions declared in the list itself.
    pub(super) functions: Vec<&'a ast::FnDecl>,
}
