//! A file that is written line by line by a function that cannot fail, until the first error.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::rc::Rc;

/// A file of lines; copies write to the same file.
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
    /// Lines that go to `out`.
    pub fn to(out: W) -> Self {
        Self { sink: Rc::new(RefCell::new(Sink { out, error: None })) }
    }

    /// Writes a line; the first error is kept, and nothing is written after it.
    pub fn write(&self, line: &str) {
        let mut sink = self.sink.borrow_mut();
        if sink.error.is_none() {
            sink.error = writeln!(sink.out, "{line}").err();
        }
    }

    /// Writes out what is left; an error if any line could not be written.
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
        let lines = Lines::to(Full);
        lines.write("x");
        assert_eq!(lines.finish().map_err(|error| error.to_string()), Err("full".to_owned()));
    }
}
