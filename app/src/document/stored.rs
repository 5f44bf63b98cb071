//! Stored: the JSON form of the runtime's types inside edits, because the runtime itself has no file format.
//!
//! Used as `#[serde(with = "stored")]`. Reading what was written gives an equal value.

use std::collections::BTreeMap;

use compose_runtime::ids::Direction;
use compose_runtime::message::Message;
use compose_runtime::topology::{FullPolicy, InboxLimit, RestartPolicy};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use serde_json::{Map, Value};

/// A type with a JSON form.
pub trait Stored: Sized {
    /// The JSON form.
    fn to_value(&self) -> Value;

    /// Reads the JSON form; `None` if it is another type or cannot be stored.
    fn from_value(value: &Value) -> Option<Self>;
}

/// Writes the JSON form.
pub fn serialize<T: Stored, S: Serializer>(stored: &T, serializer: S) -> Result<S::Ok, S::Error> {
    stored.to_value().serialize(serializer)
}

/// Reads the JSON form.
pub fn deserialize<'de, T: Stored, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::from_value(&value).ok_or_else(|| D::Error::custom("unexpected value"))
}

/// Only the messages that a document accepts (see `storable`) survive; any other becomes null.
impl Stored for Message {
    fn to_value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::from(*value),
            Self::Int(number) => Value::from(*number),
            Self::Float(number) => Value::from(*number),
            Self::Text(text) => Value::from(&**text),
            Self::List(items) => items.iter().map(Stored::to_value).collect(),
            Self::Map(map) => map.iter().map(|(key, item)| (key.clone(), item.to_value())).collect(),
            _ => Value::Null,
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Nothing,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => number.as_i64().map(Self::Int).or_else(|| number.as_f64().map(Self::Float))?,
            Value::String(text) => Self::text(text),
            Value::Array(items) => {
                Self::try_list(items.iter().map(Self::from_value).collect::<Option<Vec<_>>>()?).ok()?
            }
            Value::Object(map) => Self::try_map(read_map::<Self>(map)?).ok()?,
        })
    }
}

impl Stored for RestartPolicy {
    fn to_value(&self) -> Value {
        Value::from(match self {
            Self::Never => "never",
            Self::OnFailure => "on failure",
        })
    }

    fn from_value(value: &Value) -> Option<Self> {
        [Self::Never, Self::OnFailure].into_iter().find(|policy| policy.to_value() == *value)
    }
}

impl Stored for Direction {
    fn to_value(&self) -> Value {
        Value::from(match self {
            Self::Inbox => "inbox",
            Self::Outbox => "outbox",
        })
    }

    fn from_value(value: &Value) -> Option<Self> {
        [Self::Inbox, Self::Outbox].into_iter().find(|direction| direction.to_value() == *value)
    }
}

impl Stored for FullPolicy {
    fn to_value(&self) -> Value {
        Value::from(match self {
            Self::Block => "block",
            Self::DropOldest => "drop oldest",
            Self::DropNewest => "drop newest",
            Self::Fail => "fail",
        })
    }

    fn from_value(value: &Value) -> Option<Self> {
        let all = [Self::Block, Self::DropOldest, Self::DropNewest, Self::Fail];
        all.into_iter().find(|policy| policy.to_value() == *value)
    }
}

/// A list of capacity and policy.
impl Stored for InboxLimit {
    fn to_value(&self) -> Value {
        Value::from(vec![self.capacity.map_or(Value::Null, Value::from), self.policy.to_value()])
    }

    fn from_value(value: &Value) -> Option<Self> {
        let [capacity, policy] = value.as_array()?.as_slice() else { return None };
        let capacity = match capacity {
            Value::Null => None,
            other => Some(usize::try_from(other.as_u64()?).ok()?),
        };
        Some(Self { capacity, policy: FullPolicy::from_value(policy)? })
    }
}

/// A list of at most one value, because null is a separate value.
impl<T: Stored> Stored for Option<T> {
    fn to_value(&self) -> Value {
        self.iter().map(Stored::to_value).collect()
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value.as_array()?.as_slice() {
            [] => Some(None),
            [one] => T::from_value(one).map(Some),
            _ => None,
        }
    }
}

impl<T: Stored> Stored for BTreeMap<String, T> {
    fn to_value(&self) -> Value {
        self.iter().map(|(key, item)| (key.clone(), item.to_value())).collect()
    }

    fn from_value(value: &Value) -> Option<Self> {
        read_map(value.as_object()?)
    }
}

fn read_map<T: Stored>(map: &Map<String, Value>) -> Option<BTreeMap<String, T>> {
    map.iter().map(|(key, item)| Some((key.clone(), T::from_value(item)?))).collect()
}
