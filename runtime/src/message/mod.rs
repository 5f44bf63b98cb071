//! Message: the values that travel along linkages.
//!
//! Plain data, `Send`. A message is cheap to move (24 bytes) and cheap to clone: payloads are shared and immutable, so
//! a sender cannot change a message after sending it (BOX-8), and fan-out copies only a pointer. Lists and maps nest at
//! most [`MAX_DEPTH`] levels deep and hold at most 1 GiB ([`MAX_SIZE`]); shared content is counted once per occurrence.
//!
//! `value` holds the types, `build` makes messages, `read` reads them, `text` and `repr` format them for people,
//! `order` compares them, and `key` finds equal messages.

mod build;
mod convert;
mod key;
mod kind;
mod media;
mod order;
mod read;
mod repr;
mod text;
mod value;

pub use key::MessageKey;
pub use kind::Kind;
pub use media::{ImageFrame, SoundChunk};
pub use repr::Repr;
pub(crate) use value::ENVELOPE_DEPTH;
pub use value::{BuildError, Content, Entries, Items, MAX_DEPTH, MAX_SIZE, Message, Nested};
