//! The visitor's half for classes and for chains that start at no name.

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{ClassMember, Expr};

use super::{Alias, FunctionBody, Visitor};
use crate::{
    facts::model::{BindingId, Class, ClassId, Context, NONE, Owner, Return, Role, Source},
    parse::span_of,
};

impl<'a> Visitor<'a> {
    pub(super) fn named_class(&mut self, name: &'a Atom, class: &'a ast::Class) {
        let id = self.model.classes.len() as ClassId;
        let binding = self.declare_with(name, self.scope, Source::Class(id));
        self.class(class, binding);
    }

    pub(super) fn class_expr(&mut self, class: &'a ast::ClassExpr, context: Context) {
        // `const R = class {}` is as good as a declaration.
        let mut binding = NONE;
        if let Context::Alias(alias) = context
            && let Alias::Pattern(ast::Pat::Ident(ident)) = &self.model.aliases[alias as usize]
        {
            let name = &ident.id.sym;
            binding = self.model.lookup(name, self.scope).unwrap_or(NONE);
        }
        self.scoped(|visitor| {
            if let Some(ident) = &class.ident {
                let id = visitor.model.classes.len() as ClassId;
                visitor.declare_with(&ident.sym, visitor.scope, Source::Class(id));
            }
            visitor.class(&class.class, binding);
        });
    }

    fn class(&mut self, class: &'a ast::Class, binding: BindingId) {
        let sloppy = !std::mem::replace(&mut self.strict, true);
        let in_text = std::mem::take(&mut self.in_text);
        self.class_parts(class, binding);
        self.in_text = in_text;
        self.strict = !sloppy;
    }

    fn class_parts(&mut self, class: &'a ast::Class, binding: BindingId) {
        let id = self.model.classes.len() as ClassId;
        self.model.classes.push(Class {
            node: class,
            scope: self.scope,
            binding,
            constructor: NONE,
        });
        self.decorators(&class.decorators);
        if let Some(parent) = &class.super_class {
            self.expr(parent, Context::Parent(id));
        }
        self.scoped(|v| {
            v.model.scopes[v.scope as usize].class = id * 2;
            v.model.classes[id as usize].scope = v.scope;
            for (index, member) in (0..).zip(&class.body) {
                v.class_member(member, id, index);
            }
        });
    }

    fn class_member(&mut self, member: &'a ClassMember, id: ClassId, index: u32) {
        let field = Context::Field(id, index);
        match member {
            ClassMember::Constructor(constructor) => {
                let start = span_of(constructor.span).start;
                let body = FunctionBody::Constructor(constructor);
                self.owner = Owner::Class(id);
                let function = self.function(start, Some("constructor"), Role::Member, None, body);
                if constructor.body.is_some() {
                    self.model.classes[id as usize].constructor = function;
                }
            }
            ClassMember::Method(method) => {
                self.decorators(&method.function.decorators);
                if method.kind != ast::MethodKind::Method {
                    self.model.accessors.push(span_of(method.function.span).start);
                }
                let owner = owner(id, method.is_static);
                self.method(&method.key, &method.function, Role::Member, owner);
            }
            ClassMember::PrivateMethod(method) => {
                let start = span_of(method.function.span).start;
                let body = FunctionBody::Function(&method.function);
                self.owner = owner(id, method.is_static);
                self.function(start, Some(&method.key.name), Role::Member, None, body);
            }
            ClassMember::ClassProp(prop) => {
                self.decorators(&prop.decorators);
                self.key(&prop.key);
                self.field(prop.value.as_deref(), prop.is_static, field);
            }
            ClassMember::PrivateProp(prop) => self.field(prop.value.as_deref(), prop.is_static, field),
            ClassMember::AutoAccessor(accessor) => self.field(accessor.value.as_deref(), accessor.is_static, field),
            ClassMember::StaticBlock(block) => {
                let start = span_of(block.span).start;
                self.owner = Owner::Static(id);
                self.function(start, Some("static"), Role::Static, None, FunctionBody::Static(block));
            }
            _ => {}
        }
    }

    fn field(&mut self, value: Option<&'a Expr>, is_static: bool, context: Context) {
        let Some(value) = value else { return };
        if let (Expr::Fn(_), Context::Field(class, _)) = (value, context) {
            self.owner = owner(class, is_static);
        }
        if is_static && !matches!(value, Expr::Lit(_)) {
            self.scoped(|visitor| {
                if let Context::Field(class, _) = context {
                    visitor.model.scopes[visitor.scope as usize].class = class * 2 + 1;
                }
                visitor.expr(value, context);
            });
        } else {
            self.expr(value, context);
        }
    }

    pub(super) fn decorators(&mut self, decorators: &'a [ast::Decorator]) {
        self.deeper(decorators.len() as u32, |_| {});
        self.model.decorated |= !decorators.is_empty();
        for decorator in decorators {
            self.expr(&decorator.expr, Context::Value);
        }
    }

    /// `this.x` and `super.x`, where `this` is no global object.
    pub(super) fn own(&mut self, chain: Option<&'a Expr>, context: Context) {
        if let Some(chain) = chain {
            self.model.own.push(crate::facts::model::Rootless {
                chain,
                scope: self.scope,
                context,
            });
        }
    }

    /// Where the parts of an array or object go: with it, or into the chain that starts with it.
    pub(super) fn inside(&mut self, chain: Option<&'a Expr>, context: Context) -> Context {
        let Some(chain) = chain else { return context };
        self.model.inside.push(crate::facts::model::Rootless {
            chain,
            scope: self.scope,
            context,
        });
        Context::Inside(self.model.inside.len() as u32 - 1)
    }

    pub(super) fn yielded(&mut self, yielded: &'a ast::YieldExpr) {
        let Some(value) = yielded.arg.as_deref() else { return };
        if yielded.delegate {
            return self.as_value(value, Context::Value);
        }
        let slot = &mut self.model.functions[self.function as usize].first_yield;
        let next = std::mem::replace(slot, self.model.yields.len() as u32);
        self.model.yields.push(Return {
            next,
            value,
            scope: self.scope,
        });
        self.as_value(value, Context::Return(self.function));
    }
}

fn owner<'a>(id: ClassId, is_static: bool) -> Owner<'a> {
    if is_static { Owner::Static(id) } else { Owner::Class(id) }
}
