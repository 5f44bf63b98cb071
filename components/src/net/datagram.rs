//! The outside task of all components that use datagrams: one socket for both directions.
//!
//! Runs on the reactor thread. To the component it sends a list of bytes, host and port for each datagram, and text for
//! an error. From the component it takes lists of bytes, host and port.

use std::io;
use std::net::{IpAddr, SocketAddr};

use async_net::UdpSocket;
use compose_runtime::dev::*;
use futures_lite::future;

use super::address::{at, cannot_listen, without_brackets};
use super::pump;

/// The largest possible datagram.
const LARGEST: usize = 65_535;

/// Binds a UDP socket.
pub(crate) async fn bind(host: &str, port: u16) -> Result<UdpSocket, Fault> {
    UdpSocket::bind((host, port)).await.map_err(|error| cannot_listen(host, port, &error))
}

/// Binds a UDP socket on a free port that can send to this host: its address family is the same.
pub(crate) async fn bind_towards(host: &str) -> Result<UdpSocket, Fault> {
    // If the host is unknown, sending a datagram reports that later.
    let first = async_net::resolve((host, 0)).await.ok().and_then(|found| found.first().copied());
    bind(if first.is_some_and(|address| address.is_ipv6()) { "::" } else { "0.0.0.0" }, 0).await
}

/// The address of a host that this socket can reach: an IPv4 socket cannot send to an IPv6 address, or vice versa.
async fn reachable(socket: &UdpSocket, host: &str, port: u16) -> Result<SocketAddr, SendError> {
    let (found, own) = (async_net::resolve((host, port)).await?, socket.local_addr()?);
    found.into_iter().find(|address| address.is_ipv6() == own.is_ipv6()).ok_or_else(|| {
        let (family, other) = if own.is_ipv6() { ("IPv4", "127.0.0.1 or 0.0.0.0") } else { ("IPv6", "::1 or ::") };
        SendError::Family { family, own: own.ip(), other }
    })
}

/// Why a datagram cannot be sent.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("{}", pump::error_text(.0))]
    Socket(#[from] io::Error),
    #[error("it is an {family} address, but the socket listens on {own}; listen on {other} instead")]
    Family { family: &'static str, own: IpAddr, other: &'static str },
}

/// Sends one datagram.
async fn send(socket: &UdpSocket, bytes: &[u8], host: &str, port: u16) -> Result<(), SendError> {
    let address = reachable(socket, host, port).await?;
    socket.send_to(bytes, address).await?;
    Ok(())
}

/// Transfers datagrams in both directions until the component has finished sending.
pub(crate) async fn carry(socket: UdpSocket, port: OutsidePort) -> Outcome {
    port.stay_open();
    if let Ok(address) = socket.local_addr() {
        port.send(Message::from(address.port().to_string())).await;
    }
    let receiving = async {
        let mut buffer = vec![0; LARGEST];
        loop {
            match socket.recv_from(&mut buffer).await {
                Ok((length, from)) => {
                    let bytes = Message::bytes(buffer.get(..length).unwrap_or_default());
                    if !port.send(datagram(bytes, from)).await {
                        return;
                    }
                }
                // The error reports that an earlier datagram had no receiver. Later datagrams may still arrive.
                Err(_) => future::yield_now().await,
            }
        }
    };
    let sending = async {
        while let Some(message) = port.recv().await {
            let Message::List(parts) = &message else { continue };
            let [bytes, host, number] = parts.as_slice() else { continue };
            let (host, number) = (host.to_string(), port_of(number).unwrap_or_default());
            let host = without_brackets(&host);
            if let Err(why) = send(&socket, bytes.as_bytes().unwrap_or_default(), host, number).await {
                let (length, target) = (bytes.payload_len(), at(host, number));
                port.send(format!("cannot send a datagram of {length} bytes to {target}: {why}")).await;
            }
        }
    };
    future::or(receiving, sending).await;
    Ok(())
}

fn datagram(bytes: Message, from: SocketAddr) -> Message {
    Message::list([bytes, from.ip().to_string().into(), i64::from(from.port()).into()])
}

/// A port number from a message.
pub(crate) fn port_of(message: &Message) -> Option<u16> {
    match message {
        Message::Int(number) => u16::try_from(*number).ok(),
        Message::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Splits a received datagram into its bytes and its sender, a list of host and port.
pub(crate) fn split(message: &Message) -> Option<(Message, Message)> {
    let Message::List(parts) = message else { return None };
    let [bytes, host, port] = parts.as_slice() else { return None };
    Some((bytes.clone(), Message::list([host.clone(), port.clone()])))
}
