//! The command line: runs, checks and lists without a window, or opens the window.
//!
//! Standard output carries only the requested data; everything else goes to standard error. Exit codes: 0 success; 1 the
//! system stalled, a component crashed and was not restarted (a crash inside a chassis counts unless the chassis
//! contains it), or a requested output could not be written; 2 a bad command line or project.

mod argument;
mod check;
mod command_line;
mod component_text;
mod console;
mod diagnosis;
mod duration;
mod explore;
mod held_turn;
mod input;
mod interrupt;
mod lines;
mod list_components;
mod only_frame;
mod outputs;
mod prepare;
pub mod recording;
mod run;
mod stats;
mod terminal;
mod trace;
mod verdict;
mod window;

use std::process::ExitCode;

use clap::Parser as _;

use self::command_line::{Arguments, Command};

/// Runs the command given on the command line.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let verdict = match arguments.command {
        None => window::open(arguments.file, arguments.run),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Explore(arguments)) => explore::explore(&arguments),
        Some(Command::Check(arguments)) => check::check(&arguments),
        Some(Command::Components(arguments)) => list_components::components(&arguments),
        Some(Command::Manual { folder }) => list_components::write_manual(&folder),
    };
    verdict.into()
}
