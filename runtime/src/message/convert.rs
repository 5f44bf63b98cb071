//! Conversions from plain values to messages.

use std::sync::Arc;

use super::Message;
use crate::resource::Resource;

impl From<Resource> for Message {
    fn from(resource: Resource) -> Self {
        Self::Resource(Arc::new(resource))
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl From<i64> for Message {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Message {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<bool> for Message {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Arc::from(bytes))
    }
}
