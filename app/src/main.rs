//! The binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    compose_app::cli::main()
}
