//! The engine of Kamaelia Compose: components, boxes, linkages, a deterministic scheduler, introspection. No window, no
//! file format; the canvas and the project file stand on this, and so can any Rust program.
//!
//! # In fifteen lines
//!
//! A component is a little sequential program that knows its own boxes and nothing else:
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
//! [`dev`] is what someone writing a component imports, [`prelude`] what someone building a system does. Two components in
//! a row, and how a stream ends:
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
//!         while let Some(words) = io.recv("inbox").await {
//!             io.send("outbox", words.to_string().to_uppercase()).await;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! static SHOUT: ComponentSpec = ComponentSpec {
//!     type_name: "Shout",
//!     inboxes: &[BoxSpec::new("inbox", "Words")],
//!     outboxes: &[BoxSpec::new("outbox", "The same words, in capitals")],
//!     build: build::<Shout>,
//!     ..ComponentSpec::EMPTY
//! };
//!
//! let mut system = System::new();
//! let (first, second) = (system.add("first", &SHOUT), system.add("second", &SHOUT));
//! system.pipeline(&[first, second]);
//!
//! // Run it on a thread of its own, and talk to it from here.
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
//! More programs are in the folder `examples`: an echo server, a slideshow without a screen, slow motion, the core of a
//! peer-to-peer stream, the dining philosophers. A chassis and its template are shown at
//! [`System::template`](system::System::template).
//!
//! # Glossary
//!
//! | Word | Meaning |
//! |---|---|
//! | component | sequential code with boxes: [`component::Component`] |
//! | inbox, outbox | where messages arrive and wait; where they are let go. Every component also has the inbox `control` and the outbox `signal`, for the end of things |
//! | linkage | joins an outbox to an inbox, or passes a box of a composite on: [`topology::LinkageDesc`] |
//! | composite | a nested graph that is a component like any other |
//! | template | a graph that does not run itself, of which instances are made: [`system::System::template`] |
//! | chassis | a component that starts others and sees them through, such as a server with one instance of its protocol for every client: [`component::instances`] |
//! | message | a cheap, immutable value: [`message::Message`] |
//! | scheduler | owns components and gives them turns, on one thread, the same way every time: [`scheduler::Scheduler`] |
//! | turn, pass | one component runs until it waits; everybody who is ready has had a turn |
//! | safe point | between two passes: where changes, timers and the outside world enter |
//! | port | two bounded queues between a component and something outside its scheduler |
//! | cluster | several schedulers, each on a thread of its own, over one graph: [`cluster::ClusterBuilder`] |
//! | tracker | where components find named boxes and values; the original's co-ordinating assistant: [`tracker`] |
//! | service | a named box of the tracker: [`component::io::Service`] |
//! | tap | keeps copies of the last messages of a linkage, for somebody who looks: [`command::RuntimeCommand::Tap`] |
//! | surface | what a component shows or asks, as plain data: [`surface::Surface`] |
//! | snapshot | the state of a run at one safe point: [`introspect::snapshot::Snapshot`] |
//!
//! # Modules, in reading order
//!
//! 1. [`message`], [`params`], [`ids`]: what travels, settings, and who is meant.
//! 2. [`component`]: what an author writes; [`component::BoxIo`] is all that running code can touch. Threads are in
//!    [`component::threaded`], other processes in [`process`], the world outside in [`component::outside`]. [`surface`] is
//!    what it shows or asks.
//! 3. [`registry`]: the types there are. [`system`], [`topology`], [`command`]: what someone may want to run, and to
//!    change while it runs.
//! 4. [`template`], [`substitute`]: what a chassis makes instances of, and the values that go into their settings.
//! 5. [`scheduler`]: who has a turn when; start with its `mod` file. [`builder`] and [`handle`] put it in the background,
//!    [`cluster`] puts several side by side.
//! 6. [`introspect`]: what may be seen, recorded and explained.
//! 7. [`tracker`], [`store`]: names and values shared by components.
//! 8. `testing`, with the feature of this name: a rig that steps one component on a virtual clock, for its tests.
//!
//! `RULES.md` beside this crate lists the rules of the original runtime that differ here, each with the reason.

#![warn(clippy::missing_errors_doc, clippy::missing_panics_doc)]

pub mod builder;
pub mod cluster;
mod codec;
pub mod command;
pub mod component;
mod delivery;
pub mod dev;
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
pub mod scheduler;
#[allow(clippy::missing_errors_doc, reason = "`StoreError` says of each when it happens")]
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
mod wake_flag;
