//! `run`: runs a project without a window, on the calling thread.
//!
//! The run ends when the system ends, when the limit of `--for` is reached, or at Ctrl-C. `--record` writes every outside
//! event to a file; `--replay` takes the events from such a file.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use compose_runtime::builder::ClockKind;
use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::record::{Event, Recorded};
use compose_runtime::introspect::snapshot::{Snapshot, State};
use compose_runtime::scheduler::{RunEnd, RunLimit, Scheduler, SchedulerConfig, User};

use super::command_line::RunArguments;
use super::console::{Console, StopFn};
use super::diagnosis::Diagnosis;
use super::held_turn;
use super::interrupt::install_ctrl_c_handler;
use super::outputs::{CannotWrite, STANDARD, check_files, check_outputs};
use super::prepare::Prepared;
use super::recording::{End, Header, Recorder, Recording, fingerprint};
use super::terminal::{print, report};
use super::trace::Trace;
use super::verdict::Verdict;
use super::{input, stats};

/// The minimum lag behind the wall clock at which `--for` ends a run on a virtual clock. Heavy computing on a busy
/// machine should not end a short run.
const SHORTEST_LAG: Duration = Duration::from_secs(5);

const STANDING_CLOCK: &str = "the virtual clock hardly moves, because components and outside tasks keep each other busy; \
                              the time limit was applied to real time instead";

/// Opens, checks and runs a project.
pub fn run(arguments: &RunArguments) -> Verdict {
    match try_run(arguments) {
        Ok(verdict) => verdict,
        Err(error) => {
            report(format!("{error:#}"));
            if error.is::<CannotWrite>() { Verdict::Failed } else { Verdict::Refused }
        }
    }
}

fn try_run(arguments: &RunArguments) -> anyhow::Result<Verdict> {
    check_files(arguments)?;
    let replay = match &arguments.replay {
        None => None,
        Some(file) => Some(Recording::open(file).with_context(|| file.display().to_string())?),
    };
    let settings = replay.as_ref().map_or(&arguments.settings, |recording| &recording.header.settings);
    let frame = arguments.frame.as_deref();
    let Some(prepared) = Prepared::open(&arguments.file, settings, frame) else { return Ok(Verdict::Refused) };
    check_outputs(arguments, &prepared.project, &prepared.registry)?;
    if let (Some(recording), Some(file)) = (&replay, &arguments.replay) {
        let matches = recording.header.check_project(&prepared.project.title(), &prepared.topology);
        matches.with_context(|| file.display().to_string())?;
        if recording.end.is_none() {
            report(format!("{}: the recording was cut off; replaying the part that is there", file.display()));
        }
    }
    run_prepared(&prepared, arguments, replay)
}

fn run_prepared(
    prepared: &Prepared,
    arguments: &RunArguments,
    mut replay: Option<Recording>,
) -> anyhow::Result<Verdict> {
    let mut config = SchedulerConfig::new(prepared.registry.clone());
    config.clock = if arguments.virtual_time { ClockKind::Virtual } else { ClockKind::Real };
    (config.policy, config.seed) = (arguments.policy, arguments.seed);
    config.base_folder = prepared.project.base_folder();
    let mut limit = RunLimit { clock: arguments.limit, passes: arguments.passes, ..RunLimit::default() };
    if arguments.virtual_time && replay.is_none() {
        limit.lag = arguments.limit.map(|limit| limit.max(SHORTEST_LAG));
    }
    if let Some(recording) = &mut replay {
        (config.policy, config.seed) = (recording.header.policy, recording.header.seed);
        config.replay_speed = arguments.speed;
        limit.passes = Some(limit.passes.unwrap_or(u64::MAX).min(recording.passes()));
        config.replay = Some(std::mem::take(&mut recording.events));
    }
    let own_handle = Rc::new(RefCell::new(None::<RuntimeHandle>));
    let stop = stop_through(own_handle.clone());
    let recorder = begin_recording(prepared, arguments, stop.clone())?;
    let mut record = recorder.as_ref().map(Recorder::hook);
    config.record = recorder.as_ref().map(Recorder::hook);
    let recorded_end = replay.as_ref().and_then(|recording| recording.end.as_ref());
    let mut console = Console::start().context("cannot start the thread that writes to standard output")?;
    config.console = console.hook();
    let trace = Trace::new(arguments.trace.as_deref(), &console, stop)
        .with_context(|| cannot_write(arguments.trace.as_deref()))?
        .at_most(recorded_end.map(|end| end.deliveries));
    let stats_file = create_stats(arguments)?;
    config.trace = (arguments.trace.is_some() || recorder.is_some()).then(|| trace.hook());
    let readers = if replay.is_some() { Vec::new() } else { input::readers(&prepared.topology) };
    config.unattended = &input::UNATTENDED;
    config.user = if readers.is_empty() { User::Absent } else { User::AtConsole };
    let components = prepared.topology.components.len();
    let diagnosis = Diagnosis::begin(&mut config, own_handle.clone(), arguments.explain, components);

    let mut scheduler = Scheduler::new(config);
    *own_handle.borrow_mut() = Some(scheduler.handle());
    let handle = scheduler.handle();
    console.at_failure(move || quit(&handle));
    let presses = install_ctrl_c_handler(scheduler.handle(), replay.is_some());
    let failed = scheduler.reconfigure(1, prepared.steps()).into_iter().filter_map(|outcome| outcome.error);
    let failed: Vec<_> = failed.inspect(|error| report(error)).collect();
    if !failed.is_empty() {
        return Ok(Verdict::Refused);
    }
    let mut given = input::connect(&mut scheduler, &readers, arguments.virtual_time)?;
    if replay.is_none() {
        let unpressed = input::without_presses(&prepared.topology);
        input::give(&mut scheduler, &unpressed);
        given.extend(unpressed);
    }
    if let Some(record) = &mut record {
        for (id, line) in given {
            record(Recorded { pass: 0, event: Event::Surface(id, line) });
        }
    }
    let watch = held_turn::watch(scheduler.handle(), presses.clone());
    let mut end = diagnosis.run(&mut scheduler, limit, arguments.virtual_time && replay.is_none());
    drop(watch);
    let snapshot = scheduler.snapshot();
    if end == RunEnd::LimitReached
        && limit.lag.is_some()
        && limit.clock.is_some_and(|limit| snapshot.clock < limit)
        && limit.passes.is_none_or(|limit| snapshot.pass < limit)
    {
        report(STANDING_CLOCK);
    }

    console.finish().with_context(|| CannotWrite("standard output".into()))?;
    trace.finish().with_context(|| cannot_write(arguments.trace.as_deref()))?;
    if let Some(recorder) = &recorder {
        let end = End { passes: snapshot.pass, deliveries: trace.count(), how: end.clone() };
        recorder.finish(&end).with_context(|| cannot_write(arguments.record.as_deref()))?;
    }
    if let (RunEnd::LimitReached, Some(recorded)) = (&end, recorded_end)
        && snapshot.pass == recorded.passes
    {
        end = recorded.how.clone();
    }
    if let Some(file) = &arguments.stats {
        let text = stats::text(&snapshot);
        if let Some(mut stats_file) = stats_file {
            stats_file.write_all(text.as_bytes()).with_context(|| cannot_write(Some(file)))?;
        } else if print(&text, Verdict::Well) == Verdict::Failed {
            return Ok(Verdict::Failed);
        }
    }
    if end == RunEnd::Quit && presses.load(Ordering::Relaxed) > u32::from(replay.is_none()) {
        report("the run was ended before all components had finished");
        return Ok(Verdict::Failed);
    }
    let verdict = judge(&end, &snapshot);
    diagnosis.finish(&end, &snapshot);
    Ok(verdict)
}

/// Ends the run through its handle, once the handle is set.
fn stop_through(handle: Rc<RefCell<Option<RuntimeHandle>>>) -> StopFn {
    Rc::new(move || {
        if let Some(handle) = handle.borrow().as_ref() {
            quit(handle);
        }
    })
}

/// Asks the scheduler to end the run. If its queue is full, the run continues; the error is still reported at its end.
fn quit(handle: &RuntimeHandle) {
    let _ = handle.try_send(RuntimeCommand::Quit);
}

fn begin_recording(prepared: &Prepared, arguments: &RunArguments, stop: StopFn) -> anyhow::Result<Option<Recorder>> {
    let Some(file) = &arguments.record else { return Ok(None) };
    let header = Header {
        project: prepared.project.title(),
        fingerprint: fingerprint(&prepared.topology),
        policy: arguments.policy,
        seed: arguments.seed,
        settings: arguments.settings.clone(),
    };
    Recorder::begin(file, &header, stop).map(Some).with_context(|| cannot_write(Some(file)))
}

/// Creates the file of `--stats` before the run, so that a bad path does not cost a whole run. `None` for standard output.
fn create_stats(arguments: &RunArguments) -> anyhow::Result<Option<File>> {
    let file = arguments.stats.as_deref().filter(|file| *file != Path::new(STANDARD));
    file.map(|file| File::create(file).with_context(|| cannot_write(Some(file)))).transpose()
}

fn cannot_write(file: Option<&Path>) -> CannotWrite {
    CannotWrite(file.unwrap_or(Path::new("the file")).to_owned())
}

/// Prints the crashes and the stall of a run, if any.
fn judge(end: &RunEnd, snapshot: &Snapshot) -> Verdict {
    let mut verdict = Verdict::Well;
    for view in &snapshot.components {
        if let State::Crashed(fault) = &view.state {
            report(format!("{} crashed: {fault}", view.name));
            verdict = Verdict::Failed;
        }
    }
    for (name, fault) in &snapshot.past_crashes {
        report(format!("{name} crashed: {fault}"));
        verdict = Verdict::Failed;
    }
    if let RunEnd::Stalled(reason) = end {
        report(format!("stalled: {reason}"));
        verdict = Verdict::Failed;
    }
    verdict
}
