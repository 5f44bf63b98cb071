//! The binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A child that was started for a process component does that component's work and nothing else.
    compose_runtime::process::serve_if_child(compose_components::registry);
    compose_app::cli::main()
}
