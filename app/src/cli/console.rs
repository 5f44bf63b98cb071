//! The console of a run: lines of components go to standard output.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::rc::Rc;

use compose_runtime::scheduler::ConsoleFn;

/// Ends the run early, because its results cannot be written.
pub type StopFn = Rc<dyn Fn()>;

/// Standard output during a run.
#[derive(Default)]
pub struct Console {
    error: Rc<RefCell<Option<io::Error>>>,
}

impl Console {
    /// The function that a scheduler calls for every line. If a line cannot be written, the run is stopped.
    pub fn hook(&self, stop: StopFn) -> ConsoleFn {
        let error = self.error.clone();
        Box::new(move |_, line| {
            let mut error = error.borrow_mut();
            if error.is_none() {
                *error = writeln!(io::stdout().lock(), "{line}").err();
                if error.is_some() {
                    stop();
                }
            }
        })
    }

    /// Flushes standard output. Fails if any line could not be written; a reader that has gone, for example `head`, is
    /// not an error.
    pub fn finish(&self) -> io::Result<()> {
        match self.error.take().map_or_else(|| io::stdout().flush(), Err) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
