//! Starts, restarts and configures components. Their end is in `end`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Graph;
use super::error::GraphError;
use super::parts::{Parts, check_params};
use crate::component::{Body, BoxIo, Fault, Start};
use crate::contain::{Contained, contain};
use crate::delivery::box_set::BoxSet;
use crate::delivery::boxes::List;
use crate::delivery::inbox::{Inbox, Reception};
use crate::delivery::outbox::Outbox;
use crate::delivery::wake_state::WakeState;
use crate::ids::{ComponentId, Direction};
use crate::params::ParamValue;
use crate::scheduler::component_core::{Core, WaitNote};
use crate::scheduler::slot::{Life, Slot, Wanted};
use crate::topology::{ComponentBody, ComponentDesc};

impl Graph {
    /// Starts a component; on `Err` nothing has changed.
    pub(crate) fn start(&mut self, id: ComponentId, desc: ComponentDesc) -> Result<(), GraphError> {
        if self.table.contains(id) {
            return Err(GraphError::AlreadyRunning(id));
        }
        let parts = self.parts(&desc)?;
        self.start_parts(id, desc, parts)
    }

    /// Starts a component from its parts.
    pub(super) fn start_parts(&mut self, id: ComponentId, desc: ComponentDesc, parts: Parts) -> Result<(), GraphError> {
        let wake_state = Rc::new(WakeState::new(id, self.table.next_slot()));
        let inboxes = parts.inboxes.into_iter().enumerate();
        let inboxes: List<Rc<Inbox>> = inboxes
            .map(|(index, (name, capacity, policy))| {
                Rc::new(Inbox::new(name, wake_state.clone(), index, capacity, policy))
            })
            .collect();
        let control = inboxes.iter().find(|inbox| inbox.is_control).cloned().ok_or(GraphError::NoControlBox)?;
        let core = Rc::new(Core {
            boxes: BoxSet {
                wake_state,
                name: RefCell::new(desc.name.clone()),
                inboxes: inboxes.into(),
                outboxes: parts.outboxes.into_iter().map(Outbox::new).collect::<List<Outbox>>().into(),
                control,
            },
            context: self.context.clone(),
            is_pure_source: Cell::new(parts.spec.is_some_and(|spec| spec.is_pure_source())),
            is_composite: matches!(desc.body, ComponentBody::Composite { .. }),
            generation: self.table.next_generation(),
            params: RefCell::new(parts.params),
            yielded: Cell::new(false),
            waits_for: RefCell::new(WaitNote::default()),
            signalled: Cell::new(false),
            surface: RefCell::new(None),
            members_live: Cell::new(0),
            instances: Cell::new(0),
            children: RefCell::default(),
        });
        let body = start_body(parts.start, &core);
        let type_name = self.type_name(&desc.body);
        let slot = self.table.insert(Slot::new(core, type_name, parts.spec, desc));
        self.context.revision.increase();
        self.count_member(slot, true);
        self.install(slot, body);
        Ok(())
    }

    /// The name of a type; components of one type share it.
    fn type_name(&mut self, body: &ComponentBody) -> Arc<str> {
        let name = match body {
            ComponentBody::Leaf { type_name, .. } => type_name,
            ComponentBody::Composite { .. } => "Composite",
        };
        self.names.get(name).text()
    }

    /// Puts started code into its slot and the run queue. Code that panicked while starting has crashed.
    fn install(&mut self, slot: u32, body: Result<Body, Fault>) {
        match body {
            Ok(body) => {
                if let Some(slot) = self.table.get_mut(slot) {
                    slot.body = Contained::new(body);
                    self.context.run_queue.wake(&slot.core.boxes.wake_state);
                }
            }
            Err(fault) => self.end(slot, Err(fault)),
        }
    }

    /// Gives a component new code and settings. Its slot, its links and its waiting messages stay.
    pub(super) fn restart(&mut self, id: ComponentId, desc: ComponentDesc) -> Result<(), GraphError> {
        let core = self.table.core(id).cloned().ok_or(GraphError::NotRunning(id))?;
        let parts = self.parts(&desc)?;
        let type_name = self.type_name(&desc.body);
        let index = core.slot();
        self.restart_timers.forget(&mut self.context.timers.borrow_mut(), index);
        self.turns.release(index);
        self.adjust_boxes(&core, &parts);
        self.postoffice.unlink_owned(&self.table, id);
        self.forget_children(id);
        self.context.tracker.borrow_mut().forget(id);
        *core.params.borrow_mut() = parts.params;
        self.rename(&core, desc.name.clone());
        core.is_pure_source.set(parts.spec.is_some_and(|spec| spec.is_pure_source()));
        self.move_member(index, desc.parent);
        self.table.note_events(index);
        let slot = self.table.get_mut(index).ok_or(GraphError::NotRunning(id))?;
        // The old code is replaced even if its clean-up fails.
        drop(slot.body.clear());
        slot.type_name = type_name;
        slot.restart = desc.restart;
        slot.wanted = Wanted::of(desc.body, desc.limits);
        let parent = slot.parent();
        slot.spec = parts.spec;
        slot.restarts += 1;
        slot.shutdown_turns = 0;
        self.context.revision.increase();
        let was_ended = slot.life != Life::Going;
        slot.life = Life::Going;
        let paused = slot.is_paused();
        core.boxes.wake_state.begin_again(paused);
        core.boxes.control.clear();
        core.signalled.set(false);
        *core.surface.borrow_mut() = None;
        for inbox in core.boxes.inboxes.borrow().iter() {
            inbox.set_reception(Reception::Open);
        }
        for outbox in core.boxes.outboxes.borrow().iter() {
            outbox.is_finished.set(false);
            for route in outbox.routes() {
                route.set_source_ended(&self.context.run_queue, false);
            }
        }
        if was_ended {
            self.table.note_live(true);
            self.count_member(index, true);
        }
        let body = start_body(parts.start, &core);
        self.install(index, body);
        if let Some(parent) = parent.filter(|parent| self.is_finishing(*parent)) {
            // The old code was asked to finish; the new code must be asked again.
            self.finish_behind(parent, vec![id]);
        }
        Ok(())
    }

    /// Restarts a crashed component.
    pub fn revive(&mut self, slot: u32) {
        let Some((id, desc)) = self.table.get(slot).map(|slot| (slot.core.id(), slot.desc())) else { return };
        if let Err(error) = self.restart(id, desc) {
            self.failures.note(Some(id), &error.to_string());
        }
    }

    /// Adds the boxes that the new settings require, and removes all others with their links (ADPT-4).
    fn adjust_boxes(&mut self, core: &Rc<Core>, parts: &Parts) {
        let mut inboxes: List<Rc<Inbox>> = List::new();
        for (name, capacity, policy) in &parts.inboxes {
            let inbox = core.boxes.inbox(name).unwrap_or_else(|| {
                let index = core.boxes.inboxes.borrow().len() + inboxes.len();
                Rc::new(Inbox::new(name.clone(), core.boxes.wake_state.clone(), index, *capacity, *policy))
            });
            inboxes.push(inbox);
        }
        self.postoffice.unlink_boxes(&self.table, core.id(), |addr| match addr.direction {
            Direction::Inbox => !inboxes.iter().any(|own| *own.name == *addr.name),
            Direction::Outbox => !parts.outboxes.iter().any(|own| **own == *addr.name),
        });
        core.boxes.inboxes.change(|own| *own = inboxes);
        core.boxes.outboxes.change(|outboxes| {
            let mut old = std::mem::take(outboxes);
            outboxes.extend(parts.outboxes.iter().map(|name| {
                let kept = old.iter().position(|outbox| outbox.name == *name);
                kept.map_or_else(|| Outbox::new(name.clone()), |index| old.swap_remove(index))
            }));
        });
    }

    /// Changes the settings of running code.
    pub(super) fn configure(
        &mut self,
        id: ComponentId,
        params: BTreeMap<String, ParamValue>,
    ) -> Result<(), GraphError> {
        let core = self.table.core(id).cloned().ok_or(GraphError::NotRunning(id))?;
        let slot = self.table.get_mut(core.slot()).ok_or(GraphError::NotRunning(id))?;
        let spec = slot.spec.ok_or(GraphError::CompositeHasNoSettings)?;
        let checked = check_params(spec, &params)?;
        slot.want_params(params);
        *core.params.borrow_mut() = Rc::new(checked);
        self.context.run_queue.wake(&core.boxes.wake_state);
        Ok(())
    }

    /// Changes the name of a component, also where it is shown while it runs.
    pub(super) fn rename(&mut self, core: &Core, name: Arc<str>) {
        core.boxes.name.replace(name.clone());
        self.postoffice.renamed(&self.table, core.id());
        self.context.turn_watch.set_name(core.slot(), name);
    }
}

fn start_body(mut start: Contained<Box<dyn Start>>, core: &Rc<Core>) -> Result<Body, Fault> {
    let io = BoxIo { core: core.clone() };
    let start = start.take().ok_or_else(|| Fault::new("the component has no code"))?;
    contain(|| start.start(io)).map_err(Fault::of_panic)
}
