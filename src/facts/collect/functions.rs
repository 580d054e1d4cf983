//! The visitor's half for functions: their scopes, parameters and bodies.

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::Visitor;
use crate::{
    facts::model::{Context, Func, FuncId, NONE, Params, Role, ScopeId, Source, Syntax},
    parse::span_of,
};

impl<'a> Visitor<'a> {
    /// A function of any form: its scope, parameters and body. Returns its number.
    pub(super) fn function(
        &mut self,
        start: u32,
        name: Option<&'a str>,
        role: Role,
        own_name: Option<&'a Atom>,
        body: FunctionBody<'a>,
    ) -> FuncId {
        let id = self.model.functions.len() as FuncId;
        let outer = (self.scope, self.var_scope, self.function);
        let scope = self.model.push_scope(self.scope, id);
        let arrow = matches!(body, FunctionBody::Arrow(_));
        let params = body.params();
        self.model.functions.push(Func {
            parent: self.function,
            scope,
            start,
            name,
            params,
            first_return: NONE,
            role,
            arrow,
            syntax: match body {
                FunctionBody::Function(function) => Syntax::Function(function),
                FunctionBody::Arrow(arrow) => Syntax::Arrow(arrow),
                FunctionBody::Constructor(_) | FunctionBody::Static(_) => Syntax::Other,
            },
        });
        (self.scope, self.var_scope, self.function) = (scope, scope, id);
        if let Some(own) = own_name {
            self.declare_with(own, scope, Source::Function(id));
        }
        self.parameters(id, params);
        match body {
            FunctionBody::Function(function) => {
                if let Some(body) = &function.body {
                    self.statements(&body.stmts);
                }
            }
            FunctionBody::Arrow(arrow) => match &*arrow.body {
                ast::ArrowFunctionBody::FunctionBody(body) => self.statements(&body.stmts),
                ast::ArrowFunctionBody::Expr(value) => self.returned(value),
            },
            FunctionBody::Constructor(constructor) => {
                if let Some(body) = &constructor.body {
                    self.statements(&body.stmts);
                }
            }
            FunctionBody::Static(block) => self.statements(&block.body.stmts),
        }
        (self.scope, self.var_scope, self.function) = outer;
        id
    }

    pub(super) fn parameters(&mut self, id: FuncId, params: Params<'a>) {
        let scope = self.scope;
        match params {
            Params::None => {}
            Params::Function(params) => {
                for (index, param) in params.iter().enumerate() {
                    self.decorators(&param.decorators);
                    self.parameter(id, index, &param.pat, scope);
                }
            }
            Params::Arrow(params) => {
                for (index, pat) in params.iter().enumerate() {
                    self.parameter(id, index, pat, scope);
                }
            }
            Params::Constructor(params) => {
                for (index, param) in params.iter().enumerate() {
                    match param {
                        ast::ParamOrTsParamProp::Param(param) => {
                            self.parameter(id, index, &param.pat, scope);
                        }
                        ast::ParamOrTsParamProp::TsParamProp(prop) => match &prop.param {
                            ast::TsParamPropParam::Ident(ident) => {
                                self.declare_with(&ident.id.sym, scope, Source::Param(id, index as u32, false));
                            }
                            ast::TsParamPropParam::Assign(assign) => {
                                self.pattern(&assign.left, scope, Source::Param(id, index as u32, false));
                                self.expr(&assign.right, Context::Value);
                            }
                        },
                    }
                }
            }
        }
    }

    pub(super) fn parameter(&mut self, id: FuncId, index: usize, pat: &'a ast::Pat, scope: ScopeId) {
        if let ast::Pat::Rest(rest) = pat {
            self.pattern(&rest.arg, scope, Source::Param(id, index as u32, true));
        } else {
            self.pattern(pat, scope, Source::Param(id, index as u32, false));
        }
    }
}

/// The parts of a function by its syntax.
#[derive(Clone, Copy)]
pub(super) enum FunctionBody<'a> {
    Function(&'a ast::Function),
    Arrow(&'a ast::ArrowExpr),
    Constructor(&'a ast::Constructor),
    Static(&'a ast::StaticBlock),
}

/// A function expression's start, own name and parts, parentheses seen through.
pub(super) fn function_like(expr: &Expr) -> Option<(u32, Option<&Atom>, FunctionBody<'_>)> {
    match expr {
        Expr::Fn(function) => Some((
            span_of(function.function.span).start,
            function.ident.as_ref().map(|i| &i.sym),
            FunctionBody::Function(&function.function),
        )),
        Expr::Arrow(arrow) => Some((span_of(arrow.span).start, None, FunctionBody::Arrow(arrow))),
        Expr::Paren(paren) => function_like(&paren.expr),
        _ => None,
    }
}

impl<'a> FunctionBody<'a> {
    fn params(self) -> Params<'a> {
        match self {
            Self::Function(function) => Params::Function(&function.params),
            Self::Arrow(arrow) => Params::Arrow(&arrow.params),
            Self::Constructor(constructor) => Params::Constructor(&constructor.params),
            Self::Static(_) => Params::None,
        }
    }
}
