//! `this` where it may be the global object: in a sloppy function that is called by its name alone.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{Doubts, MAX_LOOKED_AT, applied, callees::hash, is_application};
use crate::facts::{
    Ways,
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Global},
    evaluate::Analysis,
    model::{BindingId, CallNode, Context, FuncId, Loose, Role, ScopeId, Step, TOP},
    parameters::innermost_call,
    value::Value,
    ways::plain_key,
};
use crate::{parse::span_of, span::Span};

/// Methods that call a callback with the object they are called on as `this`.
const ON_RECEIVER: [&str; 8] = [
    "addEventListener",
    "addListener",
    "bind",
    "each",
    "on",
    "once",
    "prependListener",
    "subscribe",
];

impl<'a> Analysis<'a> {
    /// `this` of a sloppy function that somebody calls by its name alone.
    pub(super) fn loose_this(&mut self, doubts: &mut Doubts<'a>) {
        if self.model.loose.len() > 16 * MAX_LOOKED_AT {
            doubts.add(Span::new(0, 0), 0, "uses `this` at too many places to look at each");
        }
        for index in 0..self.model.loose.len().min(16 * MAX_LOOKED_AT) {
            if doubts.is_full() {
                return;
            }
            let Loose {
                chain,
                scope,
                context,
                function,
            } = self.model.loose[index];
            let Some(message) = self.doubt_of_this(chain, scope, context) else {
                continue;
            };
            if self.is_loose(function, doubts) {
                doubts.add(span_of_expr(chain), scope, message);
                continue;
            }
            // Another module may take it off what has it.
            let role = self.model.functions[function as usize].role;
            if function != TOP
                && matches!(
                    role,
                    Role::Alias(_) | Role::Argument(..) | Role::Other | Role::Returned(_)
                )
            {
                let mut names = Vec::new();
                self.names_outside(function, &mut |name| names.push(hash(name, "!")));
                doubts.kept_as.extend(names);
                doubts.leaving.push((span_of_expr(chain), scope, message, Ways::NONE));
            }
        }
    }

    /// What a use of `this` does if it is the global object.
    fn doubt_of_this(&mut self, chain: &'a Expr, scope: ScopeId, context: Context) -> Option<&'static str> {
        const WRITES: &str =
            "writes to `this`, which is the global object where the function is called by its name alone";
        const READS: &str = "reads of `this` what the global object may have, which it is where the function is called by its name alone";
        const HANDS_ON: &str =
            "hands on `this`, which is the global object where the function is called by its name alone";
        if matches!(context, Context::Write(_) | Context::Update) {
            return Some(WRITES);
        }
        match first_of_this(chain) {
            // `f.apply(this, arguments)` hands it on to a function that is looked at by itself.
            None => match context {
                Context::Argument(call, 0) if is_application(self.model.calls[call as usize].node) => None,
                Context::Test | Context::Items(_) => None,
                _ => Some(HANDS_ON),
            },
            Some(prop) => {
                let key = match prop {
                    MemberProp::Ident(name) => Some((*name.sym).to_owned()),
                    MemberProp::Computed(computed) => self.value(&computed.expr, scope).as_text().map(str::to_owned),
                    MemberProp::PrivateName(_) => return None,
                };
                let powerful = key.is_none_or(|key| {
                    matches!(
                        capability::global(&key),
                        Some(Global::Powerful(_) | Global::GlobalObject)
                    )
                });
                powerful.then_some(READS)
            }
        }
    }

    /// Whether a function's `this` may be the global object: it is called by its name alone, or handed to something that
    /// may do so.
    fn is_loose(&mut self, function: FuncId, doubts: &mut Doubts<'a>) -> bool {
        if let Some(known) = doubts.loose.get(&function) {
            return *known;
        }
        doubts.loose.insert(function, false);
        if function == TOP {
            return false;
        }
        let loose = match self.model.functions[function as usize].role {
            Role::Named(binding) => {
                let mentions: Vec<(Option<&'a Expr>, Context, ScopeId)> = self
                    .model
                    .refs_to(binding)
                    .map(|read| (read.chain, read.context, read.scope))
                    .collect();
                mentions
                    .into_iter()
                    .any(|(chain, context, scope)| self.calls_alone(chain, context, scope, doubts))
            }
            Role::Argument(call, index) => self.is_called_alone(call, index),
            Role::Returned(_) => true,
            Role::Called(call) => self.is_called_bare(call, doubts),
            Role::Static => false,
            // A method is called on what has it, unless somebody takes it off.
            Role::Member | Role::Alias(_) | Role::Other => {
                let start = self.model.functions[function as usize].start;
                let name = self.model.functions[function as usize].name;
                if doubts.detached.is_none() {
                    doubts.detached = Some(self.detached());
                }
                let detached = doubts.detached.as_ref();
                detached.is_some_and(
                    |detached| match name.or_else(|| detached.members.get(&start).copied()) {
                        Some(name) => detached.names.contains(name),
                        None => detached.unnamed,
                    },
                )
            }
        };
        doubts.loose.insert(function, loose);
        loose
    }

    /// Whether a function that is called on the spot is called without a `this`: `(function () {})()`.
    fn is_called_bare(&mut self, call: u32, doubts: &mut Doubts<'a>) -> bool {
        let site = self.model.calls[call as usize];
        if matches!(site.node, CallNode::New(_)) {
            return false;
        }
        if !is_application(site.node) {
            return true;
        }
        match site.node.arguments().first().map(|arg| stripped(&arg.expr)) {
            Some(Expr::This(_)) => {
                let around = self.model.function_of(site.scope);
                self.is_loose(around, doubts)
            }
            None | Some(Expr::Lit(_) | Expr::Unary(_)) => true,
            Some(Expr::Ident(ident)) => &*ident.sym == "undefined",
            Some(_) => false,
        }
    }

    /// The names of methods that the module takes off what has them and calls: `const { f } = o; f()`, `(0, o.f)()`.
    fn detached(&mut self) -> Detached<'a> {
        let mut out = Detached::default();
        for write in &self.model.member_writes {
            let start = match stripped(write.value) {
                Expr::Fn(function) => span_of(function.function.span).start,
                _ => continue,
            };
            if let Some(name) = plain_key(&write.target.prop) {
                out.members.insert(start, name);
            }
        }
        for binding in 0..self.model.bindings.len() as u32 {
            let steps = self.model.writes_of(binding).map(|write| write.path.last());
            let assigned = self.model.assigns_of(binding).map(|assign| assign.path.last());
            let steps: Vec<Step<'a>> = steps.chain(assigned).flatten().copied().collect();
            if steps.is_empty() || !self.is_called_somewhere(binding) {
                continue;
            }
            for step in steps {
                match step {
                    Step::Key(name) => out.add(name),
                    Step::Index(_) | Step::Computed(_) => out.unnamed = true,
                    Step::Rest => {}
                }
            }
        }
        let reads = self
            .model
            .refs
            .iter()
            .map(|read| (read.chain, read.context, read.scope));
        let loose = self
            .model
            .loose
            .iter()
            .map(|found| (Some(found.chain), found.context, found.scope));
        let rootless = self
            .model
            .rootless
            .iter()
            .map(|found| (Some(found.chain), found.context, found.scope));
        let taken: Vec<_> = reads
            .chain(loose)
            .chain(rootless)
            .filter_map(|(chain, context, scope)| Some((taken_off(chain?)?, chain?, context, scope)))
            .collect();
        for (member, chain, context, scope) in taken {
            let called = match context {
                // `(0, o.f)()`
                _ if !matches!(chain, Expr::Member(_)) => true,
                Context::Argument(call, index) => self.is_called_alone(call, index),
                Context::Alias(_) => {
                    let mut names = Vec::new();
                    self.names_of(context, scope, &mut |binding| names.push(binding));
                    names.into_iter().any(|binding| self.is_called_somewhere(binding))
                }
                Context::Return(_) => true,
                _ => false,
            };
            if !called {
                continue;
            }
            match plain_key(&member.prop) {
                Some(name) => out.add(name),
                None => out.unnamed |= member.prop.is_computed(),
            }
        }
        out
    }

    /// Whether a name is called, or handed to something that may call it.
    fn is_called_somewhere(&mut self, binding: BindingId) -> bool {
        let reads: Vec<(Option<&'a Expr>, Context)> = self
            .model
            .refs_to(binding)
            .map(|read| (read.chain, read.context))
            .collect();
        reads.into_iter().any(|(chain, context)| match (chain, context) {
            (Some(chain), _) if innermost_call(chain).is_some() => true,
            (Some(Expr::Ident(_)), Context::Argument(call, index)) => self.is_called_alone(call, index),
            _ => false,
        })
    }

    fn calls_alone(
        &mut self,
        chain: Option<&'a Expr>,
        context: Context,
        scope: ScopeId,
        doubts: &mut Doubts<'a>,
    ) -> bool {
        let Some(chain) = chain else { return false };
        match (innermost_call(chain), applied(chain)) {
            (Some(CallNode::New(_)), _) => false,
            (Some(_), _) => true,
            (None, Some(node)) => match node.arguments().first().map(|arg| stripped(&arg.expr)) {
                // It has the `this` of the function around.
                Some(Expr::This(_)) => {
                    let around = self.model.function_of(scope);
                    self.is_loose(around, doubts)
                }
                None | Some(Expr::Lit(_) | Expr::Unary(_)) => true,
                Some(Expr::Ident(ident)) => &*ident.sym == "undefined",
                Some(_) => false,
            },
            (None, None) => match (chain, context) {
                (Expr::Ident(_), Context::Argument(call, index)) => self.is_called_alone(call, index),
                _ => false,
            },
        }
    }

    /// Whether what a call hands a function to may call it by its name alone.
    fn is_called_alone(&mut self, call: u32, index: u16) -> bool {
        let site = self.model.calls[call as usize];
        let Some(callee) = site.node.callee().map(stripped) else {
            return true;
        };
        let method = as_member(callee).and_then(|member| plain_key(&member.prop));
        if method.is_some_and(|method| ON_RECEIVER.contains(&method)) || is_application(site.node) {
            return false;
        }
        // `forEach(f, self)`
        let own_this = method.is_some() && index == 0 && site.node.arguments().len() == 2;
        if own_this {
            return false;
        }
        // What makes a class of a function, or only reads it, does not call it.
        !matches!(self.value(callee, site.scope), Value::Api(path) if path.starts_with("Object.") || &*path == "util.inherits")
    }
}

/// Methods that are taken off what has them.
#[derive(Default)]
pub(super) struct Detached<'a> {
    names: FxHashSet<String>,
    /// Some by a number or a name that is not known.
    unnamed: bool,
    /// The members that functions are assigned to, by where these start.
    members: FxHashMap<u32, &'a str>,
}

impl Detached<'_> {
    fn add(&mut self, name: &str) {
        if !self.names.contains(name) {
            self.names.insert(name.to_owned());
        }
    }
}

/// The member that a chain ends in without calling it, or that it calls in a sequence.
fn taken_off(chain: &Expr) -> Option<&ast::MemberExpr> {
    let mut at = chain;
    let mut called = false;
    loop {
        at = match at {
            Expr::Call(call) => {
                called = true;
                call.callee.as_expr()?
            }
            Expr::Member(member) => &member.obj,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            Expr::Seq(seq) => return seq.exprs.last().and_then(|last| as_member(last)),
            _ => break,
        };
    }
    if called { None } else { as_member(chain) }
}

/// The member that a chain takes of `this`.
fn first_of_this(chain: &Expr) -> Option<&MemberProp> {
    let mut at = chain;
    let mut taken = None;
    loop {
        at = match at {
            Expr::Member(member) => {
                taken = Some(&member.prop);
                &member.obj
            }
            Expr::Call(call) => call.callee.as_expr()?,
            Expr::New(new) => &new.callee,
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => {
                    taken = Some(&member.prop);
                    &member.obj
                }
                ast::OptChainBase::Call(call) => &call.callee,
            },
            Expr::TaggedTpl(tagged) => &tagged.tag,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            Expr::This(_) => return taken,
            _ => return None,
        };
    }
}
