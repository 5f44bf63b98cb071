//! LeavingThreads: joins the threads of components that have ended, and reports those that do not return (THR-19, R3).

use std::cell::RefCell;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a thread may take to return, in real time, before it is reported. The end of a run waits this long, too.
const PATIENCE: Duration = Duration::from_secs(1);

/// A thread that was asked to stop and has not returned yet.
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
    /// Takes over the thread of a component that has ended. `is_done` returns whether the thread can be joined without
    /// blocking.
    pub fn add(&self, component: Arc<str>, thread: JoinHandle<()>, is_done: impl Fn() -> bool + 'static) {
        let is_done = Box::new(is_done);
        let leaving = Leaving { name: component, thread, is_done, since: Instant::now(), is_reported: false };
        self.all.borrow_mut().push(leaving);
    }

    pub fn is_empty(&self) -> bool {
        self.all.borrow().is_empty()
    }

    /// Joins the threads that have returned. Returns the components whose threads are overdue, each once.
    pub fn join_done(&self) -> Vec<Arc<str>> {
        let mut overdue = Vec::new();
        if self.is_empty() {
            return overdue;
        }
        for mut leaving in self.all.take() {
            if (leaving.is_done)() {
                // If the thread panicked, the component has reported it.
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

    /// How long until the next thread must be reported; `None` if there is no such thread.
    pub fn patience(&self) -> Option<Duration> {
        let all = self.all.borrow();
        let unreported = all.iter().filter(|leaving| !leaving.is_reported);
        unreported.map(|leaving| PATIENCE.saturating_sub(leaving.since.elapsed())).min()
    }
}
