//! By what names other modules may know what a module declares.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_ecma_ast::Expr;

use super::{Exported, Model};
use crate::facts::{collect::function_start, ways::plain_key};

/// Worked out when first asked for.
#[derive(Default)]
pub(in crate::facts) struct Outside<'a>(OnceCell<Names<'a>>);

/// Names outside; none for a default export, or for all that the module exports.
#[derive(Default)]
struct Names<'a> {
    /// By the name inside.
    by_name: FxHashMap<&'a str, Vec<&'a str>>,
    /// By where a function starts.
    by_start: FxHashMap<u32, &'a str>,
    /// The names inside that `export` gives others.
    exported: FxHashSet<&'a str>,
}

impl<'a> Model<'a> {
    /// Whether `export` gives a name of the module's top level to others.
    pub(in crate::facts) fn exports_name(&self, text: &str) -> bool {
        !self.exports.is_empty() && self.names_outside().exported.contains(text)
    }

    /// The names outside of what a name holds.
    pub(in crate::facts) fn outside(&self, text: &str) -> &[&'a str] {
        self.names_outside().by_name.get(text).map_or(&[], Vec::as_slice)
    }

    /// The name outside of a function that is exported where it stands.
    pub(in crate::facts) fn outside_at(&self, start: u32) -> Option<&'a str> {
        self.names_outside().by_start.get(&start).copied()
    }

    fn names_outside(&self) -> &Names<'a> {
        self.outside.0.get_or_init(|| {
            let mut names = Names::default();
            let mut add = |value: &'a Expr, name: &'a str| {
                if let Expr::Ident(ident) = value {
                    names.by_name.entry(&ident.sym).or_default().push(name);
                }
            };
            for write in &self.member_writes {
                let key = plain_key(&write.target.prop).filter(|key| *key != "exports");
                add(write.value, key.unwrap_or_default());
            }
            for (name, value) in &self.kept_as {
                add(value, name.unwrap_or_default());
            }
            for export in &self.exports {
                let name = if export.name == "default" { "" } else { export.name };
                match export.value {
                    Exported::Local(local) => {
                        names.exported.insert(local);
                        names.by_name.entry(local).or_default().push(name);
                    }
                    Exported::Function(function) => {
                        let function = &self.functions[function as usize];
                        names.by_start.insert(function.start, name);
                        names.exported.extend(function.name);
                    }
                    Exported::Expr(Expr::Ident(ident)) => {
                        names.exported.insert(&ident.sym);
                        names.by_name.entry(&ident.sym).or_default().push(name);
                    }
                    Exported::Expr(expr) => {
                        names.by_start.extend(function_start(expr).map(|start| (start, name)));
                    }
                    Exported::Class(_) | Exported::From(..) => {}
                }
            }
            names
        })
    }
}
