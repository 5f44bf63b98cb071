//! Adaptive components: boxes added and removed while running (section 13 of the rules).
//!
//! A new box is there at once. A deleted one goes at the next safe point, with every link on it, whoever made it
//! (ADPT-4); its place in the table is left behind empty, so that nobody who waits on another box is mixed up.

use std::rc::Rc;
use std::sync::Arc;

use super::spec::DEFAULT_CAPACITY;
use super::{BoxIo, Fault, FullPolicy};
use crate::ids::Direction;
use crate::mailbox::{DELETED, Inbox, Reception};
use crate::outbox::Outbox;
use crate::scheduler::ask::Ask;
use crate::scheduler::core::Core;
use crate::scheduler::kernel::Kernel;
use crate::topology::InboxLimit;

impl BoxIo {
    /// Adds an inbox with the default capacity and gives its name: the wished one if that is free, else with a number
    /// behind it (ADPT-1).
    pub fn add_inbox(&self, wished: &str) -> Arc<str> {
        let name = free_name(wished, |name| self.core.find_inbox(name).is_some());
        let pulse = self.core.pulse.clone();
        self.core.inboxes.change(|inboxes| {
            let vacant = inboxes.iter().position(|inbox| &*inbox.name == DELETED);
            let index = vacant.unwrap_or(inboxes.len());
            let inbox = Inbox::new(name.clone().into(), pulse, index, Some(DEFAULT_CAPACITY), FullPolicy::Block);
            match vacant.and_then(|index| inboxes.get_mut(index)) {
                Some(place) => *place = Rc::new(inbox),
                None => inboxes.push(Rc::new(inbox)),
            }
        });
        self.core.kernel.note_topology();
        name
    }

    /// Adds an outbox and gives its name: the wished one if that is free, else with a number behind it (ADPT-1).
    pub fn add_outbox(&self, wished: &str) -> Arc<str> {
        let name = free_name(wished, |name| self.core.find_outbox(name).is_some());
        let outbox = Outbox::new(name.clone().into());
        self.core.outboxes.change(|outboxes| match outboxes.iter_mut().find(|outbox| &*outbox.name == DELETED) {
            Some(place) => *place = outbox,
            None => outboxes.push(outbox),
        });
        self.core.kernel.note_topology();
        name
    }

    /// Deletes an inbox with every link on it; what waits in it is lost (ADPT-2). Refused if there is none of this name,
    /// and for `control`.
    ///
    /// # Errors
    /// There is no inbox of this name, or it is `control`.
    pub async fn delete_inbox(&self, name: &str) -> Result<(), Fault> {
        self.ask(Ask::DeleteBox(Direction::Inbox, name.into())).await.map(|_| ())
    }

    /// Deletes an outbox with every link on it; what was sent has arrived (ADPT-2, ADPT-3). Refused if there is none of
    /// this name, and for `signal`.
    ///
    /// # Errors
    /// There is no outbox of this name, or it is `signal`.
    pub async fn delete_outbox(&self, name: &str) -> Result<(), Fault> {
        self.ask(Ask::DeleteBox(Direction::Outbox, name.into())).await.map(|_| ())
    }

    /// Sets limit and policy of one of its inboxes, at once; nothing is dropped (BOX-20, BOX-23).
    pub fn set_limit(&self, inbox: &str, limit: InboxLimit) {
        let index = self.core.find_inbox(inbox).unwrap_or_else(|| self.core.no_such_box(Direction::Inbox, inbox));
        if let Some(inbox) = self.core.inboxes.borrow().get(index) {
            inbox.set_limit(&self.core.kernel, limit);
        }
    }
}

/// `wished` if it is free, else with the first number from 2 that makes it so.
fn free_name(wished: &str, is_used: impl Fn(&str) -> bool) -> Arc<str> {
    if !is_used(wished) && wished != DELETED {
        return wished.into();
    }
    let mut number = 2u64;
    loop {
        let name = format!("{wished}{number}");
        if !is_used(&name) {
            return name.into();
        }
        number += 1;
    }
}

impl Inbox {
    /// Sets limit and policy; nothing is dropped (BOX-23).
    pub(crate) fn set_limit(&self, kernel: &Kernel, limit: InboxLimit) {
        self.set_capacity(limit.capacity);
        self.policy.set(limit.policy);
        self.wake_room(kernel);
    }

    /// Closes an inbox that is being deleted: whoever still waits on it sees the end of its stream.
    pub(crate) fn close_for_good(&self, kernel: &Kernel) {
        self.set_reception(Reception::Finished);
        self.clear();
        self.live_sources.set(0);
        self.finished_sources.set(1);
        self.wake_room(kernel);
    }
}

impl Core {
    /// Puts an empty place where the box was. Its links must be gone.
    pub(crate) fn delete_box(&self, direction: Direction, name: &str) -> Result<(), Fault> {
        match direction {
            Direction::Inbox => {
                let index = self.find_inbox(name).ok_or_else(|| self.missing(direction, name))?;
                self.inboxes.change(|inboxes| {
                    let Some(place) = inboxes.get_mut(index) else { return };
                    place.close_for_good(&self.kernel);
                    *place = Rc::new(Inbox::new(DELETED.into(), self.pulse.clone(), index, None, FullPolicy::Block));
                    place.close_for_good(&self.kernel);
                });
            }
            Direction::Outbox => {
                let index = self.find_outbox(name).ok_or_else(|| self.missing(direction, name))?;
                self.outboxes.change(|outboxes| {
                    if let Some(place) = outboxes.get_mut(index) {
                        *place = Outbox::new(DELETED.into());
                    }
                });
            }
        }
        Ok(())
    }
}
