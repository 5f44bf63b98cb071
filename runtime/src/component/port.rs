//! A port: two bounded queues between a component and something that does not run on its scheduler.
//!
//! The near end belongs to the component, the far end to an outside task or a thread. The state that the near end sees
//! changes only in [`Drain::drain`], at a safe point, in the form of [`PortEvent`]s: a message arrived, space became free, the
//! far end ended. These events can be recorded, and replayed without a far end (R2).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use async_channel::{Receiver, Sender};

use super::far_end::Far;
use super::fault::{Fault, Outcome};
use super::port_state::Shared;
use crate::delivery::wake_state::{EndRequest, WAIT_OTHER, WakeState};
use crate::introspect::record::{PortEvent, Recordable};
use crate::message::Message;
use crate::scheduler::component_core::{Core, WaitNote};
use crate::scheduler::context::RunContext;
use crate::scheduler::ports::{Activity, Drain};

/// How many messages can wait in each direction before the sender must wait.
pub const PORT_LIMIT: usize = 64;

/// The near end of a port. It receives `I` and sends `O`.
pub(crate) struct Near<I, O> {
    number: u64,
    label: Arc<str>,
    wake_state: Rc<WakeState>,
    context: Rc<RunContext>,
    shared: Arc<Shared>,
    incoming: Receiver<I>,
    outgoing: Sender<O>,
    arrived: RefCell<VecDeque<I>>,
    /// At the last drain, there was no space for something that may have arrived.
    has_more: Cell<bool>,
    /// How many more items can be sent before the far end must take some.
    space: Cell<usize>,
    sent_in_all: Cell<usize>,
    ended: RefCell<Option<Outcome>>,
    has_ended: Cell<bool>,
    /// The capacity of both queues.
    limit: usize,
    is_replay: bool,
    /// For a bridge: the near end on the other scheduler, which is the far end of this one.
    pub(super) peer: Option<Arc<Shared>>,
}

impl<I: Recordable + 'static, O: 'static> Near<I, O> {
    /// Opens a port. `stays_open`: the far end may wait for something outside; otherwise, a far end that does not wait for the
    /// component is expected to answer. In a replay there is no far end.
    pub fn open(core: &Rc<Core>, label: &str, stays_open: bool) -> (Rc<Self>, Option<Far<I, O>>) {
        Self::open_with(core, label, stays_open, PORT_LIMIT)
    }

    /// The same as [`Near::open`], with a different queue capacity, at least 1.
    pub fn open_with(core: &Rc<Core>, label: &str, stays_open: bool, limit: usize) -> (Rc<Self>, Option<Far<I, O>>) {
        // A full queue blocks its sender: the far end waits, the near end keeps its message and the component waits.
        let (incoming_tx, incoming) = async_channel::bounded(limit);
        let (outgoing, outgoing_rx) = async_channel::bounded(limit);
        let shared = Arc::new(Shared::new(core.context.ports.ready().clone(), stays_open));
        let near = Self::open_over(core, label, &shared, (incoming, outgoing, limit), None);
        (near, (!core.context.is_replay).then_some(Far { shared, incoming: incoming_tx, outgoing: outgoing_rx }))
    }

    /// Opens a port over existing queues.
    pub(super) fn open_over(
        core: &Rc<Core>,
        label: &str,
        shared: &Arc<Shared>,
        (incoming, outgoing, limit): (Receiver<I>, Sender<O>, usize),
        peer: Option<Arc<Shared>>,
    ) -> Rc<Self> {
        let context = core.context.clone();
        let number = context.ports.next_number();
        shared.open(number);
        let near = Rc::new(Self {
            number,
            label: label.into(),
            wake_state: core.boxes.wake_state.clone(),
            context: context.clone(),
            shared: shared.clone(),
            incoming,
            outgoing,
            arrived: RefCell::new(VecDeque::new()),
            has_more: Cell::new(false),
            space: Cell::new(limit),
            sent_in_all: Cell::new(0),
            ended: RefCell::new(None),
            has_ended: Cell::new(false),
            limit,
            is_replay: context.is_replay,
            peer,
        });
        let weak = Rc::downgrade(&near);
        context.ports.add(number, weak);
        near
    }

    /// Notes that the component waits for the far end.
    fn note_wait(&self, core: &Core) {
        self.wake_state.wait_for(WAIT_OTHER);
        *core.waits_for.borrow_mut() = WaitNote::Outside(self.label.clone());
    }

    /// The next item from the far end; `Ok(None)` once the far end has ended without a fault or the component was asked
    /// to shut down.
    pub fn poll_recv(&self, core: &Core) -> Poll<Result<Option<I>, Fault>> {
        if core.end_request() == EndRequest::Shutdown {
            return Poll::Ready(Ok(None));
        }
        if core.boxes.wake_state.is_spent() {
            core.yielded.set(true);
            return Poll::Pending;
        }
        let item = self.arrived.borrow_mut().pop_front();
        if let Some(item) = item {
            core.boxes.wake_state.spend();
            self.mark_if_more();
            return Poll::Ready(Ok(Some(item)));
        }
        if self.has_ended.get() {
            let outcome = self.ended.borrow_mut().take();
            return Poll::Ready(outcome.unwrap_or(Ok(())).map(|()| None));
        }
        self.mark_if_more();
        self.note_wait(core);
        Poll::Pending
    }

    /// Marks the port if something at the far end could not be taken over at the last safe point. The far end itself
    /// marks it for later events.
    fn mark_if_more(&self) {
        if self.has_more.take() {
            self.context.ports.mark(self.number);
        }
    }

    /// Sends an item to the far end; ready with `false` once the far end has ended.
    pub fn poll_send(&self, core: &Core, item: &mut Option<O>) -> Poll<bool> {
        if item.is_none() {
            return Poll::Ready(true);
        }
        if core.end_request() == EndRequest::Shutdown || self.has_ended.get() {
            return Poll::Ready(false);
        }
        if self.space.get() == 0 {
            self.want_space();
            self.note_wait(core);
            return Poll::Pending;
        }
        self.unsettle();
        self.space.set(self.space.get() - 1);
        self.sent_in_all.set(self.sent_in_all.get() + 1);
        if let (Some(item), false) = (item.take(), self.is_replay) {
            // The count shows that there is space. If the far end has closed meanwhile, the next safe point reports its
            // end.
            let _ = self.outgoing.try_send(item);
            if let Some(peer) = &self.peer {
                peer.mark();
            }
        }
        Poll::Ready(true)
    }

    /// Whether a send would succeed at once. If not, the port is drained after the far end has taken an item.
    pub fn has_space(&self) -> bool {
        if self.space.get() == 0 {
            self.request_space();
        }
        self.space.get() > 0
    }

    fn request_space(&self) {
        if self.shared.want_space() {
            self.context.ports.mark(self.number);
        }
    }

    /// Requests a wake after the far end has taken an item.
    pub fn want_space(&self) {
        self.request_space();
        self.wake_state.wait_for(WAIT_OTHER);
    }

    /// Closes the queue to the far end. Queued items can still be received.
    pub fn finish_sending(&self) {
        self.unsettle();
        self.outgoing.close();
    }

    /// Makes the scheduler check the port again, because the far end will react to what the near end does now.
    fn unsettle(&self) {
        if self.shared.unsettle() {
            self.context.ports.unsettle(self.number);
        }
    }

    /// Whether the near end has seen the end of the far end.
    pub fn far_has_ended(&self) -> bool {
        self.has_ended.get()
    }

    /// Applies an event to the near end, records it and wakes the component.
    fn apply(&self, event: PortEvent, item: Option<I>) {
        match &event {
            PortEvent::Arrived(_) => self.arrived.borrow_mut().extend(item),
            PortEvent::Space(count) => self.space.set((self.space.get() + count).min(self.limit)),
            PortEvent::Ended(outcome) => {
                *self.ended.borrow_mut() = Some(outcome.clone());
                self.has_ended.set(true);
            }
        }
        self.context.record_port(self.number, event);
        if self.wake_state.waits_for(WAIT_OTHER) {
            self.context.run_queue.wake(&self.wake_state);
        }
    }
}

impl<I, O> Drop for Near<I, O> {
    /// Closes both queues, so that a far end waiting on one of them continues.
    fn drop(&mut self) {
        self.context.ports.remove(self.number);
        self.shared.unsettle();
        self.incoming.close();
        self.outgoing.close();
        if let Some(peer) = &self.peer {
            peer.end(Err(Fault::new("the scheduler at the other end of the link stopped before the stream ended")));
        }
    }
}

impl<I: Recordable + 'static, O: 'static> Drain for Near<I, O> {
    fn drain(&self) {
        let (ended, taken) = self.shared.look();
        if taken > 0 {
            self.apply(PortEvent::Space(taken), None);
        }
        let mut received = 0;
        self.has_more.set(true);
        while self.arrived.borrow().len() < self.limit {
            let Ok(item) = self.incoming.try_recv() else {
                self.has_more.set(false);
                break;
            };
            received += 1;
            let record = if self.context.recorder.is_recording() { item.to_message() } else { Message::Nothing };
            self.apply(PortEvent::Arrived(record), Some(item));
        }
        if let (Some(peer), 1..) = (&self.peer, received) {
            peer.take(received);
        }
        if ended && self.incoming.is_empty() && !self.has_ended.get() {
            let outcome = self.shared.take_outcome();
            self.apply(PortEvent::Ended(outcome.unwrap_or(Ok(()))), None);
        }
    }

    fn settle(&self) -> bool {
        if self.activity() > Activity::Idle {
            return false;
        }
        self.shared.settle();
        // The far end may have stopped waiting before it could see that the port is settled.
        let is_idle = self.activity() <= Activity::Idle;
        if !is_idle {
            self.shared.unsettle();
        }
        is_idle
    }

    fn replay(&self, event: &PortEvent) {
        let item = match event {
            PortEvent::Arrived(message) => I::from_message(message),
            PortEvent::Space(_) | PortEvent::Ended(_) => None,
        };
        self.apply(event.clone(), item);
    }

    fn stays_open(&self) -> bool {
        self.shared.stays_open()
    }

    fn has_ended(&self) -> bool {
        self.has_ended.get()
    }

    fn is_bridge(&self) -> bool {
        self.peer.is_some()
    }

    fn activity(&self) -> Activity {
        // Read before the queue, so that items sent before the far end became idle are seen there.
        let waits_for_us = self.shared.waits_for_near(self.sent_in_all.get());
        // After `finish_sending` the far end still has to receive the end of the queue.
        let stays_open = self.shared.stays_open();
        let is_idle = waits_for_us && !self.outgoing.is_closed() && !stays_open;
        if self.is_replay || self.has_ended.get() {
            Activity::Closed
        } else if self.incoming.is_full() && self.arrived.borrow().len() >= self.limit {
            // The far end waits for the component, because both queues are full. But it may still be passing on items that it
            // received, which then makes space for more.
            let may_pass_on = stays_open && self.sent_in_all.get() > 0 && !waits_for_us;
            if may_pass_on { Activity::Open } else { Activity::Idle }
        } else if self.shared.has_ended() || !self.incoming.is_empty() || self.shared.is_marked() {
            Activity::Busy
        } else if is_idle {
            Activity::Idle
        } else if stays_open {
            Activity::Open
        } else {
            Activity::Busy
        }
    }
}
