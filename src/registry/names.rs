//! Names that look like popular ones: a pure look-up in a list of popular names, which the host brings as bytes.
//!
//! The list is a finite-state transducer from name to level, made by `cargo xtask names`. A level is the power of four of
//! the downloads in a month, counted from 4^8: level 1 is 65,536 and more, level 7 about 268 million and more.

use std::fmt;

use fst::raw::Fst;
use serde::{Deserialize, Serialize};

use crate::package::manifest::Manifest;

mod judge;
mod letters;
mod search;
mod words;

pub use self::judge::Likeness;

/// Longer names are not compared: npm allows 214 bytes, and nobody mistypes a sentence.
const LONGEST: usize = 100;

/// A list of popular names that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the list of popular names cannot be read ({0}); make it again with `cargo xtask names`")]
pub struct BadList(#[from] fst::Error);

/// A list of popular names.
pub struct Names<D>(Fst<D>);

impl<D: AsRef<[u8]>> fmt::Debug for Names<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Names({})", self.0.len())
    }
}

/// What is said of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The name that was asked about.
    pub name: String,
    /// The popular name that it looks like.
    pub target: Option<String>,
    /// Why, in a short sentence; empty where there is no target.
    pub why: String,
}

/// A popular name that another looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    /// The popular name.
    pub target: String,
    /// How the two are alike.
    pub likeness: Likeness,
    /// How popular the target is: 1 to 10.
    pub level: u8,
}

impl<D: AsRef<[u8]>> Names<D> {
    /// Takes the bytes of a list; they are not copied.
    ///
    /// # Errors
    ///
    /// When they are not such a list, or their checksum is wrong.
    pub fn new(bytes: D) -> Result<Self, BadList> {
        let list = Fst::new(bytes)?;
        list.verify()?;
        Ok(Self(list))
    }

    /// How popular a name is, if it is in the list.
    pub fn level(&self, name: &str) -> Option<u8> {
        let level = self.0.get(name.as_bytes())?.value();
        u8::try_from(level).ok()
    }

    /// Every name in the list, with its level, in the order of bytes.
    pub fn all(&self) -> Vec<(String, u8)> {
        use fst::Streamer as _;
        let mut out = Vec::new();
        let mut stream = self.0.stream();
        while let Some((name, level)) = stream.next() {
            let name = String::from_utf8_lossy(name).into_owned();
            out.push((name, u8::try_from(level.value()).unwrap_or(u8::MAX)));
        }
        out
    }

    /// What is to be said of a name.
    pub fn look(&self, name: &str) -> Look {
        let twin = self.twin(name);
        Look {
            name: name.to_owned(),
            why: twin.as_ref().map(Twin::why).unwrap_or_default(),
            target: twin.map(|twin| twin.target),
        }
    }

    /// The popular name that this one looks most like; a name that is popular itself looks like none.
    pub fn twin(&self, name: &str) -> Option<Twin> {
        if name.is_empty() || name.len() > LONGEST || self.level(name).is_some() {
            return None;
        }
        let plain = letters::plain(name);
        if plain != name
            && let Some(level) = self.level(&plain)
        {
            let likeness = Likeness::Glyph;
            let enough = judge::needed(likeness, &plain, name).is_some_and(|least| level >= least);
            return enough.then_some(Twin {
                target: plain,
                likeness,
                level,
            });
        }
        if let Some((scope, _)) = plain.strip_prefix('@').and_then(|rest| rest.split_once('/'))
            && self.has_prefix(&format!("@{scope}/"))
        {
            // Whoever has the scope published this one too.
            return None;
        }
        let mut found = search::near(&self.0, &plain);
        found.extend(words::candidates(&plain).into_iter().filter_map(|(target, likeness)| {
            let level = self.level(&target)?;
            Some((target, level, Some(likeness)))
        }));
        let twins = found.into_iter().filter_map(|(target, level, likeness)| {
            let likeness = likeness.or_else(|| judge::likeness(&plain, &target))?;
            let spare = level.checked_sub(judge::needed(likeness, &target, &plain)?)?;
            Some((
                spare,
                Twin {
                    target,
                    likeness,
                    level,
                },
            ))
        });
        // The most popular of those that are near enough is the one that is meant.
        let best =
            twins.max_by(|(a, one), (b, other)| (one.level, a, &other.target).cmp(&(other.level, b, &one.target)));
        best.map(|(_, twin)| twin)
    }

    fn has_prefix(&self, prefix: &str) -> bool {
        let mut node = self.0.root();
        for byte in prefix.bytes() {
            let Some(at) = node.find_input(byte) else {
                return false;
            };
            node = self.0.node(node.transition_addr(at));
        }
        true
    }
}

impl Twin {
    /// Why, in a short sentence.
    pub fn why(&self) -> String {
        let popular = match self.level {
            0..=3 => "a popular package",
            4..=5 => "a very popular package",
            _ => "one of the most popular packages",
        };
        format!("{} `{}`, {popular}", self.likeness.words(), self.target)
    }
}

/// The name that a dependency is asked for by at the registry; nothing if it comes from elsewhere.
pub fn asked_for<'a>(name: &'a str, spec: &'a str) -> Option<&'a str> {
    if let Some(alias) = spec.strip_prefix("npm:") {
        let version = alias.rfind('@').filter(|at| *at > 0);
        return Some(version.map_or(alias, |at| &alias[..at]));
    }
    // Ranges and tags have neither; addresses, paths and shorthands of forges have one.
    (!spec.contains([':', '/'])).then_some(name)
}

impl<D: AsRef<[u8]>> Names<D> {
    /// The twins of a package's own name and of those that it depends on, by the name that has one.
    pub fn twins(&self, manifest: &Manifest) -> Vec<(String, Twin)> {
        let needed = manifest.dependencies.iter();
        let needed = needed.filter_map(|one| asked_for(&one.name, &one.spec));
        let mut names: Vec<&str> = needed.chain([manifest.name.as_str()]).collect();
        crate::order::sort(&mut names);
        names.dedup();
        let twins = names.into_iter();
        twins
            .filter_map(|name| Some((name.to_owned(), self.twin(name)?)))
            .collect()
    }
}
