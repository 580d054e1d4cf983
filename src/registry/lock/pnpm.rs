//! `pnpm-lock.yaml`, versions 5, 6 and 9.

use std::collections::BTreeMap;

use super::{Entry, LockError, Read, Source, object, source_of, split_name, tree, yaml};
use crate::package::json::{Member, Node};

pub(super) fn read(text: &str) -> Result<Read, LockError> {
    let root = yaml::read(text)?;
    object(text, &root, "the lock")?;
    let version = tree::text_at(&root, "lockfileVersion").unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    if !matches!(major, "5" | "6" | "9") {
        return Err(LockError::Version {
            version,
            known: "5, 6 and 9",
        });
    }
    let snapshots = optional(&root);
    let mut entries = Vec::new();
    let packages = tree::get(&root, "packages").map(|node| object(text, node, "`packages`"));
    for member in packages.transpose()?.unwrap_or_default() {
        object(text, &member.node, "a package")?;
        let mut entry = package(member, major).ok_or_else(|| {
            super::syntax(
                text,
                member.key_span.start as usize,
                "a key without a name and a version",
            )
        })?;
        if major == "9" {
            entry.optional = snapshots.get(member.key.as_str()).copied();
        }
        entries.push(entry);
    }
    aliases(&root, &mut entries);
    Ok((version, entries))
}

/// Version 9 tells beside the packages whether all ways to one are optional.
fn optional(root: &Node) -> BTreeMap<&str, bool> {
    let mut all = BTreeMap::new();
    let snapshots = tree::get(root, "snapshots").and_then(tree::members);
    for member in snapshots.unwrap_or_default() {
        let optional = tree::flag(&member.node, "optional");
        let known = all.entry(without_peers(&member.key)).or_insert(optional);
        *known = *known && optional;
    }
    all
}

fn without_peers(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

fn package(member: &Member, major: &str) -> Option<Entry> {
    let node = &member.node;
    let (name, version) = named(&member.key, major).unwrap_or_default();
    let resolution = tree::get(node, "resolution");
    let at = |key: &str| resolution.and_then(|node| tree::text_at(node, key));
    let path = without_peers(&member.key);
    let mut entry = Entry {
        name: tree::text_at(node, "name").unwrap_or(name),
        version: tree::text_at(node, "version").unwrap_or(version),
        integrity: at("integrity"),
        resolved: at("tarball").or_else(|| at("repo")).or_else(|| at("directory")),
        dev: tree::get(node, "dev").map(|_| tree::flag(node, "dev")),
        optional: (major != "9").then(|| tree::flag(node, "optional")),
        install_script: (major != "9").then(|| tree::flag(node, "requiresBuild")),
        deprecated: tree::text_at(node, "deprecated"),
        os: tree::texts(node, "os"),
        cpu: tree::texts(node, "cpu"),
        span: member.span(),
        ..Entry::default()
    };
    let spec = split_name(path).map_or(path, |(_, spec)| spec);
    entry.source = if at("repo").is_some() || at("type").as_deref() == Some("git") {
        Source::Git
    } else if at("directory").is_some() || source_of(spec).or_else(|| source_of(path)) == Some(Source::Local) {
        Source::Local
    } else if let Some(tarball) = at("tarball") {
        // A registry's tarball is beside its hash; the version of anything else is its address.
        let plain = entry.version.starts_with(|first: char| first.is_ascii_digit()) && source_of(spec).is_none();
        match source_of(&tarball) {
            Some(Source::Tarball) | None if plain && at("integrity").is_some() && named(path, major).is_some() => {
                Source::Registry
            }
            Some(source) => source,
            None => Source::Tarball,
        }
    } else {
        source_of(spec).unwrap_or_default()
    };
    (!entry.name.is_empty()).then_some(entry)
}

/// `/@scope/name/1.0.0_peer@2.0.0` of version 5, `/name@1.0.0(peer@2.0.0)` of 6, `name@1.0.0` of 9.
fn named(key: &str, major: &str) -> Option<(String, String)> {
    let key = without_peers(key);
    if major == "5" {
        let (name, version) = key.strip_prefix('/')?.rsplit_once('/')?;
        let version = version.split('_').next().unwrap_or(version);
        return Some((name.to_owned(), version.to_owned()));
    }
    let key = key.strip_prefix('/').unwrap_or(key);
    let (name, version) = split_name(key)?;
    Some((name.to_owned(), version.to_owned()))
}

/// The project's own aliases; `specifier: npm:name@…` tells them.
fn aliases(root: &Node, entries: &mut [Entry]) {
    const KINDS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];
    let importers = tree::get(root, "importers").and_then(tree::members).unwrap_or_default();
    let importers = importers.iter().map(|member| &member.node).chain([root]);
    let mut found: Vec<(String, String, &str)> = Vec::new();
    for importer in importers {
        for member in KINDS
            .iter()
            .filter_map(|kind| tree::get(importer, kind).and_then(tree::members))
            .flatten()
        {
            let version = tree::get(&member.node, "version").unwrap_or(&member.node);
            let Some(version) = tree::text(version).map(without_peers) else {
                continue;
            };
            let real = match version.strip_prefix('/') {
                Some(old) if split_name(old).is_none() => old.rsplit_once('/'),
                Some(new) => split_name(new),
                None => split_name(version),
            };
            if let Some((name, version)) = real.filter(|(name, _)| *name != member.key) {
                found.push((name.to_owned(), version.to_owned(), &member.key));
            }
        }
    }
    found.sort();
    found.dedup();
    for entry in entries {
        let first = found.partition_point(|(name, version, _)| (name, version) < (&entry.name, &entry.version));
        let same = found[first..].iter();
        let same = same.take_while(|(name, version, _)| (name, version) == (&entry.name, &entry.version));
        entry.aliases = same.map(|(_, _, alias)| (*alias).to_owned()).collect();
    }
}
