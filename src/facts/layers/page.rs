//! Code that gets into a page: script elements, markup, handlers, workers, URLs that carry what they name.

use std::rc::Rc;

use swc_ecma_ast::Expr;

use super::{RawCode, markup, opens::push_code};
use crate::{
    facts::{
        calls::{as_member, span_of_expr, stripped},
        capability::{self, Capability, Role},
        evaluate::Analysis,
        model::{CallNode, ScopeId, Source},
        uses::{Manner, RawUse},
        value::{Hidden, Value},
    },
    parse::span_of,
    span::Span,
};

/// How many assignments to a global are looked at.
const MAX_ASSIGNS: u32 = 16;

impl<'a> Analysis<'a> {
    /// A call that puts markup or a script into the page, or starts a worker.
    pub(super) fn called_code(&mut self, raw: &RawUse<'a>, api: &'static capability::Api, codes: &mut Vec<RawCode>) {
        let expressions = Self::own_arguments(raw);
        if &*raw.path == "worker_threads.Worker" {
            let evals = raw.args.get(1).cloned().unwrap_or(Value::Undefined);
            let evals =
                matches!(evals, Value::Object(..)) && matches!(self.get(&evals, "eval", None), Value::Bool(true));
            match raw.args.first() {
                Some(Value::Text(text, _)) if evals => push_code(raw, text, false, codes),
                Some(value) => self.url(raw, value, None, codes),
                None => {}
            }
            return;
        }
        if raw.path.starts_with("Element#") {
            self.element_call(raw, &expressions, codes);
        }
        for (index, role) in api.arguments.iter().enumerate() {
            let Some(value) = raw.args.get(index) else { break };
            match role {
                Role::Html => markup_code(raw, value, codes),
                Role::Url => self.url(raw, value, expressions.get(index).copied(), codes),
                _ => {}
            }
        }
    }

    /// `setAttribute('onclick', code)`, `script.append(code)`.
    pub(super) fn element_call(&mut self, raw: &RawUse<'a>, expressions: &[&'a Expr], codes: &mut Vec<RawCode>) {
        match &*raw.path {
            "Element#setAttribute" => {
                let (Some(name), Some(value)) = (raw.args.first().and_then(Value::as_text), raw.args.get(1)) else {
                    return;
                };
                let name = name.to_ascii_lowercase();
                if name.starts_with("on") {
                    if let Some(text) = value.as_text() {
                        push_code(raw, text, false, codes);
                    }
                } else if name == "srcdoc" {
                    markup_code(raw, value, codes);
                } else if matches!(name.as_str(), "src" | "href" | "action" | "formaction" | "data") {
                    self.url(raw, value, None, codes);
                }
            }
            "Element#appendChild" | "Element#append" | "Element#prepend" | "Element#replaceChildren" => {
                let object = raw.node.and_then(CallNode::callee).map(stripped).and_then(as_member);
                let Some(object) = object.map(|member| &*member.obj) else {
                    return;
                };
                if !self.is_script(object, raw.scope) {
                    return;
                }
                for (index, expr) in expressions.iter().enumerate() {
                    let text = match raw.args.get(index) {
                        Some(Value::Text(text, _)) => Some(text.clone()),
                        _ => self.text_node(expr, raw.scope),
                    };
                    if let Some(text) = text {
                        push_code(raw, &text, false, codes);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn text_node(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<Rc<str>> {
        let (made, scope) = self.origin(expr, scope)?;
        let text = self.argument_of(made, scope, "document.createTextNode", 0)?;
        match self.value(text, scope) {
            Value::Text(text, _) => Some(text),
            _ => None,
        }
    }

    /// `element.innerHTML = markup`, `script.text = code`, `location.href = 'javascript:…'`.
    pub(super) fn written_code(&mut self, raw: &RawUse<'a>, api: &'static capability::Api, codes: &mut Vec<RawCode>) {
        let Some((object, value, scope)) = self.assigned_at(raw.span) else {
            return;
        };
        let member = raw.path.strip_prefix("Element#").unwrap_or_default();
        let script = matches!(member, "text" | "textContent" | "innerText" | "innerHTML" | "src")
            && object.is_some_and(|object| self.is_script(object, scope));
        let worth = self.value(value, scope);
        if !self.inside.spend(worth.as_text().map_or(0, str::len)) {
            return;
        }
        match api.arguments.first() {
            _ if script && member != "src" => {
                if let Some(text) = worth.as_text() {
                    push_code(raw, text, worth.hidden() == Hidden::Decoded, codes);
                }
            }
            Some(Role::Html) => markup_code(raw, &worth, codes),
            Some(Role::Url) => self.url(raw, &worth, script.then_some(value), codes),
            _ => {}
        }
    }

    /// The object and value of the assignment at a place.
    pub(super) fn assigned_at(&mut self, span: Span) -> Option<(Option<&'a Expr>, &'a Expr, ScopeId)> {
        if self.inside.writes.is_empty() {
            for (index, write) in (0u32..).zip(&self.model.member_writes) {
                self.inside.writes.insert(span_of(write.target.span), index);
            }
        }
        if let Some(&index) = self.inside.writes.get(&span) {
            let write = self.model.member_writes.get(index as usize)?;
            return Some((Some(&write.target.obj), write.value, write.scope));
        }
        // `location = '…'`: the place is the value's.
        let name = self.model.known_name(&"location".into())?;
        let mut at = self.model.names.get(name as usize)?.first_assign;
        for _ in 0..MAX_ASSIGNS {
            let assign = self.model.assigns.get(at as usize)?;
            at = assign.next;
            if let Source::Expr(value, scope) = assign.source
                && span_of_expr(value) == span
            {
                return Some((None, value, scope));
            }
        }
        None
    }

    /// A URL that may carry its code with it.
    pub(super) fn url(
        &mut self,
        raw: &RawUse<'a>,
        value: &Value<'a>,
        made: Option<&'a Expr>,
        codes: &mut Vec<RawCode>,
    ) {
        for text in value.alternatives().iter().filter_map(Value::as_text) {
            for code in markup::code_of_url(text) {
                push_code(raw, &code, false, codes);
            }
        }
        let loads = raw.capabilities.contains(&Capability::Worker)
            || raw.capabilities.contains(&Capability::DynamicCode)
            || &*raw.path == "Element#src";
        if loads && let Some(text) = made.and_then(|expr| self.blob(expr, raw.scope)) {
            push_code(raw, &text, false, codes);
        }
    }

    /// The text of `URL.createObjectURL(new Blob([text]))`.
    pub(super) fn blob(&mut self, expr: &'a Expr, scope: ScopeId) -> Option<String> {
        let (made, scope) = self.origin(expr, scope)?;
        let (made, scope) = match self.argument_of(made, scope, "URL", 0) {
            Some(inner) => self.origin(inner, scope)?,
            None => (made, scope),
        };
        let blob = ["URL.createObjectURL", "webkitURL.createObjectURL"]
            .iter()
            .find_map(|api| self.argument_of(made, scope, api, 0))?;
        let (blob, scope) = self.origin(blob, scope)?;
        let parts = ["Blob", "File"]
            .iter()
            .find_map(|api| self.argument_of(blob, scope, api, 0))?;
        let Value::Array(parts) = self.value(parts, scope) else {
            return None;
        };
        let mut text = String::new();
        for part in parts.iter() {
            text.push_str(part.as_text()?);
        }
        Some(text)
    }

    /// Whether an expression is an element made as a script.
    pub(super) fn is_script(&mut self, expr: &'a Expr, scope: ScopeId) -> bool {
        let Some((made, scope)) = self.origin(expr, scope) else {
            return false;
        };
        let name = self
            .argument_of(made, scope, "document.createElement", 0)
            .or_else(|| self.argument_of(made, scope, "document.createElementNS", 1));
        let Some(name) = name else { return false };
        let name = self.value(name, scope);
        name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("script"))
    }
}

/// `document.body.innerHTML` as what it is: an element's.
pub(super) fn element(raw: &RawUse<'_>) -> Option<(Rc<str>, Option<&'static capability::Api>)> {
    let rest = raw.path.strip_prefix("document.")?;
    let (_, member) = rest
        .split_once('.')
        .filter(|(name, _)| matches!(*name, "body" | "head" | "documentElement"))?;
    let path: Rc<str> = format!("Element#{member}").into();
    let api = match raw.manner {
        Manner::Written => capability::assigned(&path),
        _ => capability::api(&path),
    };
    Some((path, api))
}

pub(super) fn markup_code(raw: &RawUse<'_>, value: &Value<'_>, codes: &mut Vec<RawCode>) {
    let Value::Text(text, _) = value else { return };
    let decoded = value.hidden() == Hidden::Decoded;
    for code in markup::scripts(text) {
        push_code(raw, &code, decoded, codes);
    }
}
