//! The module's state that a run needs: what a name outside it holds, once the statements that change it were run.
//!
//! Only what concerns the name is run, in order: its initial value, then each statement that may change it. Where one
//! of them hangs on something unknown, so does the name, for good.

use swc_ecma_ast as ast;

use super::{
    Cell, R, Run, State, Stop,
    heap::{Body, Closure, Code, Kind, Parameters, Parent, Val},
    plan::{Event, Plan, What},
    stmt::Done,
    touches::start_of,
};
use crate::{
    facts::model::{BindingId, FuncId, NONE, Role, Source, Step, Syntax, TOP},
    order,
    parse::span_of,
};

/// How many functions are looked at for whether they run before a change.
const MAX_CALLERS: usize = 24;
const MAX_MENTIONS: usize = 512;
/// How many names may be worked out together, and groups within groups.
const MAX_GROUP: usize = 10;
const MAX_GROUPS: u32 = 10;

impl<'a> Run<'_, 'a> {
    /// What a name of the module holds where the run asks for it.
    pub(super) fn free(&mut self, binding: BindingId) -> R<Val> {
        self.step(1)?;
        if self.constant {
            return Err(Stop::Unknown);
        }
        if !self.mem.cells.contains_key(&binding) {
            let plan = if self.groups >= MAX_GROUPS || self.planning.contains(&binding) {
                return Err(Stop::Unknown);
            } else {
                self.planning.push(binding);
                let plan = self.plan(binding);
                self.planning.pop();
                plan
            };
            match plan {
                Ok(plan) => {
                    let running = |event: &Event<'a>| match event.what {
                        What::Statement(stmt) => self.running.contains(&(std::ptr::from_ref(stmt) as usize)),
                        What::Initial(..) => false,
                    };
                    if plan.events.iter().any(running) {
                        return Err(Stop::Needs(binding));
                    }
                    self.prepare(plan)?;
                }
                Err(_) => self.poison(binding),
            }
        }
        let Some(cell) = self.mem.cells.get(&binding) else {
            return Ok(Val::Unknown);
        };
        match cell.state {
            State::Poisoned => Ok(Val::Unknown),
            State::Preparing if matches!(cell.value, Val::Unset) => Err(Stop::Unknown),
            State::Preparing => Ok(cell.value.clone()),
            State::Ready if !self.sees(cell) => Ok(Val::Unknown),
            State::Ready => {
                let (value, changed) = (cell.value.clone(), cell.from > 0);
                self.rotated |= changed;
                Ok(value)
            }
        }
    }

    /// Whether statements change what a binding holds.
    pub(super) fn is_changed(&self, binding: BindingId) -> bool {
        self.mem.cells.get(&binding).is_some_and(|cell| cell.from > 0)
    }

    pub(super) fn is_poisoned(&self, binding: BindingId) -> bool {
        self.mem
            .cells
            .get(&binding)
            .is_none_or(|cell| cell.state == State::Poisoned)
    }

    fn poison(&mut self, binding: BindingId) {
        let cell = Cell {
            value: Val::Unknown,
            state: State::Poisoned,
            home: TOP,
            from: 0,
            until: u32::MAX,
            through: Vec::new(),
        };
        self.mem.cells.insert(binding, cell);
    }

    /// Whether the place that asks comes after all that changes a binding of a function.
    fn sees(&self, held: &Cell) -> bool {
        let Cell { home, from, until, .. } = *held;
        let (mut function, mut at) = (self.function, self.at);
        if from == 0 && until == u32::MAX {
            return true;
        }
        loop {
            if function == home {
                return at >= from && at <= until;
            }
            let Role::Called(call) = self.model.functions[function as usize].role else {
                // Called later, when the home function's statements were run.
                return until == u32::MAX
                    && !held
                        .through
                        .iter()
                        .any(|through| self.is_within(self.function, *through))
                    && self.runs_after(self.function, home, from, &mut Vec::new());
            };
            let site = self.model.calls[call as usize];
            at = start_of(site.node);
            function = self.model.function_of(site.scope);
        }
    }

    /// Whether a function inside another one runs only after a place in that: it is made there, or every mention of it
    /// stands there or in functions of which that is true.
    fn runs_after(&self, function: FuncId, home: FuncId, from: u32, asked: &mut Vec<FuncId>) -> bool {
        if from == 0 {
            return true;
        }
        let mut outer = function;
        loop {
            let func = &self.model.functions[outer as usize];
            if func.parent == home {
                break;
            }
            if outer == TOP || func.parent == NONE {
                return false;
            }
            outer = func.parent;
        }
        if asked.contains(&outer) {
            return true;
        }
        if asked.len() >= MAX_CALLERS {
            return false;
        }
        asked.push(outer);
        let func = &self.model.functions[outer as usize];
        let binding = match func.role {
            Role::Called(call) => return start_of(self.model.calls[call as usize].node) >= from,
            Role::Named(binding) => binding,
            _ => return func.start >= from,
        };
        let is_declared = self
            .model
            .writes_of(binding)
            .any(|write| matches!(write.source, Source::Function(_)));
        if !is_declared && func.start >= from {
            return true;
        }
        for (count, found) in self.model.refs_to(binding).enumerate() {
            let around = self.model.function_of(found.scope);
            let after = if around == home {
                found.start >= from
            } else {
                self.is_within(around, outer) || self.runs_after(around, home, from, asked)
            };
            if !after || count >= MAX_MENTIONS {
                return false;
            }
        }
        true
    }

    /// Tries something and takes it back.
    pub(super) fn probe(&mut self, work: impl FnOnce(&mut Self) -> R<Val>) -> Option<Val> {
        if self.groups >= MAX_GROUPS {
            return None;
        }
        self.groups += 1;
        let outer = self.begin();
        let mark = self.mem.journal.len();
        let result = work(self);
        self.roll_back(mark);
        self.end(outer);
        self.groups -= 1;
        result.ok()
    }

    /// The function itself, as its surroundings make it.
    pub(super) fn closure_of(&mut self, function: FuncId) -> R<Val> {
        let func = &self.model.functions[function as usize];
        let scope = Parent::Module(func.scope);
        match func.syntax {
            Syntax::Function(function) => self.function(function, None, scope),
            Syntax::Arrow(arrow) => {
                if arrow.is_async {
                    return Err(Stop::Unknown);
                }
                let span = span_of(arrow.span);
                self.new_closure(Closure {
                    code: Code {
                        params: Parameters::Arrow(&arrow.params),
                        body: match &*arrow.body {
                            ast::ArrowFunctionBody::FunctionBody(body) => Body::Block(&body.stmts),
                            ast::ArrowFunctionBody::Expr(value) => Body::Value(value),
                        },
                    },
                    env: scope,
                    arrow: true,
                    own_name: None,
                    span: (span.start, span.end),
                })
            }
            _ => Err(Stop::Unknown),
        }
    }

    /// Works out the state of a binding, and of those that hang together with it.
    fn prepare(&mut self, plan: Plan<'a>) -> R<()> {
        let mut group = vec![plan];
        self.groups += 1;
        let result = loop {
            let outer = self.begin();
            let mark = self.mem.journal.len();
            let result = self.run_group(&group);
            if result.is_ok() {
                self.mem.journal.truncate(mark);
                self.end(outer);
                for plan in &group {
                    if let Some(cell) = self.mem.cells.get_mut(&plan.binding) {
                        cell.state = State::Ready;
                    }
                }
                break Ok(());
            }
            self.roll_back(mark);
            self.end(outer);
            let fail = |run: &mut Self| {
                for plan in &group {
                    run.poison(plan.binding);
                }
                Ok(())
            };
            let Err(Stop::Needs(other)) = result else {
                break fail(self);
            };
            if group.len() >= MAX_GROUP || group.iter().any(|plan| plan.binding == other) {
                break fail(self);
            }
            for plan in &group {
                self.mem.cells.remove(&plan.binding);
            }
            let Ok(more) = self.plan(other) else {
                self.poison(other);
                break fail(self);
            };
            let shares = more.events.iter().any(|event| {
                group
                    .iter()
                    .flat_map(|plan| &plan.events)
                    .any(|known| event.start == known.start)
            });
            if !shares {
                // It belongs to a group around.
                break Err(Stop::Needs(other));
            }
            group.push(more);
        };
        self.groups -= 1;
        result
    }

    fn run_group(&mut self, group: &[Plan<'a>]) -> R<()> {
        let mut events: Vec<Event<'a>> = Vec::new();
        for plan in group {
            let value = match plan.function {
                Some(function) => self.closure_of(function)?,
                None if plan.hoisted => Val::Undefined,
                None => Val::Unset,
            };
            let cell = Cell {
                value,
                state: State::Preparing,
                home: plan.home,
                from: plan.from,
                until: plan.until,
                through: plan.through.clone(),
            };
            self.mem.cells.insert(plan.binding, cell);
            for event in &plan.events {
                let known = events.iter().any(|known| match (known.what, event.what) {
                    (What::Statement(a), What::Statement(b)) => std::ptr::eq(a, b),
                    _ => false,
                });
                if !known {
                    events.push(*event);
                }
            }
            self.step(events.len())?;
        }
        order::sort_by_key(&mut events, |event| event.start);
        for event in events {
            // An initial value within a statement is the statement's own affair.
            self.at = event.start;
            self.function = self.model.function_of(event.scope);
            match event.what {
                What::Initial(binding, expr) => {
                    let value = self.eval(expr, Parent::Module(event.scope))?;
                    let plan = group.iter().find(|plan| plan.binding == binding).ok_or(Stop::Unknown)?;
                    let value = self.part(value, &plan.path)?;
                    if value.is_unknown() && group.len() == 1 && plan.events.len() == 1 {
                        return Err(Stop::Unknown);
                    }
                    if let Some(cell) = self.mem.cells.get_mut(&binding) {
                        cell.value = value;
                    }
                }
                What::Statement(stmt) => {
                    self.running.push(std::ptr::from_ref(stmt) as usize);
                    let done = self.statement(stmt, Parent::Module(event.scope), None);
                    self.running.pop();
                    if !matches!(done?, Done::Normal) {
                        return Err(Stop::Unknown);
                    }
                }
            }
        }
        group.iter().try_for_each(|plan| self.check_methods(plan.binding))
    }

    /// A method that knows its object may change it behind one's back.
    fn check_methods(&mut self, binding: BindingId) -> R<()> {
        let Some(Cell {
            value: Val::Obj(id), ..
        }) = self.mem.cells.get(&binding)
        else {
            return Ok(());
        };
        let object = self.obj(*id);
        if !matches!(object.kind, Kind::Plain) {
            return Ok(());
        }
        let mut size = 0;
        for key in object.props.keys() {
            if let Some(Val::Obj(method)) = object.props.get(&key)
                && let Kind::Function(closure) = &self.obj(*method).kind
            {
                let source = self.text.get(closure.span.0 as usize..closure.span.1 as usize);
                size += source.map_or(0, str::len);
                if source.is_none_or(|source| source.contains("this")) {
                    return Err(Stop::Unknown);
                }
            }
        }
        self.charge_text(size)
    }

    /// The part of a value that a pattern gives a name.
    fn part(&mut self, value: Val, path: &[Step<'a>]) -> R<Val> {
        let mut value = value;
        for step in path {
            value = match step {
                Step::Key(key) => self.get(&value, key)?,
                Step::Index(at) => self.get(&value, &at.to_string())?,
                Step::Computed(_) | Step::Rest => return Err(Stop::Unknown),
            };
        }
        Ok(value)
    }
}
