//! Reads the source of the workspace and answers questions about it: which module uses which path, which files form a
//! cycle, which tests cannot fail, which patterns hide variants of an enum, which errors have no type.
//!
//! It depends on none of the packages it reads, so that it builds in seconds and works on any checkout.
//! Invariant: all answers come from syntax trees and tokens, never from a text search.
//! Not here: the rules of this project and their exceptions; see `tests/suite/architecture/mod.rs`.

pub mod checks;
pub mod collect;
pub mod crates;
pub mod cycles;
pub mod error_types;
pub mod functions;
pub mod hidden_variants;
pub mod module;
pub mod resolve;
pub mod rules;
mod tokens;
pub mod tree;

use std::path::PathBuf;

/// The root of this checkout.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
