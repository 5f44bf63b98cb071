//! Snapshots of the window: empty, with a small graph, a busy one, one with problems, and a topology on the stage. They
//! test drawing only.
//!
//! To update them, run with `UPDATE_SNAPSHOTS=1` and look at each picture. The tolerance allows for other graphics
//! drivers.

use compose_app::command::{RunCommand, ViewCommand};
use compose_runtime::introspect::snapshot::State;
use egui::{Rect, pos2};
use egui_kittest::SnapshotOptions;

use crate::app_rig::AppRig;

fn compare(rig: AppRig, name: &str) {
    compare_except(rig, name, &[]);
}

/// Compares everything except the `changing` areas, which differ from run to run.
fn compare_except(mut rig: AppRig, name: &str, changing: &[Rect]) {
    rig.settle();
    // The list of components grows with every new component. That does not change the drawing.
    rig.harness.mask(Rect::from_min_max(pos2(0.0, 80.0), pos2(219.0, 742.0)));
    for rect in changing {
        rig.harness.mask(*rect);
    }
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
    rig.ask(ViewCommand::ZoomToFit);
    compare(rig, "small");
}

#[test]
fn busy() {
    let mut rig = AppRig::with_project("unix-pipeline");
    rig.ask(ViewCommand::ZoomToFit);
    let tr = rig.id("tr");
    rig.ask(ViewCommand::SelectNodes(vec![tr]));
    compare(rig, "busy");
}

#[test]
fn problem() {
    let mut rig = AppRig::with_file(&compose_tests::root().join("tests/fixtures/problems.json"));
    rig.ask(ViewCommand::ZoomToFit);
    compare(rig, "problem");
}

#[test]
fn topology_on_the_stage() {
    let mut rig = AppRig::with_file(&compose_tests::root().join("tests/fixtures/graph.json"));
    let graph = rig.id("graph");
    rig.ask(RunCommand::Run);
    rig.until("the layout to come to rest", move |app| {
        app.live().component(graph).is_some_and(|view| view.state == State::Finished)
    });
    rig.ask(ViewCommand::ToggleStage);
    let observation_cost = Rect::from_min_max(pos2(1190.0, 8.0), pos2(1300.0, 32.0));
    let passes = Rect::from_min_max(pos2(1100.0, 744.0), pos2(1366.0, 768.0));
    compare_except(rig, "topology", &[observation_cost, passes]);
}
