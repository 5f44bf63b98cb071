//! One side of a WebSocket connection: bytes from and to the peer, messages to and from the component.
//!
//! Pure; tungstenite implements the protocol (RFC 6455). Two buffers in memory connect it to the boxes. The input
//! buffer holds at most one message and one read from the socket; the output buffer is emptied after every message.
//! Pings are answered automatically. If the peer violates the protocol, it gets a close frame and the connection ends.

use std::collections::VecDeque;
use std::io::{self, Read, Write};

use compose_runtime::dev::*;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Bytes, ClientHandshake, Error, HandshakeError, Message as Data, WebSocket};

use crate::refuse::wrong_kind;

/// Bytes to read ahead for one connection.
const READ_AHEAD: usize = 4 << 10;

/// The two buffers between the protocol and the boxes.
#[derive(Default)]
struct Pipe {
    from_peer: VecDeque<u8>,
    to_peer: Vec<u8>,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.from_peer.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.from_peer.read(buffer)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to_peer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An open WebSocket connection.
pub(super) struct Wire {
    socket: WebSocket<Pipe>,
    is_closed: bool,
    /// The close frame of the peer.
    close_frame: Option<CloseFrame>,
}

/// Why this side closes the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CloseReason {
    /// All messages have been sent.
    Done,
    /// The component ends.
    Leaving,
}

impl Wire {
    /// The server side after the handshake; `rest` holds the bytes after the client's request.
    pub(super) fn server(rest: Vec<u8>, largest: usize) -> Self {
        let socket = WebSocket::from_partially_read(Pipe::default(), rest, Role::Server, Some(config(largest)));
        Self { socket, is_closed: false, close_frame: None }
    }

    /// Adds bytes from the peer; [`Wire::received`] decodes them.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.socket.get_mut().from_peer.extend(bytes);
    }

    /// The next complete message from the peer, if any. An error closes the connection and notifies the peer.
    pub(super) fn received(&mut self) -> Result<Option<Message>, Error> {
        while !self.is_closed {
            match self.socket.read() {
                Ok(Data::Text(text)) => return Ok(Some(Message::text(text.as_str()))),
                Ok(Data::Binary(bytes)) => return Ok(Some(Message::bytes(bytes))),
                Ok(Data::Close(frame)) => self.close_frame = frame,
                // The next read writes the replies to pings and close frames.
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(Error::ConnectionClosed | Error::AlreadyClosed) => self.is_closed = true,
                Err(error) => {
                    let code = match error {
                        Error::Capacity(_) => CloseCode::Size,
                        Error::Utf8(_) => CloseCode::Invalid,
                        _ => CloseCode::Protocol,
                    };
                    self.end(code);
                    self.is_closed = true;
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// Writes a message into the output buffer; text is sent as text, bytes as bytes. After either side has sent a
    /// close frame the message is dropped, because the peer would not read it.
    pub(super) fn send(&mut self, inbox: &str, message: &Message) -> Outcome {
        let data = match message {
            Message::Text(text) => Data::text(&**text),
            Message::Bytes(bytes) => Data::binary(Bytes::copy_from_slice(bytes)),
            other => return Err(wrong_kind(inbox, "text or bytes (put a JSONEncoder or Stringify before it)", other)),
        };
        if self.socket.can_write() {
            // Writing into memory cannot fail.
            let _ = self.socket.send(data);
        }
        Ok(())
    }

    /// Sends a close frame; the peer still has to answer it.
    pub(super) fn close(&mut self, reason: CloseReason) {
        self.end(match reason {
            CloseReason::Done => CloseCode::Normal,
            CloseReason::Leaving => CloseCode::Away,
        });
    }

    fn end(&mut self, code: CloseCode) {
        if self.socket.can_write() {
            let _ = self.socket.close(Some(CloseFrame { code, reason: "".into() }));
        }
    }

    /// The bytes to write to the peer, if any.
    pub(super) fn take_bytes(&mut self) -> Option<Message> {
        let bytes = std::mem::take(&mut self.socket.get_mut().to_peer);
        (!bytes.is_empty()).then(|| Message::from(bytes))
    }

    /// Whether both sides have sent a close frame, or the peer has violated the protocol.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed || !self.socket.can_read()
    }
}

impl Wire {
    /// Why the peer has closed the connection, if its close frame gives a reason other than the end of its messages.
    pub(super) fn complaint(&self) -> Option<String> {
        let frame = self.close_frame.as_ref()?;
        if matches!(frame.code, CloseCode::Normal | CloseCode::Away | CloseCode::Status) {
            return None;
        }
        let reason = frame.reason.as_str();
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        Some(format!("code {}{reason}", u16::from(frame.code)))
    }
}

/// The client side during the handshake.
pub(super) struct Handshake {
    waiting: Option<tungstenite::handshake::MidHandshake<ClientHandshake<Pipe>>>,
    done: Option<Wire>,
}

impl Handshake {
    /// Starts a handshake with this address, `ws://…`.
    pub(super) fn begin(url: &str, largest: usize) -> Result<Self, Error> {
        let request = tungstenite::client::IntoClientRequest::into_client_request(url)?;
        let waiting = ClientHandshake::start(Pipe::default(), request, Some(config(largest)))?;
        let mut handshake = Self { waiting: Some(waiting), done: None };
        handshake.proceed()?;
        Ok(handshake)
    }

    /// Adds bytes from the server.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if let Some(waiting) = &mut self.waiting {
            waiting.get_mut().get_mut().from_peer.extend(bytes);
        }
        self.proceed()
    }

    fn proceed(&mut self) -> Result<(), Error> {
        let Some(waiting) = self.waiting.take() else { return Ok(()) };
        match waiting.handshake() {
            Ok((socket, _)) => self.done = Some(Wire { socket, is_closed: false, close_frame: None }),
            Err(HandshakeError::Interrupted(waiting)) => self.waiting = Some(waiting),
            Err(HandshakeError::Failure(error)) => return Err(error),
        }
        Ok(())
    }

    /// The bytes to write to the server, if any.
    pub(super) fn take_bytes(&mut self) -> Option<Message> {
        let bytes = std::mem::take(&mut self.waiting.as_mut()?.get_mut().get_mut().to_peer);
        (!bytes.is_empty()).then(|| Message::from(bytes))
    }

    /// The connection, once the handshake has succeeded.
    pub(super) fn finished(&mut self) -> Option<Wire> {
        self.done.take()
    }
}

fn config(largest: usize) -> WebSocketConfig {
    // Every message is written at once; buffering happens in the boxes.
    WebSocketConfig::default()
        .read_buffer_size(READ_AHEAD)
        .write_buffer_size(0)
        .max_message_size(Some(largest))
        .max_frame_size(Some(largest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// "Hello" as a client sends it: the example of RFC 6455, section 5.7.
    pub(in crate::http) const HELLO_MASKED: &[u8] = &[0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    /// "Hello" as a server sends it.
    pub(in crate::http) const HELLO: &[u8] = &[0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];

    /// A frame from a client, with an all-zero mask.
    pub(in crate::http) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).unwrap();
        assert!(length < 126);
        [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
    }

    fn all(wire: &mut Wire) -> Vec<Message> {
        std::iter::from_fn(|| wire.received().unwrap()).collect()
    }

    fn written(wire: &mut Wire) -> Vec<u8> {
        wire.take_bytes().map(|message| message.as_bytes().unwrap().to_vec()).unwrap_or_default()
    }

    #[test]
    fn messages_are_complete_wherever_the_bytes_are_cut() {
        let pieces = [frame(0x01, b"in "), frame(0x89, b"?"), frame(0x80, b"pieces"), frame(0x82, &[1, 2])].concat();
        let mut wire = Wire::server(HELLO_MASKED.to_vec(), 100);
        let mut messages = all(&mut wire);
        for byte in &pieces {
            wire.feed(&[*byte]);
            messages.extend(all(&mut wire));
        }
        assert_eq!(messages, ["Hello".into(), "in pieces".into(), Message::bytes([1, 2])]);
        assert_eq!(written(&mut wire), [0x8a, 1, b'?'], "the ping must be answered");
    }

    #[test]
    fn text_is_sent_as_text_and_bytes_as_bytes() {
        let mut wire = Wire::server(Vec::new(), 100);
        wire.send("send", &"Hello".into()).unwrap();
        assert_eq!(written(&mut wire), HELLO);
        wire.send("send", &Message::bytes([7])).unwrap();
        assert_eq!(written(&mut wire), [0x82, 1, 7]);
        assert!(wire.send("send", &5.into()).unwrap_err().to_string().contains("JSONEncoder"));
    }

    #[test]
    fn a_protocol_error_sends_a_close_code_and_ends_the_connection() {
        let too_long = frame(0x81, &[b'x'; 101]);
        for (bytes, code) in [(HELLO.to_vec(), 1002), (too_long, 1009), (frame(0x81, &[0xff]), 1007_u16)] {
            let mut wire = Wire::server(Vec::new(), 100);
            wire.feed(&bytes);
            assert!(wire.received().is_err());
            assert!(wire.is_closed());
            let [high, low] = code.to_be_bytes();
            assert_eq!(written(&mut wire), [0x88, 2, high, low], "{code}");
        }
    }

    #[test]
    fn a_close_frame_is_answered_and_our_own_waits_for_its_answer() {
        let close = frame(0x88, &1000_u16.to_be_bytes());
        let mut wire = Wire::server(close.clone(), 100);
        assert_eq!((all(&mut wire).len(), wire.is_closed()), (0, true));
        assert_eq!(written(&mut wire), [0x88, 2, 0x03, 0xe8]);
        let mut wire = Wire::server(Vec::new(), 100);
        wire.close(CloseReason::Leaving);
        assert_eq!((written(&mut wire), wire.is_closed()), (vec![0x88, 2, 0x03, 0xe9], false));
        wire.send("send", &"too late".into()).unwrap();
        assert_eq!(written(&mut wire), [0_u8; 0]);
        wire.feed(HELLO_MASKED);
        wire.feed(&close);
        assert_eq!(all(&mut wire), ["Hello".into()], "a message in transit must not be lost");
        assert!(wire.is_closed());
    }
}
