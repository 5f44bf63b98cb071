//! The time from starting the real binary until its window is visible, on an X server without a monitor that draws in
//! software.

use std::time::{Duration, Instant};

use compose_tests::screen::Screen;

use crate::report::{Report, median};
use crate::rounds::ROUNDS;

/// Starts the release binary several times; the first start only warms up the disk cache.
pub fn measure(report: &mut Report) {
    let screen = Screen::start();
    let times: Vec<f64> = (0..=ROUNDS).map(|_| one_start(&screen)).skip(1).collect();
    report.set("start_ms", median(times) * 1000.0);
}

fn one_start(screen: &Screen) -> f64 {
    let project = compose_tests::root().join("projects/meow-mix.json");
    let mut command = compose_tests::binary::command(&[project]);
    screen.apply(&mut command);
    let begun = Instant::now();
    let mut child = command.spawn().expect("the binary starts");
    let id = child.id().to_string();
    let visible = || screen.xdotool(&["search", "--onlyvisible", "--pid", &id, "--name", "."]);
    while visible().is_none_or(|found| found.is_empty()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "no window after 30 s");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let seconds = begun.elapsed().as_secs_f64();
    drop(child.kill());
    drop(child.wait());
    seconds
}
