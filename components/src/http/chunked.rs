//! Bodies in pieces: `Transfer-Encoding: chunked`, as senders use it who do not know the length beforehand.
//!
//! Pure. Bounded twice: the body by the limit of the server, and what is around it (sizes, extensions, trailers) by
//! a multiple of that, so that nobody can fill the memory with pieces of one byte.

use httparse::Status;

/// The most that is around the pieces of a body, beyond a few bytes for each byte of it.
const MOST_AROUND: usize = 32 << 10;
/// A byte of body may cost this many bytes of stream: its size, two line ends and itself, with room.
const MOST_FOR_ONE: usize = 8;

/// The body that begins `stream`, and how many bytes it takes there; `None` if it is not all there, a status if it is
/// wrong or too large.
pub(super) fn take_body(stream: &[u8], largest: usize) -> Result<Option<(Vec<u8>, usize)>, u16> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let rest = stream.get(at..).unwrap_or_default();
        let (head, size) = match httparse::parse_chunk_size(rest) {
            Ok(Status::Complete((head, size))) => (head, usize::try_from(size).map_err(|_| 413_u16)?),
            Ok(Status::Partial) => return not_yet(stream, largest),
            Err(_) => return Err(400),
        };
        if size > largest.saturating_sub(body.len()) {
            return Err(413);
        }
        at += head;
        if size == 0 {
            let Some(trailers) = end_of_trailers(stream.get(at..).unwrap_or_default()) else {
                return not_yet(stream, largest);
            };
            return Ok(Some((body, at + trailers)));
        }
        let Some(piece) = stream.get(at..at + size + 2) else { return not_yet(stream, largest) };
        let Some(data) = piece.strip_suffix(b"\r\n") else { return Err(400) };
        body.extend_from_slice(data);
        at += size + 2;
    }
}

/// More must come, unless this is already more than any body of this size can need.
fn not_yet(stream: &[u8], largest: usize) -> Result<Option<(Vec<u8>, usize)>, u16> {
    if stream.len() > largest.saturating_mul(MOST_FOR_ONE).saturating_add(MOST_AROUND) { Err(413) } else { Ok(None) }
}

/// How long the trailers are, with the empty line that ends them; they are not passed on.
fn end_of_trailers(stream: &[u8]) -> Option<usize> {
    if stream.starts_with(b"\r\n") {
        return Some(2);
    }
    stream.windows(4).position(|window| window == b"\r\n\r\n").map(|place| place + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[u8] = b"5;note=x\r\nhello\r\n7\r\n, world\r\n0\r\nX-Sum: 12\r\n\r\nGET /";

    #[test]
    fn pieces_become_one_body_wherever_the_stream_is_cut() {
        let whole = STREAM.len() - 5;
        for length in 0..whole {
            assert_eq!(take_body(&STREAM[..length], 100), Ok(None), "{length}");
        }
        assert_eq!(take_body(STREAM, 100), Ok(Some((b"hello, world".to_vec(), whole))));
        assert_eq!(take_body(b"0\r\n\r\n", 100), Ok(Some((Vec::new(), 5))));
    }

    #[test]
    fn what_is_wrong_or_too_large_has_a_status() {
        for (stream, status) in [
            (&b"x\r\n"[..], 400),
            (b"3\r\nabcd\r\n", 400),
            (b"ffffffffffffffff\r\n", 413),
            (b"65\r\n", 413),
            (b"32\r\n", 413),
        ] {
            assert_eq!(take_body(stream, 20), Err(status), "{}", stream.escape_ascii());
        }
    }

    #[test]
    fn endless_trimmings_are_cut_off() {
        let mut stream = b"1;".to_vec();
        stream.resize(MOST_AROUND + 1000, b'x');
        assert_eq!(take_body(&stream, 20), Err(413));
    }
}
