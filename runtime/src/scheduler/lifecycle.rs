//! Start, restart and settings of components. Their end is in `ending`.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::Scheduler;
use super::core::{Core, WaitNote};
use super::ending::put_away;
use super::parts::{Parts, check_params};
use super::pulse::Pulse;
use super::slot::{Life, Slot, Wanted};
use crate::boxes::List;
use crate::component::{Body, BoxIo, Start, fault_of_panic};
use crate::ids::ComponentId;
use crate::mailbox::{Inbox, Reception};
use crate::outbox::Outbox;
use crate::params::ParamValue;
use crate::topology::{ComponentBody, ComponentDesc};

impl Core {
    /// Whether its code has ended.
    pub fn has_ended(&self) -> bool {
        self.control.reception() != Reception::Open
    }
}

impl Scheduler {
    pub(crate) fn start(&mut self, id: ComponentId, desc: ComponentDesc) -> Result<(), String> {
        if self.roster.contains_key(&id) {
            return Err(format!("{id} is already running"));
        }
        let parts = self.parts(&desc)?;
        self.start_parts(id, desc, parts)
    }

    /// The same with the parts at hand.
    pub(super) fn start_parts(&mut self, id: ComponentId, desc: ComponentDesc, parts: Parts) -> Result<(), String> {
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        let type_name = self.type_name(&desc.body);
        let pulse = Rc::new(Pulse::new(id, place));
        let inboxes = parts.inboxes.into_iter().enumerate();
        let inboxes: List<Rc<Inbox>> = inboxes
            .map(|(index, (name, capacity, policy))| Rc::new(Inbox::new(name, pulse.clone(), index, capacity, policy)))
            .collect();
        let Some(control) = inboxes.iter().find(|inbox| inbox.is_control).cloned() else {
            return Err("a component needs a control box".to_owned());
        };
        let core = Rc::new(Core {
            pulse,
            kernel: self.kernel.clone(),
            name: RefCell::new(desc.name.clone()),
            is_pure_source: Cell::new(parts.spec.is_some_and(|spec| spec.is_pure_source())),
            is_composite: matches!(desc.body, ComponentBody::Composite { .. }),
            inboxes: inboxes.into(),
            outboxes: parts.outboxes.into_iter().map(Outbox::new).collect::<List<Outbox>>().into(),
            control,
            params: RefCell::new(parts.params),
            yielded: Cell::new(false),
            note: RefCell::new(WaitNote::default()),
            signalled: Cell::new(false),
            surface: RefCell::new(None),
            members_live: Cell::new(0),
            instances: Cell::new(0),
            children: RefCell::default(),
        });
        let body = start_body(parts.start, &core);
        if let Some(slot) = self.slots.get_mut(place as usize) {
            *slot = Some(Slot {
                core: core.clone(),
                spec: parts.spec,
                body: None,
                life: Life::Going,
                paused_by_hand: false,
                kin: None,
                turns: 0,
                busy: Duration::ZERO,
                shutdown_turns: 0,
                restarts: 0,
                ran_since_snapshot: false,
                type_name,
                parent: desc.parent,
                restart: desc.restart,
                wanted: Wanted::of(desc.body, desc.limits),
            });
        }
        self.roster.insert(id, core.clone());
        self.kernel.note_topology();
        self.live += 1;
        self.member_lives(place, true);
        self.install(place, body);
        Ok(())
    }

    /// The name of a type, kept once however many components have it.
    fn type_name(&mut self, body: &ComponentBody) -> Arc<str> {
        let name = match body {
            ComponentBody::Leaf { type_name, .. } => type_name,
            ComponentBody::Composite { .. } => "Composite",
        };
        self.names.get(name).text()
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
        let type_name = self.type_name(&desc.body);
        let place = core.pulse.slot;
        self.adjust_boxes(&core, &parts);
        self.postoffice.unlink_owned(&self.roster, id);
        self.forget_children(id);
        self.kernel.tracker.borrow_mut().forget(id);
        *core.params.borrow_mut() = parts.params;
        *core.name.borrow_mut() = desc.name.clone();
        core.is_pure_source.set(parts.spec.is_some_and(|spec| spec.is_pure_source()));
        let Some(slot) = self.slot_mut(place) else { return Err(format!("{id} is not running")) };
        // The old code is gone either way.
        let _ = put_away(slot.body.take());
        slot.type_name = type_name;
        slot.parent = desc.parent;
        slot.restart = desc.restart;
        slot.wanted = Wanted::of(desc.body, desc.limits);
        let parent = slot.parent;
        slot.spec = parts.spec;
        slot.restarts += 1;
        slot.shutdown_turns = 0;
        let was_ended = slot.life != Life::Going;
        slot.life = Life::Going;
        let paused = slot.paused_by_hand;
        core.pulse.asleep_by_force.set(paused);
        core.pulse.wake_noted.set(true);
        core.pulse.forget_asking();
        core.control.queue.clear();
        core.signalled.set(false);
        *core.surface.borrow_mut() = None;
        for inbox in core.inboxes.borrow().iter() {
            inbox.set_reception(Reception::Open);
        }
        for outbox in core.outboxes.borrow().iter() {
            outbox.is_finished.set(false);
            for route in outbox.routes() {
                route.set_source_ended(&self.kernel, false);
            }
        }
        if was_ended {
            self.live += 1;
            self.member_lives(place, true);
        }
        let body = start_body(parts.start, &core);
        self.install(place, body);
        if let Some(parent) = parent.filter(|parent| self.is_finishing(*parent)) {
            // What it was told went with the old code.
            self.finish_behind(parent, vec![id]);
        }
        Ok(())
    }

    /// Adds boxes that new settings bring and removes those they take away, with their links (ADPT-4).
    fn adjust_boxes(&mut self, core: &Rc<Core>, parts: &Parts) {
        let mut inboxes: List<Rc<Inbox>> = List::new();
        for (name, capacity, policy) in &parts.inboxes {
            let inbox = core.inbox(name).unwrap_or_else(|| {
                let index = core.inboxes.borrow().len() + inboxes.len();
                Rc::new(Inbox::new(name.clone(), core.pulse.clone(), index, *capacity, *policy))
            });
            inboxes.push(inbox);
        }
        let id = core.pulse.id;
        let gone: Vec<_> = self
            .postoffice
            .iter()
            .map(|link| link.desc.clone())
            .filter(|desc| {
                [&desc.from, &desc.to].into_iter().any(|addr| {
                    addr.component == id
                        && match addr.direction {
                            crate::ids::Direction::Inbox => !inboxes.iter().any(|own| *own.name == *addr.name),
                            crate::ids::Direction::Outbox => !parts.outboxes.iter().any(|own| **own == *addr.name),
                        }
                })
            })
            .collect();
        for desc in gone {
            self.postoffice.unlink(&self.roster, &desc);
        }
        core.inboxes.change(|own| *own = inboxes);
        core.outboxes.change(|outboxes| {
            let mut old = std::mem::take(outboxes);
            outboxes.extend(parts.outboxes.iter().map(|name| {
                let kept = old.iter().position(|outbox| outbox.name == *name);
                kept.map_or_else(|| Outbox::new(name.clone()), |place| old.swap_remove(place))
            }));
        });
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
        slot.want_params(params);
        *core.params.borrow_mut() = Rc::new(checked);
        self.kernel.wake(&core.pulse);
        Ok(())
    }
}

fn start_body(start: Box<dyn Start>, core: &Rc<Core>) -> Result<Body, crate::component::Fault> {
    let io = BoxIo { core: core.clone() };
    catch_unwind(AssertUnwindSafe(|| start.start(io))).map_err(fault_of_panic)
}
