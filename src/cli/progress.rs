//! A progress bar for a person who waits: only on a terminal, only when it takes long, gone before the report.

use std::{
    io::{self, IsTerminal},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A scan that is over sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// Counts files as any thread finishes them; drawn by one.
pub(crate) struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    bar: Option<ProgressBar>,
    since: Instant,
}

impl Progress {
    /// A bar of `total` files; `wanted` is false when it would write into the report.
    pub(crate) fn new(total: usize, wanted: bool) -> Self {
        let bar = (wanted && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            let style = ProgressStyle::with_template("{msg} {wide_bar:.cyan/dim} {human_pos}/{human_len} files");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                .with_message("scanning")
        });
        Self {
            done: AtomicU64::new(0),
            total: AtomicU64::new(total as u64),
            bar,
            since: Instant::now(),
        }
    }

    /// More files turned up, in an archive.
    pub(crate) fn more(&self, files: usize) {
        self.total.fetch_add(files as u64, Ordering::Relaxed);
    }

    /// One more file is done.
    pub(crate) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// How often [`Self::draw`] should be called, if at all.
    pub(crate) fn interval(&self) -> Option<Duration> {
        self.bar.as_ref().map(|_| Duration::from_millis(100))
    }

    /// Shows the count as it stands.
    pub(crate) fn draw(&self) {
        let Some(bar) = self.bar.as_ref().filter(|_| self.since.elapsed() > PATIENCE) else {
            return;
        };
        if bar.is_hidden() {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_length(self.total.load(Ordering::Relaxed));
        bar.set_position(self.done.load(Ordering::Relaxed));
    }

    /// Takes the bar away; how long the scan took, if a person watched.
    pub(crate) fn finish(self) -> Option<Duration> {
        let bar = self.bar?;
        bar.finish_and_clear();
        Some(self.since.elapsed())
    }
}
