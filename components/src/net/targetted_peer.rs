//! TargettedPeer: sends datagrams to an address that can be changed while it runs.

use compose_runtime::dev::*;

use super::datagram;
use super::peer::{Local, RECEIVED, TO_SEND, Target, both};
use super::simple_peer::SIMPLE_PEER;
use crate::refuse::{REJECTED, reject};

/// The error for an invalid message on `target`.
const EXPECTED: &str = "expected a list of a host as text and a port from 1 to 65535, such as [\"127.0.0.1\", 1600]";

/// Description of TargettedPeer.
pub static TARGETTED_PEER: ComponentSpec = ComponentSpec {
    type_name: "TargettedPeer",
    category: Category::Network,
    summary: "Sends datagrams to an address that can be changed, and receives datagrams",
    docs: "Like SimplePeer, except that a list of host and port in `target` changes the address for later datagrams. \
           Any other message in `target` goes to `rejected`, and the reason is shown on the console.\n\n\
           Example: the sender of a received datagram as `target` for the reply.",
    inboxes: &[TO_SEND, BoxSpec::new("target", "A list of host and port").kinds(&[Kind::List])],
    outboxes: &[RECEIVED, REJECTED],
    sends_first: SendsFirst::Yes,
    build: build::<TargettedPeer>,
    ..SIMPLE_PEER
};

struct TargettedPeer {
    local: Local,
    target: Target,
}

impl Component for TargettedPeer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { local: Local::of(params), target: Target::of(params) })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let far = self.local.open(&io);
        let send = async {
            while let Some((inbox, message)) = io.recv_any(&["target", "inbox"]).await {
                if inbox == "target" {
                    match target(&message) {
                        Some(target) => self.target = target,
                        None => reject(&io, inbox, message, EXPECTED).await,
                    }
                } else {
                    far.send(self.target.addressed(message)?).await;
                }
            }
            Ok(())
        };
        both(&io, &far, send).await
    }
}

fn target(message: &Message) -> Option<Target> {
    let Message::List(parts) = message else { return None };
    let [host, port] = parts.as_slice() else { return None };
    let port = datagram::port_of(port).filter(|port| *port > 0)?;
    Some(Target { host: host.as_text()?.to_owned(), port: i64::from(port) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::peer::neighbour::{peer, received};
    use super::*;

    #[test]
    fn a_target_changes_the_address() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&TARGETTED_PEER, &[]);
        rig.put("target", Message::list(["127.0.0.1".into(), port.into()]));
        rig.put("inbox", "targetted");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(received(&socket).0, b"targetted");
    }

    #[test]
    fn an_invalid_target_is_rejected_with_what_is_expected() {
        let mut rig = Rig::new(&TARGETTED_PEER, &[]);
        let invalid = [Message::list(["h".into(), 0.into()]), Message::list(["h".into()]), 5.into()];
        for message in &invalid {
            rig.put("target", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(rig.take("rejected"), invalid);
        assert!(rig.console()[0].contains("expected a list of a host as text and a port"), "{:?}", rig.console());
    }

    #[test]
    fn without_an_address_the_error_names_the_settings() {
        let mut rig = Rig::new(&TARGETTED_PEER, &[]);
        rig.put("inbox", "lost");
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("set receiver_addr and receiver_port"));
    }
}
