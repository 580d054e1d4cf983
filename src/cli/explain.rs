//! `importguard explain RULE`: the rule's page.

use std::process::ExitCode;

use importguard::report::text::{Paint, severity_name};

use super::{catalog, markdown, output::Output};

/// Runs the command.
pub(crate) fn run(id: &str) -> anyhow::Result<ExitCode> {
    let rule = catalog::find(id)?;
    let mut output = Output::open(None)?;
    let look = output.look();
    let paint = Paint::new(look.color);
    let severity = paint.severity(rule.severity, severity_name(rule.severity));
    output.write(format!("{}  {severity}\n\n", paint.bold(rule.id)).as_bytes())?;
    output.write(markdown::render(rule.docs, paint, look.width).as_bytes())?;
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}
