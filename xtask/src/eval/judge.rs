//! What the program says of each case.

use std::{
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::cases::Case;
use crate::shell::program;

/// The verdict on a package, from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Verdict {
    #[default]
    Pass,
    Review,
    Block,
}

impl Verdict {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}

/// What was said of one case.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// The findings as the report has them, strongest first.
    pub(super) findings: Vec<Value>,
    pub(super) capabilities: Vec<String>,
    /// Why it could not be scanned.
    pub(super) error: Option<String>,
}

/// Scans each case by itself, so that no case changes what is said of another; in the order of the cases.
pub(super) fn all(importguard: &Path, cases: &[Case]) -> Result<Vec<Judged>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut out = Vec::new();
        while let Some((index, case)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            cases.get(index).map(|case| (index, case))
        } {
            out.push((index, one(importguard, case)));
        }
        out
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut judged = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut judged = Vec::new();
        for handle in handles {
            judged.extend(handle.join().ok().context("a thread ended early")?);
        }
        Ok::<_, anyhow::Error>(judged)
    })?;
    judged.sort_by_key(|(index, _)| *index);
    Ok(judged.into_iter().map(|(_, judged)| judged).collect())
}

fn one(importguard: &Path, case: &Case) -> Judged {
    scan(importguard, &case.path).unwrap_or_else(|error| Judged {
        error: Some(format!("{error:#}")),
        ..Judged::default()
    })
}

/// Everything below the path is part of the case: the strongest verdict counts.
fn scan(importguard: &Path, path: &Path) -> Result<Judged> {
    let mut command = program(importguard);
    command
        .args([
            "scan",
            "--format",
            "json",
            "--fail-on",
            "never",
            "--include-root",
            "--jobs",
            "1",
        ])
        .arg(path)
        .stdin(Stdio::null());
    let output = command.output().context("cannot run the program")?;
    let said = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    anyhow::ensure!(output.status.success(), "{} ({})", said(), output.status);
    let report: Value = serde_json::from_slice(&output.stdout).context("cannot read the report")?;
    let mut judged = Judged::default();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for package in list(&report["packages"]) {
        let verdict = match package["verdict"].as_str() {
            Some("pass") => Verdict::Pass,
            Some("review") => Verdict::Review,
            Some("block") => Verdict::Block,
            other => anyhow::bail!("unknown verdict {other:?}"),
        };
        judged.verdict = judged.verdict.max(verdict);
        judged.findings.extend(list(&package["findings"]));
        let names = list(&package["capabilities"]);
        let names = names.iter().filter_map(|used| used["capability"].as_str());
        judged.capabilities.extend(names.map(str::to_owned));
    }
    judged.findings.sort_by_key(|finding| {
        let rank = |value: &Value, names: &[&str]| names.iter().position(|name| value == name);
        (
            rank(&finding["severity"], &["critical", "high", "medium", "low", "info"]),
            rank(&finding["confidence"], &["high", "medium", "low"]),
        )
    });
    judged.capabilities.sort();
    judged.capabilities.dedup();
    Ok(judged)
}
