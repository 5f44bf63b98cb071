//! The binary. All code is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A child process that was started for a process component runs only that component.
    compose_runtime::process::serve_if_child(compose_components::registry);
    compose_app::cli::main()
}
