//! The edit journal: how long it takes until an edit is in the file, and how long the edit occupies the window's
//! thread.

use std::time::{Duration, Instant};

use compose_app::document::{EditCommand, Node, NodeId};
use compose_app::project::Project;
use compose_app::workspace::Workspace;

use crate::report::Report;

/// Components of the project.
const COMPONENTS: u64 = 1000;

/// Edits that are measured.
const EDITS: u64 = 2000;

/// Time between two edits: faster than a person edits, and long enough for the file to be synced several times meanwhile.
const PAUSE: Duration = Duration::from_millis(2);

/// Moves components while the journal is written to the disk of the home folder.
pub fn measure(report: &mut Report) {
    let folder = tempfile::tempdir_in(compose_tests::root().join("target")).unwrap();
    let mut workspace = Workspace::new(compose_components::registry());
    workspace.protect(folder.path(), || {});
    workspace.open(project(), Vec::new());
    // The first edit also writes the whole project.
    edit(&mut workspace, 0);
    let (mut written_ms, mut busy_ms): (Vec<f64>, Vec<f64>) =
        (1..=EDITS).map(|number| edit(&mut workspace, number)).unzip();
    report.set("journal_ms_p99", percentile(&mut written_ms));
    report.set("journal_window_ms_p99", percentile(&mut busy_ms));
    workspace.close();
}

fn project() -> Project {
    let mut project = Project::new();
    for id in 1..=COMPONENTS {
        let node = Node::leaf(NodeId(id), format!("component{id}"), "PassThrough");
        project.document.apply(EditCommand::AddNode { node }).unwrap();
    }
    project
}

/// Makes one edit. Returns milliseconds until it is in the file, and milliseconds until the window can continue.
fn edit(workspace: &mut Workspace, number: u64) -> (f64, f64) {
    std::thread::park_timeout(PAUSE);
    let moves = vec![(NodeId(1 + number % COMPONENTS), [number as f32, 0.0])];
    let begun = Instant::now();
    assert!(workspace.edit(EditCommand::MoveNodes { moves }));
    let busy = begun.elapsed();
    let journal = workspace.journal().unwrap();
    while journal.written() < journal.queued() {
        std::thread::yield_now();
    }
    (begun.elapsed().as_secs_f64() * 1000.0, busy.as_secs_f64() * 1000.0)
}

fn percentile(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() * 99 / 100]
}
