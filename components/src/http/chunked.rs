//! Chunked bodies (RFC 9112, section 7.1), decoded while they arrive.
//!
//! Pure. Input is not trusted: the body has a limit, and the whole stream, with its framing (sizes, extensions,
//! trailers), is limited to a multiple of that. A client therefore cannot fill the memory with chunks of one byte. The
//! syntax of the framing is strict, because leniency lets a request mean one thing here and another to a proxy.

use http::StatusCode;

use crate::byte_queue::ByteQueue;

/// Maximum number of stream bytes, in addition to [`MOST_PER_BYTE`] for each byte that the body may have.
const MOST_FRAMING: usize = 32 << 10;
/// Maximum number of stream bytes per body byte: its size, two line ends and the byte itself, with some reserve.
const MOST_PER_BYTE: usize = 8;
/// Maximum number of digits of a chunk's size.
const MOST_DIGITS: usize = 16;

/// A chunked body that is being received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunked {
    largest: usize,
    body: Vec<u8>,
    /// Number of bytes of the stream that have been decoded.
    decoded: usize,
    next: Next,
}

/// The next element of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Size,
    /// The rest of a chunk: this many bytes.
    Data(usize),
    EndOfChunk,
    Trailer,
    Nothing,
}

impl Chunked {
    /// An empty body, of which at most `largest` bytes are accepted.
    pub(super) fn new(largest: usize) -> Self {
        Self { largest, body: Vec::new(), decoded: 0, next: Next::Size }
    }

    /// Number of bytes of the body that have arrived.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// Decodes the stream as far as possible and removes the decoded bytes. Returns the body once it is complete.
    ///
    /// # Errors
    /// The status for a body that is invalid or too large.
    pub(super) fn take(&mut self, stream: &mut ByteQueue) -> Result<Option<Vec<u8>>, StatusCode> {
        let mut at = 0;
        while let Some(length) = self.step(stream.waiting().get(at..).unwrap_or_default())? {
            at += length;
            if self.next == Next::Nothing {
                break;
            }
        }
        stream.skip(at);
        self.decoded += at;
        if self.next == Next::Nothing {
            return Ok(Some(std::mem::take(&mut self.body)));
        }
        let most = self.largest.saturating_mul(MOST_PER_BYTE).saturating_add(MOST_FRAMING);
        if self.decoded + stream.len() > most { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(None) }
    }

    /// Decodes the next element and returns its length; `None` if it is incomplete.
    fn step(&mut self, rest: &[u8]) -> Result<Option<usize>, StatusCode> {
        match self.next {
            Next::Size => {
                let Some(line) = line_of(rest)? else { return Ok(None) };
                let size = size_of(line)?;
                if size > self.largest.saturating_sub(self.body.len()) {
                    return Err(StatusCode::PAYLOAD_TOO_LARGE);
                }
                self.next = if size == 0 { Next::Trailer } else { Next::Data(size) };
                Ok(Some(line.len() + 2))
            }
            Next::Data(_) if rest.is_empty() => Ok(None),
            Next::Data(left) => {
                let length = left.min(rest.len());
                self.body.extend_from_slice(rest.get(..length).unwrap_or_default());
                self.next = if length == left { Next::EndOfChunk } else { Next::Data(left - length) };
                Ok(Some(length))
            }
            Next::EndOfChunk => match rest {
                [b'\r', b'\n', ..] => {
                    self.next = Next::Size;
                    Ok(Some(2))
                }
                [] | [b'\r'] => Ok(None),
                _ => Err(StatusCode::BAD_REQUEST),
            },
            // Trailers are not passed on.
            Next::Trailer => {
                let Some(line) = line_of(rest)? else { return Ok(None) };
                if line.is_empty() {
                    self.next = Next::Nothing;
                } else if !line.iter().skip(1).any(|byte| *byte == b':') {
                    return Err(StatusCode::BAD_REQUEST);
                }
                Ok(Some(line.len() + 2))
            }
            Next::Nothing => Ok(None),
        }
    }
}

/// The first line without its end; `None` if it is incomplete. A line ends with CR LF and contains neither.
fn line_of(stream: &[u8]) -> Result<Option<&[u8]>, StatusCode> {
    let Some(end) = stream.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else { return Ok(None) };
    match stream.get(end..).unwrap_or_default() {
        [b'\r', b'\n', ..] => Ok(stream.get(..end)),
        [b'\r'] => Ok(None),
        _ => Err(StatusCode::BAD_REQUEST),
    }
}

/// The size in the first line of a chunk. Extensions are skipped.
fn size_of(line: &[u8]) -> Result<usize, StatusCode> {
    let length = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (digits, rest) = line.split_at(length);
    let is_end = matches!(rest.trim_ascii_start(), [] | [b';', ..]);
    if digits.is_empty() || !is_end || rest.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(StatusCode::BAD_REQUEST);
    }
    if length > MOST_DIGITS {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let size = std::str::from_utf8(digits).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
    size.ok_or(StatusCode::PAYLOAD_TOO_LARGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"5;note=x\r\nhello\r\n7 \r\n, world\r\n0\r\nX-Sum: 12\r\n\r\n";

    /// The body of a stream that arrives in one piece, and the bytes after it.
    fn taken(stream: &[u8], largest: usize) -> Result<Option<Vec<u8>>, StatusCode> {
        Chunked::new(largest).take(&mut stream.to_vec().into())
    }

    #[test]
    fn chunks_become_one_body_wherever_the_stream_is_cut() {
        for cut in 0..STREAM.len() {
            let (mut body, mut stream) = (Chunked::new(100), ByteQueue::from(STREAM[..cut].to_vec()));
            assert_eq!(body.take(&mut stream), Ok(None), "{cut}");
            stream.push(&STREAM[cut..]);
            stream.push(b"GET /");
            assert_eq!(body.take(&mut stream), Ok(Some(b"hello, world".to_vec())), "{cut}");
            assert_eq!(stream.waiting(), b"GET /");
        }
        assert_eq!(taken(b"0\r\n\r\n", 100), Ok(Some(Vec::new())));
    }

    #[test]
    fn an_invalid_or_oversized_body_is_answered_with_a_status() {
        for (stream, status) in [
            (&b"x\r\n"[..], 400),
            (b"\r\n", 400),
            (b";x\r\n", 400),
            (b"0x5\r\nhello\r\n", 400),
            (b"5\nhello\r\n", 400),
            (b"5;\nhello\r\n", 400),
            (b"5;\rx\r\n", 400),
            (b"5 5\r\nhello\r\n", 400),
            (b"3\r\nabcd\r\n", 400),
            (b"0\r\nno colon\r\n\r\n", 400),
            (b"ffffffffffffffff\r\n", 413),
            (b"00000000000000005\r\n", 413),
            (b"65\r\n", 413),
            (b"15\r\n", 413),
        ] {
            assert_eq!(taken(stream, 20).map_err(|status| status.as_u16()), Err(status), "{}", stream.escape_ascii());
        }
    }

    #[test]
    fn endless_framing_is_refused() {
        for start in [&b"1;"[..], b"0\r\nX: ", b"0000000000000"] {
            let mut stream = start.to_vec();
            stream.resize(MOST_FRAMING + 1000, b'0');
            assert_eq!(taken(&stream, 20), Err(StatusCode::PAYLOAD_TOO_LARGE), "{}", start.escape_ascii());
        }
        // The same holds for a stream in pieces, because decoded bytes count towards the limit.
        let mut body = Chunked::new(20);
        let mut stream = ByteQueue::from(b"0\r\n".to_vec());
        let refused = (0..MOST_FRAMING).find_map(|_| {
            stream.push(b"X: y\r\n");
            body.take(&mut stream).err()
        });
        assert_eq!(refused, Some(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
