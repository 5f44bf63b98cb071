//! Components: the traits that authors implement, and the functions that running components can call.
//!
//! An author implements [`Component`] (cooperative) or [`ThreadedComponent`] (blocking, on its own thread) and describes it in
//! a [`ComponentSpec`]. A running component uses only its [`BoxIo`].

pub mod adaptive;
pub(crate) mod bridge;
pub mod children;
pub(crate) mod composite;
mod contract;
mod create;
pub(crate) mod far_end;
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
#[allow(clippy::missing_errors_doc, reason = "the first sentence of `check_interface` says what an error is")]
pub mod spec;
mod thread_call;
pub mod threaded;

pub use crate::scheduler::child::Fate;
pub use crate::topology::FullPolicy;
pub use contract::{Body, Component, Start, build};
pub use create::CreateError;
pub use fault::{Fault, Outcome};
pub use io::BoxIo;
pub use outside::{Outside, OutsidePort};
pub use proxy::build_threaded;
pub use resources::Resources;
pub use spec::{BoxSpec, BuildFn, Category, ComponentSpec, Meeting, SendsFirst};
pub use threaded::{ThreadIo, ThreadedComponent};
