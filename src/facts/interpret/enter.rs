//! Where the evaluator hands over: a call with constant arguments, a name that statements change, an expression of
//! constants alone. What failed once is not tried again.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Lit, MemberProp};

use super::{
    Memory, R, Run, Stop,
    convert::{is_constant, key_of},
    heap::{Parent, Val},
};
use crate::facts::{
    evaluate::Analysis,
    model::{BindingId, Context, FuncId, Role, ScopeId, Source},
    value::{Hidden, Value},
};

/// How often a function may come to nothing before it is left alone.
const MAX_MISSES: u8 = 3;
/// How many levels of an expression are looked through for what it begins with.
const MAX_SPINE: usize = 64;

/// Functions and objects of the language that turn data into text.
const DECODERS: [&str; 11] = [
    "Buffer",
    "String",
    "TextDecoder",
    "Uint8Array",
    "atob",
    "decodeURI",
    "decodeURIComponent",
    "encodeURIComponent",
    "escape",
    "parseInt",
    "unescape",
];

/// What runs have shown so far.
#[derive(Default)]
pub(super) struct Known<'a> {
    calls: FxHashMap<(FuncId, String), Value<'a>>,
    misses: FxHashMap<FuncId, u8>,
    /// Functions that gave something.
    good: FxHashSet<FuncId>,
    /// Expressions, by address, that come to nothing; names, and from where they were asked for.
    failed: FxHashSet<usize>,
    names: FxHashSet<BindingId>,
    /// Arrays and objects that names hold.
    made: FxHashMap<BindingId, Value<'a>>,
}

/// What a nested transaction puts aside.
pub(super) struct Outer {
    transaction: u32,
    at: u32,
    function: FuncId,
    strict: bool,
    cached: bool,
    tries: u32,
}

impl<'a> Run<'_, 'a> {
    pub(super) fn begin(&mut self) -> Outer {
        let outer = Outer {
            transaction: self.mem.transaction,
            at: self.at,
            function: self.function,
            strict: self.strict,
            cached: self.cached,
            tries: self.tries,
        };
        self.mem.transactions += 1;
        self.mem.transaction = self.mem.transactions;
        (self.strict, self.cached, self.tries) = (false, false, 0);
        outer
    }

    pub(super) fn end(&mut self, outer: Outer) {
        self.mem.transaction = outer.transaction;
        (self.at, self.function) = (outer.at, outer.function);
        (self.strict, self.cached, self.tries) = (outer.strict, outer.cached, outer.tries);
    }

    /// Remembers that an expression of constants comes to nothing.
    pub(super) fn failed_at(&mut self, expr: &Expr) {
        if self.constant {
            self.mem.known.failed.insert(std::ptr::from_ref(expr) as usize);
        }
    }

    /// Calls a function of the module twice over if it remembers something: the results must be the same.
    fn call_function(&mut self, function: FuncId, args: &[Value<'a>]) -> R<Value<'a>> {
        let (objects, scopes, cells) = (self.mem.heap.len(), self.mem.envs.len(), self.mem.cells.len());
        let outer = self.begin();
        self.strict = true;
        let mark = self.mem.journal.len();
        let result = self.call_once(function, args).and_then(|first| {
            if self.cached {
                let second = self.call_once(function, args)?;
                if !self.same_result(&first, &second)? {
                    return Err(Stop::Unknown);
                }
            }
            let least = if self.rotated {
                Hidden::Decoded
            } else {
                Hidden::Assembled
            };
            self.to_value(&first, least, 0)
        });
        let cached = self.cached;
        if result.is_err() {
            self.roll_back(mark);
        }
        self.mem.journal.truncate(mark);
        self.end(outer);
        if cells == self.mem.cells.len() && (result.is_err() || !cached) {
            self.mem.heap.truncate(objects);
            self.mem.owners.truncate(objects);
            self.mem.envs.truncate(scopes);
            self.mem.env_owners.truncate(scopes);
        }
        result
    }

    fn call_once(&mut self, function: FuncId, args: &[Value<'a>]) -> R<Val> {
        let closure = match self.model.functions[function as usize].role {
            Role::Named(binding) => self.free(binding)?,
            _ => self.closure_of(function)?,
        };
        if !matches!(closure, Val::Obj(_)) {
            return Err(Stop::Unknown);
        }
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.from_value(arg)?);
        }
        let value = self.call_value(&closure, Val::Unknown, values)?;
        if value.is_unknown() {
            Err(Stop::Unknown)
        } else {
            Ok(value)
        }
    }
}

impl<'a> Analysis<'a> {
    fn run<T>(&mut self, at: u32, scope: ScopeId, work: impl FnOnce(&mut Run<'_, 'a>) -> R<T>) -> Option<T> {
        let mut memory = match self.memory.take() {
            Some(memory) => memory,
            None => Box::new(Memory::new(self.text.len())),
        };
        let replaced = self.patched();
        let result = if memory.steps == 0 {
            None
        } else {
            let mut run = Run {
                model: &self.model,
                text: self.text,
                replaced: &replaced,
                mem: &mut memory,
                at,
                function: self.model.function_of(scope),
                running: Vec::new(),
                planning: Vec::new(),
                groups: 0,
                depth: 0,
                calls: 0,
                tries: 0,
                strict: false,
                cached: false,
                constant: false,
                rotated: false,
            };
            work(&mut run).ok()
        };
        self.memory = Some(memory);
        result
    }

    fn known(&self) -> Option<&Known<'a>> {
        self.memory.as_ref().map(|memory| &memory.known)
    }

    /// Whether runs of a function have given something before.
    pub(in crate::facts) fn is_decoder(&self, function: FuncId) -> bool {
        self.known().is_some_and(|known| known.good.contains(&function))
    }

    /// What a function of the module gives for constant arguments.
    pub(in crate::facts) fn interpreted_call(
        &mut self,
        function: FuncId,
        args: &[Value<'a>],
        at: u32,
        scope: ScopeId,
    ) -> Option<Value<'a>> {
        if !args.iter().all(is_constant) {
            return None;
        }
        if let Some(known) = self.known()
            && known.misses.get(&function).is_some_and(|misses| *misses >= MAX_MISSES)
        {
            return None;
        }
        let mut key = String::new();
        let key = args
            .iter()
            .try_for_each(|arg| key_of(arg, &mut key))
            .map(|()| (function, key));
        if let Some(key) = &key
            && let Some(value) = self.known().and_then(|known| known.calls.get(key))
        {
            return Some(value.clone()).filter(|value| !matches!(value, Value::Unknown));
        }
        let value = self.run(at, scope, |run| run.call_function(function, args));
        let known = &mut self.memory.as_mut()?.known;
        match &value {
            None | Some(Value::Unknown) => *known.misses.entry(function).or_default() += 1,
            Some(_) => {
                known.good.insert(function);
            }
        }
        if let Some(key) = key {
            known.calls.insert(key, value.clone().unwrap_or(Value::Unknown));
        }
        value.filter(|value| !matches!(value, Value::Unknown))
    }

    /// What a name holds that statements of its block change.
    pub(in crate::facts) fn interpreted_name(
        &mut self,
        binding: BindingId,
        at: u32,
        scope: ScopeId,
        object: bool,
    ) -> Option<Value<'a>> {
        if self.known().is_some_and(|known| known.names.contains(&binding)) {
            return None;
        }
        let writes = {
            let mut writes = self.model.writes_of(binding);
            (writes.next().map(|write| write.source), writes.next().is_some())
        };
        let candidate = match writes {
            (None, false) => self.model.assigns_of(binding).next().is_some(),
            (Some(Source::Expr(_, _)), false) if object => self.is_filled(binding),
            (Some(Source::Expr(expr, _)), false) => begins_constant(expr, true),
            _ => false,
        };
        if !candidate {
            self.leave_alone(binding);
            return None;
        }
        let value = self.run(at, scope, |run| {
            let value = run.free(binding)?;
            let poisoned = run.is_poisoned(binding);
            if object && !run.is_changed(binding) {
                return Ok((Value::Unknown, true));
            }
            // What statements have made stays as it is: it is handed back as a whole only once.
            if let (Val::Obj(_), Some(made)) = (&value, run.mem.known.made.get(&binding)) {
                return Ok((made.clone(), poisoned));
            }
            let made = run.to_value(&value, Hidden::Plain, 0)?;
            if matches!(value, Val::Obj(_)) {
                run.mem.known.made.insert(binding, made.clone());
            }
            Ok((made, poisoned))
        });
        match value {
            Some((Value::Unknown, false)) => None,
            Some((Value::Unknown, true)) | None => {
                self.leave_alone(binding);
                None
            }
            Some((value, _)) => Some(value),
        }
    }

    /// Whether a member of what a binding holds is written to.
    fn is_filled(&self, binding: BindingId) -> bool {
        self.model
            .refs_to(binding)
            .any(|found| matches!(found.context, Context::Write(_)))
    }

    fn leave_alone(&mut self, binding: BindingId) {
        let memory = self
            .memory
            .get_or_insert_with(|| Box::new(Memory::new(self.text.len())));
        memory.known.names.insert(binding);
    }

    /// What a call of the language's own decoders is worth, or of a method of a constant, that was not known otherwise.
    pub(in crate::facts) fn interpreted_expression(
        &mut self,
        expr: &'a Expr,
        at: u32,
        scope: ScopeId,
    ) -> Option<Value<'a>> {
        if !self.begins_with_decoder(expr, scope) {
            return None;
        }
        let address = std::ptr::from_ref(expr) as usize;
        if self.known().is_some_and(|known| known.failed.contains(&address)) {
            return None;
        }
        let value = self.run(at, scope, |run| {
            let outer = run.begin();
            (run.at, run.strict) = (at, true);
            let mark = run.mem.journal.len();
            let value = run.eval(expr, Parent::Module(scope));
            let value = value.and_then(|value| run.to_value(&value, Hidden::Assembled, 0));
            let cached = run.cached;
            run.roll_back(mark);
            run.end(outer);
            if cached { Err(Stop::Unknown) } else { value }
        });
        if matches!(value, None | Some(Value::Unknown)) {
            let memory = self
                .memory
                .get_or_insert_with(|| Box::new(Memory::new(self.text.len())));
            memory.known.failed.insert(address);
            return None;
        }
        value
    }

    fn begins_with_decoder(&self, expr: &'a Expr, scope: ScopeId) -> bool {
        if let Expr::Call(call) = expr
            && call.args.iter().any(|arg| matches!(&*arg.expr, Expr::Object(_)))
        {
            return false;
        }
        let mut at = expr;
        for _ in 0..MAX_SPINE {
            at = match at {
                Expr::Lit(Lit::Str(_)) | Expr::Array(_) => return !std::ptr::eq(at, expr),
                Expr::Ident(ident) => {
                    return DECODERS.contains(&&*ident.sym) && self.model.lookup(&ident.sym, scope).is_none();
                }
                Expr::Paren(paren) => &paren.expr,
                Expr::Member(member) => &member.obj,
                Expr::New(new) => &new.callee,
                Expr::Call(call) => match call.callee.as_expr() {
                    Some(callee) => callee,
                    None => return false,
                },
                _ => return false,
            };
        }
        false
    }

    /// What an expression is worth that holds nothing but constants, operators and functions of the language.
    pub(in crate::facts) fn interpreted_constant(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<Value<'a>> {
        let first = match expr {
            Expr::Bin(_) | Expr::Unary(_) => expr,
            Expr::Member(member) if matches!(member.prop, MemberProp::Computed(_)) => expr,
            Expr::Call(call) => match call.callee.as_expr().map(|callee| &**callee) {
                Some(Expr::Member(member)) if !matches!(member.prop, MemberProp::Computed(_)) => return None,
                Some(callee) => callee,
                None => return None,
            },
            _ => return None,
        };
        if !begins_constant(first, false) {
            return None;
        }
        let address = std::ptr::from_ref(expr) as usize;
        if self.known().is_some_and(|known| known.failed.contains(&address)) {
            return None;
        }
        let value = self.run(0, scope, |run| {
            run.constant = true;
            let outer = run.begin();
            let (objects, scopes) = (run.mem.heap.len(), run.mem.envs.len());
            let value = run.eval(expr, Parent::Module(scope));
            let value = value.and_then(|value| run.to_value(&value, Hidden::Assembled, 0));
            run.end(outer);
            run.mem.journal.clear();
            run.mem.heap.truncate(objects);
            run.mem.owners.truncate(objects);
            run.mem.envs.truncate(scopes);
            run.mem.env_owners.truncate(scopes);
            value
        });
        if matches!(value, None | Some(Value::Unknown)) {
            self.memory.as_mut()?.known.failed.insert(address);
            return None;
        }
        value
    }
}

/// Whether an expression begins with a constant that is no plain text; or with any, or is a call that is given one.
fn begins_constant(expr: &Expr, any: bool) -> bool {
    let mut at = expr;
    for _ in 0..MAX_SPINE {
        at = match at {
            Expr::Lit(Lit::Str(_)) | Expr::Tpl(_) => return any,
            Expr::Lit(Lit::Num(_) | Lit::Bool(_)) | Expr::Array(_) => return true,
            Expr::Unary(unary) => {
                if matches!(
                    unary.op,
                    ast::UnaryOp::TypeOf | ast::UnaryOp::Delete | ast::UnaryOp::Void
                ) {
                    return false;
                }
                &unary.arg
            }
            Expr::Object(object) => return any && object.props.is_empty(),
            Expr::Bin(bin) => &bin.left,
            Expr::Paren(paren) => &paren.expr,
            Expr::Member(member) => &member.obj,
            Expr::New(new) if any => match new.args.as_deref() {
                None | Some([]) => return true,
                Some([first, ..]) => &first.expr,
            },
            Expr::Call(call) => {
                let Some(callee) = call.callee.as_expr() else {
                    return false;
                };
                match call.args.first() {
                    // `atob('…')`, `Buffer.from([…])`
                    Some(first) if any && matches!(&*first.expr, Expr::Lit(_) | Expr::Array(_) | Expr::Tpl(_)) => {
                        return true;
                    }
                    _ => callee,
                }
            }
            _ => return false,
        };
    }
    false
}
