//! Looking at a run. Looking is cheap and never changes what it sees (R13).

pub mod changes;
pub(crate) mod collect;
pub mod findings;
pub mod introspector;
pub(crate) mod publish;
pub mod record;
pub mod snapshot;
pub mod stall;
pub mod stall_watch;
pub mod tokens;
mod watch;
pub mod wire;
