//! The end and the removal of components. The end sequence runs exactly once (INV-7, CMP-10).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::Scheduler;
use super::core::Core;
use super::slot::{Life, Tie};
use crate::component::{Body, Outcome, fault_of_panic};
use crate::ids::{BoxAddr, ComponentId};
use crate::mailbox::{Ending, Reception};
use crate::message::Message;
use crate::topology::RestartPolicy;

/// Shortest and longest pause before a crashed component is started again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

impl Scheduler {
    /// The end sequence: code dropped, end announced, boxes closed, parent told (CMP-10, R9, R10).
    pub(super) fn end(&mut self, place: u32, outcome: Outcome) {
        let Some(slot) = self.slot_mut(place) else { return };
        if slot.life.has_ended() {
            return;
        }
        // Code that fails while it is put away has crashed (FAIL-6).
        let outcome = put_away(slot.body.take()).and(outcome);
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
        let (policy, parent) = (slot.restart, slot.parent);
        let told = slot.life.outcome();
        let subscribers = slot.subscribers().to_vec();
        core.pulse.asleep_by_force.set(true);
        self.live = self.live.saturating_sub(1);
        let will_restart = reception == Reception::Crashed && policy == RestartPolicy::OnFailure;
        let may_return = reception == Reception::Crashed && self.awaits_repair;
        for inbox in core.inboxes.borrow().iter() {
            inbox.set_reception(reception);
            if reception == Reception::Finished {
                inbox.clear();
            }
            inbox.wake_room(&self.kernel);
        }
        self.kernel.tracker.borrow_mut().forget(core.pulse.id);
        if will_restart {
            let pause = BACK_OFF.0.saturating_mul(1 << restarts.min(10)).min(BACK_OFF.1);
            self.set_revival(place, self.kernel.now() + pause);
        } else {
            if !may_return {
                self.announce(&core);
            }
            self.stop_bound(core.pulse.id);
            if reception == Reception::Crashed && self.stops_at_failure {
                self.ask_all(&Message::Shutdown, false);
            }
        }
        self.kernel.note_topology();
        for subscriber in subscribers {
            self.tell_end(subscriber, core.pulse.id, told.as_ref());
        }
        self.member_lives(place, false);
        if let Some(parent) = parent.filter(|parent| self.is_finishing(*parent)) {
            let fed = self.fed_from(core.pulse.id);
            self.finish_behind(parent, fed);
        }
    }

    /// Writes the end of a child into its parent's records and wakes the parent (WAKE-6).
    fn tell_end(&self, parent: ComponentId, child: ComponentId, outcome: Option<&Outcome>) {
        let Some(core) = self.roster.get(&parent) else { return };
        if let Some(record) = core.children.borrow_mut().iter_mut().find(|record| record.id == child) {
            record.end = outcome.cloned();
        }
        self.kernel.wake(&core.pulse);
    }

    /// Ends a component now, members of a composite first (MP-11 to MP-13). One that has ended is left as it is.
    pub(crate) fn stop(&mut self, id: ComponentId) -> Result<(), String> {
        let Some(core) = self.roster.get(&id).cloned() else { return Err(format!("{id} is not running")) };
        let place = core.pulse.slot;
        if self.slot(place).is_none_or(|slot| slot.life.has_ended()) {
            return Ok(());
        }
        for member in self.members(id) {
            // It was there a moment ago.
            let _ = self.stop(member);
        }
        core.pulse.ask(Ending::Shutdown);
        self.end(place, Ok(()));
        Ok(())
    }

    /// Members of a composite, in order of their places.
    fn members(&self, id: ComponentId) -> Vec<ComponentId> {
        if !self.roster.get(&id).is_some_and(|core| core.is_composite) {
            return Vec::new();
        }
        let members = self.slots.iter().flatten().filter(|slot| slot.parent == Some(id));
        members.map(|slot| slot.core.pulse.id).collect()
    }

    fn tied(&self, wanted: impl Fn(Tie) -> bool) -> Vec<ComponentId> {
        let tied = self.slots.iter().flatten().filter(|slot| wanted(slot.tie()));
        tied.map(|slot| slot.core.pulse.id).collect()
    }

    fn stop_bound(&mut self, owner: ComponentId) {
        if self.has_children(owner) {
            for child in self.tied(|tie| tie == Tie::Bound(owner)) {
                // It was there a moment ago.
                let _ = self.stop(child);
            }
        }
    }

    fn has_children(&self, owner: ComponentId) -> bool {
        self.roster.get(&owner).is_some_and(|core| !core.children.borrow().is_empty())
    }

    /// Takes a component out, with its members and everything that belongs to them.
    pub(super) fn take_out(&mut self, id: ComponentId) {
        for member in self.members(id) {
            self.take_out(member);
        }
        // It may have gone with somebody else.
        let _ = self.remove(id);
    }

    /// Children of code that is no more: bound ones go, the others run on by themselves.
    pub(super) fn forget_children(&mut self, owner: ComponentId) {
        if !self.has_children(owner) {
            return;
        }
        for child in self.tied(|tie| tie == Tie::Bound(owner)) {
            self.take_out(child);
        }
        for kin in self.slots.iter_mut().flatten().filter_map(|slot| slot.kin.as_mut()) {
            kin.subscribers.retain(|subscriber| *subscriber != owner);
            if kin.tie == Tie::Child(owner) {
                kin.tie = Tie::None;
            }
        }
        if let Some(core) = self.roster.get(&owner) {
            core.children.borrow_mut().clear();
        }
    }

    /// Says on `signal` that no more will come, unless the component has (SHUT-10), and ends the streams it fed.
    fn announce(&self, core: &Core) {
        // A composite whose `signal` a member feeds leaves the announcement to that member (GRAPH-12).
        let is_fed = core.is_composite && self.postoffice.is_fed(&BoxAddr::outbox(core.pulse.id, "signal"));
        if !core.signalled.replace(true) && !is_fed {
            let stopped = core.asked() == Ending::Shutdown;
            let last = if stopped { Message::Shutdown } else { Message::ProducerFinished };
            core.with_outbox("signal", |signal| {
                if !signal.routes().is_empty() {
                    signal.deliver(&self.kernel, last);
                }
            });
        }
        for outbox in core.outboxes.borrow().iter() {
            for route in outbox.routes() {
                route.set_source_ended(&self.kernel, true);
            }
        }
    }

    /// Tells a composite that a member lives or has ended (WAKE-6); a composite that had ended begins again.
    pub(super) fn member_lives(&mut self, place: u32, lives: bool) {
        let Some(parent) = self.slot(place).and_then(|slot| slot.parent) else { return };
        let Some(core) = self.roster.get(&parent).cloned() else { return };
        let members = core.members_live.get();
        core.members_live.set(if lives { members + 1 } else { members.saturating_sub(1) });
        let slot = self.slot(core.pulse.slot).filter(|slot| core.is_composite && slot.life.has_ended());
        if lives && let Some(desc) = slot.map(|slot| slot.desc()) {
            // A composite without settings cannot be refused.
            let _ = self.restart(parent, desc);
        }
        self.kernel.wake(&core.pulse);
    }

    /// Makes it a member of another composite, or of none; it runs on.
    pub(super) fn move_member(&mut self, place: u32, parent: Option<ComponentId>) {
        let Some((old, lives)) = self.slot(place).map(|slot| (slot.parent, slot.life == Life::Going)) else {
            return;
        };
        if old == parent {
            return;
        }
        if lives {
            self.member_lives(place, false);
        }
        if let Some(slot) = self.slot_mut(place) {
            slot.parent = parent;
        }
        if lives {
            self.member_lives(place, true);
        }
    }

    /// Ends a component by hand and takes it out, with its links. Removing is not finishing: nobody is told (R9).
    pub(super) fn remove(&mut self, id: ComponentId) -> Result<(), String> {
        let Some(core) = self.roster.get(&id).cloned() else { return Err(format!("{id} is not running")) };
        let place = core.pulse.slot;
        let parent = self.slot(place).and_then(|slot| slot.parent).filter(|parent| self.is_finishing(*parent));
        let fed = parent.map(|parent| (parent, self.fed_from(id)));
        self.forget_children(id);
        if self.has_port(place) {
            for port in self.tied(|tie| tie == Tie::Port(id)) {
                self.take_out(port);
            }
        }
        self.postoffice.unlink_component(&self.roster, id);
        core.pulse.asleep_by_force.set(true);
        self.kernel.tracker.borrow_mut().forget(id);
        let slot = self.slot_mut(place);
        let (body, was_going) = slot.map_or((None, false), |slot| (slot.body.take(), !slot.life.has_ended()));
        // It is gone either way, so nobody would hear of a failure while it is put away.
        let _ = put_away(body);
        if was_going {
            self.live = self.live.saturating_sub(1);
            self.member_lives(place, false);
        }
        let subscribers = self.slot(place).map(|slot| slot.subscribers().to_vec()).unwrap_or_default();
        for subscriber in subscribers {
            self.tell_end(subscriber, id, Some(&Ok(())));
        }
        for inbox in core.inboxes.borrow().iter() {
            inbox.set_reception(Reception::Finished);
            inbox.wake_room(&self.kernel);
        }
        self.roster.remove(&id);
        if core.pulse.queued.get() {
            // Whoever takes its place must not have its turn (MP-3).
            self.current.retain(|queued| *queued != place);
            self.continuing.retain(|queued| *queued != place);
            self.kernel.woken.borrow_mut().retain(|queued| *queued != place);
        }
        self.revivals.retain(|_, revived| *revived != place);
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = None;
        }
        if self.mid_turn == Some(place) {
            self.mid_turn = None;
        }
        self.free.push(place);
        self.kernel.note_topology();
        if let Some((parent, fed)) = fed {
            self.finish_behind(parent, fed);
        }
        Ok(())
    }

    fn has_port(&self, place: u32) -> bool {
        self.slot(place).is_some_and(|slot| slot.has_port())
    }
}

/// Drops the code of a component; its clean-up may fail.
pub(super) fn put_away(body: Option<Body>) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| drop(body))).map_err(fault_of_panic)
}
