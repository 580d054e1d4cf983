//! `importguard.json` on disk: where it is, what day it is, and which of its entries are of no use any more.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, bail};
use importguard::{
    policy::{FILE, Policy, Suppression},
    report::PackageReport,
};

use super::discover::{Source, Target};

/// A policy, and where it was found.
pub(crate) struct Found {
    pub(crate) suppress: Vec<Suppression>,
    /// As it is shown.
    shown: String,
    /// How many findings each entry silenced, and whether a package that it is about was scanned.
    used: Vec<(usize, bool)>,
    pub(crate) today: String,
}

/// The policy that the user names, else the nearest one at or above the current folder.
///
/// A package does not vouch for itself: a file inside of what is scanned counts only when it is named.
pub(crate) fn find(named: Option<&Path>, none: bool, targets: &[Target]) -> anyhow::Result<Option<Found>> {
    let path = match named {
        Some(path) => path.to_owned(),
        None if none => return Ok(None),
        None => match nearest() {
            Some(path) if holds(targets, &path) => {
                super::output::say(&format!(
                    "`{FILE}` is part of what is scanned, so it does not count; `--policy {FILE}` uses it"
                ));
                return Ok(None);
            }
            Some(path) => path,
            None => return Ok(None),
        },
    };
    let shown = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let policy = match Policy::parse(&text) {
        Ok(policy) => policy,
        Err(wrong) => bail!("{}: {wrong}", path.display()),
    };
    Ok(Some(Found {
        used: vec![(0, false); policy.suppress.len()],
        suppress: policy.suppress,
        shown,
        today: today(SystemTime::now()),
    }))
}

fn nearest() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let above = here
        .ancestors()
        .filter(|folder| !folder.iter().any(|name| name == "node_modules"));
    above.map(|folder| folder.join(FILE)).find(|path| path.is_file())
}

/// Whether a file is among those of a package that is scanned.
fn holds(targets: &[Target], path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    targets.iter().any(|target| match &target.source {
        Source::Folder { root, files } => real
            .strip_prefix(root)
            .is_ok_and(|inner| files.iter().any(|file| file == inner)),
        _ => false,
    })
}

impl Found {
    /// Notes what the entries did for a package.
    pub(crate) fn add(&mut self, report: &PackageReport) {
        for (entry, (count, met)) in self.suppress.iter().zip(&mut self.used) {
            if entry.is_about(&report.name, &report.version) {
                *met |= entry.package.is_some();
                *count += report.findings.iter().filter(|finding| entry.covers(finding)).count();
            }
        }
    }

    /// What should be changed in the file, a line each.
    pub(crate) fn stale(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (index, (entry, (count, met))) in self.suppress.iter().zip(&self.used).enumerate() {
            let about = entry
                .package
                .as_deref()
                .map_or_else(String::new, |name| format!(" for `{name}`"));
            let place = format!("{}: suppress[{index}] (`{}`{about})", self.shown, entry.rule);
            if entry.is_expired(Some(&self.today)) {
                let last = entry.expires.as_deref().unwrap_or_default();
                let noun = if *count == 1 {
                    "finding counts"
                } else {
                    "findings count"
                };
                let effect = if *count > 0 {
                    format!(", so {count} {noun} again")
                } else {
                    String::new()
                };
                out.push(format!("{place} expired on {last}{effect}"));
            } else if *met && *count == 0 {
                out.push(format!("{place} silences nothing any more"));
            }
        }
        out
    }
}

/// The day in UTC, `YYYY-MM-DD`. After "chrono-Compatible Low-Level Date Algorithms" (Howard Hinnant), `civil_from_days`.
fn today(now: SystemTime) -> String {
    let days = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, wanted) in [
            (0, "1970-01-01"),
            (68_255_999, "1972-02-29"),
            (951_782_400, "2000-02-29"),
            (1_735_689_599, "2024-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(today(UNIX_EPOCH + Duration::from_secs(seconds)), wanted);
        }
    }
}
