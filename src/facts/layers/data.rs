//! The data that goes through a command line: from files, variables and the network through pipes and substitutions to
//! the network and to shells.

use rustc_hash::FxHashSet;

use super::{
    commands::{Telling, api},
    programs::{Words, program, runs_input, targets},
};
use crate::{
    facts::{
        Flow,
        capability::{Sink, Source},
        words::shorten,
    },
    package::shell::{self, Command, GAP, Input},
};

/// One kind of data in a pipe or a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Datum {
    pub(super) source: Source,
    pub(super) api: String,
    pub(super) what: Vec<String>,
    pub(super) encoded: bool,
    pub(super) decoded: bool,
}

impl Telling<'_, '_> {
    /// What comes out of a pipe, a substitution or a downloaded file, and is run.
    pub(super) fn runs(&mut self, index: u32, command: &Command, name: &str) {
        let mut data = Vec::new();
        let interprets = runs_input(name);
        let mut words = command.arguments().iter();
        let inline = words.any(|word| word.starts_with('-') && word.ends_with('c'));
        // A substitution in the program's place gives its name, unless it is fetched: nobody fetches a name.
        let replaces = command.words.first().is_some_and(|word| is_unknown(word));
        let takes_code = match name {
            "eval" => true,
            "source" | "." => command.reads_output(),
            _ => replaces || (interprets && (inline || command.reads_output())),
        };
        if takes_code {
            let mut seen = FxHashSet::default();
            for part in &command.parts {
                data.extend(self.output(*part, &mut seen));
            }
            data.retain(|datum| !replaces || datum.source == Source::Network);
        }
        if interprets
            && command.code.is_none()
            && command.runs_input()
            && let Input::Pipe(before) = command.input
        {
            data.extend(self.output(before, &mut FxHashSet::default()));
        }
        let starts = interprets || matches!(name, "source" | "." | "start" | "open" | "msiexec" | "rundll32");
        for (file, filled) in &self.fetched {
            let named = |word: &String| same_file(word, file);
            if command.words.first().is_some_and(named) || starts && command.arguments().iter().any(named) {
                data.push(filled.clone());
            }
        }
        if data
            .iter()
            .any(|datum| datum.decoded && datum.source != Source::Network)
        {
            self.decoded(index, "a decoder", None, usize::MAX);
        }
        data.retain(|datum| datum.source != Source::File);
        let name = if name.contains(GAP) || name.is_empty() {
            "sh"
        } else {
            name
        };
        self.flows(index, &data, Sink::Code, name, &[]);
    }

    /// Remembers the files that a command fills with what came from the network, or out of a decoder.
    pub(super) fn fills(&mut self, index: u32, command: &Command, name: &str) {
        let mut files: Vec<String> = command.writes.iter().filter(|path| is_file(path)).cloned().collect();
        if name == "tee" {
            files.extend(targets(command, Words::Paths));
        }
        if program(command).is_some_and(|known| known.source == Some(Source::Network)) {
            files.extend(downloads(command, name));
        }
        if files.is_empty() {
            return;
        }
        let mut data = self.output(index, &mut FxHashSet::default());
        data.retain(|datum| datum.source == Source::Network || datum.decoded);
        if data.is_empty() && shell::decoder(name, command.arguments()).is_some() {
            data.push(Datum {
                decoded: true,
                ..file(Vec::new())
            });
        }
        for file in files.into_iter().filter(|file| file.len() > 1) {
            self.fetched.extend(data.first().map(|datum| (file, datum.clone())));
        }
    }

    /// The data that a command is given: in its words, its input and the files that it is told to read.
    pub(super) fn given(&mut self, index: u32, command: &Command) -> Vec<Datum> {
        let mut seen = FxHashSet::from_iter([index]);
        let mut data: Vec<Datum> = command.names.iter().cloned().map(environment).collect();
        for part in &command.parts {
            data.extend(self.output(*part, &mut seen));
        }
        if let Input::Pipe(before) = command.input {
            data.extend(self.output(before, &mut seen));
        }
        let files = uploads(command).into_iter().chain(command.reads.iter().cloned());
        data.extend(files.filter(|path| is_file(path)).map(|path| file(vec![path])));
        data
    }

    /// The data that a command prints.
    pub(super) fn output(&mut self, index: u32, seen: &mut FxHashSet<u32>) -> Vec<Datum> {
        let Some(command) = self.script.commands.get(index as usize) else {
            return Vec::new();
        };
        if self.budget == 0 || seen.len() > 64 || !seen.insert(index) {
            return Vec::new();
        }
        self.budget -= 1;
        let name = command.program();
        let known = program(command);
        if let Some(source) = known.and_then(|known| known.source)
            && (source != Source::File || !targets(command, Words::Paths).is_empty())
        {
            return vec![own(command, source)];
        }
        let mut data: Vec<Datum> = command.names.iter().cloned().map(environment).collect();
        for part in &command.parts {
            data.extend(self.output(*part, seen));
        }
        let filter = shell::is_filter(&name);
        if filter {
            let paths = targets(command, Words::Paths)
                .into_iter()
                .filter(|path| path.contains(['/', '.', '~']));
            let paths: Vec<String> = paths.chain(command.reads.iter().cloned()).collect();
            if !paths.is_empty() {
                data.push(file(paths));
            }
        }
        match command.input {
            Input::Pipe(before) => data.extend(self.output(before, seen)),
            Input::Text(_) | Input::Own if !filter && !matches!(name.as_str(), "echo" | "printf" | "") => {
                data.push(own(command, Source::Exec));
            }
            Input::Text(_) | Input::Own => {}
        }
        let decodes = shell::decoder(&name, command.arguments()).is_some();
        let encodes = !decodes
            && matches!(
                name.as_str(),
                "base64" | "base32" | "gzip" | "xxd" | "openssl" | "bzip2"
            );
        for datum in &mut data {
            datum.decoded |= decodes;
            datum.encoded |= encodes;
        }
        data.truncate(16);
        data
    }

    pub(super) fn flows(&mut self, index: u32, data: &[Datum], sink: Sink, name: &str, target: &[String]) {
        for datum in data.iter().take(16) {
            let place = self.place_of(index);
            let flow = Flow {
                source: datum.source,
                source_api: api(&datum.api),
                source_range: self.place.range,
                what: datum.what.clone(),
                sink,
                sink_api: api(name),
                place,
                target: target.to_vec(),
                steps: Vec::new(),
                encoded: datum.encoded,
                decoded: datum.decoded,
            };
            let known = self.facts.flows.iter().rev().take(16).any(|known| {
                known.place == place && known.source == flow.source && known.sink == sink && known.what == flow.what
            });
            if !known {
                self.told += 1;
                self.facts.flows.push(flow);
            }
        }
    }
}

pub(super) fn is_unknown(word: &str) -> bool {
    word.chars().all(|c| c == GAP) && !word.is_empty()
}

/// Whether a redirection leads to a file.
pub(super) fn is_file(path: &str) -> bool {
    !path.is_empty()
        && !is_unknown(path)
        && !path.starts_with("/dev/")
        && !path.starts_with('&')
        && !path.eq_ignore_ascii_case("nul")
}

pub(super) fn environment(name: String) -> Datum {
    Datum {
        source: Source::Environment,
        api: format!("${name}"),
        what: vec![name],
        encoded: false,
        decoded: false,
    }
}

pub(super) fn file(paths: Vec<String>) -> Datum {
    Datum {
        source: Source::File,
        api: "<".to_owned(),
        what: paths,
        encoded: false,
        decoded: false,
    }
}

/// What a command itself brings in.
pub(super) fn own(command: &Command, source: Source) -> Datum {
    let what = match source {
        Source::Environment if command.arguments().is_empty() => vec!["*".to_owned()],
        Source::Environment => command.arguments().to_vec(),
        Source::File => targets(command, Words::Paths),
        Source::Network => {
            let known = program(command).map_or(Words::Urls, |known| known.words);
            targets(command, known)
        }
        Source::Exec => vec![shorten(&command.shown())],
        _ => Vec::new(),
    };
    Datum {
        source,
        api: command.program(),
        what,
        encoded: false,
        decoded: false,
    }
}

/// Files that a command sends.
pub(super) fn uploads(command: &Command) -> Vec<String> {
    let name = command.program();
    if matches!(name.as_str(), "scp" | "rsync") {
        let words = command.arguments().iter();
        let local = words.filter(|word| !word.starts_with('-') && !word.contains(':') && !word.contains('@'));
        return local.cloned().collect();
    }
    let mut out = Vec::new();
    let options = ["-T", "--upload-file", "--post-file", "--body-file"];
    out.extend(shell::option_value(command.arguments(), &options).map(str::to_owned));
    for word in command.arguments() {
        let path = word
            .strip_prefix('@')
            .or_else(|| word.split_once("=@").map(|(_, path)| path));
        let path = path
            .or_else(|| word.strip_prefix("-d@"))
            .map(|path| path.split(';').next().unwrap_or_default());
        out.extend(path.filter(|path| !matches!(*path, "" | "-")).map(str::to_owned));
    }
    out
}

/// Files that a command downloads to.
pub(super) fn downloads(command: &Command, name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let words = command.arguments();
    let to = ["-o", "--output", "-O", "--output-document", "-OutFile", "-outfile"];
    out.extend(
        shell::option_value(words, &to)
            .filter(|file| !file.contains("://") && !file.starts_with('-'))
            .map(str::to_owned),
    );
    // `-so file` and the like.
    let last = if name == "wget" { 'O' } else { 'o' };
    let cluster =
        |word: &String| word.starts_with('-') && !word.starts_with("--") && word.len() > 2 && word.ends_with(last);
    if let Some(at) = words.iter().position(cluster) {
        out.extend(words.get(at + 1).filter(|file| !file.contains("://")).cloned());
    }
    // The last part of the address, unless told otherwise.
    let named = words.iter().any(|word| {
        word == "--remote-name" || (word.starts_with('-') && !word.starts_with("--") && word.contains('O'))
    });
    if name == "wget" || (name == "curl" && named) {
        let urls = words.iter().filter(|word| word.contains("://"));
        let last = urls.filter_map(|url| url.split(['?', '#']).next()?.rsplit('/').next());
        out.extend(last.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    if matches!(name, "certutil" | "bitsadmin") {
        out.extend(words.last().filter(|word| !word.contains("://")).cloned());
    }
    out.retain(|file| file.len() > 1 && !is_unknown(file));
    out
}

/// Whether a word names a file: the same path, or the same name.
pub(super) fn same_file(word: &str, file: &str) -> bool {
    let plain = |path: &str| path.trim_start_matches("./").trim_start_matches(".\\").to_owned();
    let (word, file) = (plain(word), plain(file));
    word == file || word.rsplit(['/', '\\']).next() == Some(&file) || file.rsplit(['/', '\\']).next() == Some(&word)
}

/// Variables of the environment that PowerShell code names.
pub(super) fn variables(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let mut out: Vec<String> = Vec::new();
    for (at, mark) in lower.match_indices("$env:").take(16) {
        let name: String = text[at + mark.len()..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        if !name.is_empty() && !out.contains(&name) {
            out.push(name);
        }
    }
    out
}
