//! Sync: what everything that crosses threads is made of, named in one place.
//!
//! Package `compose_models` compiles the files that use it once more, with loom's primitives in place of these, and runs
//! them in every order of steps that the memory model allows. So they say `crate::sync` and nothing else.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
pub(crate) use std::sync::{Arc, Mutex, PoisonError};
