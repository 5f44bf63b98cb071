//! SingleServer: a TCP server for one client at a time, as an inbox and an outbox.
//!
//! The component decides on the scheduler thread what is sent to which client; the server task owns the sockets on the
//! reactor thread. They communicate over one port: bytes are data, [`Notice`]s are sent to the component as text, and a
//! message without bytes informs the task that a client is finished. Data waits in the inbox, where it is visible, and
//! nowhere else.

use compose_runtime::dev::*;
use futures_lite::future;

use super::server_task::{self, Notice};
use crate::net::pump;

/// Description of SingleServer.
pub static SINGLE_SERVER: ComponentSpec = ComponentSpec {
    type_name: "SingleServer",
    category: Category::Network,
    summary: "Listens on a port and serves one client at a time",
    docs: "\
Waits for a client on `port`. Messages in `inbox` (bytes, or text as UTF-8) go to the client; data from the client \
leaves from `outbox` in pieces of at most 32 KiB. While a client is connected, further clients are refused. The \
component shows the client and the address it listens on, with the actual port if `port` is 0.

While no client is connected, data is held in the inbox, and senders wait once it is full (`while_alone` *hold*); or \
it is discarded (*drop*), which suits a live broadcast. Data that arrives after a client has disconnected is treated \
in the same way.

When a client has closed its sending side, it still gets the messages that arrive within `linger` seconds of the last \
one, so that it receives a complete echo from other components. With `once` the component finishes when its client has \
disconnected; without it, the component waits for the next client. When its input ends, the component sends what is \
queued, closes its sending side, reads until the client disconnects or sends nothing for `close_timeout`, and finishes.

If the port is already in use, the component crashes and names the port.

Example: `SingleServer.outbox` → `PassThrough.inbox` and `PassThrough.outbox` → `SingleServer.inbox` is an echo \
server.

**Differs from the original:** it listens only on this machine unless `host` is changed (0.0.0.0 means every \
interface), `while_alone`, `once`, `linger` and `close_timeout` are new, and it responds to `control`.",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text for the client").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes from the client").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::int("port", 0, 65535, 1601, "Port to listen on; 0 chooses a free one and shows it"),
        pump::HOST,
        ParamSpec::choice("while_alone", &["hold", "drop"], "What happens to data while no client is connected"),
        ParamSpec::switch("once", true, "Finish when the client has disconnected"),
        ParamSpec::seconds("linger", 0.5, "How long to wait for further messages after the client stops sending"),
        ParamSpec::seconds("close_timeout", 2.0, "How long a client may be silent after the last byte was sent to it"),
    ],
    has_surface: true,
    sends_first: SendsFirst::Yes,
    build: build::<SingleServer>,
    ..ComponentSpec::EMPTY
};

/// The component.
pub struct SingleServer {
    host: String,
    port: u16,
    holds: bool,
    once: bool,
    linger: std::time::Duration,
    close_timeout: std::time::Duration,
}

/// One run of the component.
struct Serving {
    server: SingleServer,
    io: BoxIo,
    far: Outside,
    /// A message taken from the inbox that has not been handed to a client yet.
    held: std::cell::RefCell<Option<Message>>,
    address: String,
}

/// Why the conversation with one client ended.
enum ClientEnd {
    /// The client has closed its sending side, but may still read.
    SendsNoMore,
    /// The connection is closed.
    Gone,
}

impl Component for SingleServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            return Err(ParamError::Other(
                "host is empty; give an address of this machine, for example 127.0.0.1 or 0.0.0.0".to_owned(),
            ));
        }
        Ok(Self {
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            holds: params.text("while_alone") == "hold",
            once: params.switch("once"),
            linger: params.seconds("linger"),
            close_timeout: params.seconds("close_timeout"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (host, port, timeout) = (self.host.clone(), self.port, self.close_timeout);
        let label = format!("TCP server {host}:{port}");
        let far = io.outside(&label, move |far| server_task::serve(host, port, timeout, far));
        let mut serving =
            Serving { server: self, io, far, held: std::cell::RefCell::default(), address: String::new() };
        serving.run().await
    }
}

impl Serving {
    async fn run(&mut self) -> Outcome {
        if let Some(Notice::Listening(address)) = self.far.recv().await?.as_ref().and_then(Notice::from_message) {
            self.address = address;
        }
        loop {
            self.show_status("waiting for a client");
            let Some(client) = self.wait_for_client().await? else { return Ok(()) };
            self.show_status(&format!("client {client}"));
            let input_ended = self.talk().await?;
            if input_ended || self.server.once {
                self.show_status("the client has disconnected");
                return Ok(());
            }
        }
    }

    /// The client that has connected; `None` if the input ended without a client and nothing is held.
    async fn wait_for_client(&self) -> Result<Option<String>, Fault> {
        let input = async {
            loop {
                if self.held.borrow().is_some() {
                    return future::pending().await;
                }
                match self.io.recv("inbox").await {
                    Some(message) if self.server.holds => *self.held.borrow_mut() = Some(message),
                    Some(_) => {}
                    None => return Ok(None),
                }
            }
        };
        let arrival = async {
            while let Some(message) = self.far.recv().await? {
                if let Some(Notice::Connected(client)) = Notice::from_message(&message) {
                    return Ok(Some(client));
                }
            }
            Ok(None)
        };
        future::or(arrival, input).await
    }

    /// Serves one client until it disconnects. Returns whether the input has ended.
    async fn talk(&self) -> Result<bool, Fault> {
        let input_ended = std::cell::Cell::new(false);
        let up = async {
            self.send_until(&input_ended, None).await?;
            // After the end of the input, only the end of the connection matters.
            future::pending().await
        };
        let end = future::or(self.receive(), up).await?;
        if matches!(end, ClientEnd::SendsNoMore) && !input_ended.get() {
            self.send_until(&input_ended, Some(self.server.linger)).await?;
            self.end_client(input_ended.get()).await;
        } else if !input_ended.get() {
            self.end_client(false).await;
        }
        if matches!(end, ClientEnd::SendsNoMore) {
            // Only the last notice can still arrive; it confirms that everything sent has been written.
            while !matches!(self.receive().await?, ClientEnd::Gone) {}
        }
        Ok(input_ended.get())
    }

    /// Sends messages to the client until the input ends or, if there is a `timeout`, pauses that long.
    async fn send_until(&self, input_ended: &std::cell::Cell<bool>, timeout: Option<std::time::Duration>) -> Outcome {
        loop {
            // The message stays in `held` until it is sent, because this future may be dropped while it waits.
            let waiting = self.held.borrow().clone();
            if let Some(message) = waiting {
                let message = pump::for_the_wire(message, "SingleServer")?;
                self.far.send(message).await;
                self.held.borrow_mut().take();
            }
            let next = match timeout {
                Some(timeout) => self.io.recv_timeout("inbox", timeout).await,
                None => self.io.recv("inbox").await.map_or(Timed::Ended, Timed::Message),
            };
            match next {
                Timed::Message(message) => *self.held.borrow_mut() = Some(message),
                Timed::TimedOut => return Ok(()),
                Timed::Ended => {
                    input_ended.set(true);
                    self.far.finish_sending();
                    return Ok(());
                }
            }
        }
    }

    /// Sends the client's data to `outbox` until a notice arrives.
    async fn receive(&self) -> Result<ClientEnd, Fault> {
        while let Some(message) = self.far.recv().await? {
            match Notice::from_message(&message) {
                Some(Notice::SendsNoMore) => return Ok(ClientEnd::SendsNoMore),
                Some(Notice::Gone) => return Ok(ClientEnd::Gone),
                Some(_) => {}
                None => self.io.send("outbox", message).await,
            }
        }
        Ok(ClientEnd::Gone)
    }

    /// Informs the task that further messages are for another client.
    async fn end_client(&self, already_finished: bool) {
        if !already_finished {
            self.far.send(Message::Nothing).await;
        }
    }

    fn show_status(&self, what: &str) {
        let lines = vec![format!("listening on {}", self.address), what.to_owned()];
        self.io.show(Surface::Text { lines });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    /// A server on a free port, and its address.
    fn rig(params: &[(&str, Message)]) -> (Rig, String) {
        let mut all = vec![("port", Message::Int(0))];
        all.extend_from_slice(params);
        let mut rig = Rig::new(&SINGLE_SERVER, &all);
        rig.run_until(|rig| address(rig).is_some());
        let address = address(&rig).unwrap();
        (rig, address)
    }

    fn address(rig: &Rig) -> Option<String> {
        match rig.surface()? {
            Surface::Text { lines } => lines.first()?.strip_prefix("listening on ").map(str::to_owned),
            _ => None,
        }
    }

    fn shows(rig: &Rig, start: &str) -> bool {
        matches!(rig.surface(), Some(Surface::Text { lines }) if lines.iter().any(|line| line.starts_with(start)))
    }

    /// A client on a thread that sends, closes its sending side, and returns what it received.
    fn client(address: &str, data: Vec<u8>) -> JoinHandle<Vec<u8>> {
        let mut stream = TcpStream::connect(address).unwrap();
        thread::spawn(move || {
            let mut writer = stream.try_clone().unwrap();
            let writing = thread::spawn(move || {
                writer.write_all(&data).unwrap();
                writer.shutdown(Shutdown::Write).unwrap();
            });
            let mut received = Vec::new();
            stream.read_to_end(&mut received).unwrap();
            writing.join().unwrap();
            received
        })
    }

    fn bytes(messages: &[Message]) -> Vec<u8> {
        messages.iter().flat_map(|message| message.as_bytes().unwrap().to_vec()).collect()
    }

    /// Plays a PassThrough from outbox to inbox until the server finishes.
    fn echo(rig: &mut Rig) {
        while !rig.state().has_ended() {
            rig.run_until(|rig| rig.waiting("outbox") > 0 || rig.state().has_ended());
            for message in rig.take("outbox") {
                rig.put("inbox", message);
            }
        }
    }

    #[test]
    fn an_echo_of_megabytes_is_complete_although_the_client_closed_its_sending_side() {
        let (mut rig, address) = rig(&[]);
        let sent: Vec<u8> = (0..3_000_000u32).map(|index| (index % 241) as u8).collect();
        let client = client(&address, sent.clone());
        echo(&mut rig);
        assert_eq!(rig.state(), State::Finished);
        assert!(client.join().unwrap() == sent);
    }

    #[test]
    fn data_waits_for_the_first_client_and_the_end_of_input_closes_the_connection() {
        let (mut rig, address) = rig(&[]);
        rig.put("inbox", "one ");
        rig.put("inbox", "two");
        rig.finish();
        let client = client(&address, b"hello".to_vec());
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(client.join().unwrap(), b"one two");
        assert_eq!(bytes(&rig.take("outbox")), b"hello");
    }

    #[test]
    fn with_drop_data_sent_before_a_client_connects_is_discarded() {
        let (mut rig, address) = rig(&[("while_alone", "drop".into())]);
        rig.put("inbox", "early");
        rig.run();
        let client = client(&address, Vec::new());
        rig.run_until(|rig| shows(rig, "client 1"));
        rig.put("inbox", "late");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(client.join().unwrap(), b"late");
    }

    #[test]
    fn after_the_end_of_its_input_it_does_not_wait_for_a_silent_client_for_ever() {
        let (mut rig, address) = rig(&[("close_timeout", 0.05.into())]);
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(b"the last word").unwrap();
        rig.put("inbox", "bye");
        rig.run_until(|rig| shows(rig, "client 1"));
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        // The client has not closed its connection yet.
        let mut received = String::new();
        stream.read_to_string(&mut received).unwrap();
        assert_eq!((received.as_str(), bytes(&rig.take("outbox"))), ("bye", b"the last word".to_vec()));
    }

    #[test]
    fn without_once_the_next_client_is_served() {
        let (mut rig, address) = rig(&[("once", false.into())]);
        for sent in [b"first", b"other"] {
            let client = client(&address, sent.to_vec());
            rig.run_until(|rig| rig.waiting("outbox") > 0);
            assert_eq!(bytes(&rig.take("outbox")), sent);
            rig.run_until(|rig| shows(rig, "waiting"));
            assert_eq!(client.join().unwrap(), b"");
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn srv_9_a_second_client_is_refused_and_the_end_of_the_first_is_announced() {
        let (mut rig, address) = rig(&[]);
        let mut first = TcpStream::connect(&address).unwrap();
        rig.run_until(|rig| shows(rig, "client 1"));
        let mut second = TcpStream::connect(&address).unwrap();
        // The server closes the connection: the read gives the end of the stream or a reset.
        assert_eq!(second.read(&mut [0; 8]).unwrap_or_default(), 0);
        first.write_all(b"still here").unwrap();
        rig.run_until(|rig| rig.waiting("outbox") > 0);
        drop(first);
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(bytes(&rig.take("outbox")), b"still here");
        assert_eq!(rig.texts("signal"), ["producer finished"]);
    }

    #[test]
    fn port_3_the_default_port_of_single_server_is_that_of_the_original() {
        let port = SINGLE_SERVER.params.iter().find(|param| param.name == "port").unwrap();
        assert_eq!(port.default.value(), Some(Message::Int(1601)));
    }

    #[test]
    fn shutdown_ends_it_at_once() {
        let (mut rig, _) = rig(&[]);
        rig.shutdown();
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn the_error_for_a_port_in_use_names_it_and_the_remedy() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let mut rig = Rig::new(&SINGLE_SERVER, &[("port", i64::from(port).into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let state = format!("{:?}", rig.state());
        assert!(state.contains(&format!("127.0.0.1:{port}: the port is in use; choose another")), "{state}");
    }
}
