//! UDPSender: sends datagrams to one address.

use compose_runtime::dev::*;
use futures_lite::future;

use super::datagram;
use super::peer::{Local, REMOTE, TO_SEND, Target, and_close, report};
use super::simple_peer::SIMPLE_PEER;

/// Description of UDPSender.
pub static UDP_SENDER: ComponentSpec = ComponentSpec {
    type_name: "UDPSender",
    category: Category::Network,
    summary: "Sends datagrams to one address",
    docs: "The sending half of SimplePeer. When its input ends, it sends what is queued and finishes.\n\n\
           Example: a clock into a UDPSender sends a heartbeat.",
    inboxes: &[TO_SEND],
    outboxes: &[],
    params: &[REMOTE[0], REMOTE[1]],
    build: build::<UdpSender>,
    ..SIMPLE_PEER
};

struct UdpSender(Local, Target);

impl Component for UdpSender {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Local::of(params), Target::of(params)))
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
                far.send(self.1.addressed(message)?).await;
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

    use super::super::peer::neighbour::peer;
    use super::*;

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
