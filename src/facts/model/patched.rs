//! Methods of the language that the module itself puts others in the place of.

use rustc_hash::FxHashSet;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Expr, MemberProp, Prop, PropOrSpread};

use super::{Context, Model, NONE, Role, ScopeId, Source};
use crate::facts::{
    calls::{as_member, stripped},
    collect::{function_start, key_text},
    grams::Grams,
    ways::plain_key,
};

/// How many aliases of a prototype are followed, one after the other.
const MAX_ALIASES: u32 = 3;
/// How many values of one name are looked at.
const MAX_WRITES: usize = 8;
/// Constructors of the language of which constants are.
const NAMES: [&str; 8] = [
    "Array",
    "Boolean",
    "Buffer",
    "Function",
    "Number",
    "Object",
    "String",
    "Uint8Array",
];
/// How many mentions of a parameter are looked at.
const MAX_MENTIONS: usize = 64;
/// How many properties of one object are looked at.
const MAX_PROPERTIES: usize = 64;

/// The names of members that a prototype of the language may have been given.
#[derive(Default)]
pub(in crate::facts) struct Patched<'a> {
    names: FxHashSet<&'a str>,
    /// A function of the module is given a constructor and works on its prototype.
    any: bool,
    /// Others have a prototype, who may give it whatever they want.
    all: bool,
}

impl<'a> Patched<'a> {
    pub(in crate::facts) fn has(&self, name: &str) -> bool {
        self.all || self.names(name)
    }

    /// Whether the module itself replaces a member.
    pub(in crate::facts) fn names(&self, name: &str) -> bool {
        self.any || !self.names.is_empty() && self.names.contains(name)
    }

    /// What a module patches. Without a word of a prototype it can patch none, and nothing is looked through.
    pub(in crate::facts) fn of(model: &Model<'a>, grams: &Grams<'_>) -> Self {
        let mut patched = Self::default();
        if !grams.has("rototype") && !grams.has("__proto__") {
            return patched;
        }
        let aliases = aliases(model);
        let is_prototype = |expr: &Expr, scope: ScopeId| match expr {
            Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Object(_) | Expr::This(_) => false,
            Expr::Ident(ident) if !aliases.contains(&*ident.sym) => false,
            expr => is_prototype(model, expr, scope, MAX_ALIASES),
        };
        for write in &model.member_writes {
            if plain_key(&write.target.prop) == Some("__proto__") && is_builtin(model, &write.target.obj, write.scope) {
                patched.all = true;
            }
            if is_prototype(&write.target.obj, write.scope) {
                patched.add(plain_key(&write.target.prop));
            }
        }
        if !may_be_handed(grams) && aliases.is_empty() && !names_constructor(model) {
            return patched;
        }
        for call in &model.calls {
            let args = call.node.arguments();
            for (at, arg) in args.iter().enumerate() {
                if let Expr::Ident(ident) = &*arg.expr
                    && ident.sym.as_bytes().first().is_some_and(u8::is_ascii_uppercase)
                    && NAMES.contains(&&*ident.sym)
                    && patches_parameter(model, call.node.callee(), call.scope, at)
                {
                    patched.any = true;
                }
                if is_prototype(&arg.expr, call.scope) {
                    patched.handed(call.node.callee(), at, args);
                }
            }
        }
        patched
    }

    fn add(&mut self, name: Option<&'a str>) {
        match name {
            Some(name) => {
                self.names.insert(name);
            }
            None => self.all = true,
        }
    }

    /// A prototype is an argument of a call.
    fn handed(&mut self, callee: Option<&'a Expr>, at: usize, args: &'a [ast::ExprOrSpread]) {
        let method = callee.and_then(|callee| plain_key(&as_member(stripped(callee))?.prop));
        let key = || match args.get(1).map(|arg| &*arg.expr) {
            Some(Expr::Lit(ast::Lit::Str(text))) => text.value.as_str(),
            _ => None,
        };
        match (method, at) {
            (Some("defineProperty" | "set" | "__defineGetter__"), 0) => self.add(key()),
            (Some("assign" | "defineProperties"), 0) => {
                for source in args.get(1..).unwrap_or_default() {
                    self.add_members_of(&source.expr);
                }
            }
            // What only looks at it, or makes something of its own that inherits from it.
            (
                Some(
                    "create"
                    | "assign"
                    | "freeze"
                    | "keys"
                    | "getOwnPropertyNames"
                    | "getOwnPropertyDescriptor"
                    | "getOwnPropertyDescriptors"
                    | "getOwnPropertySymbols"
                    | "getPrototypeOf"
                    | "hasOwn"
                    | "get"
                    | "has"
                    | "is"
                    | "isPrototypeOf"
                    | "ownKeys",
                ),
                _,
            )
            | (Some("setPrototypeOf"), 1) => {}
            _ => self.all = true,
        }
    }

    fn add_members_of(&mut self, source: &'a Expr) {
        let Expr::Object(object) = source else {
            self.all = true;
            return;
        };
        self.all |= object.props.len() > MAX_PROPERTIES;
        for prop in object.props.iter().take(MAX_PROPERTIES) {
            self.add(match prop {
                PropOrSpread::Spread(_) => None,
                PropOrSpread::Prop(prop) => match &**prop {
                    Prop::Shorthand(ident) => Some(&*ident.sym),
                    Prop::KeyValue(pair) => key_text(&pair.key),
                    Prop::Getter(getter) => key_text(&getter.key),
                    Prop::Setter(setter) => key_text(&setter.key),
                    Prop::Method(method) => key_text(&method.key),
                    Prop::Assign(_) => None,
                },
            });
        }
    }
}

/// Whether some prototype may be an argument by what stands after its name.
fn may_be_handed(grams: &Grams<'_>) -> bool {
    let bytes = grams.text().as_bytes();
    ["rototype", "__proto__", "getPrototypeOf"].iter().any(|word| {
        grams.find_all(word).any(|at| {
            let rest = bytes[at + word.len()..].trim_ascii_start();
            // `getPrototypeOf(x)` is told by its own name.
            *word == "getPrototypeOf" || !matches!(rest, [b'.' | b'=' | b';' | b'[', ..] | [b'O', b'f', ..])
        })
    })
}

/// Whether the module hands on a constructor of the language by its name.
fn names_constructor(model: &Model<'_>) -> bool {
    NAMES.iter().any(|name| {
        let name = model.known_name(&(*name).into());
        let mut at = name.map_or(NONE, |name| model.names[name as usize].first_ref);
        std::iter::from_fn(|| {
            let found = model.refs.get(at as usize)?;
            at = found.next;
            Some(found)
        })
        .any(|read| {
            matches!(
                (read.chain, read.context),
                (Some(Expr::Ident(_)), context) if context != Context::Test
            )
        })
    })
}

/// The names that are given what may be a prototype, or what such a name holds.
fn aliases<'a>(model: &Model<'a>) -> FxHashSet<&'a str> {
    let gives = |value: &Expr| match value {
        Expr::Member(member) => matches!(plain_key(&member.prop), Some("prototype" | "__proto__")),
        Expr::Call(call) => gives_prototype(call),
        _ => false,
    };
    let mut known = FxHashSet::default();
    for_each_given(model, |name, value| {
        if gives(value) {
            known.insert(name);
        }
    });
    for _ in 1..MAX_ALIASES {
        let before = known.len();
        if before > 0 {
            for_each_given(model, |name, value| {
                if matches!(value, Expr::Ident(ident) if known.contains(&*ident.sym)) {
                    known.insert(name);
                }
            });
        }
        if known.len() == before {
            break;
        }
    }
    known
}

/// Calls `found` with each name and each expression that it is given.
fn for_each_given<'a>(model: &Model<'a>, mut found: impl FnMut(&'a str, &'a Expr)) {
    for binding in &model.bindings {
        let name = model.names[binding.name as usize].text;
        let mut at = binding.first_write;
        while let Some(write) = model.writes.get(at as usize) {
            if let Source::Expr(value, _) = write.source {
                found(name, stripped(value));
            }
            at = write.next;
        }
    }
    for name in &model.names {
        let mut at = name.first_assign;
        while let Some(assign) = model.assigns.get(at as usize) {
            if let Source::Expr(value, _) = assign.source {
                found(name.text, stripped(value));
            }
            at = assign.next;
        }
    }
}

/// Whether an expression may be the prototype of something of the language, and not only of the module's own functions
/// and classes.
fn is_prototype(model: &Model<'_>, expr: &Expr, scope: ScopeId, left: u32) -> bool {
    let Some(left) = left.checked_sub(1) else {
        return false;
    };
    match stripped(expr) {
        Expr::Member(member) => match &member.prop {
            MemberProp::Ident(name) if &*name.sym == "__proto__" => true,
            prop => plain_key(prop) == Some("prototype") && is_global(model, &member.obj, scope, left),
        },
        Expr::Call(call) => gives_prototype(call),
        Expr::Ident(ident) => model.lookup(&ident.sym, scope).is_some_and(|binding| {
            let written = model
                .writes_of(binding)
                .map(|write| (write.source, write.path.is_empty()));
            let assigned = model
                .assigns_of(binding)
                .map(|assign| (assign.source, assign.path.is_empty()));
            written
                .chain(assigned)
                .take(MAX_WRITES)
                .any(|(source, whole)| match source {
                    Source::Expr(value, scope) => whole && is_prototype(model, value, scope, left),
                    _ => false,
                })
        }),
        _ => false,
    }
}

/// `Object.getPrototypeOf(x)`
fn gives_prototype(call: &ast::CallExpr) -> bool {
    let callee = call.callee.as_expr().and_then(|callee| as_member(callee));
    callee.is_some_and(|callee| plain_key(&callee.prop) == Some("getPrototypeOf"))
}

/// Whether an expression may be a constructor of the language: a global, by whatever name, or what something was made
/// by. A parameter is what its function is called with on the spot; elsewhere, whoever hands a global on is looked at.
fn is_global(model: &Model<'_>, expr: &Expr, scope: ScopeId, left: u32) -> bool {
    let Some(left) = left.checked_sub(1) else {
        return true;
    };
    match stripped(expr) {
        Expr::Ident(ident) => {
            let Some(binding) = model.lookup(&ident.sym, scope) else {
                return true;
            };
            let written = model.writes_of(binding).map(|write| write.source);
            let assigned = model.assigns_of(binding).map(|assign| assign.source);
            written.chain(assigned).take(MAX_WRITES).any(|source| match source {
                Source::Expr(value @ (Expr::Ident(_) | Expr::Member(_)), scope) => is_global(model, value, scope, left),
                Source::Param(function, index, false) => match model.functions[function as usize].role {
                    Role::Called(call) => {
                        let call = &model.calls[call as usize];
                        let arg = call.node.arguments().get(index as usize);
                        arg.is_some_and(|arg| is_global(model, &arg.expr, call.scope, left))
                    }
                    _ => false,
                },
                _ => false,
            })
        }
        // `''.constructor`, `globalThis.Array`
        Expr::Member(member) => match plain_key(&member.prop) {
            Some("constructor") => !matches!(stripped(&member.obj), Expr::This(_)),
            Some(name) => NAMES.contains(&name),
            None => true,
        },
        _ => false,
    }
}

/// Whether a function of the module does something with the prototype of its n-th parameter.
fn patches_parameter(model: &Model<'_>, callee: Option<&Expr>, scope: ScopeId, at: usize) -> bool {
    let Some(Expr::Ident(ident)) = callee.map(stripped) else {
        return false;
    };
    let Some(binding) = model.lookup(&ident.sym, scope) else {
        return false;
    };
    model.writes_of(binding).take(MAX_WRITES).any(|write| {
        let function = match write.source {
            Source::Function(function) => Some(function),
            Source::Expr(value, _) => function_start(value).and_then(|start| model.function_at(start)),
            _ => None,
        };
        let Some(param) = function.and_then(|function| model.parameter(function, at)) else {
            return false;
        };
        model.refs_to(param).take(MAX_MENTIONS).any(|read| {
            let mut at = read.chain;
            while let Some(chain) = at {
                at = match chain {
                    Expr::Member(member) if matches!(stripped(&member.obj), Expr::Ident(_)) => {
                        return plain_key(&member.prop) == Some("prototype");
                    }
                    Expr::Member(member) => Some(&member.obj),
                    Expr::Call(call) => call.callee.as_expr().map(|callee| &**callee),
                    _ => None,
                };
            }
            false
        })
    })
}

/// Whether an expression is, by its syntax, a global or a prototype of one.
fn is_builtin(model: &Model<'_>, expr: &Expr, scope: ScopeId) -> bool {
    match stripped(expr) {
        Expr::Ident(ident) => model.lookup(&ident.sym, scope).is_none(),
        other => is_prototype(model, other, scope, MAX_ALIASES),
    }
}
