//! `cargo xtask corpus`: scans well-known packages and compares what is found with what was accepted.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{
    demo::release,
    shell::{heading, program, read, read_file, root, step},
};

mod counts;
mod explained;
mod install;
pub(crate) mod powerful;

pub(crate) use install::{install, install_pinned, packages};

/// Options of `cargo xtask corpus`.
#[derive(clap::Args, Default)]
pub(crate) struct Args {
    /// Accept counts that fell, and those that rose if they are named: a rule, a verdict, a capability, …
    #[arg(long, value_name = "NAME", num_args = 0..)]
    pub(crate) accept: Option<Vec<String>>,
    /// Use this program instead of building the released one
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) importguard: Option<PathBuf>,
}

/// A list of packages that are known to be benign, and how much may be said against them.
struct List {
    /// In the file of explanations.
    name: &'static str,
    about: &'static str,
    counts: &'static str,
    /// No more than this share may be called `block`.
    block: f64,
    /// Less than this share may be called `review`.
    review: f64,
    /// The effect of no more than this share may be unknown.
    unknown: f64,
}

const POPULAR: List = List {
    name: "popular",
    about: "popular packages",
    counts: "counts.json",
    block: 0.005,
    review: 0.03,
    unknown: 0.1,
};

const POWERFUL: List = List {
    name: "powerful",
    about: "packages that do frightening things for good reasons",
    counts: "powerful-counts.json",
    block: 0.0,
    review: 0.1,
    // Tarballs are scanned without what they import.
    unknown: 1.0,
};

/// Scans and compares.
pub(crate) fn corpus(args: &Args) -> Result<()> {
    let popular = install()?;
    let powerful = powerful::install()?;
    heading("Corpus");
    let importguard = match &args.importguard {
        Some(path) => path.clone(),
        None => release()?,
    };
    let results = [
        check(&POPULAR, &scan(&importguard, &[popular])?, args),
        check(&POWERFUL, &scan(&importguard, &powerful)?, args),
    ];
    let errors: Vec<String> = results
        .into_iter()
        .filter_map(|result| result.err().map(|e| format!("{e:#}")))
        .collect();
    if !errors.is_empty() {
        bail!("{}", errors.join("\n"));
    }
    Ok(())
}

fn scan(importguard: &Path, paths: &[PathBuf]) -> Result<Vec<Value>> {
    let scan = ["scan", "--format", "json", "--fail-on", "never"];
    let report = read(program(importguard).args(scan).args(paths))?;
    match serde_json::from_str::<Value>(&report).context("cannot read the report")?["packages"].take() {
        Value::Array(packages) => Ok(packages),
        _ => bail!("the report has no packages"),
    }
}

/// All that is wrong with what was said of a list is told at once.
fn check(of: &List, packages: &[Value], args: &Args) -> Result<()> {
    heading(&format!("{} {}", packages.len(), of.about));
    let with = |verdict: &str| packages.iter().filter(|package| package["verdict"] == verdict).count();
    let effects = packages.iter().filter(|package| package["effect"]["kind"] == "unknown");
    let mut errors = Vec::new();
    let unknown = effects.count();
    let limits = [
        ("are called `block`", with("block"), of.block, false),
        ("are called `review`", with("review"), of.review, true),
        ("have an unknown effect", unknown, of.unknown, false),
    ];
    for (what, count, limit, below) in limits {
        let share = share(count, packages.len());
        step(&format!("{count} {what} ({:.2} %)", share * 100.0));
        if share > limit || (below && share >= limit) {
            let line = format!("{count} of {} {} {what}", packages.len(), of.about);
            errors.push(format!("{line}; the limit is {:.1} %", limit * 100.0));
        }
    }
    for (reason, names) in unknown_reasons(packages) {
        let shown: Vec<&str> = names.iter().copied().take(4).collect();
        let more = if names.len() > shown.len() { ", …" } else { "" };
        step(&format!("  {:>3}  {reason}: {}{more}", names.len(), shown.join(", ")));
    }
    let folder = root().join("tests/corpus");
    let reasons = read_file(&folder.join("explained.json"))?;
    errors.extend(explained::wrong(of.name, &serde_json::from_str(&reasons)?, packages));
    let compared = counts::compare(
        &folder.join(of.counts),
        &counts::counts(packages),
        args.accept.as_deref(),
    );
    errors.extend(compared.err().map(|error| format!("{error:#}")));
    if !errors.is_empty() {
        bail!("{}", errors.join("\n"));
    }
    Ok(())
}

/// Why effects are unknown: the kind of reason, names left out, and the packages that have it, the most frequent first.
fn unknown_reasons(packages: &[Value]) -> Vec<(String, BTreeSet<&str>)> {
    let mut reasons: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for package in packages.iter().filter(|package| package["effect"]["kind"] == "unknown") {
        for reason in list(&package["effect"]["reasons"]) {
            let message = text(&reason["message"]);
            // What stands between backquotes is a name.
            let kind: String = message.split('`').step_by(2).collect::<Vec<_>>().join("`…`");
            reasons.entry(kind).or_default().extend(package["name"].as_str());
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    reasons
}

#[expect(
    clippy::cast_precision_loss,
    reason = "there are thousands of packages, not quadrillions"
)]
fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
