//! `make bench`: what this build can do, and what the systems it is compared with do in the same run.
//!
//! Every figure is a median of several rounds; the rounds of the systems are interleaved, so that a busy machine hurts
//! all of them alike. Ratios are what counts. Nothing here is part of the product.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a broken measurement must say so loudly

mod actors;
mod boundary;
mod cpu;
#[cfg(feature = "gui")]
mod edit_canvas;
mod fanout;
mod hops;
mod observe;
mod ours;
#[cfg(feature = "gui")]
mod own_canvas;
#[cfg(feature = "gui")]
mod pictures;
mod pingpong;
#[cfg(feature = "gui")]
mod projects;
mod report;
mod rounds;
mod scale;
#[cfg(feature = "gui")]
mod servers;
#[cfg(feature = "gui")]
mod snarl_canvas;
mod split;
#[cfg(feature = "gui")]
mod start;
mod threads;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Rounds of everything that is compared.
pub const ROUNDS: usize = 5;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "target/bench.json".to_owned());
    let only = std::env::args().nth(2).unwrap_or_default();
    let begun = Instant::now();
    let mut report = report::Report::default();
    type Group = (&'static str, fn(&mut report::Report));
    let groups: &[Group] = &[
        ("scale", scale::measure),
        ("hops", hops::measure),
        ("observe", observe::measure),
        ("pingpong", pingpong::measure),
        ("fanout", fanout::measure),
        ("boundary", boundary::measure),
        ("split", split::measure),
        #[cfg(feature = "gui")]
        ("frames", pictures::measure),
        #[cfg(feature = "gui")]
        ("start", start::measure),
        #[cfg(feature = "gui")]
        ("servers", servers::measure),
        #[cfg(feature = "gui")]
        ("projects", projects::measure),
    ];
    let mut broken = Vec::new();
    for (group, measure) in groups {
        if !only.is_empty() && only != *group {
            continue;
        }
        // What the others have measured is not lost with a group that fails.
        if catch_unwind(AssertUnwindSafe(|| measure(&mut report))).is_err() {
            broken.push(*group);
        }
    }
    report.set("bench_seconds", begun.elapsed().as_secs_f64());
    report.print();
    report.write(&path);
    assert!(broken.is_empty(), "these groups could not be measured: {}", broken.join(", "));
}
