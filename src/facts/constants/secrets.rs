//! Names of files that hold secrets, and patterns that find secrets, among the texts of a module.

use memchr::{memchr3, memmem};

use super::{ConstantKind, Found, MAX_TEXT, MAX_WORD};
use crate::facts::capability::{SecretClass, secret_path};

/// The shortest name that is looked at.
const MIN_NAME: usize = 4;

/// Parts of regular expressions that nothing but secrets, or files of secrets, are found with.
const PATTERNS: [&str; 16] = [
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
    "npm_[",
    "sk_live_[",
    "xox[",
    "\\.kdbx",
    "\"isSecret\"",
    "wallet\\.dat",
];

/// Notes the names and patterns of a text that is not too long.
pub(super) fn secrets(text: &str, found: &mut Found) {
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
        if word.len() >= MIN_NAME && bytes[start + word.len()] == quote && may_name(word) && names_secret(word) {
            found.add(ConstantKind::SecretName, word, start);
            at = start + word.len() + 1;
        }
    }
    for part in PATTERNS {
        for at in memmem::find_iter(bytes, part) {
            found.add(ConstantKind::SecretPattern, &bytes[at..at + part.len()], at);
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
