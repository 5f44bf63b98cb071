//! Sync: the primitives for code that crosses threads, imported from this one place.
//!
//! Package `compose_models` compiles the files that use this module a second time, with loom's primitives in place of
//! these, and runs them in every order of steps that the memory model allows. Such files must therefore import their
//! primitives only from `crate::sync`.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
pub(crate) use std::sync::{Arc, Mutex, PoisonError};
