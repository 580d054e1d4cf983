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

/// Room for most texts, whatever they nest, so that their depth need not be counted first. Only what is used costs
/// memory.
const STACK: usize = 512 << 20;
/// Enough for the deepest text that the parser's limits let through, where the system grants no more.
const SMALL_STACK: usize = 64 << 20;

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

fn threads(jobs: usize, stack: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(stack)
        .start_handler(move |_| parse::assume_stack(stack))
        .thread_name(|index| format!("scan-{index}"))
        .build()
}

/// Scans all targets; `sink` gets each result on the calling thread, in the order of the targets, until it breaks off.
pub(crate) fn run(
    targets: &[Target],
    work: &Work<'_>,
    progress: &Progress,
    mut sink: impl FnMut(Done) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    guard::quiet_panics();
    let pool = threads(work.jobs, STACK)
        .or_else(|_| threads(work.jobs, SMALL_STACK))
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
