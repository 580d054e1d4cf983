//! `importguard scan`: find, scan, write, and the exit status.

use std::{ops::ControlFlow, process::ExitCode};

use importguard::report::{
    Finding, Options, Report, Severity,
    text::{self, Detail},
};

use super::{
    args::{Format, Scan},
    catalog,
    discover::{Found, discover},
    engine::{self, Done, Work},
    output::{self, Output, say},
    policy,
    progress::Progress,
    remote,
};

/// With more packages than this, weak findings get a line each.
const MANY: usize = 20;

/// Runs the command.
pub(crate) fn run(scan: &Scan) -> anyhow::Result<ExitCode> {
    for id in scan.rules.iter().chain(&scan.no_rules) {
        catalog::find(id)?;
    }
    let mut found = discover(scan);
    remote::add(&mut found, &scan.registry)?;
    let policy = policy::find(scan.policy.as_deref(), scan.no_policy, &found.targets)?;
    let options = Options {
        rules: scan.rules.clone(),
        no_rules: scan.no_rules.clone(),
        min_severity: scan.min_severity.map(Severity::from),
        suppress: policy.as_ref().map_or_else(Vec::new, |policy| policy.suppress.clone()),
        today: policy.as_ref().map(|policy| policy.today.clone()),
    };
    for error in &found.errors {
        output::complain(error);
    }
    if found.targets.is_empty() && !found.errors.is_empty() {
        return Ok(ExitCode::from(2));
    }
    let mut output = Output::open(scan.output.as_deref())?;
    let mut outcome = Outcome {
        threshold: scan.fail_on.threshold(),
        failed: false,
        unread: Vec::new(),
        policy,
    };
    match scan.format {
        Format::Text => write_text(scan, &found, &options, &mut output, &mut outcome)?,
        Format::Json => write_json(scan, &found, &options, &mut output, &mut outcome)?,
        Format::Ndjson => write_ndjson(scan, &found, &options, &mut output, &mut outcome)?,
    }
    output.flush()?;
    for error in &outcome.unread {
        output::complain(error);
    }
    for line in outcome.policy.iter().flat_map(policy::Found::stale) {
        say(&text::one_line(&line));
    }
    Ok(
        match (found.errors.is_empty() && outcome.unread.is_empty(), outcome.failed) {
            (false, _) => ExitCode::from(2),
            (true, true) => ExitCode::FAILURE,
            (true, false) => ExitCode::SUCCESS,
        },
    )
}

/// What the exit status depends on.
struct Outcome {
    threshold: Option<Severity>,
    failed: bool,
    unread: Vec<String>,
    policy: Option<policy::Found>,
}

impl Outcome {
    fn add(&mut self, done: &Done) {
        if let Some(policy) = &mut self.policy {
            policy.add(&done.report);
        }
        let weighs = |finding: &Finding| {
            finding.suppressed.is_none() && self.threshold.is_some_and(|threshold| finding.severity >= threshold)
        };
        self.failed |= done.report.findings.iter().any(weighs);
        if let Some(issue) = done.report.issues.first().filter(|_| done.unread) {
            let why = issue.message.strip_prefix("cannot read it: ").unwrap_or(&issue.message);
            self.unread.push(format!("cannot read `{}`: {why}", done.report.path));
        }
    }
}

fn work<'a>(scan: &Scan, options: &'a Options, look: Option<&'a text::Look>) -> Work<'a> {
    Work {
        options,
        look,
        jobs: usize::from(scan.jobs.unwrap_or(0)),
    }
}

fn files(found: &Found) -> usize {
    found.targets.iter().map(|target| target.source.files()).sum()
}

fn write_text(
    scan: &Scan,
    found: &Found,
    options: &Options,
    output: &mut Output,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    let look = text::Look {
        detail: match (scan.quiet, scan.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            (false, false) => Detail::Usual,
        },
        brief: found.targets.len() > MANY,
        ..output.look()
    };
    let progress = Progress::new(files(found), true);
    let (mut reports, mut texts) = (Vec::new(), Vec::new());
    engine::run(
        &found.targets,
        &work(scan, options, Some(&look)),
        &progress,
        |done: Done| {
            outcome.add(&done);
            reports.push(done.report);
            texts.push(done.text);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    let elapsed = progress.finish();
    if !scan.quiet {
        for note in &found.notes {
            output.write(format!("{}\n", text::one_line(note)).as_bytes())?;
        }
        if found.copies > 0 {
            let have = if found.copies == 1 { "copy has" } else { "copies have" };
            let line = format!("{} more {have} the same bytes as a package below\n", found.copies);
            output.write(line.as_bytes())?;
        }
        if !found.notes.is_empty() || found.copies > 0 {
            output.write(b"\n")?;
        }
    }
    for text in &texts {
        output.write(text.as_bytes())?;
    }
    let report = Report::new(reports);
    output.write(text::overview(&report, &look).as_bytes())?;
    if let Some(elapsed) = elapsed.filter(|elapsed| elapsed.as_secs() > 0 && !scan.quiet) {
        output.flush()?;
        say(&format!("took {:.1} s", elapsed.as_secs_f64()));
    }
    Ok(())
}

fn write_json(
    scan: &Scan,
    found: &Found,
    options: &Options,
    output: &mut Output,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    let progress = Progress::new(files(found), true);
    let mut reports = Vec::new();
    engine::run(&found.targets, &work(scan, options, None), &progress, |done: Done| {
        outcome.add(&done);
        reports.push(done.report);
        Ok(ControlFlow::Continue(()))
    })?;
    progress.finish();
    let mut bytes = serde_json::to_vec_pretty(&Report::new(reports))?;
    bytes.push(b'\n');
    output.write(&bytes)?;
    Ok(())
}

/// Each package as soon as those before it are written; the last line is the report without packages.
fn write_ndjson(
    scan: &Scan,
    found: &Found,
    options: &Options,
    output: &mut Output,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    let progress = Progress::new(files(found), !output.is_terminal());
    let mut line = Vec::new();
    let mut last = Report::new(Vec::new());
    engine::run(&found.targets, &work(scan, options, None), &progress, |done: Done| {
        outcome.add(&done);
        line.clear();
        serde_json::to_writer(&mut line, &done.report)?;
        line.push(b'\n');
        output.write(&line)?;
        output.flush()?;
        last.summary.add(&done.report);
        Ok(output.flow())
    })?;
    progress.finish();
    let mut value = serde_json::to_value(&last)?;
    if let Some(fields) = value.as_object_mut() {
        fields.shift_remove("packages");
    }
    output.write(format!("{value}\n").as_bytes())?;
    Ok(())
}
