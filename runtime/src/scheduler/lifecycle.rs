//! Start, restart, end and removal of components. The end sequence runs exactly once (INV-7).

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::Scheduler;
use super::core::{Core, WaitNote};
use super::parts::{Parts, check_params};
use super::pulse::Pulse;
use super::slot::{Life, Slot};
use crate::component::{Body, BoxIo, Outcome, Start, fault_of_panic};
use crate::ids::ComponentId;
use crate::mailbox::{Ending, Inbox, Outbox, Reception};
use crate::message::Message;
use crate::params::ParamValue;
use crate::topology::{ComponentBody, ComponentDesc, RestartPolicy};

/// Shortest and longest pause before a crashed component is started again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

impl Core {
    /// Whether its code has ended.
    pub fn has_ended(&self) -> bool {
        self.inboxes.borrow().iter().any(|inbox| inbox.reception() != Reception::Open)
    }
}

impl Scheduler {
    pub(super) fn start(&mut self, id: ComponentId, desc: ComponentDesc) -> Result<(), String> {
        if self.roster.contains_key(&id) {
            return Err(format!("{id} is already running"));
        }
        let parts = self.parts(&desc)?;
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        let pulse = Rc::new(Pulse::new(id, place));
        let inboxes: Vec<Rc<Inbox>> = parts
            .inboxes
            .iter()
            .enumerate()
            .map(|(index, (name, capacity, policy))| {
                Rc::new(Inbox::new(name.clone(), pulse.clone(), index, *capacity, *policy))
            })
            .collect();
        let Some(control) = inboxes.iter().find(|inbox| inbox.is_control).cloned() else {
            return Err("a component needs a control box".to_owned());
        };
        let core = Rc::new(Core {
            pulse,
            kernel: self.kernel.clone(),
            name: RefCell::new(desc.name.clone()),
            type_name: RefCell::new(type_name(&desc)),
            is_pure_source: Cell::new(parts.spec.is_some_and(|spec| spec.inboxes.is_empty())),
            is_composite: parts.spec.is_none(),
            inboxes: RefCell::new(inboxes),
            outboxes: RefCell::new(parts.outboxes.iter().map(|name| Rc::new(Outbox::new(name.clone()))).collect()),
            control,
            params: RefCell::new(parts.params),
            budget: Cell::new(0),
            yielded: Cell::new(false),
            note: RefCell::new(WaitNote::default()),
            signalled: Cell::new(false),
            surface: RefCell::new(None),
            members_live: Cell::new(0),
        });
        let body = start_body(parts.start, &core);
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = Some(Slot {
                core: core.clone(),
                spec: parts.spec,
                body: None,
                life: Life::Going,
                paused_by_hand: false,
                turns: 0,
                busy: Duration::ZERO,
                shutdown_turns: 0,
                restarts: 0,
                ran_since_snapshot: false,
                desc,
            });
        }
        self.roster.insert(id, core.clone());
        self.live += 1;
        self.member_lives(place, true);
        self.install(place, body);
        Ok(())
    }

    /// Puts started code into its slot and the run queue; code that panicked while starting has crashed.
    fn install(&mut self, place: u32, body: Result<Body, crate::component::Fault>) {
        match body {
            Ok(body) => {
                if let Some(slot) = self.slot_mut(place) {
                    slot.body = Some(body);
                    let core = slot.core.clone();
                    self.kernel.wake(&core.pulse);
                }
            }
            Err(fault) => self.end(place, Err(fault)),
        }
    }

    /// Gives a component new code and settings in place: links and waiting messages stay.
    pub(super) fn restart(&mut self, id: ComponentId, desc: ComponentDesc) -> Result<(), String> {
        let Some(core) = self.roster.get(&id).cloned() else {
            return Err(format!("{id} is not running"));
        };
        let parts = self.parts(&desc)?;
        let place = core.pulse.slot;
        self.adjust_boxes(&core, &parts);
        self.postoffice.unlink_owned(&self.roster, id);
        self.kernel.tracker.borrow_mut().forget(id);
        *core.params.borrow_mut() = parts.params;
        *core.name.borrow_mut() = desc.name.clone();
        *core.type_name.borrow_mut() = type_name(&desc);
        core.is_pure_source.set(parts.spec.is_some_and(|spec| spec.inboxes.is_empty()));
        let Some(slot) = self.slot_mut(place) else { return Err(format!("{id} is not running")) };
        drop(slot.body.take());
        slot.desc = desc;
        slot.spec = parts.spec;
        slot.restarts += 1;
        slot.shutdown_turns = 0;
        let was_ended = slot.life != Life::Going;
        slot.life = Life::Going;
        let paused = slot.paused_by_hand;
        core.pulse.asleep_by_force.set(paused);
        core.pulse.wake_noted.set(true);
        core.control.asked.set(Ending::No);
        core.control.queue.borrow_mut().clear();
        core.signalled.set(false);
        *core.surface.borrow_mut() = None;
        for inbox in core.inboxes.borrow().iter() {
            inbox.set_reception(Reception::Open);
        }
        for outbox in core.outboxes.borrow().iter() {
            for route in outbox.routes.borrow().iter() {
                route.set_source_ended(&self.kernel, false);
            }
        }
        if was_ended {
            self.live += 1;
            self.member_lives(place, true);
        }
        let body = start_body(parts.start, &core);
        self.install(place, body);
        Ok(())
    }

    /// Adds boxes that new settings bring and removes those they take away, with their links (ADPT-4).
    fn adjust_boxes(&mut self, core: &Rc<Core>, parts: &Parts) {
        let mut inboxes: Vec<Rc<Inbox>> = Vec::new();
        for (name, capacity, policy) in &parts.inboxes {
            let inbox = core.inbox(name).unwrap_or_else(|| {
                let index = core.inboxes.borrow().len() + inboxes.len();
                Rc::new(Inbox::new(name.clone(), core.pulse.clone(), index, *capacity, *policy))
            });
            inboxes.push(inbox);
        }
        let outboxes: Vec<Rc<Outbox>> = parts
            .outboxes
            .iter()
            .map(|name| core.outbox(name).unwrap_or_else(|| Rc::new(Outbox::new(name.clone()))))
            .collect();
        let id = core.pulse.id;
        let gone: Vec<_> = self
            .postoffice
            .iter()
            .map(|link| link.desc.clone())
            .filter(|desc| {
                [&desc.from, &desc.to].into_iter().any(|addr| {
                    addr.component == id
                        && match addr.direction {
                            crate::ids::Direction::Inbox => !inboxes.iter().any(|b| b.name == addr.name),
                            crate::ids::Direction::Outbox => !outboxes.iter().any(|b| b.name == addr.name),
                        }
                })
            })
            .collect();
        for desc in gone {
            self.postoffice.unlink(&self.roster, &desc);
        }
        *core.inboxes.borrow_mut() = inboxes;
        *core.outboxes.borrow_mut() = outboxes;
    }

    /// The end sequence: code dropped, end announced, boxes closed, parent told (CMP-10, R9, R10).
    pub(super) fn end(&mut self, place: u32, outcome: Outcome) {
        let Some(slot) = self.slot_mut(place) else { return };
        if slot.life != Life::Going {
            return;
        }
        drop(slot.body.take());
        let reception = match outcome {
            Ok(()) => {
                slot.life = Life::Finished;
                Reception::Finished
            }
            Err(fault) => {
                slot.life = Life::Crashed(fault.words().into());
                Reception::Crashed
            }
        };
        let core = slot.core.clone();
        let restarts = slot.restarts;
        let policy = slot.desc.restart;
        core.pulse.asleep_by_force.set(true);
        self.live = self.live.saturating_sub(1);
        let will_restart = reception == Reception::Crashed && policy == RestartPolicy::OnFailure;
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
            self.announce(&core);
        }
        self.member_lives(place, false);
    }

    /// Says on `signal` that no more will come, unless the component has (SHUT-10), and ends the streams it fed.
    fn announce(&self, core: &Core) {
        if !core.signalled.replace(true)
            && let Some(signal) = core.outbox("signal")
            && !signal.routes.borrow().is_empty()
        {
            let stopped = core.asked() == Ending::Shutdown;
            signal.deliver(&self.kernel, if stopped { Message::Shutdown } else { Message::ProducerFinished });
        }
        for outbox in core.outboxes.borrow().iter() {
            for route in outbox.routes.borrow().iter() {
                route.set_source_ended(&self.kernel, true);
            }
        }
    }

    /// Tells a composite that a member lives or has ended (WAKE-6); a composite that had ended begins again.
    fn member_lives(&mut self, place: u32, lives: bool) {
        let Some(parent) = self.slot(place).and_then(|slot| slot.desc.parent) else { return };
        let Some(core) = self.roster.get(&parent).cloned() else { return };
        let members = core.members_live.get();
        core.members_live.set(if lives { members + 1 } else { members.saturating_sub(1) });
        let slot = self.slot(core.pulse.slot);
        if lives && let Some(desc) = slot.filter(|slot| slot.life != Life::Going).map(|slot| slot.desc.clone()) {
            // A composite without settings cannot be refused.
            let _ = self.restart(parent, desc);
        }
        self.kernel.wake(&core.pulse);
    }

    /// Makes it a member of another composite, or of none; it runs on.
    pub(super) fn move_member(&mut self, place: u32, parent: Option<ComponentId>) {
        let Some((old, lives)) = self.slot(place).map(|slot| (slot.desc.parent, slot.life == Life::Going)) else {
            return;
        };
        if old == parent {
            return;
        }
        if lives {
            self.member_lives(place, false);
        }
        if let Some(slot) = self.slot_mut(place) {
            slot.desc.parent = parent;
        }
        if lives {
            self.member_lives(place, true);
        }
    }

    /// Ends a component by hand and takes it out, with its links. Removing is not finishing: nobody is told (R9).
    pub(super) fn remove(&mut self, id: ComponentId) -> Result<(), String> {
        let Some(core) = self.roster.get(&id).cloned() else { return Err(format!("{id} is not running")) };
        let place = core.pulse.slot;
        self.postoffice.unlink_component(&self.roster, id);
        core.pulse.asleep_by_force.set(true);
        self.kernel.tracker.borrow_mut().forget(id);
        if self.slot(place).is_some_and(|slot| slot.life == Life::Going) {
            self.live = self.live.saturating_sub(1);
            self.member_lives(place, false);
        }
        for inbox in core.inboxes.borrow().iter() {
            inbox.set_reception(Reception::Finished);
            inbox.wake_room(&self.kernel);
        }
        self.roster.remove(&id);
        self.revivals.retain(|_, revived| *revived != place);
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = None;
        }
        if self.mid_turn == Some(place) {
            self.mid_turn = None;
        }
        self.free.push(place);
        Ok(())
    }

    /// Changes settings of running code.
    pub(super) fn configure(
        &mut self,
        id: ComponentId,
        params: std::collections::BTreeMap<String, ParamValue>,
    ) -> Result<(), String> {
        let Some(core) = self.roster.get(&id).cloned() else { return Err(format!("{id} is not running")) };
        let Some(slot) = self.slot_mut(core.pulse.slot) else { return Err(format!("{id} is not running")) };
        let Some(spec) = slot.spec else { return Err("a composite has no settings".to_owned()) };
        let checked = check_params(spec, &params)?;
        if let ComponentBody::Leaf { params: kept, .. } = &mut slot.desc.body {
            *kept = params;
        }
        *core.params.borrow_mut() = Rc::new(checked);
        self.kernel.wake(&core.pulse);
        Ok(())
    }
}

fn start_body(start: Box<dyn Start>, core: &Rc<Core>) -> Result<Body, crate::component::Fault> {
    let io = BoxIo { core: core.clone() };
    catch_unwind(AssertUnwindSafe(|| start.start(io))).map_err(fault_of_panic)
}

fn type_name(desc: &ComponentDesc) -> Arc<str> {
    match &desc.body {
        ComponentBody::Leaf { type_name, .. } => type_name.clone(),
        ComponentBody::Composite { .. } => "Composite".into(),
    }
}
