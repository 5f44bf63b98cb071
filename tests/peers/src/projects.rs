//! Every ready-made project, run without a window for two seconds or to its end: the number of projects and of
//! successes.

use std::process::Stdio;
use std::time::Instant;

use compose_tests::binary;
use serde_json::json;

use crate::report::{Report, median};
use crate::rounds::ROUNDS;

/// Number of frames in the film for the detection of cuts.
const FRAMES: u32 = 500;

/// Measures all figures of projects.
pub fn measure(report: &mut Report) {
    let rates: Vec<f64> = (0..ROUNDS).map(|_| shot_detect_fps()).collect();
    report.set("shot_detect_fps", median(rates));
    let files = compose_tests::project_files();
    let passing: Vec<_> = files.iter().filter(|file| passes(file)).collect();
    report.set("projects_total", files.len() as f64);
    report.set("projects_passing", passing.len() as f64);
}

fn passes(file: &std::path::Path) -> bool {
    let file = file.display().to_string();
    let mut command = binary::command(&["run", &file, "--for", "2s"]);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_success = status.is_ok_and(|status| status.success());
    if !is_success {
        println!("fails: {file}");
    }
    is_success
}

/// Frames of 640 x 360 per second through the detector, at full speed; includes the generation of the frames.
fn shot_detect_fps() -> f64 {
    let cards = json!({ "type": "TestPatternVideo", "params": {
        "width": 640, "height": 360, "frames": FRAMES, "paced": false, "cuts": [100, 200, 300, 400]
    } });
    let fixture = compose_tests::fixtures::Fixture::project(
        &json!({
            "cards": cards,
            "number": { "type": "TagWithSequenceNumber" },
            "detect": { "type": "DetectShotChanges" },
            "print": { "type": "ConsoleEchoer" }
        }),
        &["cards.outbox -> number.inbox", "number.outbox -> detect.inbox", "detect.outbox -> print.inbox"],
    );
    let begun = Instant::now();
    let outcome = binary::run(&["run", &fixture.file()]).expect_code(0);
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(outcome.lines().len(), 4, "{}", outcome.stdout);
    f64::from(FRAMES) / seconds
}
