//! Beside each place that is told, the one in the source that it was compiled or bundled from.

use std::collections::BTreeMap;

use super::CapabilityUse;
use crate::{
    facts::{Content, FileFacts, Part, SourceMapLink},
    finding::{Finding, Original},
    graph::Graph,
    package::source_map,
    span::{Position, Range},
};

/// The source maps beside files of which something may be told, as far as they have not been read.
pub(super) fn wanted(graph: &Graph<'_>, files: &BTreeMap<&str, &FileFacts>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for module in &graph.modules {
        if let Some(SourceMapLink::Beside(path)) = &module.facts.source_map
            && let Some(file) = files.get(path.as_str())
            && matches!(file.content, Content::Map(None))
            && file.bytes <= source_map::MAX_SIZE as u64
        {
            out.push(path.clone());
        }
    }
    crate::order::sort(&mut out);
    out.dedup();
    out
}

/// Adds the original places.
pub(super) fn add(
    graph: &Graph<'_>,
    files: &BTreeMap<&str, &FileFacts>,
    findings: &mut [Finding],
    capabilities: &mut [CapabilityUse],
) {
    let mut places: BTreeMap<String, Vec<Position>> = BTreeMap::new();
    each(findings, capabilities, &mut |file, range, _| {
        if let Some(known) = places.get_mut(file) {
            known.push(range.start);
        } else {
            places.insert(file.to_owned(), vec![range.start]);
        }
    });
    let mut known: BTreeMap<(String, Position), Original> = BTreeMap::new();
    for module in &graph.modules {
        let Some(asked) = places.get_mut(module.path) else {
            continue;
        };
        crate::order::sort(asked);
        asked.dedup();
        for place in asked.iter() {
            if let Some(part) = part_at(&module.facts.parts, *place) {
                let original = Original {
                    file: part.path.clone(),
                    line: None,
                    character: None,
                    name: None,
                };
                known.insert((module.path.to_owned(), *place), original);
            }
        }
        let found = match &module.facts.source_map {
            Some(SourceMapLink::Inline(found)) => found.clone(),
            Some(SourceMapLink::Beside(path)) => match files.get(path.as_str()).map(|file| &file.content) {
                Some(Content::Map(Some(map))) => map.originals(asked),
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        for (place, original) in found {
            // A map that says the file is its own source says nothing.
            if original.file != module.path {
                known.insert((module.path.to_owned(), place), original);
            }
        }
    }
    if !known.is_empty() {
        each(findings, capabilities, &mut |file, range, slot| {
            *slot = known.get(&(file.to_owned(), range.start)).cloned();
        });
    }
}

/// Every place of the report.
fn each(
    findings: &mut [Finding],
    capabilities: &mut [CapabilityUse],
    told: &mut impl FnMut(&str, Range, &mut Option<Original>),
) {
    for used in capabilities {
        told(&used.file, used.range, &mut used.original);
    }
    for finding in findings {
        told(&finding.file, finding.range, &mut finding.original);
        for step in &mut finding.evidence {
            told(&step.file, step.range, &mut step.original);
        }
    }
}

/// The innermost part around a place: the last that begins before it and does not end before it.
fn part_at(parts: &[Part], place: Position) -> Option<&Part> {
    /// How many parts are looked back at: they are hardly ever within each other.
    const MAX_BACK: usize = 64;
    let after = parts.partition_point(|part| part.range.start <= place);
    let before = parts.get(..after).unwrap_or_default();
    before.iter().rev().take(MAX_BACK).find(|part| place < part.range.end)
}
