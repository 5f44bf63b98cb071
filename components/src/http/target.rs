//! Request targets: the resource that the client asks for, and its host (RFC 9112, section 3.2).
//!
//! Pure. The four forms of a target become one: path and query as the handlers see them, and the host if the target
//! names one.

/// The target of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Path and query as sent, such as `/a%20b?q=1`; `*` for the whole server, `host:port` for CONNECT.
    pub url: String,
    /// The host that the target names. It replaces the header `Host`.
    pub host: Option<String>,
}

impl Target {
    /// The target of a request with this method; `None` if it is invalid.
    pub(super) fn parse(method: &str, text: &str) -> Option<Self> {
        // Clients must not send the part after #, and only ASCII characters are allowed.
        if text.contains('#') || !text.is_ascii() {
            return None;
        }
        if method == "CONNECT" {
            let (host, port) = text.rsplit_once(':')?;
            if host.is_empty() || !is_host(host) || port.parse::<u16>().is_err() {
                return None;
            }
            return Some(Self { url: text.to_owned(), host: Some(text.to_owned()) });
        }
        if text.starts_with('/') || (text == "*" && method == "OPTIONS") {
            return Some(Self { url: text.to_owned(), host: None });
        }
        let (scheme, rest) = text.split_once("://")?;
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return None;
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        if host.is_empty() || !is_host(host) {
            return None;
        }
        let url = match (path, method) {
            // RFC 9112, section 3.2.4: a proxy refers to the whole server in this form.
            ("", "OPTIONS") => "*".to_owned(),
            (path, _) if path.starts_with('/') => path.to_owned(),
            (path, _) => format!("/{path}"),
        };
        Some(Self { url, host: Some(host.to_owned()) })
    }
}

/// Whether the text can be the value of the header `Host`: empty, or a name or address with or without a port. A user
/// name before @ and a list of names are refused.
pub(super) fn is_host(text: &str) -> bool {
    let is_address = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=".contains(&byte);
    let (is_good, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((address, rest))) => (!address.is_empty() && address.bytes().all(is_address), rest),
        Some(None) => return false,
        None => {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (name.bytes().all(is_name), port)
        }
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    is_good && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_target_becomes_path_and_query() {
        for (method, text, url, host) in [
            ("GET", "/a%20b?q=1", "/a%20b?q=1", None),
            ("GET", "//a", "//a", None),
            ("GET", "/?http://x", "/?http://x", None),
            ("OPTIONS", "*", "*", None),
            ("GET", "http://example.org/where?q=now", "/where?q=now", Some("example.org")),
            ("GET", "HTTP://[::1]:8082", "/", Some("[::1]:8082")),
            ("GET", "https://example.org?q", "/?q", Some("example.org")),
            ("OPTIONS", "http://example.org:8001", "*", Some("example.org:8001")),
            ("CONNECT", "example.org:80", "example.org:80", Some("example.org:80")),
        ] {
            let target = Target::parse(method, text).unwrap();
            assert_eq!((target.url.as_str(), target.host.as_deref()), (url, host), "{method} {text}");
        }
    }

    #[test]
    fn invalid_targets_are_refused() {
        for (method, text) in [
            ("GET", "*"),
            ("GET", "a"),
            ("GET", "example.org:80"),
            ("GET", "/a#b"),
            ("GET", "/\u{e4}"),
            ("GET", "ftp://example.org/"),
            ("GET", "http:///a"),
            ("GET", "http://ann@example.org/"),
            ("CONNECT", "/"),
            ("CONNECT", "example.org"),
        ] {
            assert_eq!(Target::parse(method, text), None, "{method} {text}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for text in ["", "localhost", "127.0.0.1:8082", "[::1]", "[::1]:80", "a_b-c.example", "example.org:"] {
            assert!(is_host(text), "{text}");
        }
        for text in ["bad host", "a, b", "http://a", "a/b", "ann@a", "a:b", "[::1", "[]", "[::1]x", "a,b", "\u{e4}"] {
            assert!(!is_host(text), "{text}");
        }
    }
}
