//! What a module gives to others by `export`.

use swc_atoms::Atom;
use swc_ecma_ast::Expr;

use super::ScopeId;

/// One exported name.
pub(in crate::facts) struct Export<'a> {
    /// The name it has outside: `default`, `*` for all that another module exports, `=` for TypeScript's `export =`.
    pub(in crate::facts) name: &'a str,
    pub(in crate::facts) value: Exported<'a>,
    pub(in crate::facts) scope: ScopeId,
    /// Where it is exported.
    pub(in crate::facts) start: u32,
}

/// What stands behind an exported name.
#[derive(Clone, Copy)]
pub(in crate::facts) enum Exported<'a> {
    /// A name of this module.
    Local(&'a Atom),
    /// `export default expr`
    Expr(&'a Expr),
    /// `export default function () {}`, `export default class {}`
    Declared,
    /// `export … from`: index into `imports`, the name there (`*` for the namespace).
    From(u32, &'a str),
}
