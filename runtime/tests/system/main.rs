//! Systems of components seen from outside: one test binary, one file a theme.
#![allow(clippy::unwrap_used, missing_docs)]

mod behaviour;
mod cluster;
mod common;
mod laws;
mod looking;
mod refusals;
mod replay;
mod soak;
mod stepping;
mod templates;
