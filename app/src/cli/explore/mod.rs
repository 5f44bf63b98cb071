//! `explore`: a project under many schedules, on a virtual clock and without a window, to see what can come out of it.
//!
//! Each seed is one order of turns. Runs share nothing, so that `run` with the seed of an outcome shows it again.

mod outcome;
mod report;

use std::cell::RefCell;
use std::rc::Rc;

use compose_runtime::builder::ClockKind;
use compose_runtime::scheduler::{Policy, RunLimit, Scheduler, SchedulerConfig, User};

use self::outcome::{Console, Outcome, Tally};
use super::prepare::Prepared;
use super::{ExploreArguments, Format, Verdict, input, print, tell};

/// Runs the project again and again and prints what came out.
pub fn explore(arguments: &ExploreArguments) -> Verdict {
    let Some(prepared) = Prepared::open(&arguments.file, &arguments.settings, None) else { return Verdict::Refused };
    let readers = input::readers(&prepared.topology);
    let mut given = if readers.is_empty() { Vec::new() } else { input::read_all(&readers) };
    given.extend(input::without_presses(&prepared.topology));
    let mut tally = Tally::default();
    for seed in (arguments.seed..=u64::MAX).take(arguments.runs as usize) {
        match run(&prepared, arguments, &given, seed) {
            Ok(outcome) => tally.add(outcome, seed),
            Err(words) => {
                tell(words);
                return Verdict::Refused;
            }
        }
    }
    let found = tally.found();
    print(&match arguments.format {
        Format::Json => format!("{:#}\n", report::json(arguments, &found)),
        Format::Text | Format::Markdown => report::text(arguments, &found),
    });
    if found.iter().any(|found| found.outcome.is_bad()) { Verdict::Failed } else { Verdict::Well }
}

/// A policy that has something to draw lots about.
pub fn parse_policy(text: &str) -> Result<Policy, String> {
    match Policy::from_word(text) {
        Some(policy @ (Policy::Random | Policy::Priority)) => Ok(policy),
        Some(Policy::RoundRobin) | None => Err("write random or priority".to_owned()),
    }
}

fn run(prepared: &Prepared, arguments: &ExploreArguments, given: &input::Given, seed: u64) -> Result<Outcome, String> {
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
    let failed = scheduler.reconfigure(1, prepared.steps()).into_iter().find_map(|outcome| outcome.error);
    if let Some(words) = failed {
        return Err(words.to_string());
    }
    input::give(&mut scheduler, given);
    let limit = RunLimit { clock: Some(arguments.until), passes: Some(arguments.passes), ..RunLimit::default() };
    let end = scheduler.run(limit);
    let snapshot = scheduler.snapshot();
    Ok(Outcome::of(console.take(), &end, &snapshot, arguments.passes))
}
