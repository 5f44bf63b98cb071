//! The engine of Kamaelia Compose: components, boxes, linkages, a deterministic scheduler and introspection. It has no
//! window and no file format; the canvas and the project file are built on it, and any Rust program can use it
//! directly.
//!
//! # In fifteen lines
//!
//! A component is a small sequential program that uses only its own boxes:
//!
//! ```
//! # use compose_runtime::{dev::*, prelude::*};
//! struct Hello;
//! impl Component for Hello {
//!     fn new(_: &Params) -> Result<Self, ParamError> { Ok(Self) }
//!     async fn main(self, io: BoxIo) -> Outcome {
//!         while let Some(name) = io.recv("inbox").await { io.send("outbox", format!("hello {name}")).await }
//!         Ok(())
//!     }
//! }
//! static HELLO: ComponentSpec = ComponentSpec { type_name: "Hello", inboxes: &[BoxSpec::new("inbox", "Names")],
//!     outboxes: &[BoxSpec::new("outbox", "Greetings")], build: build::<Hello>, ..ComponentSpec::EMPTY };
//! let mut system = System::new();
//! let hello = system.add("hello", &HELLO);
//! let handle = system.spawn(|builder| builder)?.attach(hello, &["inbox"], &["outbox"])?;
//! handle.put("inbox", "world")?;
//! assert_eq!(handle.get("outbox")?, Some("hello world".into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Import [`dev`] to write a component and [`prelude`] to build a system. This example links two components in a row
//! and shows how a stream ends:
//!
//! ```
//! use compose_runtime::dev::*;
//! use compose_runtime::prelude::*;
//!
//! struct Shout;
//!
//! impl Component for Shout {
//!     fn new(_: &Params) -> Result<Self, ParamError> {
//!         Ok(Self)
//!     }
//!     async fn main(self, io: BoxIo) -> Outcome {
//!         while let Some(text) = io.recv("inbox").await {
//!             io.send("outbox", text.to_string().to_uppercase()).await;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! static SHOUT: ComponentSpec = ComponentSpec {
//!     type_name: "Shout",
//!     inboxes: &[BoxSpec::new("inbox", "Text")],
//!     outboxes: &[BoxSpec::new("outbox", "The same text, in capitals")],
//!     build: build::<Shout>,
//!     ..ComponentSpec::EMPTY
//! };
//!
//! let mut system = System::new();
//! let (first, second) = (system.add("first", &SHOUT), system.add("second", &SHOUT));
//! system.pipeline(&[first, second]);
//!
//! // Run the system on its own thread, and exchange messages with it from here.
//! let runtime = system.spawn(|builder| builder)?;
//! let into = runtime.attach(first, &["inbox", "control"], &[])?;
//! let out = runtime.attach(second, &[], &["outbox"])?;
//! into.put("inbox", "hello")?;
//! assert_eq!(out.get("outbox")?, Some("HELLO".into()));
//!
//! // The end of a stream travels along the links, as in a Unix pipeline.
//! into.put("control", Message::ProducerFinished)?;
//! assert_eq!(out.get("outbox")?, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The folder `examples` has more programs: an echo server, a slideshow without a screen, slow motion, the core of a
//! peer-to-peer stream, and the dining philosophers. [`System::template`](system::System::template) shows a chassis and
//! its template.
//!
//! # Glossary
//!
//! | Word | Meaning |
//! |---|---|
//! | component | sequential code with boxes: [`component::Component`] |
//! | inbox | holds the messages that have arrived for a component until it takes them; every component has the inbox `control` for the messages that end it |
//! | outbox | passes on the messages that a component sends; every component has the outbox `signal`, which announces its end |
//! | linkage, link | connects an outbox to an inbox, or a box of a composite to a box of a member: [`topology::LinkageDesc`] |
//! | composite | a nested graph that is itself a component |
//! | template | a graph that does not run; a chassis makes instances of it: [`system::System::template`] |
//! | chassis | a component that starts others and waits for their end, such as a server with one instance of its protocol per client: [`component::instances`] |
//! | message | a cheap, immutable value: [`message::Message`] |
//! | scheduler | owns the components and gives them turns, on one thread, in a reproducible order: [`scheduler::Scheduler`] |
//! | turn | one component runs until it waits |
//! | pass | every component that is ready has one turn |
//! | safe point | the moment between two passes, when commands, timers and outside events enter |
//! | wake state | whether a component is woken, what it waits for, and the budget of its turn |
//! | run queue | the components that have been woken and wait for a turn |
//! | port | two bounded queues between a component and code outside its scheduler |
//! | cluster | several schedulers, each on its own thread, that run one graph: [`cluster::ClusterBuilder`] |
//! | tracker | the directory in which components find named boxes and values; the co-ordinating assistant of the original: [`tracker`] |
//! | service | a box that is registered by name in the tracker: [`component::io::Service`] |
//! | tap | keeps copies of the last messages of a linkage for an observer: [`command::RuntimeCommand::Tap`] |
//! | surface | the output that a component shows to the user and the input that it requests, as plain data: [`surface::Surface`] |
//! | snapshot | the state of a run at one safe point: [`introspect::snapshot::Snapshot`] |
//!
//! # Modules, in reading order
//!
//! 1. [`message`], [`params`], [`ids`]: messages, settings and identities.
//! 2. [`component`]: everything needed to write a component; running code reaches everything through
//!    [`component::BoxIo`]. [`component::threaded`] runs a component on its own thread, [`process`] in another process,
//!    and [`component::outside`] connects it to sockets and blocking calls. [`surface`] describes its display.
//! 3. [`registry`]: the registered component types. [`system`], [`topology`], [`command`]: what to run, and how to
//!    change it while it runs.
//! 4. [`template`], [`substitute`]: the graphs that a chassis instantiates, and the values for their settings.
//!    [`script_text`] finds text and comments in settings that hold code.
//! 5. `delivery` (private): boxes, routes, wake states and the run queue. It is below the scheduler and does not depend
//!    on it.
//! 6. [`scheduler`] decides when each component runs; start with its `mod` file. [`builder`] and [`handle`] run it in
//!    the background, and [`cluster`] runs several side by side.
//! 7. [`introspect`]: snapshots, recordings and explanations of a run.
//! 8. [`tracker`], [`store`]: names and values that components share.
//! 9. `testing`, behind the feature with the same name: a rig for tests that steps one component on a virtual clock.
//!
//! `RULES.md` beside this crate defines every rule number used in comments and lists where this runtime differs from
//! the original, with the reasons.

#![warn(clippy::missing_errors_doc, clippy::missing_panics_doc)]

pub mod builder;
pub mod cluster;
mod codec;
pub mod command;
pub mod component;
pub mod contain;
mod delivery;
pub mod dev;
pub mod escape;
mod few;
pub mod handle;
pub mod ids;
pub mod introspect;
pub mod message;
mod notify;
pub mod params;
pub mod prelude;
pub mod process;
mod ready_ports;
pub mod registry;
pub mod resource;
pub mod scheduler;
pub mod script_text;
#[allow(clippy::missing_errors_doc, reason = "`StoreError` documents when each error occurs")]
pub mod store;
pub mod substitute;
pub mod surface;
mod sync;
pub mod system;
pub mod template;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod topology;
pub mod tracker;
pub mod turn_watch;
mod woken_slots;
