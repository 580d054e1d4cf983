//! Where a file comes from: the modules that a bundle names inside it, and the source map that the file names.

use std::collections::BTreeSet;

use memchr::memmem;

use super::{Facts, Part, SourceMapLink, bundles::Bundles};
use crate::{
    order,
    package::source_map::{self, SourceMap},
    span::{LineIndex, Position, Span},
};

/// The most parts that are kept of one file.
const MAX_PARTS: usize = 8192;
/// The longest line that is looked at for a mark.
const MAX_MARK: usize = 400;
/// How far a mark may stand from the beginning of its line.
const MAX_INDENT: usize = 12;
/// The most places of one file that an inline map is asked for.
const MAX_PLACES: usize = 20_000;

/// The modules inside a bundle that have a path, in order; of two around a place the later one is meant.
pub(super) fn parts(text: &str, bundles: &Bundles<'_>, lines: &LineIndex<'_>) -> Vec<Part> {
    let mut found: Vec<(Span, String)> = Vec::new();
    for (span, path) in bundles.paths() {
        if let Some(path) = path_of(&path) {
            found.push((span, path));
        }
    }
    let marks = marks(text);
    // One comment with a path may be anything.
    if marks.len() > 1 || !bundles.is_empty() || (!marks.is_empty() && text.contains("__defProp")) {
        for (index, (start, path)) in marks.iter().enumerate() {
            let end = marks.get(index + 1).map_or(text.len() as u32, |(next, _)| *next);
            found.push((Span::new(*start, end), path.clone()));
        }
    }
    order::sort_by_key(&mut found, |(span, _)| (span.start, std::cmp::Reverse(span.end)));
    found.truncate(MAX_PARTS);
    let part = |(span, path)| Part {
        path,
        range: lines.range(span),
    };
    found.into_iter().map(part).collect()
}

/// Comments that a bundler puts before each module: `// src/a.js`, `;// ./src/a.js`, `//#region src/a.js`,
/// `!*** ./src/a.js ***!`.
fn marks(text: &str) -> Vec<(u32, String)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for (needle, ending) in [("// ", ""), ("//#region ", ""), ("!*** ", " ***!")] {
        for at in memmem::find_iter(bytes, needle) {
            // Nothing stands before it in its line but a few blanks and, in webpack's bundles, a semicolon.
            let before = &bytes[at.saturating_sub(MAX_INDENT)..at];
            let blank = before
                .iter()
                .rev()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b';'))
                .count();
            let first = before.len().checked_sub(blank + 1).and_then(|at| before.get(at));
            if first.is_none() && at > blank || first.is_some_and(|byte| *byte != b'\n') {
                continue;
            }
            let after = &bytes[at + needle.len()..bytes.len().min(at + needle.len() + MAX_MARK)];
            // Most comments are sentences.
            let word = memchr::memchr2(b' ', b'\n', after).unwrap_or(after.len());
            if !after[..word].contains(&b'.') && !after.starts_with(b"CONCATENATED") {
                continue;
            }
            let Some(end) = memchr::memchr(b'\n', after) else {
                continue;
            };
            let Some(told) = text.get(at + needle.len()..at + needle.len() + end) else {
                continue;
            };
            let told = told.trim_end().trim_start_matches("CONCATENATED MODULE: ");
            if let Some(path) = told.strip_suffix(ending).and_then(path_of) {
                out.push((at as u32, path));
            }
            if out.len() >= MAX_PARTS {
                return out;
            }
        }
    }
    order::sort(&mut out);
    out
}

/// A text as the path of a module, if it can be nothing else: it has a folder or begins with `./`, and ends like a file
/// with code.
fn path_of(text: &str) -> Option<String> {
    const ENDINGS: [&str; 13] = [
        "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "json", "vue", "svelte", "es6", "coffee",
    ];
    let path = text.rsplit('!').next().unwrap_or(text);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let named = path.len() > 3 && !path.contains([' ', '\t', '"', '\'', '`', ',', ';', '(', '*', '<', '=']);
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    if !named || !ENDINGS.contains(&ending) || path.contains("://") {
        return None;
    }
    Some(source_map::original_path(path, "", ""))
}

/// Whether a report may tell a place of the module.
pub(super) fn tells_places(facts: &Facts) -> bool {
    let silent = facts.uses.is_empty()
        && facts.evaluated.is_empty()
        && facts.obfuscations.is_empty()
        && facts.hidden.is_empty()
        && facts.passages.is_empty()
        && !facts.imports.iter().any(|import| import.concealed);
    !silent
}

/// The source map that a text names at its end; one that is in the text itself is asked for every place of the facts.
pub(super) fn source_map(path: &str, text: &str, facts: &Facts) -> Option<SourceMapLink> {
    const MARK: &str = "sourceMappingURL=";
    if !tells_places(facts) {
        return None;
    }
    // Few texts have it, so that looking forward is quicker.
    let at = memmem::find_iter(text.as_bytes(), MARK).last()?;
    let before = text[..at].trim_end_matches([' ', '\t']);
    if !["//#", "//@", "/*#", "/*@"].iter().any(|open| before.ends_with(open)) {
        return None;
    }
    let rest = &text[at + MARK.len()..];
    let (link, after) = rest.split_at(rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len()));
    if !matches!(after.trim(), "" | "*/") || link.is_empty() {
        return None;
    }
    let Some(data) = link.strip_prefix("data:") else {
        let plain = !link.contains("://") && !link.starts_with('/') && link.len() <= MAX_MARK;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = source_map::original_path(link.split(['?', '#']).next()?, "", folder);
        return (plain && !beside.starts_with("..")).then_some(SourceMapLink::Beside(beside));
    };
    let (kind, data) = data.split_once(',')?;
    if !kind.contains("json") || !kind.ends_with(";base64") || data.len() > source_map::MAX_SIZE * 2 {
        return None;
    }
    let map = String::from_utf8(super::fold::base64(data.trim_end_matches("*/"))?).ok()?;
    let map = SourceMap::read(&map, path)?;
    let originals = map.originals(&places(facts)).into_iter();
    let claimed = originals.map(|(place, one)| (place, (one.file, one.line, one.character, one.name)));
    Some(SourceMapLink::Inline(claimed.collect()))
}

/// The places that a report may tell, in order.
fn places(facts: &Facts) -> Vec<Position> {
    let mut out = BTreeSet::new();
    let uses = facts.uses.iter().map(|found| found.place.range);
    let imports = facts.imports.iter().map(|found| found.place.range);
    let flows = facts.flows.iter().flat_map(|flow| {
        let ends = [flow.place.range, flow.source_range];
        ends.into_iter().chain(flow.steps.iter().map(|(range, _)| *range))
    });
    let evaluated = facts
        .evaluated
        .iter()
        .flat_map(|code| std::iter::once(code.place.range).chain(code.steps.iter().map(|(range, _)| *range)));
    let signs = facts.obfuscations.iter().map(|found| found.range);
    let hidden = facts.hidden.iter().map(|found| found.range);
    for range in uses
        .chain(imports)
        .chain(flows)
        .chain(evaluated)
        .chain(signs)
        .chain(hidden)
    {
        out.insert(range.start);
        if out.len() >= MAX_PLACES {
            break;
        }
    }
    out.into_iter().collect()
}
