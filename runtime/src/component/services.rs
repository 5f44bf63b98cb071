//! Services: how a component uses the services and values of the tracker (section 12 of the rules, R14).
//!
//! When a component ends, the tracker removes its services and values (CAT-6).

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::BoxIo;
use super::io::Service;
use crate::delivery::wake_state::EndRequest;
use crate::ids::BoxAddr;
use crate::message::Message;
use crate::tracker::TrackerError;

impl BoxIo {
    /// Registers one of its inboxes as a service (CAT-2).
    ///
    /// # Errors
    /// The name is in use, or there is no such inbox.
    pub fn register_inbox_service(&self, name: &str, inbox: &str) -> Result<(), TrackerError> {
        let exists = self.core.boxes.find_inbox(inbox).is_some();
        self.register(name, BoxAddr::inbox(self.id(), inbox), exists)
    }

    /// Registers one of its outboxes as a service, to which others can subscribe.
    ///
    /// # Errors
    /// The name is in use, or there is no such outbox.
    pub fn register_outbox_service(&self, name: &str, outbox: &str) -> Result<(), TrackerError> {
        let exists = self.core.boxes.find_outbox(outbox).is_some();
        self.register(name, BoxAddr::outbox(self.id(), outbox), exists)
    }

    fn register(&self, name: &str, target: BoxAddr, exists: bool) -> Result<(), TrackerError> {
        let context = &self.core.context;
        let mut tracker = context.tracker.borrow_mut();
        tracker.check_free(name)?;
        if !exists {
            return Err(TrackerError::BadBox { component: self.name(), name: target.name });
        }
        tracker.register(&context.run_queue, name.into(), target);
        Ok(())
    }

    /// Waits until a service with this name exists (CAT-4, BACK-4); `None` if the component is asked to end meanwhile.
    pub async fn service(&self, name: &str) -> Option<Service> {
        let mut is_waiting = false;
        poll_fn(|_| {
            let context = &self.core.context;
            if let Ok(target) = context.tracker.borrow().retrieve(name) {
                return Poll::Ready(Some(Service { name: name.into(), target }));
            }
            if self.core.end_request() != EndRequest::None {
                return Poll::Ready(None);
            }
            if !std::mem::replace(&mut is_waiting, true) {
                context.tracker.borrow_mut().wait_for(name.into(), self.core.boxes.wake_state.clone());
            }
            self.wait_for_other(&format!("the service {name}"));
            Poll::Pending
        })
        .await
    }

    /// The service with this name, without waiting (CAT-4).
    ///
    /// # Errors
    /// There is currently no service with this name.
    pub fn try_service(&self, name: &str) -> Result<Service, TrackerError> {
        let target = self.core.context.tracker.borrow().retrieve(name)?;
        Ok(Service { name: name.into(), target })
    }

    /// Removes a service from the tracker (CAT-5).
    ///
    /// # Errors
    /// There is no service with this name.
    pub fn deregister_service(&self, name: &str) -> Result<(), TrackerError> {
        self.core.context.tracker.borrow_mut().deregister(name)
    }

    /// Names of all services, in order (CAT-8).
    pub fn service_names(&self) -> Vec<Arc<str>> {
        self.core.context.tracker.borrow().service_names()
    }

    /// Starts to track a value under a name, until this component ends (CAT-7).
    ///
    /// # Errors
    /// The name is in use.
    pub fn track_value(&self, name: &str, value: impl Into<Message>) -> Result<(), TrackerError> {
        self.core.context.tracker.borrow_mut().track(self.id(), name.into(), value.into())
    }

    /// Changes a tracked value, whichever component tracks it.
    ///
    /// # Errors
    /// No value is tracked under this name.
    pub fn update_value(&self, name: &str, value: impl Into<Message>) -> Result<(), TrackerError> {
        self.core.context.tracker.borrow_mut().update(name, value.into())
    }

    /// A tracked value.
    ///
    /// # Errors
    /// No value is tracked under this name.
    pub fn tracked_value(&self, name: &str) -> Result<Message, TrackerError> {
        self.core.context.tracker.borrow().value(name)
    }

    /// Names of all tracked values, in order (CAT-8).
    pub fn value_names(&self) -> Vec<Arc<str>> {
        self.core.context.tracker.borrow().value_names()
    }
}
