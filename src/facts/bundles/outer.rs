//! The bundle around code in a string: the modules that `eval('…')` in a module of a bundle may load.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_atoms::Atom;

use super::{Bundled, Bundles, Outside};
use crate::facts::{
    evaluate::{Analysis, module_value},
    model::ScopeId,
    value::Value,
};

/// The number of the map that stands for the modules of the bundle around.
pub(super) const OUTER: u32 = u32::MAX;

/// What evaluated code sees of the bundle that it is evaluated in.
#[derive(Debug, Default)]
pub(in crate::facts) struct Outer {
    /// The names that the module's function gives it.
    names: FxHashSet<Box<str>>,
    /// The one among them that loads modules.
    loader: Box<str>,
    /// The modules that are only others from outside, by id: an API's path, or a specifier.
    modules: Outside,
}

impl<'a> Bundles<'a> {
    /// Lets this code see the bundle around it.
    pub(in crate::facts) fn within(outer: Option<Rc<Outer>>) -> Self {
        Self {
            outer,
            ..Self::default()
        }
    }

    /// Whether a name means something because of the bundle around.
    pub(in crate::facts) fn is_outer(&self, name: &str) -> bool {
        self.outer.as_ref().is_some_and(|outer| outer.names.contains(name))
    }

    /// The value of a name that the bundle around gives.
    pub(in crate::facts) fn outer_name(&self, name: &str) -> Option<Value<'a>> {
        let outer = self.outer.as_ref()?;
        (*outer.loader == *name).then_some(Value::Bundled(Bundled::Loader(OUTER, None)))
    }

    /// What loading a module of the bundle around gives.
    pub(super) fn outer_module(&self, id: &str) -> Option<Value<'a>> {
        let (is_api, path) = self.outer.as_ref()?.modules.get(id)?;
        Some(if *is_api { Value::api(path) } else { module_value(path) })
    }
}

impl<'a> Analysis<'a> {
    /// What code evaluated in a scope sees of the bundle.
    pub(in crate::facts) fn outer_of(&mut self, scope: ScopeId) -> Option<Rc<Outer>> {
        if self.bundles.is_empty() {
            return self.bundles.outer.clone();
        }
        let function = self.model.function_of(scope);
        let number = *self.bundles.by_function.get(&function)?;
        let map = self.bundles.modules[number as usize].map;
        let names = (0..8u16).flat_map(|index| self.parameter_names(function, index));
        let names: Vec<&'a Atom> = names.collect();
        let loader = (0u16..).zip(&names).find(|(index, _)| {
            let given = self.bundles.given.get(&(function, u32::from(*index)));
            matches!(given, Some(Value::Bundled(Bundled::Loader(..))))
        });
        let loader = loader.map(|(_, name)| &***name).unwrap_or_default().into();
        Some(Rc::new(Outer {
            names: names.into_iter().map(|name| (**name).into()).collect(),
            loader,
            modules: self.outside(map),
        }))
    }

    /// The modules of a map that only stand for others from outside.
    fn outside(&mut self, map: u32) -> Outside {
        if let Some((known, found)) = &self.bundles.outside
            && *known == map
        {
            return found.clone();
        }
        let mut out = FxHashMap::default();
        for number in 0..self.bundles.modules.len() as u32 {
            if self.bundles.modules[number as usize].map != map {
                continue;
            }
            let id = Box::from(&*self.bundles.modules[number as usize].id);
            match self.exported(number) {
                Value::Api(path) => out.insert(id, (true, (*path).into())),
                Value::Module(specifier, path) if path.is_empty() => out.insert(id, (false, (*specifier).into())),
                _ => None,
            };
        }
        let out = Rc::new(out);
        self.bundles.outside = Some((map, out.clone()));
        out
    }

    /// The maps with modules that are code in a string.
    pub(super) fn evaluating_maps(&self) -> FxHashSet<u32> {
        let evals = self.uses.iter().filter(|found| &*found.path == "eval");
        evals
            .filter_map(|found| self.bundles.by_function.get(&self.model.function_of(found.scope)))
            .map(|number| self.bundles.modules[*number as usize].map)
            .collect()
    }
}
