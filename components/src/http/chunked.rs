//! Bodies with `Transfer-Encoding: chunked`, for senders that do not know the length in advance.
//!
//! Pure. Two limits apply: the body is limited by the server's setting, and the framing around it (sizes, extensions,
//! trailers) by a multiple of that. A client therefore cannot fill the memory with chunks of one byte.

use http::StatusCode;
use httparse::Status;

/// Maximum number of framing bytes around a body, plus a fixed allowance per body byte.
const MOST_FRAMING: usize = 32 << 10;
/// Maximum number of stream bytes per body byte: its size, two line ends and the byte itself, with some reserve.
const MOST_PER_BYTE: usize = 8;

/// The body at the start of `stream` and its length in the stream; `None` if it is incomplete, a status if it is
/// invalid or too large.
pub(super) fn take_body(stream: &[u8], largest: usize) -> Result<Option<(Vec<u8>, usize)>, StatusCode> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let rest = stream.get(at..).unwrap_or_default();
        let (header, size) = match httparse::parse_chunk_size(rest) {
            Ok(Status::Complete((header, size))) => {
                (header, usize::try_from(size).map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?)
            }
            Ok(Status::Partial) => return incomplete(stream, largest),
            Err(_) => return Err(StatusCode::BAD_REQUEST),
        };
        if size > largest.saturating_sub(body.len()) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        at += header;
        if size == 0 {
            let Some(trailers) = end_of_trailers(stream.get(at..).unwrap_or_default()) else {
                return incomplete(stream, largest);
            };
            return Ok(Some((body, at + trailers)));
        }
        let Some(chunk) = stream.get(at..at + size + 2) else { return incomplete(stream, largest) };
        let Some(data) = chunk.strip_suffix(b"\r\n") else { return Err(StatusCode::BAD_REQUEST) };
        body.extend_from_slice(data);
        at += size + 2;
    }
}

/// Reports an incomplete body, unless the stream is already longer than any body of this size can be.
fn incomplete(stream: &[u8], largest: usize) -> Result<Option<(Vec<u8>, usize)>, StatusCode> {
    if stream.len() > largest.saturating_mul(MOST_PER_BYTE).saturating_add(MOST_FRAMING) {
        Err(StatusCode::PAYLOAD_TOO_LARGE)
    } else {
        Ok(None)
    }
}

/// The length of the trailers, including the empty line that ends them. Trailers are not passed on.
fn end_of_trailers(stream: &[u8]) -> Option<usize> {
    if stream.starts_with(b"\r\n") {
        return Some(2);
    }
    stream.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"5;note=x\r\nhello\r\n7\r\n, world\r\n0\r\nX-Sum: 12\r\n\r\nGET /";

    #[test]
    fn chunks_become_one_body_wherever_the_stream_is_cut() {
        let whole = STREAM.len() - 5;
        for length in 0..whole {
            assert_eq!(take_body(&STREAM[..length], 100), Ok(None), "{length}");
        }
        assert_eq!(take_body(STREAM, 100), Ok(Some((b"hello, world".to_vec(), whole))));
        assert_eq!(take_body(b"0\r\n\r\n", 100), Ok(Some((Vec::new(), 5))));
    }

    #[test]
    fn an_invalid_or_oversized_body_is_answered_with_a_status() {
        for (stream, status) in [
            (&b"x\r\n"[..], 400),
            (b"3\r\nabcd\r\n", 400),
            (b"ffffffffffffffff\r\n", 413),
            (b"65\r\n", 413),
            (b"32\r\n", 413),
        ] {
            assert_eq!(take_body(stream, 20).map_err(|error| error.as_u16()), Err(status), "{}", stream.escape_ascii());
        }
    }

    #[test]
    fn endless_framing_is_refused() {
        let mut stream = b"1;".to_vec();
        stream.resize(MOST_FRAMING + 1000, b'x');
        assert_eq!(take_body(&stream, 20), Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
