//! Messages as bytes, for pipes between processes of the same build. This is not a file format: another build may not
//! be able to read it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::message::{ENVELOPE_DEPTH, Entries, ImageFrame, Items, MAX_DEPTH, Message, SoundChunk};

/// Why a message cannot be encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EncodeError {
    /// The message holds a resource, which belongs to this process.
    #[error("{0} is a resource of this process and cannot be sent to another one")]
    Resource(String),
}

/// Appends a message to `bytes`.
pub(crate) fn encode(message: &Message, bytes: &mut Vec<u8>) -> Result<(), EncodeError> {
    match message {
        Message::Nothing => bytes.push(0),
        Message::Bool(value) => bytes.extend([1, u8::from(*value)]),
        Message::Int(value) => tagged(bytes, 2, &value.to_le_bytes()),
        Message::Float(value) => tagged(bytes, 3, &value.to_le_bytes()),
        Message::Text(text) => sized(bytes, 4, text.as_bytes()),
        Message::Bytes(data) => sized(bytes, 5, data),
        Message::List(items) => {
            tagged(bytes, 6, &length(items.len()));
            for item in items.iter() {
                encode(item, bytes)?;
            }
        }
        Message::Map(map) => {
            tagged(bytes, 7, &length(map.len()));
            for (key, value) in map.iter() {
                bytes.extend(length(key.len()));
                bytes.extend(key.as_bytes());
                encode(value, bytes)?;
            }
        }
        Message::Time(time) => {
            tagged(bytes, 8, &time.as_secs().to_le_bytes());
            bytes.extend(time.subsec_nanos().to_le_bytes());
        }
        Message::Image(image) => {
            tagged(bytes, 9, &image.width.to_le_bytes());
            bytes.extend(image.height.to_le_bytes());
            bytes.extend(length(image.rgba.len()));
            bytes.extend(&image.rgba);
        }
        Message::Sound(sound) => {
            tagged(bytes, 10, &sound.sample_rate.to_le_bytes());
            bytes.extend(sound.channels.to_le_bytes());
            bytes.extend(length(sound.samples.len()));
            bytes.extend(sound.samples.iter().flat_map(|sample| sample.to_le_bytes()));
        }
        Message::ProducerFinished => bytes.push(11),
        Message::Shutdown => bytes.push(12),
        Message::Resource(resource) => return Err(EncodeError::Resource(resource.label().to_owned())),
    }
    Ok(())
}

fn length(count: usize) -> [u8; 8] {
    (count as u64).to_le_bytes()
}

fn tagged(bytes: &mut Vec<u8>, tag: u8, content: &[u8]) {
    bytes.push(tag);
    bytes.extend(content);
}

fn sized(bytes: &mut Vec<u8>, tag: u8, content: &[u8]) {
    tagged(bytes, tag, &length(content.len()));
    bytes.extend(content);
}

/// Maximum nesting depth of a message in a pipe: the limit for a component's message plus the depth of its frame.
const DEEPEST: usize = MAX_DEPTH + ENVELOPE_DEPTH;

/// Takes a message from the front of `bytes`; `None` if they do not form a message.
pub(crate) fn decode(bytes: &mut &[u8]) -> Option<Message> {
    decode_within(bytes, DEEPEST)
}

/// Takes a message in which lists and maps nest at most this deep. The bytes may be damaged, so the depth must not
/// determine how much stack is used.
fn decode_within(bytes: &mut &[u8], depth: usize) -> Option<Message> {
    Some(match take::<1>(bytes)?[0] {
        0 => Message::Nothing,
        1 => Message::Bool(take::<1>(bytes)?[0] != 0),
        2 => Message::Int(i64::from_le_bytes(take(bytes)?)),
        3 => Message::Float(f64::from_le_bytes(take(bytes)?)),
        4 => Message::text(text(bytes)?),
        5 => Message::bytes(slice(bytes)?),
        6 => {
            let count = count(bytes)?;
            // The count may be wrong, so it must not determine how much memory is reserved: items are added singly.
            let mut items = Vec::new();
            for _ in 0..count {
                items.push(decode_within(bytes, depth.checked_sub(1)?)?);
            }
            Message::List(Arc::new(Items::envelope(items).ok()?))
        }
        7 => {
            let count = count(bytes)?;
            let mut map = BTreeMap::new();
            for _ in 0..count {
                map.insert(text(bytes)?.to_owned(), decode_within(bytes, depth.checked_sub(1)?)?);
            }
            Message::Map(Arc::new(Entries::envelope(map).ok()?))
        }
        8 => {
            let seconds = u64::from_le_bytes(take(bytes)?);
            Message::Time(Duration::new(seconds, u32::from_le_bytes(take(bytes)?).min(999_999_999)))
        }
        9 => {
            let (width, height) = (u32::from_le_bytes(take(bytes)?), u32::from_le_bytes(take(bytes)?));
            Message::Image(Arc::new(ImageFrame { width, height, rgba: slice(bytes)?.to_vec() }))
        }
        10 => {
            let (sample_rate, channels) = (u32::from_le_bytes(take(bytes)?), u16::from_le_bytes(take(bytes)?));
            let count = count(bytes)?;
            let mut samples = Vec::new();
            for _ in 0..count {
                samples.push(f32::from_le_bytes(take(bytes)?));
            }
            Message::Sound(Arc::new(SoundChunk { sample_rate, channels, samples }))
        }
        11 => Message::ProducerFinished,
        12 => Message::Shutdown,
        _ => return None,
    })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

fn count(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(take(bytes)?)).ok()
}

fn slice<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = count(bytes)?;
    let (head, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(head)
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    std::str::from_utf8(slice(bytes)?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::resource::Resource;

    fn messages() -> impl Strategy<Value = Message> {
        let leaf = prop_oneof![
            Just(Message::Nothing),
            any::<bool>().prop_map(Message::from),
            any::<i64>().prop_map(Message::from),
            (-1e9..1e9f64).prop_map(Message::from),
            any::<String>().prop_map(Message::from),
            any::<Vec<u8>>().prop_map(Message::from),
            any::<Duration>().prop_map(Message::Time),
            (0u32..4, 0u32..4).prop_map(|(width, height)| {
                let rgba = vec![7; (width * height * 4) as usize];
                Message::Image(Arc::new(ImageFrame { width, height, rgba }))
            }),
            prop::collection::vec(-1.0..1.0f32, 0..9).prop_map(|samples| {
                Message::Sound(Arc::new(SoundChunk { sample_rate: 44100, channels: 2, samples }))
            }),
            Just(Message::ProducerFinished),
            Just(Message::Shutdown),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Message::list),
                prop::collection::btree_map(any::<String>(), inner, 0..5).prop_map(Message::map),
            ]
        })
    }

    #[test]
    fn a_resource_is_refused_at_any_depth() {
        let message = Message::list([Message::map([("it", Resource::new("the socket", ()).into())])]);
        let error = encode(&message, &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the socket is a resource of this process and cannot be sent to another one");
    }

    #[test]
    fn damaged_bytes_that_nest_without_end_are_refused() {
        // Each level is a list of one item.
        let level = [&[6_u8][..], &1_u64.to_le_bytes()].concat();
        let bytes = level.repeat(1_000_000);
        assert_eq!(decode(&mut bytes.as_slice()), None);
    }

    #[test]
    fn the_deepest_message_passes_in_a_frame() {
        let deepest = (0..MAX_DEPTH).fold(Message::Nothing, |inner, _| Message::list([inner]));
        let frame = Message::envelope([deepest]);
        let mut bytes = Vec::new();
        encode(&frame, &mut bytes).unwrap();
        assert_eq!(decode(&mut bytes.as_slice()), Some(frame));
    }

    proptest! {
        #[test]
        fn decoding_gives_back_the_encoded_message(message in messages()) {
            let mut bytes = Vec::new();
            encode(&message, &mut bytes).unwrap();
            let mut rest = bytes.as_slice();
            prop_assert_eq!(decode(&mut rest), Some(message));
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn a_message_read_from_any_bytes_can_be_written_and_read_again(bytes in any::<Vec<u8>>()) {
            if let Some(message) = decode(&mut bytes.as_slice()) {
                let (mut first, mut second) = (Vec::new(), Vec::new());
                prop_assert!(encode(&message, &mut first).is_ok());
                let again = decode(&mut first.as_slice());
                prop_assert!(again.is_some());
                prop_assert!(encode(&again.unwrap_or(message), &mut second).is_ok());
                prop_assert_eq!(first, second);
            }
        }
    }
}
