//! Data in the members of objects: fields of classes, what methods return, what functions put into what they are given.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;
use swc_atoms::Atom;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Prop, PropOrSpread};

use super::{Entered, Kind, Step, Trail};
use crate::{
    facts::{
        calls::{as_member, span_of_expr},
        capability::{self, On, Source},
        collect::key_text,
        evaluate::Analysis,
        model::{CallNode, FuncId, NONE, Params, ScopeId},
        owners::{Given, OWNER_DEPTH, Owner},
        value::Value,
        ways::plain_key,
    },
    parse::span_of,
    span::Span,
};

impl<'a> Analysis<'a> {
    /// The member of `this` that is asked for.
    pub(super) fn trace_this(&mut self, span: Span, scope: ScopeId, trail: &mut Trail<'a>) {
        let Some(key) = trail.wanted.pop() else { return };
        if let Some(owner) = self.this_owner(scope) {
            self.trace_field(owner, key, span, trail);
        }
        trail.wanted.push(key);
    }

    /// What the methods of an object literal write to its members.
    pub(super) fn trace_own_writes(&mut self, object: &'a ast::ObjectLit, scope: ScopeId, trail: &mut Trail<'a>) {
        if !self.model.object_methods {
            return;
        }
        let owner = Owner::Object(object, scope);
        if !self.parts().fields.contains_key(&owner.id()) {
            return;
        }
        if let Some(key) = trail.wanted.pop() {
            self.trace_field(owner, key, span_of(object.span), trail);
            trail.wanted.push(key);
        }
    }

    /// Every value that a member is given, by what has it.
    pub(in crate::facts) fn trace_field(&mut self, owner: Owner<'a>, key: &'a str, span: Span, trail: &mut Trail<'a>) {
        let mark = FxBuildHasher.hash_one((owner.id(), key)) as usize;
        if !trail.visits(mark, NONE) {
            return;
        }
        if let Owner::Object(object, scope) = owner {
            trail.wanted.push(key);
            self.trace_object(object, scope, trail);
            trail.wanted.pop();
        }
        trail.steps.push((span, Step::HeldIn(key)));
        for given in self.member_values(owner, key) {
            match given {
                Given::Expr(value, scope) => self.trace(value, scope, trail),
                Given::Parameter(function, index) => self.trace_parameter(function, index as usize, span, trail),
                Given::Getter(function) => self.trace_returns(function, trail),
            }
        }
        for (args, scope) in self.put_into(owner, key) {
            for arg in args {
                self.trace_whole(&arg.expr, scope, trail);
            }
        }
        trail.steps.pop();
    }

    pub(super) fn trace_returns(&mut self, function: FuncId, trail: &mut Trail<'a>) {
        for (value, scope) in self.returned_by(function) {
            self.trace(value, scope, trail);
        }
    }

    /// What a function of this module gives when it is called here.
    pub(in crate::facts) fn trace_entered(
        &mut self,
        function: FuncId,
        node: CallNode<'a>,
        span: Span,
        scope: ScopeId,
        trail: &mut Trail<'a>,
    ) {
        if trail.entered.iter().any(|entered| entered.function == function) {
            return trail.leave_out();
        }
        let name = self.model.functions[function as usize].name.unwrap_or("a function");
        trail.steps.push((span, Step::ReturnedBy(name)));
        trail.entered.push(Entered { function, node, scope });
        self.trace_returns(function, trail);
        trail.entered.pop();
        trail.steps.pop();
    }

    /// What a method of an object of this module returns, a member of what a class makes, what a mapping function
    /// makes of each item; whether it was one of these.
    pub(super) fn trace_made(
        &mut self,
        callee: &'a Expr,
        node: CallNode<'a>,
        scope: ScopeId,
        trail: &mut Trail<'a>,
    ) -> bool {
        if let CallNode::New(_) = node {
            let Some(key) = trail.wanted.last().copied() else {
                return false;
            };
            let Some(owner) = self.owner_of(callee, scope, OWNER_DEPTH) else {
                return false;
            };
            if self.member_values(owner, key).is_empty() {
                return false;
            }
            trail.wanted.pop();
            let function = self.constructor_of(owner).unwrap_or(NONE);
            trail.entered.push(Entered { function, node, scope });
            self.trace_field(owner, key, span_of_expr(callee), trail);
            trail.entered.pop();
            trail.wanted.push(key);
            return true;
        }
        let Some(member) = as_member(callee) else { return false };
        let Some(key) = plain_key(&member.prop) else {
            return false;
        };
        if matches!(key, "map" | "flatMap") {
            let mapper = node.arguments().first();
            let Some(function) = mapper.and_then(|arg| self.as_function(&arg.expr, scope)) else {
                return false;
            };
            let wanted = std::mem::take(&mut trail.wanted);
            self.trace_returns(function, trail);
            trail.wanted = wanted;
            return true;
        }
        if let Some(owner) = self.owner_of(&member.obj, scope, OWNER_DEPTH)
            && let Some(function) = self.method_of(owner, key)
        {
            self.trace_entered(function, node, span_of_expr(callee), scope, trail);
            return true;
        }
        false
    }

    /// What another package's function was given and may give back by a method of its result. The environment that
    /// something is started with (`launch({ env })`) is nothing that it gives back.
    pub(super) fn trace_given(&mut self, node: CallNode<'a>, scope: ScopeId, trail: &mut Trail<'a>) {
        let wanted = std::mem::take(&mut trail.wanted);
        for arg in node.arguments() {
            let Expr::Object(object) = &*arg.expr else {
                self.trace(&arg.expr, scope, trail);
                continue;
            };
            for prop in &object.props {
                match prop {
                    PropOrSpread::Spread(spread) => self.trace(&spread.expr, scope, trail),
                    PropOrSpread::Prop(prop) => match &**prop {
                        Prop::KeyValue(pair) if key_text(&pair.key) != Some("env") => {
                            self.trace(&pair.value, scope, trail);
                        }
                        Prop::Shorthand(ident) if &*ident.sym != "env" => {
                            self.trace_name(&ident.sym, span_of(ident.span), scope, trail);
                        }
                        _ => {}
                    },
                }
            }
        }
        trail.wanted = wanted;
    }

    /// `arguments` of the function around.
    pub(super) fn trace_own_arguments(&mut self, scope: ScopeId, span: Span, trail: &mut Trail<'a>) {
        let mut function = self.model.function_of(scope);
        while let Some(func) = self.model.functions.get(function as usize) {
            if !func.arrow {
                break;
            }
            function = func.parent;
        }
        if function == super::model::TOP || function == NONE {
            return;
        }
        for index in 0..super::MAX_REST {
            self.trace_parameter(function, index, span, trail);
        }
    }
}

/// Whether a call signs its first argument.
pub(super) fn signs(callee: &Expr) -> bool {
    as_member(callee).map_or_else(
        || matches!(callee, Expr::Ident(ident) if &*ident.sym == "sign"),
        |member| plain_key(&member.prop).is_some_and(|key| matches!(key, "sign" | "createHmac")),
    )
}

/// Whether a function is another package's.
pub(super) fn elsewhere(target: &Value<'_>) -> bool {
    target
        .alternatives()
        .iter()
        .all(|value| matches!(value, Value::Module(..)))
}

/// The plain name of a function's n-th parameter.
pub(in crate::facts) fn parameter_name(params: Params<'_>, index: usize) -> Option<&Atom> {
    let pat = match params {
        Params::Function(params) => params.get(index).map(|param| &param.pat),
        Params::Arrow(params) => params.get(index),
        Params::Constructor(params) => match params.get(index) {
            Some(ast::ParamOrTsParamProp::Param(param)) => Some(&param.pat),
            _ => None,
        },
        Params::None => None,
    };
    match pat? {
        ast::Pat::Ident(ident) => Some(&ident.id.sym),
        ast::Pat::Assign(assign) => match &*assign.left {
            ast::Pat::Ident(ident) => Some(&ident.id.sym),
            _ => None,
        },
        _ => None,
    }
}

/// A read of something that is a source by merely being read.
pub(super) fn trace_read(path: &str, span: Span, key: Option<&str>, trail: &mut Trail<'_>) -> bool {
    let Some(api) = capability::api(path).filter(|api| api.on == On::Read) else {
        return false;
    };
    let Some(source) = api.source else {
        return false;
    };
    let what = if source == Source::Environment {
        vec![key.unwrap_or("*").to_owned()]
    } else {
        Vec::new()
    };
    trail.add(Kind::Outside(source), path, span, what);
    true
}
