//! Code within code: texts that the module runs are read as modules or command lines of their own, to any depth within
//! the limit, and what they do is told at the place where they are run.
//!
//! `opens.rs` says what opens a layer, `commands.rs` what command lines do, `markup.rs` finds scripts in markup and in
//! `data:` URLs. An inner text's own places mean nothing outside of it, so each fact from inside keeps the line of the
//! inner text that shows it ([`InnerLine`]).

use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    Constant, Evaluated, Facts, Flow, Gate, Import, Mark, Obfuscation, Place, Ran, Unknown, Use, bundles::Outer,
    capability::Capability, read::read_layer,
};
use crate::span::Range;

mod commands;
mod data;
mod markup;
mod names;
mod opens;
mod page;
mod programs;

pub use commands::command_facts;
pub(super) use commands::open_commands;
pub(super) use markup::scripts;
pub(super) use opens::{Inside, Names, RawCode, RawCommand};

/// How many layers of evaluated code are opened.
pub(super) const MAX_LAYERS: u32 = 4;
/// How many inner texts of one module are opened.
pub(super) const MAX_INNER: usize = 64;
/// Shorter texts hold no code worth opening.
pub(super) const MIN_INNER: usize = 4;
/// How many lines of inner texts are kept for one module.
const MAX_LINES: usize = 512;
/// The longest piece of an inner line that is kept.
const MAX_LINE: usize = 160;

/// A text that the module runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Layer {
    /// Where it is run; in an outer layer, if [`Place::layer`] is not 0.
    pub place: Place,
    /// What runs it.
    pub api: String,
    /// What it is written in.
    pub language: Language,
    /// What decoded it, if something did.
    pub decoder: Option<String>,
    /// Its beginning.
    pub text: String,
}

/// What an inner text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// JavaScript.
    Code,
    /// Commands of a shell.
    Commands,
}

/// A line of an inner text in which something was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InnerLine {
    /// Index of the [`Layer`].
    pub layer: u32,
    /// Its number, from 1.
    pub line: u32,
    /// What it says, shortened around the place.
    pub text: String,
}

/// What a name means in an inner text, told by the code around it.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// Something of the code around that cannot be told; at least it is no global.
    Unknown,
    Api(Rc<str>),
    Module(Rc<str>, Rc<str>),
    Text(Rc<str>),
    Global,
}

/// Where and by what an inner text is run.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    pub(super) place: Place,
    pub(super) api: String,
    pub(super) decoder: Option<String>,
    /// The bundle around the text that is opened.
    pub(super) bundle: Option<Rc<Outer>>,
    /// How many layers are around the text that is opened.
    pub(super) depth: u32,
}

/// What an inner text is read with.
pub(super) struct Within<'w> {
    /// How many layers are around it.
    pub(super) depth: u32,
    /// What a name means around it; `None` for a global.
    pub(super) names: &'w mut dyn FnMut(&str) -> Option<Given>,
    /// The bundle around it.
    pub(super) bundle: Option<Rc<Outer>>,
    /// How many bytes of inner texts may still be read, whatever their depth.
    pub(super) room: &'w mut usize,
}

impl Within<'_> {
    /// How many bytes of inner texts are read for a text of this length.
    pub(super) fn room(length: usize) -> usize {
        length.saturating_mul(2).saturating_add(1 << 18)
    }
}

impl Facts {
    /// The layers around a place, outermost first, each with the line that leads on.
    pub fn layers_around(&self, place: Place) -> Vec<(&Layer, &InnerLine)> {
        let mut out = Vec::new();
        let mut at = place.inner;
        while let Some(line) = (at as usize)
            .checked_sub(1)
            .and_then(|index| self.inner_lines.get(index))
        {
            let Some(layer) = self.inner.get(line.layer as usize) else {
                break;
            };
            out.push((layer, line));
            // A layer stands in layers that were found before it.
            if out.len() > 2 * MAX_LAYERS as usize || layer.place.inner == at {
                break;
            }
            at = layer.place.inner;
        }
        out.reverse();
        out
    }

    fn add_layer(&mut self, opening: &Opening, language: Language, text: &str) -> u32 {
        self.inner.push(Layer {
            place: opening.place,
            api: opening.api.clone(),
            language,
            decoder: opening.decoder.clone(),
            text: super::words::shorten(text),
        });
        self.inner.len() as u32 - 1
    }

    /// Keeps a line; gives its number as [`Place::inner`] has it.
    fn add_line(&mut self, layer: u32, line: u32, text: String) -> u32 {
        if self.inner_lines.len() >= MAX_LINES {
            return 0;
        }
        self.inner_lines.push(InnerLine { layer, line, text });
        self.inner_lines.len() as u32
    }
}

/// Reads code that the module runs, and tells what it does at the place where it is run.
pub(super) fn open_code(
    text: &str,
    opening: &Opening,
    names: &mut dyn FnMut(&str) -> Option<Given>,
    room: &mut usize,
    facts: &mut Facts,
) {
    let Some(left) = room.checked_sub(text.len()) else {
        return;
    };
    *room = left;
    let depth = opening.depth + 1;
    let Some(inner) = read_layer(
        text,
        Within {
            depth,
            names,
            bundle: opening.bundle.clone(),
            room,
        },
    ) else {
        return;
    };
    let Opening { place, api, .. } = opening;
    let layer = facts.add_layer(opening, Language::Code, text);
    let (layers, lines) = (facts.inner.len() as u32, facts.inner_lines.len() as u32);
    for found in inner.inner_lines.iter().take(MAX_LINES.saturating_sub(lines as usize)) {
        let layer = found.layer + layers;
        facts.inner_lines.push(InnerLine { layer, ..found.clone() });
    }
    let mut outward = Outward {
        text,
        place: *place,
        layer,
        moved: lines,
        known: FxHashMap::default(),
    };
    for found in inner.inner {
        let place = outward.place(found.place, facts);
        facts.inner.push(Layer { place, ..found });
    }
    facts.layers += 1 + inner.layers;
    for import in inner.imports {
        let place = outward.place(import.place, facts);
        facts.imports.push(Import { place, ..import });
    }
    let via = format!("in code that `{api}` runs");
    let uses = inner.uses.into_iter();
    for found in uses.filter(|u| u.capability != Capability::DynamicCode || u.place.layer > 0) {
        let place = outward.place(found.place, facts);
        facts.uses.push(Use {
            place,
            via: Some(via.clone()),
            ..found
        });
    }
    for flow in inner.flows {
        let mut steps: Vec<_> = flow.steps.into_iter().map(|(_, note)| (place.range, note)).collect();
        // A flow of the text itself: its source's place is told by the line, too.
        if flow.place.inner == 0 && flow.source_range.start.line != flow.place.range.start.line {
            let (piece, _) = line_around(text, (flow.source_range.bytes[0] as usize).min(text.len()));
            let number = flow.source_range.start.line + 1;
            steps.insert(0, (place.range, format!("line {number} inside says: {piece}")));
        }
        let at = outward.place(flow.place, facts);
        facts.flows.push(Flow {
            place: at,
            source_range: place.range,
            steps,
            ..flow
        });
    }
    for code in inner.evaluated {
        let steps = code.steps.into_iter().map(|(_, note)| (place.range, note)).collect();
        let at = outward.place(code.place, facts);
        facts.evaluated.push(Evaluated {
            place: at,
            steps,
            ..code
        });
    }
    for found in inner.obfuscations {
        let range = place.range;
        facts.obfuscations.push(Obfuscation { range, ..found });
    }
    for found in inner.constants {
        let range = place.range;
        facts.constants.push(Constant { range, ..found });
    }
    outward.signs(inner.commands, inner.marks, inner.gates, &inner.endless, facts);
    for unknown in inner.unknowns {
        let place = outward.place(unknown.place, facts);
        facts.unknowns.push(Unknown { place, ..unknown });
    }
}

/// From places of an inner text to the place where it is run.
struct Outward<'t> {
    text: &'t str,
    place: Place,
    layer: u32,
    /// How far the inner text's own lines were moved.
    moved: u32,
    known: FxHashMap<(u32, usize), u32>,
}

impl Outward<'_> {
    fn place(&mut self, at: Place, facts: &mut Facts) -> Place {
        let inner = if at.inner > 0 {
            Some(at.inner + self.moved).filter(|&inner| inner as usize <= facts.inner_lines.len())
        } else {
            Some(self.line(at.range, facts))
        };
        Place {
            range: self.place.range,
            function: self.place.function,
            layer: self.place.layer + 1 + at.layer,
            inner: inner.unwrap_or(0),
            unit: self.place.unit,
        }
    }

    /// What says for what the powers are; whatever hangs on a gate inside is somewhere in the text.
    fn signs(&mut self, commands: Vec<Ran>, marks: Vec<Mark>, gates: Vec<Gate>, endless: &[Place], facts: &mut Facts) {
        for ran in commands {
            let place = self.place(ran.place, facts);
            facts.commands.push(Ran { place, ..ran });
        }
        for mark in marks {
            let place = self.place(mark.place, facts);
            facts.marks.push(Mark { place, ..mark });
        }
        for gate in gates {
            let place = self.place(gate.place, facts);
            let covers = self.place.range.bytes;
            let functions = Vec::new();
            facts.gates.push(Gate {
                place,
                covers,
                functions,
                ..gate
            });
        }
        for place in endless {
            let place = self.place(*place, facts);
            facts.endless.push(place);
        }
    }

    /// The line of the inner text that a place stands in.
    fn line(&mut self, range: Range, facts: &mut Facts) -> u32 {
        let at = (range.bytes[0] as usize).min(self.text.len());
        let (piece, start) = line_around(self.text, at);
        *self
            .known
            .entry((range.start.line, start))
            .or_insert_with(|| facts.add_line(self.layer, range.start.line + 1, piece))
    }
}

/// The line around an offset, shortened, and where the piece begins.
fn line_around(text: &str, at: usize) -> (String, usize) {
    let bytes = text.as_bytes();
    let is_break = |b: &u8| *b == b'\n' || *b == b'\r';
    let near = bytes[..at].iter().rev().take(MAX_LINE / 4);
    let before = near.take_while(|b| !is_break(b)).count();
    let mut start = at - before;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let cut = start > 0 && !is_break(&bytes[start - 1]);
    let rest = &text[start..];
    let mut end = rest.bytes().take(MAX_LINE).take_while(|b| !is_break(b)).count();
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let more = rest.as_bytes().get(end).is_some_and(|b| !is_break(b));
    let piece = rest[..end].trim();
    let front = if cut { "…" } else { "" };
    let back = if more { "…" } else { "" };
    (format!("{front}{piece}{back}"), start)
}

#[cfg(test)]
mod tests;
