//! Classes, and whose part a function is.

use swc_ecma_ast::{Class, ObjectLit};

use super::{BindingId, ScopeId};

/// One class of the module.
pub(in crate::facts) struct ClassDef<'a> {
    pub(in crate::facts) node: &'a Class,
    /// The scope around it.
    pub(in crate::facts) scope: ScopeId,
    /// The name it is declared by.
    pub(in crate::facts) binding: Option<BindingId>,
}

/// What `this` is in a function that is a part of something.
#[derive(Clone, Copy)]
pub(in crate::facts) enum Holder<'a> {
    /// Index into `classes`.
    Class(u32),
    Object(&'a ObjectLit, ScopeId),
}
