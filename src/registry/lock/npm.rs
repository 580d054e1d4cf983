//! `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.

use super::{Entry, LockError, Read, Source, is_registry_tarball, object, source_of, split_name, tree};
use crate::package::json::{Member, Node};

pub(super) fn read(text: &str) -> Result<Read, LockError> {
    let root = tree::json(text)?;
    object(text, &root, "the lock")?;
    let version = tree::text_at(&root, "lockfileVersion").unwrap_or_default();
    let mut entries = Vec::new();
    match version.as_str() {
        "1" => {
            if let Some(dependencies) = tree::get(&root, "dependencies") {
                old(text, dependencies, &mut entries)?;
            }
        }
        "2" | "3" => {
            if let Some(packages) = tree::get(&root, "packages") {
                let members = object(text, packages, "`packages`")?;
                for member in members.iter().filter(|member| !member.key.is_empty()) {
                    object(text, &member.node, "a package")?;
                    entries.extend(package(member));
                }
            }
        }
        _ => {
            return Err(LockError::Version {
                version,
                known: "1, 2 and 3",
            });
        }
    }
    Ok((version, entries))
}

/// An entry of `packages`, whose key is a path. What lies outside of `node_modules` is this project's.
fn package(member: &Member) -> Option<Entry> {
    let (key, node) = (member.key.as_str(), &member.node);
    let (_, installed) = match key.rfind("node_modules/") {
        Some(at) => key.split_at(at + "node_modules/".len()),
        None => return Some(local(member)),
    };
    if tree::flag(node, "link") {
        // The folder it leads to has an entry of its own.
        return None;
    }
    let name = tree::text_at(node, "name").unwrap_or_else(|| installed.to_owned());
    let mut entry = flags(node);
    entry.aliases = (name != installed).then(|| installed.to_owned()).into_iter().collect();
    entry.name = name;
    entry.version = tree::text_at(node, "version").unwrap_or_default();
    entry.resolved = tree::text_at(node, "resolved");
    entry.source = resolved_source(&entry);
    entry.span = member.span();
    entry.install_script = Some(tree::flag(node, "hasInstallScript"));
    Some(entry)
}

fn local(member: &Member) -> Entry {
    let folder = member.key.rsplit('/').next().unwrap_or_default();
    Entry {
        name: tree::text_at(&member.node, "name").unwrap_or_else(|| folder.to_owned()),
        version: tree::text_at(&member.node, "version").unwrap_or_default(),
        source: Source::Local,
        resolved: Some(member.key.clone()),
        span: member.span(),
        ..flags(&member.node)
    }
}

fn flags(node: &Node) -> Entry {
    let both = tree::flag(node, "devOptional");
    Entry {
        integrity: tree::text_at(node, "integrity"),
        // Needed by a development dependency and, optionally, by another: it is neither alone.
        dev: Some(tree::flag(node, "dev")),
        optional: Some(tree::flag(node, "optional") || both),
        peer: Some(tree::flag(node, "peer")),
        deprecated: tree::text_at(node, "deprecated"),
        os: tree::texts(node, "os"),
        cpu: tree::texts(node, "cpu"),
        ..Entry::default()
    }
}

fn resolved_source(entry: &Entry) -> Source {
    match entry.resolved.as_deref().and_then(source_of) {
        // Registries put tarballs where they like: with a version and a hash, only a strange path is an address.
        Some(Source::Tarball) => {
            let address = entry.resolved.as_deref().unwrap_or_default();
            if is_registry_tarball(address, &entry.name, &entry.version) {
                Source::Registry
            } else {
                Source::Tarball
            }
        }
        Some(source) => source,
        None => Source::Registry,
    }
}

/// `dependencies` of version 1, each with its own inside. The reader of JSON has bounded the depth.
fn old(text: &str, dependencies: &Node, entries: &mut Vec<Entry>) -> Result<(), LockError> {
    for member in object(text, dependencies, "`dependencies`")? {
        object(text, &member.node, "a dependency")?;
        let node = &member.node;
        let version = tree::text_at(node, "version").unwrap_or_default();
        let mut entry = flags(node);
        entry.span = member.span();
        entry.name.clone_from(&member.key);
        entry.resolved = tree::text_at(node, "resolved");
        if let Some((name, real)) = version.strip_prefix("npm:").and_then(split_name) {
            entry.aliases = vec![member.key.clone()];
            (entry.name, entry.version) = (name.to_owned(), real.to_owned());
        } else {
            entry.version.clone_from(&version);
        }
        entry.source = source_of(&version).unwrap_or_else(|| resolved_source(&entry));
        if source_of(&version).is_some() {
            entry.resolved = entry.resolved.or(Some(version));
            entry.version.clear();
        }
        entries.push(entry);
        if let Some(inner) = tree::get(node, "dependencies") {
            old(text, inner, entries)?;
        }
    }
    Ok(())
}
