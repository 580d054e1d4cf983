//! Refuses, before the parser sees it, a text that would nest the parser, a visitor or a drop into a stack overflow.

use super::{
    Dialect, Refusal,
    lex::{Kind, Lexer, Token},
    meter::{LIMIT, Meter},
};
use crate::span::Span;

/// Whether the text is shallow enough to parse. Linear, iterative, and it holds at most one entry per open bracket.
pub(super) fn check(dialect: Dialect, text: &str) -> Result<(), Refusal> {
    let mut lexer = Lexer::new(text, dialect);
    let mut meter = Meter::new(dialect != Dialect::JavaScript);
    let mut last = Span::default();
    let mut names = TagNames::default();
    loop {
        let token = lexer.next_token();
        let span = Span::new(token.start, token.end);
        let markup = lexer.markup();
        let cost = meter.count(token);
        if cost > LIMIT || (markup > 0 && meter.total().saturating_add(2 * markup) > LIMIT) {
            return Err(Refusal::TooDeep { span });
        }
        if dialect != Dialect::TypeScript && names.concern(token) && names.breaks(&lexer, token, text) {
            let message = "an element's name with both a namespace and a member".to_owned();
            return Err(Refusal::Syntax { message, span });
        }
        if token.kind == Kind::Edge {
            break;
        }
        last = span;
    }
    // Unbalanced brackets mean a broken text, or one that was taken apart wrongly on its author's wish: then the count
    // says nothing, and only what is too short to nest deeply may pass.
    if lexer.balanced() || most(text) <= LIMIT {
        return Ok(());
    }
    Err(Refusal::Syntax {
        message: "brackets, quotes or tags that do not match".to_owned(),
        span: last,
    })
}

/// Finds `<a:b.c`, which is no JSX: the parser panics on it.
#[derive(Default)]
struct TagNames {
    /// How much of `< a : b .` the tokens up to here are.
    seen: u8,
}

impl TagNames {
    /// Whether the token may be a part of such a name.
    #[inline]
    fn concern(&self, token: Token) -> bool {
        self.seen > 0 || matches!(token.kind, Kind::Less | Kind::ElementOpen | Kind::ElementClose)
    }

    fn breaks(&mut self, lexer: &Lexer<'_>, token: Token, text: &str) -> bool {
        self.seen = match (self.seen, token.kind) {
            (_, Kind::Less | Kind::ElementOpen) => 1,
            (1, _) if is_name(token, text) => 2,
            (2, Kind::Colon | Kind::Label) if !lexer.answers() => 3,
            (3, _) if is_name(token, text) => 4,
            (4, Kind::Dot) => return true,
            _ => 0,
        };
        if token.kind == Kind::ElementClose {
            let name = &text[token.start as usize..token.end as usize];
            return name.split_once(':').is_some_and(|(_, rest)| rest.contains('.'));
        }
        false
    }
}

/// Whether the token is a word, keywords included.
fn is_name(token: Token, text: &str) -> bool {
    text[token.start as usize..].starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '\\'))
        && !matches!(token.kind, Kind::ElementText)
}

/// More than any tree of the text can cost, whatever its tokens are.
fn most(text: &str) -> u32 {
    let costs = text.bytes().map(|byte| match byte {
        b'(' | b'[' | b'{' | b'`' | b'<' | b'=' => 18,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'\n' | b'_' | b'"' | b'\'' => 0,
        _ => 3,
    });
    costs.fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(dialect: Dialect, text: &str) -> bool {
        matches!(check(dialect, text), Err(Refusal::TooDeep { .. }))
    }

    #[test]
    fn long_flat_texts_pass() {
        for unit in [
            "a.b.c(d)\n",
            "if (a) { b } else { c }\n",
            "x = y ? z : {}\n",
            "function f() { return /[(]/ }\n",
            "a = `${b}`;",
            "const c = () => d\n",
            "class A { m() {} }\n",
            "for (;;) a; while (b) c\n",
            "d = <e f='g' h={i}>j<k/>{l}</e>\n",
            "do m; while (n);\n",
            "try { o } catch { p }\n",
            "!function () {}()\n;",
            "q: r;",
            "switch (s) { case t: u; case v: }\n",
            "// ((((\n",
            "'((((';",
            "/((((/;",
            "/* [[[[ */",
            "w ? x : y, ",
            "({ a: 1, b() {}, get c() { return 1 } });",
        ] {
            assert_eq!(check(Dialect::JavaScript, &unit.repeat(5000)), Ok(()), "{unit}");
        }
        for unit in [
            "let a: B<C, D> = e as F;\n",
            "interface A { b?: C\n d(): E }\n",
            "type A = B | C\n",
            "f<g>(h)\n",
        ] {
            assert_eq!(check(Dialect::TypeScript, &unit.repeat(5000)), Ok(()), "{unit}");
        }
    }

    #[test]
    fn nothing_hides_brackets() {
        for hide in [
            "a = b / c; ",
            "if (a) /'/.test(b); ",
            "x = function () {} / 1; ",
            "x = {} / '/'.length; ",
            "a++ / 2 / '1'; ",
            "{} /'/; ",
            "b = `\\`${`}`}'`; ",
            "'\\\n'; ",
            "c = <d e='\\'>it's</d>; ",
            "<!-- '\\\n",
            "class A {} /'/; ",
            "a\n/*'*/",
            "label: {} /'/; ",
            "y = a ? {} / 2 : 3 / '4'; ",
            "(a) / 1 / '2'; ",
            "return {} / '/'.length; ",
            "() => {}\n/'/; ",
            "`a`/1/'2'; ",
            "x.if / 1 / '2'; ",
            "function f() {} /'/; ",
            "case /'/: ",
            "/[/']/; ",
            "\u{2028}/'/;",
        ] {
            assert!(
                deep(Dialect::JavaScript, &format!("{hide}{}", "[".repeat(1000))),
                "{hide}"
            );
        }
    }

    #[test]
    fn names_that_make_the_parser_panic_are_refused() {
        for text in [
            "x = <a:b.c />",
            "f(e,\n < if: this.c",
            "x = <a></a:b.c>",
            "const a<b: c.d,",
        ] {
            for dialect in [Dialect::JavaScript, Dialect::Tsx] {
                assert!(matches!(check(dialect, text), Err(Refusal::Syntax { .. })), "{text}");
            }
        }
        for text in [
            "x = <a:b c={d.e} />",
            "x = <a.b.c />",
            "x ? a < b : c.d",
            "x = <a:b></a:b>",
        ] {
            assert_eq!(check(Dialect::JavaScript, text), Ok(()), "{text}");
        }
    }

    #[test]
    fn tries_that_nest_are_refused() {
        for unit in [
            "a?(b):c=>(",
            "(a=a<b,(",
            "({[a as ",
            "(a=a<{a:",
            "async<T>(a=",
            "<T>(",
            "a?async(b):(",
        ] {
            assert!(deep(Dialect::TypeScript, &unit.repeat(25)), "{unit}");
            assert_eq!(check(Dialect::JavaScript, &format!("'{}'", unit.repeat(25))), Ok(()));
        }
    }

    #[test]
    fn what_does_not_match_is_refused_unless_short() {
        assert_eq!(
            check(Dialect::JavaScript, "f(]"),
            Ok(()),
            "left to the parser to explain"
        );
        let refused = check(Dialect::JavaScript, &"f(a]);".repeat(1000));
        assert!(matches!(refused, Err(Refusal::Syntax { .. })), "{refused:?}");
    }
}
