//! WebSocketClient: a conversation with a WebSocket server, as an inbox and an outbox.
//!
//! The component speaks the protocol on the scheduler thread; the socket is the one of TCPClient, on the reactor thread.

use std::time::Duration;

use compose_runtime::dev::*;
use futures_lite::future;
use tungstenite::Error;
use tungstenite::http::Uri;

use super::websocket::{Goodbye, Handshake, Wire};
use crate::net::tcp_client::Target;

/// Description of WebSocketClient.
pub static WEB_SOCKET_CLIENT: ComponentSpec = ComponentSpec {
    type_name: "WebSocketClient",
    category: Category::Network,
    summary: "Connects to a WebSocket server; messages go both ways",
    docs: "Connects to `url`, sends each message of `inbox` (text as text, bytes as bytes) and gives out each message of \
           the server. When its input has ended and the server has been silent for `linger` seconds, so that an echo comes \
           back whole, it says goodbye and goes on receiving until the server has answered that. When the server says goodbye or leaves, it finishes.\n\n\
           A server that refuses, or that breaks the protocol or sends a message larger than `largest`, is a crash in \
           words. Start the server first, or give `retry` some seconds. There is no encryption: an address with `wss` is \
           refused.\n\n\
           Example: a SimpleServer whose template is WebSocketServer with `received` into `send` gives back what a \
           ConsoleReader into WebSocketClient into a ConsoleEchoer says to it.\n\n\
           New: the original's time had no WebSocket.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the server").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Messages from the server").kinds(&[Kind::Text, Kind::Bytes])],
    params: &[
        ParamSpec::text("url", "ws://127.0.0.1:1602/", "Address of the server"),
        ParamSpec::seconds("connect_timeout", 60.0, "How long to wait for an answer"),
        ParamSpec::seconds("retry", 0.0, "How long to go on trying while nothing listens there"),
        ParamSpec::seconds("linger", 0.5, "How long to wait for answers after the last message"),
        ParamSpec::int("largest", 0, 1 << 30, 1 << 20, "Largest message").unit("bytes"),
    ],
    speaks_first: SpeaksFirst::Yes,
    build: build::<WebSocketClient>,
    ..ComponentSpec::EMPTY
};

struct WebSocketClient {
    url: String,
    host: String,
    port: u16,
    connect_timeout: Duration,
    retry: Duration,
    linger: Duration,
    largest: usize,
}

/// How far this end of the conversation is.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Talking,
    /// Everything is said; answers may come.
    Lingering,
    /// Goodbye is said.
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
        let (host, port) = place(&url).map_err(|why| ParamError::Other(format!("url: {why}: {url}")))?;
        Ok(Self {
            url,
            host,
            port,
            connect_timeout: params.seconds("connect_timeout"),
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
            if wire.is_over() {
                // The goodbye is on its way; the server closes the connection when it has it.
                far.finish_sending();
                while far.recv().await?.is_some() {}
                return Ok(());
            }
            let came = async { far.recv().await.map(Event::Came) };
            let said = async {
                match stage {
                    Stage::Talking => Ok(Event::ToSend(io.recv("inbox").await)),
                    Stage::Lingering => {
                        io.sleep(self.linger).await;
                        Ok(Event::Silence)
                    }
                    Stage::Leaving => future::pending().await,
                }
            };
            match future::or(came, said).await? {
                Event::Came(Some(message)) => wire.feed(message.as_bytes().unwrap_or_default()),
                Event::Came(None) => return Ok(()),
                Event::ToSend(Some(message)) => wire.send("inbox", &message)?,
                Event::ToSend(None) => stage = Stage::Lingering,
                Event::Silence => {
                    stage = Stage::Leaving;
                    wire.close(Goodbye::Done);
                }
            }
        }
    }
}

impl WebSocketClient {
    /// Asks the server for a conversation and waits until it agrees.
    async fn greet(&self, far: &Outside) -> Result<Wire, Fault> {
        let refused = |error: Error| {
            let why = match &error {
                Error::Http(answer) => format!("it answered {}", answer.status()),
                other => other.to_string(),
            };
            Fault::new(format!("{} is no WebSocket: {why}; check the address", self.url))
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
                return Err(Fault::new(format!("{} closed the connection before it agreed to talk", self.url)));
            };
            handshake.feed(message.as_bytes().unwrap_or_default()).map_err(refused)?;
        }
    }

    /// Gives a message of the server out. While there is no room for it, sending goes on: answers may be what takes the
    /// room.
    async fn give(&self, io: &BoxIo, far: &Outside, wire: &mut Wire, message: Message, stage: Stage) -> Outcome {
        while stage == Stage::Talking && !io.has_room("outbox") && !io.is_shutting_down() {
            let room = async {
                io.room("outbox").await;
                None
            };
            let said = async {
                match io.recv("inbox").await {
                    None => future::pending().await,
                    said => said,
                }
            };
            if let Some(said) = future::or(room, said).await {
                wire.send("inbox", &said)?;
                if let Some(bytes) = wire.take_bytes() {
                    far.send(bytes).await;
                }
            }
        }
        io.send("outbox", message).await;
        Ok(())
    }

    fn broken(&self, error: &Error) -> Fault {
        Fault::new(format!("{} broke the protocol: {error}", self.url))
    }
}

/// Host and port of an address.
fn place(url: &str) -> Result<(String, u16), String> {
    let uri: Uri = url.parse().map_err(|_| "an address like ws://127.0.0.1:1602/ is expected".to_owned())?;
    match uri.scheme_str() {
        Some("ws") => {}
        Some("wss") => return Err("there is no encryption here; use ws, or a proxy that encrypts".to_owned()),
        _ => return Err("an address that begins with ws:// is expected".to_owned()),
    }
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err("the name of a host is missing".to_owned());
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

    /// A server for one client, on a thread; what `serve` gives is given by `join`.
    fn server<T: Send + 'static>(serve: impl FnOnce(TcpStream) -> T + Send + 'static) -> (Message, JoinHandle<T>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/talk", listener.local_addr().unwrap());
        (url.into(), thread::spawn(move || serve(listener.accept().unwrap().0)))
    }

    /// Sends everything back until the goodbye; how many messages there were.
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
    fn messages_come_back_as_they_were_before_it_finishes() {
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
    fn the_goodbye_of_the_server_finishes_it() {
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
    fn a_message_too_large_and_a_server_of_another_kind_are_crashes_in_words() {
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
        for (url, words) in [(too_large, "too long"), (no_websocket, "404")] {
            let mut rig = Rig::new(&WEB_SOCKET_CLIENT, &[("url", url), ("largest", 4_i64.into())]);
            rig.run_until(|rig| matches!(rig.state(), State::Crashed(_)));
            assert!(format!("{:?}", rig.state()).contains(words), "{:?}", rig.state());
        }
        first.join().unwrap();
        second.join().unwrap();
    }

    #[test]
    fn an_address_must_be_one() {
        for (url, words) in [
            ("127.0.0.1", "ws://"),
            ("http://127.0.0.1/", "ws://"),
            ("wss://127.0.0.1/", "encryption"),
            ("ws://", "expected"),
        ] {
            let why = place(url).unwrap_err();
            assert!(why.contains(words), "{url}: {why}");
        }
        assert_eq!(place("ws://[::1]:9/x"), Ok(("::1".to_owned(), 9)));
        assert_eq!(place("ws://localhost"), Ok(("localhost".to_owned(), 80)));
    }
}
