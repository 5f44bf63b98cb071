//! Producer, sender, receiver in slow motion: a background runtime at ten deliveries a second, watched from outside by
//! its snapshots while it runs, then stopped in order.
//!
//! `cargo run -p compose_runtime --example slow_motion`
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use compose_runtime::dev::*;
use compose_runtime::prelude::*;

/// Says its line again and again.
struct Producer;

impl Component for Producer {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // There is no way out of the loop, and none is needed: told to end, a source is ended at its next wait.
        loop {
            io.send("outbox", "a saucer of milk, please").await;
        }
    }
}

/// Passes on what it gets.
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

/// Prints what it gets.
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

const IN: &[BoxSpec] = &[BoxSpec::new("inbox", "Words")];
const OUT: &[BoxSpec] = &[BoxSpec::new("outbox", "Words")];

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
    // With room for one message only, they take turns.
    for member in &members[1..] {
        system.limit(*member, "inbox", InboxLimit { capacity: Some(1), policy: FullPolicy::Block });
    }

    let (tell, pictures) = mpsc::channel();
    let runtime = system.spawn(|builder| {
        builder.speed(Speed::DeliveriesPerSecond(10.0)).on_snapshot(move || {
            // Nobody looks any more once the example is over.
            let _ = tell.send(());
        })
    })?;
    let began = Instant::now();
    let mut seen = 0;
    while seen < 8 {
        pictures.recv_timeout(Duration::from_secs(10))?;
        let snapshot = runtime.snapshot();
        if snapshot.deliveries > seen {
            seen = snapshot.deliveries;
            let moved: Vec<u64> = snapshot.linkages.iter().map(|link| link.delivered).collect();
            println!("after {seen} deliveries: {moved:?} along the two links");
        }
    }
    let took = began.elapsed();
    println!("eight deliveries took {:.1} s", took.as_secs_f64());
    assert!(took >= Duration::from_millis(500), "it is slow motion");

    runtime.try_send(RuntimeCommand::SetSpeed(Speed::Full))?;
    runtime.try_send(RuntimeCommand::ShutDown)?;
    while !runtime.snapshot().components.iter().all(|view| view.state.has_ended()) {
        pictures.recv_timeout(Duration::from_secs(10))?;
    }
    let (lines, _) = runtime.take_console();
    println!("the receiver printed {} lines, all alike", lines.len());
    assert!(!lines.is_empty() && lines.iter().all(|(_, line)| line == "a saucer of milk, please"));
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn it_is_slow_and_ends_in_order() {
        super::main().unwrap();
    }
}
