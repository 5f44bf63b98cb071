//! The command line: runs, checks and lists without a window, or opens the window.
//!
//! Standard output carries only the requested data; everything else goes to standard error. Exit codes: 0 success; 1 the
//! system stalled, or a component crashed and was not restarted (a crash inside a chassis counts unless the chassis
//! contains it); 2 a bad command line or project.

mod argument;
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

/// The result of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Success.
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
    /// Start the project as soon as the window opens.
    #[arg(long, requires = "file")]
    run: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a project without a window.
    Run(RunArguments),
    /// Run a project under many schedules and list the possible outcomes.
    Explore(ExploreArguments),
    /// List the problems of project files.
    Check(CheckArguments),
    /// List all components, or explain one.
    Components(ComponentsArguments),
    /// Write the manual of all components into a folder.
    #[command(hide = true)]
    Manual {
        /// Folder to write into; created if it does not exist.
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
struct RunArguments {
    /// Project file.
    file: PathBuf,
    /// Stop after this time on the system's clock, for example 10s, 300ms, 2m or 1h.
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
    limit: Option<std::time::Duration>,
    /// Skip waiting times: the clock jumps to the next event.
    #[arg(long)]
    virtual_time: bool,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Set a project parameter.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = argument::setting)]
    settings: Vec<(String, String)>,
    /// Run only the components inside the frame with this title: one program of a system of several.
    #[arg(long, value_name = "TITLE")]
    frame: Option<String>,
    /// Write the final state as JSON to a file, or to standard output (-).
    #[arg(long, value_name = "FILE")]
    stats: Option<PathBuf>,
    /// Write one line of JSON for every delivery to a file.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// At the end, report which components wait for which, starved components, growing queues and the slowest component.
    #[arg(long)]
    explain: bool,
    /// How the scheduler orders turns: round-robin, random or priority; the last two depend on the seed.
    #[arg(long, value_name = "POLICY", value_parser = argument::policy, default_value = "round-robin")]
    policy: Policy,
    /// Stop after N passes of the scheduler.
    #[arg(long, value_name = "N")]
    passes: Option<u64>,
    /// Record every event that enters from outside.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Replay a recording, with its seed, policy and settings, instead of outside events.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "seed", "policy", "settings", "virtual_time"])]
    replay: Option<PathBuf>,
    /// Replay FACTOR times as fast as recorded; without this option, as fast as possible.
    #[arg(long, value_name = "FACTOR", value_parser = argument::speed, requires = "replay")]
    speed: Option<f64>,
}

#[derive(Debug, Args)]
struct ExploreArguments {
    /// Project file.
    file: PathBuf,
    /// Number of runs.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// End each run at this time on its virtual clock, for example 10s, 300ms, 2m or 1h.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "60s")]
    until: std::time::Duration,
    /// End each run after N passes of the scheduler.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    passes: u64,
    /// How the scheduler orders turns: random, or priority to find outcomes that need few unlucky moments.
    #[arg(long, value_name = "POLICY", value_parser = argument::seeded_policy, default_value = "random")]
    policy: Policy,
    /// The first seed; each further run uses the next one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Set a project parameter.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = argument::setting)]
    settings: Vec<(String, String)>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// Project files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct ComponentsArguments {
    /// Component to explain; without it, all components are listed.
    name: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For the manual.
    #[value(hide = true)]
    Markdown,
}

/// Runs the command given on the command line.
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

/// Prints a message to standard error.
fn tell(message: impl Display) {
    // A closed standard error does not stop the command.
    let _ = writeln!(std::io::stderr(), "kamaelia-compose: {message}");
}

/// Prints the requested data to standard output. A reader that has gone, for example `head`, is not an error.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_definition_is_valid() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_file_alone_opens_the_window() {
        let arguments = Arguments::try_parse_from(["kamaelia-compose", "--run", "x.json"]);
        assert!(arguments.is_ok_and(|arguments| arguments.command.is_none() && arguments.run));
    }

    #[test]
    fn bad_command_lines_are_refused() {
        for line in
            ["run", "run x --for soon", "run x --seed many", "run x --set nothing", "check", "--run", "run x --y"]
        {
            let all = std::iter::once("kamaelia-compose").chain(line.split(' '));
            assert!(Arguments::try_parse_from(all).is_err(), "{line}");
        }
    }
}
