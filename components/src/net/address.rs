//! Addresses as users write and read them: a host and a port. Pure.

use std::io;

use compose_runtime::dev::*;

use super::pump;

/// A host without the brackets that surround an IPv6 address in a URL.
pub(crate) fn without_brackets(host: &str) -> &str {
    let host = host.trim();
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Host and port as text; an IPv6 address is written in brackets.
pub(crate) fn at(host: &str, port: impl std::fmt::Display) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Why a socket cannot be bound to an address of this machine, with the matching remedy.
pub(crate) fn cannot_listen(host: &str, port: u16, error: &io::Error) -> Fault {
    let remedy = match error.kind() {
        io::ErrorKind::AddrInUse => "choose another port, or 0 for a free one",
        io::ErrorKind::PermissionDenied => "choose a port above 1023, or 0 for a free one",
        _ => "give an address of this machine, for example 127.0.0.1, or 0.0.0.0 for all of them",
    };
    Fault::new(format!("cannot listen on {}: {}; {remedy}", at(host, port), pump::error_text(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_is_read_with_and_without_brackets_and_written_with_them() {
        for (host, expected) in [("::1", "[::1]:9"), (" [::1] ", "[::1]:9"), ("localhost", "localhost:9")] {
            assert_eq!(at(without_brackets(host), 9), expected);
        }
    }

    #[test]
    fn the_remedy_fits_the_reason() {
        for (kind, remedy) in [
            (io::ErrorKind::AddrInUse, "another port"),
            (io::ErrorKind::PermissionDenied, "above 1023"),
            (io::ErrorKind::AddrNotAvailable, "an address of this machine"),
            (io::ErrorKind::NotFound, "an address of this machine"),
        ] {
            let fault = cannot_listen("no-such.invalid", 80, &kind.into()).to_string();
            assert!(fault.contains(remedy), "{fault}");
        }
    }
}
