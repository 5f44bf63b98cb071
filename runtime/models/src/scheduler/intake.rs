//! The queue into a scheduler, as its contract says: bounded, first in first out, `try_send` never waits.

use std::collections::VecDeque;

use loom::sync::{Arc, Condvar, Mutex};

/// What enters, as far as the models need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    Stirred,
    Nudge,
}

struct Queue {
    waiting: Mutex<VecDeque<Intake>>,
    changed: Condvar,
    limit: usize,
}

/// Both ends of the queue.
#[derive(Clone)]
pub struct Entrance(Arc<Queue>);

impl Entrance {
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Queue { waiting: Mutex::new(VecDeque::new()), changed: Condvar::new(), limit }))
    }

    pub fn try_send(&self, intake: Intake) -> Result<(), Intake> {
        let mut waiting = self.0.waiting.lock().unwrap();
        if waiting.len() == self.0.limit {
            return Err(intake);
        }
        waiting.push_back(intake);
        self.0.changed.notify_all();
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "the real one can fail")]
    pub fn send(&self, intake: Intake) -> Result<(), Intake> {
        let mut waiting = self.0.waiting.lock().unwrap();
        while waiting.len() == self.0.limit {
            waiting = self.0.changed.wait(waiting).unwrap();
        }
        waiting.push_back(intake);
        self.0.changed.notify_all();
        Ok(())
    }

    /// What a scheduler with nothing to do waits for.
    pub fn recv(&self) -> Intake {
        let mut waiting = self.0.waiting.lock().unwrap();
        loop {
            if let Some(intake) = waiting.pop_front() {
                self.0.changed.notify_all();
                return intake;
            }
            waiting = self.0.changed.wait(waiting).unwrap();
        }
    }
}
