//! From names to uses: starting at the names that may mean a power, every alias is followed to where it is used.

use std::rc::Rc;

use swc_ecma_ast::Expr;

use super::{
    ImportKind,
    calls::span_of_expr,
    capability::{self, Api, Capability, Global, On},
    evaluate::Analysis,
    model::{Alias, CallId, CallNode, Context, NameId, Ref, Role, ScopeId},
    search::Search,
    value::Value,
};
use crate::span::Span;

/// One use of a power, before its arguments are worded.
#[derive(Clone)]
pub(super) struct RawUse<'a> {
    pub(super) path: Rc<str>,
    pub(super) api: Option<&'static Api>,
    pub(super) capabilities: &'static [Capability],
    pub(super) manner: Manner,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) node: Option<CallNode<'a>>,
    pub(super) args: Vec<Value<'a>>,
    /// How many of the syntax's arguments are not the API's own; `usize::MAX` if they cannot be told.
    pub(super) shift: usize,
    /// The member read of an environment; `None` for all of it.
    pub(super) key: Option<Rc<str>>,
}

/// What is done with an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Called,
    Read,
    Written,
    /// Handed on: whoever gets it may use it.
    Passed,
}

/// One place that names another module.
#[derive(Debug, Clone)]
pub(super) struct RawImport {
    /// Whether the specifier had to be decoded.
    pub(super) concealed: bool,
    pub(super) specifier: Option<Rc<str>>,
    pub(super) kind: ImportKind,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) names: Vec<String>,
}

impl<'a> Analysis<'a> {
    /// Finds every use and import of the module.
    pub(super) fn find_uses(&mut self) {
        let mut search = Search::default();
        self.globals(&mut search);
        self.syntax_imports(&mut search);
        for index in 0..self.model.rootless.len() {
            let (chain, scope, context) = {
                let found = &self.model.rootless[index];
                (found.chain, found.scope, found.context)
            };
            let value = self.value(chain, scope);
            // `this` at the top of a module is handed on by many wrappers, and is no global object in modules: only what
            // is written to it matters.
            if matches!(value, Value::Global) {
                self.names_of(context, scope, &mut |binding| search.remember(binding));
                continue;
            }
            self.flows_on(&value, span_of_expr(chain), scope, context, &mut search);
        }
        while let Some(binding) = search.queue.pop() {
            let name = self.model.bindings[binding as usize].name;
            let root = self.meant(Some(binding), self.model.names[name as usize].text);
            if root.leads_to_power() || root.is_container() {
                let reads: Vec<u32> = self.model.reads_of(binding).collect();
                for read in reads {
                    self.reference(&root, name, read, &mut search);
                }
            }
        }
        self.member_writes(&search);
        self.global_assigns();
    }

    /// Follows the names that nobody here declares and that may mean a power. A wrapper hands `require` in as a
    /// parameter, so that name is followed whatever declares it.
    fn globals(&mut self, search: &mut Search) {
        for name in 0..self.model.names.len() as NameId {
            let text = self.model.names[name as usize].text;
            let harmless = match capability::global(text) {
                Some(Global::Powerful(_) | Global::GlobalObject) => false,
                Some(Global::Harmless) => !matches!(text, "require" | "module" | "Reflect" | "Object"),
                None => continue,
            };
            let root = self.meant(None, text);
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(found) = self.model.refs.get(at as usize) {
                let read = std::mem::replace(&mut at, found.next);
                let (chain, context, scope) = (found.chain, found.context, found.scope);
                match self.model.resolve(name, scope) {
                    // What is written to `Array.prototype` under another name is still written to it.
                    None if harmless => {
                        if let Some(Expr::Ident(_) | Expr::Member(_)) = chain {
                            self.names_of(context, scope, &mut |binding| search.remember(binding));
                        }
                    }
                    None => self.reference(&root, name, read, search),
                    Some(binding) if text == "require" => search.push(binding),
                    Some(_) => {}
                }
            }
        }
    }

    /// Follows one read of a name whose value is known.
    fn reference(&mut self, root: &Value<'a>, name: NameId, read: u32, search: &mut Search) {
        let Ref {
            scope,
            chain,
            start,
            context,
            ..
        } = self.model.refs[read as usize];
        if let Value::Api(path) = root
            && matches!(&**path, "Object" | "Reflect")
        {
            match chain {
                Some(chain @ Expr::Call(call)) => {
                    self.definition(call, scope);
                    // What `Object` has is harmless by its names; a name that is put together may be another.
                    if &**path == "Reflect" || has_computed_member(chain) {
                        self.value(chain, scope);
                    }
                }
                _ => self.names_of(context, scope, &mut |binding| search.remember(binding)),
            }
            return;
        }
        let (value, span) = if let Some(chain) = chain {
            (self.value(chain, scope), span_of_expr(chain))
        } else {
            let end = start + self.model.names[name as usize].text.len() as u32;
            (root.clone(), Span { start, end })
        };
        self.flows_on(&value, span, scope, context, search);
    }

    /// Follows a value that leads to a power to wherever the syntax takes it.
    pub(super) fn flows_on(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        context: Context,
        search: &mut Search,
    ) {
        if !value.leads_to_power() && !value.is_container() {
            return;
        }
        match context {
            Context::Test | Context::Update | Context::Write(_) => self.note_reads(value, span, scope),
            Context::Alias(alias) => {
                self.queue_alias(alias, scope, search);
                self.note_reads_of_parts(value, span, scope, alias);
            }
            Context::Return(function) => {
                if !self.queue_function(function, search) {
                    self.escapes(value, span, scope);
                }
            }
            Context::Argument(call, index) => self.passed(value, span, scope, call, index, search),
            Context::Value => self.escapes(value, span, scope),
        }
    }

    fn passed(&mut self, value: &Value<'a>, span: Span, scope: ScopeId, call: CallId, index: u16, search: &mut Search) {
        let site = self.model.calls[call as usize];
        let target = match site.node.callee() {
            Some(callee) => self.value(callee, site.scope),
            None => Value::Unknown,
        };
        if let Value::Function(function) = target {
            self.queue_parameter(function, index, search);
            if self.model.functions[function as usize].role == Role::Called(call) {
                return;
            }
            if !search.calls.insert(call) {
                return;
            }
            let result = self.value(site.chain, site.scope);
            if result.leads_somewhere() {
                self.flows_on(&result, span_of_expr(site.chain), site.scope, site.context, search);
            }
            self.note_reads(value, span, scope);
            return;
        }
        let again = !search.calls.insert(call);
        let result = if again {
            Value::Unknown
        } else {
            self.value(site.chain, site.scope)
        };
        if result.leads_somewhere() {
            self.flows_on(&result, span_of_expr(site.chain), site.scope, site.context, search);
            self.note_reads(value, span, scope);
        } else {
            self.escapes(value, span, scope);
            return;
        }
        // `JSON.stringify(process.env)` gives something to follow on, but has already read all of it.
        if matches!(&target, Value::Api(path) if capability::api(path).is_some_and(|api| api.on == On::Call)) {
            self.escapes_environment(value, span, scope);
        }
    }

    /// The value goes where it cannot be followed: whoever has it may use it.
    pub(super) fn escapes(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
        for alternative in value.alternatives() {
            if matches!(alternative, Value::Global) {
                self.handed_on.push((span, scope));
            }
            let Value::Api(path) = alternative else {
                continue;
            };
            let manner = if capability::api(path).is_some_and(|api| api.on == On::Read) {
                Manner::Read
            } else {
                Manner::Passed
            };
            self.note(&path.clone(), manner, None, Vec::new(), 0, span, scope);
        }
    }

    /// The whole environment is handed over.
    fn escapes_environment(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
        let environment = |one: &Value<'a>| matches!(one, Value::Api(path) if &**path == "process.env");
        if value.alternatives().iter().any(environment) {
            self.escapes(value, span, scope);
        }
    }

    fn note_reads(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
        for alternative in value.alternatives() {
            if let Value::Api(path) = alternative
                && &**path != "process.env"
                && capability::api(path).is_some_and(|api| api.on == On::Read)
            {
                self.note(&path.clone(), Manner::Read, None, Vec::new(), 0, span, scope);
            }
        }
    }

    /// `const { A, ...rest } = process.env` takes all of it.
    fn note_reads_of_parts(&mut self, value: &Value<'a>, span: Span, scope: ScopeId, alias: u32) {
        let rest = match &self.model.aliases[alias as usize] {
            Alias::Pattern(swc_ecma_ast::Pat::Object(object)) => object
                .props
                .iter()
                .any(|prop| matches!(prop, swc_ecma_ast::ObjectPatProp::Rest(_))),
            _ => false,
        };
        if rest {
            self.escapes(value, span, scope);
        } else {
            self.note_reads(value, span, scope);
        }
    }

    /// Notes a use of an API, once per place.
    #[expect(clippy::too_many_arguments, reason = "the parts of one use, told apart only here")]
    pub(super) fn note(
        &mut self,
        path: &str,
        manner: Manner,
        node: Option<CallNode<'a>>,
        args: Vec<Value<'a>>,
        shift: usize,
        span: Span,
        scope: ScopeId,
    ) {
        let api = match manner {
            Manner::Written => capability::assigned(path),
            // A whole module handed on is worth what its members are worth by default.
            Manner::Passed => capability::api(path)
                .filter(|api| !api.capabilities.is_empty())
                .or_else(|| capability::api(&format!("{path}.*"))),
            _ => capability::api(path),
        };
        let capabilities = api.map_or(&[][..], |api| api.capabilities);
        if !capabilities.is_empty() {
            self.push_use(path, api, capabilities, manner, node, args, shift, span, scope, None);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one use, told apart only here")]
    pub(super) fn push_use(
        &mut self,
        path: &str,
        api: Option<&'static Api>,
        capabilities: &'static [Capability],
        manner: Manner,
        node: Option<CallNode<'a>>,
        args: Vec<Value<'a>>,
        shift: usize,
        span: Span,
        scope: ScopeId,
        key: Option<Rc<str>>,
    ) {
        let identity: Rc<str> = match &key {
            Some(key) => format!("{path}.{key}").into(),
            None => path.into(),
        };
        if self.seen.insert((span.start, identity)) {
            let path = path.into();
            self.uses.push(RawUse {
                path,
                api,
                capabilities,
                manner,
                span,
                scope,
                node,
                args,
                shift,
                key,
            });
        }
    }

    /// Notes that a timer is given text, which it runs.
    pub(super) fn note_code(
        &mut self,
        path: &str,
        api: &'static Api,
        node: CallNode<'a>,
        args: Vec<Value<'a>>,
        span: Span,
        scope: ScopeId,
    ) {
        const CODE: &[Capability] = &[Capability::DynamicCode];
        self.push_use(
            path,
            Some(api),
            CODE,
            Manner::Called,
            Some(node),
            args,
            0,
            span,
            scope,
            None,
        );
    }

    /// Notes that a member of something merely readable is read.
    pub(super) fn note_read(&mut self, path: &Rc<str>, key: Option<&str>, place: Option<(Span, ScopeId)>) {
        let Some(api) = capability::api(path).filter(|api| api.on == On::Read && !api.capabilities.is_empty()) else {
            return;
        };
        let (span, scope) = place.unwrap_or((Span::default(), 0));
        if place.is_none() && key.is_none() {
            return;
        }
        let env = &**path == "process.env" || path.ends_with(".env");
        let key = if env { key.map(Into::into) } else { None };
        self.push_use(
            path,
            Some(api),
            api.capabilities,
            Manner::Read,
            None,
            Vec::new(),
            0,
            span,
            scope,
            key,
        );
    }
}

/// Whether a chain of members and calls goes through a member whose name is computed.
fn has_computed_member(chain: &Expr) -> bool {
    let mut at = chain;
    loop {
        at = match at {
            Expr::Call(call) => match call.callee.as_expr() {
                Some(callee) => callee,
                None => return false,
            },
            Expr::Member(member) if member.prop.is_computed() => return true,
            Expr::Member(member) => &member.obj,
            Expr::Paren(paren) => &paren.expr,
            Expr::Ident(_) => return false,
            _ => return true,
        };
    }
}
