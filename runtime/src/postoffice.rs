//! The postoffice: who is linked to whom, and the routes that follow from it.
//!
//! Owned by the `Scheduler`, touched only between turns. Invariant: every route ends in a final inbox; passthrough chains
//! are resolved when a link is made or removed (R7). Delivery itself is in `mailbox`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use smallvec::SmallVec;

use crate::ids::{BoxAddr, ComponentId, Direction, LinkageId};
use crate::mailbox::Inbox;
use crate::outbox::Route;
use crate::scheduler::core::Core;
use crate::topology::{LinkError, LinkageDesc, LinkageKind};

/// The cores of all components, by identity.
pub(crate) type Roster = BTreeMap<ComponentId, Rc<Core>>;

/// One linkage that exists.
pub(crate) struct Linkage {
    pub id: LinkageId,
    pub desc: LinkageDesc,
    /// Deliveries over routes that no longer exist.
    pub retired: u64,
    /// The component that made it itself, if one did (LINK-18).
    pub owner: Option<ComponentId>,
    pub tapped: bool,
}

/// All linkages of one scheduler.
#[derive(Default)]
pub(crate) struct Postoffice {
    links: BTreeMap<LinkageId, Linkage>,
    by_desc: BTreeMap<LinkageDesc, LinkageId>,
    out: BTreeMap<BoxAddr, Vec<LinkageId>>,
    into: BTreeMap<BoxAddr, Vec<LinkageId>>,
    next: u64,
    traced: bool,
}

impl Postoffice {
    pub fn new(traced: bool) -> Self {
        Self { traced, ..Self::default() }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Linkage> {
        self.by_desc.values().filter_map(|id| self.links.get(id))
    }

    pub fn contains(&self, desc: &LinkageDesc) -> bool {
        self.by_desc.contains_key(desc)
    }

    fn check_box(roster: &Roster, addr: &BoxAddr) -> Result<(), LinkError> {
        let core = roster.get(&addr.component).ok_or(LinkError::NoSuchComponent(addr.component))?;
        let found = match addr.direction {
            Direction::Inbox => core.find_inbox(&addr.name).is_some(),
            Direction::Outbox => core.find_outbox(&addr.name).is_some(),
        };
        if found { Ok(()) } else { Err(core.no_box(addr.direction, &addr.name).into()) }
    }

    /// Makes a linkage; on `Err` nothing has changed. A backlog in an inbox that is now linked onward moves on, oldest
    /// first, behind what is there, beyond the limit if need be (LINK-11, LINK-13).
    pub fn link(
        &mut self,
        roster: &Roster,
        desc: LinkageDesc,
        owner: Option<ComponentId>,
    ) -> Result<LinkageId, LinkError> {
        let kind = desc.kind().ok_or(LinkError::InboxToOutbox)?;
        Self::check_box(roster, &desc.from)?;
        Self::check_box(roster, &desc.to)?;
        if self.by_desc.contains_key(&desc) {
            return Err(LinkError::AlreadyLinked(desc.from, desc.to));
        }
        if kind != LinkageKind::Data && self.reaches(&desc.to, &desc.from) {
            return Err(LinkError::PassthroughRing(desc.from, desc.to));
        }
        self.next += 1;
        let id = LinkageId(self.next);
        self.out.entry(desc.from.clone()).or_default().push(id);
        self.into.entry(desc.to.clone()).or_default().push(id);
        self.by_desc.insert(desc.clone(), id);
        let from = desc.from.clone();
        self.links.insert(id, Linkage { id, desc, retired: 0, owner, tapped: false });
        self.reroute(roster, &from);
        if kind == LinkageKind::InboxToInbox {
            self.move_backlog(roster, &from);
        }
        Ok(id)
    }

    /// Removes a linkage; one that does not exist is no error (LINK-16). What was delivered stays (LINK-14).
    pub fn unlink(&mut self, roster: &Roster, desc: &LinkageDesc) -> bool {
        let Some(&id) = self.by_desc.get(desc) else { return false };
        // Routes are taken down while the link can still be counted.
        remove_id(&mut self.out, &desc.from, id);
        remove_id(&mut self.into, &desc.to, id);
        self.reroute(roster, &desc.from);
        self.by_desc.remove(desc);
        self.links.remove(&id);
        true
    }

    /// Removes every linkage that touches a component.
    pub fn unlink_component(&mut self, roster: &Roster, id: ComponentId) {
        self.unlink_where(roster, |link| link.desc.touches(id));
    }

    /// Removes every linkage that a component made itself (LINK-18).
    pub fn unlink_owned(&mut self, roster: &Roster, id: ComponentId) {
        self.unlink_where(roster, |link| link.owner == Some(id));
    }

    /// Removes a linkage if this component made it; any other is left alone (LINK-16).
    pub fn unlink_one_of(&mut self, roster: &Roster, owner: ComponentId, desc: &LinkageDesc) {
        self.unlink_where(roster, |link| link.owner == Some(owner) && link.desc == *desc);
    }

    /// Removes the linkages a component made that touch another (LINK-17).
    pub fn unlink_between(&mut self, roster: &Roster, owner: ComponentId, other: ComponentId) {
        self.unlink_where(roster, |link| link.owner == Some(owner) && link.desc.touches(other));
    }

    /// Removes every linkage on a box, whoever made it (ADPT-4).
    pub fn unlink_box(&mut self, roster: &Roster, addr: &BoxAddr) {
        self.unlink_where(roster, |link| link.desc.from == *addr || link.desc.to == *addr);
    }

    /// The inboxes in which a message put into this inbox ends up.
    pub fn final_sinks(&self, roster: &Roster, addr: &BoxAddr) -> Vec<Rc<Inbox>> {
        if !self.out.contains_key(addr) {
            return roster.get(&addr.component).and_then(|core| core.inbox(&addr.name)).into_iter().collect();
        }
        let mut found = Vec::new();
        self.resolve(roster, addr, &mut SmallVec::new(), &mut found);
        found.into_iter().map(|(_, sink)| sink).collect()
    }

    fn unlink_where(&mut self, roster: &Roster, wanted: impl Fn(&Linkage) -> bool) {
        let found: Vec<LinkageDesc> =
            self.links.values().filter(|link| wanted(link)).map(|link| link.desc.clone()).collect();
        for desc in found {
            self.unlink(roster, &desc);
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
    pub fn fed_from(&self, core: &Core) -> Vec<ComponentId> {
        let outboxes = core.outboxes.borrow();
        let links = outboxes.iter();
        let links = links.filter_map(|outbox| self.out.get(&BoxAddr::outbox(core.pulse.id, outbox.name.text())));
        let links = links.flatten().filter_map(|id| self.links.get(id)).map(|link| &link.desc.to);
        links.filter(|to| to.direction == Direction::Inbox && &*to.name != "control").map(|to| to.component).collect()
    }

    /// Components that are linked to a data inbox of this one, composites round it included.
    pub fn feeding(&self, core: &Core) -> Vec<ComponentId> {
        let inboxes = core.inboxes.borrow();
        let data = inboxes.iter().filter(|inbox| !inbox.is_control);
        let links = data.filter_map(|inbox| self.into.get(&BoxAddr::inbox(core.pulse.id, inbox.name.text())));
        links.flatten().filter_map(|id| self.links.get(id)).map(|link| link.desc.from.component).collect()
    }

    /// Works out the routes again of every outbox from which `start` can be reached.
    fn reroute(&mut self, roster: &Roster, start: &BoxAddr) {
        if start.direction == Direction::Inbox
            && let Some(inbox) = roster.get(&start.component).and_then(|core| core.inbox(&start.name))
        {
            inbox.forwarded.set(self.out.contains_key(start));
        }
        let mut open = vec![start.clone()];
        let mut seen = BTreeSet::new();
        while let Some(addr) = open.pop() {
            if !seen.insert(addr.clone()) {
                continue;
            }
            let sources = self.into.get(&addr).into_iter().flatten().filter_map(|id| self.links.get(id));
            open.extend(sources.map(|link| link.desc.from.clone()));
        }
        for addr in seen {
            if addr.direction == Direction::Outbox {
                self.rebuild_routes(roster, &addr);
            }
        }
    }

    fn rebuild_routes(&mut self, roster: &Roster, addr: &BoxAddr) {
        let Some(core) = roster.get(&addr.component) else { return };
        let Some(index) = core.find_outbox(&addr.name) else { return };
        let outboxes = core.outboxes.borrow();
        let Some(outbox) = outboxes.get(index) else { return };
        let mut wanted = Vec::new();
        self.resolve(roster, addr, &mut SmallVec::new(), &mut wanted);
        let source_ended = outbox.is_finished.get() || core.pulse.asleep_by_force.get() && core.has_ended();
        let mut old: Vec<Rc<Route>> = outbox.routes().to_vec();
        let mut new: Vec<Rc<Route>> = Vec::new();
        for (path, sink) in wanted {
            if let Some(place) = old.iter().position(|route| route.path == path && Rc::ptr_eq(&route.sink, &sink)) {
                new.push(old.swap_remove(place));
            } else {
                let route = Route::attach(path, sink, source_ended);
                self.name_route(roster, core, addr, &route);
                new.push(route);
            }
        }
        for route in old {
            route.detach();
            for id in &route.path {
                if let Some(link) = self.links.get_mut(id) {
                    link.retired += route.delivered.get();
                }
            }
        }
        for route in &new {
            let tapped = route.path.iter().any(|id| self.links.get(id).is_some_and(|link| link.tapped));
            route.set_tapped(tapped);
        }
        drop(outboxes);
        core.outboxes.change(|outboxes| {
            if let Some(outbox) = outboxes.get_mut(index) {
                outbox.set_routes(new);
            }
        });
        // Whoever waited for room behind a link that is gone may now go on.
        core.kernel.wake(&core.pulse);
    }

    fn name_route(&self, roster: &Roster, core: &Core, from: &BoxAddr, route: &Rc<Route>) {
        if !self.traced {
            return;
        }
        let sink = roster.get(&route.sink.owner.id).map(|core| core.name.borrow().clone()).unwrap_or_default();
        let names =
            (format!("{}.{}", core.name.borrow(), from.name).into(), format!("{sink}.{}", &*route.sink.name).into());
        route.set_traced(names);
    }

    /// Follows links from a box to all final inboxes.
    fn resolve(
        &self,
        roster: &Roster,
        addr: &BoxAddr,
        path: &mut SmallVec<[LinkageId; 1]>,
        found: &mut Vec<(SmallVec<[LinkageId; 1]>, Rc<Inbox>)>,
    ) {
        for link in self.links_out(addr) {
            path.push(link.id);
            let to = &link.desc.to;
            if to.direction == Direction::Inbox
                && !self.out.contains_key(to)
                && let Some(inbox) = roster.get(&to.component).and_then(|core| core.inbox(&to.name))
            {
                found.push((path.clone(), inbox));
            } else {
                self.resolve(roster, to, path, found);
            }
            path.pop();
        }
    }

    fn move_backlog(&self, roster: &Roster, from: &BoxAddr) {
        let Some(core) = roster.get(&from.component) else { return };
        let Some(inbox) = core.inbox(&from.name) else { return };
        let mut sinks = Vec::new();
        self.resolve(roster, from, &mut SmallVec::new(), &mut sinks);
        while let Some(message) = inbox.take(&core.kernel) {
            for (_, sink) in &sinks {
                sink.accept(&core.kernel, message.clone(), true);
            }
        }
    }

    /// Keeps copies of the last messages of a link, or stops doing so.
    pub fn tap(&mut self, roster: &Roster, desc: &LinkageDesc, on: bool) {
        let Some(link) = self.by_desc.get(desc).and_then(|id| self.links.get_mut(id)) else { return };
        link.tapped = on;
        let id = link.id;
        for core in roster.values() {
            for outbox in core.outboxes.borrow().iter() {
                for route in outbox.routes().iter().filter(|route| route.path.contains(&id)) {
                    let tapped = route.path.iter().any(|id| self.links.get(id).is_some_and(|link| link.tapped));
                    route.set_tapped(tapped);
                }
            }
        }
    }

    /// A component's name has changed: routes are named anew for the trace.
    pub fn renamed(&self, roster: &Roster) {
        if !self.traced {
            return;
        }
        for (id, core) in roster {
            for outbox in core.outboxes.borrow().iter() {
                let from = BoxAddr::outbox(*id, outbox.name.text());
                for route in outbox.routes() {
                    self.name_route(roster, core, &from, route);
                }
            }
        }
    }
}

fn remove_id(map: &mut BTreeMap<BoxAddr, Vec<LinkageId>>, addr: &BoxAddr, id: LinkageId) {
    if let Some(ids) = map.get_mut(addr) {
        ids.retain(|other| *other != id);
        if ids.is_empty() {
            map.remove(addr);
        }
    }
}
