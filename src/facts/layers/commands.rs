//! What command lines do: the powers of their programs, and the data that goes through their pipes.

use rustc_hash::FxHashSet;

use super::{
    Language, Opening, markup, open_code,
    programs::{Words, addresses, marks, program, runs_input, targets},
};
use crate::{
    facts::{
        Arguments, Code, Evaluated, Facts, Flow, Function, Place, Use,
        capability::{Capability, Sink, Source},
        words::shorten,
    },
    package::shell::{self, Command, GAP, Input, Script},
    span::Range,
};

/// How much of one line's data is followed.
const BUDGET: u32 = 20_000;
/// The most facts of one line.
const MAX_FACTS: usize = 256;

/// The facts of command lines that stand at a place of a file of their own: a script of the manifest, a shell script.
pub fn command_facts<'l>(lines: impl IntoIterator<Item = (&'l str, Script)>, range: Range) -> Facts {
    let mut facts = Facts {
        functions: vec![Function {
            name: String::new(),
            eager: true,
        }],
        ..Facts::default()
    };
    let place = Place {
        range,
        ..Place::default()
    };
    for (text, script) in lines {
        tell(text, &script, place, None, 0, &mut facts);
    }
    facts
}

/// Tells what a command line does that the module runs.
pub(in crate::facts) fn open_commands(text: &str, script: &Script, opening: &Opening, facts: &mut Facts) {
    tell(text, script, opening.place, Some(opening), opening.depth, facts);
}

fn tell(text: &str, script: &Script, place: Place, opening: Option<&Opening>, depth: u32, facts: &mut Facts) {
    let mut telling = Telling {
        script,
        text,
        place,
        opening,
        depth,
        layers: vec![None; script.lines.len()],
        fetched: Vec::new(),
        budget: BUDGET,
        told: 0,
        facts,
    };
    for (index, command) in (0u32..).zip(&script.commands) {
        if telling.told >= MAX_FACTS {
            break;
        }
        telling.command(index, command);
    }
    for (number, line) in script.lines.iter().enumerate().skip(1) {
        if let (Some(decoder), Some(outer)) = (line.decoder, line.outer) {
            telling.decoded(outer, decoder, Some(&line.text), number);
        }
    }
}

/// One kind of data in a pipe or a word.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Datum {
    source: Source,
    api: String,
    what: Vec<String>,
    encoded: bool,
    decoded: bool,
}

struct Telling<'s, 'f> {
    script: &'s Script,
    text: &'s str,
    place: Place,
    /// What runs the line; none if it is the file itself.
    opening: Option<&'s Opening>,
    depth: u32,
    /// The layer of each line, once one of its commands is told.
    layers: Vec<Option<u32>>,
    /// Files that something was downloaded to, and the command that did.
    fetched: Vec<(String, u32)>,
    budget: u32,
    told: usize,
    facts: &'f mut Facts,
}

impl Telling<'_, '_> {
    fn command(&mut self, index: u32, command: &Command) {
        let name = command.program();
        let known = program(command);
        if let Some(known) = known {
            let arguments = arguments(command, known.words);
            for &capability in &known.capabilities {
                self.add_use(index, capability, &name, arguments.clone(), command.assembled);
            }
        }
        for variable in &command.names {
            let arguments = Arguments {
                variables: vec![variable.clone()],
                ..Arguments::default()
            };
            self.add_use(index, Capability::Env, &format!("${variable}"), arguments, false);
        }
        for path in command.writes.iter().filter(|path| is_file(path)) {
            let arguments = Arguments {
                paths: vec![path.clone()],
                ..Arguments::default()
            };
            self.add_use(index, Capability::FsWrite, ">", arguments, false);
        }
        for path in command.reads.iter().filter(|path| is_file(path)) {
            let arguments = Arguments {
                paths: vec![path.clone()],
                ..Arguments::default()
            };
            self.add_use(index, Capability::FsRead, "<", arguments, false);
        }
        self.socket(index, command, &name);
        if let Some(code) = &command.code {
            self.code(index, command, code);
        }
        self.runs(index, command, &name);
        if known.is_some_and(|known| known.source == Some(Source::Network)) {
            let files = downloads(command, &name);
            self.fetched.extend(files.into_iter().map(|file| (file, index)));
        }
        if let Some(sink) = known.and_then(|known| known.sink) {
            let data = self.given(index, command);
            let target = targets(command, known.map_or(Words::None, |known| known.words));
            self.flows(index, &data, sink, &name, &target);
        }
    }

    /// `/dev/tcp/host/port`: the shell's own way to open a connection; `nc -e`: a shell for whoever calls.
    fn socket(&mut self, index: u32, command: &Command, name: &str) {
        let files = command.words.iter().chain(&command.reads).chain(&command.writes);
        let socket = files
            .filter_map(|word| word.split_once("/dev/tcp/").or_else(|| word.split_once("/dev/udp/")))
            .map(|(_, host)| host.replace('/', ":"))
            .next();
        let netcat = matches!(name, "nc" | "ncat" | "netcat")
            && command
                .arguments()
                .iter()
                .any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(['e', 'c']));
        let host = match socket {
            Some(host) => {
                let arguments = Arguments {
                    hosts: vec![host.clone()],
                    ..Arguments::default()
                };
                self.add_use(index, Capability::Network, "/dev/tcp", arguments, false);
                if !runs_input(name) {
                    return;
                }
                vec![host]
            }
            None if netcat => targets(command, Words::Hosts),
            None => return,
        };
        let datum = Datum {
            source: Source::Network,
            api: "/dev/tcp".to_owned(),
            what: host,
            encoded: false,
            decoded: false,
        };
        self.flows(index, &[datum], Sink::Code, name, &[]);
    }

    /// Code in another language that a command runs.
    fn code(&mut self, index: u32, command: &Command, code: &shell::Code) {
        let name = command.program();
        if let Some(decoder) = code.decoder {
            self.decoded(index, decoder, Some(&code.text), usize::MAX);
        }
        if code.text.contains(GAP) && code.language == shell::Language::JavaScript {
            return;
        }
        let place = self.place_of(index);
        if code.language == shell::Language::JavaScript {
            let texts = if code.text.starts_with("data:") {
                markup::code_of_url(&code.text)
            } else {
                vec![code.text.clone()]
            };
            let depth = self.depth + self.line_depth(command);
            if depth >= super::MAX_LAYERS {
                return;
            }
            let opening = Opening {
                place,
                api: api(&name),
                decoder: code.decoder.map(str::to_owned),
                depth,
            };
            for text in texts {
                open_code(&text, &opening, &mut |_| None, self.facts);
            }
            return;
        }
        let (reaches, runs) = marks(&code.text);
        let hosts = addresses(&code.text);
        let shown = Arguments {
            commands: vec![shorten(&command.shown())],
            ..Arguments::default()
        };
        self.add_use(index, Capability::ProcessExec, &name, shown, false);
        if !reaches && hosts.is_empty() {
            return;
        }
        let arguments = Arguments {
            hosts: hosts.clone(),
            ..Arguments::default()
        };
        self.add_use(index, Capability::Network, &name, arguments, false);
        if reaches && runs {
            let datum = Datum {
                source: Source::Network,
                api: name.clone(),
                what: hosts.clone(),
                encoded: false,
                decoded: false,
            };
            self.flows(index, &[datum], Sink::Code, &name, &[]);
        }
        let data: Vec<Datum> = variables(&code.text).into_iter().map(environment).collect();
        self.flows(index, &data, Sink::Network, &name, &hosts);
    }

    /// What comes out of a pipe, a substitution or a downloaded file, and is run.
    fn runs(&mut self, index: u32, command: &Command, name: &str) {
        let mut data = Vec::new();
        let interprets = runs_input(name);
        let first = command.words.get(1).is_some_and(|word| is_unknown(word));
        let inline = command
            .arguments()
            .iter()
            .any(|word| word.starts_with('-') && word.ends_with('c'));
        let takes_code = match name {
            "eval" | "source" | "." => true,
            // A substitution in the program's place.
            _ if command.words.first().is_some_and(|word| is_unknown(word)) => true,
            _ => interprets && (first || inline),
        };
        if takes_code {
            let mut seen = FxHashSet::default();
            for part in &command.parts {
                data.extend(self.output(*part, &mut seen));
            }
        }
        let file = command.arguments().iter().any(|word| !word.starts_with('-'));
        if interprets
            && command.code.is_none()
            && (!file || inline)
            && let Input::Pipe(before) = command.input
        {
            data.extend(self.output(before, &mut FxHashSet::default()));
        }
        data.retain(|datum| datum.source != Source::File || datum.decoded);
        if data
            .iter()
            .any(|datum| datum.decoded && datum.source != Source::Network)
        {
            self.decoded(index, "a decoder", None, usize::MAX);
        }
        let mut data: Vec<Datum> = data.into_iter().filter(|datum| datum.source != Source::File).collect();
        let starts = interprets
            || matches!(
                name,
                "chmod" | "source" | "." | "start" | "open" | "msiexec" | "rundll32"
            );
        for (file, by) in &self.fetched {
            let named = |word: &String| same_file(word, file);
            let runs = command.words.first().is_some_and(named) || starts && command.arguments().iter().any(named);
            if runs && let Some(downloader) = self.script.commands.get(*by as usize) {
                data.push(own(downloader, Source::Network));
            }
        }
        let name = if name.contains(GAP) || name.is_empty() {
            "sh"
        } else {
            name
        };
        self.flows(index, &data, Sink::Code, name, &[]);
    }

    /// The data that a command is given: in its words, its input and the files that it is told to read.
    fn given(&mut self, index: u32, command: &Command) -> Vec<Datum> {
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
    fn output(&mut self, index: u32, seen: &mut FxHashSet<u32>) -> Vec<Datum> {
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

    fn flows(&mut self, index: u32, data: &[Datum], sink: Sink, name: &str, target: &[String]) {
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

    /// A command runs what another one decoded.
    fn decoded(&mut self, by: u32, decoder: &str, text: Option<&str>, line: usize) {
        let place = self.place_of(by);
        let name = self
            .script
            .commands
            .get(by as usize)
            .map(Command::program)
            .unwrap_or_default();
        // The layer is told even if nothing in it is known.
        if text.is_some() && line < self.layers.len() {
            self.layer(line);
        }
        self.facts.evaluated.push(Evaluated {
            api: api(if name.is_empty() { "sh" } else { &name }),
            place,
            code: if text.is_some() {
                Code::Decoded
            } else {
                Code::DecodedUnknown
            },
            text: text.map(|text| shorten(text.trim())),
            steps: vec![(self.place.range, format!("decoded by `{decoder}`"))],
        });
    }

    fn add_use(&mut self, index: u32, capability: Capability, name: &str, arguments: Arguments, concealed: bool) {
        self.told += 1;
        let place = self.place_of(index);
        let api = api(name);
        let again = self.facts.uses.iter().rev().take(16).any(|known| {
            known.capability == capability && known.api == api && known.arguments == arguments && known.place == place
        });
        if again {
            return;
        }
        let via = match self.opening {
            Some(opening) => format!("in the command that `{}` runs", opening.api),
            None => "in a command".to_owned(),
        };
        self.facts.uses.push(Use {
            capability,
            api,
            place,
            arguments,
            via: Some(via),
            concealed,
        });
    }

    fn line_depth(&self, command: &Command) -> u32 {
        let own = self
            .script
            .lines
            .get(command.line as usize)
            .map_or(0, |line| line.depth);
        own + u32::from(self.opening.is_some())
    }

    /// Where a command stands: in the file itself, or in the layer of its line.
    fn place_of(&mut self, index: u32) -> Place {
        let Some(command) = self.script.commands.get(index as usize) else {
            return self.place;
        };
        let layer = self.place.layer + self.line_depth(command);
        if layer == self.place.layer {
            return self.place;
        }
        let inner = match self.layer(command.line as usize) {
            Some(layer) => {
                let text = self.excerpt(command);
                let known = self
                    .facts
                    .inner_lines
                    .iter()
                    .rposition(|line| line.layer == layer && line.text == text);
                known.map_or_else(|| self.facts.add_line(layer, 1, text), |known| known as u32 + 1)
            }
            None => 0,
        };
        Place {
            layer,
            inner,
            ..self.place
        }
    }

    /// What shows a command: its whole line, if that is short.
    fn excerpt(&self, command: &Command) -> String {
        let line = match command.line {
            0 => self.text,
            line => self.script.lines.get(line as usize).map_or("", |line| &line.text),
        };
        let line = line.trim();
        if line.len() <= super::MAX_LINE && !line.contains('\n') {
            line.to_owned()
        } else {
            shorten(&command.shown())
        }
    }

    /// The layer of a line.
    fn layer(&mut self, line: usize) -> Option<u32> {
        if let Some(layer) = *self.layers.get(line)? {
            return Some(layer);
        }
        let found = self.script.lines.get(line)?;
        let layer = match found.outer {
            None => self.facts.add_layer(self.opening?, Language::Commands, self.text),
            Some(outer) => {
                let name = self.script.commands.get(outer as usize).map(Command::program);
                let opening = Opening {
                    place: self.place_of(outer),
                    api: api(&name.unwrap_or_default()),
                    decoder: found.decoder.map(str::to_owned),
                    depth: 0,
                };
                self.facts.add_layer(&opening, Language::Commands, &found.text)
            }
        };
        if let Some(slot) = self.layers.get_mut(line) {
            *slot = Some(layer);
        }
        Some(layer)
    }
}

/// The name by which a program is told.
fn api(program: &str) -> String {
    format!("shell: {program}")
}

fn is_unknown(word: &str) -> bool {
    word.chars().all(|c| c == GAP) && !word.is_empty()
}

/// Whether a redirection leads to a file.
fn is_file(path: &str) -> bool {
    !path.is_empty()
        && !is_unknown(path)
        && !path.starts_with("/dev/")
        && !path.starts_with('&')
        && !path.eq_ignore_ascii_case("nul")
}

fn environment(name: String) -> Datum {
    Datum {
        source: Source::Environment,
        api: format!("${name}"),
        what: vec![name],
        encoded: false,
        decoded: false,
    }
}

fn file(paths: Vec<String>) -> Datum {
    Datum {
        source: Source::File,
        api: "<".to_owned(),
        what: paths,
        encoded: false,
        decoded: false,
    }
}

/// What a command itself brings in.
fn own(command: &Command, source: Source) -> Datum {
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

fn arguments(command: &Command, words: Words) -> Arguments {
    let found = targets(command, words);
    let mut out = Arguments::default();
    match words {
        Words::None => {}
        Words::Urls | Words::Hosts => out.hosts = found,
        Words::Paths => out.paths = found,
    }
    out
}

/// Files that a command sends.
fn uploads(command: &Command) -> Vec<String> {
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
fn downloads(command: &Command, name: &str) -> Vec<String> {
    let mut out: Vec<String> = command.writes.iter().filter(|path| is_file(path)).cloned().collect();
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
fn same_file(word: &str, file: &str) -> bool {
    let plain = |path: &str| path.trim_start_matches("./").trim_start_matches(".\\").to_owned();
    let (word, file) = (plain(word), plain(file));
    word == file || word.rsplit(['/', '\\']).next() == Some(&file) || file.rsplit(['/', '\\']).next() == Some(&word)
}

/// Variables of the environment that PowerShell code names.
fn variables(text: &str) -> Vec<String> {
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
