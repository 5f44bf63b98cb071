//! SimpleServer: a fresh instance of a protocol for every client.
//!
//! The component (on the scheduler thread) starts, for each connection, the protocol and a `ConnectedSocket` beside it,
//! linked both ways before either runs. The listening socket is a task on the reactor thread.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::template::Instance;
use futures_lite::future;

use super::connected_socket::CONNECTED_SOCKET;
use super::door::Door;
use super::orders::{Order, Orders, next_end};
use super::{check_template, retire, take_out};
use crate::net::pump;

/// The description.
pub static SIMPLE_SERVER: ComponentSpec = ComponentSpec {
    type_name: "SimpleServer",
    category: Category::Chassis,
    summary: "A TCP server that makes a fresh instance of its protocol for every client",
    docs: "\
`protocol` names a template of the project. For every client that connects, an instance of it is made: what the client \
sends arrives in its `inbox` (bytes, at most 32 KiB at a time), what it sends on `outbox` (bytes, or text as UTF-8) goes to \
that client. In its settings `\"${peer}\"`, `\"${peerport}\"`, `\"${localip}\"` and `\"${localport}\"` stand for the two ends of the \
connection, `\"${connection}\"` for its number.

A client that sends no more ends the stream into the protocol, which can still answer; when it has said nothing for \
`linger` seconds it is told to finish. When the client is gone the protocol is told to finish at once. When the protocol \
has ended, what it sent is delivered and the connection is closed. A slow client slows its own protocol down and nobody \
else. A crash in one connection ends that connection; its words are on the console and on the server, and a run without a \
window fails for it at its end, as for any crash. With `contain` it does not.

Finish on `control`: it listens no more, every protocol is told to finish, and it ends with the last one. Stop: everything \
is closed. A protocol with an outbox named `serversignal` can send both to the server.

The address it listens on, with the real port if 0 was asked, and how many are connected stand on the component. A port \
that is taken is a crash in words.

Example: a template `Echo` with one PassThrough between its inbox and its outbox, and a SimpleServer with protocol *Echo*.

**Differs from the original:** this is SimpleServer, ServerCore (the values of the connection) and FastRestartServer (the \
port can be had again at once) in one; the protocol is a template; it listens on this machine only unless `host` is changed \
(0.0.0.0 means every network); it obeys finish; half a close is not a close.",
    inboxes: &[BoxSpec::new("_clients", "Not used: says that finish does not end a server at once")],
    params: &[
        ParamSpec::new("protocol", ParamKind::Template, DefaultValue::Required, "Template made for every client"),
        ParamSpec::int("port", 0, 65535, 1601, "Port to listen on; 0 chooses a free one and shows it"),
        ParamSpec::text("host", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines connect"),
        ParamSpec::int("most", 1, 100_000, 5000, "How many clients at once; others wait to be let in"),
        ParamSpec::seconds("linger", 0.5, "How long a client that sends no more is still sent answers"),
        ParamSpec::switch("contain", false, "A crash in one connection is no failure of the run"),
    ],
    has_surface: true,
    build: build::<SimpleServer>,
    ..ComponentSpec::EMPTY
};

/// What is given to the protocol.
const VALUES: [&str; 5] = ["connection", "peer", "peerport", "localip", "localport"];

struct SimpleServer {
    protocol: String,
    host: String,
    port: u16,
    most: usize,
    linger: f64,
    contains: bool,
}

/// One client that is being served.
struct Connection {
    peer: String,
    instance: Instance,
    socket: ComponentId,
}

/// One run of the component.
struct Serving<'a> {
    server: &'a SimpleServer,
    io: &'a BoxIo,
    door: Arc<Door>,
    address: String,
    open: BTreeMap<ComponentId, Connection>,
    served: u64,
    last_crash: Option<String>,
}

enum Event {
    Told(Order),
    Ended(ComponentId, Outcome),
    Arrived(Option<Message>),
}

impl Component for SimpleServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            let words = "host must be an address of this machine, for example 127.0.0.1 or 0.0.0.0";
            return Err(ParamError::Other(words.to_owned()));
        }
        Ok(Self {
            protocol: params.text("protocol"),
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            most: params.count("most"),
            linger: params.float("linger"),
            contains: params.switch("contain"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        check_template(&io, &self.protocol, &VALUES)?;
        let door = Door::open();
        let (host, port, given_to_task) = (self.host.clone(), self.port, Arc::downgrade(&door));
        let label = format!("TCP server {host}:{port}");
        let far = io.outside(&label, move |far| async move { listen(host, port, given_to_task, far).await });
        let first = far.recv().await?;
        let address = first.as_ref().and_then(Message::as_text).unwrap_or_default().to_owned();
        let (open, served, last_crash) = (BTreeMap::new(), 0, None);
        let mut serving = Serving { server: &self, io: &io, door, address, open, served, last_crash };
        serving.run(far).await
    }
}

impl Serving<'_> {
    async fn run(&mut self, far: Outside) -> Outcome {
        let orders = Orders::default();
        // Gone when nobody is let in any more.
        let mut far = Some(far);
        loop {
            self.show(far.is_some());
            if far.is_none() && self.open.is_empty() {
                return Ok(());
            }
            let told = async { Event::Told(orders.next(self.io).await) };
            let ended = async {
                let (id, outcome) = next_end(self.io).await;
                Event::Ended(id, outcome)
            };
            let arrived = async {
                match &far {
                    Some(far) if self.open.len() < self.server.most => far.recv().await.map(Event::Arrived),
                    _ => future::pending().await,
                }
            };
            let quiet = async { Ok::<_, Fault>(future::or(told, ended).await) };
            match future::or(quiet, arrived).await? {
                Event::Told(Order::Stop) => return Ok(()),
                Event::Told(Order::Finish) => {
                    far = None;
                    for connection in self.open.values() {
                        self.io.tell(connection.instance.id, Message::ProducerFinished).await;
                    }
                }
                Event::Ended(id, outcome) => self.part(id, outcome).await,
                Event::Arrived(Some(message)) => {
                    if let Err(fault) = self.begin(&message).await {
                        self.turn_away(&message, &fault);
                    }
                }
                Event::Arrived(None) => far = None,
            }
        }
    }

    /// Starts the protocol for one client.
    async fn begin(&mut self, arrival: &Message) -> Outcome {
        let Message::Map(values) = arrival else { return Ok(()) };
        let mut new = self.io.new_instance(&self.server.protocol, values)?;
        let peer = format!(
            "{}:{}",
            values.get("peer").map(ToString::to_string).unwrap_or_default(),
            values.get("peerport").map(ToString::to_string).unwrap_or_default()
        );
        let settings = BTreeMap::from([
            ("door".to_owned(), Message::Int(self.door.number)),
            ("number".to_owned(), values.get("connection").cloned().unwrap_or_default()),
            ("peer".to_owned(), Message::text(&peer)),
            ("linger".to_owned(), Message::Float(self.server.linger)),
        ]);
        let socket = new.beside(&format!("socket-{}", new.name()), &CONNECTED_SOCKET, settings);
        new.link(BoxAddr::outbox(socket, "outbox"), new.inbox("inbox"));
        new.link(BoxAddr::outbox(socket, "signal"), new.inbox("control"));
        new.link(new.outbox("outbox"), BoxAddr::inbox(socket, "inbox"));
        new.link(new.outbox("signal"), BoxAddr::inbox(socket, "control"));
        let has_server_signal = |name: &String| name == "serversignal";
        if self.io.template(&self.server.protocol).is_some_and(|found| found.outboxes.iter().any(has_server_signal)) {
            new.link(new.outbox("serversignal"), new.own(Direction::Inbox, "control"));
        }
        let (instance, beside) = self.io.start_instance(new, Fate::EndsWithOwner).await?;
        let Some(socket) = beside.first().copied() else { return Ok(()) };
        self.served += 1;
        self.open.insert(instance.id, Connection { peer, instance, socket });
        Ok(())
    }

    /// The protocol could not be made: perhaps it is being changed at this moment. Those who are connected stay.
    fn turn_away(&mut self, arrival: &Message, fault: &Fault) {
        if let Message::Map(values) = arrival
            && let Some(Message::Int(number)) = values.get("connection")
        {
            drop(Door::take(self.door.number, *number));
        }
        let words = format!("a client was turned away: {fault}");
        self.io.note(&words);
        self.last_crash = Some(words);
    }

    /// One half of a connection has ended; when both have, it is taken out.
    async fn part(&mut self, id: ComponentId, outcome: Outcome) {
        let found = self.open.iter().find(|(instance, connection)| **instance == id || connection.socket == id);
        let Some(key) = found.map(|(key, _)| *key) else { return };
        if let (Some(connection), Err(fault)) = (self.open.get(&key), outcome) {
            let words = format!("the connection to {} crashed: {fault}", connection.peer);
            self.io.note(&words);
            self.last_crash = Some(words);
        }
        let has_ended = |id| self.io.child_outcome(id).is_some();
        if self.open.get(&key).is_some_and(|open| has_ended(open.instance.id) && has_ended(open.socket))
            && let Some(connection) = self.open.remove(&key)
        {
            if let Some(words) = retire(self.io, &connection.instance, self.server.contains).await {
                self.last_crash = Some(words);
            }
            take_out(self.io, connection.socket, self.server.contains).await;
        }
    }

    fn show(&self, listens: bool) {
        let mut lines = vec![
            if listens { format!("listening on {}", self.address) } else { "listens no more".to_owned() },
            format!("{} connected, {} so far", self.open.len(), self.served),
        ];
        lines.extend(self.last_crash.clone());
        self.io.show(Surface::Text { lines });
    }
}

/// Lets clients in, one message for each: first the address it listens on, as text, then maps of values.
async fn listen(host: String, port: u16, door: std::sync::Weak<Door>, far: OutsidePort) -> Outcome {
    far.stay_open();
    let listener = TcpListener::bind((host.as_str(), port)).await.map_err(|error| {
        let why = pump::words(&error);
        Fault::new(format!("cannot listen on {host}:{port}: {why}; choose another port, or 0 for a free one"))
    })?;
    let address = listener.local_addr().map_or_else(|_| format!("{host}:{port}"), |address| address.to_string());
    far.send(address).await;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // A caller who gave up meanwhile, or a passing shortage of sockets, is no reason to stop.
            Timer::after(Duration::from_millis(20)).await;
            continue;
        };
        // Small messages are sent at once, as someone typing expects.
        let _ = stream.set_nodelay(true);
        let ends = ends_of(&stream);
        let Some(number) = door.upgrade().map(|door| door.put(stream)) else { return Ok(()) };
        let values = ends.into_iter().chain([("connection", Message::Int(number))]);
        if !far.send(Message::map(values)).await {
            return Ok(());
        }
    }
}

/// Who is at both ends.
fn ends_of(stream: &TcpStream) -> Vec<(&'static str, Message)> {
    let (peer, local) = (stream.peer_addr().ok(), stream.local_addr().ok());
    let ip = |address: Option<std::net::SocketAddr>| {
        Message::text(address.map(|address| address.ip().to_string()).unwrap_or_default())
    };
    let port =
        |address: Option<std::net::SocketAddr>| Message::Int(address.map_or(0, |address| i64::from(address.port())));
    vec![("peer", ip(peer)), ("peerport", port(peer)), ("localip", ip(local)), ("localport", port(local))]
}

#[cfg(test)]
#[path = "simple_server_tests.rs"]
mod tests;
