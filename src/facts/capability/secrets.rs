//! Which paths and which environment variables hold secrets.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::read::lines;

/// What kind of secret a path holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretClass {
    /// A coding agent's configuration and sessions.
    Agent,
    /// A browser's profile: passwords, cookies, extension storage.
    Browser,
    /// A messenger's or a game's tokens.
    Chat,
    /// A cloud provider's credentials, cluster and registry access, instance metadata.
    Cloud,
    /// A file of environment variables.
    EnvFile,
    /// Git's and a forge's credentials.
    Git,
    /// A package registry's tokens.
    Npm,
    /// A password manager's or a key chain's store.
    PasswordManager,
    /// What was typed into a shell, a database or an interpreter.
    ShellHistory,
    /// SSH and GPG keys.
    Ssh,
    /// Accounts, memory and environments of the machine.
    System,
    /// A wallet's keys.
    Wallet,
}

/// A place known to hold secrets.
#[derive(Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its kind.
    pub class: SecretClass,
    /// The path as the list writes it: `.aws/credentials`.
    pub path: &'static str,
    /// What it is, in words.
    pub what: &'static str,
}

pub(super) const PATHS: &str = include_str!("secrets.txt");
pub(super) const VARIABLES: &str = include_str!("variables.txt");

/// Longest segment that a pattern can match.
const SEGMENT: usize = 128;

/// The secret that a path denotes; the path may be partial, such as `/.aws/credentials` or `.npmrc`.
pub fn secret_path(path: &str) -> Option<&'static Secret> {
    let known = Known::get();
    let mut best = None;
    let mut rest = path;
    loop {
        let segment = rest.split(is_separator).next().unwrap_or_default();
        let mut lower = [0; SEGMENT];
        let starts = known
            .starts
            .get(lowercase(segment, &mut lower))
            .map_or(&[][..], Vec::as_slice);
        let wild = known.wild.iter();
        let wild = wild.filter(|(first, _)| matches_segment(first.as_bytes(), segment.as_bytes()));
        let candidates = starts
            .iter()
            .chain(wild.map(|(_, index)| index))
            .filter_map(|&index| known.patterns.get(index));
        for pattern in candidates.filter(|pattern| matches(pattern.path, rest)) {
            if best.is_none_or(|best: &Pattern| best.path.len() < pattern.path.len()) {
                best = Some(pattern);
            }
        }
        match rest.find(is_separator) {
            Some(end) => rest = &rest[end + 1..],
            None => return best?.secret.as_ref(),
        }
    }
}

/// The first secret that a command line names: `cat ~/.ssh/id_rsa | nc …`.
pub fn secret_in_command(command: &str) -> Option<&'static Secret> {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\'' | '`' | '=' | ';' | '|' | '&' | '<' | '>' | '(' | ')' | '@' | ','
            )
    };
    command
        .split(ends)
        .filter(|word| !word.is_empty())
        .find_map(secret_path)
}

/// Whether an environment variable's name says that it holds a secret.
pub fn secret_variable(name: &str) -> bool {
    let known = Known::get();
    let mut upper = [0; SEGMENT];
    if name.len() > SEGMENT || !name.is_ascii() {
        return false;
    }
    let upper = &mut upper[..name.len()];
    upper.copy_from_slice(name.as_bytes());
    upper.make_ascii_uppercase();
    let Ok(upper) = std::str::from_utf8(upper) else {
        return false;
    };
    let ends = |list: &[&str]| list.iter().any(|end| ends_in_word(upper, end));
    match known.variables.get(upper) {
        Some(&secret) => secret,
        None => ends(&known.ends) && !ends(&known.innocent_ends) && !begins(&known.innocent_starts, upper),
    }
}

/// The lists, read once.
struct Known {
    patterns: Vec<Pattern>,
    /// Indexes of the patterns whose first segment is this text, in lower case.
    starts: FxHashMap<String, Vec<usize>>,
    /// The first segments that have a `*`, and the indexes of their patterns.
    wild: Vec<(&'static str, usize)>,
    /// Exact names, and whether each is a secret.
    variables: FxHashMap<&'static str, bool>,
    ends: Vec<&'static str>,
    innocent_ends: Vec<&'static str>,
    innocent_starts: Vec<&'static str>,
}

/// A line of `secrets.txt`.
struct Pattern {
    path: &'static str,
    /// What it says; none if it takes the path out.
    secret: Option<Secret>,
}

impl Known {
    fn get() -> &'static Self {
        static KNOWN: OnceLock<Known> = OnceLock::new();
        KNOWN.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut known = Self {
            patterns: Vec::new(),
            starts: FxHashMap::default(),
            wild: Vec::new(),
            variables: FxHashMap::default(),
            ends: Vec::new(),
            innocent_ends: Vec::new(),
            innocent_starts: Vec::new(),
        };
        for line in lines(PATHS) {
            let mut fields = line.splitn(3, ": ");
            let (Some(name), Some(path), Some(what)) = (fields.next(), fields.next(), fields.next()) else {
                debug_assert!(false, "secrets.txt: `{line}` is not `class: path: what`");
                continue;
            };
            let class = class(name);
            debug_assert!(
                class.is_some() || name == "none",
                "secrets.txt: unknown class in `{line}`"
            );
            let index = known.patterns.len();
            let first = path.split('/').next().unwrap_or_default();
            if first.contains('*') {
                known.wild.push((first, index));
            } else {
                known.starts.entry(first.to_ascii_lowercase()).or_default().push(index);
            }
            known.patterns.push(Pattern {
                path,
                secret: class.map(|class| Secret { class, path, what }),
            });
        }
        for line in lines(VARIABLES) {
            let Some((kind, names)) = line.split_once(' ') else {
                continue;
            };
            for name in names.split_ascii_whitespace() {
                match (kind, name.strip_prefix('*'), name.strip_suffix('*')) {
                    ("=", ..) => drop(known.variables.insert(name, true)),
                    ("*", ..) => known.ends.push(name),
                    ("!", Some(end), _) => known.innocent_ends.push(end),
                    ("!", _, Some(start)) => known.innocent_starts.push(start),
                    ("!", ..) => drop(known.variables.insert(name, false)),
                    _ => debug_assert!(false, "variables.txt: unknown kind in `{line}`"),
                }
            }
        }
        known
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '/' | '\\')
}

/// The segment in lower case; empty, which no pattern is, if it is longer than any pattern could match.
fn lowercase<'b>(segment: &str, buffer: &'b mut [u8; SEGMENT]) -> &'b str {
    let Some(lower) = buffer.get_mut(..segment.len()) else {
        return "";
    };
    lower.copy_from_slice(segment.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).unwrap_or_default()
}

/// Whether the path begins with the pattern's segments and, unless the pattern ends in `/`, ends with them.
fn matches(pattern: &str, path: &str) -> bool {
    // A backslash in a text is often written twice.
    let mut segments = path.split(is_separator).filter(|segment| !segment.is_empty());
    for part in pattern.trim_end_matches('/').split('/') {
        let Some(segment) = segments.next() else {
            return false;
        };
        if !matches_segment(part.as_bytes(), segment.as_bytes()) {
            return false;
        }
    }
    pattern.ends_with('/') || segments.next().is_none()
}

/// One `*` of the pattern stands for any characters; letter case aside.
fn matches_segment(pattern: &[u8], segment: &[u8]) -> bool {
    let Some(star) = pattern.iter().position(|&byte| byte == b'*') else {
        return pattern.eq_ignore_ascii_case(segment);
    };
    let (start, end) = (&pattern[..star], &pattern[star + 1..]);
    segment.len() >= start.len() + end.len()
        && segment[..start.len()].eq_ignore_ascii_case(start)
        && segment[segment.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// `NPM_TOKEN` and `TOKEN` end in the word `TOKEN`, `MYTOKEN` does not.
fn ends_in_word(name: &str, end: &str) -> bool {
    name.strip_suffix(end)
        .is_some_and(|before| before.is_empty() || before.ends_with(['_', '.', '-', ':']))
}

fn begins(starts: &[&str], name: &str) -> bool {
    starts.iter().any(|start| name.starts_with(start))
}

fn class(name: &str) -> Option<SecretClass> {
    Some(match name {
        "agent" => SecretClass::Agent,
        "browser" => SecretClass::Browser,
        "chat" => SecretClass::Chat,
        "cloud" => SecretClass::Cloud,
        "env-file" => SecretClass::EnvFile,
        "git" => SecretClass::Git,
        "npm" => SecretClass::Npm,
        "password-manager" => SecretClass::PasswordManager,
        "shell-history" => SecretClass::ShellHistory,
        "ssh" => SecretClass::Ssh,
        "system" => SecretClass::System,
        "wallet" => SecretClass::Wallet,
        _ => return None,
    })
}
