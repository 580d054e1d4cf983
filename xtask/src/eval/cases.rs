//! The labelled packages: `cases.jsonl`.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::shell::read_file;

/// What a case is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Malicious,
    Benign,
}

/// One labelled package.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) label: Label,
    pub(super) path: PathBuf,
    /// Rules and capabilities that the report should have.
    pub(super) expected: Vec<String>,
    pub(super) technique: Option<String>,
}

/// The cases of a folder; an error names the line.
pub(super) fn read(folder: &Path) -> Result<Vec<Case>> {
    let list = folder.join("cases.jsonl");
    let text = read_file(&list)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| case(folder, line).with_context(|| format!("{} line {}", list.display(), index + 1)))
        .collect()
}

fn case(folder: &Path, line: &str) -> Result<Case> {
    let value: Value = serde_json::from_str(line).context("not JSON")?;
    let word = |key: &str| value[key].as_str().map(str::to_owned);
    let needed = |key: &str| word(key).with_context(|| format!("no `{key}`"));
    let label = match needed("label")?.as_str() {
        "malicious" => Label::Malicious,
        "benign" => Label::Benign,
        other => bail!("`label` is `{other}`; it must be `malicious` or `benign`"),
    };
    let path = folder.join(needed("path")?);
    let path = path
        .canonicalize()
        .with_context(|| format!("cannot find {}", path.display()))?;
    let expected = match &value["expected"] {
        Value::Null => Vec::new(),
        Value::Array(names) => names
            .iter()
            .map(|name| {
                name.as_str()
                    .map(str::to_owned)
                    .context("`expected` holds what is no string")
            })
            .collect::<Result<_>>()?,
        _ => bail!("`expected` must be a list of rules and capabilities"),
    };
    Ok(Case {
        id: needed("id")?,
        label,
        path,
        expected,
        technique: word("technique"),
    })
}

/// No two cases have the same id.
pub(super) fn check_ids(cases: &[Case]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match cases.iter().find(|case| !seen.insert(&case.id)) {
        Some(case) => bail!("two cases have the id `{}`", case.id),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        match case(Path::new("."), line) {
            Ok(_) => "fine".to_owned(),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        assert_eq!(
            told(r#"{"id": "a", "label": "benign", "path": ".", "expected": ["network"]}"#),
            "fine"
        );
        assert_eq!(told(r#"{"id": "a", "path": "."}"#), "no `label`");
        assert_eq!(
            told(r#"{"id": "a", "label": "good", "path": "."}"#),
            "`label` is `good`; it must be `malicious` or `benign`"
        );
        assert!(told(r#"{"id": "a", "label": "benign", "path": "nowhere"}"#).starts_with("cannot find ./nowhere"));
        assert!(told("{").starts_with("not JSON"));
    }
}
