//! Writes a file line by line. Writing never fails; the first error stops the run, and `finish` reports it.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;

use super::console::StopFn;

/// A file of lines. Clones write to the same file.
pub struct Lines<W = File> {
    sink: Rc<RefCell<Sink<W>>>,
}

struct Sink<W> {
    out: W,
    error: Option<io::Error>,
    stop: StopFn,
}

impl<W> Clone for Lines<W> {
    fn clone(&self) -> Self {
        Self { sink: self.sink.clone() }
    }
}

impl<W: Write> Lines<W> {
    /// Lines written to `out`; `stop` is called at the first error.
    pub fn to(out: W, stop: StopFn) -> Self {
        Self { sink: Rc::new(RefCell::new(Sink { out, error: None, stop })) }
    }

    /// Writes a line. After the first error, nothing more is written.
    pub fn write(&self, line: &str) {
        let mut sink = self.sink.borrow_mut();
        if sink.error.is_none() {
            sink.error = writeln!(sink.out, "{line}").err();
            if sink.error.is_some() {
                (sink.stop)();
            }
        }
    }

    /// Flushes the file. Fails if any line could not be written.
    pub fn finish(&self) -> io::Result<()> {
        let mut sink = self.sink.borrow_mut();
        match sink.error.take() {
            Some(error) => Err(error),
            None => sink.out.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_error_stops_the_run_and_is_reported_at_the_end() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::other("full"))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let stops = Rc::new(RefCell::new(0));
        let count = stops.clone();
        let lines = Lines::to(Full, Rc::new(move || *count.borrow_mut() += 1));
        lines.write("x");
        lines.write("y");
        assert_eq!(*stops.borrow(), 1);
        assert_eq!(lines.finish().map_err(|error| error.to_string()), Err("full".to_owned()));
    }
}
