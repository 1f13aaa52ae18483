//! Work that takes time: done on a thread of its own while Python goes on, with progress, ended by Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::error::Failure;

/// How often Python is asked for signals and told of progress while it waits.
const PULSE: Duration = Duration::from_millis(50);

/// The process that loaded the package.
static LOADED_BY: OnceLock<u32> = OnceLock::new();

/// Remembers which process loads the package.
pub(crate) fn loaded() {
    LOADED_BY.get_or_init(std::process::id);
}

/// Does the work with threads of this process: a child that was forked from the one that loaded the package has none of the
/// threads that the engines would share it among, and would wait for them for ever.
fn on_own_threads<T: Send>(work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    let this = std::process::id();
    if *LOADED_BY.get_or_init(std::process::id) == this {
        return work();
    }
    let pool = rayon::ThreadPoolBuilder::new().build();
    let pool = pool.map_err(|error| {
        Failure::input(format!(
            "the forked process {this} cannot start threads of its own ({error}): start it with the method `spawn`"
        ))
    })?;
    pool.install(work)
}

/// So much of some work is done: what, how much, of how much where that is known.
type Step = (String, u64, Option<u64>);

/// What the work and whoever waits for it share.
#[derive(Clone, Default)]
pub(crate) struct Reporter {
    latest: Arc<Mutex<Option<Step>>>,
    stopped: Arc<AtomicBool>,
}

impl Reporter {
    /// Says how much is done; may be called from any thread, as often as one likes.
    pub(crate) fn step(&self, what: &str, done: u64, total: Option<u64>) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = Some((what.to_owned(), done, total));
    }

    /// Whether nobody waits for the answer any more.
    pub(crate) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Looked at between two pieces of work.
    ///
    /// # Errors
    /// Nobody waits for the answer any more.
    pub(crate) fn go_on(&self) -> Result<(), Failure> {
        if self.stopped() {
            return Err(Failure::input("the call was ended"));
        }
        Ok(())
    }

    /// Tells Python what is new.
    fn tell(&self, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let step = latest.take();
        drop(latest);
        if let (Some(progress), Some((what, done, total))) = (progress, step) {
            progress.call1((what, done, total))?;
        }
        Ok(())
    }
}

/// What becomes of work whose caller waits no more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abandoned {
    /// It goes on by itself, to its end or to where it asks [`Reporter::go_on`], and its answer is dropped.
    Dropped,
    /// It is waited for until it ends where it asks [`Reporter::stopped`]: it calls Python, which must not be gone.
    Awaited,
}

/// Does the work on a thread of its own and waits for it without holding Python. An exception of `progress`, and Ctrl-C,
/// end the waiting; the work is then [`Abandoned`].
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    abandoned: Abandoned,
    work: impl FnOnce(&Reporter) -> Result<T, Failure> + Send + 'static,
) -> PyResult<T> {
    let reporter = Reporter::default();
    let at_work = reporter.clone();
    let (sender, mut receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("winset".to_owned())
        .spawn(move || {
            // Nobody receives it where the waiting was ended.
            let _ = sender.send(on_own_threads(|| work(&at_work)));
        })?;
    loop {
        let answer;
        (receiver, answer) = py.detach(move || {
            let answer = receiver.recv_timeout(PULSE);
            (receiver, answer)
        });
        if let Err(error) = py.check_signals().and_then(|()| reporter.tell(progress)) {
            reporter.stopped.store(true, Ordering::Relaxed);
            if abandoned == Abandoned::Awaited && matches!(answer, Err(RecvTimeoutError::Timeout)) {
                py.detach(move || drop(receiver.recv()));
            }
            return Err(error);
        }
        match answer {
            Ok(answer) => return answer.map_err(|failure| failure.raise(py)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err(
                    "the work stopped without an answer: a fault of winset; the lines above say where",
                ));
            }
        }
    }
}
