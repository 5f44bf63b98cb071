//! The contract of a component: sequential code with boxes.
//!
//! An author implements [`Component`]. The scheduler sees only [`Start`], which erases the type.

use std::future::Future;
use std::pin::Pin;

use super::fault::Outcome;
use super::io::BoxIo;
use crate::params::{ParamError, Params};

/// The code of a component after it has started.
pub type Body = Pin<Box<dyn Future<Output = Outcome>>>;

/// A component as its author writes it.
///
/// `main` is sequential: every `.await` lets others run, [`BoxIo::recv`] returns `None` when the stream has ended, and the
/// runtime announces the end of the component on `signal` (R9).
pub trait Component: Sized + 'static {
    /// Makes a component from checked settings. The inspector shows an error and rejects the setting.
    ///
    /// # Errors
    /// The settings are invalid in combination, although each of them is valid.
    fn new(params: &Params) -> Result<Self, ParamError>;

    /// Runs the component. When this returns `Ok`, the component has finished; an error or a panic means that it crashed (R10).
    fn main(self, io: BoxIo) -> impl Future<Output = Outcome>;
}

/// A component with its type erased, ready to be started by the scheduler.
pub trait Start {
    /// Returns the code as a future that uses these boxes. Nothing runs until the scheduler polls it.
    fn start(self: Box<Self>, io: BoxIo) -> Body;
}

impl<C: Component> Start for C {
    fn start(self: Box<Self>, io: BoxIo) -> Body {
        Box::pin((*self).main(io))
    }
}

/// The `build` entry of a [`ComponentSpec`](super::ComponentSpec) for a [`Component`].
///
/// # Errors
/// [`Component::new`] rejects the settings.
pub fn build<C: Component>(params: &Params) -> Result<Box<dyn Start>, ParamError> {
    Ok(Box::new(C::new(params)?))
}
