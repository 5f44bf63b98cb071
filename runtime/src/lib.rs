//! The engine of Kamaelia Compose: components, boxes, linkages, a deterministic scheduler, introspection. No window, no
//! file format.
//!
//! A *component* is a little sequential program that knows its own *inboxes* and *outboxes* and nothing else. A *linkage*
//! joins an outbox to an inbox. One *scheduler* on one thread gives every component its turn; from another thread one
//! sends it commands and reads *snapshots*.
//!
//! Reading order: [`message`], [`params`], [`component`] (what an author writes), [`topology`] and [`command`] (what may
//! be asked for), [`scheduler`], [`introspect`] (what may be seen).
//!
//! ```
//! use compose_runtime::dev::*;
//! use compose_runtime::registry::Registry;
//!
//! static SHOUT: ComponentSpec = ComponentSpec {
//!     type_name: "Shout",
//!     summary: "Says it louder",
//!     inboxes: &[BoxSpec::new("inbox", "Words")],
//!     outboxes: &[BoxSpec::new("outbox", "The same words, in capitals")],
//!     build: build::<Shout>,
//!     ..ComponentSpec::EMPTY
//! };
//!
//! struct Shout;
//!
//! impl Component for Shout {
//!     fn new(_: &Params) -> Result<Self, ParamError> {
//!         Ok(Self)
//!     }
//!
//!     async fn main(self, io: BoxIo) -> Outcome {
//!         while let Some(words) = io.recv("inbox").await {
//!             io.send("outbox", words.to_string().to_uppercase()).await;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let mut registry = Registry::default();
//! registry.register(&SHOUT)?;
//! assert_eq!(registry.get("Shout")?.summary, "Says it louder");
//! # Ok::<(), compose_runtime::registry::RegistryError>(())
//! ```

pub mod builder;
mod codec;
pub mod command;
pub mod component;
pub mod dev;
pub mod handle;
pub mod ids;
pub mod introspect;
mod mailbox;
pub mod message;
pub mod params;
mod postoffice;
pub mod process;
pub mod registry;
mod room;
pub mod scheduler;
pub mod store;
pub mod surface;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod topology;
pub mod tracker;
