//! What is written to the terminal: results to standard output, everything else to standard error.
//!
//! Names, errors and messages come from other people's files and programs. Their control characters are written as
//! escapes, because a terminal interprets them. Only the output of a run's components is passed on unchanged, because
//! it is data.

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

use compose_runtime::escape::{is_control, one_line};
use serde_json::Value;

use super::verdict::Verdict;

/// Prints a message to standard error, on one line.
pub fn report(message: impl Display) {
    // A closed standard error does not stop the command.
    let _ = writeln!(io::stderr(), "kamaelia-compose: {}", one_line(&message.to_string()));
}

/// Prints the requested data to standard output and returns `verdict`. If the data cannot be written, the command has
/// failed. A reader that has exited, for example `head`, is not an error.
pub fn print(text: &str, verdict: Verdict) -> Verdict {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report(format!("cannot write to standard output: {error}"));
            Verdict::Failed
        }
        Ok(()) | Err(_) => verdict,
    }
}

/// The JSON of a report, with a line break at its end.
pub fn json_text(value: &Value) -> String {
    json_escaped(&format!("{value:#}\n"))
}

/// The JSON with an escape for every character in its strings that a terminal interprets instead of displaying it. JSON
/// itself escapes only some of them. The line breaks between its values stay.
pub fn json_escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && is_control(letter) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(letter));
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_in_json_are_escaped_as_json() {
        let value = Value::from("\u{1b}\u{9b}\u{202e}\u{61c}");
        let text = json_text(&value);
        assert_eq!(text, "\"\\u001b\\u009b\\u202e\\u061c\"\n");
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}
