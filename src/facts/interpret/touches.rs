//! Which statements of a module may change what a name of its holds: found by every use of the name, without running
//! anything.

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Pat};

use super::{R, Run, Stop};
use crate::{
    facts::{
        collect::for_each_name,
        collections::MUTATORS,
        model::{Alias, BindingId, CallNode, Context, FuncId, Role, ScopeId, Source},
        parameters::innermost_call,
    },
    order,
};

/// How far an alias is followed, and a function to where it is called.
const MAX_ALIASES: u32 = 3;
const MAX_LIFTS: u32 = 6;
/// How many calls of a function are looked at.
const MAX_CALLS: usize = 24;

/// What kind of value a name holds, as far as its changes go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    /// Nothing that anybody could change.
    Primitive,
    Function,
    /// A function that gives an array or object which stays the same.
    Table,
    /// An object that is written out, whose methods are its own.
    Plain,
    /// An array or any other object.
    Object,
}

/// One step from a name to what is done with it.
enum Link<'a> {
    Call,
    /// A member; none if its name is not plain to see.
    Member(Option<&'a str>),
}

/// Where a name may change: the places, each with its scope.
pub(super) type Places = Vec<(u32, ScopeId)>;

/// What the uses of a name say of its changes.
pub(super) struct Touches {
    pub(super) places: Places,
    /// From where on somebody else has it, who may do anything with it.
    pub(super) until: u32,
    /// Functions that are called to change it: within them it is never the same.
    pub(super) through: Vec<FuncId>,
}

impl<'a> Run<'_, 'a> {
    /// The places that may change what a binding holds, in the function whose scope it is in. An error if whoever
    /// changes it cannot be told.
    pub(super) fn touches(&mut self, binding: BindingId, look: Look) -> R<Touches> {
        let home = self.model.function_of(self.model.bindings[binding as usize].scope);
        let own = self.own_function(binding);
        let mut out = Touches {
            places: Vec::new(),
            until: u32::MAX,
            through: Vec::new(),
        };
        let assigns: Vec<(u32, ScopeId)> = self
            .model
            .assigns_of(binding)
            .map(|assign| (assign.start, assign.scope))
            .collect();
        for (start, scope) in assigns {
            self.step(1)?;
            if own.is_some_and(|own| self.is_inside(scope, own)) {
                continue;
            }
            self.lift(home, start, scope, 0, &mut out)?;
        }
        if look != Look::Primitive {
            self.uses_of(binding, look, home, own, 0, &mut out)?;
        }
        order::sort(&mut out.places);
        out.places.dedup();
        Ok(out)
    }

    /// The function that a name is declared with.
    fn own_function(&self, binding: BindingId) -> Option<FuncId> {
        self.model.writes_of(binding).find_map(|write| match write.source {
            Source::Function(function) => Some(function),
            Source::Expr(expr, _) => self.function_of_expr(expr),
            _ => None,
        })
    }

    /// Whether a function's name is assigned within the function alone.
    pub(super) fn redefines_itself(&self, binding: BindingId) -> bool {
        self.own_function(binding).is_some_and(|own| {
            self.model
                .assigns_of(binding)
                .all(|assign| self.is_inside(assign.scope, own))
        })
    }

    pub(super) fn function_of_expr(&self, expr: &'a Expr) -> Option<FuncId> {
        let mut at = expr;
        while let Expr::Paren(paren) = at {
            at = &paren.expr;
        }
        let span = match at {
            Expr::Fn(function) => function.function.span,
            Expr::Arrow(arrow) => arrow.span,
            _ => return None,
        };
        self.model.function_at(crate::parse::span_of(span).start)
    }

    /// Whether a scope is inside a function.
    fn is_inside(&self, scope: ScopeId, function: FuncId) -> bool {
        self.is_within(self.model.function_of(scope), function)
    }

    /// Whether a function is another one, or inside it.
    pub(super) fn is_within(&self, inner: FuncId, function: FuncId) -> bool {
        let mut at = inner;
        loop {
            if at == function {
                return true;
            }
            match self.model.functions.get(at as usize) {
                Some(func) if at != 0 => at = func.parent,
                _ => return false,
            }
        }
    }

    fn uses_of(
        &mut self,
        binding: BindingId,
        look: Look,
        home: FuncId,
        own: Option<FuncId>,
        depth: u32,
        out: &mut Touches,
    ) -> R<()> {
        let model = self.model;
        let mut all_in: Option<FuncId> = None;
        let inner = if look == Look::Plain { look } else { Look::Object };
        let mut writes = 0;
        let before = out.places.len();
        for read in model.reads_of(binding) {
            self.step(1)?;
            let found = &model.refs[read as usize];
            let (scope, start, context) = (found.scope, found.start, found.context);
            let Some(chain) = found.chain else {
                if look == Look::Function {
                    continue;
                }
                return Err(Stop::Unknown);
            };
            let mut links = links_of(chain);
            let inside = own.is_some_and(|own| self.is_inside(scope, own));
            if look == Look::Function {
                if matches!(context, Context::Write(_)) && !inside {
                    self.lift(home, start, scope, 0, out)?;
                }
                continue;
            }
            if look == Look::Table {
                if inside {
                    continue;
                }
                match links.first() {
                    Some(Link::Call) => {
                        links.remove(0);
                    }
                    Some(Link::Member(_)) => continue,
                    None => {
                        match context {
                            Context::Test => {}
                            Context::Alias(alias) => self.follow_alias(alias, scope, look, home, depth, out)?,
                            Context::Argument(call, _) if self.is_own_callee(call) => {
                                self.lift(home, start, scope, 0, out)?;
                            }
                            _ => return Err(Stop::Unknown),
                        }
                        continue;
                    }
                }
            }
            let function = model.function_of(scope);
            match all_in {
                None => all_in = Some(function),
                Some(known) if known == function => {}
                Some(_) => all_in = Some(home),
            }
            let changes = links.windows(2).any(|pair| match pair {
                [Link::Member(name), Link::Call] if look != Look::Plain => {
                    name.is_none_or(|name| MUTATORS.contains(&name))
                }
                _ => false,
            });
            if changes
                || matches!(context, Context::Write(_) | Context::Update) && !matches!(links.first(), Some(Link::Call))
            {
                writes += usize::from(matches!(context, Context::Write(_)));
                if depth == 0 && matches!(context, Context::Write(_)) && function != home {
                    // Perhaps a cache of the function's own: told below.
                    out.places.push((start, scope));
                    continue;
                }
                self.lift(home, start, scope, 0, out)?;
                continue;
            }
            if !links.is_empty() {
                continue;
            }
            match context {
                Context::Test => {}
                Context::Alias(alias) => self.follow_alias(alias, scope, inner, home, depth, out)?,
                Context::Argument(call, _) if self.is_own_callee(call) => self.lift(home, start, scope, 0, out)?,
                Context::Return(returning) if returning != home => self.follow_return(returning, home, depth, out)?,
                // Whoever gets it may change it; until then it is known.
                _ if depth == 0 && function == home => out.until = out.until.min(start),
                _ => return Err(Stop::Unknown),
            }
        }
        // An object that one function alone reads and fills is what it remembers.
        let cache = depth == 0
            && writes > 0
            && out.places.len() - before == writes
            && all_in.is_some_and(|function| function != home);
        if cache {
            out.places.truncate(before);
            return Ok(());
        }
        let pending: Places = out.places.split_off(before);
        for (start, scope) in pending {
            if model.function_of(scope) == home {
                out.places.push((start, scope));
            } else {
                self.lift(home, start, scope, 0, out)?;
            }
        }
        Ok(())
    }

    /// Whether a call's callee is written out, or a function of the module by its name.
    fn is_own_callee(&self, call: u32) -> bool {
        let Some(call) = self.model.calls.get(call as usize) else {
            return false;
        };
        let mut callee = call.node.callee();
        while let Some(Expr::Paren(paren)) = callee {
            callee = Some(&paren.expr);
        }
        match callee {
            Some(Expr::Fn(_) | Expr::Arrow(_)) => true,
            Some(Expr::Ident(ident)) => self.model.lookup(&ident.sym, call.scope).is_some(),
            _ => false,
        }
    }

    fn follow_alias(
        &mut self,
        alias: u32,
        scope: ScopeId,
        look: Look,
        home: FuncId,
        depth: u32,
        out: &mut Touches,
    ) -> R<()> {
        if depth >= MAX_ALIASES {
            return Err(Stop::Unknown);
        }
        let mut names: Vec<&'a Atom> = Vec::new();
        match &self.model.aliases[alias as usize] {
            Alias::Pattern(Pat::Ident(ident)) => names.push(&ident.id.sym),
            Alias::Pattern(pat) => for_each_name(pat, &mut |name| names.push(name)),
            Alias::Name(name) => names.push(name),
            Alias::AssignPattern(_) => return Err(Stop::Unknown),
        }
        for name in names {
            let binding = self.model.lookup(name, scope).ok_or(Stop::Unknown)?;
            self.uses_of(binding, look, home, None, depth + 1, out)?;
        }
        Ok(())
    }

    /// A function that gives the object away: its calls are looked at in the object's place.
    fn follow_return(&mut self, function: FuncId, home: FuncId, depth: u32, out: &mut Touches) -> R<()> {
        if depth >= MAX_ALIASES {
            return Err(Stop::Unknown);
        }
        match self.model.functions[function as usize].role {
            Role::Named(binding) => self.uses_of(binding, Look::Table, home, Some(function), depth + 1, out),
            // `table = function () { return items }`: whoever calls it calls the table.
            Role::Alias(alias) => {
                let scope = self.model.scopes[self.model.functions[function as usize].scope as usize].parent;
                self.follow_alias(alias, scope, Look::Table, home, depth, out)
            }
            _ => Err(Stop::Unknown),
        }
    }

    /// The places in the home function from which code at a place is reached.
    fn lift(&mut self, home: FuncId, start: u32, scope: ScopeId, depth: u32, out: &mut Touches) -> R<()> {
        self.step(1)?;
        let function = self.model.function_of(scope);
        if function == home {
            out.places.push((start, scope));
            return Ok(());
        }
        if depth >= MAX_LIFTS {
            return Err(Stop::Unknown);
        }
        match self.model.functions[function as usize].role {
            Role::Called(call) | Role::Argument(call, _) => {
                let call = self.model.calls[call as usize];
                let start = start_of(call.node);
                self.lift(home, start, call.scope, depth + 1, out)
            }
            Role::Named(binding) => {
                out.through.push(function);
                let mut sites = Vec::new();
                for found in self.model.refs_to(binding) {
                    let called = found.chain.and_then(innermost_call).is_some();
                    if !called || sites.len() >= MAX_CALLS {
                        return Err(Stop::Unknown);
                    }
                    if !self.is_inside(found.scope, function) {
                        sites.push((found.start, found.scope));
                    }
                }
                for (start, scope) in sites {
                    self.lift(home, start, scope, depth + 1, out)?;
                }
                Ok(())
            }
            _ => Err(Stop::Unknown),
        }
    }
}

pub(super) fn start_of(node: CallNode<'_>) -> u32 {
    let span = match node {
        CallNode::Call(call) => call.span,
        CallNode::New(new) => new.span,
        CallNode::Optional(call) => call.span,
        CallNode::Tagged(tagged) => tagged.span,
    };
    crate::parse::span_of(span).start
}

/// The way from the name that a chain begins with to the chain's value.
fn links_of(chain: &Expr) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => {
                links.push(Link::Call);
                match &call.callee {
                    ast::Callee::Expr(callee) => callee,
                    _ => break,
                }
            }
            Expr::New(new) => {
                links.push(Link::Call);
                &new.callee
            }
            Expr::Member(member) => {
                links.push(Link::Member(match &member.prop {
                    MemberProp::Ident(name) => Some(&*name.sym),
                    MemberProp::PrivateName(_) => None,
                    MemberProp::Computed(computed) => match &*computed.expr {
                        Expr::Lit(ast::Lit::Str(text)) => text.value.as_str(),
                        Expr::Lit(ast::Lit::Num(_)) => Some("0"),
                        _ => None,
                    },
                }));
                &member.obj
            }
            Expr::OptChain(optional) => match &*optional.base {
                ast::OptChainBase::Member(member) => {
                    links.push(Link::Member(None));
                    &member.obj
                }
                ast::OptChainBase::Call(call) => {
                    links.push(Link::Call);
                    &call.callee
                }
            },
            Expr::Paren(paren) => &paren.expr,
            _ => break,
        };
    }
    links.reverse();
    links
}
