//! BoxSet: the boxes, name and wake state of one component. The postoffice uses nothing else of a component.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::boxes::Boxes;
use super::inbox::{DELETED, Inbox};
use super::outbox::Outbox;
use super::wake_state::WakeState;
use crate::ids::{ComponentId, Direction};
use crate::topology::NoSuchBox;

/// The boxes of one component.
pub(crate) struct BoxSet {
    pub wake_state: Rc<WakeState>,
    pub name: RefCell<Arc<str>>,
    pub inboxes: Boxes<Rc<Inbox>>,
    pub outboxes: Boxes<Outbox>,
    pub control: Rc<Inbox>,
}

impl BoxSet {
    pub fn id(&self) -> ComponentId {
        self.wake_state.id
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

    /// Calls `act` with an outbox; `None` if there is none with this name. `act` must not add or remove outboxes.
    pub fn with_outbox<T>(&self, name: &str, act: impl FnOnce(&Outbox) -> T) -> Option<T> {
        let index = self.find_outbox(name)?;
        self.outboxes.borrow().get(index).map(act)
    }

    /// The names of its inboxes or outboxes, in order of declaration, without deleted ones.
    pub fn names(&self, side: Direction) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = match side {
            Direction::Inbox => self.inboxes.borrow().iter().map(|inbox| inbox.name.text()).collect(),
            Direction::Outbox => self.outboxes.borrow().iter().map(|outbox| outbox.name.text()).collect(),
        };
        names.retain(|name| **name != *DELETED);
        names
    }

    /// The error for a box that this component does not have.
    pub fn no_box(&self, side: Direction, name: &str) -> NoSuchBox {
        NoSuchBox { component: self.name.borrow().clone(), side, name: name.into() }
    }
}
