//! Finding functions and what they return.

use super::{FuncId, Model, Return, ScopeId};

impl<'a> Model<'a> {
    /// Every value a function returns.
    pub(in crate::facts) fn returns_of(&self, function: FuncId) -> impl Iterator<Item = &Return<'a>> {
        let mut at = self.functions[function as usize].first_return;
        std::iter::from_fn(move || {
            let found = self.returns.get(at as usize)?;
            at = found.next;
            Some(found)
        })
    }

    /// The function that starts at an offset.
    pub(in crate::facts) fn function_at(&self, start: u32) -> Option<FuncId> {
        self.functions
            .binary_search_by_key(&start, |f| f.start)
            .ok()
            .map(|i| i as u32)
    }

    /// The function a scope belongs to.
    pub(in crate::facts) fn function_of(&self, scope: ScopeId) -> FuncId {
        self.scopes[scope as usize].function
    }
}
