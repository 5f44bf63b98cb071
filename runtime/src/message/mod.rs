//! Message: what travels along linkages.
//!
//! Plain data, `Send`. A message is cheap to move (24 bytes) and cheap to clone: payloads are shared and immutable, so
//! a sender cannot change a message after sending it (BOX-8), and fan-out copies only a pointer. Lists and maps nest at most
//! [`MAX_DEPTH`] deep.
//!
//! `value` holds the types, `build` makes messages, `read` looks into them, and `text` writes them for people.

mod build;
mod convert;
mod kind;
mod media;
mod read;
mod text;
mod value;

pub use kind::Kind;
pub use media::{ImageFrame, SoundChunk};
pub(crate) use value::ENVELOPE_DEPTH;
pub use value::{Content, Entries, Items, MAX_DEPTH, Message, Nested, TooDeep};
