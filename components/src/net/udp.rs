//! SimplePeer, TargettedPeer, PostboxPeer, UDPSender and UDPReceiver: datagrams.

use compose_runtime::dev::*;
use futures_lite::future;

use super::datagram;
use crate::refuse::{REJECTED, reject, wrong_kind};

const LOCAL: [ParamSpec; 2] = [
    ParamSpec::text("localaddr", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines in"),
    ParamSpec::int("localport", 0, 65_535, 0, "Port to listen on; 0 chooses a free one and shows it"),
];
const REMOTE: [ParamSpec; 2] = [
    ParamSpec::text("receiver_addr", "127.0.0.1", "Where datagrams go"),
    ParamSpec::int("receiver_port", 0, 65_535, 0, "Port they go to"),
];
const PAYLOAD: &[Kind] = &[Kind::Bytes, Kind::Text];
const RECEIVED: BoxSpec =
    BoxSpec::new("outbox", "Lists of bytes and sender; a sender is a list of host and port").kinds(&[Kind::List]);

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
    inboxes: &[BoxSpec::new("inbox", "Datagrams to send").kinds(PAYLOAD)],
    outboxes: &[RECEIVED],
    params: &[LOCAL[0], LOCAL[1], REMOTE[0], REMOTE[1]],
    has_surface: true,
    build: build::<Peer<0>>,
    ..ComponentSpec::EMPTY
};

/// Description of TargettedPeer.
pub static TARGETTED_PEER: ComponentSpec = ComponentSpec {
    type_name: "TargettedPeer",
    category: Category::Network,
    summary: "Sends datagrams to an address that can be changed, and receives any",
    docs: "As SimplePeer; a list of host and port in `target` changes where the datagrams after it go.\n\n\
           Example: the sender's address out of one datagram as `target` for the answer.",
    inboxes: &[
        BoxSpec::new("inbox", "Datagrams to send").kinds(PAYLOAD),
        BoxSpec::new("target", "A list of host and port").kinds(&[Kind::List]),
    ],
    build: build::<Peer<1>>,
    ..SIMPLE_PEER
};

/// Description of PostboxPeer.
pub static POSTBOX_PEER: ComponentSpec = ComponentSpec {
    type_name: "PostboxPeer",
    category: Category::Network,
    summary: "Sends each datagram to the address it carries, and receives any",
    docs: "Each message is a list of host, port and bytes; one that is not is said on the console and goes to `rejected`. \
           Otherwise as SimplePeer.\n\nExample: a server of questions that answers each asker.\n\n\
           Differs from the original: what arrives is a list of bytes and sender, as from all other peers.",
    inboxes: &[BoxSpec::new("inbox", "Lists of host, port and bytes").kinds(&[Kind::List])],
    outboxes: &[RECEIVED, REJECTED],
    params: &[LOCAL[0], LOCAL[1]],
    build: build::<Peer<2>>,
    ..SIMPLE_PEER
};

/// Description of UDPSender.
pub static UDP_SENDER: ComponentSpec = ComponentSpec {
    type_name: "UDPSender",
    category: Category::Network,
    summary: "Sends datagrams to one address",
    docs: "The sending half of SimplePeer. When its input has ended it sends what is waiting and finishes.\n\n\
           Example: a clock into a UDPSender is a heart beat.",
    inboxes: &[BoxSpec::new("inbox", "Datagrams to send").kinds(PAYLOAD)],
    outboxes: &[],
    params: &[REMOTE[0], REMOTE[1]],
    build: build::<Peer<3>>,
    ..SIMPLE_PEER
};

/// Description of UDPReceiver.
pub static UDP_RECEIVER: ComponentSpec = ComponentSpec {
    type_name: "UDPReceiver",
    category: Category::Network,
    summary: "Receives datagrams",
    docs: "The receiving half of SimplePeer; it runs until it is told to end.\n\n\
           Example: UDPReceiver into SimpleDetupler into ConsoleEchoer.",
    inboxes: &[],
    outboxes: &[RECEIVED],
    params: &[LOCAL[0], LOCAL[1]],
    build: build::<Peer<4>>,
    ..SIMPLE_PEER
};

/// A peer; the number says which: 0 simple, 1 targetted, 2 postbox, 3 sender, 4 receiver.
struct Peer<const FORM: u8> {
    host: String,
    port: u16,
    target: (String, i64),
}

impl<const FORM: u8> Component for Peer<FORM> {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let host = params.text("localaddr");
        let host = if host.is_empty() { "0.0.0.0".to_owned() } else { host };
        let port = u16::try_from(params.int("localport")).unwrap_or_default();
        Ok(Self { host, port, target: (params.text("receiver_addr"), params.int("receiver_port")) })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        let (host, port) = (self.host.clone(), self.port);
        let far = io.outside(&format!("datagrams on {host}:{port}"), move |port_out| async move {
            datagram::carry(datagram::bind(&host, port).await?, port_out).await
        });
        let receive = async {
            while let Some(message) = far.recv().await? {
                match datagram::split(&message) {
                    Some((bytes, sender)) if FORM != 3 => io.send("outbox", Message::list([bytes, sender])).await,
                    Some(_) => {}
                    None => report(&io, &message),
                }
            }
            Ok(())
        };
        let send = async {
            match FORM {
                1 => {
                    while let Some((inbox, message)) = io.recv_any(&["target", "inbox"]).await {
                        if inbox == "target" {
                            self.target =
                                target(&message).ok_or_else(|| wrong_kind(inbox, "host and port", &message))?;
                        } else {
                            far.send(self.addressed(message)?).await;
                        }
                    }
                }
                2 => {
                    while let Some(message) = io.recv("inbox").await {
                        match posted(&message) {
                            Some(posted) => {
                                far.send(posted).await;
                            }
                            None => reject(&io, "inbox", message, "a list of host, port and bytes was expected").await,
                        }
                    }
                }
                4 => future::pending().await,
                _ => {
                    while let Some(message) = io.recv("inbox").await {
                        far.send(self.addressed(message)?).await;
                    }
                }
            }
            far.finish_sending();
            // The task ends when it has sent everything.
            future::pending().await
        };
        if FORM == 4 { receive.await } else { future::or(receive, send).await }
    }
}

impl<const FORM: u8> Peer<FORM> {
    /// A datagram for the present target.
    fn addressed(&self, message: Message) -> Result<Message, Fault> {
        if message.as_bytes().is_none() {
            return Err(wrong_kind("inbox", "bytes or text", &message));
        }
        if self.target.1 == 0 {
            return Err(Fault::new("there is nowhere to send to; set receiver_addr and receiver_port"));
        }
        Ok(Message::list([message, self.target.0.as_str().into(), self.target.1.into()]))
    }
}

/// The port, to be shown, or words, to be said.
pub(super) fn report(io: &BoxIo, message: &Message) {
    let words = message.to_string();
    if words.parse::<u16>().is_ok() {
        io.show(Surface::Text { lines: vec![format!("port {words}")] });
    } else {
        io.note(&words);
    }
}

fn target(message: &Message) -> Option<(String, i64)> {
    let Message::List(parts) = message else { return None };
    let [host, port] = parts.as_slice() else { return None };
    Some((host.as_text()?.to_owned(), i64::from(datagram::port_of(port)?)))
}

fn posted(message: &Message) -> Option<Message> {
    let Message::List(parts) = message else { return None };
    let [host, port, bytes] = parts.as_slice() else { return None };
    bytes.as_bytes()?;
    Some(Message::list([bytes.clone(), host.as_text()?.into(), i64::from(datagram::port_of(port)?).into()]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::UdpSocket;
    use std::time::Duration;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn peer() -> (UdpSocket, i64) {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let port = i64::from(socket.local_addr().unwrap().port());
        (socket, port)
    }

    fn heard(socket: &UdpSocket) -> (Vec<u8>, std::net::SocketAddr) {
        let mut buffer = [0; 100];
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        (buffer[..length].to_vec(), from)
    }

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

    #[test]
    fn the_address_can_be_changed_or_carried() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&TARGETTED_PEER, &[]);
        rig.put("target", Message::list(["127.0.0.1".into(), port.into()]));
        rig.put("inbox", "targetted");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(heard(&socket).0, b"targetted");
        let mut rig = Rig::new(&POSTBOX_PEER, &[]);
        rig.put("inbox", Message::list(["127.0.0.1".into(), port.into(), "posted".into()]));
        rig.put("inbox", "nonsense");
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        assert_eq!(heard(&socket).0, b"posted");
        assert_eq!(rig.texts("rejected"), ["nonsense"]);
    }

    #[test]
    fn a_taken_port_is_said_and_a_receiver_ends_when_told() {
        let (_socket, port) = peer();
        let mut rig = Rig::new(&UDP_RECEIVER, &[("localport", port.into())]);
        rig.run_until(|rig| rig.state().has_ended());
        assert!(format!("{:?}", rig.state()).contains("the port is in use"));
        let mut rig = Rig::new(&UDP_RECEIVER, &[]);
        rig.run_until(|rig| rig.surface().is_some());
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
    }

    #[test]
    fn a_burst_of_datagrams_does_not_block_and_what_arrives_is_whole() {
        let (socket, port) = peer();
        let mut rig = Rig::new(&UDP_SENDER, &[("receiver_port", port.into())]);
        for _ in 0..1000 {
            rig.put("inbox", Message::bytes([7; 10]));
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        // The system drops what does not fit into the socket's buffer; some always do.
        socket.set_nonblocking(true).unwrap();
        let mut buffer = [0; 100];
        let lengths: Vec<usize> = std::iter::from_fn(|| socket.recv(&mut buffer).ok()).collect();
        assert!(lengths.len() > 10 && lengths.iter().all(|length| *length == 10), "{lengths:?}");
    }
}
