//! Where an entry of an archive would land.

/// A path inside the package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) path: String,
    /// What is odd about how it was written.
    pub(super) oddity: Option<&'static str>,
}

/// Drops the first folder, as npm does, and refuses what would land outside the package.
pub(super) fn inside(raw: &str, longest: usize) -> Result<Placed, &'static str> {
    if raw.len() > longest {
        return Err("a path too long to be unpacked");
    }
    if raw.contains('\0') {
        return Err("a path with a zero byte");
    }
    let mut oddity = None;
    let mut path = raw.replace('\\', "/");
    if path != raw {
        oddity = Some("a path with backslashes");
    }
    let drive = path.len() >= 2 && path.as_bytes()[0].is_ascii_alphabetic() && path.as_bytes()[1] == b':';
    if drive || path.starts_with('/') {
        oddity = Some("an absolute path");
        path = path[if drive { 2 } else { 0 }..].trim_start_matches('/').to_owned();
    }
    if path.split('/').any(|part| part == "..") {
        return Err("a path that leads out of the package");
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    match parts.split_first() {
        Some((_, rest)) if !rest.is_empty() => Ok(Placed {
            path: rest.join("/"),
            oddity,
        }),
        _ => Err("a file outside any folder, which npm does not unpack"),
    }
}

/// A path of an archive, fit for a message: short, without control characters.
pub(super) fn shown(path: &str) -> String {
    let clean = path.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c });
    let mut shown: String = clean.take(201).collect();
    if shown.chars().count() > 200 {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let at = |raw: &str| inside(raw, 100).map(|placed| (placed.path, placed.oddity.is_some()));
        for (raw, expected) in [
            ("package/a.js", "a.js"),
            ("other/lib/b.js", "lib/b.js"),
            ("./package/./c.js", "c.js"),
            ("package//d.js", "d.js"),
            ("package/..a/e..js", "..a/e..js"),
        ] {
            assert_eq!(at(raw), Ok((expected.to_owned(), false)), "{raw}");
        }
        for (raw, expected) in [
            ("/package/a.js", "a.js"),
            ("C:\\package\\b.js", "b.js"),
            ("package\\c.js", "c.js"),
            ("d:package/e", "e"),
        ] {
            assert_eq!(at(raw), Ok((expected.to_owned(), true)), "{raw}");
        }
        for raw in [
            "../x",
            "package/../../x",
            "package\\..\\x",
            "a.js",
            "",
            "/",
            "package/a\0",
            &"a/".repeat(60),
        ] {
            assert!(at(raw).is_err(), "{raw}");
        }
    }
}
