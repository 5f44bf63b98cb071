//! PostboxPeer: sends each datagram to the address in its message.

use compose_runtime::dev::*;

use super::datagram;
use super::peer::{LOCAL, Local, RECEIVED, both};
use super::simple_peer::SIMPLE_PEER;
use crate::refuse::{REJECTED, reject};

/// Description of PostboxPeer.
pub static POSTBOX_PEER: ComponentSpec = ComponentSpec {
    type_name: "PostboxPeer",
    category: Category::Network,
    summary: "Sends each datagram to the address in its message, and receives datagrams",
    docs: "Each message is a list of host, port and bytes. Any other message goes to `rejected`, and the reason is \
           shown on the console. Otherwise the same as SimplePeer.\n\n\
           Example: a server that answers each datagram at its sender's address.\n\n\
           Differs from the original: a received datagram is a list of bytes and sender, as from all other peers.",
    inboxes: &[BoxSpec::new("inbox", "Lists of host, port and bytes").kinds(&[Kind::List])],
    outboxes: &[RECEIVED, REJECTED],
    params: &[LOCAL[0], LOCAL[1]],
    sends_first: SendsFirst::Yes,
    build: build::<PostboxPeer>,
    ..SIMPLE_PEER
};

struct PostboxPeer(Local);

impl Component for PostboxPeer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(Local::of(params)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = self.0.open(&io);
        let send = async {
            while let Some(message) = io.recv("inbox").await {
                match posted(&message) {
                    Some(posted) => {
                        far.send(posted).await;
                    }
                    None => {
                        let expected = "expected a list of host, port (from 1 to 65535) and bytes";
                        reject(&io, "inbox", message, expected).await;
                    }
                }
            }
            Ok(())
        };
        both(&io, &far, send).await
    }
}

fn posted(message: &Message) -> Option<Message> {
    let Message::List(parts) = message else { return None };
    let [host, port, bytes] = parts.as_slice() else { return None };
    bytes.as_bytes()?;
    Some(Message::list([
        bytes.clone(),
        host.as_text()?.into(),
        i64::from(datagram::port_of(port).filter(|port| *port > 0)?).into(),
    ]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::peer::neighbour::{peer, received};
    use super::*;

    #[test]
    fn the_message_holds_the_address_and_an_invalid_message_is_rejected() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&POSTBOX_PEER, &[]);
        rig.put("inbox", Message::list(["127.0.0.1".into(), port.into(), "posted".into()]));
        rig.put("inbox", "nonsense");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(received(&socket).0, b"posted");
        assert_eq!(rig.texts("rejected"), ["nonsense"]);
    }
}
