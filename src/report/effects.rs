//! The answer to "what does `import { x } from 'pkg'` do?".

use serde::{Deserialize, Serialize};

use super::{SCHEMA_VERSION, Tool};
use crate::graph::{Effect, Linker};

/// What each export of a package reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct EffectsReport {
    /// Always 1 for this shape; fields may be added, never renamed.
    pub schema_version: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// Name from the manifest; empty if it has none.
    pub name: String,
    /// Version from the manifest; empty if it has none.
    pub version: String,
    /// Where the host found it.
    pub path: String,
    /// The effect of the whole package: whatever is imported or called of it, and installing it.
    pub effect: Effect,
    /// What merely importing each subpath does, and each of its exports; importing is part of every export's effect.
    pub subpaths: Vec<SubpathEffects>,
}

/// The effects of one subpath by which a package can be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SubpathEffects {
    /// The subpath as `exports` writes it: `.`, `./x`.
    pub subpath: String,
    /// What importing it does, nothing of it being used.
    pub import: Effect,
    /// Its exports, by name.
    pub exports: Vec<ExportEffect>,
    /// Whether it may export more than is listed.
    pub open: bool,
}

/// The effect of importing and using one export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct ExportEffect {
    /// The exported name; `*` for whatever is exported.
    pub name: String,
    /// What importing it and using it in any way does.
    pub effect: Effect,
}

impl Linker<'_> {
    /// What the exports of a package reach: of all its subpaths, or of one; `None` if it does not have that one.
    pub fn report(&mut self, package: usize, path: &str, subpath: Option<&str>) -> Option<EffectsReport> {
        let surface = self.surface(package)?;
        let wanted = subpath.map_or_else(|| surface.subpaths(), |one| vec![one.to_owned()]);
        let mut subpaths = Vec::with_capacity(wanted.len());
        for subpath in wanted {
            let import = self.export(package, &subpath, "")?;
            let (mut names, open) = self.names(package, &subpath);
            if names.is_empty() && open {
                names.push("*".to_owned());
            }
            let mut exports = Vec::with_capacity(names.len());
            for name in names {
                let effect = self.export(package, &subpath, &name)?;
                exports.push(ExportEffect { name, effect });
            }
            subpaths.push(SubpathEffects {
                subpath,
                import,
                exports,
                open,
            });
        }
        Some(EffectsReport {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            name: surface.name.clone(),
            version: surface.version.clone(),
            path: path.to_owned(),
            effect: self.package(package),
            subpaths,
        })
    }
}
