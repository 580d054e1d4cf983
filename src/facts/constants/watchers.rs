//! Names of tools that watch programs, and of machines and sandboxes that are watched.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{ConstantKind, Found};
use crate::span::Span;

/// Names of tools: their shortest and longest, and all of them as `name kind`.
const SHORTEST_NAME: usize = 4;
const LONGEST_NAME: usize = 24;
const WATCHERS: &str = include_str!("../capability/watchers.txt");

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
pub(super) fn watchers(text: &str, found: &mut Found) {
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
