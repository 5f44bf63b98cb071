//! The head of a request: its first line and its headers (RFC 9112).
//!
//! Pure. Input is not trusted: a head has limits, and whatever could mean one thing to this server and another to a
//! proxy in front of it (two lengths, two hosts, unknown codings) is refused.

use std::collections::BTreeMap;

use compose_runtime::dev::*;
use http::StatusCode;
use percent_encoding::percent_decode_str;

use super::target::{Target, is_host};
use crate::byte_queue::ByteQueue;

/// The longest head.
pub(super) const LONGEST_HEAD: usize = 32 << 10;
/// Maximum number of header fields.
const MOST_HEADERS: usize = 100;

/// The names and values of headers; names are in lower case.
type Fields = BTreeMap<String, Message>;

/// The head of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RequestHead {
    pub method: String,
    target: Target,
    /// The minor version of HTTP 1.
    minor: u8,
    fields: Fields,
    pub framing: Framing,
    /// Whether the client waits for permission to send the body.
    pub waits_for_continue: bool,
}

/// How the end of the body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(usize),
    Chunked,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub status: StatusCode,
    /// Whether the request is a HEAD, whose response has no body.
    pub is_head: bool,
}

impl RequestHead {
    /// Removes the head from the start of the buffer and returns it; `None` if it is incomplete.
    pub(super) fn take(buffer: &mut ByteQueue, largest_body: usize) -> Result<Option<Self>, Refusal> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let outcome = parsed.parse(buffer.waiting());
        let is_head = parsed.method == Some("HEAD");
        let refuse = |status| Refusal { status, is_head };
        let length = match outcome {
            Ok(httparse::Status::Complete(length)) if length <= LONGEST_HEAD => length,
            Ok(httparse::Status::Partial) if buffer.len() < LONGEST_HEAD => return Ok(None),
            Ok(_) if parsed.path.is_none() => return Err(refuse(StatusCode::URI_TOO_LONG)),
            Err(httparse::Error::TooManyHeaders) | Ok(_) => {
                return Err(refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
            }
            Err(httparse::Error::Version) if names_other_version(buffer.waiting()) => {
                return Err(refuse(StatusCode::HTTP_VERSION_NOT_SUPPORTED));
            }
            Err(_) => return Err(refuse(StatusCode::BAD_REQUEST)),
        };
        let head = Self::of(&parsed, largest_body).map_err(refuse)?;
        buffer.skip(length);
        Ok(Some(head))
    }

    fn of(parsed: &httparse::Request<'_, '_>, largest_body: usize) -> Result<Self, StatusCode> {
        let method = parsed.method.unwrap_or_default().to_owned();
        let minor = parsed.version.unwrap_or(0);
        let target = Target::parse(&method, parsed.path.unwrap_or_default()).ok_or(StatusCode::BAD_REQUEST)?;
        let mut fields = Fields::new();
        for header in parsed.headers.iter() {
            add(&mut fields, header)?;
        }
        let host = fields.get("host").and_then(Message::as_text);
        if host.map_or(minor > 0, |host| !is_host(host)) {
            return Err(StatusCode::BAD_REQUEST);
        }
        if let Some(host) = &target.host {
            fields.insert("host".to_owned(), host.as_str().into());
        }
        // Tunnels are not offered.
        if method == "CONNECT" {
            return Err(StatusCode::NOT_IMPLEMENTED);
        }
        let framing = framing(&fields, minor, largest_body)?;
        let waits_for_continue = match fields.get("expect").and_then(Message::as_text) {
            // HTTP/1.0 has no `Expect`.
            _ if minor == 0 => false,
            None => false,
            Some(expected) if expected.eq_ignore_ascii_case("100-continue") => true,
            Some(_) => return Err(StatusCode::EXPECTATION_FAILED),
        };
        Ok(Self { method, target, minor, fields, framing, waits_for_continue })
    }

    /// Whether the client wants to send more requests on this connection.
    pub(super) fn keeps_open(&self) -> bool {
        let has = |token: &str| {
            let value = self.fields.get("connection").and_then(Message::as_text).unwrap_or_default();
            value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token))
        };
        !has("close") && (self.minor > 0 || has("keep-alive"))
    }

    /// The request as a map, for the handlers.
    pub(super) fn into_message(self, body: Vec<u8>) -> Message {
        let url = self.target.url;
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        Message::map([
            ("method", self.method.into()),
            ("path", percent_decode_str(path).decode_utf8_lossy().into_owned().into()),
            ("query", query.into()),
            ("version", if self.minor == 0 { "1.0" } else { "1.1" }.into()),
            ("headers", Message::map(self.fields)),
            ("body", Message::from(body)),
            ("url", url.into()),
        ])
    }
}

/// Adds a header. Headers with the same name are joined in order, as RFC 9110, section 5.3 allows.
fn add(fields: &mut Fields, header: &httparse::Header<'_>) -> Result<(), StatusCode> {
    let name = header.name.to_ascii_lowercase();
    let value = String::from_utf8_lossy(header.value);
    let value = value.trim();
    let Some(first) = fields.get(&name).and_then(Message::as_text) else {
        fields.insert(name, value.into());
        return Ok(());
    };
    // Two hosts or two different lengths are an attack (request smuggling).
    if name == "host" || (name == "content-length" && first != value) {
        return Err(StatusCode::BAD_REQUEST);
    }
    if name != "content-length" {
        let separator = if name == "cookie" { "; " } else { ", " };
        let all = format!("{first}{separator}{value}");
        fields.insert(name, all.into());
    }
    Ok(())
}

fn framing(fields: &Fields, minor: u8, largest: usize) -> Result<Framing, StatusCode> {
    let field = |name: &str| fields.get(name).and_then(Message::as_text);
    match (field("transfer-encoding"), field("content-length")) {
        (Some(_), Some(_)) => Err(StatusCode::BAD_REQUEST),
        // HTTP/1.0 has no codings; an HTTP/1.0 proxy would not find the end of the body.
        (Some(_), None) if minor == 0 => Err(StatusCode::BAD_REQUEST),
        (Some(coding), None) => {
            let codings: Vec<&str> = coding.split(',').map(str::trim).collect();
            let chunked = codings.iter().filter(|coding| coding.eq_ignore_ascii_case("chunked")).count();
            match codings.as_slice() {
                [_] if chunked == 1 => Ok(Framing::Chunked),
                [.., last] if chunked == 1 && last.eq_ignore_ascii_case("chunked") => Err(StatusCode::NOT_IMPLEMENTED),
                // The end of the body cannot be found.
                _ => Err(StatusCode::BAD_REQUEST),
            }
        }
        (None, Some(length)) if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) => {
            let length = length.parse().map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
            if length > largest { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(Framing::Length(length)) }
        }
        (None, Some(_)) => Err(StatusCode::BAD_REQUEST),
        (None, None) => Ok(Framing::Length(0)),
    }
}

/// Whether the first line is complete and names a version of HTTP other than 1.0 and 1.1.
fn names_other_version(buffer: &[u8]) -> bool {
    let line = buffer.trim_ascii_start().split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    matches!(words.as_slice(), [_, _, [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]]
        if major.is_ascii_digit() && minor.is_ascii_digit())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<RequestHead, StatusCode> {
        let taken = RequestHead::take(&mut text.as_bytes().to_vec().into(), 100).map_err(|refusal| refusal.status)?;
        Ok(taken.unwrap())
    }

    #[test]
    fn a_request_becomes_a_map_with_decoded_path_and_joined_headers() {
        let head = head("GET /a%20b?q=%20 HTTP/1.1\r\nHOST: x\r\nA: 1\r\nCookie: a=1\r\na:2 \r\nCookie: b=2\r\n\r\n");
        let Message::Map(map) = head.unwrap().into_message(b"body".to_vec()) else { panic!() };
        assert_eq!(
            [&map["path"], &map["query"], &map["url"], &map["version"]],
            [&"/a b".into(), &"q=%20".into(), &"/a%20b?q=%20".into(), &"1.1".into()]
        );
        let headers = Message::map([("a", "1, 2".into()), ("cookie", "a=1; b=2".into()), ("host", "x".into())]);
        assert_eq!((&map["headers"], &map["body"]), (&headers, &Message::bytes("body")));
    }

    #[test]
    fn the_host_of_the_target_replaces_the_header() {
        let Message::Map(map) = head("GET http://a/b HTTP/1.1\r\nHost: c\r\n\r\n").unwrap().into_message(Vec::new())
        else {
            panic!()
        };
        assert_eq!((&map["url"], &map["headers"]), (&"/b".into(), &Message::map([("host", "a".into())])));
    }

    #[test]
    fn the_connection_header_is_a_list_of_words() {
        for (version, connection, keeps_open) in [
            ("1.1", "", true),
            ("1.1", "close", false),
            ("1.1", "upgrade, Close", false),
            ("1.1", "closely", true),
            ("1.0", "", false),
            ("1.0", "Keep-Alive", true),
            ("1.0", "keep-alive, close", false),
        ] {
            let head = head(&format!("GET / HTTP/{version}\r\nHost: x\r\nConnection: {connection}\r\n\r\n"));
            assert_eq!(head.unwrap().keeps_open(), keeps_open, "{version} {connection}");
        }
    }

    #[test]
    fn an_invalid_head_has_a_status() {
        let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}", "y".repeat(LONGEST_HEAD));
        let long_line = format!("GET /{}", "y".repeat(LONGEST_HEAD));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101));
        for (text, status) in [
            ("nonsense\r\n\r\n", 400),
            ("GET /\r\n\r\n", 400),
            ("GET / FTP/1.1\r\n\r\n", 400),
            ("Extra lineGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n", 417),
            ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
            (&long, 431),
            (&long_line, 414),
            (&many, 431),
        ] {
            assert_eq!(
                head(text).map_or_else(|status| status.as_u16(), |_| 200),
                status,
                "{}",
                &text[..text.len().min(60)]
            );
        }
    }

    #[test]
    fn a_refused_head_request_is_known_to_be_one() {
        for text in ["HEAD / HTTP/1.1\r\n\r\n", "HEAD / HTTP/3.0\r\n\r\n", "HEAD / HTTP/1.1\r\nbad name: x\r\n\r\n"] {
            let refusal = RequestHead::take(&mut text.as_bytes().to_vec().into(), 100).unwrap_err();
            assert!(refusal.is_head, "{text}");
        }
    }
}
