//! SimplePeer: sends datagrams to one address and receives any.

use compose_runtime::dev::*;

use super::peer::{LOCAL, Local, RECEIVED, REMOTE, TO_SEND, Target, both};

/// Description of SimplePeer.
pub static SIMPLE_PEER: ComponentSpec = ComponentSpec {
    type_name: "SimplePeer",
    category: Category::Network,
    summary: "Sends datagrams to one address and receives any",
    docs: "One message is one datagram (UDP): its borders are kept, and datagrams may be lost, doubled or change their \
           order. What arrives leaves as a list of bytes and sender. The port it listens on stands on it; a port that is \
           taken is a crash in words; a datagram that cannot be sent is said on the console. When its input has ended it \
           sends what is waiting and finishes.\n\n\
           Example: Chargen into a SimplePeer with `receiver_port` = 1600, and another SimplePeer with `localport` = 1600 \
           into SimpleDetupler into ConsoleEchoer.\n\n\
           Differs from the original: it listens on this machine only unless `localaddr` is changed, and obeys shutdown.",
    inboxes: &[TO_SEND],
    outboxes: &[RECEIVED],
    params: &[LOCAL[0], LOCAL[1], REMOTE[0], REMOTE[1]],
    has_surface: true,
    speaks_first: SpeaksFirst::Yes,
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

    use super::super::peer::neighbour::{heard, peer};
    use super::*;

    #[test]
    fn a_simple_peer_sends_and_hears() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&SIMPLE_PEER, &[("receiver_port", port.into())]);
        rig.put("inbox", "one");
        rig.put("inbox", Message::bytes(b"\xff"));
        rig.run_until(|rig| rig.surface().is_some());
        assert_eq!(heard(&socket).0, b"one");
        let (bytes, from) = heard(&socket);
        assert_eq!(bytes, b"\xff");
        socket.send_to(b"answer", from).unwrap();
        rig.run_until(|rig| rig.waiting("outbox") == 1);
        let expected = Message::list([Message::bytes(b"answer"), Message::list(["127.0.0.1".into(), port.into()])]);
        assert_eq!(rig.take("outbox"), [expected]);
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }
}
