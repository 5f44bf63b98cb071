//! Read: access to the content of a message.

use super::Message;
use crate::resource::Resource;

impl Message {
    /// The text inside, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number inside, whole or real.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The bytes of text or bytes; `None` for every other kind.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text.as_bytes()),
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// False for nothing, false, zero and empty text, bytes, list or map; true otherwise.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.is_empty(),
            _ => true,
        }
    }

    /// The resource inside, if it is one.
    pub fn as_resource(&self) -> Option<&Resource> {
        match self {
            Self::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// The first resource in the message, including those inside lists and maps.
    pub fn find_resource(&self) -> Option<&Resource> {
        match self {
            Self::Resource(resource) => Some(resource),
            Self::List(items) if items.has_resource() => items.iter().find_map(Self::find_resource),
            Self::Map(map) if map.has_resource() => map.values().find_map(Self::find_resource),
            _ => None,
        }
    }

    /// The message with an empty resource in place of each resource, so that a recording keeps no socket open.
    #[must_use]
    pub fn without_resources(&self) -> Self {
        match self {
            Self::Resource(resource) => Resource::empty(resource.label()).into(),
            Self::List(items) if items.has_resource() => Self::envelope(items.iter().map(Self::without_resources)),
            Self::Map(map) if map.has_resource() => {
                Self::envelope_map(map.iter().map(|(key, item)| (key.clone(), item.without_resources())).collect())
            }
            other => other.clone(),
        }
    }
}
