//! `explore`: runs a project under many schedules, on a virtual clock and without a window, and lists the outcomes.
//!
//! Each seed gives one order of turns. Runs share no state, so `run` with the seed of an outcome reproduces it.

mod outcome;
mod report;

use std::cell::RefCell;
use std::rc::Rc;

use compose_runtime::builder::ClockKind;
use compose_runtime::scheduler::{GraphError, RunLimit, Scheduler, SchedulerConfig, User};

use self::outcome::{Console, Outcome, Tally};
use super::command_line::{ExploreArguments, Format};
use super::input;
use super::prepare::Prepared;
use super::terminal::{self, json_text, print};
use super::verdict::Verdict;

/// The project could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the project could not be started: {0}")]
struct StartError(#[from] GraphError);

/// Runs the project once for each seed and prints the outcomes.
pub fn explore(arguments: &ExploreArguments) -> Verdict {
    let Some(prepared) = Prepared::open(&arguments.file, &arguments.settings, None) else { return Verdict::Refused };
    let readers = input::readers(&prepared.topology);
    let mut given = if readers.is_empty() { Vec::new() } else { input::read_all(&readers) };
    given.extend(input::without_presses(&prepared.topology));
    let mut tally = Tally::default();
    for seed in (arguments.seed..=u64::MAX).take(arguments.runs as usize) {
        match run(&prepared, arguments, &given, seed) {
            Ok(outcome) => tally.add(outcome, seed),
            Err(error) => {
                terminal::report(error);
                return Verdict::Refused;
            }
        }
    }
    let found = tally.found();
    let text = match arguments.format {
        Format::Json => json_text(&report::json(arguments, &found)),
        Format::Text | Format::Markdown => report::text(arguments, &found),
    };
    print(&text, if found.iter().any(|found| found.outcome.is_bad()) { Verdict::Failed } else { Verdict::Well })
}

fn run(
    prepared: &Prepared,
    arguments: &ExploreArguments,
    given: &input::Given,
    seed: u64,
) -> Result<Outcome, StartError> {
    let console = Rc::new(RefCell::new(Console::default()));
    let sink = console.clone();
    let mut config = SchedulerConfig::new(prepared.registry.clone());
    (config.clock, config.policy, config.seed) = (ClockKind::Virtual, arguments.policy, seed);
    config.base_folder = prepared.project.base_folder();
    config.unattended = &input::UNATTENDED;
    config.user = if given.is_empty() { User::Absent } else { User::AtConsole };
    config.console = Box::new(move |_, line| sink.borrow_mut().add(line));
    config.note = Box::new(|_, _| ());
    let mut scheduler = Scheduler::new(config);
    scheduler.apply(prepared.steps())?;
    input::give(&mut scheduler, given);
    let limit = RunLimit { clock: Some(arguments.until), passes: Some(arguments.passes), ..RunLimit::default() };
    let end = scheduler.run(limit);
    let snapshot = scheduler.snapshot();
    Ok(Outcome::of(console.take(), &end, &snapshot, arguments.passes))
}
