//! What a function is given that is itself handed to a function of the module: the factory of a UMD wrapper.

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, Lit};

use crate::facts::{
    calls::{as_member, stripped},
    collect::function_start,
    evaluate::{Analysis, module_value},
    model::{CallNode, Context, FuncId, Role, ScopeId},
    parameters::innermost_call,
    value::Value,
};

/// How many uses of a callback are looked at.
const MAX_USES: usize = 12;

impl<'a> Analysis<'a> {
    /// The parameter of a function that is the `at`-th argument of a call: what the called function calls it with.
    pub(in crate::facts) fn handed(&mut self, function: FuncId, call: u32, at: u16, index: usize) -> Value<'a> {
        let site = self.model.calls[call as usize];
        let start = self.model.functions[function as usize].start;
        let Some(arg) = site.node.arguments().get(usize::from(at)) else {
            return Value::Unknown;
        };
        // A function inside an array or object is handed on by other means.
        if function_start(&arg.expr) != Some(start) {
            return Value::Unknown;
        }
        let Some(callee) = site.node.callee() else {
            return Value::Unknown;
        };
        let wrapper = match function_start(stripped(callee)) {
            Some(start) => self.model.function_at(start),
            None => match self.value(callee, site.scope) {
                Value::Function(wrapper) => Some(wrapper),
                _ => None,
            },
        };
        let Some(callback) = wrapper.and_then(|wrapper| self.parameter_binding(wrapper, usize::from(at))) else {
            return Value::Unknown;
        };
        if self.model.assigns_of(callback).next().is_some() {
            return Value::Unknown;
        }
        let uses: Vec<(Option<&'a Expr>, ScopeId, Context)> = self
            .model
            .refs_to(callback)
            .map(|found| (found.chain, found.scope, found.context))
            .take(MAX_USES + 1)
            .collect();
        if uses.len() > MAX_USES {
            return Value::Unknown;
        }
        let mut values = Vec::new();
        for (chain, scope, context) in uses {
            match chain {
                Some(Expr::Ident(_)) if context == Context::Test => {}
                Some(Expr::Ident(_)) => values.push(match context {
                    Context::Argument(call, _) => self.defined_with(call, index),
                    _ => Value::Unknown,
                }),
                Some(chain) => values.push(self.given_by(chain, index, scope)),
                None => values.push(Value::Unknown),
            }
        }
        Value::one_of(values)
    }

    /// Whether a load hands on what its function is given, and that function is an argument of one called on the spot,
    /// so that whoever calls its result is seen: `(x => typeof require !== 'undefined' ? require : x)(function () {
    /// return require.apply(this, arguments); })`.
    pub(in crate::facts) fn is_forwarded(&self, node: CallNode<'a>, scope: ScopeId) -> bool {
        let callee = node.callee().and_then(as_member);
        let all = node.arguments().get(1).map(|arg| &*arg.expr);
        if !callee.is_some_and(|member| member.prop.is_ident_with("apply"))
            || !matches!(all, Some(Expr::Ident(name)) if &*name.sym == "arguments")
        {
            return false;
        }
        let Role::Argument(call, _) = self.model.functions[self.model.function_of(scope) as usize].role else {
            return false;
        };
        let site = &self.model.calls[call as usize];
        let on_the_spot = site
            .node
            .callee()
            .is_some_and(|callee| function_start(stripped(callee)).is_some());
        on_the_spot && matches!(site.context, Context::Alias(_))
    }

    /// The argument of `callback(…)`, `callback.call(this, …)`, `callback.apply(this, […])`.
    fn given_by(&mut self, chain: &'a Expr, index: usize, scope: ScopeId) -> Value<'a> {
        if let Some(node) = innermost_call(chain) {
            return self.argument(node, index, scope);
        }
        let Expr::Call(call) = chain else {
            return Value::Unknown;
        };
        let Some(member) = call.callee.as_expr().and_then(|callee| as_member(callee)) else {
            return Value::Unknown;
        };
        let ast::MemberProp::Ident(method) = &member.prop else {
            return Value::Unknown;
        };
        match &*method.sym {
            "call" if member.obj.is_ident() => self.argument(CallNode::Call(call), index + 1, scope),
            "apply" if member.obj.is_ident() => match self.argument(CallNode::Call(call), 1, scope) {
                Value::Array(items) => items.get(index).cloned().unwrap_or(Value::Undefined),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// What `define(['a', 'b'], callback)` gives its callback.
    fn defined_with(&mut self, call: u32, index: usize) -> Value<'a> {
        let site = self.model.calls[call as usize];
        match site.node.callee().map(stripped) {
            Some(Expr::Ident(name)) if &*name.sym == "define" && self.model.lookup(&name.sym, site.scope).is_none() => {
                dependency(site.node.arguments(), index)
            }
            _ => Value::Unknown,
        }
    }
}

/// The n-th dependency of an AMD module by the arguments of `define`.
fn dependency(args: &[ast::ExprOrSpread], index: usize) -> Value<'_> {
    let names = args.iter().take(2).find_map(|arg| names_in(&arg.expr));
    match names.and_then(|names| names.get(index).copied().flatten()) {
        Some("require") => Value::api("require"),
        Some("exports" | "module") | None => Value::Unknown,
        Some(name) => module_value(name),
    }
}

/// The texts of an array literal.
pub(super) fn names_in(expr: &Expr) -> Option<Vec<Option<&str>>> {
    let Expr::Array(array) = expr else { return None };
    Some(
        array
            .elems
            .iter()
            .map(|element| match element.as_ref().map(|element| &*element.expr) {
                Some(Expr::Lit(Lit::Str(text))) => text.value.as_str(),
                _ => None,
            })
            .collect(),
    )
}
