//! The postoffice: which boxes are linked, and the resulting routes.
//!
//! Owned by the scheduler, touched only between turns. Invariant: every route ends in a final inbox; passthrough chains
//! are resolved when a link is made or removed, or at the end of a batch of changes (R7): the routes of a box with many
//! links are made once for all of them. Delivery itself is in `outbox` and `inbox`; taps and names for the trace are in
//! `observing`.

mod observing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use smallvec::SmallVec;

use crate::delivery::box_set::BoxSet;
use crate::delivery::inbox::Inbox;
use crate::delivery::route::Route;
use crate::delivery::run_queue::RunQueue;
use crate::delivery::traffic::Traffic;
use crate::ids::{BoxAddr, ComponentId, Direction, LinkageId};
use crate::topology::{LinkError, LinkageDesc, LinkageKind};

/// Where the postoffice finds the boxes of components.
pub(crate) trait Directory {
    /// The boxes of a component that exists.
    fn boxes(&self, id: ComponentId) -> Option<&BoxSet>;

    /// Where woken components are queued.
    fn run_queue(&self) -> &RunQueue;

    /// Where deliveries are counted.
    fn traffic(&self) -> &Traffic;

    /// An inbox of a component that exists.
    fn inbox(&self, addr: &BoxAddr) -> Option<Rc<Inbox>> {
        self.boxes(addr.component)?.inbox(&addr.name)
    }
}

/// One linkage that exists.
pub(crate) struct Linkage {
    pub id: LinkageId,
    pub desc: LinkageDesc,
    /// Deliveries along routes that no longer exist.
    pub retired: u64,
    /// The component that made it, if one did (LINK-18).
    pub owner: Option<ComponentId>,
    pub tapped: bool,
}

/// All linkages of one scheduler.
#[derive(Default)]
pub(crate) struct Postoffice {
    links: BTreeMap<LinkageId, Linkage>,
    by_desc: BTreeMap<LinkageDesc, LinkageId>,
    out: BTreeMap<BoxAddr, BTreeSet<LinkageId>>,
    into: BTreeMap<BoxAddr, BTreeSet<LinkageId>>,
    /// Linkages by every component that they touch or that made them, so that removing a component visits only its own
    /// linkages.
    by_component: BTreeMap<ComponentId, BTreeSet<LinkageId>>,
    next: u64,
    traced: bool,
    /// Boxes whose linkages have changed since the last [`Self::route_all`], in the order of the changes.
    unrouted: Vec<BoxAddr>,
}

impl Postoffice {
    pub fn new(traced: bool) -> Self {
        Self { traced, ..Self::default() }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Linkage> {
        self.by_desc.values().filter_map(|id| self.links.get(id))
    }

    /// The linkages that touch a component or that it made.
    pub fn links_of(&self, component: ComponentId) -> impl Iterator<Item = &Linkage> {
        self.by_component.get(&component).into_iter().flatten().filter_map(|id| self.links.get(id))
    }

    pub fn contains(&self, desc: &LinkageDesc) -> bool {
        self.by_desc.contains_key(desc)
    }

    fn check_box(directory: &impl Directory, addr: &BoxAddr) -> Result<(), LinkError> {
        let boxes = directory.boxes(addr.component).ok_or(LinkError::NoSuchComponent(addr.component))?;
        let found = match addr.direction {
            Direction::Inbox => boxes.find_inbox(&addr.name).is_some(),
            Direction::Outbox => boxes.find_outbox(&addr.name).is_some(),
        };
        if found { Ok(()) } else { Err(boxes.no_box(addr.direction, &addr.name).into()) }
    }

    /// Makes a linkage; on `Err` nothing has changed. Messages use it from the next [`Self::route_all`] onwards. A
    /// backlog in an inbox that is now linked onward moves to the new inbox, oldest first, behind the messages there,
    /// beyond the limit if necessary (LINK-11, LINK-13).
    pub fn link(
        &mut self,
        directory: &impl Directory,
        desc: LinkageDesc,
        owner: Option<ComponentId>,
    ) -> Result<LinkageId, LinkError> {
        let kind = desc.kind().ok_or(LinkError::InboxToOutbox)?;
        Self::check_box(directory, &desc.from)?;
        Self::check_box(directory, &desc.to)?;
        if self.by_desc.contains_key(&desc) {
            return Err(LinkError::AlreadyLinked(desc.from, desc.to));
        }
        if kind != LinkageKind::Data && self.reaches(&desc.to, &desc.from) {
            return Err(LinkError::PassthroughRing(desc.from, desc.to));
        }
        self.next += 1;
        let id = LinkageId(self.next);
        self.out.entry(desc.from.clone()).or_default().insert(id);
        self.into.entry(desc.to.clone()).or_default().insert(id);
        self.by_desc.insert(desc.clone(), id);
        for component in concerned(&desc, owner) {
            self.by_component.entry(component).or_default().insert(id);
        }
        let from = desc.from.clone();
        self.links.insert(id, Linkage { id, desc, retired: 0, owner, tapped: false });
        self.unrouted.push(from.clone());
        if kind == LinkageKind::InboxToInbox && directory.inbox(&from).is_some_and(|inbox| inbox.depth() > 0) {
            self.route_all(directory);
            self.move_backlog(directory, &from);
        }
        Ok(id)
    }

    /// Brings the routes in line with the linkages: makes the routes of new linkages and removes those of removed
    /// linkages.
    pub fn route_all(&mut self, directory: &impl Directory) {
        let changed = std::mem::take(&mut self.unrouted);
        for addr in changed.iter().filter(|addr| addr.direction == Direction::Inbox) {
            if let Some(inbox) = directory.inbox(addr) {
                inbox.forwarded.set(self.out.contains_key(addr));
            }
        }
        for addr in self.outboxes_behind(changed) {
            self.rebuild_routes(directory, &addr);
        }
    }

    /// Removes a linkage; false, without an error, if it does not exist (LINK-16). Messages use it until the next
    /// [`Self::route_all`]. Delivered messages stay (LINK-14).
    pub fn unlink(&mut self, desc: &LinkageDesc) -> bool {
        let Some(id) = self.by_desc.remove(desc) else { return false };
        remove_id(&mut self.out, &desc.from, id);
        remove_id(&mut self.into, &desc.to, id);
        self.unrouted.push(desc.from.clone());
        if let Some(link) = self.links.remove(&id) {
            for component in concerned(&link.desc, link.owner) {
                self.forget_link_of(component, id);
            }
        }
        true
    }

    /// Removes every linkage that touches one of these components, and its routes.
    pub fn unlink_components(&mut self, directory: &impl Directory, ids: &[ComponentId]) {
        for id in ids {
            self.unlink_where(*id, |link| link.desc.touches(*id));
        }
        self.route_all(directory);
    }

    /// Removes every linkage that a component made, and its routes (LINK-18).
    pub fn unlink_owned(&mut self, directory: &impl Directory, id: ComponentId) {
        self.unlink_where(id, |link| link.owner == Some(id));
        self.route_all(directory);
    }

    /// Like [`Self::unlink`], if this component made the linkage; otherwise does nothing (LINK-16).
    pub fn unlink_one_of(&mut self, owner: ComponentId, desc: &LinkageDesc) {
        let link = self.by_desc.get(desc).and_then(|id| self.links.get(id));
        if link.is_some_and(|link| link.owner == Some(owner)) {
            self.unlink(desc);
        }
    }

    /// Like [`Self::unlink`], for the linkages that a component made to or from another component (LINK-17).
    pub fn unlink_between(&mut self, owner: ComponentId, other: ComponentId) {
        self.unlink_where(other, |link| link.owner == Some(owner) && link.desc.touches(other));
    }

    /// Removes every linkage on a box, regardless of who made it, and its routes (ADPT-4).
    pub fn unlink_box(&mut self, directory: &impl Directory, addr: &BoxAddr) {
        self.unlink_boxes(directory, addr.component, |other| other == addr);
    }

    /// Removes every linkage on those boxes of a component that are `unwanted`, and its routes.
    pub fn unlink_boxes(
        &mut self,
        directory: &impl Directory,
        component: ComponentId,
        unwanted: impl Fn(&BoxAddr) -> bool,
    ) {
        let is_gone = |addr: &BoxAddr| addr.component == component && unwanted(addr);
        self.unlink_where(component, |link| is_gone(&link.desc.from) || is_gone(&link.desc.to));
        self.route_all(directory);
    }

    /// The inboxes in which a message put into this inbox ends up.
    pub fn final_sinks(&self, directory: &impl Directory, addr: &BoxAddr) -> Vec<Rc<Inbox>> {
        if !self.out.contains_key(addr) {
            return directory.inbox(addr).into_iter().collect();
        }
        let mut found = Vec::new();
        self.resolve(directory, addr, &mut SmallVec::new(), &mut found);
        found.into_iter().map(|(_, sink)| sink).collect()
    }

    /// Like [`Self::unlink`], for those linkages of a component that are `unwanted`.
    fn unlink_where(&mut self, component: ComponentId, unwanted: impl Fn(&Linkage) -> bool) {
        let links = self.links_of(component).filter(|link| unwanted(link));
        let found: Vec<LinkageDesc> = links.map(|link| link.desc.clone()).collect();
        for desc in found {
            self.unlink(&desc);
        }
    }

    fn forget_link_of(&mut self, component: ComponentId, id: LinkageId) {
        if let Some(ids) = self.by_component.get_mut(&component) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_component.remove(&component);
            }
        }
    }

    /// Whether messages put into `from` can pass through to `to` without being stored.
    fn reaches(&self, from: &BoxAddr, to: &BoxAddr) -> bool {
        let mut open = vec![from.clone()];
        let mut seen = BTreeSet::new();
        while let Some(addr) = open.pop() {
            if addr == *to {
                return true;
            }
            if !seen.insert(addr.clone()) {
                continue;
            }
            for link in self.links_out(&addr) {
                if link.desc.kind() != Some(LinkageKind::Data) {
                    open.push(link.desc.to.clone());
                }
            }
        }
        false
    }

    fn links_out(&self, addr: &BoxAddr) -> impl Iterator<Item = &Linkage> {
        self.out.get(addr).into_iter().flatten().filter_map(|id| self.links.get(id))
    }

    /// Whether a box has a linkage into it; for GRAPH-9 and GRAPH-12.
    pub fn is_fed(&self, addr: &BoxAddr) -> bool {
        self.into.contains_key(addr)
    }

    /// Components with a data inbox that an outbox of this one is linked to.
    pub fn fed_from(&self, boxes: &BoxSet) -> Vec<ComponentId> {
        let outboxes = boxes.outboxes.borrow();
        let links = outboxes.iter();
        let links = links.filter_map(|outbox| self.out.get(&BoxAddr::outbox(boxes.id(), outbox.name.text())));
        let links = links.flatten().filter_map(|id| self.links.get(id)).map(|link| &link.desc.to);
        links.filter(|to| to.direction == Direction::Inbox && &*to.name != "control").map(|to| to.component).collect()
    }

    /// Components that are linked to a data inbox of this one, including its composite.
    pub fn feeding(&self, boxes: &BoxSet) -> Vec<ComponentId> {
        let inboxes = boxes.inboxes.borrow();
        let data = inboxes.iter().filter(|inbox| !inbox.is_control);
        let links = data.filter_map(|inbox| self.into.get(&BoxAddr::inbox(boxes.id(), inbox.name.text())));
        links.flatten().filter_map(|id| self.links.get(id)).map(|link| link.desc.from.component).collect()
    }

    /// The outboxes whose messages can pass through one of these boxes, each listed once; includes a box itself, if it
    /// is an outbox without links into it.
    fn outboxes_behind(&self, mut open: Vec<BoxAddr>) -> Vec<BoxAddr> {
        open.reverse();
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        while let Some(addr) = open.pop() {
            if !seen.insert(addr.clone()) {
                continue;
            }
            let sources = self.into.get(&addr).into_iter().flatten().filter_map(|id| self.links.get(id));
            open.extend(sources.map(|link| link.desc.from.clone()));
            if addr.direction == Direction::Outbox {
                found.push(addr);
            }
        }
        found
    }

    fn rebuild_routes(&mut self, directory: &impl Directory, addr: &BoxAddr) {
        let Some(boxes) = directory.boxes(addr.component) else { return };
        let Some(index) = boxes.find_outbox(&addr.name) else { return };
        let outboxes = boxes.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return };
        let mut wanted = Vec::new();
        self.resolve(directory, addr, &mut SmallVec::new(), &mut wanted);
        let source_ended = outbox.is_finished.get();
        let mut old: BTreeMap<SmallVec<[LinkageId; 1]>, Rc<Route>> =
            outbox.routes().iter().map(|route| (route.path.clone(), route.clone())).collect();
        let mut new: Vec<Rc<Route>> = Vec::new();
        for (path, sink) in wanted {
            if old.get(&path).is_some_and(|route| Rc::ptr_eq(&route.sink, &sink)) {
                new.extend(old.remove(&path));
            } else {
                let route = Route::attach(directory.run_queue(), path, sink, source_ended);
                self.name_route(directory, boxes, addr, &route);
                new.push(route);
            }
        }
        for route in old.into_values() {
            route.detach(directory.run_queue());
            for id in &route.path {
                if let Some(link) = self.links.get_mut(id) {
                    link.retired += route.delivered.get();
                }
            }
        }
        for route in &new {
            route.set_tapped(self.is_tapped(route));
        }
        drop(outboxes);
        boxes.outboxes.change(|outboxes| {
            if let Some(outbox) = outboxes.get_mut(index) {
                outbox.set_routes(directory.run_queue(), directory.traffic(), new);
            }
        });
        // Its owner may have been waiting for space behind a removed link.
        directory.run_queue().wake(&boxes.wake_state);
    }

    /// Follows links from a box to all final inboxes.
    fn resolve(
        &self,
        directory: &impl Directory,
        addr: &BoxAddr,
        path: &mut SmallVec<[LinkageId; 1]>,
        found: &mut Vec<(SmallVec<[LinkageId; 1]>, Rc<Inbox>)>,
    ) {
        for link in self.links_out(addr) {
            path.push(link.id);
            let to = &link.desc.to;
            if to.direction == Direction::Inbox
                && !self.out.contains_key(to)
                && let Some(inbox) = directory.inbox(to)
            {
                found.push((path.clone(), inbox));
            } else {
                self.resolve(directory, to, path, found);
            }
            path.pop();
        }
    }

    fn move_backlog(&self, directory: &impl Directory, from: &BoxAddr) {
        let Some(inbox) = directory.inbox(from) else { return };
        let mut sinks = Vec::new();
        self.resolve(directory, from, &mut SmallVec::new(), &mut sinks);
        while let Some(message) = inbox.take(directory.run_queue()) {
            for (_, sink) in &sinks {
                sink.accept(directory.run_queue(), message.clone(), true);
            }
        }
    }
}

/// The components at both ends of a linkage, and the one that made it.
fn concerned(desc: &LinkageDesc, owner: Option<ComponentId>) -> impl Iterator<Item = ComponentId> {
    [Some(desc.from.component), Some(desc.to.component), owner].into_iter().flatten()
}

fn remove_id(map: &mut BTreeMap<BoxAddr, BTreeSet<LinkageId>>, addr: &BoxAddr, id: LinkageId) {
    if let Some(ids) = map.get_mut(addr) {
        ids.remove(&id);
        if ids.is_empty() {
            map.remove(addr);
        }
    }
}
