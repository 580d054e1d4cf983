//! Assignments, updates and patterns.

use std::rc::Rc;

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{
    AssignOp, AssignTarget, AssignTargetPat, BinaryOp, Expr, MemberExpr, MemberProp, ObjectPatProp, Pat,
    SimpleAssignTarget,
};

use super::{
    R, Run, Stop,
    heap::{Kind, Parent, Val},
};

/// What a simple assignment writes to.
enum Target<'a> {
    Name(&'a Atom),
    Member(Val, Rc<str>),
}

impl<'a> Run<'_, 'a> {
    pub(super) fn assign(&mut self, assign: &'a ast::AssignExpr, env: Parent) -> R<Val> {
        let target = match &assign.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(ident)) => Target::Name(&ident.id.sym),
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.member_target(member, env)?,
            AssignTarget::Simple(SimpleAssignTarget::Paren(paren)) => self.expr_target(&paren.expr, env)?,
            AssignTarget::Pat(AssignTargetPat::Array(array)) if assign.op == AssignOp::Assign => {
                let value = self.eval(&assign.right, env)?;
                self.bind_array(array, value.clone(), env, false)?;
                return Ok(value);
            }
            AssignTarget::Pat(AssignTargetPat::Object(object)) if assign.op == AssignOp::Assign => {
                let value = self.eval(&assign.right, env)?;
                self.bind_object(object, &value, env, false)?;
                return Ok(value);
            }
            _ => return Err(Stop::Unknown),
        };
        if assign.op == AssignOp::Assign {
            // `text = text + more` is `text += more`.
            if let (Target::Name(name), Expr::Bin(bin)) = (&target, &*assign.right)
                && bin.op == BinaryOp::Add
                && matches!(&*bin.left, Expr::Ident(ident) if ident.sym == **name)
            {
                return self.compound_assign(BinaryOp::Add, &target, &bin.right, env);
            }
            let value = self.eval(&assign.right, env)?;
            self.put(&target, value.clone(), env)?;
            return Ok(value);
        }
        if let Some(op) = assign.op.to_update() {
            if matches!(
                op,
                BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
            ) {
                let old = self.current(&target, env)?;
                if old.is_unknown() {
                    return Err(Stop::Unknown);
                }
                let writes = match op {
                    BinaryOp::LogicalAnd => self.truthy(&old)?,
                    BinaryOp::LogicalOr => !self.truthy(&old)?,
                    _ => old.is_nullish(),
                };
                if !writes {
                    return Ok(old);
                }
                let value = self.eval(&assign.right, env)?;
                self.put(&target, value.clone(), env)?;
                return Ok(value);
            }
            return self.compound_assign(op, &target, &assign.right, env);
        }
        Err(Stop::Unknown)
    }

    fn compound_assign(&mut self, op: BinaryOp, target: &Target<'a>, right: &'a Expr, env: Parent) -> R<Val> {
        let old = self.current(target, env)?;
        let right = self.eval(right, env)?;
        if let (Target::Name(name), BinaryOp::Add, Val::Str(_)) = (target, op, &old) {
            self.release(name, env, &old)?;
        }
        let value = self.operate(op, old, right)?;
        self.put(target, value.clone(), env)?;
        Ok(value)
    }

    pub(super) fn update(&mut self, update: &'a ast::UpdateExpr, env: Parent) -> R<Val> {
        let target = self.expr_target(&update.arg, env)?;
        let old = self.current(&target, env)?;
        if old.is_unknown() {
            self.put(&target, Val::Unknown, env)?;
            return Ok(Val::Unknown);
        }
        let Some(number) = self.numeric(&old)? else {
            return Err(Stop::Unknown);
        };
        let next = match update.op {
            ast::UpdateOp::PlusPlus => number + 1.0,
            ast::UpdateOp::MinusMinus => number - 1.0,
        };
        self.put(&target, Val::Num(next), env)?;
        Ok(Val::Num(if update.prefix { next } else { number }))
    }

    fn expr_target(&mut self, expr: &'a Expr, env: Parent) -> R<Target<'a>> {
        match expr {
            Expr::Ident(ident) => Ok(Target::Name(&ident.sym)),
            Expr::Member(member) => self.member_target(member, env),
            Expr::Paren(paren) => self.expr_target(&paren.expr, env),
            _ => Err(Stop::Unknown),
        }
    }

    fn member_target(&mut self, member: &'a MemberExpr, env: Parent) -> R<Target<'a>> {
        let object = self.eval(&member.obj, env)?;
        let key = self.member_key(&member.prop, env)?;
        Ok(Target::Member(object, key))
    }

    pub(super) fn member_key(&mut self, prop: &'a MemberProp, env: Parent) -> R<Rc<str>> {
        match prop {
            MemberProp::Ident(name) => Ok((&*name.sym).into()),
            MemberProp::Computed(computed) => {
                let key = self.eval(&computed.expr, env)?;
                self.to_key(&key)
            }
            MemberProp::PrivateName(_) => Err(Stop::Unknown),
        }
    }

    fn current(&mut self, target: &Target<'a>, env: Parent) -> R<Val> {
        match target {
            Target::Name(name) => self.read(name, env),
            Target::Member(object, key) => self.get(object, key),
        }
    }

    fn put(&mut self, target: &Target<'a>, value: Val, env: Parent) -> R<()> {
        match target {
            Target::Name(name) => self.write(name, value, env),
            Target::Member(object, key) => self.set(object, key, value),
        }
    }

    /// Gives a pattern's names their values: where they are declared, or where they are found.
    pub(super) fn bind(&mut self, pat: &'a Pat, value: Val, env: Parent, declares: bool) -> R<()> {
        match pat {
            Pat::Ident(ident) if declares => self.declare(&ident.id.sym, value, env),
            Pat::Ident(ident) => self.write(&ident.id.sym, value, env),
            Pat::Assign(assign) => {
                let value = match value {
                    Val::Undefined | Val::Unset => self.eval(&assign.right, env)?,
                    value if value.is_unknown() => return Err(Stop::Unknown),
                    value => value,
                };
                self.bind(&assign.left, value, env, declares)
            }
            Pat::Array(array) => self.bind_array(array, value, env, declares),
            Pat::Object(object) => self.bind_object(object, &value, env, declares),
            Pat::Expr(expr) if !declares => {
                let target = self.expr_target(expr, env)?;
                self.put(&target, value, env)
            }
            _ => Err(Stop::Unknown),
        }
    }

    fn bind_array(&mut self, array: &'a ast::ArrayPat, value: Val, env: Parent, declares: bool) -> R<()> {
        let items = self.items(&value)?;
        for (at, element) in array.elems.iter().enumerate() {
            match element {
                Some(Pat::Rest(rest)) => {
                    let rest_items = items.get(at..).unwrap_or_default().to_vec();
                    let value = self.new_array(rest_items)?;
                    self.bind(&rest.arg, value, env, declares)?;
                }
                Some(pat) => {
                    let value = items.get(at).cloned().unwrap_or(Val::Undefined);
                    self.bind(pat, value, env, declares)?;
                }
                None => {}
            }
        }
        Ok(())
    }

    fn bind_object(&mut self, object: &'a ast::ObjectPat, value: &Val, env: Parent, declares: bool) -> R<()> {
        if value.is_nullish() {
            return Err(Stop::Throw(Val::Unknown));
        }
        let mut taken: Vec<Rc<str>> = Vec::new();
        for prop in &object.props {
            match prop {
                ObjectPatProp::KeyValue(pair) => {
                    let key = self.property_name(&pair.key, env)?;
                    let part = self.get(value, &key)?;
                    taken.push(key);
                    self.bind(&pair.value, part, env, declares)?;
                }
                ObjectPatProp::Assign(assign) => {
                    let name = &assign.key.id.sym;
                    let mut part = self.get(value, name)?;
                    taken.push((&**name).into());
                    if let (Val::Undefined, Some(default)) = (&part, &assign.value) {
                        part = self.eval(default, env)?;
                    } else if part.is_unknown() && assign.value.is_some() {
                        return Err(Stop::Unknown);
                    }
                    if declares {
                        self.declare(name, part, env)?;
                    } else {
                        self.write(name, part, env)?;
                    }
                }
                ObjectPatProp::Rest(rest) => {
                    let id = self.alloc(Kind::Plain)?;
                    for key in self.keys(value)? {
                        if !taken.contains(&key) {
                            let part = self.get(value, &key)?;
                            self.set_prop(id, &key, Some(part))?;
                        }
                    }
                    self.bind(&rest.arg, Val::Obj(id), env, declares)?;
                }
            }
        }
        Ok(())
    }
}
