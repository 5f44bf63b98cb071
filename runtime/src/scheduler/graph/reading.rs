//! Reading: read access to components and links for the scheduler, its snapshots and the code around it.

use std::rc::Rc;

use super::Graph;
use crate::delivery::postoffice::Linkage;
use crate::delivery::wake_state::WakeState;
use crate::ids::ComponentId;
use crate::scheduler::component_core::Core;
use crate::scheduler::failures::Failures;
use crate::scheduler::slot::Slot;
use crate::woken_slots::WakeTarget;

impl Graph {
    /// The core of a component.
    pub fn core(&self, id: ComponentId) -> Option<&Rc<Core>> {
        self.table.core(id)
    }

    /// The cores of all components, in order of identity.
    pub fn cores(&self) -> impl Iterator<Item = &Rc<Core>> {
        self.table.cores()
    }

    /// How many components there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// All components, in order of slot.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.table.iter()
    }

    /// The components with an inbox for user events, in order of slot.
    pub fn slots_with_events(&self) -> impl Iterator<Item = &Slot> {
        self.table.with_events()
    }

    /// All links, in order of their boxes.
    pub fn links(&self) -> impl Iterator<Item = &Linkage> {
        self.postoffice.iter()
    }

    /// The component for which a waker was made, if it exists and runs code.
    pub fn running(&self, target: WakeTarget) -> Option<&Rc<WakeState>> {
        let slot = self.table.get(target.slot).filter(|slot| slot.core.generation == target.generation)?;
        slot.body.is_some().then_some(&slot.core.boxes.wake_state)
    }

    /// The failures of this run.
    pub fn failures(&self) -> &Failures {
        &self.failures
    }

    /// Whether a component is running code.
    pub fn has_live(&self) -> bool {
        self.table.live() > 0
    }

    /// Whether a crashed component will be restarted.
    pub fn has_restarts(&self) -> bool {
        !self.restart_timers.is_empty()
    }

    /// Whether no component is running code and none will be restarted automatically.
    pub fn all_have_ended(&self) -> bool {
        !self.has_live() && !self.has_restarts()
    }

    /// Whether there has been a component.
    pub fn was_used(&self) -> bool {
        self.table.was_used()
    }

    /// Whether a component is paused by hand.
    pub fn has_paused(&self) -> bool {
        self.table.has_paused()
    }

    /// Begins a new interval of samples, after a snapshot was taken.
    pub fn renew_samples(&mut self) {
        for slot in self.table.iter_mut() {
            slot.ran_since_snapshot = false;
            for outbox in slot.core.boxes.outboxes.borrow().iter() {
                for route in outbox.routes() {
                    route.renew_samples();
                }
            }
        }
    }

    /// Whether nothing is left of the components that were removed, and all have been.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        (self.table.len(), self.table.iter().count(), self.table.live()) == (0, 0, 0)
            && self.postoffice.iter().count() == 0
            && self.turns.pass_is_over()
            && !self.turns.has_continuing()
            && self.restart_timers.is_empty()
    }

    /// The slot that the next component will have.
    #[cfg(test)]
    pub fn next_slot(&self) -> u32 {
        self.table.next_slot()
    }
}
