//! Writes a file line by line. Writing never fails; `finish` reports the first error.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;

/// A file of lines. Clones write to the same file.
pub struct Lines<W = File> {
    sink: Rc<RefCell<Sink<W>>>,
}

struct Sink<W> {
    out: W,
    error: Option<io::Error>,
}

impl<W> Clone for Lines<W> {
    fn clone(&self) -> Self {
        Self { sink: self.sink.clone() }
    }
}

impl<W: Write> Lines<W> {
    /// Lines written to `out`.
    pub fn to(out: W) -> Self {
        Self { sink: Rc::new(RefCell::new(Sink { out, error: None })) }
    }

    /// Writes a line. After the first error, nothing more is written.
    pub fn write(&self, line: &str) {
        let mut sink = self.sink.borrow_mut();
        if sink.error.is_none() {
            sink.error = writeln!(sink.out, "{line}").err();
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
    fn finish_reports_the_first_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::other("full"))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let lines = Lines::to(Full);
        lines.write("x");
        assert_eq!(lines.finish().map_err(|error| error.to_string()), Err("full".to_owned()));
    }
}
