//! Ports: the open ports of one scheduler, and which of them must be drained.
//!
//! Owned by the scheduler, touched only on its thread; other threads report through [`ReadyPorts`]. The cost of one
//! event does not depend on the number of open ports: only reported ports are drained, and a port that was found idle
//! is not checked again until one of its ends has done something.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use crate::introspect::record::PortEvent;
use crate::notify::Notify;
use crate::ready_ports::ReadyPorts;

/// The activity of an open port, as far as the scheduler can tell; determines whether a virtual clock may jump.
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
    /// Takes over the events at the far end, while there is space for messages, and wakes the component.
    fn drain(&self);
    /// Repeats an event from a recording.
    fn replay(&self, event: &PortEvent);
    /// The current activity of the port.
    fn activity(&self) -> Activity;
    /// If the port is idle, asks both ends to mark it or to call [`Ports::unsettle`] when that may change. False if it is not
    /// idle.
    fn settle(&self) -> bool;
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
    /// Ports whose far end is expected to answer, and that are not known to be idle.
    answering: RefCell<BTreeSet<u64>>,
    /// Ports whose far end may wait for something outside, and that are not known to be idle.
    listening: RefCell<BTreeSet<u64>>,
    /// Ports that were found idle; nothing has happened at either end since.
    settled: RefCell<BTreeSet<u64>>,
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
            settled: RefCell::default(),
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
        self.settled.borrow_mut().remove(&number);
    }

    /// Checks a settled port again when the scheduler is next idle, because its near end has done something.
    pub fn unsettle(&self, number: u64) {
        if let Some(port) = self.port(number) {
            self.classify(number, &*port);
        }
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
        [&self.answering, &self.listening, &self.settled].iter().all(|set| set.borrow().is_empty())
            && self.open.borrow().is_empty()
    }

    fn port(&self, number: u64) -> Option<Rc<dyn Drain>> {
        self.open.borrow().get(&number)?.upgrade()
    }

    /// Forgets which ports were reported: in a replay, only the recording determines the arrivals.
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

    /// Drains the reported ports, in the order they were opened.
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
        set(&self.settled, false);
    }

    /// The activity of the busiest port. Checks one port that is not idle, and once each port that has become idle.
    pub fn activity(&self) -> Activity {
        if self.has_marked() || self.find_unsettled(&self.answering).is_some() {
            return Activity::Busy;
        }
        if let Some(port) = self.find_unsettled(&self.listening) {
            return port.activity();
        }
        if self.settled.borrow().is_empty() { Activity::Closed } else { Activity::Idle }
    }

    /// The first port of a set that is not idle; settles those before it.
    fn find_unsettled(&self, set: &RefCell<BTreeSet<u64>>) -> Option<Rc<dyn Drain>> {
        loop {
            let number = set.borrow().first().copied()?;
            let port = self.port(number);
            let is_open = port.is_some();
            if let Some(port) = port.filter(|port| !port.settle()) {
                return Some(port);
            }
            set.borrow_mut().remove(&number);
            if is_open {
                self.settled.borrow_mut().insert(number);
            }
        }
    }

    /// Whether `test` holds for any open port. Checks all of them, so use it rarely.
    pub fn any(&self, test: impl Fn(&dyn Drain) -> bool) -> bool {
        let open = self.open.borrow();
        open.values().filter_map(Weak::upgrade).any(|port| test(&*port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A port that counts how often it is checked.
    struct FakePort {
        activity: Cell<Activity>,
        stays_open: bool,
        looks: Rc<Cell<usize>>,
    }

    impl Drain for FakePort {
        fn drain(&self) {}

        fn replay(&self, _: &PortEvent) {}

        fn activity(&self) -> Activity {
            self.activity.get()
        }

        fn settle(&self) -> bool {
            self.looks.set(self.looks.get() + 1);
            self.activity() <= Activity::Idle
        }

        fn stays_open(&self) -> bool {
            self.stays_open
        }

        fn has_ended(&self) -> bool {
            self.activity() == Activity::Closed
        }

        fn is_bridge(&self) -> bool {
            false
        }
    }

    /// Open ports with these activities, all drained once, and the number of looks so far.
    fn ports(activities: &[(Activity, bool)]) -> (Ports, Vec<Rc<FakePort>>, Rc<Cell<usize>>) {
        let (ports, looks) = (Ports::new(Notify::new().0), Rc::new(Cell::new(0)));
        let open = |&(activity, stays_open): &(Activity, bool)| {
            let port = Rc::new(FakePort { activity: Cell::new(activity), stays_open, looks: looks.clone() });
            let weak = Rc::downgrade(&port);
            ports.add(ports.next_number(), weak);
            port
        };
        let all = activities.iter().map(open).collect();
        ports.drain();
        (ports, all, looks)
    }

    #[test]
    fn idle_ports_are_looked_at_once() {
        for count in [10, 1000] {
            let (ports, all, looks) = ports(&vec![(Activity::Idle, false); count]);
            assert_eq!(ports.activity(), Activity::Idle);
            assert_eq!(looks.replace(0), count);
            for _ in 0..3 {
                assert_eq!(ports.activity(), Activity::Idle);
            }
            assert_eq!(looks.get(), 0, "nothing has happened since");
            all[5].activity.set(Activity::Busy);
            ports.unsettle(6);
            assert_eq!(ports.activity(), Activity::Busy);
            assert_eq!(looks.get(), 1, "one port of {count} has done something");
        }
    }

    #[test]
    fn one_port_that_is_not_idle_is_enough() {
        for (activity, stays_open) in [(Activity::Busy, false), (Activity::Open, true), (Activity::Busy, true)] {
            let (ports, _all, looks) = ports(&vec![(activity, stays_open); 1000]);
            assert_eq!(ports.activity(), activity);
            assert_eq!(looks.get(), 1);
        }
    }

    #[test]
    fn the_busiest_port_counts() {
        let (idle, open, busy) = ((Activity::Idle, false), (Activity::Open, true), (Activity::Busy, false));
        let stuck = (Activity::Idle, true);
        for (activities, expected) in [
            (vec![], Activity::Closed),
            (vec![(Activity::Closed, false), (Activity::Closed, true)], Activity::Closed),
            (vec![idle, stuck], Activity::Idle),
            (vec![idle, open, stuck], Activity::Open),
            (vec![open, idle, busy], Activity::Busy),
        ] {
            let (ports, _all, _) = ports(&activities);
            for _ in 0..2 {
                assert_eq!(ports.activity(), expected, "{activities:?}");
            }
        }
    }

    #[test]
    fn a_port_that_is_drained_or_closed_is_no_longer_settled() {
        let (ports, all, looks) = ports(&[(Activity::Idle, false); 3]);
        ports.activity();
        looks.set(0);
        all[1].activity.set(Activity::Busy);
        ports.mark(2);
        ports.drain();
        assert_eq!((ports.activity(), looks.get()), (Activity::Busy, 1));
        for number in 1..=3 {
            ports.remove(number);
        }
        assert!(ports.is_empty());
    }
}
