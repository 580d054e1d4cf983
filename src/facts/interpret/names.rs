//! Names: where each is found, what it holds, what it is given.

use swc_atoms::Atom;

use super::{
    Cell, R, Run, State, Stop, Undo,
    heap::{EnvId, Kind, Parent, Val},
    tables::{GLOBALS, NUMBERS},
};
use crate::facts::model::{BindingId, NONE};

/// Where a name is found.
enum Found {
    Var(EnvId, usize),
    Binding(BindingId),
    Global,
}

impl Run<'_, '_> {
    fn find(&mut self, name: &Atom, env: Parent) -> R<Found> {
        let mut env = env;
        let mut looked = 0;
        let found = loop {
            match env {
                Parent::Env(id) => {
                    let scope = &self.mem.envs[id as usize];
                    looked += 1 + scope.vars.len();
                    // A later declaration of the same name is the one that counts.
                    if let Some(at) = scope.vars.iter().rposition(|(known, _)| *known == name) {
                        break Found::Var(id, at);
                    }
                    env = scope.parent;
                }
                Parent::Module(scope) if self.model.is_within_with(name, scope) => return Err(Stop::Unknown),
                Parent::Module(scope) => {
                    break match self.model.lookup(name, scope) {
                        Some(binding) => Found::Binding(binding),
                        None => Found::Global,
                    };
                }
            }
        };
        self.step(looked / 16)?;
        Ok(found)
    }

    pub(super) fn read(&mut self, name: &Atom, env: Parent) -> R<Val> {
        match self.find(name, env)? {
            Found::Var(id, at) => match &self.mem.envs[id as usize].vars[at].1 {
                Val::Unset => Err(Stop::Unknown),
                value => Ok(value.clone()),
            },
            Found::Binding(binding) => self.free(binding),
            Found::Global if &**name == "arguments" => self.arguments(env),
            Found::Global => Ok(self.global(name)),
        }
    }

    /// Assigns to a name that is declared somewhere around.
    pub(super) fn write(&mut self, name: &Atom, value: Val, env: Parent) -> R<()> {
        match self.find(name, env)? {
            Found::Var(id, at) => self.set_var(id, at, value),
            Found::Binding(binding) => self.set_cell(binding, value),
            Found::Global => Err(Stop::Unknown),
        }
    }

    /// Gives a declared name of this scope, or the function around, its value.
    pub(super) fn declare(&mut self, name: &Atom, value: Val, env: Parent) -> R<()> {
        self.write(name, value, env)
    }

    fn set_var(&mut self, id: EnvId, at: usize, value: Val) -> R<()> {
        if self.mem.env_owners[id as usize] != self.mem.transaction {
            let before = self.mem.envs[id as usize].vars[at].1.clone();
            if self.strict && !self.redefines(&before, &value) {
                return Err(Stop::Unknown);
            }
            self.mem.journal.push(Undo::Var(id, at, before));
        }
        self.mem.envs[id as usize].vars[at].1 = value;
        Ok(())
    }

    /// Whether a function is put in another one's place, as decoders do after their first call.
    fn redefines(&mut self, before: &Val, after: &Val) -> bool {
        let function = |value: &Val| match value {
            Val::Obj(id) => matches!(self.obj(*id).kind, Kind::Function(_)),
            _ => false,
        };
        let redefines = function(before) && function(after);
        self.cached |= redefines;
        redefines
    }

    fn set_cell(&mut self, binding: BindingId, value: Val) -> R<()> {
        if !self.mem.cells.contains_key(&binding) {
            self.free(binding)?;
        }
        let Some(Cell {
            value: before, state, ..
        }) = self.mem.cells.get(&binding)
        else {
            return Err(Stop::Unknown);
        };
        let (before, state) = (before.clone(), *state);
        match state {
            State::Preparing => {}
            // What was worked out before may only be a function that puts another in its own place.
            State::Ready if self.redefines(&before, &value) => {}
            _ => return Err(Stop::Unknown),
        }
        self.mem.journal.push(Undo::Cell(binding, before));
        if let Some(cell) = self.mem.cells.get_mut(&binding) {
            cell.value = value;
        }
        Ok(())
    }

    /// Takes a text out of its name for a moment, so that it can be added to in place.
    pub(super) fn release(&mut self, name: &Atom, env: Parent, held: &Val) -> R<()> {
        let Found::Var(id, at) = self.find(name, env)? else {
            if let Found::Binding(binding) = self.find(name, env)?
                && let Some(cell) = self.mem.cells.get_mut(&binding)
                && cell.state == State::Preparing
                && same_text(&cell.value, held)
            {
                cell.value = Val::Unknown;
            }
            return Ok(());
        };
        let var = &mut self.mem.envs[id as usize].vars[at].1;
        if self.mem.env_owners[id as usize] == self.mem.transaction && same_text(var, held) {
            *var = Val::Unknown;
        }
        Ok(())
    }

    pub(super) fn this(&self, env: Parent) -> Val {
        let mut env = env;
        while let Parent::Env(id) = env {
            let scope = &self.mem.envs[id as usize];
            if let Some(call) = &scope.call {
                return call.this.clone();
            }
            env = scope.parent;
        }
        Val::Unknown
    }

    fn arguments(&mut self, env: Parent) -> R<Val> {
        let mut env = env;
        while let Parent::Env(id) = env {
            let scope = &self.mem.envs[id as usize];
            if let Some(call) = &scope.call {
                if let Some(made) = call.arguments {
                    return Ok(Val::Obj(made));
                }
                let (mut args, start) = (call.args.clone(), call.start);
                self.step(args.len())?;
                // A parameter and its argument are one: what either is given, the other has.
                let function = self.model.function_at(start).ok_or(Stop::Unknown)?;
                for (at, arg) in args.iter_mut().enumerate() {
                    if self.model.is_parameter_changed(function, at) {
                        *arg = Val::Unknown;
                    }
                }
                let made = self.alloc(Kind::Array(args))?;
                self.mem.heap[made as usize].shared = true;
                if let Some(call) = &mut self.mem.envs[id as usize].call {
                    call.arguments = Some(made);
                }
                return Ok(Val::Obj(made));
            }
            env = scope.parent;
        }
        Ok(Val::Unknown)
    }

    /// Whether the module writes to a global of that name, or to its members.
    pub(super) fn is_patched(&mut self, name: &str) -> bool {
        if self.mem.patched.is_none() {
            let roots = self.model.member_writes.iter().map(|write| write.root);
            let assigned =
                (0..self.model.names.len() as u32).filter(|name| self.model.names[*name as usize].first_assign != NONE);
            let patched = roots
                .chain(assigned)
                .filter_map(|name| self.model.names.get(name as usize))
                .filter(|name| !name.declared && (GLOBALS.contains(&name.text) || NUMBERS.contains(&name.text)))
                .map(|name| name.text);
            self.mem.patched = Some(patched.collect());
        }
        self.mem
            .patched
            .as_ref()
            .is_some_and(|patched| !patched.is_empty() && patched.contains(name))
    }
}

fn same_text(left: &Val, right: &Val) -> bool {
    matches!((left, right), (Val::Str(a), Val::Str(b)) if std::rc::Rc::ptr_eq(a, b))
}
