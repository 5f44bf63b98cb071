//! WebSocketClient: a connection to a WebSocket server, as an inbox and an outbox.
//!
//! The component implements the protocol on the scheduler thread; it uses the socket of TCPClient, on the reactor
//! thread.

use std::time::Duration;

use compose_runtime::dev::*;
use futures_lite::future;
use tungstenite::Error;

use super::web_address;
use super::websocket::{CloseReason, Handshake, Wire};
use crate::net::address::without_brackets;
use crate::net::tcp_client::{Phases, Target};
use crate::net::time_limit::TimeLimit;

/// The handshake and the end of the conversation.
const PHASES: usize = 2;

/// Description of WebSocketClient.
pub static WEB_SOCKET_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "WebSocketClient",
    category: Category::Network,
    summary: "Connects to a WebSocket server and transfers messages in both directions",
    docs: "Connects to `url`, sends each message in `inbox` (text as text, bytes as bytes) and passes on each message \
           from the server. When its input has ended and the server has been silent for `linger` seconds, the \
           component sends a close frame and continues to receive until the server answers it, or is silent for \
           `close_timeout`. The delay lets an echo arrive completely. When the server closes the connection, the \
           component finishes. If the server gives an error as the reason, does not answer the close frame, or the \
           connection is lost without a close frame, the console shows that.\n\n\
           If the server refuses the connection, breaks the protocol or sends a message larger than `largest`, the \
           component crashes and names the reason. Start the server first, or set `retry` to a few seconds. There is \
           no encryption: an address with `wss` is refused.\n\n\
           Example: a SimpleServer whose template is a WebSocketServer with `received` linked to `send` echoes what \
           a ConsoleReader sends through a WebSocketClient to a ConsoleEchoer.\n\n\
           New: WebSocket did not exist at the time of the original.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the server").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Messages from the server").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[
        ParamSpec::text("url", "ws://127.0.0.1:1602/", "Address of the server"),
        ParamSpec::seconds(
            "connect_timeout",
            60.0,
            "How long to wait for the connection and for the handshake; 0 for no limit",
        ),
        ParamSpec::seconds("retry", 0.0, "How long to keep trying while nothing is listening there"),
        ParamSpec::seconds("linger", 0.5, "How long to wait for replies after the last message"),
        ParamSpec::seconds(
            "close_timeout",
            2.0,
            "How long the server may be silent before it answers the close frame; 0 for no limit",
        ),
        ParamSpec::int("largest", 0, 1 << 30, 1 << 20, "Largest message").unit("bytes"),
    ],
    sends_first: SendsFirst::Yes,
    build: build::<WebSocketClient>,
    ..ComponentSpec::EMPTY
};

struct WebSocketClient {
    url: String,
    host: String,
    port: u16,
    connect_timeout: TimeLimit,
    retry: Duration,
    linger: Duration,
    close_timeout: TimeLimit,
    largest: usize,
}

/// The state of this side of the connection.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Talking,
    /// All messages have been sent; replies may still arrive.
    Lingering,
    /// The close frame has been sent.
    Leaving,
}

enum Event {
    Came(Option<Message>),
    ToSend(Option<Message>),
    Silence,
}

impl Component for WebSocketClient {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let url = web_address::address(&params.text("url"), &["ws"]);
        let url = url.map_err(|error| ParamError::Other(format!("url: {error}")))?;
        Ok(Self {
            host: without_brackets(url.host().unwrap_or_default()).to_owned(),
            port: url.port_u16().unwrap_or(80),
            url: url.to_string(),
            connect_timeout: TimeLimit::of(params, "connect_timeout"),
            retry: params.seconds("retry"),
            linger: params.seconds("linger"),
            close_timeout: TimeLimit::of(params, "close_timeout"),
            largest: params.count("largest"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (phase, reached) = async_channel::bounded(PHASES);
        let phases = Phases { reached, close_timeout: self.close_timeout };
        let target = Target::new(self.host.clone(), self.port, self.connect_timeout, self.retry, phases);
        let far = io.outside(&format!("WebSocket {}", self.url), move |port| target.talk(port));
        let mut wire = self.greet(&far).await?;
        // There is space for both phases, and the other end closes only when the connection ends.
        let _ = phase.try_send(());
        let mut stage = Stage::Talking;
        loop {
            while let Some(message) = wire.received().map_err(|error| self.broken(&error))? {
                self.give(&io, &far, &mut wire, message, stage).await?;
            }
            if let Some(bytes) = wire.take_bytes() {
                far.send(bytes).await;
            }
            if wire.is_closed() {
                // The server closes the connection when it has received the close frame.
                let _ = phase.try_send(());
                if let Some(complaint) = wire.complaint() {
                    io.note(&format!("the server closed the connection with {complaint}"));
                }
                far.finish_sending();
                while far.recv().await?.is_some() {}
                return Ok(());
            }
            let came = async { far.recv().await.map(Event::Came) };
            let to_send = async {
                match stage {
                    Stage::Talking => Ok(Event::ToSend(io.recv("inbox").await)),
                    Stage::Lingering => {
                        io.sleep(self.linger).await;
                        Ok(Event::Silence)
                    }
                    Stage::Leaving => future::pending().await,
                }
            };
            match future::or(came, to_send).await? {
                Event::Came(Some(message)) => wire.feed(message.as_bytes().unwrap_or_default()),
                Event::Came(None) => {
                    if !io.is_shutting_down() {
                        io.note(match stage {
                            Stage::Leaving => "the server did not answer the close frame",
                            Stage::Talking | Stage::Lingering => {
                                "the connection was lost without a close frame; the last message may be missing"
                            }
                        });
                    }
                    return Ok(());
                }
                Event::ToSend(Some(message)) => wire.send("inbox", &message)?,
                Event::ToSend(None) => stage = Stage::Lingering,
                Event::Silence => {
                    stage = Stage::Leaving;
                    wire.close(CloseReason::Done);
                    let _ = phase.try_send(());
                }
            }
        }
    }
}

impl WebSocketClient {
    /// Performs the handshake with the server.
    async fn greet(&self, far: &Outside) -> Result<Wire, Fault> {
        let refused = |error: Error| {
            let why = match &error {
                Error::Http(response) => format!("the server answered {}", response.status()),
                other => other.to_string(),
            };
            Fault::new(format!("{} is not a WebSocket server: {why}; check the address", self.url))
        };
        let mut handshake = Handshake::begin(&self.url, self.largest).map_err(refused)?;
        loop {
            if let Some(wire) = handshake.finished() {
                return Ok(wire);
            }
            if let Some(bytes) = handshake.take_bytes() {
                far.send(bytes).await;
            }
            let Some(message) = far.recv().await? else {
                return Err(Fault::new(format!(
                    "{} closed the connection during the handshake; check the address",
                    self.url
                )));
            };
            handshake.feed(message.as_bytes().unwrap_or_default()).map_err(refused)?;
        }
    }

    /// Passes a message from the server to `outbox`. While the receiving inbox is full, sending continues: the
    /// receiver may itself be waiting to send replies.
    async fn give(&self, io: &BoxIo, far: &Outside, wire: &mut Wire, message: Message, stage: Stage) -> Outcome {
        while stage == Stage::Talking && !io.has_space("outbox") && !io.is_shutting_down() {
            let space = async {
                io.space("outbox").await;
                None
            };
            let to_send = async {
                match io.recv("inbox").await {
                    None => future::pending().await,
                    to_send => to_send,
                }
            };
            if let Some(to_send) = future::or(space, to_send).await {
                wire.send("inbox", &to_send)?;
                if let Some(bytes) = wire.take_bytes() {
                    far.send(bytes).await;
                }
            }
        }
        io.send("outbox", message).await;
        Ok(())
    }

    fn broken(&self, error: &Error) -> Fault {
        Fault::new(format!("{} broke the WebSocket protocol: {error}", self.url))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;
    use tungstenite::protocol::CloseFrame;
    use tungstenite::protocol::frame::coding::CloseCode;
    use tungstenite::{Message as Data, WebSocket, accept};

    use super::*;

    /// A server for one client, on a thread; `join` returns the result of `serve`.
    fn server<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (Message, JoinHandle<T>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/talk", listener.local_addr().unwrap());
        (url.into(), thread::spawn(move || serve(listener.accept().unwrap().0)))
    }

    /// Echoes every message until the close frame; returns the number of messages.
    fn echo(stream: TcpStream) -> usize {
        let mut socket: WebSocket<TcpStream> = accept(stream).unwrap();
        let mut count = 0;
        while let Ok(message) = socket.read() {
            if matches!(message, Data::Text(_) | Data::Binary(_)) {
                count += 1;
                socket.send(message).unwrap();
            }
        }
        count
    }

    #[test]
    fn echoed_messages_arrive_unchanged_before_it_finishes() {
        let (url, server) = server(echo);
        let mut rig = Rig::new(&WEB_SOCKET_CLIENT, &[("url", url)]);
        let sent = ["one".into(), Message::bytes(vec![0; 100_000]), "".into(), "three".into()];
        for message in &sent {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.take("outbox"), sent);
        assert_eq!(server.join().unwrap(), 4);
    }

    #[test]
    fn a_close_frame_from_the_server_finishes_it() {
        let (url, server) = server(|stream| {
            let mut socket = accept(stream).unwrap();
            socket.send(Data::text("bye")).unwrap();
            socket.close(None).unwrap();
            while socket.read().is_ok() {}
        });
        let mut rig = Rig::new(&WEB_SOCKET_CLIENT, &[("url", url)]);
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.texts("outbox"), ["bye"]);
        server.join().unwrap();
    }

    #[test]
    fn an_oversized_message_or_a_server_without_websocket_crashes_it_with_a_reason() {
        let (too_large, first) = server(|stream| {
            let mut socket = accept(stream).unwrap();
            socket.send(Data::text("hello")).unwrap();
            while socket.read().is_ok() {}
        });
        let (no_websocket, second) = server(|mut stream| {
            use std::io::{Read as _, Write as _};
            let _ = stream.read(&mut [0; 1024]).unwrap();
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
        });
        for (url, reason) in [(too_large, "too long"), (no_websocket, "404")] {
            let mut rig = Rig::new(&WEB_SOCKET_CLIENT, &[("url", url), ("largest", 4_i64.into())]);
            rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
            assert!(format!("{:?}", rig.state()).contains(reason), "{:?}", rig.state());
        }
        first.join().unwrap();
        second.join().unwrap();
    }

    #[test]
    fn an_invalid_address_is_refused_with_the_reason() {
        let build = |url: &str| {
            let url = Message::from(url);
            let params = Params::check(WEB_SOCKET_CLIENT.params, [("url", &url)]).unwrap();
            WebSocketClient::new(&params)
        };
        for (url, reason) in [
            ("127.0.0.1", "ws://"),
            ("http://127.0.0.1/", "ws://"),
            ("wss://127.0.0.1/", "encryption"),
            ("ws://", "host name is missing"),
            ("ws://127.0.0.1:99999/", "the port must be from 1 to 65535"),
        ] {
            let why = build(url).err().unwrap().to_string();
            assert!(why.contains(reason), "{url}: {why}");
        }
        for (url, host, port) in [("ws://[::1]:9/x", "::1", 9), ("ws://localhost", "localhost", 80)] {
            let client = build(url).unwrap();
            assert_eq!((client.host.as_str(), client.port), (host, port));
        }
    }

    /// Runs a client until it has ended, after its input has ended, and then lets the server continue.
    fn ended(settings: &[(&str, Message)], serve: impl FnOnce(TcpStream) -> TcpStream + Send + 'static) -> Rig {
        let (end, may_end) = std::sync::mpsc::channel::<()>();
        let (url, server) = server(move |stream| {
            let _open = serve(stream);
            // Returns an error when the other end is dropped.
            let _ = may_end.recv();
        });
        let mut all = vec![("url", url)];
        all.extend_from_slice(settings);
        let mut rig = Rig::new(&WEB_SOCKET_CLIENT, &all);
        rig.finish();
        rig.run_until(|rig| rig.state().has_ended());
        drop(end);
        server.join().unwrap();
        rig
    }

    #[test]
    fn a_server_that_stays_silent_is_not_waited_for_without_limit() {
        let rig = ended(&[("connect_timeout", 1.0.into())], |stream| stream);
        let state = format!("{:?}", rig.state());
        assert!(state.contains("did not complete the handshake within 1 s"), "{state}");
        let silent = |stream: TcpStream| {
            drop(accept(stream.try_clone().unwrap()).unwrap());
            stream
        };
        let rig = ended(&[("close_timeout", 1.0.into())], silent);
        assert_eq!(
            (rig.state(), rig.console().concat().as_str()),
            (State::Finished, "the server did not answer the close frame")
        );
    }

    #[test]
    fn a_lost_connection_and_the_reason_of_the_server_are_reported() {
        use std::io::Write as _;
        let (half_a_frame, first) = server(|stream| {
            let mut writer = stream.try_clone().unwrap();
            let _socket = accept(stream).unwrap();
            writer.write_all(&[0x81, 5, b'h']).unwrap();
        });
        let (error, second) = server(|stream| {
            let mut socket = accept(stream).unwrap();
            let frame = CloseFrame { code: CloseCode::Error, reason: "no disk".into() };
            socket.close(Some(frame)).unwrap();
            while socket.read().is_ok() {}
        });
        for (url, reason) in [(half_a_frame, "lost without a close frame"), (error, "with code 1011: no disk")] {
            let mut rig = Rig::new(&WEB_SOCKET_CLIENT, &[("url", url)]);
            rig.run_until(|rig| rig.state() == State::Finished);
            assert!(rig.console().concat().contains(reason), "{:?}", rig.console());
        }
        first.join().unwrap();
        second.join().unwrap();
    }
}
