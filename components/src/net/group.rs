//! Group: a multicast group, as seen by its senders and receivers.

use std::net::{Ipv4Addr, SocketAddrV4};

use async_io::Async;
use async_net::UdpSocket;
use compose_runtime::dev::*;
use socket2::{Domain, Protocol, Socket, Type};

use super::pump;
use crate::refuse::bytes_of;

pub(super) const INTERFACE: ParamSpec = ParamSpec::text(
    "interface",
    "127.0.0.1",
    "Address of the network interface; 127.0.0.1 keeps datagrams on this machine",
);
pub(super) const TTL: ParamSpec =
    ParamSpec::int("ttl", 0, 255, 255, "Maximum number of routers that a datagram may pass");
/// Received datagrams.
pub(super) const RECEIVED: BoxSpec =
    BoxSpec::new("outbox", "Lists of sender and bytes; a sender is a list of host and port").kinds(&[Kind::List]);

/// The settings of the socket.
pub(super) struct Group {
    /// Address and port to listen on.
    pub local: SocketAddrV4,
    /// The group.
    pub group: Ipv4Addr,
    /// Port to send to; 0 sends nothing.
    pub remote_port: i64,
    /// Address of the network interface.
    pub interface: Ipv4Addr,
    /// Maximum number of routers that a datagram may pass.
    pub ttl: u32,
}

/// Parses the address in a setting.
pub(super) fn address(params: &Params, name: &str) -> Result<Ipv4Addr, ParamError> {
    let text = params.text(name);
    let example = if ["interface", "local_addr"].contains(&name) { "127.0.0.1" } else { "224.168.2.9" };
    text.trim()
        .parse()
        .map_err(|_| ParamError::Other(format!("{name}: {text} is not an IPv4 address; give one like {example}")))
}

/// Parses the group address in a setting.
pub(super) fn group(params: &Params, name: &str) -> Result<Ipv4Addr, ParamError> {
    let group = address(params, name)?;
    if !group.is_multicast() {
        return Err(ParamError::Other(format!(
            "{name}: {group} is not a multicast address; choose one from 224.0.0.0 to 239.255.255.255"
        )));
    }
    Ok(group)
}

impl Group {
    /// The group in the settings of transceiver and sender.
    pub(super) fn of(params: &Params) -> Result<Self, ParamError> {
        let port = u16::try_from(params.int("local_port")).unwrap_or_default();
        Ok(Self {
            local: SocketAddrV4::new(address(params, "local_addr")?, port),
            group: group(params, "remote_addr")?,
            remote_port: params.int("remote_port"),
            interface: address(params, "interface")?,
            ttl: u32::try_from(params.int("ttl")).unwrap_or(1),
        })
    }

    /// A message as a datagram for the group; `None` if the component only receives.
    pub(super) fn addressed(&self, message: Message) -> Result<Option<Message>, Fault> {
        bytes_of(&message)?;
        let datagram = || Message::list([message, self.group.to_string().into(), self.remote_port.into()]);
        Ok((self.remote_port > 0).then(datagram))
    }

    /// Opens the socket; with `joins`, it receives the datagrams sent to the group.
    pub(super) fn socket(&self, joins: bool) -> Result<UdpSocket, Fault> {
        let make = || {
            let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
            socket.set_reuse_address(true)?;
            socket.bind(&self.local.into())?;
            socket.set_multicast_if_v4(&self.interface)?;
            socket.set_multicast_loop_v4(true)?;
            socket.set_multicast_ttl_v4(self.ttl)?;
            if joins {
                socket.join_multicast_v4(&self.group, &self.interface)?;
            }
            Ok(UdpSocket::from(Async::new(std::net::UdpSocket::from(socket))?))
        };
        make().map_err(|error: std::io::Error| {
            let (group, interface, why) = (self.group, self.interface, pump::error_text(&error));
            Fault::new(format!(
                "cannot use the group {group} on the interface {interface}: {why}; check `interface`, or use a \
                 Backplane instead"
            ))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::multicast_receiver::MULTICAST_RECEIVER;
    use super::*;

    #[test]
    fn the_example_fits_the_setting() {
        for (name, example) in [("address", "like 224.168.2.9"), ("interface", "like 127.0.0.1")] {
            let text = Message::from("lo");
            let params = Params::check(MULTICAST_RECEIVER.params, [(name, &text)]).unwrap();
            let error = (MULTICAST_RECEIVER.build)(&params).err().unwrap().to_string();
            assert!(error.contains(&format!("{name}: lo is not an IPv4 address; give one {example}")), "{error}");
        }
    }

    #[test]
    fn an_address_that_is_not_multicast_is_refused() {
        let address = Message::from("10.0.0.1");
        let params = Params::check(MULTICAST_RECEIVER.params, [("address", &address)]).unwrap();
        assert!((MULTICAST_RECEIVER.build)(&params).is_err());
    }
}
