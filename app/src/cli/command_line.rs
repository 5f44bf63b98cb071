//! The arguments of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use compose_runtime::scheduler::Policy;

use super::{argument, duration};

/// Draw a graph of components, press run, watch the messages move.
#[derive(Debug, Parser)]
#[command(name = "kamaelia-compose", version, args_conflicts_with_subcommands = true)]
#[command(about = "Draw a graph of components and run it, in a window or without a screen")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Project file to open in the window.
    pub file: Option<PathBuf>,
    /// Start the project as soon as the window opens.
    #[arg(long, requires = "file")]
    pub run: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a project without a window.
    Run(RunArguments),
    /// Run a project under many schedules and list the possible outcomes.
    Explore(ExploreArguments),
    /// List the problems of project files.
    Check(CheckArguments),
    /// List all components, or describe one.
    Components(ComponentsArguments),
    /// Write the manual of all components into a folder.
    #[command(hide = true)]
    Manual {
        /// Folder to write into; created if it does not exist.
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct RunArguments {
    /// Project file, or - for standard input.
    pub file: PathBuf,
    /// Stop after this time on the system's clock, for example 10s, 300ms, 2m or 1h.
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse, allow_negative_numbers = true)]
    pub limit: Option<std::time::Duration>,
    /// Skip waiting times: the clock jumps to the next event.
    #[arg(long)]
    pub virtual_time: bool,
    /// Seed of all random choices.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = argument::whole, allow_negative_numbers = true)]
    pub seed: u64,
    /// Set a project parameter; write lists, maps and other values of a parameter of kind any as JSON.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = argument::setting)]
    pub settings: Vec<(String, String)>,
    /// Run only the components inside the frame with this title: one program of a multi-program system.
    #[arg(long, value_name = "TITLE")]
    pub frame: Option<String>,
    /// Write the final state as JSON to a file, or to standard output (-).
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,
    /// Write one line of JSON for every delivery to a file, or to standard output (-).
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// At the end, report which components wait for which, starved components, growing queues and the slowest component.
    #[arg(long)]
    pub explain: bool,
    /// How the scheduler orders turns: round-robin, random or priority; the last two depend on the seed.
    #[arg(long, value_name = "POLICY", value_parser = argument::policy, default_value = "round-robin")]
    pub policy: Policy,
    /// Stop after N passes of the scheduler.
    #[arg(long, value_name = "N", value_parser = argument::whole, allow_negative_numbers = true)]
    pub passes: Option<u64>,
    /// Record every event that enters from outside.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Replay a recording, with its seed, policy and settings, instead of outside events.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "seed", "policy", "settings", "virtual_time"])]
    pub replay: Option<PathBuf>,
    /// Replay FACTOR times as fast as recorded, from 0.001 to 1000; without this option, as fast as possible.
    #[arg(long, value_name = "FACTOR", value_parser = argument::speed, allow_negative_numbers = true, requires = "replay")]
    pub speed: Option<f64>,
}

#[derive(Debug, Args)]
pub struct ExploreArguments {
    /// Project file, or - for standard input.
    pub file: PathBuf,
    /// Number of runs.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = argument::positive, allow_negative_numbers = true)]
    pub runs: u64,
    /// End each run at this time on its virtual clock, for example 10s, 300ms, 2m or 1h.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, allow_negative_numbers = true, default_value = "60s")]
    pub until: std::time::Duration,
    /// End each run after N passes of the scheduler.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = argument::positive, allow_negative_numbers = true)]
    pub passes: u64,
    /// How the scheduler orders turns: random, or priority to find outcomes that depend on a few unlucky scheduling
    /// decisions.
    #[arg(long, value_name = "POLICY", value_parser = argument::seeded_policy, default_value = "random")]
    pub policy: Policy,
    /// The first seed; each further run uses the next one.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = argument::whole, allow_negative_numbers = true)]
    pub seed: u64,
    /// Set a project parameter; write lists, maps and other values of a parameter of kind any as JSON.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = argument::setting)]
    pub settings: Vec<(String, String)>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Project files; - means standard input.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct ComponentsArguments {
    /// Component to describe; without it, all components are listed.
    pub name: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For the manual.
    #[value(hide = true)]
    Markdown,
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
