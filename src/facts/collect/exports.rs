//! The visitor's half for exports: which name stands for what.

use swc_common::Span;
use swc_ecma_ast as ast;
use swc_ecma_ast::Decl;

use super::{Visitor, export_name, patterns::for_each_name};
use crate::{
    facts::{
        ImportKind,
        model::{Context, Export, Exported, Role},
    },
    parse::span_of,
};

impl<'a> Visitor<'a> {
    pub(super) fn export(&mut self, name: &'a str, value: Exported<'a>, span: Span) {
        self.model.exports.push(Export {
            name,
            value,
            scope: self.scope,
            start: span_of(span).start,
        });
    }

    /// `export const x = …`, `export function f() {}`
    pub(super) fn export_decl(&mut self, decl: &'a Decl) {
        match decl {
            Decl::Fn(function) if function.function.body.is_some() => self.export_local(&function.ident),
            Decl::Class(class) => self.export_local(&class.ident),
            Decl::Var(variables) => {
                let span = variables.span;
                for declared in &variables.decls {
                    for_each_name(&declared.name, &mut |name| {
                        self.export(name, Exported::Local(name), span);
                    });
                }
            }
            Decl::TsEnum(item) => self.export_local(&item.id),
            _ => {}
        }
        self.declaration(decl);
    }

    fn export_local(&mut self, ident: &'a ast::Ident) {
        self.export(&ident.sym, Exported::Local(&ident.sym), ident.span);
    }

    pub(super) fn export_default(&mut self, export: &'a ast::ExportDefaultDecl) {
        match &export.decl {
            ast::DefaultDecl::Fn(function) => {
                self.export("default", Exported::Declared, export.span);
                self.function_expr(function, Role::Other);
            }
            ast::DefaultDecl::Class(class) => {
                self.export("default", Exported::Declared, export.span);
                self.class_expr(class, Context::Value);
            }
            ast::DefaultDecl::TsInterfaceDecl(_) => {}
        }
    }

    pub(super) fn export_named(&mut self, export: &'a ast::NamedExport) {
        if let Some(src) = &export.src {
            return self.export_from(export, src);
        }
        for specifier in &export.specifiers {
            if let ast::ExportSpecifier::Named(named) = specifier
                && let ast::ModuleExportName::Ident(ident) = &named.orig
            {
                if !named.is_type_only {
                    let outside = named.exported.as_ref().map_or(&*ident.sym, export_name);
                    self.export(outside, Exported::Local(&ident.sym), named.span);
                }
                let name = self.model.name(&ident.sym);
                let start = span_of(ident.span).start;
                self.model.reference(name, self.scope, None, start, Context::Value);
            }
        }
    }

    fn export_from(&mut self, export: &'a ast::NamedExport, src: &'a ast::Str) {
        let mut names = Vec::new();
        let mut pairs = Vec::new();
        for specifier in &export.specifiers {
            let (inside, outside): (&'a str, &'a str) = match specifier {
                ast::ExportSpecifier::Named(one) if one.is_type_only => continue,
                ast::ExportSpecifier::Named(one) => {
                    let inside = export_name(&one.orig);
                    (inside, one.exported.as_ref().map_or(inside, export_name))
                }
                ast::ExportSpecifier::Namespace(all) => ("*", export_name(&all.name)),
                ast::ExportSpecifier::Default(one) => ("default", &one.exported.sym),
            };
            names.push(inside);
            pairs.push((inside, outside));
        }
        let index = self.add_import(ImportKind::ReExport, src, names);
        for (inside, outside) in pairs {
            self.export(outside, Exported::From(index, inside), export.span);
        }
    }
}
