//! Tracker: named services and named values, cleaned up with their owners (R14, section 12 of the rules).
//!
//! The original's co-ordinating assistant. Owned by the scheduler and touched only on its thread (CAT-12).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::ids::{BoxAddr, ComponentId};
use crate::message::Message;
use crate::scheduler::kernel::Kernel;
use crate::scheduler::pulse::Pulse;

/// Why the tracker refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrackerError {
    /// A used name, even for the same pair (CAT-2).
    #[error("there is already a service named {0}; give one of the two another name")]
    ServiceAlreadyExists(Arc<str>),
    /// No service has this name (CAT-4, CAT-5).
    #[error("there is no service named {0}")]
    NoSuchService(Arc<str>),
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
    waiting: Vec<(Arc<str>, Rc<Pulse>)>,
}

impl Tracker {
    pub fn register(&mut self, kernel: &Kernel, name: Arc<str>, target: BoxAddr) -> Result<(), TrackerError> {
        if self.services.contains_key(&name) {
            return Err(TrackerError::ServiceAlreadyExists(name));
        }
        self.waiting.retain(|(wanted, pulse)| {
            let found = *wanted == name;
            if found {
                kernel.wake(pulse);
            }
            !found
        });
        self.services.insert(name, target);
        Ok(())
    }

    pub fn retrieve(&self, name: &str) -> Result<BoxAddr, TrackerError> {
        self.services.get(name).cloned().ok_or_else(|| TrackerError::NoSuchService(name.into()))
    }

    pub fn wait_for(&mut self, name: Arc<str>, pulse: Rc<Pulse>) {
        self.waiting.push((name, pulse));
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

    /// Forgets everything an ended component had registered (CAT-6).
    pub fn forget(&mut self, owner: ComponentId) {
        self.services.retain(|_, target| target.component != owner);
        self.values.retain(|_, (by, _)| *by != owner);
        self.waiting.retain(|(_, pulse)| pulse.id != owner);
    }
}
