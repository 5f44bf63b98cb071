//! Multicast_receiver: receives datagrams from a multicast group.

use std::net::{Ipv4Addr, SocketAddrV4};

use compose_runtime::dev::*;

use super::datagram;
use super::group::{Group, INTERFACE, address, group};
use super::multicast_transceiver::{MULTICAST_TRANSCEIVER, receive};

/// Description of Multicast_receiver.
pub static MULTICAST_RECEIVER: ComponentSpec = ComponentSpec {
    type_name: "Multicast_receiver",
    summary: "Receives datagrams from a multicast group",
    docs: "The receiving half of Multicast_transceiver. It runs until it is asked to end.\n\n\
           Example: Multicast_receiver into SimpleDetupler with `index` = 1 into ConsoleEchoer.",
    inboxes: &[],
    params: &[
        ParamSpec::text("address", "224.168.2.9", "Address of the group"),
        ParamSpec::int("port", 1, 65_535, 1600, "Port to listen on"),
        INTERFACE,
    ],
    build: build::<MulticastReceiver>,
    ..MULTICAST_TRANSCEIVER
};

struct MulticastReceiver(Group);

impl Component for MulticastReceiver {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let port = u16::try_from(params.int("port")).unwrap_or_default();
        Ok(Self(Group {
            local: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port),
            group: group(params, "address")?,
            remote_port: 0,
            interface: address(params, "interface")?,
            ttl: 1,
        }))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let socket = self.0.socket(true)?;
        let far = io.outside(&format!("group {}", self.0.group), move |port| datagram::carry(socket, port));
        receive(&io, &far).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn it_runs_until_it_is_asked_to_end() {
        let free = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.local_addr());
        let port = free.map_or(1600, |address| i64::from(address.port()));
        let mut rig = Rig::new(&MULTICAST_RECEIVER, &[("port", port.into())]);
        rig.run_until(|rig| rig.surface().is_some());
        assert!(!rig.state().has_ended());
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }
}
