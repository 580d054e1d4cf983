//! importguard: what an npm package can do, and what it looks like it intends, before it is imported.
//!
//! Data goes one way; each arrow is one function, and a module imports only what stands before it:
//!
//! ```text
//! bytes ─▶ package ─▶ parse ─▶ facts ─▶ graph ─▶ rules ─▶ report ─▶ host
//! ```
//!
//! * [`span`]: byte offset to line and UTF-16 column; the parser's own positions stop there.
//! * [`issue`]: what could not be analysed.
//! * [`package`]: a tarball's or a folder's bytes become a [`package::Package`]; `package.json` is read tolerantly.
//! * [`registry`]: what registries and lock files say about packages: the version meant, what is new about it, names that look
//!   like popular ones.
//! * [`parse`]: the only place that calls the parser; too deep or broken text is refused before it can hurt.
//! * [`facts`]: what one file does, on its own, independent of any rule: serialisable, cacheable by content.
//! * [`graph`]: modules, what reaches them, and the package's effect.
//! * [`rules`]: facts in, findings out; one file and one page per rule.
//! * [`policy`]: `importguard.json`, what a team decided about findings.
//! * [`report`]: the one document that every host shows.
//!
//! The core performs no I/O and cannot fail: what it could not analyse is an [`issue::Issue`] in the report.
//! Hosts (`cli`, `wasm`) bring the bytes and show the result.
//!
//! [`scan`] is the whole chain. A host that caches, counts progress or survives traps calls its two halves:
//! [`facts::collect`] for each file, then [`report::assemble`] for the package.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod facts;
pub mod finding;
pub mod graph;
pub mod issue;
mod order;
pub mod package;
pub mod parse;
pub mod policy;
pub mod registry;
pub mod report;
pub mod rules;
pub mod span;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use report::{scan, scan_with};
