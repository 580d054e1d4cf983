//! Where output goes: standard output or a file, with or without colour, a closed pipe being no error.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    ops::ControlFlow,
    path::Path,
};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use importguard::report::text::{Look, one_line};

/// Width of text that does not go to a terminal.
const PLAIN_WIDTH: usize = 100;

/// A writer that stops quietly when its reader has gone.
pub(crate) struct Output {
    writer: Box<dyn Write>,
    closed: bool,
    terminal: bool,
    color: bool,
}

impl Output {
    /// Standard output, or `file` if one is given.
    pub(crate) fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let stdout = io::stdout();
        let choice = match file {
            Some(_) if ColorChoice::global() == ColorChoice::Auto => ColorChoice::Never,
            Some(_) => ColorChoice::global(),
            None => AutoStream::choice(&stdout),
        };
        let terminal = file.is_none() && stdout.is_terminal();
        let writer: Box<dyn Write> = match file {
            Some(path) => {
                let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(BufWriter::with_capacity(
                1 << 16,
                AutoStream::new(stdout.lock(), choice),
            )),
        };
        Ok(Self {
            writer,
            closed: false,
            terminal,
            color: choice != ColorChoice::Never,
        })
    }

    /// How text for this output should look.
    pub(crate) fn look(&self) -> Look {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        let width = columns
            .or_else(|| self.terminal.then(seen).flatten())
            .unwrap_or(PLAIN_WIDTH);
        Look {
            color: self.color,
            width: width.clamp(40, 200),
            ..Look::default()
        }
    }

    /// Whether a person watches this output as it is written.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether there is still somebody to write for.
    pub(crate) fn flow(&self) -> ControlFlow<()> {
        if self.closed {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Writes; after the reader has gone, does nothing.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.writer.write_all(bytes);
        self.settle(result)
    }

    /// Hands everything written so far to the reader.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.writer.flush();
        self.settle(result)
    }

    fn settle(&mut self, result: io::Result<()>) -> anyhow::Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other.context("cannot write the output"),
        }
    }
}

/// Tells the user on standard error that something is wrong.
pub(crate) fn complain(message: &str) {
    say(&format!("\u{1b}[1;31merror:\u{1b}[0m {}", one_line(message)));
}

/// Tells the user something on standard error; styles are dropped where they do not belong.
pub(crate) fn say(message: &str) {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(anstream::stderr(), "{message}");
}
