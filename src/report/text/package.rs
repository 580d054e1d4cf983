//! One package: a header of what it is and can do, its findings, and on request each use of a power.

use std::{cmp::Reverse, collections::BTreeMap, fmt::Write};

use super::{
    Look, Sources,
    clean::{one_line, width},
    finding::finding,
    label,
    paint::{Paint, wrap},
    severity_name,
};
use crate::report::{Capability, CapabilityUse, EffectKind, Finding, PackageReport, Reach, Severity, Verdict};

/// Findings of one rule that are shown unless all are asked for.
const REPEATED: usize = 4;

/// The block for a package that has findings, or for any package when every one is asked for.
pub fn package(report: &PackageReport, sources: &Sources<'_>, look: &Look) -> String {
    if report.findings.is_empty() && !look.is_verbose() {
        return String::new();
    }
    let paint = Paint::new(look.color);
    let mut out = header(report, paint, look.width);
    for line in wrap(&powers(report), look.width - 2) {
        let _ = writeln!(out, "  {line}");
    }
    if look.is_verbose() {
        if let Some(reason) = report
            .effect
            .reasons
            .first()
            .filter(|_| report.effect.kind == EffectKind::Unknown)
        {
            let place = format!("{}:{}", reason.file, reason.range.start.line + 1);
            let text = format!("its effect cannot be told: {} ({place})", reason.message);
            for line in wrap(&one_line(&text), look.width - 2) {
                let _ = writeln!(out, "  {line}");
            }
        }
        uses(report, look, paint, &mut out);
    }
    findings(report, sources, look, &mut out);
    out.push('\n');
    out
}

/// Each finding; of a rule that says the same over and over, the first few.
fn findings(report: &PackageReport, sources: &Sources<'_>, look: &Look, out: &mut String) {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    let mut weak: BTreeMap<(Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    for found in &report.findings {
        if look.brief && !look.is_verbose() && found.severity < Severity::Medium {
            weak.entry((Reverse(found.severity), &found.rule))
                .or_default()
                .push(found);
            continue;
        }
        let count = said.entry(&found.rule).or_default();
        *count += 1;
        if *count <= REPEATED || look.is_verbose() {
            out.push('\n');
            out.push_str(&finding(found, sources, look));
        }
    }
    if !said.is_empty() && !weak.is_empty() {
        out.push('\n');
    }
    for found in weak.values() {
        brief(found, look, out);
    }
    if look.is_verbose() {
        return;
    }
    for (rule, count) in said.iter().filter(|(_, count)| **count > REPEATED) {
        let more = format!("… and {} more {rule}; --verbose shows them", count - REPEATED);
        let _ = writeln!(out, "\n{}", Paint::new(look.color).dim(&one_line(&more)));
    }
}

/// Findings of one rule in one line: the first, and how many more.
fn brief(found: &[&Finding], look: &Look, out: &mut String) {
    let Some(first) = found.first() else { return };
    let paint = Paint::new(look.color);
    let title = format!("{}[{}]", severity_name(first.severity), one_line(&first.rule));
    let (line, column) = (first.range.start.line + 1, first.range.start.character + 1);
    let more = match found.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let text = format!("{title}: {} ({}:{line}:{column}{more})", first.message, first.file);
    for (index, line) in wrap(&one_line(&text), look.width - 4).iter().enumerate() {
        let line = match line.strip_prefix(&title) {
            Some(rest) if index == 0 => paint.severity(first.severity, &title) + rest,
            _ => format!("  {line}"),
        };
        let _ = writeln!(out, "  {line}");
    }
}

fn header(report: &PackageReport, paint: Paint, columns: usize) -> String {
    let name = label(report);
    let (verdict, severity) = match report.verdict {
        Verdict::Block => ("block", Some(Severity::Critical)),
        Verdict::Review => ("review", Some(Severity::Medium)),
        Verdict::Pass => ("pass", None),
    };
    let path = one_line(&report.path);
    let fits = width(&name) + verdict.len() + width(&path) + 4 <= columns;
    let path = match path {
        path if path == name => String::new(),
        path if fits => format!("  {}", paint.dim(&path)),
        path => format!("\n  {}", paint.dim(&path)),
    };
    let verdict = severity.map_or_else(|| paint.good(verdict), |severity| paint.severity(severity, verdict));
    format!("{}  {verdict}{path}\n", paint.bold(&name))
}

/// What the package can do, by how the code is reached: `on import: network, env · when called: fs-read`.
pub(super) fn powers(report: &PackageReport) -> String {
    let mut strongest: BTreeMap<Capability, Reach> = BTreeMap::new();
    for used in &report.capabilities {
        let reach = strongest.entry(used.capability).or_insert(used.reach);
        *reach = (*reach).max(used.reach);
    }
    let mut parts = Vec::new();
    for (reach, words) in [
        (Reach::Install, "on install"),
        (Reach::Import, "on import"),
        (Reach::Call, "when called"),
        (Reach::Unreached, "unreached"),
    ] {
        let names: Vec<_> = strongest
            .iter()
            .filter(|(_, of)| **of == reach)
            .map(|(power, _)| power_name(*power))
            .collect();
        if !names.is_empty() {
            parts.push(format!("{words}: {}", names.join(", ")));
        }
    }
    match report.effect.kind {
        EffectKind::Pure => parts.insert(0, "pure".to_owned()),
        EffectKind::Unknown => parts.push("effect unknown".to_owned()),
        EffectKind::Effects => {}
    }
    parts.join(" · ")
}

/// The contract's name of a power.
pub(super) fn power_name(power: Capability) -> String {
    // The one spelling is the one of the JSON report.
    serde_json::to_value(power)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn uses(report: &PackageReport, look: &Look, paint: Paint, out: &mut String) {
    let names: Vec<_> = report
        .capabilities
        .iter()
        .map(|used| power_name(used.capability))
        .collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    for (used, name) in report.capabilities.iter().zip(&names) {
        let place = format!(
            "{}:{}:{}",
            used.file,
            used.range.start.line + 1,
            used.range.start.character + 1
        );
        let text = format!("{} {}{}", used.api, place, details(used));
        for (index, line) in wrap(&one_line(&text), look.width.saturating_sub(widest + 6).max(20))
            .iter()
            .enumerate()
        {
            let name = if index == 0 { name.as_str() } else { "" };
            let name = paint.code(&format!("{name:<widest$}"));
            let _ = writeln!(out, "    {name}  {line}");
        }
    }
}

fn details(used: &CapabilityUse) -> String {
    let reach = match used.reach {
        Reach::Install => "on install",
        Reach::Import => "on import",
        Reach::Call => "when called",
        Reach::Unreached => "unreached",
    };
    let mut out = format!(" {reach}");
    for (arrow, values) in [
        ("hosts", &used.hosts),
        ("paths", &used.paths),
        ("commands", &used.commands),
        ("variables", &used.variables),
    ] {
        if !values.is_empty() {
            let _ = write!(out, ", {arrow} {}", values.join(" "));
        }
    }
    if let Some(via) = &used.via {
        let _ = write!(out, ", via {via}");
    }
    out
}
