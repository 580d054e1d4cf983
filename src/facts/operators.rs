//! Literals, operators, templates and arrays.

use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Expr, Lit};

use super::{
    calls::{Site, span_of_expr},
    evaluate::Analysis,
    fold,
    model::{CallNode, ScopeId},
    value::{GAP, Hidden, Value},
};

pub(super) fn literal<'a>(lit: &Lit) -> Value<'a> {
    match lit {
        Lit::Str(text) => match text.value.as_str() {
            Some(text) => Value::text(text, Hidden::Plain),
            None => Value::Unknown,
        },
        Lit::Num(number) => Value::Number(number.value),
        Lit::Bool(value) => Value::Bool(value.value),
        Lit::Null(_) => Value::Null,
        _ => Value::Unknown,
    }
}

impl<'a> Analysis<'a> {
    pub(super) fn binary(&mut self, bin: &'a ast::BinExpr, scope: ScopeId) -> Value<'a> {
        match bin.op {
            BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => {
                let left = self.value(&bin.left, scope);
                Value::one_of(vec![left, self.value(&bin.right, scope)])
            }
            BinaryOp::LogicalAnd => self.value(&bin.right, scope),
            BinaryOp::Add => {
                // A long concatenation leans left: folded in a loop.
                let mut arms = vec![&*bin.right];
                let mut left = &*bin.left;
                while let Expr::Bin(next) = left
                    && next.op == BinaryOp::Add
                {
                    arms.push(&next.right);
                    left = &next.left;
                }
                let mut sum = self.value(left, scope);
                while let Some(arm) = arms.pop() {
                    let right = self.value(arm, scope);
                    sum = fold::add(&sum, &right);
                }
                sum
            }
            op => {
                let (left, right) = (self.value(&bin.left, scope), self.value(&bin.right, scope));
                fold::binary(op, &left, &right)
            }
        }
    }

    pub(super) fn unary(&mut self, unary: &'a ast::UnaryExpr, scope: ScopeId) -> Value<'a> {
        match (unary.op, self.value(&unary.arg, scope)) {
            (ast::UnaryOp::Minus, Value::Number(n)) => Value::Number(-n),
            (ast::UnaryOp::Plus, Value::Number(n)) => Value::Number(n),
            (ast::UnaryOp::Tilde, Value::Number(n)) => Value::Number(f64::from(!fold::to_i32(n))),
            (ast::UnaryOp::Void, _) => Value::Undefined,
            (ast::UnaryOp::Bang, Value::Number(n)) => Value::Bool(n == 0.0),
            (ast::UnaryOp::Bang, Value::Bool(b)) => Value::Bool(!b),
            (ast::UnaryOp::Bang, Value::Array(_)) => Value::Bool(false),
            _ => Value::Unknown,
        }
    }

    pub(super) fn template(&mut self, template: &'a ast::Tpl, scope: ScopeId) -> Value<'a> {
        let mut out = String::new();
        let mut hidden = if template.exprs.is_empty() {
            Hidden::Plain
        } else {
            Hidden::Assembled
        };
        for (index, quasi) in template.quasis.iter().enumerate() {
            match &quasi.cooked {
                Some(text) => out.push_str(&text.to_string_lossy()),
                None => return Value::Unknown,
            }
            if let Some(expr) = template.exprs.get(index) {
                let value = self.value(expr, scope);
                hidden = hidden.max(value.hidden());
                match value.to_partial() {
                    Some(text) => out.push_str(&text),
                    None => out.push(GAP),
                }
            }
        }
        if out.contains(GAP) {
            fold::partial(&out)
        } else {
            Value::text(out, hidden)
        }
    }

    pub(super) fn tagged(&mut self, tagged: &'a ast::TaggedTpl, scope: ScopeId) -> Value<'a> {
        let tag = self.value(&tagged.tag, scope);
        if matches!(&tag, Value::Api(path) if &**path == "String.raw") {
            return self.template(&tagged.tpl, scope);
        }
        if !tag.is_callable() {
            return Value::Unknown;
        }
        // The texts between the gaps are the first argument.
        let texts = tagged.tpl.quasis.iter().map(|quasi| match &quasi.cooked {
            Some(text) => Value::text(text.to_string_lossy(), Hidden::Plain),
            None => Value::Undefined,
        });
        let mut args = vec![Value::Array(texts.collect())];
        for expr in &tagged.tpl.exprs {
            args.push(self.value(expr, scope));
        }
        let site = Site::new(CallNode::Tagged(tagged), span_of_expr(&tagged.tag), scope);
        self.invoke(&tag, Value::Undefined, args, site)
    }

    pub(super) fn array(&mut self, array: &'a ast::ArrayLit, scope: ScopeId) -> Value<'a> {
        let mut items = Vec::with_capacity(array.elems.len());
        for element in &array.elems {
            let Some(element) = element else {
                items.push(Value::Undefined);
                continue;
            };
            let value = self.value(&element.expr, scope);
            match (element.spread.is_some(), value) {
                (false, value) => items.push(value),
                (true, Value::Array(more)) => items.extend(more.iter().cloned()),
                (true, Value::Text(text, hidden)) => {
                    items.extend(text.chars().map(|c| Value::text(c.to_string(), hidden)));
                }
                (true, _) => return Value::Unknown,
            }
        }
        Value::Array(items.into())
    }
}
