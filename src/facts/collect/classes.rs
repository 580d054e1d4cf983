//! The visitor's half for classes: their members, and whose part each function is.

use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::{FunctionBody, Visitor};
use crate::{
    facts::model::{BindingId, ClassDef, Context, FuncId, Holder, Role},
    parse::span_of,
};

impl<'a> Visitor<'a> {
    pub(super) fn class(&mut self, class: &'a ast::Class, binding: Option<BindingId>) {
        let holder = Holder::Class(self.model.classes.len() as u32);
        self.model.classes.push(ClassDef {
            node: class,
            scope: self.scope,
            binding,
        });
        self.decorators(&class.decorators);
        if let Some(parent) = &class.super_class {
            self.expr(parent, Context::Value);
        }
        for member in &class.body {
            match member {
                ast::ClassMember::Constructor(constructor) => {
                    let start = span_of(constructor.span).start;
                    self.held(holder);
                    let body = FunctionBody::Constructor(constructor);
                    self.function(start, Some("constructor"), Role::Member, None, body);
                }
                ast::ClassMember::Method(method) => {
                    self.decorators(&method.function.decorators);
                    self.held(holder);
                    self.method(&method.key, &method.function, Role::Member);
                }
                ast::ClassMember::PrivateMethod(method) => {
                    let start = span_of(method.function.span).start;
                    self.held(holder);
                    let body = FunctionBody::Function(&method.function);
                    self.function(start, Some(&method.key.name), Role::Member, None, body);
                }
                ast::ClassMember::ClassProp(prop) => {
                    self.decorators(&prop.decorators);
                    self.key(&prop.key);
                    self.field(prop.value.as_deref(), holder);
                }
                ast::ClassMember::PrivateProp(prop) => self.field(prop.value.as_deref(), holder),
                ast::ClassMember::AutoAccessor(accessor) => self.field(accessor.value.as_deref(), holder),
                ast::ClassMember::StaticBlock(block) => {
                    let start = span_of(block.span).start;
                    self.held(holder);
                    self.function(start, Some("static"), Role::Static, None, FunctionBody::Static(block));
                }
                _ => {}
            }
        }
    }

    /// A field's value; `this` in a function there is the object that has the field.
    fn field(&mut self, value: Option<&'a Expr>, holder: Holder<'a>) {
        let Some(value) = value else { return };
        let before = (self.model.functions.len(), self.model.held.len());
        self.held(holder);
        self.expr(value, Context::Value);
        if self.model.functions.len() == before.0 {
            self.model.held.truncate(before.1);
        }
    }

    /// Says whose part the next function is.
    pub(super) fn held(&mut self, holder: Holder<'a>) {
        self.model.held.push((self.model.functions.len() as FuncId, holder));
    }
}
