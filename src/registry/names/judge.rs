//! How two names are alike, and how popular one must be for that to count.

use serde::{Deserialize, Serialize};

use super::letters::{PAIRS, alike, confused, is_separator};

/// How a name is alike to a popular one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Likeness {
    /// Letters that look the same: `0` and `o`, `rn` and `m`.
    Glyph,
    /// Separators put in, left out or changed.
    Separator,
    /// The scope is written otherwise, or left out.
    Scope,
    /// Two letters in the wrong order.
    Swap,
    /// A letter doubled, or a doubled one single.
    Repeat,
    /// A key beside the right one, or a letter that sounds the same.
    Key,
    /// One letter left out.
    Dropped,
    /// One letter too many.
    Added,
    /// One letter instead of another.
    Replaced,
    /// `s` put in or left out at the end.
    Plural,
    /// The same words in another order.
    Order,
    /// With `js`, `node` or `npm` put on or taken off.
    Mark,
    /// With a word put on that says nothing: `cli`, `core`, `utils`.
    Fill,
}

impl Likeness {
    /// The beginning of a sentence that ends with the other name.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Glyph => "uses letters that look like those of",
            Self::Separator => "differs only in separators from",
            Self::Scope => "writes the scope otherwise than",
            Self::Swap => "has two letters in another order than",
            Self::Repeat => "doubles or drops a doubled letter of",
            Self::Key => "has one letter that is easily mistyped or misheard in",
            Self::Dropped => "has one letter less than",
            Self::Added => "has one letter more than",
            Self::Replaced => "has one letter other than",
            Self::Plural => "is the singular or plural of",
            Self::Order => "has the words in another order than",
            Self::Mark => "adds or leaves out the name of the language or system beside",
            Self::Fill => "adds a word that says little to",
        }
    }

    /// Whether it leaves little room for an honest reason.
    pub fn is_strong(self) -> bool {
        matches!(
            self,
            Self::Glyph | Self::Separator | Self::Scope | Self::Swap | Self::Repeat | Self::Key
        )
    }
}

/// How popular a target must be for a likeness to count; nothing if it never does.
///
/// Short names lie near each other by chance: the shorter, the stronger the likeness and the more popular the target.
pub(super) fn needed(likeness: Likeness, target: &str, asked: &str) -> Option<u8> {
    let length = skeleton(target).len();
    // From four letters on; what is beyond the table is as its last.
    let table: [u8; 6] = match likeness {
        Likeness::Separator => [9, 6, 4, 2, 2, 2],
        Likeness::Glyph | Likeness::Swap | Likeness::Repeat => [6, 6, 2, 2, 1, 1],
        Likeness::Key | Likeness::Dropped | Likeness::Added => [9, 5, 4, 3, 2, 2],
        Likeness::Replaced => [9, 6, 5, 4, 3, 2],
        Likeness::Plural => [9, 6, 5, 4, 3, 3],
        Likeness::Scope | Likeness::Order => [6, 5, 4, 3, 3, 3],
        Likeness::Mark => [6, 5, 5, 4, 4, 4],
        Likeness::Fill => [7, 6, 6, 6, 6, 6],
    };
    let at = length.checked_sub(4)?.min(table.len() - 1);
    // The first letter is seldom mistyped, and makes another word: preact and react.
    let slip = matches!(
        likeness,
        Likeness::Key | Likeness::Dropped | Likeness::Added | Likeness::Replaced
    );
    let first = slip && target.bytes().next() != asked.bytes().next();
    // Separators besides are one difference more.
    let cut = |name: &str| name.bytes().filter(|byte| is_separator(*byte)).count();
    let split = slip && cut(target) != cut(asked);
    Some(table[at] + if first { 3 } else { 0 } + if split { 2 } else { 0 })
}

/// How one slip, with separators and look-alike letters besides, makes one name of the other.
pub(super) fn likeness(asked: &str, target: &str) -> Option<Likeness> {
    let (mine, other) = (skeleton(asked), skeleton(target));
    if mine == other {
        let scoped = asked.starts_with('@') || target.starts_with('@');
        return Some(if scoped { Likeness::Scope } else { Likeness::Separator });
    }
    if glyphs(&mine) == glyphs(&other) {
        return Some(Likeness::Glyph);
    }
    let start = mine.iter().zip(&other).take_while(|(one, two)| one == two).count();
    let (left, right) = (&mine[start..], &other[start..]);
    let ends = left.iter().rev().zip(right.iter().rev());
    let end = ends.take_while(|(one, two)| one == two).count();
    let (left, right) = (&left[..left.len() - end], &right[..right.len() - end]);
    let likeness = match (left, right) {
        ([one, two], [three, four]) if one == four && two == three => Likeness::Swap,
        ([one], [two]) if alike(*one, *two) => Likeness::Glyph,
        ([one], [two]) if confused(*one, *two) => Likeness::Key,
        ([more], []) => one_more(&mine, *more, start, end, Likeness::Added)?,
        ([], [more]) => one_more(&other, *more, start, end, Likeness::Dropped)?,
        // One letter instead of another; or a slip and look-alike letters together.
        _ => Likeness::Replaced,
    };
    Some(likeness)
}

/// What a letter means that the longer of two names has at `start`; nothing for a digit, which is a version's.
fn one_more(longer: &[u8], letter: u8, start: usize, end: usize, plainly: Likeness) -> Option<Likeness> {
    let around = [start.checked_sub(1), Some(start + 1)];
    let mut around = around.into_iter().flatten();
    if around.any(|at| longer.get(at) == Some(&letter)) {
        return Some(Likeness::Repeat);
    }
    if letter == b's' && end == 0 {
        return Some(Likeness::Plural);
    }
    (!letter.is_ascii_digit()).then_some(plainly)
}

/// The letters without what stands between words.
fn skeleton(name: &str) -> Vec<u8> {
    let keeps = |byte: &u8| !is_separator(*byte) && *byte != b'@';
    name.bytes().filter(keeps).collect()
}

/// Letters that look alike made one.
fn glyphs(letters: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(letters.len());
    let mut rest = letters;
    while let Some((first, after)) = rest.split_first() {
        if let Some((_, letter)) = PAIRS.iter().find(|(pair, _)| rest.starts_with(pair)) {
            out.push(*letter);
            rest = &rest[2..];
            continue;
        }
        out.push(match first {
            b'0' => b'o',
            b'1' | b'l' => b'i',
            b'5' => b's',
            b'3' => b'e',
            b'4' => b'a',
            b'v' => b'u',
            other => *other,
        });
        rest = after;
    }
    out
}
