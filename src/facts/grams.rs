//! Which runs of four bytes a text has: shows at once, for nearly all words that it does not have, that it has them
//! nowhere. One pass takes the place of one for each word.

use std::cell::OnceCell;

use memchr::memmem;

/// How many runs are told apart, 64 by a word of bits; more than one may share a slot.
const WORDS: usize = (1 << 16) / 64;
/// The length of a run.
const RUN: usize = 4;

/// A text that many words are looked for in.
pub(super) struct Grams<'t> {
    text: &'t str,
    /// Whether some run that begins at an even place has this slot; made when first needed.
    seen: OnceCell<Box<[u64; WORDS]>>,
}

impl<'t> Grams<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let seen = OnceCell::new();
        Self { text, seen }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Whether the text has a word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// Where the text has a word first.
    pub(super) fn find(&self, word: &str) -> Option<usize> {
        memmem::find(self.searched(word), word.as_bytes())
    }

    /// Every place where the text has a word.
    pub(super) fn find_all<'w>(&self, word: &'w str) -> memmem::FindIter<'t, 'w> {
        memmem::find_iter(self.searched(word), word)
    }

    /// What is left to look through for a word: all of the text or nothing.
    fn searched(&self, word: &str) -> &'t [u8] {
        if self.may_have(word.as_bytes()) {
            self.text.as_bytes()
        } else {
            &[]
        }
    }

    /// A word begins at an even place or at an odd one: all its runs from its first byte on are known, or all from its
    /// second.
    fn may_have(&self, word: &[u8]) -> bool {
        if word.len() <= RUN {
            return true;
        }
        let seen = self.seen.get_or_init(|| seen(self.text.as_bytes()));
        let known = |run: &[u8]| {
            let slot = run_slot(run);
            seen[slot >> 6] >> (slot & 63) & 1 == 1
        };
        (0..2).any(|from| word[from..].windows(RUN).step_by(2).all(known))
    }
}

fn seen(text: &[u8]) -> Box<[u64; WORDS]> {
    let mut seen = Box::new([0; WORDS]);
    let mut add = |slot: usize| seen[slot >> 6] |= 1 << (slot & 63);
    // Two words of eight bytes, two bytes apart, have four runs.
    let (blocks, _) = text.as_chunks::<8>();
    let (later, _) = text.get(2..).unwrap_or_default().as_chunks::<8>();
    for (block, later) in blocks.iter().zip(later) {
        for word in [u64::from_le_bytes(*block), u64::from_le_bytes(*later)] {
            add(slot(word as u32));
            add(slot((word >> 32) as u32));
        }
    }
    let done = 8 * blocks.len().min(later.len());
    for run in text[done..].windows(RUN).step_by(2) {
        add(run_slot(run));
    }
    seen
}

fn run_slot(run: &[u8]) -> usize {
    slot(run.try_into().map_or(0, u32::from_le_bytes))
}

fn slot(run: u32) -> usize {
    // The upper bits of the product hang on all of the run.
    usize::from((run.wrapping_mul(0x9e37_79b1) >> 16) as u16)
}

#[test]
fn words_are_found_wherever_they_stand() {
    for before in 0..19 {
        for after in 0..11 {
            let text = format!("{}needle{}", "-".repeat(before), "+".repeat(after));
            let grams = Grams::of(&text);
            assert_eq!(grams.find("needle"), Some(before), "{text}");
            assert_eq!(grams.find_all("needle").count(), 1, "{text}");
            assert!(grams.has("eedle") && grams.has("need") && grams.has("e"), "{text}");
            assert!(
                !grams.has("noodle") && !grams.has("needles") && !grams.has("x"),
                "{text}"
            );
        }
    }
    let grams = Grams::of("");
    assert!(!grams.has("words") && !grams.has("w"));
    assert!(!Grams::of("a text of no such words").may_have(b"needle"));
}
