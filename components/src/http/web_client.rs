//! Shared by the HTTP clients: connections, response headers as a map, and errors for the user.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use compose_runtime::dev::*;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy};

use crate::net::pump;

/// Whether the host in an address is this machine: `localhost`, or an address of the loopback network. An invalid
/// address belongs to no machine.
pub(super) fn is_this_machine(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// An HTTP agent that uses each connection once, even for redirects: a server may close a kept connection at any
/// moment without notice, and the next request on it would be lost.
pub(super) fn agent(url: &str, timeout: Duration) -> Agent {
    config(url).timeout_global(Some(timeout)).max_idle_connections(0).build().into()
}

/// An HTTP agent that keeps its connections open for reuse. See [`was_closed`].
pub(super) fn agent_for_many(url: &str, timeout: Duration) -> Agent {
    config(url).timeout_global(Some(timeout)).build().into()
}

/// An HTTP agent for long bodies: the timeout applies only until the header has arrived.
pub(super) fn agent_for_a_stream(url: &str, timeout: Duration) -> Agent {
    let config = config(url).timeout_connect(Some(timeout)).timeout_recv_response(Some(timeout));
    config.max_idle_connections(0).build().into()
}

/// Requests to this machine never use a proxy.
fn config(url: &str) -> ConfigBuilder<AgentScope> {
    let proxy = if is_this_machine(url) { None } else { Proxy::try_from_env() };
    Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true).proxy(proxy)
}

/// Whether a request failed because its connection was closed. On a kept connection, the server may have closed it
/// before it got the request, so a request without side effects may be sent again.
pub(super) fn was_closed(error: &ureq::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error, ureq::Error::Io(error)
        if matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof))
}

/// The header of a response, as a map. Several headers of the same name are joined with a comma; cookies cannot be
/// joined and are a list.
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
    #[error("the connection broke while the body was read ({error}): {url}")]
    Broken { error: io::Error, url: String },
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
        ureq::Error::Protocol(error) => {
            format!("the server does not speak HTTP on this port ({error}); check the address, or use https://")
        }
        other => other.to_string(),
    }
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
