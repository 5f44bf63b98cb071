//! Changes: the events that lead from one topology to another (INTRO-1 to INTRO-9).
//!
//! Pure. The events are in the order of the wire format: links removed, boxes and components removed, components added,
//! boxes added, links added. Not here: the text of the events (see `wire`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::snapshot::Snapshot;
use crate::ids::{BoxAddr, ComponentId, Direction};
use crate::topology::LinkageDesc;

/// Name and boxes of one component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// Its name.
    pub name: Arc<str>,
    /// Names of its inboxes, in order.
    pub inboxes: Vec<Arc<str>>,
    /// Names of its outboxes, in order.
    pub outboxes: Vec<Arc<str>>,
}

impl Shape {
    /// The boxes, inboxes first.
    fn boxes(&self, id: ComponentId) -> impl Iterator<Item = BoxAddr> + '_ {
        let inboxes = self.inboxes.iter().map(move |name| BoxAddr::inbox(id, name.clone()));
        inboxes.chain(self.outboxes.iter().map(move |name| BoxAddr::outbox(id, name.clone())))
    }

    fn has(&self, addr: &BoxAddr) -> bool {
        match addr.direction {
            Direction::Inbox => self.inboxes.contains(&addr.name),
            Direction::Outbox => self.outboxes.contains(&addr.name),
        }
    }
}

/// Components, boxes and linkages of a run, without counters and states.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopologyView {
    /// The components.
    pub components: BTreeMap<ComponentId, Shape>,
    /// The linkages between them.
    pub links: BTreeSet<LinkageDesc>,
}

/// One change of a topology.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A linkage was removed.
    LinkRemoved(LinkageDesc),
    /// A box was removed, on its own or with its component.
    BoxRemoved(BoxAddr),
    /// A component was removed.
    ComponentRemoved(ComponentId),
    /// A component was added.
    ComponentAdded {
        /// Which.
        id: ComponentId,
        /// Its name.
        name: Arc<str>,
    },
    /// A component was renamed.
    Renamed {
        /// Which.
        id: ComponentId,
        /// Its new name.
        name: Arc<str>,
    },
    /// A box was added.
    BoxAdded(BoxAddr),
    /// A linkage was added.
    LinkAdded(LinkageDesc),
}

impl TopologyView {
    /// The topology of a run: every component that has not ended, every component that is linked to one of these, and
    /// the linkages between all of them (INTRO-9).
    pub fn of(snapshot: &Snapshot) -> Self {
        let going: BTreeSet<ComponentId> =
            snapshot.components.iter().filter(|view| !view.state.has_ended()).map(|view| view.id).collect();
        let mut shown = going.clone();
        for link in &snapshot.linkages {
            let ends = [link.desc.from.component, link.desc.to.component];
            if ends.iter().any(|end| going.contains(end)) {
                shown.extend(ends);
            }
        }
        let components = snapshot.components.iter().filter(|view| shown.contains(&view.id));
        let shape = |view: &super::snapshot::ComponentView| Shape {
            name: view.name.clone(),
            inboxes: view.inboxes.iter().map(|inbox| inbox.name.clone()).collect(),
            outboxes: view.outboxes.iter().map(|outbox| outbox.name.clone()).collect(),
        };
        Self {
            components: components.map(|view| (view.id, shape(view))).collect(),
            links: snapshot
                .linkages
                .iter()
                .map(|link| link.desc.clone())
                .filter(|desc| shown.contains(&desc.from.component) && shown.contains(&desc.to.component))
                .collect(),
        }
    }

    fn boxes(&self) -> impl Iterator<Item = BoxAddr> + '_ {
        self.components.iter().flat_map(|(id, shape)| shape.boxes(*id))
    }

    fn has_box(&self, addr: &BoxAddr) -> bool {
        self.components.get(&addr.component).is_some_and(|shape| shape.has(addr))
    }
}

/// The events that lead from `before` to `after`; empty if nothing has changed.
pub fn changes(before: &TopologyView, after: &TopologyView) -> Vec<Change> {
    let mut events = Vec::new();
    events.extend(before.links.difference(&after.links).cloned().map(Change::LinkRemoved));
    events.extend(before.boxes().filter(|addr| !after.has_box(addr)).map(Change::BoxRemoved));
    let gone = before.components.keys().filter(|id| !after.components.contains_key(id));
    events.extend(gone.copied().map(Change::ComponentRemoved));
    for (id, shape) in &after.components {
        match before.components.get(id) {
            None => events.push(Change::ComponentAdded { id: *id, name: shape.name.clone() }),
            Some(known) if known.name != shape.name => {
                events.push(Change::Renamed { id: *id, name: shape.name.clone() });
            }
            Some(_) => {}
        }
    }
    events.extend(after.boxes().filter(|addr| !before.has_box(addr)).map(Change::BoxAdded));
    events.extend(after.links.difference(&before.links).cloned().map(Change::LinkAdded));
    events
}
