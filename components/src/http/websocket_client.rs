//! WebSocketClient: a connection to a WebSocket server, as an inbox and an outbox.
//!
//! The component implements the protocol on the scheduler thread; it uses the socket of TCPClient, on the reactor
//! thread.

use std::time::Duration;

use compose_runtime::dev::*;
use futures_lite::future;
use tungstenite::Error;
use tungstenite::http::Uri;

use super::websocket::{CloseReason, Handshake, Wire};
use crate::net::tcp_client::Target;
use crate::net::time_limit::TimeLimit;

/// Description of WebSocketClient.
pub static WEB_SOCKET_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "WebSocketClient",
    category: Category::Network,
    summary: "Connects to a WebSocket server and transfers messages in both directions",
    docs: "Connects to `url`, sends each message in `inbox` (text as text, bytes as bytes) and passes on each \
           message from the server. When its input has ended and the server has been silent for `linger` seconds, \
           the component sends a close frame and continues to receive until the server answers it. The delay lets an \
           echo arrive completely. When the server closes the connection, the component finishes.\n\n\
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
    largest: usize,
}

/// The state of this side of the connection.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Talking,
    /// All messages are sent; replies may arrive.
    Lingering,
    /// The close frame is sent.
    Leaving,
}

enum Event {
    Came(Option<Message>),
    ToSend(Option<Message>),
    Silence,
}

impl Component for WebSocketClient {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let url = params.text("url").trim().to_owned();
        let (host, port) = host_and_port(&url).map_err(|why| ParamError::Other(format!("url: {why}: {url}")))?;
        Ok(Self {
            url,
            host,
            port,
            connect_timeout: TimeLimit::of(params, "connect_timeout"),
            retry: params.seconds("retry"),
            linger: params.seconds("linger"),
            largest: params.count("largest"),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let target = Target::new(self.host.clone(), self.port, self.connect_timeout, self.retry);
        let far = io.outside(&format!("WebSocket {}", self.url), move |port| target.talk(port));
        let mut wire = self.greet(&far).await?;
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
                Event::Came(None) => return Ok(()),
                Event::ToSend(Some(message)) => wire.send("inbox", &message)?,
                Event::ToSend(None) => stage = Stage::Lingering,
                Event::Silence => {
                    stage = Stage::Leaving;
                    wire.close(CloseReason::Done);
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

    /// Passes a message from the server to `outbox`. While the receiving inbox is full, sending continues, because
    /// replies may be what fills it.
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

/// Why an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum AddressError {
    #[error("the address is not valid; give one like ws://127.0.0.1:1602/")]
    Invalid,
    #[error("encryption is not supported; use ws, or a proxy that encrypts")]
    Encrypted,
    #[error("the address does not begin with ws://; give one like ws://127.0.0.1:1602/")]
    Scheme,
    #[error("the host name is missing; give an address like ws://127.0.0.1:1602/")]
    NoHost,
}

/// Host and port of an address.
fn host_and_port(url: &str) -> Result<(String, u16), AddressError> {
    let uri: Uri = url.parse().map_err(|_| AddressError::Invalid)?;
    match uri.scheme_str() {
        Some("ws") => {}
        Some("wss") => return Err(AddressError::Encrypted),
        _ => return Err(AddressError::Scheme),
    }
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err(AddressError::NoHost);
    }
    Ok((host.to_owned(), uri.port_u16().unwrap_or(80)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;
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
        for (url, reason) in [
            ("127.0.0.1", "ws://"),
            ("http://127.0.0.1/", "ws://"),
            ("wss://127.0.0.1/", "encryption"),
            ("ws://", "not valid"),
        ] {
            let why = host_and_port(url).unwrap_err().to_string();
            assert!(why.contains(reason), "{url}: {why}");
        }
        assert_eq!(host_and_port("ws://[::1]:9/x"), Ok(("::1".to_owned(), 9)));
        assert_eq!(host_and_port("ws://localhost"), Ok(("localhost".to_owned(), 80)));
    }
}
