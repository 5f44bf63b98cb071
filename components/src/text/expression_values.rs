//! Messages as values of an expression, and back.
//!
//! Nothing, switches, numbers, text, bytes, lists and maps become the expression's own values; everything else (time,
//! pictures, sound, control) is carried through as it is.

use std::sync::Arc;

use compose_runtime::dev::*;
use rhai::{Array, Blob, Dynamic, ImmutableString, Map};

/// Deepest nesting of lists and maps that an expression may give: receivers walk through them.
pub(super) const MAX_NESTING: usize = 64;

/// A message as a value of an expression.
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

/// A value of an expression as a message. Functions and the like cannot travel.
pub fn from_dynamic(value: Dynamic) -> Result<Message, Fault> {
    convert(value, MAX_NESTING)
}

/// Whether a value nests more than so many levels of lists and maps. Looks no deeper than that.
pub(super) fn is_deep(value: &Dynamic, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else { return true };
    if let Ok(items) = value.as_array_ref() {
        return items.iter().any(|item| is_deep(item, below));
    }
    value.as_map_ref().is_ok_and(|map| map.values().any(|item| is_deep(item, below)))
}

fn convert(value: Dynamic, levels: usize) -> Result<Message, Fault> {
    let Some(below) = levels.checked_sub(1) else {
        return Err(Fault::new(format!("the expression gave lists inside lists, more than {MAX_NESTING} deep")));
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
            return items.map(|items| Message::List(Arc::new(items)));
        }
        Err(value) => value,
    };
    let value = match value.try_cast_result::<Map>() {
        Ok(map) => {
            let map: Result<_, _> =
                map.into_iter().map(|(key, value)| Ok((key.to_string(), convert(value, below)?))).collect();
            return map.map(|map| Message::Map(Arc::new(map)));
        }
        Err(value) => value,
    };
    value.try_cast::<Message>().ok_or_else(|| {
        Fault::new(format!(
            "the expression gave a {kind}, which cannot be a message; give text, a number, a list or a map"
        ))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_kind_comes_back_as_it_went() {
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
    fn what_cannot_travel_is_refused_in_words() {
        let fault = from_dynamic(Dynamic::from(std::time::Instant::now())).unwrap_err();
        assert!(fault.words().contains("cannot be a message"), "{fault}");
    }
}
