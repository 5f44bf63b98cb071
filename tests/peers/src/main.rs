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
mod ports;
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

use std::process::Command;
use std::time::Instant;

use report::Report;

/// Figures that are measured together.
type Group = (&'static str, fn(&mut Report));

const GROUPS: &[Group] = &[
    ("scale", scale::measure),
    ("hops", hops::measure),
    ("observe", observe::measure),
    ("pingpong", pingpong::measure),
    ("fanout", fanout::measure),
    ("boundary", boundary::measure),
    ("split", split::measure),
    ("ports", ports::measure),
    #[cfg(feature = "gui")]
    ("frames", pictures::measure),
    #[cfg(feature = "gui")]
    ("start", start::measure),
    #[cfg(feature = "gui")]
    ("servers", servers::measure),
    #[cfg(feature = "gui")]
    ("projects", projects::measure),
];

/// `compose_peers [FILE [GROUP]]`: all figures, or those of one group, into a file of JSON.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "target/bench.json".to_owned());
    match std::env::args().nth(2) {
        Some(only) => one_group(&only, &path),
        None => all_groups(&path),
    }
}

fn one_group(only: &str, path: &str) {
    let (_, measure) = GROUPS.iter().find(|(group, _)| *group == only).expect("a group of this name");
    let mut report = Report::default();
    measure(&mut report);
    report.print();
    report.write(path);
}

/// Each group has a process of its own: what one leaves behind in memory is no burden for the next, and what has been
/// measured is not lost with a group that fails.
fn all_groups(path: &str) {
    let begun = Instant::now();
    let mut report = Report::default();
    let mut broken = Vec::new();
    let itself = std::env::current_exe().expect("a program knows where it is");
    let part = format!("{path}.part");
    for (group, _) in GROUPS {
        println!("\n{group}");
        let is_measured = Command::new(&itself).args([&part, *group]).status().is_ok_and(|status| status.success());
        if !(is_measured && report.take_in(&part)) {
            broken.push(*group);
        }
        // It is there unless the group failed.
        let _ = std::fs::remove_file(&part);
    }
    report.set("bench_seconds", begun.elapsed().as_secs_f64());
    println!("\nall");
    report.print();
    report.write(path);
    assert!(broken.is_empty(), "these groups could not be measured: {}", broken.join(", "));
}
