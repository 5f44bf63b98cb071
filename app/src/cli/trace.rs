//! The trace of a run: one line of JSON for every delivery, in order.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use compose_runtime::scheduler::{Delivery, TraceFn};
use serde_json::json;

use super::console::{Console, StopFn};
use super::lines::Lines;
use super::outputs::STANDARD;
use super::terminal::json_escaped;

/// Longest text of a message, in characters.
const LONGEST: usize = 400;

/// Counts the deliveries of a run, and writes them to a file if there is one.
pub struct Trace {
    lines: Option<Lines<Box<dyn Write>>>,
    count: Rc<Cell<u64>>,
    most: u64,
}

impl Trace {
    /// A trace that is written to `file`, or to standard output; without a file it only counts.
    pub fn new(file: Option<&Path>, console: &Console, stop: StopFn) -> io::Result<Self> {
        let out: Option<Box<dyn Write>> = match file {
            // Through the console, so that traced and printed lines keep their order.
            Some(file) if file == Path::new(STANDARD) => Some(Box::new(console.writer())),
            Some(file) => Some(Box::new(BufWriter::new(File::create(file)?))),
            None => None,
        };
        let lines = out.map(|out| Lines::to(out, stop));
        Ok(Self { lines, count: Rc::default(), most: u64::MAX })
    }

    /// Limits how many deliveries are written: a replay writes no more than the recorded run made.
    #[must_use]
    pub fn at_most(self, most: Option<u64>) -> Self {
        Self { most: most.unwrap_or(u64::MAX), ..self }
    }

    /// The function that a scheduler calls for every delivery.
    pub fn hook(&self) -> TraceFn {
        let (lines, count, most) = (self.lines.clone(), self.count.clone(), self.most);
        Box::new(move |delivery| {
            count.set(count.get() + 1);
            if let Some(lines) = &lines
                && count.get() <= most
            {
                lines.write(&line(delivery));
            }
        })
    }

    /// Deliveries so far.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// Flushes the file. Fails if any line could not be written.
    pub fn finish(&self) -> io::Result<()> {
        self.lines.as_ref().map_or(Ok(()), Lines::finish)
    }
}

fn line(delivery: &Delivery<'_>) -> String {
    let line = json!({
        "at_ms": delivery.at.as_secs_f64() * 1000.0,
        "pass": delivery.pass,
        "sequence": delivery.sequence,
        "from": delivery.from,
        "to": delivery.to,
        "kind": delivery.message.kind().name(),
        "message": delivery.message.label(LONGEST),
    });
    json_escaped(&line.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use compose_runtime::message::Message;

    use super::*;

    #[test]
    fn a_delivery_is_one_line_of_json() {
        let message = Message::text("two\nlines");
        let at = Duration::from_millis(1500);
        let line = line(&Delivery { at, pass: 3, sequence: 1, from: "a.outbox", to: "b.inbox", message: &message });
        let expected = concat!(
            r#"{"at_ms":1500.0,"pass":3,"sequence":1,"from":"a.outbox","to":"b.inbox","#,
            r#""kind":"text","message":"\"two\\nlines\""}"#
        );
        assert_eq!(line, expected);
    }

    #[test]
    fn names_cannot_control_the_terminal() {
        let message = Message::Nothing;
        let at = Duration::ZERO;
        let line = line(&Delivery { at, pass: 0, sequence: 0, from: "\u{9b}2J", to: "\u{202e}", message: &message });
        assert!(line.contains(r#""from":"\u009b2J","to":"\u202e""#), "{line}");
    }
}
