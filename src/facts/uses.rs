//! From names to uses: starting at the names that may mean a power, every alias is followed to where it is used.

use std::{collections::hash_map::Entry, rc::Rc};

use swc_ecma_ast::Expr;

use super::{
    ImportKind,
    calls::span_of_expr,
    capability::{self, Api, Capability, Global, On},
    evaluate::Analysis,
    model::{Alias, BindingId, CallNode, Context, NameId, Ref, ScopeId},
    search::Search,
    value::Value,
    ways::{has_computed_member, leads_astray},
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
        self.find_bundles(&mut search);
        self.globals(&mut search);
        self.syntax_imports(&mut search);
        self.follow_withs(&mut search);
        for index in 0..self.model.rootless.len() {
            let (chain, scope, context) = {
                let found = &self.model.rootless[index];
                (found.chain, found.scope, found.context)
            };
            let value = self.value(chain, scope);
            // `this` at the top of a module is handed on by many wrappers, and is no global object in modules: only what
            // is written to it matters.
            if matches!(value, Value::Global) {
                self.names_of(context, scope, &mut |binding| search.push(binding));
                continue;
            }
            self.flows_on(&value, span_of_expr(chain), scope, context, &mut search);
        }
        self.hidden_constructors(&mut search);
        loop {
            for (function, index) in std::mem::take(&mut self.delivered_to) {
                if search.parameters.insert((function, index)) {
                    self.queue_parameter(function, index, &mut search);
                }
            }
            if let Some(binding) = search.queue.pop() {
                self.follow(binding, &mut search);
            } else if let Some(key) = search.keys.pop() {
                self.follow_member(&key, &mut search);
            } else if self.delivered_to.is_empty() && !self.follow_heated(&mut search) {
                break;
            }
        }
        self.close_bundles();
        self.definitions(&search);
        self.member_writes(&search);
        self.global_assigns();
    }

    /// Follows every read of a binding that may hold a power.
    fn follow(&mut self, binding: BindingId, search: &mut Search<'a>) {
        let name = self.model.bindings[binding as usize].name;
        let root = self.meant(Some(binding), self.model.names[name as usize].text);
        if !root.leads_to_power() && !root.is_container() {
            return;
        }
        self.methods_of(&root, search);
        let reads: Vec<u32> = self.model.reads_of(binding).collect();
        for read in reads {
            self.reference(&root, name, read, search);
        }
    }

    /// Follows the names that nobody here declares and that may mean a power. A wrapper hands `require` in as a
    /// parameter, so that name is followed whatever declares it.
    fn globals(&mut self, search: &mut Search<'a>) {
        for name in 0..self.model.names.len() as NameId {
            let text = self.model.names[name as usize].text;
            let given = self.given_value(text);
            let harmless = match capability::global(text) {
                _ if given.is_some() && !self.bundles.is_outer(text) => {
                    if given.is_some_and(|value| value.leads_somewhere()) {
                        false
                    } else {
                        continue;
                    }
                }
                Some(Global::Powerful(_) | Global::GlobalObject) => false,
                Some(Global::Harmless) => !matches!(text, "require" | "module" | "Reflect" | "Object"),
                None if self.bundles.is_outer(text) => false,
                None => continue,
            };
            let root = self.meant(None, text);
            let free: Vec<u32> = self.model.free_reads_of(name).collect();
            for read in free.into_iter().rev() {
                let found = &self.model.refs[read as usize];
                let (chain, context, scope) = (found.chain, found.context, found.scope);
                // What is written to `Array.prototype` under another name is still written to it.
                if !harmless {
                    self.reference(&root, name, read, search);
                } else if let Some(Expr::Ident(_) | Expr::Member(_)) = chain {
                    self.names_of(context, scope, &mut |binding| search.remember(binding));
                }
            }
            if text == "require" {
                for binding in self.model.bindings_named(name) {
                    search.push(binding);
                }
            }
        }
    }

    /// Follows one read of a name whose value is known.
    pub(super) fn reference(&mut self, root: &Value<'a>, name: NameId, read: u32, search: &mut Search<'a>) {
        let Ref {
            scope,
            chain,
            start,
            context,
            ..
        } = self.model.refs[read as usize];
        if let Value::Api(path) = root
            && matches!(&**path, "Object" | "Reflect")
            && !chain.is_some_and(is_constructor)
        {
            match chain {
                Some(chain @ Expr::Call(call)) => {
                    search.definitions.push((call, scope));
                    // What `Object` has is harmless by its names; a name that is put together may be another.
                    if &**path == "Reflect" || has_computed_member(chain) {
                        self.value(chain, scope);
                    }
                }
                _ => self.names_of(context, scope, &mut |binding| search.remember(binding)),
            }
            return;
        }
        if let (Value::Api(path), Some(chain)) = (root, chain)
            && capability::is_harmless(path)
            && !leads_astray(chain)
        {
            // What a call of it gives is harmless, too; a part of it is under another name.
            if !matches!(context, Context::Argument(..)) && matches!(chain, Expr::Ident(_) | Expr::Member(_)) {
                self.names_of(context, scope, &mut |binding| search.push(binding));
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

    /// Follows a value that leads to a power, or may hold one, to wherever the syntax takes it.
    pub(super) fn flows_on(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        context: Context,
        search: &mut Search<'a>,
    ) {
        if self.is_hot(value, span, scope, context, search) {
            self.flows_from(value, span, scope, context, search);
        }
    }

    /// The same, whatever the value may be.
    pub(super) fn flows_from(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        context: Context,
        search: &mut Search<'a>,
    ) {
        match context {
            Context::Test | Context::Update | Context::Write(_) => self.note_reads(value, span, scope),
            Context::Alias(alias) | Context::Items(alias) => {
                self.queue_alias(alias, scope, search);
                self.note_reads_of_parts(value, span, scope, alias);
            }
            Context::Return(function) => {
                if !self.queue_function(function, search) {
                    self.escapes(value, span, scope);
                }
            }
            Context::Argument(call, index) => self.passed(value, span, scope, call, index, search),
            Context::Stored(write) => {
                if !is_data(value) {
                    self.store_at_write(write, search);
                }
                self.escapes(value, span, scope);
            }
            Context::Field(class, index) => {
                if !is_data(value) {
                    self.store_in_field(class, index, search);
                }
                self.escapes(value, span, scope);
            }
            Context::Parent(class) => {
                self.follow_parent(value, class, search);
                self.escapes(value, span, scope);
            }
            Context::Copied(alias) => {
                self.queue_alias(alias, scope, search);
                self.escapes(value, span, scope);
            }
            Context::Inside(index) => self.follow_inside(value, span, scope, index, search),
            Context::Value => self.escapes(value, span, scope),
        }
    }

    /// The value goes where it cannot be followed: whoever has it may use it.
    pub(super) fn escapes(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
        if !self.is_kept(value, span, scope) {
            self.tell_escape(value, span, scope);
        }
    }

    /// Notes that a value went where it cannot be followed.
    pub(super) fn tell_escape(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
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
    pub(super) fn escapes_environment(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
        let environment = |one: &Value<'a>| matches!(one, Value::Api(path) if &**path == "process.env");
        if value.alternatives().iter().any(environment) {
            self.escapes(value, span, scope);
        }
    }

    pub(super) fn note_reads(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
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
        match self.seen.entry((span.start, identity)) {
            Entry::Occupied(known) => {
                // Seen again with other arguments: another call of the function around.
                if let Some(found) = self.uses.get_mut(*known.get() as usize)
                    && found.manner == manner
                {
                    join_arguments(&mut found.args, args);
                }
            }
            Entry::Vacant(place) => {
                place.insert(self.uses.len() as u32);
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

/// `Object.getPrototypeOf(async function () {}).constructor` makes code from text.
fn is_constructor(chain: &Expr) -> bool {
    match chain {
        Expr::Member(member) => member.prop.is_ident_with("constructor"),
        Expr::Call(call) => call.callee.as_expr().is_some_and(|callee| is_constructor(callee)),
        Expr::New(new) => is_constructor(&new.callee),
        _ => false,
    }
}

/// Whether a value is only data that was read: `location.href`. Where it was read has been told; who keeps it is no
/// matter of powers.
fn is_data(value: &Value<'_>) -> bool {
    value.alternatives().iter().all(|one| match one {
        Value::Api(path) => path.contains(['.', '#']) && capability::api(path).is_some_and(|api| api.on == On::Read),
        one => !one.is_container() && !one.leads_somewhere(),
    })
}

/// What is known of each argument from one more call.
fn join_arguments<'a>(known: &mut Vec<Value<'a>>, more: Vec<Value<'a>>) {
    for (index, value) in more.into_iter().enumerate() {
        match known.get_mut(index) {
            Some(old) => {
                let joined = Value::one_of(vec![old.clone(), value]);
                if !matches!(joined, Value::Unknown) {
                    *old = joined;
                }
            }
            None => known.push(value),
        }
    }
}
