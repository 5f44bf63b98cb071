//! HTTP requests and responses as bytes.
//!
//! Pure. Input is not trusted: headers and bodies have limits, and invalid HTTP is an error with a status.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use compose_runtime::dev::Message;
use http::StatusCode;
use percent_encoding::percent_decode_str;

use super::chunked::take_body;

/// The longest header section of a request.
const LONGEST_HEAD: usize = 32 << 10;
/// Maximum number of header fields of a request.
const MOST_HEADERS: usize = 100;

/// One complete request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub method: String,
    pub keeps_open: bool,
    /// The request as a map, for the handlers.
    pub message: Message,
}

/// Takes the first complete request out of the buffer; `None` if it is incomplete, a status if it is invalid.
pub(super) fn take_request(buffer: &mut Vec<u8>, largest_body: usize) -> Result<Option<Request>, StatusCode> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let head = match parsed.parse(buffer) {
        Ok(httparse::Status::Complete(length)) if length <= LONGEST_HEAD => length,
        Ok(httparse::Status::Partial) if buffer.len() < LONGEST_HEAD => return Ok(None),
        Err(httparse::Error::TooManyHeaders) | Ok(_) => return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        Err(_) => return Err(StatusCode::BAD_REQUEST),
    };
    let (method, url) = (parsed.method.unwrap_or_default().to_owned(), parsed.path.unwrap_or_default().to_owned());
    let minor = parsed.version.unwrap_or(0);
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    for header in parsed.headers.iter() {
        let (name, value) = (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned());
        // Two different lengths are an attack (request smuggling).
        if name == "content-length" && fields.get(&name).is_some_and(|first| *first != value) {
            return Err(StatusCode::BAD_REQUEST);
        }
        fields.entry(name).and_modify(|all| *all = format!("{all}, {value}")).or_insert(value);
    }
    let after_head = buffer.get(head..).unwrap_or_default();
    let Some((body, length)) = body_of(after_head, &fields, largest_body)? else { return Ok(None) };
    let connection = fields.get("connection").map(|value| value.to_ascii_lowercase()).unwrap_or_default();
    let keeps_open = if minor == 0 { connection.contains("keep-alive") } else { !connection.contains("close") };
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let message = Message::map([
        ("method", method.as_str().into()),
        ("url", url.as_str().into()),
        ("path", percent_decode_str(path).decode_utf8_lossy().into_owned().into()),
        ("query", query.into()),
        ("version", format!("1.{minor}").into()),
        ("headers", Message::map(fields.into_iter().map(|(name, value)| (name, Message::from(value))))),
        ("body", Message::from(body)),
    ]);
    buffer.drain(..head + length);
    Ok(Some(Request { method, keeps_open, message }))
}

/// The body after the headers and its length in the stream; `None` if it is incomplete.
fn body_of(
    stream: &[u8],
    fields: &BTreeMap<String, String>,
    largest: usize,
) -> Result<Option<(Vec<u8>, usize)>, StatusCode> {
    let length = match (fields.get("transfer-encoding"), fields.get("content-length")) {
        // A request with both may mean one thing to this server and another to a proxy in front of it.
        (Some(_), Some(_)) => return Err(StatusCode::BAD_REQUEST),
        (Some(coding), None) if coding.trim().eq_ignore_ascii_case("chunked") => return take_body(stream, largest),
        (Some(_), None) => return Err(StatusCode::NOT_IMPLEMENTED),
        (None, Some(length)) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
            length.parse().map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?
        }
        (None, Some(_)) => return Err(StatusCode::BAD_REQUEST),
        (None, None) => 0_usize,
    };
    if length > largest {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(stream.get(..length).map(|body| (body.to_vec(), length)))
}

/// The bytes of a response. A map may contain `statuscode`, `type`, `headers` and `body`; any other message is the
/// body.
pub(super) fn response(message: &Message, is_head: bool, keeps_open: bool) -> Vec<u8> {
    let empty = BTreeMap::new();
    let (map, plain) = match message {
        Message::Map(map) => (&***map, None),
        other => (&empty, Some(other)),
    };
    let body = map.get("body").or(plain).cloned().unwrap_or_default();
    let (bytes, default_type) = match &body {
        Message::Nothing => (Vec::new(), "text/plain; charset=utf-8"),
        Message::Bytes(bytes) => (bytes.to_vec(), "application/octet-stream"),
        other => (other.to_string().into_bytes(), "text/plain; charset=utf-8"),
    };
    let status = map.get("statuscode").map_or(StatusCode::OK, |status| {
        let status = status.as_number().or_else(|| status.to_string().trim().parse().ok());
        let status = status.and_then(|status| StatusCode::from_u16(status as u16).ok());
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    });
    let kind = map.get("type").and_then(Message::as_text).unwrap_or(default_type);
    let mut head = format!("HTTP/1.1 {} {}\r\n", status.as_str(), status.canonical_reason().unwrap_or_default());
    let mut add = |name: &str, value: &str| {
        // A newline inside would start another header.
        let clean = |text: &str| text.replace(['\r', '\n'], " ");
        let _ = write!(head, "{}: {}\r\n", clean(name), clean(value));
    };
    add("Content-Type", kind);
    add("Content-Length", &bytes.len().to_string());
    add("Connection", if keeps_open { "keep-alive" } else { "close" });
    if let Some(Message::Map(headers)) = map.get("headers") {
        let ours = ["content-type", "content-length", "connection", "transfer-encoding"];
        for (name, value) in headers.iter().filter(|(name, _)| !ours.contains(&name.to_ascii_lowercase().as_str())) {
            add(name, &value.to_string());
        }
    }
    let mut all = head.into_bytes();
    all.extend_from_slice(b"\r\n");
    if !is_head {
        all.extend(bytes);
    }
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_separated_wherever_the_stream_is_cut() {
        let stream = b"POST /a%20b?q=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n";
        let (mut buffer, mut requests) = (Vec::new(), Vec::new());
        for byte in stream {
            buffer.push(*byte);
            requests.extend(take_request(&mut buffer, 100).unwrap());
        }
        let [post, get] = requests.as_slice() else { panic!("{requests:?}") };
        assert!(post.keeps_open && !get.keeps_open);
        let Message::Map(map) = &post.message else { panic!() };
        assert_eq!(
            (map["path"].clone(), map["query"].clone(), map["body"].clone()),
            ("/a b".into(), "q=1".into(), Message::bytes("abc"))
        );
    }

    #[test]
    fn a_chunked_body_is_reassembled() {
        let stream = b"POST /x HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
        let (mut buffer, mut bodies) = (Vec::new(), Vec::new());
        for byte in stream {
            buffer.push(*byte);
            if let Some(request) = take_request(&mut buffer, 100).unwrap() {
                let Message::Map(map) = request.message else { panic!() };
                bodies.push(map["body"].clone());
            }
        }
        assert_eq!(bodies, [Message::bytes("abc"), Message::bytes("")]);
    }

    #[test]
    fn an_invalid_request_is_answered_with_a_status() {
        let long = format!("GET / HTTP/1.1\r\nX: {}", "y".repeat(LONGEST_HEAD));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101));
        for (stream, status) in [
            ("nonsense\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", 413),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 413),
            (&long, 431),
            (&many, 431),
        ] {
            let refused = take_request(&mut stream.as_bytes().to_vec(), 100).map_err(|error| error.as_u16());
            assert_eq!(refused, Err(status), "{}", &stream[..20]);
        }
    }

    #[test]
    fn a_header_cannot_contain_another() {
        let headers = Message::map([("X", "a\r\nSet-Cookie: b".into()), ("Content-Length", "99".into())]);
        let message = Message::map([("headers", headers), ("body", "hi".into()), ("statuscode", 404.into())]);
        let text = String::from_utf8(response(&message, false, true)).unwrap();
        assert!(text.starts_with("HTTP/1.1 404 Not Found\r\n") && text.ends_with("\r\n\r\nhi"));
        assert!(!text.contains("\nSet-Cookie") && text.matches("Content-Length").count() == 1);
    }
}
