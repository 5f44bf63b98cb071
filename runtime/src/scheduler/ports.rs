//! Ports: the open ports of one scheduler, and which of them must be drained.
//!
//! Owned by the scheduler, touched only on its thread; other threads report through [`ReadyPorts`]. The cost of one event does
//! not depend on the number of open ports: only reported ports are drained, and ports whose far end waits for something
//! outside (a socket, for example) are not polled one by one.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use crate::introspect::record::PortEvent;
use crate::notify::Notify;
use crate::ready_ports::ReadyPorts;

/// What an open port is doing, as far as the scheduler can know; decides whether a virtual clock may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Activity {
    /// The far end has ended and all its messages were received.
    Closed,
    /// The far end waits for the component.
    Idle,
    /// The far end waits for something outside, perhaps forever.
    Open,
    /// The far end is working and will answer; for example, a thread that runs its own code.
    Busy,
}

/// The near end of a port, as the scheduler uses it.
pub(crate) trait Drain {
    /// Takes over what has happened at the far end, while there is space for messages, and wakes the component.
    fn drain(&self);
    /// Repeats an event from a recording.
    fn replay(&self, event: &PortEvent);
    /// What the port is doing now.
    fn activity(&self) -> Activity;
    /// Whether the far end may wait for something outside, so that waiting for it is not a stall.
    fn stays_open(&self) -> bool;
    /// Whether the far end has ended and all its messages were received.
    fn has_ended(&self) -> bool;
    /// Whether the far end is another scheduler of the same cluster.
    fn is_bridge(&self) -> bool;
}

/// The open ports of one scheduler.
pub(crate) struct Ports {
    open: RefCell<BTreeMap<u64, Weak<dyn Drain>>>,
    /// Ports whose far end is expected to answer.
    answering: RefCell<BTreeSet<u64>>,
    /// Ports whose far end may wait for something outside.
    listening: RefCell<BTreeSet<u64>>,
    last_number: Cell<u64>,
    /// Ports to drain that were marked on the scheduler's own thread.
    marked: RefCell<Vec<u64>>,
    ready: Arc<ReadyPorts>,
}

impl Ports {
    pub fn new(notify: Notify) -> Self {
        Self {
            open: RefCell::default(),
            answering: RefCell::default(),
            listening: RefCell::default(),
            last_number: Cell::new(0),
            marked: RefCell::default(),
            ready: Arc::new(ReadyPorts::new(notify)),
        }
    }

    /// Where far ends report that their port must be drained.
    pub fn ready(&self) -> &Arc<ReadyPorts> {
        &self.ready
    }

    /// The number of the next port to open, from 1.
    pub fn next_number(&self) -> u64 {
        self.last_number.set(self.last_number.get() + 1);
        self.last_number.get()
    }

    /// Adds a port that has just been opened; it is drained at the next safe point.
    pub fn add(&self, number: u64, port: Weak<dyn Drain>) {
        self.open.borrow_mut().insert(number, port);
        self.answering.borrow_mut().insert(number);
        self.mark(number);
    }

    /// Forgets a port that is being dropped.
    pub fn remove(&self, number: u64) {
        self.open.borrow_mut().remove(&number);
        self.answering.borrow_mut().remove(&number);
        self.listening.borrow_mut().remove(&number);
    }

    /// Marks a port to be drained at the next safe point.
    pub fn mark(&self, number: u64) {
        self.marked.borrow_mut().push(number);
    }

    /// Whether a port waits to be drained.
    pub fn has_marked(&self) -> bool {
        !self.marked.borrow().is_empty() || self.ready.has_any()
    }

    /// Whether no port is open.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.open.borrow().is_empty() && self.answering.borrow().is_empty() && self.listening.borrow().is_empty()
    }

    fn port(&self, number: u64) -> Option<Rc<dyn Drain>> {
        self.open.borrow().get(&number)?.upgrade()
    }

    /// Forgets which ports were reported: in a replay, only the recording says what arrived.
    pub fn forget_marks(&self) {
        self.take_marked();
    }

    fn take_marked(&self) -> Vec<u64> {
        if !self.has_marked() {
            return Vec::new();
        }
        let mut numbers = self.marked.take();
        self.ready.take_into(&mut numbers);
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Drains the reported ports, in the order in which they were opened.
    pub fn drain(&self) {
        for number in self.take_marked() {
            if let Some(port) = self.port(number) {
                port.drain();
                self.classify(number, &*port);
            }
        }
    }

    /// Passes an event of a recording to its port.
    pub fn replay(&self, number: u64, event: &PortEvent) {
        if let Some(port) = self.port(number) {
            port.replay(event);
        }
    }

    fn classify(&self, number: u64, port: &dyn Drain) {
        let set = |set: &RefCell<BTreeSet<u64>>, belongs: bool| {
            let mut set = set.borrow_mut();
            if belongs {
                set.insert(number)
            } else {
                set.remove(&number)
            };
        };
        set(&self.answering, !port.has_ended() && !port.stays_open());
        set(&self.listening, !port.has_ended() && port.stays_open());
    }

    /// What the busiest port is doing.
    pub fn activity(&self) -> Activity {
        if self.has_marked() {
            return Activity::Busy;
        }
        let answering = self.answering.borrow();
        let mut busiest = Activity::Closed;
        for port in answering.iter().filter_map(|number| self.port(*number)) {
            busiest = busiest.max(port.activity());
            if busiest == Activity::Busy {
                return busiest;
            }
        }
        let listening = self.listening.borrow();
        for port in listening.iter().filter_map(|number| self.port(*number)) {
            busiest = busiest.max(port.activity());
            if busiest >= Activity::Open {
                return busiest;
            }
        }
        busiest
    }

    /// Whether `test` holds for any open port. Checks all of them, so it is for rare use only.
    pub fn any(&self, test: impl Fn(&dyn Drain) -> bool) -> bool {
        let open = self.open.borrow();
        open.values().filter_map(Weak::upgrade).any(|port| test(&*port))
    }
}
