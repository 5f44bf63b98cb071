//! Core: the boxes and switches of one component, shared by its code (`BoxIo`) and its scheduler.
//!
//! Touched only on the scheduler thread. The `poll_*` functions are the leaves of every wait of a component:
//! each either succeeds, or registers the event that would wake the component and ends the turn.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::child::ChildRecord;
use super::clock::{LATEST, TimerKey};
use super::context::RunContext;
use crate::component::Fault;
use crate::delivery::box_name::BoxName;
use crate::delivery::box_set::BoxSet;
use crate::delivery::inbox::{Admission, FastDelivery, Inbox};
use crate::delivery::outbox::Outbox;
use crate::delivery::wake_state::{EndRequest, WAIT_SPACE, WAIT_TIME};
use crate::few::Few;
use crate::ids::{ComponentId, Direction};
use crate::message::Message;
use crate::params::Params;
use crate::surface::Surface;

/// How many messages a component may take or send in one turn, so that no other component starves (R2).
pub(crate) const TURN_BUDGET: u32 = 256;

/// The reason for a component's wait, besides the inboxes recorded in its `WakeState`.
#[derive(Default)]
pub(crate) enum WaitNote {
    #[default]
    Inboxes,
    /// Space behind this outbox, in that full inbox.
    Space {
        outbox: BoxName,
        full: Rc<Inbox>,
    },
    Time(Duration),
    Outside(Arc<str>),
    Members,
}

/// The boxes and switches of one component.
pub(crate) struct Core {
    pub boxes: BoxSet,
    pub context: Rc<RunContext>,
    pub params: RefCell<Rc<Params>>,
    /// The turn ended because the budget was used up, or the code yielded.
    pub yielded: Cell<bool>,
    pub waits_for: RefCell<WaitNote>,
    /// The code has sent a shutdown message on `signal` itself.
    pub signalled: Cell<bool>,
    pub surface: RefCell<Option<Arc<Surface>>>,
    /// It has no data inbox, so either shutdown message ends it at once.
    pub is_pure_source: Cell<bool>,
    pub is_composite: bool,
    /// Distinguishes it from components that had its slot before.
    pub generation: u32,
    pub members_live: Cell<u32>,
    /// How many template instances it has requested; the number becomes the name of the next.
    pub instances: Cell<u32>,
    /// Children in order of adoption.
    pub children: RefCell<Few<ChildRecord>>,
}

/// The result if the component receives from an inbox now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Receipt {
    Take,
    Ended,
    Wait,
}

impl Core {
    /// The inbox for user events on a component's surface.
    pub const EVENTS: &str = "_events";

    pub fn id(&self) -> ComponentId {
        self.boxes.wake_state.id
    }

    /// Index in the scheduler's table.
    pub fn slot(&self) -> u32 {
        self.boxes.wake_state.slot
    }

    pub fn end_request(&self) -> EndRequest {
        self.boxes.wake_state.end_request()
    }

    /// Crashes the component because it names a box that it does not have (BOX-11). Unwinds to the turn.
    #[cold]
    #[inline(never)]
    pub fn no_such_box(&self, direction: Direction, name: &str) -> ! {
        std::panic::resume_unwind(Box::new(self.missing(direction, name)))
    }

    /// The fault for a box that this component does not have.
    pub fn missing(&self, side: Direction, name: &str) -> Fault {
        Fault::caused_by(self.boxes.no_box(side, name))
    }

    /// Takes a message from an inbox, or reports that the stream has ended (R9).
    #[inline]
    pub fn poll_recv(&self, index: usize) -> Poll<Option<Message>> {
        // The fast path: a message is waiting, and no sender is waiting for its space. It is moved without being
        // inspected (see `ring`).
        if let Some(left) = self.boxes.wake_state.fast_budget()
            && let Some(inbox) = self.boxes.inboxes.lend_direct(index)
        {
            if inbox.can_take_fast() {
                debug_assert!(!inbox.forwarded.get(), "an inbox that is linked onward stores nothing (BOX-17)");
                let message = inbox.queue.pop_waiting();
                self.boxes.inboxes.return_direct(index, inbox);
                self.boxes.wake_state.spend_fast(left);
                return Poll::Ready(message);
            }
            self.boxes.inboxes.return_direct(index, inbox);
        }
        self.poll_recv_slow(index)
    }

    /// Everything but the fast path.
    #[inline(never)]
    fn poll_recv_slow(&self, index: usize) -> Poll<Option<Message>> {
        let inboxes = self.boxes.inboxes.borrow();
        let Some(inbox) = inboxes.get(index) else { return Poll::Ready(None) };
        match self.receipt(inbox) {
            Receipt::Take => {}
            Receipt::Ended => return Poll::Ready(None),
            Receipt::Wait => return Poll::Pending,
        }
        self.boxes.wake_state.spend();
        Poll::Ready(inbox.take(&self.context.run_queue))
    }

    /// Decides what happens when the component receives: the budget may be used up, the inbox empty or linked onward, or
    /// the stream ended. Registers the wait if it must wait.
    fn receipt(&self, inbox: &Inbox) -> Receipt {
        let asked = self.end_request();
        if asked == EndRequest::Shutdown && !inbox.is_control {
            return Receipt::Ended;
        }
        if self.boxes.wake_state.is_spent() {
            self.yielded.set(true);
            return Receipt::Wait;
        }
        if !inbox.forwarded.get() && inbox.depth() > 0 {
            return Receipt::Take;
        }
        if asked != EndRequest::None || inbox.sources_have_ended() {
            return Receipt::Ended;
        }
        self.boxes.wake_state.wait_for(inbox.wake_bit);
        Receipt::Wait
    }

    /// Like [`Core::poll_recv`] for several inboxes: takes from the first that has a message. Reports the end when all streams
    /// have ended; the inbox for user events does not count, because its stream never ends.
    pub fn poll_recv_any(&self, indices: &[usize]) -> Poll<Option<(usize, Message)>> {
        if self.end_request() == EndRequest::Shutdown {
            return Poll::Ready(None);
        }
        let inboxes = self.boxes.inboxes.borrow();
        let (mut data_inboxes, mut ended) = (0, 0);
        for (position, &index) in indices.iter().enumerate() {
            let Some(inbox) = inboxes.get(index) else { continue };
            if &*inbox.name != Self::EVENTS {
                data_inboxes += 1;
                ended += usize::from(inbox.sources_have_ended() && inbox.depth() == 0);
            }
            match self.poll_recv(index) {
                Poll::Ready(Some(message)) => return Poll::Ready(Some((position, message))),
                Poll::Ready(None) => {}
                Poll::Pending if self.yielded.get() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
        // An inbox that never had a source does not keep the stream open.
        let fed = |index: &&usize| inboxes.get(**index).is_some_and(|inbox| inbox.live_sources.get() > 0);
        let any_live = indices.iter().any(|index| fed(&index));
        if self.end_request() != EndRequest::None || (data_inboxes > 0 && ended > 0 && !any_live) {
            return Poll::Ready(None);
        }
        Poll::Pending
    }

    /// Sends through an outbox. `waiting` is the inbox whose waiters this send has joined, if any.
    #[inline]
    pub fn poll_send(&self, index: usize, message: &mut Option<Message>, waiting: &mut Option<Rc<Inbox>>) -> Poll<()> {
        // The fast path: one link behind the outbox, nothing to sample, space in the inbox.
        if waiting.is_none()
            && let Some(left) = self.boxes.wake_state.fast_budget()
            && let Some(route) = self.boxes.outboxes.lend_direct(index)
        {
            let delivery = route.deliver_fast(message);
            self.boxes.outboxes.return_direct(index, route);
            if delivery != FastDelivery::Refused {
                self.context.traffic.count_fast();
                self.boxes.wake_state.spend_fast(left);
                if delivery == FastDelivery::DoneAndWake {
                    self.wake_behind(index);
                }
                return Poll::Ready(());
            }
        }
        self.poll_send_slow(index, message, waiting)
    }

    /// Wakes the receiver behind an outbox with one link, after a delivery on the fast path.
    #[cold]
    #[inline(never)]
    fn wake_behind(&self, index: usize) {
        let route = self.boxes.outboxes.lend_direct(index);
        debug_assert!(route.is_some(), "the route that was just used exists");
        if let Some(route) = route {
            self.context.run_queue.wake(&route.sink.owner);
            self.boxes.outboxes.return_direct(index, route);
        }
    }

    /// Everything but the fast path: shutting down, out of budget, held, waiting for space, sampled, fanned out.
    #[inline(never)]
    fn poll_send_slow(&self, index: usize, message: &mut Option<Message>, waiting: &mut Option<Rc<Inbox>>) -> Poll<()> {
        let outboxes = self.boxes.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return Poll::Ready(()) };
        if message.is_none() && !outbox.has_rest() {
            // The turn was held right after this delivery, or the last copy was delivered for another send.
            self.leave_waiters(waiting);
            return Poll::Ready(());
        }
        if self.end_request() == EndRequest::Shutdown {
            if message.take().is_some() {
                outbox.discard();
            }
            self.leave_waiters(waiting);
            return if self.boxes.wake_state.is_spent() {
                self.yielded.set(true);
                Poll::Pending
            } else {
                self.boxes.wake_state.spend();
                Poll::Ready(())
            };
        }
        if self.boxes.wake_state.is_spent() {
            self.yielded.set(true);
            return Poll::Pending;
        }
        if self.context.traffic.hold_if_used_up() {
            return Poll::Pending;
        }
        if let Some(full) = outbox.continue_delivery(&self.context.run_queue, &self.context.traffic) {
            self.join_waiters(outbox, full, waiting);
            return Poll::Pending;
        }
        if message.is_some()
            && let Some((full, admission)) = outbox.obstacle()
        {
            if admission == Admission::Fail {
                let (name, depth) = (&*full.name, full.depth());
                let text = format!(
                    "the receiving inbox {name:?} is full ({depth} messages) and its policy is to fail; raise its limit \
                     or choose another policy"
                );
                std::panic::resume_unwind(Box::new(Fault::new(text)));
            }
            self.join_waiters(outbox, full, waiting);
            return Poll::Pending;
        }
        if let Some(message) = message.take() {
            self.deliver(outbox, message);
        }
        self.boxes.wake_state.spend();
        if let Some(full) = outbox.continue_delivery(&self.context.run_queue, &self.context.traffic) {
            self.join_waiters(outbox, full, waiting);
            return Poll::Pending;
        }
        self.leave_waiters(waiting);
        // If the allowance is used up, stop right after the delivery, inside the turn (R11).
        if self.context.traffic.hold_if_used_up() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Delivers an admitted message. If the code announces its end itself, the end is not announced a second time (SHUT-10).
    fn deliver(&self, outbox: &Outbox, message: Message) {
        if outbox.is_signal && matches!(message, Message::ProducerFinished | Message::Shutdown) {
            self.signalled.set(true);
        }
        outbox.deliver(&self.context.run_queue, &self.context.traffic, message);
    }

    fn join_waiters(&self, outbox: &Outbox, full: Rc<Inbox>, waiting: &mut Option<Rc<Inbox>>) {
        if waiting.as_ref().is_some_and(|queued| Rc::ptr_eq(queued, &full)) {
            full.waiters.rearm(&self.boxes.wake_state);
        } else {
            self.leave_waiters(waiting);
            full.waiters.join(&self.boxes.wake_state);
            *waiting = Some(full.clone());
        }
        self.boxes.wake_state.wait_for(WAIT_SPACE);
        *self.waits_for.borrow_mut() = WaitNote::Space { outbox: outbox.name.clone(), full };
    }

    /// Waits until a send through an outbox would succeed.
    pub fn poll_space(&self, index: usize, waiting: &mut Option<Rc<Inbox>>) -> Poll<()> {
        let outboxes = self.boxes.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return Poll::Ready(()) };
        if self.boxes.wake_state.is_spent() {
            self.yielded.set(true);
            return Poll::Pending;
        }
        match outbox.obstacle() {
            Some((full, _)) if self.end_request() != EndRequest::Shutdown => {
                self.join_waiters(outbox, full, waiting);
                Poll::Pending
            }
            _ => {
                self.boxes.wake_state.spend();
                Poll::Ready(())
            }
        }
    }

    /// Stops waiting for space, and notifies the next waiter.
    pub fn leave_waiters(&self, waiting: &mut Option<Rc<Inbox>>) {
        let Some(inbox) = waiting.take() else { return };
        inbox.waiters.leave(&self.boxes.wake_state);
        inbox.notify_waiters(&self.context.run_queue);
    }

    /// Sends if there is space, otherwise returns the message. Never stops inside the turn, so a step may exceed its
    /// allowance, and a copy that must wait for space (see `fan`) is delivered by the next send or at the end.
    pub fn try_send(&self, index: usize, message: Message) -> Result<(), Message> {
        let outboxes = self.boxes.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return Err(message) };
        let rest = outbox.continue_delivery(&self.context.run_queue, &self.context.traffic);
        if rest.is_some() || outbox.obstacle().is_some() {
            return Err(message);
        }
        self.deliver(outbox, message);
        self.boxes.wake_state.spend();
        Ok(())
    }

    /// Waits for a moment on the runtime's clock; `timer` is set on the first call.
    pub fn poll_until(&self, moment: Duration, timer: &mut Option<TimerKey>) -> Poll<()> {
        let moment = moment.min(LATEST);
        if self.context.traffic.now() >= moment || self.end_request() == EndRequest::Shutdown {
            self.cancel(timer);
            if self.boxes.wake_state.is_spent() {
                self.yielded.set(true);
                return Poll::Pending;
            }
            self.boxes.wake_state.spend();
            return Poll::Ready(());
        }
        if timer.is_none() {
            *timer = Some(self.context.timers.borrow_mut().set(moment, self.boxes.wake_state.clone()));
        }
        self.boxes.wake_state.wait_for(WAIT_TIME);
        *self.waits_for.borrow_mut() = WaitNote::Time(moment);
        Poll::Pending
    }

    pub fn cancel(&self, timer: &mut Option<TimerKey>) {
        if let Some(key) = timer.take() {
            self.context.timers.borrow_mut().cancel(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_is_at_most_352_bytes() {
        assert!(size_of::<Core>() <= 352, "{}", size_of::<Core>());
    }
}
