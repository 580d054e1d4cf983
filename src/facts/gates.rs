//! Branches that hang on where the machine is, which language it speaks or which day it is.

use swc_common::Spanned;
use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, Lit, MemberProp};

use super::{
    calls::{as_member, stripped},
    capability::{Capability, HostKind, MarkKind, telling_host},
    collect::key_text,
    evaluate::Analysis,
    grams::Grams,
    model::{Branch, CallNode, FuncId, NONE, ScopeId, Syntax},
    signs::GateKind,
    value::Value,
    words::shorten,
};
use crate::{parse::span_of, span::Span};

/// How deep a test is looked into, names that it goes through included.
const MAX_DEPTH: u32 = 14;
/// How many expressions one test may cost.
const MAX_STEPS: u32 = 200;
/// How many expressions the tests of one module may cost, and how many steps their values.
const BUDGET: u32 = 10_000;
/// How many gates of one module are told.
const MAX_GATES: usize = 32;
/// How many constants of one test are told.
const MAX_SAID: usize = 8;
/// How many calls of one module are looked at for what a gate leads to.
const MAX_CALLS: usize = 5_000;
/// How many calls deep that goes, and to how many functions.
const MAX_ROUNDS: usize = 4;
const MAX_FUNCTIONS: usize = 64;
/// Later than 2001, in milliseconds: a number that is compared with the time.
const LATE: f64 = 1.0e12;

/// A gate, before its place is worded.
pub(super) struct RawGate {
    pub(super) kind: GateKind,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) says: Vec<String>,
    pub(super) covers: Span,
    /// The functions that are called there, and those that they call.
    pub(super) functions: Vec<FuncId>,
}

/// Something that a test asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Country,
    Zone,
    Language,
    Now,
    /// A date that is written out.
    Date,
    /// What comes with a request.
    Request,
}

/// What a test shows.
#[derive(Default)]
struct Test {
    asked: Vec<Asked>,
    says: Vec<String>,
    steps: u32,
}

impl Test {
    fn asks(&mut self, asked: Asked, really: bool) {
        if really {
            self.asked.push(asked);
        }
    }

    fn say(&mut self, text: &str) {
        if self.says.len() < MAX_SAID && !text.is_empty() {
            self.says.push(shorten(text));
        }
    }

    /// What the test asks. A machine's place or language is asked only by comparing it with one that is written out.
    fn kind(&self) -> Option<GateKind> {
        let asks = |asked| self.asked.contains(&asked);
        if asks(Asked::Country) {
            Some(GateKind::Country)
        } else if self.says.is_empty() {
            None
        } else if asks(Asked::Zone) {
            Some(GateKind::Zone)
        } else if asks(Asked::Language) {
            Some(GateKind::Language)
        } else if asks(Asked::Now) && asks(Asked::Date) {
            Some(GateKind::Date)
        } else {
            asks(Asked::Request).then_some(GateKind::Request)
        }
    }
}

impl<'a> Analysis<'a> {
    /// The gates of the module, if anything in it makes them worth a look.
    pub(super) fn find_gates(&mut self) -> Vec<RawGate> {
        let harms = !self.model.signs.endless.is_empty()
            || self.uses.iter().any(|raw| {
                raw.capabilities
                    .iter()
                    .any(|power| matches!(power, Capability::FsWrite | Capability::ProcessExec))
            });
        let located = self.asks_where() || (harms && names_country(&self.grams));
        let worthwhile =
            located || names_zone(&self.grams) || (harms && (names_day(&self.grams) || names_request(&self.grams)));
        if !worthwhile {
            return Vec::new();
        }
        // To look into tests is no use of what is in them.
        let (uses, budget) = (self.uses.clone(), self.budget);
        self.budget = budget.min(BUDGET);
        let mut steps = 0;
        let mut out = Vec::new();
        for index in 0..self.model.signs.branches.len() {
            let Branch {
                test,
                span,
                scope,
                leaves,
            } = self.model.signs.branches[index];
            let mut found = Test::default();
            self.ask(test, scope, MAX_DEPTH, &mut found);
            steps += found.steps;
            if steps > BUDGET {
                break;
            }
            found.asked.retain(|asked| *asked != Asked::Country || located);
            let Some(kind) = found.kind() else { continue };
            let end = if leaves { self.end_of(scope) } else { span.end };
            let covers = Span { start: span.start, end };
            out.push(RawGate {
                kind,
                span: span_of(test.span()),
                scope,
                says: found.says,
                covers,
                functions: Vec::new(),
            });
            if out.len() == MAX_GATES {
                break;
            }
        }
        if !out.is_empty() {
            let calls = self.known_calls();
            for gate in &mut out {
                gate.functions = called(&calls, gate.covers);
            }
        }
        (self.uses, self.budget) = (uses, budget);
        out
    }

    /// The calls of functions of the module, those that are handed on to be called among them: where, in which
    /// function, of which one.
    fn known_calls(&mut self) -> Vec<(u32, FuncId, FuncId)> {
        let mut out = Vec::new();
        for index in 0..self.model.calls.len().min(MAX_CALLS) {
            let call = self.model.calls[index];
            let named = call.node.callee().into_iter().map(stripped);
            let given = call.node.arguments().iter().map(|arg| &*arg.expr);
            for expr in named.chain(given).filter(|expr| expr.is_ident()) {
                if let Some(function) = self.value(expr, call.scope).as_function() {
                    let start = span_of(expr.span()).start;
                    out.push((start, self.model.function_of(call.scope), function));
                }
            }
        }
        out
    }

    /// Whether the module asks a service where it is.
    fn asks_where(&self) -> bool {
        let locates = |host: &str| telling_host(host).is_some_and(|found| found.kind == HostKind::Locator);
        let marks = &self.model.signs.marks;
        let written = marks
            .iter()
            .any(|(kind, ..)| *kind == MarkKind::Host(HostKind::Locator));
        written
            || self
                .uses
                .iter()
                .filter(|raw| raw.capabilities.contains(&Capability::Network))
                .flat_map(|raw| &raw.args)
                .filter_map(Value::to_partial)
                .any(|text| locates(&text))
    }

    /// Where the function around a scope ends.
    fn end_of(&self, scope: ScopeId) -> u32 {
        let function = self.model.function_of(scope);
        match self.model.functions[function as usize].syntax {
            Syntax::Function(function) => span_of(function.span).end,
            Syntax::Arrow(arrow) => span_of(arrow.span).end,
            Syntax::Program(_) | Syntax::Other => self.text.len() as u32,
        }
    }

    /// Collects what an expression in a test asks.
    fn ask(&mut self, expr: &'a Expr, scope: ScopeId, depth: u32, asked: &mut Test) {
        asked.steps += 1;
        let Some(depth) = depth.checked_sub(1) else { return };
        if asked.steps > MAX_STEPS {
            return;
        }
        match expr {
            Expr::Paren(e) => self.ask(&e.expr, scope, depth, asked),
            Expr::Await(e) => self.ask(&e.arg, scope, depth, asked),
            Expr::Unary(e) => self.ask(&e.arg, scope, depth, asked),
            Expr::TsAs(e) => self.ask(&e.expr, scope, depth, asked),
            Expr::TsNonNull(e) => self.ask(&e.expr, scope, depth, asked),
            Expr::Bin(bin) => {
                // A long chain of alternatives leans left.
                let mut at = bin;
                loop {
                    self.ask(&at.right, scope, depth, asked);
                    match &*at.left {
                        Expr::Bin(next) if at.op == BinaryOp::LogicalOr && asked.steps <= MAX_STEPS => at = next,
                        other => return self.ask(other, scope, depth, asked),
                    }
                }
            }
            Expr::Cond(cond) => {
                self.ask(&cond.cons, scope, depth, asked);
                self.ask(&cond.alt, scope, depth, asked);
            }
            Expr::Lit(Lit::Str(text)) => asked.say(text.value.as_str().unwrap_or_default()),
            Expr::Lit(Lit::Num(number)) if number.value >= LATE => {
                asked.asks(Asked::Date, true);
                asked.say(&number.value.to_string());
            }
            Expr::Lit(Lit::Regex(regex)) => asked.say(&regex.exp),
            Expr::Tpl(template) => template.exprs.iter().for_each(|e| self.ask(e, scope, depth, asked)),
            Expr::Array(array) => {
                for element in array.elems.iter().flatten().take(MAX_SAID) {
                    self.ask(&element.expr, scope, depth, asked);
                }
            }
            Expr::Arrow(arrow) => {
                if let ast::ArrowFunctionBody::Expr(value) = &*arrow.body {
                    self.ask(value, scope, depth, asked);
                }
            }
            Expr::Object(object) => {
                for prop in object.props.iter().take(MAX_SAID) {
                    if let Some(key) = prop.as_prop().and_then(|prop| prop.as_key_value()) {
                        asked.say(key_text(&key.key).unwrap_or_default());
                    }
                }
            }
            Expr::Ident(_) => {
                if let Some((made, scope)) = self.origin(expr, scope)
                    && !matches!(made, Expr::Ident(_))
                {
                    self.ask(made, scope, depth, asked);
                }
            }
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => self.ask_member(member, scope, depth, asked),
                ast::OptChainBase::Call(call) => self.ask_call(CallNode::Optional(call), scope, depth, asked),
            },
            Expr::Member(member) => self.ask_member(member, scope, depth, asked),
            Expr::Call(call) => match self.text(expr, scope) {
                Some(text) => asked.say(&text),
                None => self.ask_call(CallNode::Call(call), scope, depth, asked),
            },
            Expr::New(new) => {
                let name = new.callee.as_ident().map(|name| &*name.sym);
                let arguments = new.args.as_deref().unwrap_or_default();
                match name {
                    Some("Date") if arguments.is_empty() => asked.asks(Asked::Now, true),
                    Some("Date") => {
                        asked.asks(
                            Asked::Date,
                            arguments.iter().all(|arg| matches!(*arg.expr, Expr::Lit(_))),
                        );
                        if let Some(Expr::Lit(Lit::Num(year))) = arguments.first().map(|arg| &*arg.expr) {
                            asked.say(&year.value.to_string());
                        }
                        self.ask_all(CallNode::New(new), scope, depth, asked);
                    }
                    Some("Set") => self.ask_all(CallNode::New(new), scope, depth, asked),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn ask_all(&mut self, node: CallNode<'a>, scope: ScopeId, depth: u32, asked: &mut Test) {
        for arg in node.arguments().iter().take(MAX_SAID) {
            self.ask(&arg.expr, scope, depth, asked);
        }
    }

    fn ask_member(&mut self, member: &'a ast::MemberExpr, scope: ScopeId, depth: u32, asked: &mut Test) {
        let computed;
        let key = match &member.prop {
            MemberProp::Ident(name) => &*name.sym,
            MemberProp::Computed(key) => match self.text(&key.expr, scope) {
                Some(text) => {
                    computed = text;
                    &*computed
                }
                None => return self.ask(&member.obj, scope, depth, asked),
            },
            MemberProp::PrivateName(_) => return,
        };
        let object = match stripped(&member.obj) {
            Expr::Ident(name) => &*name.sym,
            Expr::Member(outer) => outer.prop.as_ident().map_or("", |name| &*name.sym),
            _ => "",
        };
        match key {
            "timeZone" => asked.asks(Asked::Zone, true),
            "locale" => asked.asks(Asked::Language, is_call_of(&member.obj, "resolvedOptions")),
            "language" | "languages" | "userLanguage" | "browserLanguage" => {
                asked.asks(Asked::Language, object == "navigator");
            }
            "LANG" | "LANGUAGE" | "LC_ALL" | "LC_MESSAGES" | "LC_CTYPE" => asked.asks(Asked::Language, object == "env"),
            "TZ" => asked.asks(Asked::Zone, object == "env"),
            "headers" | "query" | "body" | "cookies" | "rawBody" | "searchParams" => asked.asks(Asked::Request, true),
            "country" | "countryCode" | "countryName" | "country_code" | "country_code2" | "country_name"
            | "country_iso" | "countryIsoCode" => asked.asks(Asked::Country, true),
            _ => {}
        }
        self.ask(&member.obj, scope, depth, asked);
    }

    fn ask_call(&mut self, node: CallNode<'a>, scope: ScopeId, depth: u32, asked: &mut Test) {
        let Some(callee) = node.callee().map(stripped) else {
            return;
        };
        if let Some(member) = as_member(callee) {
            let key = member.prop.as_ident().map_or("", |name| &*name.sym);
            let object = member.obj.as_ident().map_or("", |name| &*name.sym);
            match (object, key) {
                ("Date", "now") => asked.asks(Asked::Now, true),
                ("Date", "UTC" | "parse") => asked.asks(Asked::Date, true),
                (_, "getTimezoneOffset") => asked.asks(Asked::Zone, true),
                // `request.get('x-key')`
                (_, "get" | "header" | "getHeader") => {
                    let named = node.arguments().first().and_then(|arg| self.text(&arg.expr, scope));
                    asked.asks(Asked::Request, named.is_some_and(|name| name.contains('-')));
                    return self.ask(&member.obj, scope, depth, asked);
                }
                _ => {}
            }
            self.ask(&member.obj, scope, depth, asked);
            return self.ask_all(node, scope, depth, asked);
        }
        self.ask_all(node, scope, depth, asked);
        // A function of the module's own: what it gives.
        let Some(function) = self.value(callee, scope).as_function() else {
            return;
        };
        let mut at = self.model.functions[function as usize].first_return;
        while at != NONE {
            let found = &self.model.returns[at as usize];
            let (value, scope) = (found.value, found.scope);
            at = found.next;
            self.ask(value, scope, depth, asked);
        }
    }
}

/// The functions that calls within a span come to.
fn called(calls: &[(u32, FuncId, FuncId)], covers: Span) -> Vec<FuncId> {
    let mut out: Vec<FuncId> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let before = out.len();
        for (start, caller, function) in calls {
            let inside = covers.start <= *start && *start < covers.end;
            if (inside || out.contains(caller)) && !out.contains(function) {
                out.push(*function);
            }
        }
        if out.len() == before || out.len() > MAX_FUNCTIONS {
            break;
        }
    }
    out
}

/// Whether an expression is a call of a method of this name.
fn is_call_of(expr: &Expr, name: &str) -> bool {
    let Expr::Call(call) = stripped(expr) else { return false };
    let callee = call.callee.as_expr().and_then(|callee| as_member(callee));
    callee.is_some_and(|member| member.prop.is_ident_with(name))
}

/// Whether a text has a member by which services tell a caller's country.
fn names_country(text: &Grams<'_>) -> bool {
    [".country_name", ".country_code", ".countryCode"]
        .iter()
        .any(|word| text.has(word))
}

/// Whether a text mentions the day, or the language of the environment, at all.
fn names_day(text: &Grams<'_>) -> bool {
    ["Date", "LANG", "LC_", "TZ"].iter().any(|word| text.has(word))
}

/// Whether a text mentions what comes with a request at all.
fn names_request(text: &Grams<'_>) -> bool {
    ["headers", ".query", ".body", "header(", ".cookies", "searchParams"]
        .iter()
        .any(|word| text.has(word))
}

/// Whether a text mentions the machine's zone or language at all.
fn names_zone(text: &Grams<'_>) -> bool {
    ["resolvedOptions", "getTimezoneOffset", "navigator.language"]
        .iter()
        .any(|word| text.has(word))
}
