//! Leaving: threads whose components have ended are joined, and those that do not come back are reported (THR-19, R3).

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Scheduler;

/// How long a thread may take to come back, in real time, before somebody is told; also how long the end of a run waits.
const PATIENCE: Duration = Duration::from_secs(1);

/// A thread whose component has ended: told to stop, and not yet back.
pub(crate) struct Leaving {
    pub name: Arc<str>,
    pub thread: JoinHandle<()>,
    /// Whether its code is done, so that joining takes no time.
    pub is_done: Box<dyn Fn() -> bool>,
    pub since: Instant,
    pub is_reported: bool,
}

impl Scheduler {
    /// Joins the threads that are done, and reports those that have been away too long.
    pub(super) fn join_done(&mut self) {
        if self.kernel.leaving.borrow().is_empty() {
            return;
        }
        let leaving = std::mem::take(&mut *self.kernel.leaving.borrow_mut());
        for mut one in leaving {
            if (one.is_done)() {
                // Its panic, if any, was its outcome.
                let _ = one.thread.join();
                continue;
            }
            if !one.is_reported && one.since.elapsed() >= PATIENCE {
                one.is_reported = true;
                let words = format!("the thread of {} was told to stop and has not come back", one.name);
                self.note_failure(None, &words);
            }
            self.kernel.leaving.borrow_mut().push(one);
        }
    }

    /// How long until a thread that is away must be reported.
    pub(super) fn patience_with_threads(&self) -> Option<Duration> {
        let leaving = self.kernel.leaving.borrow();
        let waits =
            leaving.iter().filter(|one| !one.is_reported).map(|one| PATIENCE.saturating_sub(one.since.elapsed()));
        waits.min()
    }

    /// At the end of a run: gives every thread its time to come back.
    pub(super) fn join_all(&mut self) {
        self.join_done();
        while let Some(wait) = self.patience_with_threads() {
            // Whatever else comes in now comes after the end.
            if let Ok(intake) = self.receiver.recv_timeout(wait) {
                self.take_one(intake);
            }
            self.join_done();
        }
    }
}
