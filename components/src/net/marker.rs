//! The marker that DataChunker puts before messages, and the escapes that keep it out of them.
//!
//! Pure. The escapes are those of the original: `%` becomes `%25`, and each byte of the marker becomes `%` and its
//! value in lower-case hexadecimal, without a leading zero, for example `%58` for `X`. The original replaces the bytes
//! of the marker one after another, so an escape that contains a byte of the marker would be escaped again and could
//! not be decoded. Such markers are refused; for all others, one pass gives the same result.

use compose_runtime::dev::*;

pub(super) const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];
pub(super) const SYNC: ParamSpec =
    ParamSpec::text("syncmessage", "XXXXXXXXXXXXXXXXXXXXXXXX", "The marker; it must be the same at both ends");

/// The marker and its escapes.
pub(super) struct Marker {
    /// The bytes before each message.
    pub bytes: Vec<u8>,
    /// Each byte that is escaped, with its escape.
    escapes: Vec<(u8, Vec<u8>)>,
}

impl Marker {
    /// Reads the marker from the settings.
    pub(super) fn of(params: &Params) -> Result<Self, ParamError> {
        Self::new(params.text(SYNC.name).into_bytes()).map_err(|error| ParamError::Other(error.to_string()))
    }

    fn new(bytes: Vec<u8>) -> Result<Self, MarkerError> {
        if bytes.is_empty() {
            return Err(MarkerError::Empty);
        }
        let mut escaped = vec![b'%'];
        escaped.extend(bytes.iter().filter(|byte| **byte != b'%'));
        escaped.sort_unstable();
        escaped.dedup();
        let escapes: Vec<(u8, Vec<u8>)> =
            escaped.into_iter().map(|byte| (byte, format!("%{byte:x}").into_bytes())).collect();
        for (byte, escape) in &escapes {
            let is_ambiguous =
                escapes.iter().any(|(other, longer)| other != byte && longer.starts_with(escape.as_slice()));
            if is_ambiguous || escape.iter().skip(1).any(|digit| bytes.contains(digit)) || bytes.contains(&b'%') {
                return Err(MarkerError::Ambiguous(String::from_utf8_lossy(escape).into_owned()));
            }
        }
        Ok(Self { bytes, escapes })
    }

    /// The message with the marker before it.
    pub(super) fn mark(&self, message: &[u8]) -> Vec<u8> {
        let mut marked = self.bytes.clone();
        for byte in message {
            match self.escapes.iter().find(|(escaped, _)| escaped == byte) {
                Some((_, escape)) => marked.extend_from_slice(escape),
                None => marked.push(*byte),
            }
        }
        marked
    }

    /// The message in the bytes between two markers.
    pub(super) fn unmark(&self, mut rest: &[u8]) -> Vec<u8> {
        let mut message = Vec::with_capacity(rest.len());
        while let Some((byte, after)) = rest.split_first() {
            let escape = self.escapes.iter().find(|(_, escape)| rest.starts_with(escape));
            message.push(escape.map_or(*byte, |(escaped, _)| *escaped));
            rest = escape.map_or(after, |(_, escape)| rest.get(escape.len()..).unwrap_or_default());
        }
        message
    }
}

/// Why a text cannot be the marker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum MarkerError {
    #[error("syncmessage is empty; enter some text")]
    Empty,
    #[error(
        "syncmessage contains a character of the escape {0} or is ambiguous; avoid %, 2, 5 and control characters, for \
         example use only capital letters"
    )]
    Ambiguous(String),
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const X: &str = "XXXXXXXXXXXXXXXXXXXXXXXX";

    /// Each marker and message, with the bytes that the original's DataChunker (Kamaelia 1.0, `Protocol.Framing` and
    /// `Support.Data.Escape`) makes from them.
    const RECORDED: &[(&str, &[u8], &[u8])] = &[
        (X, b"plain", b"XXXXXXXXXXXXXXXXXXXXXXXXplain"),
        (X, b"", b"XXXXXXXXXXXXXXXXXXXXXXXX"),
        (X, b"XXXX", b"XXXXXXXXXXXXXXXXXXXXXXXX%58%58%58%58"),
        (X, b"100%", b"XXXXXXXXXXXXXXXXXXXXXXXX100%25"),
        (X, b"%58 and \\X\\\\", b"XXXXXXXXXXXXXXXXXXXXXXXX%2558 and \\%58\\\\"),
        (X, b"%%25X%5", b"XXXXXXXXXXXXXXXXXXXXXXXX%25%2525%58%255"),
        (X, b"\x00\xff\r\nX", b"XXXXXXXXXXXXXXXXXXXXXXXX\x00\xff\r\n%58"),
        ("#!", b"#!a#b!", b"#!%23%21a%23b%21"),
        ("\r\n", b"a\r\nb%\n", b"\r\na%d%ab%25%a"),
        ("\\.*", b"a.*b\\c", b"\\.*a%2e%2ab%5cc"),
        ("--SYNC--", b"--SYNC-- S-Y", b"--SYNC--%2d%2d%53%59%4e%43%2d%2d %53%2d%59"),
    ];

    #[test]
    fn messages_are_marked_as_the_original_marks_them_and_read_back() {
        for (marker, message, recorded) in RECORDED {
            let marker = Marker::new(marker.as_bytes().to_vec()).unwrap();
            assert_eq!(marker.mark(message), *recorded, "{}", message.escape_ascii());
            assert_eq!(marker.unmark(&recorded[marker.bytes.len()..]), *message, "{}", recorded.escape_ascii());
        }
    }

    #[test]
    fn a_marker_that_the_escapes_would_contain_is_refused() {
        for marker in ["", "%", "sync2", "5", "MARK 1", "\n\u{a1}", "\u{2}"] {
            assert!(Marker::new(marker.as_bytes().to_vec()).is_err(), "{marker:?}");
        }
        for marker in ["XXXX", "#!", "--SYNC--", "\r\n", "é", "\\.*"] {
            assert!(Marker::new(marker.as_bytes().to_vec()).is_ok(), "{marker:?}");
        }
    }
}
