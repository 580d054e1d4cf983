//! What a call gives, and which power it uses.

use std::rc::Rc;

use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp};

use super::{
    capability::{self, On, Role},
    evaluate::{Analysis, module_value},
    fold,
    model::{CallNode, FuncId, ScopeId},
    uses::Manner,
    value::{Hidden, Value},
};
use crate::{parse::span_of, span::Span};

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
            return self.invoke(&target, node, args, 0, span_of_expr(plain), scope);
        };
        let object = self.value(&member.obj, scope);
        let Some(key) = self.key(member, scope) else {
            let target = self.value(plain, scope);
            let args = self.arguments(node, scope);
            return self.invoke(&target, node, args, 0, span_of(member.span), scope);
        };
        let span = span_of(member.span);
        let args = self.arguments(node, scope);
        if matches!(
            object,
            Value::Api(_) | Value::Function(_) | Value::Global | Value::OneOf(_)
        ) {
            match &*key {
                // Of a harmless function with arguments of its own, nothing is left to follow.
                "bind" if args.len() > 1 && !object.leads_to_power() => return Value::Unknown,
                "bind" if args.len() > 1
                    && object.alternatives().iter().any(
                        |v| matches!(v, Value::Api(path) if capability::api(path).is_none_or(|api| api.capabilities.is_empty()) && !LOADERS.contains(&&**path)),
                    ) =>
                {
                    return Value::Unknown;
                }
                "bind" => return object,
                "call" => {
                    return self.invoke(
                        &object,
                        node,
                        args.get(1..).unwrap_or_default().to_vec(),
                        1,
                        span,
                        scope,
                    );
                }
                "apply" => {
                    let args = match args.get(1) {
                        Some(Value::Array(items)) => items.to_vec(),
                        _ => vec![Value::Unknown],
                    };
                    return self.invoke(&object, node, args, usize::MAX, span, scope);
                }
                _ => {}
            }
        }
        match &object {
            Value::Array(items) if matches!(&*key, "map" | "forEach" | "flatMap") => {
                self.map_items(&items.clone(), &args)
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
                    key => self.get(&object, key, Some((span, scope))),
                };
                self.invoke(&target, node, args, 0, span, scope)
            }
        }
    }

    fn key(&mut self, member: &'a ast::MemberExpr, scope: ScopeId) -> Option<Rc<str>> {
        match &member.prop {
            MemberProp::Ident(name) => Some((*name.sym).into()),
            MemberProp::PrivateName(_) => Some("#private".into()),
            MemberProp::Computed(computed) => match self.value(&computed.expr, scope) {
                Value::Text(text, _) => Some(text),
                _ => None,
            },
        }
    }

    fn map_items(&mut self, items: &Rc<[Value<'a>]>, args: &[Value<'a>]) -> Value<'a> {
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
                Value::Function(function) => self.enter(*function, args),
                Value::Api(path) => fold::intrinsic(path, &args[..1]),
                _ => return Value::Unknown,
            });
        }
        Value::Array(out.into())
    }

    /// Calls a value with arguments, of which the first `shift` of the syntax were not its own.
    pub(super) fn invoke(
        &mut self,
        target: &Value<'a>,
        node: CallNode<'a>,
        args: Vec<Value<'a>>,
        shift: usize,
        span: Span,
        scope: ScopeId,
    ) -> Value<'a> {
        match target {
            Value::OneOf(values) => {
                let values = values.clone();
                let results = values
                    .iter()
                    .map(|v| self.invoke(v, node, args.clone(), shift, span, scope))
                    .collect();
                Value::one_of(results)
            }
            Value::Api(path) => {
                let path = path.clone();
                self.api_call_at(&path, node, args, shift, span, scope)
            }
            Value::Function(function) => {
                let passed = args.first().cloned();
                match self.enter_or_run(*function, &args, span.start, scope) {
                    value
                        if value.leads_somewhere()
                            || !matches!(value, Value::Unknown | Value::OneOf(_) | Value::Object(..)) =>
                    {
                        value
                    }
                    value => passed
                        .and_then(passed_through)
                        .map_or(value.clone(), |through| Value::one_of(vec![through, value])),
                }
            }
            // A helper from elsewhere (`__importStar(require('fs'))`) may well give back what it got.
            _ => args
                .into_iter()
                .next()
                .and_then(passed_through)
                .unwrap_or(Value::Unknown),
        }
    }

    /// What a function of the module gives: by what it returns, else by running it on constants.
    fn enter_or_run(&mut self, function: FuncId, args: &[Value<'a>], at: u32, scope: ScopeId) -> Value<'a> {
        if self.is_decoder(function)
            && let Some(value) = self.interpreted_call(function, args, at, scope)
        {
            return value;
        }
        let value = self.enter(function, args.to_vec());
        if !value.is_open() && !matches!(value, Value::OneOf(_) | Value::Partial(_)) {
            return value;
        }
        self.interpreted_call(function, args, at, scope).unwrap_or(value)
    }

    /// A call of an API path, with the call's own place.
    pub(super) fn api_call(
        &mut self,
        path: &str,
        node: CallNode<'a>,
        args: Vec<Value<'a>>,
        scope: ScopeId,
    ) -> Value<'a> {
        let span = node.callee().map(span_of_expr).unwrap_or_default();
        self.api_call_at(path, node, args, 0, span, scope)
    }

    fn api_call_at(
        &mut self,
        path: &str,
        node: CallNode<'a>,
        args: Vec<Value<'a>>,
        shift: usize,
        span: Span,
        scope: ScopeId,
    ) -> Value<'a> {
        if LOADERS.contains(&path) {
            return self.load(path, node, &args, span, scope);
        }
        match path {
            "module.createRequire" | "module.createRequireFromPath" => {
                return Value::api("require");
            }
            "require.resolve" | "import.meta.resolve" => {
                self.note_resolve(&args, span, scope);
                return Value::Unknown;
            }
            "Reflect.apply" => {
                let items = match args.get(2) {
                    Some(Value::Array(items)) => items.to_vec(),
                    _ => vec![Value::Unknown],
                };
                return args.first().map_or(Value::Unknown, |target| {
                    self.invoke(&target.clone(), node, items, usize::MAX, span, scope)
                });
            }
            "Reflect.construct" => {
                let items = match args.get(1) {
                    Some(Value::Array(items)) => items.to_vec(),
                    _ => vec![Value::Unknown],
                };
                return args.first().map_or(Value::Unknown, |target| {
                    self.invoke(&target.clone(), node, items, usize::MAX, span, scope)
                });
            }
            "Reflect.get" => {
                return match (args.first(), args.get(1).and_then(Value::as_text)) {
                    (Some(object), Some(key)) => self.get(&object.clone(), key, Some((span, scope))),
                    _ => Value::Unknown,
                };
            }
            "Object.freeze" | "Object.seal" | "Object.create" | "Promise.resolve" | "Object.assign" => {
                return args.into_iter().find(Value::leads_somewhere).unwrap_or(Value::Unknown);
            }
            "path.join" | "path.resolve" | "path.normalize" => return join_paths(&args),
            "os.homedir" => {
                self.note(path, Manner::Called, Some(node), args, shift, span, scope);
                return Value::Partial("~".into());
            }
            "os.tmpdir" => return Value::Partial("/tmp".into()),
            "process.cwd" => return Value::Partial(".".into()),
            "url.fileURLToPath" | "URL" | "url.URL" | "url.parse" => {
                return args.into_iter().next().unwrap_or(Value::Unknown);
            }
            "Function" if returns_this(&args) => {
                self.note(path, Manner::Called, Some(node), args, shift, span, scope);
                return Value::api("Function.this");
            }
            "Function.this" => return Value::Global,
            "eval" => {
                let code = args.first().and_then(Value::as_text).map(str::to_owned);
                self.note(path, Manner::Called, Some(node), args, shift, span, scope);
                return match code.as_deref().map(str::trim) {
                    Some(name) if is_name(name) => self.named_in(name, scope),
                    _ => Value::Unknown,
                };
            }
            _ => {}
        }
        let Some(api) = capability::api(path) else {
            let folded = if fold::all_known(&args) {
                fold::intrinsic(path, &args)
            } else {
                Value::Unknown
            };
            return match folded {
                Value::Unknown => args
                    .into_iter()
                    .next()
                    .and_then(passed_through)
                    .unwrap_or(Value::Unknown),
                known => known,
            };
        };
        if let Some(at) = api.arguments.iter().position(|role| *role == Role::TimerCode)
            && shift == 0
            && node
                .arguments()
                .get(at)
                .is_some_and(|arg| may_be_text(&arg.expr, args.get(at)))
        {
            self.note_code(path, api, node, args.clone(), span, scope);
        }
        let harmless = api.capabilities.is_empty();
        if api.on == On::Call && !harmless {
            self.note(path, Manner::Called, Some(node), args.clone(), shift, span, scope);
        } else if api.on == On::Read && !path.starts_with("process.env") {
            self.note(path, Manner::Read, Some(node), Vec::new(), shift, span, scope);
        }
        if let Some(returns) = api.returns {
            return Value::api(returns);
        }
        if harmless {
            if fold::all_known(&args)
                && let known @ (Value::Text(..) | Value::Bytes(..) | Value::Number(_) | Value::Array(_)) =
                    fold::intrinsic(path, &args)
            {
                return known;
            }
            return args
                .into_iter()
                .next()
                .and_then(passed_through)
                .unwrap_or(Value::Unknown);
        }
        Value::Unknown
    }

    fn named_in(&mut self, name: &str, scope: ScopeId) -> Value<'a> {
        match self.model.lookup(&name.into(), scope) {
            Some(binding) => self.binding(binding),
            None => super::evaluate::global(name),
        }
    }

    fn load(&mut self, path: &str, node: CallNode<'a>, args: &[Value<'a>], span: Span, scope: ScopeId) -> Value<'a> {
        let Some(specifier) = args.first() else {
            return Value::Unknown;
        };
        self.note_load(path, node, specifier, span, scope);
        specifier.map(|v| v.as_text().map_or(Value::Unknown, module_value))
    }
}

/// Whether a timer's argument is a text: by its value, or because it is built like one.
pub(super) fn may_be_text(expr: &Expr, value: Option<&Value<'_>>) -> bool {
    let text = matches!(value, Some(Value::Text(..) | Value::Partial(_)));
    text || matches!(expr, Expr::Tpl(_)) || matches!(expr, Expr::Bin(bin) if bin.op == ast::BinaryOp::Add)
}

/// Whether a path is data from outside rather than a power to hand on: `process.env`, `event.timeStamp`.
fn is_data(path: &str) -> bool {
    capability::api(path).is_some_and(|api| api.on == On::Read)
}

/// A module or API that a helper was given and may give back.
fn passed_through(value: Value<'_>) -> Option<Value<'_>> {
    match &value {
        Value::Api(path) if !path.contains('#') && !is_data(path) => Some(value),
        Value::Module(..) => Some(value),
        _ => None,
    }
}

/// `Function('return this')`: the common way to the global object.
fn returns_this(args: &[Value<'_>]) -> bool {
    args.last().and_then(Value::as_text).is_some_and(|code| {
        matches!(
            code.trim().trim_end_matches(';').trim_end(),
            "return this" | "return globalThis" | "return global"
        )
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() < 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// `path.join` and `path.resolve`, gaps and all.
fn join_paths<'a>(args: &[Value<'a>]) -> Value<'a> {
    let mut out = String::new();
    for arg in args {
        let part = arg.to_partial().unwrap_or_else(|| super::value::GAP.to_string().into());
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(if out.is_empty() {
            &part
        } else {
            part.trim_start_matches("./").trim_start_matches('/')
        });
    }
    match fold::partial(&out) {
        Value::Text(text, _) => Value::Text(text, Hidden::Plain),
        other => other,
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
