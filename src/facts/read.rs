//! From bytes to facts: which files are code, what is done with each, and layers within layers.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    Content, Evaluated, Facts, FileFacts, Flow, Function, How, Import, ManifestFacts, Place, Unknown, Use,
    calls::span_of_expr,
    capability::{self, Capability},
    collect::visit,
    eager::eager_functions,
    evaluate::Analysis,
    flow::Kind,
    model::{Context, Model, ScopeId, TOP},
    shape, tokens, unicode,
    uses::{Manner, RawUse},
    value::Value,
};
use crate::{
    issue::IssueKind,
    order,
    package::manifest::{Manifest, Run},
    parse::{self, Refusal},
    span::{LineIndex, Range, Span},
};

/// How many layers of evaluated code are opened.
pub(super) const MAX_LAYERS: u32 = 4;
/// How many inner texts of one module are opened.
const MAX_INNER: usize = 64;
/// Shorter texts hold no code worth opening.
const MIN_INNER: usize = 8;
/// The largest text with commands that is kept.
const MAX_KEPT: usize = 64 * 1024;
/// The most unknown places that are kept of one module.
const MAX_UNKNOWNS: usize = 32;

/// Endings of files that hold run-time code.
const CODE: [&str; 9] = ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "es6"];
/// Endings and names of texts that may hold commands.
const COMMANDS: [&str; 8] = ["sh", "bash", "zsh", "bat", "cmd", "ps1", "gyp", "gypi"];

/// Reads one file. Never fails: what cannot be read is an issue among the facts.
pub fn collect(path: &str, bytes: &[u8], how: How) -> FileFacts {
    let mut facts = FileFacts {
        bytes: bytes.len() as u64,
        content: Content::Inert,
        issues: Vec::new(),
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if path == "package.json" {
        facts.content = Content::Manifest(Box::new(manifest(bytes, &mut facts.issues)));
    } else if is_code(name, ending, bytes) || (how == How::AsCode && is_text(bytes)) {
        let text = decode(bytes, &mut facts.issues);
        facts.content = Content::Module(Box::new(module(path, &text, 0, &mut facts.issues)));
    } else if COMMANDS.contains(&ending) && bytes.len() <= MAX_KEPT {
        facts.content = Content::Text(String::from_utf8_lossy(bytes).into_owned());
    } else if how == How::AsCode {
        let message = "something loads it as code, but it is binary; it was not read".to_owned();
        facts.issues.push((IssueKind::Skipped, message));
    }
    facts
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
        for run in manifest.runs(&script.name) {
            let Run::Code(code) = run else { continue };
            let place = Place {
                range: script.range,
                function: 0,
                layer: 0,
            };
            let mut facts = Facts {
                functions: vec![Function {
                    name: String::new(),
                    eager: true,
                }],
                ..Facts::default()
            };
            open_layer(&code, place, "node -e", 0, &mut facts);
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
                ..tokens::facts(text)
            }
        }
    };
    facts.hidden = unicode::hidden(text);
    facts
}

fn read(path: &str, text: &str, depth: u32) -> Result<Facts, Refusal> {
    let tree = parse::parse(path, text)?;
    let model = visit(&tree.program, text.len());
    tree.confirm(text, model.depth)?;
    Ok(Reader::new(model, text).facts(depth))
}

/// Turns the analysis of one tree into facts.
struct Reader<'a> {
    analysis: Analysis<'a>,
    lines: LineIndex<'a>,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn new(model: Model<'a>, text: &'a str) -> Self {
        Self {
            analysis: Analysis::new(model, text),
            lines: LineIndex::new(text),
            text,
        }
    }

    fn facts(mut self, depth: u32) -> Facts {
        self.analysis.find_uses();
        let (flows, codes) = self.analysis.find_flows();
        let mut facts = Facts {
            obfuscations: shape::obfuscations(self.text, &self.analysis.model, &self.lines),
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
        let mut inner: Vec<(String, Place, String)> = Vec::new();
        for code in codes {
            let place = self.place(code.span, code.scope);
            if let Some(text) = code.text.as_ref().filter(|text| text.len() >= MIN_INNER) {
                inner.push((text.clone(), place, code.api.clone()));
            }
            facts.evaluated.push(Evaluated {
                api: code.api,
                place,
                code: code.code,
                text: code.text.map(|text| super::words::shorten(&text)),
                steps: self.steps(code.steps),
            });
        }
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
        for raw in std::mem::take(&mut self.analysis.uses) {
            self.add_use(&raw, &mut facts);
        }
        self.unknowns(&mut facts);
        super::count_steps(self.analysis.spent());
        self.functions(&mut facts);
        order::sort_by_key(&mut facts.uses, |found| (found.place.range, found.capability));
        order::sort_by_key(&mut facts.imports, |import| import.place.range);
        if depth < MAX_LAYERS {
            inner.truncate(MAX_INNER);
            for (text, place, api) in inner {
                open_layer(&text, place, &api, depth, &mut facts);
            }
        }
        facts
    }

    fn place(&self, span: Span, scope: ScopeId) -> Place {
        Place {
            range: self.lines.range(span),
            function: self.analysis.model.function_of(scope),
            layer: 0,
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

    /// What stands against a proof of purity: names nobody knows, calls of computed members, `with`.
    fn unknowns(&mut self, facts: &mut Facts) {
        let model = &self.analysis.model;
        let mut found: Vec<(Span, ScopeId, String)> = Vec::new();
        for span in &model.withs {
            found.push((*span, 0, "inside `with`, any name may mean anything".to_owned()));
        }
        for name in &model.names {
            if name.declared || capability::global(name.text).is_some() || is_language(name.text) {
                continue;
            }
            let mut at = name.first_ref;
            while let Some(reference) = model.refs.get(at as usize) {
                at = reference.next;
                if !matches!(reference.context, Context::Test | Context::Update)
                    || !matches!(reference.chain, Some(Expr::Ident(_)))
                {
                    let span = Span::new(reference.start, reference.start + name.text.len() as u32);
                    found.push((
                        span,
                        reference.scope,
                        format!("`{}` is a global that nobody here declares", name.text),
                    ));
                    break;
                }
            }
        }
        let computed: Vec<(&'a Expr, ScopeId)> = self.analysis.model.computed_calls.clone();
        for (callee, scope) in computed.into_iter().take(256) {
            if found.len() >= MAX_UNKNOWNS {
                break;
            }
            if self.may_be_function_constructor(callee, scope) {
                found.push((
                    span_of_expr(callee),
                    scope,
                    "calls a member whose name is only known at run time".to_owned(),
                ));
            }
        }
        for (span, scope) in std::mem::take(&mut self.analysis.handed_on) {
            found.push((span, scope, "hands on the global object".to_owned()));
        }
        if self.analysis.budget == 0 {
            found.push((Span::new(0, 0), 0, "too tangled to follow within the budget".to_owned()));
        }
        found.truncate(MAX_UNKNOWNS);
        for (span, scope, message) in found {
            let place = self.place(span, scope);
            facts.unknowns.push(Unknown { message, place });
        }
    }

    /// `f[key](…)` with an unknown key may reach `Function` through `constructor`, unless what has the key is known to
    /// be a plain object or array of this module.
    fn may_be_function_constructor(&mut self, callee: &'a Expr, scope: ScopeId) -> bool {
        let Expr::Member(member) = callee else {
            return true;
        };
        let MemberProp::Computed(computed) = &member.prop else {
            return true;
        };
        let key = self.analysis.value(&computed.expr, scope);
        if !matches!(key, Value::Unknown | Value::Partial(_)) {
            return false;
        }
        let object = self.analysis.value(&member.obj, scope);
        object
            .alternatives()
            .iter()
            .any(|v| !matches!(v, Value::Object(..) | Value::Record(_) | Value::Array(_)))
    }

    /// Keeps the functions that a fact stands in, numbered anew; the first is always the top level.
    fn functions(&self, facts: &mut Facts) {
        let model: &Model<'a> = &self.analysis.model;
        let mut kept: Vec<u32> = vec![TOP];
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::from_iter([(TOP, 0)]);
        let places = facts.uses.iter_mut().map(|found| &mut found.place);
        let places = places.chain(facts.imports.iter_mut().map(|found| &mut found.place));
        let places = places.chain(facts.flows.iter_mut().map(|found| &mut found.place));
        let places = places.chain(facts.evaluated.iter_mut().map(|found| &mut found.place));
        for place in places.chain(facts.unknowns.iter_mut().map(|found| &mut found.place)) {
            place.function = *numbers.entry(place.function).or_insert_with(|| {
                kept.push(place.function);
                kept.len() as u32 - 1
            });
        }
        let eager = eager_functions(model, &kept);
        facts.functions = kept
            .into_iter()
            .map(|id| Function {
                name: model.functions[id as usize].name.unwrap_or_default().to_owned(),
                eager: eager.contains(&id),
            })
            .collect();
    }
}

/// Names that mean something only to the language or a loader, and lead nowhere.
fn is_language(name: &str) -> bool {
    matches!(
        name,
        "undefined" | "arguments" | "exports" | "module" | "require" | "__dirname" | "__filename"
    )
}

/// Reads code that the module evaluates, and tells what it does at the place where it is evaluated.
fn open_layer(text: &str, place: Place, api: &str, depth: u32, facts: &mut Facts) {
    let Ok(inner) = read("layer.js", text, depth + 1) else {
        return;
    };
    let outer = |at: Place| Place {
        range: place.range,
        function: place.function,
        layer: at.layer + 1,
    };
    let via = format!("in code that `{api}` runs");
    facts.layers += 1 + inner.layers;
    for import in inner.imports {
        facts.imports.push(Import {
            place: outer(import.place),
            ..import
        });
    }
    for found in inner
        .uses
        .into_iter()
        .filter(|u| u.capability != Capability::DynamicCode || u.place.layer > 0)
    {
        facts.uses.push(Use {
            place: outer(found.place),
            via: Some(via.clone()),
            ..found
        });
    }
    for flow in inner.flows {
        let steps = flow.steps.into_iter().map(|(_, note)| (place.range, note)).collect();
        facts.flows.push(Flow {
            place: outer(flow.place),
            source_range: place.range,
            steps,
            ..flow
        });
    }
    for code in inner.evaluated {
        facts.evaluated.push(Evaluated {
            place: outer(code.place),
            steps: Vec::new(),
            ..code
        });
    }
    for found in inner.obfuscations {
        facts.obfuscations.push(super::Obfuscation {
            range: place.range,
            ..found
        });
    }
    for unknown in inner.unknowns {
        facts.unknowns.push(Unknown {
            place: outer(unknown.place),
            ..unknown
        });
    }
}
