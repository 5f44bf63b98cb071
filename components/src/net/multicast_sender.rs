//! Multicast_sender: sends datagrams to a multicast group.

use compose_runtime::dev::*;
use futures_lite::future;

use super::datagram;
use super::group::Group;
use super::multicast_transceiver::MULTICAST_TRANSCEIVER;
use super::peer::{and_close, report};

/// Description of Multicast_sender.
pub static MULTICAST_SENDER: ComponentSpec = ComponentSpec {
    type_name: "Multicast_sender",
    summary: "Sends datagrams to a multicast group",
    docs: "The sending half of Multicast_transceiver.\n\n\
           Example: a clock into a PureTransformer with `\"Hello World\"` into a Multicast_sender greets the whole \
           group.",
    outboxes: &[],
    build: build::<MulticastSender>,
    ..MULTICAST_TRANSCEIVER
};

struct MulticastSender(Group);

impl Component for MulticastSender {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Group::of(params).map(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let socket = self.0.socket(false)?;
        let far = io.outside(&format!("group {}", self.0.group), move |port| datagram::carry(socket, port));
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
                if let Some(datagram) = self.0.addressed(message)? {
                    far.send(datagram).await;
                }
            }
            Ok(())
        };
        future::or(listen, and_close(&far, send)).await
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn a_message_other_than_bytes_or_text_crashes_it_and_is_named() {
        let mut rig = Rig::new(&MULTICAST_SENDER, &[]);
        rig.put("inbox", 7);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("inbox expects bytes or text, not int: 7"), "{:?}", rig.state());
    }
}
