//! One way back from a sink: what was found on it, and where it stands.

use std::{hash::BuildHasher as _, rc::Rc};

use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::{
    facts::{
        capability::Source,
        model::{BindingId, CallNode, FuncId, ScopeId},
    },
    span::Span,
};

/// The longest way that is told. On a longer one, through a dozen functions of a large bundle, some step was almost
/// surely taken that the program never takes.
const MAX_STEPS: usize = 10;
/// The longest way from a decoder: every server decodes the paths that it is asked for.
const MAX_DECODED_STEPS: usize = 6;

/// Where one piece of data comes from.
#[derive(Debug, Clone)]
pub(in crate::facts) struct Origin {
    pub(in crate::facts) kind: Kind,
    pub(in crate::facts) api: Rc<str>,
    pub(in crate::facts) span: Span,
    /// Names, paths or hosts that it was read from.
    pub(in crate::facts) what: Vec<String>,
    /// The way from the source to the sink.
    pub(in crate::facts) steps: Vec<(Span, String)>,
    /// Whether it was encoded, or decoded, on the way.
    pub(in crate::facts) encoded: bool,
    pub(in crate::facts) decoded: bool,
}

/// What an origin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::facts) enum Kind {
    Outside(Source),
    /// A decoder's result, whatever it decodes.
    Decoder,
    /// A parameter that outside code fills.
    Caller,
    /// A parameter of an exported function; the members that are asked for of it are among what is read.
    Port(FuncId, u32),
    /// Something of another module; what of it is among what is read.
    Edge,
}

/// One way back.
#[derive(Default)]
pub(in crate::facts) struct Trail<'a> {
    pub(in crate::facts) found: Vec<Origin>,
    visited: FxHashSet<(usize, ScopeId, u64)>,
    bindings: FxHashSet<(BindingId, u64)>,
    /// The members that are asked for of what is being followed, the next one last; none for all of it.
    pub(in crate::facts) wanted: Vec<&'a str>,
    /// The calls whose results are being followed into the called functions, so that a parameter leads back to the call
    /// that was entered and not to every call there is.
    pub(in crate::facts) entered: Vec<Entered<'a>>,
    pub(in crate::facts) steps: Vec<(Span, Step<'a>)>,
    pub(in crate::facts) encoded: u32,
    pub(in crate::facts) decoded: u32,
    /// How many functions of other modules are between.
    pub(in crate::facts) opaque: u32,
    /// Methods of what is being followed, the results of which were followed first.
    pub(in crate::facts) methods: u32,
    /// Calls on the way that may make something else of what they are given.
    pub(in crate::facts) worked: u32,
    pub(in crate::facts) depth: usize,
    pub(in crate::facts) length: u32,
    /// Whether it matters that outside code fills a parameter.
    callers: bool,
    /// How often something was found or left out.
    events: u32,
    /// How often an end of the way was met, whether it matters or not.
    pub(in crate::facts) ends: u32,
}

/// An expression that nothing comes from, in a scope and a context.
pub(in crate::facts) type Barren = FxHashSet<(usize, ScopeId, u64)>;

/// How many of them are remembered.
const MAX_BARREN: usize = 1 << 16;

/// What happens on the way; put into words only if a source is found.
#[derive(Clone, Copy)]
pub(in crate::facts) enum Step<'a> {
    HeldIn(&'a str),
    ReturnedBy(&'a str),
    Encoded,
}

impl Step<'_> {
    fn words(self) -> String {
        match self {
            Self::HeldIn(name) => format!("held in `{name}`"),
            Self::ReturnedBy(name) => format!("returned by `{name}`"),
            Self::Encoded => "encoded".to_owned(),
        }
    }
}

/// A function, and the call by which it was entered.
pub(in crate::facts) struct Entered<'a> {
    pub(in crate::facts) function: FuncId,
    pub(in crate::facts) node: CallNode<'a>,
    pub(in crate::facts) scope: ScopeId,
}

impl Trail<'_> {
    /// A way that may cost no more than so many steps of those that one way may cost at most.
    pub(in crate::facts) fn short(most: u32, steps: u32) -> Self {
        Self {
            length: most.saturating_sub(steps),
            ..Self::default()
        }
    }

    /// A way on which it matters that outside code fills a parameter.
    pub(in crate::facts) fn with_callers() -> Self {
        Self {
            callers: true,
            ..Self::default()
        }
    }

    /// Whether this expression is met for the first time in this call, with these members asked for.
    pub(in crate::facts) fn visits(&mut self, address: usize, scope: ScopeId) -> bool {
        let asked = self.asked();
        let first = self.visited.insert((address, scope, asked));
        self.events += u32::from(!first);
        first
    }

    /// The same of a binding.
    pub(in crate::facts) fn visits_binding(&mut self, binding: BindingId) -> bool {
        let asked = self.asked();
        let first = self.bindings.insert((binding, asked));
        self.events += u32::from(!first);
        first
    }

    /// Notes that something on the way was not followed.
    pub(in crate::facts) fn leave_out(&mut self) {
        self.events += 1;
    }

    /// All that decides what is found at an expression, for [`Self::finds_nothing`].
    pub(in crate::facts) fn context(&self) -> u64 {
        let mut calls = 0u64;
        for entered in &self.entered {
            calls = FxBuildHasher.hash_one((calls, entered.node.address()));
        }
        FxBuildHasher.hash_one((calls, &self.wanted, self.methods > 0, self.worked > 0))
    }

    /// How much was found or left out so far; `None` where it is not to be remembered what nothing comes from.
    pub(in crate::facts) fn events(&self) -> Option<u32> {
        (!self.callers).then_some(self.events)
    }

    /// Remembers an expression if nothing was found since, and all was followed.
    pub(in crate::facts) fn finds_nothing(&self, since: Option<u32>, at: (usize, ScopeId, u64), barren: &mut Barren) {
        if since == Some(self.events) && barren.len() < MAX_BARREN {
            barren.insert(at);
        }
    }

    /// Whether a source was found after so many finds.
    pub(in crate::facts) fn outside_since(&self, found: usize) -> bool {
        let mut since = self.found.iter().skip(found);
        since.any(|origin| matches!(origin.kind, Kind::Outside(_)))
    }

    fn asked(&self) -> u64 {
        let call = self.entered.last().map_or(0, |entered| entered.node.address());
        FxBuildHasher.hash_one((call, &self.wanted))
    }

    pub(in crate::facts) fn add(&mut self, kind: Kind, api: &str, span: Span, what: Vec<String>) {
        self.ends += 1;
        if kind == Kind::Caller && !self.callers {
            return;
        }
        self.events += 1;
        let longest = if kind == Kind::Decoder {
            MAX_DECODED_STEPS
        } else {
            MAX_STEPS
        };
        if self.steps.len() > longest {
            return;
        }
        let known = self
            .found
            .iter_mut()
            .find(|o| o.kind == kind && o.span == span && &*o.api == api);
        if let Some(known) = known {
            known.what.extend(
                what.into_iter()
                    .filter(|name| !known.what.contains(name))
                    .collect::<Vec<_>>(),
            );
            return;
        }
        let steps = self.steps.iter().rev().map(|(span, step)| (*span, step.words()));
        let steps = steps.collect();
        self.found.push(Origin {
            kind,
            api: api.into(),
            span,
            what,
            steps,
            encoded: self.encoded > 0,
            decoded: self.decoded > 0,
        });
    }
}
