//! Delivers lines of standard input to the components that read the console.
//!
//! With the real clock, the thread `compose-stdin` reads lines as they arrive. With a virtual clock, all input is read
//! before the run begins, so that every run is the same; only a terminal is read during the run.

use std::io::{self, BufRead, BufReader, ErrorKind, IsTerminal as _};
use std::time::Duration;

use anyhow::Context as _;
use compose_components::text::{LINE_CUT, LineBuffer};
use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::message::Message;
use compose_runtime::scheduler::Scheduler;
use compose_runtime::topology::{ComponentBody, Topology};

use super::terminal::report;

/// The component types that read lines from the console.
const READERS: [&str; 2] = ["ConsoleReader", "Textbox"];

/// The component types that wait for presses, which are impossible without a window.
const PRESSED: [&str; 3] = ["Button", "Multiclick", "KeyEvent"];

/// The component types whose instances inside a chassis have no user, so their input ends when they start: only components
/// of the project itself receive lines.
pub const UNATTENDED: [&str; 5] = [READERS[0], READERS[1], PRESSED[0], PRESSED[1], PRESSED[2]];

/// How long the thread waits before it retries when the queue of the scheduler is full.
const RETRY_INTERVAL: Duration = Duration::from_millis(2);

/// The components of a topology that read the console.
pub fn readers(topology: &Topology) -> Vec<ComponentId> {
    of_types(topology, &READERS)
}

fn of_types(topology: &Topology, types: &[&str]) -> Vec<ComponentId> {
    let is_one = |body: &ComponentBody| match body {
        ComponentBody::Leaf { type_name, .. } => types.contains(&&**type_name),
        ComponentBody::Composite { .. } => false,
    };
    topology.components.iter().filter(|(_, desc)| is_one(&desc.body)).map(|(id, _)| *id).collect()
}

/// Ends the input of the components that wait for presses, so that they and their receivers can end.
pub fn without_presses(topology: &Topology) -> Given {
    of_types(topology, &PRESSED).into_iter().map(|id| (id, Message::ProducerFinished)).collect()
}

/// Messages delivered before the run began, each with its receiver.
pub type Given = Vec<(ComponentId, Message)>;

/// Delivers every line of standard input, then its end, to every reader. Returns the messages delivered before the run.
pub fn connect(scheduler: &mut Scheduler, readers: &[ComponentId], virtual_time: bool) -> anyhow::Result<Given> {
    if readers.is_empty() {
        return Ok(Given::new());
    }
    if virtual_time && !io::stdin().is_terminal() {
        let given = read_all(readers);
        give(scheduler, &given);
        return Ok(given);
    }
    let (handle, readers) = (scheduler.handle(), readers.to_vec());
    let read = move || give_lines(BufReader::new(io::stdin()), |message| send(&handle, &readers, &message));
    // Not joined: the thread may wait forever for a line. It ends with the process.
    let thread = std::thread::Builder::new().name("compose-stdin".to_owned());
    thread.spawn(read).context("the thread that reads standard input could not be started")?;
    Ok(Given::new())
}

/// All of standard input for every reader; only its end if standard input is a terminal.
pub fn read_all(readers: &[ComponentId]) -> Given {
    let mut given = Given::new();
    let mut take = |message: Message| {
        given.extend(readers.iter().map(|id| (*id, message.clone())));
        true
    };
    if readers.is_empty() || io::stdin().is_terminal() {
        take(Message::ProducerFinished);
    } else {
        give_lines(BufReader::new(io::stdin()), take);
    }
    given
}

/// Delivers the messages before the run begins.
pub fn give(scheduler: &mut Scheduler, given: &Given) {
    for (id, message) in given {
        scheduler.put(&BoxAddr::inbox(*id, "_events"), message.clone());
    }
}

/// Passes every line as text, then the end. Stops early if `give` returns false. A byte-order mark at the start is removed,
/// and a line that is too long is passed in parts, which is reported.
fn give_lines(mut from: impl BufRead, mut give: impl FnMut(Message) -> bool) {
    let mut lines = LineBuffer::default();
    loop {
        let length = match from.fill_buf() {
            Ok([]) => break,
            Ok(bytes) => {
                lines.push(bytes);
                bytes.len()
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                report(format_args!("standard input cannot be read: {error}; its readers get no more lines"));
                break;
            }
        };
        from.consume(length);
        while let Some(line) = lines.next_line().map(text_of) {
            if lines.take_cut() {
                report(format_args!("standard input: {LINE_CUT}"));
            }
            if !give(line) {
                return;
            }
        }
    }
    if lines.rest().is_none_or(|rest| give(text_of(&rest))) {
        give(Message::ProducerFinished);
    }
}

/// A line as text, without its line break.
fn text_of(line: &[u8]) -> Message {
    let line = line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line));
    Message::text(String::from_utf8_lossy(line))
}

/// Sends the message to every reader; waits while the queue is full.
fn send(handle: &RuntimeHandle, readers: &[ComponentId], message: &Message) -> bool {
    for id in readers {
        let mut command = RuntimeCommand::SurfaceEvent { id: *id, event: message.clone() };
        while let Err(refused) = handle.try_send(command) {
            command = refused.0;
            std::thread::park_timeout(RETRY_INTERVAL);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &[&str]) {
        let mut given = Vec::new();
        give_lines(input.as_bytes(), |message| {
            given.push(message);
            true
        });
        assert_eq!(given.pop(), Some(Message::ProducerFinished));
        assert_eq!(given, expected.iter().map(Message::text).collect::<Vec<_>>());
    }

    #[test]
    fn lines_are_delivered_without_line_breaks() {
        check("a\nb\r\n\nlast", &["a", "b", "", "last"]);
        check("", &[]);
    }

    #[test]
    fn a_byte_order_mark_is_removed_and_a_long_line_is_split_between_characters() {
        check("\u{feff}a\n\u{feff}b", &["a", "\u{feff}b"]);
        // The limit of 1 MiB is inside the last character of the first part.
        let long = format!("x{}", "é".repeat(1 << 19));
        check(&format!("{long}\nnext"), &[&long[..long.len() - 2], "é", "next"]);
    }
}
