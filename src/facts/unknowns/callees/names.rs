//! The names by which modules call each other's functions, and give values to each other.

use swc_ecma_ast::{ClassMember, Expr, MemberProp, ParamOrTsParamProp, TsParamPropParam};

use super::{INSIDE, KEEPERS, MAX_DEPTH, hash, is_import};
use crate::facts::{
    Ways,
    calls::{as_member, stripped},
    collect::key_text,
    evaluate::Analysis,
    model::{BindingId, CallNode, FuncId, NONE, Owner, Role, ScopeId, Source, Step, TOP},
    parameters::innermost_call,
    ways::plain_key,
};

impl<'a> Analysis<'a> {
    /// The functions around a scope, by the names by which others may call them.
    pub(super) fn methods_around(&self, scope: ScopeId, out: &mut Vec<u32>) {
        let mut function = self.model.function_of(scope);
        while function != TOP {
            self.names_outside(function, &mut |name| out.push(hash(name, "()")));
            function = self.model.functions[function as usize].parent;
        }
    }

    /// The names by which others may call a function; none for a default export, or for all that a module exports.
    pub(in crate::facts::unknowns) fn names_outside(&self, function: FuncId, found: &mut dyn FnMut(&str)) {
        let model = &self.model;
        let func = &model.functions[function as usize];
        func.name.into_iter().for_each(&mut *found);
        model.outside_at(func.start).into_iter().for_each(&mut *found);
        if let Owner::Write(write) = func.owner {
            let key = plain_key(&model.member_writes[write as usize].target.prop);
            found(key.filter(|key| *key != "exports").unwrap_or_default());
        }
        let binding = match (func.role, func.owner) {
            (Role::Named(binding), _) => binding,
            (_, Owner::Class(class)) if func.name == Some("constructor") => {
                found("");
                model.classes[class as usize].binding
            }
            _ => NONE,
        };
        if let Some(binding) = model.bindings.get(binding as usize) {
            let text = model.names[binding.name as usize].text;
            found(text);
            model.outside(text).iter().copied().for_each(found);
        }
    }

    /// The names of functions of other modules that are called by their name alone.
    pub(super) fn taken_off(&self, out: &mut Vec<u32>) {
        let model = &self.model;
        let mut add = |name: &str| out.push(hash(if name == "default" { "" } else { name }, "!"));
        for binding in 0..model.bindings.len() as BindingId {
            for write in model.writes_of(binding) {
                let name = match write.source {
                    Source::Import(_, name) => name,
                    Source::Expr(expr, _) => match (write.path.last(), expr) {
                        (Some(Step::Key(name)), _) => name,
                        (None, Expr::Member(member)) => plain_key(&member.prop).unwrap_or_default(),
                        (None, expr) if is_import(expr) => "",
                        _ => continue,
                    },
                    _ => continue,
                };
                let mut reads = model.refs_to(binding);
                if reads.any(|read| matches!(read.chain.and_then(innermost_call), Some(CallNode::Call(_)))) {
                    add(name);
                }
            }
        }
        // `(0, a.f)()`
        for call in &model.calls {
            if let Some(Expr::Paren(paren)) = call.node.callee()
                && let Some(member) = as_member(stripped(&paren.expr))
            {
                add(plain_key(&member.prop).unwrap_or_default());
            }
        }
    }

    /// The names of what the module calls of others.
    pub(super) fn called_names(&self, out: &mut Vec<u32>) {
        let model = &self.model;
        let mut add = |name: &str| out.push(hash(if name == "default" { "" } else { name }, "="));
        add(INSIDE);
        for (name, _) in &model.methods {
            if !KEEPERS.contains(&&***name) {
                add(name);
            }
        }
        for binding in 0..model.bindings.len() as BindingId {
            for write in model.writes_of(binding) {
                match write.source {
                    Source::Import(_, name) => add(name),
                    Source::Expr(expr, _) if is_import(expr) => match write.path.last() {
                        Some(Step::Key(name)) => add(name),
                        _ => add(""),
                    },
                    Source::Expr(Expr::Member(member), _) => add(plain_key(&member.prop).unwrap_or_default()),
                    _ => {}
                }
            }
        }
    }

    /// The name of a method that is called on something that is not the language's.
    pub(super) fn foreign_method(&self, callee: &'a Expr, scope: ScopeId) -> Option<&'a str> {
        let member = as_member(callee)?;
        let MemberProp::Ident(name) = &member.prop else {
            return None;
        };
        let of_language = match stripped(&member.obj) {
            Expr::Lit(_) | Expr::Tpl(_) => true,
            Expr::Ident(ident) => {
                !matches!(&*ident.sym, "arguments" | "exports" | "module")
                    && self.model.lookup(&ident.sym, scope).is_none()
            }
            _ => false,
        };
        (!of_language).then_some(&*name.sym)
    }

    /// Whether other modules may call what a name holds.
    pub(in crate::facts::unknowns) fn is_exported(&self, binding: BindingId) -> bool {
        let text = self.model.names[self.model.bindings[binding as usize].name as usize].text;
        self.model.exports_name(text)
            || self
                .model
                .refs_to(binding)
                .any(|found| self.is_export(found.context) || found.chain.is_none())
    }

    /// The members that are given what was handed over.
    pub(super) fn kept(&self, out: &mut Vec<u32>) {
        let model = &self.model;
        let foreign = |expr: &'a Expr, scope: ScopeId| self.ways_of(expr, scope, MAX_DEPTH) != Ways::NONE;
        for write in &model.member_writes {
            if let Some(name) = plain_key(&write.target.prop)
                && foreign(write.value, write.scope)
            {
                out.push(hash(name, ""));
            }
        }
        for class in &model.classes {
            for member in &class.node.body {
                match member {
                    ClassMember::ClassProp(prop) => {
                        if let (Some(name), Some(value)) = (key_text(&prop.key), &prop.value)
                            && foreign(value, class.scope)
                        {
                            out.push(hash(name, ""));
                        }
                    }
                    ClassMember::Constructor(constructor) => {
                        for param in &constructor.params {
                            if let ParamOrTsParamProp::TsParamProp(prop) = param
                                && let TsParamPropParam::Ident(ident) = &prop.param
                            {
                                out.push(hash(&ident.id.sym, ""));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}
