//! The few pictures: an empty window, a small graph, a busy one, one with problems. For drawing only.
//!
//! Renew with `UPDATE_SNAPSHOTS=1`, and look at every one. The limit leaves room for another graphics driver.

use compose_app::command::AppCommand;
use egui::{Rect, pos2};
use egui_kittest::SnapshotOptions;

use crate::app_rig::AppRig;

fn compare(mut rig: AppRig, name: &str) {
    rig.settle();
    // The list of components grows with every new one, which is no change of drawing.
    rig.harness.mask(Rect::from_min_max(pos2(0.0, 80.0), pos2(219.0, 742.0)));
    let folder = compose_tests::root().join("tests/snapshots");
    let options = SnapshotOptions::new().threshold(1.5).max_failed_pixels(400).output_path(folder);
    rig.harness.snapshot_options(name, &options);
}

#[test]
fn empty() {
    compare(AppRig::new(), "empty");
}

#[test]
fn small() {
    let mut rig = AppRig::with_project("meow-mix");
    rig.ask(AppCommand::ZoomToFit);
    compare(rig, "small");
}

#[test]
fn busy() {
    let mut rig = AppRig::with_project("unix-pipeline");
    rig.ask(AppCommand::ZoomToFit);
    let tr = rig.id("tr");
    rig.ask(AppCommand::SelectNodes(vec![tr]));
    compare(rig, "busy");
}

#[test]
fn problem() {
    let mut rig = AppRig::with_file(&compose_tests::root().join("tests/fixtures/problems.json"));
    rig.ask(AppCommand::ZoomToFit);
    compare(rig, "problem");
}
