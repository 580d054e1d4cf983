//! The visitor's half for expressions: who is called, what is read, where each value goes.

use swc_ecma_ast as ast;
use swc_ecma_ast::{BinaryOp, Callee, Expr, MemberProp, Prop, PropName, PropOrSpread, UnaryOp};

use super::{
    FunctionBody, Visitor, applied_member, begins_with_array, function_like,
    functions::applied,
    is_named, key_name, key_text, optional_parts,
    shapes::{may_be_handed, may_be_maker, part_of, role_of},
};
use crate::{
    facts::{
        ImportKind,
        calls::as_member,
        model::{Alias, CallId, CallNode, Context, ImportSyntax, Owner, Role, Source, Specifier, TOP},
    },
    parse::span_of,
};

impl<'a> Visitor<'a> {
    /// Walks an expression whose value goes where `context` says.
    #[inline]
    pub(super) fn expr(&mut self, expr: &'a Expr, context: Context) {
        self.chained(expr, None, context);
    }

    /// Walks an expression that may be the inside of a member/call chain. Most are names and literals.
    #[inline]
    fn chained(&mut self, expr: &'a Expr, chain: Option<&'a Expr>, context: Context) {
        match expr {
            Expr::Ident(ident) => self.ident(ident, chain.unwrap_or(expr), context),
            Expr::Lit(ast::Lit::Str(text)) => self.constant(text),
            Expr::Lit(_) => {}
            _ => self.deeper(1, |v| v.compound(expr, chain, context)),
        }
    }

    fn ident(&mut self, ident: &'a ast::Ident, chain: &'a Expr, context: Context) {
        let name = self.model.name(&ident.sym);
        let start = span_of(ident.span).start;
        self.model.reference(name, self.scope, Some(chain), start, context);
    }

    fn compound(&mut self, expr: &'a Expr, chain: Option<&'a Expr>, context: Context) {
        match expr {
            Expr::Member(member) => self.member(member, chain.unwrap_or(expr), context),
            Expr::Call(call) => self.call_expr(expr, call, chain.unwrap_or(expr), context),
            Expr::New(new) => {
                let id = self.call(CallNode::New(new), chain.unwrap_or(expr), context);
                self.callee(&new.callee, chain.unwrap_or(expr), context);
                self.arguments(new.args.as_deref().unwrap_or_default(), id);
            }
            Expr::OptChain(optional) => match optional_parts(&optional.base) {
                Ok(member) => self.member(member, chain.unwrap_or(expr), context),
                Err(call) => {
                    let id = self.call(CallNode::Optional(call), chain.unwrap_or(expr), context);
                    self.callee(&call.callee, chain.unwrap_or(expr), context);
                    self.arguments(&call.args, id);
                }
            },
            Expr::TaggedTpl(tagged) => {
                self.call(CallNode::Tagged(tagged), chain.unwrap_or(expr), context);
                self.callee(&tagged.tag, chain.unwrap_or(expr), context);
                self.exprs(&tagged.tpl.exprs, Context::Value);
            }
            Expr::Paren(paren) => self.chained(&paren.expr, chain, context),
            Expr::TsAs(e) => self.chained(&e.expr, chain, context),
            Expr::TsNonNull(e) => self.chained(&e.expr, chain, context),
            Expr::TsSatisfies(e) => self.chained(&e.expr, chain, context),
            Expr::TsTypeAssertion(e) => self.chained(&e.expr, chain, context),
            Expr::TsConstAssertion(e) => self.chained(&e.expr, chain, context),
            Expr::TsInstantiation(e) => self.chained(&e.expr, chain, context),
            Expr::Await(e) => {
                self.exits += 1;
                self.chained(&e.arg, chain, context);
            }
            Expr::Yield(e) => {
                self.exits += 1;
                self.yielded(e);
            }
            Expr::Seq(seq) => {
                if let Some((last, rest)) = seq.exprs.split_last() {
                    self.exprs(rest, Context::Test);
                    self.chained(last, chain, context);
                }
            }
            Expr::Cond(cond) => {
                self.choice(&cond.test, &cond.span);
                self.guard(&cond.test, &cond.cons, Some(&cond.alt));
                self.expr(&cond.test, Context::Test);
                self.chained(&cond.cons, chain, context);
                // `a ? b : c ? d : …` is a chain: walked in a loop.
                let mut alternative = &*cond.alt;
                let mut links = 0;
                while let Expr::Cond(next) = alternative {
                    self.guard(&next.test, &next.cons, Some(&next.alt));
                    self.expr(&next.test, Context::Test);
                    self.chained(&next.cons, chain, context);
                    alternative = &next.alt;
                    links += 1;
                }
                self.deeper(links, |v| v.chained(alternative, chain, context));
            }
            Expr::Bin(bin) => self.binary(bin, chain, context),
            Expr::Unary(unary) => {
                let inner = match unary.op {
                    UnaryOp::TypeOf | UnaryOp::Bang | UnaryOp::Void | UnaryOp::Minus | UnaryOp::Plus => Context::Test,
                    UnaryOp::Delete => Context::Update,
                    UnaryOp::Tilde => Context::Value,
                };
                self.expr(&unary.arg, inner);
            }
            Expr::Update(update) => self.update(expr, &update.arg),
            Expr::Assign(assign) => self.assignment(assign, chain, context),
            Expr::Array(array) => {
                let context = self.inside(chain, context);
                let outer = std::mem::take(&mut self.in_text);
                for element in array.elems.iter().flatten() {
                    self.nested(&element.expr, context);
                }
                self.in_text = outer;
            }
            Expr::Object(object) => {
                let context = self.inside(chain, context);
                let outer = std::mem::take(&mut self.in_text);
                for prop in &object.props {
                    self.property(prop, object, context);
                }
                self.in_text = outer;
            }
            Expr::Fn(function) => self.function_expr(function, role_of(context)),
            Expr::Arrow(arrow) => {
                self.function(
                    span_of(arrow.span).start,
                    None,
                    role_of(context),
                    None,
                    FunctionBody::Arrow(arrow),
                );
            }
            Expr::Class(class) => self.class_expr(class, context),
            Expr::Tpl(template) => {
                self.quasis(template);
                for expr in &template.exprs {
                    self.as_text(expr, part_of(context));
                }
            }
            Expr::This(_) if self.this_may_be_global() => {
                if !self.strict {
                    self.loose_this(chain.unwrap_or(expr), context);
                }
                self.rootless(chain.unwrap_or(expr), context);
            }
            Expr::This(_) => {
                if !self.strict {
                    self.loose_this(chain.unwrap_or(expr), context);
                }
                self.own(chain, context);
            }
            Expr::MetaProp(_) if chain.is_some() => {
                self.rootless(chain.unwrap_or(expr), context);
            }
            Expr::SuperProp(prop) => {
                self.own(chain, context);
                if let ast::SuperProp::Computed(computed) = &prop.prop {
                    self.expr(&computed.expr, Context::Value);
                }
            }
            Expr::JSXElement(element) => self.jsx_element(element),
            Expr::JSXFragment(fragment) => self.jsx_children(&fragment.children),
            _ => {}
        }
    }

    fn exprs(&mut self, exprs: &'a [Box<Expr>], context: Context) {
        for expr in exprs {
            self.expr(expr, context);
        }
    }

    /// An element of an array or object literal: it goes where the whole goes.
    fn nested(&mut self, expr: &'a Expr, context: Context) {
        self.expr(
            expr,
            if context == Context::Test {
                Context::Value
            } else {
                context
            },
        );
    }

    fn member(&mut self, member: &'a ast::MemberExpr, chain: &'a Expr, context: Context) {
        self.chained(&member.obj, Some(chain), context);
        let outermost = as_member(chain).is_some_and(|whole| std::ptr::eq(whole, member));
        match &member.prop {
            MemberProp::Computed(computed) => {
                if outermost && !self.in_text && !matches!(*computed.expr, Expr::Lit(_)) {
                    match context {
                        Context::Alias(alias) => self.model.doubtful_reads.push((chain, self.scope, alias)),
                        Context::Test | Context::Write(_) | Context::Update => {}
                        _ => self.model.open_members.push((chain, self.scope, context)),
                    }
                }
                self.as_text(&computed.expr, Context::Value);
            }
            MemberProp::Ident(name) if is_named(name, "constructor") => {
                match context {
                    Context::Alias(alias) if outermost => self.model.doubtful_reads.push((chain, self.scope, alias)),
                    Context::Test | Context::Write(_) | Context::Items(_) | Context::Copied(_) => {}
                    _ if outermost => self.model.makers.push((chain, self.scope, context)),
                    _ => {}
                }
                self.rootless(chain, context);
            }
            MemberProp::Ident(name) if is_named(name, "caller") => self.model.callers.push((member, self.scope)),
            _ => {}
        }
    }

    fn call_expr(&mut self, expr: &'a Expr, call: &'a ast::CallExpr, chain: &'a Expr, context: Context) {
        let id = self.call(CallNode::Call(call), chain, context);
        match &call.callee {
            Callee::Expr(callee) => {
                if let Some((start, own, body)) = function_like(callee).or_else(|| applied(callee)) {
                    self.function(start, own.map(|name| &**name), Role::Called(id), own, body);
                } else {
                    self.callee(callee, chain, context);
                }
            }
            Callee::Import(_) => self.import_call(expr, call, chain, context),
            Callee::Super(_) => {}
        }
        self.arguments(&call.args, id);
    }

    fn import_call(&mut self, expr: &'a Expr, call: &'a ast::CallExpr, chain: &'a Expr, context: Context) {
        let Some(first) = call.args.first() else {
            return;
        };
        let specifier = match &*first.expr {
            Expr::Lit(ast::Lit::Str(text)) => Specifier::Constant(text),
            computed => Specifier::Computed(computed),
        };
        self.model.imports.push(ImportSyntax {
            kind: ImportKind::Dynamic,
            specifier,
            scope: self.scope,
            names: vec!["*"],
        });
        if !std::ptr::eq(expr, chain) || context != Context::Test {
            self.rootless(chain, context);
        }
    }

    fn callee(&mut self, callee: &'a Expr, chain: &'a Expr, context: Context) {
        if may_be_maker(callee) || applied_member(callee).is_some_and(may_be_maker) {
            self.model.doubtful_calls.push(self.model.calls.len() as CallId - 1);
        }
        if let Expr::Member(member) = callee {
            if member.prop.is_computed() && begins_with_array(&member.obj) {
                self.rootless(chain, context);
            }
            if let MemberProp::Ident(name) = &member.prop {
                self.model.methods.push((&name.sym, self.scope));
            }
            self.member(member, chain, context);
        } else {
            self.chained(callee, Some(chain), context);
        }
    }

    fn arguments(&mut self, args: &'a [ast::ExprOrSpread], call: CallId) {
        for (index, arg) in args.iter().enumerate() {
            let index = index.min(usize::from(u16::MAX)) as u16;
            self.as_value(&arg.expr, Context::Argument(call, index));
        }
    }

    fn binary(&mut self, bin: &'a ast::BinExpr, chain: Option<&'a Expr>, context: Context) {
        // `1 + 1 + …` leans left: the spine is walked in a loop, then its right arms in source order.
        // What the left side's value may become hangs on the operators around it: that of `(a && b) && c` is falsy.
        let mut spine = Vec::new();
        let (mut at, mut whole) = (bin, (context, chain));
        let outer = self.in_text;
        let mut text = outer;
        let left = loop {
            let (left, right) = match at.op {
                BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => (whole, whole),
                BinaryOp::LogicalAnd => ((Context::Test, None), whole),
                BinaryOp::Add => ((part_of(whole.0), None), (part_of(whole.0), None)),
                _ => ((Context::Test, None), (Context::Test, None)),
            };
            text |= at.op == BinaryOp::Add;
            spine.push((&*at.right, right, text));
            whole = left;
            match &*at.left {
                Expr::Bin(next) => at = next,
                first => break first,
            }
        };
        self.deeper(spine.len() as u32, |_| {});
        self.in_text = text;
        self.chained(left, whole.1, whole.0);
        while let Some((right, (context, chain), text)) = spine.pop() {
            self.in_text = text;
            self.chained(right, chain, context);
        }
        self.in_text = outer;
    }

    fn assignment(&mut self, assign: &'a ast::AssignExpr, chain: Option<&'a Expr>, context: Context) {
        let source = Source::Expr(&assign.right, self.scope);
        let compound = !matches!(
            assign.op,
            ast::AssignOp::Assign | ast::AssignOp::OrAssign | ast::AssignOp::AndAssign | ast::AssignOp::NullishAssign
        );
        let target = match &assign.left {
            ast::AssignTarget::Simple(ast::SimpleAssignTarget::Ident(ident)) => {
                let name = self.model.name(&ident.id.sym);
                let start = span_of(ident.id.span).start;
                self.model.assign(name, self.scope, source, Vec::new(), compound, start);
                self.model.aliases.push(Alias::Name(&ident.id.sym));
                Context::Alias(self.model.aliases.len() as u32 - 1)
            }
            ast::AssignTarget::Simple(ast::SimpleAssignTarget::Member(member)) => {
                let write = self.member_write(member, &assign.right);
                self.chained(&member.obj, None, write);
                if let MemberProp::Computed(computed) = &member.prop {
                    self.as_text(&computed.expr, Context::Value);
                }
                match write {
                    Context::Write(write) => {
                        if function_like(&assign.right).is_some() {
                            self.owner = Owner::Write(write);
                        }
                        Context::Stored(write)
                    }
                    _ => Context::Value,
                }
            }
            ast::AssignTarget::Simple(other) => {
                self.odd_target(other);
                Context::Value
            }
            ast::AssignTarget::Pat(pat) => {
                self.assign_target_pattern(pat, source);
                self.model.aliases.push(Alias::AssignPattern(pat));
                Context::Alias(self.model.aliases.len() as u32 - 1)
            }
        };
        // The value of `(x = y)` is y: when something more is done with it, y is also what that something gets.
        let context = if context == Context::Test { target } else { context };
        // `x += y` makes a text or a number of y.
        let outer = std::mem::replace(&mut self.in_text, compound);
        self.chained(&assign.right, chain, context);
        self.in_text = outer;
    }

    /// `name++`; `object.member++` gives the member a value that is not known.
    fn update(&mut self, update: &'a Expr, target: &'a Expr) {
        if let Expr::Member(member) = target {
            let write = self.member_write(member, update);
            self.chained(&member.obj, None, write);
            if let MemberProp::Computed(computed) = &member.prop {
                self.expr(&computed.expr, Context::Value);
            }
        } else {
            self.opaque_assign(target);
            self.expr(target, Context::Update);
        }
    }

    /// `name++`, `(name) = …`: the name has another value from then on.
    fn opaque_assign(&mut self, target: &'a Expr) {
        match target {
            Expr::Ident(ident) => {
                let name = self.model.name(&ident.sym);
                let start = span_of(ident.span).start;
                self.model
                    .assign(name, self.scope, Source::Opaque, Vec::new(), true, start);
            }
            Expr::Paren(paren) => self.opaque_assign(&paren.expr),
            _ => {}
        }
    }

    fn odd_target(&mut self, target: &'a ast::SimpleAssignTarget) {
        match target {
            ast::SimpleAssignTarget::Paren(e) => {
                self.opaque_assign(&e.expr);
                self.expr(&e.expr, Context::Value);
            }
            ast::SimpleAssignTarget::TsAs(e) => self.expr(&e.expr, Context::Value),
            ast::SimpleAssignTarget::TsNonNull(e) => self.expr(&e.expr, Context::Value),
            ast::SimpleAssignTarget::TsSatisfies(e) => self.expr(&e.expr, Context::Value),
            ast::SimpleAssignTarget::TsTypeAssertion(e) => self.expr(&e.expr, Context::Value),
            _ => {}
        }
    }

    fn property(&mut self, prop: &'a PropOrSpread, object: &'a ast::ObjectLit, context: Context) {
        match prop {
            // A copy is no alias: what is spread is read, all of it.
            PropOrSpread::Spread(spread) => {
                let context = match context {
                    Context::Alias(alias) => Context::Copied(alias),
                    other => part_of(other),
                };
                self.expr(&spread.expr, context);
            }
            PropOrSpread::Prop(prop) => match &**prop {
                Prop::Shorthand(ident) => {
                    let name = self.model.name(&ident.sym);
                    // The tree has no expression node for `{ x }`; the reading only needs the name.
                    self.model
                        .reference(name, self.scope, None, span_of(ident.span).start, context);
                }
                Prop::KeyValue(pair) => {
                    self.key(&pair.key);
                    if let Some((start, own, body)) = function_like(&pair.value) {
                        let name = own.map(|name| &**name).or_else(|| key_text(&pair.key));
                        self.owner = Owner::Object(object);
                        self.function(start, name, role_of(context), own, body);
                    } else {
                        if may_be_handed(&pair.value) {
                            self.model.kept_as.push((key_name(&pair.key), &*pair.value));
                        }
                        self.nested(&pair.value, context);
                    }
                }
                Prop::Assign(pair) => self.nested(&pair.value, context),
                Prop::Getter(getter) => {
                    self.model.accessors.push(span_of(getter.function.span).start);
                    self.method(&getter.key, &getter.function, role_of(context), Owner::Object(object));
                }
                Prop::Setter(setter) => {
                    self.model.accessors.push(span_of(setter.function.span).start);
                    self.method(&setter.key, &setter.function, role_of(context), Owner::Object(object));
                }
                Prop::Method(method) => {
                    self.method(&method.key, &method.function, role_of(context), Owner::Object(object));
                }
            },
        }
    }

    pub(super) fn key(&mut self, key: &'a PropName) {
        if let PropName::Computed(computed) = key {
            self.as_text(&computed.expr, Context::Value);
        }
    }

    pub(super) fn method(&mut self, key: &'a PropName, function: &'a ast::Function, role: Role, owner: Owner<'a>) {
        self.key(key);
        self.owner = owner;
        let start = span_of(function.span).start;
        self.function(start, key_text(key), role, None, FunctionBody::Function(function));
    }

    pub(super) fn function_expr(&mut self, function: &'a ast::FnExpr, role: Role) {
        let own = function.ident.as_ref().map(|ident| &ident.sym);
        let start = span_of(function.function.span).start;
        self.function(
            start,
            own.map(|name| &**name),
            role,
            own,
            FunctionBody::Function(&function.function),
        );
    }

    /// `this` of the module, or of a function that is called on the spot, may be the global object.
    fn this_may_be_global(&self) -> bool {
        let mut function = self.function;
        loop {
            let func = &self.model.functions[function as usize];
            if function == TOP || matches!(func.role, Role::Called(_)) {
                return true;
            }
            if !func.arrow {
                return false;
            }
            function = func.parent;
        }
    }
}
