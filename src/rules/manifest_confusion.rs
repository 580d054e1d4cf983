//! What people and tools read at the registry is not what the tarball holds.

use super::{Rule, released::released};
use crate::{
    finding::{Confidence, Finding, Severity},
    graph::Graph,
    package::manifest::{DependencyKind, INSTALL_SCRIPTS},
    registry::packument::Declared,
    span::Range,
};

pub(super) static RULE: Rule = Rule {
    id: "manifest-confusion",
    title: "its package.json is not the one the registry shows",
    docs: include_str!("manifest_confusion.md"),
    help: "do not use it: what the registry shows is not what is installed",
    severity: Severity::High,
    check,
};

fn check(graph: &Graph<'_>, out: &mut Vec<Finding>) {
    let (Some(release), Some(facts)) = (graph.release, graph.manifest) else {
        return;
    };
    let (manifest, declared) = (&facts.manifest, &release.declared);
    let mut found = |severity, range, message: String| {
        let finding = released(&RULE, severity, Confidence::Medium).says(message);
        out.push(Finding { range, ..finding });
    };
    for (what, inside, shown) in [
        ("name", &manifest.name, &release.name),
        ("version", &manifest.version, &release.version),
    ] {
        if normal(inside) != normal(shown) && !inside.is_empty() {
            let message = format!("its package.json has the {what} `{inside}`, the registry shows `{shown}`");
            found(Severity::High, Range::default(), message);
        }
    }
    // Where a registry leaves a list out, there is nothing to compare.
    if let Some(scripts) = &declared.scripts {
        for script in manifest.install_scripts() {
            if scripts
                .get(&script.name)
                .is_none_or(|shown| shown.trim() != script.value.trim())
            {
                let message = format!(
                    "npm runs its `{}` script, which the registry does not show",
                    script.name
                );
                found(Severity::High, script.range, message);
            }
        }
        for name in INSTALL_SCRIPTS {
            let gyp = name == "install" && scripts.get(name).is_some_and(|shown| shown == "node-gyp rebuild");
            if scripts.contains_key(name) && manifest.script(name).is_none() && !gyp {
                let message = format!("the registry shows a `{name}` script, which its package.json does not have");
                found(Severity::Low, Range::default(), message);
            }
        }
    }
    let installed = |kind| matches!(kind, DependencyKind::Normal | DependencyKind::Optional);
    for dependency in manifest.dependencies.iter().filter(|one| installed(one.kind)) {
        if spec(declared, &dependency.name).is_none() && !manifest.bundled.contains(&dependency.name) {
            let message = format!("depends on `{}`, which the registry does not show", dependency.name);
            found(Severity::Medium, dependency.range, message);
        }
    }
    for name in declared.dependencies.keys() {
        if !manifest.dependencies.iter().any(|one| one.name == *name) {
            let message = format!("`{name}` is installed with it, which its package.json does not have");
            found(Severity::Medium, Range::default(), message);
        }
    }
}

fn spec<'a>(declared: &'a Declared, name: &str) -> Option<&'a str> {
    let lists = [&declared.dependencies, &declared.optional_dependencies];
    lists.into_iter().find_map(|list| list.get(name)).map(String::as_str)
}

/// Registries write `v1.0.0` as `1.0.0`, without what follows a `+`.
fn normal(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['v', '=']);
    text.split('+').next().unwrap_or_default()
}
