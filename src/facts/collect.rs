//! The one visitor: a single walk over the tree that fills the tables of [`super::model`].
//!
//! Written by hand rather than on a generic visitor so that it can keep borrowed expressions, skip types, and walk
//! long operator chains without recursion.

use swc_atoms::Atom;
use swc_common::Spanned;
use swc_ecma_ast as ast;
use swc_ecma_ast::{Decl, Expr, ModuleDecl, ModuleItem, Program, Stmt};

mod classes;
mod exports;
mod expressions;
mod functions;
mod guards;
mod jsx;
mod patterns;
mod pieces;
mod shapes;
mod signs;

use self::{
    functions::{FunctionBody, function_like},
    shapes::{begins_with_array, declares_in_block, export_name, is_named, key_name, optional_parts},
};
pub(super) use self::{
    guards::asks_for_loader,
    patterns::{for_each_assigned_name, for_each_name},
    shapes::{SYMBOL, applied_member, function_start, is_function, key_text},
};
use super::{
    ImportKind,
    calls::as_member,
    model::{
        Alias, Call, CallId, CallNode, Context, Exported, Func, FuncId, ImportSyntax, MemberWrite, Model, NONE, Owner,
        Params, PieceId, Return, Role, Rootless, ScopeId, Source, Specifier, Syntax, TOP, With,
    },
};
use crate::parse::span_of;

/// Fills the tables from a tree.
pub(super) fn visit(program: &Program, text_len: usize) -> Model<'_> {
    let mut visitor = Visitor {
        model: Model::new(text_len),
        scope: TOP,
        var_scope: TOP,
        function: TOP,
        depth: 0,
        module_scope: TOP,
        piece: NONE,
        strict: match program {
            Program::Module(_) => true,
            Program::Script(script) => functions::is_strict(&script.body),
        },
        in_text: false,
        owner: Owner::None,
        exits: 0,
    };
    visitor.model.functions.push(Func {
        parent: NONE,
        scope: TOP,
        start: 0,
        name: None,
        params: Params::None,
        first_return: NONE,
        role: Role::Other,
        arrow: false,
        wraps: true,
        owner: Owner::None,
        first_yield: NONE,
        syntax: Syntax::Program(program),
    });
    visitor.model.push_scope(NONE, TOP);
    match program {
        Program::Module(module) => visitor.items(&module.body),
        Program::Script(script) => visitor.statements(&script.body),
    }
    visitor.model
}

pub(super) struct Visitor<'a> {
    pub(super) model: Model<'a>,
    pub(super) scope: ScopeId,
    /// Where `var` declares.
    pub(super) var_scope: ScopeId,
    pub(super) function: FuncId,
    /// How deep the tree is here.
    depth: u32,
    /// The scope whose statements are pieces: the module's, or that of a function that wraps it.
    module_scope: ScopeId,
    /// The piece that is being visited.
    piece: PieceId,
    /// Whether the code here is strict: `this` is never the global object by accident.
    strict: bool,
    /// Whether only a text, or a member's name, is made of the value of what is visited.
    in_text: bool,
    /// Whose member the next function is.
    pub(super) owner: Owner<'a>,
    /// How many statements so far lead out of a loop.
    exits: u32,
}

/// Where the visitor gives up; what is refused later need not be visited.
const MAX_DEPTH: u32 = 4_000;

impl<'a> Visitor<'a> {
    /// Goes one or more levels down, unless the tree is too deep for any use.
    #[inline]
    pub(super) fn deeper(&mut self, levels: u32, inner: impl FnOnce(&mut Self)) {
        self.depth += levels;
        if self.depth > self.model.depth {
            self.model.depth = self.depth;
        }
        if self.depth <= MAX_DEPTH {
            inner(self);
        }
        self.depth -= levels;
    }

    fn items(&mut self, items: &'a [ModuleItem]) {
        for item in items {
            match item {
                ModuleItem::Stmt(stmt) => self.piece(span_of(stmt.span()), |v| v.statement(stmt)),
                ModuleItem::ModuleDecl(decl) => self.piece(span_of(decl.span()), |v| v.module_decl(decl)),
            }
        }
    }

    pub(super) fn statements(&mut self, stmts: &'a [Stmt]) {
        if self.scope == self.module_scope {
            for stmt in stmts {
                self.piece(span_of(stmt.span()), |v| v.statement(stmt));
            }
        } else {
            for stmt in stmts {
                self.statement(stmt);
            }
        }
    }

    fn module_decl(&mut self, decl: &'a ModuleDecl) {
        match decl {
            ModuleDecl::Import(import) if !import.type_only => self.import(import),
            ModuleDecl::ExportDecl(export) => self.export_decl(&export.decl),
            ModuleDecl::ExportNamed(export) if !export.type_only => self.export_named(export),
            ModuleDecl::ExportDefaultDecl(export) => self.export_default(export),
            ModuleDecl::ExportDefaultExpr(export) => {
                self.export("default", Exported::Expr(&export.expr), export.span);
                self.expr(&export.expr, Context::Value);
            }
            ModuleDecl::ExportAll(export) if !export.type_only => {
                let index = self.add_import(ImportKind::ReExport, &export.src, vec!["*"]);
                self.export("*", Exported::From(index, "*"), export.span);
            }
            ModuleDecl::TsImportEquals(import) if !import.is_type_only => {
                if let ast::TsModuleRef::TsExternalModuleRef(external) = &import.module_ref {
                    let index = self.add_import(ImportKind::Require, &external.expr, vec!["*"]);
                    self.declare_with(&import.id.sym, self.scope, Source::Import(index, "*"));
                }
            }
            ModuleDecl::TsExportAssignment(export) => {
                self.export("=", Exported::Expr(&export.expr), export.span);
                self.expr(&export.expr, Context::Value);
            }
            _ => {}
        }
    }

    fn import(&mut self, import: &'a ast::ImportDecl) {
        let mut names = Vec::with_capacity(import.specifiers.len());
        let mut locals = Vec::with_capacity(import.specifiers.len());
        for specifier in &import.specifiers {
            let (local, imported): (&'a ast::Ident, &'a str) = match specifier {
                ast::ImportSpecifier::Named(one) if one.is_type_only => continue,
                ast::ImportSpecifier::Named(one) => {
                    (&one.local, one.imported.as_ref().map_or(&*one.local.sym, export_name))
                }
                ast::ImportSpecifier::Default(default) => (&default.local, "default"),
                ast::ImportSpecifier::Namespace(namespace) => (&namespace.local, "*"),
            };
            names.push(imported);
            locals.push((&local.sym, imported));
        }
        // `import { type T } from 'x'` still runs x under some compilers, and `import 'x'` always does.
        let index = self.add_import(ImportKind::Import, &import.src, names);
        for (local, imported) in locals {
            self.declare_with(local, TOP, Source::Import(index, imported));
        }
    }

    pub(super) fn add_import(&mut self, kind: ImportKind, src: &'a ast::Str, names: Vec<&'a str>) -> u32 {
        self.model.imports.push(ImportSyntax {
            kind,
            specifier: Specifier::Constant(src),
            scope: self.scope,
            names,
        });
        self.model.imports.len() as u32 - 1
    }

    pub(super) fn declare_with(&mut self, text: &'a Atom, scope: ScopeId, source: Source<'a>) -> u32 {
        let name = self.model.name(text);
        let binding = self.declare(scope, name);
        self.model.write(binding, source, Vec::new());
        binding
    }

    fn block(&mut self, stmts: &'a [Stmt]) {
        if !stmts.iter().any(declares_in_block) {
            return self.statements(stmts);
        }
        self.scoped(|visitor| visitor.statements(stmts));
    }

    /// Runs with a new block scope.
    pub(super) fn scoped(&mut self, inner: impl FnOnce(&mut Self)) {
        let outer = self.scope;
        self.scope = self.model.push_scope(outer, self.function);
        inner(self);
        self.model.close_scope(self.scope);
        self.scope = outer;
    }

    pub(super) fn statement(&mut self, stmt: &'a Stmt) {
        self.deeper(1, |v| v.one_statement(stmt));
    }

    fn one_statement(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Block(block) => self.block(&block.stmts),
            Stmt::Expr(statement) => {
                if let Expr::Bin(bin) = &*statement.expr
                    && bin.op == ast::BinaryOp::LogicalAnd
                {
                    self.choice(&bin.left, &statement.span);
                }
                self.exits += u32::from(signs::exits_process(&statement.expr));
                self.expr(&statement.expr, Context::Test);
            }
            Stmt::Decl(decl) => self.declaration(decl),
            Stmt::Break(_) => self.exits += 1,
            Stmt::Return(ret) => {
                self.exits += 1;
                if let Some(value) = &ret.arg {
                    self.returned(value);
                }
            }
            Stmt::If(branch) => self.ladder(branch),
            Stmt::For(stmt) => self.scoped(|v| {
                match &stmt.init {
                    Some(ast::VarDeclOrExpr::VarDecl(decl)) => v.variables(decl.kind, &decl.decls),
                    Some(ast::VarDeclOrExpr::Expr(expr)) => v.expr(expr, Context::Test),
                    None => {}
                }
                for expr in stmt.test.iter().chain(&stmt.update) {
                    v.expr(expr, Context::Test);
                }
                v.looped(stmt.test.as_deref(), &stmt.span, |v| v.statement(&stmt.body));
            }),
            Stmt::ForIn(stmt) => self.for_each(
                &stmt.left,
                Source::Keys(&stmt.right, self.scope),
                &stmt.right,
                &stmt.body,
            ),
            Stmt::ForOf(stmt) => self.for_each(
                &stmt.left,
                Source::Items(&stmt.right, self.scope),
                &stmt.right,
                &stmt.body,
            ),
            Stmt::While(stmt) => {
                self.expr(&stmt.test, Context::Test);
                self.looped(Some(&stmt.test), &stmt.span, |v| v.statement(&stmt.body));
            }
            Stmt::DoWhile(stmt) => {
                self.looped(Some(&stmt.test), &stmt.span, |v| v.statement(&stmt.body));
                self.expr(&stmt.test, Context::Test);
            }
            Stmt::Switch(stmt) => {
                self.expr(&stmt.discriminant, Context::Test);
                self.scoped(|v| {
                    for case in &stmt.cases {
                        if let Some(test) = &case.test {
                            v.expr(test, Context::Test);
                        }
                        v.statements(&case.cons);
                    }
                });
            }
            Stmt::Try(stmt) => {
                self.block(&stmt.block.stmts);
                if let Some(handler) = &stmt.handler {
                    self.scoped(|v| {
                        if let Some(param) = &handler.param {
                            let span = span_of(stmt.block.span);
                            v.pattern(param, v.scope, Source::Caught(span.start, span.end));
                        }
                        v.statements(&handler.body.stmts);
                    });
                }
                if let Some(finalizer) = &stmt.finalizer {
                    self.block(&finalizer.stmts);
                }
            }
            Stmt::Throw(stmt) => {
                self.exits += 1;
                self.expr(&stmt.arg, Context::Value);
            }
            Stmt::Labeled(stmt) => self.statement(&stmt.body),
            Stmt::With(stmt) => {
                self.expr(&stmt.obj, Context::Value);
                self.scoped(|v| {
                    v.model.withs.push(With {
                        span: span_of(stmt.span),
                        object: &stmt.obj,
                        scope: v.scope,
                    });
                    v.statement(&stmt.body);
                });
            }
            _ => {}
        }
    }

    pub(super) fn returned(&mut self, value: &'a Expr) {
        let slot = &mut self.model.functions[self.function as usize].first_return;
        let next = std::mem::replace(slot, self.model.returns.len() as u32);
        self.model.returns.push(Return {
            next,
            value,
            scope: self.scope,
        });
        self.expr(value, Context::Return(self.function));
    }

    fn for_each(&mut self, head: &'a ast::ForHead, source: Source<'a>, iterated: &'a Expr, body: &'a Stmt) {
        self.scoped(|v| {
            let mut context = Context::Test;
            match head {
                ast::ForHead::VarDecl(decl) => {
                    let scope = if decl.kind == ast::VarDeclKind::Var {
                        v.var_scope
                    } else {
                        v.scope
                    };
                    for declarator in &decl.decls {
                        v.pattern(&declarator.name, scope, source);
                        if let Source::Items(..) = source {
                            v.model.aliases.push(Alias::Pattern(&declarator.name));
                            context = Context::Items(v.model.aliases.len() as u32 - 1);
                        }
                    }
                }
                ast::ForHead::UsingDecl(decl) => {
                    for declarator in &decl.decls {
                        v.pattern(&declarator.name, v.scope, source);
                    }
                }
                ast::ForHead::Pat(pat) => v.assign_pattern(pat, source, &mut Vec::new()),
            }
            v.expr(iterated, context);
            v.statement(body);
        });
    }

    pub(super) fn declaration(&mut self, decl: &'a Decl) {
        match decl {
            Decl::Fn(decl) if !decl.declare && decl.function.body.is_some() => {
                let name = self.model.name(&decl.ident.sym);
                let binding = self.declare(self.scope, name);
                if self.scope != self.var_scope {
                    self.model.hoist(self.var_scope, name, binding);
                    if self.var_scope == self.module_scope {
                        self.model.shared.push(binding);
                    }
                }
                let function = self.function(
                    span_of(decl.function.span).start,
                    Some(&decl.ident.sym),
                    Role::Named(binding),
                    None,
                    FunctionBody::Function(&decl.function),
                );
                self.model.write(binding, Source::Function(function), Vec::new());
            }
            Decl::Class(decl) if !decl.declare => {
                self.named_class(&decl.ident.sym, &decl.class);
            }
            Decl::Var(decl) if !decl.declare => self.variables(decl.kind, &decl.decls),
            Decl::Using(decl) => self.variables(ast::VarDeclKind::Const, &decl.decls),
            Decl::TsEnum(decl) if !decl.declare => {
                self.declare_with(&decl.id.sym, self.scope, Source::Enum(decl));
                for init in decl.members.iter().filter_map(|member| member.init.as_deref()) {
                    self.expr(init, Context::Value);
                }
            }
            Decl::TsModule(decl) if !decl.declare => {
                if let ast::TsModuleName::Ident(id) = &decl.id {
                    self.declare_with(&id.sym, self.scope, Source::Opaque);
                }
                let mut body = decl.body.as_ref();
                while let Some(ast::TsNamespaceBody::TsNamespaceDecl(inner)) = body {
                    body = Some(&inner.body);
                }
                if let Some(ast::TsNamespaceBody::TsModuleBlock(block)) = body {
                    self.scoped(|v| v.items(&block.body));
                }
            }
            _ => {}
        }
    }

    pub(super) fn variables(&mut self, kind: ast::VarDeclKind, decls: &'a [ast::VarDeclarator]) {
        let scope = if kind == ast::VarDeclKind::Var {
            self.var_scope
        } else {
            self.scope
        };
        for decl in decls {
            let Some(init) = decl.init.as_deref() else {
                // No value yet: later assignments are found by name.
                self.declare_only(&decl.name, scope);
                continue;
            };
            self.pattern(&decl.name, scope, Source::Expr(init, self.scope));
            self.model.aliases.push(Alias::Pattern(&decl.name));
            let alias = Context::Alias(self.model.aliases.len() as u32 - 1);
            if let (ast::Pat::Ident(ident), Some((start, name, body))) = (&decl.name, function_like(init)) {
                let id = self.model.name(&ident.id.sym);
                let binding = self.declare(scope, id);
                self.function(
                    start,
                    Some(name.unwrap_or(&ident.id.sym)),
                    Role::Named(binding),
                    name,
                    body,
                );
            } else {
                self.expr(init, alias);
            }
        }
    }

    fn declare_only(&mut self, pat: &'a ast::Pat, scope: ScopeId) {
        if let ast::Pat::Ident(ident) = pat {
            let name = self.model.name(&ident.id.sym);
            self.declare(scope, name);
        } else {
            self.pattern(pat, scope, Source::Opaque);
        }
    }

    pub(super) fn call(&mut self, node: CallNode<'a>, chain: &'a Expr, context: Context) -> CallId {
        let id = self.model.calls.len() as CallId;
        let pipes = match node.callee() {
            Some(Expr::Ident(ident)) => &*ident.sym == "pipeline",
            Some(callee) => as_member(callee).is_some_and(|member| match &member.prop {
                ast::MemberProp::Ident(name) => is_named(name, "pipe") || is_named(name, "pipeline"),
                _ => false,
            }),
            None => false,
        };
        if pipes {
            self.model.pipes.push(id);
        }
        self.model.calls.push(Call {
            node,
            scope: self.scope,
            chain,
            context,
        });
        id
    }

    pub(super) fn rootless(&mut self, chain: &'a Expr, context: Context) {
        self.model.rootless.push(Rootless {
            chain,
            scope: self.scope,
            context,
        });
    }

    pub(super) fn member_write(&mut self, target: &'a ast::MemberExpr, value: &'a Expr) -> Context {
        self.model.member_writes.push(MemberWrite {
            target,
            value,
            scope: self.scope,
            root: NONE,
        });
        Context::Write(self.model.member_writes.len() as u32 - 1)
    }
}
