//! The trace of a run: one line of JSON for every delivery, in order.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use compose_runtime::scheduler::{Delivery, TraceFn};
use serde_json::json;

/// Longest form of a message, in characters.
const LONGEST: usize = 400;

/// A trace that is being written.
pub struct Trace {
    sink: Rc<RefCell<Sink<BufWriter<File>>>>,
}

/// Where the lines go, until the first error.
struct Sink<W> {
    out: W,
    error: Option<io::Error>,
}

impl<W: Write> Sink<W> {
    fn write(&mut self, delivery: &Delivery<'_>) {
        if self.error.is_none() {
            self.error = writeln!(self.out, "{}", line(delivery)).err();
        }
    }
}

/// Begins a trace, and the function that a scheduler calls for every delivery.
pub fn to_file(file: &Path) -> io::Result<(Trace, TraceFn)> {
    let sink = Rc::new(RefCell::new(Sink { out: BufWriter::new(File::create(file)?), error: None }));
    let trace = Trace { sink: sink.clone() };
    Ok((trace, Box::new(move |delivery| sink.borrow_mut().write(delivery))))
}

impl Trace {
    /// Writes out what is left; an error if any line could not be written.
    pub fn finish(self) -> io::Result<()> {
        let mut sink = self.sink.borrow_mut();
        match sink.error.take() {
            Some(error) => Err(error),
            None => sink.out.flush(),
        }
    }
}

fn line(delivery: &Delivery<'_>) -> String {
    json!({
        "at_ms": delivery.at.as_secs_f64() * 1000.0,
        "pass": delivery.pass,
        "sequence": delivery.sequence,
        "from": delivery.from,
        "to": delivery.to,
        "kind": delivery.message.kind().word(),
        "message": delivery.message.label(LONGEST),
    })
    .to_string()
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
    fn the_first_error_is_kept() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::other("full"))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut sink = Sink { out: Full, error: None };
        let (from, to) = ("a", "b");
        sink.write(&Delivery { at: Duration::ZERO, pass: 1, sequence: 1, from, to, message: &Message::Nothing });
        assert_eq!(sink.error.map(|error| error.to_string()), Some("full".to_owned()));
    }
}
