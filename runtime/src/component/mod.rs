//! The contract of a component: sequential code with boxes.
//!
//! An author implements [`Component`] (cooperative) or [`ThreadedComponent`] (blocking, on a thread of its own). The
//! scheduler sees only [`Start`], which erases the type; nobody writes a pinned box by hand.

pub mod adaptive;
pub(crate) mod bridge;
pub mod children;
pub(crate) mod composite;
mod fault;
pub mod futures;
pub mod instances;
pub mod io;
pub mod linking;
pub mod outside;
pub(crate) mod port;
pub(crate) mod port_state;
mod ports;
mod proxy;
pub mod resources;
pub mod services;
#[allow(clippy::missing_errors_doc, reason = "its one question says what an error is in its first sentence")]
pub mod spec;
mod thread_call;
pub mod threaded;

use std::future::Future;
use std::pin::Pin;

use crate::params::{ParamError, Params};

pub use children::Fate;
pub use fault::Fault;
pub use io::BoxIo;
pub use outside::{Outside, OutsidePort};
pub use resources::Resources;
pub use spec::{BoxSpec, BuildFn, Category, ComponentSpec, FullPolicy, Meeting, SpeaksFirst};
pub use threaded::{ThreadIo, ThreadedComponent, build_threaded};

/// What the code of a component gives back: finished, or crashed with words.
pub type Outcome = Result<(), Fault>;

/// The code of a component, once started.
pub type Body = Pin<Box<dyn Future<Output = Outcome>>>;

/// A component as its author writes it.
///
/// `main` is sequential: every `.await` lets others run, [`BoxIo::recv`] gives `None` when the stream has ended, and the
/// end of the component is announced on `signal` without writing a line (R9).
pub trait Component: Sized + 'static {
    /// Makes one from checked settings. An error is shown in the inspector and refuses the setting.
    ///
    /// # Errors
    /// The settings are of no use to it, though each is good for itself.
    fn new(params: &Params) -> Result<Self, ParamError>;

    /// The behaviour. Returning is finishing; an error or a panic is crashing (R10).
    fn main(self, io: BoxIo) -> impl Future<Output = Outcome>;
}

/// A component with its type erased: what the scheduler starts.
pub trait Start {
    /// Gives the code its boxes. Nothing runs until the scheduler polls it.
    fn start(self: Box<Self>, io: BoxIo) -> Body;
}

impl<C: Component> Start for C {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        Box::pin((*self).main(io))
    }
}

/// The `build` entry of a [`ComponentSpec`] for a [`Component`].
///
/// # Errors
/// What [`Component::new`] refuses.
pub fn build<C: Component>(params: &Params) -> Result<Box<dyn Start>, ParamError> {
    Ok(Box::new(C::new(params)?))
}

/// The words of a panic: a fault of ours, the text of `panic!`, or an honest shrug.
pub(crate) fn fault_of_panic(panic: Box<dyn std::any::Any + Send>) -> Fault {
    match panic.downcast::<Fault>() {
        Ok(fault) => *fault,
        Err(panic) => {
            let words = panic
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "it panicked without a word".to_owned());
            Fault::new(words)
        }
    }
}
