//! Texts in a module that tell what it is for: addresses of wallets, patterns that find such addresses, programs in
//! base64, names of tools that watch a program.
//!
//! The text is looked through as bytes, and only where a module has the powers that make such a text matter.

use memchr::{memchr3, memmem};
use serde::{Deserialize, Serialize};

use swc_ecma_ast::Expr;

use super::{
    End, Facts,
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Capability, MarkKind},
    evaluate::Analysis,
    grams::Grams,
    model::{CallId, ScopeId, Source},
    ways::plain_key,
};
use crate::{
    parse::span_of,
    span::{LineIndex, Range, Span},
};

/// How many texts of one kind are kept.
const MAX_OF_KIND: usize = 32;
/// Longer modules without powers are not looked through for addresses.
const MAX_TABLE: usize = 64 * 1024;
/// How many values of names are looked at, and how deep.
const MAX_VALUES: usize = 256;
const MAX_NESTED: u32 = 3;
/// Longer modules are not looked through for names of tools.
const MAX_TEXT: usize = 1 << 20;
/// How many calls that replace a text are looked at.
const MAX_CALLS: usize = 256;
/// The longest quoted word that is looked at.
const MAX_WORD: usize = 110;
/// Shorter texts in base64 hold no program.
const MIN_PROGRAM: usize = 200;

/// Methods of wallets and of the clipboard that payments pass through.
const PAYMENTS: [&str; 8] = [
    "request",
    "send",
    "sendAsync",
    "sendTransaction",
    "signAllTransactions",
    "signAndSendTransaction",
    "signTransaction",
    "writeText",
];

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
    /// A function that payments pass through is replaced, and called by what replaces it.
    Hooked,
    /// A word of a transfer of coins.
    Transfer,
    /// A program that reads the clipboard.
    ClipRead,
    /// A program that fills the clipboard.
    ClipFill,
    /// The name of a field that a person fills with a password, a card or the words of a wallet.
    Field,
    /// A word of the protocol of mining pools.
    Mining,
    /// An address of another machine that a decoder gives.
    HiddenAddress,
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
    /// An address that mails are copied to without their readers' knowledge.
    BlindCopy,
}

/// The telling texts of a module that has these powers.
pub(super) fn constants(grams: &Grams<'_>, facts: &Facts) -> Vec<Constant> {
    let text = grams.text();
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
    let network = has(&[Capability::Network]);
    let pool = network && has(&[Capability::Worker, Capability::Wasm, Capability::Crypto]);
    let form = takes(facts, capability::Source::Input);
    let taken = takes(facts, capability::Source::Intercepted);
    // A table of data has no powers itself.
    let table = facts.uses.is_empty() && facts.imports.is_empty();
    let open = has(&[Capability::Network, Capability::Env, Capability::SystemInfo]);
    let mut found = Found::default();
    if !facts.imports.is_empty() {
        copies::copies(text, &mut found);
    }
    let any = money || files || programs || system || table || open || pool || form || taken;
    if !any && found.list.is_empty() {
        return Vec::new();
    }
    if has(&[Capability::ProcessExec]) {
        telling::find(grams, &telling::CLIPS, &mut found);
    }
    let clips = found.has(ConstantKind::ClipRead) || found.has(ConstantKind::ClipFill);
    // A text that is put together is looked for where something else shows that money is meant.
    let money = money || clips || table && text.len() <= MAX_TABLE;
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
        patterns(grams, &mut found);
        // Without a power of its own, a module matters as a table of addresses beside their patterns.
        if table && !found.has(ConstantKind::AddressPattern) {
            found.list.retain(|(kind, _)| *kind != ConstantKind::Address);
        }
        telling::find(grams, &telling::TRANSFERS, &mut found);
    }
    if pool {
        telling::find(grams, &telling::POOL, &mut found);
    }
    if form {
        telling::find(grams, &telling::FIELDS, &mut found);
    } else if taken {
        telling::find(grams, &telling::SIGNS_IN, &mut found);
    }
    if table || has(&[Capability::FsRead, Capability::Env, Capability::SystemInfo]) {
        secrets::secrets(grams, &mut found);
    }
    if has(&[Capability::Network]) {
        secrets::urls(text, &mut found);
    }
    if programs || table {
        let common = if programs { MAGIC.len() } else { 2 };
        embedded(grams, &MAGIC[..common], &mut found);
    }
    if system {
        watchers::watchers(text, &mut found);
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

/// Whether data of a kind that the module takes goes somewhere.
fn takes(facts: &Facts, wanted: capability::Source) -> bool {
    let taken = |from: &End| matches!(from, End::Source { kind, .. } if *kind == wanted);
    let mut flows = facts.flows.iter();
    flows.any(|flow| flow.source == wanted) || facts.passages.iter().any(|passage| taken(&passage.from))
}

impl<'a> Analysis<'a> {
    /// What the module does with addresses that it holds: it replaces those in a text, or fills the clipboard.
    pub(super) fn swaps(&mut self, constants: &[Constant]) -> Vec<(ConstantKind, Span, ScopeId)> {
        let mut out = Vec::new();
        self.made_addresses(&mut out);
        self.hooked_calls(&mut out);
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

    /// Addresses that are put together: `'0x' + …`, a table of them.
    fn made_addresses(&mut self, out: &mut Vec<(ConstantKind, Span, ScopeId)>) {
        let made = |source: &Source<'a>| match *source {
            Source::Expr(value @ (Expr::Bin(_) | Expr::Array(_) | Expr::Object(_) | Expr::Call(_)), scope) => {
                Some((value, scope))
            }
            _ => None,
        };
        let values = self.model.writes.iter().filter_map(|write| made(&write.source));
        let values: Vec<(&'a Expr, ScopeId)> = values.take(MAX_VALUES).collect();
        for (expr, scope) in values {
            self.addresses_in(expr, scope, MAX_NESTED, out);
        }
    }

    fn addresses_in(
        &mut self,
        expr: &'a Expr,
        scope: ScopeId,
        left: u32,
        out: &mut Vec<(ConstantKind, Span, ScopeId)>,
    ) {
        let Some(left) = left.checked_sub(1).filter(|_| out.len() < MAX_OF_KIND) else {
            return;
        };
        match expr {
            Expr::Array(array) => {
                for element in array.elems.iter().flatten().take(MAX_OF_KIND) {
                    self.addresses_in(&element.expr, scope, left, out);
                }
            }
            Expr::Object(object) => {
                for prop in object.props.iter().take(MAX_OF_KIND) {
                    if let Some(pair) = prop.as_prop().and_then(|prop| prop.as_key_value()) {
                        self.addresses_in(&pair.value, scope, left, out);
                    }
                }
            }
            Expr::Bin(_) | Expr::Call(_) | Expr::Tpl(_) => {
                let value = self.value(expr, scope);
                if value.as_text().is_some_and(|text| is_address(text.as_bytes())) {
                    out.push((ConstantKind::Address, span_of_expr(expr), scope));
                }
            }
            _ => {}
        }
    }

    /// Calls of wallets and of the clipboard that the module puts its own function in the place of, which calls them.
    fn hooked_calls(&mut self, out: &mut Vec<(ConstantKind, Span, ScopeId)>) {
        // A library of wallets as a whole knows addresses, transfers and its own wrappers.
        if self.text.len() > MAX_TABLE {
            return;
        }
        for index in 0..self.model.member_writes.len() {
            let write = &self.model.member_writes[index];
            let (target, scope) = (write.target, write.scope);
            let payment = plain_key(&target.prop).is_some_and(|key| PAYMENTS.contains(&key));
            if payment && self.wraps_given(index) {
                out.push((ConstantKind::Hooked, span_of(target.span), scope));
            }
        }
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
    fn has(&self, wanted: ConstantKind) -> bool {
        self.list.iter().any(|(kind, _)| *kind == wanted)
    }

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
fn patterns(grams: &Grams<'_>, found: &mut Found) {
    let bytes = grams.text().as_bytes();
    for part in ["HJ-NP-Z", "{40}"] {
        for at in grams.find_all(part) {
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

fn embedded(grams: &Grams<'_>, magic: &[&str], found: &mut Found) {
    let bytes = grams.text().as_bytes();
    for magic in magic {
        for at in grams.find_all(magic) {
            let begins = at == 0 || matches!(bytes[at - 1], b'"' | b'\'' | b'`' | b',');
            let digits = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
            if begins && bytes[at..].iter().take(MIN_PROGRAM).take_while(digits).count() == MIN_PROGRAM {
                found.add(ConstantKind::Program, &bytes[at..at + 40], at);
            }
        }
    }
}

mod copies;
mod hidden;
mod secrets;
mod telling;
#[cfg(test)]
mod tests;
mod watchers;
