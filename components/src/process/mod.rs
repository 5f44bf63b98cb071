//! Components that run programs of the operating system.

mod child;
mod unix_process;

pub use unix_process::{PIPETHROUGH, UNIX_PROCESS};
