//! Which files a script of the manifest runs.

use super::{Manifest, Named};
use crate::package::shell::{self, Command, Script, base};

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
    /// The scripts that a script comes to, itself first: those that it calls included.
    pub fn called(&self, script: &str) -> Vec<(&Named, Script)> {
        let mut out: Vec<(&Named, Script)> = Vec::new();
        let mut wanted: Vec<&str> = vec![script];
        while let Some(name) = wanted.pop() {
            let Some(found) = self.script(name) else {
                continue;
            };
            if out.iter().any(|(known, _)| known.name == found.name) || out.len() == MOST_SCRIPTS {
                continue;
            }
            let read = shell::read(&found.value);
            for command in &read.commands {
                let called = called_script(&command.words).and_then(|called| self.script(called));
                wanted.extend(called.map(|called| called.name.as_str()));
            }
            out.push((found, read));
        }
        out
    }

    /// What a script runs, scripts that it calls included, in order.
    pub fn runs(&self, script: &str) -> Vec<Run> {
        let mut out = Vec::new();
        for (_, read) in self.called(script) {
            for command in &read.commands {
                let calls = called_script(&command.words).is_some_and(|called| self.script(called).is_some());
                if !calls {
                    runs_of(command, &mut out);
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
    if !matches!(base(program).as_str(), "npm" | "yarn" | "pnpm" | "bun") {
        return None;
    }
    let mut words = words.filter(|word| !word.starts_with('-'));
    match words.next()? {
        "run" | "run-script" | "rum" | "urn" => words.next(),
        name => Some(name),
    }
}

/// What one command runs; the commands that a shell in it runs are commands of their own.
fn runs_of(command: &Command, out: &mut Vec<Run>) {
    for (name, value) in &command.variables {
        if name == "NODE_OPTIONS" {
            let options: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
            node(&options, false, out);
        }
    }
    let Some((program, arguments)) = command.words.split_first() else {
        return;
    };
    match base(program).as_str() {
        "node" | "nodejs" | "tsx" | "ts-node" | "babel-node" | "electron" | "deno" => {
            let found = out.len();
            node(arguments, true, out);
            if out.len() == found {
                out.push(Run::Program(command.words.clone()));
            }
        }
        "bun" => node(arguments, true, out),
        "sh" | "bash" | "zsh" | "dash" | "source" | "." | "python" | "python3" | "cmd" | "powershell" | "pwsh" => {
            out.push(Run::Program(command.words.clone()));
            let inline = arguments
                .first()
                .is_some_and(|word| word == "-c" || word.eq_ignore_ascii_case("/c"));
            if !inline && let Some(file) = arguments.iter().find(|word| !word.starts_with('-')) {
                out.push(Run::File(plain(file)));
            }
        }
        _ if program.starts_with("./") || program.starts_with(".\\") => {
            out.push(Run::File(plain(program)));
        }
        _ => out.push(Run::Program(command.words.clone())),
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

/// A path relative to the package's root.
fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    rest.to_owned()
}
