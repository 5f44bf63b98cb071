//! `make bench`: measures this build, and other systems for comparison in the same run.
//!
//! Every figure is a median of several rounds. The rounds of the systems are interleaved, so a busy machine slows all
//! of them equally. The ratios matter more than the absolute figures. This package is not part of the product.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed measurement must stop the run

mod actors;
mod boundary;
mod chain;
mod cpu;
#[cfg(feature = "gui")]
mod edit_canvas;
mod fanout;
#[cfg(feature = "gui")]
mod grid;
#[cfg(feature = "gui")]
mod growth;
mod hops;
#[cfg(feature = "gui")]
mod journal;
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
mod shapes;
#[cfg(feature = "gui")]
mod snarl_canvas;
mod split;
#[cfg(feature = "gui")]
mod start;
mod threads;

use std::process::Command;
use std::time::Instant;

use report::Report;

/// A group of figures that are measured together: its name and its function.
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
    ("growth", growth::measure),
    #[cfg(feature = "gui")]
    ("frames", pictures::measure),
    #[cfg(feature = "gui")]
    ("start", start::measure),
    #[cfg(feature = "gui")]
    ("journal", journal::measure),
    #[cfg(feature = "gui")]
    ("servers", servers::measure),
    #[cfg(feature = "gui")]
    ("projects", projects::measure),
];

/// `compose_peers [FILE [GROUP]]`: writes all figures, or those of one group, to a JSON file.
fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "target/bench.json".to_owned());
    match std::env::args().nth(2) {
        Some(only) => one_group(&only, &path),
        None => all_groups(&path),
    }
}

fn one_group(only: &str, path: &str) {
    let (_, measure) = GROUPS.iter().find(|(group, _)| *group == only).expect("there is a group of this name");
    let mut report = Report::default();
    measure(&mut report);
    report.print();
    report.write(path);
}

/// Runs each group in a separate process, so the memory that a group leaves behind does not affect the next, and a
/// failed group does not discard the figures of the others.
fn all_groups(path: &str) {
    let begun = Instant::now();
    let mut report = Report::default();
    let mut failed = Vec::new();
    let program = std::env::current_exe().expect("the path of this program is known");
    let part = format!("{path}.part");
    for (group, _) in GROUPS {
        println!("\n{group}");
        let is_measured = Command::new(&program).args([&part, *group]).status().is_ok_and(|status| status.success());
        if !(is_measured && report.add_from(&part)) {
            failed.push(*group);
        }
        // The file exists unless the group failed.
        let _ = std::fs::remove_file(&part);
    }
    report.set("bench_seconds", begun.elapsed().as_secs_f64());
    println!("\nall");
    report.print();
    report.write(path);
    assert!(failed.is_empty(), "these groups could not be measured: {}", failed.join(", "));
}
