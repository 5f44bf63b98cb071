//! UDPReceiver: receives datagrams.

use compose_runtime::dev::*;

use super::peer::{LOCAL, Local, RECEIVED, receive};
use super::simple_peer::SIMPLE_PEER;

/// Description of UDPReceiver.
pub static UDP_RECEIVER: ComponentSpec = ComponentSpec {
    type_name: "UDPReceiver",
    category: Category::Network,
    summary: "Receives datagrams",
    docs: "The receiving half of SimplePeer. It runs until it is asked to end.\n\n\
           Example: UDPReceiver into SimpleDetupler into ConsoleEchoer.",
    inboxes: &[],
    outboxes: &[RECEIVED],
    params: &[LOCAL[0], LOCAL[1]],
    build: build::<UdpReceiver>,
    ..SIMPLE_PEER
};

struct UdpReceiver(Local);

impl Component for UdpReceiver {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Local::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = self.0.open(&io);
        receive(&io, &far).await
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
    fn a_port_in_use_is_reported_and_a_receiver_ends_on_request() {
        let (_socket, port) = peer();
        let mut rig = Rig::new(&UDP_RECEIVER, &[("localport", port.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("the port is in use"));
        let mut rig = Rig::new(&UDP_RECEIVER, &[]);
        rig.run_until(|rig| rig.surface().is_some());
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }
}
