//! LeavingThreads: threads whose components have ended are joined; those that do not return are reported (THR-19, R3).

use std::cell::RefCell;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a thread may take to return, in real time, before it is reported. The end of a run waits this long, too.
const PATIENCE: Duration = Duration::from_secs(1);

/// A thread that was told to stop and has not returned yet.
struct Leaving {
    name: Arc<str>,
    thread: JoinHandle<()>,
    /// Whether its code has returned, so that joining does not block.
    is_done: Box<dyn Fn() -> bool>,
    since: Instant,
    is_reported: bool,
}

/// The threads of one scheduler that have not returned yet.
#[derive(Default)]
pub(crate) struct LeavingThreads {
    all: RefCell<Vec<Leaving>>,
}

impl LeavingThreads {
    /// Takes over the thread of a component that has ended. `is_done` says whether joining would not block.
    pub fn add(&self, component: Arc<str>, thread: JoinHandle<()>, is_done: impl Fn() -> bool + 'static) {
        let is_done = Box::new(is_done);
        let leaving = Leaving { name: component, thread, is_done, since: Instant::now(), is_reported: false };
        self.all.borrow_mut().push(leaving);
    }

    pub fn is_empty(&self) -> bool {
        self.all.borrow().is_empty()
    }

    /// Joins the threads that have returned. Gives the components of those that have been away too long, each once.
    pub fn join_done(&self) -> Vec<Arc<str>> {
        let mut overdue = Vec::new();
        if self.is_empty() {
            return overdue;
        }
        for mut leaving in self.all.take() {
            if (leaving.is_done)() {
                // A panic of the thread was the component's outcome already.
                let _ = leaving.thread.join();
                continue;
            }
            if !leaving.is_reported && leaving.since.elapsed() >= PATIENCE {
                leaving.is_reported = true;
                overdue.push(leaving.name.clone());
            }
            self.all.borrow_mut().push(leaving);
        }
        overdue
    }

    /// How long until a thread must be reported; `None` if none is away.
    pub fn patience(&self) -> Option<Duration> {
        let all = self.all.borrow();
        let unreported = all.iter().filter(|leaving| !leaving.is_reported);
        unreported.map(|leaving| PATIENCE.saturating_sub(leaving.since.elapsed())).min()
    }
}
