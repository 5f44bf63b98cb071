//! A producer, a sender and a receiver in slow motion: a background runtime at ten deliveries per second. The program
//! observes it through snapshots while it runs, then shuts it down.
//!
//! `cargo run -p compose_runtime --example slow_motion`
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use compose_runtime::dev::*;
use compose_runtime::prelude::*;

/// Sends its line repeatedly.
struct Producer;

impl Component for Producer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // The loop needs no exit: after a request to end, the scheduler ends a source at its next wait.
        loop {
            io.send("outbox", "a saucer of milk, please").await;
        }
    }
}

/// Passes on the messages that it receives.
struct Sender;

impl Component for Sender {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

/// Prints the messages that it receives.
struct Receiver;

impl Component for Receiver {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            io.print(&message.to_string());
        }
        Ok(())
    }
}

const IN: &[BoxSpec] = &[BoxSpec::new("inbox", "Lines of text")];
const OUT: &[BoxSpec] = &[BoxSpec::new("outbox", "Lines of text")];

static PRODUCER: ComponentSpec =
    ComponentSpec { type_name: "Producer", outboxes: OUT, build: build::<Producer>, ..ComponentSpec::EMPTY };
static SENDER: ComponentSpec =
    ComponentSpec { type_name: "Sender", inboxes: IN, outboxes: OUT, build: build::<Sender>, ..ComponentSpec::EMPTY };
static RECEIVER: ComponentSpec =
    ComponentSpec { type_name: "Receiver", inboxes: IN, build: build::<Receiver>, ..ComponentSpec::EMPTY };

fn main() -> Result<(), Box<dyn Error>> {
    let mut system = System::new();
    let members = [system.add("producer", &PRODUCER), system.add("sender", &SENDER), system.add("receiver", &RECEIVER)];
    system.pipeline(&members);
    // With inboxes that hold one message, the components take turns.
    for member in &members[1..] {
        system.limit(*member, "inbox", InboxLimit { capacity: Some(1), policy: FullPolicy::Block });
    }

    let (notify, snapshots) = mpsc::channel();
    let runtime = system.spawn(|builder| {
        builder.speed(Speed::DeliveriesPerSecond(10.0)).on_snapshot(move || {
            // The receiver no longer exists when the example has ended.
            let _ = notify.send(());
        })
    })?;
    let began = Instant::now();
    let mut seen = 0;
    while seen < 8 {
        snapshots.recv_timeout(Duration::from_secs(10))?;
        let snapshot = runtime.snapshot();
        if snapshot.deliveries > seen {
            seen = snapshot.deliveries;
            let moved: Vec<u64> = snapshot.linkages.iter().map(|link| link.delivered).collect();
            println!("after {seen} deliveries: {moved:?} along the two links");
        }
    }
    let took = began.elapsed();
    println!("eight deliveries took {:.1} s", took.as_secs_f64());
    assert!(took >= Duration::from_millis(500), "eight deliveries must take time");

    runtime.try_send(RuntimeCommand::SetSpeed(Speed::Full))?;
    runtime.try_send(RuntimeCommand::ShutDown)?;
    while !runtime.snapshot().components.iter().all(|view| view.state.has_ended()) {
        snapshots.recv_timeout(Duration::from_secs(10))?;
    }
    let (lines, _) = runtime.take_console();
    println!("the receiver printed {} lines, all the same", lines.len());
    assert!(!lines.is_empty() && lines.iter().all(|(_, line)| line == "a saucer of milk, please"));
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn it_runs_slowly_and_shuts_down() {
        super::main().unwrap();
    }
}
