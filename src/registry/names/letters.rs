//! Letters that look alike, and keys that lie side by side.

/// The rows of the keyboard that most people have.
const ROWS: [&[u8]; 4] = [b"1234567890-", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// Letters of other alphabets that look like one of ours.
const FOREIGN: [(char, char); 24] = [
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('ԁ', 'd'),
    ('һ', 'h'),
    ('ո', 'n'),
    ('ɡ', 'g'),
    ('ı', 'i'),
    ('α', 'a'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('ρ', 'p'),
    ('κ', 'k'),
    ('é', 'e'),
    ('à', 'a'),
    ('ö', 'o'),
    ('ü', 'u'),
];

/// The name in small letters, those of other alphabets as the ones they look like.
pub(super) fn plain(name: &str) -> String {
    let like = |letter: char| {
        FOREIGN
            .iter()
            .find(|(other, _)| *other == letter)
            .map_or(letter, |pair| pair.1)
    };
    name.to_lowercase().chars().map(like).collect()
}

/// Whether it stands between words.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b'/')
}

/// Whether one can be read for the other.
pub(super) fn alike(a: u8, b: u8) -> bool {
    matches!(
        (a.min(b), a.max(b)),
        (b'0', b'o') | (b'1', b'l' | b'i') | (b'i', b'l') | (b'5', b's') | (b'3', b'e') | (b'4', b'a') | (b'u', b'v')
    )
}

/// Two letters that look like one.
pub(super) const PAIRS: [([u8; 2], u8); 3] = [(*b"rn", b'm'), (*b"vv", b'w'), (*b"cl", b'd')];

/// Whether the keys lie side by side, in a row or one above the other, or the letters sound alike.
pub(super) fn confused(a: u8, b: u8) -> bool {
    let place = |byte| {
        let mut rows = ROWS.iter().enumerate();
        rows.find_map(|(row, keys)| Some((row, keys.iter().position(|key| *key == byte)?)))
    };
    let sounds = matches!(
        (a.min(b), a.max(b)),
        (b'c', b'k' | b's') | (b'i', b'y') | (b's', b'z') | (b'a', b'e') | (b'e', b'i') | (b'o', b'u')
    );
    let Some(((row, column), (other, far))) = place(a).zip(place(b)) else {
        return sounds;
    };
    let beside = row == other && column.abs_diff(far) == 1;
    let above = row.abs_diff(other) == 1 && column.abs_diff(far) <= 1 && row.min(other) > 0;
    sounds || beside || above
}
