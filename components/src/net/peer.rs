//! Shared by all datagram components: address settings, targets and received datagrams.

use compose_runtime::dev::*;
use futures_lite::future;

use super::address::{at, without_brackets};
use super::datagram;
use crate::refuse::bytes_of;

pub(super) const LOCAL: [ParamSpec; 2] = [
    ParamSpec::text("localaddr", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines send"),
    ParamSpec::int("localport", 0, 65_535, 0, "Port to listen on; 0 chooses a free one and shows it"),
];
pub(super) const REMOTE: [ParamSpec; 2] = [
    ParamSpec::text("receiver_addr", "127.0.0.1", "Host to send datagrams to"),
    ParamSpec::int("receiver_port", 0, 65_535, 0, "Port to send datagrams to; 0 if it only receives"),
];
/// The port of a component that only sends.
pub(super) const RECEIVER_PORT: ParamSpec =
    ParamSpec::int("receiver_port", 1, 65_535, 1600, "Port to send datagrams to").required();
/// The kinds of message that can be a datagram.
const PAYLOAD: &[Kind] = &[Kind::Bytes, Kind::Text];
/// Datagrams to send to one address.
pub(super) const TO_SEND: BoxSpec = BoxSpec::new("inbox", "Datagrams to send").kinds(PAYLOAD);
/// Received datagrams.
pub(super) const RECEIVED: BoxSpec =
    BoxSpec::new("outbox", "Lists of bytes and sender; a sender is a list of host and port").kinds(&[Kind::List]);

/// The socket in the settings.
pub(super) struct Local {
    host: String,
    port: u16,
}

impl Local {
    /// If `localaddr` is empty: all interfaces.
    pub(super) fn of(params: &Params) -> Self {
        let host = params.text("localaddr");
        let host = without_brackets(if host.is_empty() { "0.0.0.0" } else { &host }).to_owned();
        Self { host, port: u16::try_from(params.int("localport")).unwrap_or_default() }
    }

    /// Opens the socket.
    pub(super) fn open(self, io: &BoxIo) -> Outside {
        let Self { host, port } = self;
        io.outside(&format!("datagrams on {}", at(&host, port)), move |far| async move {
            datagram::carry(datagram::bind(&host, port).await?, far).await
        })
    }
}

/// The address to send datagrams to.
pub(super) struct Target {
    /// Name or address of the host.
    pub host: String,
    /// 0 while it is not set.
    pub port: i64,
}

impl Target {
    pub(super) fn of(params: &Params) -> Self {
        Self { host: params.text("receiver_addr"), port: params.int("receiver_port") }
    }

    /// Opens a socket on a free port that can send to this target.
    pub(super) fn open(&self, io: &BoxIo) -> Outside {
        let host = without_brackets(&self.host).to_owned();
        io.outside(&format!("datagrams to {}", at(&host, self.port)), move |far| async move {
            datagram::carry(datagram::bind_towards(&host).await?, far).await
        })
    }

    /// A message as a datagram for this target.
    pub(super) fn addressed(&self, message: Message) -> Result<Message, Fault> {
        bytes_of(&message)?;
        if self.port == 0 {
            return Err(Fault::new("the datagram has no address to go to; set receiver_addr and receiver_port"));
        }
        Ok(Message::list([message, self.host.as_str().into(), self.port.into()]))
    }
}

/// Sends received datagrams to `outbox` until the socket is closed.
pub(super) async fn receive(io: &BoxIo, far: &Outside) -> Outcome {
    while let Some(message) = far.recv().await? {
        match datagram::split(&message) {
            Some((bytes, sender)) => io.send("outbox", Message::list([bytes, sender])).await,
            None => report(io, &message),
        }
    }
    Ok(())
}

/// Receives while `send` runs. When `send` ends, the socket sends the queued datagrams and closes.
pub(super) async fn both(io: &BoxIo, far: &Outside, send: impl Future<Output = Outcome>) -> Outcome {
    future::or(receive(io, far), and_close(far, send)).await
}

/// Runs `send`, then lets the socket close. Returns only on an error: the end of the socket ends the component.
pub(super) async fn and_close(far: &Outside, send: impl Future<Output = Outcome>) -> Outcome {
    send.await?;
    far.finish_sending();
    future::pending().await
}

/// Handles a text from the socket task: shows a port number, prints an error on the console.
pub(super) fn report(io: &BoxIo, message: &Message) {
    let text = message.to_string();
    if text.parse::<u16>().is_ok() {
        io.show(Surface::Text { lines: vec![format!("port {text}")] });
    } else {
        io.note(&text);
    }
}

#[cfg(test)]
pub(super) mod neighbour {
    //! An independent UDP socket for tests.
    #![allow(clippy::unwrap_used)]

    use std::net::{SocketAddr, UdpSocket};
    use std::time::Duration;

    /// A socket with a read timeout of five seconds, and its port.
    pub fn peer() -> (UdpSocket, i64) {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let port = i64::from(socket.local_addr().unwrap().port());
        (socket, port)
    }

    /// The next datagram and its sender.
    pub fn received(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
        let mut buffer = [0; 100];
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        (buffer[..length].to_vec(), from)
    }
}
