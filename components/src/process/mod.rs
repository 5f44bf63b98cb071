//! Programs of the operating system as components.

mod child;
mod unix_process;

pub use unix_process::{PIPETHROUGH, UNIX_PROCESS};
