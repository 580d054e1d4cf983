//! What an import does, for a terminal.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    Look,
    clean::{one_line, width},
    paint::{Paint, wrap},
};
use crate::report::{Effect, EffectKind, EffectReason, EffectsReport, ExportEffect, Reach, SubpathEffects};

/// The most steps of a way that are shown unless all are asked for.
const SHOWN_STEPS: usize = 6;

/// The answer about a package, or about the one export that it was cut down to.
pub fn effects(report: &EffectsReport, look: &Look) -> String {
    let paint = Paint::new(look.color);
    let mut out = String::new();
    let title = match (report.name.as_str(), report.version.as_str()) {
        ("", _) => report.path.clone(),
        (name, "") => name.to_owned(),
        (name, version) => format!("{name}@{version}"),
    };
    let title = one_line(&title);
    let several = report.subpaths.len() > 1 && !look.is_verbose();
    for (index, subpath) in report.subpaths.iter().enumerate() {
        if several && index > 0 {
            let rest: Vec<String> = report.subpaths[index..]
                .iter()
                .map(|one| one_line(&one.subpath))
                .collect();
            let _ = writeln!(
                out,
                "  {}",
                paint.dim("other subpaths, told by --verbose or by asking for one:")
            );
            for line in wrap(&rest.join(" "), look.width.saturating_sub(4)) {
                let _ = writeln!(out, "    {}", paint.dim(&line));
            }
            break;
        }
        let path = one_line(subpath.subpath.trim_start_matches('.'));
        if let [only] = subpath.exports.as_slice() {
            one(&format!("{title}{path}"), only, look, paint, &mut out);
        } else {
            many(&format!("{title}{path}"), subpath, look, paint, &mut out);
        }
    }
    if report.subpaths.iter().all(|subpath| subpath.exports.is_empty()) {
        let _ = writeln!(out, "  it exports nothing that can be called");
    }
    out
}

/// One export, with the way to each of its effects.
fn one(title: &str, export: &ExportEffect, look: &Look, paint: Paint, out: &mut String) {
    let name = one_line(&export.name);
    let head = format!("{title}#{name}");
    let _ = writeln!(out, "{}  {}", paint.bold(&head), verdict(&export.effect, paint));
    reasons(&export.effect, look, paint, out);
}

/// Every export of a subpath, those of one kind together.
fn many(title: &str, subpath: &SubpathEffects, look: &Look, paint: Paint, out: &mut String) {
    let count = subpath.exports.len();
    let more = if subpath.open { ", perhaps more" } else { "" };
    let _ = writeln!(out, "{}  {count} exports{more}", paint.bold(title));
    if subpath.import.kind != EffectKind::Pure {
        let _ = writeln!(
            out,
            "  {} {}",
            paint.dim("importing it:"),
            verdict(&subpath.import, paint)
        );
        if look.is_verbose() {
            reasons(&subpath.import, look, paint, out);
        }
    }
    let mut groups: BTreeMap<(EffectKind, Vec<&str>), Vec<&ExportEffect>> = BTreeMap::new();
    for export in &subpath.exports {
        let key = (export.effect.kind, powers(&export.effect));
        groups.entry(key).or_default().push(export);
    }
    for exports in groups.values() {
        let Some(first) = exports.first() else { continue };
        let _ = writeln!(out, "  {}", verdict(&first.effect, paint));
        let names: Vec<String> = exports.iter().map(|export| one_line(&export.name)).collect();
        for line in wrap(&names.join(", "), look.width.saturating_sub(4)) {
            let _ = writeln!(out, "    {line}");
        }
        if look.is_verbose() {
            for export in exports.iter().filter(|export| !export.effect.reasons.is_empty()) {
                let _ = writeln!(out, "    {}", paint.bold(&one_line(&export.name)));
                reasons(&export.effect, look, paint, out);
            }
        }
    }
}

/// The powers that an effect names, or why it cannot be told.
fn powers(effect: &Effect) -> Vec<&str> {
    if effect.kind == EffectKind::Unknown {
        return Vec::new();
    }
    let first_word = |reason: &'_ EffectReason| -> usize { reason.message.find(' ').unwrap_or(reason.message.len()) };
    effect
        .reasons
        .iter()
        .map(|reason| &reason.message[..first_word(reason)])
        .collect()
}

fn verdict(effect: &Effect, paint: Paint) -> String {
    match effect.kind {
        EffectKind::Pure => paint.good("pure"),
        EffectKind::Effects => format!("{} {}", paint.heading("effects:"), powers(effect).join(", ")),
        EffectKind::Unknown => paint.heading("unknown"),
    }
}

fn reasons(effect: &Effect, look: &Look, paint: Paint, out: &mut String) {
    let wide = effect
        .reasons
        .iter()
        .map(|reason| width(&one_line(&reason.message)))
        .max()
        .unwrap_or(0)
        .min(48);
    for reason in &effect.reasons {
        let message = one_line(&reason.message);
        let gap = " ".repeat(wide.saturating_sub(width(&message)));
        let when = match reason.reach {
            Some(Reach::Import) => " on import",
            Some(Reach::Install) => " on install",
            _ => "",
        };
        let place = place(reason.package.as_deref(), &reason.file, reason.range.start.line);
        let _ = writeln!(out, "    {message}{gap}  {}{when}", paint.code(&place));
        if !look.is_quiet() {
            way(reason, look, paint, out);
        }
    }
}

/// The statements that lead to a reason, from the import on.
fn way(reason: &EffectReason, look: &Look, paint: Paint, out: &mut String) {
    let mut package = None;
    let mut steps: Vec<String> = Vec::new();
    for step in &reason.path {
        let other = package.is_some_and(|known| known != step.package.as_str());
        let within = other.then_some(step.package.as_str());
        package = Some(step.package.as_str());
        let place = place(within, &step.file, step.range.start.line);
        steps.push(if step.name.is_empty() {
            place
        } else {
            format!("{} ({place})", one_line(&step.name))
        });
    }
    steps.dedup();
    if steps.len() < 2 {
        return;
    }
    if steps.len() > SHOWN_STEPS && !look.is_verbose() {
        let rest = steps.split_off(steps.len() - 3);
        let left = steps.len() - 2;
        steps.truncate(2);
        steps.push(format!("… {left} more"));
        steps.extend(rest);
    }
    for line in wrap(&format!("through {}", steps.join(" → ")), look.width.saturating_sub(6)) {
        let _ = writeln!(out, "      {}", paint.dim(&line));
    }
}

fn place(package: Option<&str>, file: &str, line: u32) -> String {
    let file = one_line(file);
    let line = if line == 0 {
        String::new()
    } else {
        format!(":{}", line + 1)
    };
    match package {
        Some(package) => format!("{}/{file}{line}", one_line(package)),
        None => format!("{file}{line}"),
    }
}
