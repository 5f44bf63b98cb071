//! UDPSender: sends datagrams to one address.

use compose_runtime::dev::*;
use futures_lite::future;

use super::datagram;
use super::peer::{RECEIVER_PORT, REMOTE, TO_SEND, Target, and_close, report};
use super::simple_peer::SIMPLE_PEER;

/// Description of UDPSender.
pub static UDP_SENDER: ComponentSpec = ComponentSpec {
    type_name: "UDPSender",
    category: Category::Network,
    summary: "Sends datagrams to one address",
    docs: "The sending half of SimplePeer. When its input ends, it sends what is queued and finishes. `receiver_addr` \
           may be an IPv4 or an IPv6 address.\n\n\
           Example: a clock into a UDPSender sends a heartbeat.",
    inboxes: &[TO_SEND],
    outboxes: &[],
    params: &[REMOTE[0], RECEIVER_PORT],
    build: build::<UdpSender>,
    ..SIMPLE_PEER
};

struct UdpSender(Target);

impl Component for UdpSender {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Target::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = self.0.open(&io);
        // Replies are ignored, but errors are reported.
        let listen = async {
            while let Some(message) = far.recv().await? {
                if datagram::split(&message).is_none() {
                    report(&io, &message);
                }
            }
            Ok(())
        };
        let send = async {
            while let Some(message) = io.recv("inbox").await {
                far.send(self.0.addressed(message)?).await;
            }
            Ok(())
        };
        future::or(listen, and_close(&far, send)).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::peer::neighbour::{peer, received};
    use super::*;

    #[test]
    fn it_sends_to_an_ipv6_address_too() {
        let socket = std::net::UdpSocket::bind("[::1]:0").unwrap();
        let port = i64::from(socket.local_addr().unwrap().port());
        for host in ["::1", "[::1]"] {
            let mut rig = Rig::new(&UDP_SENDER, &[("receiver_addr", host.into()), ("receiver_port", port.into())]);
            rig.put("inbox", "six");
            rig.finish();
            rig.run_until(|rig| rig.state() == State::Finished);
            assert_eq!((received(&socket).0, rig.console()), (b"six".to_vec(), Vec::new()), "{host}");
        }
    }

    #[test]
    fn a_host_that_does_not_exist_is_named_with_its_port() {
        let mut rig = Rig::new(&UDP_SENDER, &[("receiver_addr", "1::2::3".into()), ("receiver_port", 9.into())]);
        rig.put("inbox", "x");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert!(rig.console().concat().contains("to [1::2::3]:9: "), "{:?}", rig.console());
    }

    #[test]
    fn the_port_of_the_receiver_must_be_set() {
        let port = Message::from(0);
        assert!(Params::check(UDP_SENDER.params, []).is_err());
        assert!(Params::check(UDP_SENDER.params, [("receiver_port", &port)]).is_err());
    }

    #[test]
    fn a_burst_of_datagrams_does_not_block_and_datagrams_arrive_complete() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&UDP_SENDER, &[("receiver_port", port.into())]);
        for _ in 0..1000 {
            rig.put("inbox", Message::bytes([7; 10]));
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        // The system drops datagrams that do not fit into the socket's buffer, but some always arrive.
        socket.set_nonblocking(true).unwrap();
        let mut buffer = [0; 100];
        let lengths: Vec<usize> = std::iter::from_fn(|| socket.recv(&mut buffer).ok()).collect();
        assert!(lengths.len() > 10 && lengths.iter().all(|length| *length == 10), "{lengths:?}");
    }
}
