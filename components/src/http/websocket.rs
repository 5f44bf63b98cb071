//! One end of a WebSocket conversation: bytes of the connection in and out, messages out and in.
//!
//! Pure; the protocol (RFC 6455) is tungstenite's. Between it and the boxes lie two buffers in memory: what has come and
//! is not read yet, at most one message and one piece from the socket, and what is to be written, which is taken away
//! after every message. Pings are answered by themselves; what breaks the protocol is told to the peer and ends it.

use std::collections::VecDeque;
use std::io::{self, Read, Write};

use compose_runtime::dev::*;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Bytes, ClientHandshake, Error, HandshakeError, Message as Data, WebSocket};

use crate::refuse::wrong_kind;

/// How much is read ahead for one conversation.
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

/// A conversation that has been agreed on.
pub(super) struct Wire {
    socket: WebSocket<Pipe>,
    is_over: bool,
}

/// Why a conversation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goodbye {
    /// Everything is said.
    Done,
    /// This end goes away.
    Leaving,
}

impl Wire {
    /// The server's end after its answer to the request, `rest` being what the client sent behind that.
    pub(super) fn server(rest: Vec<u8>, largest: usize) -> Self {
        let socket = WebSocket::from_partially_read(Pipe::default(), rest, Role::Server, Some(config(largest)));
        Self { socket, is_over: false }
    }

    /// Takes bytes of the peer in; [`Wire::received`] says what they mean.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.socket.get_mut().from_peer.extend(bytes);
    }

    /// The next message of the peer, if one is whole. An error ends the conversation; the peer is told.
    pub(super) fn received(&mut self) -> Result<Option<Message>, Error> {
        while !self.is_over {
            match self.socket.read() {
                Ok(Data::Text(text)) => return Ok(Some(Message::text(text.as_str()))),
                Ok(Data::Binary(bytes)) => return Ok(Some(Message::bytes(bytes))),
                // Answers to pings and goodbyes are written by the next read.
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(Error::ConnectionClosed | Error::AlreadyClosed) => self.is_over = true,
                Err(error) => {
                    let code = match error {
                        Error::Capacity(_) => CloseCode::Size,
                        Error::Utf8(_) => CloseCode::Invalid,
                        _ => CloseCode::Protocol,
                    };
                    self.end(code);
                    self.is_over = true;
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// Puts a message into the buffer for the peer; text goes as text, bytes as bytes. After the goodbye of either end it
    /// is dropped, as there is nobody who would read it.
    pub(super) fn send(&mut self, inbox: &str, message: &Message) -> Outcome {
        let data = match message {
            Message::Text(text) => Data::text(&**text),
            Message::Bytes(bytes) => Data::binary(Bytes::copy_from_slice(bytes)),
            other => return Err(wrong_kind(inbox, "text or bytes (put a JSONEncoder or Stringify before it)", other)),
        };
        if self.socket.can_write() {
            // Writing into memory does not fail.
            let _ = self.socket.send(data);
        }
        Ok(())
    }

    /// Says goodbye; the answer of the peer is still to come.
    pub(super) fn close(&mut self, goodbye: Goodbye) {
        self.end(match goodbye {
            Goodbye::Done => CloseCode::Normal,
            Goodbye::Leaving => CloseCode::Away,
        });
    }

    fn end(&mut self, code: CloseCode) {
        if self.socket.can_write() {
            let _ = self.socket.close(Some(CloseFrame { code, reason: "".into() }));
        }
    }

    /// What is to be written to the peer, if anything.
    pub(super) fn take_bytes(&mut self) -> Option<Message> {
        let bytes = std::mem::take(&mut self.socket.get_mut().to_peer);
        (!bytes.is_empty()).then(|| Message::from(bytes))
    }

    /// Whether both ends have said goodbye, or the peer has broken the protocol.
    pub(super) fn is_over(&self) -> bool {
        self.is_over || !self.socket.can_read()
    }
}

/// The client's end before the server has agreed.
pub(super) struct Handshake {
    waiting: Option<tungstenite::handshake::MidHandshake<ClientHandshake<Pipe>>>,
    done: Option<Wire>,
}

impl Handshake {
    /// Asks for a conversation at this address, `ws://…`.
    pub(super) fn begin(url: &str, largest: usize) -> Result<Self, Error> {
        let request = tungstenite::client::IntoClientRequest::into_client_request(url)?;
        let waiting = ClientHandshake::start(Pipe::default(), request, Some(config(largest)))?;
        let mut handshake = Self { waiting: Some(waiting), done: None };
        handshake.go_on()?;
        Ok(handshake)
    }

    /// Takes bytes of the server in.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if let Some(waiting) = &mut self.waiting {
            waiting.get_mut().get_mut().from_peer.extend(bytes);
        }
        self.go_on()
    }

    fn go_on(&mut self) -> Result<(), Error> {
        let Some(waiting) = self.waiting.take() else { return Ok(()) };
        match waiting.handshake() {
            Ok((socket, _)) => self.done = Some(Wire { socket, is_over: false }),
            Err(HandshakeError::Interrupted(waiting)) => self.waiting = Some(waiting),
            Err(HandshakeError::Failure(error)) => return Err(error),
        }
        Ok(())
    }

    /// What is to be written to the server, if anything.
    pub(super) fn take_bytes(&mut self) -> Option<Message> {
        let bytes = std::mem::take(&mut self.waiting.as_mut()?.get_mut().get_mut().to_peer);
        (!bytes.is_empty()).then(|| Message::from(bytes))
    }

    /// The conversation, once the server has agreed.
    pub(super) fn finished(&mut self) -> Option<Wire> {
        self.done.take()
    }
}

fn config(largest: usize) -> WebSocketConfig {
    // Every message is written at once: what is collected, and how long, is the business of the boxes.
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
    /// The same as a server sends it.
    pub(in crate::http) const HELLO: &[u8] = &[0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];

    /// A frame of a client, with a mask of nothing.
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
    fn messages_come_whole_wherever_the_bytes_are_cut() {
        let pieces = [frame(0x01, b"in "), frame(0x89, b"?"), frame(0x80, b"pieces"), frame(0x82, &[1, 2])].concat();
        let mut wire = Wire::server(HELLO_MASKED.to_vec(), 100);
        let mut messages = all(&mut wire);
        for byte in &pieces {
            wire.feed(&[*byte]);
            messages.extend(all(&mut wire));
        }
        assert_eq!(messages, ["Hello".into(), "in pieces".into(), Message::bytes([1, 2])]);
        assert_eq!(written(&mut wire), [0x8a, 1, b'?'], "the ping is answered");
    }

    #[test]
    fn text_goes_as_text_and_bytes_as_bytes() {
        let mut wire = Wire::server(Vec::new(), 100);
        wire.send("send", &"Hello".into()).unwrap();
        assert_eq!(written(&mut wire), HELLO);
        wire.send("send", &Message::bytes([7])).unwrap();
        assert_eq!(written(&mut wire), [0x82, 1, 7]);
        assert!(wire.send("send", &5.into()).unwrap_err().to_string().contains("JSONEncoder"));
    }

    #[test]
    fn what_breaks_the_protocol_is_told_and_ends_it() {
        let too_long = frame(0x81, &[b'x'; 101]);
        for (bytes, code) in [(HELLO.to_vec(), 1002), (too_long, 1009), (frame(0x81, &[0xff]), 1007_u16)] {
            let mut wire = Wire::server(Vec::new(), 100);
            wire.feed(&bytes);
            assert!(wire.received().is_err());
            assert!(wire.is_over());
            let [high, low] = code.to_be_bytes();
            assert_eq!(written(&mut wire), [0x88, 2, high, low], "{code}");
        }
    }

    #[test]
    fn a_goodbye_is_answered_and_one_of_ours_waits_for_its_answer() {
        let goodbye = frame(0x88, &1000_u16.to_be_bytes());
        let mut wire = Wire::server(goodbye.clone(), 100);
        assert_eq!((all(&mut wire).len(), wire.is_over()), (0, true));
        assert_eq!(written(&mut wire), [0x88, 2, 0x03, 0xe8]);
        let mut wire = Wire::server(Vec::new(), 100);
        wire.close(Goodbye::Leaving);
        assert_eq!((written(&mut wire), wire.is_over()), (vec![0x88, 2, 0x03, 0xe9], false));
        wire.send("send", &"too late".into()).unwrap();
        assert_eq!(written(&mut wire), [0_u8; 0]);
        wire.feed(HELLO_MASKED);
        wire.feed(&goodbye);
        assert_eq!(all(&mut wire), ["Hello".into()], "what was on its way is not lost");
        assert!(wire.is_over());
    }
}
