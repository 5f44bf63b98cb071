//! `run`: a project without a window, on the calling thread.
//!
//! Bounded by `--for`, by the end of the system, or by Ctrl-C: once ends the system in order, twice at once, a third time
//! leaves the process.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use compose_runtime::builder::ClockKind;
use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::snapshot::{Snapshot, State};
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig, User};
use compose_runtime::topology::Topology;

use super::{RunArguments, Verdict, input, print, stats, tell, trace};
use crate::live::plan::plan;
use crate::live::topology_of::topology_of;
use crate::project::{Project, store};

/// A project parameter of the command line, as in `port=8080`.
pub fn parse_setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE, as in port=8080".to_owned()),
    }
}

/// Opens, checks and runs a project.
pub fn run(arguments: &RunArguments) -> Verdict {
    let Some(project) = open_without_errors(arguments) else { return Verdict::Refused };
    match run_project(&project, arguments) {
        Ok(verdict) => verdict,
        Err(error) => {
            tell(format!("{error:#}"));
            Verdict::Refused
        }
    }
}

/// The project, if nothing in it would keep a part of it from running.
fn open_without_errors(arguments: &RunArguments) -> Option<Project> {
    let file = arguments.file.display();
    let opened = store::open(&arguments.file).map_err(tell).ok()?;
    let (mut project, mut problems) = (opened.project, opened.problems);
    let mut is_refused = false;
    for (name, value) in &arguments.settings {
        if let Err(error) = project.set_parameter(name, value) {
            is_refused = true;
            tell(format!("{file}: {error}"));
        }
    }
    problems.extend(project.check(&compose_components::registry()));
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        is_refused = true;
        tell(format!("{file}: {}", problem.line(&project.document)));
    }
    (!is_refused).then_some(project)
}

fn run_project(project: &Project, arguments: &RunArguments) -> anyhow::Result<Verdict> {
    let registry = compose_components::registry();
    let mut config = SchedulerConfig::new(registry.clone());
    config.clock = if arguments.virtual_time { ClockKind::Virtual } else { ClockKind::Real };
    config.seed = arguments.seed;
    config.base_folder = project.base_folder();
    let trace = match &arguments.trace {
        None => None,
        Some(file) => {
            let (trace, hook) = trace::to_file(file).with_context(|| cannot_write(file))?;
            config.trace = Some(hook);
            Some(trace)
        }
    };
    let values = project.parameter_values();
    let topology = topology_of(&project.document, &registry, &values);
    let readers = input::readers(&topology);
    config.user = if readers.is_empty() { User::Absent } else { User::AtConsole };
    let end_by_reader_of_output = Rc::new(RefCell::new(None::<RuntimeHandle>));
    let way_out = end_by_reader_of_output.clone();
    config.console = Box::new(move |_, line| {
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{line}").is_err()
            && let Some(handle) = way_out.borrow().as_ref()
        {
            // Nobody reads any more, as after `head`.
            let _ = handle.try_send(RuntimeCommand::Quit);
        }
    });
    let mut scheduler = Scheduler::new(config);
    *end_by_reader_of_output.borrow_mut() = Some(scheduler.handle());
    let presses = obey_control_c(scheduler.handle());

    let steps = plan(&Topology::default(), &topology, &registry);
    let failed = scheduler.reconfigure(1, steps).into_iter().filter_map(|outcome| outcome.error);
    let failed: Vec<_> = failed.inspect(|error| tell(error)).collect();
    if !failed.is_empty() {
        return Ok(Verdict::Refused);
    }
    input::connect(&mut scheduler, &readers, arguments.virtual_time)?;
    let end = scheduler.run(RunLimit { clock: arguments.limit, ..RunLimit::default() });
    let snapshot = scheduler.snapshot();
    if let Some(trace) = trace {
        trace.finish().with_context(|| cannot_write(arguments.trace.as_deref().unwrap_or(Path::new("trace"))))?;
    }
    if let Some(file) = &arguments.stats {
        let text = stats::text(&snapshot);
        if file == Path::new("-") {
            print(&text);
        } else {
            std::fs::write(file, text).with_context(|| cannot_write(file))?;
        }
    }
    if end == RunEnd::Quit && presses.load(Ordering::Relaxed) > 1 {
        tell("ended before the components had finished");
        return Ok(Verdict::Failed);
    }
    Ok(judge(&end, &snapshot))
}

fn cannot_write(file: &Path) -> String {
    format!("cannot write {}", file.display())
}

/// Says what went wrong in the run, if anything.
fn judge(end: &RunEnd, snapshot: &Snapshot) -> Verdict {
    let mut verdict = Verdict::Well;
    for view in &snapshot.components {
        if let State::Crashed(words) = &view.state {
            tell(format!("{} crashed: {words}", view.name));
            verdict = Verdict::Failed;
        }
    }
    if let RunEnd::Stalled(words) = end {
        tell(format!("stalled: {words}"));
        verdict = Verdict::Failed;
    }
    verdict
}

/// The first Ctrl-C asks the components to end, the second ends the system without asking, the third leaves at once. Gives
/// the count of presses.
fn obey_control_c(handle: RuntimeHandle) -> Arc<AtomicU32> {
    let presses = Arc::new(AtomicU32::new(0));
    let count = presses.clone();
    let set = ctrlc::set_handler(move || {
        let command = match count.fetch_add(1, Ordering::Relaxed) {
            0 => RuntimeCommand::ShutDown,
            1 => RuntimeCommand::Quit,
            _ => std::process::exit(130),
        };
        if handle.try_send(command).is_err() {
            tell("the system is too busy to end in order; press Ctrl-C again");
        }
    });
    if let Err(error) = set {
        tell(format!("Ctrl-C will end the process at once: {error}"));
    }
    presses
}
