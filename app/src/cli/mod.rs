//! The command line: runs, checks and lists without a window, or opens it.
//!
//! Standard output carries what was asked for and nothing else; everything else goes to standard error. Exit codes: 0 well,
//! 1 a component crashed and was not started again (also one inside of a chassis, unless that contains it) or the system
//! stalled, 2 a bad command line or project.

mod check;
mod components;
mod diagnosis;
mod duration;
mod explain;
mod explore;
mod input;
mod interrupt;
mod lines;
mod only_frame;
mod prepare;
mod run;
mod stats;
mod tape;
mod trace;
mod window;

use std::fmt::Display;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use compose_runtime::scheduler::Policy;

/// What a command left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Well.
    Well,
    /// A component crashed, or the system stalled.
    Failed,
    /// A bad command line or project.
    Refused,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Well => Self::SUCCESS,
            Verdict::Failed => Self::from(1),
            Verdict::Refused => Self::from(2),
        }
    }
}

/// Draw a graph of components, press run, watch the messages move.
#[derive(Debug, Parser)]
#[command(name = "kamaelia-compose", version, about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Project file to open in the window.
    file: Option<PathBuf>,
    /// Start the project at once.
    #[arg(long, requires = "file")]
    run: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a project without a window.
    Run(RunArguments),
    /// Run a project in many orders of turns and tell what can come out of it.
    Explore(ExploreArguments),
    /// Say what is wrong with project files.
    Check(CheckArguments),
    /// List the components there are, or explain one.
    Components(ComponentsArguments),
    /// Write the manual of all components into a folder.
    #[command(hide = true)]
    Manual {
        /// Folder to write into; made if need be.
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
struct RunArguments {
    /// Project file.
    file: PathBuf,
    /// Stop after this time on the system's clock, as in 10s, 300ms, 2m or 1h.
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
    limit: Option<std::time::Duration>,
    /// Let the clock jump over waiting.
    #[arg(long)]
    virtual_time: bool,
    /// Seed of everything that is chosen by chance.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Give a project parameter another value.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = prepare::parse_setting)]
    settings: Vec<(String, String)>,
    /// Run only what stands in the frame of this title: one program of a system of several.
    #[arg(long, value_name = "TITLE")]
    frame: Option<String>,
    /// Write the final state as JSON to a file, or to standard output (-).
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
    /// Write one line of JSON for every delivery to a file.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Say at the end who waits for whom, what starves or only grows, and which part is the slowest.
    #[arg(long)]
    explain: bool,
    /// How turns are given out: round-robin, random or priority; the last two draw lots from the seed.
    #[arg(long, value_name = "POLICY", value_parser = run::parse_policy, default_value = "round-robin")]
    policy: Policy,
    /// Stop after so many passes of the scheduler.
    #[arg(long, value_name = "N")]
    passes: Option<u64>,
    /// Record everything that enters from outside.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Run what was recorded, with its seed, policy and settings, instead of the world.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "seed", "policy", "settings", "virtual_time"])]
    replay: Option<PathBuf>,
    /// Replay this many times as fast as it was recorded; without it, as fast as it can.
    #[arg(long, value_name = "FACTOR", value_parser = run::parse_speed, requires = "replay")]
    speed: Option<f64>,
}

#[derive(Debug, Args)]
struct ExploreArguments {
    /// Project file.
    file: PathBuf,
    /// How many runs.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// End each run at this time on its virtual clock, as in 10s, 300ms, 2m or 1h.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "60s")]
    until: std::time::Duration,
    /// End each run after so many passes of the scheduler.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    passes: u64,
    /// How lots are drawn: random, or priority for outcomes that need few unlucky moments.
    #[arg(long, value_name = "POLICY", value_parser = explore::parse_policy, default_value = "random")]
    policy: Policy,
    /// The first seed; each run has the next.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Give a project parameter another value.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = prepare::parse_setting)]
    settings: Vec<(String, String)>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// Project files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct ComponentsArguments {
    /// Explain this component; without it, list all.
    name: Option<String>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For reading.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For the manual.
    #[value(hide = true)]
    Markdown,
}

/// Does what the command line says.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let verdict = match arguments.command {
        None => window::open(arguments.file, arguments.run),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Explore(arguments)) => explore::explore(&arguments),
        Some(Command::Check(arguments)) => check::check(&arguments),
        Some(Command::Components(arguments)) => components::components(&arguments),
        Some(Command::Manual { folder }) => components::write_manual(&folder),
    };
    verdict.into()
}

/// Says something to the person, on standard error.
fn tell(words: impl Display) {
    // Nobody to tell is no reason to stop.
    let _ = writeln!(std::io::stderr(), "kamaelia-compose: {words}");
}

/// Prints what was asked for. A reader that has gone away, as `head` does, is no failure.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_file_alone_opens_the_window() {
        let arguments = Arguments::try_parse_from(["kamaelia-compose", "--run", "x.json"]);
        assert!(arguments.is_ok_and(|arguments| arguments.command.is_none() && arguments.run));
    }

    #[test]
    fn bad_words_are_refused() {
        for words in
            ["run", "run x --for soon", "run x --seed many", "run x --set nothing", "check", "--run", "run x --y"]
        {
            let all = std::iter::once("kamaelia-compose").chain(words.split(' '));
            assert!(Arguments::try_parse_from(all).is_err(), "{words}");
        }
    }
}
