//! Components: what an author writes, and everything that running code can do.
//!
//! An author implements [`Component`] (cooperative) or [`ThreadedComponent`] (blocking, on a thread of its own) and
//! describes it in a [`ComponentSpec`]. [`BoxIo`] is the only thing that running code can touch.

pub mod adaptive;
pub(crate) mod bridge;
pub mod children;
pub(crate) mod composite;
mod contract;
mod far_end;
mod fault;
pub mod futures;
pub mod instances;
pub mod io;
pub mod linking;
pub mod outside;
pub(crate) mod port;
pub(crate) mod port_state;
mod proxy;
pub mod resources;
pub mod services;
#[allow(clippy::missing_errors_doc, reason = "the first sentence of its one question says what an error is")]
pub mod spec;
mod thread_call;
pub mod threaded;

pub use crate::scheduler::child::Fate;
pub use crate::topology::FullPolicy;
pub(crate) use contract::fault_of_panic;
pub use contract::{Body, Component, Start, build};
pub use fault::{Fault, Outcome};
pub use io::BoxIo;
pub use outside::{Outside, OutsidePort};
pub use proxy::build_threaded;
pub use resources::Resources;
pub use spec::{BoxSpec, BuildFn, Category, ComponentSpec, Meeting, SpeaksFirst};
pub use threaded::{ThreadIo, ThreadedComponent};
