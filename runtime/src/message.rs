//! Message: what travels along linkages.
//!
//! Plain data, `Send`. A message is cheap to move (24 bytes) and cheap to clone: payloads are shared and immutable, so
//! a sender cannot change a message after sending it (BOX-8), and fan-out copies only a pointer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::resource::Resource;

/// One message. Its tag is a whole machine word, so that a message is copied as three words.
#[derive(Debug, Clone, PartialEq, Default)]
#[repr(u64)]
pub enum Message {
    /// No value; an event without data.
    #[default]
    Nothing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// Bytes, as from a file or socket.
    Bytes(Arc<[u8]>),
    /// An ordered list of messages.
    List(Arc<Vec<Message>>),
    /// Named values.
    Map(Arc<BTreeMap<String, Message>>),
    /// A moment or a time span on the runtime's clock.
    Time(Duration),
    /// A picture or one frame of video.
    Image(Arc<ImageFrame>),
    /// A piece of sound.
    Sound(Arc<SoundChunk>),
    /// A value that is not plain data, such as a socket. The first component that takes it owns it.
    Resource(Arc<Resource>),
    /// Control: this producer sends no more; process the waiting messages and finish (SHUT-3).
    ProducerFinished,
    /// Control: end now; waiting messages may be dropped (SHUT-4).
    Shutdown,
}

/// A picture: RGBA, eight bits per channel, rows from top to bottom, no padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFrame {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
}

/// A piece of sound: interleaved samples from -1 to 1, with their format.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundChunk {
    /// Frames per second, in hertz.
    pub sample_rate: u32,
    /// Samples in one frame.
    pub channels: u16,
    /// Interleaved samples.
    pub samples: Vec<f32>,
}

impl SoundChunk {
    /// Playing time.
    pub fn duration(&self) -> Duration {
        let frames = self.samples.len() as f64 / f64::from(self.channels.max(1));
        Duration::from_secs_f64(frames / f64::from(self.sample_rate.max(1)))
    }
}

/// The kinds of message, for describing boxes and colouring links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Any message.
    Any,
    /// [`Message::Nothing`]
    Nothing,
    /// [`Message::Bool`]
    Bool,
    /// [`Message::Int`]
    Int,
    /// [`Message::Float`]
    Float,
    /// [`Message::Text`]
    Text,
    /// [`Message::Bytes`]
    Bytes,
    /// [`Message::List`]
    List,
    /// [`Message::Map`]
    Map,
    /// [`Message::Time`]
    Time,
    /// [`Message::Image`]
    Image,
    /// [`Message::Sound`]
    Sound,
    /// [`Message::Resource`]
    Resource,
    /// [`Message::ProducerFinished`] and [`Message::Shutdown`]
    Control,
}

impl Kind {
    /// The name shown to users.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Nothing => "event",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::List => "list",
            Self::Map => "map",
            Self::Time => "time",
            Self::Image => "image",
            Self::Sound => "sound",
            Self::Resource => "resource",
            Self::Control => "control",
        }
    }
}

impl Message {
    /// The resource inside, if it is one.
    pub fn as_resource(&self) -> Option<&Resource> {
        match self {
            Self::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// The first resource in the message, also inside lists and maps.
    pub fn find_resource(&self) -> Option<&Resource> {
        match self {
            Self::Resource(resource) => Some(resource),
            Self::List(items) => items.iter().find_map(Self::find_resource),
            Self::Map(map) => map.values().find_map(Self::find_resource),
            _ => None,
        }
    }

    /// The message with an empty resource in place of each resource, so that a recording keeps no socket open.
    #[must_use]
    pub fn without_resources(&self) -> Self {
        if self.find_resource().is_none() {
            return self.clone();
        }
        match self {
            Self::Resource(resource) => Resource::empty(resource.label()).into(),
            Self::List(items) => Self::list(items.iter().map(Self::without_resources)),
            Self::Map(map) => Self::map(map.iter().map(|(key, item)| (key.clone(), item.without_resources()))),
            other => other.clone(),
        }
    }

    /// A text message.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// A message of bytes, which are copied.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::Bytes(Arc::from(bytes.as_ref()))
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Message>) -> Self {
        Self::List(Arc::new(items.into_iter().collect()))
    }

    /// A map, from pairs.
    pub fn map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Message)>) -> Self {
        Self::Map(Arc::new(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    /// The kind of this message; never [`Kind::Any`].
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Nothing => Kind::Nothing,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::List(_) => Kind::List,
            Self::Map(_) => Kind::Map,
            Self::Time(_) => Kind::Time,
            Self::Image(_) => Kind::Image,
            Self::Sound(_) => Kind::Sound,
            Self::Resource(_) => Kind::Resource,
            Self::ProducerFinished | Self::Shutdown => Kind::Control,
        }
    }

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

    /// Approximate size of the payload in bytes, for the memory limits of message lists and recordings.
    pub fn payload_len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.iter().map(|item| 24 + item.payload_len()).sum(),
            Self::Map(map) => map.iter().map(|(key, value)| 24 + key.len() + value.payload_len()).sum(),
            Self::Image(image) => image.rgba.len(),
            Self::Sound(sound) => sound.samples.len() * 4,
            _ => 0,
        }
    }

    /// A short form for labels: one line of at most `max_chars` characters, with text in quotes.
    pub fn label(&self, max_chars: usize) -> String {
        let full = match self {
            Self::Text(text) => {
                let head: String = text.chars().take(max_chars + 1).collect();
                format!("{head:?}")
            }
            Self::Bytes(bytes) => match std::str::from_utf8(&bytes[..bytes.len().min(64)]) {
                Ok(text) if !text.is_empty() => format!("b{:?}", text.chars().take(max_chars).collect::<String>()),
                _ => format!("{} bytes", bytes.len()),
            },
            Self::List(items) => {
                let head: Vec<String> = items.iter().take(4).map(|item| item.label(max_chars)).collect();
                let more = if items.len() > 4 { ", …" } else { "" };
                format!("[{}{more}]", head.join(", "))
            }
            Self::Map(map) => {
                let head: Vec<String> =
                    map.iter().take(4).map(|(key, value)| format!("{key}: {}", value.label(max_chars))).collect();
                let more = if map.len() > 4 { ", …" } else { "" };
                format!("{{{}{more}}}", head.join(", "))
            }
            other => other.to_string(),
        };
        if full.chars().count() <= max_chars {
            return full;
        }
        let mut cut: String = full.chars().take(max_chars.saturating_sub(1)).collect();
        cut.push('…');
        cut
    }
}

/// The text form used by `Stringify` and the console: text unchanged, everything else in a readable form.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => f.write_str(&String::from_utf8_lossy(bytes)),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    match item {
                        Self::Text(text) => write!(f, "{comma}{text:?}")?,
                        other => write!(f, "{comma}{other}")?,
                    }
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    match value {
                        Self::Text(text) => write!(f, "{comma}{key}: {text:?}")?,
                        other => write!(f, "{comma}{key}: {other}")?,
                    }
                }
                f.write_str("}")
            }
            Self::Time(time) => write!(f, "{:.3} s", time.as_secs_f64()),
            Self::Image(image) => write!(f, "image {} × {}", image.width, image.height),
            Self::Sound(sound) => {
                let ms = sound.duration().as_secs_f64() * 1000.0;
                write!(f, "sound {ms:.1} ms, {} Hz, {} ch", sound.sample_rate, sound.channels)
            }
            Self::Resource(resource) => write!(f, "{resource}"),
            Self::ProducerFinished => f.write_str("producer finished"),
            Self::Shutdown => f.write_str("shutdown"),
        }
    }
}

impl From<Resource> for Message {
    fn from(resource: Resource) -> Self {
        Self::Resource(Arc::new(resource))
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl From<i64> for Message {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Message {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<bool> for Message {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Arc::from(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cheap_to_move() {
        assert_eq!(size_of::<Message>(), 24);
        assert_eq!(size_of::<std::task::Poll<Option<Message>>>(), 24);
    }

    #[test]
    fn a_label_is_cut_to_the_given_length() {
        assert_eq!(Message::text("hello").label(12), "\"hello\"");
        assert_eq!(Message::text("a rather long sentence").label(8).chars().count(), 8);
        assert_eq!(Message::list([Message::Int(1), Message::text("x")]).label(20), "[1, \"x\"]");
    }
}
