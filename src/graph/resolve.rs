//! From a specifier to a file of the package, as Node, bundlers and TypeScript look for it.

use std::collections::BTreeMap;

use crate::{
    facts::{Content, FileFacts},
    package::manifest::Manifest,
};

/// Endings that are tried when a specifier has none.
const ENDINGS: [&str; 9] = [".js", ".json", ".node", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".mts"];

/// The files of one package, and how to find one.
pub(super) struct Resolver<'g, 'a> {
    pub(super) files: &'g BTreeMap<&'a str, &'a FileFacts>,
    pub(super) manifest: Option<&'a Manifest>,
    /// Whether it brings packages of its own.
    nests: bool,
}

impl<'g, 'a> Resolver<'g, 'a> {
    pub(super) fn new(files: &'g BTreeMap<&'a str, &'a FileFacts>, manifest: Option<&'a Manifest>) -> Self {
        let nests = files.range("node_modules/".."node_modules0").next().is_some();
        Self { files, manifest, nests }
    }

    /// The file that a specifier in a module names; `None` if it is not of this package.
    pub(super) fn resolve(&self, from: &str, specifier: &str) -> Option<&'a str> {
        let specifier = specifier
            .split(['?', '#'])
            .next()
            .filter(|s| !s.is_empty())
            .unwrap_or(specifier);
        if specifier.starts_with('.') {
            let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
            return self.at(&join(folder, specifier)?);
        }
        if specifier.starts_with('#') {
            let manifest = self.manifest?;
            return manifest
                .imports
                .iter()
                .find_map(|entry| self.pattern(&entry.key, entry.file.as_deref()?, specifier));
        }
        let (name, rest) = crate::facts::package_name(specifier)?;
        if self.manifest.is_some_and(|manifest| manifest.name == name) {
            return self.own(rest);
        }
        if !self.nests {
            return None;
        }
        let nested = format!("node_modules/{name}");
        self.at(&if rest.is_empty() {
            nested
        } else {
            format!("{nested}/{rest}")
        })
    }

    /// A file by its path from the package's root, endings and `index` tried.
    pub(super) fn at(&self, path: &str) -> Option<&'a str> {
        find(path, |path| self.files.get_key_value(path).map(|(known, _)| *known))
    }

    /// A subpath of the package itself.
    fn own(&self, rest: &str) -> Option<&'a str> {
        let manifest = self.manifest?;
        let wanted = if rest.is_empty() {
            ".".to_owned()
        } else {
            format!("./{rest}")
        };
        manifest
            .exports
            .iter()
            .find_map(|entry| self.pattern(&entry.key, entry.file.as_deref()?, &wanted))
            .or_else(|| {
                if rest.is_empty() {
                    self.at(manifest.main.as_ref().map_or("index", |main| main.value.as_str()))
                } else {
                    self.at(rest)
                }
            })
    }

    fn pattern(&self, pattern: &str, target: &str, wanted: &str) -> Option<&'a str> {
        if pattern == wanted {
            return self.at(target);
        }
        let (before, after) = pattern.split_once('*')?;
        let star = wanted.strip_prefix(before)?.strip_suffix(after)?;
        self.at(&target.replace('*', star))
    }

    /// The files that a path of the manifest stands for. One with a `*` gives out licences and pictures, too: only its
    /// code can run.
    pub(super) fn matching(&self, target: &str) -> Vec<&'a str> {
        let target = target.trim_start_matches("./");
        match target.split_once('*') {
            Some((before, after)) => self
                .files
                .iter()
                .filter(|(path, file)| {
                    matches!(file.content, Content::Module(_))
                        && path.strip_prefix(before).is_some_and(|rest| rest.ends_with(after))
                })
                .map(|(path, _)| *path)
                .collect(),
            None => self.at(target).into_iter().collect(),
        }
    }
}

/// What a path stands for, endings and `index` tried.
pub(super) fn find<T>(path: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if let Some(found) = known(path) {
        return Some(found);
    }
    let mut tried = String::with_capacity(path.len() + 16);
    let mut with = |stem: &str, ending: &str| {
        tried.clear();
        tried.push_str(stem);
        tried.push_str(ending);
        known(&tried)
    };
    if let Some(found) = ENDINGS.iter().find_map(|ending| with(path, ending)) {
        return Some(found);
    }
    // TypeScript sources name the file that will be compiled from them.
    if let Some(stem) = path.strip_suffix(".js")
        && let Some(found) = with(stem, ".ts").or_else(|| with(stem, ".tsx"))
    {
        return Some(found);
    }
    let index = match path {
        "" | "." => "index".to_owned(),
        path => format!("{path}/index"),
    };
    ENDINGS.iter().find_map(|ending| with(&index, ending))
}

/// Joins a folder and a relative path; `None` if it leaves the package.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
