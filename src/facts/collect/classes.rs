//! The visitor's half for classes.

use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::{FunctionBody, Visitor};
use crate::{
    facts::model::{Context, FuncId, Role, Source},
    parse::span_of,
};

impl<'a> Visitor<'a> {
    pub(super) fn class_expr(&mut self, class: &'a ast::ClassExpr) {
        self.scoped(|visitor| {
            if let Some(ident) = &class.ident {
                visitor.declare_with(&ident.sym, visitor.scope, Source::Opaque);
            }
            visitor.class(&class.class);
        });
    }

    pub(super) fn class(&mut self, class: &'a ast::Class) {
        let sloppy = !std::mem::replace(&mut self.strict, true);
        self.class_parts(class);
        self.strict = !sloppy;
    }

    fn class_parts(&mut self, class: &'a ast::Class) {
        self.decorators(&class.decorators);
        if let Some(parent) = &class.super_class {
            self.expr(parent, Context::Value);
        }
        for member in &class.body {
            match member {
                ast::ClassMember::Constructor(constructor) => {
                    let start = span_of(constructor.span).start;
                    let body = FunctionBody::Constructor(constructor);
                    self.function(start, Some("constructor"), Role::Member, None, body);
                }
                ast::ClassMember::Method(method) => {
                    self.decorators(&method.function.decorators);
                    self.note_static(method.is_static);
                    self.method(&method.key, &method.function, Role::Member);
                }
                ast::ClassMember::PrivateMethod(method) => {
                    self.note_static(method.is_static);
                    let start = span_of(method.function.span).start;
                    let body = FunctionBody::Function(&method.function);
                    self.function(start, Some(&method.key.name), Role::Member, None, body);
                }
                ast::ClassMember::ClassProp(prop) => {
                    self.decorators(&prop.decorators);
                    self.key(&prop.key);
                    self.field(prop.value.as_deref());
                }
                ast::ClassMember::PrivateProp(prop) => self.field(prop.value.as_deref()),
                ast::ClassMember::AutoAccessor(accessor) => self.field(accessor.value.as_deref()),
                ast::ClassMember::StaticBlock(block) => {
                    let start = span_of(block.span).start;
                    self.function(start, Some("static"), Role::Static, None, FunctionBody::Static(block));
                }
                _ => {}
            }
        }
    }

    /// The next function's `this` is the class itself.
    fn note_static(&mut self, is_static: bool) {
        if is_static {
            self.model.statics.push(self.model.functions.len() as FuncId);
        }
    }

    fn field(&mut self, value: Option<&'a Expr>) {
        if let Some(value) = value {
            self.expr(value, Context::Value);
        }
    }

    pub(super) fn decorators(&mut self, decorators: &'a [ast::Decorator]) {
        self.deeper(decorators.len() as u32, |_| {});
        for decorator in decorators {
            self.expr(&decorator.expr, Context::Value);
        }
    }
}
