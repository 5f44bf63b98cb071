//! The end and the removal of components. The end sequence of a component runs exactly once (INV-7, CMP-10).

use std::collections::BTreeSet;

use super::Graph;
use super::error::GraphError;
use crate::component::{Fault, Outcome};
use crate::delivery::inbox::Reception;
use crate::delivery::wake_state::EndRequest;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::scheduler::component_core::Core;
use crate::scheduler::slot::{Life, Tie};
use crate::topology::RestartPolicy;

impl Graph {
    /// The end sequence: drops the code, closes the boxes, announces the end and reports it to the parent (CMP-10, R9, R10).
    pub fn end(&mut self, index: u32, outcome: Outcome) {
        let Some(slot) = self.table.get_mut(index) else { return };
        if slot.life.has_ended() {
            return;
        }
        // If the clean-up of the code panics, the component has crashed (FAIL-6).
        let cleared = slot.body.clear().map_err(Fault::of_panic);
        let outcome = outcome.and(cleared);
        let reception = match outcome {
            Ok(()) => {
                slot.life = Life::Finished;
                Reception::Finished
            }
            Err(fault) => {
                slot.life = Life::Crashed(Box::new(fault));
                Reception::Crashed
            }
        };
        let core = slot.core.clone();
        let restarts = slot.restarts;
        let (policy, parent) = (slot.restart, slot.parent());
        let reported = slot.life.outcome();
        let subscribers = slot.subscribers().to_vec();
        core.boxes.wake_state.suspend();
        self.table.note_live(false);
        self.table.set_paused(index, false);
        let will_restart = reception == Reception::Crashed && policy == RestartPolicy::OnFailure && !self.is_ending;
        let may_be_repaired = reception == Reception::Crashed && self.awaits_repair;
        for inbox in core.boxes.inboxes.borrow().iter() {
            inbox.set_reception(reception);
            if reception == Reception::Finished {
                inbox.clear();
            }
            inbox.notify_waiters(&self.context.run_queue);
        }
        self.context.tracker.borrow_mut().forget(core.id());
        if will_restart {
            let now = self.context.traffic.now();
            self.restart_timers.set(&mut self.context.timers.borrow_mut(), index, now, restarts);
        } else {
            if !may_be_repaired {
                self.announce(&core);
            }
            self.stop_bound(core.id());
            if reception == Reception::Crashed && self.stops_at_failure {
                self.ask_all(&Message::Shutdown, false);
            }
        }
        self.context.revision.increase();
        for subscriber in subscribers {
            self.notify_end(subscriber, core.id(), reported.as_ref());
        }
        self.count_member(index, false);
        if let Some(parent) = parent.filter(|parent| self.is_finishing(*parent)) {
            let fed = self.fed_from(core.id());
            self.finish_behind(parent, fed);
        }
    }

    /// Writes the end of a child into its parent's records and wakes the parent (WAKE-6).
    fn notify_end(&self, parent: ComponentId, child: ComponentId, outcome: Option<&Outcome>) {
        let Some(core) = self.table.core(parent) else { return };
        if let Some(record) = core.children.borrow_mut().iter_mut().find(|record| record.id == child) {
            record.end = outcome.cloned();
        }
        self.context.run_queue.wake(&core.boxes.wake_state);
    }

    /// Ends a component now, members of a composite first (MP-11 to MP-13). Does nothing if it has ended.
    pub(crate) fn stop(&mut self, id: ComponentId) -> Result<(), GraphError> {
        let Some(core) = self.table.core(id).cloned() else { return Err(GraphError::NotRunning(id)) };
        let index = core.slot();
        if self.table.get(index).is_none_or(|slot| slot.life.has_ended()) {
            return Ok(());
        }
        for member in self.members(id) {
            // It exists, so this cannot fail.
            let _ = self.stop(member);
        }
        core.boxes.wake_state.request_end(EndRequest::Shutdown);
        self.end(index, Ok(()));
        Ok(())
    }

    /// Members of a composite, in order of slot.
    fn members(&self, id: ComponentId) -> Vec<ComponentId> {
        if !self.table.core(id).is_some_and(|core| core.is_composite) {
            return Vec::new();
        }
        self.table.members(id).map(|slot| slot.core.id()).collect()
    }

    fn stop_bound(&mut self, owner: ComponentId) {
        for child in self.table.tied(Tie::Bound(owner)) {
            // It exists, so this cannot fail.
            let _ = self.stop(child);
        }
    }

    /// Removes a component, with its members and everything that belongs to them.
    pub(super) fn take_out(&mut self, id: ComponentId) {
        self.take_out_later(id);
        self.forget_turns();
    }

    /// Like [`Self::take_out`], but the caller must call [`Self::forget_turns`] afterwards.
    fn take_out_later(&mut self, id: ComponentId) {
        let members = self.members(id);
        self.postoffice.unlink_components(&self.table, &members);
        for member in members {
            self.take_out_later(member);
        }
        // It may have been removed together with another component.
        let _ = self.remove_later(id);
    }

    /// Separates a component from its children: bound children are removed, the others continue on their own.
    pub(super) fn forget_children(&mut self, owner: ComponentId) {
        self.forget_children_later(owner);
        self.forget_turns();
    }

    /// Like [`Self::forget_children`], but the caller must call [`Self::forget_turns`] afterwards.
    fn forget_children_later(&mut self, owner: ComponentId) {
        let bound: Vec<ComponentId> = self.table.tied(Tie::Bound(owner)).into_iter().collect();
        self.postoffice.unlink_components(&self.table, &bound);
        for child in bound {
            self.take_out_later(child);
        }
        for child in self.table.tied(Tie::Child(owner)) {
            self.table.set_tie(child, Tie::None);
        }
        let Some(core) = self.table.core(owner).cloned() else { return };
        for record in core.children.borrow().iter() {
            if let Some(slot) = self.table.by_id_mut(record.id) {
                slot.kin_mut().subscribers.retain(|subscriber| *subscriber != owner);
            }
        }
        core.children.borrow_mut().clear();
    }

    /// Asks all components to end at once. Crashed components awaiting a restart are not restarted.
    pub fn end_all_now(&mut self) {
        self.is_ending = true;
        let waiting = self.restart_timers.take_all(&mut self.context.timers.borrow_mut());
        for index in waiting {
            let Some(core) = self.table.get(index).map(|slot| slot.core.clone()) else { continue };
            self.announce(&core);
            self.stop_bound(core.id());
        }
        self.ask_all(&Message::Shutdown, false);
    }

    /// Announces the end on `signal`, unless the component has done so (SHUT-10), and ends the streams from its outboxes.
    fn announce(&self, core: &Core) {
        // If a member feeds the composite's `signal`, that member makes the announcement (GRAPH-12).
        let is_fed = core.is_composite && self.postoffice.is_fed(&BoxAddr::outbox(core.id(), "signal"));
        if !core.signalled.replace(true) && !is_fed {
            let stopped = core.end_request() == EndRequest::Shutdown;
            let last = if stopped { Message::Shutdown } else { Message::ProducerFinished };
            core.boxes.with_outbox("signal", |signal| {
                if !signal.routes().is_empty() {
                    signal.deliver(&self.context.run_queue, &self.context.traffic, last);
                }
            });
        }
        for outbox in core.boxes.outboxes.borrow().iter() {
            outbox.deliver_rest(&self.context.run_queue, &self.context.traffic, |route| Some(route.clone()));
            outbox.is_finished.set(true);
            for route in outbox.routes() {
                route.set_source_ended(&self.context.run_queue, true);
            }
        }
    }

    /// Notifies a component's composite that the component is running (true) or has ended (false) (WAKE-6). A composite
    /// that has ended is restarted.
    pub(super) fn count_member(&mut self, index: u32, lives: bool) {
        let Some(parent) = self.table.get(index).and_then(|slot| slot.parent()) else { return };
        let Some(core) = self.table.core(parent).cloned() else { return };
        let members = core.members_live.get();
        core.members_live.set(if lives { members + 1 } else { members.saturating_sub(1) });
        let slot = self.table.get(core.slot()).filter(|slot| core.is_composite && slot.life.has_ended());
        if lives && let Some(desc) = slot.map(|slot| slot.desc()) {
            // A composite has no settings that could be refused.
            let _ = self.restart(parent, desc);
        }
        self.context.run_queue.wake(&core.boxes.wake_state);
    }

    /// Moves a component into another composite, or out of its composite. It continues to run.
    pub(super) fn move_member(&mut self, index: u32, parent: Option<ComponentId>) {
        let Some((old, lives)) = self.table.get(index).map(|slot| (slot.parent(), slot.life == Life::Going)) else {
            return;
        };
        if old == parent {
            return;
        }
        if lives {
            self.count_member(index, false);
        }
        self.table.set_parent(index, parent);
        if lives {
            self.count_member(index, true);
        }
    }

    /// Ends a component by hand and removes it, with its links. Its receivers do not see an end of stream (R9).
    pub fn remove(&mut self, id: ComponentId) -> Result<(), GraphError> {
        let removed = self.remove_later(id);
        self.forget_turns();
        removed
    }

    /// Forgets the turns of all removed components in one scan, because the queue grows with the size of the graph.
    pub(super) fn forget_turns(&mut self) {
        if self.without_turns.is_empty() {
            return;
        }
        let slots: BTreeSet<u32> = std::mem::take(&mut self.without_turns).into_iter().collect();
        self.turns.forget(&slots);
        self.context.run_queue.remove(&slots);
    }

    /// Like [`Self::remove`], but the caller must call [`Self::forget_turns`] before another component gets the slot.
    pub(super) fn remove_later(&mut self, id: ComponentId) -> Result<(), GraphError> {
        let Some(core) = self.table.core(id).cloned() else { return Err(GraphError::NotRunning(id)) };
        let index = core.slot();
        let parent = self.table.get(index).and_then(|slot| slot.parent()).filter(|parent| self.is_finishing(*parent));
        let fed = parent.map(|parent| (parent, self.fed_from(id)));
        self.forget_children_later(id);
        if self.has_port(index) {
            for port in self.table.tied(Tie::Port(id)) {
                self.take_out_later(port);
            }
        }
        self.postoffice.unlink_components(&self.table, &[id]);
        core.boxes.wake_state.suspend();
        self.context.tracker.borrow_mut().forget(id);
        let was_going = self.table.get_mut(index).is_some_and(|slot| {
            // The component is removed, so a failed clean-up is not reported.
            drop(slot.body.clear());
            !slot.life.has_ended()
        });
        if was_going {
            self.table.note_live(false);
            self.count_member(index, false);
        }
        let subscribers = self.table.get(index).map(|slot| slot.subscribers().to_vec()).unwrap_or_default();
        for subscriber in subscribers {
            self.notify_end(subscriber, id, Some(&Ok(())));
        }
        for inbox in core.boxes.inboxes.borrow().iter() {
            inbox.set_reception(Reception::Finished);
            inbox.notify_waiters(&self.context.run_queue);
        }
        if core.boxes.wake_state.is_queued() {
            // The next component in this slot must not inherit its turn (MP-3).
            self.without_turns.push(index);
        }
        self.turns.release(index);
        self.restart_timers.forget(&mut self.context.timers.borrow_mut(), index);
        self.table.remove(index);
        self.context.revision.increase();
        if let Some((parent, fed)) = fed {
            self.finish_behind(parent, fed);
        }
        Ok(())
    }

    fn has_port(&self, index: u32) -> bool {
        self.table.get(index).is_some_and(|slot| slot.has_port())
    }
}
