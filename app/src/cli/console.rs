//! The console of a run: lines of components go to standard output.
//!
//! A thread writes them in batches: each write contains every line queued since the previous one. A system call per
//! line would take up the turn of the component that prints, and a waiting scheduler cannot flush a buffer. If the
//! reader of standard output is slow, the scheduler waits for it once [`MOST_WAITING`] bytes are queued.

use std::io::{self, Write};
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use compose_runtime::scheduler::ConsoleFn;

/// Ends the run early, because its results cannot be written.
pub type StopFn = Rc<dyn Fn()>;

/// Number of bytes that may be queued for the thread before the next line has to wait.
const MOST_WAITING: usize = 256 << 10;

/// Standard output during a run.
pub struct Console {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// The state that the scheduler and the thread share.
#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Notified when `waiting` changes.
    has_changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    error: Option<io::Error>,
    /// A line could not be written, so no further lines are written.
    has_failed: bool,
    /// The run is over.
    is_over: bool,
    /// Ends the run from the thread.
    stop: Option<Box<dyn Fn() + Send>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: impl Fn(&Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        let waiting = self.has_changed.wait_while(self.lock(), |waiting| condition(waiting));
        waiting.unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds bytes for the thread to write.
    fn push(&self, parts: &[&[u8]]) {
        let is_full = |waiting: &Waiting| waiting.bytes.len() >= MOST_WAITING && !waiting.has_failed;
        let mut waiting = self.wait_while(is_full);
        if waiting.has_failed {
            return;
        }
        let was_empty = waiting.bytes.is_empty();
        for part in parts {
            waiting.bytes.extend_from_slice(part);
        }
        drop(waiting);
        if was_empty {
            self.has_changed.notify_all();
        }
    }

    /// The thread: writes queued lines until the run is over or a write fails.
    fn write_to(&self, mut out: impl Write) {
        loop {
            let mut waiting = self.wait_while(|waiting| waiting.bytes.is_empty() && !waiting.is_over);
            let bytes = std::mem::take(&mut waiting.bytes);
            if bytes.is_empty() {
                return;
            }
            drop(waiting);
            self.has_changed.notify_all();
            if let Err(error) = out.write_all(&bytes).and_then(|()| out.flush()) {
                let mut waiting = self.lock();
                (waiting.error, waiting.has_failed) = (Some(error), true);
                waiting.bytes.clear();
                let stop = waiting.stop.take();
                drop(waiting);
                if let Some(stop) = stop {
                    stop();
                }
                self.has_changed.notify_all();
                return;
            }
        }
    }
}

/// See [`Console::writer`].
struct ConsoleWriter(Arc<Shared>);

impl Write for ConsoleWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(&[bytes]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Console {
    /// Starts the thread.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn start() -> io::Result<Self> {
        Self::to(io::stdout())
    }

    fn to(out: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let writer = shared.clone();
        let thread = std::thread::Builder::new().name("compose-console".to_owned());
        let thread = thread.spawn(move || writer.write_to(out))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Sets the function that ends the run if a line cannot be written. It is called once: on the thread, or at once if a
    /// write has failed already.
    pub fn at_failure(&self, stop: impl Fn() + Send + 'static) {
        let mut waiting = self.shared.lock();
        if waiting.has_failed {
            drop(waiting);
            stop();
        } else {
            waiting.stop = Some(Box::new(stop));
        }
    }

    /// The function that a scheduler calls for every line.
    pub fn hook(&self) -> ConsoleFn {
        let shared = self.shared.clone();
        Box::new(move |_, line| shared.push(&[line.as_bytes(), b"\n"]))
    }

    /// For other output, whose lines keep their order with those of the components. Writing to it never fails: an error is
    /// that of the console.
    pub fn writer(&self) -> impl Write + use<> {
        ConsoleWriter(self.shared.clone())
    }

    /// Waits until everything has been written. Fails if any line could not be written; a reader that has exited, for
    /// example `head`, is not an error.
    pub fn finish(&mut self) -> io::Result<()> {
        self.join();
        match self.shared.lock().error.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            Some(_) | None => Ok(()),
        }
    }

    fn join(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.shared.lock().is_over = true;
        self.shared.has_changed.notify_all();
        if thread.join().is_err() {
            self.shared.lock().error = Some(io::Error::other("the thread that writes to it has failed"));
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.join();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

    use super::*;

    /// Passes on each write, and waits until the test has taken it.
    struct Slow(SyncSender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn slow() -> (Console, Receiver<Vec<u8>>) {
        let (sender, writes) = sync_channel(0);
        (Console::to(Slow(sender)).unwrap(), writes)
    }

    #[test]
    fn a_line_is_written_at_once_and_lines_that_come_in_meanwhile_are_written_together() {
        let (mut console, writes) = slow();
        let mut print = console.hook();
        print("a", "first");
        assert_eq!(writes.recv().unwrap(), b"first\n", "without a second line");
        // The thread may take the next line alone, and then waits for the test.
        for _ in 0..1000 {
            print("a", "more");
        }
        let reader = std::thread::spawn(move || writes.iter().collect::<Vec<_>>());
        console.finish().unwrap();
        drop((console, print));
        let rest = reader.join().unwrap();
        assert!(rest.len() <= 2, "{} writes", rest.len());
        assert_eq!(rest.concat(), b"more\n".repeat(1000));
    }

    #[test]
    fn lines_wait_for_a_slow_reader() {
        let (mut console, writes) = slow();
        let shared = console.shared.clone();
        let printing = std::thread::spawn({
            let line = "x".repeat(MOST_WAITING / 4);
            let hook = SendHook(console.shared.clone());
            move || (0..64).for_each(|_| hook.print(&line))
        });
        let mut read = 0;
        while read < 64 * (MOST_WAITING / 4 + 1) {
            assert!(shared.lock().bytes.len() < MOST_WAITING + MOST_WAITING / 4 + 1);
            read += writes.recv().unwrap().len();
        }
        printing.join().unwrap();
        console.finish().unwrap();
    }

    /// A hook for another thread.
    struct SendHook(Arc<Shared>);

    impl SendHook {
        fn print(&self, line: &str) {
            let console = Console { shared: self.0.clone(), thread: None };
            (console.hook())("a", line);
        }
    }

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
        let mut console = Console::to(Full).unwrap();
        let (sender, stops) = channel();
        console.at_failure(move || sender.send(()).unwrap());
        let mut print = console.hook();
        print("a", "x");
        stops.recv().unwrap();
        print("a", "y");
        assert_eq!(console.finish().map_err(|error| error.to_string()), Err("full".to_owned()));
    }

    #[test]
    fn a_reader_that_has_gone_ends_the_run_without_an_error() {
        let (mut console, writes) = slow();
        drop(writes);
        let (sender, stops) = channel();
        (console.hook())("a", "x");
        console.at_failure(move || sender.send(()).unwrap());
        stops.recv().unwrap();
        assert!(console.finish().is_ok());
    }
}
