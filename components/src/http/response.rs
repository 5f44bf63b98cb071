//! Responses as bytes.
//!
//! Pure. Handlers are not trusted with the framing: this file alone writes the length and the end of a response.

use std::borrow::Cow;
use std::io::Write as _;

use compose_runtime::dev::*;
use http::{HeaderName, HeaderValue, StatusCode, header};

/// Headers that only this file writes.
const OURS: [HeaderName; 5] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONNECTION, header::DATE, header::TRANSFER_ENCODING];
/// Longest body, in bytes, that is appended to its headers, so that a short response is one message.
const COPIED: usize = 64 << 10;
/// Bytes to reserve for the first line and the headers.
const HEAD: usize = 512;

/// The response that lets a client send its body.
pub(super) const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// The bytes of a response. A map may contain `statuscode`, `type`, `headers` and `body`; any other message is the
/// body. A header whose name or value is not valid HTTP is left out. The response to a HEAD has the same headers as
/// the response to a GET, but no body.
///
/// A long body of bytes is not copied: it follows as a separate message.
pub(super) fn response(message: &Message, is_head: bool, keeps_open: bool, date: &str) -> (Vec<u8>, Option<Message>) {
    let field = |name: &str| if let Message::Map(map) = message { map.get(name) } else { None };
    let body = if matches!(message, Message::Map(_)) { field("body").unwrap_or(&Message::Nothing) } else { message };
    let (bytes, default_type) = match body {
        Message::Nothing => (Cow::Borrowed(&[][..]), "text/plain; charset=utf-8"),
        Message::Bytes(bytes) => (Cow::Borrowed(&**bytes), "application/octet-stream"),
        Message::Text(text) => (Cow::Borrowed(text.as_bytes()), "text/plain; charset=utf-8"),
        other => (Cow::Owned(other.to_string().into_bytes()), "text/plain; charset=utf-8"),
    };
    let status = field("statuscode").map_or(StatusCode::OK, status_of);
    let has_body = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let is_separate = bytes.len() > COPIED && matches!(body, Message::Bytes(_));
    let mut all = Vec::with_capacity(HEAD + if is_separate { 0 } else { bytes.len() });
    // Writing into memory cannot fail.
    let _ = write!(all, "HTTP/1.1 {} {}\r\n", status.as_str(), status.canonical_reason().unwrap_or_default());
    if has_body {
        let kind = field("type").and_then(Message::as_text).unwrap_or(default_type);
        add(&mut all, "Content-Type", kind);
        let _ = write!(all, "Content-Length: {}\r\n", bytes.len());
    }
    add(&mut all, "Connection", if keeps_open { "keep-alive" } else { "close" });
    add(&mut all, "Date", date);
    if let Some(Message::Map(headers)) = field("headers") {
        for (name, value) in headers.iter().filter(|(name, _)| is_theirs(name)) {
            match value {
                // Some headers cannot be joined, such as Set-Cookie.
                Message::List(values) => values.iter().for_each(|value| add(&mut all, name, &value.to_string())),
                Message::Text(value) => add(&mut all, name, value),
                other => add(&mut all, name, &other.to_string()),
            }
        }
    }
    all.extend_from_slice(b"\r\n");
    if !has_body || is_head {
        return (all, None);
    }
    if is_separate {
        return (all, Some(body.clone()));
    }
    all.extend_from_slice(&bytes);
    (all, None)
}

/// The status in a response map. An invalid status, or one that announces another response, becomes 500.
fn status_of(message: &Message) -> StatusCode {
    valid_status(message).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn valid_status(message: &Message) -> Option<StatusCode> {
    let number = message.as_number().or_else(|| message.to_string().trim().parse().ok())?;
    // A number with a fraction is not a status.
    let status = (number.fract() == 0.0 && (200.0..1000.0).contains(&number)).then_some(number as u16)?;
    StatusCode::from_u16(status).ok()
}

/// The problems in a response map, described for its author: entries that cannot be sent as they are.
pub(super) fn complaints(response: &Message) -> Vec<String> {
    let Message::Map(map) = response else { return Vec::new() };
    let status = map.get("statuscode").filter(|status| valid_status(status).is_none());
    let status = status.map(|status| {
        format!(
            "`statuscode` must be a number from 200 to 999, not {}; the client received status 500",
            status.label(40)
        )
    });
    let wrong = |name: &str, expected: &str, is_right: fn(&Message) -> bool| {
        let value = map.get(name).filter(|value| !is_right(value))?;
        Some(format!("`{name}` must be {expected}, not {}; it was left out", value.kind().name()))
    };
    let kind = wrong("type", "text", |value| matches!(value, Message::Text(_) | Message::Nothing));
    let headers = wrong("headers", "a map", |value| matches!(value, Message::Map(_) | Message::Nothing));
    status.into_iter().chain(kind).chain(headers).collect()
}

/// Whether a handler may set this header. The name is parsed, because some clients ignore a trailing space
/// that a comparison of strings would not ignore.
fn is_theirs(name: &str) -> bool {
    HeaderName::from_bytes(name.as_bytes()).is_ok_and(|name| !OURS.contains(&name))
}

/// Writes one header, unless its value is invalid. A newline inside would start another header.
fn add(all: &mut Vec<u8>, name: &str, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        for bytes in [name.as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            all.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(message: &Message, is_head: bool) -> String {
        let (head, body) = response(message, is_head, true, "today");
        assert_eq!(body, None);
        String::from_utf8(head).unwrap()
    }

    #[test]
    fn a_header_cannot_contain_another() {
        for (name, value) in [
            ("X", "a\r\nSet-Cookie: b"),
            ("X", "a\0b"),
            ("X\r\nSet-Cookie", "b"),
            ("Content-Length", "99"),
            ("content-length", "99"),
            ("Content-Length ", "99"),
            ("Content-Length\t", "99"),
            ("Content-Length: 99\r\nX", "a"),
            ("Transfer-Encoding ", "chunked"),
            ("", "a"),
        ] {
            let headers = Message::map([(name, value.into()), ("X-Good", "yes".into())]);
            let message = Message::map([("headers", headers), ("body", "hi".into()), ("statuscode", 404.into())]);
            let expected = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\
                            Connection: keep-alive\r\nDate: today\r\nX-Good: yes\r\n\r\nhi";
            assert_eq!(text(&message, false), expected, "{name:?}: {value:?}");
        }
    }

    #[test]
    fn entries_that_cannot_be_sent_are_named() {
        let bad = Message::map([("statuscode", 42.into()), ("type", 5.into()), ("headers", "x".into())]);
        let complaints = complaints(&bad);
        for (complaint, expected) in complaints.iter().zip([
            "`statuscode` must be a number from 200 to 999, not 42",
            "`type` must be text, not int",
            "`headers` must be a map, not text",
        ]) {
            assert!(complaint.starts_with(expected), "{complaint}");
        }
        assert_eq!(complaints.len(), 3);
        let good = [("statuscode", 200.into()), ("type", Message::Nothing), ("headers", Message::map::<&str>([]))];
        assert_eq!(super::complaints(&Message::map(good)), Vec::<String>::new());
    }

    #[test]
    fn a_long_body_is_sent_without_a_copy() {
        let body = Message::bytes(vec![7; COPIED + 1]);
        let (Message::Bytes(given), (head, Some(Message::Bytes(sent)))) =
            (&body, response(&body, false, true, "today"))
        else {
            panic!("the body is not a message of its own")
        };
        assert!(std::sync::Arc::ptr_eq(given, &sent));
        assert!(head.ends_with(b"\r\n\r\n") && String::from_utf8(head).unwrap().contains("Content-Length: 65537\r\n"));
        assert_eq!(response(&body, true, true, "today").1, None, "the response to HEAD");
    }

    #[test]
    fn a_list_is_several_headers_of_the_same_name() {
        let cookies = Message::list(["a=1".into(), "b=2".into()]);
        let text = text(&Message::map([("headers", Message::map([("Set-Cookie", cookies)]))]), false);
        assert!(text.contains("\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"), "{text}");
    }

    #[test]
    fn the_response_to_head_is_that_to_get_without_the_body() {
        for message in ["page".into(), Message::bytes("page"), Message::map([("body", "page".into())]), 1234.into()] {
            let (get, head) = (text(&message, false), text(&message, true));
            assert!(get.contains("\r\nContent-Length: 4\r\n"), "{get}");
            assert_eq!(get.len(), head.len() + 4, "{get}");
            assert!(get.starts_with(&head) && head.ends_with("\r\n\r\n"), "{head}");
        }
    }

    #[test]
    fn a_status_without_a_body_has_neither_body_nor_length() {
        for status in [204, 304] {
            let text = text(&Message::map([("statuscode", status.into()), ("body", "never".into())]), false);
            assert!(
                text.ends_with("\r\nConnection: keep-alive\r\nDate: today\r\n\r\n") && !text.contains("Content-"),
                "{text}"
            );
        }
    }

    #[test]
    fn an_impossible_status_is_an_error_of_the_server() {
        for status in [101, 99, -5, 70_000, 65_736] {
            let text = text(&Message::map([("statuscode", status.into())]), false);
            assert!(text.starts_with("HTTP/1.1 500 Internal Server Error\r\n"), "{status}: {text}");
        }
    }
}
