//! Observing a run. Observing is cheap and never changes the run (R13).

pub mod changes;
pub mod findings;
pub mod introspector;
pub(crate) mod publish;
pub mod record;
pub mod sign;
pub mod snapshot;
pub mod stall;
pub mod stall_watch;
pub mod tokens;
mod watch;
pub mod wire;
