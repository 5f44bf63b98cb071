//! Inbox: bounded storage, wake on arrival and wake on room.
//!
//! Owned by the components' cores, touched only on the scheduler thread. A message is in the final inbox before `send` is
//! done (BOX-7). Not here: how it gets there (see `outbox`), and who is linked to whom (see `postoffice`).

use std::cell::Cell;
use std::rc::Rc;

use crate::box_name::BoxName;
use crate::boxes::Named;
use crate::component::FullPolicy;
use crate::message::Message;
use crate::ring::Ring;
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

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// An open data inbox, about which nothing special is to be known.
    Plain,
    /// Open, and what arrives may ask the owner to end.
    Control,
    Crashed,
    Finished,
}

/// The capacity of an inbox without a limit; more could not be stored.
const NO_LIMIT: u32 = u32::MAX;

/// Storage for messages on their way to one component.
pub(crate) struct Inbox {
    pub name: BoxName,
    pub owner: Rc<Pulse>,
    /// Bit in [`Pulse::waits`] that stands for this inbox.
    pub wake_bit: u32,
    pub is_control: bool,
    pub queue: Ring,
    /// [`NO_LIMIT`] for none.
    capacity: Cell<u32>,
    pub policy: Cell<FullPolicy>,
    door: Cell<Door>,
    /// Linked onward: stores nothing of its own (BOX-17).
    pub forwarded: Cell<bool>,
    /// Messages that were dropped as the oldest: they went out of the queue without being taken.
    evicted: Cell<u64>,
    pub dropped: Cell<u64>,
    deepest: Cell<u32>,
    /// Routes that lead here from components that are still going.
    pub live_sources: Cell<u32>,
    /// Routes that lead here from components that have ended.
    pub finished_sources: Cell<u32>,
    /// Senders waiting for room, first come first served. A sender keeps its place until its send is done.
    pub room: RoomQueue,
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

/// What became of a delivery that was tried without a look at anything special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// It needs a closer look; nothing has happened.
    No,
    /// It is done.
    Done,
    /// It is done, and the owner of the inbox is to be woken.
    DoneButWake,
}

impl Named for Rc<Inbox> {
    type Way = Inbox;

    fn name(&self) -> &BoxName {
        &self.name
    }

    fn way(&self) -> Option<Rc<Inbox>> {
        Some(self.clone())
    }
}

impl Inbox {
    pub fn new(name: BoxName, owner: Rc<Pulse>, index: usize, capacity: Option<usize>, policy: FullPolicy) -> Self {
        let inbox = Self {
            is_control: &*name == "control",
            door: Cell::new(Door::Plain),
            name,
            owner,
            wake_bit: 1 << index.min(27),
            queue: Ring::default(),
            capacity: Cell::new(NO_LIMIT),
            policy: Cell::new(policy),
            forwarded: Cell::new(false),
            evicted: Cell::new(0),
            dropped: Cell::new(0),
            deepest: Cell::new(0),
            live_sources: Cell::new(0),
            finished_sources: Cell::new(0),
            room: RoomQueue::default(),
        };
        inbox.set_capacity(capacity);
        inbox.set_reception(Reception::Open);
        inbox
    }

    /// Opens or closes the inbox.
    pub fn set_reception(&self, reception: Reception) {
        self.door.set(match reception {
            Reception::Open if self.is_control => Door::Control,
            Reception::Open => Door::Plain,
            Reception::Crashed => Door::Crashed,
            Reception::Finished => Door::Finished,
        });
        self.note_easy();
    }

    /// How many messages it may hold; `None` for no limit.
    pub fn capacity(&self) -> Option<usize> {
        Some(self.capacity.get()).filter(|capacity| *capacity != NO_LIMIT).map(|capacity| capacity as usize)
    }

    /// Sets the limit; nothing is dropped.
    pub fn set_capacity(&self, capacity: Option<usize>) {
        self.capacity.set(capacity.map_or(NO_LIMIT, |capacity| u32::try_from(capacity).unwrap_or(NO_LIMIT)));
        self.note_easy();
    }

    /// Deliveries up to here need no look: the inbox is plain, there is room, and as many have waited before.
    fn note_easy(&self) {
        let is_plain = self.door.get() == Door::Plain;
        self.queue.set_easy(if is_plain { self.capacity.get().min(self.deepest.get()) } else { 0 });
    }

    /// Messages that the owner has taken, or that were moved on.
    pub fn taken(&self) -> u64 {
        self.queue.popped() - self.evicted.get()
    }

    fn is_full(&self) -> bool {
        self.queue.len() >= self.capacity.get() as usize
    }

    /// Most messages that ever waited.
    pub fn deepest(&self) -> usize {
        self.deepest.get() as usize
    }

    /// The common case of a delivery: takes the message in if the inbox is plain and has room, but wakes nobody; else leaves
    /// the message.
    #[inline]
    pub fn accept_plain(&self, message: &mut Option<Message>) -> Plain {
        if !self.queue.push_easy(message) {
            Plain::No
        } else if self.owner.waits.get() & self.wake_bit == 0 {
            Plain::Done
        } else {
            Plain::DoneButWake
        }
    }

    /// Whether a message would be taken in now.
    pub fn admission(&self) -> Admission {
        if self.reception() != Reception::Open || !self.is_full() {
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
        self.note_easy();
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
        self.owner.ask(asked);
    }

    /// Takes the oldest message out and wakes those who wait for room (WAKE-4).
    pub fn take(&self, kernel: &Kernel) -> Option<Message> {
        let left = self.depth().checked_sub(1)?;
        if self.room.has_untold() {
            self.wake_room_beside(kernel, left);
        }
        self.queue.pop()
    }

    /// Whether there is a message, and nobody is to be woken when it is taken.
    #[inline]
    pub fn is_plain_to_take(&self) -> bool {
        self.depth() > 0 && !self.room.has_untold()
    }

    /// Wakes as many waiting senders as there is room for, in the order in which they came.
    pub fn wake_room(&self, kernel: &Kernel) {
        self.wake_room_beside(kernel, self.depth());
    }

    /// The same when so many messages wait.
    #[cold]
    #[inline(never)]
    fn wake_room_beside(&self, kernel: &Kernel, waiting: usize) {
        let free = match self.reception() {
            Reception::Open => (self.capacity.get() as usize).saturating_sub(waiting),
            Reception::Crashed | Reception::Finished => usize::MAX,
        };
        self.room.tell(kernel, free);
    }

    /// Every source has finished, and there was one (R9). Removing a source by hand is not finishing.
    pub fn sources_have_ended(&self) -> bool {
        self.live_sources.get() == 0 && self.finished_sources.get() > 0
    }

    pub fn reception(&self) -> Reception {
        match self.door.get() {
            Door::Plain | Door::Control => Reception::Open,
            Door::Crashed => Reception::Crashed,
            Door::Finished => Reception::Finished,
        }
    }

    #[inline]
    pub fn depth(&self) -> usize {
        self.queue.len()
    }

    /// Drops what waits, counting it.
    pub fn clear(&self) {
        let dropped = self.queue.clear() as u64;
        self.dropped.set(self.dropped.get() + dropped);
        self.note_easy();
    }
}
