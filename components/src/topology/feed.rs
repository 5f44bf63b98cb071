//! Feed: any number of clients that send lines over TCP, each with its own buffer (PORT-1, PORT-2).
//!
//! A task on the reactor thread owns the sockets; the lines are assembled on the scheduler thread, in one buffer per
//! client. Memory is bounded: the number of clients, one read in transit for each, and the line length of
//! [`LineBuffer`].

use std::collections::BTreeMap;
use std::time::Duration;

use async_executor::{Executor, Task};
use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use futures_lite::{AsyncReadExt as _, future};

use crate::net::pump;
use crate::text::LineBuffer;

/// The port to listen on.
pub(super) const PORT: ParamSpec =
    ParamSpec::int("serverPort", 0, 65_535, 1500, "Port to listen on; 0 chooses a free one and shows it");

/// Maximum number of clients connected at once; further clients wait until one disconnects.
const MOST_CLIENTS: usize = 64;
/// Maximum number of bytes in one read.
const READ_SIZE: usize = 16 * 1024;

/// The component's side of the server.
pub(super) struct Feed {
    far: Outside,
    address: String,
    open: BTreeMap<i64, LineBuffer>,
    /// Clients that have disconnected but whose nodes are still shown.
    disconnected: Vec<i64>,
}

/// An event of the server, for the viewer.
pub(super) enum FeedEvent {
    /// A client has connected. The viewer removes the nodes of clients that disconnected earlier: `forget` holds the
    /// prefixes of their ids.
    Connected { forget: Vec<String> },
    /// A client has sent these lines. `was_cut` is set if one of them is the truncated start of a longer line.
    Lines { client: i64, lines: Vec<String>, was_cut: bool },
    /// Nothing for the viewer.
    Nothing,
}

/// The checked address from the settings.
#[derive(Debug, Clone)]
pub(super) struct Address {
    host: String,
    port: u16,
}

impl Address {
    pub(super) fn of(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            let error = "host is empty; give an address of this machine, for example 127.0.0.1 or 0.0.0.0";
            return Err(ParamError::Other(error.to_owned()));
        }
        Ok(Self { host, port: u16::try_from(params.int("serverPort")).unwrap_or_default() })
    }
}

impl Feed {
    /// Starts the server. If the port is already in use, the error names it.
    pub(super) async fn open(io: &BoxIo, address: Address) -> Result<Self, Fault> {
        let label = format!("TCP server {}:{}", address.host, address.port);
        let far = io.outside(&label, move |far| listen(address, far));
        let first = far.recv().await?;
        let address = first.as_ref().and_then(Message::as_text).unwrap_or_default().to_owned();
        Ok(Self { far, address, open: BTreeMap::new(), disconnected: Vec::new() })
    }

    /// The next message for [`Feed::take`]; `None` when the last client has disconnected after [`Feed::close`].
    pub(super) async fn recv(&self) -> Result<Option<Message>, Fault> {
        self.far.recv().await
    }

    /// Stops accepting clients.
    pub(super) fn close(&self) {
        self.far.finish_sending();
    }

    /// Decodes a message of the task.
    pub(super) fn take(&mut self, message: &Message) -> FeedEvent {
        let Message::List(parts) = message else { return FeedEvent::Nothing };
        match parts.as_slice() {
            [Message::Int(client), Message::Bytes(bytes)] => {
                let Some(buffer) = self.open.get_mut(client) else { return FeedEvent::Nothing };
                buffer.push(bytes);
                let mut lines = Vec::new();
                while let Some(line) = buffer.next_line() {
                    lines.push(String::from_utf8_lossy(line).into_owned());
                }
                FeedEvent::Lines { client: *client, lines, was_cut: buffer.take_cut() }
            }
            [Message::Int(client), Message::Nothing] => {
                self.open.insert(*client, LineBuffer::default());
                FeedEvent::Connected {
                    forget: self.disconnected.drain(..).map(|client| format!("{client}:")).collect(),
                }
            }
            [Message::Int(client)] => {
                let rest = self.open.remove(client).and_then(|mut buffer| buffer.rest());
                self.disconnected.push(*client);
                let lines = rest.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
                FeedEvent::Lines { client: *client, lines, was_cut: false }
            }
            _ => FeedEvent::Nothing,
        }
    }

    /// The status: the address and the number of clients.
    pub(super) fn status(&self) -> String {
        format!("listening on {}, {} connected", self.address, self.open.len())
    }
}

/// Accepts clients and passes on their data. It first sends the address as text, then lists that begin with the number
/// of a client, followed by null (connected), by bytes (data) or by no further item (disconnected).
async fn listen(address: Address, far: OutsidePort) -> Outcome {
    far.stay_open();
    let Address { host, port } = address;
    let listener = TcpListener::bind((host.as_str(), port)).await.map_err(|error| {
        let why = pump::error_text(&error);
        Fault::new(format!("cannot listen on {host}:{port}: {why}; choose another serverPort, or 0 for a free one"))
    })?;
    let address = listener.local_addr().map_or_else(|_| format!("{host}:{port}"), |address| address.to_string());
    far.send(address).await;
    let readers = Executor::new();
    let mut reading: Vec<Task<()>> = Vec::new();
    let accepting = async {
        let mut number = 0;
        loop {
            reading.retain(|task| !task.is_finished());
            if reading.len() >= MOST_CLIENTS {
                Timer::after(Duration::from_millis(50)).await;
                continue;
            }
            let Ok((stream, _)) = listener.accept().await else {
                // An aborted connection or a temporary shortage of sockets does not stop the server.
                Timer::after(Duration::from_millis(20)).await;
                continue;
            };
            number += 1;
            reading.push(readers.spawn(read(number, stream, far.clone())));
        }
    };
    let finished = async { while far.recv().await.is_some() {} };
    readers.run(future::or(accepting, finished)).await;
    drop(listener);
    readers
        .run(async {
            for task in reading {
                task.await;
            }
        })
        .await;
    Ok(())
}

/// Passes on the data of one client until it disconnects.
async fn read(client: i64, mut stream: TcpStream, far: OutsidePort) {
    let mut is_open = far.send(Message::list([Message::Int(client), Message::Nothing])).await;
    let mut buffer = vec![0; READ_SIZE];
    while is_open {
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => {
                let bytes = Message::bytes(buffer.get(..count).unwrap_or_default());
                is_open = far.send(Message::list([Message::Int(client), bytes])).await;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            _ => break,
        }
    }
    far.send(Message::list([Message::Int(client)])).await;
}
