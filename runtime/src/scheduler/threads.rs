//! LeavingThreads: joins the threads of components that have ended, and reports those that do not return (THR-19, R3). The
//! caller reads the wall clock.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::contain::{Caught, Contained};

/// How long a thread may take to return, in real time, before it is reported. The end of a run also waits this long.
const TIMEOUT: Duration = Duration::from_secs(1);

/// A thread that was asked to stop and has not returned yet.
struct Leaving {
    name: Arc<str>,
    thread: JoinHandle<()>,
    /// Whether its code has returned, so that joining does not block. Holds the thread's queues, and with them
    /// user-supplied values.
    is_done: Contained<Box<dyn Fn() -> bool>>,
    since: Instant,
    is_reported: bool,
}

impl Leaving {
    /// How long from `now` until the thread is overdue.
    fn left(&self, now: Instant) -> Duration {
        TIMEOUT.saturating_sub(now.saturating_duration_since(self.since))
    }
}

/// The threads of one scheduler that have not returned yet.
#[derive(Default)]
pub(crate) struct LeavingThreads {
    all: RefCell<Vec<Leaving>>,
}

impl LeavingThreads {
    /// Takes over the thread of a component that has ended at `now`. `is_done` returns whether the thread can be joined
    /// without blocking.
    pub fn add(&self, component: Arc<str>, thread: JoinHandle<()>, is_done: impl Fn() -> bool + 'static, now: Instant) {
        let is_done: Box<dyn Fn() -> bool> = Box::new(is_done);
        let is_done = Contained::new(is_done);
        let leaving = Leaving { name: component, thread, is_done, since: now, is_reported: false };
        self.all.borrow_mut().push(leaving);
    }

    pub fn is_empty(&self) -> bool {
        self.all.borrow().is_empty()
    }

    /// Joins the threads that have returned. Returns the components whose threads are overdue at `now`, each once.
    pub fn join_done(&self, now: Instant) -> Vec<Arc<str>> {
        let mut overdue = Vec::new();
        for mut leaving in self.all.take() {
            if leaving.is_done.get().is_none_or(|is_done| is_done()) {
                // If the thread panicked, the component has reported it.
                if let Err(payload) = leaving.thread.join() {
                    drop(Caught::new(payload));
                }
                continue;
            }
            if !leaving.is_reported && leaving.left(now).is_zero() {
                leaving.is_reported = true;
                overdue.push(leaving.name.clone());
            }
            self.all.borrow_mut().push(leaving);
        }
        overdue
    }

    /// How long from `now` until the next thread must be reported; `None` if there is no such thread.
    pub fn timeout(&self, now: Instant) -> Option<Duration> {
        let all = self.all.borrow();
        all.iter().filter(|leaving| !leaving.is_reported).map(|leaving| leaving.left(now)).min()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// Adds a thread that has returned, but counts as done only once the returned switch is set.
    fn add(threads: &LeavingThreads, name: &str, now: Instant) -> Rc<Cell<bool>> {
        let is_done = Rc::new(Cell::new(false));
        let seen = is_done.clone();
        threads.add(name.into(), std::thread::spawn(|| ()), move || seen.get(), now);
        is_done
    }

    #[test]
    fn a_thread_that_does_not_return_is_reported_once() {
        let (threads, began) = (LeavingThreads::default(), Instant::now());
        assert_eq!((threads.is_empty(), threads.timeout(began)), (true, None));
        add(&threads, "first", began);
        let half = TIMEOUT / 2;
        add(&threads, "second", began + half);
        assert_eq!(threads.timeout(began), Some(TIMEOUT));
        assert_eq!(threads.join_done(began + half), Vec::<Arc<str>>::new());
        assert_eq!(threads.timeout(began + half), Some(half));
        assert_eq!(threads.join_done(began + TIMEOUT), ["first".into()]);
        assert_eq!(threads.join_done(began + TIMEOUT), Vec::<Arc<str>>::new());
        assert_eq!(threads.timeout(began + TIMEOUT), Some(half), "the next report is about the second thread");
        assert_eq!(threads.join_done(began + TIMEOUT * 2), ["second".into()]);
        assert_eq!(threads.timeout(began + TIMEOUT * 2), None);
        assert!(!threads.is_empty(), "a reported thread is still joined when it returns");
    }

    #[test]
    fn a_thread_that_returns_is_joined_and_not_reported() {
        let (threads, began) = (LeavingThreads::default(), Instant::now());
        let (first, second) = (add(&threads, "first", began), add(&threads, "second", began));
        first.set(true);
        assert_eq!(threads.join_done(began + TIMEOUT), ["second".into()]);
        second.set(true);
        assert_eq!(threads.join_done(began + TIMEOUT), Vec::<Arc<str>>::new());
        assert!(threads.is_empty());
    }
}
