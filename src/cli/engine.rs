//! Runs the core over all packages on all cores, and hands the results on in order.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
};

use anyhow::Context;
use importguard::{
    parse,
    report::{Options, PackageReport, text::Look},
};

use super::{discover::Target, progress::Progress};

mod content;
mod guard;
mod package;

/// Enough for the deepest source that the parser's limits let through.
const STACK: usize = 512 << 20;

/// How a scan is run.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    /// What the core is asked for.
    pub(crate) options: &'a Options,
    /// How each package's findings are rendered; `None` leaves that out.
    pub(crate) look: Option<&'a Look>,
    /// Threads; 0 means one per core.
    pub(crate) jobs: usize,
}

/// One package's result.
#[derive(Debug)]
pub(crate) struct Done {
    /// What the core says.
    pub(crate) report: PackageReport,
    /// Its findings with excerpts; empty if there are none, or no look was asked for.
    pub(crate) text: String,
    /// It is a file that the user named, and nothing of it could be read.
    pub(crate) unread: bool,
}

/// Scans all targets; `sink` gets each result on the calling thread, in the order of the targets, until it breaks off.
pub(crate) fn run(
    targets: &[Target],
    work: &Work<'_>,
    progress: &Progress,
    mut sink: impl FnMut(Done) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    guard::quiet_panics();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(work.jobs)
        .stack_size(STACK)
        .start_handler(|_| parse::assume_stack(STACK))
        .thread_name(|index| format!("scan-{index}"))
        .build()
        .context("cannot start threads; try --jobs 1")?;
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    pool.in_place_scope(|scope| {
        // One loop per thread takes packages in order; a thread that runs out helps with the files of another's package.
        for _ in 0..pool.current_num_threads() {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move |_| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(target) = targets.get(index) else {
                        break;
                    };
                    if sender.send((index, package::scan(target, work, progress))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        loop {
            let message = match progress.interval() {
                Some(interval) => receiver.recv_timeout(interval),
                None => receiver.recv().map_err(RecvTimeoutError::from),
            };
            match message {
                Ok((index, done)) => {
                    early.insert(index, done);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            progress.draw();
            while let Some(done) = early.remove(&wanted) {
                wanted += 1;
                let flow = sink(done);
                if !matches!(flow, Ok(ControlFlow::Continue(()))) {
                    // What is still running ends with its package.
                    next.store(targets.len(), Ordering::Relaxed);
                    return flow.map(|_| ());
                }
            }
        }
    })
}
