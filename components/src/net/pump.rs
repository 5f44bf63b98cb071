//! Shared by both ends of a TCP connection: reading, writing and error messages.
//!
//! Runs on the reactor thread. Invariant: at most one read and one message are buffered here; a slow peer makes the
//! component wait, and a slow component makes the peer wait.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use async_net::TcpStream;
use compose_runtime::dev::*;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _, future};

use super::time_limit::TimeLimit;

/// Maximum number of bytes in one message from a socket.
const READ_SIZE: usize = 32 * 1024;

/// The address that a server listens on. A setting of every server.
pub(crate) const HOST: ParamSpec =
    ParamSpec::text("host", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines connect");

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadEnd {
    /// The peer has closed its sending side.
    EndOfStream,
    /// The connection is broken.
    Broken,
    /// The component has ended.
    ComponentEnded,
}

/// Why writing stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteEnd {
    /// The component has finished sending.
    Finished,
    /// The component asked to end this connection.
    Marker,
    /// The connection is broken.
    Broken,
}

/// The progress of a reader, for another future that monitors it.
#[derive(Default)]
pub struct Progress {
    /// Number of reads that have ended.
    reads: AtomicU64,
    /// Whether the reader waits for its peer, not for its component.
    waits_for_peer: AtomicBool,
}

impl Progress {
    /// Ends when the peer has sent nothing for `timeout`, at the latest twice that time after its last data.
    pub(crate) async fn silence(&self, timeout: TimeLimit) {
        loop {
            let before = self.reads.load(Ordering::Relaxed);
            timeout.passed().await;
            if self.waits_for_peer.load(Ordering::Relaxed) && self.reads.load(Ordering::Relaxed) == before {
                return;
            }
        }
    }
}

/// Number of bytes of the current message that the system has not accepted yet.
#[derive(Default)]
pub struct Unsent(AtomicUsize);

impl Unsent {
    /// Number of bytes of the current message that have not been written.
    pub fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// The same, plus the bytes of the messages waiting in `port`, which are removed.
    pub async fn bytes_with_queued(&self, port: &OutsidePort) -> usize {
        let mut bytes = self.bytes();
        while let Some(Some(message)) = future::poll_once(port.recv()).await {
            bytes += message.as_bytes().map_or(0, <[u8]>::len);
        }
        bytes
    }

    /// Writes one message. Returns whether the connection still works.
    async fn write(&self, stream: &mut TcpStream, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        loop {
            self.0.store(rest.len(), Ordering::Relaxed);
            if rest.is_empty() {
                return true;
            }
            match stream.write(rest).await {
                Ok(count) if count > 0 => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => return false,
            }
        }
    }
}

/// The note about data that could not be delivered, because `peer` closed the connection. The system may have accepted
/// more data that did not arrive either.
pub fn lost_text(peer: &str, bytes: usize) -> String {
    format!("{peer} closed the connection before it had received everything; at least {bytes} bytes were not sent")
}

/// Reads from the peer and passes the data to the component.
pub async fn read_all(stream: TcpStream, port: &OutsidePort) -> ReadEnd {
    read_watched(stream, port, &Progress::default()).await
}

/// The same, with a record of its progress.
pub async fn read_watched(mut stream: TcpStream, port: &OutsidePort, progress: &Progress) -> ReadEnd {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        progress.waits_for_peer.store(true, Ordering::Relaxed);
        let outcome = stream.read(&mut buffer).await;
        progress.waits_for_peer.store(false, Ordering::Relaxed);
        progress.reads.fetch_add(1, Ordering::Relaxed);
        match outcome {
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

/// Writes everything the component sends, then closes the sending side. A message without bytes is a marker: it ends
/// this connection but not the component.
pub async fn write_all(stream: TcpStream, port: &OutsidePort, unsent: &Unsent) -> WriteEnd {
    let end = write_open(stream.clone(), port, unsent).await;
    if end != WriteEnd::Broken {
        // An error means that the peer is gone, which the reader also detects.
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    end
}

/// The same, but the sending side stays open.
pub async fn write_open(mut stream: TcpStream, port: &OutsidePort, unsent: &Unsent) -> WriteEnd {
    let end = loop {
        let Some(message) = port.recv().await else { break WriteEnd::Finished };
        let Some(bytes) = message.as_bytes() else { break WriteEnd::Marker };
        if !unsent.write(&mut stream, bytes).await {
            return WriteEnd::Broken;
        }
    };
    let _ = stream.flush().await;
    end
}

/// Checks that a message can be sent: it must be bytes or text.
pub fn for_the_wire(message: Message, component: &str) -> Result<Message, Fault> {
    if message.as_bytes().is_some() {
        return Ok(message);
    }
    let (kind, label) = (message.kind().name(), message.label(40));
    Err(Fault::new(format!(
        "{component} can send bytes or text, not {kind} ({label}); put a Stringify before its inbox"
    )))
}

/// The text of a socket error, without the system's error number.
pub fn error_text(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing is listening there".to_owned(),
        io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        io::ErrorKind::PermissionDenied => "that is not permitted".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "the host is unreachable".to_owned(),
        _ => error.to_string(),
    }
}
