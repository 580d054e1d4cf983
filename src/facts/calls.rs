//! What a call gives, and which power it uses.

use std::{borrow::Cow, rc::Rc};

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    capability::{self, On},
    evaluate::Analysis,
    fold, interpret,
    model::{CallNode, FuncId, NONE, ScopeId},
    value::{Bound, Maker, Value},
};
use crate::{parse::span_of, span::Span};

mod api;

/// How many items of a constant array a mapping function is run on.
const MAX_ITEMS: usize = 4096;

/// Loads a module by a specifier, by whatever path one comes to it.
const LOADERS: [&str; 7] = [
    "require",
    "module#require",
    "module._load",
    "process.mainModule.require",
    "process.getBuiltinModule",
    "require.main.require",
    "import.meta.require",
];

/// Where a call is made.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) node: CallNode<'a>,
    /// How many of the syntax's arguments are not the callee's own; `usize::MAX` if they cannot be told.
    pub(super) shift: usize,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
}

impl<'a> Site<'a> {
    pub(super) fn new(node: CallNode<'a>, span: Span, scope: ScopeId) -> Self {
        Self {
            node,
            shift: 0,
            span,
            scope,
        }
    }

    fn shifted(self) -> Self {
        let shift = self.shift.saturating_add(1);
        Self { shift, ..self }
    }

    pub(super) fn apart(self) -> Self {
        let shift = usize::MAX;
        Self { shift, ..self }
    }

    fn constructs(self) -> bool {
        matches!(self.node, CallNode::New(_))
    }
}

impl<'a> Analysis<'a> {
    /// The value of a call, construction or tagged template; notes the power it uses.
    pub(super) fn call(&mut self, node: CallNode<'a>, scope: ScopeId) -> Value<'a> {
        let Some(callee) = node.callee() else {
            return Value::Unknown;
        };
        let plain = stripped(callee);
        let Some(member) = as_member(plain) else {
            let target = self.value(plain, scope);
            let args = self.arguments(node, scope);
            return self.invoke(
                &target,
                Value::Undefined,
                args,
                Site::new(node, span_of_expr(plain), scope),
            );
        };
        let object = self.value(&member.obj, scope);
        let site = Site::new(node, span_of(member.span), scope);
        let Some(key) = self.key(member, scope) else {
            let target = self.value(plain, scope);
            let args = self.arguments(node, scope);
            return self.invoke(&target, object, args, site);
        };
        let args = self.arguments(node, scope);
        let reflects = matches!(&object, Value::Api(path) if &**path == "Reflect");
        if (object.is_callable() || matches!(object, Value::Bundled(_))) && !reflects {
            match &*key {
                "bind" => {
                    return match self.bound_loader(&object, &args, scope) {
                        Some(loader) => loader,
                        None => bound(object, &args),
                    };
                }
                "call" => {
                    let (this, args) = split(&args);
                    return self.invoke(&object, this, args.to_vec(), site.shifted());
                }
                "apply" => {
                    let this = args.first().cloned().unwrap_or(Value::Undefined);
                    return self.invoke(&object, this, spread(args.get(1)), site.apart());
                }
                _ => {}
            }
        }
        let is_constant = matches!(
            object,
            Value::Text(..)
                | Value::Bytes(..)
                | Value::Array(_)
                | Value::Number(_)
                | Value::Partial(_)
                | Value::OneOf(_)
        );
        // A method that the module has put another one in the place of.
        if is_constant && !object.holds_power() && self.patched().names(&key) {
            return Value::Unknown;
        }
        if let Some(value) = self.settled(&object, &key, &args) {
            return value;
        }
        if let Some(value) = Self::taken(&object, &key, &args) {
            return value;
        }
        match &object {
            Value::Array(items) if matches!(&*key, "map" | "forEach" | "flatMap") => {
                self.map_items(&items.clone(), &args, site)
            }
            Value::Array(items) if matches!(&*key, "reduce" | "filter" | "find") => {
                let _ = items;
                Value::Unknown
            }
            Value::Text(..) | Value::Bytes(..) | Value::Array(_) | Value::Number(_) | Value::Partial(_) => {
                if fold::all_known(&args) || matches!(&*key, "concat") {
                    fold::method(&object, &key, &args)
                } else {
                    Value::Unknown
                }
            }
            // A method of several possible texts.
            Value::OneOf(several) if several.iter().all(|v| matches!(v, Value::Text(..) | Value::Partial(_))) => {
                if fold::all_known(&args) || matches!(&*key, "concat") {
                    object.map(|text| fold::method(text, &key, &args))
                } else {
                    Value::Unknown
                }
            }
            _ => {
                let target = match &*key {
                    "constructor" => self.value(plain, scope),
                    key => self.get(&object, key, Some((site.span, scope))),
                };
                self.invoke(&target, object, args, site)
            }
        }
    }

    fn key(&mut self, member: &'a ast::MemberExpr, scope: ScopeId) -> Option<Cow<'a, str>> {
        match &member.prop {
            MemberProp::Ident(name) => Some(Cow::Borrowed(&name.sym)),
            MemberProp::PrivateName(name) => Some(format!("#{}", name.name).into()),
            MemberProp::Computed(computed) => match self.value(&computed.expr, scope) {
                Value::Text(text, _) => Some(text.to_string().into()),
                _ => None,
            },
        }
    }

    fn map_items(&mut self, items: &Rc<[Value<'a>]>, args: &[Value<'a>], site: Site<'a>) -> Value<'a> {
        let Some(target) = args.first() else {
            return Value::Unknown;
        };
        if items.len() > MAX_ITEMS {
            return Value::Unknown;
        }
        let mut out = Vec::with_capacity(items.len());
        for (index, item) in (0u32..).zip(items.iter()) {
            let args = vec![item.clone(), Value::Number(index.into())];
            out.push(match target {
                Value::Function(function) => {
                    self.deliver(*function, &args);
                    self.enter(*function, args)
                }
                Value::Closure(function, frames) => self.enter_within(*function, &frames.clone(), args),
                Value::Api(path) if LOADERS.contains(&&**path) => self.invoke(target, Value::Undefined, args, site),
                Value::Api(path) => fold::intrinsic(path, &args[..1]),
                _ => return Value::Unknown,
            });
        }
        Value::Array(out.into())
    }

    /// Calls a value with arguments.
    pub(super) fn invoke(
        &mut self,
        target: &Value<'a>,
        this: Value<'a>,
        args: Vec<Value<'a>>,
        site: Site<'a>,
    ) -> Value<'a> {
        match target {
            Value::OneOf(values) => {
                let values = values.clone();
                let results = values
                    .iter()
                    .map(|v| self.invoke(v, this.clone(), args.clone(), site))
                    .collect();
                Value::one_of(results)
            }
            Value::Api(path) => match &**path {
                "Function#call" => {
                    let (inner, args) = split(&args);
                    self.invoke(&this, inner, args.to_vec(), site.shifted())
                }
                "Function#apply" => {
                    let inner = args.first().cloned().unwrap_or(Value::Undefined);
                    self.invoke(&this, inner, spread(args.get(1)), site.apart())
                }
                "Function#bind" => bound(this, &args),
                path => {
                    let path = path.to_owned();
                    self.api_call_at(&path, args, site)
                }
            },
            Value::Bound(bound) => {
                let site = if bound.args.is_empty() { site } else { site.apart() };
                let args = bound.args.iter().cloned().chain(args).collect();
                self.invoke(&bound.target.clone(), bound.this.clone(), args, site)
            }
            Value::Bundled(part) => self.call_bundled(&part.clone(), args, site),
            Value::Class(class) if site.constructs() => {
                let constructor = self.model.classes[*class as usize].constructor;
                if constructor != NONE {
                    self.deliver(constructor, &args);
                }
                Value::Instance(Maker::Class(*class))
            }
            Value::Function(function) | Value::Closure(function, _) => {
                if let Some(value) = self.call_machinery(*function, site.node, &args, site.span, site.scope) {
                    return value;
                }
                let through = args.first().cloned().and_then(passed_through);
                self.deliver(*function, &args);
                let value = self.enter_or_run(target, *function, args, site);
                if site.constructs() && !self.model.functions[*function as usize].arrow {
                    let made = Value::Instance(Maker::Function(*function));
                    return if value.leads_somewhere() || value.is_container() {
                        Value::one_of(vec![made, value])
                    } else {
                        made
                    };
                }
                let Some(through) = through else {
                    return value;
                };
                let fate = self.fate(*function, 0);
                if !fate.loud && fate.back {
                    // `{ default: e }` is a copy too, of what this call gives it and no other.
                    let others = value.alternatives().iter().filter(|other| other.leads_somewhere());
                    return Value::one_of(std::iter::once(through.clone()).chain(others.cloned()).collect());
                }
                let told =
                    value.leads_somewhere() || !matches!(value, Value::Unknown | Value::OneOf(_) | Value::Object(..));
                if told || !fate.loud {
                    return value;
                }
                Value::one_of(vec![through, value])
            }
            _ if site.constructs() => Value::Unknown,
            // A helper from elsewhere (`__importStar(require('fs'))`) may well give back what it got.
            _ => args
                .into_iter()
                .next()
                .and_then(passed_through)
                .unwrap_or(Value::Unknown),
        }
    }

    /// What a function of the module gives: by what it returns, else by running it on constants.
    fn enter_or_run(
        &mut self,
        target: &Value<'a>,
        function: FuncId,
        args: Vec<Value<'a>>,
        site: Site<'a>,
    ) -> Value<'a> {
        let (at, scope) = (site.span.start, site.scope);
        let constants = interpret::are_constant(&args).then(|| args.clone());
        if let Some(constants) = &constants
            && self.is_decoder(function)
            && let Some(value) = self.interpreted_call(function, constants, at, scope)
        {
            return value;
        }
        let value = match target {
            Value::Closure(_, frames) => self.enter_within(function, &frames.clone(), args),
            _ => self.enter(function, args),
        };
        match constants {
            Some(constants) if value.is_open() || matches!(value, Value::OneOf(_)) => {
                self.interpreted_call(function, &constants, at, scope).unwrap_or(value)
            }
            _ => value,
        }
    }

    /// Remembers which parameters of a function get something that leads to a power, and do more with it than copy it or
    /// give it back.
    fn deliver(&mut self, function: FuncId, args: &[Value<'a>]) {
        for (index, arg) in (0u16..).zip(args) {
            if arg.holds_power()
                && self.delivered_to.last() != Some(&(function, index))
                && self.fate(function, index.into()).loud
            {
                self.delivered_to.push((function, index));
            }
        }
    }
}

/// Whether a timer's argument is a text: by its value, or because it is built like one.
pub(super) fn may_be_text(expr: &Expr, value: Option<&Value<'_>>) -> bool {
    let text = matches!(value, Some(Value::Text(..) | Value::Partial(_)));
    text || matches!(expr, Expr::Tpl(_)) || matches!(expr, Expr::Bin(bin) if bin.op == ast::BinaryOp::Add)
}

/// `target.bind(this, …)`
fn bound<'a>(target: Value<'a>, args: &[Value<'a>]) -> Value<'a> {
    let (this, rest) = split(args);
    // Without arguments it is as good as the function itself, but for those that call their `this`.
    let calls_this = matches!(&target, Value::Api(path) if path.starts_with("Function#"));
    if rest.is_empty() && !calls_this {
        return target;
    }
    let args = rest.to_vec();
    Value::Bound(Rc::new(Bound { target, this, args }))
}

/// `this` and the arguments after it.
fn split<'v, 'a>(args: &'v [Value<'a>]) -> (Value<'a>, &'v [Value<'a>]) {
    args.split_first()
        .map_or((Value::Undefined, &[]), |(this, rest)| (this.clone(), rest))
}

/// The arguments that an array holds.
pub(super) fn spread<'a>(array: Option<&Value<'a>>) -> Vec<Value<'a>> {
    match array {
        Some(Value::Array(items)) => items.to_vec(),
        _ => vec![Value::Unknown],
    }
}

/// Whether a path is data from outside rather than a power to hand on: `process.env`, `event.timeStamp`.
fn is_data(path: &str) -> bool {
    capability::api(path).is_some_and(|api| api.on == On::Read)
}

/// A module or API that a helper was given and may give back.
pub(super) fn passed_through(value: Value<'_>) -> Option<Value<'_>> {
    match &value {
        Value::Api(path) if !path.contains('#') && !is_data(path) => Some(value),
        Value::Module(..) | Value::Bundled(_) => Some(value),
        Value::OneOf(values) if values.iter().any(|one| passed_through(one.clone()).is_some()) => {
            Some(value.map(|one| passed_through(one.clone()).unwrap_or(Value::Unknown)))
        }
        _ => None,
    }
}

/// The callee without what only looks different: parentheses, `(0, f)`, types.
pub(super) fn stripped(callee: &Expr) -> &Expr {
    let mut at = callee;
    loop {
        at = match at {
            Expr::Paren(e) => &e.expr,
            Expr::Seq(seq) => match seq.exprs.last() {
                Some(last) => last,
                None => return at,
            },
            Expr::TsAs(e) => &e.expr,
            Expr::TsNonNull(e) => &e.expr,
            _ => return at,
        };
    }
}

/// The member expression that a callee is, optional or not.
pub(super) fn as_member(callee: &Expr) -> Option<&ast::MemberExpr> {
    match callee {
        Expr::Member(member) => Some(member),
        Expr::OptChain(optional) => match &*optional.base {
            ast::OptChainBase::Member(member) => Some(member),
            ast::OptChainBase::Call(_) => None,
        },
        _ => None,
    }
}

/// An expression's place.
pub(super) fn span_of_expr(expr: &Expr) -> Span {
    use swc_common::Spanned;
    span_of(expr.span())
}
