//! Models: the files of the runtime that cross threads, compiled with loom's primitives and run in every order of steps
//! that the memory model allows.
//!
//! Only the code around those files is rewritten here: the notification of a scheduler, and the loops on both sides. A
//! lost wake shows as a thread that waits for ever, which loom reports. `PREEMPTIONS` limits the number of orders. For
//! a deeper search, run `LOOM_MAX_PREEMPTIONS=5 cargo test --release -p compose_models`. `LOOM_LOG=trace
//! LOOM_LOCATION=1` with the name of one test shows the steps that lead to a failure.
#![cfg(test)]
#![allow(clippy::unwrap_used)]

/// loom's primitives under the names used by the runtime.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
    pub(crate) use loom::sync::{Arc, Mutex};
    pub(crate) use std::sync::PoisonError;
}

mod component;

mod notify;

#[allow(dead_code, unreachable_pub, reason = "as in the runtime")]
#[path = "../../src/ready_ports.rs"]
mod ready_ports;

#[allow(unreachable_pub, reason = "as in the runtime")]
#[path = "../../src/woken_slots.rs"]
mod woken_slots;

#[allow(unreachable_pub, reason = "as in the runtime")]
#[path = "../../src/handle/interest.rs"]
mod interest;

#[allow(unreachable_pub, reason = "as in the runtime")]
#[path = "../../src/handle/holders.rs"]
mod holders;

mod bridge;
mod foreign;
mod handles;
mod port;
mod snapshots;

/// How many times a thread may be preempted while it could continue: enough for every race between two sides, and few
/// enough to run in seconds.
const PREEMPTIONS: usize = 3;

/// Runs a model in every order of steps.
fn model(check: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(PREEMPTIONS);
    builder.check(check);
}
