//! What command lines do: the powers of their programs, and the data that goes through their pipes.

use super::{
    Language, Opening, Within,
    data::{Datum, environment, is_file, variables},
    markup, open_code,
    programs::{Words, addresses, marks, program, runs_input, targets},
};
use crate::{
    facts::{
        Arguments, Code, Evaluated, Facts, Function, Place, Ran, Use,
        capability::{Capability, Sink, Source},
        words::shorten,
    },
    package::shell::{self, Command, GAP, Script},
    span::Range,
};

/// How much of one line's data is followed.
const BUDGET: u32 = 20_000;
/// The most facts of one line.
const MAX_FACTS: usize = 256;
/// The most words of one command that are kept.
const MAX_WORDS: usize = 24;

/// The facts of command lines that stand at a place of a file of their own: a script of the manifest, a shell script.
pub fn command_facts<'l>(lines: impl IntoIterator<Item = (&'l str, Script)>, range: Range) -> Facts {
    let mut facts = Facts {
        functions: vec![Function {
            name: String::new(),
            eager: true,
            command: false,
        }],
        ..Facts::default()
    };
    let place = Place {
        range,
        ..Place::default()
    };
    let mut room = Within::room(0);
    for (text, script) in lines {
        tell(text, &script, place, None, &mut room, &mut facts);
    }
    facts
}

/// Tells what a command line does that the module runs.
pub(in crate::facts) fn open_commands(
    text: &str,
    script: &Script,
    opening: &Opening,
    room: &mut usize,
    facts: &mut Facts,
) {
    let Some(left) = room.checked_sub(text.len()) else {
        return;
    };
    *room = left;
    tell(text, script, opening.place, Some(opening), room, facts);
}

fn tell(text: &str, script: &Script, place: Place, opening: Option<&Opening>, room: &mut usize, facts: &mut Facts) {
    let mut telling = Telling {
        script,
        text,
        place,
        opening,
        depth: opening.map_or(0, |opening| opening.depth),
        room,
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

pub(super) struct Telling<'s, 'f> {
    pub(super) script: &'s Script,
    pub(super) text: &'s str,
    pub(super) place: Place,
    /// What runs the line; none if it is the file itself.
    pub(super) opening: Option<&'s Opening>,
    pub(super) depth: u32,
    pub(super) room: &'f mut usize,
    /// The layer of each line, once one of its commands is told.
    pub(super) layers: Vec<Option<u32>>,
    /// Files that were filled from the network or by a decoder, and with what.
    pub(super) fetched: Vec<(String, Datum)>,
    pub(super) budget: u32,
    pub(super) told: usize,
    pub(super) facts: &'f mut Facts,
}

impl Telling<'_, '_> {
    fn command(&mut self, index: u32, command: &Command) {
        let name = command.program();
        if !command.words.is_empty() && self.facts.commands.len() < MAX_FACTS {
            let words = command.words.iter().take(MAX_WORDS).map(|word| shorten(word));
            let (words, place) = (words.collect(), self.place_of(index));
            self.facts.commands.push(Ran { words, place });
        }
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
        self.fills(index, command, &name);
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
            .map(|(_, host)| host.split_whitespace().next().unwrap_or_default().replace('/', ":"))
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
        // PowerShell's commands are often encoded only to save the quoting.
        let harmless = code.language == shell::Language::PowerShell && marks(&code.text) != (true, true);
        if let Some(decoder) = code.decoder.filter(|_| !harmless) {
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
                bundle: None,
                depth,
            };
            for text in texts {
                open_code(&text, &opening, &mut |_| None, self.room, self.facts);
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

    /// A command runs what another one decoded.
    pub(super) fn decoded(&mut self, by: u32, decoder: &str, text: Option<&str>, line: usize) {
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
    pub(super) fn place_of(&mut self, index: u32) -> Place {
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
                    bundle: None,
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
pub(super) fn api(program: &str) -> String {
    format!("shell: {program}")
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
