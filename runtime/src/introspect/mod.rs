//! Looking at a run. Looking is cheap and never changes what it sees (R13).

pub(crate) mod collect;
pub(crate) mod publish;
pub mod record;
pub mod snapshot;
pub mod stall;
