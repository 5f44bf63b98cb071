//! Components that run programs of the operating system.

mod child;
#[cfg(unix)]
mod guard;
mod unix_process;

pub use unix_process::{PIPETHROUGH, UNIX_PROCESS};
