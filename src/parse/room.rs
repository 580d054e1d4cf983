//! A quick proof that a text cannot need more stack than its thread has, whatever its tokens are: most texts need no
//! closer look before they are parsed.

use std::cell::Cell;

use memchr::{memchr_iter, memchr2, memmem};

thread_local! {
    static STACK: Cell<usize> = const { Cell::new(0) };
}

/// Tells the parser how many bytes of stack the current thread has. Until told, it counts on no more than a browser's.
///
/// With a large stack, what is nested too deeply is told after parsing, by the tree, and only where the tree is deep.
pub fn assume_stack(bytes: usize) {
    STACK.set(bytes);
}

// Bytes of stack that the parser needs at most for each byte of a text; measured natively, over all shapes that nest.
/// `!`: 424, `do `: 381, `new `: 125, everything else less.
const ANY: usize = 450;
/// `(`: 3,355, `[`: 2,963, `<`: 2,218, `=` of `=>`: 2,728, `{` of `({`: 2,393 more than the `(`.
const OPENER: usize = 3_600;
/// Chains on which the parser needs more than linear time or memory: a quarter of what [`super::meter`] lets pass.
const MAX_CHAIN: usize = 500;

/// Whether the text fits.
pub(super) fn fits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(room) = STACK.get().checked_sub(bytes.len().saturating_mul(ANY)) else {
        return false;
    };
    openers(bytes).saturating_mul(OPENER) < room
        && memmem::find_iter(bytes, "else").count() <= MAX_CHAIN.max(bytes.len() / 100)
        && labels(bytes) <= MAX_CHAIN
        && memmem::find_iter(bytes, "<!--").count() + memmem::find_iter(bytes, "-->").count() <= MAX_CHAIN
        && !has_namespaced_tag(bytes)
}

/// Bytes that may begin something nested.
fn openers(bytes: &[u8]) -> usize {
    let in_block = |block: &[u8]| {
        let count = block
            .iter()
            .map(|byte| u8::from(matches!(byte, b'(' | b'[' | b'{' | b'`' | b'<' | b'=')));
        usize::from(count.sum::<u8>())
    };
    bytes.chunks(usize::from(u8::MAX)).map(in_block).sum()
}

/// How many colons may end a label before another label.
fn labels(bytes: &[u8]) -> usize {
    memchr_iter(b':', bytes)
        .filter(|&at| {
            let rest = after_space(after_word(after_space(&bytes[at + 1..])));
            rest.first() == Some(&b':') || is_comment(rest)
        })
        .count()
}

/// Whether something may be the element `<a:b.c`, which makes the parser panic.
fn has_namespaced_tag(bytes: &[u8]) -> bool {
    let mut elements = false;
    memchr_iter(b'<', bytes).any(|at| {
        elements |= may_begin_operand(&bytes[..at]);
        elements && is_namespaced(&bytes[at + 1..])
    })
}

fn is_namespaced(tag: &[u8]) -> bool {
    let name = after_space(tag);
    let rest = after_space(after_word(after_space(name.strip_prefix(b"/").unwrap_or(name))));
    let member = rest
        .strip_prefix(b":")
        .map(|rest| after_space(after_word(after_space(rest))));
    is_comment(rest) || member.is_some_and(|member| member.starts_with(b".") || is_comment(member))
}

/// Whether an operand may begin after these bytes, so that a `<` begins an element and compares nothing.
fn may_begin_operand(before: &[u8]) -> bool {
    let (space, before) = (before, before.trim_ascii_end());
    // On the line before, the last word may be a comment's.
    if memchr2(b'\n', b'\r', &space[before.len()..]).is_some() {
        return true;
    }
    match before.last() {
        Some(b'\'' | b'"' | b']') => false,
        Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') => {
            let start = before
                .iter()
                .rposition(|byte| !byte.is_ascii_lowercase())
                .map_or(0, |at| at + 1);
            matches!(before.len() - start, 2..=10) && KEYWORDS.contains(&&before[start..])
        }
        _ => true,
    }
}

/// Every keyword that an operand may follow.
const KEYWORDS: [&[u8]; 16] = [
    b"await",
    b"case",
    b"default",
    b"delete",
    b"do",
    b"else",
    b"extends",
    b"in",
    b"instanceof",
    b"new",
    b"of",
    b"return",
    b"throw",
    b"typeof",
    b"void",
    b"yield",
];

fn is_comment(bytes: &[u8]) -> bool {
    bytes.starts_with(b"/*") || bytes.starts_with(b"//")
}

fn after_space(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

fn after_word(bytes: &[u8]) -> &[u8] {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\' | b'-' | 0x80..);
    let end = bytes.iter().position(|byte| !is_word(byte)).unwrap_or(bytes.len());
    &bytes[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits_in(stack: usize, text: &str) -> bool {
        assume_stack(stack);
        let fits = fits(text);
        assume_stack(0);
        fits
    }

    #[test]
    fn nothing_fits_before_the_stack_is_known() {
        assert!(!fits("a"));
        assert!(fits_in(1 << 20, "a"));
    }

    #[test]
    fn what_may_nest_takes_most_room() {
        let flat = "call;\n".repeat(200);
        assert!(fits_in(1 << 20, &flat));
        assert!(!fits_in(1 << 20, &"call(((\n".repeat(200)));
    }

    #[test]
    fn chains_that_cost_more_than_time_in_proportion_are_looked_at() {
        for unit in ["a:", "a : ", "a:\n", "a:/**/", "else if(a){}", "<!--\n", "-->\n"] {
            assert!(!fits_in(1 << 30, &unit.repeat(6_000)), "{unit}");
        }
        for unit in ["a?b:c;", "({a:b,c:d});", "if(a){}else{} ", "x;y;z;w;\n"] {
            assert!(fits_in(1 << 30, &unit.repeat(400)), "{unit}");
        }
    }

    #[test]
    fn elements_that_make_the_parser_panic_are_looked_at() {
        for text in [
            "x = <a:b.c />",
            "return <a : b . c />",
            "x = <a></a:b.c>",
            "x = // words\n<a:b.c />",
            "x = <a>words<b:c.d /></a>",
            "f(<a/**/:b.c />)",
            "x = <a:b/**/.c />",
        ] {
            assert!(!fits_in(1 << 30, text), "{text}");
        }
        for text in [
            "x ? a<b : c.d",
            "x ? y<b:c.d",
            "a<b",
            "'<a'",
            "x = <a:b c={d.e} />",
            "x = <a.b.c />",
        ] {
            assert!(fits_in(1 << 30, text), "{text}");
        }
    }
}
