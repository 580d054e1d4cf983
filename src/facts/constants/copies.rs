//! Addresses that mails are copied to without their readers' knowledge.

use memchr::memmem;

use super::{ConstantKind, Found, MAX_WORD};

/// How many places of a text are looked at.
const MAX_PLACES: usize = 16;

/// Notes the addresses of members `bcc` that are written out.
pub(super) fn copies(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, "cc:").take(MAX_PLACES) {
        let named = at > 0 && matches!(bytes[at - 1], b'b' | b'B') && is_own_name(bytes, at - 1);
        if !named || in_comment(text, at) {
            continue;
        }
        let rest = &bytes[at + 3..];
        let skipped = rest.iter().take_while(|b| matches!(b, b' ' | b'[')).count();
        let Some(quote @ (b'"' | b'\'' | b'`')) = rest.get(skipped).copied() else {
            continue;
        };
        let start = at + 3 + skipped + 1;
        let word = bytes[start..].iter().take(MAX_WORD);
        let word = &bytes[start..start + word.take_while(|b| **b != quote).count()];
        let address = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+' | b'@');
        if word.contains(&b'@') && word.iter().all(address) {
            found.add(ConstantKind::BlindCopy, word, start);
        }
    }
}

/// Whether a name begins here: nothing that names have stands before it.
fn is_own_name(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    before.is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'$' | b'-'))
}

fn in_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default().trim_start();
    line.starts_with('*') || line.starts_with("/*") || line.contains("//")
}

#[test]
fn blind_copies_are_found() {
    let found = |text: &str| {
        let mut found = Found::default();
        copies(text, &mut found);
        found.list.len()
    };
    assert_eq!(found("send({ to, bcc: 'a@b.example.invalid' })"), 1);
    assert_eq!(found("send({ To: to, Bcc: [ \"a@b.example.invalid\" ] })"), 1);
    for none in [
        "bcc: to",
        "{ cc: 'a@b.example' }",
        "abcc: 'a@b.example'",
        " * bcc: 'a@b.example'",
        "bcc: 'Bcc'",
    ] {
        assert_eq!(found(none), 0, "{none}");
    }
}
