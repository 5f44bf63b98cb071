//! Tracker: named services and named values, removed when their owners end (R14, section 12 of the rules).
//!
//! The original calls it the co-ordinating assistant. Owned by the scheduler and touched only on its thread (CAT-12).

use std::collections::BTreeMap;
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
    /// Components waiting for a service of this name.
    waiting: Vec<(Arc<str>, Rc<WakeState>)>,
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
        self.waiting.retain(|(wanted, wake_state)| {
            let found = *wanted == name;
            if found {
                run_queue.wake(wake_state);
            }
            !found
        });
        self.services.insert(name, target);
    }

    pub fn retrieve(&self, name: &str) -> Result<BoxAddr, TrackerError> {
        self.services.get(name).cloned().ok_or_else(|| TrackerError::NoSuchService(name.into()))
    }

    pub fn wait_for(&mut self, name: Arc<str>, wake_state: Rc<WakeState>) {
        self.waiting.push((name, wake_state));
    }

    pub fn deregister(&mut self, name: &str) -> Result<(), TrackerError> {
        self.services.remove(name).map(|_| ()).ok_or_else(|| TrackerError::NoSuchService(name.into()))
    }

    pub fn track(&mut self, owner: ComponentId, name: Arc<str>, value: Message) -> Result<(), TrackerError> {
        if self.values.contains_key(&name) {
            return Err(TrackerError::NamespaceClash(name));
        }
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

    /// Removes all services and values (CAT-8). Components that wait for a service keep waiting.
    pub fn zap(&mut self) {
        self.services.clear();
        self.values.clear();
    }

    /// Removes everything that an ended component had registered (CAT-6).
    pub fn forget(&mut self, owner: ComponentId) {
        self.services.retain(|_, target| target.component != owner);
        self.values.retain(|_, (by, _)| *by != owner);
        self.waiting.retain(|(_, wake_state)| wake_state.id != owner);
    }
}
