//! Key: identifies equal messages in a set or a map.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Weak};

use super::Message;
use crate::resource::Resource;

/// Longer texts and bytes are represented by their length and a checksum, so that a key does not hold them in memory.
const LONGEST_WHOLE: usize = 64;

/// A key that two messages share only if they have the same kind and the same value. Pictures, sound, and texts and bytes of
/// more than 64 bytes have the same key if their format, their length and a 128-bit checksum are the same. Each resource
/// has its own key. All NaN values are the same, and so are 0.0 and -0.0.
#[derive(Debug, Clone)]
pub struct MessageKey {
    bytes: Arc<[u8]>,
    /// The resources in the message, which are compared by address. This keeps another resource from getting the address of
    /// one that is gone; it does not keep their values.
    _resources: Arc<[Weak<Resource>]>,
}

impl PartialEq for MessageKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for MessageKey {}

impl PartialOrd for MessageKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MessageKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl Hash for MessageKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl Message {
    /// The key of the message.
    pub fn key(&self) -> MessageKey {
        let (mut bytes, mut resources) = (Vec::new(), Vec::new());
        self.write_key(&mut bytes, &mut resources);
        MessageKey { bytes: bytes.into(), _resources: resources.into() }
    }

    /// Appends the key. Each value begins with its kind and, unless its kind has a fixed length, with its length, so that
    /// different values are written differently.
    fn write_key(&self, bytes: &mut Vec<u8>, resources: &mut Vec<Weak<Resource>>) {
        match self {
            Self::Nothing => bytes.push(0),
            Self::Bool(value) => bytes.extend([1, u8::from(*value)]),
            Self::Int(value) => fixed(bytes, 2, &value.to_le_bytes()),
            Self::Float(value) => {
                let value = if value.is_nan() { f64::NAN } else { value + 0.0 };
                fixed(bytes, 3, &value.to_le_bytes());
            }
            Self::Text(text) => sized(bytes, 4, text.as_bytes()),
            Self::Bytes(content) => sized(bytes, 5, content),
            Self::List(items) => {
                fixed(bytes, 6, &length(items.len()));
                items.iter().for_each(|item| item.write_key(bytes, resources));
            }
            Self::Map(map) => {
                fixed(bytes, 7, &length(map.len()));
                for (key, value) in map.iter() {
                    sized(bytes, 4, key.as_bytes());
                    value.write_key(bytes, resources);
                }
            }
            Self::Time(time) => {
                fixed(bytes, 8, &time.as_nanos().to_le_bytes());
            }
            Self::Image(image) => {
                fixed(bytes, 9, &image.width.to_le_bytes());
                bytes.extend(image.height.to_le_bytes());
                bytes.extend(checksum(|hasher| hasher.write(&image.rgba)));
            }
            Self::Sound(sound) => {
                fixed(bytes, 10, &sound.sample_rate.to_le_bytes());
                bytes.extend(sound.channels.to_le_bytes());
                bytes.extend(length(sound.samples.len()));
                bytes.extend(checksum(|hasher| {
                    sound.samples.iter().for_each(|sample| hasher.write_u32(sample.to_bits()));
                }));
            }
            Self::Resource(resource) => {
                fixed(bytes, 11, &length(Arc::as_ptr(resource).addr()));
                resources.push(Arc::downgrade(resource));
            }
            Self::ProducerFinished => bytes.push(12),
            Self::Shutdown => bytes.push(13),
        }
    }
}

fn fixed(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    bytes.extend(content);
}

fn sized(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    fixed(bytes, kind, &length(content.len()));
    if content.len() > LONGEST_WHOLE {
        bytes.extend(checksum(|hasher| hasher.write(content)));
    } else {
        bytes.extend(content);
    }
}

fn length(count: usize) -> [u8; 8] {
    (count as u64).to_le_bytes()
}

/// A 128-bit checksum of some content.
fn checksum(write: impl Fn(&mut DefaultHasher)) -> [u8; 16] {
    let half = |start: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(start);
        write(&mut hasher);
        hasher.finish().to_le_bytes()
    };
    let mut whole = [0; 16];
    whole[..8].copy_from_slice(&half(0));
    whole[8..].copy_from_slice(&half(1));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{ImageFrame, SoundChunk};
    use crate::resource::Resource;

    #[test]
    fn different_messages_have_different_keys() {
        let image = |red| Message::Image(Arc::new(ImageFrame { width: 1, height: 1, rgba: vec![red, 0, 0, 0] }));
        let sound =
            |sample| Message::Sound(Arc::new(SoundChunk { sample_rate: 8000, channels: 1, samples: vec![sample] }));
        let messages = [
            Message::Nothing,
            Message::bytes(b"\xff"),
            Message::bytes(b"\xfe"),
            "a".into(),
            Message::bytes(b"a"),
            Message::list([Message::bytes(b"\xff")]),
            Message::list([Message::bytes(b"\xfe")]),
            Message::list([1.into()]),
            Message::list([1.0.into()]),
            Message::list([Message::list([1.into()])]),
            Message::list([1.into(), Message::Nothing]),
            Message::map([("a: 1, b", Message::Int(2))]),
            Message::map([("a", Message::Int(1)), ("b", Message::Int(2))]),
            image(1),
            image(2),
            sound(0.1),
            sound(0.2),
            Resource::new("it", ()).into(),
            Resource::new("it", ()).into(),
            Message::ProducerFinished,
            Message::Shutdown,
        ];
        for (at, one) in messages.iter().enumerate() {
            for (other_at, other) in messages.iter().enumerate() {
                assert_eq!(one.key() == other.key(), at == other_at, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_key_holds_neither_long_content_nor_the_value_of_a_resource_whose_address_stays_taken() {
        let long = |last: u8| Message::bytes([vec![7; 1 << 20], vec![last]].concat());
        assert_eq!(long(1).key(), long(1).key());
        assert_ne!(long(1).key(), long(2).key());
        assert!(long(1).key().bytes.len() < 64);
        let value = Arc::new(());
        let keys: Vec<MessageKey> = (0..100).map(|_| Message::from(Resource::new("it", value.clone())).key()).collect();
        assert_eq!(Arc::strong_count(&value), 1, "the values are gone");
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 100);
    }

    #[test]
    fn equal_messages_have_the_same_key() {
        let both = || [f64::NAN, 0.0, 0.5].map(Message::from);
        assert_eq!(Message::list(both()).key(), Message::list(both()).key());
        assert_eq!(Message::Float(0.0).key(), Message::Float(-0.0).key());
        assert_eq!(Message::Float(-f64::NAN).key(), Message::Float(f64::NAN).key());
    }
}
