//! Tests of the table: the indices agree with the slots, and slots are reused.

use std::cell::{Cell, RefCell};

use proptest::prelude::*;

use super::*;
use crate::component::FullPolicy;
use crate::delivery::inbox::Inbox;
use crate::delivery::outbox::Outbox;
use crate::delivery::wake_state::WakeState;
use crate::registry::Registry;
use crate::scheduler::component_core::WaitNote;
use crate::scheduler::{Scheduler, SchedulerConfig};
use crate::topology::{ComponentBody, ComponentDesc, RestartPolicy};

/// How many components a test has. Components with an even identity have an inbox for user events.
const MOST: u64 = 6;

fn slot(table: &Table, id: u64, parent: Option<ComponentId>) -> Slot {
    let wake_state = Rc::new(WakeState::new(ComponentId(id), table.next_slot()));
    let names = if id.is_multiple_of(2) { vec!["control", Core::EVENTS] } else { vec!["control"] };
    let inboxes = names.into_iter().enumerate();
    let inboxes: Vec<Rc<Inbox>> = inboxes
        .map(|(index, name)| Rc::new(Inbox::new(name.into(), wake_state.clone(), index, None, FullPolicy::Block)))
        .collect();
    let boxes = BoxSet {
        wake_state,
        name: RefCell::new(id.to_string().into()),
        control: inboxes[0].clone(),
        inboxes: inboxes.into_iter().collect::<crate::delivery::boxes::List<_>>().into(),
        outboxes: [Outbox::new("signal".into())].into_iter().collect::<crate::delivery::boxes::List<_>>().into(),
    };
    let core = Core {
        boxes,
        context: table.context.clone(),
        params: RefCell::default(),
        yielded: Cell::new(false),
        waits_for: RefCell::new(WaitNote::default()),
        signalled: Cell::new(false),
        generation: 0,
        surface: RefCell::default(),
        is_pure_source: Cell::new(false),
        is_composite: false,
        members_live: Cell::new(0),
        instances: Cell::new(0),
        children: RefCell::default(),
    };
    let desc = ComponentDesc {
        name: id.to_string().into(),
        body: ComponentBody::Leaf { type_name: "T".into(), params: [].into() },
        parent,
        restart: RestartPolicy::Never,
        limits: [].into(),
    };
    Slot::new(Rc::new(core), "T".into(), None, desc)
}

fn table() -> Table {
    Table::new(Scheduler::new(SchedulerConfig::new(Registry::default())).context.clone())
}

/// The owner of a component in the table.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    index: u32,
    parent: Option<ComponentId>,
    tie: Tie,
    is_paused: bool,
}

#[derive(Debug, Clone)]
enum Change {
    Insert(u64, Option<ComponentId>),
    Remove(u64),
    SetParent(u64, Option<ComponentId>),
    SetTie(u64, Tie),
    Pause(u64, bool),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let id = || 1..=MOST;
    let parent = || prop::option::of(id().prop_map(ComponentId));
    let tie = prop_oneof![
        Just(Tie::None),
        id().prop_map(|owner| Tie::Child(ComponentId(owner))),
        id().prop_map(|owner| Tie::Bound(ComponentId(owner))),
        id().prop_map(|owner| Tie::Port(ComponentId(owner))),
    ];
    let change = prop_oneof![
        3 => (id(), parent()).prop_map(|(id, parent)| Change::Insert(id, parent)),
        2 => id().prop_map(Change::Remove),
        2 => (id(), parent()).prop_map(|(id, parent)| Change::SetParent(id, parent)),
        2 => (id(), tie).prop_map(|(id, tie)| Change::SetTie(id, tie)),
        2 => (id(), any::<bool>()).prop_map(|(id, pause)| Change::Pause(id, pause)),
    ];
    prop::collection::vec(change, 1..60)
}

/// Makes a change in the table and in the model; returns the result of a pause in both.
fn apply(table: &mut Table, model: &mut BTreeMap<u64, Row>, change: &Change) -> [bool; 2] {
    match *change {
        Change::Insert(id, parent) if !model.contains_key(&id) => {
            let slot = slot(table, id, parent);
            let (promised, index) = (table.next_slot(), table.insert(slot));
            assert_eq!(promised, index, "a component gets the slot that was promised");
            assert!(model.values().all(|row| row.index != index), "the slot was free");
            assert!((index as usize) < MOST as usize, "a free slot is used before a new one is made");
            model.insert(id, Row { index, parent, tie: Tie::None, is_paused: false });
        }
        Change::Insert(..) => {}
        Change::Remove(id) => {
            // A slot that is free or never existed is ignored.
            table.remove(model.remove(&id).map_or(u32::MAX, |row| row.index));
        }
        Change::SetParent(id, parent) => {
            table.set_parent(model.get(&id).map_or(u32::MAX, |row| row.index), parent);
            model.entry(id).and_modify(|row| row.parent = parent);
        }
        Change::SetTie(id, tie) => {
            table.set_tie(ComponentId(id), tie);
            model.entry(id).and_modify(|row| row.tie = tie);
        }
        Change::Pause(id, pause) => {
            let row = model.get_mut(&id);
            let has_changed = table.set_paused(row.as_ref().map_or(u32::MAX, |row| row.index), pause);
            let expected = row.is_some_and(|row| std::mem::replace(&mut row.is_paused, pause) != pause);
            return [has_changed, expected];
        }
    }
    [true, true]
}

/// The components for which `test` holds, in order of slot.
fn in_slot_order(model: &BTreeMap<u64, Row>, test: impl Fn(u64, &Row) -> bool) -> Vec<ComponentId> {
    let mut rows: Vec<_> = model.iter().filter(|(id, row)| test(**id, row)).collect();
    rows.sort_by_key(|(_, row)| row.index);
    rows.into_iter().map(|(id, _)| ComponentId(*id)).collect()
}

fn ids<'s>(slots: impl Iterator<Item = &'s Slot>) -> Vec<ComponentId> {
    slots.map(|slot| slot.core.id()).collect()
}

proptest! {
    #[test]
    fn the_indices_agree_with_the_slots_after_any_changes(changes in changes()) {
        let (mut table, mut model) = (table(), BTreeMap::new());
        prop_assert!(!table.was_used());
        for change in changes {
            let [found, expected] = apply(&mut table, &mut model, &change);
            prop_assert_eq!(found, expected, "{:?}", change);
            prop_assert_eq!(table.len(), model.len());
            let cores: Vec<u64> = table.cores().map(|core| core.id().0).collect();
            prop_assert_eq!(cores, model.keys().copied().collect::<Vec<_>>(), "in order of identity");
            prop_assert_eq!(ids(table.iter()), in_slot_order(&model, |_, _| true));
            prop_assert_eq!(ids(table.with_events()), in_slot_order(&model, |id, _| id % 2 == 0));
            prop_assert_eq!(table.has_paused(), model.values().any(|row| row.is_paused));
            for id in 1..=MOST {
                let (row, id) = (model.get(&id), ComponentId(id));
                prop_assert_eq!(table.contains(id), row.is_some());
                prop_assert_eq!(table.slot_of(id), row.map(|row| row.index));
                let slot = table.by_id(id);
                prop_assert_eq!(slot.map(|slot| slot.core.id()), row.map(|_| id), "never its successor in the slot");
                let found = slot.map(|slot| (slot.parent(), slot.tie(), slot.is_paused()));
                prop_assert_eq!(found, row.map(|row| (row.parent, row.tie, row.is_paused)));
                prop_assert_eq!(ids(table.members(id)), in_slot_order(&model, |_, row| row.parent == Some(id)));
                for tie in [Tie::Child(id), Tie::Bound(id), Tie::Port(id)] {
                    prop_assert_eq!(table.tied(tie), in_slot_order(&model, |_, row| row.tie == tie));
                }
            }
        }
        for id in model.into_keys() {
            table.remove(table.slot_of(ComponentId(id)).unwrap_or(u32::MAX));
        }
        prop_assert!(table.members.is_empty() && table.tied.is_empty() && table.with_events.is_empty());
        prop_assert!(!table.has_paused() && table.len() == 0);
    }
}

#[test]
fn a_slot_that_was_freed_last_is_used_first_and_its_old_component_is_not_found() {
    let mut table = table();
    let [first, second] = [1, 2].map(|id| {
        let slot = slot(&table, id, None);
        table.insert(slot)
    });
    let old = table.core(ComponentId(1)).cloned();
    table.remove(first);
    table.remove(first);
    let slot = slot(&table, 3, None);
    assert_eq!((table.insert(slot), table.next_slot()), (first, second + 1));
    assert_eq!(table.by_id(ComponentId(1)).map(|slot| slot.core.id()), None);
    assert_eq!(table.get(first).map(|slot| slot.core.id()), Some(ComponentId(3)));
    assert_eq!(old.map(|core| core.slot()), Some(first), "an old core still names the slot of its successor");
}

#[test]
fn running_components_are_counted_when_they_start_and_end() {
    let mut table = table();
    for id in [1, 2] {
        let slot = slot(&table, id, None);
        table.insert(slot);
    }
    assert_eq!(table.live(), 2);
    table.note_live(false);
    assert_eq!((table.live(), table.len()), (1, 2), "a component that has ended stays in the table");
    table.note_live(true);
    assert_eq!(table.live(), 2);
}
