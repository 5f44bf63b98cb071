//! Guard: ends a program, and every process that it has started, together with this process or its component.
//!
//! The guard is a small shell that leads a process group; the program is a member of that group. The shell waits for
//! the end of its standard input, which only this process holds open, and then kills the group and itself. The system
//! closes the pipe whenever this process ends, even if it crashes or is killed, so the program cannot outlive it. The
//! process group ID is not reused while the guard runs.

use std::os::unix::process::CommandExt as _;

use async_process::{Child, Command, Stdio};
use compose_runtime::dev::*;

const SHELL: &str = "/bin/sh";

/// Keys such as Ctrl-C must not end the guard before the program.
const SCRIPT: &str = "trap '' HUP INT QUIT TERM; read -r line; kill -s KILL 0";

/// A process group that is killed when this is dropped.
pub(super) struct Guard {
    /// Holds the pipe open. Dropping it closes the pipe; the process is reaped in the background.
    shell: Child,
}

impl Guard {
    /// Starts the shell.
    pub(super) fn start() -> Result<Self, Fault> {
        let mut command = std::process::Command::new(SHELL);
        command.args(["-c", SCRIPT]).current_dir("/").process_group(0);
        let mut command = Command::from(command);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let shell = command.spawn().map_err(|error| {
            Fault::new(format!(
                "{SHELL}, which ends the program together with its component, cannot be started: {error}"
            ))
        })?;
        Ok(Self { shell })
    }

    /// Makes the program a member of the group.
    pub(super) fn admit(&self, program: &mut std::process::Command) {
        if let Ok(group) = i32::try_from(self.shell.id()) {
            program.process_group(group);
        }
    }
}
