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
mod pump;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::component::{Component, Start};
use crate::params::{ParamError, Params};

pub use self::child::serve_if_child;

/// How many messages are on their way to one inbox, or from all outboxes, before the sender waits; those in the boxes
/// on both sides come on top.
pub const WINDOW: usize = 64;

/// How a child finds its parent.
const VARIABLE: &str = "COMPOSE_PROCESS";

/// A component that can run in a child process.
pub trait ProcessComponent: Component {
    /// Its name in the registry: the child has the same one.
    const TYPE_NAME: &'static str;
}

static IS_CHILD: AtomicBool = AtomicBool::new(false);

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

/// The program that children run, and its arguments.
static COMMAND: OnceLock<(PathBuf, Vec<String>)> = OnceLock::new();

/// Says what children run, if not this very program without arguments. The first call counts; gives whether it was this.
pub fn set_child_command(program: PathBuf, arguments: Vec<String>) -> bool {
    COMMAND.set((program, arguments)).is_ok()
}
