//! `importguard name NAME…`: whether a name looks like a popular one.

use std::{
    io::{self, BufRead as _},
    process::ExitCode,
    sync::LazyLock,
};

use anyhow::{Context as _, anyhow, bail};
use importguard::{
    registry::names::{BadList, Look, Names},
    report::text::{Paint, one_line},
};

use super::{
    args::{LineFormat, Name},
    output::Output,
};

/// Made by `cargo xtask names`; in the library it would be part of the WASM module.
static LIST: &[u8] = include_bytes!("../registry/names.fst");

/// Runs the command.
pub(crate) fn run(args: &Name) -> anyhow::Result<ExitCode> {
    let names = list()?;
    let mut output = Output::open(None)?;
    let paint = Paint::new(output.look().color);
    let mut looks: Vec<Look> = Vec::new();
    let mut flagged = false;
    let mut asked = 0_usize;
    for name in &args.names {
        let lines: Box<dyn Iterator<Item = io::Result<String>>> = if name == "-" {
            Box::new(io::stdin().lock().lines())
        } else {
            Box::new(std::iter::once(Ok(name.clone())))
        };
        for line in lines {
            let line = line.context("cannot read names from standard input")?;
            let name = line.trim();
            if name.is_empty() {
                continue;
            }
            asked += 1;
            let look = names.look(name);
            flagged |= look.target.is_some();
            match args.format {
                LineFormat::Json => looks.push(look),
                LineFormat::Ndjson => output.write((serde_json::to_string(&look)? + "\n").as_bytes())?,
                LineFormat::Text => output.write(text(&look, paint).as_bytes())?,
            }
        }
    }
    if asked == 0 {
        bail!("no names on standard input; write one a line");
    }
    if args.format == LineFormat::Json {
        output.write((serde_json::to_string_pretty(&looks)? + "\n").as_bytes())?;
    }
    output.flush()?;
    Ok(if flagged { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The list of popular names that comes with the program; it is checked once.
pub(crate) fn list() -> anyhow::Result<&'static Names<&'static [u8]>> {
    static NAMES: LazyLock<Result<Names<&'static [u8]>, BadList>> = LazyLock::new(|| Names::new(LIST));
    NAMES.as_ref().map_err(|error| anyhow!("{error}"))
}

fn text(look: &Look, paint: Paint) -> String {
    let name = one_line(&look.name);
    match look.target {
        Some(_) => format!("{}: {}\n", paint.bold(&name), look.why),
        None => format!("{name}: looks like no popular name\n"),
    }
}
