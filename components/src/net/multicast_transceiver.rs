//! Multicast_transceiver: joins a multicast group to send and receive.

use compose_runtime::dev::*;
use futures_lite::future;

use super::datagram;
use super::group::{Group, INTERFACE, RECEIVED, TTL};
use super::peer::{TO_SEND, and_close, report};

/// Description of Multicast_transceiver.
pub static MULTICAST_TRANSCEIVER: ComponentSpec = ComponentSpec {
    type_name: "Multicast_transceiver",
    category: Category::Network,
    summary: "Joins a multicast group to send and receive",
    docs: "Sends its input to the group `remote_addr` at `remote_port` (0: it only receives) and receives what \
           others send to the group at `local_port` (0: a free port, so it receives only replies). A received \
           datagram leaves as a list of sender and bytes; SimpleDetupler with `index` = 1 keeps the bytes. Several \
           receivers may listen on one port. Datagrams may be lost. When its input ends, the component sends what is \
           queued and finishes.\n\n\
           Example: ReadFileAdaptor into a Multicast_transceiver with `remote_port` = 1600; another with \
           `local_port` = 1600 into SimpleDetupler.\n\n\
           Differs from the original: by default `interface` keeps datagrams on this machine, and the component \
           responds to shutdown.",
    inboxes: &[TO_SEND],
    outboxes: &[RECEIVED],
    params: &[
        ParamSpec::text("local_addr", "0.0.0.0", "Address to listen on"),
        ParamSpec::int("local_port", 0, 65_535, 0, "Port to listen on"),
        ParamSpec::text("remote_addr", "224.168.2.9", "Address of the group"),
        ParamSpec::int("remote_port", 0, 65_535, 1600, "Port to send to; 0 sends nothing"),
        INTERFACE,
        TTL,
    ],
    has_surface: true,
    sends_first: SendsFirst::Yes,
    build: build::<MulticastTransceiver>,
    ..ComponentSpec::EMPTY
};

struct MulticastTransceiver(Group);

impl Component for MulticastTransceiver {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Group::of(params).map(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let socket = self.0.socket(true)?;
        let far = io.outside(&format!("group {}", self.0.group), move |port| datagram::carry(socket, port));
        let send = async {
            while let Some(message) = io.recv("inbox").await {
                if let Some(datagram) = self.0.addressed(message)? {
                    far.send(datagram).await;
                }
            }
            Ok(())
        };
        future::or(receive(&io, &far), and_close(&far, send)).await
    }
}

/// Sends received datagrams to `outbox` until the socket is closed.
pub(super) async fn receive(io: &BoxIo, far: &Outside) -> Outcome {
    while let Some(message) = far.recv().await? {
        match datagram::split(&message) {
            Some((bytes, sender)) => io.send("outbox", Message::list([sender, bytes])).await,
            None => report(io, &message),
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::multicast_receiver::MULTICAST_RECEIVER;
    use super::super::multicast_sender::MULTICAST_SENDER;
    use super::*;

    #[test]
    fn every_member_of_the_group_receives_a_datagram() {
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
            let received = rig.take("outbox");
            let [Message::List(pair)] = received.as_slice() else { panic!("{received:?}") };
            assert_eq!(pair[1], Message::bytes("Hello World"));
            rig.shutdown();
            rig.run_until(|rig| rig.state() == State::Finished);
        }
    }
}
