//! `NAME[@RANGE]`, and which version of a package that is.

use nodejs_semver::{Range, Version};
use thiserror::Error;

use super::packument::{Entry, Packument};

/// A package at a registry, as people write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The package.
    pub name: String,
    /// A version, a range or a tag; empty for what `npm install NAME` takes.
    pub wanted: String,
}

/// No version of the package is what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PickError {
    /// The document lists none.
    #[error("`{0}` has no versions at this registry")]
    Empty(String),
    /// Neither a version nor a range, and no tag of the package.
    #[error("`{name}` has no tag `{wanted}`; its tags: {tags}")]
    NoTag {
        /// The package.
        name: String,
        /// What was asked for.
        wanted: String,
        /// What there is.
        tags: String,
    },
    /// A version or range that nothing fits.
    #[error("`{name}` has no version that fits `{wanted}`; its newest is {newest}")]
    NoMatch {
        /// The package.
        name: String,
        /// What was asked for.
        wanted: String,
        /// The version with the highest number.
        newest: String,
    },
}

impl Spec {
    /// Reads `name`, `name@1.2.3`, `@scope/name@^1`, `name@next`; nothing for what cannot be a package's name.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("npm:").unwrap_or(text);
        let at = text.char_indices().skip(1).find(|(_, letter)| *letter == '@');
        let (name, wanted) = at.map_or((text, ""), |(at, _)| (&text[..at], &text[at + 1..]));
        is_name(name).then(|| Self {
            name: name.to_owned(),
            wanted: wanted.trim().to_owned(),
        })
    }
}

/// Whether a registry could have a package of this name. Old packages have capitals.
pub fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
    };
    let fits = name.len() <= 214 && !matches!(name, "node_modules" | "favicon.ico");
    fits && match name.strip_prefix('@') {
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, name)| part(scope) && part(name)),
        None => part(name) && !name.starts_with('_'),
    }
}

/// The version that npm would take: a tag's, or the version itself, or of a range the latest one if it fits, else the
/// highest that is not deprecated.
///
/// # Errors
///
/// When nothing fits.
pub fn pick<'a>(packument: &'a Packument, wanted: &str) -> Result<&'a Entry, PickError> {
    let name = || packument.name.clone();
    let latest = packument.tagged("latest");
    let Some(newest) = packument.versions.last() else {
        return Err(PickError::Empty(name()));
    };
    if wanted.is_empty() {
        let stable = packument
            .versions
            .iter()
            .rev()
            .find(|entry| entry.number.pre_release().is_empty());
        return Ok(latest.or(stable).unwrap_or(newest));
    }
    if let Some(entry) = packument.tagged(wanted) {
        return Ok(entry);
    }
    if let Ok(number) = Version::parse(wanted) {
        let same = packument.versions.iter().find(|entry| entry.number == number);
        return same.ok_or_else(|| no_match(packument, wanted, newest));
    }
    let Ok(range) = Range::parse(wanted) else {
        let tags: Vec<&str> = packument.tags.keys().map(String::as_str).collect();
        let wanted = wanted.to_owned();
        let tags = tags.join(", ");
        return Err(PickError::NoTag {
            name: name(),
            wanted,
            tags,
        });
    };
    let fits = |entry: &&Entry| range.satisfies(&entry.number);
    if let Some(entry) = latest.filter(fits) {
        return Ok(entry);
    }
    let kept = packument
        .versions
        .iter()
        .rev()
        .filter(fits)
        .find(|entry| entry.deprecated.is_none());
    kept.or_else(|| packument.versions.iter().rev().find(fits))
        .ok_or_else(|| no_match(packument, wanted, newest))
}

fn no_match(packument: &Packument, wanted: &str, newest: &Entry) -> PickError {
    PickError::NoMatch {
        name: packument.name.clone(),
        wanted: wanted.to_owned(),
        newest: newest.version.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ranges_are_told_apart() {
        let read = |text| Spec::parse(text).map(|spec| (spec.name, spec.wanted));
        let some = |name: &str, wanted: &str| Some((name.to_owned(), wanted.to_owned()));
        assert_eq!(read("left-pad"), some("left-pad", ""));
        assert_eq!(read("left-pad@^1.0.0 || 2"), some("left-pad", "^1.0.0 || 2"));
        assert_eq!(read("@babel/core@next"), some("@babel/core", "next"));
        assert_eq!(read("npm:JSONStream@1"), some("JSONStream", "1"));
        for text in [
            "",
            "@",
            "@x",
            "./x",
            "a/b",
            "_x",
            ".x",
            "a b",
            "@a/b/c",
            "node_modules",
            "x.tgz/",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_version_that_npm_would_take() {
        let text = r#"{"name":"x","dist-tags":{"latest":"1.1.0","next":"2.0.0-rc.1"},"versions":{
            "1.0.0":{},"1.1.0":{},"1.2.0":{},"1.9.0":{"deprecated":"broken"},"2.0.0-rc.1":{},"0.5.0":{"deprecated":"old"}}}"#;
        let packument = Packument::parse(text.as_bytes()).unwrap();
        let cases = [
            ("", "1.1.0"),
            ("latest", "1.1.0"),
            ("next", "2.0.0-rc.1"),
            ("^1.0.0", "1.1.0"),
            (">=1.2.0 <2", "1.2.0"),
            ("1.9", "1.9.0"),
            ("~0.5", "0.5.0"),
            ("v1.0.0", "1.0.0"),
            ("*", "1.1.0"),
        ];
        for (wanted, version) in cases {
            assert_eq!(
                pick(&packument, wanted).map(|entry| &*entry.version),
                Ok(version),
                "{wanted}"
            );
        }
        let error = |wanted| pick(&packument, wanted).unwrap_err().to_string();
        assert_eq!(
            error("^3"),
            "`x` has no version that fits `^3`; its newest is 2.0.0-rc.1"
        );
        assert_eq!(error("beta"), "`x` has no tag `beta`; its tags: latest, next");
        let empty = Packument::parse(br#"{"name":"x"}"#).unwrap();
        assert_eq!(
            pick(&empty, "").unwrap_err().to_string(),
            "`x` has no versions at this registry"
        );
    }
}
