//! The core of a peer-to-peer streaming system: a component takes a stream from upstream and publishes it on a named
//! bus; every peer that connects gets a copy from then on. Handles stand for the peers, so the example needs no
//! network.
//!
//! `cargo run -p compose_runtime --example p2p_core`
#![allow(clippy::print_stdout)]

use std::error::Error;

use compose_runtime::dev::*;
use compose_runtime::prelude::*;

/// The bus: sends every published message to all subscribers.
struct Backplane;

impl Component for Backplane {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.register_inbox_service("VIDEO in", "inbox")?;
        io.register_outbox_service("VIDEO out", "outbox")?;
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

/// Publishes the messages that it receives.
struct Publish;

impl Component for Publish {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let Some(bus) = io.service("VIDEO in").await else { return Ok(()) };
        io.link_to("outbox", &bus).await?;
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

/// Sends all messages published from now on to one peer.
struct Subscribe;

impl Component for Subscribe {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let Some(bus) = io.service("VIDEO out").await else { return Ok(()) };
        io.link_from(&bus, "inbox").await?;
        io.send("outbox", "joined").await;
        while let Some(message) = io.recv("inbox").await {
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

const IN: &[BoxSpec] = &[BoxSpec::new("inbox", "The stream")];
const OUT: &[BoxSpec] = &[BoxSpec::new("outbox", "The stream")];
const BOTH: ComponentSpec = ComponentSpec { inboxes: IN, outboxes: OUT, ..ComponentSpec::EMPTY };

static BACKPLANE: ComponentSpec = ComponentSpec { type_name: "Backplane", build: build::<Backplane>, ..BOTH };
static PUBLISH: ComponentSpec = ComponentSpec { type_name: "Publish", build: build::<Publish>, ..BOTH };
static SUBSCRIBE: ComponentSpec = ComponentSpec { type_name: "Subscribe", build: build::<Subscribe>, ..BOTH };

/// Connects one peer: a new subscription, and the handle that stands for its connection.
fn connect(runtime: &RuntimeHandle, id: u64) -> Result<Handle, Box<dyn Error>> {
    let mut peer = System::new();
    let local = peer.add(&format!("peer{id}"), &SUBSCRIBE);
    let desc = peer.topology().components.get(&local).cloned().ok_or("the component was just added")?;
    let handle = runtime.start(ComponentId(id), desc, &[], &["outbox"])?;
    assert_eq!(handle.get("outbox")?, Some("joined".into()));
    Ok(handle)
}

/// The next `count` blocks that a peer receives.
fn blocks(peer: &Handle, count: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(peer.get("outbox")?.ok_or("the stream has ended")?.to_string());
    }
    Ok(found)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut system = System::new();
    system.add("backplane", &BACKPLANE);
    let publish = system.add("publish", &PUBLISH);
    system.register(&SUBSCRIBE);
    let runtime = system.spawn(|builder| builder)?;
    let upstream = runtime.attach(publish, &["inbox", "control"], &[])?;

    let early = connect(&runtime, 11)?;
    for number in 1..=3 {
        upstream.put("inbox", format!("block {number}"))?;
    }
    println!("the early peer received {:?}", blocks(&early, 3)?);
    let late = connect(&runtime, 12)?;
    for number in 4..=5 {
        upstream.put("inbox", format!("block {number}"))?;
    }
    let (first, second) = (blocks(&early, 2)?, blocks(&late, 2)?);
    println!("then both peers received {first:?} and {second:?}");
    assert_eq!(first, second, "both peers receive the same blocks after the second one joins");

    // The end of the stream reaches every peer through the bus and the subscriptions.
    upstream.put("control", Message::ProducerFinished)?;
    assert_eq!((early.get("outbox")?, late.get("outbox")?), (None, None));
    println!("the end of the stream reached both peers");
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn a_peer_receives_the_stream_from_the_moment_it_joins() {
        super::main().unwrap();
    }
}
