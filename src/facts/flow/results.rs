//! What a call gives back: what it is given, what its functions return, what the outside answers.

use super::{Kind, Step, Trail, elsewhere, signs};
use crate::facts::{
    calls::{as_member, span_of_expr, stripped},
    capability::{self, Api, On},
    evaluate::Analysis,
    given::hands_on,
    model::{CallNode, ScopeId},
    value::Value,
    ways::encodes,
    words,
};

/// Functions that turn text into what it stood for.
const DECODERS: [&str; 12] = [
    "atob",
    "unescape",
    "decodeURIComponent",
    "decodeURI",
    "String.fromCharCode",
    "String.fromCodePoint",
    "zlib.inflateSync",
    "zlib.gunzipSync",
    "zlib.unzipSync",
    "zlib.brotliDecompressSync",
    "zlib.inflateRawSync",
    "crypto.createDecipheriv",
];

impl<'a> Analysis<'a> {
    pub(super) fn trace_call(&mut self, node: CallNode<'a>, scope: ScopeId, trail: &mut Trail<'a>) {
        let Some(callee) = node.callee() else {
            return self.trace_arguments(node, scope, trail);
        };
        let plain = stripped(callee);
        let target = self.value(plain, scope);
        let mut through_object = true;
        let mut entered = 0;
        if self.trace_compiled(plain, node, scope, trail) {
            return;
        }
        if self.arrives_by_call(plain, node, span_of_expr(plain), scope, trail) {
            return self.trace_arguments(node, scope, trail);
        }
        for value in target.alternatives() {
            match value {
                Value::Api(path) => {
                    if let Some(api) = capability::api(path)
                        && let Some(source) = api.source
                        && api.on == On::Call
                    {
                        let what = self.described(api, node, scope);
                        trail.add(Kind::Outside(source), path, span_of_expr(plain), what);
                        return;
                    }
                    // What a WASM module exports is its code, not the bytes it came as.
                    if path.starts_with("WebAssembly") {
                        return;
                    }
                    if &**path == "Promise" {
                        return self.trace_promise(node, trail);
                    }
                    if &**path == "FormData" {
                        return self.trace_form(node, span_of_expr(plain), scope, trail);
                    }
                    if matches!(&**path, "Promise.all" | "Promise.resolve")
                        && let Some(first) = node.arguments().first()
                    {
                        return self.trace(&first.expr, scope, trail);
                    }
                    if self.decodes(path, node, scope) {
                        trail.add(Kind::Decoder, path, span_of_expr(plain), Vec::new());
                        trail.decoded += 1;
                        self.trace_arguments(node, scope, trail);
                        trail.decoded -= 1;
                        return;
                    }
                    if let "Object.keys" | "Object.entries" | "Object.values" | "JSON.stringify" | "Object.assign" =
                        &**path
                    {
                        through_object = false;
                    }
                }
                Value::Function(function) => {
                    through_object = false;
                    entered += 1;
                    self.trace_entered(*function, node, span_of_expr(plain), scope, trail);
                }
                _ => {}
            }
        }
        // What a function of this module gives is what it returns, whatever else it was given.
        if entered == target.alternatives().len() || self.trace_made(plain, node, scope, trail) {
            return;
        }
        if let Some(replies) = self.promised(plain, node, scope) {
            return replies
                .into_iter()
                .for_each(|(value, scope)| self.trace(value, scope, trail));
        }
        let encodes = encodes(plain, node);
        trail.encoded += u32::from(encodes);
        if encodes {
            trail.steps.push((span_of_expr(plain), Step::Encoded));
        }
        if through_object && let Some(member) = as_member(plain) {
            trail.methods += 1;
            self.trace_whole(&member.obj, scope, trail);
            trail.methods -= 1;
        }
        let works = u32::from(!hands_on(plain));
        trail.worked += works;
        if signs(plain) {
            // A signature tells what was signed, not the key.
            if let Some(first) = node.arguments().first() {
                self.trace_whole(&first.expr, scope, trail);
            }
        } else {
            let elsewhere = elsewhere(&target);
            trail.opaque += u32::from(elsewhere && !encodes);
            if trail.methods > 0 && elsewhere {
                self.trace_given(node, scope, trail);
            } else {
                self.trace_arguments(node, scope, trail);
            }
            trail.opaque -= u32::from(elsewhere && !encodes);
        }
        trail.worked -= works;
        if encodes {
            trail.steps.pop();
        }
        trail.encoded -= u32::from(encodes);
    }

    pub(in crate::facts) fn trace_arguments(&mut self, node: CallNode<'a>, scope: ScopeId, trail: &mut Trail<'a>) {
        for arg in node.arguments() {
            self.trace_whole(&arg.expr, scope, trail);
        }
    }

    fn decodes(&mut self, path: &str, node: CallNode<'a>, scope: ScopeId) -> bool {
        if matches!(path, "Buffer.from" | "Buffer" | "buffer.Buffer.from") {
            let encoding = self.argument(node, 1, scope);
            return matches!(
                encoding.as_text(),
                Some("base64" | "hex" | "base64url" | "latin1" | "binary")
            );
        }
        DECODERS.contains(&path) || path.starts_with("crypto.Decipher") || path.starts_with("crypto.createDecipher")
    }

    /// The paths, names or hosts in a source's arguments.
    pub(in crate::facts) fn described(&mut self, api: &'static Api, node: CallNode<'a>, scope: ScopeId) -> Vec<String> {
        let mut out = Vec::new();
        for (index, role) in api.arguments.iter().enumerate() {
            if *role == capability::Role::Argv
                && let Some(arg) = node.arguments().get(index)
                && !out.is_empty()
            {
                let argv = self.value(&arg.expr, scope);
                words::append(&mut out, &argv);
            }
            if matches!(
                role,
                capability::Role::Path
                    | capability::Role::Url
                    | capability::Role::Host
                    | capability::Role::Variable
                    | capability::Role::Command
            ) && let Some(arg) = node.arguments().get(index)
            {
                let value = self.value(&arg.expr, scope);
                let texts = value.alternatives().iter().filter_map(Value::to_partial);
                out.extend(texts.map(|text| words::shorten(&text)));
            }
        }
        out
    }
}
