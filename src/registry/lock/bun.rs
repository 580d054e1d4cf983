//! `bun.lock`: JSON with commas after last items; each package is a tuple.

use super::{Entry, LockError, Read, Source, object, source_of, split_name, syntax, tree};

pub(super) fn read(text: &str) -> Result<Read, LockError> {
    let root = tree::json_with_commas(text)?;
    object(text, &root, "the lock")?;
    let version = tree::text_at(&root, "lockfileVersion").unwrap_or_default();
    if !matches!(version.as_str(), "0" | "1" | "2") {
        return Err(LockError::Version {
            version,
            known: "0, 1 and 2",
        });
    }
    let mut entries = Vec::new();
    let packages = tree::get(&root, "packages").map(|node| object(text, node, "`packages`"));
    for member in packages.transpose()?.unwrap_or_default() {
        let tuple = tree::items(&member.node);
        let wrong = || {
            syntax(
                text,
                member.node.span.start as usize,
                "a package that is no list beginning with `name@version`",
            )
        };
        let (name, spec) = tuple
            .first()
            .and_then(tree::text)
            .and_then(split_name)
            .ok_or_else(wrong)?;
        let source = source_of(spec).unwrap_or_default();
        let info = tuple.iter().find(|node| tree::members(node).is_some());
        let registry = source == Source::Registry;
        let integrity = tuple
            .iter()
            .skip(2)
            .filter_map(tree::text)
            .find(|text| is_integrity(text));
        let address = tuple
            .get(1)
            .and_then(tree::text)
            .filter(|address| registry && !address.is_empty());
        let installed = installed_as(&member.key);
        entries.push(Entry {
            name: name.to_owned(),
            version: if registry { spec.to_owned() } else { String::new() },
            source,
            integrity: integrity.map(str::to_owned),
            resolved: address.or((!registry).then_some(spec)).map(str::to_owned),
            aliases: (installed != name).then(|| installed.to_owned()).into_iter().collect(),
            os: info.map(|node| tree::texts(node, "os")).unwrap_or_default(),
            cpu: info.map(|node| tree::texts(node, "cpu")).unwrap_or_default(),
            span: member.span(),
            ..Entry::default()
        });
    }
    Ok((version, entries))
}

fn is_integrity(text: &str) -> bool {
    ["sha512-", "sha384-", "sha256-", "sha1-"]
        .iter()
        .any(|kind| text.starts_with(kind))
}

/// The last name of a path of packages: `inner/@scope/name` to `@scope/name`.
fn installed_as(key: &str) -> &str {
    let Some((before, name)) = key.rsplit_once('/') else {
        return key;
    };
    let scope = before.rsplit('/').next().unwrap_or(before);
    if scope.starts_with('@') {
        &key[key.len() - name.len() - 1 - scope.len()..]
    } else {
        name
    }
}
