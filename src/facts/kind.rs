//! What kind of file each is, by its name and first bytes, and how that kind is read.

use std::borrow::Cow;

use super::{
    Content, Facts, FileFacts, Form, How, ManifestFacts, blanks,
    layers::command_facts,
    read::{module, read},
};
use crate::{
    issue::IssueKind,
    package::{gyp, manifest::Manifest, shell, source_map::SourceMap},
    span::Range,
};

/// The largest text with commands that is read.
const MAX_COMMANDS: usize = 64 * 1024;

/// Endings of files that hold run-time code.
const CODE: [&str; 9] = ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "es6"];
/// Endings of texts that hold commands.
const COMMANDS: [&str; 8] = ["sh", "bash", "zsh", "bat", "cmd", "ps1", "gyp", "gypi"];

/// Reads one file. Never fails: what cannot be read is an issue among the facts.
pub fn collect(path: &str, bytes: &[u8], how: How) -> FileFacts {
    let mut facts = FileFacts {
        bytes: bytes.len() as u64,
        content: Content::Inert,
        form: Form::of(bytes),
        page: None,
        issues: Vec::new(),
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if path == "package.json" {
        facts.content = Content::Manifest(Box::new(manifest(bytes, &mut facts.issues)));
    } else if how == How::AsCode && may_hide_code(name, ending) {
        match code_in_disguise(bytes) {
            Some(module) => facts.content = Content::Module(Box::new(module)),
            None => facts.form = Form::NoCode,
        }
    } else if is_commands(name, ending, bytes) && bytes.len() <= MAX_COMMANDS {
        facts.content = Content::Text(Box::new(commands(ending, &String::from_utf8_lossy(bytes))));
    } else if is_code(name, ending, bytes) || (how == How::AsCode && is_text(bytes) && !is_map(ending, bytes)) {
        let text = decode(bytes, &mut facts.issues);
        facts.content = Content::Module(Box::new(module(path, &text, 0, &mut facts.issues)));
    } else if is_map(ending, bytes) {
        facts.content = match how {
            How::ByName => Content::Map(None),
            How::AsCode => read_map(path, bytes),
        };
    } else if matches!(ending, "html" | "htm") {
        facts.page = super::page::page(bytes);
    } else if how == How::AsCode {
        let message = "something loads it as code, but it is binary; it was not read".to_owned();
        facts.issues.push((IssueKind::Skipped, message));
    }
    facts
}

/// What the commands of a text do.
fn commands(ending: &str, text: &str) -> Facts {
    let lines = match ending {
        "gyp" | "gypi" => gyp::commands(text),
        "ps1" => {
            let words = ["powershell", "-Command", text].map(str::to_owned);
            vec![(text.to_owned(), shell::read_words(words.into()))]
        }
        _ => vec![(text.to_owned(), shell::read(text))],
    };
    let lines = lines.iter().map(|(line, read)| (line.as_str(), read.clone()));
    command_facts(lines, Range::default())
}

/// Whether a file holds commands, by its ending or by the shell that its first line names.
fn is_commands(name: &str, ending: &str, bytes: &[u8]) -> bool {
    let shell = || {
        let line = first_line(bytes);
        line.split(['/', ' '])
            .any(|word| matches!(word.trim(), "sh" | "bash" | "zsh" | "dash" | "ash"))
    };
    COMMANDS.contains(&ending) || (!name.contains('.') && bytes.starts_with(b"#!") && shell())
}

/// Whether a file is a source map; what begins like one cannot be code.
fn is_map(ending: &str, bytes: &[u8]) -> bool {
    ending == "map" && SourceMap::is_like(bytes)
}

fn read_map(path: &str, bytes: &[u8]) -> Content {
    let map = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| SourceMap::read(text, path));
    map.map_or(Content::Inert, |map| Content::Map(Some(Box::new(map))))
}

/// A manifest, and the code that its install scripts hold themselves.
fn manifest(bytes: &[u8], issues: &mut Vec<(IssueKind, String)>) -> ManifestFacts {
    let (manifest, found) = Manifest::read(bytes);
    let broken = !String::from_utf8_lossy(bytes)
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{');
    issues.extend(found);
    let mut inline = Vec::new();
    for script in manifest.install_scripts() {
        let called = manifest.called(&script.name).into_iter();
        let lines = called.map(|(script, read)| (script.value.as_str(), read));
        let facts = command_facts(lines, script.range);
        // A command that is run is a fact, whatever it may do.
        if !facts.commands.is_empty() {
            inline.push((script.name.clone(), facts));
        }
    }
    ManifestFacts {
        manifest,
        broken,
        inline,
    }
}

/// Whether a file may be text at all: binaries have NUL bytes near their beginning.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.iter().take(1024).any(|&b| b == 0)
}

fn is_code(name: &str, ending: &str, bytes: &[u8]) -> bool {
    let declares = [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| name.ends_with(end));
    if declares {
        return false;
    }
    CODE.contains(&ending) || (!name.contains('.') && bytes.starts_with(b"#!") && first_line(bytes).contains("node"))
}

/// Whether a file is something else by its name, and yet Node runs it as JavaScript if it is required.
pub(super) fn may_hide_code(name: &str, ending: &str) -> bool {
    name.contains(".d.") && CODE.contains(&ending) || matches!(ending, "md" | "css" | "json")
}

/// The facts of a file that is something else by its name, if it is code after all and does something.
fn code_in_disguise(bytes: &[u8]) -> Option<Facts> {
    let text = std::str::from_utf8(bytes).ok()?;
    if text.trim_start().starts_with('<') {
        return None;
    }
    let mut facts = read("data.js", text, 0).ok()?;
    facts.blanks = blanks::blanks(text);
    let does = !(facts.uses.is_empty() && facts.imports.is_empty() && facts.evaluated.is_empty());
    does.then_some(facts)
}

fn first_line(bytes: &[u8]) -> Cow<'_, str> {
    let end = bytes
        .iter()
        .take(200)
        .position(|&b| b == b'\n')
        .unwrap_or(bytes.len().min(200));
    String::from_utf8_lossy(&bytes[..end])
}

fn decode<'b>(bytes: &'b [u8], issues: &mut Vec<(IssueKind, String)>) -> Cow<'b, str> {
    // Much faster than the lossy way for what is valid.
    std::str::from_utf8(bytes).map_or_else(
        |_| {
            issues.push((
                IssueKind::InvalidUtf8,
                "not valid UTF-8; bad bytes were replaced before it was read".to_owned(),
            ));
            String::from_utf8_lossy(bytes)
        },
        Cow::Borrowed,
    )
}
