//! The outside task of SingleServer: the listening socket and the one client.
//!
//! Runs on the reactor thread. While a client is connected, further connections are accepted and closed at once, so
//! that they fail quickly instead of waiting.

use std::net::SocketAddr;
use std::time::Duration;

use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use futures_lite::future;

use super::pump::{self, ReadEnd, WriteEnd};

/// What the task reports to the component, besides the bytes of the client. Sent as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The socket listens on this address.
    Listening(String),
    /// This client has connected.
    Connected(String),
    /// The client has closed its sending side.
    SendsNoMore,
    /// The connection is closed; everything sent to the client is written or lost.
    Gone,
}

impl Notice {
    /// The notice in a message; `None` if the message is data.
    pub fn from_message(message: &Message) -> Option<Self> {
        let text = message.as_text()?;
        Some(match text.split_once(' ') {
            Some(("listening", address)) => Self::Listening(address.to_owned()),
            Some(("connected", client)) => Self::Connected(client.to_owned()),
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
        }
    }
}

/// Listens and serves one client after another until the component has ended or has finished sending.
pub async fn serve(host: String, port: u16, far: OutsidePort) -> Outcome {
    far.stay_open();
    let listener = TcpListener::bind((host.as_str(), port)).await.map_err(|error| {
        let why = pump::error_text(&error);
        Fault::new(format!("cannot listen on {host}:{port}: {why}; choose another port, or 0 for a free one"))
    })?;
    let address = listener.local_addr().map_or_else(|_| format!("{host}:{port}"), |address| address.to_string());
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
        let end = future::or(talk(stream, &far), refuse_others).await;
        if !far.send(Notice::Gone.into_message()).await {
            return Ok(());
        }
        match end {
            WriteEnd::Finished => return Ok(()),
            WriteEnd::Marker => {}
            // Messages for this client must not reach the next one.
            WriteEnd::Broken => loop {
                match far.recv().await {
                    Some(message) if message.as_bytes().is_some() => {}
                    Some(_) => break,
                    None => return Ok(()),
                }
            },
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

/// Transfers both directions of one connection until both end or it breaks.
async fn talk(stream: TcpStream, far: &OutsidePort) -> WriteEnd {
    let reading = async {
        match pump::read_all(stream.clone(), far).await {
            ReadEnd::EndOfStream => {
                far.send(Notice::SendsNoMore.into_message()).await;
                Ok(())
            }
            ReadEnd::Broken | ReadEnd::ComponentEnded => Err(WriteEnd::Broken),
        }
    };
    let writing = async { Ok(pump::write_all(stream.clone(), far).await) };
    match future::try_zip(reading, writing).await {
        Ok(((), end)) | Err(end) => end,
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
        ] {
            assert_eq!(Notice::from_message(&notice.clone().into_message()), Some(notice));
        }
        assert_eq!(Notice::from_message(&Message::bytes("gone")), None);
    }
}
