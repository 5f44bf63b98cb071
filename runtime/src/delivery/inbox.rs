//! Inbox: bounded storage that wakes its owner when a message arrives and senders when space becomes free.
//!
//! Owned by its component, touched only on the scheduler thread. A message is in the final inbox before `send`
//! completes (BOX-7). Not here: how it gets there (see `outbox`), and which boxes are linked (see `postoffice`).

use std::cell::Cell;
use std::rc::Rc;

use super::box_name::BoxName;
use super::boxes::Named;
use super::ring::Ring;
use super::run_queue::RunQueue;
use super::waiters::Waiters;
use super::wake_state::{EndRequest, WakeState};
use crate::message::Message;
use crate::topology::{FullPolicy, InboxLimit};

/// The name of the empty entry that a deleted box leaves behind. A project cannot contain this name.
pub(crate) const DELETED: &str = "\0";

/// Whether the owner of an inbox can still take messages out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reception {
    /// It can.
    Open,
    /// The owner crashed: waiting messages are kept for a restart, messages that no longer fit are dropped, and no sender
    /// is blocked (R10).
    Crashed,
    /// The owner has finished: every message is dropped and counted (LINK-23).
    Finished,
}

/// How deliveries are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InboxState {
    /// An open data inbox: the fast path applies.
    OpenData,
    /// An open control inbox: a message may ask the owner to end.
    OpenControl,
    Crashed,
    Finished,
}

/// The highest bit for inboxes; the bits above it are `WAIT_SPACE` and so on. All further inboxes of a component share it,
/// so that a message in one of them makes the component check them all.
const LAST_WAKE_BIT: usize = 27;

/// The capacity of an inbox without a limit.
const NO_LIMIT: u32 = u32::MAX;

/// Messages on their way to one component.
pub(crate) struct Inbox {
    pub name: BoxName,
    pub owner: Rc<WakeState>,
    /// Bit for [`WakeState::wait_for`] that stands for this inbox.
    pub wake_bit: u32,
    pub is_control: bool,
    pub queue: Ring,
    /// [`NO_LIMIT`] for none.
    capacity: Cell<u32>,
    pub policy: Cell<FullPolicy>,
    state: Cell<InboxState>,
    /// Linked onward: it stores nothing itself (BOX-17).
    pub forwarded: Cell<bool>,
    /// Messages dropped as the oldest: they left the queue without being taken.
    evicted: Cell<u64>,
    pub dropped: Cell<u64>,
    deepest: Cell<u32>,
    /// Routes that lead here from components that are still running.
    pub live_sources: Cell<u32>,
    /// Routes that lead here from components that have ended.
    pub finished_sources: Cell<u32>,
    /// Senders that wait for space.
    pub waiters: Waiters,
}

/// Whether an inbox currently accepts a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Yes.
    Accepted,
    /// No: the sender waits, or gets the message back.
    Full,
    /// No, and by the inbox's policy the sender fails.
    Fail,
}

/// Result of trying the fast path of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FastDelivery {
    /// The fast path does not apply; nothing has happened.
    Refused,
    /// Delivered.
    Done,
    /// Delivered, and the caller must wake the inbox's owner.
    DoneAndWake,
}

impl Named for Rc<Inbox> {
    type Direct = Inbox;

    fn name(&self) -> &BoxName {
        &self.name
    }

    fn direct(&self) -> Option<Rc<Inbox>> {
        Some(self.clone())
    }
}

impl Inbox {
    pub fn new(name: BoxName, owner: Rc<WakeState>, index: usize, capacity: Option<usize>, policy: FullPolicy) -> Self {
        let inbox = Self {
            is_control: &*name == "control",
            state: Cell::new(InboxState::OpenData),
            name,
            owner,
            wake_bit: 1 << index.min(LAST_WAKE_BIT),
            queue: Ring::default(),
            capacity: Cell::new(NO_LIMIT),
            policy: Cell::new(policy),
            forwarded: Cell::new(false),
            evicted: Cell::new(0),
            dropped: Cell::new(0),
            deepest: Cell::new(0),
            live_sources: Cell::new(0),
            finished_sources: Cell::new(0),
            waiters: Waiters::default(),
        };
        inbox.set_capacity(capacity);
        inbox.set_reception(Reception::Open);
        inbox
    }

    /// Opens or closes the inbox.
    pub fn set_reception(&self, reception: Reception) {
        self.state.set(match reception {
            Reception::Open if self.is_control => InboxState::OpenControl,
            Reception::Open => InboxState::OpenData,
            Reception::Crashed => InboxState::Crashed,
            Reception::Finished => InboxState::Finished,
        });
        self.update_fast_limit();
    }

    /// How many messages it may hold; `None` for no limit.
    pub fn capacity(&self) -> Option<usize> {
        Some(self.capacity.get()).filter(|capacity| *capacity != NO_LIMIT).map(|capacity| capacity as usize)
    }

    /// Sets the limit; drops nothing.
    pub fn set_capacity(&self, capacity: Option<usize>) {
        self.capacity.set(capacity.map_or(NO_LIMIT, |capacity| u32::try_from(capacity).unwrap_or(NO_LIMIT)));
        self.update_fast_limit();
    }

    /// The fast path applies up to this depth: there is space, and the high-water mark does not change.
    fn update_fast_limit(&self) {
        let is_data = self.state.get() == InboxState::OpenData;
        self.queue.set_fast_limit(if is_data { self.capacity.get().min(self.deepest.get()) } else { 0 });
    }

    /// Messages that the owner has taken, or that were moved on along a link.
    pub fn taken(&self) -> u64 {
        self.queue.popped() - self.evicted.get()
    }

    /// Messages that have been in the inbox and no longer are.
    pub fn gone(&self) -> u64 {
        self.queue.popped()
    }

    fn is_full(&self) -> bool {
        !self.has_space_for(1)
    }

    /// Whether this many messages fit. If the limit is smaller than that, the inbox must be empty.
    fn has_space_for(&self, count: usize) -> bool {
        let capacity = self.capacity.get() as usize;
        self.queue.len() + count.min(capacity.max(1)) <= capacity
    }

    /// The largest number of messages that ever waited.
    pub fn deepest(&self) -> usize {
        self.deepest.get() as usize
    }

    /// The common case of a delivery: stores the message if the fast path applies, otherwise leaves it in `message`. Does
    /// not wake the owner.
    #[inline]
    pub fn accept_fast(&self, message: &mut Option<Message>) -> FastDelivery {
        if !self.queue.push_fast(message) {
            FastDelivery::Refused
        } else if self.owner.waits_for(self.wake_bit) {
            FastDelivery::DoneAndWake
        } else {
            FastDelivery::Done
        }
    }

    /// Whether a message would be accepted now.
    pub fn admission(&self) -> Admission {
        self.admission_of(1)
    }

    /// Whether this many messages would be accepted now, or as many as the limit allows.
    pub fn admission_of(&self, count: usize) -> Admission {
        if self.reception() != Reception::Open || self.has_space_for(count) {
            return Admission::Accepted;
        }
        match self.policy.get() {
            FullPolicy::Block => Admission::Full,
            FullPolicy::Fail => Admission::Fail,
            FullPolicy::DropOldest | FullPolicy::DropNewest => Admission::Accepted,
        }
    }

    /// Stores the message and wakes the owner (WAKE-1). It must have been admitted, or may exceed the limit on purpose
    /// (`may_exceed`: a moved backlog, a message injected by hand).
    pub fn accept(&self, run_queue: &RunQueue, message: Message, may_exceed: bool) {
        match self.reception() {
            Reception::Open => {}
            Reception::Crashed if !self.is_full() => {}
            Reception::Crashed | Reception::Finished => {
                self.dropped.set(self.dropped.get() + 1);
                return;
            }
        }
        if self.is_control {
            self.note_control(&message);
        }
        if !may_exceed && self.is_full() {
            match self.policy.get() {
                FullPolicy::DropOldest => {
                    self.dropped.set(self.dropped.get() + 1);
                    if self.queue.pop().is_none() {
                        return;
                    }
                    self.evicted.set(self.evicted.get() + 1);
                }
                FullPolicy::DropNewest => {
                    self.dropped.set(self.dropped.get() + 1);
                    return;
                }
                FullPolicy::Block | FullPolicy::Fail => {}
            }
        }
        self.queue.push(message);
        self.deepest.set(self.deepest.get().max(self.queue.len() as u32));
        self.update_fast_limit();
        self.wake_owner(run_queue);
    }

    /// Wakes the owner if it waits for this inbox.
    pub fn wake_owner(&self, run_queue: &RunQueue) {
        if self.owner.waits_for(self.wake_bit) {
            run_queue.wake(&self.owner);
        }
    }

    /// Wakes the owner if it waits for this inbox, whose stream has ended because its sources have changed.
    pub fn wake_at_end(&self, run_queue: &RunQueue) {
        if self.sources_have_ended() {
            self.wake_owner(run_queue);
        }
    }

    fn note_control(&self, message: &Message) {
        let asked = match message {
            Message::ProducerFinished => EndRequest::Finish,
            Message::Shutdown => EndRequest::Shutdown,
            _ => return,
        };
        self.owner.request_end(asked);
    }

    /// Takes the oldest message out and wakes senders that wait for space (WAKE-4).
    pub fn take(&self, run_queue: &RunQueue) -> Option<Message> {
        let left = self.depth().checked_sub(1)?;
        if self.waiters.has_unnotified() {
            self.notify_waiters_at(run_queue, left);
        }
        self.queue.pop()
    }

    /// Whether there is a message, and no sender must be woken when it is taken.
    #[inline]
    pub fn can_take_fast(&self) -> bool {
        self.depth() > 0 && !self.waiters.has_unnotified()
    }

    /// Wakes as many waiting senders as there is space for, in order of arrival.
    pub fn notify_waiters(&self, run_queue: &RunQueue) {
        self.notify_waiters_at(run_queue, self.depth());
    }

    /// The same for a given depth.
    #[cold]
    #[inline(never)]
    fn notify_waiters_at(&self, run_queue: &RunQueue, depth: usize) {
        let free = match self.reception() {
            Reception::Open => (self.capacity.get() as usize).saturating_sub(depth),
            Reception::Crashed | Reception::Finished => usize::MAX,
        };
        self.waiters.notify(run_queue, free);
    }

    /// Whether there was a source and all sources have finished (R9). Removing a link by hand does not finish its source.
    pub fn sources_have_ended(&self) -> bool {
        self.live_sources.get() == 0 && self.finished_sources.get() > 0
    }

    pub fn reception(&self) -> Reception {
        match self.state.get() {
            InboxState::OpenData | InboxState::OpenControl => Reception::Open,
            InboxState::Crashed => Reception::Crashed,
            InboxState::Finished => Reception::Finished,
        }
    }

    #[inline]
    pub fn depth(&self) -> usize {
        self.queue.len()
    }

    /// Drops and counts all waiting messages.
    pub fn clear(&self) {
        let dropped = self.queue.clear() as u64;
        self.dropped.set(self.dropped.get() + dropped);
        self.update_fast_limit();
    }

    /// Sets limit and policy; drops nothing (BOX-23).
    pub fn set_limit(&self, run_queue: &RunQueue, limit: InboxLimit) {
        self.set_capacity(limit.capacity);
        self.policy.set(limit.policy);
        self.notify_waiters(run_queue);
    }

    /// Closes an inbox that is being deleted: a component that still waits on it sees the end of the stream.
    pub fn close_for_good(&self, run_queue: &RunQueue) {
        self.set_reception(Reception::Finished);
        self.clear();
        self.live_sources.set(0);
        self.finished_sources.set(1);
        self.notify_waiters(run_queue);
    }
}
