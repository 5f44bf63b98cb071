//! Resource: a value that is not plain data, such as an accepted socket, on its way from one component to another.
//!
//! The value has one owner at a time: the first caller of [`Resource::take`] gets it, however many copies of the
//! message there are. If no component takes the value, it is dropped with the last copy; this closes a socket. A
//! resource cannot be serialised. A recording holds only its label, and a replay reads it back as an empty resource.

use std::any::Any;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::contain::Contained;

/// A value that the first taker owns. Two resources are equal only if they are the same one.
pub struct Resource {
    label: String,
    /// A user-supplied value; its `Drop` may panic, on whichever thread drops the last copy.
    value: Mutex<Contained<Box<dyn Any + Send>>>,
}

impl Resource {
    /// A resource that holds `value`. People and recordings see only the label.
    pub fn new(label: impl Into<String>, value: impl Any + Send) -> Self {
        Self { label: label.into(), value: Mutex::new(Contained::new(Box::new(value))) }
    }

    /// A resource without a value, as a replay reads it.
    pub fn empty(label: impl Into<String>) -> Self {
        Self { label: label.into(), value: Mutex::new(Contained::empty()) }
    }

    /// The text shown to people instead of the value.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Takes the value out. `None` if the value has been taken, is of another type, or never existed (in a replay).
    pub fn take<T: Any + Send>(&self) -> Option<T> {
        // The lock is held only to move the value, so a panic cannot leave it inconsistent.
        let mut slot = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.take()?.downcast() {
            Ok(value) => Some(*value),
            Err(other) => {
                *slot = Contained::new(other);
                None
            }
        }
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Resource {}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resource").field(&self.label).finish()
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::message::Message;

    /// A value that reports its drop through the count of the other reference.
    fn counted() -> (Arc<()>, Message) {
        let value = Arc::new(());
        (value.clone(), Resource::new("thing", value).into())
    }

    #[test]
    fn the_first_taker_gets_the_value() {
        let resource = Resource::new("number", 7u32);
        assert_eq!(resource.take::<String>(), None);
        assert_eq!(resource.take::<u32>(), Some(7));
        assert_eq!(resource.take::<u32>(), None);
    }

    #[test]
    fn an_untaken_value_is_dropped_with_the_last_copy() {
        let (value, message) = counted();
        let copy = message.clone();
        drop(message);
        assert_eq!(Arc::strong_count(&value), 2);
        drop(copy);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn a_resource_equals_only_itself_and_prints_as_its_label() {
        let (_, message) = counted();
        let (_, other) = counted();
        assert_eq!(message, message.clone());
        assert_ne!(message, other);
        assert_eq!(message.to_string(), "thing");
        assert_eq!(message.label(20), "thing");
    }

    #[test]
    fn a_recorded_message_holds_the_label_but_not_the_value() {
        let (value, message) = counted();
        let message = Message::map([("all", Message::list([message, 1.into()]))]);
        let recorded = message.without_resources();
        assert_eq!(recorded.to_string(), message.to_string());
        assert!(recorded.find_resource().is_some_and(|resource| resource.take::<Arc<()>>().is_none()));
        drop(message);
        assert_eq!(Arc::strong_count(&value), 1);
    }
}
