//! `run`: a project without a window, on the calling thread.
//!
//! Bounded by `--for`, by the end of the system, or by Ctrl-C. It can be recorded, and a recording can be run instead of
//! the world.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use compose_runtime::builder::ClockKind;
use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::introspect::record::{Event, Recorded};
use compose_runtime::introspect::snapshot::{Snapshot, State};
use compose_runtime::scheduler::{Policy, RunEnd, RunLimit, Scheduler, SchedulerConfig, User};

use super::diagnosis::Diagnosis;
use super::interrupt::obey_control_c;
use super::prepare::Prepared;
use super::tape::{End, Header, Recorder, Recording, fingerprint};
use super::trace::Trace;
use super::{RunArguments, Verdict, input, print, stats, tell};

/// A scheduling policy of the command line.
pub fn parse_policy(text: &str) -> Result<Policy, String> {
    Policy::from_word(text).ok_or_else(|| "write round-robin, random or priority".to_owned())
}

/// How many times as fast a replay goes.
pub fn parse_speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed: &f64| speed.is_finite() && *speed > 0.0);
    speed.ok_or_else(|| "write a number above 0, as in 2.0 for twice as fast".to_owned())
}

/// Opens, checks and runs a project.
pub fn run(arguments: &RunArguments) -> Verdict {
    match try_run(arguments) {
        Ok(verdict) => verdict,
        Err(error) => {
            tell(format!("{error:#}"));
            Verdict::Refused
        }
    }
}

fn try_run(arguments: &RunArguments) -> anyhow::Result<Verdict> {
    let replay = match &arguments.replay {
        None => None,
        Some(file) => Some(Recording::open(file).with_context(|| file.display().to_string())?),
    };
    let settings = replay.as_ref().map_or(&arguments.settings, |recording| &recording.header.settings);
    let frame = arguments.frame.as_deref();
    let Some(prepared) = Prepared::open(&arguments.file, settings, frame) else { return Ok(Verdict::Refused) };
    if let (Some(recording), Some(file)) = (&replay, &arguments.replay) {
        let matches = recording.header.check_project(&prepared.project.title(), &prepared.topology);
        matches.with_context(|| file.display().to_string())?;
        if recording.end.is_none() {
            tell(format!("{}: the recording was cut off; it is replayed as far as it goes", file.display()));
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
    if let Some(recording) = &mut replay {
        (config.policy, config.seed) = (recording.header.policy, recording.header.seed);
        config.replay_speed = arguments.speed;
        limit.passes = Some(limit.passes.unwrap_or(u64::MAX).min(recording.passes()));
        config.replay = Some(std::mem::take(&mut recording.events));
    }
    let recorder = begin_recording(prepared, arguments)?;
    let mut record = recorder.as_ref().map(Recorder::hook);
    config.record = recorder.as_ref().map(Recorder::hook);
    let recorded_end = replay.as_ref().and_then(|recording| recording.end.as_ref());
    let trace = Trace::new(arguments.trace.as_deref())
        .with_context(|| cannot_write(arguments.trace.as_deref()))?
        .at_most(recorded_end.map(|end| end.deliveries));
    config.trace = (arguments.trace.is_some() || recorder.is_some()).then(|| trace.hook());
    let readers = if replay.is_some() { Vec::new() } else { input::readers(&prepared.topology) };
    config.unattended = &input::UNATTENDED;
    config.user = if readers.is_empty() { User::Absent } else { User::AtConsole };
    let way_out = Rc::new(RefCell::new(None::<RuntimeHandle>));
    let end_by_reader_of_output = way_out.clone();
    let components = prepared.topology.components.len();
    let diagnosis = Diagnosis::begin(&mut config, way_out.clone(), arguments.explain, components);
    config.console = Box::new(move |_, line| {
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{line}").is_err()
            && let Some(handle) = end_by_reader_of_output.borrow().as_ref()
        {
            // Nobody reads any more, as after `head`.
            let _ = handle.try_send(RuntimeCommand::Quit);
        }
    });

    let mut scheduler = Scheduler::new(config);
    *way_out.borrow_mut() = Some(scheduler.handle());
    let presses = obey_control_c(scheduler.handle(), replay.is_some());
    let failed = scheduler.reconfigure(1, prepared.steps()).into_iter().filter_map(|outcome| outcome.error);
    let failed: Vec<_> = failed.inspect(|error| tell(error)).collect();
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
    let mut end = diagnosis.run(&mut scheduler, limit, arguments.virtual_time && replay.is_none());
    let snapshot = scheduler.snapshot();

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
        if file == Path::new("-") {
            print(&text);
        } else {
            std::fs::write(file, text).with_context(|| cannot_write(Some(file)))?;
        }
    }
    if end == RunEnd::Quit && presses.load(Ordering::Relaxed) > u32::from(replay.is_none()) {
        tell("ended before the components had finished");
        return Ok(Verdict::Failed);
    }
    let verdict = judge(&end, &snapshot);
    diagnosis.finish(&end, &snapshot);
    Ok(verdict)
}

fn begin_recording(prepared: &Prepared, arguments: &RunArguments) -> anyhow::Result<Option<Recorder>> {
    let Some(file) = &arguments.record else { return Ok(None) };
    let header = Header {
        project: prepared.project.title(),
        fingerprint: fingerprint(&prepared.topology),
        policy: arguments.policy,
        seed: arguments.seed,
        settings: arguments.settings.clone(),
    };
    Recorder::begin(file, &header).map(Some).with_context(|| cannot_write(Some(file)))
}

fn cannot_write(file: Option<&Path>) -> String {
    format!("cannot write {}", file.unwrap_or(Path::new("the file")).display())
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
    for (name, words) in &snapshot.past_crashes {
        tell(format!("{name} crashed: {words}"));
        verdict = Verdict::Failed;
    }
    if let RunEnd::Stalled(words) = end {
        tell(format!("stalled: {words}"));
        verdict = Verdict::Failed;
    }
    verdict
}
