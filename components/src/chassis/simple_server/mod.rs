//! SimpleServer: runs a new instance of a protocol for every client.
//!
//! For each connection, the component (on the scheduler thread) starts the protocol and a `ConnectedSocket`, and links
//! them in both directions before either runs. The listening socket is a task on the reactor thread.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::template::Instance;
use futures_lite::future;

use super::connected_socket::{CLOSE_TIMEOUT, CONNECTED_SOCKET, LINGER};
use super::orders::{Order, Orders, next_end};
use super::{blame, check_template, remove, retire};
use crate::net::address::{at, cannot_listen, without_brackets};
use crate::net::pump;

/// Description of SimpleServer.
pub static SIMPLE_SERVER: ComponentSpec = ComponentSpec {
    type_name: "SimpleServer",
    category: Category::Chassis,
    summary: "A TCP server that runs a new instance of its protocol for every client",
    docs: "\
`protocol` names a template of the project. The server creates an instance of it for every client that connects. The \
instance receives the client's data on its `inbox` (bytes, at most 32 KiB at a time), and everything it sends on \
`outbox` (bytes, or text as UTF-8) goes to that client. In its settings, `\"${peer}\"`, `\"${peerport}\"`, \
`\"${localip}\"` and `\"${localport}\"` stand for the addresses of the connection, and `\"${connection}\"` for its \
number.

When a client stops sending, the input of the protocol ends. The protocol can still answer, and is asked to finish \
after it has sent nothing for `linger` seconds. When the client closes the connection, the protocol is asked to finish \
immediately. When the protocol ends, its remaining output is delivered; the connection is closed when the client has \
closed its side, at the latest after `close_timeout`. A client that disconnects early does not get what is still \
waiting for it. A slow client slows down only its own protocol. A crash in one connection ends only that connection: \
the rest of its protocol is asked to finish, so that it can still send a last response, and is stopped one second \
later. The error is shown on the console and on the server, and a run without a window fails at its end, as after any \
crash. With `contain`, the run does not fail.

Finish on `control`: the server stops listening, asks every protocol to finish, and ends when the last one has ended. \
Stop: the server closes all connections and ends. A protocol with an outbox named `serversignal` can send both \
messages to the server.

The component shows the address it listens on, including the actual port if `port` is 0, and the number of connected \
clients. If the port is already in use, the component crashes and names the port.

Example: a template `Echo` with one PassThrough between its inbox and its outbox, and a SimpleServer with the protocol \
*Echo*.

**Differs from the original:** it combines SimpleServer, ServerCore (the values of the connection) and \
FastRestartServer (the port can be reused immediately); the protocol is a template; it only accepts connections from \
this machine unless `host` is changed (0.0.0.0 accepts connections from every network); it responds to finish \
messages; a client that only stops sending stays connected.",
    inboxes: &[BoxSpec::new("_clients", "Not used; declares that finish does not end the server immediately")],
    params: &[
        ParamSpec::new("protocol", ParamKind::Template, DefaultValue::Required, "Template to run for every client"),
        ParamSpec::int("port", 0, 65535, 1601, "Port to listen on; 0 chooses a free one and shows it"),
        pump::HOST,
        ParamSpec::int("most", 1, 100_000, 5000, "Maximum number of connected clients; others wait"),
        LINGER,
        CLOSE_TIMEOUT,
        ParamSpec::switch("contain", false, "A crash in one connection does not make the run fail"),
    ],
    has_surface: true,
    build: build::<SimpleServer>,
    ..ComponentSpec::EMPTY
};

/// Names of the values that the protocol can use.
const VALUES: [&str; 5] = ["connection", "peer", "peerport", "localip", "localport"];

/// Name of the value that holds the accepted socket. It is not a valid parameter name, so no protocol can use it.
const SOCKET: &str = "{socket}";

/// How long the rest of a protocol may take to finish after one of its components has crashed.
const CRASH_GRACE: Duration = Duration::from_secs(1);

struct SimpleServer {
    protocol: String,
    host: String,
    port: u16,
    most: usize,
    linger: f64,
    close_timeout: f64,
    contains: bool,
}

/// One client that is being served.
struct Connection {
    peer: String,
    instance: Instance,
    socket: ComponentId,
    /// The components inside the instance whose ends are reported.
    members: Vec<ComponentId>,
    /// When the protocol is stopped, after a crash inside it.
    stop_at: Option<Duration>,
}

/// One run of the component.
struct Serving<'a> {
    server: &'a SimpleServer,
    io: &'a BoxIo,
    address: String,
    /// The connections, by their instance.
    open: BTreeMap<ComponentId, Connection>,
    /// The instance of each socket and each member.
    instance_of: BTreeMap<ComponentId, ComponentId>,
    served: u64,
    last_crash: Option<String>,
}

enum Event {
    Control(Order),
    Ended(ComponentId, Outcome),
    Arrived(Option<Message>),
    /// A protocol has not finished in time after a crash.
    Overdue,
}

impl Component for SimpleServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = without_brackets(&params.text("host")).to_owned();
        if host.is_empty() {
            let error = "host must be an address of this machine, for example 127.0.0.1 or 0.0.0.0";
            return Err(ParamError::Other(error.to_owned()));
        }
        Ok(Self {
            protocol: params.text("protocol"),
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            most: params.count("most"),
            linger: params.float("linger"),
            close_timeout: params.float("close_timeout"),
            contains: params.switch("contain"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        check_template(&io, &self.protocol, &VALUES)?;
        let (host, port) = (self.host.clone(), self.port);
        let label = format!("TCP server {}", at(&host, port));
        let listener = io.outside(&label, move |to_component| listen(host, port, to_component));
        let first = listener.recv().await?;
        let address = first.as_ref().and_then(Message::as_text).unwrap_or_default().to_owned();
        let (open, instance_of) = (BTreeMap::new(), BTreeMap::new());
        let mut serving = Serving { server: &self, io: &io, address, open, instance_of, served: 0, last_crash: None };
        serving.run(listener).await
    }
}

impl Serving<'_> {
    async fn run(&mut self, listener: Outside) -> Outcome {
        let orders = Orders::default();
        // `None` once the server accepts no more clients.
        let mut listener = Some(listener);
        loop {
            self.show(listener.is_some());
            if listener.is_none() && self.open.is_empty() {
                return Ok(());
            }
            let control = async { Event::Control(orders.next(self.io).await) };
            let ended = async {
                let (id, outcome) = next_end(self.io).await;
                Event::Ended(id, outcome)
            };
            let arrived = async {
                match &listener {
                    Some(listener) if self.open.len() < self.server.most => listener.recv().await.map(Event::Arrived),
                    _ => future::pending().await,
                }
            };
            let stop_at = self.open.values().filter_map(|connection| connection.stop_at).min();
            let overdue = async {
                match stop_at {
                    Some(moment) => self.io.sleep_until(moment).await,
                    None => future::pending().await,
                }
                Event::Overdue
            };
            let quiet = async { Ok::<_, Fault>(future::or(control, future::or(ended, overdue)).await) };
            match future::or(quiet, arrived).await? {
                Event::Control(Order::Stop) => return Ok(()),
                Event::Control(Order::Finish) => {
                    listener = None;
                    for connection in self.open.values() {
                        self.io.send_control(connection.instance.id, Message::ProducerFinished).await;
                    }
                }
                Event::Ended(id, outcome) => self.on_end(id, outcome).await,
                Event::Arrived(Some(message)) => {
                    if let Err(fault) = self.begin(message).await {
                        self.reject(&fault);
                    }
                }
                Event::Arrived(None) => listener = None,
                Event::Overdue => self.stop_overdue().await,
            }
        }
    }

    /// Starts the protocol for one client.
    async fn begin(&mut self, arrival: Message) -> Outcome {
        let Message::Map(values) = arrival else { return Ok(()) };
        let mut values = Arc::unwrap_or_clone(values).into_content();
        let socket = values.remove(SOCKET).unwrap_or_default();
        let mut new = self.io.new_instance(&self.server.protocol, &values)?;
        let peer = format!(
            "{}:{}",
            values.get("peer").map(ToString::to_string).unwrap_or_default(),
            values.get("peerport").map(ToString::to_string).unwrap_or_default()
        );
        let settings = BTreeMap::from([
            ("socket".to_owned(), socket),
            ("peer".to_owned(), Message::text(&peer)),
            ("linger".to_owned(), Message::Float(self.server.linger)),
            ("close_timeout".to_owned(), Message::Float(self.server.close_timeout)),
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
        let started = self.io.start_watched_instance(new, Fate::EndsWithOwner).await;
        let (instance, beside, members) =
            started.map_err(|fault| blame(self.io, &self.server.protocol, &values, fault))?;
        let Some(socket) = beside.first().copied() else { return Ok(()) };
        self.served += 1;
        let parts = members.iter().chain(&beside).chain([&instance.id]);
        self.instance_of.extend(parts.map(|id| (*id, instance.id)));
        self.open.insert(instance.id, Connection { peer, instance, socket, members, stop_at: None });
        Ok(())
    }

    /// Stops the protocols that have not finished in time after a crash.
    async fn stop_overdue(&mut self) {
        let now = self.io.now();
        for connection in self.open.values_mut().filter(|connection| connection.stop_at.is_some_and(|at| at <= now)) {
            connection.stop_at = None;
            self.io.send_control(connection.instance.id, Message::Shutdown).await;
        }
    }

    /// Rejects a client because its protocol could not be started, for example while the template is being changed.
    /// Its socket was dropped, which closes the connection. Connected clients are not affected.
    fn reject(&mut self, fault: &Fault) {
        let error = format!("a client was rejected: {fault}");
        self.io.note(&error);
        self.last_crash = Some(error);
    }

    /// Handles the end of a part of a connection: its protocol, its socket, or a component inside the protocol. Removes
    /// the connection when protocol and socket have ended.
    async fn on_end(&mut self, id: ComponentId, outcome: Outcome) {
        let Some(key) = self.instance_of.get(&id).copied() else { return };
        let Some(connection) = self.open.get_mut(&key) else { return };
        match outcome {
            // The crash is reported when the connection is removed.
            Err(_) if connection.members.contains(&id) => {
                if connection.stop_at.is_none() {
                    connection.stop_at = Some(self.io.now() + CRASH_GRACE);
                    self.io.send_control(key, Message::ProducerFinished).await;
                }
            }
            Err(fault) => {
                let error = format!("the connection to {} crashed: {fault}", connection.peer);
                self.io.note(&error);
                self.last_crash = Some(error);
            }
            Ok(()) => {}
        }
        let has_ended = |id| self.io.child_outcome(id).is_some();
        if self.open.get(&key).is_some_and(|open| has_ended(open.instance.id) && has_ended(open.socket))
            && let Some(connection) = self.open.remove(&key)
        {
            for id in connection.members.iter().chain([&connection.socket, &key]) {
                self.instance_of.remove(id);
            }
            self.io.remove_children(&connection.members).await;
            if let Some(error) = retire(self.io, &connection.instance, self.server.contains).await {
                self.last_crash = Some(error);
            }
            remove(self.io, connection.socket, self.server.contains).await;
        }
    }

    fn show(&self, listens: bool) {
        let mut lines = vec![
            if listens { format!("listening on {}", self.address) } else { "no longer listening".to_owned() },
            format!("{} connected, {} so far", self.open.len(), self.served),
        ];
        lines.extend(self.last_crash.clone());
        self.io.show(Surface::Text { lines });
    }
}

/// Accepts clients. The first message to the component is the address it listens on, as text; each further message
/// is a map with the values and the socket of one client.
async fn listen(host: String, port: u16, to_component: OutsidePort) -> Outcome {
    to_component.stay_open();
    let listener =
        TcpListener::bind((host.as_str(), port)).await.map_err(|error| cannot_listen(&host, port, &error))?;
    let address = listener.local_addr().map_or_else(|_| at(&host, port), |address| address.to_string());
    to_component.send(address.clone()).await;
    let mut accepted = 0;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The client may have given up, or the system is temporarily out of sockets; keep listening.
            Timer::after(Duration::from_millis(20)).await;
            continue;
        };
        // Send small messages immediately; interactive clients expect this.
        let _ = stream.set_nodelay(true);
        let ends = ends_of(&stream);
        accepted += 1;
        let socket = Resource::new(format!("socket {accepted} of {address}"), stream);
        let values = ends.into_iter().chain([("connection", Message::Int(accepted)), (SOCKET, socket.into())]);
        if !to_component.send(Message::map(values)).await {
            return Ok(());
        }
    }
}

/// The addresses and ports of both ends.
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
mod tests;
