//! The console: lines typed and lines shown.

mod console_echoer;
mod console_reader;

pub use console_echoer::CONSOLE_ECHOER;
pub use console_reader::CONSOLE_READER;
