//! Names and paths with `*`.

/// Whether a text is what a pattern says: `*` stands for any characters but `/`, a part `**` for any parts of a path.
pub fn matches(pattern: &str, text: &str) -> bool {
    let parts: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = text.split('/').collect();
    with_stars(
        &parts,
        &path,
        |part| *part == "**",
        |part, name| with_stars(part.as_bytes(), name.as_bytes(), |byte| *byte == b'*', |a, b| a == b),
    )
}

/// Matches in order; a star takes as little as it can, and one more whenever what follows it does not match.
fn with_stars<T>(pattern: &[T], items: &[T], is_star: impl Fn(&T) -> bool, is_same: impl Fn(&T, &T) -> bool) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < items.len() {
        match pattern.get(at) {
            Some(one) if is_star(one) => {
                star = Some((at + 1, seen));
                at += 1;
            }
            Some(one) if is_same(one, &items[seen]) => (at, seen) = (at + 1, seen + 1),
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (at, seen) = (after, from + 1);
            }
        }
    }
    pattern[at..].iter().all(is_star)
}
