//! What has to be run to know what a name of the module holds.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Stmt};

use super::{
    R, Run, Stop,
    heap::{Kind, Parent, Val},
    lists::{List, inner_list, statement_span},
    touches::{Look, Places},
};
use crate::facts::{
    calls::span_of_expr,
    model::{BindingId, FuncId, Role, ScopeId, Source, Step, Syntax},
};

/// How deep blocks are looked into for the one that holds all statements of a group.
const MAX_BLOCKS: u32 = 32;

/// One thing that is run for a binding.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) what: What<'a>,
    pub(super) scope: ScopeId,
}

#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Initial(BindingId, &'a Expr),
    Statement(&'a Stmt),
}

/// How a binding's state comes about.
pub(super) struct Plan<'a> {
    pub(super) binding: BindingId,
    pub(super) home: FuncId,
    /// Its value from the beginning: a declared function.
    pub(super) function: Option<FuncId>,
    pub(super) hoisted: bool,
    pub(super) path: Vec<Step<'a>>,
    pub(super) events: Vec<Event<'a>>,
    pub(super) from: u32,
    pub(super) until: u32,
    pub(super) through: Vec<FuncId>,
}

impl<'a> Run<'_, 'a> {
    /// What has to be run for a binding.
    pub(super) fn plan(&mut self, binding: BindingId) -> R<Plan<'a>> {
        let model = self.model;
        let scope = model.bindings[binding as usize].scope;
        let home = model.function_of(scope);
        let mut plan = Plan {
            binding,
            home,
            function: None,
            hoisted: false,
            path: Vec::new(),
            events: Vec::new(),
            from: 0,
            until: u32::MAX,
            through: Vec::new(),
        };
        let mut writes = model.writes_of(binding);
        let first = writes.next();
        if writes.next().is_some() {
            return Err(Stop::Unknown);
        }
        let assigned = model.assigns_of(binding).next().is_some();
        let mut initial = None;
        let look = match first.map(|write| (write.source, &write.path)) {
            // Declared without a value.
            None => {
                plan.hoisted = true;
                Look::Object
            }
            Some((Source::Function(function), _)) => {
                plan.function = Some(function);
                self.look_of_function(function, assigned)
            }
            Some((Source::Expr(expr, at), path)) => {
                plan.path.clone_from(path);
                plan.hoisted = scope == model.functions[home as usize].scope;
                initial = Some((expr, at));
                self.look_of(expr, at, assigned || !path.is_empty())?
            }
            Some((Source::Param(function, index, false), path)) => {
                let Role::Called(call) = model.functions[function as usize].role else {
                    return Err(Stop::Unknown);
                };
                let call = model.calls[call as usize];
                let args = call.node.arguments();
                if args.iter().any(|arg| arg.spread.is_some()) || !path.is_empty() {
                    return Err(Stop::Unknown);
                }
                let arg = args.get(index as usize).ok_or(Stop::Unknown)?;
                initial = Some((&arg.expr, call.scope));
                match self.look_of(&arg.expr, call.scope, assigned)? {
                    Look::Object if !matches!(&*arg.expr, Expr::Array(_) | Expr::Object(_)) => {
                        return Err(Stop::Unknown);
                    }
                    look => look,
                }
            }
            Some(_) => return Err(Stop::Unknown),
        };
        let look = match look {
            // What is assigned later may be of another kind.
            Look::Primitive if !self.gets_primitives(binding) => Look::Object,
            Look::Object if first.is_none() && self.gets_primitives(binding) => Look::Primitive,
            Look::Function if assigned && !self.redefines_itself(binding) => Look::Table,
            look => look,
        };
        let touches = self.touches(binding, look)?;
        plan.until = touches.until;
        plan.through = touches.through;
        if let Some((expr, at)) = initial {
            let span = span_of_expr(expr);
            plan.events.push(Event {
                start: span.start,
                end: span.end,
                what: What::Initial(binding, expr),
                scope: at,
            });
        }
        self.add_statements(&mut plan, &touches.places, scope)?;
        let statements = plan
            .events
            .iter()
            .filter(|event| matches!(event.what, What::Statement(_)));
        plan.from = statements.map(|event| event.end).max().unwrap_or_default();
        Ok(plan)
    }

    /// The statements that places stand in, of the innermost list that holds them all.
    fn add_statements(&mut self, plan: &mut Plan<'a>, places: &Places, scope: ScopeId) -> R<()> {
        let Some(first) = places.first() else {
            return Ok(());
        };
        let model = self.model;
        let mut list = List::of(model.functions[plan.home as usize].syntax).ok_or(Stop::Unknown)?;
        if scope != model.functions[plan.home as usize].scope {
            let initial = plan.events.first().map(|event| event.start);
            for _ in 0..MAX_BLOCKS {
                let Some(stmt) = list.at(first.0) else {
                    return Err(Stop::Unknown);
                };
                let span = statement_span(stmt);
                let inside = |at: u32| (span.0..span.1).contains(&at);
                if !places.iter().all(|(at, _)| inside(*at)) || !initial.is_none_or(inside) {
                    break;
                }
                match inner_list(stmt, first.0) {
                    Some(inner) => list = List::Stmts(inner),
                    None => break,
                }
            }
        }
        for (at, scope) in places {
            self.step(8)?;
            let stmt = list.at(*at).ok_or(Stop::Unknown)?;
            let (start, end) = statement_span(stmt);
            // What is declared inside is not declared again; its initial value is part of the statement.
            plan.events.retain(|event| match event.what {
                What::Initial(..) => !(start..end).contains(&event.start),
                What::Statement(known) => !std::ptr::eq(known, stmt),
            });
            plan.events.push(Event {
                start,
                end,
                what: What::Statement(stmt),
                scope: *scope,
            });
        }
        Ok(())
    }

    /// Whether all that a name is assigned is a primitive, by its syntax.
    fn gets_primitives(&self, binding: BindingId) -> bool {
        self.model.assigns_of(binding).all(|assign| {
            let plain = match assign.source {
                Source::Expr(expr, _) => {
                    matches!(expr, Expr::Lit(_) | Expr::Tpl(_) | Expr::Bin(_) | Expr::Unary(_))
                }
                _ => false,
            };
            assign.compound || (plain && assign.path.is_empty())
        })
    }

    fn look_of_function(&mut self, function: FuncId, redefined: bool) -> Look {
        let func = &self.model.functions[function as usize];
        let takes_nothing = match func.syntax {
            Syntax::Function(function) => function.params.is_empty(),
            Syntax::Arrow(arrow) => arrow.params.is_empty(),
            _ => false,
        };
        if !takes_nothing || self.model.returns_of(function).next().is_none() {
            return Look::Function;
        }
        if redefined {
            return Look::Table;
        }
        // Whatever it gives is asked for once: a primitive cannot be changed behind its back.
        let result = self.probe(|run| {
            let closure = run.closure_of(function)?;
            run.call_value(&closure, Val::Undefined, Vec::new())
        });
        match result {
            Some(Val::Undefined | Val::Null | Val::Bool(_) | Val::Num(_) | Val::Str(_)) => Look::Function,
            _ => Look::Table,
        }
    }

    fn look_of(&mut self, expr: &'a Expr, scope: ScopeId, several: bool) -> R<Look> {
        let mut at = expr;
        while let Expr::Paren(paren) = at {
            at = &paren.expr;
        }
        Ok(match at {
            Expr::Lit(ast::Lit::Regex(_)) => Look::Object,
            Expr::Object(_) => Look::Plain,
            Expr::Lit(_) | Expr::Tpl(_) | Expr::Bin(_) | Expr::Unary(_) | Expr::Update(_) => Look::Primitive,
            Expr::Fn(_) | Expr::Arrow(_) => match self.function_of_expr(at) {
                Some(function) => return Ok(self.look_of_function(function, several)),
                None => Look::Table,
            },
            Expr::Ident(_) | Expr::Call(_) | Expr::Member(_) | Expr::Cond(_) | Expr::New(_) if !several => {
                match self.probe(|run| run.eval(expr, Parent::Module(scope))) {
                    Some(Val::Obj(id)) if matches!(self.mem_kind(id), Some(Kind::Function(_))) => Look::Function,
                    Some(Val::Obj(id)) if matches!(self.mem_kind(id), Some(Kind::Plain)) => Look::Plain,
                    Some(Val::Obj(_)) | None => Look::Object,
                    Some(value) if value.is_unknown() => return Err(Stop::Unknown),
                    Some(_) => Look::Primitive,
                }
            }
            _ => Look::Object,
        })
    }

    fn mem_kind(&self, id: u32) -> Option<&Kind<'a>> {
        self.mem.heap.get(id as usize).map(|object| &object.kind)
    }
}
