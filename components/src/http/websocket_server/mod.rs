//! WebSocketServer: the server side of WebSocket on one connection, and of the pages that open it.

use std::collections::BTreeMap;

use compose_runtime::dev::*;
use futures_lite::future;
use http::StatusCode;
use tungstenite::handshake::derive_accept_key;

use super::conversation::{BODY_TIMEOUT, Conversation, HEAD_TIMEOUT, Limits};
use super::request_reader::Request;
use super::websocket::{CloseReason, Wire};
use crate::refuse::wrong_kind;

/// Description of WebSocketServer.
pub static WEB_SOCKET_SERVER: ComponentSpec = ComponentSpec {
    type_name: "WebSocketServer",
    category: Category::Network,
    summary: "Speaks WebSocket on one connection: messages to and from a browser",
    docs: "For use inside a SimpleServer: the bytes of one client arrive in `inbox` and leave from `outbox`. When \
           the client has opened a WebSocket, each of its messages leaves from `received` and each message in `send` \
           goes to the client, text as text and bytes as bytes. Messages that arrive in `send` earlier wait; if they \
           must not hold up their senders, put a LossyConnector before `send`.\n\n\
           Ordinary requests on the same port leave from `request`, and one message in `response` answers each, both \
           as with HTTPServer. One server is therefore enough for a page and its WebSocket. If `request` is not \
           linked, these requests are answered with 426. Slow requests time out as with HTTPServer; an open WebSocket \
           does not.\n\n\
           When `send` ends, the component sends a close frame and closes the connection. When the client sends a \
           close frame or disconnects, the component finishes. If a client breaks the protocol, or sends a message \
           larger than `largest`, it gets a close frame with a code and the connection is closed. Pings are answered \
           automatically.\n\n\
           Any page in a browser may open a WebSocket to this machine. Therefore a page from another host or port is \
           refused (403) unless `any_origin` is on. Programs other than browsers do not send their origin and are \
           served.\n\n\
           Example: inside a SimpleServer, a SubscribeTo into `WebSocketServer.send` sends published messages to \
           every browser; `WebSocketServer.request` into Minimal into `WebSocketServer.response` serves the page \
           that shows them.\n\n\
           New: WebSocket did not exist at the time of the original.",
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
        ParamSpec::int("largest", 0, 1 << 30, 1 << 20, "Largest message or request body").unit("bytes"),
        ParamSpec::switch("any_origin", false, "Also serve pages from other hosts and ports"),
        HEAD_TIMEOUT,
        BODY_TIMEOUT,
    ],
    sends_first: SendsFirst::Yes,
    build: build::<WebSocketServer>,
    ..ComponentSpec::EMPTY
};

struct WebSocketServer {
    limits: Limits,
    any_origin: bool,
}

/// An event on a connection.
enum Event {
    Came(Message),
    ClientGone,
    ToSend(Message),
    AllSent,
}

impl Component for WebSocketServer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { limits: Limits::new(params), any_origin: params.switch("any_origin") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        match self.greet(&io).await? {
            Some(rest) => talk(&io, Wire::server(rest, self.limits.largest)).await,
            None => Ok(()),
        }
    }
}

impl WebSocketServer {
    /// Answers requests until one opens a WebSocket, and returns the bytes after it; `None` if the client left first.
    async fn greet(&self, io: &BoxIo) -> Result<Option<Vec<u8>>, Fault> {
        let mut conversation = Conversation::open(io, self.limits).await?;
        while let Some(request) = conversation.next().await? {
            if asks_for_websocket(&request) {
                match self.accept_key(&request) {
                    Ok(key) => {
                        io.send("outbox", accepted(&key)).await;
                        return Ok(Some(conversation.into_rest()));
                    }
                    Err(status) => refuse(&mut conversation, status, &request).await,
                }
                return Ok(None);
            }
            if !io.is_linked("request") {
                refuse(&mut conversation, StatusCode::UPGRADE_REQUIRED, &request).await;
                return Ok(None);
            }
            if !conversation.exchange(request).await {
                break;
            }
        }
        conversation.drop_extra();
        Ok(None)
    }

    /// The key for the response to a WebSocket request, or the status that refuses it.
    fn accept_key(&self, request: &Request) -> Result<String, StatusCode> {
        let headers = headers(request).ok_or(StatusCode::BAD_REQUEST)?;
        let header = |name: &str| headers.get(name).and_then(Message::as_text).map(str::trim);
        if header("sec-websocket-version") != Some("13") {
            return Err(StatusCode::UPGRADE_REQUIRED);
        }
        let is_same_origin = header("origin").is_none_or(|origin| {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            header("host").is_some_and(|own| own.eq_ignore_ascii_case(host))
        });
        if !(self.any_origin || is_same_origin) {
            return Err(StatusCode::FORBIDDEN);
        }
        let key = header("sec-websocket-key").filter(|key| key.len() == 24).ok_or(StatusCode::BAD_REQUEST)?;
        if request.method == "GET" {
            Ok(derive_accept_key(key.as_bytes()))
        } else {
            Err(StatusCode::METHOD_NOT_ALLOWED)
        }
    }
}

/// Transfers messages in both directions until one side closes the connection.
async fn talk(io: &BoxIo, mut wire: Wire) -> Outcome {
    // Alternates, so that a client that sends without pause still gets messages.
    let mut receives_first = true;
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
            io.note(&format!("the connection to a client was closed: {error}"));
        }
        if wire.is_closed() {
            return Ok(());
        }
        let came = async { io.recv("inbox").await.map_or(Event::ClientGone, Event::Came) };
        let to_send = async { io.recv("send").await.map_or(Event::AllSent, Event::ToSend) };
        receives_first = !receives_first;
        let event = if receives_first { future::or(came, to_send).await } else { future::or(to_send, came).await };
        let reason = match event {
            Event::Came(message) => {
                wire.feed(bytes_of(&message)?);
                continue;
            }
            Event::ToSend(message) => {
                wire.send("send", &message)?;
                continue;
            }
            Event::AllSent => CloseReason::Done,
            Event::ClientGone => {
                // If the component was asked to finish, the client still gets the queued messages.
                for message in io.drain("send") {
                    wire.send("send", &message)?;
                }
                CloseReason::Leaving
            }
        };
        wire.close(reason);
        flush(io, &mut wire).await;
        return Ok(());
    }
}

/// Passes a message from the client to `received`. While the receiving inbox is full, sending continues: the
/// receiver may itself be waiting to send replies.
async fn give(io: &BoxIo, wire: &mut Wire, message: Message) -> Outcome {
    while !io.has_space("received") && !io.is_shutting_down() {
        let space = async {
            io.space("received").await;
            None
        };
        let to_send = async {
            match io.recv("send").await {
                None => future::pending().await,
                to_send => to_send,
            }
        };
        if let Some(to_send) = future::or(space, to_send).await {
            wire.send("send", &to_send)?;
            flush(io, wire).await;
        }
    }
    io.send("received", message).await;
    Ok(())
}

/// Sends the buffered bytes to the client.
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

/// Whether the request asks for a WebSocket.
fn asks_for_websocket(request: &Request) -> bool {
    let has = |name: &str, token: &str| {
        let value = headers(request).and_then(|headers| headers.get(name)).and_then(Message::as_text);
        value.is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
    };
    has("upgrade", "websocket") && has("connection", "upgrade")
}

fn accepted(key: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {key}\r\n\r\n"
    );
    head.into_bytes()
}

async fn refuse(conversation: &mut Conversation<'_>, status: StatusCode, request: &Request) {
    let upgrade = [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")];
    let headers = if status == StatusCode::UPGRADE_REQUIRED { &upgrade[..] } else { &[] };
    conversation.refuse(status, request.method == "HEAD", headers).await;
}

#[cfg(test)]
mod tests;
