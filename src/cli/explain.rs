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
    let header = format!("{}  {severity}\n{}\n\n", paint.bold(rule.id), rule.title);
    output.write(header.as_bytes())?;
    // The page's own title only repeats the id.
    let page = rule.docs.trim_start();
    let page = page
        .strip_prefix("# ")
        .and_then(|page| page.split_once('\n'))
        .map_or(page, |(_, page)| page);
    output.write(markdown::render(page, paint, look.width).as_bytes())?;
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}
