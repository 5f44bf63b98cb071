//! Looking at a run: what is promised about snapshots and what is not.

pub mod snapshot;
