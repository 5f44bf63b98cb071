//! Adaptive components: components that add and delete boxes while they run (section 13 of the rules).
//!
//! A new box exists at once. A deleted box is removed at the next safe point, with all its links, regardless of who made them
//! (ADPT-4). It leaves an empty entry, so the positions of the other boxes do not change.

use std::rc::Rc;
use std::sync::Arc;

use super::spec::DEFAULT_CAPACITY;
use super::{BoxIo, Fault, FullPolicy};
use crate::delivery::inbox::{DELETED, Inbox};
use crate::delivery::outbox::Outbox;
use crate::ids::Direction;
use crate::scheduler::component_core::Core;
use crate::scheduler::request::Ask;
use crate::topology::InboxLimit;

impl BoxIo {
    /// Adds an inbox with the default capacity and returns its name: `requested` if that is free, otherwise `requested`
    /// followed by a number (ADPT-1).
    pub fn add_inbox(&self, requested: &str) -> Arc<str> {
        let name = free_name(requested, |name| self.core.boxes.find_inbox(name).is_some());
        let wake_state = self.core.boxes.wake_state.clone();
        self.core.boxes.inboxes.change(|inboxes| {
            let vacant = inboxes.iter().position(|inbox| &*inbox.name == DELETED);
            let index = vacant.unwrap_or(inboxes.len());
            let inbox = Inbox::new(name.clone().into(), wake_state, index, Some(DEFAULT_CAPACITY), FullPolicy::Block);
            match vacant.and_then(|index| inboxes.get_mut(index)) {
                Some(entry) => *entry = Rc::new(inbox),
                None => inboxes.push(Rc::new(inbox)),
            }
        });
        self.core.context.revision.increase();
        name
    }

    /// Adds an outbox and returns its name: `requested` if that is free, otherwise `requested` followed by a number
    /// (ADPT-1).
    pub fn add_outbox(&self, requested: &str) -> Arc<str> {
        let name = free_name(requested, |name| self.core.boxes.find_outbox(name).is_some());
        let outbox = Outbox::new(name.clone().into());
        self.core.boxes.outboxes.change(|outboxes| match outboxes.iter_mut().find(|outbox| &*outbox.name == DELETED) {
            Some(entry) => *entry = outbox,
            None => outboxes.push(outbox),
        });
        self.core.context.revision.increase();
        name
    }

    /// Deletes an inbox, its links and the messages waiting in it (ADPT-2).
    ///
    /// # Errors
    /// There is no inbox with this name, or it is `control`.
    pub async fn delete_inbox(&self, name: &str) -> Result<(), Fault> {
        self.ask(Ask::DeleteBox(Direction::Inbox, name.into())).await.map(|_| ())
    }

    /// Deletes an outbox and its links. Messages already sent have arrived (ADPT-2, ADPT-3).
    ///
    /// # Errors
    /// There is no outbox with this name, or it is `signal`.
    pub async fn delete_outbox(&self, name: &str) -> Result<(), Fault> {
        self.ask(Ask::DeleteBox(Direction::Outbox, name.into())).await.map(|_| ())
    }

    /// Sets the limit and policy of one of the component's inboxes at once; drops nothing (BOX-20, BOX-23).
    ///
    /// # Panics
    /// There is no such inbox: the component crashes (BOX-11).
    pub fn set_limit(&self, inbox: &str, limit: InboxLimit) {
        let index = self.core.boxes.find_inbox(inbox).unwrap_or_else(|| self.core.no_such_box(Direction::Inbox, inbox));
        if let Some(inbox) = self.core.boxes.inboxes.borrow().get(index) {
            inbox.set_limit(&self.core.context.run_queue, limit);
        }
    }
}

/// `requested` if it is free, otherwise `requested` followed by the smallest number from 2 that makes the name free.
fn free_name(requested: &str, is_used: impl Fn(&str) -> bool) -> Arc<str> {
    if !is_used(requested) && requested != DELETED {
        return requested.into();
    }
    let mut number = 2u64;
    loop {
        let name = format!("{requested}{number}");
        if !is_used(&name) {
            return name.into();
        }
        number += 1;
    }
}

impl Core {
    /// Replaces a box with an empty entry. Its links must be removed first.
    pub(crate) fn delete_box(&self, direction: Direction, name: &str) -> Result<(), Fault> {
        match direction {
            Direction::Inbox => {
                let index = self.boxes.find_inbox(name).ok_or_else(|| self.missing(direction, name))?;
                self.boxes.inboxes.change(|inboxes| {
                    let Some(entry) = inboxes.get_mut(index) else { return };
                    entry.close_for_good(&self.context.run_queue);
                    *entry = Rc::new(Inbox::new(
                        DELETED.into(),
                        self.boxes.wake_state.clone(),
                        index,
                        None,
                        FullPolicy::Block,
                    ));
                    entry.close_for_good(&self.context.run_queue);
                });
            }
            Direction::Outbox => {
                let index = self.boxes.find_outbox(name).ok_or_else(|| self.missing(direction, name))?;
                self.boxes.outboxes.change(|outboxes| {
                    if let Some(entry) = outboxes.get_mut(index) {
                        *entry = Outbox::new(DELETED.into());
                    }
                });
            }
        }
        Ok(())
    }
}
