//! Converts values to text and back, for text fields.
//!
//! Pure. Text that is valid JSON is read as JSON; all other text is read as a text value. A text value that would be
//! read as something else is written in quotes, so that reading a written value gives the same value.

use compose_runtime::message::Message;
use serde_json::Value;

/// Reads a value of any kind from typed text.
pub fn read_any(text: &str) -> Message {
    match serde_json::from_str::<Value>(text.trim()) {
        Ok(value) => from_json(&value),
        Err(_) => Message::text(text),
    }
}

/// Writes a value as [`read_any`] reads it.
pub fn write_any(value: &Message) -> String {
    match value {
        Message::Text(text) => {
            let is_plain = !text.contains('\n') && serde_json::from_str::<Value>(text.trim()).is_err();
            if is_plain { text.to_string() } else { Value::String(text.to_string()).to_string() }
        }
        other => to_json(other).map_or_else(|| other.to_string(), |value| value.to_string()),
    }
}

/// Reads a list, one value per line. Empty lines are skipped.
pub fn read_list(text: &str) -> Message {
    Message::list(text.lines().filter(|line| !line.trim().is_empty()).map(read_any))
}

/// Writes a list, one value per line.
pub fn write_list(value: &Message) -> String {
    match value {
        Message::List(items) => items.iter().map(write_any).collect::<Vec<_>>().join("\n"),
        other => write_any(other),
    }
}

fn from_json(value: &Value) -> Message {
    match value {
        Value::Null => Message::Nothing,
        Value::Bool(value) => Message::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Message::Int(whole),
            (None, Some(real)) => Message::Float(real),
            (None, None) => Message::text(number.to_string()),
        },
        Value::String(text) => Message::text(text),
        Value::Array(items) => Message::list(items.iter().map(from_json)),
        Value::Object(map) => Message::map(map.iter().map(|(key, value)| (key.clone(), from_json(value)))),
    }
}

fn to_json(value: &Message) -> Option<Value> {
    Some(match value {
        Message::Nothing => Value::Null,
        Message::Bool(value) => Value::Bool(*value),
        Message::Int(value) => Value::from(*value),
        Message::Float(value) => Value::from(*value),
        Message::Text(text) => Value::String(text.to_string()),
        Message::List(items) => Value::Array(items.iter().map(to_json).collect::<Option<_>>()?),
        Message::Map(map) => {
            let pairs: Option<serde_json::Map<_, _>> =
                map.iter().map(|(key, value)| Some((key.clone(), to_json(value)?))).collect();
            Value::Object(pairs?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_value_is_read_back() {
        let values = [
            Message::Int(7),
            Message::Float(1.5),
            Message::Bool(true),
            Message::Nothing,
            Message::text("plain words"),
            Message::text("7"),
            Message::text("two\nlines"),
            Message::text("\"quoted\""),
            Message::list([Message::Int(1), Message::text("x")]),
            Message::map([("a", Message::Float(2.0))]),
        ];
        for value in values {
            assert_eq!(read_any(&write_any(&value)), value);
        }
    }

    #[test]
    fn a_list_has_one_value_per_line() {
        let list = read_list("one\n\n2\n\"3\"");
        assert_eq!(list, Message::list([Message::text("one"), Message::Int(2), Message::text("3")]));
        assert_eq!(write_list(&list), "one\n2\n\"3\"");
    }
}
