//! A dependency comes from an address, not from the registry: what comes can be another at every install.

use super::Rule;
use crate::{
    finding::{Confidence, Finding, Reach, Severity},
    graph::Graph,
    package::manifest::{Dependency, DependencyKind},
};

pub(super) static RULE: Rule = Rule {
    id: "unpinned-source",
    title: "takes a dependency from an address, not from the registry",
    docs: include_str!("unpinned_source.md"),
    help: "whoever has that server decides at every install what is installed; ask for a release in the registry",
    severity: Severity::High,
    check,
};

/// Hosts of forges, whose archives of a commit stay what they are.
const FORGES: [&str; 6] = [
    "bitbucket.org",
    "codeberg.org",
    "codeload.github.com",
    "github.com",
    "gitlab.com",
    "pkg.pr.new",
];
/// Beginnings of specifiers that lead to a repository.
const GIT: [&str; 8] = [
    "bitbucket:",
    "gist:",
    "git+",
    "git:",
    "git@",
    "github:",
    "gitlab:",
    "ssh:",
];

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let Some(manifest) = graph.manifest else { return };
    let dependencies = manifest.manifest.dependencies.iter();
    let installed = |one: &&Dependency| matches!(one.kind, DependencyKind::Normal | DependencyKind::Optional);
    for dependency in dependencies.filter(installed) {
        let Some((severity, confidence, why)) = judged(&dependency.spec) else {
            continue;
        };
        out.push(
            Finding::at(
                &RULE,
                "package.json",
                dependency.range,
                Reach::Install,
                severity,
                confidence,
            )
            .says(format!("takes `{}` from `{}`", dependency.name, dependency.spec))
            .because("package.json", dependency.range, 0, why),
        );
    }
}

/// How bad a specifier is, and why; nothing for the registry, for files, and for commits of a forge.
fn judged(spec: &str) -> Option<(Severity, Confidence, &'static str)> {
    let lower = spec.to_ascii_lowercase();
    let host = |scheme: &str| {
        let rest = lower.strip_prefix(scheme)?;
        rest.split(['/', ':', '?']).next()
    };
    if host("http://").is_some() {
        let why = "whoever has the server, or stands on the way to it, decides what is installed";
        return Some((Severity::High, Confidence::High, why));
    }
    let commit = lower.rsplit_once('#').is_some_and(|(_, commit)| is_commit(commit));
    if let Some(host) = host("https://") {
        let forge = FORGES.contains(&host);
        let named = commit || lower.split('/').any(is_commit);
        return match (forge, named) {
            (true, true) => None,
            (true, false) => Some((Severity::Low, Confidence::High, "a branch can be another tomorrow")),
            (false, _) => {
                let why = "whoever has the server decides at every install what is installed";
                Some((Severity::Medium, Confidence::High, why))
            }
        };
    }
    if lower.starts_with("git://") {
        let why = "whoever stands on the way decides what is installed: the protocol is not protected";
        return Some((Severity::Medium, Confidence::High, why));
    }
    let git = GIT.iter().any(|scheme| lower.starts_with(scheme)) || is_shorthand(&lower);
    (git && !commit).then_some((Severity::Low, Confidence::High, "a branch can be another tomorrow"))
}

fn is_commit(text: &str) -> bool {
    let text = text.strip_suffix(".tar.gz").unwrap_or(text);
    (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `owner/repository`, as npm takes it.
fn is_shorthand(spec: &str) -> bool {
    let (name, _) = spec.split_once('#').unwrap_or((spec, ""));
    let mut parts = name.split('/');
    let plain = |part: Option<&str>| {
        part.is_some_and(|part| {
            let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed)
        })
    };
    plain(parts.next()) && plain(parts.next()) && parts.next().is_none()
}
