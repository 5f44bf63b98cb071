//! The console: reads typed lines and shows messages.

mod console_echoer;
mod console_reader;

pub use console_echoer::CONSOLE_ECHOER;
pub use console_reader::CONSOLE_READER;
