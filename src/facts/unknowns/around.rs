//! Doubts about what stands around a module: the loader's arguments, functions that call it, modules that are loaded.

use swc_ecma_ast::Expr;

use super::{Doubts, MAX_LOOKED_AT};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    evaluate::Analysis,
    model::{Context, ScopeId, TOP},
    value::Value,
    ways::plain_key,
};
use crate::{parse::span_of, span::Span};

const ARGUMENTS: &str = "uses the arguments that the loader calls the module with; `require` is among them";
const CALLER: &str = "asks for the function that calls; the loader's has `require` as an argument";
const LOADED: &str = "reaches into modules that others have loaded";
const HANDED: &str = "hands on `require`";
/// How many other names of `require` are followed.
const MAX_ALIASES: usize = 8;

impl<'a> Analysis<'a> {
    /// What a module can get at without a name for it.
    pub(super) fn around(&mut self, doubts: &mut Doubts<'a>) {
        self.loader_arguments(doubts);
        self.loaded_modules(doubts);
        for index in 0..self.model.callers.len().min(MAX_LOOKED_AT) {
            let (member, scope) = self.model.callers[index];
            let own = as_member(stripped(&member.obj)).is_some_and(|inner| plain_key(&inner.prop) == Some("callee"));
            if !doubts.is_full() && (own || self.may_hold_function(&member.obj, scope)) {
                doubts.add(span_of(member.span), scope, CALLER);
            }
        }
    }

    fn may_hold_function(&mut self, expr: &'a Expr, scope: ScopeId) -> bool {
        let value = self.value(expr, scope);
        value.alternatives().iter().any(|one| matches!(one, Value::Function(_)))
    }

    /// `arguments` outside any function.
    fn loader_arguments(&self, doubts: &mut Doubts<'a>) {
        let Some(name) = self.model.known_name(&"arguments".into()) else {
            return;
        };
        let mut at = self.model.names[name as usize].first_ref;
        while let Some(read) = self.model.refs.get(at as usize) {
            at = read.next;
            let mut function = self.model.function_of(read.scope);
            while function != TOP && self.model.functions[function as usize].arrow {
                function = self.model.functions[function as usize].parent;
            }
            let looked_at = matches!((read.chain, read.context), (Some(Expr::Ident(_)), Context::Test));
            if function == TOP && !looked_at && !doubts.is_full() && self.model.resolve(name, read.scope).is_none() {
                let span = Span::new(read.start, read.start + "arguments".len() as u32);
                doubts.add(span, read.scope, ARGUMENTS);
            }
        }
    }

    /// `require.cache[x].exports`, `module.parent.exports`, `f(require)`
    fn loaded_modules(&mut self, doubts: &mut Doubts<'a>) {
        for text in ["require", "module"] {
            let Some(name) = self.model.known_name(&text.into()) else {
                continue;
            };
            let mut reads = Vec::new();
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(read) = self.model.refs.get(at as usize) {
                at = read.next;
                if self.model.resolve(name, read.scope).is_none() {
                    reads.extend(read.chain.map(|chain| (chain, read.context, read.scope)));
                }
            }
            let mut aliases = Vec::new();
            while let Some((chain, context, scope)) = reads.pop() {
                if doubts.is_full() {
                    return;
                }
                let Some((first, last, length)) = ends(chain) else {
                    continue;
                };
                if length == 0 {
                    // `const r = require`
                    let mut names = Vec::new();
                    if let Context::Alias(_) = context {
                        self.names_of(context, scope, &mut |binding| names.push(binding));
                    }
                    for binding in names {
                        if !aliases.contains(&binding) && aliases.len() < MAX_ALIASES {
                            aliases.push(binding);
                            let found = self.model.refs_to(binding);
                            reads.extend(found.filter_map(|read| Some((read.chain?, read.context, read.scope))));
                        }
                    }
                    if text == "require"
                        && let Context::Argument(call, _) = context
                    {
                        let site = self.model.calls[call as usize];
                        let callee = site.node.callee().map(|callee| self.value(callee, site.scope));
                        if matches!(callee, Some(Value::Unknown)) {
                            doubts.add(span_of_expr(chain), scope, HANDED);
                        }
                    }
                    continue;
                }
                let asked = length == 1 && context == Context::Test;
                let named = matches!(
                    last,
                    Some("filename" | "id" | "path" | "paths" | "loaded" | "length" | "require" | "_load")
                );
                let leads = matches!(
                    first,
                    Some("cache" | "main" | "parent" | "children" | "extensions" | "constructor")
                );
                if leads && !asked && !named {
                    doubts.add(span_of_expr(chain), scope, LOADED);
                }
            }
        }
    }
}

/// The first and the last member of a chain, and how many there are; `None` for a chain that calls the name itself.
fn ends(chain: &Expr) -> Option<(Option<&str>, Option<&str>, usize)> {
    let mut at = chain;
    let mut last = None;
    let mut first = None;
    let mut length = 0;
    loop {
        at = match at {
            Expr::Member(member) => {
                first = plain_key(&member.prop);
                if length == 0 {
                    last = first;
                }
                length += 1;
                &member.obj
            }
            Expr::Call(call) => {
                length += 1;
                call.callee.as_expr()?
            }
            Expr::New(new) => &new.callee,
            Expr::Await(e) => &e.arg,
            Expr::Paren(e) => &e.expr,
            Expr::Ident(_) => return Some((first, last, length)),
            _ => return None,
        };
    }
}
