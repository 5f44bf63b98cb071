//! The outside half of SingleServer: the listening socket and the one client.
//!
//! Runs on the reactor thread. Callers who come while a client is connected are accepted and closed at once, so that
//! they learn it instead of waiting.

use std::net::SocketAddr;
use std::time::Duration;

use async_io::Timer;
use async_net::{TcpListener, TcpStream};
use compose_runtime::dev::*;
use futures_lite::future;

use super::pump::{self, ReadEnd, WriteEnd};

/// What the task tells the component, besides the bytes of the client. Travels as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It listens on this address.
    Listening(String),
    /// This client has connected.
    Connected(String),
    /// The client will send no more.
    SaysNoMore,
    /// The connection to the client is over, and everything sent to it is written or lost.
    Gone,
}

impl Notice {
    /// The notice in a message; `None` if the message is data.
    pub fn from_message(message: &Message) -> Option<Self> {
        let text = message.as_text()?;
        Some(match text.split_once(' ') {
            Some(("listening", address)) => Self::Listening(address.to_owned()),
            Some(("connected", client)) => Self::Connected(client.to_owned()),
            _ if text == "no more" => Self::SaysNoMore,
            _ => Self::Gone,
        })
    }

    fn into_message(self) -> Message {
        match self {
            Self::Listening(address) => format!("listening {address}").into(),
            Self::Connected(client) => format!("connected {client}").into(),
            Self::SaysNoMore => "no more".into(),
            Self::Gone => "gone".into(),
        }
    }
}

/// Listens and serves one client after another until the component has ended or has finished sending.
pub async fn serve(host: String, port: u16, far: OutsidePort) -> Outcome {
    far.stay_open();
    let listener = TcpListener::bind((host.as_str(), port)).await.map_err(|error| {
        let why = pump::words(&error);
        Fault::new(format!("cannot listen on {host}:{port}: {why}; choose another port, or 0 for a free one"))
    })?;
    let address = listener.local_addr().map_or_else(|_| format!("{host}:{port}"), |address| address.to_string());
    far.send(Notice::Listening(address).into_message()).await;
    loop {
        let (stream, client) = accept(&listener).await;
        // Small messages are sent at once, as someone typing expects.
        let _ = stream.set_nodelay(true);
        far.send(Notice::Connected(client.to_string()).into_message()).await;
        let turn_away = async {
            loop {
                drop(accept(&listener).await);
            }
        };
        let end = future::or(talk(stream, &far), turn_away).await;
        if !far.send(Notice::Gone.into_message()).await {
            return Ok(());
        }
        match end {
            WriteEnd::Finished => return Ok(()),
            WriteEnd::Marker => {}
            // What was meant for this client must not reach the next.
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

/// The next client. A caller who gave up meanwhile, or a passing shortage of sockets, is no reason to stop.
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

/// Both directions of one connection, until both are over or it breaks.
async fn talk(stream: TcpStream, far: &OutsidePort) -> WriteEnd {
    let reading = async {
        match pump::read_all(stream.clone(), far).await {
            ReadEnd::EndOfStream => {
                far.send(Notice::SaysNoMore.into_message()).await;
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
    fn notices_survive_the_way_as_text_and_data_is_none() {
        for notice in [
            Notice::Listening("127.0.0.1:80".to_owned()),
            Notice::Connected("[::1]:9".to_owned()),
            Notice::SaysNoMore,
            Notice::Gone,
        ] {
            assert_eq!(Notice::from_message(&notice.clone().into_message()), Some(notice));
        }
        assert_eq!(Notice::from_message(&Message::bytes("gone")), None);
    }
}
