//! How long it takes to open, start, change and end a large graph, and how that grows with its size, for graphs of
//! different shapes.

use std::path::Path;
use std::time::Instant;

use compose_app::document::{Document, EditCommand, Node, Wire};
use compose_app::live::plan::plan;
use compose_app::live::topology_of::topology_of;
use compose_app::project::{Project, store};
use compose_app::workspace::Workspace;
use compose_runtime::registry::Registry;
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig};
use compose_runtime::topology::Topology;

use crate::report::{Report, median};
use crate::rounds::ROUNDS;
use crate::shapes::{SHAPES, Shape, chain};

/// Passes after the start, so that messages have travelled.
const PASSES: u64 = 20;

/// Seconds that the steps of one graph take.
struct Times {
    open: f64,
    start: f64,
    edit: f64,
    end: f64,
}

/// Measures every shape, and a tenth of it. The growth is the worst ratio of all shapes; it is 10 for linear work.
pub fn measure(report: &mut Report) {
    let folder = tempfile::tempdir().expect("there is a folder for files");
    let file = folder.path().join("project.json");
    let mut growth = [0.0_f64; 4];
    for shape in SHAPES {
        let [tenth, all] = [shape.largest / 10, shape.largest].map(|count| of_shape(shape, count, &file));
        let steps = [
            ("open", tenth.open, all.open),
            ("start", tenth.start, all.start),
            ("edit", tenth.edit, all.edit),
            ("end", tenth.end, all.end),
        ];
        for ((step, tenth, all), worst) in steps.into_iter().zip(&mut growth) {
            report.set(&format!("{step}_ms_{}_{}", shape.name, shape.largest), all * 1000.0);
            report.set(&format!("{step}_growth_{}", shape.name), all / tenth);
            *worst = worst.max(all / tenth);
        }
    }
    for (step, worst) in ["open", "start", "edit", "end"].into_iter().zip(growth) {
        report.set(&format!("{step}_growth"), worst);
    }
    save(&chain(5000), &file);
    report.set("open_ms_5000", median((0..ROUNDS).map(|_| open(&file).1).collect()) * 1000.0);
    report.set("edit_ms_20000", report.get("edit_ms_chain_20000"));
}

fn of_shape(shape: &Shape, count: u64, file: &Path) -> Times {
    save(&(shape.build)(count), file);
    // The first round only warms up.
    let rounds: Vec<Times> = (0..=ROUNDS).map(|_| one_round(file)).skip(1).collect();
    let middle = |figure: fn(&Times) -> f64| median(rounds.iter().map(figure).collect());
    Times {
        open: middle(|times| times.open),
        start: middle(|times| times.start),
        edit: middle(|times| times.edit),
        end: middle(|times| times.end),
    }
}

fn save(document: &Document, file: &Path) {
    store::save_as(&mut Project::of_document(document.clone()), file).expect("the file can be written");
}

/// Reads the file and checks the project, as `run` and the window do.
fn open(file: &Path) -> (Project, f64) {
    let registry = compose_components::registry();
    let begun = Instant::now();
    let opened = store::open(file).expect("the file is readable");
    let problems = opened.project.check(&registry);
    let seconds = begun.elapsed().as_secs_f64();
    assert!(opened.problems.is_empty() && !problems.iter().any(compose_app::document::Problem::is_error));
    (opened.project, seconds)
}

fn one_round(file: &Path) -> Times {
    let registry = compose_components::registry();
    let (project, open) = open(file);
    let values = project.parameter_values();
    let mut scheduler = Scheduler::new(SchedulerConfig::new(registry.clone()));
    let begun = Instant::now();
    let running = topology_of(&project.document, &registry, &values);
    apply(&mut scheduler, &Topology::default(), &running, &registry);
    scheduler.run(RunLimit { passes: Some(PASSES), ..RunLimit::default() });
    let start = begun.elapsed().as_secs_f64();

    let mut workspace = Workspace::new(registry.clone());
    workspace.open(project, Vec::new());
    let (changed, edit) = edit(&mut workspace, &mut scheduler, &running, &registry);

    let begun = Instant::now();
    apply(&mut scheduler, &changed, &Topology::default(), &registry);
    assert_eq!(scheduler.run(RunLimit::default()), RunEnd::Ended);
    drop(scheduler);
    Times { open, start, edit, end: begun.elapsed().as_secs_f64() }
}

/// Adds a component that is linked to another, checks the project, and brings the running system in line. Returns the
/// topology that now runs, and the time.
fn edit(
    workspace: &mut Workspace,
    scheduler: &mut Scheduler,
    running: &Topology,
    registry: &Registry,
) -> (Topology, f64) {
    let document = workspace.document();
    let target = document.nodes_in(None).find(|node| !node.is_template()).expect("there is a component").id;
    let new = document.next_free_id();
    let commands = vec![
        EditCommand::AddNode { node: Node::leaf(new, "new", "PassThrough") },
        EditCommand::Connect { wire: Wire::data(new, "outbox", target, "control") },
    ];
    let begun = Instant::now();
    assert!(workspace.edit(EditCommand::batch("Add a component", commands)));
    workspace.project().check(registry);
    let values = workspace.project().parameter_values();
    let wanted = topology_of(workspace.document(), registry, &values);
    apply(scheduler, running, &wanted, registry);
    scheduler.run(RunLimit { passes: Some(1), ..RunLimit::default() });
    (wanted, begun.elapsed().as_secs_f64())
}

fn apply(scheduler: &mut Scheduler, running: &Topology, wanted: &Topology, registry: &Registry) {
    let outcomes = scheduler.reconfigure(1, plan(running, wanted, registry));
    assert!(outcomes.iter().all(|outcome| outcome.error.is_none()), "every step is carried out");
}
