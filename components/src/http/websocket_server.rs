//! WebSocketServer: one connection's side of WebSocket, and of the pages that open one.

use std::collections::BTreeMap;

use compose_runtime::dev::*;
use futures_lite::future;
use tungstenite::handshake::derive_accept_key;

use super::head::{self, Request, take_request};
use super::websocket::{Goodbye, Wire};
use crate::refuse::wrong_kind;

/// Description of WebSocketServer.
pub static WEB_SOCKET_SERVER: ComponentSpec = ComponentSpec {
    type_name: "WebSocketServer",
    category: Category::Network,
    summary: "Speaks WebSocket on one connection: messages to and from a browser",
    docs: "For the inside of a SimpleServer: bytes of one client come into `inbox` and go out of `outbox`. When the client \
           has asked for a WebSocket, each of its messages leaves from `received` and each message in `send` goes to it, \
           text as text and bytes as bytes. What arrives in `send` before that waits: put a LossyConnector before it where \
           nobody may be held up.\n\n\
           Ordinary requests on the same port leave from `request`, one message in `response` answers each, both as with \
           HTTPServer, so that a page and its WebSocket need one server. With nothing linked to `request` they are \
           answered with 426.\n\n\
           When `send` has ended the client is told goodbye and the connection closed; when the client says goodbye or \
           leaves, it finishes. A client that breaks the protocol, or sends a message larger than `largest`, is told so \
           with a code and left. Pings are answered by themselves.\n\n\
           Any page in a browser may ask for a WebSocket of this machine. Therefore a page from another host or port is \
           refused (403) unless `any_origin` is on; programs that are no browsers do not say where they come from, and are \
           served.\n\n\
           Example: inside a SimpleServer, a SubscribeTo into `WebSocketServer.send` gives every browser what is published, \
           and `WebSocketServer.request` into Minimal into `WebSocketServer.response` the page that shows it.\n\n\
           New: the original's time had no WebSocket.",
    inboxes: &[
        BoxSpec::new("inbox", "Bytes from the client").kinds(&[Kind::Bytes, Kind::Text]),
        BoxSpec::new("send", "Messages for the client").kinds(&[Kind::Text, Kind::Bytes]),
        BoxSpec::new("response", "One response for each request"),
    ],
    outboxes: &[
        BoxSpec::new("outbox", "Bytes to the client").kinds(&[Kind::Bytes]),
        BoxSpec::new("received", "Messages from the client").kinds(&[Kind::Text, Kind::Bytes]),
        BoxSpec::new("request", "Requests for pages").kinds(&[Kind::Map]),
    ],
    params: &[
        ParamSpec::int("largest", 0, 1 << 30, 1 << 20, "Largest message, or body of a request").unit("bytes"),
        ParamSpec::switch("any_origin", false, "Serve pages from other hosts and ports, too"),
    ],
    speaks_first: SpeaksFirst::Yes,
    build: build::<WebSocketServer>,
    ..ComponentSpec::EMPTY
};

struct WebSocketServer {
    largest: usize,
    any_origin: bool,
}

/// What can happen to a conversation.
enum Event {
    Came(Message),
    ClientGone,
    ToSend(Message),
    AllSaid,
}

impl Component for WebSocketServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { largest: params.count("largest"), any_origin: params.switch("any_origin") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        match self.greet(&io).await? {
            Some(rest) => talk(&io, Wire::server(rest, self.largest)).await,
            None => Ok(()),
        }
    }
}

impl WebSocketServer {
    /// Answers requests until one asks for a WebSocket; then what has come behind it. `None` if the client left before.
    async fn greet(&self, io: &BoxIo) -> Result<Option<Vec<u8>>, Fault> {
        let mut buffer = Vec::new();
        while let Some(message) = io.recv("inbox").await {
            buffer.extend_from_slice(bytes_of(&message)?);
            loop {
                let request = match take_request(&mut buffer, self.largest) {
                    Ok(Some(request)) => request,
                    Ok(None) => break,
                    Err(status) => {
                        io.send("outbox", refusal(status)).await;
                        return Ok(None);
                    }
                };
                if asks_for_websocket(&request) {
                    let (answer, rest) = match self.agree(&request) {
                        Ok(key) => (accepted(&key), Some(buffer)),
                        Err(status) => (refusal(status), None),
                    };
                    io.send("outbox", answer).await;
                    return Ok(rest);
                }
                if !io.is_linked("request") {
                    io.send("outbox", refusal(426)).await;
                    return Ok(None);
                }
                io.send("request", request.message).await;
                let Some(answer) = io.recv("response").await else { return Ok(None) };
                io.send("outbox", head::response(&answer, request.method == "HEAD", request.keeps_open)).await;
                if !request.keeps_open {
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    /// What the answer to a request for a WebSocket is made of, or the status that refuses it.
    fn agree(&self, request: &Request) -> Result<String, u16> {
        let headers = headers(request).ok_or(400_u16)?;
        let word = |name: &str| headers.get(name).and_then(Message::as_text).map(str::trim);
        if word("sec-websocket-version") != Some("13") {
            return Err(426);
        }
        let is_from_here = word("origin").is_none_or(|origin| {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            word("host").is_some_and(|own| own.eq_ignore_ascii_case(host))
        });
        if !(self.any_origin || is_from_here) {
            return Err(403);
        }
        let key = word("sec-websocket-key").filter(|key| key.len() == 24).ok_or(400_u16)?;
        if request.method == "GET" { Ok(derive_accept_key(key.as_bytes())) } else { Err(405) }
    }
}

/// Both directions, until one end has said goodbye or the client is gone.
async fn talk(io: &BoxIo, mut wire: Wire) -> Outcome {
    // Takes turns, so that a client that talks without end still hears something.
    let mut listens_first = true;
    loop {
        let broken = loop {
            match wire.received() {
                Ok(Some(message)) => give(io, &mut wire, message).await?,
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        flush(io, &mut wire).await;
        if let Some(error) = broken {
            io.note(&format!("a client was left: {error}"));
        }
        if wire.is_over() {
            return Ok(());
        }
        let came = async { io.recv("inbox").await.map_or(Event::ClientGone, Event::Came) };
        let said = async { io.recv("send").await.map_or(Event::AllSaid, Event::ToSend) };
        listens_first = !listens_first;
        let event = if listens_first { future::or(came, said).await } else { future::or(said, came).await };
        let goodbye = match event {
            Event::Came(message) => {
                wire.feed(bytes_of(&message)?);
                continue;
            }
            Event::ToSend(message) => {
                wire.send("send", &message)?;
                continue;
            }
            Event::AllSaid => Goodbye::Done,
            Event::ClientGone => {
                // Perhaps it is not gone but this end was told to finish: what waits is for the client.
                for message in io.drain("send") {
                    wire.send("send", &message)?;
                }
                Goodbye::Leaving
            }
        };
        wire.close(goodbye);
        flush(io, &mut wire).await;
        return Ok(());
    }
}

/// Gives a message of the client out. While there is no room for it, sending goes on: answers may be what takes the room.
async fn give(io: &BoxIo, wire: &mut Wire, message: Message) -> Outcome {
    while !io.has_room("received") && !io.is_shutting_down() {
        let room = async {
            io.room("received").await;
            None
        };
        let said = async {
            match io.recv("send").await {
                None => future::pending().await,
                said => said,
            }
        };
        if let Some(said) = future::or(room, said).await {
            wire.send("send", &said)?;
            flush(io, wire).await;
        }
    }
    io.send("received", message).await;
    Ok(())
}

/// Writes what is to be written.
async fn flush(io: &BoxIo, wire: &mut Wire) {
    if let Some(bytes) = wire.take_bytes() {
        io.send("outbox", bytes).await;
    }
}

fn bytes_of(message: &Message) -> Result<&[u8], Fault> {
    message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes", message))
}

fn headers(request: &Request) -> Option<&BTreeMap<String, Message>> {
    let Message::Map(request) = &request.message else { return None };
    match request.get("headers") {
        Some(Message::Map(headers)) => Some(headers),
        _ => None,
    }
}

/// Whether the client wants to change over to WebSocket.
fn asks_for_websocket(request: &Request) -> bool {
    let has = |name: &str, word: &str| {
        let value = headers(request).and_then(|headers| headers.get(name)).and_then(Message::as_text);
        value.is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    has("upgrade", "websocket") && has("connection", "upgrade")
}

fn accepted(key: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {key}\r\n\r\n"
    );
    head.into_bytes()
}

fn refusal(status: u16) -> Vec<u8> {
    let body = format!("{status} {}\n", head::reason(status));
    let mut answer = vec![("statuscode", i64::from(status).into()), ("body", body.into())];
    if status == 426 {
        let headers = Message::map([("Upgrade", "websocket".into()), ("Sec-WebSocket-Version", "13".into())]);
        answer.push(("headers", headers));
    }
    head::response(&Message::map(answer), false, false)
}

#[cfg(test)]
#[path = "websocket_server_tests.rs"]
mod tests;
