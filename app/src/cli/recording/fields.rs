//! Reading the keys of a recorded line, with errors that name the key. Pure.

use serde_json::{Map, Value};

use super::error::LineError;

/// The result of reading a part of a line.
pub type Read<T> = Result<T, LineError>;

/// The value of a key.
pub fn field<'v>(value: &'v Value, key: &str) -> Read<&'v Value> {
    value.get(key).ok_or_else(|| LineError::Missing(key.to_owned()))
}

/// The whole number under a key.
pub fn number(value: &Value, key: &str) -> Read<u64> {
    field(value, key)?.as_u64().ok_or_else(|| wrong_type(key, "a whole number"))
}

/// The count under a key.
pub fn count(value: &Value, key: &str) -> Read<usize> {
    usize::try_from(number(value, key)?).map_err(|_| wrong_type(key, "a count that this machine can hold"))
}

/// The text under a key.
pub fn text<'v>(value: &'v Value, key: &str) -> Read<&'v str> {
    field(value, key)?.as_str().ok_or_else(|| wrong_type(key, "text"))
}

/// The map under a key.
pub fn map<'v>(value: &'v Value, key: &str) -> Read<&'v Map<String, Value>> {
    field(value, key)?.as_object().ok_or_else(|| wrong_type(key, "a map"))
}

/// The list under a key, each item read by `read`.
pub fn list<T>(value: &Value, key: &str, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
    let items = field(value, key)?.as_array().ok_or_else(|| wrong_type(key, "a list"))?;
    items.iter().map(read).collect()
}

/// The list of strings under a key.
pub fn texts(value: &Value, key: &str) -> Read<Vec<String>> {
    list(value, key, |item| item.as_str().map(str::to_owned).ok_or_else(|| wrong_type(key, "a list of strings")))
}

/// The error for a key whose value has another type.
pub fn wrong_type(key: &str, expected: &'static str) -> LineError {
    LineError::WrongType { key: key.to_owned(), expected }
}
