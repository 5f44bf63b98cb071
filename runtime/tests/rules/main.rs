//! Tests of the rules in `RULES.md`, by section. The name of a test begins with the number of its rule. `coverage`
//! checks that no rule is left out, and `references` checks that every number used anywhere is defined.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod adaptive;
mod background;
mod boxes;
mod boxes_limits;
mod children;
mod components;
mod composites;
mod containment;
mod coverage;
mod failures;
mod finishing;
mod handle;
mod introspector;
mod invariants;
mod invariants_ends;
mod late_links;
mod links;
mod links_inside;
mod microprocess;
mod process;
mod references;
mod replays;
mod replays_outside;
mod rulebook;
mod run_control;
mod scheduler;
mod scripts;
mod shutdown;
mod stm;
mod threads;
mod threads_calls;
mod tokens;
mod tracker;
mod two_paths;
mod waits;
mod wakes;
mod world;
