//! TCPClient: a connection to a server, as an inbox and an outbox.
//!
//! The component moves messages on the scheduler thread; the socket runs on the reactor thread.

use std::cell::Cell;
use std::io;
use std::time::Duration;

use async_channel::Receiver;
use async_io::Timer;
use async_net::TcpStream;
use compose_runtime::dev::*;
use futures_lite::future;

use super::address::{at, without_brackets};
use super::pump::{self, Progress, Unsent, WriteEnd};
use super::time_limit::TimeLimit;

/// Description of TCPClient.
pub static TCP_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "TCPClient",
    category: Category::Network,
    summary: "Connects to a TCP server and transfers bytes in both directions",
    docs: "\
Connects to `host`:`port`, sends the messages in `inbox` (bytes, or text as UTF-8) and passes on the data from the \
server in pieces of at most 32 KiB. The pieces need not match what the server sent.

When its input ends, the component sends what is queued, closes its sending side, and continues to receive until the \
server closes the connection, so that an echo arrives completely. When the server closes the connection, the component \
finishes; if it could not send everything, the console shows how many bytes were not sent. Buffers are bounded: if the \
server reads slowly, the senders wait.

Some servers take the end of the client's data for the end of the connection and close it before they answer, so that \
the last answer is lost. For these, switch `half_close` off: the sending side then stays open until the server closes \
the connection. A server that waits for the end of the data, such as an echo, needs `half_close`; without it, both \
sides would wait for ever.

If the server refuses the connection, the component crashes and names the address. Start the server first, or set \
`retry` to a few seconds.

Example: `ConsoleReader` → `TCPClient` (port 1601) → `ConsoleEchoer` talks to a `SingleServer`.

**Differs from the original:** `wait_for_serverclose` is on by default, `port` has a default, `retry` and \
`half_close` are new, and there is no TLS (`makessl`, `sslready`).",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text to send").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes received").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::text("host", "127.0.0.1", "Name or address of the server"),
        ParamSpec::int("port", 1, 65535, 1601, "Port of the server"),
        ParamSpec::seconds("delay", 0.0, "How long to wait before connecting"),
        ParamSpec::seconds("connect_timeout", 60.0, "How long to wait for the connection; 0 for no limit"),
        ParamSpec::seconds("retry", 0.0, "How long to keep trying while nothing is listening there"),
        ParamSpec::switch(
            "wait_for_serverclose",
            true,
            "After the last byte is sent, receive until the server closes the connection",
        ),
        ParamSpec::switch(
            "half_close",
            true,
            "After the last byte is sent, close the sending side; switch it off if the server then does not answer",
        ),
    ],
    sends_first: SendsFirst::Yes,
    build: build::<TcpClient>,
    ..ComponentSpec::EMPTY
};

/// Pause between two attempts to connect.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// The component.
pub struct TcpClient {
    delay: Duration,
    target: Target,
}

/// Where and how to connect; used on the reactor thread.
pub(crate) struct Target {
    host: String,
    port: u16,
    connect_timeout: TimeLimit,
    retry: Duration,
    wait_for_serverclose: bool,
    half_close: bool,
    phases: Option<Phases>,
}

/// The phases of a protocol with a handshake and a farewell, which limit the time for both.
pub(crate) struct Phases {
    /// Gets a message when the handshake is complete, which must be within `connect_timeout`, and another after the
    /// farewell.
    pub reached: Receiver<()>,
    /// How long the server may be silent after the farewell before it closes the connection.
    pub close_timeout: TimeLimit,
}

impl Component for TcpClient {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = without_brackets(&params.text("host")).to_owned();
        if host.is_empty() {
            return Err(ParamError::Other(
                "host is empty; give a name or an address, for example 127.0.0.1".to_owned(),
            ));
        }
        let target = Target {
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            connect_timeout: TimeLimit::of(params, "connect_timeout"),
            retry: params.seconds("retry"),
            wait_for_serverclose: params.switch("wait_for_serverclose"),
            half_close: params.switch("half_close"),
            phases: None,
        };
        Ok(Self { delay: params.seconds("delay"), target })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.sleep(self.delay).await;
        let target = self.target;
        let far = io.outside(&format!("TCP {target}"), move |port| target.talk(port));
        // The message that waits until the socket can take it.
        let in_hand = Cell::new(0);
        let up = async {
            while let Some(message) = io.recv("inbox").await {
                let message = pump::for_the_wire(message, "TCPClient")?;
                in_hand.set(message.payload_len());
                let is_sent = far.send(message).await;
                if !is_sent {
                    break;
                }
                in_hand.set(0);
            }
            far.finish_sending();
            future::pending::<Outcome>().await
        };
        let down = async {
            let mut unsent = 0;
            while let Some(message) = far.recv().await? {
                match message {
                    Message::Int(bytes) => unsent = usize::try_from(bytes).unwrap_or_default(),
                    bytes => io.send("outbox", bytes).await,
                }
            }
            Ok(unsent)
        };
        let up = async { up.await.map(|()| 0) };
        let unsent = future::or(down, up).await?;
        let queued: usize = io.drain("inbox").map(|message| message.payload_len()).sum();
        let unsent = unsent + in_hand.get() + queued;
        if unsent > 0 && !io.is_shutting_down() {
            io.note(&pump::lost_text("the server", unsent));
        }
        Ok(())
    }
}

impl Target {
    /// A server to exchange data with, in these phases, until it closes the connection.
    pub(crate) fn new(host: String, port: u16, connect_timeout: TimeLimit, retry: Duration, phases: Phases) -> Self {
        let phases = Some(phases);
        Self { host, port, connect_timeout, retry, wait_for_serverclose: true, half_close: true, phases }
    }

    /// Transfers both directions of one connection until the server closes it. The last message to the component is the
    /// number of bytes that were not sent, if there are any.
    pub(crate) async fn talk(self, port: OutsidePort) -> Outcome {
        port.stay_open();
        let stream = self.connect().await?;
        // Small messages are sent at once, which interactive use needs.
        let _ = stream.set_nodelay(true);
        let (unsent, progress) = (Unsent::default(), Progress::default());
        let reading = async {
            pump::read_watched(stream.clone(), &port, &progress).await;
        };
        let writing = async {
            let end = if self.half_close {
                pump::write_all(stream.clone(), &port, &unsent).await
            } else {
                pump::write_open(stream.clone(), &port, &unsent).await
            };
            match end {
                WriteEnd::Finished | WriteEnd::Marker if !self.wait_for_serverclose => {}
                // The last data from the server must be read even if it accepts nothing more.
                _ => future::pending().await,
            }
        };
        let talking = async {
            future::or(reading, writing).await;
            Ok(())
        };
        future::or(talking, self.overstay(&progress)).await?;
        let bytes = unsent.bytes_with_queued(&port).await;
        if bytes > 0 {
            port.send(Message::Int(i64::try_from(bytes).unwrap_or(i64::MAX))).await;
        }
        Ok(())
    }

    /// Ends when the server takes too long for the handshake, which is an error, or for the farewell.
    async fn overstay(&self, progress: &Progress) -> Outcome {
        let Some(phases) = &self.phases else { return future::pending().await };
        let limit = self.connect_timeout;
        if limit.bound(phases.reached.recv()).await.is_none() {
            return Err(Fault::new(format!(
                "{self} accepted the connection, but did not complete the handshake within {limit}; check the address, \
                 or raise connect_timeout"
            )));
        }
        if phases.reached.recv().await.is_err() {
            // The component has ended, and with it this task.
            return future::pending().await;
        }
        progress.silence(phases.close_timeout).await;
        Ok(())
    }

    /// Connects, retrying for as long as `retry` allows.
    async fn connect(&self) -> Result<TcpStream, Fault> {
        let mut tried = Duration::ZERO;
        loop {
            match self.connect_once().await {
                Ok(stream) => return Ok(stream),
                Err(error) if is_not_listening(&error) && tried < self.retry => {
                    Timer::after(RETRY_PAUSE).await;
                    tried += RETRY_PAUSE;
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    let limit = self.connect_timeout;
                    return Err(Fault::new(format!(
                        "no answer from {self} within {limit}; check host and port, or raise connect_timeout"
                    )));
                }
                Err(error) => {
                    let why = pump::error_text(&error);
                    return Err(Fault::new(format!(
                        "cannot connect to {self}: {why}; start the server first, or check host and port"
                    )));
                }
            }
        }
    }

    async fn connect_once(&self) -> io::Result<TcpStream> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        self.connect_timeout.bound(connecting).await.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Whether nothing is listening there at the moment. A server that ends resets the connections it has not accepted yet.
fn is_not_listening(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionReset | ConnectionAborted)
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&at(&self.host, self.port))
    }
}

#[cfg(test)]
mod tests;
