//! Finishing: which members of a composite are asked to finish, and when, so that the end follows the data (GRAPH-9,
//! SHUT-3).
//!
//! A component must not end before all messages on their way to it have arrived. When a composite is asked to finish,
//! it therefore asks only the members that no sibling feeds. Each time a member ends, the members that it fed are
//! checked again. A ring that is not fed from outside has no first member, so all its members are asked together.

use std::collections::BTreeSet;

use super::Graph;
use crate::delivery::wake_state::EndRequest;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::scheduler::component_core::Core;
use crate::scheduler::slot::{Life, Slot};

impl Graph {
    /// Passes a control message on to the members whose `control` has no link (GRAPH-9): a finish in the direction of
    /// data flow, any other message to all of them now.
    pub(super) fn control_members(&mut self, composite: ComponentId, message: &Message) {
        if *message == Message::ProducerFinished {
            return self.finish_members(composite);
        }
        for member in self.going_members(composite) {
            self.control_unless_fed(member, message);
        }
    }

    /// Sends a finish to each member that is not fed by a sibling, and to all members of each ring that is not fed from
    /// outside.
    pub(super) fn finish_members(&mut self, composite: ComponentId) {
        let members = self.going_members(composite);
        let firsts: BTreeSet<ComponentId> =
            members.iter().copied().filter(|id| !self.is_fed_by_sibling(*id, composite)).collect();
        for id in &firsts {
            self.finish_unless_fed(*id);
        }
        // A member downstream of a finishing member is asked to finish when that member ends. Only rings, and the
        // members fed by rings, remain.
        let mut reached = BTreeSet::new();
        for id in &members {
            if firsts.contains(id) || self.was_asked_to_end(*id) {
                self.add_downstream(*id, composite, &mut reached);
            }
        }
        for id in members {
            if !reached.contains(&id) {
                self.finish_ring(id, composite, &mut reached);
            }
        }
    }

    /// Checks the members in `fed` after the member that fed them has ended or was removed: each may now be the first.
    pub(super) fn finish_behind(&mut self, composite: ComponentId, fed: Vec<ComponentId>) {
        for id in fed {
            if self.sibling(id, composite).is_none() || self.was_asked_to_end(id) {
                continue;
            }
            if self.is_fed_by_sibling(id, composite) {
                self.finish_ring(id, composite, &mut BTreeSet::new());
            } else {
                self.finish_unless_fed(id);
            }
        }
    }

    /// Whether a component is a composite that was asked to finish (GRAPH-10).
    pub(super) fn is_finishing(&self, composite: ComponentId) -> bool {
        self.table.core(composite).is_some_and(|core| core.is_composite && core.end_request() == EndRequest::Finish)
    }

    /// The components that a component feeds, over links from outbox to inbox.
    pub(super) fn fed_from(&self, id: ComponentId) -> Vec<ComponentId> {
        self.table.core(id).map(|core| self.postoffice.fed_from(&core.boxes)).unwrap_or_default()
    }

    /// Whether another running component, or its composite, feeds one of its data inboxes.
    pub(super) fn is_fed_by_any(&self, core: &Core) -> bool {
        let own = core.id();
        self.postoffice.feeding(&core.boxes).into_iter().any(|id| id != own && self.is_going(id))
    }

    /// Asks all members of a ring to finish, unless a member outside the ring feeds it.
    fn finish_ring(&mut self, id: ComponentId, composite: ComponentId, reached: &mut BTreeSet<ComponentId>) {
        let mut downstream = BTreeSet::new();
        self.add_downstream(id, composite, &mut downstream);
        let Some(ring) = self.upstream_within(id, composite, &downstream) else { return };
        for id in ring {
            self.finish_unless_fed(id);
        }
        reached.append(&mut downstream);
    }

    /// Adds `id` and all running siblings downstream of it.
    fn add_downstream(&self, id: ComponentId, composite: ComponentId, seen: &mut BTreeSet<ComponentId>) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Some(core) = self.sibling(id, composite)
                && seen.insert(id)
            {
                open.extend(self.postoffice.fed_from(&core.boxes));
            }
        }
    }

    /// `id` and all running siblings upstream of it; `None` if one of them is not in `within`.
    fn upstream_within(
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

    /// The component, if it is a running member of this composite.
    fn sibling(&self, id: ComponentId, composite: ComponentId) -> Option<&Core> {
        let slot = self.table.by_id(id)?;
        (slot.parent() == Some(composite) && self.slot_is_going(slot)).then_some(&*slot.core)
    }

    fn is_going(&self, id: ComponentId) -> bool {
        self.table.by_id(id).is_some_and(|slot| self.slot_is_going(slot))
    }

    /// Whether a component is running. A component that will be restarted counts, because it may still send.
    fn slot_is_going(&self, slot: &Slot) -> bool {
        slot.life == Life::Going || self.restart_timers.contains(slot.core.slot())
    }

    fn going_members(&self, composite: ComponentId) -> Vec<ComponentId> {
        self.table.members(composite).filter(|slot| self.slot_is_going(slot)).map(|slot| slot.core.id()).collect()
    }

    /// Whether a component was asked to end, or will be asked over a link to its `control`.
    fn was_asked_to_end(&self, id: ComponentId) -> bool {
        self.table.core(id).is_some_and(|core| core.end_request() != EndRequest::None)
            || self.postoffice.is_fed(&BoxAddr::inbox(id, "control"))
    }

    fn finish_unless_fed(&mut self, id: ComponentId) {
        self.control_unless_fed(id, &Message::ProducerFinished);
    }

    fn control_unless_fed(&mut self, id: ComponentId, message: &Message) {
        let control = BoxAddr::inbox(id, "control");
        if !self.postoffice.is_fed(&control) {
            self.put(&control, message);
        }
    }
}
