//! `yarn.lock` of Yarn 2 and later.

use super::{Entry, LockError, Read, object, source_of, split_name, syntax, tree, yaml};

pub(super) fn read(text: &str) -> Result<Read, LockError> {
    let root = yaml::read(text)?;
    let members = object(text, &root, "the lock")?;
    let version = tree::get(&root, "__metadata").and_then(|node| tree::text_at(node, "version"));
    let version = version.unwrap_or_default();
    // 4 is of Yarn 2; the entries have had the same fields since.
    if !version.parse::<u32>().is_ok_and(|version| (4..=10).contains(&version)) {
        return Err(LockError::Version {
            version,
            known: "4 to 10",
        });
    }
    let mut entries = Vec::new();
    for member in members.iter().filter(|member| member.key != "__metadata") {
        object(text, &member.node, "a package")?;
        let missing = || syntax(text, member.key_span.start as usize, "a package without a `resolution`");
        let resolution = tree::text_at(&member.node, "resolution").ok_or_else(missing)?;
        let (name, spec) = split_name(&resolution).ok_or_else(missing)?;
        let (address, spec) = (resolution_address(spec), spec);
        let conditions = tree::text_at(&member.node, "conditions").unwrap_or_default();
        let mut aliases: Vec<String> = member
            .key
            .split(", ")
            .filter_map(split_name)
            .map(|(alias, _)| alias)
            .filter(|alias| *alias != name)
            .map(str::to_owned)
            .collect();
        aliases.sort();
        aliases.dedup();
        entries.push(Entry {
            name: name.to_owned(),
            version: tree::text_at(&member.node, "version").unwrap_or_default(),
            source: source_of(spec).unwrap_or_default(),
            checksum: tree::text_at(&member.node, "checksum"),
            resolved: address.map(str::to_owned),
            aliases,
            os: condition(&conditions, "os"),
            cpu: condition(&conditions, "cpu"),
            span: member.span(),
            ..Entry::default()
        });
    }
    Ok((version, entries))
}

/// Where what is not from a registry comes from, without what Yarn adds for itself.
fn resolution_address(spec: &str) -> Option<&str> {
    source_of(spec)?;
    Some(spec.split("::").next().unwrap_or(spec))
}

/// `os=darwin & cpu=(arm64 | x64)`: the words of one of them.
fn condition(conditions: &str, key: &str) -> Vec<String> {
    let part = conditions.split('&').map(str::trim);
    let values = part.filter_map(|part| part.trim_matches(['(', ')']).strip_prefix(key)?.strip_prefix('='));
    let words = values.flat_map(|values| values.split('|'));
    words
        .map(|word| word.trim().trim_matches(['(', ')']))
        .map(|word| {
            word.strip_prefix(key)
                .and_then(|word| word.strip_prefix('='))
                .unwrap_or(word)
        })
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
