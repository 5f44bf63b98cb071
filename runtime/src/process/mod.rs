//! Process components: components whose code runs in a child process of the same program (PROC-8).
//!
//! For code that may crash, leak, or have to be killed. It behaves like any other component: messages keep their order,
//! queues are bounded, the ends of streams and both control messages reach it, and the child ends with its component.
//! If the child dies, only its component crashes. Surfaces are not transferred to the parent.
//!
//! The program calls [`serve_if_child`] first in `main`; the component's description contains
//! `build: build_process::<MyComponent>`. In reading order: `frame` (the messages on the socket), `parent` (the proxy),
//! `child` (the scheduler in the child), `pump` (moves frames).

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
    /// Its name in the registry, the same in parent and child.
    const TYPE_NAME: &'static str;
}

/// The `build` entry of a [`crate::component::ComponentSpec`] for a [`ProcessComponent`].
///
/// # Errors
/// [`Component::new`] rejects the settings.
pub fn build_process<C: ProcessComponent>(params: &Params) -> Result<Box<dyn Start>, ParamError> {
    // Invalid settings are rejected here, before a child is started.
    let component = C::new(params)?;
    if IS_CHILD.load(Ordering::Acquire) {
        return Ok(Box::new(component));
    }
    let params = params.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    Ok(Box::new(parent::Proxy { type_name: C::TYPE_NAME, params }))
}
