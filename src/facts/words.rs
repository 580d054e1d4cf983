//! What is known of a use's arguments, in words: hosts, paths, commands, variables.

use swc_ecma_ast::{Expr, MemberProp, Prop, PropOrSpread};

use super::{
    Arguments, Flag,
    calls::{as_member, stripped},
    capability::{Capability, Role},
    collect::key_text,
    evaluate::Analysis,
    model::{CallNode, ScopeId},
    owners::{Given, OWNER_DEPTH},
    uses::{Manner, RawUse},
    value::Value,
    ways::plain_key,
};

/// The most texts of one kind that are kept for a use.
const MAX_LISTED: usize = 8;
/// How many alternatives a folder is looked for in.
const MAX_HOPS: u32 = 4;
/// The longest text that is kept.
const MAX_CHARS: usize = 300;

impl<'a> Analysis<'a> {
    /// Words the arguments of a use.
    pub(super) fn words(&mut self, raw: &RawUse<'a>) -> Arguments {
        let mut out = Arguments::default();
        if raw.path.ends_with("env") && raw.manner != Manner::Called && raw.manner != Manner::Written {
            out.variables.push(raw.key.as_deref().unwrap_or("*").to_owned());
            return out;
        }
        let Some(api) = raw.api else {
            // A loaded module whose name is not wholly known.
            if let Some(text) = raw.args.first().and_then(Value::to_partial) {
                out.paths.push(shorten(&text));
            }
            return out;
        };
        for (index, (role, value)) in api.arguments.iter().zip(&raw.args).enumerate() {
            if *role == Role::Path && matches!(value, Value::Unknown) && raw.shift == 0 {
                let expr = Self::own_arguments(raw).get(index).copied();
                let root = expr.and_then(|expr| self.root(expr, raw.scope, MAX_HOPS));
                out.paths.extend(root.map(str::to_owned));
            }
            if *role == Role::Argv {
                let known = value.alternatives().iter().find(|one| matches!(one, Value::Array(_)));
                if let Some(array) = known {
                    append(&mut out.commands, array);
                } else {
                    // The arguments may be left out.
                    self.options(value, &mut out);
                }
                continue;
            }
            for value in value.alternatives() {
                match role {
                    Role::Url | Role::Host => self.host(value, &mut out),
                    Role::Path => add(&mut out.paths, value),
                    Role::Command => add(&mut out.commands, value),
                    Role::Name => add(&mut out.hosts, value),
                    Role::Variable => add(&mut out.variables, value),
                    Role::Options => self.options(value, &mut out),
                    _ => {}
                }
            }
        }
        if raw.manner == Manner::Called && api.capabilities.contains(&Capability::Network) {
            self.based(raw, &mut out);
        }
        out
    }

    /// What a request names is below the address that its client was made with: `axios.create({ baseURL })`.
    fn based(&mut self, raw: &RawUse<'a>, out: &mut Arguments) {
        if out.hosts.iter().any(|host| host.contains("//")) {
            return;
        }
        let callee = raw.node.and_then(CallNode::callee).map(stripped);
        let Some(client) = callee.and_then(as_member).map(|member| &*member.obj) else {
            return;
        };
        let mut made = self.origin(client, raw.scope);
        if let Some((Expr::Member(member), scope)) = made
            && let Some(key) = plain_key(&member.prop)
            && let Some(owner) = self.owner_of(&member.obj, scope, OWNER_DEPTH)
        {
            made = self
                .member_values(owner, key)
                .into_iter()
                .find_map(|given| match given {
                    Given::Expr(value, scope) => self.origin(value, scope),
                    _ => None,
                });
        }
        let Some((Expr::Call(call), scope)) = made else { return };
        let makes = call.callee.as_expr().map(|callee| stripped(callee)).and_then(as_member);
        let makes = makes.and_then(|member| plain_key(&member.prop));
        if let (Some("create" | "extend" | "instance" | "defaults"), Some(first)) = (makes, call.args.first()) {
            let value = self.value(&first.expr, scope);
            let mut base = Arguments::default();
            self.options(&value, &mut base);
            if !base.hosts.is_empty() {
                let below = std::mem::replace(&mut out.hosts, base.hosts);
                if let ([host], [path]) = (out.hosts.as_mut_slice(), below.as_slice()) {
                    *host = format!("{}/{}", host.trim_end_matches('/'), path.trim_start_matches('/'));
                }
            }
        }
    }

    /// A folder that has no name of its own: `os.homedir()`, `process.env.HOME`, `process.cwd()`.
    fn root(&mut self, expr: &'a Expr, scope: ScopeId, hops: u32) -> Option<&'static str> {
        let hops = hops.checked_sub(1)?;
        let (made, scope) = self.origin(expr, scope)?;
        match made {
            Expr::Call(call) => {
                let callee = self.value(call.callee.as_expr()?, scope);
                let is = |path: &str| {
                    let mut ways = callee.alternatives().iter();
                    ways.any(|way| matches!(way, Value::Api(known) if &**known == path))
                };
                if is("os.homedir") {
                    Some("~")
                } else {
                    is("process.cwd").then_some(".")
                }
            }
            Expr::Member(member) => match &member.prop {
                MemberProp::Ident(name) if matches!(&*name.sym, "HOME" | "USERPROFILE") => Some("~"),
                MemberProp::Ident(name) if matches!(&*name.sym, "INIT_CWD") => Some("."),
                _ => None,
            },
            Expr::Bin(bin) => {
                let left = self.root(&bin.left, scope, hops);
                left.or_else(|| self.root(&bin.right, scope, hops))
            }
            _ => None,
        }
    }

    fn host(&mut self, value: &Value<'a>, out: &mut Arguments) {
        match value {
            Value::Object(..) | Value::Record(_) => self.options(value, out),
            other => add(&mut out.hosts, other),
        }
    }

    fn options(&mut self, value: &Value<'a>, out: &mut Arguments) {
        if let Value::Record(entries) = value {
            entries.iter().for_each(|(key, value)| option(key, value, out));
        }
        let Value::Object(object, scope) = value else {
            return;
        };
        for prop in &object.props {
            let PropOrSpread::Prop(prop) = prop else {
                continue;
            };
            let (key, value) = match &**prop {
                Prop::KeyValue(pair) => match key_text(&pair.key) {
                    Some(key) => match self.value(&pair.value, *scope) {
                        value if value.as_text().is_some() => (key, value),
                        value => (key, self.own_export(&pair.value).unwrap_or(value)),
                    },
                    None => continue,
                },
                Prop::Shorthand(ident) => (&*ident.sym, self.named(&ident.sym, *scope)),
                _ => continue,
            };
            option(key, &value, out);
        }
    }
}

/// What one of a request's or command's options says.
fn option(key: &str, value: &Value<'_>, out: &mut Arguments) {
    match key {
        "host" | "hostname" | "url" | "uri" | "href" | "baseURL" | "baseUrl" | "prefixUrl" | "origin" | "endpoint" => {
            add(&mut out.hosts, value);
        }
        "file" | "filename" | "socketPath" => add(&mut out.paths, value),
        "shell" if value.as_text().is_some() => add(&mut out.commands, value),
        "detached" => flag(Flag::Detached, matches!(value, Value::Bool(true)), out),
        "windowsHide" => flag(Flag::Windowless, matches!(value, Value::Bool(true)), out),
        "shell" => flag(Flag::Shell, matches!(value, Value::Bool(true)), out),
        "silent" => flag(Flag::Silent, matches!(value, Value::Bool(true)), out),
        "recursive" => flag(Flag::Recursive, matches!(value, Value::Bool(true)), out),
        "stdio" => flag(Flag::Silent, is_ignored(value), out),
        _ => {}
    }
}

fn flag(flag: Flag, holds: bool, out: &mut Arguments) {
    if holds && !out.flags.contains(&flag) {
        out.flags.push(flag);
    }
}

/// Whether neither output nor errors are seen.
fn is_ignored(value: &Value<'_>) -> bool {
    let ignores = |value: &Value<'_>| value.as_text().is_some_and(|text| text == "ignore");
    match value {
        Value::Array(items) => items.len() > 2 && items.iter().skip(1).all(ignores),
        value => ignores(value),
    }
}

fn add(list: &mut Vec<String>, value: &Value<'_>) {
    if let Some(text) = value.to_partial()
        && !matches!(value, Value::Null | Value::Undefined | Value::Bool(_))
    {
        let text = shorten(&text);
        if list.len() < MAX_LISTED && !text.is_empty() && !list.contains(&text) {
            list.push(text);
        }
    }
}

/// A program's arguments belong to the command before them.
pub(super) fn append(commands: &mut [String], value: &Value<'_>) {
    if let (Some(command), Value::Array(items)) = (commands.last_mut(), value) {
        for item in items.iter() {
            command.push(' ');
            command.push_str(&item.to_partial().unwrap_or_else(|| "…".into()));
        }
        *command = shorten(command);
    }
}

/// A text cut to a length that a person reads.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
