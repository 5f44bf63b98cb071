//! Messages as JSON, readable and without loss. Pure.
//!
//! Values that JSON supports are written as they are. Every other value is an object with one key that names its kind.
//! The settings of a project use only values that JSON supports.

use std::collections::BTreeMap;
use std::time::Duration;

use compose_runtime::message::{BuildError, Entries, ImageFrame, Items, MAX_DEPTH, Message, SoundChunk};
use compose_runtime::resource::Resource;
use serde_json::{Map, Value, json};

use super::base64;

/// How deep lists and maps are written as JSON; deeper levels are packed into text, because JSON readers have a depth
/// limit.
const DEEPEST: usize = 30;

/// Why a message cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A number that fits neither an integer nor a float.
    #[error("the number {0} is too large")]
    TooLarge(serde_json::Number),
    /// Lists and maps are nested deeper than in any message of a run.
    #[error(transparent)]
    NotBuilt(#[from] BuildError),
    /// An object with no key, or with several.
    #[error("a message written as an object must have exactly one key")]
    Keys,
    /// An object whose key names no kind of message.
    #[error("there is no message kind \"{0}\"")]
    UnknownKind(String),
    /// The value does not fit the kind.
    #[error("the message under \"{0}\" is damaged")]
    Damaged(String),
}

/// The message as JSON.
pub fn to_json(message: &Message) -> Value {
    write(message, DEEPEST)
}

/// Writes a message. Only the kinds that contain others are here, so that each level needs little stack.
fn write(message: &Message, depth: usize) -> Value {
    match message {
        Message::List(_) | Message::Map(_) if depth == 0 => write_packed(message),
        Message::List(items) => {
            let mut written = Vec::with_capacity(items.len());
            for item in items.iter() {
                written.push(write(item, depth - 1));
            }
            Value::Array(written)
        }
        Message::Map(map) => {
            let mut pairs = Map::new();
            for (key, item) in map.iter() {
                pairs.insert(key.clone(), write(item, depth - 1));
            }
            wrapped("map", Value::Object(pairs))
        }
        other => write_plain(other),
    }
}

fn write_packed(message: &Message) -> Value {
    wrapped("packed", Value::String(base64::encode(to_json(message).to_string().as_bytes())))
}

fn wrapped(kind: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(kind.to_owned(), value)]))
}

fn write_plain(message: &Message) -> Value {
    match message {
        Message::Nothing | Message::List(_) | Message::Map(_) => Value::Null,
        Message::Bool(value) => json!(value),
        Message::Int(number) => json!(number),
        Message::Float(number) => float(*number),
        Message::Text(text) => json!(&**text),
        Message::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => json!({ "bytes": text }),
            Err(_) => json!({ "base64": base64::encode(bytes) }),
        },
        Message::Time(time) => json!({ "time": seconds(*time) }),
        Message::Image(image) => {
            let rgba = base64::encode(&image.rgba);
            json!({ "image": { "width": image.width, "height": image.height, "rgba": rgba } })
        }
        Message::Sound(sound) => {
            let bytes: Vec<u8> = sound.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            let samples = base64::encode(&bytes);
            json!({ "sound": { "rate": sound.sample_rate, "channels": sound.channels, "samples": samples } })
        }
        // A replay reads this back as a resource without a value.
        Message::Resource(resource) => json!({ "resource": resource.label() }),
        Message::ProducerFinished => json!({ "control": "finished" }),
        Message::Shutdown => json!({ "control": "shutdown" }),
    }
}

/// A number as JSON writes it if reading gives the same bits back; otherwise its bits.
fn float(number: f64) -> Value {
    let plain = json!(number);
    let back = serde_json::from_str::<Value>(&plain.to_string()).ok();
    let is_kept = back.is_some_and(|back| back.is_f64() && back.as_f64().map(f64::to_bits) == Some(number.to_bits()));
    if is_kept { plain } else { json!({ "float_bits": format!("{:016x}", number.to_bits()) }) }
}

/// How deep the reader recurses: into the lists and maps of the deepest message, the levels that the runtime records
/// around it, and the packed texts in between.
const DEEPEST_READ: usize = MAX_DEPTH + 32;

/// The message that [`to_json`] wrote.
pub fn from_json(value: &Value) -> Result<Message, MessageError> {
    read(value, DEEPEST_READ)
}

/// Reads a message. Only the kinds that contain others are here, so that each level needs little stack.
fn read(value: &Value, depth: usize) -> Result<Message, MessageError> {
    let below = depth.checked_sub(1).ok_or(BuildError::TooDeep)?;
    let object = match value {
        Value::Array(items) => return read_list(items, below),
        Value::Object(object) => object,
        plain => return read_plain(plain),
    };
    match object.iter().next() {
        Some((key, inner)) if object.len() == 1 => match key.as_str() {
            "map" => read_map(inner, below),
            "packed" => read(&unpack(inner)?, below),
            kind => read_kind(kind, inner),
        },
        _ => Err(MessageError::Keys),
    }
}

fn read_list(items: &[Value], below: usize) -> Result<Message, MessageError> {
    let mut read_items = Vec::new();
    for item in items {
        read_items.push(read(item, below)?);
    }
    Ok(Message::List(Items::envelope(read_items)?.into()))
}

fn read_map(inner: &Value, below: usize) -> Result<Message, MessageError> {
    let pairs = inner.as_object().ok_or_else(|| MessageError::Damaged("map".to_owned()))?;
    let mut entries = BTreeMap::new();
    for (key, item) in pairs {
        entries.insert(key.clone(), read(item, below)?);
    }
    Ok(Message::Map(Entries::envelope(entries)?.into()))
}

fn unpack(inner: &Value) -> Result<Value, MessageError> {
    let packed = inner.as_str().and_then(base64::decode);
    let value = packed.and_then(|packed| serde_json::from_slice(&packed).ok());
    value.ok_or_else(|| MessageError::Damaged("packed".to_owned()))
}

fn read_plain(value: &Value) -> Result<Message, MessageError> {
    Ok(match value {
        Value::Null | Value::Array(_) | Value::Object(_) => Message::Nothing,
        Value::Bool(value) => Message::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Message::Int(whole),
            (None, Some(real)) if number.is_f64() => Message::Float(real),
            _ => return Err(MessageError::TooLarge(number.clone())),
        },
        Value::String(text) => Message::text(text),
    })
}

fn read_kind(key: &str, inner: &Value) -> Result<Message, MessageError> {
    let damaged = || MessageError::Damaged(key.to_owned());
    let text = || inner.as_str().ok_or_else(damaged);
    let number = |name: &str| inner.get(name).and_then(Value::as_u64).ok_or_else(damaged);
    let blob = |name: &str| inner.get(name).and_then(Value::as_str).and_then(base64::decode).ok_or_else(damaged);
    Ok(match key {
        "bytes" => Message::bytes(text()?),
        "base64" => Message::bytes(base64::decode(text()?).ok_or_else(damaged)?),
        "time" => Message::Time(duration(text()?).ok_or_else(damaged)?),
        "float_bits" => Message::Float(f64::from_bits(u64::from_str_radix(text()?, 16).map_err(|_| damaged())?)),
        "image" => {
            let width = u32::try_from(number("width")?).map_err(|_| damaged())?;
            let height = u32::try_from(number("height")?).map_err(|_| damaged())?;
            let rgba = blob("rgba")?;
            if u64::from(width).checked_mul(u64::from(height) * 4) != Some(rgba.len() as u64) {
                return Err(damaged());
            }
            Message::Image(ImageFrame { width, height, rgba }.into())
        }
        "sound" => {
            let sample_rate = u32::try_from(number("rate")?).map_err(|_| damaged())?;
            let channels = u16::try_from(number("channels")?).map_err(|_| damaged())?;
            let bytes = blob("samples")?;
            let (samples, rest) = bytes.as_chunks::<4>();
            if !rest.is_empty() {
                return Err(damaged());
            }
            let samples = samples.iter().map(|sample| f32::from_le_bytes(*sample)).collect();
            Message::Sound(SoundChunk { sample_rate, channels, samples }.into())
        }
        "resource" => Resource::empty(text()?).into(),
        "control" => match text()? {
            "finished" => Message::ProducerFinished,
            "shutdown" => Message::Shutdown,
            _ => return Err(damaged()),
        },
        _ => return Err(MessageError::UnknownKind(key.to_owned())),
    })
}

/// A time in seconds with nine decimal places.
pub fn seconds(time: Duration) -> String {
    format!("{}.{:09}", time.as_secs(), time.subsec_nanos())
}

/// The time that [`seconds`] wrote.
pub fn duration(text: &str) -> Option<Duration> {
    let (whole, nanos) = text.split_once('.')?;
    let time = Duration::new(whole.parse().ok()?, nanos.parse().ok().filter(|nanos| *nanos < 1_000_000_000)?);
    (seconds(time) == text).then_some(time)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every kind of message, nested.
    pub fn messages() -> impl Strategy<Value = Message> {
        let leaf = prop_oneof![
            Just(Message::Nothing),
            any::<bool>().prop_map(Message::Bool),
            any::<i64>().prop_map(Message::Int),
            any::<u64>().prop_map(|bits| Message::Float(f64::from_bits(bits))),
            any::<String>().prop_map(Message::text),
            any::<String>().prop_map(Message::bytes),
            any::<Vec<u8>>().prop_map(Message::bytes),
            any::<(u64, u32)>().prop_map(|(s, n)| Message::Time(Duration::new(s, n % 1_000_000_000))),
            any::<[u8; 8]>()
                .prop_map(|rgba| { Message::Image(ImageFrame { width: 2, height: 1, rgba: rgba.to_vec() }.into()) }),
            any::<(u32, u16, Vec<u32>)>().prop_map(|(sample_rate, channels, bits)| {
                let samples = bits.into_iter().map(f32::from_bits).collect();
                Message::Sound(SoundChunk { sample_rate, channels, samples }.into())
            }),
            any::<String>().prop_map(|label| Resource::empty(label).into()),
            Just(Message::ProducerFinished),
            Just(Message::Shutdown),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Message::list),
                prop::collection::vec((any::<String>(), inner), 0..5).prop_map(Message::map),
            ]
        })
    }

    /// The message after a round trip through text. Compared as text, because NaN does not equal itself.
    fn round_trip(message: &Message) -> String {
        let text = to_json(message).to_string();
        format!("{:?}", from_json(&serde_json::from_str(&text).unwrap()).unwrap())
    }

    proptest! {
        #[test]
        fn every_message_survives_a_round_trip(message in messages()) {
            prop_assert_eq!(round_trip(&message), format!("{message:?}"));
        }

        #[test]
        fn every_float_keeps_its_bits(bits: u64) {
            let text = to_json(&Message::Float(f64::from_bits(bits))).to_string();
            let Ok(Message::Float(number)) = from_json(&serde_json::from_str(&text).unwrap()) else { panic!("{text}") };
            prop_assert_eq!(number.to_bits(), bits);
        }
    }

    #[test]
    fn deeply_nested_messages_survive_a_round_trip() {
        let deep = (0..100).fold(Message::Int(1), |inner, _| Message::map([("k", Message::list([inner]))]));
        assert_eq!(round_trip(&deep), format!("{deep:?}"));
    }

    #[test]
    fn the_deepest_message_survives_a_round_trip_and_deeper_text_is_refused() {
        let deepest = (0..MAX_DEPTH).fold(Message::Int(1), |inner, _| Message::list([inner]));
        assert_eq!(round_trip(&deepest), format!("{deepest:?}"));
        let mut value = json!(1);
        for level in 0..1_200 {
            value = if level % 100 < 99 {
                json!([value])
            } else {
                json!({ "packed": base64::encode(value.to_string().as_bytes()) })
            };
        }
        assert_eq!(from_json(&value), Err(MessageError::NotBuilt(BuildError::TooDeep)));
    }

    #[test]
    fn common_messages_are_readable() {
        let list = Message::list([Message::Float(1.0), Message::Int(1), "x".into(), Message::bytes("hello\n")]);
        assert_eq!(to_json(&list).to_string(), r#"[1.0,1,"x",{"bytes":"hello\n"}]"#);
    }

    #[test]
    fn damaged_messages_are_refused() {
        for bad in [
            r#"{"base64":"!"}"#,
            r#"{"a":1,"b":2}"#,
            "{}",
            r#"{"teapot":1}"#,
            "18446744073709551615",
            r#"{"image":{"width":4294967295,"height":4294967295,"rgba":""}}"#,
            r#"{"sound":{"rate":1,"channels":1,"samples":"Zg=="}}"#,
            r#"{"time":"1.5"}"#,
        ] {
            assert!(from_json(&serde_json::from_str(bad).unwrap()).is_err(), "{bad}");
        }
    }
}
