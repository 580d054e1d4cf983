//! Texts in a module that tell what it is for: addresses of wallets, patterns that find such addresses, programs in
//! base64, names of tools that watch a program.
//!
//! The text is looked through as bytes, and only where a module has the powers that make such a text matter.

use std::sync::OnceLock;

use memchr::{memchr3, memmem};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use swc_ecma_ast::Expr;

use super::{
    Facts,
    calls::{as_member, span_of_expr, stripped},
    capability::{Capability, MarkKind},
    evaluate::Analysis,
    model::{CallId, ScopeId, Source},
    ways::plain_key,
};
use crate::{
    parse::span_of,
    span::{LineIndex, Range, Span},
};

/// How many texts of one kind are kept.
const MAX_OF_KIND: usize = 32;
/// Longer modules are not looked through for names of tools.
const MAX_TEXT: usize = 1 << 20;
/// How many calls that replace a text are looked at.
const MAX_CALLS: usize = 256;
/// The longest quoted word that is looked at.
const MAX_WORD: usize = 110;
/// Shorter texts in base64 hold no program.
const MIN_PROGRAM: usize = 200;
/// Names of tools: their shortest and longest, and all of them as `name kind`.
const SHORTEST_NAME: usize = 4;
const LONGEST_NAME: usize = 24;
const WATCHERS: &str = include_str!("capability/watchers.txt");

/// A text that tells what a module is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constant {
    /// What it is.
    pub kind: ConstantKind,
    /// The text, or its beginning.
    pub text: String,
    /// Its place.
    pub range: Range,
}

/// What a telling text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ConstantKind {
    /// An address that money is sent to.
    Address,
    /// A regular expression that finds such addresses.
    AddressPattern,
    /// A call that puts an address of the module in the place of the addresses in a text.
    Swap,
    /// A call that says what is copied.
    Copied,
    /// The id of a browser extension.
    Extension,
    /// A native program, in base64 or hexadecimal digits.
    Program,
    /// A program that takes others apart: a debugger, a monitor of traffic.
    Tool,
    /// A virtual machine.
    VirtualMachine,
    /// A sandbox, or a user or computer name of one.
    Sandbox,
    /// The name of a file that holds secrets.
    SecretName,
    /// A part of a regular expression that finds secrets, or files that hold them.
    SecretPattern,
    /// The name of an environment variable that holds a secret.
    SecretVariable,
    /// The beginning of an address on the web.
    Url,
}

/// The telling texts of a module that has these powers.
pub(super) fn constants(text: &str, facts: &Facts) -> Vec<Constant> {
    let has = |wanted: &[Capability]| facts.uses.iter().any(|used| wanted.contains(&used.capability));
    let money = has(&[
        Capability::Clipboard,
        Capability::Wallet,
        Capability::GlobalMutation,
        Capability::Dom,
    ]) || facts.marks.iter().any(|mark| mark.kind == MarkKind::Clipboard);
    let files = has(&[Capability::FsRead]);
    let programs = has(&[Capability::FsWrite, Capability::ProcessExec, Capability::Native]);
    let system = text.len() <= MAX_TEXT && has(&[Capability::SystemInfo, Capability::ProcessExec]);
    // A table of data has no powers itself.
    let table = facts.uses.is_empty() && facts.imports.is_empty();
    let open = has(&[Capability::Network, Capability::Env, Capability::SystemInfo]);
    if !(money || files || programs || system || table || open) {
        return Vec::new();
    }
    let mut found = Found::default();
    if money || files {
        quoted(text, &mut |word, at| {
            if money && is_address(word) {
                found.add(ConstantKind::Address, word, at);
            } else if files && is_extension(word) {
                found.add(ConstantKind::Extension, word, at);
            }
        });
    }
    if money {
        patterns(text, &mut found);
    }
    if table || has(&[Capability::FsRead, Capability::Env, Capability::SystemInfo]) {
        secrets::secrets(text, &mut found);
    }
    if has(&[Capability::Network]) {
        secrets::urls(text, &mut found);
    }
    if programs || table {
        let common = if programs { MAGIC.len() } else { 2 };
        embedded(text, &MAGIC[..common], &mut found);
    }
    if system {
        watchers(text, &mut found);
    }
    if found.list.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    found.list.sort_unstable_by_key(|(_, span)| *span);
    let constant = |(kind, span): (ConstantKind, Span)| Constant {
        kind,
        text: text[span.start as usize..span.end as usize].chars().take(60).collect(),
        range: lines.range(span),
    };
    found.list.into_iter().map(constant).collect()
}

impl<'a> Analysis<'a> {
    /// What the module does with addresses that it holds: it replaces those in a text, or fills the clipboard.
    pub(super) fn swaps(&mut self, constants: &[Constant]) -> Vec<(ConstantKind, Span, ScopeId)> {
        let mut out = Vec::new();
        let parts = self.parts();
        let calls: Vec<CallId> = ["replace", "replaceAll", "setData"]
            .iter()
            .filter_map(|name| parts.calls(&self.model).methods.get(name))
            .flatten()
            .copied()
            .take(MAX_CALLS)
            .collect();
        for call in calls {
            let site = self.model.calls[call as usize];
            let Some(member) = site.node.callee().map(stripped).and_then(as_member) else {
                continue;
            };
            let args = site.node.arguments();
            let (Some(first), Some(second)) = (args.first(), args.get(1)) else {
                continue;
            };
            let span = span_of(member.span);
            if plain_key(&member.prop) == Some("setData") {
                out.push((ConstantKind::Copied, span, site.scope));
                continue;
            }
            let pattern = self.written_at(&first.expr, site.scope);
            let finds = |one: &Constant| {
                let at = one.range.bytes[0];
                one.kind == ConstantKind::AddressPattern && pattern.start <= at && at < pattern.end
            };
            let ours = self.value(&second.expr, site.scope);
            let ours = ours.alternatives().iter().filter_map(|one| one.as_text());
            if constants.iter().any(finds) && ours.into_iter().any(|text| is_address(text.as_bytes())) {
                out.push((ConstantKind::Swap, span, site.scope));
            }
        }
        out
    }

    /// Where an expression, or what a name holds, is written out.
    fn written_at(&self, expr: &'a Expr, scope: ScopeId) -> Span {
        let binding = match expr {
            Expr::Ident(ident) => self.model.lookup(&ident.sym, scope),
            _ => None,
        };
        let written = binding.and_then(|binding| {
            self.model.writes_of(binding).find_map(|write| match write.source {
                Source::Expr(value, _) => Some(span_of_expr(value)),
                _ => None,
            })
        });
        written.unwrap_or_else(|| span_of_expr(expr))
    }
}

#[derive(Default)]
struct Found {
    list: Vec<(ConstantKind, Span)>,
}

impl Found {
    fn add(&mut self, kind: ConstantKind, word: &[u8], at: usize) {
        if self.list.iter().filter(|(known, _)| *known == kind).count() < MAX_OF_KIND {
            let span = Span::new(at as u32, (at + word.len()) as u32);
            self.list.push((kind, span));
        }
    }
}

/// Calls `found` with each quoted word of letters, digits and `:`, and where it begins.
fn quoted<'t>(text: &'t str, found: &mut impl FnMut(&'t [u8], usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr3(b'"', b'\'', b'`', &bytes[at..]) {
        let start = at + next + 1;
        let rest = &bytes[start..];
        let length = rest
            .iter()
            .take(MAX_WORD)
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b':')
            .count();
        if length >= 25 && rest.get(length) == Some(&bytes[start - 1]) {
            found(&rest[..length], start);
        }
        at = start + length;
    }
}

/// Whether a word has the form of an address of a well-known currency, and is none that is made up of a few digits.
fn is_address(word: &[u8]) -> bool {
    let all = |from: usize, part: fn(&u8) -> bool| word[from..].iter().all(part);
    let base58 = |b: &u8| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l');
    let mixed = || {
        let has = |part: fn(&u8) -> bool| word.iter().any(part);
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
    };
    match (word, word.len()) {
        ([b'0', b'x', ..], 42) => all(2, u8::is_ascii_hexdigit) && kinds(&word[2..]) >= 4,
        ([b'b', b'c', b'1', ..], 42 | 62) => all(3, |b| b.is_ascii_lowercase() || b.is_ascii_digit()),
        ([b'1' | b'3', ..], 26..=35)
        | ([b'L' | b'M' | b'T' | b'D' | b'r' | b'X', ..], 34)
        | ([b'4' | b'8', ..], 95) => all(0, base58) && mixed(),
        _ => word.starts_with(b"bitcoincash:") || (word.starts_with(b"ltc1") && word.len() == 43),
    }
}

/// How many different bytes there are.
fn kinds(word: &[u8]) -> u32 {
    let mut seen = [0_u64; 4];
    for &byte in word {
        seen[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    seen.iter().map(|part| part.count_ones()).sum()
}

/// Ids of browser extensions are 32 letters from `a` to `p`.
fn is_extension(word: &[u8]) -> bool {
    word.len() == 32 && word.iter().all(|b| (b'a'..=b'p').contains(b)) && kinds(word) >= 8
}

/// Parts of regular expressions that nothing but addresses is found with: all of base58, forty hexadecimal digits
/// behind `0x`.
fn patterns(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    for part in ["HJ-NP-Z", "{40}"] {
        for at in memmem::find_iter(bytes, part) {
            let before = &bytes[at.saturating_sub(24)..at];
            let start = at - before.len();
            let begins = if part == "{40}" {
                memmem::rfind(before, b"0x[").or_else(|| memmem::rfind(before, b"0x("))
            } else {
                before.iter().rposition(|b| *b == b'[')
            };
            if let Some(begins) = begins {
                let begins = start + begins;
                found.add(ConstantKind::AddressPattern, &bytes[begins..at + part.len()], begins);
            }
        }
    }
}

/// The first bytes of programs for Windows, Linux and macOS, in base64 and in hexadecimal digits, the most common first.
const MAGIC: [&str; 8] = [
    "TVqQAA",
    "f0VMRg",
    "z/rt/g",
    "yv66vgAAAA",
    "4d5a9000",
    "7f454c46",
    "cffaedfe",
    "7F454C46",
];

fn embedded(text: &str, magic: &[&str], found: &mut Found) {
    let bytes = text.as_bytes();
    for magic in magic {
        for at in memmem::find_iter(bytes, magic) {
            let begins = at == 0 || matches!(bytes[at - 1], b'"' | b'\'' | b'`' | b',');
            let digits = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
            if begins && bytes[at..].iter().take(MIN_PROGRAM).take_while(digits).count() == MIN_PROGRAM {
                found.add(ConstantKind::Program, &bytes[at..at + 40], at);
            }
        }
    }
}

/// What is known of such names.
struct Watchers {
    kinds: FxHashMap<&'static str, &'static str>,
    /// How long those are that begin with each byte: bit n for n bytes.
    lengths: [u32; 256],
}

impl Watchers {
    fn read() -> Self {
        let lines = WATCHERS.lines().filter(|line| !line.starts_with('#'));
        let kinds: FxHashMap<_, _> = lines.filter_map(|line| line.split_once(' ')).collect();
        let mut lengths = [0; 256];
        for name in kinds
            .keys()
            .filter(|name| (SHORTEST_NAME..=LONGEST_NAME).contains(&name.len()))
        {
            lengths[usize::from(name.as_bytes()[0])] |= 1 << name.len();
        }
        Self { kinds, lengths }
    }
}

/// Names of tools among the words of a text, whatever their case.
fn watchers(text: &str, found: &mut Found) {
    static KNOWN: OnceLock<Watchers> = OnceLock::new();
    let known = KNOWN.get_or_init(Watchers::read);
    let bytes = text.as_bytes();
    let mut lower = [0; LONGEST_NAME];
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let word = &bytes[start..at];
        if known.lengths[usize::from(word[0].to_ascii_lowercase())] >> word.len().min(31) & 1 == 0 {
            continue;
        }
        let Some(name) = lower.get_mut(..word.len()) else {
            continue;
        };
        name.copy_from_slice(word);
        name.make_ascii_lowercase();
        let kind = std::str::from_utf8(name).ok().and_then(|name| known.kinds.get(name));
        let Some(kind) = kind else { continue };
        let kind = match *kind {
            "tool" => ConstantKind::Tool,
            "machine" => ConstantKind::VirtualMachine,
            _ => ConstantKind::Sandbox,
        };
        let again =
            |(_, span): &(ConstantKind, Span)| bytes[span.start as usize..span.end as usize].eq_ignore_ascii_case(word);
        if !found.list.iter().any(again) {
            found.add(kind, word, start);
        }
    }
}

mod secrets;
#[cfg(test)]
mod tests;
