//! Text to tree: the only place that calls the parser; its positions leave as [`Span`]s.

use swc_common::{BytePos, Spanned, input::StringInput};
use swc_ecma_ast::{EsVersion, Program};
use swc_ecma_parser::{EsSyntax, Lexer, Parser, Syntax, TsSyntax};
use thiserror::Error;

use crate::span::Span;

mod guard;
mod lex;
mod meter;
#[cfg(not(target_arch = "wasm32"))]
mod room;
pub mod tokens;

#[cfg(not(target_arch = "wasm32"))]
pub use room::assume_stack;

/// The largest text that is parsed to a tree.
pub const MAX_TEXT: usize = 16 * 1024 * 1024;

/// A parsed text.
#[derive(Debug)]
pub struct Tree {
    /// The parser's tree; a `Module` if the text holds module syntax, else a `Script`.
    pub program: Program,
    /// The language that it was read as.
    pub dialect: Dialect,
    /// Whether its depth was counted before it was parsed.
    counted: bool,
}

/// How deep a visitor may find a tree before its depth is counted on the text. No level costs more than 12 units of
/// [`meter::LIMIT`], so nothing shallower comes near it.
pub const SHALLOW: u32 = 150;

impl Tree {
    /// Counts the depth of a tree that a visitor found to be deep, unless that was done before it was parsed.
    ///
    /// # Errors
    ///
    /// When it is deeper than every host can take.
    pub fn confirm(&self, text: &str, depth: u32) -> Result<(), Refusal> {
        if self.counted || depth <= SHALLOW {
            Ok(())
        } else {
            guard::check(self.dialect, text)
        }
    }
}

/// The languages a text can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// JavaScript, JSX included.
    JavaScript,
    /// TypeScript without JSX.
    TypeScript,
    /// TypeScript with JSX; also JavaScript with type annotations, as Flow writes them.
    Tsx,
}

/// Why a text got no tree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Not valid in any language it could be written in.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
        /// Where it gave up.
        span: Span,
    },
    /// Nested more deeply, or chained longer, than the parser can take.
    #[error("nested too deeply or chained too long for the parser")]
    TooDeep {
        /// Where the limit was met.
        span: Span,
    },
    /// Larger than [`MAX_TEXT`].
    #[error("{} MiB of text, more than the {} MiB that are parsed", .bytes / (1024 * 1024), MAX_TEXT / (1024 * 1024))]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// Parses a text in the language its path says, or in what comes close.
///
/// A byte order mark, a hashbang, sloppy scripts, `return` at the top level and JSX are fine.
///
/// # Errors
///
/// When no tree can be built; the text is then to be read by tokens.
pub fn parse(path: &str, text: &str) -> Result<Tree, Refusal> {
    if text.len() > MAX_TEXT {
        return Err(Refusal::TooLarge { bytes: text.len() });
    }
    let dialects = dialects(path);
    match attempt(dialects[0], text) {
        Err(first @ Refusal::Syntax { .. }) => dialects[1..]
            .iter()
            .find_map(|&dialect| attempt(dialect, text).ok())
            .ok_or(first),
        done => done,
    }
}

/// The parser's span as offsets into the text.
pub fn span_of(span: swc_common::Span) -> Span {
    Span::new(span.lo.0.saturating_sub(FIRST.0), span.hi.0.saturating_sub(FIRST.0))
}

/// The parser reserves position 0.
const FIRST: BytePos = BytePos(1);

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The languages to try, in order.
fn dialects(path: &str) -> &'static [Dialect] {
    let extension = path.rsplit(['/', '.']).next().unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "ts" | "mts" | "cts" => &[Dialect::TypeScript, Dialect::Tsx],
        "tsx" => &[Dialect::Tsx, Dialect::TypeScript],
        _ => &[Dialect::JavaScript, Dialect::Tsx, Dialect::TypeScript],
    }
}

#[cfg(not(target_arch = "wasm32"))]
use room::fits as fits_the_stack;

/// A browser's stack fits no text whose depth was not counted.
#[cfg(target_arch = "wasm32")]
fn fits_the_stack(_: &str) -> bool {
    false
}

fn attempt(dialect: Dialect, text: &str) -> Result<Tree, Refusal> {
    let counted = dialect != Dialect::JavaScript || !fits_the_stack(text);
    if counted {
        guard::check(dialect, text)?;
    }
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let start = FIRST + BytePos((text.len() - body.len()) as u32);
    let end = FIRST + BytePos(text.len() as u32);
    let lexer = Lexer::new(
        syntax(dialect),
        EsVersion::latest(),
        StringInput::new(body, start, end),
        None,
    );
    match Parser::new_from(lexer).parse_program() {
        Ok(program) => Ok(Tree {
            program,
            dialect,
            counted,
        }),
        Err(error) => Err(Refusal::Syntax {
            message: error.kind().msg().into_owned(),
            span: span_of(error.span()),
        }),
    }
}

fn syntax(dialect: Dialect) -> Syntax {
    match dialect {
        Dialect::JavaScript => Syntax::Es(EsSyntax {
            jsx: true,
            decorators: true,
            decorators_before_export: true,
            export_default_from: true,
            import_attributes: true,
            allow_super_outside_method: true,
            allow_return_outside_function: true,
            auto_accessors: true,
            explicit_resource_management: true,
            ..EsSyntax::default()
        }),
        Dialect::TypeScript | Dialect::Tsx => Syntax::Typescript(TsSyntax {
            tsx: dialect == Dialect::Tsx,
            decorators: true,
            no_early_errors: true,
            ..TsSyntax::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(path: &str, text: &str) -> Dialect {
        parse(path, text)
            .unwrap_or_else(|refusal| panic!("{path}: {text}: {refusal}"))
            .dialect
    }

    #[test]
    fn every_goal_and_dialect() {
        for text in [
            "",
            "// only a comment",
            "#!/usr/bin/env node\nimport 'x'",
            "\u{feff}#!/usr/bin/env node\nreturn 1",
            "with (a) b = 010;",
            "var await = 1; function yield() {}",
            "await x; export {}",
            "return require('x')",
            "let a = <b c='d'>don't [ {e} </b>",
            "a < b > c",
            "@dec class A { static #x = 1; accessor y }",
            "import json from './x.json' with { type: 'json' }",
            "export v from 'x'",
            "if (a) function f() {}",
            "delete a; arguments = 1",
            "<!-- old\nx\n--> end",
            "using a = b",
            "x = a ? (b) : c => d",
            "class A extends B { constructor() { super() } }",
            "for (var i = 0 in {});",
            "/[/]/.test(a) / 2",
            "label: { break label }",
            "for await (const x of y) z",
            "new.target",
            "import.meta.url",
            "a?.b ?? c",
        ] {
            assert_eq!(dialect("a.js", text), Dialect::JavaScript, "{text}");
        }
        assert_eq!(
            dialect("a.ts", "let a = <string>b; enum C { D }; type E<F> = F[]"),
            Dialect::TypeScript
        );
        assert_eq!(
            dialect("a.MTS", "const f = <T>(a: T) => a; import x = require('x')"),
            Dialect::TypeScript
        );
        assert_eq!(
            dialect("a.tsx", "const f = <T,>(a: T) => <b>{a as any}</b>"),
            Dialect::Tsx
        );
        assert_eq!(
            dialect(
                "a.js",
                "// @flow\nfunction f(a: string): number { return 1 }\nexport type T = { a: 1 }"
            ),
            Dialect::Tsx
        );
        assert_eq!(dialect("bin/tool", "#!/usr/bin/env node\nrun()"), Dialect::JavaScript);
    }

    #[test]
    fn goals_are_told_apart() {
        for (text, module) in [
            ("a", false),
            ("import 'a'", true),
            ("await a", true),
            ("'use strict'; a", false),
        ] {
            let program = parse("a.js", text).unwrap().program;
            assert_eq!(program.is_module(), module, "{text}");
        }
    }

    #[test]
    fn what_is_not_code_is_refused_with_a_place() {
        for text in [
            "{\"name\": \"x\", \"version\": 1}",
            "<!doctype html><p>hello",
            "a b c",
            "function (",
        ] {
            let Err(Refusal::Syntax { message, span }) = parse("a.js", text) else {
                panic!("{text}")
            };
            assert!(
                !message.is_empty() && span.end as usize <= text.len(),
                "{text}: {message} {span:?}"
            );
        }
    }

    #[test]
    fn spans_are_offsets() {
        let text = "\u{feff}let ä = call()";
        let program = parse("a.js", text).unwrap().program;
        let span = span_of(program.expect_script().body[0].span());
        assert_eq!(&text[span.start as usize..span.end as usize], "let ä = call()");
    }

    #[test]
    fn too_large_is_said() {
        let refusal = parse("a.js", &" ".repeat(MAX_TEXT + 1)).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "16 MiB of text, more than the 16 MiB that are parsed"
        );
    }
}
