//! Tracker: named services and named values, removed when their owners end (R14, section 12 of the rules).
//!
//! The original calls it the co-ordinating assistant. Owned by the scheduler and touched only on its thread (CAT-12).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::delivery::run_queue::RunQueue;
use crate::delivery::wake_state::WakeState;
use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;

/// Why the tracker refused a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrackerError {
    /// The name is already used, even if for the same box (CAT-2).
    #[error("there is already a service named {0}; give one of the two another name")]
    ServiceAlreadyExists(Arc<str>),
    /// No service has this name (CAT-4, CAT-5).
    #[error("there is no service named {0}")]
    NoSuchService(Arc<str>),
    /// The component does not have the box to register as a service (CAT-3).
    #[error("cannot register a service: {component} has no box named {name}")]
    BadBox {
        /// Name of the component.
        component: Arc<str>,
        /// Name of the box.
        name: Arc<str>,
    },
    /// A value is already tracked under this name (CAT-7).
    #[error("there is already a value named {0}")]
    NamespaceClash(Arc<str>),
    /// No value is tracked under this name (CAT-7).
    #[error("there is no value named {0}")]
    NoSuchValue(Arc<str>),
}

/// The services and values of one scheduler.
#[derive(Default)]
pub(crate) struct Tracker {
    services: BTreeMap<Arc<str>, BoxAddr>,
    values: BTreeMap<Arc<str>, (ComponentId, Message)>,
    /// Components waiting for a service with this name, in order of arrival.
    waiting: BTreeMap<Arc<str>, BTreeMap<u64, Rc<WakeState>>>,
    /// Position of the last component that began to wait.
    last_position: u64,
    /// The same entries by component, so that the end of a component visits only its own entries.
    by_owner: BTreeMap<ComponentId, Entries>,
}

/// The entries of one component.
#[derive(Default)]
struct Entries {
    services: BTreeSet<Arc<str>>,
    values: BTreeSet<Arc<str>>,
    /// Its position among the components that wait for a service.
    waits: BTreeMap<Arc<str>, u64>,
}

impl Entries {
    fn is_empty(&self) -> bool {
        self.services.is_empty() && self.values.is_empty() && self.waits.is_empty()
    }
}

impl Tracker {
    /// Refuses a name that is already used, even if for the same box (CAT-2).
    pub fn check_free(&self, name: &str) -> Result<(), TrackerError> {
        match self.services.get_key_value(name) {
            Some((name, _)) => Err(TrackerError::ServiceAlreadyExists(name.clone())),
            None => Ok(()),
        }
    }

    /// Registers a service under a free name and wakes the components that wait for it.
    pub fn register(&mut self, run_queue: &RunQueue, name: Arc<str>, target: BoxAddr) {
        for wake_state in self.waiting.remove(&name).unwrap_or_default().into_values() {
            run_queue.wake(&wake_state);
            self.release(wake_state.id, |entries| {
                entries.waits.remove(&name);
            });
        }
        self.by_owner.entry(target.component).or_default().services.insert(name.clone());
        self.services.insert(name, target);
    }

    pub fn retrieve(&self, name: &str) -> Result<BoxAddr, TrackerError> {
        self.services.get(name).cloned().ok_or_else(|| TrackerError::NoSuchService(name.into()))
    }

    /// Wakes a component when a service with this name is registered. A component already waiting for it keeps its
    /// position.
    pub fn wait_for(&mut self, name: Arc<str>, wake_state: Rc<WakeState>) {
        let waits = &mut self.by_owner.entry(wake_state.id).or_default().waits;
        if !waits.contains_key(&name) {
            self.last_position += 1;
            waits.insert(name.clone(), self.last_position);
            self.waiting.entry(name).or_default().insert(self.last_position, wake_state);
        }
    }

    pub fn deregister(&mut self, name: &str) -> Result<(), TrackerError> {
        let target = self.services.remove(name).ok_or_else(|| TrackerError::NoSuchService(name.into()))?;
        self.release(target.component, |entries| {
            entries.services.remove(name);
        });
        Ok(())
    }

    pub fn track(&mut self, owner: ComponentId, name: Arc<str>, value: Message) -> Result<(), TrackerError> {
        if self.values.contains_key(&name) {
            return Err(TrackerError::NamespaceClash(name));
        }
        self.by_owner.entry(owner).or_default().values.insert(name.clone());
        self.values.insert(name, (owner, value));
        Ok(())
    }

    pub fn update(&mut self, name: &str, value: Message) -> Result<(), TrackerError> {
        let entry = self.values.get_mut(name).ok_or_else(|| TrackerError::NoSuchValue(name.into()))?;
        entry.1 = value;
        Ok(())
    }

    pub fn value(&self, name: &str) -> Result<Message, TrackerError> {
        self.values.get(name).map(|(_, value)| value.clone()).ok_or_else(|| TrackerError::NoSuchValue(name.into()))
    }

    pub fn service_names(&self) -> Vec<Arc<str>> {
        self.services.keys().cloned().collect()
    }

    pub fn value_names(&self) -> Vec<Arc<str>> {
        self.values.keys().cloned().collect()
    }

    /// Removes all services and values (CAT-8). Components waiting for a service keep waiting.
    pub fn zap(&mut self) {
        self.services.clear();
        self.values.clear();
        self.by_owner.retain(|_, entries| {
            entries.services.clear();
            entries.values.clear();
            !entries.is_empty()
        });
    }

    /// Removes everything that an ended component had registered (CAT-6).
    pub fn forget(&mut self, owner: ComponentId) {
        let Some(entries) = self.by_owner.remove(&owner) else { return };
        for name in entries.services {
            self.services.remove(&name);
        }
        for name in entries.values {
            self.values.remove(&name);
        }
        for (name, position) in entries.waits {
            if let Some(waiting) = self.waiting.get_mut(&name) {
                waiting.remove(&position);
                if waiting.is_empty() {
                    self.waiting.remove(&name);
                }
            }
        }
    }

    /// Removes entries of a component from the index.
    fn release(&mut self, owner: ComponentId, remove: impl FnOnce(&mut Entries)) {
        if let Some(entries) = self.by_owner.get_mut(&owner) {
            remove(entries);
            if entries.is_empty() {
                self.by_owner.remove(&owner);
            }
        }
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.values.is_empty() && self.waiting.is_empty() && self.by_owner.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    fn component(number: u64) -> Rc<WakeState> {
        Rc::new(WakeState::new(ComponentId(number), number as u32))
    }

    fn woken(run_queue: &RunQueue) -> Vec<u32> {
        let mut slots = VecDeque::new();
        run_queue.drain_into(&mut slots);
        slots.into()
    }

    fn register(tracker: &mut Tracker, run_queue: &RunQueue, name: &str, owner: u64) {
        tracker.register(run_queue, name.into(), BoxAddr::inbox(ComponentId(owner), "inbox"));
    }

    #[test]
    fn the_end_of_a_component_removes_its_own_entries_only() {
        let (mut tracker, run_queue) = (Tracker::default(), RunQueue::default());
        for owner in 1..=3 {
            register(&mut tracker, &run_queue, &format!("service {owner}"), owner);
            tracker.track(ComponentId(owner), format!("value {owner}").into(), 1.into()).unwrap();
            tracker.wait_for("missing".into(), component(owner));
        }
        tracker.forget(ComponentId(2));
        assert_eq!(tracker.service_names(), ["service 1".into(), "service 3".into()]);
        assert_eq!(tracker.value_names(), ["value 1".into(), "value 3".into()]);
        register(&mut tracker, &run_queue, "missing", 1);
        assert_eq!(woken(&run_queue), [1, 3]);
        tracker.forget(ComponentId(1));
        tracker.deregister("service 3").unwrap();
        assert!(!tracker.is_empty());
        tracker.forget(ComponentId(3));
        assert!(tracker.is_empty());
    }

    #[test]
    fn components_are_woken_in_the_order_in_which_they_began_to_wait() {
        let (mut tracker, run_queue) = (Tracker::default(), RunQueue::default());
        let all = [5, 2, 9].map(component);
        for wake_state in all.iter().chain(&all) {
            tracker.wait_for("late".into(), wake_state.clone());
        }
        tracker.wait_for("other".into(), all[0].clone());
        register(&mut tracker, &run_queue, "late", 5);
        assert_eq!(woken(&run_queue), [5, 2, 9]);
        tracker.forget(ComponentId(5));
        assert!(tracker.is_empty(), "a component that was woken waits no longer");
    }

    #[test]
    fn components_keep_waiting_after_all_services_and_values_are_removed() {
        let (mut tracker, run_queue) = (Tracker::default(), RunQueue::default());
        register(&mut tracker, &run_queue, "service", 1);
        tracker.track(ComponentId(1), "value".into(), 1.into()).unwrap();
        tracker.wait_for("late".into(), component(2));
        tracker.zap();
        assert!(tracker.service_names().is_empty() && tracker.value_names().is_empty() && !tracker.is_empty());
        register(&mut tracker, &run_queue, "late", 1);
        assert_eq!(woken(&run_queue), [2]);
    }
}
