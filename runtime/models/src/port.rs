//! Both ends of a port: every message is received, new space is noticed, and a working far end is never reported as
//! idle.

use std::collections::VecDeque;

use loom::sync::{Condvar, Mutex};
use loom::thread;

use crate::component::port_state::Shared;
use crate::model;
use crate::notify::{Notify, Receiver};
use crate::ready_ports::ReadyPorts;
use crate::sync::{Arc, AtomicBool, Ordering};

/// One direction of a port, following the contract of its queue. It carries numbers instead of messages.
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

/// Number of the port on its scheduler.
const NUMBER: u64 = 1;

/// A port and the notification of its scheduler.
struct Port {
    notify: Notify,
    notified: Receiver,
    ready: Arc<ReadyPorts>,
    shared: Arc<Shared>,
    queue: Arc<Queue>,
}

fn port() -> Port {
    let (notify, notified) = Notify::new();
    let ready = Arc::new(ReadyPorts::new(notify.clone()));
    let shared = Arc::new(Shared::new(ready.clone(), false));
    shared.open(NUMBER);
    Port { notify, notified, ready, shared, queue: Arc::new(Queue::default()) }
}

impl Port {
    /// Waits as the scheduler does: it drains the port only after the port is reported as ready.
    fn wait_until_ready(&self) {
        let mut numbers = Vec::new();
        loop {
            self.ready.take_into(&mut numbers);
            if numbers.contains(&NUMBER) {
                return;
            }
            self.notified.recv();
        }
    }
}

#[test]
fn every_message_is_received_before_the_end() {
    model(|| {
        let port = port();
        let (shared, queue) = (port.shared.clone(), port.queue.clone());
        let (far, far_queue) = (shared.clone(), queue.clone());
        let far = thread::spawn(move || {
            for message in 1..=2 {
                far_queue.push(message);
                far.mark();
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
            port.wait_until_ready();
        }
        assert_eq!(arrived, [1, 2], "every message has arrived when the end is seen");
        far.join().unwrap();
    });
}

#[test]
fn a_message_sent_while_the_near_end_opens_is_not_lost() {
    model(|| {
        let (notify, notified) = Notify::new();
        let ready = Arc::new(ReadyPorts::new(notify.clone()));
        let shared = Arc::new(Shared::new(ready.clone(), false));
        let queue = Arc::new(Queue::default());
        let port = Port { notify, notified, ready, shared: shared.clone(), queue: queue.clone() };
        let (far, far_queue) = (shared.clone(), queue.clone());
        let far = thread::spawn(move || {
            far_queue.push(1);
            far.mark();
        });
        shared.open(NUMBER);
        // A port is drained once when it opens, even if it has not been reported.
        loop {
            shared.look();
            if queue.try_pop().is_some() {
                break;
            }
            port.wait_until_ready();
        }
        far.join().unwrap();
    });
}

#[test]
fn a_pending_notification_does_not_hide_a_mark() {
    model(|| {
        let port = port();
        let (shared, queue) = (port.shared.clone(), port.queue.clone());
        port.notify.notify();
        let (far, far_queue) = (shared.clone(), queue.clone());
        let far = thread::spawn(move || {
            far_queue.push(1);
            far.mark();
        });
        loop {
            port.wait_until_ready();
            shared.look();
            if queue.try_pop().is_some() {
                break;
            }
        }
        far.join().unwrap();
    });
}

#[test]
fn a_near_end_that_waits_for_space_is_woken() {
    model(|| {
        let port = port();
        let shared = port.shared.clone();
        let far = shared.clone();
        let far = thread::spawn(move || {
            far.take(1);
            far.take(1);
        });
        let mut space = 0;
        while space < 2 {
            space += shared.look().1;
            if space < 2 && !shared.want_space() {
                port.wait_until_ready();
            }
        }
        far.join().unwrap();
    });
}

#[test]
fn a_scheduler_that_waits_for_a_busy_far_end_is_woken_when_it_is_idle_and_not_before() {
    model(|| {
        let port = port();
        let (shared, queue) = (port.shared.clone(), port.queue.clone());
        let has_worked = Arc::new(AtomicBool::new(false));
        let (far, far_queue, far_worked) = (shared.clone(), queue.clone(), has_worked.clone());
        let far = thread::spawn(move || {
            // As in `Far::recv`: it is idle while it waits, and it reports the taken message after it stops being idle.
            let idling = far.begin_idling();
            far_queue.pop();
            drop(idling);
            far.take(1);
            far_worked.store(true, Ordering::Relaxed);
            // Idle from here on.
            std::mem::forget(far.begin_idling());
        });
        queue.push(1);
        loop {
            port.ready.await_idle();
            if shared.waits_for_near(1) {
                break;
            }
            port.notified.recv();
        }
        assert!(has_worked.load(Ordering::Relaxed), "it becomes idle only after it has done its work");
        far.join().unwrap();
    });
}

#[test]
fn a_far_end_that_stops_waiting_by_itself_is_noticed() {
    model(|| {
        let port = port();
        let shared = port.shared.clone();
        let far = shared.clone();
        let far = thread::spawn(move || {
            // A wait that is cancelled, for example by a timeout. From then on, the far end is working.
            drop(far.begin_idling());
        });
        // As in `Near::settle`.
        let mut is_settled = shared.waits_for_near(0);
        if is_settled {
            shared.settle();
            is_settled = shared.waits_for_near(0);
        }
        if is_settled {
            // The scheduler does not check the port again until it is reported.
            port.wait_until_ready();
        }
        far.join().unwrap();
        assert!(!shared.waits_for_near(0));
    });
}

#[test]
fn a_far_end_that_is_woken_by_a_message_does_not_mark_its_port() {
    model(|| {
        let port = port();
        let (shared, queue) = (port.shared.clone(), port.queue.clone());
        let (far, far_queue) = (shared.clone(), queue.clone());
        let far = thread::spawn(move || {
            let idling = far.begin_idling();
            far_queue.pop();
            drop(idling);
        });
        if shared.waits_for_near(0) {
            shared.settle();
            assert!(shared.unsettle(), "nothing but a message ends the wait");
        }
        queue.push(1);
        far.join().unwrap();
        assert!(!port.ready.has_any());
    });
}
