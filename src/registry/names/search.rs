//! Names of the list that are one slip away, whatever separators and look-alike letters say.

use std::collections::BTreeMap;

use fst::raw::{Fst, Node};

use super::{
    judge::Likeness,
    letters::{PAIRS, alike, is_separator},
};

/// How many separators and look-alike letters may differ besides the slip.
const FREE: u8 = 3;

/// A candidate: the name, its level, and how it is alike if that is known.
pub(super) type Found = (String, u8, Option<Likeness>);

struct Search<'a, D> {
    list: &'a Fst<D>,
    asked: &'a [u8],
    path: Vec<u8>,
    found: BTreeMap<Vec<u8>, u8>,
}

/// Every name of the list that is near.
pub(super) fn near<D: AsRef<[u8]>>(list: &Fst<D>, asked: &str) -> Vec<Found> {
    let mut search = Search {
        list,
        asked: asked.as_bytes(),
        path: Vec::new(),
        found: BTreeMap::new(),
    };
    search.walk(list.root(), 0, 0, 1, FREE);
    let names = search.found.into_iter();
    names
        .filter_map(|(name, level)| Some((String::from_utf8(name).ok()?, level, None)))
        .collect()
}

impl<D: AsRef<[u8]>> Search<'_, D> {
    /// `at` is how much of the name is used up, `slips` and `free` how much may still differ.
    fn walk(&mut self, node: Node<'_>, output: u64, at: usize, slips: u8, free: u8) {
        let next = self.asked.get(at).copied();
        if next.is_none() && node.is_final() {
            let level = u8::try_from(output + node.final_output().value()).unwrap_or(u8::MAX);
            self.found.insert(self.path.clone(), level);
        }
        for index in 0..node.len() {
            let one = node.transition(index);
            let (byte, then) = (one.inp, output + one.out.value());
            let child = self.list.node(one.addr);
            self.path.push(byte);
            if next == Some(byte) {
                self.walk(child, then, at + 1, slips, free);
            }
            if free > 0 {
                let mark = is_separator(byte) || (byte == b'@' && self.path.len() == 1);
                if mark && next != Some(byte) {
                    self.walk(child, then, at, slips, free - 1);
                }
                if let Some(next) = next
                    && next != byte
                    && (alike(next, byte) || (is_separator(next) && is_separator(byte)))
                {
                    self.walk(child, then, at + 1, slips, free - 1);
                }
                for (pair, letter) in PAIRS {
                    if letter == byte && self.asked[at..].starts_with(&pair) {
                        self.walk(child, then, at + 2, slips, free - 1);
                    }
                    if next == Some(letter) && byte == pair[0] {
                        self.step(child, then, pair[1], at + 1, slips, free - 1);
                    }
                }
            }
            if slips > 0 && !is_separator(byte) {
                // Left out, another instead, two in the wrong order.
                self.walk(child, then, at, slips - 1, free);
                if let Some(next) = next
                    && next != byte
                {
                    self.walk(child, then, at + 1, slips - 1, free);
                    if self.asked.get(at + 1) == Some(&byte) {
                        self.step(child, then, next, at + 2, slips - 1, free);
                    }
                }
            }
            self.path.pop();
        }
        if let Some(next) = next {
            if free > 0 && (is_separator(next) || (next == b'@' && at == 0)) {
                self.walk(node, output, at + 1, slips, free - 1);
            } else if slips > 0 {
                self.walk(node, output, at + 1, slips - 1, free);
            }
        }
    }

    fn step(&mut self, node: Node<'_>, output: u64, byte: u8, at: usize, slips: u8, free: u8) {
        let Some(index) = node.find_input(byte) else { return };
        let one = node.transition(index);
        self.path.push(byte);
        self.walk(self.list.node(one.addr), output + one.out.value(), at, slips, free);
        self.path.pop();
    }
}
