//! Both ends of a port: nothing that was sent is left lying, room is noticed, and idle is never said of one that works.

use std::collections::VecDeque;

use loom::sync::{Condvar, Mutex};
use loom::thread;

use crate::component::port_state::{Shared, wait_for_idle};
use crate::model;
use crate::scheduler::intake::{Entrance, Intake};
use crate::sync::{Arc, AtomicBool, Ordering};

/// One direction of a port, as the contract of its queue says. Numbers instead of messages.
#[derive(Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<usize>>,
    changed: Condvar,
}

impl Queue {
    pub fn push(&self, message: usize) {
        self.waiting.lock().unwrap().push_back(message);
        self.changed.notify_all();
    }

    pub fn try_pop(&self) -> Option<usize> {
        self.waiting.lock().unwrap().pop_front()
    }

    pub fn pop(&self) -> usize {
        let mut waiting = self.waiting.lock().unwrap();
        loop {
            if let Some(message) = waiting.pop_front() {
                return message;
            }
            waiting = self.changed.wait(waiting).unwrap();
        }
    }
}

/// A port whose scheduler has an intake of this length.
fn port(limit: usize) -> (Entrance, Arc<AtomicBool>, Arc<Shared>, Arc<Queue>) {
    let intake = Entrance::new(limit);
    let watches = Arc::new(AtomicBool::new(false));
    let shared = Arc::new(Shared::new(intake.clone(), watches.clone()));
    (intake, watches, shared, Arc::new(Queue::default()))
}

#[test]
fn what_was_sent_is_brought_in_and_the_end_comes_behind_it() {
    model(|| {
        let (intake, _, shared, queue) = port(1);
        let (far, far_queue) = (shared.clone(), queue.clone());
        let far = thread::spawn(move || {
            for message in 1..=2 {
                far_queue.push(message);
                far.stir();
            }
            far.end(Ok(()));
        });
        let mut arrived = Vec::new();
        loop {
            let (ended, _) = shared.look();
            while let Some(message) = queue.try_pop() {
                arrived.push(message);
            }
            if ended {
                break;
            }
            intake.recv();
        }
        assert_eq!(arrived, [1, 2], "everything is there when the end is seen");
        far.join().unwrap();
    });
}

#[test]
fn a_full_intake_loses_no_stir() {
    model(|| {
        let (intake, _, shared, queue) = port(1);
        intake.try_send(Intake::Nudge).unwrap();
        let (far, far_queue) = (shared.clone(), queue.clone());
        let far = thread::spawn(move || {
            far_queue.push(1);
            far.stir();
        });
        // What is taken out of a full intake makes the scheduler look at its ports.
        loop {
            intake.recv();
            shared.look();
            if queue.try_pop().is_some() {
                break;
            }
        }
        far.join().unwrap();
    });
}

#[test]
fn a_near_end_that_waits_for_room_hears_of_it() {
    model(|| {
        let (intake, _, shared, _) = port(1);
        let far = shared.clone();
        let far = thread::spawn(move || {
            far.take(1);
            far.take(1);
        });
        let mut room = 0;
        while room < 2 {
            room += shared.look().1;
            if room < 2 && !shared.want_room() {
                intake.recv();
            }
        }
        far.join().unwrap();
    });
}

#[test]
fn a_scheduler_that_waits_for_a_busy_far_end_hears_when_it_is_idle_and_not_before() {
    model(|| {
        let (intake, watches, shared, queue) = port(1);
        let has_worked = Arc::new(AtomicBool::new(false));
        let (far, far_queue, far_worked) = (shared.clone(), queue.clone(), has_worked.clone());
        let far = thread::spawn(move || {
            // As `Far::recv` does: idle while it waits, and what it took counts after it is idle no more.
            let idling = far.begin_idling();
            far_queue.pop();
            drop(idling);
            far.take(1);
            far_worked.store(true, Ordering::Relaxed);
            // Idle for good.
            std::mem::forget(far.begin_idling());
        });
        queue.push(1);
        loop {
            wait_for_idle(&watches);
            if shared.waits_for_near(1) {
                break;
            }
            intake.recv();
        }
        assert!(has_worked.load(Ordering::Relaxed), "it is idle only when it has done its work");
        far.join().unwrap();
    });
}
