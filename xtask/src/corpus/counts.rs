//! How often each thing was found in a list of packages, against what was accepted.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{list, text};
use crate::shell::{read_file, step, write_file};

/// How often each thing was found, over all packages.
pub(super) fn counts(packages: &[Value]) -> Value {
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

/// Compares with the accepted counts, and accepts if asked to: what fell with a bare `--accept`, what rose only by name.
pub(super) fn compare(file: &Path, found: &Value, accept: Option<&[String]>) -> Result<()> {
    let shown = file.file_name().unwrap_or_default().to_string_lossy();
    if !file.exists() && accept.is_some() {
        write_file(file, &(serde_json::to_string_pretty(found)? + "\n"))?;
        step(&format!("{shown}: accepted for the first time"));
        return Ok(());
    }
    let accepted: Value = serde_json::from_str(&read_file(file)?).with_context(|| format!("cannot read {shown}"))?;
    let (old, new) = (flat(&accepted), flat(found));
    let number = |map: &BTreeMap<String, u64>, key: &String| map.get(key).copied().unwrap_or(0);
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differ = keys.into_iter().filter(|key| number(&old, key) != number(&new, key));
    let line = |key: &String| format!("{key}: {} → {}", number(&old, key), number(&new, key));
    let (rose, fell): (Vec<&String>, Vec<&String>) = differ.partition(|key| number(&new, key) > number(&old, key));
    for key in &fell {
        step(&line(key));
    }
    let named = |key: &&String| accept.is_some_and(|names| names.iter().any(|name| is_named(key, name)));
    let (accepted_by_name, refused): (Vec<&String>, Vec<&String>) = rose.into_iter().partition(named);
    for key in accepted_by_name {
        step(&format!("{} (accepted by name)", line(key)));
    }
    if !refused.is_empty() {
        let lines: Vec<String> = refused.into_iter().map(line).collect();
        bail!(
            "counts are above those of tests/corpus/{shown}; look at each, then accept it by name, such as \
             `cargo xtask corpus --accept {}`:\n  {}",
            lines[0]
                .split(": ")
                .nth(1)
                .unwrap_or_default()
                .split(' ')
                .next()
                .unwrap_or_default(),
            lines.join("\n  ")
        );
    }
    if accept.is_some() {
        write_file(file, &(serde_json::to_string_pretty(found)? + "\n"))?;
        step(&format!("{shown}: accepted"));
    } else if fell.is_empty() {
        step(&format!("all counts are as in {shown}"));
    } else {
        bail!("counts are below those of tests/corpus/{shown}; `cargo xtask corpus --accept` accepts that");
    }
    Ok(())
}

/// Whether a name means the count: a rule's id, the id with the severity, or a key of another group.
fn is_named(key: &str, name: &str) -> bool {
    let last = key.rsplit(": ").next().unwrap_or(key);
    last == name || last.split(' ').next() == Some(name)
}

fn flat(counts: &Value) -> BTreeMap<String, u64> {
    let mut flat = BTreeMap::new();
    for (group, value) in counts.as_object().into_iter().flatten() {
        if let Some(number) = value.as_u64() {
            flat.insert(format!("count: {group}"), number);
        }
        for (key, number) in value.as_object().into_iter().flatten() {
            flat.insert(format!("{group}: {key}"), number.as_u64().unwrap_or(0));
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::*;

    #[test]
    fn a_rise_is_accepted_by_name_alone() {
        let file = env::temp_dir().join(format!("importguard-counts-{}.json", process::id()));
        let at = |persistence: u64, network: u64| json!({ "packages": 3, "findings": { "persistence high": persistence }, "packages with capability": { "network": network } });
        compare(&file, &at(1, 5), Some(&[])).unwrap();
        compare(&file, &at(1, 5), None).unwrap();
        let rise = compare(&file, &at(2, 4), Some(&[])).unwrap_err().to_string();
        assert!(rise.contains("findings: persistence high: 1 → 2"), "{rise}");
        assert!(rise.contains("--accept persistence`"), "{rise}");
        assert!(
            compare(&file, &at(1, 4), None)
                .unwrap_err()
                .to_string()
                .contains("below")
        );
        compare(&file, &at(1, 4), Some(&[])).unwrap();
        assert!(compare(&file, &at(2, 4), Some(&["network".to_owned()])).is_err());
        compare(&file, &at(2, 4), Some(&["persistence".to_owned()])).unwrap();
        compare(&file, &at(2, 4), None).unwrap();
        fs::remove_file(&file).unwrap();
    }
}
