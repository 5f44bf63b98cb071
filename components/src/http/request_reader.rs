//! Splits the bytes of a connection into requests.
//!
//! Pure. Each byte is examined a bounded number of times, however the stream is split. The buffer holds at most one
//! head or body and one read from the socket.

use compose_runtime::dev::*;

use super::chunked::Chunked;
use super::request_head::{Framing, Refusal, RequestHead};
use crate::byte_queue::ByteQueue;

/// One complete request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub method: String,
    pub keeps_open: bool,
    /// The request as a map, for the handlers.
    pub message: Message,
}

/// The contents of the buffer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    Request(Request),
    /// The client waits for permission to send the body.
    AsksToContinue,
    /// No complete request.
    Nothing,
}

/// The bytes of one connection that have not been returned as requests yet.
pub(super) struct RequestReader {
    largest: usize,
    buffer: ByteQueue,
    /// The request whose body is being received.
    begun: Option<(RequestHead, Body)>,
}

/// A body that is being received.
enum Body {
    Length(usize),
    Chunked(Chunked),
}

impl RequestReader {
    /// A reader that refuses bodies larger than `largest` bytes.
    pub(super) fn new(largest: usize) -> Self {
        Self { largest, buffer: ByteQueue::default(), begun: None }
    }

    /// Adds bytes from the client; [`RequestReader::next`] decodes them.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.push(bytes);
    }

    /// Takes the next request out of the buffer.
    ///
    /// # Errors
    /// The request is invalid. The position of the next request is unknown, so the connection must be closed.
    pub(super) fn next(&mut self) -> Result<Found, Refusal> {
        let (head, mut body) = match self.begun.take() {
            Some(begun) => begun,
            None => {
                if self.buffer.is_empty() {
                    return Ok(Found::Nothing);
                }
                let Some(head) = RequestHead::take(&mut self.buffer, self.largest)? else { return Ok(Found::Nothing) };
                let body = match head.framing {
                    Framing::Length(length) => Body::Length(length),
                    Framing::Chunked => Body::Chunked(Chunked::new(self.largest)),
                };
                // A client that sends the body at once is not waiting for permission.
                if head.waits_for_continue && self.buffer.is_empty() && !matches!(body, Body::Length(0)) {
                    self.begun = Some((head, body));
                    return Ok(Found::AsksToContinue);
                }
                (head, body)
            }
        };
        let is_head = head.method == "HEAD";
        match body.take(&mut self.buffer).map_err(|status| Refusal { status, is_head })? {
            Some(body) => {
                let (method, keeps_open) = (head.method.clone(), head.keeps_open());
                Ok(Found::Request(Request { method, keeps_open, message: head.into_message(body) }))
            }
            None => {
                self.begun = Some((head, body));
                Ok(Found::Nothing)
            }
        }
    }

    /// Whether the client has begun a request that is not complete. Line ends before a request do not count.
    pub(super) fn has_begun(&self) -> bool {
        self.begun.is_some() || self.buffer.waiting().iter().any(|byte| !matches!(byte, b'\r' | b'\n'))
    }

    /// Number of bytes of the body that have arrived; `None` while no body is being received.
    pub(super) fn body_len(&self) -> Option<usize> {
        self.begun.as_ref().map(|(_, body)| match body {
            Body::Length(_) => self.buffer.len(),
            Body::Chunked(body) => body.len(),
        })
    }

    /// Whether the request whose body is being received is a HEAD.
    pub(super) fn is_head(&self) -> bool {
        self.begun.as_ref().is_some_and(|(head, _)| head.method == "HEAD")
    }

    /// The bytes after the last request.
    pub(super) fn into_rest(mut self) -> Vec<u8> {
        self.buffer.take_all()
    }
}

impl Body {
    /// Takes the body out of the buffer if it is complete.
    fn take(&mut self, buffer: &mut ByteQueue) -> Result<Option<Vec<u8>>, http::StatusCode> {
        match self {
            Self::Length(0) => Ok(Some(Vec::new())),
            Self::Length(length) if buffer.len() < *length => Ok(None),
            Self::Length(length) => Ok(Some(buffer.take(*length))),
            Self::Chunked(body) => body.take(buffer),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The requests in a stream that arrives in pieces of this size.
    fn requests(stream: &[u8], size: usize) -> Vec<Request> {
        let (mut reader, mut found) = (RequestReader::new(100), Vec::new());
        for piece in stream.chunks(size) {
            reader.feed(piece);
            while let Found::Request(request) = reader.next().unwrap() {
                found.push(request);
            }
        }
        assert!(!reader.has_begun(), "{size}");
        found
    }

    #[test]
    fn requests_are_separated_wherever_the_stream_is_cut() {
        let stream = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc\r\n\
                       POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n\
                       GET /c HTTP/1.0\r\n\r\n";
        let whole = requests(stream, stream.len());
        let [a, b, c] = whole.as_slice() else { panic!("{whole:?}") };
        assert!(a.keeps_open && b.keeps_open && !c.keeps_open);
        let bodies: Vec<Message> = [a, b, c].map(|request| request.message.clone()).map(body_of).into();
        assert_eq!(bodies, [Message::bytes("abc"), Message::bytes("def"), Message::bytes("")]);
        for size in 1..stream.len() {
            assert_eq!(requests(stream, size), whole, "{size}");
        }
    }

    fn body_of(request: Message) -> Message {
        let Message::Map(map) = request else { panic!("{request}") };
        map["body"].clone()
    }

    #[test]
    fn many_requests_in_one_piece_are_separated_in_linear_time() {
        // If each request moved the rest of the piece, this would take minutes.
        let stream = b"GET / HTTP/1.0\r\n\r\n".repeat(1 << 19);
        let mut reader = RequestReader::new(100);
        reader.feed(&stream);
        let mut count = 0;
        while let Found::Request(_) = reader.next().unwrap() {
            count += 1;
        }
        assert_eq!(count, 1 << 19);
    }

    #[test]
    fn permission_is_asked_for_once_and_only_while_the_client_waits() {
        let head = b"PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
        let mut reader = RequestReader::new(100);
        reader.feed(head);
        assert_eq!(reader.next(), Ok(Found::AsksToContinue));
        assert_eq!((reader.next(), reader.body_len()), (Ok(Found::Nothing), Some(0)));
        reader.feed(b"ab");
        assert!(matches!(reader.next(), Ok(Found::Request(_))));
        // The body is there already.
        reader.feed(&[head, &b"a"[..]].concat());
        assert_eq!(reader.next(), Ok(Found::Nothing));
        // There is no body, or the client speaks HTTP/1.0, which has no `Expect`.
        for request in [
            "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
            "PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
        ] {
            let mut reader = RequestReader::new(100);
            reader.feed(request.as_bytes());
            assert!(matches!(reader.next(), Ok(Found::Request(_))), "{request}");
        }
    }

    #[test]
    fn an_invalid_body_is_refused() {
        let mut reader = RequestReader::new(100);
        reader.feed(b"HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n");
        let status = http::StatusCode::BAD_REQUEST;
        assert_eq!(reader.next(), Err(Refusal { status, is_head: true }));
    }
}
