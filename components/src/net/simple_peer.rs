//! SimplePeer: sends datagrams to one address and receives datagrams.

use compose_runtime::dev::*;

use super::peer::{LOCAL, Local, RECEIVED, REMOTE, TO_SEND, Target, both};

/// Description of SimplePeer.
pub static SIMPLE_PEER: ComponentSpec = ComponentSpec {
    type_name: "SimplePeer",
    category: Category::Network,
    summary: "Sends datagrams to one address and receives datagrams",
    docs: "One message is one datagram (UDP). Datagrams may be lost, duplicated or reordered. A received datagram \
           leaves as a list of bytes and sender. The component shows the port it listens on. If the port is already \
           in use, the component crashes and names the port. If a datagram cannot be sent, the error is shown on the \
           console. When its input ends, the component sends what is queued and finishes.\n\n\
           Example: Chargen into a SimplePeer with `receiver_port` = 1600, and another SimplePeer with `localport` = \
           1600 into SimpleDetupler into ConsoleEchoer.\n\n\
           Differs from the original: it listens only on this machine unless `localaddr` is changed, and it responds \
           to shutdown.",
    inboxes: &[TO_SEND],
    outboxes: &[RECEIVED],
    params: &[LOCAL[0], LOCAL[1], REMOTE[0], REMOTE[1]],
    has_surface: true,
    sends_first: SendsFirst::Yes,
    build: build::<SimplePeer>,
    ..ComponentSpec::EMPTY
};

struct SimplePeer {
    local: Local,
    target: Target,
}

impl Component for SimplePeer {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { local: Local::of(params), target: Target::of(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let far = self.local.open(&io);
        let send = async {
            while let Some(message) = io.recv("inbox").await {
                far.send(self.target.addressed(message)?).await;
            }
            Ok(())
        };
        both(&io, &far, send).await
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
    fn an_address_of_the_other_family_is_reported_with_the_remedy() {
        let mut rig = Rig::new(&SIMPLE_PEER, &[("receiver_addr", "::1".into()), ("receiver_port", 9.into())]);
        rig.put("inbox", "x");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        let console = rig.console().concat();
        assert!(
            console.contains("to [::1]:9: it is an IPv6 address") && console.contains("listen on ::1"),
            "{console}"
        );
    }

    #[test]
    fn a_simple_peer_sends_and_receives() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&SIMPLE_PEER, &[("receiver_port", port.into())]);
        rig.put("inbox", "one");
        rig.put("inbox", Message::bytes(b"\xff"));
        rig.run_until(|rig| rig.surface().is_some());
        assert_eq!(received(&socket).0, b"one");
        let (bytes, from) = received(&socket);
        assert_eq!(bytes, b"\xff");
        socket.send_to(b"answer", from).unwrap();
        rig.run_until(|rig| rig.waiting("outbox") == 1);
        let expected = Message::list([Message::bytes(b"answer"), Message::list(["127.0.0.1".into(), port.into()])]);
        assert_eq!(rig.take("outbox"), [expected]);
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }
}
