//! Finishing: who is told, and when, so that the end follows the data (GRAPH-9, SHUT-3).
//!
//! A component that another one feeds must not end before what is still on its way has arrived. So a composite that is
//! told to finish tells those members that no sibling feeds; whenever a member has ended, those it fed are looked at
//! again. A ring that nobody outside of it feeds has no first member: all of it is told together.

use std::collections::BTreeSet;

use super::Graph;
use crate::delivery::wake_state::EndRequest;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::scheduler::core::Core;
use crate::scheduler::slot::{Life, Slot};

impl Graph {
    /// Hands a control message to the members whose `control` nobody feeds (GRAPH-9): a finish in the order of the data,
    /// anything else to all of them now.
    pub(super) fn control_members(&mut self, composite: ComponentId, message: &Message) {
        if *message == Message::ProducerFinished {
            return self.finish_members(composite);
        }
        for member in self.going_members(composite) {
            self.tell_unless_fed(member, message);
        }
    }

    /// Tells the members that no sibling feeds to finish, and of each ring without a first member all.
    pub(super) fn finish_members(&mut self, composite: ComponentId) {
        let members = self.going_members(composite);
        let firsts: BTreeSet<ComponentId> =
            members.iter().copied().filter(|id| !self.is_fed_by_sibling(*id, composite)).collect();
        for id in &firsts {
            self.tell_unless_fed(*id, &Message::ProducerFinished);
        }
        // Whoever is behind somebody who will end is reached by that end; what is left are rings and what follows them.
        let mut reached = BTreeSet::new();
        for id in &members {
            if firsts.contains(id) || self.has_been_told(*id) {
                self.walk(*id, composite, &mut reached);
            }
        }
        for id in members {
            if !reached.contains(&id) {
                self.finish_ring(id, composite, &mut reached);
            }
        }
    }

    /// A member has ended, or is gone: those it fed may be first now. `fed` are those it fed.
    pub(super) fn finish_behind(&mut self, composite: ComponentId, fed: Vec<ComponentId>) {
        for id in fed {
            if self.sibling(id, composite).is_none() || self.has_been_told(id) {
                continue;
            }
            if self.is_fed_by_sibling(id, composite) {
                self.finish_ring(id, composite, &mut BTreeSet::new());
            } else {
                self.tell_unless_fed(id, &Message::ProducerFinished);
            }
        }
    }

    /// Whether a composite has been told to finish, and tells its members itself (GRAPH-10).
    pub(super) fn is_finishing(&self, composite: ComponentId) -> bool {
        self.table.core(composite).is_some_and(|core| core.is_composite && core.end_request() == EndRequest::Finish)
    }

    /// Those a component feeds, over links from outbox to inbox.
    pub(super) fn fed_from(&self, id: ComponentId) -> Vec<ComponentId> {
        self.table.core(id).map(|core| self.postoffice.fed_from(&core.boxes)).unwrap_or_default()
    }

    /// Whether anybody who is still going feeds one of its data inboxes, its own composite included.
    pub(super) fn is_fed_by_anyone(&self, core: &Core) -> bool {
        let own = core.id();
        self.postoffice.feeding(&core.boxes).into_iter().any(|id| id != own && self.is_going(id))
    }

    /// Tells all members of a ring, unless somebody outside of it feeds it.
    fn finish_ring(&mut self, id: ComponentId, composite: ComponentId, reached: &mut BTreeSet<ComponentId>) {
        let mut behind = BTreeSet::new();
        self.walk(id, composite, &mut behind);
        let Some(ring) = self.before_within(id, composite, &behind) else { return };
        for id in ring {
            self.tell_unless_fed(id, &Message::ProducerFinished);
        }
        reached.append(&mut behind);
    }

    /// Adds `id` and all going siblings that it feeds, however far.
    fn walk(&self, id: ComponentId, composite: ComponentId, seen: &mut BTreeSet<ComponentId>) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Some(core) = self.sibling(id, composite)
                && seen.insert(id)
            {
                open.extend(self.postoffice.fed_from(&core.boxes));
            }
        }
    }

    /// `id` and all going siblings that feed it, however far; `None` as soon as one is not in `within`.
    fn before_within(
        &self,
        id: ComponentId,
        composite: ComponentId,
        within: &BTreeSet<ComponentId>,
    ) -> Option<BTreeSet<ComponentId>> {
        let (mut open, mut seen) = (vec![id], BTreeSet::new());
        while let Some(id) = open.pop() {
            let Some(core) = self.sibling(id, composite) else { continue };
            if !within.contains(&id) {
                return None;
            }
            if seen.insert(id) {
                open.extend(self.postoffice.feeding(&core.boxes));
            }
        }
        Some(seen)
    }

    fn is_fed_by_sibling(&self, id: ComponentId, composite: ComponentId) -> bool {
        let Some(core) = self.table.core(id) else { return false };
        self.postoffice
            .feeding(&core.boxes)
            .into_iter()
            .any(|other| other != id && self.sibling(other, composite).is_some())
    }

    /// A member of this composite that is going.
    fn sibling(&self, id: ComponentId, composite: ComponentId) -> Option<&Core> {
        let slot = self.table.by_id(id)?;
        (slot.parent() == Some(composite) && self.slot_is_going(slot)).then_some(&*slot.core)
    }

    fn is_going(&self, id: ComponentId) -> bool {
        self.table.by_id(id).is_some_and(|slot| self.slot_is_going(slot))
    }

    /// One that will be started again counts: it has something to say yet.
    fn slot_is_going(&self, slot: &Slot) -> bool {
        slot.life == Life::Going || self.revivals.contains(slot.core.slot())
    }

    fn going_members(&self, composite: ComponentId) -> Vec<ComponentId> {
        self.table.members(composite).filter(|slot| self.slot_is_going(slot)).map(|slot| slot.core.id()).collect()
    }

    /// Whether it has been told to end, or is told by somebody it is linked to.
    fn has_been_told(&self, id: ComponentId) -> bool {
        self.table.core(id).is_some_and(|core| core.end_request() != EndRequest::None)
            || self.postoffice.is_fed(&BoxAddr::inbox(id, "control"))
    }

    fn tell_unless_fed(&mut self, id: ComponentId, message: &Message) {
        let control = BoxAddr::inbox(id, "control");
        if !self.postoffice.is_fed(&control) {
            self.put(&control, message);
        }
    }
}
