//! All packages together: those without findings, what was not seen, and the sums.

use std::{cmp::Reverse, collections::BTreeMap, fmt::Write};

use super::{
    Look,
    clean::{one_line, width},
    label,
    numbers::{megabytes, plural, thousands},
    package::{power_name, powers},
    paint::{Paint, wrap},
    severity_name,
};
use crate::report::{EffectKind, IssueKind, PackageReport, Reach, Report, Severity, Verdict};

/// Up to so many packages without findings get a line each.
const LISTED: usize = 20;

/// Up to so many packages are named again after the sums.
const NAMED: usize = 15;

/// Up to so many blind spots are listed.
const BLIND_SPOTS: usize = 12;

/// What follows the packages with findings.
pub fn overview(report: &Report, look: &Look) -> String {
    let paint = Paint::new(look.color);
    let mut out = String::new();
    let quiet: Vec<_> = report
        .packages
        .iter()
        .filter(|package| package.findings.is_empty())
        .collect();
    if !look.is_quiet() && !look.is_verbose() && !quiet.is_empty() {
        if quiet.len() <= LISTED {
            each(&quiet, look, paint, &mut out);
        } else {
            by_power(&quiet, look, paint, &mut out);
        }
        out.push('\n');
    }
    blind_spots(report, look, paint, &mut out);
    summary(report, paint, &mut out);
    to_read(report, look, paint, &mut out);
    hint(report, look, paint, &mut out);
    out
}

fn each(packages: &[&PackageReport], look: &Look, paint: Paint, out: &mut String) {
    out.push_str(&paint.heading("without findings"));
    out.push('\n');
    let names: Vec<_> = packages.iter().map(|package| label(package)).collect();
    let widest = names
        .iter()
        .map(|name| width(name))
        .max()
        .unwrap_or(0)
        .min(look.width / 2);
    for (package, name) in packages.iter().zip(&names) {
        let room = look.width.saturating_sub(widest + 4).max(20);
        for (index, line) in wrap(&powers(package), room).iter().enumerate() {
            let name = if index == 0 { name.as_str() } else { "" };
            let blank = " ".repeat(widest.saturating_sub(width(name)));
            let line = if line == "pure" { paint.good(line) } else { line.clone() };
            let _ = writeln!(out, "  {name}{blank}  {line}");
        }
    }
}

/// Which powers so many packages have, with a few names each.
fn by_power(packages: &[&PackageReport], look: &Look, paint: Paint, out: &mut String) {
    let mut pure = Vec::new();
    let mut unknown = Vec::new();
    let mut having: BTreeMap<_, Vec<&PackageReport>> = BTreeMap::new();
    for package in packages {
        match package.effect.kind {
            EffectKind::Pure => pure.push(*package),
            EffectKind::Unknown => unknown.push(*package),
            EffectKind::Effects => {}
        }
        let reached = package
            .capabilities
            .iter()
            .filter(|used| used.reach != Reach::Unreached);
        let mut powers: Vec<_> = reached.map(|used| used.capability).collect();
        powers.sort();
        powers.dedup();
        for power in powers {
            having.entry(power).or_default().push(package);
        }
    }
    let mut rows = vec![("pure".to_owned(), pure), ("effect unknown".to_owned(), unknown)];
    rows.extend(
        having
            .into_iter()
            .map(|(power, packages)| (power_name(power), packages)),
    );
    let heading = format!("{} packages without findings", thousands(packages.len() as u64));
    let _ = writeln!(
        out,
        "{}  {}",
        paint.heading(&heading),
        paint.dim("(--verbose lists each)")
    );
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, having) in rows.iter().filter(|(_, having)| !having.is_empty()) {
        let count = thousands(having.len() as u64);
        let examples = examples(having, look.width.saturating_sub(widest + 12));
        let padded = format!("{name:<widest$}");
        let padded = if name == "pure" {
            paint.good(&padded)
        } else {
            paint.code(&padded)
        };
        let _ = writeln!(out, "  {padded}  {count:>6}  {}", paint.dim(&examples));
    }
}

/// As many names as fit on a line.
fn examples(packages: &[&PackageReport], room: usize) -> String {
    let mut out = String::new();
    let mut names: Vec<_> = packages
        .iter()
        .map(|package| match package.name.as_str() {
            "" => label(package),
            name => one_line(name),
        })
        .collect();
    names.dedup();
    for (index, name) in names.iter().enumerate() {
        if width(&out) + width(name) + 5 > room {
            return if index == 0 { String::new() } else { out + ", …" };
        }
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
    }
    out
}

fn blind_spots(report: &Report, look: &Look, paint: Paint, out: &mut String) {
    let all: Vec<_> = report
        .packages
        .iter()
        .flat_map(|package| package.issues.iter().map(move |issue| (package, issue)))
        .collect();
    if all.is_empty() || look.is_quiet() {
        return;
    }
    let heading = format!("{} not fully analysed", plural(all.len() as u64, "place"));
    let _ = writeln!(out, "{}", paint.heading(&heading));
    let shown = if look.is_verbose() { all.len() } else { BLIND_SPOTS };
    for (package, issue) in all.iter().take(shown) {
        let file = one_line(&issue.file);
        let name = label(package);
        let place = if file.is_empty() {
            name
        } else {
            format!("{name} {file}")
        };
        let text = format!("{place}: {}", one_line(&issue.message));
        for (index, line) in wrap(&text, look.width.saturating_sub(4).max(20)).iter().enumerate() {
            let _ = writeln!(out, "  {}{line}", if index == 0 { "" } else { "  " });
        }
    }
    if all.len() > shown {
        let mut kinds: BTreeMap<IssueKind, u64> = BTreeMap::new();
        for (_, issue) in &all[shown..] {
            *kinds.entry(issue.kind).or_default() += 1;
        }
        let kinds: Vec<_> = kinds
            .iter()
            .map(|(kind, count)| format!("{count} {}", issue_name(*kind)))
            .collect();
        let more = format!(
            "… and {} more ({}); --verbose lists them",
            all.len() - shown,
            kinds.join(", ")
        );
        let _ = writeln!(out, "  {}", paint.dim(&more));
    }
    out.push('\n');
}

fn issue_name(kind: IssueKind) -> String {
    serde_json::to_value(kind)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn summary(report: &Report, paint: Paint, out: &mut String) {
    let sums = &report.summary;
    let count = |number: u32, word: &str, severity| {
        let text = format!("{} {word}", thousands(u64::from(number)));
        match severity {
            Some(severity) if number > 0 => paint.severity(severity, &text),
            None if number > 0 => paint.good(&text),
            _ => text,
        }
    };
    let verdicts = [
        count(sums.block, "block", Some(Severity::Critical)),
        count(sums.review, "review", Some(Severity::Medium)),
        count(sums.pass, "pass", None),
    ];
    let mut severities: BTreeMap<Severity, u32> = BTreeMap::new();
    let mut suppressed = 0;
    for finding in report.packages.iter().flat_map(|package| &package.findings) {
        if finding.suppressed.is_some() {
            suppressed += 1;
        } else {
            *severities.entry(finding.severity).or_default() += 1;
        }
    }
    let total: u32 = severities.values().sum();
    let mut findings: Vec<_> = severities
        .iter()
        .rev()
        .map(|(severity, number)| count(*number, severity_name(*severity), Some(*severity)))
        .collect();
    if suppressed > 0 {
        findings.push(format!("{suppressed} suppressed"));
    }
    let blind: usize = report.packages.iter().map(|package| package.issues.len()).sum();
    let mut size = vec![megabytes(sums.bytes)];
    if blind > 0 {
        size.push(format!("{} not fully analysed", plural(blind as u64, "place")));
    }
    let rows = [
        ("packages", u64::from(sums.packages), verdicts.join(" · ")),
        ("findings", u64::from(total), findings.join(" · ")),
        ("files", u64::from(sums.files), size.join(" · ")),
    ];
    let widest = rows
        .iter()
        .map(|(_, number, _)| thousands(*number).len())
        .max()
        .unwrap_or(0);
    for (name, number, details) in rows {
        let line = format!(
            "{}  {:>widest$}   {details}",
            paint.bold(&format!("{name:<8}")),
            thousands(number)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// How to learn more of the rule that matters most.
fn hint(report: &Report, look: &Look, paint: Paint, out: &mut String) {
    let findings = report.packages.iter().flat_map(|package| &package.findings);
    let weighing = findings.filter(|finding| finding.suppressed.is_none());
    // The first of the strongest: `max_by_key` would give the last.
    let strongest = weighing.min_by_key(|finding| Reverse(finding.severity));
    if let (Some(finding), false) = (strongest, look.is_quiet()) {
        let command = format!("importguard explain {}", one_line(&finding.rule));
        let _ = writeln!(out, "\n{} {}", paint.dim("what it means:"), paint.code(&command));
    }
}

/// The packages a person must look at, once more by name, where the eye is at the end.
fn to_read(report: &Report, look: &Look, paint: Paint, out: &mut String) {
    if report.packages.len() < 2 {
        return;
    }
    for (verdict, word, severity) in [
        (Verdict::Block, "block", Severity::Critical),
        (Verdict::Review, "review", Severity::Medium),
    ] {
        let having = report.packages.iter().filter(|package| package.verdict == verdict);
        let mut names: Vec<_> = having.map(label).collect();
        let more = names.len().saturating_sub(NAMED);
        if more > 0 && !look.is_verbose() {
            names.truncate(NAMED);
            names.push(format!("… and {more} more"));
        }
        let lines = wrap(&names.join(", "), look.width.saturating_sub(10).max(20));
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let word = if index == 0 { word } else { "" };
            let word = paint.severity(severity, &format!("{word:<8}"));
            let _ = writeln!(out, "{word}  {line}");
        }
    }
}
