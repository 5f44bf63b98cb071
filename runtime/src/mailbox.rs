//! Inbox, Outbox and Route: bounded storage, delivery, wake on arrival and wake on room.
//!
//! Owned by the components' cores, touched only on the scheduler thread. An outbox stores nothing (BOX-9); a message is
//! in the final inbox before `send` is done (BOX-7). Not here: who is linked to whom (see `postoffice`).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::component::FullPolicy;
use crate::ids::LinkageId;
use crate::introspect::snapshot::{DeliverySample, TAP_LIMIT};
use crate::message::Message;
use crate::room::RoomQueue;
use crate::scheduler::kernel::Kernel;
use crate::scheduler::pulse::Pulse;

/// The name of the empty place that a deleted box leaves behind. No project can spell it.
pub(crate) const DELETED: &str = "\0";

/// What a component has been asked to do on `control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// Nothing.
    No,
    /// Finish what is waiting, then end (SHUT-3).
    Finish,
    /// End at once (SHUT-4).
    Shutdown,
}

/// Whether the owner of an inbox can still take messages out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reception {
    /// It can.
    Open,
    /// The owner crashed: what waits is kept for a restart, what no longer fits is dropped; nobody is held up (R10).
    Crashed,
    /// The owner has finished: everything is dropped and counted (LINK-23).
    Finished,
}

/// Storage for messages on their way to one component.
pub(crate) struct Inbox {
    pub name: Arc<str>,
    pub owner: Rc<Pulse>,
    /// An open data inbox, about which nothing special is to be known: the common case of a delivery.
    plain: Cell<bool>,
    /// Bit in [`Pulse::waits`] that stands for this inbox.
    pub wake_bit: u32,
    pub is_control: bool,
    pub queue: RefCell<VecDeque<Message>>,
    /// `usize::MAX` for no limit.
    pub capacity: Cell<usize>,
    pub policy: Cell<FullPolicy>,
    reception: Cell<Reception>,
    /// Linked onward: stores nothing of its own (BOX-17).
    pub forwarded: Cell<bool>,
    pub taken: Cell<u64>,
    pub dropped: Cell<u64>,
    pub deepest: Cell<usize>,
    /// Routes that lead here from components that are still going.
    pub live_sources: Cell<u32>,
    /// Routes that lead here from components that have ended.
    pub finished_sources: Cell<u32>,
    /// Senders waiting for room, first come first served. A sender keeps its place until its send is done.
    pub room: RoomQueue,
    /// For `control` only: the strongest request so far.
    pub asked: Cell<Ending>,
}

/// What a full or closed inbox says to a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Deliver.
    Room,
    /// Wait, or give the message back.
    Full,
    /// The policy is to fail.
    Fail,
}

impl Inbox {
    pub fn new(name: Arc<str>, owner: Rc<Pulse>, index: usize, capacity: Option<usize>, policy: FullPolicy) -> Self {
        Self {
            is_control: &*name == "control",
            plain: Cell::new(&*name != "control"),
            name,
            owner,
            wake_bit: 1 << index.min(27),
            queue: RefCell::new(VecDeque::new()),
            capacity: Cell::new(capacity.unwrap_or(usize::MAX)),
            policy: Cell::new(policy),
            reception: Cell::new(Reception::Open),
            forwarded: Cell::new(false),
            taken: Cell::new(0),
            dropped: Cell::new(0),
            deepest: Cell::new(0),
            live_sources: Cell::new(0),
            finished_sources: Cell::new(0),
            room: RoomQueue::default(),
            asked: Cell::new(Ending::No),
        }
    }

    /// Opens or closes the inbox.
    pub fn set_reception(&self, reception: Reception) {
        self.reception.set(reception);
        self.plain.set(reception == Reception::Open && !self.is_control);
    }

    /// The common case of a delivery, in one go: takes the message in if the inbox is plain and has room; else leaves it.
    #[inline]
    fn accept_plain(&self, kernel: &Kernel, message: &mut Option<Message>) -> bool {
        if !self.plain.get() {
            return false;
        }
        let mut queue = self.queue.borrow_mut();
        let depth = queue.len();
        if depth >= self.capacity.get() {
            return false;
        }
        queue.extend(message.take());
        if depth >= self.deepest.get() {
            self.deepest.set(depth + 1);
        }
        drop(queue);
        if self.owner.waits.get() & self.wake_bit != 0 {
            kernel.wake(&self.owner);
        }
        true
    }

    /// Whether a message would be taken in now.
    pub fn admission(&self) -> Admission {
        if self.reception.get() != Reception::Open || self.queue.borrow().len() < self.capacity.get() {
            return Admission::Room;
        }
        match self.policy.get() {
            FullPolicy::Block => Admission::Full,
            FullPolicy::Fail => Admission::Fail,
            _ => Admission::Room,
        }
    }

    /// Takes the message in and wakes the owner (WAKE-1). Must have been admitted, or may exceed the limit on purpose
    /// (a moved backlog, a message put in by hand).
    pub fn accept(&self, kernel: &Kernel, message: Message, may_exceed: bool) {
        match self.reception.get() {
            Reception::Open => {}
            Reception::Crashed if self.queue.borrow().len() < self.capacity.get() => {}
            Reception::Crashed | Reception::Finished => {
                self.dropped.set(self.dropped.get() + 1);
                return;
            }
        }
        if self.is_control {
            self.note_control(&message);
        }
        let mut queue = self.queue.borrow_mut();
        if !may_exceed && queue.len() >= self.capacity.get() {
            match self.policy.get() {
                FullPolicy::DropOldest => {
                    self.dropped.set(self.dropped.get() + 1);
                    if queue.pop_front().is_none() {
                        return;
                    }
                }
                FullPolicy::DropNewest => {
                    self.dropped.set(self.dropped.get() + 1);
                    return;
                }
                FullPolicy::Block | FullPolicy::Fail => {}
            }
        }
        queue.push_back(message);
        if queue.len() > self.deepest.get() {
            self.deepest.set(queue.len());
        }
        drop(queue);
        if self.owner.waits.get() & self.wake_bit != 0 {
            kernel.wake(&self.owner);
        }
    }

    fn note_control(&self, message: &Message) {
        let asked = match message {
            Message::ProducerFinished => Ending::Finish,
            Message::Shutdown => Ending::Shutdown,
            _ => return,
        };
        self.asked.set(self.asked.get().max(asked));
    }

    /// Takes the oldest message out and wakes those who wait for room (WAKE-4).
    #[inline]
    pub fn take(&self, kernel: &Kernel) -> Option<Message> {
        let message = self.queue.borrow_mut().pop_front()?;
        self.taken.set(self.taken.get() + 1);
        if self.room.has_untold() {
            self.wake_room(kernel);
        }
        Some(message)
    }

    /// Wakes as many waiting senders as there is room for, in the order in which they came.
    #[cold]
    pub fn wake_room(&self, kernel: &Kernel) {
        let free = match self.reception.get() {
            Reception::Open => self.capacity.get().saturating_sub(self.queue.borrow().len()),
            Reception::Crashed | Reception::Finished => usize::MAX,
        };
        self.room.tell(kernel, free);
    }

    /// Every source has finished, and there was one (R9). Removing a source by hand is not finishing.
    pub fn sources_have_ended(&self) -> bool {
        self.live_sources.get() == 0 && self.finished_sources.get() > 0
    }

    pub fn reception(&self) -> Reception {
        self.reception.get()
    }

    pub fn depth(&self) -> usize {
        self.queue.borrow().len()
    }

    /// Drops what waits, counting it.
    pub fn clear(&self) {
        let dropped = std::mem::take(&mut *self.queue.borrow_mut()).len();
        self.dropped.set(self.dropped.get() + dropped as u64);
    }
}

/// One way out of an outbox: a chain of linkages that ends in a final inbox.
pub(crate) struct Route {
    /// The linkages of the chain, first to last.
    pub path: SmallVec<[LinkageId; 1]>,
    pub sink: Rc<Inbox>,
    pub delivered: Cell<u64>,
    /// How many more deliveries to look at before the next snapshot.
    pub samples_left: Cell<u8>,
    pub tapped: Cell<bool>,
    pub traced: Cell<bool>,
    /// Source and sink as a trace names them, if anybody traces.
    pub names: RefCell<Option<(Arc<str>, Arc<str>)>>,
    pub samples: RefCell<Vec<DeliverySample>>,
    pub last: RefCell<Option<DeliverySample>>,
    pub tap: RefCell<VecDeque<DeliverySample>>,
    source_ended: Cell<bool>,
    detached: Cell<bool>,
}

impl Route {
    /// Makes a route and counts it among the sources of its sink.
    pub fn attach(path: SmallVec<[LinkageId; 1]>, sink: Rc<Inbox>, source_ended: bool) -> Rc<Self> {
        let count = if source_ended { &sink.finished_sources } else { &sink.live_sources };
        count.set(count.get() + 1);
        Rc::new(Self {
            path,
            sink,
            delivered: Cell::new(0),
            samples_left: Cell::new(crate::introspect::snapshot::SAMPLES_PER_SNAPSHOT as u8),
            tapped: Cell::new(false),
            names: RefCell::new(None),
            traced: Cell::new(false),
            samples: RefCell::new(Vec::new()),
            last: RefCell::new(None),
            tap: RefCell::new(VecDeque::new()),
            source_ended: Cell::new(source_ended),
            detached: Cell::new(false),
        })
    }

    /// Takes the route out of the count of its sink's sources. Removing is not finishing.
    pub fn detach(&self) {
        if self.detached.replace(true) {
            return;
        }
        let count = if self.source_ended.get() { &self.sink.finished_sources } else { &self.sink.live_sources };
        count.set(count.get().saturating_sub(1));
    }

    /// The source has ended (true) or lives again (false).
    pub fn set_source_ended(&self, kernel: &Kernel, ended: bool) {
        if self.detached.get() || self.source_ended.replace(ended) == ended {
            return;
        }
        let (less, more) = if ended {
            (&self.sink.live_sources, &self.sink.finished_sources)
        } else {
            (&self.sink.finished_sources, &self.sink.live_sources)
        };
        less.set(less.get().saturating_sub(1));
        more.set(more.get() + 1);
        if ended && self.sink.owner.waits.get() & self.sink.wake_bit != 0 {
            kernel.wake(&self.sink.owner);
        }
    }

    fn is_watched(&self) -> bool {
        self.samples_left.get() > 0 || self.tapped.get() || self.traced.get()
    }

    /// Moves one admitted message into the sink, leaving a sample if somebody looks.
    pub fn deliver(&self, kernel: &Kernel, message: Message) {
        let delivered = self.delivered.get() + 1;
        self.delivered.set(delivered);
        if self.is_watched() {
            self.look(kernel, delivered, &message);
        }
        self.sink.accept(kernel, message, false);
    }

    #[cold]
    fn look(&self, kernel: &Kernel, sequence: u64, message: &Message) {
        if self.traced.get() {
            kernel.trace(self, sequence, message);
        }
        let sample = DeliverySample { sequence, at: kernel.now(), pass: kernel.pass.get(), message: message.clone() };
        if self.tapped.get() {
            let mut tap = self.tap.borrow_mut();
            if tap.len() == TAP_LIMIT {
                tap.pop_front();
            }
            tap.push_back(sample.clone());
        }
        let left = self.samples_left.get();
        if left > 0 {
            self.samples_left.set(left - 1);
            self.samples.borrow_mut().push(sample.clone());
            *self.last.borrow_mut() = Some(sample);
        }
    }
}

/// Where a component lets go of messages.
#[derive(Default)]
pub(crate) struct Outbox {
    pub name: Arc<str>,
    pub is_signal: bool,
    pub is_finished: Cell<bool>,
    pub routes: RefCell<SmallVec<[Rc<Route>; 1]>>,
    pub sent: Cell<u64>,
    pub discarded: Cell<u64>,
}

impl Outbox {
    pub fn new(name: Arc<str>) -> Self {
        Self { is_signal: &*name == "signal", name, ..Self::default() }
    }

    /// The inbox that has no room, or that fails, if there is one (R8: a fanned-out message waits until all have room).
    pub fn obstacle(&self) -> Option<(Rc<Inbox>, Admission)> {
        self.routes.borrow().iter().find_map(|route| match route.sink.admission() {
            Admission::Room => None,
            other => Some((route.sink.clone(), other)),
        })
    }

    /// The common case of a send, in one go: one link, nobody looking, room behind it. Else leaves the message.
    #[inline]
    pub fn deliver_plain(&self, kernel: &Kernel, message: &mut Option<Message>) -> bool {
        let routes = self.routes.borrow();
        let [route] = routes.as_slice() else { return false };
        if route.is_watched() || !route.sink.accept_plain(kernel, message) {
            return false;
        }
        route.delivered.set(route.delivered.get() + 1);
        self.sent.set(self.sent.get() + 1);
        kernel.deliveries.set(kernel.deliveries.get() + 1);
        true
    }

    /// Delivers to every link; all must have room. Without a link the message is discarded and counted (BOX-9).
    pub fn deliver(&self, kernel: &Kernel, message: Message) {
        self.sent.set(self.sent.get() + 1);
        let routes = self.routes.borrow();
        match routes.as_slice() {
            [] => self.discarded.set(self.discarded.get() + 1),
            [only] => {
                kernel.count_delivery();
                only.deliver(kernel, message);
            }
            [rest @ .., last] => {
                kernel.count_delivery();
                for route in rest {
                    route.deliver(kernel, message.clone());
                }
                last.deliver(kernel, message);
            }
        }
    }
}
