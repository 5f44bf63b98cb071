//! The rules of the original, one test each, by section. A test's name begins with the id of its rule; which ids differ on
//! purpose or do not apply is in `RULES.md`, and `coverage` sees to it that no id is forgotten.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod adaptive;
mod background;
mod boxes;
mod boxes_limits;
mod children;
mod components;
mod composites;
mod coverage;
mod failures;
mod finishing;
mod handle;
mod introspector;
mod invariants;
mod invariants_ends;
mod links;
mod links_inside;
mod microprocess;
mod process;
mod references;
mod replays;
mod replays_outside;
mod rulebook;
mod scheduler;
mod scripts;
mod shutdown;
mod stm;
mod threads;
mod threads_calls;
mod tokens;
mod tracker;
mod waits;
mod wakes;
mod world;
