//! Every ready-made project, run for two seconds or to its end without a window: how many there are and how many do well.

use std::process::Stdio;
use std::time::Instant;

use compose_tests::binary;
use serde_json::json;

use crate::report::{Report, median};
use crate::rounds::ROUNDS;

/// Frames of the film in which cuts are looked for.
const FRAMES: u32 = 500;

/// All figures of projects.
pub fn measure(report: &mut Report) {
    let rates: Vec<f64> = (0..ROUNDS).map(|_| shot_detect_fps()).collect();
    report.set("shot_detect_fps", median(rates));
    let files = compose_tests::project_files();
    let well: Vec<_> = files.iter().filter(|file| does_well(file)).collect();
    report.set("projects_total", files.len() as f64);
    report.set("projects_passing", well.len() as f64);
}

fn does_well(file: &std::path::Path) -> bool {
    let file = file.display().to_string();
    let mut command = binary::command(&["run", &file, "--for", "2s"]);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_well = status.is_ok_and(|status| status.success());
    if !is_well {
        println!("does not do well: {file}");
    }
    is_well
}

/// Frames a second of 640 x 360 through the detector, as fast as they come; the making of the cards included.
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
