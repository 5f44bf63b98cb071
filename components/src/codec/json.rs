//! Converts messages to JSON values and back.
//!
//! Pure functions. Values that JSON does not support are written as an object with one key: `{"$bytes": "base16"}`,
//! `{"$time": seconds}`. Pictures, sound and control messages cannot be converted.

use std::time::Duration;

use compose_runtime::dev::*;
use serde_json::{Map, Number, Value};

use super::error::CodecError;

/// Maximum nesting depth of arrays and objects that the JSON reader accepts. Deeper JSON is not written, so that all
/// written JSON can be read back.
pub(crate) const MAX_JSON_DEPTH: usize = 127;

/// The message as a JSON value, or the reason why it cannot be converted.
pub(crate) fn to_json(message: &Message) -> Result<Value, CodecError> {
    to_json_within(message, MAX_JSON_DEPTH)
}

/// Converts a message in which objects and arrays are nested at most this deeply.
fn to_json_within(message: &Message, depth: usize) -> Result<Value, CodecError> {
    let nests = matches!(message, Message::List(_) | Message::Map(_) | Message::Bytes(_) | Message::Time(_));
    let below = if nests { depth.checked_sub(1).ok_or(CodecError::DeepJson(MAX_JSON_DEPTH))? } else { depth };
    Ok(match message {
        Message::Nothing => Value::Null,
        Message::Bool(value) => Value::Bool(*value),
        Message::Int(value) => Value::from(*value),
        Message::Float(value) => match Number::from_f64(*value) {
            Some(number) => Value::Number(number),
            None => return Err(CodecError::NumberInJson(value.to_string())),
        },
        Message::Text(text) => Value::from(&**text),
        Message::Bytes(bytes) => tagged("$bytes", Value::from(to_hex(bytes))),
        Message::Time(time) => tagged("$time", Value::from(time.as_secs_f64())),
        Message::List(items) => {
            Value::Array(items.iter().map(|item| to_json_within(item, below)).collect::<Result<_, _>>()?)
        }
        Message::Map(map) => Value::Object(
            map.iter()
                .map(|(key, value)| Ok((key.clone(), to_json_within(value, below)?)))
                .collect::<Result<_, CodecError>>()?,
        ),
        other => return Err(CodecError::KindInJson(other.kind().name())),
    })
}

/// A JSON value as a message. Numbers that do not fit a 64-bit integer become floating-point numbers.
pub(crate) fn from_json(value: Value) -> Message {
    match value {
        Value::Null => Message::Nothing,
        Value::Bool(value) => Message::Bool(value),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Message::Float(number.as_f64().unwrap_or(f64::NAN)), Message::Int)
        }
        Value::String(text) => Message::from(text),
        Value::Array(items) => Message::list(items.into_iter().map(from_json)),
        Value::Object(map) => {
            untagged(&map).unwrap_or_else(|| Message::map(map.into_iter().map(|(key, value)| (key, from_json(value)))))
        }
    }
}

fn tagged(tag: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(tag.to_owned(), value)]))
}

fn untagged(map: &Map<String, Value>) -> Option<Message> {
    let (tag, value) = map.iter().next().filter(|_| map.len() == 1)?;
    match tag.as_str() {
        "$bytes" => from_hex(value.as_str()?).map(Message::from),
        "$time" => Duration::try_from_secs_f64(value.as_f64()?).ok().map(Message::Time),
        _ => None,
    }
}

fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pair = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    text.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_supported_kind_survives_the_round_trip() {
        let message = Message::list([
            Message::Nothing,
            true.into(),
            (-7).into(),
            0.1.into(),
            "é\"\n".into(),
            Message::bytes(b"\0\xff"),
            Message::Time(Duration::from_millis(1500)),
            Message::map([("a", Message::list([])), ("$bytes", 1.into())]),
        ]);
        let text = to_json(&message).unwrap().to_string();
        assert_eq!(from_json(serde_json::from_str(&text).unwrap()), message);
    }

    #[test]
    fn what_is_written_can_be_read_whatever_its_depth() {
        let nested = |depth| (0..depth).fold(Message::Int(1), |inner, _| Message::list([inner]));
        let deepest = nested(MAX_JSON_DEPTH);
        let text = to_json(&deepest).unwrap().to_string();
        assert_eq!(from_json(serde_json::from_str(&text).unwrap()), deepest);
        let bytes = (1..MAX_JSON_DEPTH).fold(Message::bytes(b"a"), |inner, _| Message::list([inner]));
        let text = to_json(&bytes).unwrap().to_string();
        assert_eq!(from_json(serde_json::from_str(&text).unwrap()), bytes);
        for deeper in [nested(MAX_JSON_DEPTH + 1), Message::list([bytes])] {
            let error = to_json(&deeper).unwrap_err().to_string();
            assert_eq!(error, "lists and maps are nested more than 127 deep");
        }
    }

    #[test]
    fn unsupported_values_are_rejected() {
        assert!(to_json(&Message::Float(f64::NAN)).is_err());
        assert!(to_json(&Message::list([Message::Shutdown])).unwrap_err().to_string().contains("control"));
        assert_eq!(from_json(serde_json::json!({"$bytes": "xyz"})), Message::map([("$bytes", "xyz".into())]));
    }
}
