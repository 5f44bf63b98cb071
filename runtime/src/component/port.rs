//! A port: two bounded queues between a component and something that does not run on its scheduler.
//!
//! The near end belongs to the component, the far end to an outside task or a thread. Everything the near end can see
//! changes in [`Drain::drain`] only, at a pass boundary, as [`PortEvent`]s: what arrived, how much room the far end made,
//! that it ended. So a run can be recorded there and replayed without the world (R2).

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::task::Poll;

use async_channel::{Receiver, Sender, TrySendError};

use super::fault::{Fault, Outcome};
use super::port_state::Shared;
use crate::delivery::wake_state::EndRequest;
use crate::delivery::wake_state::{WAIT_OTHER, WakeState};
use crate::introspect::record::{PortEvent, Recordable};
use crate::message::Message;
use crate::scheduler::context::RunContext;
use crate::scheduler::core::{Core, WaitNote};
use crate::scheduler::ports::{Activity, Drain};

/// How many messages wait in each direction before the sender does.
pub const PORT_LIMIT: usize = 64;

/// How many times a thread looks for room before it sleeps; some ten microseconds in all where a core is free.
const LOOKS: u32 = 32;

/// The near end of a port that brings `I` in and takes `O` out.
pub(crate) struct Near<I, O> {
    number: u64,
    label: Arc<str>,
    wake_state: Rc<WakeState>,
    context: Rc<RunContext>,
    shared: Arc<Shared>,
    incoming: Receiver<I>,
    outgoing: Sender<O>,
    arrived: RefCell<VecDeque<I>>,
    /// How many more may be sent before the far end must take some.
    room: Cell<usize>,
    sent_in_all: Cell<usize>,
    ended: RefCell<Option<Outcome>>,
    pub(super) has_ended: Cell<bool>,
    /// The length of both queues.
    limit: usize,
    is_replay: bool,
    /// The near end on another scheduler that is the far end of this one (see `bridge`).
    pub(super) peer: Option<Arc<Shared>>,
}

/// The far end of a port.
pub(crate) struct Far<I, O> {
    pub(super) shared: Arc<Shared>,
    pub(super) incoming: Sender<I>,
    pub(super) outgoing: Receiver<O>,
}

impl<I, O> Clone for Far<I, O> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), incoming: self.incoming.clone(), outgoing: self.outgoing.clone() }
    }
}

impl<I: Recordable + 'static, O: 'static> Near<I, O> {
    /// Opens a port. `stays_open` says that the far end may wait for the world; otherwise, when it does not wait for the
    /// component, it is working and will answer. In a replay there is no far end.
    pub fn open(core: &Rc<Core>, label: &str, stays_open: bool) -> (Rc<Self>, Option<Far<I, O>>) {
        Self::open_with(core, label, stays_open, PORT_LIMIT)
    }

    /// The same with queues of another length, from 1.
    pub fn open_with(core: &Rc<Core>, label: &str, stays_open: bool, limit: usize) -> (Rc<Self>, Option<Far<I, O>>) {
        let (incoming_tx, incoming) = async_channel::bounded(limit);
        let (outgoing, outgoing_rx) = async_channel::bounded(limit);
        let shared = Arc::new(Shared::new(core.context.ports.ready().clone()));
        shared.stays_open.store(stays_open, Ordering::SeqCst);
        let near = Self::open_over(core, label, &shared, (incoming, outgoing, limit), None);
        (near, (!core.context.is_replay).then_some(Far { shared, incoming: incoming_tx, outgoing: outgoing_rx }))
    }

    /// The same over queues that are there already.
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
            room: Cell::new(limit),
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

    fn note(&self, core: &Core) {
        self.wake_state.waits.set(self.wake_state.waits.get() | WAIT_OTHER);
        *core.waits_for.borrow_mut() = WaitNote::Outside(self.label.clone());
    }

    /// The next thing from outside; `Ok(None)` once the far end has ended well or the component was told to stop.
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
            self.look_again();
            return Poll::Ready(Ok(Some(item)));
        }
        if self.has_ended.get() {
            let outcome = self.ended.borrow_mut().take();
            return Poll::Ready(outcome.unwrap_or(Ok(())).map(|()| None));
        }
        self.look_again();
        self.note(core);
        Poll::Pending
    }

    /// What did not fit at the last safe point is brought in at the next.
    fn look_again(&self) {
        if !self.incoming.is_empty() || self.shared.ended.load(Ordering::Acquire) && !self.has_ended.get() {
            self.context.ports.mark(self.number);
        }
    }

    /// Hands something to the far end; ready with `false` once that has ended.
    pub fn poll_send(&self, core: &Core, item: &mut Option<O>) -> Poll<bool> {
        if item.is_none() {
            return Poll::Ready(true);
        }
        if core.end_request() == EndRequest::Shutdown || self.has_ended.get() {
            return Poll::Ready(false);
        }
        if self.room.get() == 0 {
            self.want_room();
            self.note(core);
            return Poll::Pending;
        }
        self.room.set(self.room.get() - 1);
        self.sent_in_all.set(self.sent_in_all.get() + 1);
        if let (Some(item), false) = (item.take(), self.is_replay) {
            // There is room by count. A far end that has closed meanwhile says so at the next safe point.
            let _ = self.outgoing.try_send(item);
            if let Some(peer) = &self.peer {
                peer.mark();
            }
        }
        Poll::Ready(true)
    }

    /// Whether a send would succeed at once. If not, the port is drained when the far end has taken something.
    pub fn has_room(&self) -> bool {
        if self.room.get() == 0 {
            self.ask_for_room();
        }
        self.room.get() > 0
    }

    fn ask_for_room(&self) {
        if self.shared.want_room() {
            self.context.ports.mark(self.number);
        }
    }

    /// Asks to be woken when the far end has taken something.
    pub fn want_room(&self) {
        self.ask_for_room();
        self.wake_state.waits.set(self.wake_state.waits.get() | WAIT_OTHER);
    }

    pub fn finish_sending(&self) {
        self.outgoing.close();
    }

    fn happen(&self, event: PortEvent, item: Option<I>) {
        match &event {
            PortEvent::Arrived(_) => self.arrived.borrow_mut().extend(item),
            PortEvent::Room(count) => self.room.set((self.room.get() + count).min(self.limit)),
            PortEvent::Ended(outcome) => {
                *self.ended.borrow_mut() = Some(outcome.clone());
                self.has_ended.set(true);
            }
        }
        self.context.record_port(self.number, event);
        if self.wake_state.waits.get() & WAIT_OTHER != 0 {
            self.context.run_queue.wake(&self.wake_state);
        }
    }
}

impl<I, O> Drop for Near<I, O> {
    /// Closes both queues, so that a far end that blocks in one of them sees the end.
    fn drop(&mut self) {
        self.context.ports.remove(self.number);
        self.incoming.close();
        self.outgoing.close();
        if let Some(peer) = &self.peer {
            peer.end(Err(Fault::new("the scheduler at the other side ended in the middle of the stream")));
        }
    }
}

impl<I: Recordable + 'static, O: 'static> Drain for Near<I, O> {
    fn drain(&self) {
        let (ended, taken) = self.shared.look();
        if taken > 0 {
            self.happen(PortEvent::Room(taken), None);
        }
        let mut brought_in = 0;
        while self.arrived.borrow().len() < self.limit {
            let Ok(item) = self.incoming.try_recv() else { break };
            brought_in += 1;
            let record = if self.context.recorder.is_recording() { item.to_message() } else { Message::Nothing };
            self.happen(PortEvent::Arrived(record), Some(item));
        }
        if let (Some(peer), 1..) = (&self.peer, brought_in) {
            peer.take(brought_in);
        }
        if ended && self.incoming.is_empty() && !self.has_ended.get() {
            let outcome = self.shared.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.happen(PortEvent::Ended(outcome.unwrap_or(Ok(()))), None);
        }
    }

    fn replay(&self, event: &PortEvent) {
        let item = match event {
            PortEvent::Arrived(message) => I::from_message(message),
            PortEvent::Room(_) | PortEvent::Ended(_) => None,
        };
        self.happen(event.clone(), item);
    }

    fn stays_open(&self) -> bool {
        self.shared.stays_open.load(Ordering::SeqCst)
    }

    fn has_ended(&self) -> bool {
        self.has_ended.get()
    }

    fn is_bridge(&self) -> bool {
        self.peer.is_some()
    }

    fn activity(&self) -> Activity {
        // Read before the queue: what it sent before it became idle is seen there.
        let waits_for_us = self.shared.waits_for_near(self.sent_in_all.get());
        // After `finish_sending` it has something to hear yet: that no more will come.
        let stays_open = self.shared.stays_open.load(Ordering::SeqCst);
        let is_idle = waits_for_us && !self.outgoing.is_closed() && !stays_open;
        if self.is_replay || self.has_ended.get() {
            Activity::Closed
        } else if self.incoming.is_full() && self.arrived.borrow().len() >= self.limit {
            // It has more than fits in, and waits for the component; but what it was sent, it may still be handing to the
            // world, which then makes room for more.
            let may_hand_on = stays_open && self.sent_in_all.get() > 0 && !waits_for_us;
            if may_hand_on { Activity::Open } else { Activity::Idle }
        } else if self.shared.ended.load(Ordering::Acquire)
            || !self.incoming.is_empty()
            || self.shared.is_marked.load(Ordering::Acquire)
        {
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

impl<I, O> Far<I, O> {
    pub async fn send(&self, item: I) -> bool {
        let sent = match self.incoming.try_send(item) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(item)) => {
                self.shared.mark();
                self.incoming.send(item).await.is_ok()
            }
        };
        self.shared.mark();
        sent
    }

    pub fn send_blocking(&self, item: I) -> bool {
        let sent = match self.incoming.try_send(item) {
            Ok(()) => true,
            Err(TrySendError::Closed(_)) => false,
            Err(TrySendError::Full(item)) => {
                self.shared.mark();
                self.wait_a_moment_for_room();
                self.incoming.send_blocking(item).is_ok()
            }
        };
        self.shared.mark();
        sent
    }

    /// More often than not the near end is about to make room. To sleep and be woken would cost more than all messages that
    /// fit between two such naps: with a look first, a thread gets four to five times as many across.
    fn wait_a_moment_for_room(&self) {
        for _ in 0..LOOKS {
            if !self.incoming.is_full() || self.incoming.is_closed() {
                return;
            }
            std::thread::yield_now();
        }
    }

    pub async fn recv(&self) -> Option<O> {
        if let Ok(item) = self.outgoing.try_recv() {
            return self.took(Some(item));
        }
        let idling = self.shared.begin_idling();
        let item = self.outgoing.recv().await.ok();
        drop(idling);
        self.took(item)
    }

    pub fn recv_blocking(&self) -> Option<O> {
        if let Ok(item) = self.outgoing.try_recv() {
            return self.took(Some(item));
        }
        let idling = self.shared.begin_idling();
        let item = self.outgoing.recv_blocking().ok();
        drop(idling);
        self.took(item)
    }

    /// Tells a near end that waits for room that there is some.
    pub(super) fn took(&self, item: Option<O>) -> Option<O> {
        if item.is_some() {
            self.shared.take(1);
        }
        item
    }

    /// Says that it hears the world even while it waits for the near end.
    pub fn stay_open(&self) {
        self.shared.stay_open();
    }

    /// The component has ended or been stopped.
    pub fn is_closed(&self) -> bool {
        self.incoming.is_closed()
    }

    /// The far end is done; nothing more will come.
    pub fn end(&self, outcome: Outcome) {
        self.shared.note_end(outcome);
        self.incoming.close();
        self.outgoing.close();
        self.shared.mark();
    }
}
