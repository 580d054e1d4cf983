//! Runs the core over all packages on all cores, and hands the results on in order.

use std::{
    ops::ControlFlow,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
};

use anyhow::Context;
use importguard::{
    graph::Surface,
    parse,
    report::{Options, PackageReport, text::Look},
};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::{discover::Target, progress::Progress};

mod content;
mod guard;
mod link;
mod package;

pub(crate) use link::{effects_of, resolve};

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

/// One package as it is on its own.
#[derive(Debug)]
pub(crate) struct Scanned {
    /// What the core says.
    pub(crate) report: PackageReport,
    /// What telling effects takes.
    pub(crate) surface: Surface,
}

fn threads(jobs: usize, stack: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(stack)
        .start_handler(move |_| parse::assume_stack(stack))
        .thread_name(|index| format!("scan-{index}"))
        .build()
}

/// Scans all targets, then tells their effects together; `sink` gets each result in the order of the targets, until it
/// breaks off.
pub(crate) fn run(
    targets: &[Target],
    work: &Work<'_>,
    progress: &Progress,
    mut sink: impl FnMut(Done) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    let pool = pool(work.jobs)?;
    let mut scanned = scan_all(&pool, targets, work.options, progress);
    pool.install(|| link::effects(&mut scanned, targets, work.options));
    let texts: Vec<String> = pool.install(|| {
        let pairs = targets.par_iter().zip(&scanned);
        let text =
            |(target, scanned): (&Target, &Scanned)| work.look.map(|look| package::text(target, &scanned.report, look));
        pairs.map(|pair| text(pair).unwrap_or_default()).collect()
    });
    for ((target, scanned), text) in targets.iter().zip(scanned).zip(texts) {
        let unread = scanned.report.stats.files == 0 && !scanned.report.issues.is_empty();
        let done = Done {
            report: scanned.report,
            text,
            unread: unread && target.named,
        };
        if sink(done)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The threads of a scan.
fn pool(jobs: usize) -> anyhow::Result<rayon::ThreadPool> {
    guard::quiet_panics();
    threads(jobs, STACK)
        .or_else(|_| threads(jobs, SMALL_STACK))
        .context("cannot start threads; try --jobs 1")
}

/// Scans each target on its own, in parallel, and shows how far it is.
fn scan_all(pool: &rayon::ThreadPool, targets: &[Target], options: &Options, progress: &Progress) -> Vec<Scanned> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut scanned: Vec<Option<Scanned>> = targets.iter().map(|_| None).collect();
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
                    if sender.send((index, package::scan(target, options, progress))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        loop {
            let message = match progress.interval() {
                Some(interval) => receiver.recv_timeout(interval),
                None => receiver.recv().map_err(RecvTimeoutError::from),
            };
            match message {
                Ok((index, one)) => scanned[index] = Some(one),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            progress.draw();
        }
    });
    scanned.into_iter().flatten().collect()
}
