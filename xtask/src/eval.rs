//! `cargo xtask eval`: labelled packages, the verdicts on them, and how good those are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{
    corpus,
    demo::release,
    shell::{heading, root, step, write_file},
};

mod cases;
mod judge;
mod score;
mod show;

use cases::{Case, Label};

/// Options of `cargo xtask eval`.
#[derive(clap::Args)]
#[command(after_help = "\
cases.jsonl has one JSON object a line:
  id         names the case; no two the same
  label      malicious or benign
  path       a package folder or a .tgz, relative to DIR
  expected   optional: rules and capabilities that the report should have
  technique  optional: groups the recall; without it the expected rules do

tests/packages is such a folder.")]
pub(crate) struct Args {
    /// Folders with a cases.jsonl
    #[arg(value_name = "DIR", required_unless_present = "corpus")]
    folders: Vec<PathBuf>,
    /// Also the packages of tests/corpus, as benign ones
    #[arg(long)]
    corpus: bool,
    /// Where the figures are written as JSON
    #[arg(short, long, value_name = "FILE", default_value = "target/eval.json")]
    output: PathBuf,
    /// Use this program instead of building the released one
    #[arg(long, value_name = "PROGRAM")]
    importguard: Option<PathBuf>,
}

/// Scans every case and tells how the verdicts compare with the labels.
pub(crate) fn eval(args: &Args) -> Result<()> {
    let mut cases = Vec::new();
    for folder in &args.folders {
        cases.extend(cases::read(folder)?);
    }
    if args.corpus {
        cases.extend(known_benign()?);
    }
    cases::check_ids(&cases)?;
    if cases.is_empty() {
        bail!("there is no case");
    }
    heading("Evaluation");
    let importguard = match &args.importguard {
        Some(program) => program
            .canonicalize()
            .with_context(|| format!("cannot find {}", program.display()))?,
        None => release()?,
    };
    step(&format!("{} cases", cases.len()));
    let judged = judge::all(&importguard, &cases)?;
    let figures = score::figures(&cases, &judged);
    show::print(&figures);
    let output = root().join(&args.output);
    write_file(&output, &(serde_json::to_string_pretty(&figures)? + "\n"))?;
    step(&format!("written to {}", args.output.display()));
    let unread = judged.iter().filter(|judged| judged.error.is_some()).count();
    if unread > 0 {
        bail!(
            "{unread} of {} cases could not be scanned; they count as passed",
            cases.len()
        );
    }
    Ok(())
}

/// The pinned packages, each of them a benign case.
fn known_benign() -> Result<Vec<Case>> {
    let mut paths = corpus::packages(&corpus::install()?)?;
    paths.extend(corpus::powerful::install()?);
    let case = |path: PathBuf| Case {
        id: format!("corpus {}", shown(&path)),
        label: Label::Benign,
        path,
        expected: Vec::new(),
        technique: None,
    };
    Ok(paths.into_iter().map(case).collect())
}

/// A path below the target folder, without what all have in common.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let name = text.rsplit_once("/target/").map_or(text.as_str(), |(_, inner)| inner);
    name.to_owned()
}
