//! Which files a script of the manifest runs.

use super::Manifest;
use crate::package::shell::{self, Command};

/// Something that a script runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Run {
    /// A file of the package, relative to its root; the extension may be missing, or it may be a folder.
    File(String),
    /// JavaScript handed over on the command line.
    Code(String),
    /// Any other program, with its arguments.
    Program(Vec<String>),
}

/// Scripts may call scripts; no honest chain is longer.
const MOST_SCRIPTS: usize = 50;

impl Manifest {
    /// What a script runs, scripts that it calls included, in order.
    pub fn runs(&self, script: &str) -> Vec<Run> {
        let mut out = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let mut wanted: Vec<&str> = vec![script];
        while let Some(name) = wanted.pop() {
            let Some(found) = self.script(name) else {
                continue;
            };
            if seen.contains(&found.name.as_str()) || seen.len() == MOST_SCRIPTS {
                continue;
            }
            seen.push(&found.name);
            for command in shell::commands(&found.value) {
                let called = called_script(&command.words);
                match called.and_then(|called| self.script(called)) {
                    Some(called) => wanted.push(&called.name),
                    None => runs_of(&command, &mut out),
                }
            }
        }
        out
    }
}

/// The script that `npm run x`, `yarn x` and the like call.
fn called_script(words: &[String]) -> Option<&str> {
    let mut words = words.iter().map(String::as_str);
    let program = words.next()?;
    if !matches!(base(program), "npm" | "yarn" | "pnpm" | "bun") {
        return None;
    }
    let mut words = words.filter(|word| !word.starts_with('-'));
    match words.next()? {
        "run" | "run-script" | "rum" | "urn" => words.next(),
        name => Some(name),
    }
}

/// What one command runs: what the programs in front of it (`env`, `sudo`, `npx`) hand over to, or itself.
fn runs_of(command: &Command, out: &mut Vec<Run>) {
    for (name, value) in &command.variables {
        if name == "NODE_OPTIONS" {
            let options: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
            node(&options, false, out);
        }
    }
    let mut words = command.words.as_slice();
    while let Some((program, rest)) = words.split_first() {
        let passes_on = matches!(
            base(program),
            "env"
                | "cross-env"
                | "cross-env-shell"
                | "sudo"
                | "exec"
                | "npx"
                | "bunx"
                | "time"
                | "nohup"
                | "if"
                | "command"
        );
        if !passes_on {
            break;
        }
        let skipped = rest
            .iter()
            .take_while(|word| word.starts_with('-') || word.contains('='))
            .count();
        words = &rest[skipped..];
    }
    let Some((program, arguments)) = words.split_first() else {
        return;
    };
    match base(program) {
        "node" | "nodejs" | "tsx" | "ts-node" | "babel-node" | "electron" | "deno" => {
            let found = out.len();
            node(arguments, true, out);
            if out.len() == found {
                out.push(Run::Program(words.to_vec()));
            }
        }
        "bun" => node(arguments, true, out),
        "sh" | "bash" | "zsh" | "dash" | "source" | "." | "python" | "python3" | "cmd" | "powershell" | "pwsh" => {
            out.push(Run::Program(words.to_vec()));
            if arguments
                .first()
                .is_some_and(|word| word == "-c" || word.eq_ignore_ascii_case("/c"))
            {
                let inner = arguments[1..].join(" ");
                // One level: a shell in a shell in a shell is a program, and suspicious by itself.
                for command in shell::commands(&inner) {
                    if !matches!(
                        command.words.first().map(|word| base(word)),
                        Some("sh" | "bash" | "cmd")
                    ) {
                        runs_of(&command, out);
                    }
                }
            } else if let Some(file) = arguments.iter().find(|word| !word.starts_with('-')) {
                out.push(Run::File(plain(file)));
            }
        }
        _ if program.starts_with("./") || program.starts_with(".\\") => {
            out.push(Run::File(plain(program)));
        }
        _ => out.push(Run::Program(words.to_vec())),
    }
}

/// What Node's arguments name: preloaded modules, code, the script.
fn node(arguments: &[String], script: bool, out: &mut Vec<Run>) {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let (option, inline) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ => (word.as_str(), None),
        };
        match option {
            "-e" | "--eval" | "-p" | "--print" | "-pe" => {
                let code = inline.map(str::to_owned).or_else(|| words.next().cloned());
                out.extend(code.map(Run::Code));
            }
            "-r" | "--require" | "--import" | "--loader" | "--experimental-loader" => {
                if let Some(module) = inline.or_else(|| words.next().map(String::as_str))
                    && (module.starts_with('.') || module.starts_with('/'))
                {
                    out.push(Run::File(plain(module)));
                }
            }
            "-C" | "--conditions" | "--env-file" | "--title" | "--input-type" if inline.is_none() => {
                words.next();
            }
            // `deno run x`, `bun run x`, `tsx watch x`
            "run" | "watch" => {}
            _ if option.starts_with('-') => {}
            _ if script => {
                out.push(Run::File(plain(word)));
                return;
            }
            _ => {}
        }
    }
}

/// A program's name without its folder and Windows extension.
fn base(program: &str) -> &str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    name.strip_suffix(".exe")
        .or_else(|| name.strip_suffix(".cmd"))
        .unwrap_or(name)
}

/// A path relative to the package's root.
fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    rest.to_owned()
}
