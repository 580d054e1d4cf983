//! Expressions and operators.
#![expect(clippy::cast_sign_loss, reason = "JavaScript's own conversion to 32 bits")]

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, Lit, Prop, PropName, PropOrSpread, UnaryOp};

use super::{
    R, Run, Stop,
    heap::{Kind, Parent, Text, Val},
};
use crate::facts::{fold::to_i32, value::Hidden};

/// How deep a sum of number literals may be.
const MAX_SUM: u32 = 24;

impl<'a> Run<'_, 'a> {
    pub(super) fn eval(&mut self, expr: &'a Expr, env: Parent) -> R<Val> {
        match expr {
            Expr::Ident(ident) => self.read(&ident.sym, env),
            Expr::Lit(lit) => self.literal(lit),
            Expr::Paren(paren) => self.eval(&paren.expr, env),
            _ => {
                self.deeper()?;
                let value = self.compound(expr, env);
                if let Err(Stop::Unknown) = value {
                    self.failed_at(expr);
                }
                self.depth -= 1;
                value
            }
        }
    }

    fn compound(&mut self, expr: &'a Expr, env: Parent) -> R<Val> {
        match expr {
            Expr::Member(member) => {
                let object = self.eval(&member.obj, env)?;
                self.member(&object, &member.prop, env)
            }
            Expr::Call(call) => match &call.callee {
                ast::Callee::Expr(callee) => self.call_expr(callee, &call.args, env),
                _ => Err(Stop::Unknown),
            },
            Expr::New(new) => self.construct_expr(new, env),
            Expr::Bin(bin) => self.binary(bin, env),
            Expr::Unary(unary) => self.unary(unary, env),
            Expr::Assign(assign) => self.assign(assign, env),
            Expr::Update(update) => self.update(update, env),
            Expr::Cond(_) => {
                let mut at = expr;
                while let Expr::Cond(cond) = at {
                    let test = self.eval(&cond.test, env)?;
                    at = if self.truthy(&test)? { &cond.cons } else { &cond.alt };
                }
                self.eval(at, env)
            }
            Expr::Seq(seq) => {
                let mut last = Val::Undefined;
                for one in &seq.exprs {
                    last = self.eval(one, env)?;
                }
                Ok(last)
            }
            Expr::Tpl(template) => self.template(template, env),
            Expr::Array(array) => {
                let mut items = Vec::with_capacity(array.elems.len().min(1 << 16));
                for element in &array.elems {
                    match element {
                        None => items.push(Val::Unset),
                        Some(one) => {
                            let value = self.eval(&one.expr, env)?;
                            if one.spread.is_some() {
                                if value.is_unknown() {
                                    return Err(Stop::Unknown);
                                }
                                items.extend(self.items(&value)?);
                            } else {
                                items.push(value);
                            }
                        }
                    }
                }
                self.new_array(items)
            }
            Expr::Object(object) => self.object(object, env),
            Expr::Fn(function) => {
                let own = function.ident.as_ref().map(|ident| &ident.sym);
                self.function(&function.function, own, env)
            }
            Expr::Arrow(arrow) => self.arrow(arrow, env),
            Expr::This(_) => Ok(self.this(env)),
            Expr::OptChain(optional) => self.optional(&optional.base, env),
            Expr::TsAs(e) => self.eval(&e.expr, env),
            Expr::TsNonNull(e) => self.eval(&e.expr, env),
            Expr::TsSatisfies(e) => self.eval(&e.expr, env),
            Expr::TsTypeAssertion(e) => self.eval(&e.expr, env),
            Expr::TsConstAssertion(e) => self.eval(&e.expr, env),
            _ => Err(Stop::Unknown),
        }
    }

    fn literal(&mut self, lit: &Lit) -> R<Val> {
        Ok(match lit {
            Lit::Str(text) => {
                self.charge_text(text.value.len())?;
                Val::units(text.value.to_ill_formed_utf16().collect(), Hidden::Plain)
            }
            Lit::Num(number) => Val::Num(number.value),
            Lit::Bool(value) => Val::Bool(value.value),
            Lit::Null(_) => Val::Null,
            Lit::Regex(regex) => {
                let text = |text: &str| {
                    Rc::new(Text {
                        units: text.encode_utf16().collect(),
                        hidden: Hidden::Plain,
                    })
                };
                Val::Obj(self.alloc(Kind::Regex(text(&regex.exp), text(&regex.flags)))?)
            }
            _ => Val::Unknown,
        })
    }

    fn template(&mut self, template: &'a ast::Tpl, env: Parent) -> R<Val> {
        let mut sum = Val::text("", Hidden::Plain);
        for (at, quasi) in template.quasis.iter().enumerate() {
            let Some(cooked) = &quasi.cooked else {
                return Err(Stop::Unknown);
            };
            let part = Val::units(cooked.to_ill_formed_utf16().collect(), Hidden::Plain);
            sum = self.add(sum, part)?;
            if let Some(expr) = template.exprs.get(at) {
                let value = self.eval(expr, env)?;
                let value = if matches!(value, Val::Obj(_) | Val::Native(_)) {
                    self.to_primitive(&value, true)?
                } else {
                    value
                };
                sum = self.add(sum, value)?;
            }
        }
        Ok(sum)
    }

    fn object(&mut self, object: &'a ast::ObjectLit, env: Parent) -> R<Val> {
        let id = self.alloc(Kind::Plain)?;
        for prop in &object.props {
            match prop {
                PropOrSpread::Spread(spread) => {
                    let from = self.eval(&spread.expr, env)?;
                    for key in self.keys(&from)? {
                        let value = self.get(&from, &key)?;
                        self.set_prop(id, &key, Some(value))?;
                    }
                }
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) => {
                        let value = self.read(&ident.sym, env)?;
                        self.set_prop(id, &ident.sym, Some(value))?;
                    }
                    Prop::KeyValue(pair) => {
                        let key = self.property_name(&pair.key, env)?;
                        if &*key == "__proto__" {
                            return Err(Stop::Unknown);
                        }
                        let value = self.eval(&pair.value, env)?;
                        self.set_prop(id, &key, Some(value))?;
                    }
                    Prop::Method(method) => {
                        let key = self.property_name(&method.key, env)?;
                        let value = self.function(&method.function, None, env)?;
                        self.set_prop(id, &key, Some(value))?;
                    }
                    _ => return Err(Stop::Unknown),
                },
            }
        }
        Ok(Val::Obj(id))
    }

    pub(super) fn property_name(&mut self, name: &'a PropName, env: Parent) -> R<Rc<str>> {
        match name {
            PropName::Ident(ident) => Ok((&*ident.sym).into()),
            PropName::Str(text) => text.value.as_str().map(Into::into).ok_or(Stop::Unknown),
            PropName::Num(number) => self.to_key(&Val::Num(number.value)),
            PropName::Computed(computed) => {
                let key = self.eval(&computed.expr, env)?;
                self.to_key(&key)
            }
            PropName::BigInt(_) => Err(Stop::Unknown),
        }
    }

    fn optional(&mut self, base: &'a ast::OptChainBase, env: Parent) -> R<Val> {
        match base {
            ast::OptChainBase::Member(member) => {
                let object = self.eval(&member.obj, env)?;
                if object.is_nullish() {
                    return Ok(Val::Undefined);
                }
                self.member(&object, &member.prop, env)
            }
            // Which part of the chain an absent callee ends is not worth telling.
            ast::OptChainBase::Call(_) => Err(Stop::Unknown),
        }
    }

    fn unary(&mut self, unary: &'a ast::UnaryExpr, env: Parent) -> R<Val> {
        if unary.op == UnaryOp::Delete {
            return self.delete(&unary.arg, env);
        }
        let value = self.eval(&unary.arg, env)?;
        if unary.op == UnaryOp::Void {
            return Ok(Val::Undefined);
        }
        if value.is_unknown() {
            return Ok(Val::Unknown);
        }
        Ok(match unary.op {
            UnaryOp::Bang => Val::Bool(!self.truthy(&value)?),
            UnaryOp::TypeOf => Val::text(self.type_of(&value), Hidden::Plain),
            UnaryOp::Minus | UnaryOp::Plus | UnaryOp::Tilde => {
                let Some(number) = self.numeric(&value)? else {
                    return Ok(Val::Unknown);
                };
                Val::Num(match unary.op {
                    UnaryOp::Minus => -number,
                    UnaryOp::Plus => number,
                    _ => f64::from(!to_i32(number)),
                })
            }
            UnaryOp::Void | UnaryOp::Delete => Val::Undefined,
        })
    }

    /// The number that an operator sees; none if the primitive of an object is not known.
    pub(super) fn numeric(&mut self, value: &Val) -> R<Option<f64>> {
        let value = self.to_primitive(value, false)?;
        if value.is_unknown() {
            return Ok(None);
        }
        self.to_number(&value).map(Some)
    }

    fn type_of(&self, value: &Val) -> &'static str {
        match value {
            Val::Undefined | Val::Unset | Val::Unknown | Val::Gapped(_) => "undefined",
            Val::Null => "object",
            Val::Bool(_) => "boolean",
            Val::Num(_) => "number",
            Val::Str(_) => "string",
            Val::Obj(id) => match self.obj(*id).kind {
                Kind::Function(_) | Kind::Bound(..) | Kind::Returns(_) => "function",
                _ => "object",
            },
            Val::Native(native) if native.is_object() => "object",
            Val::Native(_) => "function",
        }
    }

    fn binary(&mut self, bin: &'a ast::BinExpr, env: Parent) -> R<Val> {
        // A long chain of one operator leans left: run in a loop.
        let op = bin.op;
        let address = std::ptr::from_ref(bin) as usize;
        match self.mem.sums.get(&address) {
            Some(Some(number)) => return Ok(Val::Num(*number)),
            Some(None) => {}
            None => {
                let mut size = 0;
                let number = sum_of(bin, &mut size, 0);
                self.step(size)?;
                self.mem.sums.insert(address, number);
                if let Some(number) = number {
                    return Ok(Val::Num(number));
                }
            }
        }
        let chained = matches!(&*bin.left, Expr::Bin(next) if next.op == op);
        let logical = matches!(
            op,
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
        );
        if !chained && !logical {
            let left = self.eval(&bin.left, env)?;
            let right = self.eval(&bin.right, env)?;
            return self.operate(op, left, right);
        }
        let mut arms = vec![&*bin.right];
        let mut left = &*bin.left;
        while let Expr::Bin(next) = left
            && next.op == op
        {
            arms.push(&next.right);
            left = &next.left;
        }
        let mut value = self.eval(left, env)?;
        while let Some(arm) = arms.pop() {
            self.step(1)?;
            match op {
                BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => {
                    let goes_on = match op {
                        BinaryOp::LogicalAnd => self.truthy(&value)?,
                        BinaryOp::LogicalOr => !self.truthy(&value)?,
                        _ if value.is_unknown() => return Err(Stop::Unknown),
                        _ => value.is_nullish(),
                    };
                    if goes_on {
                        value = self.eval(arm, env)?;
                    }
                }
                op => {
                    let right = self.eval(arm, env)?;
                    value = self.operate(op, value, right)?;
                }
            }
        }
        Ok(value)
    }

    pub(super) fn operate(&mut self, op: BinaryOp, left: Val, right: Val) -> R<Val> {
        if op == BinaryOp::Add {
            return self.add(left, right);
        }
        if left.is_unknown() || right.is_unknown() {
            return Ok(Val::Unknown);
        }
        match op {
            BinaryOp::EqEqEq => return Ok(Val::Bool(self.equal(&left, &right)?)),
            BinaryOp::NotEqEq => return Ok(Val::Bool(!self.equal(&left, &right)?)),
            BinaryOp::EqEq => return Ok(Val::Bool(self.loose_equal(&left, &right)?)),
            BinaryOp::NotEq => return Ok(Val::Bool(!self.loose_equal(&left, &right)?)),
            BinaryOp::In => return self.has_property(&left, &right),
            BinaryOp::InstanceOf => return Ok(Val::Unknown),
            _ => {}
        }
        let (left, right) = (self.to_primitive(&left, false)?, self.to_primitive(&right, false)?);
        if left.is_unknown() || right.is_unknown() {
            return Ok(Val::Unknown);
        }
        if let (Val::Str(a), Val::Str(b)) = (&left, &right) {
            self.charge_text(a.units.len().min(b.units.len()))?;
            match op {
                BinaryOp::Lt => return Ok(Val::Bool(a.units < b.units)),
                BinaryOp::LtEq => return Ok(Val::Bool(a.units <= b.units)),
                BinaryOp::Gt => return Ok(Val::Bool(a.units > b.units)),
                BinaryOp::GtEq => return Ok(Val::Bool(a.units >= b.units)),
                _ => {}
            }
        }
        let (a, b) = (self.to_number(&left)?, self.to_number(&right)?);
        let (x, y) = (to_i32(a), to_i32(b));
        Ok(match op {
            BinaryOp::Lt => Val::Bool(a < b),
            BinaryOp::LtEq => Val::Bool(a <= b),
            BinaryOp::Gt => Val::Bool(a > b),
            BinaryOp::GtEq => Val::Bool(a >= b),
            BinaryOp::Sub => Val::Num(a - b),
            BinaryOp::Mul => Val::Num(a * b),
            BinaryOp::Div => Val::Num(a / b),
            BinaryOp::Mod => Val::Num(a % b),
            BinaryOp::Exp => power(a, b).map_or(Val::Unknown, Val::Num),
            BinaryOp::BitXor => Val::Num(f64::from(x ^ y)),
            BinaryOp::BitAnd => Val::Num(f64::from(x & y)),
            BinaryOp::BitOr => Val::Num(f64::from(x | y)),
            BinaryOp::LShift => Val::Num(f64::from(x.wrapping_shl(y as u32))),
            BinaryOp::RShift => Val::Num(f64::from(x.wrapping_shr(y as u32))),
            BinaryOp::ZeroFillRShift => Val::Num(f64::from((x as u32).wrapping_shr(y as u32))),
            _ => Val::Unknown,
        })
    }

    fn equal(&mut self, left: &Val, right: &Val) -> R<bool> {
        if let (Val::Str(a), Val::Str(b)) = (left, right) {
            self.charge_text(a.units.len().min(b.units.len()))?;
        }
        Ok(Self::strict_equal(left, right))
    }

    /// `left + right`; adds in place where nobody else holds the left text.
    pub(super) fn add(&mut self, left: Val, right: Val) -> R<Val> {
        let (left, right) = match (left, right) {
            (Val::Num(a), Val::Num(b)) => return Ok(Val::Num(a + b)),
            (left @ (Val::Str(_) | Val::Num(_)), right @ (Val::Str(_) | Val::Num(_))) => (left, right),
            (left, right) => (self.to_primitive(&left, false)?, self.to_primitive(&right, false)?),
        };
        if matches!(left, Val::Gapped(_)) || matches!(right, Val::Gapped(_)) {
            return self.add_gapped(&left, &right);
        }
        if left.is_unknown() || right.is_unknown() {
            return Ok(Val::Unknown);
        }
        if !matches!(left, Val::Str(_)) && !matches!(right, Val::Str(_)) {
            return Ok(Val::Num(self.to_number(&left)? + self.to_number(&right)?));
        }
        let tail = self.to_text(&right)?;
        let mut head = self.to_text(&left)?;
        drop(left);
        let size = head.units.len() + tail.units.len();
        self.room(size)?;
        let hidden = head.hidden.max(tail.hidden).max(Hidden::Assembled);
        if let Some(own) = Rc::get_mut(&mut head) {
            self.charge_text(tail.units.len())?;
            own.units.extend_from_slice(&tail.units);
            own.hidden = hidden;
            return Ok(Val::Str(head));
        }
        self.charge_text(size)?;
        let mut units = Vec::with_capacity(size);
        units.extend_from_slice(&head.units);
        units.extend_from_slice(&tail.units);
        Ok(Val::units(units, hidden))
    }

    fn add_gapped(&mut self, left: &Val, right: &Val) -> R<Val> {
        let mut out = Vec::new();
        for part in [left, right] {
            match part {
                Val::Gapped(units) => out.extend_from_slice(units),
                Val::Unknown => return Ok(Val::Unknown),
                known => out.extend_from_slice(&self.to_text(known)?.units),
            }
        }
        self.room(out.len())?;
        self.charge_text(out.len())?;
        Ok(Val::Gapped(out.into()))
    }
}

/// A sum or product of nothing but number literals, worked out once: obfuscators write each number so.
fn sum_of(bin: &ast::BinExpr, size: &mut usize, depth: u32) -> Option<f64> {
    let right = number_of(&bin.right, size, depth + 1)?;
    let left = number_of(&bin.left, size, depth + 1)?;
    Some(match bin.op {
        BinaryOp::Add => left + right,
        BinaryOp::Sub => left - right,
        BinaryOp::Mul => left * right,
        _ => return None,
    })
}

fn number_of(expr: &Expr, size: &mut usize, depth: u32) -> Option<f64> {
    *size += 1;
    if depth > MAX_SUM {
        return None;
    }
    match expr {
        Expr::Lit(Lit::Num(number)) => Some(number.value),
        Expr::Paren(paren) => number_of(&paren.expr, size, depth + 1),
        Expr::Unary(unary) if unary.op == UnaryOp::Minus => number_of(&unary.arg, size, depth + 1).map(|n| -n),
        Expr::Bin(bin) => sum_of(bin, size, depth),
        _ => None,
    }
}

/// A power where it is sure that every engine finds the same number.
pub(super) fn power(base: f64, exponent: f64) -> Option<f64> {
    let whole = base.fract() == 0.0 && exponent.fract() == 0.0 && exponent >= 0.0;
    let result = base.powf(exponent);
    (whole && result.abs() <= 9_007_199_254_740_992.0).then_some(result)
}
