//! Ctrl-C: once ends the system in order, twice at once, a third time leaves the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;

use super::tell;

/// The first Ctrl-C asks the components to end, the second ends the system without asking, the third leaves at once. In a
/// replay nobody can be asked, so that the first ends it. Gives the count of presses.
pub fn obey_control_c(handle: RuntimeHandle, is_replay: bool) -> Arc<AtomicU32> {
    let presses = Arc::new(AtomicU32::new(0));
    let count = presses.clone();
    let set = ctrlc::set_handler(move || {
        let command = match count.fetch_add(1, Ordering::Relaxed) {
            0 if is_replay => RuntimeCommand::Quit,
            0 => RuntimeCommand::ShutDown,
            1 => RuntimeCommand::Quit,
            _ => std::process::exit(130),
        };
        if handle.try_send(command).is_err() {
            tell("the system is too busy to end in order; press Ctrl-C again");
        }
    });
    if let Err(error) = set {
        tell(format!("Ctrl-C will end the process at once: {error}"));
    }
    presses
}
