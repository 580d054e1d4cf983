//! Statements: declarations, branches, loops, `switch`, `try`.

use std::rc::Rc;

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Decl, ForHead, Pat, Stmt, VarDeclKind, VarDeclOrExpr};

use super::{
    R, Run, Stop,
    heap::{Hoist, Kind, Parent, Val},
};
use crate::facts::{collect::for_each_name, value::Hidden};

/// How a statement ends.
pub(super) enum Done<'a> {
    Normal,
    Break(Option<&'a Atom>),
    Continue(Option<&'a Atom>),
    Return(Val),
}

/// Goes on, leaves or goes out of a loop.
enum Next<'a> {
    On,
    Leave,
    Out(Done<'a>),
}

/// How deep blocks may be nested in a function whose names are collected.
const MAX_NESTED: u32 = 100;

impl<'a> Run<'_, 'a> {
    pub(super) fn statements(&mut self, stmts: &'a [Stmt], env: Parent) -> R<Done<'a>> {
        for stmt in stmts {
            match self.statement(stmt, env, None)? {
                Done::Normal => {}
                done => return Ok(done),
            }
        }
        Ok(Done::Normal)
    }

    fn block(&mut self, stmts: &'a [Stmt], env: Parent) -> R<Done<'a>> {
        let inner = self.enter_block(stmts, env)?;
        self.statements(stmts, inner)
    }

    /// A scope for the names that a list of statements keeps to itself.
    fn enter_block(&mut self, stmts: &'a [Stmt], env: Parent) -> R<Parent> {
        let hoist = self.hoist(stmts, false)?;
        if hoist.lexical.is_empty() && hoist.functions.is_empty() {
            return Ok(env);
        }
        let vars = hoist.lexical.iter().map(|name| (*name, Val::Unset)).collect();
        let inner = self.push_env(vars, env, None)?;
        self.declare_functions(&hoist, inner)?;
        Ok(inner)
    }

    pub(super) fn declare_functions(&mut self, hoist: &Hoist<'a>, env: Parent) -> R<()> {
        for decl in &hoist.functions {
            let value = self.function(&decl.function, None, env)?;
            self.declare(&decl.ident.sym, value, env)?;
        }
        Ok(())
    }

    pub(super) fn statement(&mut self, stmt: &'a Stmt, env: Parent, label: Option<&'a Atom>) -> R<Done<'a>> {
        self.deeper()?;
        let done = self.one_statement(stmt, env, label);
        self.depth -= 1;
        done
    }

    fn one_statement(&mut self, stmt: &'a Stmt, env: Parent, label: Option<&'a Atom>) -> R<Done<'a>> {
        match stmt {
            Stmt::Empty(_) | Stmt::Debugger(_) => {}
            Stmt::Expr(statement) => {
                self.eval(&statement.expr, env)?;
            }
            Stmt::Block(block) => return self.block(&block.stmts, env),
            Stmt::Decl(decl) => self.declaration(decl, env)?,
            Stmt::Return(ret) => {
                return Ok(Done::Return(match &ret.arg {
                    Some(value) => self.eval(value, env)?,
                    None => Val::Undefined,
                }));
            }
            Stmt::If(branch) => {
                if self.test(&branch.test, env)? {
                    return self.statement(&branch.cons, env, None);
                } else if let Some(other) = &branch.alt {
                    return self.statement(other, env, None);
                }
            }
            Stmt::For(stmt) => return self.for_loop(stmt, env, label),
            Stmt::ForOf(stmt) if !stmt.is_await => {
                let iterated = self.eval(&stmt.right, env)?;
                let items = self.items(&iterated)?;
                return self.for_each(&stmt.left, items, &stmt.body, env, label);
            }
            Stmt::ForIn(stmt) => {
                let object = self.eval(&stmt.right, env)?;
                let keys = self.keys(&object)?;
                let keys = keys.iter().map(|key| Val::text(key, Hidden::Plain)).collect();
                return self.for_each(&stmt.left, keys, &stmt.body, env, label);
            }
            Stmt::While(stmt) => {
                while self.test(&stmt.test, env)? {
                    match self.turn(&stmt.body, env, label)? {
                        Next::On => {}
                        Next::Leave => break,
                        Next::Out(done) => return Ok(done),
                    }
                }
            }
            Stmt::DoWhile(stmt) => loop {
                match self.turn(&stmt.body, env, label)? {
                    Next::On => {}
                    Next::Leave => break,
                    Next::Out(done) => return Ok(done),
                }
                if !self.test(&stmt.test, env)? {
                    break;
                }
            },
            Stmt::Switch(stmt) => return self.switch(stmt, env),
            Stmt::Break(stmt) => return Ok(Done::Break(stmt.label.as_ref().map(|l| &l.sym))),
            Stmt::Continue(stmt) => return Ok(Done::Continue(stmt.label.as_ref().map(|l| &l.sym))),
            Stmt::Labeled(stmt) => {
                return Ok(match self.statement(&stmt.body, env, Some(&stmt.label.sym))? {
                    Done::Break(Some(name)) if *name == stmt.label.sym => Done::Normal,
                    done => done,
                });
            }
            Stmt::Throw(stmt) => {
                let value = self.eval(&stmt.arg, env)?;
                return Err(Stop::Throw(value));
            }
            Stmt::Try(stmt) => return self.try_statement(stmt, env),
            _ => return Err(Stop::Unknown),
        }
        Ok(Done::Normal)
    }

    fn test(&mut self, expr: &'a ast::Expr, env: Parent) -> R<bool> {
        let value = self.eval(expr, env)?;
        self.truthy(&value)
    }

    /// One turn of a loop.
    fn turn(&mut self, body: &'a Stmt, env: Parent, label: Option<&'a Atom>) -> R<Next<'a>> {
        self.step(1)?;
        Ok(match self.statement(body, env, None)? {
            Done::Normal | Done::Continue(None) => Next::On,
            Done::Continue(name) if name == label => Next::On,
            Done::Break(None) => Next::Leave,
            done => Next::Out(done),
        })
    }

    fn for_loop(&mut self, stmt: &'a ast::ForStmt, env: Parent, label: Option<&'a Atom>) -> R<Done<'a>> {
        let mut env = env;
        let mut own: Vec<&'a Atom> = Vec::new();
        match &stmt.init {
            Some(VarDeclOrExpr::VarDecl(decl)) => {
                if decl.kind != VarDeclKind::Var {
                    for one in &decl.decls {
                        for_each_name(&one.name, &mut |name| own.push(name));
                    }
                    let vars = own.iter().map(|name| (*name, Val::Unset)).collect();
                    env = self.push_env(vars, env, None)?;
                }
                self.variables(decl, env)?;
            }
            Some(VarDeclOrExpr::Expr(expr)) => {
                self.eval(expr, env)?;
            }
            None => {}
        }
        loop {
            if let Some(test) = &stmt.test
                && !self.test(test, env)?
            {
                break;
            }
            let closures = self.mem.closures;
            match self.turn(&stmt.body, env, label)? {
                Next::On => {}
                Next::Leave => break,
                Next::Out(done) => return Ok(done),
            }
            // Each turn has its own names, which matters only to functions made in it.
            if !own.is_empty() && self.mem.closures != closures {
                env = self.copy_env(env)?;
            }
            if let Some(update) = &stmt.update {
                self.eval(update, env)?;
            }
        }
        Ok(Done::Normal)
    }

    fn for_each(
        &mut self,
        head: &'a ForHead,
        items: Vec<Val>,
        body: &'a Stmt,
        env: Parent,
        label: Option<&'a Atom>,
    ) -> R<Done<'a>> {
        for item in items {
            let mut inner = env;
            match head {
                ForHead::VarDecl(decl) => {
                    let [one] = &decl.decls[..] else {
                        return Err(Stop::Unknown);
                    };
                    if decl.kind != VarDeclKind::Var {
                        let mut vars = Vec::new();
                        for_each_name(&one.name, &mut |name| vars.push((name, Val::Unset)));
                        inner = self.push_env(vars, env, None)?;
                    }
                    self.bind(&one.name, item, inner, true)?;
                }
                ForHead::Pat(pat) => self.bind(pat, item, inner, false)?,
                ForHead::UsingDecl(_) => return Err(Stop::Unknown),
            }
            match self.turn(body, inner, label)? {
                Next::On => {}
                Next::Leave => break,
                Next::Out(done) => return Ok(done),
            }
        }
        Ok(Done::Normal)
    }

    fn switch(&mut self, stmt: &'a ast::SwitchStmt, env: Parent) -> R<Done<'a>> {
        let value = self.eval(&stmt.discriminant, env)?;
        if value.is_unknown() {
            return Err(Stop::Unknown);
        }
        let mut lexical = Vec::new();
        let mut functions = Vec::new();
        for case in &stmt.cases {
            let hoist = self.hoist(&case.cons, false)?;
            lexical.extend(hoist.lexical.iter().map(|name| (*name, Val::Unset)));
            functions.push(hoist);
        }
        let inner = if lexical.is_empty() && functions.iter().all(|hoist| hoist.functions.is_empty()) {
            env
        } else {
            self.push_env(lexical, env, None)?
        };
        for hoist in functions {
            self.declare_functions(&hoist, inner)?;
        }
        let mut start = None;
        for (at, case) in stmt.cases.iter().enumerate() {
            self.step(1)?;
            if let Some(test) = &case.test {
                let test = self.eval(test, inner)?;
                if test.is_unknown() {
                    return Err(Stop::Unknown);
                }
                if Self::strict_equal(&value, &test) {
                    start = Some(at);
                    break;
                }
            }
        }
        let start = start.or_else(|| stmt.cases.iter().position(|case| case.test.is_none()));
        for case in stmt.cases.iter().skip(start.unwrap_or(stmt.cases.len())) {
            match self.statements(&case.cons, inner)? {
                Done::Normal => {}
                Done::Break(None) => break,
                done => return Ok(done),
            }
        }
        Ok(Done::Normal)
    }

    fn try_statement(&mut self, stmt: &'a ast::TryStmt, env: Parent) -> R<Done<'a>> {
        let (depth, calls) = (self.depth, self.calls);
        self.tries += 1;
        let mut result = self.block(&stmt.block.stmts, env);
        self.tries -= 1;
        if let (Err(Stop::Throw(thrown)), Some(handler)) = (&result, &stmt.handler) {
            (self.depth, self.calls) = (depth, calls);
            let thrown = thrown.clone();
            result = self.catch(handler, thrown, env);
        }
        if let Some(finalizer) = &stmt.finalizer
            && matches!(result, Ok(_) | Err(Stop::Throw(_)))
        {
            (self.depth, self.calls) = (depth, calls);
            match self.block(&finalizer.stmts, env)? {
                Done::Normal => {}
                done => return Ok(done),
            }
        }
        result
    }

    fn catch(&mut self, handler: &'a ast::CatchClause, thrown: Val, env: Parent) -> R<Done<'a>> {
        let mut inner = env;
        if let Some(param) = &handler.param {
            let mut vars = Vec::new();
            for_each_name(param, &mut |name| vars.push((name, Val::Unset)));
            inner = self.push_env(vars, env, None)?;
            self.bind(param, thrown, inner, true)?;
        }
        self.block(&handler.body.stmts, inner)
    }

    pub(super) fn declaration(&mut self, decl: &'a Decl, env: Parent) -> R<()> {
        match decl {
            Decl::Var(decl) => self.variables(decl, env),
            // Declared when its block was entered.
            Decl::Fn(_) => Ok(()),
            _ => Err(Stop::Unknown),
        }
    }

    fn variables(&mut self, decl: &'a ast::VarDecl, env: Parent) -> R<()> {
        for one in &decl.decls {
            let value = match &one.init {
                Some(init) => self.eval(init, env)?,
                None if decl.kind == VarDeclKind::Var => continue,
                None => Val::Undefined,
            };
            self.bind(&one.name, value, env, true)?;
        }
        Ok(())
    }

    /// The items of what a loop or a spread goes over.
    pub(super) fn items(&mut self, value: &Val) -> R<Vec<Val>> {
        let items = match value {
            Val::Str(text) => {
                let mut items = Vec::new();
                for c in char::decode_utf16(text.units.iter().copied()) {
                    let c = c.map_err(|_| Stop::Unknown)?;
                    let mut units = [0; 2];
                    items.push(Val::units(c.encode_utf16(&mut units).to_vec(), text.hidden));
                }
                items
            }
            Val::Obj(id) => match &self.obj(*id).kind {
                Kind::Array(items) => items
                    .iter()
                    .map(|v| {
                        if matches!(v, Val::Unset) {
                            Val::Undefined
                        } else {
                            v.clone()
                        }
                    })
                    .collect(),
                Kind::Bytes(bytes, _) => bytes.iter().map(|b| Val::Num(f64::from(*b))).collect(),
                Kind::Map(entries, true) => entries.iter().map(|(key, _)| key.clone()).collect(),
                Kind::Map(entries, false) => {
                    let pairs = entries.clone();
                    let mut items = Vec::new();
                    for (key, value) in pairs {
                        items.push(self.new_array(vec![key, value])?);
                    }
                    items
                }
                _ => return Err(Stop::Unknown),
            },
            _ => return Err(Stop::Unknown),
        };
        self.charge_text(items.len())?;
        Ok(items)
    }

    /// The names that a list of statements declares, worked out once.
    pub(super) fn hoist(&mut self, stmts: &'a [Stmt], function: bool) -> R<Rc<Hoist<'a>>> {
        let key = (stmts.as_ptr() as usize, stmts.len(), function);
        if let Some(found) = self.mem.hoists.get(&key) {
            return Ok(found.clone());
        }
        let mut hoist = Hoist {
            vars: Vec::new(),
            lexical: Vec::new(),
            functions: Vec::new(),
        };
        self.step(stmts.len())?;
        for stmt in stmts {
            match stmt {
                Stmt::Decl(Decl::Fn(decl)) if decl.function.body.is_some() => {
                    hoist.lexical.push(&decl.ident.sym);
                    hoist.functions.push(decl);
                }
                Stmt::Decl(Decl::Var(decl)) if decl.kind != VarDeclKind::Var => {
                    for one in &decl.decls {
                        for_each_name(&one.name, &mut |name| hoist.lexical.push(name));
                    }
                }
                Stmt::Decl(Decl::Class(decl)) => hoist.lexical.push(&decl.ident.sym),
                _ => {}
            }
        }
        if function && !vars_of(stmts, &mut hoist.vars, 0) {
            return Err(Stop::Unknown);
        }
        let hoist = Rc::new(hoist);
        self.mem.hoists.insert(key, hoist.clone());
        Ok(hoist)
    }
}

/// Collects the `var` names of statements and their inner blocks; false if they are nested too deeply.
fn vars_of<'a>(stmts: &'a [Stmt], out: &mut Vec<&'a Atom>, depth: u32) -> bool {
    stmts.iter().all(|stmt| vars_in(stmt, out, depth))
}

fn vars_in<'a>(stmt: &'a Stmt, out: &mut Vec<&'a Atom>, depth: u32) -> bool {
    if depth > MAX_NESTED {
        return false;
    }
    let mut declared = |decl: &'a ast::VarDecl| {
        if decl.kind == VarDeclKind::Var {
            for one in &decl.decls {
                names_of(&one.name, out);
            }
        }
    };
    match stmt {
        Stmt::Decl(Decl::Var(decl)) => declared(decl),
        Stmt::Block(block) => return vars_of(&block.stmts, out, depth + 1),
        Stmt::If(branch) => {
            return vars_in(&branch.cons, out, depth + 1)
                && branch.alt.as_ref().is_none_or(|other| vars_in(other, out, depth + 1));
        }
        Stmt::For(stmt) => {
            if let Some(VarDeclOrExpr::VarDecl(decl)) = &stmt.init {
                declared(decl);
            }
            return vars_in(&stmt.body, out, depth + 1);
        }
        Stmt::ForIn(ast::ForInStmt { left, body, .. }) | Stmt::ForOf(ast::ForOfStmt { left, body, .. }) => {
            if let ForHead::VarDecl(decl) = left {
                declared(decl);
            }
            return vars_in(body, out, depth + 1);
        }
        Stmt::While(stmt) => return vars_in(&stmt.body, out, depth + 1),
        Stmt::DoWhile(stmt) => return vars_in(&stmt.body, out, depth + 1),
        Stmt::Labeled(stmt) => return vars_in(&stmt.body, out, depth + 1),
        Stmt::Switch(stmt) => return stmt.cases.iter().all(|case| vars_of(&case.cons, out, depth + 1)),
        Stmt::Try(stmt) => {
            let handler = stmt.handler.as_ref().map(|handler| &handler.body);
            return std::iter::once(&stmt.block)
                .chain(handler)
                .chain(&stmt.finalizer)
                .all(|block| vars_of(&block.stmts, out, depth + 1));
        }
        _ => {}
    }
    true
}

fn names_of<'a>(pat: &'a Pat, out: &mut Vec<&'a Atom>) {
    for_each_name(pat, &mut |name| out.push(name));
}
