//! The types of a message, and the properties of a list or map that are computed when it is built.
//!
//! Invariants: content never changes, no list or map is deeper than [`MAX_DEPTH`], and none is larger than [`MAX_SIZE`], so code
//! may recurse into a message and visit every value in it. The runtime's own envelopes around messages, for recordings and
//! pipes, may add a few levels and hold several messages.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::media::{ImageFrame, SoundChunk};
use crate::resource::Resource;

/// How deep lists and maps can be nested in a message. Code that recurses into a message of this depth fits any thread's stack.
pub const MAX_DEPTH: usize = 256;

/// How large a list or map can be, in bytes: 24 for each value in it, and the length of text, bytes, keys, pictures and
/// sound. Shared content is counted once per occurrence, because code that visits every value visits it that many
/// times.
pub const MAX_SIZE: usize = 1 << 30;

/// How many levels the runtime may add around a message, for example to write a frame to a pipe.
pub(crate) const ENVELOPE_DEPTH: usize = 8;

/// Content that is nested deeper than this is dropped iteratively, because recursion needs stack space for each level.
const DROPPED_RECURSIVELY: u32 = 16;

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
    List(Arc<Items>),
    /// Named values.
    Map(Arc<Entries>),
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

impl Message {
    /// How deep lists and maps are nested: 0 for other messages, 1 for a list without lists and maps. At most
    /// [`MAX_DEPTH`] for a component's message.
    pub fn depth(&self) -> usize {
        match self {
            Self::List(items) => items.depth(),
            Self::Map(map) => map.depth(),
            _ => 0,
        }
    }

    /// Whether there is a resource in the message, including inside lists and maps.
    pub fn has_resource(&self) -> bool {
        match self {
            Self::Resource(_) => true,
            Self::List(items) => items.has_resource(),
            Self::Map(map) => map.has_resource(),
            _ => false,
        }
    }

    /// Approximate size of the payload in bytes, for the memory limits of message lists and recordings.
    pub fn payload_len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.payload(),
            Self::Map(map) => map.payload(),
            Self::Image(image) => image.rgba.len(),
            Self::Sound(sound) => sound.samples.len() * 4,
            _ => 0,
        }
    }
}

/// Why a list or map cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// It would be nested deeper than [`MAX_DEPTH`].
    #[error(
        "the message would nest lists and maps more than {MAX_DEPTH} deep; send the parts as separate messages, and check \
         whether a component wraps its own output"
    )]
    TooDeep,
    /// It would be larger than [`MAX_SIZE`].
    #[error(
        "the message would hold more than {} MiB, and shared content is counted once per occurrence; send the parts as separate \
         messages, and check whether a list is collected several times",
        MAX_SIZE >> 20
    )]
    TooLarge,
}

/// The content of a list.
pub type Items = Nested<Vec<Message>>;

/// The content of a map.
pub type Entries = Nested<BTreeMap<String, Message>>;

/// The content of a list or map. It is read like the `Vec` or the `BTreeMap` inside.
#[derive(Clone)]
pub struct Nested<C: Content> {
    content: C,
    /// 1 if no item is a list or a map.
    depth: u32,
    /// A resource is inside, at any depth.
    has_resource: bool,
    /// See [`Message::payload_len`].
    payload: usize,
}

/// The content of a [`Nested`]: a `Vec` or a `BTreeMap` of messages.
pub trait Content: Clone + Default + PartialEq + fmt::Debug + sealed::Sealed {
    /// The messages, in order.
    fn messages(&self) -> impl Iterator<Item = &Message>;
    /// The messages, in order.
    fn into_messages(self) -> impl Iterator<Item = Message>;
    /// The length of all keys, in bytes.
    fn keys_len(&self) -> usize;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for Vec<super::Message> {}
    impl Sealed for std::collections::BTreeMap<String, super::Message> {}
}

impl Content for Vec<Message> {
    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.iter()
    }

    fn into_messages(self) -> impl Iterator<Item = Message> {
        self.into_iter()
    }

    fn keys_len(&self) -> usize {
        0
    }
}

impl Content for BTreeMap<String, Message> {
    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.values()
    }

    fn into_messages(self) -> impl Iterator<Item = Message> {
        self.into_values()
    }

    fn keys_len(&self) -> usize {
        self.keys().map(String::len).sum()
    }
}

impl<C: Content> Nested<C> {
    /// Wraps content that nests at most [`MAX_DEPTH`] deep and is at most [`MAX_SIZE`] large.
    ///
    /// # Errors
    /// It is deeper or larger.
    pub fn new(content: C) -> Result<Self, BuildError> {
        Self::within(content, MAX_DEPTH, MAX_SIZE)
    }

    /// Wraps content for a recording or a pipe, where the runtime puts a few levels around a component's messages.
    /// Content that was decoded is not shared, so its size needs no limit.
    ///
    /// # Errors
    /// It is deeper than that, which is possible only if the input is damaged.
    pub fn envelope(content: C) -> Result<Self, BuildError> {
        Self::within(content, MAX_DEPTH + ENVELOPE_DEPTH, usize::MAX)
    }

    fn within(content: C, depth: usize, size: usize) -> Result<Self, BuildError> {
        let (mut inner, mut has_resource, mut payload) = (0, false, content.keys_len());
        for message in content.messages() {
            inner = inner.max(message.depth());
            has_resource |= message.has_resource();
            payload = payload.saturating_add(size_of::<Message>()).saturating_add(message.payload_len());
        }
        let nested = Self { content, depth: inner as u32 + 1, has_resource, payload };
        // Content that is too deep is dropped here, iteratively.
        match () {
            () if inner >= depth => Err(BuildError::TooDeep),
            () if payload > size => Err(BuildError::TooLarge),
            () => Ok(nested),
        }
    }

    /// The content, for building another list or map.
    pub fn into_content(mut self) -> C {
        std::mem::take(&mut self.content)
    }

    fn depth(&self) -> usize {
        self.depth as usize
    }

    pub(super) fn has_resource(&self) -> bool {
        self.has_resource
    }

    fn payload(&self) -> usize {
        self.payload
    }
}

impl<C: Content> Deref for Nested<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.content
    }
}

impl<C: Content> PartialEq for Nested<C> {
    fn eq(&self, other: &Self) -> bool {
        // Most unequal messages already differ in size.
        self.payload == other.payload && self.depth == other.depth && self.content == other.content
    }
}

impl<C: Content> fmt::Debug for Nested<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.content.fmt(f)
    }
}

impl<C: Content> Drop for Nested<C> {
    fn drop(&mut self) {
        if self.depth > DROPPED_RECURSIVELY {
            drop_deep(std::mem::take(&mut self.content).into_messages().collect());
        }
    }
}

/// Drops messages iteratively. Content that is still in use elsewhere stays.
fn drop_deep(mut open: Vec<Message>) {
    while let Some(message) = open.pop() {
        match message {
            Message::List(items) => open.extend(Arc::into_inner(items).map(Nested::into_content).unwrap_or_default()),
            Message::Map(entries) => {
                let entries = Arc::into_inner(entries).map(Nested::into_content).unwrap_or_default();
                open.extend(entries.into_values());
            }
            other => drop(other),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::contain::contain;
    use crate::resource::Resource;

    #[test]
    fn a_message_is_cheap_to_move() {
        assert_eq!(size_of::<Message>(), 24);
        assert_eq!(size_of::<std::task::Poll<Option<Message>>>(), 24);
    }

    fn nested(depth: usize) -> Result<Message, BuildError> {
        (0..depth).try_fold(Message::Nothing, |inner, level| {
            if level % 2 == 0 { Message::try_list([inner]) } else { Message::try_map([("k", inner)]) }
        })
    }

    #[test]
    fn a_message_nests_up_to_the_limit_and_no_deeper() {
        assert_eq!(nested(MAX_DEPTH).unwrap().depth(), MAX_DEPTH);
        let error = nested(MAX_DEPTH + 1).unwrap_err();
        assert!(error.to_string().contains("more than 256 deep"), "{error}");
    }

    #[test]
    fn too_deep_a_list_unwinds_with_the_reason() {
        let inner = nested(MAX_DEPTH).unwrap();
        let caught = contain(|| Message::list([inner])).map_err(|caught| caught.text().to_owned());
        assert_eq!(caught, Err(BuildError::TooDeep.to_string()));
    }

    #[test]
    fn the_deepest_message_can_be_used_on_a_small_stack() {
        let use_it = || {
            let (one, other) = (nested(MAX_DEPTH).unwrap(), nested(MAX_DEPTH).unwrap());
            assert_eq!(one, other);
            assert_eq!(one.to_string(), other.to_string());
            assert_eq!(format!("{one:?}"), format!("{other:?}"));
            assert!(one.label(80).starts_with("{k: [{k: ["));
            assert_eq!(one.without_resources(), other);
        };
        std::thread::Builder::new().stack_size(1 << 20).spawn(use_it).unwrap().join().unwrap();
    }

    #[test]
    fn a_message_that_contains_itself_too_often_is_refused() {
        let mut message = Message::list([Message::Int(7)]);
        let mut times = 0;
        let error = loop {
            match Message::try_list([message.clone(), message.clone()]) {
                Ok(twice) => message = twice,
                Err(error) => break error,
            }
            times += 1;
        };
        assert_eq!((times, error), (23, BuildError::TooLarge));
        assert!(message.payload_len() <= MAX_SIZE && message.payload_len() > MAX_SIZE / 4);
        assert!(error.to_string().contains("more than 1024 MiB"), "{error}");
        let text = Message::from("x".repeat(1 << 20));
        assert_eq!(Message::try_list(vec![text; 1024]), Err(BuildError::TooLarge));
    }

    #[test]
    fn a_million_levels_are_dropped_without_recursion() {
        // Built without checking the limit, to show that dropping does not depend on it.
        let mut message = Message::Nothing;
        for _ in 0..1_000_000 {
            message = Message::List(Arc::new(Nested::within(vec![message], usize::MAX, usize::MAX).unwrap()));
        }
        assert_eq!(message.depth(), 1_000_000);
        let (value, resource) = (Arc::new(()), |value: &Arc<()>| Message::from(Resource::new("it", value.clone())));
        let pair = Nested::within(vec![message, resource(&value)], usize::MAX, usize::MAX).unwrap();
        let shared = Message::List(Arc::new(pair));
        let copy = shared.clone();
        drop(shared);
        assert_eq!(Arc::strong_count(&value), 2);
        drop(copy);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn size_and_resources_are_known_at_any_depth() {
        let plain = Message::map([("key", Message::list([Message::text("four")]))]);
        assert_eq!((plain.payload_len(), plain.find_resource().is_some()), (3 + 24 + 24 + 4, false));
        let with = Message::list([plain, Message::list([Resource::new("it", ()).into()])]);
        assert_eq!(with.find_resource().map(Resource::label), Some("it"));
    }
}
