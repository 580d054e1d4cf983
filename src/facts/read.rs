//! From a text of code to its facts, and layers within layers.

use rustc_hash::FxHashMap;

use super::{
    Constant, ConstantKind, Evaluated, Facts, Flow, Function, Gate, Import, InnerCall, Mark, Place, Reading, Unknown,
    Use, Ways, blanks,
    bundles::Bundles,
    collect::visit,
    constants,
    eager::{eager_functions, in_command},
    evaluate::Analysis,
    flow::Kind,
    grams::Grams,
    layers::{MAX_INNER, MAX_LAYERS, MIN_INNER, Names, Opening, RawCode, RawCommand, Within, open_code, open_commands},
    model::{Model, NONE, ScopeId, TOP},
    parts, shape, tokens, unicode,
    uses::{Manner, RawUse},
};
use crate::{
    issue::IssueKind,
    order,
    package::shell,
    parse::{self, Refusal},
    span::{LineIndex, Range, Span},
};

/// How many telling texts, and how many loops, of one module are kept.
const MAX_MARKS: usize = 64;

/// The facts of one text of code.
pub(super) fn module(path: &str, text: &str, depth: u32, issues: &mut Vec<(IssueKind, String)>) -> Facts {
    let mut facts = match read(path, text, depth) {
        Ok(facts) => facts,
        Err(refusal) => {
            let (kind, evasive) = match refusal {
                Refusal::Syntax { .. } => (IssueKind::Unparsed, false),
                Refusal::TooDeep { .. } => (IssueKind::TooDeep, true),
                Refusal::TooLarge { .. } => (IssueKind::TooLarge, false),
            };
            issues.push((kind, format!("{refusal}; only its tokens were read")));
            Facts {
                evasive,
                hidden: unicode::hidden(text),
                ..tokens::facts(text)
            }
        }
    };
    facts.blanks = blanks::blanks(text);
    if facts.reading == Reading::Tokens {
        facts.constants = constants::constants(&Grams::of(text), &facts);
    }
    if depth == 0 {
        facts.source_map = parts::source_map(path, text, &facts);
    }
    facts
}

/// The facts of a text that another one runs; `names` tells what a name means around it. `None` if it is no code.
pub(super) fn read_layer(text: &str, within: Within<'_>) -> Option<Facts> {
    let tree = parse::parse("layer.js", text).ok()?;
    let model = visit(&tree.program, text.len());
    tree.confirm(text, model.depth).ok()?;
    let given = model
        .names
        .iter()
        .filter_map(|name| Some((name.text.to_owned(), (within.names)(name.text)?)));
    let given = given.collect();
    let mut reader = Reader::new(model, text);
    reader.analysis.inside.given = given;
    reader.analysis.bundles = Bundles::within(within.bundle.clone());
    Some(reader.facts(within))
}

/// The same of what has a tree.
pub(super) fn read(path: &str, text: &str, depth: u32) -> Result<Facts, Refusal> {
    let tree = parse::parse(path, text)?;
    let model = visit(&tree.program, text.len());
    tree.confirm(text, model.depth)?;
    let mut room = Within::room(text.len());
    Ok(Reader::new(model, text).facts(Within {
        depth,
        names: &mut |_| None,
        bundle: None,
        room: &mut room,
    }))
}

/// Turns the analysis of one tree into facts.
struct Reader<'a> {
    analysis: Analysis<'a>,
    lines: LineIndex<'a>,
    text: &'a str,
    /// By piece, how it gets what it calls.
    calls: Vec<Ways>,
}

impl<'a> Reader<'a> {
    fn new(model: Model<'a>, text: &'a str) -> Self {
        Self {
            analysis: Analysis::new(model, text),
            lines: LineIndex::new(text),
            text,
            calls: Vec::new(),
        }
    }

    fn facts(mut self, within: Within<'_>) -> Facts {
        let depth = within.depth;
        self.analysis.find_uses();
        let (flows, mut codes) = self.analysis.find_flows();
        let commands = if depth < MAX_LAYERS {
            self.analysis.find_layers(&mut codes)
        } else {
            Vec::new()
        };
        let mut facts = Facts {
            obfuscations: shape::obfuscations(&self.analysis.grams, &self.analysis.model, &self.lines),
            ..Facts::default()
        };
        for import in std::mem::take(&mut self.analysis.imports) {
            let place = self.place(import.span, import.scope);
            let specifier = import.specifier.map(|text| text.to_string());
            facts.imports.push(Import {
                specifier,
                kind: import.kind,
                place,
                names: import.names,
                concealed: import.concealed,
            });
        }
        let mut openings = Vec::with_capacity(codes.len() + commands.len());
        for code in &mut codes {
            let place = self.place(code.span, code.scope);
            openings.push(place);
            facts.evaluated.push(Evaluated {
                api: code.api.clone(),
                place,
                code: code.code,
                text: code.text.as_deref().map(super::words::shorten),
                steps: self.steps(std::mem::take(&mut code.steps)),
            });
        }
        openings.extend(commands.iter().map(|command| self.place(command.span, command.scope)));
        for flow in flows {
            let Kind::Outside(source) = flow.origin.kind else {
                continue;
            };
            facts.flows.push(Flow {
                source,
                source_api: flow.origin.api.to_string(),
                source_range: self.lines.range(flow.origin.span),
                what: flow.origin.what,
                sink: flow.sink,
                sink_api: flow.api,
                place: self.place(flow.span, flow.scope),
                target: flow.target,
                steps: self.steps(flow.origin.steps),
                encoded: flow.origin.encoded,
                decoded: flow.origin.decoded,
            });
        }
        self.signs(&mut facts);
        let uses = std::mem::take(&mut self.analysis.uses);
        for raw in &uses {
            self.add_use(raw, &mut facts);
        }
        self.unknowns(&mut facts);
        // What goes wrong in a request is told by its use.
        let later = std::mem::replace(&mut self.analysis.uses, uses);
        self.analysis.find_seams(self.text.len());
        self.analysis.uses = later;
        (facts.passages, facts.links) = self.analysis.worded(&self.lines);
        super::count_steps(self.analysis.spent());
        if depth == 0 {
            self.inner_calls(&mut facts);
        }
        self.functions(&mut facts, &mut openings);
        if depth == 0 {
            self.units(&mut facts);
        }
        if depth == 0 {
            facts.hidden = unicode::hidden(self.text);
            if parts::tells_places(&facts) {
                facts.parts = parts::parts(self.text, &self.analysis.bundles, &self.lines);
            }
        }
        order::sort_by_key(&mut facts.uses, |found| (found.place.range, found.capability));
        order::sort_by_key(&mut facts.imports, |import| import.place.range);
        if depth < MAX_LAYERS {
            self.layers(&codes, &commands, &openings, within, &mut facts);
        }
        self.constants(&mut facts);
        facts
    }

    fn place(&self, span: Span, scope: ScopeId) -> Place {
        Place {
            range: self.lines.range(span),
            function: self.analysis.model.function_of(scope),
            unit: self.analysis.model.piece_at(span.start).unwrap_or(NONE),
            ..Place::default()
        }
    }

    /// Opens the texts that run as code or commands, each at its place.
    fn layers(
        &mut self,
        codes: &[RawCode],
        commands: &[RawCommand],
        places: &[Place],
        within: Within<'_>,
        facts: &mut Facts,
    ) {
        let Within {
            depth,
            names: around,
            room,
            ..
        } = within;
        let opening = |place: Place, api: &str, decoder: Option<String>| Opening {
            place,
            api: api.to_owned(),
            decoder,
            bundle: None,
            depth,
        };
        let (code_places, command_places) = places.split_at(codes.len().min(places.len()));
        let texts = codes.iter().zip(code_places).filter_map(|(code, place)| {
            let text = code.text.as_deref().filter(|text| text.len() >= MIN_INNER)?;
            Some((code, text, *place))
        });
        for (code, text, place) in texts.take(MAX_INNER) {
            let mut opening = opening(place, &code.api, code.decoder.clone());
            opening.bundle = self.analysis.outer_of(code.scope);
            let analysis = &mut self.analysis;
            let mut names = |name: &str| match &code.names {
                Names::Around(scope) => analysis.given_at(name, *scope).or_else(|| around(name)),
                Names::These(names) => names
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, given)| given.clone()),
                Names::Globals => None,
            };
            open_code(text, &opening, &mut names, room, facts);
        }
        for (command, place) in commands.iter().zip(command_places).take(MAX_INNER) {
            let opening = opening(*place, &command.api, command.decoded.then(String::new));
            let line = command.words.join(" ");
            let script = if command.shell {
                shell::read(&line)
            } else {
                shell::read_words(command.words.clone())
            };
            open_commands(&line, &script, &opening, room, facts);
        }
    }

    fn steps(&self, steps: Vec<(Span, String)>) -> Vec<(Range, String)> {
        steps
            .into_iter()
            .map(|(span, note)| (self.lines.range(span), note))
            .collect()
    }

    fn add_use(&mut self, raw: &RawUse<'a>, facts: &mut Facts) {
        let arguments = self.analysis.words(raw);
        let via = (raw.manner == Manner::Passed).then(|| "handed on as a value".to_owned());
        let place = self.place(raw.span, raw.scope);
        for &capability in raw.capabilities {
            facts.uses.push(Use {
                capability,
                api: raw.path.to_string(),
                place,
                arguments: arguments.clone(),
                via: via.clone(),
                concealed: self.analysis.is_concealed(raw),
            });
        }
    }

    /// The texts that tell what the module is for, and what it does with them.
    fn constants(&mut self, facts: &mut Facts) {
        facts.constants = constants::constants(&self.analysis.grams, facts);
        for (text, span, scope) in self.analysis.hidden_addresses() {
            facts.constants.push(Constant {
                kind: ConstantKind::HiddenAddress,
                text,
                range: self.place(span, scope).range,
            });
        }
        let money = [
            ConstantKind::Address,
            ConstantKind::AddressPattern,
            ConstantKind::Transfer,
        ];
        if !facts.constants.iter().any(|one| money.contains(&one.kind)) {
            return;
        }
        for (kind, span, scope) in self.analysis.swaps(&facts.constants) {
            let place = self.place(span, scope);
            facts.constants.push(Constant {
                kind,
                text: self.text[span.start as usize..span.end as usize]
                    .chars()
                    .take(60)
                    .collect(),
                range: place.range,
            });
        }
    }

    /// What says for what the module's powers are.
    fn signs(&mut self, facts: &mut Facts) {
        for gate in self.analysis.find_gates() {
            facts.gates.push(Gate {
                kind: gate.kind,
                place: self.place(gate.span, gate.scope),
                says: gate.says,
                covers: [gate.covers.start, gate.covers.end],
                functions: gate.functions,
            });
        }
        let signs = std::mem::take(&mut self.analysis.model.signs);
        for (kind, text, span, scope) in signs.marks.into_iter().take(MAX_MARKS) {
            let (text, place) = (super::words::shorten(text), self.place(span, scope));
            facts.marks.push(Mark { kind, text, place });
        }
        let loops = signs.endless.into_iter().take(MAX_MARKS);
        facts.endless.extend(loops.map(|(span, scope)| self.place(span, scope)));
    }

    /// What stands against a proof of purity.
    fn unknowns(&mut self, facts: &mut Facts) {
        // Who loads the module uses a power already: what else it might do changes nothing.
        let told = facts.uses.iter().any(|used| used.place.function == TOP);
        let found = self.analysis.find_unknowns(!told);
        let alone = found.unknowns.into_iter();
        let alone = alone.map(|(span, scope, message)| (span, scope, message, None));
        let leaving = found.leaving.into_iter();
        let leaving = leaving.map(|(span, scope, message, ways)| (span, scope, message.to_owned(), Some(ways)));
        for (span, scope, message, lends) in alone.chain(leaving) {
            let place = self.place(span, scope);
            facts.unknowns.push(Unknown { message, place, lends });
        }
        if told {
            return;
        }
        let calls = self.analysis.unknown_calls();
        facts.calls = calls.any;
        facts.kept_as = [found.kept_as, calls.kept_as, calls.called_as];
        for list in &mut facts.kept_as {
            list.sort_unstable();
            list.dedup();
        }
        self.calls = calls.pieces;
    }

    /// The calls of what other modules of the package export.
    fn inner_calls(&mut self, facts: &mut Facts) {
        for (edge, span, scope) in self.analysis.inner_calls() {
            let place = self.place(span, scope);
            facts.inner_calls.push(InnerCall {
                specifier: edge.specifier.to_string(),
                path: edge.path,
                place,
                eager: false,
            });
        }
    }

    /// Keeps the functions that a fact stands in, numbered anew; the first is always the top level.
    fn functions(&mut self, facts: &mut Facts, openings: &mut [Place]) {
        let mut kept: Vec<u32> = vec![TOP];
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::from_iter([(TOP, 0)]);
        let places = facts.uses.iter_mut().map(|found| &mut found.place);
        let places = places.chain(facts.imports.iter_mut().map(|found| &mut found.place));
        let places = places.chain(facts.flows.iter_mut().map(|found| &mut found.place));
        let places = places.chain(facts.evaluated.iter_mut().map(|found| &mut found.place));
        let places = places.chain(openings);
        let places = places.chain(facts.marks.iter_mut().map(|mark| &mut mark.place));
        let places = places.chain(facts.gates.iter_mut().map(|gate| &mut gate.place));
        let places = places.chain(&mut facts.endless);
        let places = places.chain(facts.inner_calls.iter_mut().map(|call| &mut call.place));
        let ends = facts
            .passages
            .iter_mut()
            .flat_map(|passage| [&mut passage.from, &mut passage.to]);
        let places = places.chain(ends.filter_map(super::End::place_mut));
        for place in places.chain(facts.unknowns.iter_mut().map(|found| &mut found.place)) {
            place.function = *numbers.entry(place.function).or_insert_with(|| {
                kept.push(place.function);
                kept.len() as u32 - 1
            });
        }
        for gate in &mut facts.gates {
            let known = gate.functions.iter().filter_map(|id| numbers.get(id).copied());
            gate.functions = known.collect();
        }
        let callers = &self.analysis.bundles.callers;
        let (_, eager) = eager_functions(&self.analysis.model, callers, &kept, false);
        let open = if kept.iter().any(|id| !eager.contains(id)) {
            self.analysis.open_functions()
        } else {
            Vec::new()
        };
        if !open.is_empty() || !facts.inner_calls.is_empty() {
            let callers = &self.analysis.bundles.callers;
            let (runs, sure) = eager_functions(&self.analysis.model, callers, &kept, true);
            for call in &mut facts.inner_calls {
                call.eager = sure.contains(&kept[call.place.function as usize]);
            }
            for (function, path) in open {
                let new = runs.from(function, &mut sure.clone());
                let mut new: Vec<u32> = new.iter().filter_map(|id| numbers.get(id).copied()).collect();
                if !eager.contains(&function) && !new.is_empty() {
                    order::sort(&mut new);
                    facts.runs.push((path, new));
                }
            }
        }
        let model = &self.analysis.model;
        facts.functions = kept
            .into_iter()
            .map(|id| Function {
                name: model.functions[id as usize].name.unwrap_or_default().to_owned(),
                eager: eager.contains(&id),
                command: in_command(model, id),
            })
            .collect();
    }

    /// Tells what the module exports; and tells the statements of the top level apart, where something hangs on it: a fact
    /// in a function that loading does not run, another module, or what others may put into it.
    fn units(&mut self, facts: &mut Facts) {
        let wanted = !facts.imports.is_empty()
            || facts.functions.iter().any(|function| !function.eager)
            || self.analysis.keeps_state();
        let Some(units) = self.analysis.units(wanted, &facts.imports, &self.lines) else {
            facts.open = true;
            return;
        };
        (facts.units, facts.exports, facts.open) = (units.list, units.exports, units.open);
        for (unit, calls) in facts.units.iter_mut().zip(&self.calls) {
            unit.calls = *calls;
        }
    }
}
