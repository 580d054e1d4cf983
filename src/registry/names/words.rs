//! Names made of the words of another: in another order, with a word more, with a mark of the language.

use super::judge::Likeness;

/// Words that say no more than where a package runs.
const MARKS: [&str; 5] = ["js", "node", "nodejs", "npm", "javascript"];
/// Words that say nothing of what a package does.
const FILL: [&str; 13] = [
    "api", "core", "dev", "lib", "latest", "module", "new", "official", "package", "pkg", "sdk", "tool", "utils",
];
/// More words than these are not put in another order.
const MOST: usize = 4;

/// Names that this one may stand for, and how.
pub(super) fn candidates(name: &str) -> Vec<(String, Likeness)> {
    let mut out = Vec::new();
    if let Some(scoped) = name.strip_prefix('@') {
        if let Some((scope, rest)) = scoped.split_once('/')
            && scope == rest
        {
            out.push((rest.to_owned(), Likeness::Scope));
        }
        return out;
    }
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    if (2..=MOST).contains(&words.len()) {
        for order in orders(&words).into_iter().filter(|order| *order != words) {
            out.push((order.join("-"), Likeness::Order));
        }
    }
    for (list, likeness) in [(&MARKS[..], Likeness::Mark), (&FILL[..], Likeness::Fill)] {
        for word in list {
            for separator in ["-", "_", ".", ""] {
                // Glued, only a mark is told from a part of a word.
                if separator.is_empty() && likeness == Likeness::Fill {
                    continue;
                }
                let (before, after) = (format!("{word}{separator}"), format!("{separator}{word}"));
                out.extend(name.strip_prefix(&before).map(|rest| (rest.to_owned(), likeness)));
                out.extend(name.strip_suffix(&after).map(|rest| (rest.to_owned(), likeness)));
            }
        }
    }
    for end in [".js", "-js", "js"] {
        out.push((format!("{name}{end}"), Likeness::Mark));
    }
    out
}

fn orders<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    if words.len() < 2 {
        return vec![words.to_vec()];
    }
    let mut out = Vec::new();
    for first in 0..words.len() {
        let mut rest = words.to_vec();
        let word = rest.remove(first);
        for mut order in orders(&rest) {
            order.insert(0, word);
            out.push(order);
        }
    }
    out
}
