//! What programs can do, by the table in `capability/programs.txt`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::{
    facts::capability::{self, Capability, Sink, Source},
    package::shell::{Command, GAP},
};

const TABLE: &str = include_str!("../capability/programs.txt");

/// What a program can do.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) capabilities: Vec<Capability>,
    pub(super) words: Words,
    pub(super) source: Option<Source>,
    pub(super) sink: Option<Sink>,
}

/// What the words of a program are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Words {
    #[default]
    None,
    Urls,
    Hosts,
    Paths,
}

/// What the table knows of a command's program.
pub(super) fn program(command: &Command) -> Option<&'static Program> {
    static PROGRAMS: OnceLock<FxHashMap<&'static str, Program>> = OnceLock::new();
    let programs = PROGRAMS.get_or_init(read);
    let name = command.program();
    let word = command.arguments().iter().find(|word| !word.starts_with('-'));
    let whole = word.and_then(|word| programs.get(format!("{name}.{word}").as_str()));
    let found = whole.or_else(|| programs.get(name.as_str()))?;
    if name == "certutil" && !command.arguments().iter().any(|word| word.contains("://")) {
        return None;
    }
    // `env` prints only when it starts nothing.
    (name != "env" || command.words.len() == 1).then_some(found)
}

fn read() -> FxHashMap<&'static str, Program> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entries = lines.filter_map(|line| {
        let mut words = line.split(' ');
        let name = words.next()?;
        let powers = words.next()?.split(',');
        let mut program = Program {
            capabilities: powers
                .filter_map(|name| Capability::ALL.into_iter().find(|power| power.name() == name))
                .collect(),
            ..Program::default()
        };
        for word in words {
            match word.split_at(1) {
                ("<", name) => program.source = capability::source_named(name),
                ("!", name) => program.sink = capability::sink_named(name),
                _ => {
                    program.words = match word {
                        "(url)" => Words::Urls,
                        "(host)" => Words::Hosts,
                        "(path)" => Words::Paths,
                        _ => Words::None,
                    };
                }
            }
        }
        Some((name, program))
    });
    entries.collect()
}

/// The words of a command that are addresses, or paths.
pub(super) fn targets(command: &Command, words: Words) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut valued = false;
    for word in command.arguments() {
        let option = word.starts_with('-') || (word.starts_with('/') && word.len() == 2);
        // One letter is an option with a value more often than not; a value that looks like an address is none.
        let is_value = std::mem::replace(&mut valued, option && word.len() == 2);
        let known = word.chars().any(|c| c != GAP);
        let fits = match words {
            Words::None => false,
            Words::Urls => word.contains("://") || (!is_value && !option && looks_like_host(word)),
            Words::Hosts => !option && word.contains('.') && !word.starts_with(['+', '@']),
            Words::Paths => !option && !word.starts_with('+') && !word.chars().all(|c| c.is_ascii_digit()),
        };
        if fits && known && out.len() < 8 && !out.contains(word) {
            out.push(word.clone());
        }
    }
    out
}

/// `example.org/x`, `user@example.org:path`, `10.0.0.1:80`.
fn looks_like_host(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let Some((before, last)) = host.rsplit_once('.') else {
        return host == "localhost";
    };
    let ending = last.len() >= 2 && last.chars().all(|c| c.is_ascii_alphabetic());
    let number = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    let file = matches!(
        last,
        "js" | "sh" | "json" | "txt" | "gz" | "zip" | "tgz" | "md" | "py" | "exe" | "dll" | "tmp"
    );
    !before.is_empty()
        && (number || (ending && (!file || (word.contains('/') && !word.starts_with('.')))))
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | GAP))
}

/// Whether a program runs what it reads as code.
pub(super) fn runs_input(program: &str) -> bool {
    matches!(
        program,
        "sh" | "bash"
            | "zsh"
            | "dash"
            | "ksh"
            | "ash"
            | "fish"
            | "node"
            | "nodejs"
            | "bun"
            | "deno"
            | "perl"
            | "ruby"
            | "php"
            | "osascript"
            | "powershell"
            | "pwsh"
            | "iex"
            | "cmd"
            | "lua"
    ) || program.starts_with("python")
}

/// Words by which code of a language that is not read shows that it reaches the network.
const REACHES: [&str; 25] = [
    "urlopen",
    "urlretrieve",
    "requests.",
    "http.client",
    "socket",
    "httpx",
    "lwp",
    "net::http",
    "open-uri",
    "file_get_contents('http",
    "file_get_contents(\"http",
    "curl_exec",
    "fsockopen",
    "io::socket",
    "downloadstring",
    "downloadfile",
    "downloaddata",
    "invoke-webrequest",
    "invoke-restmethod",
    "iwr ",
    "irm ",
    "net.webclient",
    "wget ",
    "curl ",
    "start-bitstransfer",
];

/// Words by which it shows that it runs what it has.
const RUNS: [&str; 16] = [
    "exec(",
    "eval(",
    "os.system",
    "subprocess",
    "popen",
    "pty.spawn",
    "system(",
    "shell_exec",
    "/bin/sh",
    "/bin/bash",
    "invoke-expression",
    "start-process",
    "scriptblock",
    "exec ",
    "reflection.assembly",
    "do shell script",
];

/// Whether code of another language reaches the network, and whether it runs programs or code.
pub(super) fn marks(text: &str) -> (bool, bool) {
    let lower = text.to_lowercase();
    let iex = lower
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .any(|word| word == "iex");
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    (has(&REACHES), iex || has(&RUNS))
}

/// The addresses in a text.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ')' | '(' | ';' | '<' | '>' | '|' | ',');
    for word in text.split(ends).filter(|word| word.contains("://")) {
        if out.len() < 8 && !out.iter().any(|known| known == word) {
            out.push(word.to_owned());
        }
    }
    out
}

#[test]
fn the_table_is_sorted_and_understood() {
    let lines: Vec<_> = TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    for pair in lines.windows(2) {
        let name = |line: &'static str| line.split(' ').next().unwrap_or_default();
        assert!(name(pair[0]) < name(pair[1]), "`{}` is out of order", pair[1]);
    }
    let programs = read();
    assert_eq!(programs.len(), lines.len());
    for line in lines {
        let mut words = line.split(' ');
        let (name, powers) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        assert_eq!(programs[name].capabilities.len(), powers.split(',').count(), "{line}");
    }
}
