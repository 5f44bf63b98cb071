//! Build: makes messages from their content.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BuildError, Entries, Items, Message};

impl Message {
    /// A text message.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// A message of bytes, which are copied.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::Bytes(Arc::from(bytes.as_ref()))
    }

    /// A list.
    ///
    /// # Panics
    /// An item is nested [`MAX_DEPTH`](super::MAX_DEPTH) deep, or the items together are larger than
    /// [`MAX_SIZE`](super::MAX_SIZE). A component that builds such a message crashes with the text of [`BuildError`]; use
    /// [`Message::try_list`] to handle the error.
    pub fn list(items: impl IntoIterator<Item = Message>) -> Self {
        Self::try_list(items).unwrap_or_else(|error| refuse(error))
    }

    /// A map, from pairs.
    ///
    /// # Panics
    /// A value is nested too deeply or the values are too large, as for [`Message::list`]; use [`Message::try_map`] to
    /// handle the error.
    pub fn map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Message)>) -> Self {
        Self::try_map(pairs).unwrap_or_else(|error| refuse(error))
    }

    /// A list.
    ///
    /// # Errors
    /// An item is nested [`MAX_DEPTH`](super::MAX_DEPTH) deep, or the items are larger than [`MAX_SIZE`](super::MAX_SIZE).
    pub fn try_list(items: impl IntoIterator<Item = Message>) -> Result<Self, BuildError> {
        Items::new(items.into_iter().collect()).map(|items| Self::List(Arc::new(items)))
    }

    /// A map, from pairs.
    ///
    /// # Errors
    /// A value is nested [`MAX_DEPTH`](super::MAX_DEPTH) deep, or the values are larger than [`MAX_SIZE`](super::MAX_SIZE).
    pub fn try_map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Message)>) -> Result<Self, BuildError> {
        let entries = pairs.into_iter().map(|(key, value)| (key.into(), value)).collect();
        Entries::new(entries).map(|entries| Self::Map(Arc::new(entries)))
    }

    /// A list that the runtime puts around messages, for a recording or a pipe. It may be a few levels deeper than a
    /// component's message.
    pub(crate) fn envelope(items: impl IntoIterator<Item = Message>) -> Self {
        // The runtime adds fewer levels than an envelope may have, so this cannot be refused.
        Items::envelope(items.into_iter().collect()).map_or(Self::Nothing, |items| Self::List(Arc::new(items)))
    }

    /// A map for the same purpose as [`Message::envelope`].
    pub(crate) fn envelope_map(entries: BTreeMap<String, Message>) -> Self {
        // As for a list, this cannot be refused.
        Entries::envelope(entries).map_or(Self::Nothing, |entries| Self::Map(Arc::new(entries)))
    }
}

/// Unwinds to the turn of the component that builds the message.
#[cold]
fn refuse(error: BuildError) -> ! {
    std::panic::resume_unwind(Box::new(error.to_string()))
}
