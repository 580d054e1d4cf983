//! Classes, and whose member a function is.

use swc_ecma_ast as ast;

use super::{BindingId, FuncId, Model, NONE, Return, Scope, ScopeId};

pub(in crate::facts) type ClassId = u32;

/// One class of the module.
pub(in crate::facts) struct Class<'a> {
    pub(in crate::facts) node: &'a ast::Class,
    /// Where its members stand.
    pub(in crate::facts) scope: ScopeId,
    /// The name it is declared by.
    pub(in crate::facts) binding: BindingId,
    pub(in crate::facts) constructor: FuncId,
}

/// Whose member a function is: what `this` means inside.
#[derive(Clone, Copy, Default)]
pub(in crate::facts) enum Owner<'a> {
    /// Nobody's.
    #[default]
    None,
    /// The instances of a class.
    Class(ClassId),
    /// A class itself.
    Static(ClassId),
    /// An object that is written out.
    Object(&'a ast::ObjectLit),
    /// The object of an assigned member.
    Write(u32),
}

impl<'a> Model<'a> {
    /// The class that begins at this node.
    pub(in crate::facts) fn class_at(&self, node: &'a ast::Class) -> Option<ClassId> {
        let start = node.span.lo;
        let at = self.classes.partition_point(|class| class.node.span.lo < start);
        let found = self.classes.get(at)?;
        std::ptr::eq(found.node, node).then_some(at as ClassId)
    }

    /// The class whose field stands in a scope, and whether the field is static.
    pub(in crate::facts) fn class_of(scope: &Scope) -> Option<(ClassId, bool)> {
        (scope.class != NONE).then_some((scope.class / 2, scope.class % 2 == 1))
    }

    /// Whether a scope is, or is inside, one of these.
    pub(in crate::facts) fn is_within(&self, mut scope: ScopeId, wanted: &[ScopeId]) -> bool {
        for _ in 0..64 {
            if wanted.contains(&scope) {
                return true;
            }
            scope = self.scopes[scope as usize].parent;
            if scope == NONE {
                return false;
            }
        }
        false
    }

    /// Whether a function stands in another.
    pub(in crate::facts) fn is_inside(&self, mut function: FuncId, outer: FuncId) -> bool {
        // Functions are numbered from outside to inside.
        while function > outer {
            function = self.functions[function as usize].parent;
            if function == outer {
                return true;
            }
        }
        false
    }

    /// Everything a generator yields.
    pub(in crate::facts) fn yields_of(&self, function: FuncId) -> impl Iterator<Item = &Return<'a>> {
        let mut at = self.functions[function as usize].first_yield;
        std::iter::from_fn(move || {
            let found = self.yields.get(at as usize)?;
            at = found.next;
            Some(found)
        })
    }
}
