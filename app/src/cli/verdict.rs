//! Verdict: the result of a command, as an exit code.

use std::process::ExitCode;

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
