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
    pub(in crate::facts) steps: Vec<(Span, String)>,
    pub(in crate::facts) encoded: u32,
    pub(in crate::facts) decoded: u32,
    /// Methods of what is being followed, the results of which were followed first.
    pub(in crate::facts) methods: u32,
    pub(in crate::facts) depth: usize,
    pub(in crate::facts) length: u32,
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

    /// Whether this expression is met for the first time in this call, with these members asked for.
    pub(in crate::facts) fn visits(&mut self, address: usize, scope: ScopeId) -> bool {
        let asked = self.asked();
        self.visited.insert((address, scope, asked))
    }

    /// The same of a binding.
    pub(in crate::facts) fn visits_binding(&mut self, binding: BindingId) -> bool {
        let asked = self.asked();
        self.bindings.insert((binding, asked))
    }

    fn asked(&self) -> u64 {
        let call = self.entered.last().map_or(0, |entered| entered.node.address());
        FxBuildHasher.hash_one((call, &self.wanted))
    }

    pub(in crate::facts) fn add(&mut self, kind: Kind, api: &str, span: Span, what: Vec<String>) {
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
        let mut steps = self.steps.clone();
        steps.reverse();
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
