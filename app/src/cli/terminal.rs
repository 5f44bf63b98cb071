//! What is written to the terminal: results to standard output, everything else to standard error.
//!
//! Names, errors and messages come from files and programs of other people. Their control characters are written as
//! escapes, because a terminal obeys them. Only what the components of a run print is passed on unchanged: it is data.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

use serde_json::Value;

use super::verdict::Verdict;

/// Prints a message to standard error, on one line.
pub fn tell(message: impl Display) {
    // A closed standard error does not stop the command.
    let _ = writeln!(io::stderr(), "kamaelia-compose: {}", escaped(&message.to_string()));
}

/// Prints a note of a component to standard error, on one line.
pub fn note(component: &str, text: &str) {
    // If standard error is closed, there is nowhere left to report to.
    let _ = writeln!(io::stderr(), "{}: {}", escaped(component), escaped(text));
}

/// Prints the requested data to standard output and returns `verdict`. If the data cannot be written, the command has
/// failed. A reader that has gone, for example `head`, is not an error.
pub fn print(text: &str, verdict: Verdict) -> Verdict {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            tell(format!("cannot write to standard output: {error}"));
            Verdict::Failed
        }
        Ok(()) | Err(_) => verdict,
    }
}

/// The JSON of a report, with a line break at its end.
pub fn json_text(value: &Value) -> String {
    let mut text = String::new();
    for letter in format!("{value:#}\n").chars() {
        if letter != '\n' && is_obeyed(letter) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(letter));
        } else {
            text.push(letter);
        }
    }
    text
}

/// The text with an escape for every character that a terminal obeys instead of showing it.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_obeyed(letter) { safe.extend(letter.escape_default()) } else { safe.push(letter) }
    }
    Cow::Owned(safe)
}

/// Control characters, and the characters that reverse the direction of text.
fn is_obeyed(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(escaped("plain é — text"), "plain é — text");
        assert_eq!(escaped("a\u{1b}[2J\r\nb\u{9b}\u{202e}"), "a\\u{1b}[2J\\r\\nb\\u{9b}\\u{202e}");
    }

    #[test]
    fn control_characters_in_json_are_escaped_as_json() {
        let value = Value::from("\u{1b}\u{9b}\u{202e}");
        let text = json_text(&value);
        assert_eq!(text, "\"\\u001b\\u009b\\u202e\"\n");
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}
