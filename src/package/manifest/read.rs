//! From JSON to a manifest.

use rustc_hash::FxHashMap;

use super::{Dependency, DependencyKind, Manifest, Named, Target, Text};
use crate::{
    issue::IssueKind,
    order,
    package::json::{self, Member, Node, Value},
    span::{LineIndex, Span},
};

impl Manifest {
    /// Reads a `package.json`. Never fails: what is broken or of a wrong type is an issue, the rest is kept.
    pub fn read(bytes: &[u8]) -> (Self, Vec<(IssueKind, String)>) {
        let text = &String::from_utf8_lossy(bytes);
        let mut reading = Reading {
            index: LineIndex::new(text),
            issues: Vec::new(),
        };
        if text.as_bytes() != bytes {
            reading.issues.push((
                IssueKind::InvalidUtf8,
                "not valid UTF-8; bad bytes were replaced".to_owned(),
            ));
        }
        let mut manifest = Self::default();
        let (root, problems) = json::read(text);
        for problem in problems {
            let at = reading.index.position(problem.at);
            reading.issue(format!(
                "not valid JSON: line {}, column {}: {}",
                at.line + 1,
                at.character + 1,
                problem.message
            ));
        }
        match root {
            Some(Node {
                value: Value::Object(members),
                ..
            }) => reading.root(&members, &mut manifest),
            Some(node) => {
                reading.issue(format!("{} where an object is expected", node.value.kind()));
            }
            None => reading.issue("empty, or no JSON at all".to_owned()),
        }
        (manifest, reading.issues)
    }
}

/// Keys whose silent repetition would show one thing to a reader and run another.
const TELLING: [&str; 9] = [
    "name",
    "version",
    "main",
    "module",
    "bin",
    "scripts",
    "exports",
    "dependencies",
    "optionalDependencies",
];

/// Conditions may nest; deeper ones are not followed.
const DEEPEST: usize = 16;

struct Reading<'a> {
    index: LineIndex<'a>,
    issues: Vec<(IssueKind, String)>,
}

impl Reading<'_> {
    fn issue(&mut self, message: String) {
        self.issues.push((IssueKind::Manifest, message));
    }

    fn wrong(&mut self, path: &str, node: &Node, wanted: &str) {
        self.issue(format!("`{path}` is {}, not {wanted}; ignored", node.value.kind()));
    }

    fn root(&mut self, members: &[Member], manifest: &mut Manifest) {
        self.repeated("", members, |key| TELLING.contains(&key));
        for Member { key, node, .. } in last_of_each(members) {
            match key.as_str() {
                "name" => manifest.name = self.text(key, node).unwrap_or_default().value,
                "version" => manifest.version = self.text(key, node).unwrap_or_default().value,
                "type" => {
                    manifest.is_module = self.text(key, node).is_some_and(|text| text.value == "module");
                }
                "main" => manifest.main = self.text(key, node),
                "module" => manifest.module = self.text(key, node),
                "types" => manifest.types = self.text(key, node),
                "typings" if manifest.types.is_none() => manifest.types = self.text(key, node),
                "browser" => match &node.value {
                    Value::Object(members) => manifest.browser_map = self.browser(members),
                    _ => manifest.browser = self.text(key, node),
                },
                "exports" => manifest.exports = self.exports(node),
                "imports" => match &node.value {
                    Value::Object(members) => manifest.imports = self.subpaths("imports", members),
                    _ => self.wrong(key, node, "an object"),
                },
                "bin" => match &node.value {
                    Value::String(_) => {
                        let name = manifest_name(members);
                        let text = self.text(key, node).unwrap_or_default();
                        manifest.bin = vec![Named {
                            name,
                            value: text.value,
                            range: text.range,
                        }];
                    }
                    _ => manifest.bin = self.named(key, node),
                },
                "directories" => {
                    if let Value::Object(members) = &node.value {
                        let bin = last_of_each(members).find(|member| member.key == "bin");
                        manifest.bin_folder = bin.and_then(|member| self.text("directories.bin", &member.node));
                    }
                }
                "scripts" => {
                    if let Value::Object(members) = &node.value {
                        self.repeated("scripts.", members, |_| true);
                    }
                    manifest.scripts = self.named(key, node);
                }
                "dependencies" => self.dependencies(key, node, DependencyKind::Normal, manifest),
                "devDependencies" => {
                    self.dependencies(key, node, DependencyKind::Development, manifest);
                }
                "peerDependencies" => self.dependencies(key, node, DependencyKind::Peer, manifest),
                "optionalDependencies" => {
                    self.dependencies(key, node, DependencyKind::Optional, manifest);
                }
                "bundleDependencies" | "bundledDependencies" => match node.value {
                    Value::Bool(true) => manifest.bundled = vec!["*".to_owned()],
                    Value::Bool(false) => {}
                    _ => manifest.bundled = self.strings(key, node),
                },
                "gypfile" => match node.value {
                    Value::Bool(value) => manifest.gypfile = Some(value),
                    _ => self.wrong(key, node, "a boolean"),
                },
                "files" => manifest.files = self.strings(key, node),
                "workspaces" => {
                    manifest.workspaces = match &node.value {
                        Value::Object(members) => {
                            let packages = last_of_each(members).find(|member| member.key == "packages");
                            packages
                                .map(|member| self.strings("workspaces.packages", &member.node))
                                .unwrap_or_default()
                        }
                        _ => self.strings(key, node),
                    }
                }
                "repository" => {
                    manifest.repository = match &node.value {
                        Value::Object(members) => {
                            let url = last_of_each(members).find(|member| member.key == "url");
                            url.and_then(|member| self.text("repository.url", &member.node))
                        }
                        _ => self.text(key, node),
                    }
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, path: &str, node: &Node) -> Option<Text> {
        if let Value::String(value) = &node.value {
            return Some(Text {
                value: value.clone(),
                range: self.index.range(node.span),
            });
        }
        self.wrong(path, node, "a string");
        None
    }

    fn strings(&mut self, path: &str, node: &Node) -> Vec<String> {
        let Value::Array(items) = &node.value else {
            self.wrong(path, node, "an array");
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| self.text(&format!("{path}[]"), item))
            .map(|text| text.value)
            .collect()
    }

    fn named(&mut self, path: &str, node: &Node) -> Vec<Named> {
        let Value::Object(members) = &node.value else {
            self.wrong(path, node, "an object");
            return Vec::new();
        };
        let members = last_of_each(members);
        let named = members.filter_map(|member| {
            let text = self.text(&format!("{path}.{}", member.key), &member.node)?;
            Some(Named {
                name: member.key.clone(),
                value: text.value,
                range: text.range,
            })
        });
        named.collect()
    }

    fn dependencies(&mut self, path: &str, node: &Node, kind: DependencyKind, manifest: &mut Manifest) {
        let Value::Object(members) = &node.value else {
            self.wrong(path, node, "an object");
            return;
        };
        for member in last_of_each(members) {
            if let Some(spec) = self.text(&format!("{path}.{}", member.key), &member.node) {
                let range = self.index.range(member.key_span);
                manifest.dependencies.push(Dependency {
                    name: member.key.clone(),
                    spec: spec.value,
                    kind,
                    range,
                });
            }
        }
    }

    fn browser(&mut self, members: &[Member]) -> Vec<Target> {
        let members = last_of_each(members);
        let targets = members.filter_map(|member| {
            let path = format!("browser{}", step(&member.key));
            let file = match &member.node.value {
                Value::Bool(false) => None,
                _ => Some(self.text(&path, &member.node)?.value),
            };
            let range = self.index.range(member.node.span);
            Some(Target {
                path,
                key: member.key.clone(),
                conditions: Vec::new(),
                file,
                range,
            })
        });
        targets.collect()
    }

    fn exports(&mut self, node: &Node) -> Vec<Target> {
        match &node.value {
            Value::Object(members) if members.iter().any(|member| member.key.starts_with('.')) => {
                self.subpaths("exports", members)
            }
            _ => {
                let mut out = Vec::new();
                let target = Target {
                    path: "exports".to_owned(),
                    key: ".".to_owned(),
                    ..Target::default()
                };
                self.targets(node, &target, 0, &mut out);
                out
            }
        }
    }

    fn subpaths(&mut self, field: &str, members: &[Member]) -> Vec<Target> {
        let mut out = Vec::new();
        for member in last_of_each(members) {
            let target = Target {
                path: format!("{field}{}", step(&member.key)),
                key: member.key.clone(),
                ..Target::default()
            };
            self.targets(&member.node, &target, 0, &mut out);
        }
        out
    }

    /// Flattens conditions and fallback lists.
    fn targets(&mut self, node: &Node, so_far: &Target, depth: usize, out: &mut Vec<Target>) {
        let place = |span: Span, index: &LineIndex<'_>| index.range(span);
        match &node.value {
            Value::String(file) => {
                let range = place(node.span, &self.index);
                out.push(Target {
                    file: Some(file.clone()),
                    range,
                    ..so_far.clone()
                });
            }
            Value::Null => out.push(Target {
                range: place(node.span, &self.index),
                ..so_far.clone()
            }),
            Value::Array(items) if depth < DEEPEST => {
                for item in items {
                    self.targets(item, so_far, depth + 1, out);
                }
            }
            Value::Object(members) if depth < DEEPEST => {
                for member in last_of_each(members) {
                    let mut target = so_far.clone();
                    target.path.push_str(&step(&member.key));
                    target.conditions.push(member.key.clone());
                    self.targets(&member.node, &target, depth + 1, out);
                }
            }
            Value::Array(_) | Value::Object(_) => {
                self.issue(format!("`{}` is nested too deeply; ignored", so_far.path));
            }
            Value::Bool(_) | Value::Number(_) => self.wrong(&so_far.path, node, "a path"),
        }
    }

    fn repeated(&mut self, path: &str, members: &[Member], matters: fn(&str) -> bool) {
        let mut keys: Vec<&str> = members
            .iter()
            .map(|member| member.key.as_str())
            .filter(|key| matters(key))
            .collect();
        order::sort(&mut keys);
        let repeated: Vec<&str> = keys
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect();
        for key in repeated {
            self.issue(format!("`{path}{key}` is there more than once; the last one counts"));
        }
    }
}

/// Members in order, of equal keys only the last, as `JSON.parse` has it.
fn last_of_each(members: &[Member]) -> impl Iterator<Item = &Member> {
    let mut last: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, member) in members.iter().enumerate() {
        last.insert(&member.key, at);
    }
    members
        .iter()
        .enumerate()
        .filter(move |(at, member)| last.get(member.key.as_str()) == Some(at))
        .map(|(_, m)| m)
}

/// A command without a name of its own is named after the package, without its scope.
fn manifest_name(members: &[Member]) -> String {
    let name = members
        .iter()
        .rev()
        .find(|member| member.key == "name")
        .map(|member| &member.node.value);
    let Some(Value::String(name)) = name else {
        return String::new();
    };
    name.rsplit('/').next().unwrap_or_default().to_owned()
}

/// One step of a path as a person would write it.
fn step(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !key.is_empty();
    if plain { format!(".{key}") } else { format!("[{key:?}]") }
}
