//! SingleServer: one client at a time, as an inbox and an outbox.
//!
//! The component decides (on the scheduler thread) what is said to whom; `ServerTask` (on the reactor thread) owns the
//! sockets. They talk over one port: bytes are data, [`Notice`]s travel as text to the component, and a message without
//! bytes travels to the task to mark the end of one client. Data waits in the inbox, where it can be seen, and nowhere
//! else.

use compose_runtime::dev::*;
use futures_lite::future;

use super::server_task::{self, Notice};
use crate::net::pump;

/// The description.
pub static SINGLE_SERVER: ComponentSpec = ComponentSpec {
    type_name: "SingleServer",
    category: Category::Network,
    summary: "Listens on a port and serves one client at a time",
    docs: "\
Waits for a client on `port`. What arrives in `inbox` (bytes, or text as UTF-8) goes to the client, what the client sends \
comes out of `outbox` in pieces of at most 32 KiB. A second client is turned away while one is connected. The address \
it listens on, with the real port if 0 was asked, and who is connected stand on the component.

While nobody is connected, data waits in the inbox and then makes its senders wait (`while_alone` *hold*), or is thrown \
away (*drop*), as suits a live broadcast. What arrives after a client has broken off waits for the next in the same way.

A client that has said it will send no more is still sent whatever comes within `linger` seconds of the last message, so \
that an echo through other components reaches it whole. With `once` the component finishes when its client has left; \
without, it waits for the next. When its input has ended it sends what is waiting, tells the client, reads until the \
client leaves, and finishes.

A port that is taken is a crash in words.

Example: `SingleServer.outbox` → `PassThrough.inbox` and `PassThrough.outbox` → `SingleServer.inbox` is an echo server.

**Differs from the original:** it listens on this machine only unless `host` is changed (0.0.0.0 means every network), \
`while_alone`, `once` and `linger` are new, and it obeys `control`.",
    inboxes: &[BoxSpec::new("inbox", "Bytes or text for the client").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Bytes from the client").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::int("port", 0, 65535, 1601, "Port to listen on; 0 chooses a free one and shows it"),
        ParamSpec::text("host", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines connect"),
        ParamSpec::choice("while_alone", &["hold", "drop"], "What happens to data while nobody is connected"),
        ParamSpec::switch("once", true, "Finish when the client has left"),
        ParamSpec::seconds("linger", 0.5, "How long a client that sends no more is still sent answers"),
    ],
    has_surface: true,
    speaks_first: SpeaksFirst::Yes,
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

/// What ended the time with one client.
enum ClientEnd {
    /// It will send no more, but may still be listening.
    SaysNoMore,
    /// The connection is gone.
    Gone,
}

impl Component for SingleServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("host").trim().to_owned();
        if host.is_empty() {
            return Err(ParamError::Other(
                "host must be an address of this machine, for example 127.0.0.1 or 0.0.0.0".to_owned(),
            ));
        }
        Ok(Self {
            host,
            port: u16::try_from(params.int("port")).unwrap_or_default(),
            holds: params.text("while_alone") == "hold",
            once: params.switch("once"),
            linger: params.seconds("linger"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (host, port) = (self.host.clone(), self.port);
        let far = io.outside(&format!("TCP server {host}:{port}"), move |far| server_task::serve(host, port, far));
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
            self.say("waiting for a client");
            let Some(client) = self.wait_for_client().await? else { return Ok(()) };
            self.say(&format!("client {client}"));
            let input_ended = self.talk().await?;
            if input_ended || self.server.once {
                self.say("client has left");
                return Ok(());
            }
        }
    }

    /// Who has connected; `None` if the input ended while nobody was there and nothing is held.
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

    /// Serves one client until it has left; whether the input has ended.
    async fn talk(&self) -> Result<bool, Fault> {
        let input_ended = std::cell::Cell::new(false);
        let up = async {
            self.send_until(&input_ended, None).await?;
            // After the end of the input, only the client's leaving is waited for.
            future::pending().await
        };
        let end = future::or(self.receive(), up).await?;
        if matches!(end, ClientEnd::SaysNoMore) && !input_ended.get() {
            self.send_until(&input_ended, Some(self.server.linger)).await?;
            self.end_client(input_ended.get()).await;
        } else if !input_ended.get() {
            self.end_client(false).await;
        }
        if matches!(end, ClientEnd::SaysNoMore) {
            // Nothing but the notice can come; it says that everything sent has been written.
            while !matches!(self.receive().await?, ClientEnd::Gone) {}
        }
        Ok(input_ended.get())
    }

    /// Hands messages to the client until the input ends or, if there is a `patience`, pauses that long.
    async fn send_until(&self, input_ended: &std::cell::Cell<bool>, patience: Option<std::time::Duration>) -> Outcome {
        loop {
            // Kept in `held` until it is handed over: this future may be dropped while it waits.
            let waiting = self.held.borrow().clone();
            if let Some(message) = waiting {
                let message = pump::for_the_wire(message, "SingleServer")?;
                self.far.send(message).await;
                self.held.borrow_mut().take();
            }
            let next = match patience {
                Some(patience) => self.io.recv_timeout("inbox", patience).await,
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

    /// Gives out what the client sends until it says something else.
    async fn receive(&self) -> Result<ClientEnd, Fault> {
        while let Some(message) = self.far.recv().await? {
            match Notice::from_message(&message) {
                Some(Notice::SaysNoMore) => return Ok(ClientEnd::SaysNoMore),
                Some(Notice::Gone) => return Ok(ClientEnd::Gone),
                Some(_) => {}
                None => self.io.send("outbox", message).await,
            }
        }
        Ok(ClientEnd::Gone)
    }

    /// Tells the task that what comes next is for another client.
    async fn end_client(&self, already_finished: bool) {
        if !already_finished {
            self.far.send(Message::Nothing).await;
        }
    }

    fn say(&self, what: &str) {
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

    fn shows(rig: &Rig, words: &str) -> bool {
        matches!(rig.surface(), Some(Surface::Text { lines }) if lines.iter().any(|line| line.starts_with(words)))
    }

    /// A client on a thread that sends, says that it will send no more, and gives what it was sent.
    fn client(address: &str, say: Vec<u8>) -> JoinHandle<Vec<u8>> {
        let mut stream = TcpStream::connect(address).unwrap();
        thread::spawn(move || {
            let mut writer = stream.try_clone().unwrap();
            let writing = thread::spawn(move || {
                writer.write_all(&say).unwrap();
                writer.shutdown(Shutdown::Write).unwrap();
            });
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).unwrap();
            writing.join().unwrap();
            heard
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
    fn an_echo_of_megabytes_comes_back_whole_although_the_client_closed_its_half() {
        let (mut rig, address) = rig(&[]);
        let said: Vec<u8> = (0..3_000_000u32).map(|index| (index % 241) as u8).collect();
        let client = client(&address, said.clone());
        echo(&mut rig);
        assert_eq!(rig.state(), State::Finished);
        assert!(client.join().unwrap() == said);
    }

    #[test]
    fn data_is_held_for_the_first_client_and_the_end_of_input_closes_it() {
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
    fn with_drop_nobody_hears_what_was_said_before() {
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
    fn without_once_the_next_client_is_served() {
        let (mut rig, address) = rig(&[("once", false.into())]);
        for said in [b"first", b"other"] {
            let client = client(&address, said.to_vec());
            rig.run_until(|rig| rig.waiting("outbox") > 0);
            assert_eq!(bytes(&rig.take("outbox")), said);
            rig.run_until(|rig| shows(rig, "waiting"));
            assert_eq!(client.join().unwrap(), b"");
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn srv_9_a_second_client_is_turned_away_and_the_end_of_the_first_is_said() {
        let (mut rig, address) = rig(&[]);
        let mut first = TcpStream::connect(&address).unwrap();
        rig.run_until(|rig| shows(rig, "client 1"));
        let mut second = TcpStream::connect(&address).unwrap();
        // Closed by the server: the end of the stream, or a reset.
        assert_eq!(second.read(&mut [0; 8]).unwrap_or_default(), 0);
        first.write_all(b"still here").unwrap();
        rig.run_until(|rig| rig.waiting("outbox") > 0);
        drop(first);
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(bytes(&rig.take("outbox")), b"still here");
        assert_eq!(rig.texts("signal"), ["producer finished"]);
    }

    #[test]
    fn port_3_the_port_is_that_of_the_original_unless_another_is_set() {
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
    fn a_taken_port_says_which_and_what_to_do() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let mut rig = Rig::new(&SINGLE_SERVER, &[("port", i64::from(port).into())]);
        rig.run_until(|rig| rig.state().has_ended());
        let words = format!("{:?}", rig.state());
        assert!(words.contains(&format!("127.0.0.1:{port}: the port is in use; choose another")), "{words}");
    }
}
