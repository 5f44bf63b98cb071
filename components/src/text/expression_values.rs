//! Converts messages to expression values, and back.
//!
//! Nothing, switches, numbers, text, bytes, lists and maps become native values of the expression language. All other
//! messages (time, pictures, sound, control) are passed through unchanged.

use compose_runtime::dev::*;
use compose_runtime::message::MAX_DEPTH;
use rhai::{Array, Blob, Dynamic, ImmutableString, Map};

/// Converts a message to an expression value.
pub fn to_dynamic(message: &Message) -> Dynamic {
    match message {
        Message::Nothing => Dynamic::UNIT,
        Message::Bool(value) => Dynamic::from_bool(*value),
        Message::Int(value) => Dynamic::from_int(*value),
        Message::Float(value) => Dynamic::from_float(*value),
        Message::Text(text) => Dynamic::from(ImmutableString::from(&**text)),
        Message::Bytes(bytes) => Dynamic::from_blob(bytes.to_vec()),
        Message::List(items) => Dynamic::from_array(items.iter().map(to_dynamic).collect()),
        Message::Map(map) => {
            Dynamic::from_map(map.iter().map(|(key, value)| (key.as_str().into(), to_dynamic(value))).collect())
        }
        other => Dynamic::from(other.clone()),
    }
}

/// Converts an expression value to a message. Functions and similar values cannot be converted.
pub fn from_dynamic(value: Dynamic) -> Result<Message, Fault> {
    // One more level for the values inside the innermost list or map.
    convert(value, MAX_DEPTH + 1)
}

/// Whether a value nests lists and maps more than `levels` deep. Looks no deeper than that.
pub(super) fn is_deep(value: &Dynamic, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else { return true };
    if let Ok(items) = value.as_array_ref() {
        return items.iter().any(|item| is_deep(item, below));
    }
    value.as_map_ref().is_ok_and(|map| map.values().any(|item| is_deep(item, below)))
}

fn convert(value: Dynamic, levels: usize) -> Result<Message, Fault> {
    let Some(below) = levels.checked_sub(1) else {
        return Err(Fault::new(format!(
            "the result of the expression nests lists and maps more than {MAX_DEPTH} levels deep"
        )));
    };
    let kind = value.type_name();
    if value.is_unit() {
        return Ok(Message::Nothing);
    }
    if let Ok(value) = value.as_bool() {
        return Ok(Message::Bool(value));
    }
    if let Ok(value) = value.as_int() {
        return Ok(Message::Int(value));
    }
    if let Ok(value) = value.as_float() {
        return Ok(Message::Float(value));
    }
    if let Ok(value) = value.as_char() {
        return Ok(Message::from(value.to_string()));
    }
    let value = match value.try_cast_result::<ImmutableString>() {
        Ok(text) => return Ok(Message::text(&*text)),
        Err(value) => value,
    };
    let value = match value.try_cast_result::<Blob>() {
        Ok(bytes) => return Ok(Message::from(bytes)),
        Err(value) => value,
    };
    let value = match value.try_cast_result::<Array>() {
        Ok(items) => {
            let items: Result<Vec<_>, _> = items.into_iter().map(|item| convert(item, below)).collect();
            return Ok(Message::try_list(items?)?);
        }
        Err(value) => value,
    };
    let value = match value.try_cast_result::<Map>() {
        Ok(map) => {
            let map: Result<Vec<_>, Fault> =
                map.into_iter().map(|(key, value)| Ok((key.to_string(), convert(value, below)?))).collect();
            return Ok(Message::try_map(map?)?);
        }
        Err(value) => value,
    };
    value.try_cast::<Message>().ok_or_else(|| {
        Fault::new(format!(
            "the expression returned a {kind}, which cannot be a message; return text, a number, a list or a map"
        ))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use std::sync::Arc;

    use super::*;

    #[test]
    fn every_kind_survives_a_round_trip() {
        let image = ImageFrame { width: 1, height: 1, rgba: vec![0; 4] };
        let sound = SoundChunk { sample_rate: 8000, channels: 1, samples: vec![0.5] };
        let plain = vec![
            Message::Nothing,
            true.into(),
            (-3).into(),
            0.5.into(),
            "é".into(),
            Message::bytes(b"\xff\0"),
            Message::Time(Duration::from_millis(7)),
            Message::Image(Arc::new(image)),
            Message::Sound(Arc::new(sound)),
            Message::ProducerFinished,
        ];
        let nested = Message::map([("all", Message::list(plain.clone())), ("", Message::list([]))]);
        for message in plain.into_iter().chain([nested]) {
            assert_eq!(from_dynamic(to_dynamic(&message)).unwrap(), message);
        }
    }

    #[test]
    fn a_value_that_cannot_be_a_message_is_refused() {
        let fault = from_dynamic(Dynamic::from(std::time::Instant::now())).unwrap_err();
        assert!(fault.text().contains("cannot be a message"), "{fault}");
    }
}
