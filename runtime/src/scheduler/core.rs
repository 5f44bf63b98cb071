//! Core: the boxes and switches of one component, shared by its code (`BoxIo`) and its scheduler.
//!
//! Touched only on the scheduler thread. The `poll_*` functions are the leaves of everything a component can wait for:
//! each either succeeds, or says what would change its mind and gives the turn back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::kernel::Kernel;
use super::pulse::{Pulse, WAIT_ROOM, WAIT_TIME};
use crate::box_name::BoxName;
use crate::boxes::Boxes;
use crate::component::Fault;
use crate::component::children::ChildRecord;
use crate::few::Few;
use crate::ids::Direction;
use crate::mailbox::{Admission, Ending, Inbox, Plain};
use crate::message::Message;
use crate::outbox::Outbox;
use crate::params::Params;
use crate::surface::Surface;
use crate::topology::NoSuchBox;

/// How many messages a component may take or send in one turn, so that nobody starves (R2).
pub(crate) const TURN_BUDGET: u32 = 256;

/// What a waiting component waits for, besides the inboxes in [`Pulse::waits`].
#[derive(Default)]
pub(crate) enum WaitNote {
    #[default]
    Inboxes,
    /// Behind this outbox: in that full inbox.
    Room {
        outbox: BoxName,
        full: Rc<Inbox>,
    },
    Time(Duration),
    Outside(Arc<str>),
    Members,
}

/// The boxes and switches of one component.
pub(crate) struct Core {
    pub pulse: Rc<Pulse>,
    pub kernel: Rc<Kernel>,
    pub name: RefCell<Arc<str>>,
    pub inboxes: Boxes<Rc<Inbox>>,
    pub outboxes: Boxes<Outbox>,
    pub control: Rc<Inbox>,
    pub params: RefCell<Rc<Params>>,
    /// The turn ended because the budget was used up, or the code asked to yield.
    pub yielded: Cell<bool>,
    pub note: RefCell<WaitNote>,
    /// The code has sent a shutdown message on `signal` itself.
    pub signalled: Cell<bool>,
    pub surface: RefCell<Option<Arc<Surface>>>,
    /// It has no data inbox: either shutdown message ends it at once.
    pub is_pure_source: Cell<bool>,
    pub is_composite: bool,
    pub members_live: Cell<u32>,
    /// How many instances of templates it has asked for; gives them their names.
    pub instances: Cell<u32>,
    /// Children in order of adoption.
    pub children: RefCell<Few<ChildRecord>>,
}

/// What there is to do about an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Take,
    Ended,
    Wait,
}

impl Core {
    pub fn asked(&self) -> Ending {
        self.pulse.asked()
    }

    #[inline]
    pub fn find_inbox(&self, name: &str) -> Option<usize> {
        self.inboxes.find(name)
    }

    #[inline]
    pub fn find_outbox(&self, name: &str) -> Option<usize> {
        self.outboxes.find(name)
    }

    pub fn inbox(&self, name: &str) -> Option<Rc<Inbox>> {
        let index = self.find_inbox(name)?;
        self.inboxes.borrow().get(index).cloned()
    }

    /// Does something with an outbox that must not change which there are; `None` if there is none of this name.
    pub fn with_outbox<T>(&self, name: &str, act: impl FnOnce(&Outbox) -> T) -> Option<T> {
        let index = self.find_outbox(name)?;
        self.outboxes.borrow().get(index).map(act)
    }

    /// Ends the component with words about a box it does not have (BOX-11). Unwinds to the turn.
    #[cold]
    #[inline(never)]
    pub fn no_such_box(&self, direction: Direction, name: &str) -> ! {
        std::panic::resume_unwind(Box::new(self.missing(direction, name)))
    }

    /// The error for a box that this component does not have.
    pub fn no_box(&self, side: Direction, name: &str) -> NoSuchBox {
        NoSuchBox { component: self.name.borrow().clone(), side, name: name.into() }
    }

    /// The same as a fault.
    pub fn missing(&self, side: Direction, name: &str) -> Fault {
        Fault::caused_by(self.no_box(side, name))
    }

    /// Takes from an inbox, or says that the stream has ended (R9).
    #[inline]
    pub fn poll_recv(&self, index: usize) -> Poll<Option<Message>> {
        // The common case: an ordinary turn, and a message for whose place nobody waits. It goes out as it is, without a look
        // at what it is (see `ring`).
        if let Some(left) = self.pulse.plain_budget()
            && let Some(inbox) = self.inboxes.lend_way(index)
        {
            if inbox.is_plain_to_take() {
                debug_assert!(!inbox.forwarded.get(), "what is linked onward stores nothing (BOX-17)");
                let message = inbox.queue.pop_waiting();
                self.inboxes.give_back_way(index, inbox);
                self.pulse.spend_plain(left);
                return Poll::Ready(message);
            }
            self.inboxes.give_back_way(index, inbox);
        }
        self.poll_recv_with_care(index)
    }

    /// Everything that is not the common case.
    #[inline(never)]
    fn poll_recv_with_care(&self, index: usize) -> Poll<Option<Message>> {
        let inboxes = self.inboxes.borrow();
        let Some(inbox) = inboxes.get(index) else { return Poll::Ready(None) };
        match self.look(inbox) {
            Look::Take => {}
            Look::Ended => return Poll::Ready(None),
            Look::Wait => return Poll::Pending,
        }
        self.pulse.spend();
        Poll::Ready(inbox.take(&self.kernel))
    }

    /// What there is to do: nothing may be left of the budget or in the inbox, it may be linked onward, or end.
    fn look(&self, inbox: &Inbox) -> Look {
        let asked = self.asked();
        if asked == Ending::Shutdown && !inbox.is_control {
            return Look::Ended;
        }
        if self.pulse.is_spent() {
            self.yielded.set(true);
            return Look::Wait;
        }
        if !inbox.forwarded.get() && inbox.depth() > 0 {
            return Look::Take;
        }
        if asked != Ending::No || inbox.sources_have_ended() {
            return Look::Ended;
        }
        self.pulse.waits.set(self.pulse.waits.get() | inbox.wake_bit);
        Look::Wait
    }

    /// Like [`Core::poll_recv`] over several inboxes: the first that has something; ended when all are, apart from the
    /// user's events, which never end by themselves.
    pub fn poll_recv_any(&self, indices: &[usize]) -> Poll<Option<(usize, Message)>> {
        if self.asked() == Ending::Shutdown {
            return Poll::Ready(None);
        }
        let inboxes = self.inboxes.borrow();
        let (mut data_inboxes, mut ended) = (0, 0);
        for (place, &index) in indices.iter().enumerate() {
            let Some(inbox) = inboxes.get(index) else { continue };
            if &*inbox.name != "_events" {
                data_inboxes += 1;
                ended += usize::from(inbox.sources_have_ended() && inbox.depth() == 0);
            }
            match self.poll_recv(index) {
                Poll::Ready(Some(message)) => return Poll::Ready(Some((place, message))),
                Poll::Ready(None) => {}
                Poll::Pending if self.yielded.get() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
        // An inbox that nothing ever fed does not keep the others from ending.
        let fed = |index: &&usize| inboxes.get(**index).is_some_and(|inbox| inbox.live_sources.get() > 0);
        let any_live = indices.iter().any(|index| fed(&index));
        if self.asked() != Ending::No || (data_inboxes > 0 && ended > 0 && !any_live) {
            return Poll::Ready(None);
        }
        Poll::Pending
    }

    /// Sends through an outbox. `waiting` says whether this send is in the queue for room, and where.
    #[inline]
    pub fn poll_send(&self, index: usize, message: &mut Option<Message>, waiting: &mut Option<Rc<Inbox>>) -> Poll<()> {
        // The common case: an ordinary turn, one link behind the outbox, nobody looking, room.
        if waiting.is_none()
            && let Some(left) = self.pulse.plain_budget()
            && let Some(route) = self.outboxes.lend_way(index)
        {
            let plain = route.deliver_plain(message);
            self.outboxes.give_back_way(index, route);
            if plain != Plain::No {
                self.kernel.deliveries.set(self.kernel.deliveries.get() + 1);
                self.pulse.spend_plain(left);
                if plain == Plain::DoneButWake {
                    self.wake_behind(index);
                }
                return Poll::Ready(());
            }
        }
        self.poll_send_with_care(index, message, waiting)
    }

    /// Wakes whoever is behind an outbox with one link, through which something has just gone.
    #[cold]
    #[inline(never)]
    fn wake_behind(&self, index: usize) {
        let way = self.outboxes.lend_way(index);
        debug_assert!(way.is_some(), "the way that was just used is there");
        if let Some(route) = way {
            self.kernel.wake(&route.sink.owner);
            self.outboxes.give_back_way(index, route);
        }
    }

    /// Everything that is not the common case: shutting down, out of budget, held, waiting for room, watched, fanned out.
    #[inline(never)]
    fn poll_send_with_care(
        &self,
        index: usize,
        message: &mut Option<Message>,
        waiting: &mut Option<Rc<Inbox>>,
    ) -> Poll<()> {
        if message.is_none() {
            // It was delivered, and then held: the step after it begins here.
            return Poll::Ready(());
        }
        let outboxes = self.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return Poll::Ready(()) };
        if self.asked() == Ending::Shutdown {
            outbox.discard();
            *message = None;
            self.leave_queue(waiting);
            return if self.pulse.is_spent() {
                self.yielded.set(true);
                Poll::Pending
            } else {
                self.pulse.spend();
                Poll::Ready(())
            };
        }
        if self.pulse.is_spent() {
            self.yielded.set(true);
            return Poll::Pending;
        }
        if self.kernel.allowance.get() == 0 {
            self.kernel.held.set(true);
            return Poll::Pending;
        }
        if let Some((full, admission)) = outbox.obstacle() {
            if admission == Admission::Fail {
                let words = format!("no room in {}: it holds {} messages", &*full.name, full.depth());
                std::panic::resume_unwind(Box::new(Fault::new(words)));
            }
            self.join_queue(outbox, full, waiting);
            return Poll::Pending;
        }
        if let Some(message) = message.take() {
            self.deliver(outbox, message);
        }
        self.pulse.spend();
        self.leave_queue(waiting);
        if self.kernel.allowance.get() == 0 {
            // The allowance is used up: stop right behind the delivery, inside the turn (R11).
            self.kernel.held.set(true);
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Delivers what there is room for. The code announced its end itself: it is not announced a second time (SHUT-10).
    fn deliver(&self, outbox: &Outbox, message: Message) {
        if outbox.is_signal && matches!(message, Message::ProducerFinished | Message::Shutdown) {
            self.signalled.set(true);
        }
        outbox.deliver(&self.kernel, message);
    }

    fn join_queue(&self, outbox: &Outbox, full: Rc<Inbox>, waiting: &mut Option<Rc<Inbox>>) {
        if waiting.as_ref().is_some_and(|queued| Rc::ptr_eq(queued, &full)) {
            full.room.forget_telling(&self.pulse);
        } else {
            self.leave_queue(waiting);
            full.room.join(&self.pulse);
            *waiting = Some(full.clone());
        }
        self.pulse.waits.set(self.pulse.waits.get() | WAIT_ROOM);
        *self.note.borrow_mut() = WaitNote::Room { outbox: outbox.name.clone(), full };
    }

    /// Waits until a send through an outbox would go through.
    pub fn poll_room(&self, index: usize, waiting: &mut Option<Rc<Inbox>>) -> Poll<()> {
        let outboxes = self.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return Poll::Ready(()) };
        if self.pulse.is_spent() {
            self.yielded.set(true);
            return Poll::Pending;
        }
        match outbox.obstacle() {
            Some((full, _)) if self.asked() != Ending::Shutdown => {
                self.join_queue(outbox, full, waiting);
                Poll::Pending
            }
            _ => {
                self.pulse.spend();
                Poll::Ready(())
            }
        }
    }

    /// Gives up the place in the queue for room; whoever is next gets the chance.
    pub fn leave_queue(&self, waiting: &mut Option<Rc<Inbox>>) {
        let Some(inbox) = waiting.take() else { return };
        inbox.room.leave(&self.pulse);
        inbox.wake_room(&self.kernel);
    }

    /// Sends if there is room, else gives the message back. A step never stops here, so it may run over the allowance.
    pub fn try_send(&self, index: usize, message: Message) -> Result<(), Message> {
        let outboxes = self.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return Err(message) };
        if outbox.obstacle().is_some() {
            return Err(message);
        }
        self.deliver(outbox, message);
        self.pulse.spend();
        Ok(())
    }

    /// Waits for a moment; `timer` is set on the first call.
    pub fn poll_until(&self, moment: Duration, timer: &mut Option<super::clock::TimerKey>) -> Poll<()> {
        if self.kernel.now() >= moment || self.asked() == Ending::Shutdown {
            self.cancel(timer);
            if self.pulse.is_spent() {
                self.yielded.set(true);
                return Poll::Pending;
            }
            self.pulse.spend();
            return Poll::Ready(());
        }
        if timer.is_none() {
            *timer = Some(self.kernel.timers.borrow_mut().set(moment, self.pulse.clone()));
        }
        self.pulse.waits.set(self.pulse.waits.get() | WAIT_TIME);
        *self.note.borrow_mut() = WaitNote::Time(moment);
        Poll::Pending
    }

    pub fn cancel(&self, timer: &mut Option<super::clock::TimerKey>) {
        if let Some(key) = timer.take() {
            self.kernel.timers.borrow_mut().cancel(key);
        }
    }
}
