//! ConnectedSocket: one connection that a server has accepted, as a component beside the protocol that serves it.
//!
//! Not in the palette: only servers start it. What the client sends comes out of `outbox`; what arrives in `inbox` goes to
//! the client. The end of the client's words ends the stream of `outbox`, though answers are still delivered.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use async_io::Timer;
use compose_runtime::dev::*;
use futures_lite::future;

use super::door::Door;
use crate::net::pump::{self, ReadEnd, WriteEnd};

/// The description.
pub static CONNECTED_SOCKET: ComponentSpec = ComponentSpec {
    type_name: "ConnectedSocket",
    category: Category::Network,
    summary: "One connection of a server",
    docs: "Started by a server for every client, linked to the protocol that serves it.",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text for the client").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes from the client").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::int("door", 0, i64::MAX, 0, "Where the connection waits"),
        ParamSpec::int("number", 0, i64::MAX, 0, "Which connection"),
        ParamSpec::text("peer", "", "Who it is"),
        ParamSpec::seconds("linger", 0.5, "How long a client that sends no more is still sent answers"),
    ],
    build: build::<ConnectedSocket>,
    ..ComponentSpec::EMPTY
};

/// How long a client may take to say goodbye after everything was sent to it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the task says when the client will send no more. Everything else it sends is bytes.
const NO_MORE: &str = "no more";

struct ConnectedSocket {
    door: i64,
    number: i64,
    peer: String,
    linger: Duration,
}

impl Component for ConnectedSocket {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            door: params.int("door"),
            number: params.int("number"),
            peer: params.text("peer"),
            linger: params.seconds("linger"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (door, number) = (self.door, self.number);
        let far = io.outside(&format!("connection to {}", self.peer), move |far| serve(door, number, far));
        let has_said_all = Cell::new(false);
        let sent = Cell::new(0u64);
        let down = async {
            while let Some(message) = far.recv().await? {
                if message.as_text() == Some(NO_MORE) {
                    io.finish("outbox");
                    has_said_all.set(true);
                } else {
                    io.send("outbox", message).await;
                }
            }
            Ok(())
        };
        let up = async {
            while let Some(message) = io.recv("inbox").await {
                far.send(pump::for_the_wire(message, "the connection")?).await;
                sent.set(sent.get() + 1);
            }
            far.finish_sending();
            // Only the client's leaving is waited for now.
            future::pending().await
        };
        // A protocol that does not end with its input is told when it has had nothing to say for a while.
        let tell = async {
            poll_fn(|_| if has_said_all.get() { Poll::Ready(()) } else { Poll::Pending }).await;
            loop {
                let before = sent.get();
                io.sleep(self.linger).await;
                if sent.get() == before {
                    break;
                }
            }
            io.send("signal", Message::ProducerFinished).await;
            future::pending().await
        };
        future::or(down, future::or(up, tell)).await
    }
}

/// Both directions of the connection, until both are over or it breaks.
async fn serve(door: i64, number: i64, far: OutsidePort) -> Outcome {
    far.stay_open();
    let Some(stream) = Door::take(door, number) else { return Ok(()) };
    let mut reading = pin!(async {
        let end = pump::read_all(stream.clone(), &far).await;
        if end == ReadEnd::EndOfStream {
            far.send(NO_MORE).await;
        }
        end
    });
    let mut writing = pin!(pump::write_all(stream.clone(), &far));
    let first = future::or(async { Err(reading.as_mut().await) }, async { Ok(writing.as_mut().await) }).await;
    match first {
        Err(ReadEnd::EndOfStream) => {
            writing.await;
        }
        Err(ReadEnd::Broken | ReadEnd::ComponentEnded) | Ok(WriteEnd::Broken) => {}
        // Closing with something unread would take the last words away from the client.
        Ok(WriteEnd::Finished | WriteEnd::Marker) => {
            let leave = async {
                reading.await;
            };
            let give_up = async {
                Timer::after(PATIENCE).await;
            };
            future::or(leave, give_up).await;
        }
    }
    Ok(())
}
