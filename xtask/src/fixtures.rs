//! The list of the labelled packages in `tests/packages`, as `cargo xtask eval` reads it.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::shell::{read_file, root};

/// Where the list stands.
pub(crate) const LIST: &str = "tests/packages/cases.jsonl";

/// The list: a line for each folder, with what its `about.md` says.
pub(crate) fn cases() -> Result<String> {
    let mut out = String::new();
    for label in ["malicious", "benign"] {
        let folder = root().join("tests/packages").join(label);
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let mut names: Vec<String> = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_>>()?;
        names.sort();
        for name in names {
            let about = read_file(&folder.join(&name).join("about.md"))?;
            out.push_str(&case(label, &name, &about).to_string());
            out.push('\n');
        }
    }
    Ok(out)
}

fn case(label: &str, name: &str, about: &str) -> Value {
    let (told, expected) = about.split_once("Expected: ").unwrap_or((about, ""));
    let note: Vec<&str> = told.split_whitespace().collect();
    let mut case = json!({
        "id": name,
        "label": label,
        "path": format!("{label}/{name}"),
        "technique": name,
        "note": note.join(" "),
    });
    // What an innocent package is able to do is no matter of its verdict.
    let list = expected.split('.').next().unwrap_or_default();
    if label == "malicious" && !list.contains(" or ") {
        let rules: Vec<&str> = list
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| is_rule(name))
            .collect();
        case["expected"] = json!(rules);
    }
    case
}

fn is_rule(name: &str) -> bool {
    let page = format!("src/rules/{}.md", name.replace('-', "_"));
    root().join(page).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_says_what_its_page_says() {
        let about = "Way: `postinstall`.\nAim: keys.\nExpected: block; `decoded-code`, `call`. More.\n";
        let expected = json!({
            "id": "x", "label": "malicious", "path": "malicious/x", "technique": "x",
            "note": "Way: `postinstall`. Aim: keys.", "expected": ["decoded-code"],
        });
        assert_eq!(case("malicious", "x", about), expected);
        assert!(case("malicious", "x", "Expected: block; `decoded-code` or `destructive`.")["expected"].is_null());
        assert!(case("benign", "x", "Expected: pass; `a`.")["expected"].is_null());
    }
}
