//! Web addresses from settings and messages: checked and encoded before they are used. Pure.

use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Characters that must be encoded in an address. Non-ASCII characters are encoded too; `%` is not, because the address
/// may already be encoded.
const ENCODED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// The schemes of web pages.
pub(super) const PAGES: &[&str] = &["http", "https"];

/// Why an address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AddressError {
    #[error("{0:?} is not a web address; give one like {1}://127.0.0.1:8082/")]
    Invalid(String, &'static str),
    #[error("encryption is not supported; use ws, or a proxy that encrypts: {0}")]
    Encrypted(String),
    #[error("the host name is missing; give an address like {1}://127.0.0.1:8082/: {0}")]
    NoHost(String, &'static str),
    #[error("the host name contains non-ASCII characters; write it in Punycode, which begins with xn--: {0}")]
    Host(String),
    #[error("the port must be from 1 to 65535: {0}")]
    Port(String),
}

/// Parses the address in this text. Its scheme must be one of `schemes`; error messages use the first as an example.
///
/// # Errors
/// The text is not an address that a client can use.
pub(super) fn address(text: &str, schemes: &[&'static str]) -> Result<Uri, AddressError> {
    let text = text.trim();
    let example = schemes.first().copied().unwrap_or_default();
    let invalid = || AddressError::Invalid(text.to_owned(), example);
    let (scheme, rest) = text.split_once("://").ok_or_else(invalid)?;
    if !schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        let is_encrypted = scheme.eq_ignore_ascii_case("wss");
        return Err(if is_encrypted { AddressError::Encrypted(text.to_owned()) } else { invalid() });
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // A colon inside brackets belongs to an IPv6 address.
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (host_and_port, None),
    };
    if host.is_empty() || host == "[]" {
        return Err(AddressError::NoHost(text.to_owned(), example));
    }
    if !host.is_ascii() {
        return Err(AddressError::Host(text.to_owned()));
    }
    if port.is_some_and(|port| !port.bytes().all(|byte| byte.is_ascii_digit()) || !is_port(port)) {
        return Err(AddressError::Port(text.to_owned()));
    }
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    let encoded = format!("{scheme}://{authority}{}", utf8_percent_encode(path, ENCODED));
    encoded.parse().map_err(|_| invalid())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_an_address_cannot_contain_are_encoded() {
        for (text, expected) in [
            ("http://h/é?q=ü b#part", "http://h/%C3%A9?q=%C3%BC%20b"),
            (" http://h/a%20b ", "http://h/a%20b"),
            ("https://user:word@[::1]:80/{x}", "https://user:word@[::1]:80/%7Bx%7D"),
            ("HTTP://h:65535", "http://h:65535/"),
        ] {
            assert_eq!(address(text, PAGES).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "give one like http://"),
            ("127.0.0.1", "give one like http://"),
            ("ftp://h/", "give one like http://"),
            ("http://a b/", "give one like http://"),
            ("http://", "host name is missing"),
            ("http:///x", "host name is missing"),
            ("http://:80/", "host name is missing"),
            ("http://bücher.example/", "begins with xn--"),
            ("http://h:99999/", "the port must be from 1 to 65535"),
            ("http://h:65536", "the port must be from 1 to 65535"),
            ("http://[::1]:0/", "the port must be from 1 to 65535"),
            ("http://h:/", "the port must be from 1 to 65535"),
            ("http://h:http/", "the port must be from 1 to 65535"),
        ] {
            let why = address(text, PAGES).unwrap_err().to_string();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }
}
