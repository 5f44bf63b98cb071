//! Standard input on its way to the components that read the console.
//!
//! With the real clock a thread of its own, `compose-stdin`, reads lines as they come. With a virtual clock everything is
//! read before the run begins, so that the run is the same every time; only a terminal is read as it goes.

use std::io::{self, BufRead, BufReader, IsTerminal as _, Read as _};
use std::time::Duration;

use anyhow::Context as _;
use compose_runtime::command::RuntimeCommand;
use compose_runtime::handle::RuntimeHandle;
use compose_runtime::ids::{BoxAddr, ComponentId};
use compose_runtime::message::Message;
use compose_runtime::scheduler::Scheduler;
use compose_runtime::topology::{ComponentBody, Topology};

/// The components that ask for lines of the console.
const READERS: [&str; 2] = ["ConsoleReader", "Textbox"];

/// The components that wait for presses, which nobody can give without a window.
const PRESSED: [&str; 3] = ["Button", "Multiclick", "KeyEvent"];

/// What is told at its start that nobody will use it, where a chassis starts it: only what stands in the project itself gets
/// lines.
pub const UNATTENDED: [&str; 5] = [READERS[0], READERS[1], PRESSED[0], PRESSED[1], PRESSED[2]];

/// Longest line, in bytes; what is longer comes in pieces.
const LONGEST_LINE: u64 = 1024 * 1024;

/// How long the thread waits when the queue into the scheduler is full.
const A_MOMENT: Duration = Duration::from_millis(2);

/// The components that read the console.
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

/// Tells everything that waits for presses that nobody will press it, so that what waits for it can end.
pub fn without_presses(topology: &Topology) -> Given {
    of_types(topology, &PRESSED).into_iter().map(|id| (id, Message::ProducerFinished)).collect()
}

/// What one reader was given before the run began.
pub type Given = Vec<(ComponentId, Message)>;

/// Gives lines of standard input, and at last its end, to every reader. Returns what was given at once.
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
    // Not joined: it may wait for a line that nobody types, and ends with the process.
    let thread = std::thread::Builder::new().name("compose-stdin".to_owned());
    thread.spawn(read).context("the thread that reads standard input could not be started")?;
    Ok(Given::new())
}

/// All of standard input for every reader; only its end if somebody would have to type it.
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

/// Puts everything where it belongs, before the run begins.
pub fn give(scheduler: &mut Scheduler, given: &Given) {
    for (id, message) in given {
        scheduler.put(&BoxAddr::inbox(*id, "_events"), message.clone());
    }
}

/// Every line as text, then the end, until the taker has had enough.
fn give_lines(mut from: impl BufRead, mut give: impl FnMut(Message) -> bool) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        if !give(Message::text(String::from_utf8_lossy(&line))) {
            return;
        }
    }
    give(Message::ProducerFinished);
}

/// Sends to every reader, waiting for room in the queue.
fn send(handle: &RuntimeHandle, readers: &[ComponentId], message: &Message) -> bool {
    for id in readers {
        let mut command = RuntimeCommand::SurfaceEvent { id: *id, event: message.clone() };
        while let Err(refused) = handle.try_send(command) {
            command = refused.0;
            std::thread::park_timeout(A_MOMENT);
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
    fn lines_are_given_without_their_ends() {
        check("a\nb\r\n\nlast", &["a", "b", "", "last"]);
        check("", &[]);
    }
}
