//! Resources: which of an adaptive component's boxes belong to what (ADPT-5).
//!
//! A server that adds boxes for every client notes here whose they are. Plain bookkeeping: nothing is linked or deleted.

use std::collections::BTreeMap;

use super::{BoxIo, Fault};

/// The boxes of one resource, and what else is to be known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked<I> {
    /// Its inboxes.
    pub inboxes: Vec<String>,
    /// Its outboxes.
    pub outboxes: Vec<String>,
    /// Whatever else is to be remembered.
    pub info: I,
}

/// Resources by name `R`, each with boxes and information `I`.
#[derive(Debug, Clone)]
pub struct Resources<R, I> {
    by_inbox: BTreeMap<String, R>,
    by_resource: BTreeMap<R, Tracked<I>>,
}

impl<R, I> Default for Resources<R, I> {
    fn default() -> Self {
        Self { by_inbox: BTreeMap::new(), by_resource: BTreeMap::new() }
    }
}

impl<R: Ord + Clone, I> Resources<R, I> {
    /// Notes that an inbox belongs to a resource; noting again overwrites. Refused if there is no such inbox.
    ///
    /// # Errors
    /// There is no such inbox.
    pub fn track(&mut self, io: &BoxIo, resource: R, inbox: &str) -> Result<(), Fault> {
        io.check_boxes(&[inbox.to_owned()], &[])?;
        self.by_inbox.insert(inbox.to_owned(), resource);
        Ok(())
    }

    /// The resource an inbox belongs to.
    pub fn of_inbox(&self, inbox: &str) -> Option<&R> {
        self.by_inbox.get(inbox)
    }

    /// Notes boxes and information of a resource; noting again overwrites. Refused if one of the boxes does not exist.
    ///
    /// # Errors
    /// One of the boxes does not exist.
    pub fn track_information(&mut self, io: &BoxIo, resource: R, tracked: Tracked<I>) -> Result<(), Fault> {
        io.check_boxes(&tracked.inboxes, &tracked.outboxes)?;
        self.by_resource.insert(resource, tracked);
        Ok(())
    }

    /// What was noted about a resource.
    pub fn information(&self, resource: &R) -> Option<&Tracked<I>> {
        self.by_resource.get(resource)
    }

    /// Forgets a resource and gives back what was noted; `None` if it is unknown.
    pub fn cease(&mut self, resource: &R) -> Option<Tracked<I>> {
        self.by_inbox.retain(|_, owner| owner != resource);
        self.by_resource.remove(resource)
    }
}

impl BoxIo {
    /// Refuses if one of these boxes does not exist.
    fn check_boxes(&self, inboxes: &[String], outboxes: &[String]) -> Result<(), Fault> {
        use crate::ids::Direction::{Inbox, Outbox};
        let no_inbox = inboxes.iter().find(|name| self.core.boxes.find_inbox(name).is_none()).map(|name| (Inbox, name));
        let no_outbox =
            outboxes.iter().find(|name| self.core.boxes.find_outbox(name).is_none()).map(|name| (Outbox, name));
        no_inbox.or(no_outbox).map_or(Ok(()), |(side, name)| Err(self.core.missing(side, name)))
    }
}
