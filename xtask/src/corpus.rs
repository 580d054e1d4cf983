//! `cargo xtask corpus`: scans about a thousand real packages and compares what is found with what was accepted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::{
    demo::release,
    npm::npm,
    shell::{heading, program, read, read_file, root, run, step, write_file},
};

/// Options of `cargo xtask corpus`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Accept what is found now
    #[arg(long)]
    accept: bool,
}

/// Of well-known packages, no more than this share may be called dangerous.
const ALARMS: f64 = 0.02;

/// The effect of no more than this share may be unknown.
const UNKNOWN: f64 = 0.1;

/// Scans and compares.
pub(crate) fn corpus(args: &Args) -> Result<()> {
    let folder = install()?;
    heading("Corpus");
    let importguard = release()?;
    step("importguard scan target/corpus");
    let scan = ["scan", "--format", "json", "--fail-on", "never"];
    let report: Value =
        serde_json::from_str(&read(program(importguard).args(scan).arg(&folder))?).context("cannot read the report")?;
    let packages = report["packages"].as_array().context("the report has no packages")?;

    let alarming: Vec<&str> = packages
        .iter()
        .filter(|package| is_alarming(package))
        .filter_map(name)
        .collect();
    let unknown = packages
        .iter()
        .filter(|package| package["effect"]["kind"] == "unknown")
        .count();
    let share = |count: usize| share(count, packages.len());
    step(&format!("{} packages", packages.len()));
    step(&format!(
        "{:.2} % have a finding of high or critical severity: {}",
        share(alarming.len()) * 100.0,
        alarming.join(", ")
    ));
    step(&format!("{:.1} % have an unknown effect:", share(unknown) * 100.0));
    for (reason, names) in unknown_reasons(packages) {
        let shown: Vec<&str> = names.iter().copied().take(4).collect();
        let more = if names.len() > shown.len() { ", …" } else { "" };
        step(&format!("  {:>3}  {reason}: {}{more}", names.len(), shown.join(", ")));
    }

    let found = counts(packages);
    let accepted = root().join("tests/corpus/counts.json");
    if args.accept {
        write_file(&accepted, &(serde_json::to_string_pretty(&found)? + "\n"))?;
        step("accepted");
    } else {
        compare(&serde_json::from_str(&read_file(&accepted)?)?, &found)?;
    }
    if share(unknown) > UNKNOWN {
        bail!(
            "the effect of {unknown} of {} packages is unknown; of {:.0} % it may be",
            packages.len(),
            UNKNOWN * 100.0
        );
    }
    if share(alarming.len()) >= ALARMS {
        bail!(
            "{} of {} well-known packages raise an alarm; less than {:.0} % may",
            alarming.len(),
            packages.len(),
            ALARMS * 100.0
        );
    }
    Ok(())
}

/// Installs the pinned packages, without running any of their scripts, unless they are there.
pub(crate) fn install() -> Result<PathBuf> {
    install_pinned("corpus")
}

/// Installs the packages that `tests/NAME` pins into `target/NAME`, without running any of their scripts, unless they are
/// there.
pub(crate) fn install_pinned(name: &str) -> Result<PathBuf> {
    let pinned = root().join("tests").join(name);
    let folder = root().join("target").join(name);
    let lock = read_file(&pinned.join("package-lock.json"))?;
    if is_installed(&folder, &lock) {
        return Ok(folder);
    }
    heading(&format!("Installing the packages of tests/{name}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(pinned.join(file), folder.join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    // Not `npm ci`: it refuses the lock where a registry lacks the builds for systems other than this one.
    step("npm install --ignore-scripts");
    let quiet = [
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    run(npm().current_dir(&folder).args(quiet))?;
    if !is_installed(&folder, &lock) {
        bail!("npm did not install exactly what tests/{name}/package-lock.json says");
    }
    Ok(folder)
}

/// Whether npm's own list of what it installed agrees with the lock; packages for other systems are missing from it.
fn is_installed(folder: &Path, lock: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    let Some(installed) = fs::read_to_string(folder.join("node_modules/.package-lock.json")).ok() else {
        return false;
    };
    let (Some(lock), Some(installed)) = (parse(lock), parse(&installed)) else {
        return false;
    };
    let (Some(wanted), Some(present)) = (lock["packages"].as_object(), installed["packages"].as_object()) else {
        return false;
    };
    wanted
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .all(|(path, entry)| match present.get(path) {
            Some(there) => there["integrity"] == entry["integrity"],
            None => entry["optional"] == true,
        })
        && present
            .iter()
            .all(|(path, there)| wanted.contains_key(path) || there["optional"] == true)
}

/// Why effects are unknown: the kind of reason, names left out, and the packages that have it, the most frequent first.
fn unknown_reasons(packages: &[Value]) -> Vec<(String, BTreeSet<&str>)> {
    let mut reasons: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for package in packages.iter().filter(|package| package["effect"]["kind"] == "unknown") {
        for reason in list(&package["effect"]["reasons"]) {
            let message = text(&reason["message"]);
            // What stands between backquotes is a name.
            let kind: String = message.split('`').step_by(2).collect::<Vec<_>>().join("`…`");
            reasons.entry(kind).or_default().extend(name(package));
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    reasons
}

/// How often each thing was found, over all packages.
fn counts(packages: &[Value]) -> Value {
    let mut verdicts = BTreeMap::new();
    let mut effects = BTreeMap::new();
    let mut capabilities = BTreeMap::new();
    let mut rules = BTreeMap::new();
    let mut issues = BTreeMap::new();
    let add = |map: &mut BTreeMap<String, u64>, key: &str| *map.entry(key.to_owned()).or_default() += 1;
    for package in packages {
        add(&mut verdicts, text(&package["verdict"]));
        add(&mut effects, text(&package["effect"]["kind"]));
        let powers: BTreeSet<&str> = list(&package["capabilities"])
            .map(|used| text(&used["capability"]))
            .collect();
        for power in powers {
            add(&mut capabilities, power);
        }
        for issue in list(&package["issues"]) {
            add(&mut issues, text(&issue["kind"]));
        }
        for finding in list(&package["findings"]) {
            add(
                &mut rules,
                &format!("{} {}", text(&finding["rule"]), text(&finding["severity"])),
            );
        }
    }
    json!({
        "packages": packages.len(),
        "verdicts": verdicts,
        "effects": effects,
        "packages with capability": capabilities,
        "findings": rules,
        "issues": issues,
    })
}

/// Prints every number that differs and fails if there is one.
fn compare(accepted: &Value, found: &Value) -> Result<()> {
    let (old, new) = (flat(accepted), flat(found));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let number = |map: &BTreeMap<String, u64>, key: &String| map.get(key).copied().unwrap_or(0);
    let changed: Vec<String> = keys
        .into_iter()
        .filter(|key| number(&old, key) != number(&new, key))
        .map(|key| format!("{key}: {} → {}", number(&old, key), number(&new, key)))
        .collect();
    if changed.is_empty() {
        step("all counts are as accepted");
        return Ok(());
    }
    bail!(
        "the counts differ from tests/corpus/counts.json (`cargo xtask corpus --accept` accepts them):\n  {}",
        changed.join("\n  ")
    );
}

fn flat(counts: &Value) -> BTreeMap<String, u64> {
    let mut flat = BTreeMap::new();
    for (group, value) in counts.as_object().into_iter().flatten() {
        if let Some(number) = value.as_u64() {
            flat.insert(group.clone(), number);
        }
        for (key, number) in value.as_object().into_iter().flatten() {
            flat.insert(format!("{group}: {key}"), number.as_u64().unwrap_or(0));
        }
    }
    flat
}

#[expect(
    clippy::cast_precision_loss,
    reason = "there are thousands of packages, not quadrillions"
)]
fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

fn is_alarming(package: &Value) -> bool {
    list(&package["findings"])
        .any(|finding| finding["suppressed"].is_null() && ["high", "critical"].contains(&text(&finding["severity"])))
}

fn name(package: &Value) -> Option<&str> {
    package["name"].as_str()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
