//! Resources: which boxes of an adaptive component belong to which resource (ADPT-5).
//!
//! A server that adds boxes for each client records here which client they belong to. This module only keeps records; it does
//! not link or delete boxes.

use std::collections::BTreeMap;

use super::{BoxIo, Fault};

/// The boxes of one resource, with additional information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked<I> {
    /// The inboxes of the resource.
    pub inboxes: Vec<String>,
    /// The outboxes of the resource.
    pub outboxes: Vec<String>,
    /// Additional information.
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
    /// Records that an inbox belongs to a resource; replaces an earlier record.
    ///
    /// # Errors
    /// There is no such inbox.
    pub fn track(&mut self, io: &BoxIo, resource: R, inbox: &str) -> Result<(), Fault> {
        io.check_boxes(&[inbox.to_owned()], &[])?;
        self.by_inbox.insert(inbox.to_owned(), resource);
        Ok(())
    }

    /// The resource that an inbox belongs to.
    pub fn of_inbox(&self, inbox: &str) -> Option<&R> {
        self.by_inbox.get(inbox)
    }

    /// Records the boxes and information of a resource; replaces an earlier record.
    ///
    /// # Errors
    /// One of the boxes does not exist.
    pub fn track_information(&mut self, io: &BoxIo, resource: R, tracked: Tracked<I>) -> Result<(), Fault> {
        io.check_boxes(&tracked.inboxes, &tracked.outboxes)?;
        self.by_resource.insert(resource, tracked);
        Ok(())
    }

    /// The boxes and information of a resource.
    pub fn information(&self, resource: &R) -> Option<&Tracked<I>> {
        self.by_resource.get(resource)
    }

    /// Removes a resource and returns its boxes and information; `None` if it is unknown.
    pub fn cease(&mut self, resource: &R) -> Option<Tracked<I>> {
        self.by_inbox.retain(|_, owner| owner != resource);
        self.by_resource.remove(resource)
    }
}

impl BoxIo {
    /// Checks that these boxes exist.
    fn check_boxes(&self, inboxes: &[String], outboxes: &[String]) -> Result<(), Fault> {
        use crate::ids::Direction::{Inbox, Outbox};
        let no_inbox = inboxes.iter().find(|name| self.core.boxes.find_inbox(name).is_none()).map(|name| (Inbox, name));
        let no_outbox =
            outboxes.iter().find(|name| self.core.boxes.find_outbox(name).is_none()).map(|name| (Outbox, name));
        no_inbox.or(no_outbox).map_or(Ok(()), |(side, name)| Err(self.core.missing(side, name)))
    }
}
