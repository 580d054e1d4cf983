//! From names to uses: starting at the names that may mean a power, every alias is followed to where it is used.

use std::{collections::BTreeSet, rc::Rc};

use swc_ecma_ast::{Expr, MemberProp};

use super::{
    ImportKind,
    calls::span_of_expr,
    capability::{self, Api, Capability, Global, On},
    collect::{for_each_assigned_name, for_each_name},
    evaluate::{Analysis, global, module_value},
    model::{
        Alias, CallId, CallNode, Context, FuncId, NameId, Params, Role, ScopeId, Source, Specifier,
    },
    value::Value,
};
use crate::{parse::span_of, span::Span};

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

/// The names still to be followed, and what was done.
#[derive(Default)]
pub(super) struct Search {
    queue: Vec<NameId>,
    queued: BTreeSet<NameId>,
    calls: BTreeSet<CallId>,
}

impl Search {
    fn push(&mut self, name: NameId) {
        if self.queued.insert(name) {
            self.queue.push(name);
        }
    }
}

impl<'a> Analysis<'a> {
    /// Finds every use and import of the module.
    pub(super) fn find_uses(&mut self) {
        let mut search = Search::default();
        for name in 0..self.model.names.len() as NameId {
            let text = self.model.names[name as usize].text;
            if matches!(text, "require" | "module" | "Reflect" | "Object")
                || matches!(
                    capability::global(text),
                    Some(Global::Powerful(_) | Global::GlobalObject)
                )
            {
                search.push(name);
            }
        }
        self.syntax_imports(&mut search);
        for index in 0..self.model.rootless.len() {
            let (chain, scope, context) = {
                let found = &self.model.rootless[index];
                (found.chain, found.scope, found.context)
            };
            let value = self.value(chain, scope);
            // `this` at the top of a module is handed on by many wrappers, and is no global object in modules.
            if matches!(value, Value::Global) {
                continue;
            }
            self.flows_on(&value, span_of_expr(chain), scope, context, &mut search);
        }
        self.drain(&mut search);
        self.member_writes();
        self.global_assigns();
    }

    fn drain(&mut self, search: &mut Search) {
        while let Some(name) = search.queue.pop() {
            let mut at = self.model.names[name as usize].first_ref;
            while let Some(found) = self.model.refs.get(at as usize) {
                at = found.next;
                let (scope, chain, context, start) =
                    (found.scope, found.chain, found.context, found.start);
                self.reference(name, scope, chain, context, start, search);
            }
        }
    }

    fn reference(
        &mut self,
        name: NameId,
        scope: ScopeId,
        chain: Option<&'a Expr>,
        context: Context,
        start: u32,
        search: &mut Search,
    ) {
        let text = self.model.names[name as usize].text;
        let root = self.named(text, scope);
        if matches!(
            root,
            Value::Unknown | Value::Text(..) | Value::Number(_) | Value::Undefined
        ) {
            return;
        }
        if matches!(&root, Value::Api(path) if matches!(&**path, "Object" | "Reflect")) {
            if let Some(Expr::Call(call)) = chain {
                self.definition(call, scope);
                self.value(chain.unwrap_or_else(|| unreachable!()), scope);
            }
            return;
        }
        let (value, span) = match chain {
            Some(chain) => (self.value(chain, scope), span_of_expr(chain)),
            None => (
                root,
                Span {
                    start,
                    end: start + text.len() as u32,
                },
            ),
        };
        self.flows_on(&value, span, scope, context, search);
    }

    /// Follows a value that leads to a power to wherever the syntax takes it.
    fn flows_on(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        context: Context,
        search: &mut Search,
    ) {
        let holds = matches!(
            value,
            Value::Function(_) | Value::Object(..) | Value::Array(_) | Value::OneOf(_)
        );
        if !value.leads_somewhere() && !holds {
            return;
        }
        match context {
            Context::Test | Context::Write(_) => self.note_reads(value, span, scope),
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

    fn queue_alias(&mut self, alias: u32, scope: ScopeId, search: &mut Search) {
        let mut names: Vec<&'a str> = Vec::new();
        match &self.model.aliases[alias as usize] {
            Alias::Pattern(pat) => for_each_name(pat, &mut |text| names.push(text)),
            Alias::AssignPattern(pat) => for_each_assigned_name(pat, &mut |text| names.push(text)),
            Alias::Name(name) => names.push(self.model.names[*name as usize].text),
        }
        for text in names {
            if let Some(name) = self.model.known_name(text) {
                search.push(name);
            }
            // A name that nothing reads still reads what it is given: `const { TOKEN } = process.env`.
            self.named(text, scope);
        }
    }

    /// Follows a function's value to its callers; false if they cannot be known.
    fn queue_function(&mut self, function: FuncId, search: &mut Search) -> bool {
        match self.model.functions[function as usize].role {
            Role::Named(binding) => {
                search.push(self.model.bindings[binding as usize].name);
                true
            }
            Role::Called(call) => {
                search.calls.insert(call) && {
                    let call = self.model.calls[call as usize];
                    let value = self.call(call.node, call.scope);
                    let whole = self.value(call.chain, call.scope);
                    let _ = value;
                    self.flows_on(
                        &whole,
                        span_of_expr(call.chain),
                        call.scope,
                        call.context,
                        search,
                    );
                    true
                }
            }
            _ => false,
        }
    }

    fn passed(
        &mut self,
        value: &Value<'a>,
        span: Span,
        scope: ScopeId,
        call: CallId,
        index: u16,
        search: &mut Search,
    ) {
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
                self.flows_on(
                    &result,
                    span_of_expr(site.chain),
                    site.scope,
                    site.context,
                    search,
                );
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
            self.flows_on(
                &result,
                span_of_expr(site.chain),
                site.scope,
                site.context,
                search,
            );
            self.note_reads(value, span, scope);
        } else {
            self.escapes(value, span, scope);
            return;
        }
        // `JSON.stringify(process.env)` gives something to follow on, but has already read all of it.
        if matches!(&target, Value::Api(path) if capability::api(path).is_some_and(|api| api.on == On::Call))
        {
            self.escapes_environment(value, span, scope);
        }
    }

    fn queue_parameter(&mut self, function: FuncId, index: u16, search: &mut Search) {
        let mut names = Vec::new();
        let index = usize::from(index);
        match self.model.functions[function as usize].params {
            Params::Function(params) => {
                if let Some(param) = params.get(index) {
                    for_each_name(&param.pat, &mut |text| names.push(text));
                }
            }
            Params::Arrow(params) => {
                if let Some(pat) = params.get(index) {
                    for_each_name(pat, &mut |text| names.push(text));
                }
            }
            Params::None | Params::Constructor(_) => {}
        }
        for text in names {
            if let Some(name) = self.model.known_name(text) {
                search.push(name);
            }
        }
    }

    /// The value goes where it cannot be followed: whoever has it may use it.
    fn escapes(&mut self, value: &Value<'a>, span: Span, scope: ScopeId) {
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
        let environment =
            |one: &Value<'a>| matches!(one, Value::Api(path) if &**path == "process.env");
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
                self.note(
                    &path.clone(),
                    Manner::Read,
                    None,
                    Vec::new(),
                    0,
                    span,
                    scope,
                );
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
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one use, told apart only here"
    )]
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
            self.push_use(
                path,
                api,
                capabilities,
                manner,
                node,
                args,
                shift,
                span,
                scope,
                None,
            );
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one use, told apart only here"
    )]
    fn push_use(
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
    pub(super) fn note_read(
        &mut self,
        path: &Rc<str>,
        key: Option<&str>,
        place: Option<(Span, ScopeId)>,
    ) {
        let Some(api) =
            capability::api(path).filter(|api| api.on == On::Read && !api.capabilities.is_empty())
        else {
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

    /// Notes that a module is loaded by a call.
    pub(super) fn note_load(
        &mut self,
        path: &str,
        node: CallNode<'a>,
        specifier: &Value<'a>,
        span: Span,
        scope: ScopeId,
    ) {
        let place = node
            .arguments()
            .first()
            .map_or(span, |arg| span_of_expr(&arg.expr));
        if !self.seen.insert((place.start, "#load".into())) {
            return;
        }
        let mut known = true;
        for alternative in specifier.alternatives() {
            let text: Option<Rc<str>> = alternative.as_text().map(Rc::from);
            known &= text.is_some();
            if alternative.hidden() > super::value::Hidden::Plain
                && let Some(path) = text.as_deref().and_then(capability::builtin_module)
            {
                self.concealed_modules.push(path.into());
            }
            self.load_of(text, ImportKind::Require, place, scope);
            if let Some(last) = self.imports.last_mut() {
                last.concealed = alternative.hidden() == super::value::Hidden::Decoded;
            }
        }
        if !known {
            const DYNAMIC: &[Capability] = &[Capability::DynamicImport];
            let args = vec![specifier.clone()];
            self.push_use(
                path,
                None,
                DYNAMIC,
                Manner::Called,
                Some(node),
                args,
                0,
                span,
                scope,
                None,
            );
        }
    }

    pub(super) fn note_resolve(&mut self, args: &[Value<'a>], span: Span, scope: ScopeId) {
        if let Some(text) = args.first().and_then(Value::as_text)
            && self.seen.insert((span.start, "#resolve".into()))
        {
            let specifier = Some(text.into());
            self.imports.push(RawImport {
                specifier,
                concealed: false,
                kind: ImportKind::Resolve,
                span,
                scope,
                names: Vec::new(),
            });
        }
    }

    fn load_of(
        &mut self,
        specifier: Option<Rc<str>>,
        kind: ImportKind,
        span: Span,
        scope: ScopeId,
    ) {
        if let Some(path) = specifier.as_deref().and_then(capability::builtin_module)
            && let Some(api) = capability::api(path).filter(|api| api.on == On::Import)
        {
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
                None,
            );
        }
        if let Some(text) = &specifier
            && text.ends_with(".node")
        {
            const NATIVE: &[Capability] = &[Capability::Native];
            self.push_use(
                "require",
                None,
                NATIVE,
                Manner::Called,
                None,
                vec![Value::text(text, super::value::Hidden::Plain)],
                0,
                span,
                scope,
                None,
            );
        }
        self.imports.push(RawImport {
            specifier,
            concealed: false,
            kind,
            span,
            scope,
            names: vec!["*".to_owned()],
        });
    }

    fn syntax_imports(&mut self, search: &mut Search) {
        for index in 0..self.model.imports.len() {
            let (kind, scope, names) = {
                let import = &self.model.imports[index];
                (
                    import.kind,
                    import.scope,
                    import
                        .names
                        .iter()
                        .map(|n| (*n).to_owned())
                        .collect::<Vec<_>>(),
                )
            };
            let (specifier, span) = match &self.model.imports[index].specifier {
                Specifier::Constant(text) => (
                    Value::text(text.value.to_string_lossy(), super::value::Hidden::Plain),
                    span_of(text.span),
                ),
                Specifier::Computed(expr) => {
                    let expr = *expr;
                    (self.value(expr, scope), span_of_expr(expr))
                }
            };
            for alternative in specifier.alternatives() {
                let text: Option<Rc<str>> = alternative.as_text().map(Rc::from);
                if text.is_none() {
                    const DYNAMIC: &[Capability] = &[Capability::DynamicImport];
                    self.push_use(
                        "import",
                        None,
                        DYNAMIC,
                        Manner::Called,
                        None,
                        vec![specifier.clone()],
                        0,
                        span,
                        scope,
                        None,
                    );
                }
                if kind == ImportKind::ReExport
                    && let Some(text) = &text
                {
                    let module = module_value(text);
                    for name in &names {
                        let value = if name == "*" {
                            module.clone()
                        } else {
                            self.get(&module, name, None)
                        };
                        self.escapes(&value, span, scope);
                    }
                }
                self.load_of(text, kind, span, scope);
                if let Some(last) = self.imports.last_mut() {
                    last.names.clone_from(&names);
                }
            }
        }
        for write in 0..self.model.bindings.len() as u32 {
            let first = self.model.bindings[write as usize].first_write;
            if let Some(found) = self.model.writes.get(first as usize)
                && matches!(found.source, Source::Import(..))
            {
                search.push(self.model.bindings[write as usize].name);
            }
        }
    }

    /// `Object.defineProperty(Array.prototype, …)` and its like change something for everybody.
    fn definition(&mut self, call: &'a swc_ecma_ast::CallExpr, scope: ScopeId) {
        let Some(Expr::Member(callee)) = call.callee.as_expr().map(|e| &**e) else {
            return;
        };
        let MemberProp::Ident(method) = &callee.prop else {
            return;
        };
        if !matches!(
            &*method.sym,
            "defineProperty" | "defineProperties" | "assign" | "set" | "setPrototypeOf"
        ) {
            return;
        }
        let Some(target) = call.args.first() else {
            return;
        };
        let value = self.value(&target.expr, scope);
        let key = call
            .args
            .get(1)
            .and_then(|arg| self.value(&arg.expr, scope).as_text().map(str::to_owned));
        self.changed(&value, key.as_deref(), span_of(callee.span), scope);
    }

    fn member_writes(&mut self) {
        for index in 0..self.model.member_writes.len() {
            let (target, scope) = {
                let write = &self.model.member_writes[index];
                (write.target, write.scope)
            };
            let Some(root) = target.obj.leftmost() else {
                continue;
            };
            let may_matter = match self.model.lookup(&root.sym, scope) {
                None => capability::global(&root.sym).is_some(),
                Some(binding) => self.binding(binding).leads_somewhere(),
            };
            if !may_matter {
                continue;
            }
            let object = self.value(&target.obj, scope);
            let key = match &target.prop {
                MemberProp::Ident(name) => Some((*name.sym).to_owned()),
                MemberProp::Computed(computed) => self
                    .value(&computed.expr, scope)
                    .as_text()
                    .map(str::to_owned),
                MemberProp::PrivateName(_) => continue,
            };
            self.changed(&object, key.as_deref(), span_of(target.span), scope);
        }
    }

    /// Something that others share is written to.
    fn changed(&mut self, object: &Value<'a>, key: Option<&str>, span: Span, scope: ScopeId) {
        const MUTATION: &[Capability] = &[Capability::GlobalMutation];
        for alternative in object.alternatives() {
            match alternative {
                Value::Global => {
                    let path = key.unwrap_or("*");
                    match key.and_then(capability::assigned) {
                        Some(api) => self.push_use(
                            path,
                            Some(api),
                            api.capabilities,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        ),
                        None => self.push_use(
                            &format!("globalThis.{path}"),
                            None,
                            MUTATION,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        ),
                    }
                }
                Value::Api(path) => {
                    let path = capability::member(path, key.unwrap_or("*"));
                    let root = path.split(['.', '#']).next().unwrap_or_default();
                    // A module's own exports are its own affair; the loader behind it (`module#_compile`) is not.
                    let own = matches!(root, "arguments" | "exports" | "console")
                        || path.starts_with("module#exports");
                    if own || (root == "module" && !path.contains('_')) {
                        continue;
                    }
                    if let Some(api) = capability::assigned(&path) {
                        if !api.capabilities.is_empty() {
                            let args = vec![Value::Unknown];
                            self.push_use(
                                &path,
                                Some(api),
                                api.capabilities,
                                Manner::Written,
                                None,
                                args,
                                0,
                                span,
                                scope,
                                None,
                            );
                        }
                    } else if capability::global(root) == Some(Global::Harmless) {
                        self.push_use(
                            &path,
                            None,
                            MUTATION,
                            Manner::Written,
                            None,
                            Vec::new(),
                            0,
                            span,
                            scope,
                            None,
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// `fetch = …` without a declaration replaces the global.
    fn global_assigns(&mut self) {
        const MUTATION: &[Capability] = &[Capability::GlobalMutation];
        for name in 0..self.model.names.len() {
            let mut at = self.model.names[name].first_assign;
            let text = self.model.names[name].text;
            if at == super::model::NONE
                || matches!(text, "module" | "exports" | "require")
                || capability::global(text).is_none()
            {
                continue;
            }
            while let Some(assign) = self.model.assigns.get(at as usize) {
                at = assign.next;
                let scope = assign.scope;
                let Source::Expr(value, _) = assign.source else {
                    continue;
                };
                if self.model.resolve(name as NameId, scope).is_some() {
                    continue;
                }
                let span = span_of_expr(value);
                if let Some(api) = capability::assigned(text) {
                    let powers = api.capabilities;
                    self.push_use(
                        text,
                        Some(api),
                        powers,
                        Manner::Written,
                        None,
                        Vec::new(),
                        0,
                        span,
                        scope,
                        None,
                    );
                } else {
                    let path = match global(text) {
                        Value::Api(path) => path,
                        _ => format!("globalThis.{text}").into(),
                    };
                    self.push_use(
                        &path,
                        None,
                        MUTATION,
                        Manner::Written,
                        None,
                        Vec::new(),
                        0,
                        span,
                        scope,
                        None,
                    );
                }
            }
        }
    }
}
