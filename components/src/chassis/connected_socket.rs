//! ConnectedSocket: one accepted connection of a server, as a component next to the protocol that serves it.
//!
//! Not in the palette, because only servers start it. Data from the client is sent on `outbox`, and messages received
//! on `inbox` go to the client. When the client stops sending, the stream of `outbox` ends, but answers are still
//! delivered.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use async_net::TcpStream;
use compose_runtime::dev::*;
use futures_lite::future;

use crate::net::pump::{self, ReadEnd, Unsent, WriteEnd};
use crate::net::time_limit::TimeLimit;

/// The setting `linger` of a server and of its connections.
pub(super) const LINGER: ParamSpec =
    ParamSpec::seconds("linger", 0.5, "How long to wait for further replies after the client stops sending");

/// The setting `close_timeout` of a server and of its connections.
pub(super) const CLOSE_TIMEOUT: ParamSpec = ParamSpec::seconds(
    "close_timeout",
    2.0,
    "How long a client may take to close its side after the last byte was sent to it; 0 for no limit",
);

/// Description of ConnectedSocket.
pub static CONNECTED_SOCKET: ComponentSpec = ComponentSpec {
    type_name: "ConnectedSocket",
    category: Category::Network,
    summary: "One connection of a server",
    docs: "A server starts one for each client and links it to the protocol that serves the client.",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text for the client").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes from the client").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::new("socket", ParamKind::Any, DefaultValue::Nothing, "The accepted socket, as a resource"),
        ParamSpec::text("peer", "", "Address of the client"),
        LINGER,
        CLOSE_TIMEOUT,
    ],
    build: build::<ConnectedSocket>,
    ..ComponentSpec::EMPTY
};

/// The message from the task when the client has stopped sending. All other messages from the task are bytes.
const END_OF_STREAM: &str = "no more";

struct ConnectedSocket {
    socket: Message,
    peer: String,
    linger: Duration,
    close_timeout: TimeLimit,
}

impl Component for ConnectedSocket {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self {
            socket: params.get("socket"),
            peer: params.text("peer"),
            linger: params.seconds("linger"),
            close_timeout: TimeLimit::of(params, "close_timeout"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // There is no socket in a replay or after a restart of the component.
        let stream = self.socket.as_resource().and_then(Resource::take::<TcpStream>);
        let close_timeout = self.close_timeout;
        let connection =
            io.outside(&format!("connection to {}", self.peer), move |port| serve(stream, close_timeout, port));
        let client_has_finished = Cell::new(false);
        let sent = Cell::new(0u64);
        let receive = async {
            while let Some(message) = connection.recv().await? {
                if message.as_text() == Some(END_OF_STREAM) {
                    io.finish("outbox");
                    client_has_finished.set(true);
                } else {
                    io.send("outbox", message).await;
                }
            }
            Ok(())
        };
        let send = async {
            while let Some(message) = io.recv("inbox").await {
                connection.send(pump::for_the_wire(message, "the connection")?).await;
                sent.set(sent.get() + 1);
            }
            connection.finish_sending();
            // From here on, wait only for the client to close the connection.
            future::pending().await
        };
        // A protocol that does not end with its input is asked to finish after it has sent nothing for `linger`.
        let notify = async {
            poll_fn(|_| if client_has_finished.get() { Poll::Ready(()) } else { Poll::Pending }).await;
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
        future::or(receive, future::or(send, notify)).await
    }
}

/// Serves both directions of the connection until both have ended or the connection breaks.
async fn serve(stream: Option<TcpStream>, close_timeout: TimeLimit, port: OutsidePort) -> Outcome {
    port.stay_open();
    let Some(stream) = stream else { return Ok(()) };
    let mut reading = pin!(async {
        let end = pump::read_all(stream.clone(), &port).await;
        if end == ReadEnd::EndOfStream {
            port.send(END_OF_STREAM).await;
        }
        end
    });
    let unsent = Unsent::default();
    let mut writing = pin!(pump::write_all(stream.clone(), &port, &unsent));
    let first = future::or(async { Err(reading.as_mut().await) }, async { Ok(writing.as_mut().await) }).await;
    match first {
        Err(ReadEnd::EndOfStream) => {
            writing.await;
        }
        Err(ReadEnd::Broken | ReadEnd::ComponentEnded) | Ok(WriteEnd::Broken) => {}
        // Closing a connection with unread data could discard the last data sent to the client.
        Ok(WriteEnd::Finished | WriteEnd::Marker) => {
            let _left = close_timeout.bound(reading).await;
        }
    }
    Ok(())
}
