//! A small, exact interpreter for the parts of a module that work on constants alone: decoders, string tables and the
//! loops that rotate them, arithmetic on coerced values.
//!
//! It runs over the borrowed tree with a heap of its own, and knows nothing of the world outside: a parameter from
//! elsewhere, a host's object, the time, a random number is `Unknown`. An unknown value may be held and handed on; to
//! branch on it, to index with it or to write through it ends the run, and the result is unknown. So does each limit:
//! steps, sizes, depth.

#![expect(
    clippy::wrong_self_convention,
    clippy::needless_pass_by_value,
    reason = "the conversions are JavaScript's, and work through the run; what a run is given, it keeps"
)]

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_atoms::Atom;

use self::heap::{Closure, Env, EnvId, Hoist, Kind, Obj, ObjId, Parent, Props, Val};
use super::model::{BindingId, FuncId, Model, Patched};

mod arrays;
mod assign;
mod bytes;
mod call;
mod coerce;
mod convert;
mod enter;
mod expr;
mod heap;
mod lists;
mod make;
mod names;
mod natives;
mod objects;
mod patterns;
mod plan;
mod regex;
mod state;
mod stmt;
mod tables;
mod texts;
mod touches;

pub(super) use self::{
    coerce::{number_text, radix_text},
    convert::are_constant,
};

/// Steps that one module's runs may cost together: at least, for each byte of its text, at most.
const BUDGET: u32 = 100_000;
const BUDGET_PER_BYTE: u32 = 320;
const MAX_BUDGET: u32 = 28_000_000;
/// How deep expressions, statements and calls may be nested in a run, and calls alone.
const MAX_DEPTH: u32 = 360;
const MAX_CALLS: u32 = 64;
/// The longest text, array or byte string.
const MAX_SIZE: usize = 1 << 20;
/// The most objects and scopes that are held.
const MAX_OBJECTS: usize = 1 << 18;

/// Why a run ends before its end.
enum Stop {
    /// Something that is not known decides, or a limit is reached.
    Unknown,
    /// The program throws.
    Throw(Val),
    /// Another binding's state has to be worked out together with the one at hand.
    Needs(BindingId),
}

type R<T> = Result<T, Stop>;

/// What is undone when a run comes to nothing.
enum Undo<'a> {
    Kind(ObjId, Kind<'a>),
    Prop(ObjId, Rc<str>, Option<Val>),
    Var(EnvId, usize, Val),
    Cell(BindingId, Val),
}

/// The state of one binding of the module.
struct Cell {
    value: Val,
    state: State,
    /// The function whose scope it is in, and from where on in that function the value is right.
    home: FuncId,
    from: u32,
    /// From where on somebody else has it, too.
    until: u32,
    /// Functions that change it whenever they are called.
    through: Vec<FuncId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Preparing,
    Ready,
    Poisoned,
}

/// What is kept of a module from run to run.
pub(super) struct Memory<'a> {
    heap: Vec<Obj<'a>>,
    /// In which transaction each object and each scope was made.
    owners: Vec<u32>,
    envs: Vec<Env<'a>>,
    env_owners: Vec<u32>,
    cells: FxHashMap<BindingId, Cell>,
    journal: Vec<Undo<'a>>,
    /// Names of globals that the module writes to.
    patched: Option<FxHashSet<&'a str>>,
    hoists: FxHashMap<(usize, usize, bool), Rc<Hoist<'a>>>,
    /// Sums of number literals, by address; none for what is something else.
    sums: FxHashMap<usize, Option<f64>>,
    /// How many functions were made.
    closures: u32,
    transaction: u32,
    transactions: u32,
    pub(super) steps: u32,
    known: enter::Known<'a>,
}

impl Memory<'_> {
    pub(super) fn new(text_len: usize) -> Self {
        let share = BUDGET_PER_BYTE.saturating_mul(text_len as u32);
        Self {
            heap: Vec::new(),
            owners: Vec::new(),
            envs: Vec::new(),
            env_owners: Vec::new(),
            cells: FxHashMap::default(),
            journal: Vec::new(),
            patched: None,
            hoists: FxHashMap::default(),
            sums: FxHashMap::default(),
            closures: 0,
            transaction: 0,
            transactions: 0,
            steps: BUDGET.saturating_add(share).min(MAX_BUDGET),
            known: enter::Known::default(),
        }
    }
}

/// One run of the interpreter.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what a run may do and has done, each told apart"
)]
struct Run<'r, 'a> {
    model: &'r Model<'a>,
    text: &'r str,
    replaced: &'r Patched<'a>,
    mem: &'r mut Memory<'a>,
    /// The place in the module whose state is asked for.
    at: u32,
    function: FuncId,
    /// Statements of the module that are being run, by address, and how deep groups of them are nested.
    running: Vec<usize>,
    /// Names whose state is being planned.
    planning: Vec<BindingId>,
    groups: u32,
    depth: u32,
    calls: u32,
    /// How many `try` blocks are around.
    tries: u32,
    /// Whether what the run finds may change nothing of the module's state but caches; and whether it changed those.
    strict: bool,
    cached: bool,
    /// Whether no name but those of the language may be read; whether a name was read that statements had changed.
    constant: bool,
    rotated: bool,
}

impl<'a> Run<'_, 'a> {
    fn step(&mut self, cost: usize) -> R<()> {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        super::count_steps(cost.min(self.mem.steps));
        let left = self.mem.steps.checked_sub(cost);
        self.mem.steps = left.unwrap_or_default();
        left.map(|_| ()).ok_or(Stop::Unknown)
    }

    /// Work on so many units that are copied or compared in bulk.
    fn charge_text(&mut self, units: usize) -> R<()> {
        self.step(1 + units / 16)
    }

    fn deeper(&mut self) -> R<()> {
        self.step(1)?;
        if self.depth >= MAX_DEPTH {
            return Err(Stop::Unknown);
        }
        self.depth += 1;
        Ok(())
    }

    /// Whether something of that size may be.
    #[expect(clippy::unused_self, reason = "a limit of the run, beside the others")]
    fn room(&self, size: usize) -> R<()> {
        if size > MAX_SIZE { Err(Stop::Unknown) } else { Ok(()) }
    }

    fn obj(&self, id: ObjId) -> &Obj<'a> {
        &self.mem.heap[id as usize]
    }

    fn alloc(&mut self, kind: Kind<'a>) -> R<ObjId> {
        self.step(1)?;
        if self.mem.heap.len() + self.mem.envs.len() >= MAX_OBJECTS {
            return Err(Stop::Unknown);
        }
        self.mem.heap.push(Obj {
            kind,
            props: Props::default(),
            proto: None,
            shared: false,
        });
        self.mem.owners.push(self.mem.transaction);
        Ok(self.mem.heap.len() as ObjId - 1)
    }

    fn new_array(&mut self, items: Vec<Val>) -> R<Val> {
        self.room(items.len())?;
        self.charge_text(items.len())?;
        self.alloc(Kind::Array(items)).map(Val::Obj)
    }

    fn new_bytes(&mut self, bytes: Vec<u8>, buffer: bool) -> R<Val> {
        self.room(bytes.len())?;
        self.charge_text(bytes.len())?;
        self.alloc(Kind::Bytes(bytes, buffer)).map(Val::Obj)
    }

    fn new_closure(&mut self, closure: Closure<'a>) -> R<Val> {
        self.mem.closures += 1;
        self.alloc(Kind::Function(closure)).map(Val::Obj)
    }

    /// Whether an object was made before the transaction that is under way.
    fn is_foreign(&self, id: ObjId) -> bool {
        self.mem.owners[id as usize] != self.mem.transaction
    }

    /// The kind of an object that is about to be changed: an array's items, a buffer's bytes.
    fn kind_mut(&mut self, id: ObjId) -> R<&mut Kind<'a>> {
        if self.obj(id).shared {
            return Err(Stop::Unknown);
        }
        if self.is_foreign(id) {
            if self.strict {
                return Err(Stop::Unknown);
            }
            let before = self.obj(id).kind.clone();
            let size = match &before {
                Kind::Array(items) => items.len(),
                Kind::Bytes(bytes, _) => bytes.len(),
                _ => 0,
            };
            // One copy for each transaction would be enough; charged, so that many cost no more than the budget.
            self.charge_text(size)?;
            self.mem.journal.push(Undo::Kind(id, before));
        }
        Ok(&mut self.mem.heap[id as usize].kind)
    }

    fn set_prop(&mut self, id: ObjId, key: &str, value: Option<Val>) -> R<()> {
        self.charge_text(key.len())?;
        if self.is_foreign(id) {
            let object = self.obj(id);
            let before = object.props.get(key).cloned();
            if self.strict {
                let is_cache = matches!(object.kind, Kind::Function(_)) || (before.is_none() && value.is_some());
                if !is_cache {
                    return Err(Stop::Unknown);
                }
                self.cached = true;
            }
            self.mem.journal.push(Undo::Prop(id, key.into(), before));
        }
        self.mem.heap[id as usize].props.set(key, value);
        Ok(())
    }

    fn push_env(&mut self, vars: Vec<(&'a Atom, Val)>, parent: Parent, call: Option<heap::Call>) -> R<Parent> {
        self.step(1 + vars.len() / 4)?;
        if self.mem.heap.len() + self.mem.envs.len() >= MAX_OBJECTS {
            return Err(Stop::Unknown);
        }
        self.mem.envs.push(Env {
            vars,
            parent,
            call: call.map(Box::new),
        });
        self.mem.env_owners.push(self.mem.transaction);
        Ok(Parent::Env(self.mem.envs.len() as EnvId - 1))
    }

    fn copy_env(&mut self, env: Parent) -> R<Parent> {
        let Parent::Env(id) = env else { return Ok(env) };
        let (vars, parent) = {
            let env = &self.mem.envs[id as usize];
            (env.vars.clone(), env.parent)
        };
        self.push_env(vars, parent, None)
    }

    /// Takes back what was done since the journal was so long.
    fn roll_back(&mut self, mark: usize) {
        while self.mem.journal.len() > mark {
            match self.mem.journal.pop() {
                Some(Undo::Kind(id, kind)) => self.mem.heap[id as usize].kind = kind,
                Some(Undo::Prop(id, key, value)) => {
                    self.mem.heap[id as usize].props.set(&key, value);
                }
                Some(Undo::Var(id, at, value)) => self.mem.envs[id as usize].vars[at].1 = value,
                Some(Undo::Cell(binding, value)) => {
                    if let Some(cell) = self.mem.cells.get_mut(&binding) {
                        cell.value = value;
                    }
                }
                None => {}
            }
        }
    }
}
