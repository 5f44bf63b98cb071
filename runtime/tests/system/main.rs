//! Tests of whole systems of components: one test binary, one file per subject.
#![allow(clippy::unwrap_used, missing_docs)]

mod behaviour;
mod cluster;
mod common;
mod laws;
mod observing;
mod refusals;
mod replay;
mod soak;
mod stepping;
mod templates;
