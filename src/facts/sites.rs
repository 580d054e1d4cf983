//! The places of a source that name a package, as an editor needs them.

use serde::{Deserialize, Serialize};

use super::{ImportKind, capability, layers::MAX_LAYERS, read::module};
use crate::{
    order,
    package::manifest::Manifest,
    span::{LineIndex, Range, Span},
};

/// One place of a source that names a package, as an editor needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ImportSite {
    /// The specifier as written.
    pub specifier: String,
    /// The package it names; absent for relative paths, URLs and built-in modules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub package: Option<String>,
    /// What follows the package's name, without the slash.
    pub subpath: String,
    /// The form of the import.
    pub kind: ImportKind,
    /// Exported names it takes: `default`, `*` for all.
    pub names: Vec<String>,
    /// The specifier's place, without the quotes.
    pub range: Range,
}

/// The import sites of a source, in order; of a `package.json`, its dependencies.
pub fn import_sites(path: &str, text: &str) -> Vec<ImportSite> {
    if path.rsplit(['/', '\\']).next() == Some("package.json") {
        let (manifest, _) = Manifest::read(text.as_bytes());
        return manifest
            .dependencies
            .into_iter()
            .map(|found| site(&found.name, ImportKind::Dependency, Vec::new(), found.range))
            .collect();
    }
    let facts = module(path, text, MAX_LAYERS, &mut Vec::new());
    let lines = LineIndex::new(text);
    let mut sites: Vec<ImportSite> = facts
        .imports
        .into_iter()
        .filter_map(|import| {
            let specifier = import.specifier?;
            let [start, end] = import.place.range.bytes;
            let quoted = text
                .as_bytes()
                .get(start as usize)
                .is_some_and(|b| matches!(b, b'"' | b'\'' | b'`'))
                && end > start + 1;
            let range = if quoted {
                lines.range(Span::new(start + 1, end - 1))
            } else {
                import.place.range
            };
            Some(site(&specifier, import.kind, import.names, range))
        })
        .collect();
    order::sort_by_key(&mut sites, |site| site.range);
    sites
}

fn site(specifier: &str, kind: ImportKind, names: Vec<String>, range: Range) -> ImportSite {
    let (package, subpath) = package_name(specifier).map_or((None, ""), |(name, rest)| (Some(name.to_owned()), rest));
    ImportSite {
        specifier: specifier.to_owned(),
        package,
        subpath: subpath.to_owned(),
        kind,
        names,
        range,
    }
}

/// The package that a specifier names, and the rest.
pub fn package_name(specifier: &str) -> Option<(&str, &str)> {
    if specifier.is_empty() || specifier.starts_with(['.', '/', '#']) || specifier.contains(':') {
        return None;
    }
    if capability::builtin_module(specifier).is_some() {
        return None;
    }
    let slashes = usize::from(specifier.starts_with('@'));
    match specifier.match_indices('/').nth(slashes) {
        Some((at, _)) => Some((&specifier[..at], &specifier[at + 1..])),
        None => Some((specifier, "")),
    }
}
