//! Shared by the HTTP clients: connections, response headers as a map, and errors for the user.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::time::Duration;

use compose_runtime::dev::*;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::{Agent, Body, Proxy};

use super::web_address::AddressError;
use crate::net::pump;
use crate::net::time_limit::TimeLimit;

/// Whether the host in an address is this machine: `localhost`, or an address of the loopback network. False
/// for an invalid address.
pub(super) fn is_this_machine(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// An HTTP agent that uses each connection once, even for redirects: a server may close a persistent connection at
/// any moment without notice, and the next request on it would be lost.
pub(super) fn agent(url: &str, timeout: Duration) -> Agent {
    config(url).timeout_global(Some(timeout)).max_idle_connections(0).build().into()
}

/// An HTTP agent that keeps its connections open for reuse, see [`was_closed`], and does not follow redirects.
pub(super) fn agent_for_many(url: &str, timeout: TimeLimit) -> Agent {
    config(url).timeout_global(timeout.duration()).max_redirects(0).build().into()
}

/// An HTTP agent for long bodies: the timeout applies until the header has arrived, and then to each pause in the body.
pub(super) fn agent_for_a_stream(url: &str, timeout: TimeLimit) -> Agent {
    let timeout = timeout.duration();
    let config = config(url).timeout_connect(timeout).timeout_recv_response(timeout).timeout_per_read(timeout);
    config.max_idle_connections(0).build().into()
}

/// Requests to this machine never use a proxy.
fn config(url: &str) -> ConfigBuilder<AgentScope> {
    let proxy = if is_this_machine(url) { None } else { Proxy::try_from_env() };
    Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true).proxy(proxy)
}

/// Whether a request failed because its connection was closed. The server may have closed a persistent connection
/// before it received the request, so a request without side effects may be retried.
pub(super) fn was_closed(error: &ureq::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error, ureq::Error::Io(error)
        if matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof))
}

/// The header of a response, as a map. Headers with the same name are joined with a comma; cookies cannot be joined, so
/// they form a list.
pub(super) fn header_of<T>(url: &str, response: &http::Response<T>) -> BTreeMap<String, Message> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().keys().map(|name| {
        let values = response.headers().get_all(name).iter().map(text);
        let value = if name == http::header::SET_COOKIE {
            Message::list(values.map(Message::from))
        } else {
            values.collect::<Vec<_>>().join(", ").into()
        };
        (name.as_str(), value)
    });
    let fields = [
        ("url", url.into()),
        ("statuscode", i64::from(response.status().as_u16()).into()),
        ("type", response.headers().get("content-type").map(|kind| text(kind).into()).unwrap_or_default()),
        ("headers", Message::map(headers)),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Why a page cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error(transparent)]
    Invalid(#[from] http::Error),
    #[error("{}", error_text(.0))]
    Failed(#[from] ureq::Error),
    #[error("{}: {url}", error_text(.error))]
    NoResponse { error: ureq::Error, url: String },
    #[error("the response has status {status}: {url}")]
    Status { status: u16, url: String },
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("{}, after {received}{} bytes of the body: {url}", body_error_text(.error), of(*.expected))]
    Broken { error: io::Error, received: u64, expected: Option<u64>, url: String },
    #[error("the body is larger than {largest} bytes; raise `largest`: {url}")]
    TooLarge { largest: u64, url: String },
}

/// Reads the body of a response, of at most `largest` bytes. Blocking.
pub(super) fn read_body(url: &str, response: &mut http::Response<Body>, largest: u64) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge { largest, url: url.to_owned() };
    let expected = response.body().content_length();
    if expected.is_some_and(|length| length > largest) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let outcome = response.body_mut().as_reader().take(largest.saturating_add(1)).read_to_end(&mut bytes);
    let received = bytes.len() as u64;
    outcome.map_err(|error| FetchError::Broken { error, received, expected, url: url.to_owned() })?;
    if received > largest { Err(too_large()) } else { Ok(bytes) }
}

/// The text of an error in the middle of a body.
fn body_error_text(error: &io::Error) -> String {
    match error.get_ref().and_then(|error| error.downcast_ref::<ureq::Error>()) {
        Some(ureq::Error::Timeout(_)) => "no more data arrived in time".to_owned(),
        Some(ureq::Error::Protocol(error)) => format!("the response is not valid HTTP ({error})"),
        Some(error) => error.to_string(),
        None if matches!(error.kind(), io::ErrorKind::TimedOut) => "no more data arrived in time".to_owned(),
        None => "the connection broke".to_owned(),
    }
}

fn of(expected: Option<u64>) -> String {
    expected.map(|length| format!(" of {length}")).unwrap_or_default()
}

/// The text of an error, for the user.
pub(super) fn error_text(error: &ureq::Error) -> String {
    match error {
        _ if is_without_tls(error) => {
            "the server does not speak TLS on this port; use http:// in place of https://, or another port".to_owned()
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the server closed the connection without a response".to_owned()
        }
        ureq::Error::Io(error) => pump::error_text(error),
        ureq::Error::Timeout(_) => "there was no response in time".to_owned(),
        ureq::Error::BodyExceedsLimit(limit) => format!("the body is larger than {limit} bytes"),
        ureq::Error::LargeResponseHeader(..) => "the head of the response is too large".to_owned(),
        ureq::Error::TooManyRedirects => "the server redirects again and again; check the address".to_owned(),
        ureq::Error::RedirectFailed => "the server redirects this request to another address (307 or 308), where a \
                                        request with this method is not sent again; send it to the new address"
            .to_owned(),
        ureq::Error::Protocol(error) => protocol_error_text(&error.to_string()),
        other => other.to_string(),
    }
}

/// The text of an error in the head of a response. Its type comes from an indirect dependency of this crate.
fn protocol_error_text(error: &str) -> String {
    if error.contains("too many headers") {
        return "the response has too many headers".to_owned();
    }
    if error.contains("missing a location") {
        return "the server redirects, but its response has no Location with the new address".to_owned();
    }
    if error.contains("location") {
        return format!("the server redirects to an address that is not valid ({error})");
    }
    if error.contains("version") {
        return format!("the server does not speak HTTP on this port ({error}); check the address, or use https://");
    }
    format!("the response is not valid HTTP ({error})")
}

/// Whether the server answered the TLS handshake with something else. rustls reports the type of the record that it
/// expected to find, possibly inside another error.
fn is_without_tls(error: &ureq::Error) -> bool {
    let text = match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Rustls(error) => error.to_string(),
        _ => return false,
    };
    text.contains("InvalidContentType")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loopback_host_is_this_machine() {
        for (url, expected) in [
            ("http://localhost", true),
            ("https://LocalHost:8082/page?q=1", true),
            ("http://127.0.0.1:8082/", true),
            ("http://127.9.8.7/", true),
            ("http://[::1]:8082/", true),
            ("http://user:word@localhost:1/", true),
            ("http://localhost.example.org/", false),
            ("http://127.0.0.1.example.org/", false),
            ("http://localhost@example.org/", false),
            ("http://127.0.0.1:80@example.org/", false),
            ("http://[::2]/", false),
            ("http://192.168.0.1/", false),
            ("http://example.org/localhost", false),
            ("localhost/page", false),
            ("http://", false),
            ("", false),
        ] {
            assert_eq!(is_this_machine(url), expected, "{url}");
        }
    }

    #[test]
    fn no_header_is_lost_when_several_have_the_same_name() {
        let response = http::Response::builder()
            .header("Link", "</a>")
            .header("Set-Cookie", "a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT")
            .header("link", "</b>")
            .header("Set-Cookie", "b=2")
            .header("X-One", "1");
        let map = header_of("http://x/", &response.body(()).unwrap());
        let cookies = ["a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT".into(), "b=2".into()];
        let expected = [("link", "</a>, </b>".into()), ("set-cookie", Message::list(cookies)), ("x-one", "1".into())];
        assert_eq!(map["headers"], Message::map(expected));
    }
}
