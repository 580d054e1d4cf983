//! What names mean in an inner text: globals, the names around a direct `eval`, parameters, a sandbox's members; and
//! where a value that a name holds was made.

use swc_ecma_ast::{Expr, Prop, PropOrSpread};

use super::{Given, Names};
use crate::facts::{
    calls::stripped,
    collect::key_text,
    evaluate::Analysis,
    model::{CallNode, ScopeId, Source},
    uses::RawUse,
    value::{Hidden, Value},
};

/// How many names a value is followed through to where it was made.
const MAX_HOPS: usize = 8;
/// How many calls of a made function are looked for.
const MAX_LOOKS: u32 = 16;

impl<'a> Analysis<'a> {
    /// What names mean in the code that an API is given.
    pub(super) fn names_in(&mut self, raw: &RawUse<'a>) -> Names {
        match &*raw.path {
            // Only a call by this very name sees the names around it.
            "eval" => match raw.node {
                Some(CallNode::Call(call)) if matches!(call.callee.as_expr().map(|e| &**e), Some(Expr::Ident(_))) => {
                    Names::Around(raw.scope)
                }
                _ => Names::Globals,
            },
            "Function" => {
                let last = raw.args.len().saturating_sub(1);
                let Some(names) = parameters(raw.args.get(..last).unwrap_or_default()) else {
                    return Names::Globals;
                };
                let given = raw.node.and_then(|node| self.called_with(node));
                let names = names.into_iter().enumerate().filter_map(|(index, name)| {
                    let given = given
                        .as_ref()
                        .map(|given| given.get(index).map_or(Given::Unknown, give));
                    // A parameter of this name is filled with what it says.
                    (given.is_some() || name != "require").then(|| (name, given.unwrap_or(Given::Unknown)))
                });
                Names::These(names.collect())
            }
            "vm.compileFunction" => match raw.args.get(1) {
                Some(Value::Array(items)) => match parameters(items) {
                    Some(names) => {
                        let unknown = names.into_iter().filter(|name| name != "require");
                        Names::These(unknown.map(|name| (name, Given::Unknown)).collect())
                    }
                    None => Names::Globals,
                },
                _ => Names::Globals,
            },
            "vm.runInNewContext" | "vm.runInContext" => {
                let sandbox = raw.args.get(1).cloned().unwrap_or(Value::Undefined);
                let sandbox = match sandbox {
                    Value::Object(..) => sandbox,
                    _ => self.sandbox(raw).unwrap_or(Value::Unknown),
                };
                Names::These(self.given_members(&sandbox))
            }
            _ => Names::Globals,
        }
    }

    /// The object that `vm.createContext` made a context of.
    pub(super) fn sandbox(&mut self, raw: &RawUse<'a>) -> Option<Value<'a>> {
        let expr = Self::own_arguments(raw).get(1).copied()?;
        let (made, scope) = self.origin(expr, raw.scope)?;
        let object = self.argument_of(made, scope, "vm.createContext", 0)?;
        Some(self.value(object, scope))
    }

    /// The members of an object that is written out.
    pub(super) fn given_members(&mut self, value: &Value<'a>) -> Vec<(String, Given)> {
        let Value::Object(object, _) = value else {
            return Vec::new();
        };
        let keys = object.props.iter().filter_map(|prop| match prop {
            PropOrSpread::Prop(prop) => match &**prop {
                Prop::Shorthand(name) => Some(&*name.sym),
                Prop::KeyValue(pair) => key_text(&pair.key),
                Prop::Method(method) => key_text(&method.key),
                _ => None,
            },
            PropOrSpread::Spread(_) => None,
        });
        keys.take(64)
            .map(|key| (key.to_owned(), give(&self.get(value, key, None))))
            .collect()
    }

    /// What a name means at a place, for code that is run there; `None` if it is a global.
    pub(in crate::facts) fn given_at(&mut self, name: &str, scope: ScopeId) -> Option<Given> {
        match self.model.lookup(&name.into(), scope) {
            Some(binding) => Some(give(&self.meant(Some(binding), name))),
            None => self.inside.given.get(name).cloned(),
        }
    }

    /// The value of a name that the code around this layer declares.
    pub(in crate::facts) fn given_value(&self, name: &str) -> Option<Value<'a>> {
        Some(match self.inside.given.get(name)? {
            Given::Unknown => Value::Unknown,
            Given::Api(path) => Value::Api(path.clone()),
            Given::Module(specifier, path) => Value::Module(specifier.clone(), path.clone()),
            Given::Text(text) => Value::Text(text.clone(), Hidden::Plain),
            Given::Global => Value::Global,
        })
    }

    /// What a function that a call makes is called with on the spot: `Function('a', code)(x)`.
    pub(super) fn called_with(&mut self, node: CallNode<'a>) -> Option<Vec<Value<'a>>> {
        if self.inside.looks >= MAX_LOOKS {
            return None;
        }
        self.inside.looks += 1;
        let address = node.address();
        let call = self.model.calls.iter().find(|call| {
            let callee = call.node.callee().map(stripped);
            match callee {
                Some(Expr::Call(call)) => std::ptr::from_ref(call) as usize == address,
                Some(Expr::New(new)) => std::ptr::from_ref(new) as usize == address,
                _ => false,
            }
        })?;
        let (node, scope) = (call.node, call.scope);
        Some(self.arguments(node, scope))
    }

    /// The n-th argument of a call or construction of an API.
    pub(super) fn argument_of(&mut self, made: &'a Expr, scope: ScopeId, api: &str, index: usize) -> Option<&'a Expr> {
        let node = match made {
            Expr::Call(call) => CallNode::Call(call),
            Expr::New(new) => CallNode::New(new),
            _ => return None,
        };
        let callee = self.value(stripped(node.callee()?), scope);
        let meant = callee
            .alternatives()
            .iter()
            .any(|value| matches!(value, Value::Api(path) if &**path == api));
        let argument = node.arguments().get(index).filter(|arg| arg.spread.is_none())?;
        meant.then_some(&*argument.expr)
    }

    /// The expression that made a value, through names that are given one value only.
    pub(in crate::facts) fn origin(&self, expr: &'a Expr, scope: ScopeId) -> Option<(&'a Expr, ScopeId)> {
        let (mut at, mut scope) = (expr, scope);
        for _ in 0..MAX_HOPS {
            at = stripped(at);
            if let Expr::Await(awaited) = at {
                at = &awaited.arg;
                continue;
            }
            let Expr::Ident(name) = at else {
                return Some((at, scope));
            };
            let binding = self.model.lookup(&name.sym, scope)?;
            let writes = self.model.writes_of(binding).map(|w| (w.source, w.path.is_empty()));
            let assigns = self
                .model
                .assigns_of(binding)
                .map(|a| (a.source, a.path.is_empty() && !a.compound));
            let mut given = writes.chain(assigns);
            let (Some((Source::Expr(value, around), true)), None) = (given.next(), given.next()) else {
                return None;
            };
            (at, scope) = (value, around);
        }
        None
    }
}

/// The names that texts of parameters declare; `None` if they cannot be told.
pub(super) fn parameters(values: &[Value<'_>]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for value in values {
        names.extend(value.as_text()?.split(',').map(|name| name.trim().to_owned()));
    }
    Some(names)
}

/// What an inner text may know of a value of the code around it.
pub(super) fn give(value: &Value<'_>) -> Given {
    match value {
        Value::Api(path) => Given::Api(path.clone()),
        Value::Module(specifier, path) => Given::Module(specifier.clone(), path.clone()),
        Value::Text(text, _) => Given::Text(text.clone()),
        Value::Global => Given::Global,
        _ => Given::Unknown,
    }
}
