//! TargettedPeer: sends datagrams to an address that can be changed while it runs.

use compose_runtime::dev::*;

use super::datagram;
use super::peer::{Local, TO_SEND, Target, both};
use super::simple_peer::SIMPLE_PEER;
use crate::refuse::wrong_value;

/// Description of TargettedPeer.
pub static TARGETTED_PEER: ComponentSpec = ComponentSpec {
    type_name: "TargettedPeer",
    category: Category::Network,
    summary: "Sends datagrams to an address that can be changed, and receives datagrams",
    docs: "Like SimplePeer, except that a list of host and port in `target` changes the address for later \
           datagrams.\n\n\
           Example: the sender of a received datagram as `target` for the reply.",
    inboxes: &[TO_SEND, BoxSpec::new("target", "A list of host and port").kinds(&[Kind::List])],
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
                    self.target =
                        target(&message).ok_or_else(|| wrong_value(inbox, "a list of host and port", &message))?;
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
    Some(Target { host: host.as_text()?.to_owned(), port: i64::from(datagram::port_of(port)?) })
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
    fn without_an_address_the_error_names_the_settings() {
        let mut rig = Rig::new(&TARGETTED_PEER, &[]);
        rig.put("inbox", "lost");
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("set receiver_addr and receiver_port"));
    }
}
