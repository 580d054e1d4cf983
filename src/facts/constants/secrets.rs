//! Names of files that hold secrets, and patterns that find secrets, among the texts of a module.

use memchr::{memchr3, memmem};

use super::{ConstantKind, Found, MAX_TEXT, MAX_WORD};
use crate::{
    facts::{
        capability::{SecretClass, secret_path, secret_variable},
        grams::Grams,
    },
    span::Span,
};

/// The shortest name that is looked at.
const MIN_NAME: usize = 4;

/// How many addresses of a text are looked at.
const MAX_URLS: usize = 256;

/// Parts of regular expressions that nothing but secrets, or files of secrets, are found with.
const PATTERNS: [&str; 20] = [
    "AKIA[",
    "[\\w-]{24}\\.",
    "_authToken\\s",
    "gh[opsu",
    "gh[ps",
    "ghp_[",
    "id_(",
    "id_rsa|",
    "mfa\\.",
    "npmAuthToken",
    "|id_rsa",
    "|wallet|",
    "|wallet/",
    "(wallet|",
    "npm_[",
    "sk_live_[",
    "xox[",
    "\\.kdbx",
    "\"isSecret\"",
    "wallet\\.dat",
];

/// Notes the names and patterns of a text that is not too long.
pub(super) fn secrets(grams: &Grams<'_>, found: &mut Found) {
    let text = grams.text();
    if text.len() > MAX_TEXT {
        return;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr3(b'"', b'\'', b'`', &bytes[at..]) {
        let start = at + next + 1;
        at = start;
        let quote = bytes[start - 1];
        let end = bytes[start..]
            .iter()
            .take(MAX_WORD)
            .position(|b| matches!(*b, b'\n') || *b == quote);
        let Some(word) = end.map(|end| &bytes[start..start + end]) else {
            continue;
        };
        let upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
        if word.len() > MIN_NAME && word.contains(&b'_') && word.iter().all(upper) {
            if std::str::from_utf8(word).is_ok_and(secret_variable) {
                found.add(ConstantKind::SecretVariable, word, start);
                at = start + word.len() + 1;
            }
        } else if word.len() >= MIN_NAME && bytes[start + word.len()] == quote && may_name(word) && names_secret(word) {
            found.add(ConstantKind::SecretName, word, start);
            at = start + word.len() + 1;
        }
    }
    for part in PATTERNS {
        for at in grams.find_all(part) {
            found.add(ConstantKind::SecretPattern, &bytes[at..at + part.len()], at);
        }
    }
}

/// Notes scheme and host of the addresses on the web that are written as texts.
pub(super) fn urls(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, "://").take(MAX_URLS) {
        let Some(begins) = ["https", "http", "wss", "ws"].iter().find_map(|scheme| {
            let start = at.checked_sub(scheme.len() + 1)?;
            let quoted = matches!(bytes[start], b'"' | b'\'' | b'`') && bytes[start + 1..at] == *scheme.as_bytes();
            quoted.then_some(start + 1)
        }) else {
            continue;
        };
        let name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'.' | b'-' | b'_' | b':');
        let length = bytes[at + 3..].iter().take(MAX_WORD).take_while(name).count();
        let known = |(kind, span): &(ConstantKind, Span)| {
            *kind == ConstantKind::Url
                && bytes[span.start as usize..span.end as usize] == bytes[begins..at + 3 + length]
        };
        if length > 3 && !found.list.iter().any(known) {
            found.add(ConstantKind::Url, &bytes[begins..at + 3 + length], begins);
        }
    }
}

/// Whether a word has a character that all names of secrets have.
fn may_name(word: &[u8]) -> bool {
    word.iter().any(|b| matches!(b, b'.' | b'_' | b' ' | b'/' | b'\\'))
        && !word.iter().any(|b| matches!(b, b'(' | b';'))
}

/// Whether a word is the path of secrets of a person; settings and the machine's own files are read by many.
fn names_secret(word: &[u8]) -> bool {
    let known = std::str::from_utf8(word).ok().and_then(secret_path);
    known.is_some_and(|secret| {
        !matches!(
            secret.class,
            SecretClass::Agent | SecretClass::EnvFile | SecretClass::System
        )
    })
}
