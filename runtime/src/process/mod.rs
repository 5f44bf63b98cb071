//! Process components: the body of a component in a child process of the same program (PROC-8).
//!
//! For code that may crash the process, leak, or has to be killed. Seen from outside it is a component like any other:
//! ordered, bounded, it hears the end of its streams and both control messages, and it is gone when its component is. A
//! child that dies crashes its component and nothing else. What it shows on a surface is not carried over.
//!
//! The program calls [`serve_if_child`] first thing in `main`; a component says `build: build_process::<It>`. To read
//! one: `frame` (what goes over the socket), `parent` (the proxy), `child` (the scheduler in the child), `pump`.

mod child;
mod frame;
mod parent;
mod program;
mod pump;

use std::sync::atomic::Ordering;

use crate::component::{Component, Start};
use crate::params::{ParamError, Params};

pub use self::child::serve_if_child;
use self::program::IS_CHILD;
pub use self::program::{WINDOW, set_child_command};

/// A component that can run in a child process.
pub trait ProcessComponent: Component {
    /// Its name in the registry: the child has the same one.
    const TYPE_NAME: &'static str;
}

/// The `build` entry of a [`crate::component::ComponentSpec`] for a [`ProcessComponent`].
///
/// # Errors
/// What [`Component::new`] refuses.
pub fn build_process<C: ProcessComponent>(params: &Params) -> Result<Box<dyn Start>, ParamError> {
    // Refused settings are refused here, before there is a child.
    let component = C::new(params)?;
    if IS_CHILD.load(Ordering::Acquire) {
        return Ok(Box::new(component));
    }
    let params = params.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    Ok(Box::new(parent::Proxy { type_name: C::TYPE_NAME, params }))
}
