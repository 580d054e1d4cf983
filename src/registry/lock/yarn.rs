//! `yarn.lock` of Yarn 1: lines that look like YAML and are not.

use super::{Entry, LockError, Read, Source, is_registry_tarball, source_of, split_name, syntax};
use crate::span::Span;

pub(super) fn read(text: &str) -> Result<Read, LockError> {
    if !text.lines().any(|line| line.trim() == "# yarn lockfile v1") {
        return Err(LockError::Version {
            version: String::new(),
            known: "`# yarn lockfile v1`, or `__metadata` of 4 to 10",
        });
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let (start, line) = (at, raw.trim_end());
        at += raw.len();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let body = &line[indent..];
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let end = (start + line.len()) as u32;
        if indent == 0 {
            let mut entry = header(body).ok_or_else(|| syntax(text, start, "neither `name@range:` nor a field"))?;
            entry.span = Span::new(start as u32, end);
            entries.push(entry);
            continue;
        }
        let Some(entry) = entries.last_mut() else {
            return Err(syntax(text, start, "a field before the first package"));
        };
        entry.span = Span::new(entry.span.start, end);
        if indent == 2 && !body.ends_with(':') {
            let (key, value) = body
                .split_once(' ')
                .ok_or_else(|| syntax(text, start, "a field without a value"))?;
            let value = unquoted(value).ok_or_else(|| syntax(text, start, "a text without its end"))?;
            match key {
                "version" => value.clone_into(&mut entry.version),
                "resolved" => entry.resolved = Some(value.to_owned()),
                "integrity" => entry.integrity = Some(value.to_owned()),
                _ => {}
            }
        }
    }
    for entry in &mut entries {
        if entry.version.is_empty() {
            return Err(syntax(text, entry.span.start as usize, "a package without a version"));
        }
        let address = entry.resolved.as_deref().unwrap_or_default();
        // The range tells best; `resolved` is what was made of it.
        if entry.source == Source::Registry {
            entry.source = match source_of(address) {
                Some(Source::Tarball) if is_registry_tarball(address, &entry.name, &entry.version) => Source::Registry,
                other => other.unwrap_or_default(),
            };
        }
    }
    Ok(("1".to_owned(), entries))
}

/// `"name@range", name@range:` to the real name and where it comes from.
fn header(line: &str) -> Option<Entry> {
    let list = line.strip_suffix(':')?;
    let mut entry = Entry::default();
    for pattern in list.split(", ") {
        let (installed, range) = split_name(unquoted(pattern)?)?;
        let alias = range.strip_prefix("npm:");
        let real = alias.map_or(installed, |real| split_name(real).map_or(real, |(name, _)| name));
        if entry.name.is_empty() {
            real.clone_into(&mut entry.name);
            entry.source = source_of(range).unwrap_or_default();
        }
        if installed != entry.name && !entry.aliases.iter().any(|known| known == installed) {
            entry.aliases.push(installed.to_owned());
        }
    }
    entry.aliases.sort();
    Some(entry)
}

/// Without quotes; nothing if only one is there.
fn unquoted(text: &str) -> Option<&str> {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"'),
        None => Some(text),
    }
}
