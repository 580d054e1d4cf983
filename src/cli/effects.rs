//! `importguard effects PKG[#EXPORT]`: what an import does, through its dependencies.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use importguard::{
    facts::package_name,
    package::manifest::Manifest,
    report::{
        EffectKind, EffectsReport,
        text::{self, Detail, Look},
    },
};

use super::{
    args::{Effects, ListFormat},
    discover::{self, Source, Target},
    engine::{self, resolve},
    output::Output,
};

/// Runs the command.
pub(crate) fn run(args: &Effects) -> anyhow::Result<ExitCode> {
    let (specifier, export) = match args.package.rsplit_once('#') {
        Some((specifier, export)) if !specifier.is_empty() => (specifier, Some(export)),
        _ => (args.package.as_str(), None),
    };
    let (target, subpath) = find(specifier)?;
    let mut report = engine::effects_of(&target, subpath.as_deref())?
        .with_context(|| format!("`{specifier}` cannot be imported: the package has no such subpath"))?;
    if let Some(export) = export {
        choose(&mut report, specifier, export)?;
    }
    let mut output = Output::open(None)?;
    match args.format {
        ListFormat::Json => {
            let mut bytes = serde_json::to_vec_pretty(&report)?;
            bytes.push(b'\n');
            output.write(&bytes)?;
        }
        ListFormat::Text => {
            let detail = if args.verbose { Detail::Verbose } else { Detail::Usual };
            let look = Look {
                detail,
                ..output.look()
            };
            output.write(text::effects(&report, &look).as_bytes())?;
        }
    }
    output.flush()?;
    let mut asked = report.subpaths.iter().flat_map(|subpath| {
        let exports = subpath.exports.iter().map(|export| &export.effect);
        exports.chain([&subpath.import])
    });
    let proved = asked.all(|effect| effect.kind == EffectKind::Pure);
    Ok(if args.pure && !proved {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Cuts the report down to one export.
fn choose(report: &mut EffectsReport, specifier: &str, export: &str) -> anyhow::Result<()> {
    let mut known: Vec<String> = Vec::new();
    for subpath in &mut report.subpaths {
        known.extend(subpath.exports.iter().map(|export| export.name.clone()));
        subpath.exports.retain(|one| one.name == export);
    }
    report.subpaths.retain(|subpath| !subpath.exports.is_empty());
    if report.subpaths.is_empty() {
        let near = known
            .iter()
            .map(|name| (strsim::jaro_winkler(name, export), name))
            .filter(|(alike, _)| *alike > 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match near {
            Some((_, name)) => bail!("`{specifier}` exports no `{export}`; did you mean `{name}`?"),
            None => {
                bail!("`{specifier}` exports no `{export}`; `importguard effects {specifier}` lists what it exports")
            }
        }
    }
    Ok(())
}

/// The package that a specifier or path means, and the subpath.
fn find(specifier: &str) -> anyhow::Result<(Target, Option<String>)> {
    let path = Path::new(specifier);
    let is_path =
        specifier.starts_with(['.', '/']) || path.is_absolute() || discover::is_archive_name(path.as_os_str());
    if is_path {
        let real = path
            .canonicalize()
            .with_context(|| format!("cannot read `{specifier}`"))?;
        return Ok((at(&real, specifier)?, None));
    }
    let (name, rest) = package_name(specifier).with_context(|| format!("`{specifier}` names no package"))?;
    let here = env::current_dir().context("cannot tell the current folder")?;
    let folder = resolve(&here, name).or_else(|| own(&here, name)).with_context(|| {
        format!("`{name}` is not installed here; give the path of its folder or tarball, such as ./{name}")
    })?;
    let subpath = (!rest.is_empty()).then(|| format!("./{rest}"));
    Ok((at(&folder, specifier)?, subpath))
}

/// The folder that the user stands in, or one around it, if it is the package itself.
fn own(here: &Path, name: &str) -> Option<PathBuf> {
    let is_it =
        |dir: &&Path| fs::read(dir.join("package.json")).is_ok_and(|bytes| Manifest::read(&bytes).0.name == name);
    here.ancestors().find(is_it).map(Path::to_owned)
}

fn at(real: &Path, specifier: &str) -> anyhow::Result<Target> {
    if real.is_dir() {
        return discover::installed_package(real).with_context(|| format!("nothing to read in `{specifier}`"));
    }
    if !discover::is_archive_name(real.file_name().unwrap_or_default()) {
        bail!("`{specifier}` is neither a folder nor a tarball");
    }
    Ok(Target {
        path: specifier.to_owned(),
        source: Source::Archive(real.to_owned()),
        named: true,
        issues: Vec::new(),
        release: None,
    })
}
