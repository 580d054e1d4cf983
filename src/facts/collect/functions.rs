//! The visitor's half for functions: their scopes, parameters and bodies.

use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::Expr;

use super::Visitor;
use crate::{
    facts::model::{Context, Func, FuncId, Loose, NONE, Owner, Params, Role, ScopeId, Source, Syntax},
    parse::span_of,
};

impl<'a> Visitor<'a> {
    /// A use of `this` in a sloppy function.
    pub(super) fn loose_this(&mut self, chain: &'a Expr, context: Context) {
        let mut function = self.function;
        while self.model.functions[function as usize].arrow {
            function = self.model.functions[function as usize].parent;
        }
        self.model.loose.push(Loose {
            chain,
            scope: self.scope,
            context,
            function,
        });
    }

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
        let outer = (
            self.scope,
            self.var_scope,
            self.function,
            self.module_scope,
            self.strict,
            self.exits,
        );
        let in_text = std::mem::take(&mut self.in_text);
        self.strict |= body.is_strict();
        let scope = self.model.push_scope(self.scope, id);
        let wraps = self.scope == self.module_scope && self.wraps_module(role);
        if wraps {
            self.module_scope = scope;
        }
        let arrow = matches!(body, FunctionBody::Arrow(_));
        let owner = std::mem::take(&mut self.owner);
        self.model.object_methods |= matches!(owner, Owner::Object(_));
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
            wraps,
            owner,
            first_yield: NONE,
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
        self.model.close_scope(scope);
        (
            self.scope,
            self.var_scope,
            self.function,
            self.module_scope,
            self.strict,
            self.exits,
        ) = outer;
        self.in_text = in_text;
        id
    }

    /// Whether a function at the top level is called on the spot, or handed to one that is: its statements are the
    /// module's.
    fn wraps_module(&self, role: Role) -> bool {
        match role {
            Role::Called(_) => true,
            Role::Argument(call, _) => {
                let callee = self.model.calls[call as usize].node.callee();
                callee.is_some_and(|callee| function_like(callee).or_else(|| applied(callee)).is_some())
            }
            _ => false,
        }
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

/// The function of `(function () {}).call(…)`, which is called on the spot, too.
pub(super) fn applied(callee: &Expr) -> Option<(u32, Option<&Atom>, FunctionBody<'_>)> {
    match callee {
        Expr::Member(member) if is_applied(&member.prop) => function_like(&member.obj),
        Expr::Paren(paren) => applied(&paren.expr),
        _ => None,
    }
}

fn is_applied(prop: &ast::MemberProp) -> bool {
    matches!(prop, ast::MemberProp::Ident(name) if matches!(&*name.sym, "call" | "apply"))
}

/// Whether statements begin with `'use strict'`.
pub(super) fn is_strict(stmts: &[ast::Stmt]) -> bool {
    let directive = |stmt: &ast::Stmt| match stmt {
        ast::Stmt::Expr(stmt) => match &*stmt.expr {
            Expr::Lit(ast::Lit::Str(text)) => Some(text.value.as_str() == Some("use strict")),
            _ => None,
        },
        _ => None,
    };
    stmts.iter().map_while(directive).any(|strict| strict)
}

impl<'a> FunctionBody<'a> {
    fn is_strict(self) -> bool {
        match self {
            Self::Function(function) => function.body.as_ref().is_some_and(|body| is_strict(&body.stmts)),
            Self::Arrow(_) => false,
            Self::Constructor(_) | Self::Static(_) => true,
        }
    }

    fn params(self) -> Params<'a> {
        match self {
            Self::Function(function) => Params::Function(&function.params),
            Self::Arrow(arrow) => Params::Arrow(&arrow.params),
            Self::Constructor(constructor) => Params::Constructor(&constructor.params),
            Self::Static(_) => Params::None,
        }
    }
}
