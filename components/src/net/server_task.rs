//! The outside task of SingleServer: the listening socket and the one client.
//!
//! Runs on the reactor thread. While a client is connected, further connections are accepted and closed at once, so
//! that they fail quickly instead of waiting.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use futures_lite::future;

use super::address::{at, cannot_listen};
use super::pump::{self, Progress, ReadEnd, Unsent, WriteEnd};
use super::time_limit::TimeLimit;

/// A notice from the task to the component, which also gets the client's bytes from it. Sent as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The socket listens on this address.
    Listening(String),
    /// This client has connected.
    Connected(String),
    /// The client has closed its sending side.
    SendsNoMore,
    /// The connection is closed; everything sent to the client has been written or lost.
    Gone,
    /// The task has taken all messages for that client; this many bytes could not be written.
    Lost(usize),
}

impl Notice {
    /// The notice in a message; `None` if the message is data.
    pub fn from_message(message: &Message) -> Option<Self> {
        let text = message.as_text()?;
        Some(match text.split_once(' ') {
            Some(("listening", address)) => Self::Listening(address.to_owned()),
            Some(("connected", client)) => Self::Connected(client.to_owned()),
            Some(("lost", bytes)) => Self::Lost(bytes.parse().unwrap_or_default()),
            _ if text == "no more" => Self::SendsNoMore,
            _ => Self::Gone,
        })
    }

    fn into_message(self) -> Message {
        match self {
            Self::Listening(address) => format!("listening {address}").into(),
            Self::Connected(client) => format!("connected {client}").into(),
            Self::SendsNoMore => "no more".into(),
            Self::Gone => "gone".into(),
            Self::Lost(bytes) => format!("lost {bytes}").into(),
        }
    }
}

/// Listens and serves one client after another until the component has ended or has finished sending. After the last
/// byte has been sent, a client may be silent for at most `close_timeout`. When a client has gone, the component must
/// send an empty message, unless it has already done so or has finished sending; then the next client is served.
pub(crate) async fn serve(host: String, port: u16, close_timeout: TimeLimit, far: OutsidePort) -> Outcome {
    far.stay_open();
    let listener =
        TcpListener::bind((host.as_str(), port)).await.map_err(|error| cannot_listen(&host, port, &error))?;
    let address = listener.local_addr().map_or_else(|_| at(&host, port), |address| address.to_string());
    far.send(Notice::Listening(address).into_message()).await;
    loop {
        let (stream, client) = accept(&listener).await;
        // Small messages are sent at once, which interactive use needs.
        let _ = stream.set_nodelay(true);
        far.send(Notice::Connected(client.to_string()).into_message()).await;
        let refuse_others = async {
            loop {
                drop(accept(&listener).await);
            }
        };
        let unsent = Unsent::default();
        let end = future::or(talk(stream, close_timeout, &far, &unsent), refuse_others).await;
        if !far.send(Notice::Gone.into_message()).await {
            return Ok(());
        }
        let mut lost = unsent.bytes();
        let is_last = match end {
            WriteEnd::Finished => true,
            WriteEnd::Marker => false,
            // Messages for this client must not reach the next one.
            WriteEnd::Broken => loop {
                match far.recv().await {
                    Some(message) => match message.as_bytes() {
                        Some(bytes) => lost += bytes.len(),
                        None => break false,
                    },
                    None => break true,
                }
            },
        };
        if !far.send(Notice::Lost(lost).into_message()).await || is_last {
            return Ok(());
        }
    }
}

/// Accepts the next client. An aborted connection or a temporary shortage of sockets does not stop the server.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(client) => return client,
            Err(_) => {
                Timer::after(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Transfers both directions of one connection until both end, it breaks, or the client is silent for `close_timeout`
/// after the last byte has been sent.
async fn talk(stream: TcpStream, close_timeout: TimeLimit, far: &OutsidePort, unsent: &Unsent) -> WriteEnd {
    let progress = Progress::default();
    let mut reading = pin!(async {
        let end = pump::read_watched(stream.clone(), far, &progress).await;
        if end == ReadEnd::EndOfStream {
            far.send(Notice::SendsNoMore.into_message()).await;
        }
        end
    });
    let mut writing = pin!(pump::write_all(stream.clone(), far, unsent));
    match future::or(async { Err(reading.as_mut().await) }, async { Ok(writing.as_mut().await) }).await {
        Err(ReadEnd::EndOfStream) => writing.await,
        Err(ReadEnd::Broken | ReadEnd::ComponentEnded) => WriteEnd::Broken,
        Ok(WriteEnd::Broken) => {
            // The client's last data is still read.
            reading.await;
            WriteEnd::Broken
        }
        Ok(end @ (WriteEnd::Finished | WriteEnd::Marker)) => {
            let silence = async {
                progress.silence(close_timeout).await;
                ReadEnd::EndOfStream
            };
            match future::or(reading, silence).await {
                ReadEnd::EndOfStream => end,
                ReadEnd::Broken | ReadEnd::ComponentEnded => WriteEnd::Broken,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_survive_conversion_to_text_and_data_is_not_a_notice() {
        for notice in [
            Notice::Listening("127.0.0.1:80".to_owned()),
            Notice::Connected("[::1]:9".to_owned()),
            Notice::SendsNoMore,
            Notice::Gone,
            Notice::Lost(12),
        ] {
            assert_eq!(Notice::from_message(&notice.clone().into_message()), Some(notice));
        }
        assert_eq!(Notice::from_message(&Message::bytes("gone")), None);
    }
}
