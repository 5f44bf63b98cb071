//! What is written to the terminal: results to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::Write as _;

/// Prints a message to standard error.
pub fn tell(message: impl Display) {
    // A closed standard error does not stop the command.
    let _ = writeln!(std::io::stderr(), "kamaelia-compose: {message}");
}

/// Prints the requested data to standard output. A reader that has gone, for example `head`, is not an error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
