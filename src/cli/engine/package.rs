//! One package: its files in parallel, then the report, then its text.

use std::collections::{BTreeMap, BTreeSet};

use importguard::{
    facts::How,
    graph::Surface,
    report::{
        Collected, Effect, EffectKind, Issue, IssueKind, Options, PackageReport, Stats, Verdict, both, text, try_both,
    },
};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Scanned, content::Opened, guard::guarded};
use crate::{discover::Target, progress::Progress};

/// Scans one package. Never fails: what goes wrong is among the report's issues.
pub(super) fn scan(target: &Target, options: &Options, progress: &Progress) -> Scanned {
    let opened = Opened::new(target);
    progress.more(opened.len().saturating_sub(target.source.files()));
    let mut collected = collect(target, &opened, progress);
    let (mut report, surface) = report(&mut collected, &opened, options);
    if opened.single {
        // A file on its own has no manifest to miss.
        report
            .issues
            .retain(|issue| issue.kind != IssueKind::Manifest || !issue.file.is_empty());
    }
    Scanned { report, surface }
}

/// A package's findings with excerpts.
pub(super) fn text(target: &Target, report: &PackageReport, look: &text::Look) -> String {
    let shown = text::files_shown(report);
    let mut sources = text::Sources::new();
    if !shown.is_empty() {
        let opened = Opened::new(target);
        for index in 0..opened.len() {
            if let Some(file) = shown.get(opened.name(index).as_str()).copied()
                && let Some(bytes) = opened.bytes(index)
            {
                sources.insert(file, bytes.into_owned().into());
            }
        }
    }
    guarded(|| text::package(report, &sources, look)).unwrap_or_default()
}

fn collect(target: &Target, opened: &Opened<'_>, progress: &Progress) -> Collected {
    let read = |index| {
        let facts = opened.collect(index, opened.how);
        progress.step();
        facts
    };
    let results: Vec<_> = (0..opened.len()).into_par_iter().map(read).collect();
    let mut collected = Collected {
        path: target.path.clone(),
        integrity: opened.integrity.clone(),
        files: Vec::with_capacity(results.len()),
        release: target.release.clone(),
        issues: opened.issues.clone(),
        twins: Vec::new(),
    };
    for result in results {
        match result {
            Ok(file) => collected.files.push(file),
            Err(issue) => collected.issues.push(issue),
        }
    }
    if let Ok(names) = crate::name::list() {
        collected.look_up(names);
    }
    collected
}

/// The report; what an import or a script names is read again as code first, and that code may name more.
fn report(collected: &mut Collected, opened: &Opened<'_>, options: &Options) -> (PackageReport, Surface) {
    if collected.files.is_empty() && !collected.issues.is_empty() {
        return unseen(collected, collected.issues.clone());
    }
    let mut asked = BTreeSet::new();
    let message = loop {
        let mut wanted = match guarded(|| try_both(collected, options)) {
            Ok(Ok(both)) => return both,
            Ok(Err(wanted)) => wanted,
            Err(message) => break message,
        };
        wanted.retain(|name| opened.how == How::ByName && asked.insert(name.clone()));
        if wanted.is_empty() {
            match guarded(|| both(collected, options)) {
                Ok(both) => return both,
                Err(message) => break message,
            }
        }
        read_as_code(collected, opened, &wanted);
    };
    let mut issues = collected.issues.clone();
    let (kind, file) = (IssueKind::Crashed, String::new());
    issues.push(Issue { kind, file, message });
    unseen(collected, issues)
}

fn read_as_code(collected: &mut Collected, opened: &Opened<'_>, names: &[String]) {
    let places: BTreeMap<String, usize> = (0..opened.len()).map(|index| (opened.name(index), index)).collect();
    let indices: Vec<_> = names.iter().filter_map(|name| places.get(name).copied()).collect();
    let again: Vec<_> = indices
        .into_par_iter()
        .map(|index| opened.collect(index, How::AsCode))
        .collect();
    for result in again {
        match result {
            Ok((name, facts)) => match collected.files.iter_mut().find(|(other, _)| *other == name) {
                Some((_, before)) => *before = facts,
                None => collected.files.push((name, facts)),
            },
            Err(issue) if collected.issues.contains(&issue) => {}
            Err(issue) => collected.issues.push(issue),
        }
    }
}

/// The report of a package that nothing is known of but why.
fn unseen(collected: &Collected, issues: Vec<Issue>) -> (PackageReport, Surface) {
    let surface = Surface::unseen(&issues);
    let report = PackageReport {
        name: String::new(),
        version: String::new(),
        path: collected.path.clone(),
        integrity: collected.integrity.clone(),
        verdict: Verdict::Review,
        effect: Effect {
            kind: EffectKind::Unknown,
            reasons: Vec::new(),
        },
        capabilities: Vec::new(),
        findings: Vec::new(),
        entry_points: Vec::new(),
        issues,
        stats: Stats {
            files: collected.files.len() as u32,
            bytes: collected.files.iter().map(|(_, facts)| facts.bytes).sum(),
            ..Stats::default()
        },
    };
    (report, surface)
}
