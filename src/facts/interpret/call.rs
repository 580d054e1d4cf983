//! Functions: made, called, constructed.

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, ExprOrSpread, Pat};

use super::{
    MAX_CALLS, R, Run, Stop,
    heap::{Body, Call, Closure, Code, Kind, Parameters, Parent, Val},
    stmt::Done,
};
use crate::{facts::collect::for_each_name, parse::span_of};

impl<'a> Run<'_, 'a> {
    pub(super) fn function(&mut self, function: &'a ast::Function, own_name: Option<&'a Atom>, env: Parent) -> R<Val> {
        let (Some(body), false, false) = (&function.body, function.is_async, function.is_generator) else {
            return Ok(Val::Unknown);
        };
        let span = span_of(function.span);
        self.new_closure(Closure {
            code: Code {
                params: Parameters::Function(&function.params),
                body: Body::Block(&body.stmts),
            },
            env,
            arrow: false,
            own_name,
            span: (span.start, span.end),
        })
    }

    pub(super) fn arrow(&mut self, arrow: &'a ast::ArrowExpr, env: Parent) -> R<Val> {
        if arrow.is_async {
            return Ok(Val::Unknown);
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
            env,
            arrow: true,
            own_name: None,
            span: (span.start, span.end),
        })
    }

    pub(super) fn call_expr(&mut self, callee: &'a Expr, args: &'a [ExprOrSpread], env: Parent) -> R<Val> {
        let mut plain = callee;
        while let Expr::Paren(paren) = plain {
            plain = &paren.expr;
        }
        let (target, this) = if let Expr::Member(member) = plain {
            let object = self.eval(&member.obj, env)?;
            (self.member(&object, &member.prop, env)?, object)
        } else {
            (self.eval(plain, env)?, Val::Undefined)
        };
        let args = self.arguments_of(args, env)?;
        self.call_value(&target, this, args)
    }

    fn arguments_of(&mut self, args: &'a [ExprOrSpread], env: Parent) -> R<Vec<Val>> {
        let mut values = Vec::with_capacity(args.len().min(1 << 16));
        for arg in args {
            let value = self.eval(&arg.expr, env)?;
            if arg.spread.is_some() {
                values.extend(self.items(&value)?);
            } else {
                values.push(value);
            }
        }
        Ok(values)
    }

    pub(super) fn call_value(&mut self, target: &Val, this: Val, args: Vec<Val>) -> R<Val> {
        self.step(1 + args.len() / 8)?;
        match target {
            Val::Obj(id) => match &self.obj(*id).kind {
                Kind::Function(closure) => {
                    let closure = closure.clone();
                    self.run_closure(*id, &closure, this, args)
                }
                Kind::Bound(target, this, first) => {
                    let (target, this, mut all) = (target.clone(), this.clone(), first.clone());
                    all.extend(args);
                    self.deeper()?;
                    let value = self.call_value(&target, this, all)?;
                    self.depth -= 1;
                    Ok(value)
                }
                Kind::Returns(value) => Ok(value.clone()),
                _ => Err(Stop::Unknown),
            },
            Val::Native(native) => {
                self.deeper()?;
                let value = self.native(*native, &this, &args);
                self.depth -= 1;
                value
            }
            // Whatever is called may throw, and may change what it is given.
            Val::Unknown => {
                let changes = |value: &Val| matches!(value, Val::Obj(_));
                if self.tries > 0 || changes(&this) || args.iter().any(changes) {
                    return Err(Stop::Unknown);
                }
                Ok(Val::Unknown)
            }
            _ => Err(Stop::Unknown),
        }
    }

    fn run_closure(&mut self, id: u32, closure: &Closure<'a>, this: Val, args: Vec<Val>) -> R<Val> {
        if self.calls >= MAX_CALLS {
            return Err(Stop::Unknown);
        }
        self.deeper()?;
        self.calls += 1;
        let value = self.enter_closure(id, closure, this, args);
        self.calls -= 1;
        self.depth -= 1;
        value
    }

    fn enter_closure(&mut self, id: u32, closure: &Closure<'a>, this: Val, args: Vec<Val>) -> R<Val> {
        let params = closure.code.params;
        let mut vars: Vec<(&'a Atom, Val)> = Vec::new();
        if let Some(name) = closure.own_name {
            vars.push((name, Val::Obj(id)));
        }
        let mut simple = true;
        for at in 0..params.len() {
            match params.get(at) {
                Some(Pat::Ident(ident)) => vars.push((&ident.id.sym, args.get(at).cloned().unwrap_or(Val::Undefined))),
                Some(pat) => {
                    simple = false;
                    for_each_name(pat, &mut |name| vars.push((name, Val::Unset)));
                }
                None => {}
            }
        }
        let body = match closure.code.body {
            Body::Block(stmts) => {
                let hoist = self.hoist(stmts, true)?;
                let own = vars.len();
                self.step((own * hoist.vars.len()) / 16)?;
                for name in &hoist.vars {
                    if !vars[..own].iter().any(|(known, _)| known == name) {
                        vars.push((name, Val::Undefined));
                    }
                }
                vars.extend(hoist.lexical.iter().map(|name| (*name, Val::Unset)));
                Some((stmts, hoist))
            }
            Body::Value(_) => None,
        };
        let call = (!closure.arrow).then(|| Call {
            this,
            args: args.clone(),
            start: closure.span.0,
            arguments: None,
        });
        let env = self.push_env(vars, closure.env, call)?;
        if !simple {
            self.bind_params(params, args, env)?;
        }
        match (body, closure.code.body) {
            (Some((stmts, hoist)), _) => {
                self.declare_functions(&hoist, env)?;
                match self.statements(stmts, env)? {
                    Done::Return(value) => Ok(value),
                    _ => Ok(Val::Undefined),
                }
            }
            (None, Body::Value(value)) => self.eval(value, env),
            (None, Body::Block(_)) => Ok(Val::Undefined),
        }
    }

    fn bind_params(&mut self, params: Parameters<'a>, args: Vec<Val>, env: Parent) -> R<()> {
        for at in 0..params.len() {
            match params.get(at) {
                Some(Pat::Rest(rest)) => {
                    let more = args.get(at..).unwrap_or_default().to_vec();
                    let value = self.new_array(more)?;
                    self.bind(&rest.arg, value, env, true)?;
                }
                Some(Pat::Ident(_)) | None => {}
                Some(pat) => self.bind(pat, args.get(at).cloned().unwrap_or(Val::Undefined), env, true)?,
            }
        }
        Ok(())
    }

    pub(super) fn construct_expr(&mut self, new: &'a ast::NewExpr, env: Parent) -> R<Val> {
        let target = self.eval(&new.callee, env)?;
        let args = self.arguments_of(new.args.as_deref().unwrap_or_default(), env)?;
        match &target {
            Val::Obj(id) => {
                let id = *id;
                let Kind::Function(closure) = &self.obj(id).kind else {
                    return Err(Stop::Unknown);
                };
                if closure.arrow {
                    return Err(Stop::Unknown);
                }
                let closure = closure.clone();
                let Val::Obj(proto) = self.get(&target, "prototype")? else {
                    return Err(Stop::Unknown);
                };
                let this = self.alloc(Kind::Plain)?;
                self.mem.heap[this as usize].proto = Some(proto);
                match self.run_closure(id, &closure, Val::Obj(this), args)? {
                    made @ Val::Obj(_) => Ok(made),
                    made if made.is_unknown() => Err(Stop::Unknown),
                    _ => Ok(Val::Obj(this)),
                }
            }
            Val::Native(native) => self.construct(*native, &args),
            _ => self.call_value(&target, Val::Undefined, args),
        }
    }
}
