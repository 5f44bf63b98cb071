//! Ctrl-C: the first press ends the system cleanly, the second ends it at once, the third ends the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;

use super::terminal::report;

/// Installs the handler and returns the count of presses. The first Ctrl-C asks the components to end, the second ends the
/// system without waiting for them, the third ends the process. In a replay, components cannot be asked, so the first
/// press ends the system.
pub fn install_ctrl_c_handler(handle: RuntimeHandle, is_replay: bool) -> Arc<AtomicU32> {
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
            report("the system is too busy to take the request; press Ctrl-C again");
        }
    });
    if let Err(error) = set {
        report(format!("Ctrl-C will end the process at once, because its handler could not be installed: {error}"));
    }
    presses
}
