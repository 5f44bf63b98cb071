//! Everything that a program imports to *build a system* with the runtime as a library.

pub use crate::builder::RuntimeBuilder;
pub use crate::command::{RuntimeCommand, Speed};
pub use crate::handle::RuntimeHandle;
pub use crate::handle::component::{Got, Handle};
pub use crate::ids::{BoxAddr, ComponentId};
pub use crate::introspect::snapshot::{Snapshot, State};
pub use crate::scheduler::{ClockKind, RunEnd, RunLimit};
pub use crate::system::{System, SystemError};
pub use crate::topology::{InboxLimit, RestartPolicy, Topology};
