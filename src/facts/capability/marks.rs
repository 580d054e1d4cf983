//! Constant texts that tell by themselves what they are for.

use serde::{Deserialize, Serialize};

use super::{HostKind, hosts::telling_host};

/// What a constant text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MarkKind {
    /// An option that lets a coding agent do anything without asking.
    Agent,
    /// An address at a host of a telling kind.
    Host(HostKind),
    /// Asks a package registry who a token belongs to, or which packages somebody has.
    Registry,
    /// Makes a repository.
    Repository,
    /// A file of commands that a forge runs.
    Workflow,
    /// A key that lets its holder log in.
    PublicKey,
    /// A command line that downloads something and runs it.
    Fetching,
    /// A program that reads or fills the clipboard.
    Clipboard,
    /// Where the code of an installed program with a window lies.
    Client,
}

/// What texts begin with, sorted.
const BEGINNINGS: [(&str, MarkKind); 27] = [
    ("--allow-all-tools", MarkKind::Agent),
    ("--approval-mode=yolo", MarkKind::Agent),
    ("--dangerously-bypass-approvals", MarkKind::Agent),
    ("--dangerously-skip-permissions", MarkKind::Agent),
    ("--permission-mode=bypassPermissions", MarkKind::Agent),
    ("--trust-all-tools", MarkKind::Agent),
    ("--yolo", MarkKind::Agent),
    (".github/workflows/", MarkKind::Workflow),
    ("/-/npm/v1/tokens", MarkKind::Registry),
    ("/-/v1/search?text=maintainer", MarkKind::Registry),
    ("/-/whoami", MarkKind::Registry),
    ("/.github/workflows/", MarkKind::Workflow),
    ("/contents/.github/workflows/", MarkKind::Workflow),
    ("/user/repos", MarkKind::Repository),
    ("GET /user/repos", MarkKind::Repository),
    ("POST /user/repos", MarkKind::Repository),
    ("app.asar", MarkKind::Client),
    ("discord_desktop_core", MarkKind::Client),
    ("mutation createRepository", MarkKind::Repository),
    ("pbcopy", MarkKind::Clipboard),
    ("pbpaste", MarkKind::Clipboard),
    ("ssh-ed25519 AAAA", MarkKind::PublicKey),
    ("ssh-rsa AAAA", MarkKind::PublicKey),
    ("wl-copy", MarkKind::Clipboard),
    ("wl-paste", MarkKind::Clipboard),
    ("xclip", MarkKind::Clipboard),
    ("xsel", MarkKind::Clipboard),
];

/// What a constant text tells. Nearly all tell nothing, which their first two bytes show.
#[inline]
pub(in crate::facts) fn mark(bytes: &[u8]) -> Option<MarkKind> {
    match bytes {
        [b'-', b'-', ..]
        | [b'.', b'g', ..]
        | [b'/', b'-' | b'.' | b'c' | b'u', ..]
        | [b'G', b'E', ..]
        | [b'P', b'O', ..]
        | [b'a', b'p', b'p', b'.', ..]
        | [b'd', b'i', b's', b'c', ..]
        | [b'm', b'u', ..]
        | [b'p', b'b', ..]
        | [b'w', b'l', ..]
        | [b's', b's', b'h', b'-', ..]
        | [b'x', b'c' | b's', ..] => begins(bytes),
        [b'\n', b's', b's', b'h', b'-', ..] => begins(&bytes[1..]),
        [b's' | b'b' | b'c' | b'w' | b'/', ..] if fetches(bytes) => Some(MarkKind::Fetching),
        [b'h', b't', b't', b'p', ..] | [b'w', b's', ..] | [b's', b't', b'r', b'a', ..] => address(bytes),
        _ => None,
    }
}

fn begins(bytes: &[u8]) -> Option<MarkKind> {
    let found = BEGINNINGS
        .iter()
        .find(|(begins, _)| bytes.starts_with(begins.as_bytes()));
    found.map(|(_, kind)| *kind)
}

/// Whether a text is a command line that hands what it downloads to a shell.
fn fetches(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(300)];
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    let commands = ["sh ", "sh\t", "bash ", "curl ", "wget ", "/bin/"];
    commands.iter().any(|begins| bytes.starts_with(begins.as_bytes()))
        && (has("curl ") || has("wget "))
        && ["| sh", "|sh", "| bash", "|bash"].iter().any(|pipe| has(pipe))
}

fn address(bytes: &[u8]) -> Option<MarkKind> {
    let text = std::str::from_utf8(bytes.get(..bytes.len().min(300))?).ok()?;
    let (_, rest) = text.split_once("://")?;
    if let Some(found) = telling_host(text)
        && found.kind != HostKind::Forge
    {
        return Some(MarkKind::Host(found.kind));
    }
    let path = &rest[rest.find('/')?..];
    begins(path.as_bytes())
}

#[test]
fn texts_are_told_by_their_beginning() {
    assert!(BEGINNINGS.is_sorted());
    for (begins, kind) in BEGINNINGS {
        assert_eq!(mark(begins.as_bytes()), Some(kind), "{begins}");
    }
    let paste = Some(MarkKind::Host(HostKind::Paste));
    assert_eq!(mark(b"https://pastebin.example.invalid/raw/x"), paste);
    let who = Some(MarkKind::Registry);
    assert_eq!(mark(b"https://registry.example.invalid/-/whoami"), who);
    for plain in ["https://example.invalid/", "--yoke", "/", "", "ht", "http"] {
        assert_eq!(mark(plain.as_bytes()), None, "{plain}");
    }
}
