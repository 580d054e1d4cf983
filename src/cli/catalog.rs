//! `importguard rules`, and finding a rule by what the user typed.

use std::process::ExitCode;

use anyhow::bail;
use importguard::{
    report::text::{Paint, severity_name},
    rules::{self, RULES, Rule},
};
use serde::Serialize;

use super::{args::ListFormat, output::Output};

/// Below this likeness a guess would only confuse.
const LIKENESS: f64 = 0.7;

#[derive(Serialize)]
struct Row {
    id: &'static str,
    severity: importguard::report::Severity,
    title: &'static str,
}

/// Runs the command.
pub(crate) fn run(format: ListFormat) -> anyhow::Result<ExitCode> {
    let mut output = Output::open(None)?;
    let rows = RULES.iter().map(|rule| Row {
        id: rule.id,
        severity: rule.severity,
        title: rule.title,
    });
    let text = match format {
        ListFormat::Json => serde_json::to_string_pretty(&rows.collect::<Vec<_>>())? + "\n",
        ListFormat::Text => {
            let paint = Paint::new(output.look().color);
            let widest = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            let rows: Vec<_> = rows
                .map(|row| {
                    let (id, name) = (
                        format!("{:<widest$}", row.id),
                        format!("{:<8}", severity_name(row.severity)),
                    );
                    format!(
                        "{}  {}  {}\n",
                        paint.bold(&id),
                        paint.severity(row.severity, &name),
                        row.title
                    )
                })
                .collect();
            rows.concat()
        }
    };
    output.write(text.as_bytes())?;
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The rule with this id; the error names the most similar one.
pub(crate) fn find(id: &str) -> anyhow::Result<&'static Rule> {
    if let Some(rule) = rules::find(id) {
        return Ok(rule);
    }
    let alike = |rule: &&&Rule| strsim::jaro_winkler(rule.id, &id.to_ascii_lowercase());
    let best = RULES
        .iter()
        .max_by(|a, b| alike(a).total_cmp(&alike(b)))
        .filter(|best| alike(best) > LIKENESS);
    match best {
        Some(best) => bail!(
            "no rule `{id}`; did you mean `{}`? (`importguard rules` lists all)",
            best.id
        ),
        None => bail!("no rule `{id}`; `importguard rules` lists all"),
    }
}
