//! What both ends of a TCP connection share: reading, writing, and the words for what can go wrong.
//!
//! Runs on the reactor thread. Invariant: nothing is buffered here beyond one read and one message; a slow peer makes
//! the component wait, and a slow component makes the peer wait.

use std::io;

use async_net::TcpStream;
use compose_runtime::dev::*;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};

/// How many bytes one message from a socket holds at most.
const READ_SIZE: usize = 32 * 1024;

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadEnd {
    /// The peer has said that it will send no more.
    EndOfStream,
    /// The connection is broken.
    Broken,
    /// The component has ended.
    ComponentEnded,
}

/// Why writing stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteEnd {
    /// The component has finished sending; the peer has been told.
    Finished,
    /// The component asked for the end of this connection; the peer has been told.
    Marker,
    /// The connection is broken.
    Broken,
}

/// Hands everything the peer sends to the component.
pub async fn read_all(mut stream: TcpStream, port: &OutsidePort) -> ReadEnd {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) => return ReadEnd::EndOfStream,
            Ok(count) => {
                let bytes = Message::bytes(buffer.get(..count).unwrap_or_default());
                if !port.send(bytes).await {
                    return ReadEnd::ComponentEnded;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return ReadEnd::Broken,
        }
    }
}

/// Writes everything the component sends; then tells the peer that no more will come. A message without bytes is a
/// marker: the end of this connection, though not of the component.
pub async fn write_all(mut stream: TcpStream, port: &OutsidePort) -> WriteEnd {
    let end = loop {
        let Some(message) = port.recv().await else { break WriteEnd::Finished };
        let Some(bytes) = message.as_bytes() else { break WriteEnd::Marker };
        if stream.write_all(bytes).await.is_err() {
            return WriteEnd::Broken;
        }
    };
    // Failing means that the peer is gone, which reading notices too.
    let _ = stream.flush().await;
    let _ = stream.shutdown(std::net::Shutdown::Write);
    end
}

/// A message for the network, or words saying why it is none.
pub fn for_the_wire(message: Message, component: &str) -> Result<Message, Fault> {
    if message.as_bytes().is_some() {
        return Ok(message);
    }
    let (kind, label) = (message.kind().word(), message.label(40));
    Err(Fault::new(format!("{component} sends bytes or text, not {kind} ({label}); put a Stringify before its inbox")))
}

/// What went wrong with a socket, in words without the system's numbers.
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
        io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        io::ErrorKind::PermissionDenied => "that is not permitted".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "there is no way to it".to_owned(),
        _ => error.to_string(),
    }
}
