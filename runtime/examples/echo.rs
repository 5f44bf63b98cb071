//! An echo server: a chassis that starts a new Echo for each connection, and two clients that use it.
//!
//! `cargo run -p compose_runtime --example echo`
#![allow(clippy::print_stdout)]

use std::cell::RefCell;
use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use async_io::Async;
use compose_runtime::dev::*;
use compose_runtime::ids::Direction;
use compose_runtime::prelude::*;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

/// The whole protocol: sends its input back.
struct Echo;

impl Component for Echo {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(data) = io.recv("inbox").await {
            io.send("outbox", data).await;
        }
        Ok(())
    }
}

static ECHO: ComponentSpec = ComponentSpec {
    type_name: "Echo",
    inboxes: &[BoxSpec::new("inbox", "From the client")],
    outboxes: &[BoxSpec::new("outbox", "To the client")],
    build: build::<Echo>,
    ..ComponentSpec::EMPTY
};

/// The listening socket; a real server would open it according to its settings.
static LISTENER: std::sync::OnceLock<Arc<Async<TcpListener>>> = std::sync::OnceLock::new();

/// One connection: accepts it, reports the client's address, then passes data from the client to the protocol and back.
struct Connection;

impl Component for Connection {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let listener = LISTENER.get().cloned().ok_or_else(|| Fault::new("the server is not listening"))?;
        let far = io.outside("a connection", |port| async move {
            let (stream, peer) = listener.accept().await?;
            port.send(peer.to_string()).await;
            let mut buffer = [0; 4096];
            loop {
                let count = (&stream).read(&mut buffer).await?;
                if count == 0 || !port.send(Message::bytes(&buffer[..count])).await {
                    return Ok(());
                }
                let Some(answer) = port.recv().await else { return Ok(()) };
                (&stream).write_all(answer.as_bytes().unwrap_or_default()).await?;
            }
        });
        let Some(peer) = far.recv().await? else { return Ok(()) };
        io.send("arrived", peer).await;
        while let Some(data) = far.recv().await? {
            io.send("outbox", data).await;
            let Some(answer) = io.recv("inbox").await else { break };
            far.send(answer).await;
        }
        Ok(())
    }
}

static CONNECTION: ComponentSpec = ComponentSpec {
    type_name: "Connection",
    inboxes: &[BoxSpec::new("inbox", "To the client")],
    outboxes: &[BoxSpec::new("outbox", "From the client"), BoxSpec::new("arrived", "The address of the client")],
    build: build::<Connection>,
    ..ComponentSpec::EMPTY
};

/// A chassis: one connection waits for the next client, linked to a new instance of the protocol. When the client has
/// connected, the chassis makes the next pair; the earlier pairs keep running.
struct Server {
    clients: usize,
}

impl Component for Server {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { clients: params.count("clients") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for number in 1..=self.clients {
            let mut new = io.new_instance("Protocol", &[].into())?;
            let connection = new.beside(&format!("connection {number}"), &CONNECTION, [].into());
            new.link(BoxAddr::outbox(connection, "outbox"), new.inbox("inbox"));
            new.link(new.outbox("outbox"), BoxAddr::inbox(connection, "inbox"));
            new.link(BoxAddr::outbox(connection, "arrived"), new.own(Direction::Inbox, "arrived"));
            let (protocol, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
            let Some(peer) = io.recv("arrived").await else { break };
            io.print(&format!("{peer} is served by Protocol {}", protocol.name));
        }
        // Wait until the last clients have been served.
        while let Some((child, outcome)) = io.child_ended().await {
            io.remove_child(child).await?;
            outcome?;
        }
        Ok(())
    }
}

static SERVER: ComponentSpec = ComponentSpec {
    type_name: "Server",
    inboxes: &[BoxSpec::new("arrived", "Addresses of connected clients")],
    params: &[ParamSpec::count("clients", 1, "How many clients to serve")],
    build: build::<Server>,
    ..ComponentSpec::EMPTY
};

/// How long a client waits for an answer, which should arrive at once.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Connects two clients at once, which send in turns. Returns the lines that each of them receives.
fn talk(port: u16) -> std::io::Result<[Vec<String>; 2]> {
    let connect = || -> std::io::Result<_> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok((BufReader::new(stream.try_clone()?).lines(), stream))
    };
    let mut clients = [connect()?, connect()?];
    let mut received = [Vec::new(), Vec::new()];
    for line in ["hello", "are you there?"] {
        for (number, ((lines, stream), received)) in clients.iter_mut().zip(&mut received).enumerate() {
            writeln!(stream, "{line} I am {number}")?;
            received.extend(lines.next().transpose()?);
        }
    }
    Ok(received)
}

/// Lines that each of two clients received, and lines that the server printed.
type Lines = ([Vec<String>; 2], Vec<String>);

/// Serves two clients.
fn serve() -> Result<Lines, Box<dyn Error>> {
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0))?;
    let port = listener.get_ref().local_addr()?.port();
    let _ = LISTENER.set(Arc::new(listener));
    let clients = std::thread::spawn(move || talk(port));

    let mut system = System::new();
    let server = system.add("server", &SERVER);
    system.set(server, "clients", 2).template("Protocol", |inside| {
        let echo = inside.add("echo", &ECHO);
        inside.pass_in((Topology::OWNER, "inbox"), (echo, "inbox"));
        inside.pass_out((echo, "outbox"), (Topology::OWNER, "outbox"));
    });
    let printed = Rc::new(RefCell::new(Vec::new()));
    let lines = printed.clone();
    let end = system.run(move |name, line| lines.borrow_mut().push(format!("{name}: {line}")))?;
    assert_eq!(end, RunEnd::Ended);
    let received = clients.join().map_err(|_| "a client failed")??;
    Ok((received, printed.take()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (received, printed) = serve()?;
    println!("{}\nthe clients received {received:?}", printed.join("\n"));
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn each_of_two_clients_gets_its_own_lines_from_its_own_echo() {
        let (received, printed) = super::serve().unwrap();
        assert_eq!(received[0], ["hello I am 0", "are you there? I am 0"]);
        assert_eq!(received[1], ["hello I am 1", "are you there? I am 1"]);
        let served: Vec<_> = printed.iter().filter_map(|line| line.split_once(" is served by ")).collect();
        assert_eq!(served.iter().map(|(_, by)| *by).collect::<Vec<_>>(), ["Protocol 1", "Protocol 2"]);
        assert_ne!(served[0].0, served[1].0, "the clients have different addresses");
    }
}
