//! What a call of something that the API table may know gives.

use super::{LOADERS, Site, may_be_text, passed_through};
use crate::{
    facts::{
        capability::{self, On, Role},
        evaluate::{Analysis, module_value},
        fold,
        model::{CallNode, ScopeId},
        uses::Manner,
        value::{GAP, Hidden, Value},
    },
    span::Span,
};

/// How many paths are told apart that one call may make.
const MAX_PATHS: usize = 8;

impl<'a> Analysis<'a> {
    /// A call of an API path.
    pub(super) fn api_call_at(&mut self, path: &str, args: Vec<Value<'a>>, site: Site<'a>) -> Value<'a> {
        let Site {
            node,
            shift,
            span,
            scope,
        } = site;
        if let Some(value) = self.reflected(path, &args, site) {
            return value;
        }
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
            "path.join" | "path.resolve" | "path.normalize" => return joined_paths(&args),
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
                    // In the global scope if `eval` is called by another name.
                    Some("this") => Value::Global,
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
        if harmless && api.sink.is_some() {
            self.note_sink(path, api, node, &args, shift, span, scope);
        }
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
        self.meant(self.model.lookup(&name.into(), scope), name)
    }

    fn load(&mut self, path: &str, node: CallNode<'a>, args: &[Value<'a>], span: Span, scope: ScopeId) -> Value<'a> {
        let Some(specifier) = args.first() else {
            return Value::Unknown;
        };
        self.note_load(path, node, specifier, span, scope);
        specifier.map(|v| v.as_text().map_or(Value::Unknown, module_value))
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

/// `path.join` and `path.resolve` of what may be one of several: each of them.
fn joined_paths<'a>(args: &[Value<'a>]) -> Value<'a> {
    if !args.iter().any(|arg| matches!(arg, Value::OneOf(_))) {
        return join_paths(args);
    }
    let mut ways: Vec<Vec<Value<'a>>> = vec![Vec::new()];
    for arg in args.iter().rev() {
        let mut choices = arg.alternatives();
        if choices.len() * ways.len() > MAX_PATHS {
            choices = std::slice::from_ref(arg);
        }
        let longer = |choice: &Value<'a>| {
            let longer = ways.iter().map(|way| [std::slice::from_ref(choice), way].concat());
            longer.collect::<Vec<_>>()
        };
        ways = choices.iter().flat_map(longer).collect();
    }
    Value::one_of(ways.iter().map(|way| join_paths(way)).collect())
}

/// `path.join` and `path.resolve`, gaps and all.
fn join_paths<'a>(args: &[Value<'a>]) -> Value<'a> {
    let mut out = String::new();
    for arg in args {
        let part = arg.to_partial().unwrap_or_else(|| GAP.to_string().into());
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
