//! Multicast_transceiver, Multicast_sender and Multicast_receiver: datagrams to everybody who listens.

use std::net::{Ipv4Addr, SocketAddrV4};

use async_io::Async;
use async_net::UdpSocket;
use compose_runtime::dev::*;
use futures_lite::future;
use socket2::{Domain, Protocol, Socket, Type};

use super::{datagram, udp};
use crate::refuse::wrong_kind;

const INTERFACE: ParamSpec =
    ParamSpec::text("interface", "127.0.0.1", "Address of the network card; 127.0.0.1 stays on this machine");
const TTL: ParamSpec = ParamSpec::int("ttl", 0, 255, 255, "How many networks further it may go");
const RECEIVED: BoxSpec =
    BoxSpec::new("outbox", "Lists of sender and bytes; a sender is a list of host and port").kinds(&[Kind::List]);
const SENT: BoxSpec = BoxSpec::new("inbox", "Datagrams to send").kinds(&[Kind::Bytes, Kind::Text]);

/// Description of Multicast_transceiver.
pub static MULTICAST_TRANSCEIVER: ComponentSpec = ComponentSpec {
    type_name: "Multicast_transceiver",
    category: Category::Network,
    summary: "Joins a multicast group to send and receive",
    docs: "Sends to the group `remote_addr` at `remote_port` (0: it only receives) and receives what others send to the \
           group at `local_port` (0: a free one, so only answers). What arrives leaves as a list of sender and bytes; \
           SimpleDetupler with `index` = 1 keeps the bytes. Several may listen at one port. Datagrams may be lost. When \
           its input has ended it sends what is waiting and finishes.\n\n\
           Example: ReadFileAdaptor into a Multicast_transceiver with `remote_port` = 1600; another with `local_port` = \
           1600 into SimpleDetupler.\n\n\
           Differs from the original: the `interface` is this machine's own unless changed, and shutdown is obeyed.",
    inboxes: &[SENT],
    outboxes: &[RECEIVED],
    params: &[
        ParamSpec::text("local_addr", "0.0.0.0", "Address to listen on"),
        ParamSpec::int("local_port", 0, 65_535, 0, "Port to listen on"),
        ParamSpec::text("remote_addr", "224.168.2.9", "The group"),
        ParamSpec::int("remote_port", 0, 65_535, 1600, "Port to send to; 0 to send nothing"),
        INTERFACE,
        TTL,
    ],
    has_surface: true,
    build: build::<Multicast<0>>,
    ..ComponentSpec::EMPTY
};

/// Description of Multicast_sender.
pub static MULTICAST_SENDER: ComponentSpec = ComponentSpec {
    type_name: "Multicast_sender",
    summary: "Sends datagrams to a multicast group",
    docs: "The sending half of Multicast_transceiver.\n\n\
           Example: a clock into a PureTransformer with `\"Hello World\"` into a Multicast_sender greets everybody.",
    outboxes: &[],
    build: build::<Multicast<1>>,
    ..MULTICAST_TRANSCEIVER
};

/// Description of Multicast_receiver.
pub static MULTICAST_RECEIVER: ComponentSpec = ComponentSpec {
    type_name: "Multicast_receiver",
    summary: "Receives datagrams from a multicast group",
    docs: "The receiving half of Multicast_transceiver; it runs until it is told to end.\n\n\
           Example: Multicast_receiver into SimpleDetupler with `index` = 1 into ConsoleEchoer.",
    inboxes: &[],
    params: &[
        ParamSpec::text("address", "224.168.2.9", "The group"),
        ParamSpec::int("port", 1, 65_535, 1600, "Port to listen on"),
        INTERFACE,
    ],
    build: build::<Multicast<2>>,
    ..MULTICAST_TRANSCEIVER
};

/// The number says which: 0 both ways, 1 sender, 2 receiver.
struct Multicast<const FORM: u8> {
    local: SocketAddrV4,
    group: Ipv4Addr,
    remote_port: i64,
    interface: Ipv4Addr,
    ttl: u32,
}

fn address(params: &Params, name: &str) -> Result<Ipv4Addr, ParamError> {
    let text = params.text(name);
    text.trim()
        .parse()
        .map_err(|_| ParamError::Other(format!("{name}: an address like 224.168.2.9 is expected: {text}")))
}

impl<const FORM: u8> Component for Multicast<FORM> {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let [group, local_port] = if FORM == 2 { ["address", "port"] } else { ["remote_addr", "local_port"] };
        let name = group;
        let group = address(params, group)?;
        if !group.is_multicast() {
            return Err(ParamError::Other(format!(
                "{name}: {group} is no group; groups are from 224.0.0.0 to 239.255.255.255"
            )));
        }
        let local = if FORM == 2 { Ipv4Addr::UNSPECIFIED } else { address(params, "local_addr")? };
        Ok(Self {
            local: SocketAddrV4::new(local, u16::try_from(params.int(local_port)).unwrap_or_default()),
            group,
            remote_port: params.int("remote_port"),
            interface: address(params, "interface")?,
            ttl: u32::try_from(params.int("ttl")).unwrap_or(1),
        })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let socket = self.socket()?;
        let far = io.outside(&format!("group {}", self.group), move |port| datagram::carry(socket, port));
        let receive = async {
            while let Some(message) = far.recv().await? {
                match datagram::split(&message) {
                    Some((bytes, sender)) if FORM != 1 => io.send("outbox", Message::list([sender, bytes])).await,
                    Some(_) => {}
                    None => udp::report(&io, &message),
                }
            }
            Ok(())
        };
        if FORM == 2 {
            return receive.await;
        }
        let send = async {
            while let Some(message) = io.recv("inbox").await {
                if message.as_bytes().is_none() {
                    return Err(wrong_kind("inbox", "bytes or text", &message));
                }
                if self.remote_port > 0 {
                    far.send(Message::list([message, self.group.to_string().into(), self.remote_port.into()])).await;
                }
            }
            far.finish_sending();
            future::pending().await
        };
        future::or(receive, send).await
    }
}

impl<const FORM: u8> Multicast<FORM> {
    fn socket(&self) -> Result<UdpSocket, Fault> {
        let make = || {
            let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
            socket.set_reuse_address(true)?;
            socket.bind(&self.local.into())?;
            socket.set_multicast_if_v4(&self.interface)?;
            socket.set_multicast_loop_v4(true)?;
            socket.set_multicast_ttl_v4(self.ttl)?;
            if FORM != 1 {
                socket.join_multicast_v4(&self.group, &self.interface)?;
            }
            Ok(UdpSocket::from(Async::new(std::net::UdpSocket::from(socket))?))
        };
        make().map_err(|error: std::io::Error| {
            let (group, interface, why) = (self.group, self.interface, super::pump::words(&error));
            Fault::new(format!(
                "cannot join the group {group} by the card {interface}: {why}; a Backplane can stand in"
            ))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn everybody_in_the_group_hears_what_is_sent() {
        let free = std::net::UdpSocket::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port();
        let port = Message::Int(i64::from(free));
        let mut one = Rig::new(&MULTICAST_RECEIVER, &[("port", port.clone())]);
        let mut two = Rig::new(&MULTICAST_TRANSCEIVER, &[("local_port", port.clone()), ("remote_port", 0.into())]);
        one.run_until(|rig| rig.surface().is_some());
        two.run_until(|rig| rig.surface().is_some());
        let mut sender = Rig::new(&MULTICAST_SENDER, &[("remote_port", port)]);
        sender.put("inbox", "Hello World");
        sender.finish();
        sender.run_until(|rig| rig.state() == State::Finished);
        for rig in [&mut one, &mut two] {
            rig.run_until(|rig| rig.waiting("outbox") == 1);
            let heard = rig.take("outbox");
            let [Message::List(pair)] = heard.as_slice() else { panic!("{heard:?}") };
            assert_eq!(pair[1], Message::bytes("Hello World"));
            rig.shutdown();
            rig.run_until(|rig| rig.state() == State::Finished);
        }
    }

    #[test]
    fn an_address_that_is_no_group_is_refused() {
        let address = Message::from("10.0.0.1");
        let params = Params::check(MULTICAST_RECEIVER.params, [("address", &address)]).unwrap();
        assert!((MULTICAST_RECEIVER.build)(&params).is_err());
    }
}
