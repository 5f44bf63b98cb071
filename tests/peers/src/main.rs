//! `make bench`: what this build can do, and what the systems it is compared with do in the same run.
//!
//! Every figure is a median of several rounds; the rounds of the systems are interleaved, so that a busy machine hurts
//! all of them alike. Ratios are what counts. Nothing here is part of the product.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a broken measurement must say so loudly

mod actors;
mod edit_canvas;
mod hops;
mod ours;
mod own_canvas;
mod pictures;
mod report;
mod snarl_canvas;
mod start;
mod threads;

use std::time::Instant;

/// Rounds of everything that is compared.
pub const ROUNDS: usize = 5;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "target/bench.json".to_owned());
    let only = std::env::args().nth(2).unwrap_or_default();
    let wanted = |group: &str| only.is_empty() || only == group;
    let begun = Instant::now();
    let mut report = report::Report::default();
    if wanted("hops") {
        hops::measure(&mut report);
    }
    if wanted("scale") {
        ours::measure(&mut report);
    }
    if wanted("frames") {
        pictures::measure(&mut report);
    }
    if wanted("start") {
        start::measure(&mut report);
    }
    report.set("bench_seconds", begun.elapsed().as_secs_f64());
    report.print();
    report.write(&path);
}
