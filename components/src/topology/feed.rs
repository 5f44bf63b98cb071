//! Feed: any number of clients that send lines over TCP, each for itself (PORT-1, PORT-2).
//!
//! The socket is a task on the reactor thread; the lines are put together on the scheduler thread, one buffer a client.
//! Bounded: so many clients, one read each on its way, and a line no longer than [`LineBuffer`] takes.

use std::collections::BTreeMap;
use std::time::Duration;

use async_executor::{Executor, Task};
use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use futures_lite::{AsyncReadExt as _, future};

use crate::net::pump;
use crate::text::LineBuffer;

/// Where it listens.
pub(super) const PORT: ParamSpec =
    ParamSpec::int("serverPort", 0, 65_535, 1500, "Port to listen on; 0 chooses a free one and shows it");
/// On which network.
pub(super) const HOST: ParamSpec =
    ParamSpec::text("host", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines connect");

/// Who may be connected at once; others wait to be let in.
const MOST_CLIENTS: usize = 64;
/// How much is read at once, in bytes.
const READ_SIZE: usize = 16 * 1024;

/// The near end.
pub(super) struct Feed {
    far: Outside,
    address: String,
    open: BTreeMap<i64, LineBuffer>,
    /// Clients that have left and whose nodes are still shown.
    left: Vec<i64>,
}

/// What happened at the socket, for the viewer.
pub(super) enum News {
    /// Somebody came. What those showed who had left before can be forgotten: the prefixes of their ids.
    Came { forget: Vec<String> },
    /// A client has sent these lines.
    Said { client: i64, lines: Vec<String> },
    /// Nothing the viewer must know.
    Nothing,
}

/// The address of the settings, checked.
#[derive(Debug, Clone)]
pub(super) struct Address {
    host: String,
    port: u16,
}

impl Address {
    pub(super) fn of(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            let words = "host must be an address of this machine, for example 127.0.0.1 or 0.0.0.0";
            return Err(ParamError::Other(words.to_owned()));
        }
        Ok(Self { host, port: u16::try_from(params.int("serverPort")).unwrap_or_default() })
    }
}

impl Feed {
    /// Listens; a port that is taken is a crash in words.
    pub(super) async fn open(io: &BoxIo, address: Address) -> Result<Self, Fault> {
        let label = format!("TCP server {}:{}", address.host, address.port);
        let far = io.outside(&label, move |far| listen(address, far));
        let first = far.recv().await?;
        let address = first.as_ref().and_then(Message::as_text).unwrap_or_default().to_owned();
        Ok(Self { far, address, open: BTreeMap::new(), left: Vec::new() })
    }

    /// The next thing to [`Feed::take`]; `None` once nobody is connected and nobody will be.
    pub(super) async fn recv(&self) -> Result<Option<Message>, Fault> {
        self.far.recv().await
    }

    /// Lets nobody in any more.
    pub(super) fn close(&self) {
        self.far.finish_sending();
    }

    /// What a message of the task means.
    pub(super) fn take(&mut self, message: &Message) -> News {
        let Message::List(parts) = message else { return News::Nothing };
        match parts.as_slice() {
            [Message::Int(client), Message::Bytes(bytes)] => {
                let Some(buffer) = self.open.get_mut(client) else { return News::Nothing };
                buffer.push(bytes);
                let mut lines = Vec::new();
                while let Some(line) = buffer.next_line() {
                    lines.push(String::from_utf8_lossy(line).into_owned());
                }
                News::Said { client: *client, lines }
            }
            [Message::Int(client), Message::Nothing] => {
                self.open.insert(*client, LineBuffer::default());
                News::Came { forget: self.left.drain(..).map(|client| format!("{client}:")).collect() }
            }
            [Message::Int(client)] => {
                let rest = self.open.remove(client).and_then(|mut buffer| buffer.rest());
                self.left.push(*client);
                let lines = rest.iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
                News::Said { client: *client, lines }
            }
            _ => News::Nothing,
        }
    }

    /// Where it listens, and how many are connected.
    pub(super) fn words(&self) -> String {
        format!("listening on {}, {} connected", self.address, self.open.len())
    }
}

/// Lets clients in and hands over what they send: first the address as text, then lists of a client's number and
/// nothing (it has come), bytes, or no more (it has left).
async fn listen(address: Address, far: OutsidePort) -> Outcome {
    far.stay_open();
    let Address { host, port } = address;
    let listener = TcpListener::bind((host.as_str(), port)).await.map_err(|error| {
        let why = pump::words(&error);
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
                // A caller who gave up meanwhile, or a passing shortage of sockets, is no reason to stop.
                Timer::after(Duration::from_millis(20)).await;
                continue;
            };
            number += 1;
            reading.push(readers.spawn(read(number, stream, far.clone())));
        }
    };
    let told = async { while far.recv().await.is_some() {} };
    readers.run(future::or(accepting, told)).await;
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

/// Hands over what one client sends, until it has left.
async fn read(client: i64, mut stream: TcpStream, far: OutsidePort) {
    let mut may_go_on = far.send(Message::list([Message::Int(client), Message::Nothing])).await;
    let mut buffer = vec![0; READ_SIZE];
    while may_go_on {
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => {
                let bytes = Message::bytes(buffer.get(..count).unwrap_or_default());
                may_go_on = far.send(Message::list([Message::Int(client), bytes])).await;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            _ => break,
        }
    }
    far.send(Message::list([Message::Int(client)])).await;
}
