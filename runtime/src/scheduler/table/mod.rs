//! Table: all components of one scheduler, found by slot, by identity, by composite and by owner.
//!
//! Owned by the scheduler. Invariant: the indices agree with the slots, so the time to find the members of a composite or the
//! children of an owner does not depend on the number of components.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use slab::Slab;

use crate::delivery::box_set::BoxSet;
use crate::delivery::postoffice::Directory;
use crate::delivery::run_queue::RunQueue;
use crate::delivery::traffic::Traffic;
use crate::ids::ComponentId;
use crate::scheduler::component_core::Core;
use crate::scheduler::context::RunContext;
use crate::scheduler::slot::{Slot, Tie};

/// Slots of components, by composite or owner.
type Index = BTreeMap<ComponentId, BTreeSet<u32>>;

/// The components of one scheduler.
pub(crate) struct Table {
    context: Rc<RunContext>,
    slots: Slab<Slot>,
    roster: BTreeMap<ComponentId, Rc<Core>>,
    members: Index,
    tied: Index,
    /// Slots of components with an inbox for user events.
    with_events: BTreeSet<u32>,
    /// How many components are running code.
    live: usize,
    /// How many components are paused by hand.
    paused: usize,
    /// How many components there have been; wraps.
    generation: u32,
    /// There has been a component.
    was_used: bool,
    /// How many components are instances of templates inside another instance.
    nested_instances: usize,
}

impl Table {
    pub fn new(context: Rc<RunContext>) -> Self {
        Self {
            context,
            slots: Slab::new(),
            roster: BTreeMap::new(),
            members: Index::new(),
            tied: Index::new(),
            with_events: BTreeSet::new(),
            live: 0,
            paused: 0,
            generation: 0,
            was_used: false,
            nested_instances: 0,
        }
    }

    /// The slot that the next component will have.
    pub fn next_slot(&self) -> u32 {
        self.slots.vacant_key() as u32
    }

    /// The number that distinguishes the next component from previous components in its slot.
    pub fn next_generation(&self) -> u32 {
        self.generation
    }

    /// Adds a component, whose code is counted as running.
    pub fn insert(&mut self, slot: Slot) -> u32 {
        let (core, parent, tie) = (slot.core.clone(), slot.parent(), slot.tie());
        let index = self.slots.insert(slot) as u32;
        self.context.turn_watch.set_name(index, core.boxes.name.borrow().clone());
        self.roster.insert(core.id(), core);
        enter(&mut self.members, parent, index);
        enter(&mut self.tied, tie.owner(), index);
        self.note_events(index);
        self.live += 1;
        self.generation = self.generation.wrapping_add(1);
        self.was_used = true;
        index
    }

    /// Removes a component.
    pub fn remove(&mut self, index: u32) {
        let Some(slot) = self.slots.try_remove(index as usize) else { return };
        self.roster.remove(&slot.core.id());
        leave(&mut self.members, slot.parent(), index);
        leave(&mut self.tied, slot.tie().owner(), index);
        self.with_events.remove(&index);
        self.paused -= usize::from(slot.is_paused());
        self.nested_instances -= usize::from(slot.instance_depth() > 1);
    }

    pub fn contains(&self, id: ComponentId) -> bool {
        self.roster.contains_key(&id)
    }

    pub fn core(&self, id: ComponentId) -> Option<&Rc<Core>> {
        self.roster.get(&id)
    }

    /// All cores, in order of identity.
    pub fn cores(&self) -> impl Iterator<Item = &Rc<Core>> {
        self.roster.values()
    }

    pub fn len(&self) -> usize {
        self.roster.len()
    }

    pub fn slot_of(&self, id: ComponentId) -> Option<u32> {
        self.roster.get(&id).map(|core| core.slot())
    }

    pub fn get(&self, index: u32) -> Option<&Slot> {
        self.slots.get(index as usize)
    }

    #[inline]
    pub fn get_mut(&mut self, index: u32) -> Option<&mut Slot> {
        self.slots.get_mut(index as usize)
    }

    pub fn by_id(&self, id: ComponentId) -> Option<&Slot> {
        self.get(self.slot_of(id)?)
    }

    pub fn by_id_mut(&mut self, id: ComponentId) -> Option<&mut Slot> {
        self.get_mut(self.slot_of(id)?)
    }

    /// All slots, in order of index.
    pub fn iter(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().map(|(_, slot)| slot)
    }

    /// All slots, in order of index.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.slots.iter_mut().map(|(_, slot)| slot)
    }

    /// The direct members of a composite, or the children of a component, in order of slot.
    pub fn members(&self, parent: ComponentId) -> impl Iterator<Item = &Slot> {
        self.members.get(&parent).into_iter().flatten().filter_map(|index| self.get(*index))
    }

    /// The components with this tie, in order of slot.
    pub fn tied(&self, tie: Tie) -> Vec<ComponentId> {
        let Some(owner) = tie.owner() else { return Vec::new() };
        let slots = self.tied.get(&owner).into_iter().flatten().filter_map(|index| self.get(*index));
        slots.filter(|slot| slot.tie() == tie).map(|slot| slot.core.id()).collect()
    }

    pub fn set_parent(&mut self, index: u32, parent: Option<ComponentId>) {
        let Some(slot) = self.slots.get_mut(index as usize) else { return };
        leave(&mut self.members, slot.parent(), index);
        slot.set_parent(parent);
        enter(&mut self.members, parent, index);
    }

    pub fn set_tie(&mut self, id: ComponentId, tie: Tie) {
        let Some(index) = self.slot_of(id) else { return };
        let Some(slot) = self.slots.get_mut(index as usize) else { return };
        leave(&mut self.tied, slot.tie().owner(), index);
        slot.set_tie(tie);
        enter(&mut self.tied, tie.owner(), index);
    }

    /// Notes that a new component is an instance of a template, at this depth of nesting, from 1.
    pub fn note_instance(&mut self, id: ComponentId, depth: usize) {
        if let Some(slot) = self.by_id_mut(id) {
            slot.kin_mut().instance_depth = depth;
            self.nested_instances += usize::from(depth > 1);
        }
    }

    /// How many components are instances of templates inside another instance.
    pub fn nested_instances(&self) -> usize {
        self.nested_instances
    }

    /// Pauses (true) or wakes (false) a component by hand. False if this changes nothing.
    pub fn set_paused(&mut self, index: u32, paused: bool) -> bool {
        let Some(slot) = self.slots.get_mut(index as usize) else { return false };
        if !slot.set_paused(paused) {
            return false;
        }
        self.paused = if paused { self.paused + 1 } else { self.paused - 1 };
        true
    }

    /// Whether a component is paused by hand.
    pub fn has_paused(&self) -> bool {
        self.paused > 0
    }

    /// Notes whether a component has an inbox for user events, after its boxes have changed.
    pub fn note_events(&mut self, index: u32) {
        let has_events = self.get(index).is_some_and(|slot| slot.core.boxes.find_inbox(Core::EVENTS).is_some());
        if has_events {
            self.with_events.insert(index)
        } else {
            self.with_events.remove(&index)
        };
    }

    /// The components with an inbox for user events, in order of slot.
    pub fn with_events(&self) -> impl Iterator<Item = &Slot> {
        self.with_events.iter().filter_map(|index| self.get(*index))
    }

    /// How many components are running code.
    pub fn live(&self) -> usize {
        self.live
    }

    /// Counts a component whose code was started (true) or has ended (false).
    pub fn note_live(&mut self, lives: bool) {
        self.live = if lives { self.live + 1 } else { self.live.saturating_sub(1) };
    }

    /// Whether there has been a component.
    pub fn was_used(&self) -> bool {
        self.was_used
    }
}

fn enter(index: &mut Index, key: Option<ComponentId>, slot: u32) {
    if let Some(key) = key {
        index.entry(key).or_default().insert(slot);
    }
}

fn leave(index: &mut Index, key: Option<ComponentId>, slot: u32) {
    if let Some(key) = key
        && let Some(slots) = index.get_mut(&key)
    {
        slots.remove(&slot);
        if slots.is_empty() {
            index.remove(&key);
        }
    }
}

impl Directory for Table {
    fn boxes(&self, id: ComponentId) -> Option<&BoxSet> {
        self.roster.get(&id).map(|core| &core.boxes)
    }

    fn run_queue(&self) -> &RunQueue {
        &self.context.run_queue
    }

    fn traffic(&self) -> &Traffic {
        &self.context.traffic
    }
}

#[cfg(test)]
mod tests;
