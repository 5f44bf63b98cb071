//! SingleServer: a TCP server for one client at a time, as an inbox and an outbox.
//!
//! The component decides on the scheduler thread what is sent to which client; the server task owns the sockets on the
//! reactor thread. They communicate over one port: bytes are data, [`Notice`]s are sent to the component as text, and a
//! message without bytes informs the task that a client is finished. Data waits in the inbox, where it is visible, and
//! nowhere else.

use compose_runtime::dev::*;
use futures_lite::future;

use super::server_task::{self, Notice};
use crate::net::address::{at, without_brackets};
use crate::net::pump;
use crate::net::time_limit::TimeLimit;

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
in the same way. Data that was on its way to a client that has disconnected is lost, and the console shows how many \
bytes were not sent.

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
        ParamSpec::seconds(
            "close_timeout",
            2.0,
            "How long a client may be silent after the last byte was sent to it; 0 for no limit",
        ),
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
    close_timeout: TimeLimit,
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
        let host = without_brackets(&params.text("host")).to_owned();
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
            close_timeout: TimeLimit::of(params, "close_timeout"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (host, port, timeout) = (self.host.clone(), self.port, self.close_timeout);
        let label = format!("TCP server {}", at(&host, port));
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
            let input_ended = self.talk(&client).await?;
            if input_ended || self.server.once {
                self.show_status("the client has disconnected");
                self.report_held();
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
    async fn talk(&self, client: &str) -> Result<bool, Fault> {
        let input_ended = std::cell::Cell::new(false);
        let up = async {
            self.send_until(&input_ended, None).await?;
            // After the end of the input, only the end of the connection matters.
            future::pending().await
        };
        let mut end = future::or(self.receive(), up).await?;
        let mut is_marked = false;
        if matches!(end, ClientEnd::SendsNoMore) && !input_ended.get() {
            // Even while a source never pauses, the end of the client must be noticed.
            let gone = async { self.receive().await.map(Some) };
            let lingers = async {
                self.send_until(&input_ended, Some(self.server.linger)).await?;
                Ok(None)
            };
            match future::or(gone, lingers).await? {
                Some(next) => end = next,
                None if input_ended.get() => {}
                None => {
                    self.end_client().await;
                    is_marked = true;
                }
            }
        }
        // The next notice confirms that everything sent has been written or lost.
        while !matches!(end, ClientEnd::Gone) {
            end = self.receive().await?;
        }
        if !is_marked && !input_ended.get() {
            self.end_client().await;
        }
        self.report_lost(client).await?;
        Ok(input_ended.get())
    }

    /// Reports held data that no client will get, because the component finishes.
    fn report_held(&self) {
        let held = self.held.borrow_mut().take();
        let bytes: usize = held.into_iter().chain(self.io.drain("inbox")).map(|message| message.payload_len()).sum();
        if bytes > 0 && self.server.holds && !self.io.is_shutting_down() {
            self.io.note(&format!("{bytes} bytes for a client were not sent, because the last one has disconnected"));
        }
    }

    /// Reports the data that could not be sent to a client that has gone.
    async fn report_lost(&self, client: &str) -> Outcome {
        while let Some(message) = self.far.recv().await? {
            if let Some(Notice::Lost(bytes)) = Notice::from_message(&message) {
                if bytes > 0 {
                    self.io.note(&pump::lost_text(&format!("the client {client}"), bytes));
                }
                break;
            }
        }
        Ok(())
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
    async fn end_client(&self) {
        self.far.send(Message::Nothing).await;
    }

    fn show_status(&self, what: &str) {
        let lines = vec![format!("listening on {}", self.address), what.to_owned()];
        self.io.show(Surface::Text { lines });
    }
}

#[cfg(test)]
mod tests;
