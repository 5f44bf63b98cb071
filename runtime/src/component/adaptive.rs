//! Adaptive components: boxes added and removed while running (section 13 of the rules).
//!
//! A new box is there at once. A deleted one goes at the next safe point, with every link on it, whoever made it
//! (ADPT-4); its place in the table is left behind empty, so that nobody who waits on another box is mixed up.

use std::rc::Rc;
use std::sync::Arc;

use super::spec::DEFAULT_CAPACITY;
use super::{BoxIo, Fault, FullPolicy};
use crate::delivery::inbox::{DELETED, Inbox};
use crate::delivery::outbox::Outbox;
use crate::ids::Direction;
use crate::scheduler::core::Core;
use crate::scheduler::request::Ask;
use crate::topology::InboxLimit;

impl BoxIo {
    /// Adds an inbox with the default capacity and gives its name: the wished one if that is free, else with a number
    /// behind it (ADPT-1).
    pub fn add_inbox(&self, wished: &str) -> Arc<str> {
        let name = free_name(wished, |name| self.core.boxes.find_inbox(name).is_some());
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

    /// Adds an outbox and gives its name: the wished one if that is free, else with a number behind it (ADPT-1).
    pub fn add_outbox(&self, wished: &str) -> Arc<str> {
        let name = free_name(wished, |name| self.core.boxes.find_outbox(name).is_some());
        let outbox = Outbox::new(name.clone().into());
        self.core.boxes.outboxes.change(|outboxes| match outboxes.iter_mut().find(|outbox| &*outbox.name == DELETED) {
            Some(entry) => *entry = outbox,
            None => outboxes.push(outbox),
        });
        self.core.context.revision.increase();
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
        let index = self.core.boxes.find_inbox(inbox).unwrap_or_else(|| self.core.no_such_box(Direction::Inbox, inbox));
        if let Some(inbox) = self.core.boxes.inboxes.borrow().get(index) {
            inbox.set_limit(&self.core.context.run_queue, limit);
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

impl Core {
    /// Puts an empty place where the box was. Its links must be gone.
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
